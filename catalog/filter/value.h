// Partition values under the type of their key: what comparisons, and the order of distinct values, go by.
#pragma once

#include <compare>
#include <optional>
#include <string_view>

#include "catalog/model/type.h"

namespace lodestone::filter {

// Orders two values of a key of this type: numbers by number, date and timestamp by time, the rest by bytes. NULL
// (kNullPartitionValue) comes first; then values that are none of their type, by bytes. Values that are equal under the
// type (`1` and `01`) are ordered by bytes.
std::strong_ordering CompareValues(const model::Type& type, std::string_view a, std::string_view b);

// Whether the text is a value of the type (a number for an int key, ...). Always for strings.
bool IsValueOf(const model::Type& type, std::string_view text);

}  // namespace lodestone::filter
