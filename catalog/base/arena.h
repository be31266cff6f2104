// Memory for texts that live and go together.
#pragma once

#include <cstddef>
#include <memory>
#include <string_view>
#include <vector>

namespace lodestone::base {

// Texts copied to stay, given up all at once. Not thread-safe.
class Arena {
 public:
  // Valid until Clear, or as long as the object. Cost: the copy; memory comes in blocks of 64 KiB, which Clear keeps.
  std::string_view Copy(std::string_view text);
  void Clear();

 private:
  std::vector<std::unique_ptr<char[]>> blocks_;
  std::vector<std::unique_ptr<char[]>> large_;
  std::size_t used_blocks_ = 0;
  char* at_ = nullptr;
  std::size_t left_ = 0;
};

}  // namespace lodestone::base
