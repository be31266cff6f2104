// The calls that are served, as a table: how each is read, run and answered. A call that stands nowhere here is
// answered as an unknown method, which makes clients of newer versions fall back. A test holds the table against the
// interface description (tests/unit/hive/call_table_test.py).
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "bindings/hive/exceptions.h"
#include "bindings/hive/type_names.h"
#include "bindings/hive/wire.h"

namespace lodestone::hive {

struct Call {
  std::string_view name;
  Throws throws;
  // Where its failures become other exceptions than they usually do. Lives as long as the process.
  std::span<const ErrorRule> rules;
  // Reads the arguments, runs the handler and writes its result. Throws as BodyReader does, before the handler runs.
  absl::Status (*run)(Connection& connection, BodyReader& arguments, Reply* reply) = nullptr;
  // The types of its result and then its arguments, as the interface description writes them.
  std::vector<std::string> (*types)() = nullptr;
  // The client waits for no answer, and there is none.
  bool oneway = false;
};

// A call that `kHandler` (wire.h) serves.
template <auto kHandler>
constexpr Call MakeCall(std::string_view name, Throws throws, std::span<const ErrorRule> rules = {}) {
  using Handler = internal::HandlerOf<decltype(kHandler)>;
  Call call{name, throws, rules};
  call.run = [](Connection& connection, BodyReader& arguments, Reply* reply) {
    return Handler::Run(kHandler, connection, arguments, reply);
  };
  call.types = &TypeNames<typename Handler::ResultType, typename Handler::Arguments>;
  return call;
}
template <auto kHandler>
constexpr Call MakeOnewayCall(std::string_view name) {
  Call call = MakeCall<kHandler>(name, {});
  call.oneway = true;
  return call;
}

// ---- The families of calls ----
std::span<const Call> ServerCalls();  // fb303, settings, identity, delegation tokens
std::span<const Call> CatalogCalls();
std::span<const Call> DatabaseCalls();
std::span<const Call> EventCalls();
std::span<const Call> FunctionCalls();
std::span<const Call> LockCalls();         // and heartbeats
std::span<const Call> SchemaCalls();       // types, fields and schemas
std::span<const Call> TransactionCalls();  // and write ids
std::span<const Call> ConstraintCalls();
std::span<const Call> StatisticsCalls();  // of columns
std::span<const Call> PrivilegeCalls();   // and roles

std::span<const Call> TableCalls();
std::span<const Call> PartitionReadCalls();
std::span<const Call> PartitionWriteCalls();

// All of them, in the order of their names.
std::span<const Call* const> AllCalls();
// Null: not served.
const Call* FindCall(std::string_view name);

}  // namespace lodestone::hive
