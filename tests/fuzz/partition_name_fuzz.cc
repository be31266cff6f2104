// Any text is a partition name or a clear failure; names, keys and values lead to each other, in the same order. Input:
// a name, also read as two lists of values separated by 0x01, the lists by 0x02.
#include <string>
#include <string_view>
#include <vector>

#include "catalog/base/strings.h"
#include "catalog/model/partition_name.h"
#include "catalog/names.h"
#include "tests/fuzz/check.h"

namespace {

using namespace lodestone;
using namespace lodestone::model;

int Sign(int n) { return (n > 0) - (n < 0); }

std::vector<std::string> Values(std::string_view text) {
  std::vector<std::string> values;
  for (const std::string_view piece : base::Split(text, '\x01')) values.emplace_back(piece);
  return values;
}

void CheckName(std::string_view text) {
  const auto pairs = ParsePartitionName(text);
  if (!pairs.ok()) {
    FUZZ_CHECK(pairs.status().code() == absl::StatusCode::kInvalidArgument);
    return;
  }
  std::vector<std::string> keys;
  std::vector<std::string> values;
  for (const auto& [key, value] : *pairs) {
    keys.push_back(key);
    values.push_back(value);
  }
  // The normal form names the same values, and does not change any more.
  const std::string normal = MakePartitionName(keys, values);
  const auto again = PartitionValuesFromName(normal, keys);
  FUZZ_CHECK(again.ok());
  FUZZ_CHECK(*again == values);
  FUZZ_CHECK(MakePartitionName(keys, *again) == normal);
}

void CheckValues(const std::vector<std::string>& a, const std::vector<std::string>& b) {
  const std::string key_a = EncodePartitionKey(a);
  const auto decoded = DecodePartitionKey(key_a, a.size());
  FUZZ_CHECK(decoded.ok());
  FUZZ_CHECK(decoded->size() == a.size());
  for (std::size_t i = 0; i < a.size(); ++i) {
    FUZZ_CHECK((*decoded)[i] == (a[i].empty() ? kNullPartitionValue : std::string_view(a[i])));
  }
  FUZZ_CHECK(!DecodePartitionKey(key_a, a.size() + 1).ok());
  if (a.size() != b.size()) return;
  std::vector<std::string> keys;
  for (std::size_t i = 0; i < a.size(); ++i) keys.push_back("k" + std::to_string(i));
  FUZZ_CHECK(Sign(key_a.compare(EncodePartitionKey(b))) ==
             Sign(MakePartitionName(keys, a).compare(MakePartitionName(keys, b))));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  CheckName(text);
  const std::string escaped = EscapePathName(text);
  FUZZ_CHECK(UnescapePathName(escaped) == (text.empty() ? kNullPartitionValue : text));
  FUZZ_CHECK(NeedsEscape(text) == (!text.empty() && escaped != text));
  const std::size_t half = text.find('\x02');
  const std::vector<std::string> a = Values(text.substr(0, half));
  CheckValues(a, half == std::string_view::npos ? a : Values(text.substr(half + 1)));
  return 0;
}
