// What lies under the id of a table, and the partitions of its set.
#include <algorithm>

#include "catalog/base/coding.h"
#include "catalog/base/strings.h"
#include "catalog/model/type.h"
#include "catalog/partition/verify.h"
#include "catalog/session/objects.h"
#include "catalog/session/table_records.h"
#include "catalog/session/verify_state.h"
#include "catalog/session/verify_transactions.h"

namespace lodestone::session {

using base::StrCat;
using model::v1::Constraint;
using record::KeyHead;
using record::TableId;
using record::TablePart;

absl::Status Verifier::CheckTablePart(const KeyHead& head, std::string_view key, std::string_view value) {
  if (!table_) table_.emplace().id = TableId{head.id};
  if (!tables_.contains(head.id)) {
    if (orphans_.insert(head.id).second) Report(key, "no name leads to its table");
    return absl::OkStatus();
  }
  switch (static_cast<TablePart>(head.part)) {
    case TablePart::kRecord:
      CheckTableRecord(head, key, value);
      break;
    case TablePart::kPartitionSet:
      CheckPartitionSet(key, value);
      break;
    case TablePart::kDescriptor:
      CheckDescriptor(head, key, value);
      break;
    case TablePart::kDescriptorHash:
      CheckDescriptorHash(head, key, value);
      break;
    case TablePart::kStatistics:
      CheckStatistics(head, key, value);
      break;
    case TablePart::kConstraint:
      CheckConstraint(head, key, value);
      break;
    case TablePart::kWriteIdState:
      if (!Decode(key, value, &table_->write_ids.emplace())) table_->write_ids.reset();
      break;
    case TablePart::kWriteId:
      return VerifyWriteId(reader_, {.table = table_->id}, table_->write_ids ? &*table_->write_ids : nullptr, key,
                           value, [this](std::string_view at, std::string_view what) { Report(at, what); });
  }
  return absl::OkStatus();
}

void Verifier::CheckTableRecord(const KeyHead& head, std::string_view key, std::string_view value) {
  record::v1::TableRecord record;
  if (!Decode(key, value, &record)) return;
  Named& named = tables_.find(head.id)->second;
  named.has_record = true;
  if (record.database_id() != named.parent) {
    Report(key,
           StrCat("it says that it is of database ", record.database_id(), ", its name stands under ", named.parent));
  }
  if (record.name() != named.name) {
    Report(key, StrCat("it says that it is ", base::Quoted(record.name()), ", its name is ", base::Quoted(named.name)));
  }
  record::v1::TableEntry entry;
  if (!DecodeAt(key, named.entry, &entry).ok()) return;  // reported with the entry
  if (entry.SerializeAsString() != MakeTableEntry(TableId{head.id}, record.table()).SerializeAsString()) {
    Report(key, "the entry under its name says something else than the record");
  }
  for (const model::v1::Column& column : record.table().partition_keys()) {
    if (!model::ParseType(column.type()).ok()) {
      Report(key, StrCat("the type of partition key ", base::Quoted(column.name()),
                         " can't be read: ", base::Quoted(column.type())));
    }
  }
  table_->record = std::move(record);
}

void Verifier::CheckPartitionSet(std::string_view key, std::string_view value) {
  record::v1::PartitionSet set;
  if (!Decode(key, value, &set)) return;
  NoteId(set.set_id());
  if (set.set_id() == 0) Report(key, "the id of its set is 0");
  const auto [there, added] = sets_.emplace(set.set_id(), table_->id.value);
  if (!added) Report(key, StrCat("its set ", set.set_id(), " is also that of table ", there->second));
  table_->set = std::move(set);
}

void Verifier::CheckDescriptor(const KeyHead& head, std::string_view key, std::string_view value) {
  record::v1::SharedDescriptor descriptor;
  const uint32_t number = base::ReadBigEndian32(head.rest.data());
  table_->descriptors.emplace(number, 0);
  if (table_->set && number >= table_->set->next_descriptor()) {
    Report(key, StrCat("the next number of a descriptor is ", table_->set->next_descriptor()));
  }
  if (!Decode(key, value, &descriptor)) return;
  if (!descriptor.storage_descriptor().location().empty()) Report(key, "it has a location of its own");
}

void Verifier::CheckDescriptorHash(const KeyHead&, std::string_view key, std::string_view value) {
  if (value.empty() || value.size() % 4 != 0) {
    return Report(key, StrCat("expected numbers of 4 bytes each, found ", value.size(), " bytes"));
  }
  for (std::size_t at = 0; at < value.size(); at += 4) {
    const uint32_t number = base::ReadBigEndian32(value.data() + at);
    const auto found = table_->descriptors.find(number);
    if (found == table_->descriptors.end()) {
      Report(key, StrCat("there is no descriptor ", number));
    } else if (++found->second > 1) {
      Report(key, StrCat("descriptor ", number, " is in the index twice"));
    }
  }
}

bool Verifier::HasColumn(std::string_view column) const {
  if (!table_->record) return true;  // nothing can be said
  const auto same = [column](const model::v1::Column& c) { return c.name() == column; };
  const model::v1::Table& table = table_->record->table();
  return std::ranges::any_of(table.storage_descriptor().columns(), same) ||
         std::ranges::any_of(table.partition_keys(), same);
}

void Verifier::CheckStatistics(const KeyHead& head, std::string_view key, std::string_view value) {
  record::v1::StatisticsRecord record;
  if (!Decode(key, value, &record)) return;
  if (record.statistics().column() != head.rest) {
    Report(key, StrCat("it says that it is about column ", base::Quoted(record.statistics().column())));
  }
  if (!HasColumn(head.rest)) Report(key, "the table has no such column");
}

void Verifier::CheckConstraint(const KeyHead& head, std::string_view key, std::string_view value) {
  record::v1::ConstraintRecord record;
  if (!Decode(key, value, &record)) return;
  const Constraint& constraint = record.constraint();
  if (constraint.name() != head.rest) {
    Report(key, StrCat("it says that its name is ", base::Quoted(constraint.name())));
  }
  for (const std::string& column : constraint.columns()) {
    if (!HasColumn(column)) Report(key, StrCat("the table has no column ", base::Quoted(column)));
  }
  const bool foreign = constraint.kind() == Constraint::FOREIGN_KEY;
  if (foreign != (record.parent_table_id() != 0)) {
    return Report(key, foreign ? "a foreign key that points nowhere" : "it points at a table, and is no foreign key");
  }
  if (!foreign) return;
  const TableId parent{record.parent_table_id()};
  foreign_keys_[{parent.value, head.id}].emplace_back(key,
                                                      record::ConstraintKey(parent, constraint.parent_constraint()));
}

void Verifier::FinishTable() {
  const TableInProgress table = *std::move(table_);
  table_.reset();
  if (!table.record) return;  // reported at the end
  const std::string key = record::TableKey(table.id);
  const bool partitioned =
      !IsView(table.record->table().table_type()) && !table.record->table().partition_keys().empty();
  if (partitioned && !table.set) Report(key, "it has partition keys, and no partition set");
  if (!partitioned && table.set) Report(key, "it has a partition set, and no partition keys");
  for (const auto& [number, indexed] : table.descriptors) {
    if (indexed == 0) Report(record::DescriptorKey(table.id, number), "the index by content does not have it");
  }
}

absl::Status Verifier::FinishReferences() {
  for (const auto& [parent, child] : references_) {
    if (!foreign_keys_.contains({parent, child})) {
      Report(record::ReferenceKey(TableId{parent}, TableId{child}), "the child has no such foreign key");
    }
  }
  for (const auto& [tables, keys] : foreign_keys_) {
    for (const auto& [foreign_key, parent_key] : keys) {
      if (!references_.contains(tables)) Report(foreign_key, "no reference record leads from the parent to it");
      ASSIGN_OR_RETURN(const auto parent, reader_.Get(parent_key));
      if (!parent) Report(foreign_key, StrCat("it points at ", record::Describe(parent_key), ", which is not there"));
    }
  }
  return absl::OkStatus();
}

// --- Partitions ---

absl::Status Verifier::CheckPartitions(const KeyHead& head, std::string_view key, std::string* skip_to) {
  const record::SetId set{head.id};
  *skip_to = record::PartitionParts(set).upper;
  if (pending_.contains(head.id)) return absl::OkStatus();
  const auto owner = sets_.find(head.id);
  if (owner == sets_.end()) {
    Report(key, "no table refers to its partition set");
    return absl::OkStatus();
  }
  const TableId id{owner->second};
  ASSIGN_OR_RETURN(const auto record, ReadRecord<record::v1::TableRecord>(reader_, record::TableKey(id)));
  if (!record) return absl::OkStatus();  // reported with the table
  const TableName name{.database = databases_[record->database_id()].name, .table = record->name()};
  auto table = MakePartitions(kDefaultCatalog, id, name, record->table());
  if (!table.ok()) return absl::OkStatus();  // reported with the table
  ASSIGN_OR_RETURN(table->set, ReadPartitionSet(reader_, id));
  RETURN_IF_ERROR(partition::VerifyPartitions(reader_, *table, [this, &name](const std::string& what) {
    findings_->push_back({.where = StrCat("partitions of table ", name.ToString()), .what = what});
  }));
  return CheckPartitionStatistics(set);
}

// That their partitions exist was checked with the pages.
absl::Status Verifier::CheckPartitionStatistics(record::SetId set) {
  const auto range = record::PartitionParts(set, record::PartitionPart::kStatistics);
  return ForEach(reader_, range, [&](std::string_view key, std::string_view value) {
    record::v1::StatisticsRecord record;
    if (!record::IsWellFormed(key)) {
      Report(key, "the key follows no rule of the layout");
    } else if (Decode(key, value, &record)) {
      const std::string_view rest = record::ParseHead(key)->rest;
      if (record.statistics().column() != rest.substr(rest.find('\0') + 1)) {
        Report(key, StrCat("it says that it is about column ", base::Quoted(record.statistics().column())));
      }
    }
    return absl::OkStatus();
  });
}

}  // namespace lodestone::session
