#include "catalog/bulk/derived_location.h"

#include <algorithm>

#include "catalog/model/partition_name.h"

namespace lodestone::bulk {

DerivedLocation::DerivedLocation(std::string_view base, const std::vector<std::string>& key_names) : base_(base) {
  if (!base_.empty() && !base_.ends_with('/')) base_ += '/';
  fixed_size_ = base_.size();
  for (const std::string& key : key_names) {
    prefixes_.push_back(model::EscapePathName(key) + "=");
    fixed_size_ += prefixes_.back().size();
  }
}

bool DerivedLocation::Is(std::string_view location, std::string_view key) const {
  // The slashes between the values are the key's own, so sizes nearly always tell.
  if (base_.empty() || location.size() != fixed_size_ + key.size() || !location.starts_with(base_)) return false;
  location.remove_prefix(base_.size());
  for (const std::string& prefix : prefixes_) {
    const std::size_t slash = key.find('/');
    const std::size_t piece = slash == std::string_view::npos ? key.size() : slash + 1;
    if (!location.starts_with(prefix) || location.substr(prefix.size(), piece) != key.substr(0, piece)) return false;
    location.remove_prefix(prefix.size() + piece);
    key.remove_prefix(piece);
  }
  return true;
}

std::string DerivedLocation::Of(std::string_view key) const { return base_.empty() ? "" : base_ + NameOf(key); }

std::string DerivedLocation::NameOf(std::string_view key) const {
  std::string name;
  for (std::size_t i = 0; i < prefixes_.size(); ++i) {
    const std::size_t end = std::min(key.find('/'), key.size());
    if (i > 0) name += '/';
    name += prefixes_[i];
    name += key.substr(0, end);
    key.remove_prefix(std::min(end + 1, key.size()));
  }
  return name;
}

}  // namespace lodestone::bulk
