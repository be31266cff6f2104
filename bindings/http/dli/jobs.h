// What was asked for asynchronously. A drop costs the same whatever it drops, and a preview reads ten rows, so both
// are done when the answer with the job's id goes out; what remains is to remember how they ended.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "bindings/http/dli/body.h"
#include "catalog/base/strings.h"

namespace lodestone::http::dli {

struct Job {
  std::string id{};       // given by Add
  std::string project{};  // in lower case
  std::string owner{};
  std::string type{};  // `DDL`, `QUERY`
  std::string statement{};
  int64_t start_ms = 0;
  int64_t duration_ms = 0;
  // Of queries.
  std::string database{};
  std::string table{};
  int64_t input_bytes = 0;
  Json schema = Json::array();
  Json rows = Json::array();
};

// The jobs of this process, all of them finished. Thread-safe. Bounded: the oldest are forgotten.
class Jobs {
 public:
  explicit Jobs(std::size_t limit) : limit_(limit == 0 ? 1 : limit) {}
  // Gives the job an id that nobody can guess, and keeps it.
  std::string Add(Job job);
  std::optional<Job> Find(std::string_view project, std::string_view id) const;

 private:
  const std::size_t limit_;
  mutable absl::Mutex mutex_;
  base::StringMap<Job> jobs_ ABSL_GUARDED_BY(mutex_);
  std::deque<std::string> order_ ABSL_GUARDED_BY(mutex_);  // oldest first
};

}  // namespace lodestone::http::dli
