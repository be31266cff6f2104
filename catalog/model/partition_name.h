// Partition names as Hive writes them (`dt=2026-01-05/hour=13`), and the partition key that the store sorts by. Pure
// functions. Rules: Hive's FileUtils.escapePathName, see docs/semantics/names.md.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace lodestone::model {

// True for the bytes that names write as %XX: 0x00-0x1F, 0x7F and " # % ' * / : = ? \ { [ ] ^. Frozen: a new one would
// move existing partitions.
bool NeedsEscape(char c);
bool NeedsEscape(std::string_view text);

// Hive's escaping, upper-case hex. The empty text becomes __HIVE_DEFAULT_PARTITION__.
std::string EscapePathName(std::string_view text);
void AppendEscapedPathName(std::string_view text, std::string* out);
// The lenient inverse: `%` and two hex digits are one byte, anything else stays.
std::string UnescapePathName(std::string_view text);

// What the store sorts a table's partitions by: the escaped values joined by '/'. Its order is exactly the order of the
// names, since the key names between are the same in each.
std::string EncodePartitionKey(std::span<const std::string_view> values);
std::string EncodePartitionKey(std::span<const std::string> values);
// The unescaped values. DataLoss when the number of pieces is not `key_count`.
absl::StatusOr<std::vector<std::string>> DecodePartitionKey(std::string_view key, std::size_t key_count);

// `key=value/...`, both sides escaped, keys in lower case.
std::string MakePartitionName(std::span<const std::string> keys, std::span<const std::string> values);

// Key and value pairs of a name, unescaped, keys in lower case. InvalidArgument says which piece is no `key=value`.
absl::StatusOr<std::vector<std::pair<std::string, std::string>>> ParsePartitionName(std::string_view name);
// The values of a name that must have exactly these keys in this order.
absl::StatusOr<std::vector<std::string>> PartitionValuesFromName(std::string_view name,
                                                                 std::span<const std::string> keys);

}  // namespace lodestone::model
