// Alterations of what is there now.
#include <memory>

#include "catalog/base/status_macros.h"
#include "catalog/session.h"
#include "catalog/session/context.h"

namespace lodestone {

namespace {

// Reads what is to be changed: what the change itself needs is checked when it is written.
Session Unchecked(const Session& session) {
  auto impl = std::make_shared<Session::Impl>(*session.impl());
  impl->trusted = true;
  return Session(std::move(impl));
}

}  // namespace

absl::Status Session::ModifyDatabase(std::string_view name,
                                     absl::FunctionRef<absl::Status(model::v1::Database&)> change) {
  const auto body = [&](Session& inside) -> absl::Status {
    auto database = Unchecked(inside).GetDatabase(name);
    // Whether it may be told that there is none is decided as for everybody who asks.
    if (absl::IsNotFound(database.status())) return inside.GetDatabase(name).status();
    RETURN_IF_ERROR(database.status());
    RETURN_IF_ERROR(change(*database));
    return inside.AlterDatabase(name, *database);
  };
  return Transact(body).status();
}

absl::Status Session::ModifyTable(const TableName& name, absl::FunctionRef<absl::Status(model::v1::Table&)> change) {
  const auto body = [&](Session& inside) -> absl::Status {
    auto table = Unchecked(inside).GetTable(name);
    if (absl::IsNotFound(table.status())) return inside.GetTable(name).status();
    RETURN_IF_ERROR(table.status());
    RETURN_IF_ERROR(change(*table));
    return inside.AlterTable(name, *table);
  };
  return Transact(body).status();
}

}  // namespace lodestone
