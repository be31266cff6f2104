// Deletes folders behind the calls that removed them: a call is to take as long as its commit, not as long as there are
// files. What is removed is renamed into a hidden folder of its root, and a thread deletes it there.
#pragma once

#include <set>
#include <string>
#include <thread>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/synchronization/mutex.h"
#include "catalog/warehouse.h"
#include "catalog/warehouse/folder_path.h"

namespace lodestone::warehouse {

// Thread-safe.
class Deleter {
 public:
  // What an earlier process was stopped before deleting is deleted now. `left_behind` is told what can't be deleted,
  // once for each, from the thread.
  Deleter(const std::vector<std::string>& roots, LeftBehind left_behind);
  // Returns when all is deleted.
  ~Deleter();
  Deleter(const Deleter&) = delete;
  Deleter& operator=(const Deleter&) = delete;

  // Deletes what is called `name` in the opened folder, whatever it is, or has it deleted when that is work and it can
  // be renamed (it is not on another file system than the root). A link is deleted itself, and not what it leads to.
  // What is not there is no error, also when somebody else deletes the same. `root` is that of `place`, opened.
  absl::Status Delete(int folder, const std::string& name, int root, const Place& place);

 private:
  void Run();
  void DeleteAll(const std::string& root);
  void Wake(const std::string& root);

  const LeftBehind left_behind_;
  std::set<std::string> told_;  // of the thread

  absl::Mutex mutex_;
  std::set<std::string> waiting_ ABSL_GUARDED_BY(mutex_);  // roots
  bool ends_ ABSL_GUARDED_BY(mutex_) = false;
  std::thread thread_ ABSL_GUARDED_BY(mutex_);  // from the first that is taken on
};

}  // namespace lodestone::warehouse
