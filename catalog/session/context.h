// What the implementations of the session's calls share: how a call gets at the store, and how names become ids.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "catalog/metastore.h"
#include "catalog/partition/table_partitions.h"
#include "catalog/record/ids.h"
#include "catalog/session.h"
#include "catalog/store/store.h"
#include "lodestone/record/v1/record.pb.h"

namespace lodestone {

// Thread-safe: everything in it is, or never changes.
class Metastore::Impl {
 public:
  Impl(std::unique_ptr<store::Store> store, OpenOptions options, std::string path);

  store::Store& store() { return *store_; }
  const OpenOptions& options() const { return options_; }
  const std::string& path() const { return path_; }  // empty: in memory
  int64_t NowMillis() const { return options_.clock->NowMillis(); }
  int64_t NowSeconds() const { return NowMillis() / 1000; }

 private:
  std::unique_ptr<store::Store> store_;
  OpenOptions options_;
  std::string path_;
};

// One of three: live (each call its own snapshot or transaction), pinned to a snapshot, or inside of a transaction.
class Session::Impl {
 public:
  std::shared_ptr<Metastore::Impl> metastore;
  std::string catalog;
  Principal principal;
  std::shared_ptr<const store::Reader> pinned;  // Snapshot()
  store::Transaction* txn = nullptr;            // inside of Transact

  // What a reading call reads from; keeps alive what it has to. A transaction is handed out without ownership.
  std::shared_ptr<const store::Reader> Reader() const;

  // Runs a writing call: in the transaction at hand, or in one of its own that is committed afterwards and tried again
  // when Aborted. Returns the version of the commit (0 inside of Transact).
  absl::StatusOr<store::Version> Write(absl::FunctionRef<absl::Status(store::Transaction&)> body) const;
};

namespace session {

// A table with its records, in lower case and with the names filled in.
struct TableHandle {
  record::CatalogId catalog;
  record::DatabaseId database;
  record::TableId id;
  TableName name;
  model::v1::Table table;
};

// NotFound names what is missing: catalog, database or table.
absl::StatusOr<TableHandle> FindTable(const store::Reader& reader, std::string_view catalog, const TableName& name);

// What the partition layer has to know. FailedPrecondition (kInvalidOperation): a view, or no partition keys.
absl::StatusOr<partition::TablePartitions> FindPartitions(const store::Reader& reader, std::string_view catalog,
                                                          const TableName& name);

// The next free number for ids of objects and of partition sets.
absl::StatusOr<uint64_t> NextId(store::Transaction& txn);

}  // namespace session
}  // namespace lodestone
