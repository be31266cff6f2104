// What the implementations of the session's calls share: how a call gets at the store, how names become ids, and how
// records are read and written.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "catalog/account/key_ring.h"
#include "catalog/account/nonces.h"
#include "catalog/base/status_macros.h"
#include "catalog/metastore.h"
#include "catalog/partition/table_partitions.h"
#include "catalog/record/format.h"
#include "catalog/record/ids.h"
#include "catalog/record/keys.h"
#include "catalog/session.h"
#include "catalog/session/table_cache.h"
#include "catalog/store/store.h"
#include "catalog/transaction/lock_table.h"
#include "lodestone/record/v1/record.pb.h"

namespace lodestone {

namespace session {
class AuditTrail;
}

// Thread-safe: everything in it is, or never changes.
class Metastore::Impl {
 public:
  // `scratch` is a folder of this process alone that goes with the object; empty: none.
  Impl(std::unique_ptr<store::Store> store, OpenOptions options, std::string path, std::string scratch = {});
  ~Impl();

  store::Store& store() { return *store_; }
  const OpenOptions& options() const { return options_; }
  const std::string& path() const { return path_; }  // empty: in memory
  int64_t NowMillis() const { return options_.clock->NowMillis(); }
  int64_t NowSeconds() const { return NowMillis() / 1000; }
  store::Durability durability() const {
    return options_.sync == SyncMode::kSync ? store::Durability::kSync : store::Durability::kRelaxed;
  }
  // Whether something dropped then is gone for good by now.
  bool IsExpired(int64_t dropped_ms) const;

  session::TableCache& tables() { return tables_; }
  account::KeyRing& key_ring() { return key_ring_; }
  account::Nonces& nonces() { return nonces_; }
  transaction::LockTable& locks() { return locks_; }

 private:
  std::unique_ptr<store::Store> store_;
  OpenOptions options_;
  std::string path_;
  std::string scratch_;
  session::TableCache tables_;
  account::KeyRing key_ring_;
  account::Nonces nonces_;
  transaction::LockTable locks_;
};

// One of three: live (each call its own snapshot or transaction), pinned to a snapshot, or inside of a transaction.
class Session::Impl {
 public:
  std::shared_ptr<Metastore::Impl> metastore;
  std::string catalog;  // lower case
  Principal principal;
  bool trusted = false;                         // nothing is checked, whoever the principal is
  std::string request_id;                       // for the audit
  std::shared_ptr<const store::Reader> pinned;  // Snapshot()
  store::Transaction* txn = nullptr;            // inside of Transact
  session::AuditTrail* trail = nullptr;         // the same: where records wait for the commit
  bool events = true;                           // false: changes are a part of another one, which has an event
  bool audited = true;                          // false: they are a part of a call that has a record

  // What a reading call reads from; keeps alive what it has to. A transaction is handed out without ownership.
  std::shared_ptr<const store::Reader> Reader() const;

  // Runs a writing call: in the transaction at hand, or in one of its own that is committed afterwards and tried again
  // when Aborted. Returns the version of the commit (0 inside of Transact); `wrote` says whether anything was written.
  absl::StatusOr<store::Version> Write(absl::FunctionRef<absl::Status(store::Transaction&)> body,
                                       bool* wrote = nullptr) const;

  // The same, for Transact: `body` gets a session inside of the transaction.
  absl::StatusOr<store::Version> Transact(absl::FunctionRef<absl::Status(Session&)> body) const;

 private:
  absl::StatusOr<store::Version> WriteInside(absl::FunctionRef<absl::Status(store::Transaction&)> body,
                                             bool* wrote) const;
};

namespace session {

// --- Sessions for calls that are made of others ---

// Asks for privileges and is audited as `session`, but its changes make no event: for what belongs to a change that
// has made one.
Session WithoutEvents(const Session& session);
// The same without checks and audit: for what a call does by itself once it is allowed.
Session WithoutNotice(const Session& session);

// Runs `attempt` until it is not Aborted, for a while. Transactions of one engine wait for each other in Begin, so an
// abort is rare, and the second attempt comes soon.
absl::StatusOr<store::Version> RetryAborted(absl::FunctionRef<absl::StatusOr<store::Version>()> attempt);
// FailedPrecondition: the store is open as a follower.
absl::Status CheckWritable(const Metastore::Impl& metastore);

// --- Records ---

// nullopt: there is none. DataLoss names the key.
template <typename Message>
absl::StatusOr<std::optional<Message>> ReadRecord(const store::Reader& reader, std::string_view key);
template <typename Message>
absl::Status DecodeAt(std::string_view key, std::string_view value, Message* message);
inline void PutRecord(store::Transaction& txn, std::string_view key, const google::protobuf::MessageLite& message) {
  txn.Put(key, record::EncodeRecord(message));
}
absl::Status MissingRecord(std::string_view key);  // DataLoss: something refers to a record that is not there

// --- Names. Lowered on the way; NotFound says which is missing: catalog, database or table ---

// The name as stored. InvalidArgument: one that no object can have.
absl::StatusOr<std::string> LookupName(ObjectKind kind, std::string_view name);
// A call's name and the one in its message have to agree; an empty one agrees with all.
absl::Status CheckSameName(ObjectKind kind, std::string_view in_call, std::string_view in_message);
absl::Status NoSuch(ObjectKind kind, std::string_view name);
absl::Status Exists(ObjectKind kind, std::string_view name);
// IfExists::kReplace makes no sense on create.
absl::Status CheckCreateOptions(const CreateOptions& options);

absl::StatusOr<record::v1::CatalogRecord> FindCatalog(const store::Reader& reader, std::string_view name);

struct DatabaseHandle {
  record::CatalogId catalog;
  record::DatabaseId id;
  std::string name;
};
absl::StatusOr<DatabaseHandle> FindDatabase(const store::Reader& reader, std::string_view catalog,
                                            std::string_view name);
absl::StatusOr<record::v1::DatabaseRecord> ReadDatabase(const store::Reader& reader, record::DatabaseId id);

// A table's name, resolved; its record was not read.
struct TableLocator {
  DatabaseHandle database;
  record::TableId id;
  TableName name;  // lower case
  record::v1::TableEntry entry;
};
absl::StatusOr<TableLocator> LocateTable(const store::Reader& reader, std::string_view catalog, const TableName& name);

// A table with its records, in lower case and with the names filled in.
struct TableHandle {
  record::CatalogId catalog;
  record::DatabaseId database;
  record::TableId id;
  TableName name;
  model::v1::Table table;
};
absl::StatusOr<TableHandle> FindTable(const store::Reader& reader, std::string_view catalog, const TableName& name);

// What the partition layer has to know. FailedPrecondition (kInvalidOperation): a view, or no partition keys.
absl::StatusOr<partition::TablePartitions> FindPartitions(const store::Reader& reader, std::string_view catalog,
                                                          const TableName& name);
// The same without the partition set, of records that were read already.
absl::StatusOr<partition::TablePartitions> MakePartitions(std::string_view catalog, record::TableId id,
                                                          const TableName& name, const model::v1::Table& table);
absl::StatusOr<record::v1::PartitionSet> ReadPartitionSet(const store::Reader& reader, record::TableId id);
// FailedPrecondition (kInvalidOperation): a view, or no partition keys.
absl::Status CheckPartitioned(const TableName& name, const model::v1::Table& table);

inline bool IsView(model::v1::TableType type) { return type == model::v1::VIRTUAL_VIEW; }

// --- What every change does ---

// The next free number for ids of objects and of partition sets.
absl::StatusOr<uint64_t> NextId(store::Transaction& txn);

// Every change of a catalog, database or table (not of what they hold) says so: names resolved before must be looked up
// again.
absl::Status TouchDefinitions(store::Transaction& txn);

// Appends the one event of a change, unless the session's changes make none. Fills time, principal, and the session's
// catalog where none is named; lets a few events that are beyond retention go.
absl::Status AppendEvent(const Session::Impl& session, store::Transaction& txn, model::v1::Event event);
model::v1::Event MakeEvent(model::v1::Event::Kind kind, std::string_view database = {}, std::string_view object = {},
                           uint64_t object_id = 0);

// What lies under `base` and is called `name`: one slash between.
std::string JoinLocation(std::string_view base, std::string_view name);

// --- Implementation of the templates ---

template <typename Message>
absl::Status DecodeAt(std::string_view key, std::string_view value, Message* message) {
  return record::DecodeRecord(value, record::Describe(key), message);
}

template <typename Message>
absl::StatusOr<std::optional<Message>> ReadRecord(const store::Reader& reader, std::string_view key) {
  ASSIGN_OR_RETURN(const std::optional<std::string> value, reader.Get(key));
  if (!value) return std::optional<Message>();
  std::optional<Message> message(std::in_place);
  RETURN_IF_ERROR(DecodeAt(key, *value, &*message));
  return message;
}

}  // namespace session
}  // namespace lodestone
