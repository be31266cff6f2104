// The actions: each reads its parameters, calls the session, and writes what it adds to the answer.
#pragma once

#include <string_view>

#include "absl/status/status.h"
#include "bindings/http/dla/handler.h"
#include "bindings/http/dla/parameters.h"
#include "bindings/http/dla/writer.h"
#include "catalog/session.h"

namespace lodestone::http::dla {

// What an action has at hand. Everything outlives the call.
struct Call {
  Session& session;
  const Parameters& parameters;
  const DlaOptions& options;
  Writer& out;
  const std::string& body;  // what `out` has written so far
};

// What `Data` is in the answer of an action that the catalog refused.
enum class RefusedData { kNone, kFalse, kNull, kZero };

struct Action {
  std::string_view name;
  absl::Status (*run)(const Call&);
  RefusedData refused_data = RefusedData::kNone;
};
// Null: there is no such action. Case-sensitive.
const Action* FindAction(std::string_view name);

absl::Status CreateDatabase(const Call& call);
absl::Status GetDatabase(const Call& call);
absl::Status GetAllDatabases(const Call& call);
absl::Status AlterDatabase(const Call& call);
absl::Status DropDatabase(const Call& call);

absl::Status CreateTable(const Call& call);
absl::Status GetTable(const Call& call);
absl::Status GetAllTables(const Call& call);
absl::Status AlterTable(const Call& call);
absl::Status DropTable(const Call& call);

absl::Status AddPartitions(const Call& call);
absl::Status GetPartition(const Call& call);
absl::Status GetPartitions(const Call& call);
absl::Status DropPartition(const Call& call);

absl::Status GrantPrivileges(const Call& call);
absl::Status RevokePrivileges(const Call& call);

// The parameters DbName and TableName.
absl::StatusOr<TableName> ReadTableName(const Parameters& parameters);

}  // namespace lodestone::http::dla
