// How many bytes all connections together hold.
#pragma once

#include <atomic>
#include <cstddef>

namespace lodestone::bindings {

// Thread-safe.
class Budget {
 public:
  std::size_t used() const { return used_.load(std::memory_order_relaxed); }

 private:
  friend class Share;
  std::atomic<std::size_t> used_ = 0;
};

// What one connection holds of a budget; gives it back when it goes. Not thread-safe; outlived by the budget.
class Share {
 public:
  explicit Share(Budget* budget) : budget_(budget) {}
  ~Share() { Set(0); }
  Share(const Share&) = delete;
  Share& operator=(const Share&) = delete;

  // Now holds `bytes`.
  void Set(std::size_t bytes) {
    // Unsigned arithmetic goes round: a smaller share subtracts.
    budget_->used_.fetch_add(bytes - bytes_, std::memory_order_relaxed);
    bytes_ = bytes;
  }

 private:
  Budget* const budget_;
  std::size_t bytes_ = 0;
};

}  // namespace lodestone::bindings
