#include "catalog/warehouse/removals.h"

#include "catalog/base/local_path.h"

namespace lodestone::warehouse {

Removals& Removals::Global() {
  static Removals* const global = new Removals;
  return *global;
}

void Removals::Announce(const Warehouse* warehouse, const std::vector<std::string>& locations) {
  absl::MutexLock lock(&mutex_);
  for (const std::string& location : locations) ++announced_[{warehouse, location}];
}

void Removals::Withdraw(const Warehouse* warehouse, const std::vector<std::string>& locations) {
  absl::MutexLock lock(&mutex_);
  for (const std::string& location : locations) {
    const auto found = announced_.find({warehouse, location});
    if (found != announced_.end() && --found->second == 0) announced_.erase(found);
  }
}

bool Removals::Overlaps(const Warehouse* warehouse, std::string_view location) const {
  for (const auto& [key, count] : announced_) {
    if (key.first != warehouse) continue;
    if (base::PathWithin(key.second, location) || base::PathWithin(location, key.second)) return true;
  }
  return false;
}

bool Removals::IsBusy(const Warehouse* warehouse, std::string_view location) {
  absl::MutexLock lock(&mutex_);
  return Overlaps(warehouse, location);
}

void Removals::WaitFor(const Warehouse* warehouse, std::string_view location) {
  const auto free = [&]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) { return !Overlaps(warehouse, location); };
  absl::MutexLock lock(&mutex_);
  mutex_.Await(absl::Condition(&free));
}

}  // namespace lodestone::warehouse
