// Ids of objects, as types. 0 is no id.
#pragma once

#include <cstdint>

namespace lodestone::record {

template <typename Tag>
struct Id {
  uint64_t value = 0;
  explicit operator bool() const { return value != 0; }
  auto operator<=>(const Id&) const = default;
};

using CatalogId = Id<struct CatalogTag>;
using DatabaseId = Id<struct DatabaseTag>;
using TableId = Id<struct TableTag>;
using FunctionId = Id<struct FunctionTag>;
// The partitions of a table as of its last truncation or replacement.
using SetId = Id<struct SetTag>;

}  // namespace lodestone::record
