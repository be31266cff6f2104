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

struct Options {
  bool demo = false;
  std::string store;  // folder
  OpenOptions open{};
  // --- Who may come in ---
  bool authenticate = true;
  // --- Where ---
  http::ServerOptions http{};
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
