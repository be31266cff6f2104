#include "catalog/session/bulk_switch.h"

#include <algorithm>
#include <optional>
#include <thread>
#include <utility>

#include "catalog/base/strings.h"
#include "catalog/bulk/checksum.h"
#include "catalog/errors.h"
#include "catalog/partition/descriptors.h"
#include "catalog/record/keys.h"
#include "catalog/session/grants_follow.h"

namespace lodestone::session {
namespace {

using partition::TablePartitions;
using record::PartitionPart;
using record::SetId;

// Inside of a transaction: somebody was faster. Never leaves this file.
absl::Status Overtaken() { return absl::CancelledError(); }
bool IsOvertaken(const absl::Status& status) { return absl::IsCancelled(status); }

// What the encoding of rows depended on: derived locations were left out.
bool IsSameTable(const TablePartitions& a, const TablePartitions& b) {
  return a.table == b.table && a.key_names == b.key_names && a.descriptor.location() == b.descriptor.location();
}

// Finds or makes the table's numbers for the load's descriptors, in the order of the load's numbers.
absl::StatusOr<std::vector<uint32_t>> PlaceDescriptors(store::Transaction& txn, const LoadSource& source,
                                                       TablePartitions* table) {
  partition::DescriptorWriter writer(&txn, table);
  std::vector<uint32_t> numbers;
  ASSIGN_OR_RETURN(const auto own, writer.Place(nullptr, {}, {}));
  numbers.push_back(own.number);
  for (const std::string& bytes : *source.descriptors) {
    model::v1::StorageDescriptor descriptor;
    if (!descriptor.ParseFromString(bytes)) return absl::DataLossError("a storage descriptor of the load is damaged");
    ASSIGN_OR_RETURN(const auto placed, writer.Place(&descriptor, {}, {}));
    numbers.push_back(placed.number);
  }
  return numbers;
}

// The table as the merge saw it, in a transaction that may change it; Overtaken otherwise.
absl::StatusOr<TablePartitions> FindUnchanged(const Session::Impl& session, store::Transaction& txn,
                                              const LoadSource& source, const LoadBase& base) {
  absl::StatusOr<TablePartitions> found = FindPartitions(txn, session.catalog, base.table.name);
  if (!found.ok()) return found.status();
  if (!IsSameTable(*found, base.table) || found->set.set_id() != base.table.set.set_id() ||
      found->set.change() != base.table.set.change()) {
    return Overtaken();
  }
  ASSIGN_OR_RETURN(const std::vector<uint32_t> numbers, PlaceDescriptors(txn, source, &*found));
  if (numbers != base.descriptor_numbers) return Overtaken();
  return found;
}

absl::Status AppendEvents(const Session::Impl& session, store::Transaction& txn, const TablePartitions& table,
                          std::vector<model::v1::Event> events) {
  for (model::v1::Event& event : events) {
    event.set_database(table.name.database);
    event.set_object(table.name.table);
    event.set_object_id(static_cast<int64_t>(table.table.value));
    RETURN_IF_ERROR(AppendEvent(session, txn, std::move(event)));
  }
  return absl::OkStatus();
}

// All statistics of partitions in the set, in a number.
absl::StatusOr<uint64_t> FingerprintOfStatistics(const store::Reader& reader, SetId set) {
  uint64_t fingerprint = 0;
  const auto cursor = reader.NewCursor(record::PartitionParts(set, PartitionPart::kStatistics), {.long_scan = true});
  for (cursor->SeekToFirst(); cursor->Valid(); cursor->Next()) {
    fingerprint = fingerprint * 0x9E3779B97F4A7C15 + bulk::Checksum(cursor->key());
    fingerprint = fingerprint * 0x9E3779B97F4A7C15 + bulk::Checksum(cursor->value());
  }
  RETURN_IF_ERROR(cursor->status());
  return fingerprint;
}

// Copies statistics to the new set, but for `changed_keys`. Null: there are none.
absl::StatusOr<std::unique_ptr<store::SortedRun>> CopyStatistics(store::Store& store, const store::Reader& reader,
                                                                 SetId from, SetId to,
                                                                 std::span<const std::string> changed_keys) {
  const store::KeyRange range = record::PartitionParts(from, PartitionPart::kStatistics);
  const std::string prefix = record::PartitionParts(to, PartitionPart::kStatistics).lower;
  const auto cursor = reader.NewCursor(range, {.long_scan = true});
  std::unique_ptr<store::SortedRun> run;
  for (cursor->SeekToFirst(); cursor->Valid(); cursor->Next()) {
    const std::string_view rest = cursor->key().substr(range.lower.size());
    const std::string_view partition = rest.substr(0, rest.find('\0'));
    if (std::binary_search(changed_keys.begin(), changed_keys.end(), partition, std::less<std::string_view>())) {
      continue;
    }
    if (run == nullptr) {
      ASSIGN_OR_RETURN(run, store.NewSortedRun());
    }
    RETURN_IF_ERROR(run->Add(base::StrCat(prefix, rest), cursor->value()));
  }
  RETURN_IF_ERROR(cursor->status());
  if (run != nullptr) RETURN_IF_ERROR(run->Finish());
  return run;
}

// Commits at once and durably, whatever the store's mode: what follows relies on it.
absl::Status CommitSynced(Metastore::Impl& metastore, absl::FunctionRef<absl::Status(store::Transaction&)> body) {
  for (int attempt = 1;; ++attempt) {
    ASSIGN_OR_RETURN(const auto txn, metastore.store().Begin());
    RETURN_IF_ERROR(body(*txn));
    const absl::Status status = txn->Commit(store::Durability::kSync).status();
    if (!absl::IsAborted(status) || attempt == kMaxLoadAttempts) return status;
  }
}

// A set id that nothing refers to, with the record that lets an open after a crash clean up behind us. Cleans up itself
// unless it was adopted.
class PendingSet {
 public:
  static absl::StatusOr<std::unique_ptr<PendingSet>> Reserve(Metastore::Impl& metastore) {
    SetId id;
    RETURN_IF_ERROR(CommitSynced(metastore, [&](store::Transaction& txn) -> absl::Status {
      ASSIGN_OR_RETURN(id.value, NextId(txn));
      record::v1::PendingLoad load;
      load.set_set_id(id.value);
      load.set_started_ms(metastore.NowMillis());
      PutRecord(txn, record::PendingLoadKey(id), load);
      return absl::OkStatus();
    }));
    return std::make_unique<PendingSet>(metastore, id);
  }
  PendingSet(Metastore::Impl& metastore, SetId id) : metastore_(metastore), id_(id) {}
  ~PendingSet() {
    if (adopted_) return;
    // A failure leaves the record, and with it the work, to the next open.
    (void)CommitSynced(metastore_, [&](store::Transaction& txn) {
      txn.DeleteRange(record::PartitionParts(id_));
      txn.Delete(record::PendingLoadKey(id_));
      return absl::OkStatus();
    });
  }
  SetId id() const { return id_; }
  // Within the transaction that makes it a table's: Overtaken when somebody cleaned up already.
  absl::Status Adopt(store::Transaction& txn) const {
    ASSIGN_OR_RETURN(const auto record, txn.Get(record::PendingLoadKey(id_)));
    if (!record) return Overtaken();
    txn.Delete(record::PendingLoadKey(id_));
    return absl::OkStatus();
  }
  void SetAdopted() { adopted_ = true; }

 private:
  Metastore::Impl& metastore_;
  const SetId id_;
  bool adopted_ = false;
};

// Everything of the new set, in the store but not yet the table's.
struct Ingested {
  std::unique_ptr<PendingSet> set;
  int64_t rows = 0;
  int64_t pages = 0;
  bool all_derived = false;  // no row has a location of its own
  uint64_t statistics = 0;   // their fingerprint in the old set
  std::vector<model::v1::Event> events;
};

absl::StatusOr<Ingested> BuildAndIngest(const Session::Impl& session, const LoadSource& source, const LoadBase& base,
                                        const SetVisitorFactory& make_visitor,
                                        std::vector<std::unique_ptr<SetVisitor>>* visitors,
                                        const std::function<std::vector<model::v1::Event>()>& events,
                                        const LoadProgress& progress) {
  store::Store& store = session.metastore->store();
  const SetId old_set{base.table.set.set_id()};
  Ingested ingested;
  ASSIGN_OR_RETURN(ingested.set, PendingSet::Reserve(*session.metastore));

  int64_t total = base.table.set.partitions();
  for (const auto& run : *source.runs) total += run->rows();
  bulk::BuildOptions options;
  options.threads = static_cast<int>(std::clamp(std::thread::hardware_concurrency(), 1u, 8u));
  options.progress = [&](int64_t rows) {
    if (progress) progress({BulkLoadProgress::Phase::kMerging, rows, total});
  };
  visitors->clear();
  const auto make = [&](partition::PageWriter* pages) {
    visitors->push_back(make_visitor(pages));
    return visitors->back().get();
  };
  ASSIGN_OR_RETURN(bulk::BuiltSet built, bulk::BuildSet(&store, ingested.set->id(), base.Input(source), make, options));
  ingested.rows = built.rows;
  ingested.pages = built.pages;
  ingested.all_derived = built.all_derived;
  ingested.events = events();
  if (ingested.events.empty()) return ingested;

  std::vector<std::string> changed_keys;  // ascending, as the parts are
  for (const auto& visitor : *visitors) {
    std::move(visitor->changed_keys().begin(), visitor->changed_keys().end(), std::back_inserter(changed_keys));
  }
  ASSIGN_OR_RETURN(ingested.statistics, FingerprintOfStatistics(*base.reader, old_set));
  ASSIGN_OR_RETURN(auto statistics, CopyStatistics(store, *base.reader, old_set, ingested.set->id(), changed_keys));
  if (statistics != nullptr) built.runs.push_back(std::move(statistics));
  if (progress) progress({BulkLoadProgress::Phase::kCommitting, 0, ingested.rows});
  if (!built.runs.empty()) RETURN_IF_ERROR(store.IngestRuns(std::move(built.runs)));
  return ingested;
}

}  // namespace

bool EditsAreCheaper(int64_t edits, int64_t present) {
  // Few rows are few pages, and files of their own would cost more than that.
  constexpr int64_t kFew = 256;
  constexpr int64_t kMany = 20'000;
  return edits <= kFew || (edits < kMany && edits < present / 50);
}

absl::Status CheckLoad(const store::Reader& reader, Call& call, const TableName& table,
                       std::span<const Operation> needs) {
  for (const Operation need : needs) RETURN_IF_ERROR(call.Check(reader, need, Securable::Table(table)));
  return absl::OkStatus();
}

absl::Status CheckCanLoad(const Session::Impl& session) {
  if (session.txn != nullptr) {
    return MakeError(ErrorKind::kInvalidOperation, ObjectKind::kStore, session.metastore->path(),
                     "a bulk load commits by itself and can't be part of Transact");
  }
  if (session.pinned != nullptr) {
    return MakeError(ErrorKind::kInvalidOperation, ObjectKind::kStore, session.metastore->path(),
                     "a session made by Snapshot() is read-only");
  }
  if (session.metastore->options().follower) {
    return MakeError(ErrorKind::kInvalidOperation, ObjectKind::kStore, session.metastore->path(),
                     base::StrCat("the store in ", session.metastore->path(), " is open as a follower: read-only"));
  }
  return absl::OkStatus();
}

absl::StatusOr<LoadBase> FindLoadBase(const Session::Impl& session, const LoadSource& source) {
  LoadBase base;
  {
    // A trial run of what the committing transaction will do; only the numbers are kept.
    ASSIGN_OR_RETURN(const auto txn, session.metastore->store().Begin());
    ASSIGN_OR_RETURN(TablePartitions table, FindPartitions(*txn, session.catalog, source.started->name));
    ASSIGN_OR_RETURN(base.descriptor_numbers, PlaceDescriptors(*txn, source, &table));
  }
  base.reader = session.metastore->store().Snapshot();
  ASSIGN_OR_RETURN(base.table, FindPartitions(*base.reader, session.catalog, source.started->name));
  if (!IsSameTable(base.table, *source.started)) {
    return absl::AbortedError(base::StrCat("table ", source.started->name.ToString(),
                                           " was altered or made anew while its partitions were read; load again"));
  }
  return base;
}

absl::StatusOr<bool> ReplaceSet(const Session::Impl& session, const LoadSource& source, const LoadBase& base,
                                const SetVisitorFactory& make_visitor,
                                std::vector<std::unique_ptr<SetVisitor>>* visitors,
                                const std::function<std::vector<model::v1::Event>()>& events,
                                const LoadProgress& progress) {
  ASSIGN_OR_RETURN(const Ingested ingested,
                   BuildAndIngest(session, source, base, make_visitor, visitors, events, progress));
  if (ingested.events.empty()) return true;
  const auto switch_sets = [&](store::Transaction& txn, Call& call) -> absl::Status {
    RETURN_IF_ERROR(CheckLoad(txn, call, base.table.name, source.needs));
    ASSIGN_OR_RETURN(TablePartitions found, FindUnchanged(session, txn, source, base));
    RETURN_IF_ERROR(ingested.set->Adopt(txn));
    const SetId old_set{found.set.set_id()};
    ASSIGN_OR_RETURN(const uint64_t statistics, FingerprintOfStatistics(txn, old_set));
    if (statistics != ingested.statistics) return Overtaken();
    txn.DeleteRange(record::PartitionParts(old_set));
    found.set.set_set_id(ingested.set->id().value);
    found.set.set_partitions(ingested.rows);
    found.set.set_pages(ingested.pages);
    found.set.set_change(found.set.change() + 1);
    partition::SetAllDerived(ingested.all_derived, &found.set);
    PutRecord(txn, record::PartitionSetKey(found.table), found.set);
    RETURN_IF_ERROR(EndStalePartitionGrants(txn, found));
    return AppendEvents(session, txn, found, ingested.events);
  };
  const absl::Status status = source.call->RunWrite(Ask::kInBody, switch_sets);
  if (IsOvertaken(status)) return false;
  RETURN_IF_ERROR(status);
  ingested.set->SetAdopted();
  return true;
}

absl::StatusOr<bool> EditSet(const Session::Impl& session, const LoadSource& source, const LoadBase& base,
                             std::span<const partition::Edit> edits, const partition::EditPolicy& policy,
                             std::span<const std::string> changed_keys, partition::EditCounts* counts,
                             const std::function<std::vector<model::v1::Event>()>& events) {
  const auto apply = [&](store::Transaction& txn, Call& call) -> absl::Status {
    RETURN_IF_ERROR(CheckLoad(txn, call, base.table.name, source.needs));
    ASSIGN_OR_RETURN(TablePartitions found, FindUnchanged(session, txn, source, base));
    ASSIGN_OR_RETURN(*counts, partition::ApplyEdits(&txn, &found, edits, policy));
    std::vector<std::string> gone;
    for (const std::string& key : changed_keys) {
      const auto cursor = txn.NewCursor(record::PartitionStatistics(SetId{found.set.set_id()}, key));
      for (cursor->SeekToFirst(); cursor->Valid(); cursor->Next()) gone.emplace_back(cursor->key());
      RETURN_IF_ERROR(cursor->status());
    }
    for (const std::string& key : gone) txn.Delete(key);
    if (counts->deleted > 0) RETURN_IF_ERROR(EndStalePartitionGrants(txn, found));
    return AppendEvents(session, txn, found, events());
  };
  const absl::Status status = source.call->RunWrite(Ask::kInBody, apply);
  if (IsOvertaken(status)) return false;
  RETURN_IF_ERROR(status);
  return true;
}

absl::Status OvertakenTooOften(const TableName& table) {
  return absl::AbortedError(base::StrCat("table ", table.ToString(), " changed ", kMaxLoadAttempts,
                                         " times while the load was merged with it; load again with less going on"));
}

}  // namespace lodestone::session
