// What the command line and the configuration file of `lodestoned` say.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "bindings/common/log.h"
#include "bindings/http/limits.h"
#include "bindings/http/server.h"
#include "catalog/audit.h"
#include "catalog/options.h"

namespace lodestone::server {

// The Hive Metastore's protocol.
struct HiveOptions {
  bool serve = false;
  std::string address{};
  uint16_t port = 0;  // 0: any that is free
  // The most partitions that one request may ask for in full; -1: no limit.
  int64_t max_partitions = -1;
  std::vector<std::string> administrators{};  // users who become members of the role `admin`
  std::string trash{};                        // folder; empty: what is dropped is deleted
  int connections = 1'000;
  std::size_t message_bytes = std::size_t{100} << 20;
  int64_t idle_ms = int64_t{24} * 3'600 * 1'000;
};

struct Options {
  bool demo = false;
  std::string store;  // folder
  OpenOptions open{};
  // --- Who may come in ---
  bool authenticate = true;
  // --- Where ---
  bool serve_http = true;
  http::ServerOptions http{};
  HiveOptions hive{};
  std::vector<std::string> permitted_roots;
  // --- What it tells ---
  std::string audit;  // file; empty: no audit
  AuditFileOptions audit_file{};
  bindings::LogLevel log_level = bindings::LogLevel::kInfo;
};

struct Parsed {
  Options options;
  std::string text;  // not empty: print it and end, for --help and --version
};

// The command line, and the file that --config names; the command line has precedence. InvalidArgument (exit status 2):
// what can't be understood, or does not go together.
absl::StatusOr<Parsed> ParseOptions(int argc, const char* const* argv);

}  // namespace lodestone::server
