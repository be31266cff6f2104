// The locations that partitions have of their own accord: beneath the table's, under their names.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace lodestone::bulk {

// Immutable and thread-safe.
class DerivedLocation {
 public:
  // `base` is a table's location; empty: nothing is derived. `key_names` in lower case.
  DerivedLocation(std::string_view base, const std::vector<std::string>& key_names);
  // Whether `location` is that of the partition with this encoded key. Builds nothing: asked once per row.
  bool Is(std::string_view location, std::string_view key) const;
  // Empty when nothing is derived.
  std::string Of(std::string_view key) const;
  // `key=value/...` of an encoded key.
  std::string NameOf(std::string_view key) const;

 private:
  std::string base_;                   // with the slash behind it
  std::vector<std::string> prefixes_;  // `key=`, escaped
  std::size_t fixed_size_ = 0;         // of a location, without the key's bytes
};

}  // namespace lodestone::bulk
