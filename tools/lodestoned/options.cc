#include "tools/lodestoned/options.h"

#include <CLI/CLI.hpp>
#include <boost/asio/ip/address.hpp>
#include <filesystem>
#include <map>
#include <sstream>

#include "absl/strings/numbers.h"
#include "catalog/base/status_macros.h"
#include "catalog/base/strings.h"
#include "tools/lodestone/exit_code.h"

namespace lodestone::server {
namespace {

using cli::UsageError;

constexpr const char* kDefaultHttp = "127.0.0.1:8421";

constexpr const char* kDescription =
    "lodestoned: a metadata catalog behind the HTTP APIs of the DLA (/) and the DLI (/v1.0/), and the protocol of the "
    "Hive Metastore.\n"
    "Serves the store in a folder until SIGTERM or SIGINT; SIGHUP reads the configuration file and the TLS files "
    "again.";
constexpr const char* kFooter =
    "Sizes take kb, mb, gb (of 1,024); times ms, s, m, h.\n"
    "The configuration file has the options' long names: http = \"0.0.0.0:8443\"; SIGHUP takes over its limits and log "
    "level.\n"
    "Hive: --store DIR --hive 127.0.0.1:9083 --warehouse file:/srv/warehouse; default is the database at the "
    "warehouse.\n"
    "Accounts: lodestone --store DIR account create NAME [--admin]; key create NAME; token create NAME.\n"
    "Exit status:\n";

// What the parser fills, and options are made of.
struct Raw {
  Options options;
  std::string http = kDefaultHttp;
  std::string hive;
  bool insecure = false;
  bool version = false;
  std::string sync = "full";
  std::string log_level = "info";
};

CLI::AsNumberWithUnit Duration() {
  static const std::map<std::string, int64_t> kUnits = {{"ms", 1}, {"s", 1'000}, {"m", 60'000}, {"h", 3'600'000}};
  constexpr int kOptions = CLI::AsNumberWithUnit::CASE_SENSITIVE | CLI::AsNumberWithUnit::UNIT_REQUIRED;
  return CLI::AsNumberWithUnit(kUnits, static_cast<CLI::AsNumberWithUnit::Options>(kOptions), "TIME");
}

template <typename T>
void AddTime(CLI::App& app, const char* name, T& value, const char* description) {
  app.add_option(name, value, description)
      ->transform(Duration())
      ->type_name("TIME")
      ->default_str(base::StrCat(value / 1'000, "s"));
}

void AddSize(CLI::App& app, const char* name, std::size_t& value, const char* description) {
  const std::string shown = value % (1 << 20) == 0 ? base::StrCat(value >> 20, "mb") : base::StrCat(value >> 10, "kb");
  app.add_option(name, value, description)->transform(CLI::AsSizeValue(false))->type_name("SIZE")->default_str(shown);
}

template <typename T>
void AddCount(CLI::App& app, const char* name, T& value, int least, const char* description) {
  app.add_option(name, value, description)->check(CLI::Range(least, 1'000'000))->type_name("N")->capture_default_str();
}

void AddStore(CLI::App& app, Raw& raw) {
  Options& options = raw.options;
  app.add_option("--store", options.store, "The store's folder")->type_name("DIR");
  app.add_flag("--demo", options.demo,
               "A fresh store with an example, gone at the end; prints accounts, and requests to try");
  app.add_option("--warehouse", options.open.warehouse, "Root of the locations of databases that name none")
      ->type_name("URI");
  app.add_option("--sync", raw.sync,
                 "full: what was acknowledged survives a power cut; relaxed: the end of the process")
      ->check(CLI::IsMember({"full", "relaxed"}))
      ->type_name("full|relaxed")
      ->capture_default_str();
  AddSize(app, "--block-cache", options.open.block_cache_bytes, "Memory for blocks of the store");
  app.add_option("--permitted-root", options.permitted_roots,
                 "A folder whose files table previews may read, and where --hive makes and removes folders beside the "
                 "warehouse; can be given several times. Default: none")
      ->type_name("DIR")
      ->allow_extra_args(false);
}

void AddSecurity(CLI::App& app, Raw& raw) {
  Options& options = raw.options;
  app.add_option("--http", raw.http, "Where to serve HTTP; port 0: any that is free. Not with --hive alone")
      ->type_name("ADDR:PORT")
      ->capture_default_str();
  app.add_option("--hive", raw.hive, "Where to serve the Hive Metastore's protocol. Default: not at all")
      ->type_name("ADDR:PORT");
  app.add_option("--tls-cert", options.http.tls.certificate, "Certificate chain, PEM")->type_name("FILE");
  app.add_option("--tls-key", options.http.tls.key, "The certificate's key, PEM")->type_name("FILE");
  app.add_option("--key-file", options.open.key_file,
                 "With which the secrets of access keys are encrypted. Default: account_key in the store's folder")
      ->type_name("FILE");
  app.add_flag("--insecure-no-auth", raw.insecure,
               "Believe every caller's name and check nothing. On a loopback address only");
}

void AddHive(CLI::App& app, Raw& raw) {
  HiveOptions& hive = raw.options.hive;
  app.add_option("--trash", hive.trash, "Where folders of what is dropped go. Default: they are deleted")
      ->type_name("DIR");
  app.add_option("--hive-max-partitions", hive.max_partitions,
                 "The most partitions that one request gets in full; -1: no limit")
      ->check(CLI::Range(int64_t{-1}, int64_t{1'000'000'000}))
      ->type_name("N")
      ->capture_default_str();
  app.add_option("--hive-admin", hive.administrators,
                 "A user who becomes a member of the role admin; can be given several times")
      ->type_name("USER")
      ->allow_extra_args(false);
  AddCount(app, "--hive-max-connections", hive.connections, 1, "Connections; each has a thread");
  AddSize(app, "--hive-max-message", hive.message_bytes, "Largest message");
  AddTime(app, "--hive-idle-timeout", hive.idle_ms, "Between two messages of a connection");
}

void AddTelling(CLI::App& app, Raw& raw) {
  Options& options = raw.options;
  app.add_option("--log-level", raw.log_level, "Lines on standard error: debug, info, warning, error or off")
      ->type_name("LEVEL")
      ->capture_default_str();
  app.add_option("--audit", options.audit, "Where each decision and change leaves a line of JSON. Default: nowhere")
      ->type_name("FILE");
  app.add_option("--audit-max-size", options.audit_file.max_bytes, "A larger audit file is renamed to FILE.1, ...")
      ->transform(CLI::AsSizeValue(false))
      ->type_name("SIZE")
      ->default_str("64mb");
  AddCount(app, "--audit-keep", options.audit_file.keep, 1, "How many of those are kept");
}

void AddLimits(CLI::App& app, Raw& raw) {
  http::Limits& limits = raw.options.http.limits;
  AddSize(app, "--max-request-line", limits.request_line_bytes, "Longest request line: method and URL");
  AddSize(app, "--max-header", limits.header_bytes, "Largest header");
  AddSize(app, "--max-body", limits.body_bytes, "Largest body");
  AddSize(app, "--max-buffered", limits.buffered_bytes, "Memory for requests and answers, over all connections");
  AddCount(app, "--max-connections", limits.connections, 1, "Connections");
  AddCount(app, "--max-connections-per-peer", limits.connections_per_peer, 1, "Connections from one address");
  AddCount(app, "--max-in-flight", limits.requests_in_flight, 1, "Requests that wait for a worker or run");
  app.add_option("--rate", limits.requests_per_second, "Requests per second of one caller; 0: no limit")
      ->check(CLI::NonNegativeNumber)
      ->type_name("N")
      ->capture_default_str();
  app.add_option("--burst", limits.burst, "How many may come at once")
      ->check(CLI::NonNegativeNumber)
      ->type_name("N")
      ->capture_default_str();
  AddTime(app, "--request-timeout", limits.request_ms, "From the first byte of a request to its last");
  AddTime(app, "--idle-timeout", limits.idle_ms, "Between two requests of a connection");
  AddTime(app, "--write-timeout", limits.write_ms, "For a client to take 256 kb of an answer");
  AddTime(app, "--handshake-timeout", limits.handshake_ms, "For TLS to be set up");
  AddTime(app, "--stop-timeout", raw.options.http.stop_ms, "For requests to end after SIGTERM");
  AddCount(app, "--workers", raw.options.http.workers, 1, "Threads that run requests");
  AddCount(app, "--io-threads", raw.options.http.io_threads, 1, "Threads that read and write connections");
}

// The part of the help that an option stands in: those that were added since `first`.
void SetGroup(CLI::App& app, std::size_t first, const char* group) {
  const std::vector<CLI::Option*> options = app.get_options();
  for (std::size_t i = first; i < options.size(); ++i) options[i]->group(group);
}

void Build(CLI::App& app, Raw& raw) {
  app.name("lodestoned");
  app.footer(base::StrCat(kFooter, cli::kExitCodeHelp));
  app.set_help_flag("-h,--help", "This text");
  app.add_flag("--version", raw.version, "The version");
  app.set_config("--config", "", "Options in a file, TOML or INI")->type_name("FILE");
  app.allow_config_extras(CLI::config_extras_mode::error);
  SetGroup(app, 0, "General");
  std::size_t first = app.get_options().size();
  AddStore(app, raw);
  SetGroup(app, first, "Store");
  first = app.get_options().size();
  AddSecurity(app, raw);
  SetGroup(app, first, "Who may come in");
  first = app.get_options().size();
  AddHive(app, raw);
  SetGroup(app, first, "Hive");
  first = app.get_options().size();
  AddTelling(app, raw);
  SetGroup(app, first, "Log and audit");
  first = app.get_options().size();
  AddLimits(app, raw);
  SetGroup(app, first, "Limits");
}

absl::Status ReadAddress(const char* option, const std::string& text, const char* example, std::string* address,
                         uint16_t* port) {
  const std::size_t colon = text.rfind(':');
  std::string host = text.substr(0, std::min(colon, text.size()));
  if (host.starts_with('[') && host.ends_with(']')) host = host.substr(1, host.size() - 2);
  if (host == "localhost") host = "127.0.0.1";
  int number = -1;
  boost::system::error_code ec;
  boost::asio::ip::make_address(host, ec);
  if (colon == std::string::npos || ec || !absl::SimpleAtoi(text.substr(colon + 1), &number) || number < 0 ||
      number > 65'535) {
    return UsageError(base::StrCat(option, ": expected an IP address and a port (127.0.0.1:", example,
                                   ", [::1]:", example, "), found `", text, "`"));
  }
  *address = host;
  *port = static_cast<uint16_t>(number);
  return absl::OkStatus();
}

bool IsLoopback(const std::string& address) { return boost::asio::ip::make_address(address).is_loopback(); }

// What belongs to --hive.
absl::Status FinishHive(Raw& raw) {
  HiveOptions& hive = raw.options.hive;
  hive.serve = !raw.hive.empty();
  if (!hive.serve) {
    if (!hive.trash.empty() || !hive.administrators.empty()) return UsageError("--trash and --hive-admin need --hive");
    return absl::OkStatus();
  }
  RETURN_IF_ERROR(ReadAddress("--hive", raw.hive, "9083", &hive.address, &hive.port));
  if (raw.insecure && !IsLoopback(hive.address)) {
    return UsageError("--insecure-no-auth: --hive only on a loopback address");
  }
  if (!hive.trash.empty() && !std::filesystem::path(hive.trash).is_absolute()) {
    return UsageError(base::StrCat("--trash: expected an absolute path, found `", hive.trash, "`"));
  }
  return absl::OkStatus();
}

// What the parser can't check by itself.
absl::Status Finish(Raw& raw) {
  Options& options = raw.options;
  RETURN_IF_ERROR(ReadAddress("--http", raw.http, "8421", &options.http.address, &options.http.port));
  RETURN_IF_ERROR(FinishHive(raw));
  options.authenticate = !raw.insecure;
  options.open.sync = raw.sync == "full" ? SyncMode::kSync : SyncMode::kRelaxed;
  const std::optional<bindings::LogLevel> level = bindings::ParseLogLevel(raw.log_level);
  if (!level) return UsageError(base::StrCat("--log-level: no level `", raw.log_level, "`"));
  options.log_level = *level;
  if (options.demo != options.store.empty()) return UsageError("give either --store or --demo");
  if (options.http.tls.certificate.empty() != options.http.tls.key.empty()) {
    return UsageError("--tls-cert and --tls-key go together");
  }
  if (raw.insecure && options.serve_http && !IsLoopback(options.http.address)) {
    return UsageError("--insecure-no-auth: only on a loopback address");
  }
  for (const std::string& root : options.permitted_roots) {
    if (!std::filesystem::path(root).is_absolute()) {
      return UsageError(base::StrCat("--permitted-root: expected an absolute path, found `", root, "`"));
    }
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<Parsed> ParseOptions(int argc, const char* const* argv) {
  Raw raw;
  CLI::App app(kDescription);
  Build(app, raw);
  try {
    app.parse(argc, argv);
  } catch (const CLI::CallForHelp&) {
    return Parsed{.options = {}, .text = app.help()};
  } catch (const CLI::Error& error) {
    return UsageError(error.what());
  }
  // HTTP is what is served when nothing is said.
  raw.options.serve_http = raw.hive.empty() || app.get_option("--http")->count() > 0;
  if (raw.version) return Parsed{.options = {}, .text = "lodestoned " LODESTONE_VERSION "\n"};
  RETURN_IF_ERROR(Finish(raw));
  return Parsed{.options = std::move(raw.options), .text = {}};
}

}  // namespace lodestone::server
