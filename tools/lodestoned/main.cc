// The server `lodestoned`: see `lodestoned --help` and docs/operations.md.
#include <malloc.h>
#include <sys/resource.h>

#include <csignal>
#include <cstdio>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "bindings/http/dla/handler.h"
#include "bindings/http/dli/handler.h"
#include "bindings/http/server.h"
#include "catalog/audit.h"
#include "catalog/base/status_macros.h"
#include "catalog/base/strings.h"
#include "catalog/catalog.h"
#include "google/protobuf/stubs/logging.h"
#include "tools/lodestone/exit_code.h"
#include "tools/lodestoned/demo.h"
#include "tools/lodestoned/hive.h"
#include "tools/lodestoned/options.h"
#include "tools/lodestoned/own_pages.h"

namespace lodestone::server {
namespace {

using bindings::LogLevel;

// How often what is beyond retention is ended, when nobody writes.
constexpr int kMaintainSeconds = 3'600;

// File descriptors that a store may need beside those of the connections.
constexpr rlim_t kFilesOfStore = 1'024;

// What answers requests; the server goes before it.
struct Pages {
  std::unique_ptr<http::Handler> dla;
  std::unique_ptr<http::Handler> dli;
  std::unique_ptr<http::Handler> health;
  std::unique_ptr<http::Handler> ready;
  std::unique_ptr<http::Handler> metrics;
  http::Router router;
};

void FillPages(const Options& options, Metastore* metastore, StoreFigures* figures, const bindings::Metrics* metrics,
               const bindings::Metrics* hive_metrics, Pages* pages) {
  pages->health = std::make_unique<HealthPage>();
  pages->ready = std::make_unique<ReadyPage>(metastore, figures);
  pages->metrics = std::make_unique<MetricsPage>(metrics, hive_metrics);
  constexpr const char* kGet = "GET, HEAD, OPTIONS";
  pages->router.Add(
      {.adapter = "server", .path = "/healthz", .allow = kGet, .handler = pages->health.get(), .own = true});
  pages->router.Add(
      {.adapter = "server", .path = "/readyz", .allow = kGet, .handler = pages->ready.get(), .own = true});
  pages->router.Add(
      {.adapter = "server", .path = "/metrics", .allow = kGet, .handler = pages->metrics.get(), .own = true});
  pages->dli = http::NewDliHandler(*metastore,
                                   {.authenticate = options.authenticate, .permitted_roots = options.permitted_roots});
  pages->router.Add({.adapter = "dli",
                     .path = "/v1.0",
                     .beneath = true,
                     .allow = "GET, POST, PUT, DELETE, OPTIONS",
                     .handler = pages->dli.get()});
  pages->dla = http::NewDlaHandler(*metastore, {.authenticate = options.authenticate});
  pages->router.Add({.adapter = "dla", .path = "/", .allow = "GET, POST, OPTIONS", .handler = pages->dla.get()});
}

// As many file descriptors as the system lets us have: connections and the store's files need them. How many that is.
rlim_t RaiseFileLimit() {
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return 0;
  const rlim_t before = limit.rlim_cur;
  limit.rlim_cur = limit.rlim_max;
  return setrlimit(RLIMIT_NOFILE, &limit) == 0 ? limit.rlim_cur : before;
}

// The signals that the server reacts to. Blocked in every thread, so that only Next() gets them.
class Signals {
 public:
  Signals() {
    std::signal(SIGPIPE, SIG_IGN);
    sigemptyset(&set_);
    for (const int one : {SIGTERM, SIGINT, SIGHUP}) sigaddset(&set_, one);
    pthread_sigmask(SIG_BLOCK, &set_, nullptr);
  }
  // Waits for one; 0 when none came in time.
  int Next(int timeout_s) const {
    const timespec timeout = {.tv_sec = timeout_s, .tv_nsec = 0};
    const int number = sigtimedwait(&set_, nullptr, &timeout);
    return number < 0 ? 0 : number;
  }
  // From now on each of them ends the process at once.
  void Release() const { pthread_sigmask(SIG_UNBLOCK, &set_, nullptr); }

 private:
  sigset_t set_;
};

// What listens; either may be missing.
struct Servers {
  std::unique_ptr<http::Server> http;
  std::unique_ptr<HiveSide> hive;

  absl::Status ReloadTls() const {
    if (http) RETURN_IF_ERROR(http->ReloadTls());
    return hive ? hive->ReloadTls() : absl::OkStatus();
  }
  // Both at once: each has its whole time.
  bool Stop() const {
    bool hive_finished = true;
    std::thread other([&] { hive_finished = !hive || hive->Stop(); });
    const bool finished = !http || http->Stop();
    other.join();
    return finished && hive_finished;
  }
};

void Reload(int argc, const char* const* argv, const Servers& servers, bindings::Log* log) {
  const absl::StatusOr<Parsed> fresh = ParseOptions(argc, argv);
  if (!fresh.ok()) {
    log->Event(LogLevel::kError, "configuration not taken over", {{"what", base::ToStd(fresh.status().message())}});
    return;
  }
  if (servers.http) servers.http->SetLimits(fresh->options.http.limits);
  log->SetLevel(fresh->options.log_level);
  if (const absl::Status status = servers.ReloadTls(); !status.ok()) {
    log->Event(LogLevel::kError, "TLS files not taken over", {{"what", base::ToStd(status.message())}});
    return;
  }
  log->Event(LogLevel::kInfo, "configuration reloaded");
}

void CheckFileLimit(const Options& options, bindings::Log* log) {
  const rlim_t files = RaiseFileLimit();
  rlim_t wanted = kFilesOfStore;
  if (options.serve_http) wanted += static_cast<rlim_t>(options.http.limits.connections);
  if (options.hive.serve) wanted += static_cast<rlim_t>(options.hive.connections);
  if (files >= wanted) return;
  log->Event(LogLevel::kWarning, "few file descriptors for so many connections and the store",
             {{"file_descriptors", std::to_string(files)}});
}

void Announce(const std::string& url, bindings::Log* log) {
  log->Event(LogLevel::kInfo, "listening", {{"url", url}});
  std::printf("listening on %s\n", url.c_str());
}

// Looks after the store and the configuration until a signal ends the process.
void WaitForTheEnd(int argc, const char* const* argv, const Signals& signals, const Servers& servers,
                   Metastore* metastore, bindings::Log* log) {
  int number = 0;
  while (number != SIGTERM && number != SIGINT) {
    number = signals.Next(kMaintainSeconds);
    if (number == SIGHUP) Reload(argc, argv, servers, log);
    if (number == 0) {
      const absl::Status status = metastore->Maintain();
      if (!status.ok()) log->Event(LogLevel::kError, "maintenance", {{"what", base::ToStd(status.message())}});
    }
  }
}

// Serves until a signal ends it.
absl::Status Serve(int argc, const char* const* argv, const Options& options, const Signals& signals,
                   const std::vector<DemoUser>& demo_users, Metastore* metastore) {
  bindings::Log log(options.log_level);
  StoreFigures figures(metastore);
  bindings::Metrics metrics([&figures] { return figures.Gauges(); });
  bindings::Metrics hive_metrics(nullptr, "hive");
  Pages pages;
  Servers servers;
  std::string url;
  if (options.serve_http) {
    FillPages(options, metastore, &figures, &metrics, options.hive.serve ? &hive_metrics : nullptr, &pages);
    ASSIGN_OR_RETURN(servers.http, http::Server::Start(options.http, &pages.router, &metrics, &log));
    url = base::StrCat(options.http.tls.certificate.empty() ? "http://" : "https://", servers.http->address());
  }
  if (options.hive.serve) {
    ASSIGN_OR_RETURN(servers.hive, StartHive(options, metastore, &hive_metrics, &log));
  }
  CheckFileLimit(options, &log);
  if (!demo_users.empty() && servers.http) std::fputs(DemoText(demo_users, url).c_str(), stdout);
  if (servers.http) Announce(url, &log);
  if (servers.hive) Announce(base::StrCat("thrift://", servers.hive->address()), &log);
  std::fflush(stdout);
  WaitForTheEnd(argc, argv, signals, servers, metastore, &log);
  signals.Release();
  log.Event(LogLevel::kInfo, "stopping");
  const bool finished = servers.Stop();
  log.Event(finished ? LogLevel::kInfo : LogLevel::kWarning, "stopped",
            {{"requests", finished ? "all were answered" : "some were broken off"}});
  return absl::OkStatus();
}

// Nobody could come in; and a server that lets everybody in has to be asked for.
absl::Status CheckAccounts(const Metastore& metastore, const Options& options) {
  if (!options.authenticate) return absl::OkStatus();
  ASSIGN_OR_RETURN(const bool any, metastore.HasAccounts());
  if (any) return absl::OkStatus();
  return absl::FailedPreconditionError(
      base::StrCat("the store has no accounts, so that nobody could come in. Make one:\n  lodestone --store ",
                   options.store, " account create NAME --admin\n  lodestone --store ", options.store,
                   " key create NAME\nor serve everybody on this machine, unchecked: --insecure-no-auth"));
}

absl::Status Run(int argc, const char* const* argv) {
  ASSIGN_OR_RETURN(Parsed parsed, ParseOptions(argc, argv));
  if (!parsed.text.empty()) {
    std::fputs(parsed.text.c_str(), stdout);
    return absl::OkStatus();
  }
  const Signals signals;
  Options& options = parsed.options;
  std::unique_ptr<DemoFolder> demo_folder;  // these outlive the store
  std::unique_ptr<AuditSink> audit;
  if (options.demo) {
    ASSIGN_OR_RETURN(demo_folder, DemoFolder::Make());
    options.store = demo_folder->store();
  }
  if (!options.audit.empty()) {
    ASSIGN_OR_RETURN(audit, OpenAuditFile(options.audit, options.audit_file));
    options.open.audit = audit.get();
  }
  // A store is not made in passing: without accounts it would be of no use.
  options.open.create_if_missing = options.demo || !options.authenticate;
  ASSIGN_OR_RETURN(const auto metastore, Metastore::Open(options.store, options.open));
  std::vector<DemoUser> users;
  if (options.demo) {
    ASSIGN_OR_RETURN(users, FillDemo(metastore.get(), *demo_folder));
  }
  RETURN_IF_ERROR(CheckAccounts(*metastore, options));
  return Serve(argc, argv, options, signals, users, metastore.get());
}

}  // namespace
}  // namespace lodestone::server

int main(int argc, char** argv) {
  // Large requests and answers get memory of their own, which the system has back when they are done. (By itself the
  // allocator would come to keep it, spread over its arenas: more than the limits say.)
  mallopt(M_MMAP_THRESHOLD, 1 << 20);
  google::protobuf::SetLogHandler(nullptr);
  const absl::Status status = lodestone::server::Run(argc, argv);
  if (!status.ok()) {
    const std::string message(status.message());
    std::fprintf(stderr, "lodestoned: %s\n", message.c_str());
  }
  return lodestone::cli::ExitCodeOf(status);
}
