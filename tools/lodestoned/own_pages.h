// What the server answers by itself: /healthz, /readyz and /metrics.
#pragma once

#include <atomic>
#include <cstdint>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "bindings/common/metrics.h"
#include "bindings/http/handler.h"
#include "catalog/metastore.h"

namespace lodestone::server {

// Figures of the store, at most 10 seconds old: they cost time proportional to the number of tables. Thread-safe;
// outlived by the store.
class StoreFigures {
 public:
  explicit StoreFigures(const Metastore* metastore) : metastore_(metastore) {}

  std::vector<bindings::Gauge> Gauges();
  // Whether the store refuses writes, after an I/O error.
  bool read_only();

 private:
  void Refresh() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  const Metastore* const metastore_;
  absl::Mutex mutex_;
  int64_t time_ms_ ABSL_GUARDED_BY(mutex_) = 0;
  MetastoreStats stats_ ABSL_GUARDED_BY(mutex_);
};

// The process runs.
class HealthPage final : public http::Handler {
 public:
  http::Response Handle(const http::Request& request) override;
};

// The store answers and takes writes; 503 otherwise.
class ReadyPage final : public http::Handler {
 public:
  ReadyPage(Metastore* metastore, StoreFigures* figures) : metastore_(metastore), figures_(figures) {}
  http::Response Handle(const http::Request& request) override;

 private:
  Metastore* const metastore_;
  StoreFigures* const figures_;
};

class MetricsPage final : public http::Handler {
 public:
  // `hive` may be null.
  MetricsPage(const bindings::Metrics* metrics, const bindings::Metrics* hive) : metrics_(metrics), hive_(hive) {}
  http::Response Handle(const http::Request& request) override;

 private:
  const bindings::Metrics* const metrics_;
  const bindings::Metrics* const hive_;
};

}  // namespace lodestone::server
