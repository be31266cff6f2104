// What the server tells about itself, settings, who the client is, and delegation tokens.
#include <algorithm>
#include <array>

#include "bindings/hive/calls.h"
#include "bindings/hive/connection.h"
#include "bindings/hive/idl/hive_metastore_types.h"
#include "catalog/base/strings.h"

namespace lodestone::hive {
namespace {

using base::StrCat;

// The version whose behaviour clients find here; some read it.
constexpr std::string_view kVersion = "3.1.3";

// ---- fb303 ----
absl::StatusOr<std::string> GetName(Connection&) { return std::string("metastore"); }
absl::StatusOr<std::string> GetVersion(Connection&) { return std::string(kVersion); }
absl::StatusOr<int64_t> AliveSince(Connection& connection) { return connection.service().start_seconds(); }
absl::StatusOr<thrift::fb_status::type> GetStatus(Connection&) { return thrift::fb_status::ALIVE; }
absl::StatusOr<std::string> GetStatusDetails(Connection&) { return std::string(); }
absl::StatusOr<std::map<std::string, int64_t>> GetCounters(Connection&) { return std::map<std::string, int64_t>(); }
absl::StatusOr<int64_t> GetCounter(Connection&, const std::string&) { return int64_t{0}; }
absl::Status SetOption(Connection&, const std::string&, const std::string&) { return absl::OkStatus(); }
absl::StatusOr<std::string> GetOption(Connection&, const std::string&) { return std::string(); }
absl::StatusOr<std::map<std::string, std::string>> GetOptions(Connection&) {
  return std::map<std::string, std::string>();
}
absl::StatusOr<std::string> GetCpuProfile(Connection&, int32_t) { return std::string(); }
// Clients send `shutdown` when they close a connection, also in the midst of their work: nothing stops.
absl::Status Ignore(Connection&) { return absl::OkStatus(); }

// ---- Who the client is ----
absl::StatusOr<std::vector<std::string>> SetUgi(Connection& connection, const std::string& user,
                                                const std::vector<std::string>& groups) {
  connection.Claim(user, groups);
  // The groups, and behind them the user: what the client gave, also where it is not believed.
  std::vector<std::string> answer = groups;
  answer.push_back(user);
  return answer;
}

// ---- Settings ----
absl::StatusOr<std::string> GetConfigValue(Connection& connection, const std::optional<std::string>& key,
                                           const std::string& otherwise) {
  if (!key.has_value()) return otherwise;
  constexpr std::array<std::string_view, 4> kKnown = {"hive", "hdfs", "mapred", "metastore"};
  const bool known = std::ranges::any_of(kKnown, [&](std::string_view begin) { return key->starts_with(begin); });
  if (!known || base::AsciiLower(*key).find("password") != std::string::npos) {
    return Throw(Thrown::kConfigValSecurity,
                 StrCat("For security reasons, the config key ", *key, " cannot be accessed"));
  }
  const ServiceOptions& options = connection.service().options();
  if (*key == "hive.metastore.warehouse.dir" || *key == "metastore.warehouse.dir") {
    return options.warehouse_root.empty() ? otherwise : options.warehouse_root;
  }
  if (*key == "hive.metastore.limit.partition.request" || *key == "metastore.limit.partition.request") {
    return std::to_string(options.max_partitions);
  }
  return otherwise;
}

// A setting that a client may change for its connection. None has an effect here: they are kept and told.
struct Setting {
  std::string_view name;  // without the `hive.` that may stand in front
  std::string_view value;
  bool is_boolean;
};
constexpr std::array<Setting, 7> kSettings = {{
    {"metastore.client.capability.check", "true", true},
    {"metastore.client.socket.timeout", "600s", false},
    {"metastore.disallow.incompatible.col.type.changes", "true", true},
    {"metastore.expression.proxy", "", false},
    {"metastore.partition.name.whitelist.pattern", "", false},
    {"metastore.try.direct.sql", "true", true},
    {"metastore.try.direct.sql.ddl", "true", true},
}};

absl::StatusOr<const Setting*> FindSetting(std::string_view key) {
  std::string_view name = key;
  constexpr std::string_view kHive = "hive.";
  if (name.starts_with(kHive)) name.remove_prefix(kHive.size());
  const auto found = std::ranges::find(kSettings, name, &Setting::name);
  if (found == kSettings.end()) return Throw(Thrown::kMeta, StrCat("Invalid configuration key ", key));
  return &*found;
}

absl::StatusOr<std::string> GetMetaConf(Connection& connection, const std::string& key) {
  const absl::StatusOr<const Setting*> setting = FindSetting(key);
  if (!setting.ok()) return setting.status();
  const auto own = connection.settings().find(std::string((*setting)->name));
  return own == connection.settings().end() ? std::string((*setting)->value) : own->second;
}

absl::Status SetMetaConf(Connection& connection, const std::string& key, const std::string& value) {
  const absl::StatusOr<const Setting*> setting = FindSetting(key);
  if (!setting.ok()) return setting.status();
  if ((*setting)->is_boolean && !base::EqualsIgnoreCase(value, "true") && !base::EqualsIgnoreCase(value, "false")) {
    return Throw(Thrown::kMeta, StrCat("Invalid configuration value ", base::Quoted(value, 80), " for key ", key,
                                       ": expected true or false"));
  }
  connection.settings()[std::string((*setting)->name)] = value;
  return absl::OkStatus();
}

// Nothing is cached that could be stale.
absl::Status FlushCache(Connection&) { return absl::OkStatus(); }

// ---- Delegation tokens: of Kerberos, which this server does not speak ----
absl::Status NoDelegation() {
  return Throw(
      Thrown::kMeta,
      "delegation tokens are not supported: clients authenticate with SASL PLAIN, by an access key or a token");
}
absl::StatusOr<std::string> GetDelegationToken(Connection&, const std::string&, const std::string&) {
  return NoDelegation();
}
absl::StatusOr<int64_t> RenewDelegationToken(Connection&, const std::string&) { return NoDelegation(); }
absl::Status CancelDelegationToken(Connection&, const std::string&) { return NoDelegation(); }

constexpr Throws kMeta = {Thrown::kMeta};
constexpr Call kCalls[] = {
    MakeCall<&GetName>("getName", {}),
    MakeCall<&GetVersion>("getVersion", {}),
    MakeCall<&AliveSince>("aliveSince", {}),
    MakeCall<&GetStatus>("getStatus", {}),
    MakeCall<&GetStatusDetails>("getStatusDetails", {}),
    MakeCall<&GetCounters>("getCounters", {}),
    MakeCall<&GetCounter>("getCounter", {}),
    MakeCall<&SetOption>("setOption", {}),
    MakeCall<&GetOption>("getOption", {}),
    MakeCall<&GetOptions>("getOptions", {}),
    MakeCall<&GetCpuProfile>("getCpuProfile", {}),
    MakeOnewayCall<&Ignore>("reinitialize"),
    MakeOnewayCall<&Ignore>("shutdown"),
    MakeCall<&SetUgi>("set_ugi", kMeta),
    MakeCall<&GetConfigValue>("get_config_value", {Thrown::kConfigValSecurity}),
    MakeCall<&GetMetaConf>("getMetaConf", kMeta),
    MakeCall<&SetMetaConf>("setMetaConf", kMeta),
    MakeCall<&FlushCache>("flushCache", {}),
    MakeCall<&GetDelegationToken>("get_delegation_token", kMeta),
    MakeCall<&RenewDelegationToken>("renew_delegation_token", kMeta),
    MakeCall<&CancelDelegationToken>("cancel_delegation_token", kMeta),
};

}  // namespace

std::span<const Call> ServerCalls() { return kCalls; }

}  // namespace lodestone::hive
