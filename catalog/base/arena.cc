#include "catalog/base/arena.h"

#include <cstring>

namespace lodestone::base {
namespace {

constexpr std::size_t kBlockBytes = std::size_t{64} << 10;

}  // namespace

std::string_view Arena::Copy(std::string_view text) {
  if (text.size() > left_) {
    if (text.size() > kBlockBytes / 8) {
      large_.push_back(std::make_unique_for_overwrite<char[]>(text.size()));
      std::memcpy(large_.back().get(), text.data(), text.size());
      return std::string_view(large_.back().get(), text.size());
    }
    if (used_blocks_ == blocks_.size()) blocks_.push_back(std::make_unique_for_overwrite<char[]>(kBlockBytes));
    at_ = blocks_[used_blocks_++].get();
    left_ = kBlockBytes;
  }
  if (text.empty()) return "";
  std::memcpy(at_, text.data(), text.size());
  const std::string_view copy(at_, text.size());
  at_ += text.size();
  left_ -= text.size();
  return copy;
}

void Arena::Clear() {
  large_.clear();
  used_blocks_ = 0;
  at_ = nullptr;
  left_ = 0;
}

}  // namespace lodestone::base
