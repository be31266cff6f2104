#include "catalog/session/verify.h"

#include <algorithm>

#include "catalog/base/strings.h"
#include "catalog/session/objects.h"
#include "catalog/session/verify_accounts.h"
#include "catalog/session/verify_state.h"
#include "catalog/session/verify_transactions.h"

namespace lodestone::session {

using base::StrCat;
using record::KeyHead;
using record::Tag;
using record::v1::DroppedObject;

void Verifier::Report(std::string_view key, std::string_view what) {
  findings_->push_back({.where = record::Describe(key), .what = std::string(what)});
}

void Verifier::NoteId(uint64_t id) { greatest_id_ = std::max(greatest_id_, id); }

void Verifier::AddNamed(std::map<uint64_t, Named>* to, std::string_view key, uint64_t id, Named named) {
  NoteId(id);
  if (id == 0) return Report(key, "it leads to the id 0");
  const auto [there, added] = to->emplace(id, std::move(named));
  if (!added) Report(key, StrCat("it leads to the id ", id, ", and so does ", base::Quoted(there->second.name)));
}

// --- Names ---

void Verifier::CheckMeta(std::string_view key, std::string_view value) {
  if (key == record::HeaderKey()) {
    record::v1::StoreHeader header;
    has_header_ = true;
    if (Decode(key, value, &header) && header.format_version() != record::kStoreFormat) {
      Report(key, StrCat("expected format ", record::kStoreFormat, ", found ", header.format_version()));
    }
  } else if (key == record::ObjectSequenceKey()) {
    if (!Decode(key, value, &sequence_.emplace())) sequence_.reset();
  } else if (key == record::EventLogStateKey()) {
    if (!Decode(key, value, &events_.emplace())) events_.reset();
  }
}

void Verifier::CheckCatalogName(std::string_view key, std::string_view value) {
  record::v1::CatalogRecord record;
  if (!Decode(key, value, &record)) return;
  const auto id = static_cast<uint64_t>(record.catalog().id());
  NoteId(id);
  if (id == 0) return Report(key, "its id is 0");
  const auto [there, added] = catalogs_.emplace(id, record::NameInCatalogNameKey(key));
  if (!added) Report(key, StrCat("its id ", id, " is also that of catalog ", base::Quoted(there->second)));
}

void Verifier::CheckDatabaseName(const KeyHead& head, std::string_view key, std::string_view value) {
  if (!catalogs_.contains(head.id)) Report(key, StrCat("there is no catalog with the id ", head.id));
  record::v1::DatabaseEntry entry;
  if (!Decode(key, value, &entry)) return;
  AddNamed(&databases_, key, entry.id(), {.parent = head.id, .name = std::string(head.rest)});
}

void Verifier::CheckDatabase(const KeyHead& head, std::string_view key, std::string_view value) {
  record::v1::DatabaseRecord record;
  if (!Decode(key, value, &record)) return;
  const auto named = databases_.find(head.id);
  if (named == databases_.end()) return Report(key, "no name leads to it");
  Named& name = named->second;
  name.has_record = true;
  ExpectOwnedDatabase(record::CatalogId{name.parent}, record::DatabaseId{head.id}, record);
  if (record.catalog_id() != name.parent) {
    Report(key, StrCat("it says that it is of catalog ", record.catalog_id(), ", its name stands under ", name.parent));
  }
  if (record.name() != name.name) {
    Report(key, StrCat("it says that it is ", base::Quoted(record.name()), ", its name is ", base::Quoted(name.name)));
  }
}

void Verifier::CheckTableName(const KeyHead& head, std::string_view key, std::string_view value) {
  if (!databases_.contains(head.id)) Report(key, StrCat("there is no database with the id ", head.id));
  record::v1::TableEntry entry;
  if (!Decode(key, value, &entry)) return;
  AddNamed(&tables_, key, entry.id(), {.parent = head.id, .name = std::string(head.rest), .entry = std::string(value)});
  ExpectOwnedTable(record::DatabaseId{head.id}, head.rest, entry);
}

void Verifier::CheckFunction(const KeyHead& head, std::string_view key, std::string_view value) {
  if (!databases_.contains(head.id)) Report(key, StrCat("there is no database with the id ", head.id));
  record::v1::FunctionRecord record;
  if (!Decode(key, value, &record)) return;
  NoteId(static_cast<uint64_t>(record.function().id()));
  if (record.function().id() == 0) return Report(key, "its id is 0");
  functions_.emplace(static_cast<uint64_t>(record.function().id()),
                     Named{.parent = head.id, .name = std::string(head.rest)});
  ExpectOwnedFunction(record::DatabaseId{head.id}, head.rest, record.function());
}

// --- Dropped objects, loads, events ---

absl::Status Verifier::ReadDropped() {
  return ForEach(reader_, record::DroppedObjects(), [this](std::string_view key, std::string_view value) {
    DroppedObject dropped;
    if (!DecodeAt(key, value, &dropped).ok()) return absl::OkStatus();  // reported when the pass comes by
    Named named{.parent = dropped.parent_id(), .name = dropped.name(), .entry = dropped.entry(), .dropped = true};
    NoteId(dropped.id());
    if (dropped.kind() == DroppedObject::CATALOG) {
      catalogs_.emplace(dropped.id(), dropped.name());
    } else if (dropped.kind() == DroppedObject::DATABASE) {
      AddNamed(&databases_, key, dropped.id(), std::move(named));
    } else if (dropped.kind() == DroppedObject::TABLE) {
      AddNamed(&tables_, key, dropped.id(), std::move(named));
    } else if (dropped.kind() == DroppedObject::FUNCTION) {
      functions_.emplace(dropped.id(), std::move(named));
    }
    return absl::OkStatus();
  });
}

void Verifier::CheckDropped(std::string_view key, std::string_view value) {
  DroppedObject dropped;
  if (!Decode(key, value, &dropped)) return;
  const std::string expected =
      record::DroppedKey(dropped.kind(), dropped.parent_id(), dropped.name(), dropped.dropped_ms(), dropped.id());
  if (key != expected) Report(key, StrCat("the record in it is about ", record::Describe(expected)));
  const uint64_t parent = dropped.parent_id();
  const auto check_entry = [&](auto entry, const auto& id_of) {
    if (!Decode(key, dropped.entry(), &entry)) return;
    const auto id = static_cast<uint64_t>(id_of(entry));
    if (id != dropped.id()) Report(key, StrCat("the entry kept in it has the id ", id));
  };
  switch (dropped.kind()) {
    case DroppedObject::CATALOG:
      return check_entry(record::v1::CatalogRecord(), [](const auto& e) { return e.catalog().id(); });
    case DroppedObject::DATABASE:
      if (!catalogs_.contains(parent)) Report(key, StrCat("there is no catalog with the id ", parent));
      return check_entry(record::v1::DatabaseEntry(), [](const auto& e) { return e.id(); });
    case DroppedObject::TABLE:
      if (!databases_.contains(parent)) Report(key, StrCat("there is no database with the id ", parent));
      return check_entry(record::v1::TableEntry(), [](const auto& e) { return e.id(); });
    case DroppedObject::FUNCTION:
      if (!databases_.contains(parent)) Report(key, StrCat("there is no database with the id ", parent));
      return check_entry(record::v1::FunctionRecord(), [](const auto& e) { return e.function().id(); });
    default:
      return Report(key, StrCat("there is no kind ", static_cast<int>(dropped.kind())));
  }
}

void Verifier::CheckPendingLoad(std::string_view key, std::string_view value) {
  record::v1::PendingLoad load;
  if (!Decode(key, value, &load)) return;
  NoteId(load.set_id());
  if (key != record::PendingLoadKey(record::SetId{load.set_id()})) {
    Report(key, StrCat("the record in it is about set ", load.set_id()));
  }
  if (sets_.contains(load.set_id())) Report(key, "a table refers to its set already");
}

void Verifier::CheckEvent(std::string_view key, std::string_view value) {
  ++event_count_;
  const int64_t id = record::EventIdInKey(key);
  if (!events_ || id < events_->first() || id >= events_->next()) Report(key, "it is beyond the bounds of the log");
  record::v1::EventRecord record;
  if (!Decode(key, value, &record)) return;
  const model::v1::Event& event = record.event();
  if (event.id() != id) Report(key, StrCat("it says that its id is ", event.id()));
  if (event.version() < last_event_version_ || event.version() > static_cast<int64_t>(reader_.version())) {
    Report(key, StrCat("its version ", event.version(), " is not between those of the event before it (",
                       last_event_version_, ") and of the store (", reader_.version(), ")"));
  }
  last_event_version_ = std::max(last_event_version_, event.version());
}

// --- The pass ---

absl::Status Verifier::CheckKey(std::string_view key, std::string_view value, std::string* skip_to) {
  if (!record::IsWellFormed(key)) {
    Report(key, "the key follows no rule of the layout");
    return absl::OkStatus();
  }
  switch (static_cast<Tag>(static_cast<unsigned char>(key[0]))) {
    case Tag::kMeta:
      CheckMeta(key, value);
      return absl::OkStatus();
    case Tag::kCatalogName:
      CheckCatalogName(key, value);
      return absl::OkStatus();
    case Tag::kDropped:
      CheckDropped(key, value);
      return absl::OkStatus();
    default:
      break;
  }
  const std::optional<KeyHead> head = record::ParseHead(key);
  if (!head) return absl::OkStatus();  // not with a well-formed key
  if (table_ && (head->tag != Tag::kTable || head->id != table_->id.value)) FinishTable();
  switch (head->tag) {
    case Tag::kDatabaseName:
      CheckDatabaseName(*head, key, value);
      break;
    case Tag::kDatabase:
      CheckDatabase(*head, key, value);
      break;
    case Tag::kTableName:
      CheckTableName(*head, key, value);
      break;
    case Tag::kFunction:
      CheckFunction(*head, key, value);
      break;
    case Tag::kReference:
      references_.emplace(head->id, record::ChildInReferenceKey(key).value);
      break;
    case Tag::kTable:
      return CheckTablePart(*head, key, value);
    case Tag::kPartition:
      return CheckPartitions(*head, key, skip_to);
    case Tag::kEvent:
      CheckEvent(key, value);
      break;
    case Tag::kPendingLoad:
      CheckPendingLoad(key, value);
      break;
    case Tag::kGrant:
      return CheckGrants(key, value);
    case Tag::kVisible:
      CheckVisible(key, value);
      break;
    default:
      break;
  }
  return absl::OkStatus();
}

absl::Status Verifier::Run() {
  RETURN_IF_ERROR(ReadDropped());
  RETURN_IF_ERROR(ForEach(reader_, record::PendingLoads(), [this](std::string_view key, std::string_view) {
    if (const auto head = record::ParseHead(key)) pending_.insert(head->id);
    return absl::OkStatus();
  }));
  const auto cursor = reader_.NewCursor(store::KeyRange{}, {.long_scan = true, .fill_cache = false});
  for (cursor->SeekToFirst(); cursor->Valid();) {
    std::string skip_to;
    RETURN_IF_ERROR(CheckKey(cursor->key(), cursor->value(), &skip_to));
    if (skip_to.empty()) {
      cursor->Next();
    } else {
      cursor->Seek(skip_to);
    }
  }
  RETURN_IF_ERROR(cursor->status());
  if (table_) FinishTable();
  RETURN_IF_ERROR(FinishReferences());
  FinishVisible();
  RETURN_IF_ERROR(
      VerifyPrincipals(reader_, catalogs_, [this](std::string_view key, std::string_view what) { Report(key, what); }));
  RETURN_IF_ERROR(
      VerifyTransactions(reader_, [this](std::string_view key, std::string_view what) { Report(key, what); }));
  return Finish();
}

absl::Status Verifier::Finish() {
  const auto store_wide = [this](std::string_view what) {
    findings_->push_back({.where = "the store", .what = std::string(what)});
  };
  for (const auto& [id, named] : databases_) {
    if (named.has_record) continue;
    store_wide(
        StrCat("the name of database ", base::Quoted(named.name), " leads to the id ", id, ", which has no record"));
  }
  for (const auto& [id, named] : tables_) {
    if (named.has_record) continue;
    store_wide(
        StrCat("the name of table ", base::Quoted(named.name), " leads to the id ", id, ", which has no record"));
  }
  if (!has_header_) store_wide("it has no header");
  if (!sequence_) {
    store_wide("it has no sequence of ids");
  } else if (sequence_->next() <= greatest_id_) {
    store_wide(StrCat("the next id is ", sequence_->next(), ", and ", greatest_id_, " is in use"));
  }
  if (events_ && events_->next() - events_->first() != event_count_) {
    store_wide(StrCat("the log says that it has the events ", events_->first(), " to ", events_->next() - 1,
                      ", and has ", event_count_));
  }
  return absl::OkStatus();
}

absl::StatusOr<std::vector<VerifyFinding>> VerifyStore(Metastore::Impl& metastore) {
  std::vector<VerifyFinding> findings;
  RETURN_IF_ERROR(metastore.store().VerifyFiles(
      [&findings](const std::string& what) { findings.push_back({.where = "files", .what = what}); }));
  const auto snapshot = metastore.store().Snapshot();
  const absl::Status walked = Verifier(*snapshot, &findings).Run();
  // Damage that stops the walk is a finding as well.
  if (absl::IsDataLoss(walked)) {
    findings.push_back({.where = "the store", .what = std::string(base::ToStd(walked.message()))});
  } else if (!walked.ok()) {
    return walked;
  }
  return findings;
}

}  // namespace lodestone::session
