// Dropping one partition by its values, which takes the names of the table's keys.
#include <memory>
#include <string>
#include <vector>

#include "catalog/base/status_macros.h"
#include "catalog/base/strings.h"
#include "catalog/model/partition_name.h"
#include "catalog/session.h"
#include "catalog/session/context.h"

namespace lodestone {

namespace {

// Reads the keys alone: what the drop itself needs is checked where it happens.
Session Unchecked(const Session& session) {
  auto impl = std::make_shared<Session::Impl>(*session.impl());
  impl->trusted = true;
  return Session(std::move(impl));
}

// The partition's name. With too few or too many values it is one that no partition can have: whoever reads it says so,
// after it made sure that the caller may know.
std::string NameOfValues(const model::v1::Table& table, std::span<const std::string> values) {
  std::string name;
  for (std::size_t i = 0; i < values.size(); ++i) {
    const bool has_key = i < static_cast<std::size_t>(table.partition_keys_size());
    if (i > 0) name += '/';
    if (has_key) model::AppendEscapedPathName(table.partition_keys(static_cast<int>(i)).name(), &name);
    name += '=';
    model::AppendEscapedPathName(values[i], &name);
  }
  return name;
}

}  // namespace

absl::Status Session::DropPartition(const TableName& table, std::span<const std::string> values) {
  const auto body = [&](Session& inside) -> absl::Status {
    const auto found = Unchecked(inside).GetTable(table);
    // What is not there has no keys; whether that may be told is decided below, as for everything else.
    if (!found.ok() && !absl::IsNotFound(found.status())) return found.status();
    const std::vector<std::string> names = {NameOfValues(found.ok() ? *found : model::v1::Table(), values)};
    return inside.DropPartitions(table, names).status();
  };
  return Transact(body).status();
}

}  // namespace lodestone
