// Folders that are about to be removed: between the commit of a drop and the removal of its data, nobody may begin to
// use the place again, or the data of the new object would go along.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"

namespace lodestone {
class Warehouse;
}

namespace lodestone::warehouse {

// For local folders; looking one up costs its depth. The process has one: sessions of one store share a warehouse, and
// a store has one process that writes. Thread-safe.
class Removals {
 public:
  static Removals& Global();

  // Announced before the commit of what names them so far, and withdrawn when they are gone.
  void Announce(const Warehouse* warehouse, const std::vector<std::string>& locations);
  void Withdraw(const Warehouse* warehouse, const std::vector<std::string>& locations);
  // Whether something announced lies above, at or beneath the location.
  bool IsBusy(const Warehouse* warehouse, std::string_view location);
  // Until that is not so.
  void WaitFor(const Warehouse* warehouse, std::string_view location);

 private:
  static std::string KeyOf(std::string_view location);
  bool Overlaps(const Warehouse* warehouse, std::string_view location) const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  absl::Mutex mutex_;
  // How many calls announced each.
  std::map<std::pair<const Warehouse*, std::string>, int> announced_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace lodestone::warehouse
