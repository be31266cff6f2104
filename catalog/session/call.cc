#include "catalog/session/call.h"

#include "catalog/base/strings.h"
#include "catalog/errors.h"
#include "catalog/model/partition_name.h"
#include "catalog/session/place.h"
#include "google/protobuf/util/message_differencer.h"

namespace lodestone::session {

namespace {

using privilege::Access;
using privilege::Place;

}  // namespace

std::string ShownAs(const Securable& on) { return Lowered(on).ToString(); }

bool SameMessage(const google::protobuf::Message& a, const google::protobuf::Message& b) {
  return google::protobuf::util::MessageDifferencer::Equals(a, b);
}

// --- Decisions ---

absl::StatusOr<record::CatalogId> Call::CatalogOf(const store::Reader& reader) {
  if (reader_ == &reader) return catalog_;
  ASSIGN_OR_RETURN(catalog_, FindCatalogId(reader, session_.catalog));
  access_.emplace(reader, catalog_, session_.principal);
  reader_ = &reader;
  return catalog_;
}

absl::StatusOr<Access*> Call::AccessOf(const store::Reader& reader) {
  RETURN_IF_ERROR(CatalogOf(reader).status());
  return &*access_;
}

absl::StatusOr<Place> Call::PlaceOf(const store::Reader& reader, const Securable& on) {
  ASSIGN_OR_RETURN(const record::CatalogId catalog, CatalogOf(reader));
  if (on.kind != Securable::Kind::kPartition) return FindPlace(reader, catalog, on);
  ASSIGN_OR_RETURN(Place place, FindPlace(reader, catalog, Securable::Table(on.table())));
  place.kind = on.kind;
  place.leaf = model::EncodePartitionKey(std::span<const std::string>(on.values));
  place.shown = ShownAs(on);
  return place;
}

absl::StatusOr<Decision> Call::DecideOn(const store::Reader& reader, Operation operation, const Place& place) {
  ASSIGN_OR_RETURN(Access * access, AccessOf(reader));
  return access->Decide(operation, place);
}

absl::Status Call::DenyAt(const Place& place, std::string_view why) {
  denied_ = true;
  why_ = why;
  // What has no place of its own, as roles and other catalogs, is called what the call calls it.
  const bool above = place.kind == Securable::Kind::kGlobal || place.kind == Securable::Kind::kCatalog;
  if (!above || target_->shown.empty()) return privilege::Denied(session_.principal, operation_, place);
  Place named = place;
  named.shown = target_->shown;
  return privilege::Denied(session_.principal, operation_, named);
}

void Call::Allow(std::string_view why) {
  if (why.empty() || why_ == why) return;
  base::StrAppend(&why_, why_.empty() ? "" : "; ", why);
}

absl::Status Call::Deny(std::string_view why) {
  Place place;
  place.kind = target_->on.kind;
  place.shown = ShownAs(target_->on);
  return DenyAt(place, why);
}

absl::Status Call::CheckPlace(const store::Reader& reader, Operation operation, const Place& place) {
  if (!checked()) return absl::OkStatus();
  ASSIGN_OR_RETURN(const Decision decision, DecideOn(reader, operation, place));
  if (!decision.allowed) return DenyAt(place, decision.why);
  Allow(decision.why);
  return absl::OkStatus();
}

absl::Status Call::Check(const store::Reader& reader, Operation operation, const Securable& on) {
  if (!checked()) return absl::OkStatus();
  ASSIGN_OR_RETURN(const Place place, PlaceOf(reader, on));
  return CheckPlace(reader, operation, place);
}

absl::Status Call::CheckAny(const store::Reader& reader, std::initializer_list<Operation> operations,
                            const Securable& on) {
  if (!checked()) return absl::OkStatus();
  ASSIGN_OR_RETURN(const Place place, PlaceOf(reader, on));
  std::string why;
  for (const Operation operation : operations) {
    ASSIGN_OR_RETURN(const Decision decision, DecideOn(reader, operation, place));
    if (decision.allowed) {
      Allow(decision.why);
      return absl::OkStatus();
    }
    base::StrAppend(&why, why.empty() ? "" : "; ", decision.why);
  }
  return DenyAt(place, why);
}

absl::Status Call::CheckSeen(const store::Reader& reader, const Securable& on) {
  if (!checked()) return absl::OkStatus();
  ASSIGN_OR_RETURN(const Place place, PlaceOf(reader, on));
  ASSIGN_OR_RETURN(Access * access, AccessOf(reader));
  ASSIGN_OR_RETURN(const bool sees, access->Sees(place));
  if (sees) return absl::OkStatus();
  return DenyAt(place, base::StrCat("any privilege on ", place.shown, " or in it would do"));
}

absl::StatusOr<Decision> Call::DecideOnPartitions(const store::Reader& reader, const Place& table,
                                                  absl::FunctionRef<std::vector<std::string>()> keys) {
  ASSIGN_OR_RETURN(const Decision on_table, DecideOn(reader, operation_, table));
  if (on_table.allowed) return on_table;
  const std::vector<std::string> partitions = keys();
  if (partitions.empty()) return on_table;
  Decision decision;
  Place place = table;
  place.kind = Securable::Kind::kPartition;
  for (const std::string& key : partitions) {
    place.leaf = key;
    place.shown = base::StrCat("partition ", key, " of ", table.shown);
    ASSIGN_OR_RETURN(decision, DecideOn(reader, operation_, place));
    if (!decision.allowed) return on_table;
  }
  base::StrAppend(&decision.why, ", and so with each of ", partitions.size());
  return decision;
}

absl::Status Call::CheckPartitions(const store::Reader& reader, absl::FunctionRef<std::vector<std::string>()> keys) {
  if (!checked()) return absl::OkStatus();
  ASSIGN_OR_RETURN(const Place table, PlaceOf(reader, target_->on));
  ASSIGN_OR_RETURN(const Decision decision, DecideOnPartitions(reader, table, keys));
  if (!decision.allowed) return DenyAt(table, decision.why);
  Allow(decision.why);
  return absl::OkStatus();
}

absl::Status Call::CheckUndrop(const store::Reader& reader) {
  if (!checked()) return absl::OkStatus();
  ASSIGN_OR_RETURN(const record::CatalogId catalog, CatalogOf(reader));
  ASSIGN_OR_RETURN(const Place place, FindDroppedPlace(*session_.metastore, reader, catalog, target_->on));
  return CheckPlace(reader, operation_, place);
}

absl::StatusOr<std::optional<std::vector<std::string>>> Call::AllColumnsOrSome(const store::Reader& reader,
                                                                               const Place& place,
                                                                               const Decision& on_all) {
  using Columns = std::optional<std::vector<std::string>>;
  if (on_all.allowed) {
    Allow(on_all.why);
    return Columns();
  }
  ASSIGN_OR_RETURN(Access * access, AccessOf(reader));
  const privilege::Requirement& requirement = privilege::RequirementOf(operation_, place.kind);
  ASSIGN_OR_RETURN(std::vector<std::string> columns, access->ColumnsWith(requirement.any_of, place));
  if (columns.empty()) return DenyAt(place, on_all.why);
  std::string why = "granted on columns";
  for (const std::string& column : columns) base::StrAppend(&why, " ", column);
  Allow(why);
  return Columns(std::move(columns));
}

absl::StatusOr<std::optional<std::vector<std::string>>> Call::CheckColumns(const store::Reader& reader) {
  if (!checked()) return std::nullopt;
  ASSIGN_OR_RETURN(const Place place, PlaceOf(reader, target_->on));
  ASSIGN_OR_RETURN(const Decision decision, DecideOn(reader, operation_, place));
  return AllColumnsOrSome(reader, place, decision);
}

absl::StatusOr<std::optional<std::vector<std::string>>> Call::CheckColumnsOfPartitions(
    const store::Reader& reader, absl::FunctionRef<std::vector<std::string>()> keys) {
  if (!checked()) return std::nullopt;
  ASSIGN_OR_RETURN(const Place table, PlaceOf(reader, target_->on));
  ASSIGN_OR_RETURN(const Decision decision, DecideOnPartitions(reader, table, keys));
  return AllColumnsOrSome(reader, table, decision);
}

absl::StatusOr<bool> Call::May(const store::Reader& reader, Operation operation, const Securable& on) {
  if (!checked()) return true;
  ASSIGN_OR_RETURN(const Place place, PlaceOf(reader, on));
  ASSIGN_OR_RETURN(const Decision decision, DecideOn(reader, operation, place));
  return decision.allowed;
}

absl::StatusOr<bool> Call::Sees(const store::Reader& reader, const Securable& on) {
  if (!checked()) return true;
  ASSIGN_OR_RETURN(const Place place, PlaceOf(reader, on));
  ASSIGN_OR_RETURN(Access * access, AccessOf(reader));
  return access->Sees(place);
}

absl::StatusOr<bool> Call::IsStoreAdministrator(const store::Reader& reader) {
  if (!checked()) return true;
  ASSIGN_OR_RETURN(Access * access, AccessOf(reader));
  ASSIGN_OR_RETURN(const privilege::Memberships* members, access->Members());
  return members->is_store_administrator;
}

absl::StatusOr<Owner> OwnerOfNew(const store::Reader& reader, Call& call, const Securable& object, Owner asked) {
  const std::string& maker = call.session().principal.name;
  const bool user = asked.type == model::v1::USER || asked.type == model::v1::PRINCIPAL_TYPE_UNSPECIFIED;
  if (asked.name.empty() && maker.empty()) return asked;
  if (asked.name.empty() || (user && asked.name == maker)) return Owner{.name = maker, .type = model::v1::USER};
  RETURN_IF_ERROR(call.Check(reader, Operation::kChangeOwner, object));
  return asked;
}

bool SameOwner(const Owner& a, const Owner& b) {
  const auto type = [](const Owner& owner) {
    return owner.type == model::v1::PRINCIPAL_TYPE_UNSPECIFIED ? model::v1::USER : owner.type;
  };
  return a.name == b.name && type(a) == type(b);
}

// --- From begin to end ---

void Call::Leave() {
  reader_ = nullptr;
  access_.reset();
}

void Call::Begin() {
  Leave();
  denied_ = false;
  why_.clear();
}

absl::Status Call::RunWrite(Ask ask, absl::FunctionRef<absl::Status(store::Transaction&, Call&)> body) {
  const auto attempt = [&](store::Transaction& txn) -> absl::Status {
    Begin();
    if (ask == Ask::kBefore && checked()) RETURN_IF_ERROR(Check(txn));
    return body(txn, *this);
  };
  const absl::StatusOr<store::Version> done = session_.Write(attempt, &wrote_);
  if (done.ok() && wrote_) version_ = *done;
  Leave();  // the transaction is gone
  return done.status();
}

void Call::End(const absl::Status& result, bool changes) {
  const Metastore::Impl& metastore = *session_.metastore;
  AuditSink* const sink = metastore.options().audit;
  if (sink == nullptr || !session_.audited || !(changes || checked())) return;
  AuditTrail::Entry entry{.record = {}, .changes = changes, .wrote = wrote_};
  AuditRecord& record = entry.record;
  record.time_ms = metastore.NowMillis();
  record.request_id = session_.request_id;
  record.principal = session_.principal.name;
  record.catalog = session_.catalog;
  record.action = privilege::NameOf(operation_);
  record.object = target_->shown.empty() ? ShownAs(target_->on) : target_->shown;
  record.version = version_;
  const bool denied = denied_ && absl::IsPermissionDenied(result);
  record.outcome = denied        ? AuditRecord::Outcome::kDenied
                   : result.ok() ? AuditRecord::Outcome::kDone
                                 : AuditRecord::Outcome::kRefused;
  record.why = denied || result.ok() ? why_ : std::string(result.message());
  if (session_.trail != nullptr) {
    session_.trail->Add(std::move(entry));
  } else {
    sink->Write(record);
  }
}

absl::Status Write(const Session::Impl& session, Operation operation, absl::FunctionRef<Target()> where,
                   absl::FunctionRef<absl::Status()> prepare,
                   absl::FunctionRef<absl::Status(store::Transaction&, Call&)> body, Ask ask) {
  Call call(session, operation);
  absl::Status done = prepare();
  if (call.WantsTarget(true)) call.SetTarget(where());
  if (done.ok()) done = call.RunWrite(ask, body);
  call.EndWrite(done);
  return done;
}

}  // namespace lodestone::session
