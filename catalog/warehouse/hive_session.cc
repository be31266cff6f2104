#include "catalog/hive_session.h"

#include <utility>

#include "catalog/base/strings.h"

namespace lodestone {

namespace {

bool Says(const std::map<std::string, std::string>& properties, const std::string& name) {
  const auto found = properties.find(name);
  return found != properties.end() && base::EqualsIgnoreCase(found->second, "true");
}

}  // namespace

HiveContext HiveContext::FromProperties(const std::map<std::string, std::string>& properties) {
  HiveContext context;
  context.keep_statistics = Says(properties, "DO_NOT_UPDATE_STATS");
  context.purge = Says(properties, "ifPurge");
  context.cascade = Says(properties, "CASCADE");
  if (const auto from = properties.find("STATS_GENERATED"); from != properties.end()) {
    context.statistics_from = from->second;
  }
  // Without a value nothing is compared (Hive).
  const auto key = properties.find("expected_parameter_key");
  const auto value = properties.find("expected_parameter_value");
  if (key != properties.end() && value != properties.end()) {
    context.expected = ExpectedParameter{.key = key->second, .value = value->second};
  }
  return context;
}

HiveSession::HiveSession(Session session, HiveOptions options)
    : session_(std::move(session)), options_(std::move(options)) {}

}  // namespace lodestone
