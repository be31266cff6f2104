// Any text as the JSON of a table (`table create --file`): a clear failure, or a table that is checked as every other,
// and is written and read back the same.
#include <string>
#include <string_view>

#include "catalog/base/strings.h"
#include "catalog/model/validate.h"
#include "lodestone/model/v1/table.pb.h"
#include "tests/fuzz/check.h"
#include "tools/lodestone/json.h"

namespace {

using namespace lodestone;  // NOLINT

void CheckRules(model::v1::Table table) {
  table.set_database("db");
  table.set_name("t");
  model::Normalize(&table);
  for (const NameRules rules : {NameRules::kStrict, NameRules::kHive}) {
    const absl::Status status = model::CheckTable(table, rules);
    FUZZ_CHECK(status.ok() || status.code() == absl::StatusCode::kInvalidArgument);
    FUZZ_CHECK(base::FindInvalidUtf8(base::ToStd(status.message())) == std::string_view::npos);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  model::v1::Table table;
  if (const absl::Status status = cli::FromJson("input", text, &table); !status.ok()) {
    FUZZ_CHECK(status.code() == absl::StatusCode::kInvalidArgument);
    return 0;
  }
  for (const std::string& json : {cli::ToJson(table), cli::ToPrettyJson(table)}) {
    model::v1::Table again;
    FUZZ_CHECK(cli::FromJson("written", json, &again).ok());
    FUZZ_CHECK(cli::ToJson(again) == cli::ToJson(table));
  }
  CheckRules(std::move(table));
  return 0;
}
