// The walk behind VerifyStore.
//
// Idea. Keys are sorted so that names come before what they name: one pass over all keys meets every entry before the
// record that it leads to. Dropped objects lead to records as well, and stand at the end: they are read first. The
// pass notes who leads where; what nothing leads to, or leads nowhere, is a finding. Large are only the partitions, and
// those are left to the partition layer, set by set.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "catalog/base/strings.h"
#include "catalog/record/grant_keys.h"
#include "catalog/record/keys.h"
#include "catalog/session/context.h"
#include "lodestone/record/v1/grant.pb.h"
#include "lodestone/record/v1/transaction.pb.h"

namespace lodestone::session {

class Verifier {
 public:
  Verifier(const store::Reader& reader, std::vector<VerifyFinding>* findings) : reader_(reader), findings_(findings) {}

  // A failure: something could not be read at all.
  absl::Status Run();

 private:
  // Who leads to a database or table: its parent and its name, live or dropped.
  struct Named {
    uint64_t parent = 0;
    std::string name;
    std::string entry{};  // the value under the name
    bool dropped = false;
    bool has_record = false;
  };
  // What is known of the table whose parts the pass is at.
  struct TableInProgress {
    record::TableId id;
    std::optional<record::v1::TableRecord> record;
    std::optional<record::v1::PartitionSet> set;
    std::map<uint32_t, int> descriptors;  // number -> how often the index has it
    std::set<std::string> constraints;
    std::optional<record::v1::WriteIdState> write_ids;
  };

  void Report(std::string_view key, std::string_view what);
  // Decodes, and reports what does not decode.
  template <typename Message>
  bool Decode(std::string_view key, std::string_view value, Message* message);

  absl::Status ReadDropped();
  absl::Status CheckKey(std::string_view key, std::string_view value, std::string* skip_to);
  void CheckMeta(std::string_view key, std::string_view value);
  void CheckCatalogName(std::string_view key, std::string_view value);
  void CheckDropped(std::string_view key, std::string_view value);
  void CheckPendingLoad(std::string_view key, std::string_view value);
  void CheckDatabaseName(const record::KeyHead& head, std::string_view key, std::string_view value);
  void CheckDatabase(const record::KeyHead& head, std::string_view key, std::string_view value);
  void CheckTableName(const record::KeyHead& head, std::string_view key, std::string_view value);
  void CheckFunction(const record::KeyHead& head, std::string_view key, std::string_view value);
  void CheckEvent(std::string_view key, std::string_view value);
  // Notes a name that leads to an object; reports an id that two names lead to.
  void AddNamed(std::map<uint64_t, Named>* to, std::string_view key, uint64_t id, Named named);
  void NoteId(uint64_t id);

  // verify_tables.cc
  absl::Status CheckTablePart(const record::KeyHead& head, std::string_view key, std::string_view value);
  void CheckTableRecord(const record::KeyHead& head, std::string_view key, std::string_view value);
  void CheckPartitionSet(std::string_view key, std::string_view value);
  void CheckDescriptor(const record::KeyHead& head, std::string_view key, std::string_view value);
  void CheckDescriptorHash(const record::KeyHead& head, std::string_view key, std::string_view value);
  void CheckStatistics(const record::KeyHead& head, std::string_view key, std::string_view value);
  void CheckConstraint(const record::KeyHead& head, std::string_view key, std::string_view value);

  // verify_grants.cc
  absl::Status CheckGrants(std::string_view key, std::string_view value);
  // Why there can be no grant on it; empty: there can.
  absl::StatusOr<std::string> WhyNotGrantable(const record::GrantedOn& on);
  void CheckVisible(std::string_view key, std::string_view value);
  void FinishVisible();
  void ExpectOwnedDatabase(record::CatalogId catalog, record::DatabaseId id, const record::v1::DatabaseRecord& record);
  void ExpectOwnedTable(record::DatabaseId database, std::string_view name, const record::v1::TableEntry& entry);
  void ExpectOwnedFunction(record::DatabaseId database, std::string_view name, const model::v1::Function& function);
  // That somebody sees a table or function, by one grant or as its owner.
  void ExpectSeen(record::DatabaseId database, Securable::Kind kind, std::string_view name, uint64_t id,
                  const Grantee& grantee, bool owned);

  void FinishTable();
  bool HasColumn(std::string_view column) const;
  absl::Status CheckPartitions(const record::KeyHead& head, std::string_view key, std::string* skip_to);
  absl::Status CheckPartitionStatistics(record::SetId set);
  absl::Status FinishReferences();
  absl::Status Finish();

  const store::Reader& reader_;
  std::vector<VerifyFinding>* const findings_;

  std::map<uint64_t, std::string> catalogs_;  // id -> name, live or dropped
  std::map<uint64_t, Named> databases_;
  std::map<uint64_t, Named> tables_;
  std::map<uint64_t, Named> functions_;
  // What the index of visible objects has to say, by key: gathered from grants and owners, which stand before it.
  std::map<std::string, record::v1::VisibleEntry> visible_;
  std::map<uint64_t, uint64_t> sets_;  // set id -> table id
  std::set<uint64_t> pending_;         // sets of loads under way
  std::optional<TableInProgress> table_;
  std::set<uint64_t> orphans_;  // ids of tables and sets already reported
  // (parent, child): as reference records, and as foreign keys with the key of the constraint pointed at.
  std::set<std::pair<uint64_t, uint64_t>> references_;
  std::map<std::pair<uint64_t, uint64_t>, std::vector<std::pair<std::string, std::string>>> foreign_keys_;
  std::optional<record::v1::Sequence> sequence_;
  std::optional<record::v1::EventLogState> events_;
  bool has_header_ = false;
  uint64_t greatest_id_ = 0;
  int64_t event_count_ = 0;
  int64_t last_event_version_ = 0;
};

template <typename Message>
bool Verifier::Decode(std::string_view key, std::string_view value, Message* message) {
  const absl::Status decoded = DecodeAt(key, value, message);
  if (!decoded.ok()) Report(key, base::ToStd(decoded.message()));
  return decoded.ok();
}

}  // namespace lodestone::session
