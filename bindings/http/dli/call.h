// One request on its way through a call.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "bindings/http/dli/body.h"
#include "bindings/http/dli/handler.h"
#include "bindings/http/dli/jobs.h"
#include "bindings/http/dli/query.h"
#include "catalog/metastore.h"
#include "catalog/session.h"

namespace lodestone::http::dli {

// What a call is given. Everything is decoded, the caller is known; nothing is checked but the form. Made for one
// request, used by one thread.
struct Call {
  Metastore& metastore;
  const DliOptions& options;
  Jobs& jobs;
  // Acts for the caller in the catalog that the project names.
  Session session;
  std::string project;
  std::vector<std::string> names;  // what stands for the parameters of the path, in its order
  QueryParameters query;
  Json body;  // an object; null for calls that take none

  TableName table() const { return {names[0], names[1]}; }
  // For what an answer shows beside what the session's check has let pass: who administers the catalog. Unchecked.
  Session Unchecked() const { return metastore.Trusted(Principal{}, project); }
};

// The fields of the answer beside `is_success` and `message`: an object.
using CallResult = absl::StatusOr<Json>;

// 7.1: databases
CallResult CreateDatabase(Call& call);
CallResult DeleteDatabase(Call& call);
CallResult ListDatabases(Call& call);
CallResult UpdateDatabaseOwner(Call& call);
// 7.2: tables
CallResult CreateTable(Call& call);
CallResult DeleteTable(Call& call);
CallResult ListTables(Call& call);
CallResult ShowTable(Call& call);
CallResult PreviewTable(Call& call);
CallResult ListPartitions(Call& call);
// 5: privileges
CallResult AuthorizeQueue(Call& call);
CallResult ListQueueUsers(Call& call);
CallResult AuthorizeData(Call& call);
CallResult ListDatabaseUsers(Call& call);
CallResult ListTableUsers(Call& call);
CallResult ListTablePrivileges(Call& call);
CallResult ListAuthorizationPrivileges(Call& call);
// 7.3: jobs
CallResult ShowJobStatus(Call& call);
CallResult PreviewJobResult(Call& call);

// The columns of a view that its maker called partition columns.
std::vector<std::string> ViewPartitionColumns(const model::v1::Table& table);

}  // namespace lodestone::http::dli
