#include "tools/lodestoned/own_pages.h"

#include "catalog/base/clock.h"

namespace lodestone::server {
namespace {

constexpr int64_t kFreshMs = 10'000;

http::Response Say(int status, const char* call, const char* outcome, std::string body) {
  http::Response response;
  response.status = status;
  response.call = call;
  response.outcome = outcome;
  response.body = std::move(body);
  return response;
}

}  // namespace

void StoreFigures::Refresh() {
  const int64_t now = Clock::System()->NowMillis();
  if (time_ms_ != 0 && now - time_ms_ < kFreshMs) return;
  absl::StatusOr<MetastoreStats> stats = metastore_->Stats();
  if (!stats.ok()) return;  // the figures stay old, and lodestone_store_figures_age_seconds grows
  stats_ = *std::move(stats);
  time_ms_ = now;
}

std::vector<bindings::Gauge> StoreFigures::Gauges() {
  const absl::MutexLock lock(&mutex_);
  Refresh();
  const auto number = [](auto value) { return static_cast<double>(value); };
  return {
      {"lodestone_store_catalogs", "Catalogs.", number(stats_.catalogs)},
      {"lodestone_store_databases", "Databases.", number(stats_.databases)},
      {"lodestone_store_tables", "Tables and views.", number(stats_.tables)},
      {"lodestone_store_partitions", "Partitions.", number(stats_.partitions)},
      {"lodestone_store_functions", "Functions.", number(stats_.functions)},
      {"lodestone_store_events", "Events that are kept.", number(stats_.events)},
      {"lodestone_store_dropped_objects", "Dropped objects that can be brought back.", number(stats_.dropped_objects)},
      {"lodestone_store_version", "The last commit.", number(stats_.version)},
      {"lodestone_store_live_bytes", "Bytes of live data on disk.", number(stats_.live_bytes)},
      {"lodestone_store_memory_bytes", "Memory of the store.", number(stats_.memory_bytes)},
      {"lodestone_store_read_only", "1 after an I/O error, until the store is opened again.",
       stats_.read_only ? 1.0 : 0.0},
      {"lodestone_store_figures_age_seconds", "How old the figures of the store are.",
       number(Clock::System()->NowMillis() - time_ms_) / 1000},
  };
}

bool StoreFigures::read_only() {
  const absl::MutexLock lock(&mutex_);
  Refresh();
  return stats_.read_only;
}

http::Response HealthPage::Handle(const http::Request&) { return Say(200, "healthz", "ok", R"({"status":"ok"})"); }

http::Response ReadyPage::Handle(const http::Request&) {
  if (!metastore_->Local().GetCatalog(kDefaultCatalog).ok()) {
    return Say(503, "readyz", "unreadable", R"({"status":"the store can't be read"})");
  }
  if (figures_->read_only()) return Say(503, "readyz", "read_only", R"({"status":"the store takes no writes"})");
  return Say(200, "readyz", "ok", R"({"status":"ready"})");
}

http::Response MetricsPage::Handle(const http::Request&) {
  http::Response response =
      Say(200, "metrics", "ok", hive_ == nullptr ? metrics_->Expose() : metrics_->Expose({{hive_}}));
  response.content_type = "text/plain; version=0.0.4; charset=utf-8";
  return response;
}

}  // namespace lodestone::server
