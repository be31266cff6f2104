#include "bindings/hive/calls.h"

#include <algorithm>

#include "catalog/base/strings.h"

namespace lodestone::hive {
namespace {

std::vector<const Call*> Collect() {
  std::vector<const Call*> all;
  for (const auto family :
       {ServerCalls, CatalogCalls, DatabaseCalls, TableCalls, PartitionReadCalls, PartitionWriteCalls, ConstraintCalls,
        StatisticsCalls, PrivilegeCalls, FunctionCalls, SchemaCalls, LockCalls, TransactionCalls, EventCalls}) {
    for (const Call& call : family()) all.push_back(&call);
  }
  std::ranges::sort(all, {}, &Call::name);
  return all;
}

}  // namespace

std::span<const Call* const> AllCalls() {
  static const std::vector<const Call*>& kAll = *new std::vector<const Call*>(Collect());
  return kAll;
}

const Call* FindCall(std::string_view name) {
  static const base::ViewMap<const Call*>& kByName = *[] {
    auto* map = new base::ViewMap<const Call*>();
    for (const Call* call : AllCalls()) map->emplace(call->name, call);
    return map;
  }();
  const auto found = kByName.find(name);
  return found == kByName.end() ? nullptr : found->second;
}

}  // namespace lodestone::hive
