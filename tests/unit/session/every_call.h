// Every call of a session, by name, on objects that are told: for tests that have to leave none out.
#pragma once

#include <functional>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "catalog/audit.h"
#include "catalog/session.h"

namespace lodestone::testing {

// What the calls are about. Tables are partitioned by `dt`.
struct Objects {
  std::string catalog = "other";  // another one than the session's
  std::string database = "web";
  std::string table = "hits";
  std::string view = "hits_view";
  std::string function = "f";
  std::string value = "2026-01-05";
  std::string user = "boss";
  std::string role = "analysts";
  std::string group = "staff";

  TableName table_name() const { return {.database = database, .table = table}; }
  TableName view_name() const { return {.database = database, .table = view}; }
  FunctionName function_name() const { return {.database = database, .function = function}; }
};

struct EveryCall {
  std::string name;  // the method; behind a slash, which of several ways to call it
  std::function<absl::Status(Session&, const Objects&)> call;
  bool changes = false;     // asks for a change, allowed or not
  bool for_anyone = false;  // whoever has nothing gets an answer, of what it sees

  std::string method() const { return name.substr(0, name.find('/')); }
};
// At least one for each.
std::span<const EveryCall> EveryCalls();

// The names of the public methods in catalog/session.h, without those that are no calls: accessors, Snapshot, Transact.
std::set<std::string> MethodsInHeader();

// Keeps records. Not for several threads.
class AuditList : public AuditSink {
 public:
  void Write(const AuditRecord& record) override { records.push_back(record); }
  std::vector<AuditRecord> records;
};

}  // namespace lodestone::testing
