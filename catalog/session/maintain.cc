#include "catalog/session/maintain.h"

#include <utility>

#include "catalog/account/accounts.h"
#include "catalog/event/event_log.h"
#include "catalog/record/keys.h"
#include "catalog/session/expire_transactions.h"
#include "catalog/session/objects.h"

namespace lodestone::session {

namespace {

using record::v1::DroppedObject;

// A session for changes that no user asked for; they append no event.
Session::Impl OwnSession(Metastore::Impl& metastore) {
  Session::Impl session;
  // Not owned: the caller holds the store for as long as this lives.
  session.metastore = std::shared_ptr<Metastore::Impl>(std::shared_ptr<void>(), &metastore);
  session.catalog = kDefaultCatalog;
  return session;
}

absl::Status ExpireEvents(Metastore::Impl& metastore) {
  constexpr int64_t kAtOnce = 1'000;
  const int64_t retention = metastore.options().event_retention_ms;
  if (retention == 0) return absl::OkStatus();
  const Session::Impl session = OwnSession(metastore);
  for (int64_t expired = kAtOnce; expired == kAtOnce;) {
    const auto body = [&](store::Transaction& txn) -> absl::Status {
      ASSIGN_OR_RETURN(expired, event::Expire(&txn, metastore.NowMillis() - retention, kAtOnce));
      return absl::OkStatus();
    };
    RETURN_IF_ERROR(session.Write(body).status());
  }
  return absl::OkStatus();
}

absl::Status ExpireTokens(Metastore::Impl& metastore) {
  constexpr int kAtOnce = 1'000;
  const Session::Impl session = OwnSession(metastore);
  for (int expired = kAtOnce; expired == kAtOnce;) {
    const auto body = [&](store::Transaction& txn) -> absl::Status {
      ASSIGN_OR_RETURN(expired, account::DropExpiredTokens(txn, metastore.NowMillis(), kAtOnce));
      return absl::OkStatus();
    };
    RETURN_IF_ERROR(session.Write(body).status());
  }
  return absl::OkStatus();
}

absl::Status PurgeExpired(Metastore::Impl& metastore) {
  std::vector<std::string> expired;
  const auto snapshot = metastore.store().Snapshot();
  RETURN_IF_ERROR(ForEach(*snapshot, record::DroppedObjects(), [&](std::string_view key, std::string_view value) {
    DroppedObject dropped;
    RETURN_IF_ERROR(DecodeAt(key, value, &dropped));
    if (metastore.IsExpired(dropped.dropped_ms())) expired.emplace_back(key);
    return absl::OkStatus();
  }));
  const Session::Impl session = OwnSession(metastore);
  for (const std::string& key : expired) {
    const auto body = [&](store::Transaction& txn) -> absl::Status {
      // It may have gone meanwhile, with the database that held it.
      ASSIGN_OR_RETURN(const auto dropped, ReadRecord<DroppedObject>(txn, key));
      return dropped ? PurgeDropped(txn, key, *dropped) : absl::OkStatus();
    };
    RETURN_IF_ERROR(session.Write(body).status());
  }
  return absl::OkStatus();
}

// Adds up the partitions of tables, many records at a time.
class PartitionCounter {
 public:
  PartitionCounter(const store::Reader& reader, MetastoreStats* stats) : reader_(reader), stats_(stats) {}
  absl::Status Add(record::TableId id) {
    keys_.push_back(record::PartitionSetKey(id));
    return keys_.size() < kAtOnce ? absl::OkStatus() : Flush();
  }
  absl::Status Flush() {
    ASSIGN_OR_RETURN(const auto values, reader_.MultiGet(keys_));
    for (std::size_t i = 0; i < keys_.size(); ++i) {
      if (!values[i]) continue;  // without partition keys
      record::v1::PartitionSet set;
      RETURN_IF_ERROR(DecodeAt(keys_[i], *values[i], &set));
      stats_->partitions += set.partitions();
    }
    keys_.clear();
    return absl::OkStatus();
  }

 private:
  static constexpr std::size_t kAtOnce = 256;
  const store::Reader& reader_;
  MetastoreStats* stats_;
  std::vector<std::string> keys_;
};

absl::Status CountDatabase(const store::Reader& reader, record::DatabaseId id, PartitionCounter* partitions,
                           MetastoreStats* stats) {
  RETURN_IF_ERROR(ForEach(reader, record::TableNames(id), [&](std::string_view key, std::string_view value) {
    record::v1::TableEntry entry;
    RETURN_IF_ERROR(DecodeAt(key, value, &entry));
    ++stats->tables;
    return partitions->Add(record::TableId{entry.id()});
  }));
  return ForEach(reader, record::Functions(id), [&](std::string_view, std::string_view) {
    ++stats->functions;
    return absl::OkStatus();
  });
}

absl::Status CountCatalog(const store::Reader& reader, record::CatalogId id, PartitionCounter* partitions,
                          MetastoreStats* stats) {
  return ForEach(reader, record::DatabaseNames(id), [&](std::string_view key, std::string_view value) {
    record::v1::DatabaseEntry entry;
    RETURN_IF_ERROR(DecodeAt(key, value, &entry));
    ++stats->databases;
    return CountDatabase(reader, record::DatabaseId{entry.id()}, partitions, stats);
  });
}

}  // namespace

absl::Status DropBrokenLoads(Metastore::Impl& metastore) {
  std::vector<std::pair<std::string, record::SetId>> loads;
  const auto snapshot = metastore.store().Snapshot();
  RETURN_IF_ERROR(ForEach(*snapshot, record::PendingLoads(), [&](std::string_view key, std::string_view value) {
    record::v1::PendingLoad load;
    RETURN_IF_ERROR(DecodeAt(key, value, &load));
    loads.emplace_back(key, record::SetId{load.set_id()});
    return absl::OkStatus();
  }));
  if (loads.empty()) return absl::OkStatus();
  const auto body = [&](store::Transaction& txn) {
    for (const auto& [key, set] : loads) {
      txn.DeleteRange(record::PartitionParts(set));
      txn.Delete(key);
    }
    return absl::OkStatus();
  };
  return OwnSession(metastore).Write(body).status();
}

absl::Status Maintain(Metastore::Impl& metastore) {
  RETURN_IF_ERROR(PurgeExpired(metastore));
  RETURN_IF_ERROR(ExpireTokens(metastore));
  RETURN_IF_ERROR(metastore.nonces().Expire(metastore.store(), metastore.NowMillis()));
  RETURN_IF_ERROR(ExpireTransactions(metastore));
  return ExpireEvents(metastore);
}

absl::StatusOr<MetastoreStats> CountObjects(Metastore::Impl& metastore) {
  const auto snapshot = metastore.store().Snapshot();
  MetastoreStats stats;
  stats.version = snapshot->version();
  PartitionCounter partitions(*snapshot, &stats);
  RETURN_IF_ERROR(ForEach(*snapshot, record::CatalogNames(), [&](std::string_view key, std::string_view value) {
    record::v1::CatalogRecord catalog;
    RETURN_IF_ERROR(DecodeAt(key, value, &catalog));
    ++stats.catalogs;
    return CountCatalog(*snapshot, record::CatalogId{static_cast<uint64_t>(catalog.catalog().id())}, &partitions,
                        &stats);
  }));
  RETURN_IF_ERROR(partitions.Flush());
  RETURN_IF_ERROR(ForEach(*snapshot, record::DroppedObjects(), [&](std::string_view key, std::string_view value) {
    DroppedObject dropped;
    RETURN_IF_ERROR(DecodeAt(key, value, &dropped));
    if (!metastore.IsExpired(dropped.dropped_ms())) ++stats.dropped_objects;
    return absl::OkStatus();
  }));
  ASSIGN_OR_RETURN(const EventBounds events, event::Bounds(*snapshot));
  stats.events = events.newest_id - events.first_id + 1;
  const store::StoreStats engine = metastore.store().Stats();
  stats.live_bytes = engine.live_bytes;
  stats.memory_bytes = engine.memory_bytes;
  stats.read_only = engine.read_only;
  stats.engine_detail = engine.detail;
  return stats;
}

}  // namespace lodestone::session
