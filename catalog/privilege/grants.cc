#include "catalog/privilege/grants.h"

#include <utility>

#include "catalog/base/status_macros.h"
#include "catalog/base/strings.h"
#include "catalog/errors.h"
#include "catalog/privilege/grant_graph.h"
#include "catalog/privilege/grant_records.h"
#include "catalog/privilege/visible.h"
#include "catalog/record/format.h"
#include "catalog/record/keys.h"

namespace lodestone::privilege {

namespace {

using record::GrantedOn;
using record::v1::GrantsRecord;
using Kind = Securable::Kind;

absl::StatusOr<GrantsRecord> ReadGrants(const store::Reader& reader, const std::string& key) {
  ASSIGN_OR_RETURN(const auto value, reader.Get(key));
  if (!value) return GrantsRecord();
  return DecodeGrants(key, *value);
}

// Finds what stands, and writes it; with kRestrict nothing derived may fall.
absl::Status SettleAndStore(GrantGraph* graph, RevokeMode mode) {
  ASSIGN_OR_RETURN(const int64_t fallen, graph->Settle());
  if (fallen > 0 && mode == RevokeMode::kRestrict) {
    return MakeError(ErrorKind::kInvalidOperation, ObjectKind::kPrivilege, {},
                     base::StrCat(fallen, " grants were made by virtue of it, among them ", graph->FirstFallen(),
                                  "; revoke them first, or with CASCADE"));
  }
  return graph->Store();
}

}  // namespace

absl::Status AddGrants(store::Transaction& txn, const Place& place, const NewGrants& grants) {
  const GrantedOn on = LevelsOf(place).back();
  const std::string key = record::GrantKey(on, grants.to);
  ASSIGN_OR_RETURN(GrantsRecord record, ReadGrants(txn, key));
  const bool is_new = record.entries().empty();
  bool changed = false;
  for (const Privilege privilege : grants.privileges.ToVector()) {
    GrantsRecord::Entry entry;
    entry.set_privilege(static_cast<uint32_t>(privilege));
    entry.set_grantor(grants.grantor);
    entry.set_grant_option(grants.grant_option);
    entry.set_derived(grants.derived.Has(privilege));
    entry.set_time_ms(grants.time_ms);
    changed = MergeEntry(entry, &record) || changed;
  }
  if (!changed) return absl::OkStatus();
  txn.Put(key, record::EncodeRecord(record));
  return is_new ? NoteGrantRecord(txn, on, grants.to, 1) : absl::OkStatus();
}

absl::Status RemoveGrants(store::Transaction& txn, const Place& place, const OldGrants& grants, RevokeMode mode) {
  const GrantedOn on = LevelsOf(place).back();
  GrantGraph graph(txn, on);
  RETURN_IF_ERROR(graph.Load());
  graph.Change([&](const record::GrantKeyParts& where, GrantGraph::Entry* entry) {
    if (where.grantee != grants.from || where.on != on) return false;
    if (!grants.privileges.Has(static_cast<Privilege>(entry->privilege()))) return false;
    if (grants.grantor && entry->grantor() != *grants.grantor) return false;
    if (!grants.grant_option_only) return true;
    entry->set_grant_option(false);
    return false;
  });
  return SettleAndStore(&graph, mode);
}

absl::Status KeepOnly(store::Transaction& txn, const Place& place, const Grantee& grantee, PrivilegeSet privileges) {
  const GrantedOn on = LevelsOf(place).back();
  GrantGraph graph(txn, on);
  RETURN_IF_ERROR(graph.Load());
  graph.Change([&](const record::GrantKeyParts& where, GrantGraph::Entry* entry) {
    if (where.grantee != grantee || where.on != on) return false;
    if (!privileges.Has(static_cast<Privilege>(entry->privilege()))) return true;
    entry->set_grant_option(false);
    return false;
  });
  return SettleAndStore(&graph, RevokeMode::kCascade);
}

absl::Status KeepOnlyThese(store::Transaction& txn, const Place& place, const std::map<Grantee, KeptGrants>& kept) {
  const GrantedOn on = LevelsOf(place).back();
  GrantGraph graph(txn, on);
  RETURN_IF_ERROR(graph.Load());
  graph.Change([&](const record::GrantKeyParts& where, GrantGraph::Entry* entry) {
    if (where.on != on) return false;
    const auto stays = kept.find(where.grantee);
    const auto privilege = static_cast<Privilege>(entry->privilege());
    if (stays == kept.end() || !stays->second.privileges.Has(privilege)) return true;
    if (!stays->second.with_option.Has(privilege)) entry->set_grant_option(false);
    return false;
  });
  return SettleAndStore(&graph, RevokeMode::kCascade);
}

absl::StatusOr<PrivilegeSet> GrantedOnExactly(const store::Reader& reader, const Place& place, const Grantee& grantee,
                                              std::optional<std::string_view> grantor) {
  ASSIGN_OR_RETURN(const GrantsRecord record, ReadGrants(reader, record::GrantKey(LevelsOf(place).back(), grantee)));
  PrivilegeSet all;
  for (const GrantsRecord::Entry& entry : record.entries()) {
    if (!grantor || entry.grantor() == *grantor) all |= static_cast<Privilege>(entry.privilege());
  }
  return all;
}

absl::Status DropUnsupported(store::Transaction& txn, record::CatalogId catalog, RevokeMode mode) {
  return DropUnsupportedBeneath(txn, {.catalog = catalog, .kind = Kind::kCatalog}, mode);
}

absl::Status DropUnsupportedBeneath(store::Transaction& txn, const GrantedOn& on, RevokeMode mode) {
  GrantGraph graph(txn, on);
  RETURN_IF_ERROR(graph.Load());
  return SettleAndStore(&graph, mode);
}

absl::Status DropGrantsTo(store::Transaction& txn, record::CatalogId catalog, const Grantee& grantee) {
  GrantGraph graph(txn, {.catalog = catalog, .kind = Kind::kCatalog});
  RETURN_IF_ERROR(graph.Load());
  graph.Change([&](const record::GrantKeyParts& where, GrantGraph::Entry*) { return where.grantee == grantee; });
  return SettleAndStore(&graph, RevokeMode::kCascade);
}

}  // namespace lodestone::privilege
