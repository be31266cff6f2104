#include "bindings/http/dli/jobs.h"

#include <random>
#include <utility>

#include "bindings/common/crypto.h"

namespace lodestone::http::dli {
namespace {

// Random, in the form of a UUID of version 4.
std::string NewId() {
  std::random_device random;  // of the operating system
  std::string bytes;
  for (int i = 0; i < 4; ++i) {
    const uint32_t word = random();
    for (int shift = 0; shift < 32; shift += 8) bytes += static_cast<char>(word >> shift & 0xff);
  }
  bytes[6] = static_cast<char>((bytes[6] & 0x0f) | 0x40);
  bytes[8] = static_cast<char>((bytes[8] & 0x3f) | 0x80);
  std::string id = bindings::LowerHex(bytes);
  for (const std::size_t at : {8, 13, 18, 23}) id.insert(at, 1, '-');
  return id;
}

}  // namespace

std::string Jobs::Add(Job job) {
  job.id = NewId();
  std::string id = job.id;
  absl::MutexLock lock(&mutex_);
  if (order_.size() == limit_) {
    jobs_.erase(order_.front());
    order_.pop_front();
  }
  order_.push_back(id);
  jobs_.emplace(id, std::move(job));
  return id;
}

std::optional<Job> Jobs::Find(std::string_view project, std::string_view id) const {
  absl::MutexLock lock(&mutex_);
  const auto found = jobs_.find(id);
  if (found == jobs_.end() || found->second.project != project) return std::nullopt;
  return found->second;
}

}  // namespace lodestone::http::dli
