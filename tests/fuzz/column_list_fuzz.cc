// Any text is a column list or a clear failure; what is one comes back when it is written out again.
#include <string>
#include <string_view>

#include "catalog/base/strings.h"
#include "tests/fuzz/check.h"
#include "tools/lodestone/column_list.h"

namespace {

// The columns as text again, in a form without doubt; empty where a name holds the backquote that would end it.
std::string Write(const std::vector<lodestone::model::v1::Column>& columns) {
  std::string out;
  for (const auto& column : columns) {
    if (column.name().find('`') != std::string::npos) return "";
    out += (out.empty() ? "`" : ", `") + column.name() + "` " + column.type();
    if (column.comment().empty()) continue;
    out += " comment '";
    for (const char c : column.comment()) out += c == '\'' || c == '\\' ? std::string("\\") + c : std::string(1, c);
    out += "'";
  }
  return out;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, std::size_t size) {
  using lodestone::cli::ParseColumnList;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  // Protobuf's text fields take UTF-8 alone, and so does the library.
  if (lodestone::base::FindInvalidUtf8(text) != std::string_view::npos) return 0;
  const auto columns = ParseColumnList("--columns", text);
  if (!columns.ok()) {
    FUZZ_CHECK(columns.status().code() == absl::StatusCode::kInvalidArgument);
    FUZZ_CHECK(lodestone::base::FindInvalidUtf8(lodestone::base::ToStd(columns.status().message())) ==
               std::string_view::npos);
    return 0;
  }
  for (const auto& column : *columns) FUZZ_CHECK(!column.type().empty());
  const std::string written = Write(*columns);
  if (written.empty()) return 0;
  const auto again = ParseColumnList("--columns", written);
  FUZZ_CHECK(again.ok());
  FUZZ_CHECK(Write(*again) == written);
  return 0;
}
