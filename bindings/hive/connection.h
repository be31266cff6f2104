// What the calls of one connection share, and how one message is answered.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "bindings/common/budget.h"
#include "bindings/hive/message_reader.h"
#include "bindings/hive/protocol.h"
#include "catalog/accounts.h"
#include "catalog/base/clock.h"
#include "catalog/hive_session.h"
#include "catalog/metastore.h"
#include "catalog/session.h"
#include "catalog/transactions.h"

namespace lodestone::hive {

struct ServiceOptions {
  // False: every client is believed (set_ugi), and nothing is checked. For loopback addresses alone.
  bool authenticate = true;
  // Whoever does not say who he is, where nothing is checked.
  std::string anonymous = "hive";
  // The most partitions that one request may ask for in full; more are refused. -1: no limit. Names are not limited.
  int64_t max_partitions = -1;
  // As the catalog's; get_config_value tells it.
  std::string warehouse_root{};
  // What is done to folders, and how. REQUIRES: hive.warehouse.
  HiveOptions hive{};
  // Of the decoded form of messages, over all connections (Limits::decoded_bytes).
  std::size_t decoded_bytes = std::size_t{4} << 30;
  // Of the messages in one answer of notification events; the event that goes beyond it is the last one. Clients go on
  // behind that.
  std::size_t event_bytes = std::size_t{64} << 20;
  const Clock* clock = Clock::System();
};

// What all connections share. Thread-safe. Store and warehouse outlive it.
class Service {
 public:
  Service(Metastore* metastore, ServiceOptions options);

  Metastore& metastore() const { return *metastore_; }
  const ServiceOptions& options() const { return options_; }
  int64_t start_seconds() const { return start_seconds_; }  // since 1970
  bindings::Budget* decoded() const { return &decoded_; }

 private:
  Metastore* const metastore_;
  const ServiceOptions options_;
  const int64_t start_seconds_;
  mutable bindings::Budget decoded_;
};

// How a message was answered: for logs and figures.
struct Served {
  std::string_view call;     // `unknown` when there is no such call
  std::string_view outcome;  // `ok`, or the name of the exception
  std::string detail;        // of a failure
  std::size_t bytes_out = 0;
};

// Not thread-safe: one thread serves it. Outlived by the service.
class Connection {
 public:
  // `number` tells it from others in audit records.
  Connection(const Service* service, uint64_t number) : service_(*service), number_(number) {}

  // ---- Who ----
  // What the client has proven. From then on that is who acts, whatever it claims.
  void Authenticated(Identity identity);
  // What set_ugi says. Believed where nothing is checked; without effect after Authenticated().
  void Claim(std::string_view user, const std::vector<std::string>& groups);
  bool authenticated() const { return authenticated_; }
  // Who acts.
  const Principal& principal() const { return identity_.principal; }

  // ---- What handlers use ----
  const Service& service() const { return service_; }
  // Locks and transactions, which are those of all catalogs, in the name of who acts.
  Transactions TransactionsAs() const;
  // In the catalog of this name; an empty one, and `hive`, which clients say when they mean none, is the one of the
  // account where that has a catalog of its own. PermissionDenied (kNoPrivilege): another one than the account's.
  absl::StatusOr<Session> SessionIn(std::string_view catalog) const;
  // The same, with what Hive's server does to folders.
  absl::StatusOr<HiveSession> HiveSessionIn(std::string_view catalog) const;
  // The catalog that a name stands for, as above.
  absl::StatusOr<std::string> CatalogOf(std::string_view name) const;
  // The catalog of the newest session: messages name it.
  std::string_view entered() const { return entered_; }
  // Settings of this connection alone (setMetaConf).
  std::map<std::string, std::string>& settings() { return settings_; }

  // Reads, runs and answers one call; `limits` are those that it was read within. Fails when the answer could not be
  // written to its end: then the connection has to end. Everything else that goes wrong is told to the client.
  absl::StatusOr<Served> Serve(const Message& message, const MessageLimits& limits, ReplySink* sink);

 private:
  // Never without a name where nothing is checked.
  Principal Acting() const;

  const Service& service_;
  const uint64_t number_;
  Identity identity_;
  bool authenticated_ = false;
  mutable std::string entered_ = std::string(kDefaultCatalog);
  std::map<std::string, std::string> settings_;
  uint64_t messages_ = 0;
};

}  // namespace lodestone::hive
