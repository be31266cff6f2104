#include "catalog/privilege/grant_graph.h"

#include <algorithm>

#include "catalog/base/status_macros.h"
#include "catalog/base/strings.h"
#include "catalog/privilege/grant_records.h"
#include "catalog/privilege/grants.h"
#include "catalog/privilege/place.h"
#include "catalog/privilege/visible.h"
#include "catalog/record/format.h"
#include "catalog/record/keys.h"
#include "lodestone/record/v1/record.pb.h"

namespace lodestone::privilege {

namespace {

using base::StrCat;
using record::GrantedOn;
using record::v1::GrantsRecord;
using Kind = Securable::Kind;

// Two objects are the same where this is.
std::string ObjectKey(const GrantedOn& on) { return record::Grants(on).lower; }

bool Has(const Memberships& members, const Grantee& grantee) {
  return std::ranges::find(members.grantees, grantee) != members.grantees.end();
}

}  // namespace

std::vector<GrantedOn> LevelsOf(const GrantedOn& on) {
  Place place;
  place.kind = on.kind;
  place.catalog = on.catalog;
  place.database = on.database;
  place.object = on.object;
  place.leaf = on.leaf;
  return LevelsOf(place);
}

absl::Status GrantGraph::Load() {
  const auto cursor = txn_.NewCursor(record::GrantsBeneath(root_));
  for (cursor->SeekToFirst(); cursor->Valid(); cursor->Next()) {
    auto parts = record::ParseGrantKey(cursor->key());
    if (!parts) return BadGrantKey(cursor->key());
    ASSIGN_OR_RETURN(const GrantsRecord record, DecodeGrants(cursor->key(), cursor->value()));
    on_object_[ObjectKey(parts->on)].push_back(records_.size());
    Record& added = records_.emplace_back();
    added.where = *std::move(parts);
    added.key = cursor->key();
    for (const Entry& entry : record.entries()) {
      added.nodes.push_back(nodes_.size());
      nodes_.push_back({.record = records_.size() - 1, .entry = entry});
    }
  }
  return cursor->status();
}

void GrantGraph::Change(const std::function<bool(const record::GrantKeyParts&, Entry*)>& change) {
  for (Node& node : nodes_) {
    Record& record = records_[node.record];
    const bool option = node.entry.grant_option();
    node.gone = node.gone || change(record.where, &node.entry);
    record.changed = record.changed || node.gone || option != node.entry.grant_option();
  }
}

// --- Who grants ---

absl::StatusOr<const GrantGraph::Grantor*> GrantGraph::FindGrantor(record::CatalogId catalog, const std::string& name) {
  const auto [at, added] = grantors_.try_emplace({catalog.value, name});
  Grantor& grantor = at->second;
  if (!added) return &grantor;
  ASSIGN_OR_RETURN(grantor.members, FindMemberships(txn_, catalog, Principal{.name = name}));
  std::vector<GrantedOn> above = LevelsOf(root_);
  above.pop_back();
  std::vector<std::string> keys;
  for (const GrantedOn& level : above) {
    for (const Grantee& grantee : grantor.members.grantees) keys.push_back(record::GrantKey(level, grantee));
  }
  ASSIGN_OR_RETURN(const auto values, txn_.MultiGet(keys));
  for (std::size_t i = 0; i < keys.size(); ++i) {
    if (!values[i]) continue;
    ASSIGN_OR_RETURN(const GrantsRecord record, DecodeGrants(keys[i], *values[i]));
    for (const Entry& entry : record.entries()) {
      const auto privilege = static_cast<Privilege>(entry.privilege());
      grantor.all_above |= privilege;
      if (entry.grant_option()) grantor.above.with_option |= privilege;
    }
  }
  return &grantor;
}

absl::StatusOr<std::pair<Grantee, Grantee>> GrantGraph::OwnersOf(const GrantedOn& on) {
  const auto [at, added] = owners_.try_emplace({on.database.value, on.object});
  auto& [database, object] = at->second;
  if (!added) return at->second;
  if (on.database) {
    const std::string key = record::DatabaseKey(on.database);
    ASSIGN_OR_RETURN(const auto value, txn_.Get(key));
    record::v1::DatabaseRecord found;
    if (value) RETURN_IF_ERROR(record::DecodeRecord(*value, record::Describe(key), &found));
    database = OwnerOf(found.database().owner_name(), found.database().owner_type());
  }
  if (on.object == 0) return at->second;
  if (on.kind != Kind::kFunction) {
    const std::string key = record::TableKey(record::TableId{on.object});
    ASSIGN_OR_RETURN(const auto value, txn_.Get(key));
    record::v1::TableRecord found;
    if (value) RETURN_IF_ERROR(record::DecodeRecord(*value, record::Describe(key), &found));
    object = OwnerOf(found.table().owner(), found.table().owner_type());
    return at->second;
  }
  ASSIGN_OR_RETURN(const auto name, LiveName(txn_, on));
  if (!name) return at->second;
  const std::string key = record::FunctionKey(on.database, *name);
  ASSIGN_OR_RETURN(const auto value, txn_.Get(key));
  record::v1::FunctionRecord found;
  if (value) RETURN_IF_ERROR(record::DecodeRecord(*value, record::Describe(key), &found));
  object = OwnerOf(found.function().owner_name(), found.function().owner_type());
  return at->second;
}

absl::StatusOr<bool> GrantGraph::IsOwnerOf(const Grantor& grantor, const GrantedOn& on) {
  if (!on.database) return false;
  ASSIGN_OR_RETURN(const auto owners, OwnersOf(on));
  return IsOwner(owners.first, grantor.members) || IsOwner(owners.second, grantor.members);
}

// --- What stands ---

absl::StatusOr<GrantGraph::State> GrantGraph::Supported(const Node& node) {
  const GrantedOn& on = records_[node.record].where.on;
  ASSIGN_OR_RETURN(const Grantor* grantor, FindGrantor(on.catalog, node.entry.grantor()));
  const Memberships& members = grantor->members;
  const bool administrator = on.kind == Kind::kGlobal ? members.is_store_administrator : members.is_administrator;
  if (administrator) return State::kWithOption;
  ASSIGN_OR_RETURN(const bool owner, IsOwnerOf(*grantor, on));
  if (owner) return State::kWithOption;
  PrivilegeSet all = grantor->all_above;
  PrivilegeSet with_option = grantor->above.with_option;
  for (const GrantedOn& level : LevelsOf(on)) {
    const auto there = on_object_.find(ObjectKey(level));
    if (there == on_object_.end()) continue;
    for (const std::size_t record : there->second) {
      if (!Has(members, records_[record].where.grantee)) continue;
      for (const std::size_t other : records_[record].nodes) {
        if (nodes_[other].state == State::kFallen) continue;
        const auto privilege = static_cast<Privilege>(nodes_[other].entry.privilege());
        all |= privilege;
        if (nodes_[other].state == State::kWithOption) with_option |= privilege;
      }
    }
  }
  const auto privilege = static_cast<Privilege>(node.entry.privilege());
  if (with_option.Has(privilege)) return State::kWithOption;
  return all.Has(Privilege::kGrantPrivilege) && all.Has(privilege) ? State::kWithoutOption : State::kFallen;
}

absl::StatusOr<int64_t> GrantGraph::Settle() {
  std::vector<Node*> derived;
  for (Node& node : nodes_) {
    node.state = State::kFallen;
    if (node.gone) continue;
    if (node.entry.derived()) {
      derived.push_back(&node);
    } else {
      node.state = Wanted(node.entry);
    }
  }
  for (bool changed = true; changed;) {
    changed = false;
    for (Node* node : derived) {
      const State wanted = Wanted(node->entry);
      if (node->state == wanted) continue;
      ASSIGN_OR_RETURN(State supported, Supported(*node));
      supported = std::min(supported, wanted);
      changed = changed || supported != node->state;
      node->state = supported;
    }
  }
  return std::ranges::count_if(derived, [](const Node* node) { return node->state != Wanted(node->entry); });
}

std::string GrantGraph::FirstFallen() const {
  for (const Node& node : nodes_) {
    if (node.gone || node.state == Wanted(node.entry)) continue;
    const record::GrantKeyParts& where = records_[node.record].where;
    return StrCat(NameOf(static_cast<Privilege>(node.entry.privilege())), ", granted to ", where.grantee.ToString(),
                  " by user ", node.entry.grantor(), ", ", record::Describe(records_[node.record].key));
  }
  return {};
}

absl::Status GrantGraph::Store() {
  for (Node& node : nodes_) {
    Record& record = records_[node.record];
    if (node.gone || node.state == Wanted(node.entry)) continue;
    record.changed = true;
    if (node.state == State::kFallen) node.gone = true;
    node.entry.set_grant_option(false);
  }
  for (const Record& record : records_) {
    if (!record.changed) continue;
    GrantsRecord left;
    for (const std::size_t node : record.nodes) {
      if (!nodes_[node].gone) *left.add_entries() = nodes_[node].entry;
    }
    if (!left.entries().empty()) {
      txn_.Put(record.key, record::EncodeRecord(left));
      continue;
    }
    txn_.Delete(record.key);
    RETURN_IF_ERROR(NoteGrantRecord(txn_, record.where.on, record.where.grantee, -1));
  }
  return absl::OkStatus();
}

}  // namespace lodestone::privilege
