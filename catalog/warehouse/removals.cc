#include "catalog/warehouse/removals.h"

#include "catalog/base/local_path.h"
#include "catalog/base/strings.h"

namespace lodestone::warehouse {

Removals& Removals::Global() {
  static Removals* const global = new Removals;
  return *global;
}

// One way to write each folder, with a slash at the end: what lies in it begins with that. Empty: no local path.
std::string Removals::KeyOf(std::string_view location) {
  std::string key;
  for (const std::string& piece : base::LocalPathOf(location)) base::StrAppend(&key, "/", piece);
  return key.empty() ? key : key + "/";
}

void Removals::Announce(const Warehouse* warehouse, const std::vector<std::string>& locations) {
  absl::MutexLock lock(&mutex_);
  for (const std::string& location : locations) ++announced_[{warehouse, KeyOf(location)}];
}

void Removals::Withdraw(const Warehouse* warehouse, const std::vector<std::string>& locations) {
  absl::MutexLock lock(&mutex_);
  for (const std::string& location : locations) {
    const auto found = announced_.find({warehouse, KeyOf(location)});
    if (found != announced_.end() && --found->second == 0) announced_.erase(found);
  }
}

bool Removals::Overlaps(const Warehouse* warehouse, std::string_view location) const {
  if (announced_.empty()) return false;
  const std::string key = KeyOf(location);
  if (key.empty()) return false;
  // Those that are or hold it, and then the first that could lie in it.
  for (std::size_t end = key.find('/', 1); end != key.npos; end = key.find('/', end + 1)) {
    if (announced_.contains({warehouse, key.substr(0, end + 1)})) return true;
  }
  const auto next = announced_.lower_bound({warehouse, key});
  return next != announced_.end() && next->first.first == warehouse && next->first.second.starts_with(key);
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
