#include "catalog/session/table_difference.h"

#include <algorithm>
#include <string_view>

#include "catalog/base/strings.h"
#include "catalog/session/call.h"

namespace lodestone::session {

namespace {

using model::v1::Column;
using model::v1::Table;

// A table as it is with one part of it taken from another.
void TakeColumns(const Table& from, Table* to) {
  *to->mutable_storage_descriptor()->mutable_columns() = from.storage_descriptor().columns();
  *to->mutable_partition_keys() = from.partition_keys();
}
void TakeOwner(const Table& from, Table* to) {
  to->set_owner(from.owner());
  to->set_owner_type(from.owner_type());
}
void TakeNames(const Table& from, Table* to) {
  to->set_catalog(from.catalog());
  to->set_database(from.database());
  to->set_name(from.name());
  to->set_id(from.id());
  to->set_create_time(from.create_time());
}

bool Mentions(std::string_view text, const std::vector<std::string>& hidden) {
  const std::string lower = base::AsciiLower(text);
  return std::ranges::any_of(hidden, [&](const std::string& name) { return lower.find(name) != std::string::npos; });
}

void KeepSilent(const std::vector<std::string>& hidden, google::protobuf::Map<std::string, std::string>* parameters) {
  for (auto at = parameters->begin(); at != parameters->end();) {
    const bool tells = Mentions(at->first, hidden) || Mentions(at->second, hidden);
    at = tells ? parameters->erase(at) : std::next(at);
  }
}

}  // namespace

std::vector<privilege::Operation> DifferencesOf(const Table& before, const Table& after) {
  using privilege::Operation;
  std::vector<Operation> needed;
  Table rest = after;
  TakeNames(before, &rest);
  // What is put back changes nothing where it was the same.
  const auto take = [&](Operation operation, const auto& put_back) {
    Table without = rest;
    put_back(&without);
    if (!SameMessage(without, rest)) needed.push_back(operation);
    rest = std::move(without);
  };
  const auto same_owner = SameOwner({before.owner(), before.owner_type()}, {after.owner(), after.owner_type()});
  if (!same_owner) needed.push_back(Operation::kChangeOwner);
  TakeOwner(before, &rest);
  take(Operation::kAlterTableColumns, [&](Table* table) { TakeColumns(before, table); });
  take(Operation::kAlterTableProperties, [&](Table* table) { *table->mutable_parameters() = before.parameters(); });
  take(Operation::kAlterTableLocation, [&](Table* table) {
    table->mutable_storage_descriptor()->set_location(before.storage_descriptor().location());
  });
  // Whether a message is there at all says nothing.
  if (!before.has_storage_descriptor() && SameMessage(rest.storage_descriptor(), before.storage_descriptor())) {
    rest.clear_storage_descriptor();
  }
  if (needed.empty() || !SameMessage(before, rest)) needed.push_back(Operation::kAlterTable);
  return needed;
}

void KeepColumns(const std::vector<std::string>& columns, Table* table) {
  const auto kept = [&](std::string_view name) { return std::ranges::find(columns, name) != columns.end(); };
  auto* descriptor = table->mutable_storage_descriptor();
  std::vector<std::string> hidden;
  for (auto* list : {descriptor->mutable_columns(), table->mutable_partition_keys()}) {
    const auto gone =
        std::stable_partition(list->begin(), list->end(), [&](const Column& c) { return kept(c.name()); });
    for (auto at = gone; at != list->end(); ++at) hidden.push_back(at->name());
    list->erase(gone, list->end());
  }
  // By a part of its bucket columns nobody finds a bucket.
  const auto& buckets = descriptor->bucket_columns();
  if (!std::ranges::all_of(buckets, [&](const std::string& name) { return kept(name); })) {
    descriptor->clear_bucket_columns();
    descriptor->clear_num_buckets();
  }
  auto* sorted = descriptor->mutable_sort_columns();
  sorted->erase(std::remove_if(sorted->begin(), sorted->end(), [&](const auto& one) { return !kept(one.column()); }),
                sorted->end());
  descriptor->clear_skewed_info();  // values of columns
  KeepSilent(hidden, descriptor->mutable_parameters());
  if (descriptor->has_serde_info()) KeepSilent(hidden, descriptor->mutable_serde_info()->mutable_parameters());
  KeepSilent(hidden, table->mutable_parameters());
  table->clear_view_original_text();
  table->clear_view_expanded_text();
}

}  // namespace lodestone::session
