#include "catalog/session/call.h"

#include "catalog/base/strings.h"
#include "catalog/errors.h"
#include "catalog/session/place.h"

namespace lodestone::session {

namespace {

using privilege::Access;
using privilege::Place;
using privilege::Requirement;

// Whether a list needs nothing but that its object may be seen. Of the catalog and the store anybody may list what is
// visible, which can be nothing.
bool IsForWhoeverSees(Securable::Kind kind) {
  return kind != Securable::Kind::kCatalog && kind != Securable::Kind::kGlobal;
}

}  // namespace

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
  ASSIGN_OR_RETURN(Place place, FindPlace(reader, catalog, on));
  if (target_ && !target_->shown.empty() && target_->on == on) place.shown = target_->shown;
  return place;
}

absl::StatusOr<Decision> Call::DecideOn(const store::Reader& reader, Operation operation, const Place& place) {
  ASSIGN_OR_RETURN(Access * access, AccessOf(reader));
  const Requirement& requirement = privilege::RequirementOf(operation, place.kind);
  if (!requirement.anyone) return access->Decide(operation, place);
  if (!IsForWhoeverSees(place.kind)) return Decision{.allowed = true, .why = "anybody may"};
  ASSIGN_OR_RETURN(const bool sees, access->Sees(place));
  if (sees) return Decision{.allowed = true, .why = base::StrCat("may see ", place.shown)};
  return Decision{.allowed = false, .why = base::StrCat("any privilege on ", place.shown, " or in it would do")};
}

absl::Status Call::DenyAt(const Place& place, std::string_view why) {
  denied_ = true;
  why_ = why;
  return privilege::Denied(session_.principal, operation_, place);
}

void Call::Allow(std::string_view why) {
  if (why.empty()) return;
  base::StrAppend(&why_, why_.empty() ? "" : "; ", why);
}

absl::Status Call::Deny(std::string_view why) {
  Place place;
  place.kind = target_->on.kind;
  place.shown = target_->shown.empty() ? Lowered(target_->on).ToString() : target_->shown;
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

absl::StatusOr<std::optional<std::vector<std::string>>> Call::CheckColumns(const store::Reader& reader) {
  using Columns = std::optional<std::vector<std::string>>;
  if (!checked()) return Columns();
  ASSIGN_OR_RETURN(const Place place, PlaceOf(reader, target_->on));
  ASSIGN_OR_RETURN(const Decision decision, DecideOn(reader, operation_, place));
  if (decision.allowed) {
    Allow(decision.why);
    return Columns();
  }
  ASSIGN_OR_RETURN(Access * access, AccessOf(reader));
  const Requirement& requirement = privilege::RequirementOf(operation_, place.kind);
  ASSIGN_OR_RETURN(std::vector<std::string> columns, access->ColumnsWith(requirement.any_of, place));
  if (columns.empty()) return DenyAt(place, decision.why);
  std::string why = "granted on columns";
  for (const std::string& column : columns) base::StrAppend(&why, " ", column);
  Allow(why);
  return Columns(std::move(columns));
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
  ASSIGN_OR_RETURN(const record::CatalogId catalog, CatalogOf(reader));
  ASSIGN_OR_RETURN(const auto members, privilege::FindMemberships(reader, catalog, session_.principal));
  return members.is_store_administrator;
}

// --- From begin to end ---

void Call::Begin() {
  reader_ = nullptr;
  access_.reset();
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
  // The transaction is gone.
  reader_ = nullptr;
  access_.reset();
  return done.status();
}

void Call::End(const absl::Status& result, bool changes) {
  const Metastore::Impl& metastore = *session_.metastore;
  AuditSink* const sink = metastore.options().audit;
  if (sink == nullptr || !(changes || checked())) return;
  AuditTrail::Entry entry{.record = {}, .changes = changes, .wrote = wrote_};
  AuditRecord& record = entry.record;
  record.time_ms = metastore.NowMillis();
  record.request_id = session_.request_id;
  record.principal = session_.principal.name;
  record.catalog = session_.catalog;
  record.action = privilege::NameOf(operation_);
  record.object = target_->shown.empty() ? Lowered(target_->on).ToString() : target_->shown;
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
  if (call.WantsTarget(true)) call.SetTarget(where());
  absl::Status done = prepare();
  if (done.ok()) done = call.RunWrite(ask, body);
  call.EndWrite(done);
  return done;
}

}  // namespace lodestone::session
