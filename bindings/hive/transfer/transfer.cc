#include "bindings/hive/transfer/transfer.h"

#include <algorithm>
#include <map>
#include <tuple>
#include <utility>

#include "bindings/hive/transfer/same.h"
#include "bindings/hive/transfer/transfer_run.h"
#include "catalog/base/status_macros.h"
#include "catalog/base/strings.h"
#include "catalog/errors.h"

namespace lodestone::hive {

namespace {

using base::StrCat;

constexpr std::string_view kKinds[kTransferKinds] = {"databases",   "tables",    "partitions", "statistics",
                                                     "constraints", "functions", "roles",      "grants"};
// One of them, for messages.
constexpr std::string_view kOne[kTransferKinds] = {"database",   "table",    "partition", "statistics of",
                                                   "constraint", "function", "role",      "grant"};

absl::Status Annotate(const absl::Status& status, std::string_view text) {
  absl::Status out(status.code(), base::ToAbsl(text));
  status.ForEachPayload([&](absl::string_view url, const absl::Cord& payload) { out.SetPayload(url, payload); });
  return out;
}

}  // namespace

std::string_view NameOf(TransferKind kind) { return kKinds[static_cast<std::size_t>(kind)]; }

int64_t TransferReport::left_out() const {
  int64_t sum = 0;
  for (const TransferCounts& one : counts) sum += one.left_out;
  return sum;
}

absl::StatusOr<TransferReport> Transfer(Side* from, Side* to, const TransferOptions& options) {
  return TransferRun(from, to, options).Run();
}

// ---- What all steps use ----

absl::Status TransferRun::LeaveOut(TransferKind kind, std::string_view object, const absl::Status& why) {
  if (why.ok() || IsFatal(why) || ends_) return why;
  ++Count(kind).left_out;
  ends_ = report_.left_out() > options_.max_errors;
  if (ends_) {
    return Annotate(why, StrCat(kOne[static_cast<std::size_t>(kind)], " ", object, ": ", why.message()));
  }
  if (options_.on_left_out) options_.on_left_out(kind, object, why);
  return absl::OkStatus();
}

absl::Status TransferRun::LeaveOut(TransferKind kind, const Refused& refused) {
  for (const auto& [object, why] : refused.all()) RETURN_IF_ERROR(LeaveOut(kind, object, why));
  return absl::OkStatus();
}

void TransferRun::Differs(TransferKind kind, std::string_view object) {
  ++Count(kind).different;
  if (options_.on_different) options_.on_different(kind, object);
}

void TransferRun::Show(std::string_view what, int64_t objects) {
  progress_.objects += objects;
  if (!options_.on_progress) return;
  TransferProgress shown = progress_;
  shown.what = what;
  options_.on_progress(shown);
}

// ---- All ----

absl::StatusOr<Names> TransferRun::WantedDatabases() {
  ASSIGN_OR_RETURN(Names all, from_.Databases());
  if (options_.databases.empty()) return all;
  Names wanted;
  for (const std::string& one : options_.databases) {
    const std::string name = base::AsciiLower(one);
    if (std::ranges::find(all, name) == all.end()) {
      return MakeError(ErrorKind::kNoSuchObject, ObjectKind::kDatabase, name,
                       StrCat("database ", base::Quoted(name), ": the source has none of this name"));
    }
    if (std::ranges::find(wanted, name) == wanted.end()) wanted.push_back(name);
  }
  return wanted;
}

absl::StatusOr<TransferReport> TransferRun::Run() {
  ASSIGN_OR_RETURN(const Names databases, WantedDatabases());
  if (options_.grants) {
    RETURN_IF_ERROR(DoRoles());
    RETURN_IF_ERROR(DoGrants(Securable::Catalog()));
  }
  for (const std::string& name : databases) {
    const absl::StatusOr<Names> tables = from_.Tables(name);
    if (tables.ok()) progress_.tables_total += static_cast<int64_t>(tables->size());
  }
  for (const std::string& name : databases) RETURN_IF_ERROR(DoDatabase(name));
  RETURN_IF_ERROR(DoForeignKeys());
  return report_;
}

// ---- Databases ----

absl::Status TransferRun::DoDatabase(const std::string& name) {
  Show(StrCat("database ", name), 1);
  const absl::StatusOr<bool> placed = PlaceDatabase(name);
  if (!placed.ok() || !*placed) return LeaveOut(TransferKind::kDatabase, name, placed.status());
  if (options_.grants) RETURN_IF_ERROR(DoGrants(Securable::Database(name)));
  const absl::StatusOr<Names> functions = from_.Functions(name);
  RETURN_IF_ERROR(LeaveOut(TransferKind::kFunction, StrCat(name, ".*"), functions.status()));
  if (functions.ok()) {
    for (const std::string& function : *functions) RETURN_IF_ERROR(DoFunction({name, function}));
  }
  const absl::StatusOr<Names> tables = from_.Tables(name);
  RETURN_IF_ERROR(LeaveOut(TransferKind::kTable, StrCat(name, ".*"), tables.status()));
  return tables.ok() ? DoTables(name, *tables) : absl::OkStatus();
}

absl::StatusOr<bool> TransferRun::IsEmptyAtTarget(const std::string& database) {
  ASSIGN_OR_RETURN(const Names tables, to_.Tables(database));
  if (!tables.empty()) return false;
  ASSIGN_OR_RETURN(const Names functions, to_.Functions(database));
  return functions.empty();
}

absl::StatusOr<bool> TransferRun::PlaceDatabase(const std::string& name) {
  ASSIGN_OR_RETURN(const auto found, from_.FindDatabase(name));
  if (!found) return false;  // dropped meanwhile
  ASSIGN_OR_RETURN(const auto there, to_.FindDatabase(name));
  TransferCounts& counts = Count(TransferKind::kDatabase);
  if (!there) {
    RETURN_IF_ERROR(to_.CreateDatabase(*found));
    ++counts.added;
    return true;
  }
  if (IsSame(*found, *there)) {
    ++counts.there;
    return true;
  }
  bool update = options_.update;
  model::v1::Database wanted = *found;
  if (name == kDefaultDatabase) {
    if (!update) {
      ASSIGN_OR_RETURN(update, IsEmptyAtTarget(name));
    }
    wanted.set_owner_name(there->owner_name());
    wanted.set_owner_type(there->owner_type());
  }
  if (update) {
    RETURN_IF_ERROR(to_.AlterDatabase(wanted));
    ++counts.updated;
  } else {
    Differs(TransferKind::kDatabase, name);
  }
  return true;
}

// ---- Functions ----

absl::Status TransferRun::DoFunction(const FunctionName& name) {
  Show(StrCat("function ", name.ToString()), 1);
  const auto place = [&]() -> absl::Status {
    ASSIGN_OR_RETURN(const auto found, from_.FindFunction(name));
    if (!found) return absl::OkStatus();
    ASSIGN_OR_RETURN(const auto there, to_.FindFunction(name));
    TransferCounts& counts = Count(TransferKind::kFunction);
    if (!there) {
      RETURN_IF_ERROR(to_.CreateFunction(*found));
      ++counts.added;
    } else if (IsSame(*found, *there)) {
      ++counts.there;
    } else if (options_.update) {
      RETURN_IF_ERROR(to_.AlterFunction(*found));
      ++counts.updated;
    } else {
      Differs(TransferKind::kFunction, name.ToString());
    }
    return absl::OkStatus();
  };
  return LeaveOut(TransferKind::kFunction, name.ToString(), place());
}

// ---- Roles ----

absl::Status TransferRun::DoRoles() {
  ASSIGN_OR_RETURN(const Names roles, from_.Roles());
  if (roles.empty()) return absl::OkStatus();
  ASSIGN_OR_RETURN(const Names known, to_.Roles());
  Names placed;
  for (const std::string& role : roles) {
    Show(StrCat("role ", role), 1);
    const bool is_there =
        std::ranges::any_of(known, [&](const auto& one) { return base::EqualsIgnoreCase(one, role); });
    const absl::Status made = is_there ? absl::OkStatus() : to_.CreateRole(role);
    RETURN_IF_ERROR(LeaveOut(TransferKind::kRole, role, made));
    if (!made.ok()) continue;
    ++(is_there ? Count(TransferKind::kRole).there : Count(TransferKind::kRole).added);
    placed.push_back(role);
  }
  // A role may be a member of any other.
  for (const std::string& role : placed) RETURN_IF_ERROR(LeaveOut(TransferKind::kRole, role, DoMembers(role)));
  return absl::OkStatus();
}

absl::Status TransferRun::DoMembers(const std::string& role) {
  ASSIGN_OR_RETURN(const std::vector<RoleGrant> members, from_.Members(role));
  if (members.empty()) return absl::OkStatus();
  ASSIGN_OR_RETURN(const std::vector<RoleGrant> there, to_.Members(role));
  for (const RoleGrant& member : members) {
    const bool has = std::ranges::any_of(there, [&](const RoleGrant& one) {
      return one.member.kind == member.member.kind && (one.admin_option || !member.admin_option) &&
             (member.member.kind == GranteeKind::kRole ? base::EqualsIgnoreCase(one.member.name, member.member.name)
                                                       : one.member.name == member.member.name);
    });
    const absl::Status granted = has ? absl::OkStatus() : to_.GrantRole(member);
    RETURN_IF_ERROR(LeaveOut(TransferKind::kRole, StrCat(role, " to ", member.member.ToString()), granted));
    if (granted.ok()) ++(has ? Count(TransferKind::kRole).there : Count(TransferKind::kRole).added);
  }
  return absl::OkStatus();
}

// ---- Grants ----

namespace {

// Who got something from whom, with or without grant option. Roles have no case.
using GrantKey = std::tuple<Grantee, std::string, bool>;
GrantKey KeyOf(const GrantSpec& grant) {
  Grantee to = grant.to;
  if (to.kind == GranteeKind::kRole) to.name = base::AsciiLower(to.name);
  return {std::move(to), grant.grantor, grant.grant_option};
}

// What of `wanted` is not among those `there`. Who granted it counts where that is said.
PrivilegeSet MissingOf(const GrantSpec& wanted, const std::vector<GrantSpec>& there) {
  const auto [to, grantor, option] = KeyOf(wanted);
  PrivilegeSet missing = wanted.privileges;
  for (const GrantSpec& one : there) {
    const auto [its_to, its_grantor, its_option] = KeyOf(one);
    const bool says_it = its_to == to && (grantor.empty() || its_grantor == grantor) && (its_option || !option);
    if (says_it) missing = missing.Without(one.privileges);
  }
  return missing;
}

}  // namespace

absl::Status TransferRun::DoGrants(const Securable& on) {
  const auto place = [&]() -> absl::Status {
    Refused refused;
    ASSIGN_OR_RETURN(const std::vector<GrantSpec> rows, from_.Grants(on, refused.Sink()));
    RETURN_IF_ERROR(LeaveOut(TransferKind::kGrant, refused));
    if (rows.empty()) return absl::OkStatus();
    ASSIGN_OR_RETURN(const std::vector<GrantSpec> there, to_.Grants(on, [](std::string_view, const absl::Status&) {}));
    std::map<GrantKey, GrantSpec> wanted;
    for (const GrantSpec& row : rows) {
      // Its members have everything on either side; metastores have a grant that says so.
      if (row.to.kind == GranteeKind::kRole && base::EqualsIgnoreCase(row.to.name, kAdminRole)) continue;
      wanted.try_emplace(KeyOf(row), row).first->second.privileges |= row.privileges;
    }
    for (auto& [key, grant] : wanted) {
      grant.privileges = MissingOf(grant, there);
      if (grant.privileges.empty()) {
        ++Count(TransferKind::kGrant).there;
        continue;
      }
      const absl::Status granted = to_.Grant(grant);
      RETURN_IF_ERROR(
          LeaveOut(TransferKind::kGrant, StrCat("on ", on.ToString(), " to ", grant.to.ToString()), granted));
      if (granted.ok()) ++Count(TransferKind::kGrant).added;
    }
    Show(StrCat("grants on ", on.ToString()), static_cast<int64_t>(wanted.size()));
    return absl::OkStatus();
  };
  return LeaveOut(TransferKind::kGrant, StrCat("on ", on.ToString()), place());
}

}  // namespace lodestone::hive
