// One partition on its way into pages.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <utility>

namespace lodestone::partition {

using Parameter = std::pair<std::string_view, std::string_view>;

// Views: the caller keeps the bytes alive until the row was taken.
struct Row {
  std::string_view key;                      // encoded (model::EncodePartitionKey)
  std::span<const std::string_view> values;  // unescaped, NULL as kNullPartitionValue, never empty
  int64_t create_time = 0;                   // seconds
  int64_t last_access_time = 0;
  uint32_t descriptor = 0;                   // number of a shared descriptor of the table
  std::optional<std::string_view> location;  // nullopt: the descriptor's derived one
  std::span<const Parameter> parameters;     // sorted by name, each name once
};

}  // namespace lodestone::partition
