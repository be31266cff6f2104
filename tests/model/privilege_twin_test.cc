// Random histories of grants, revokes, roles, owners, renames, drops and undrops: the catalog and the plain twin must
// agree on every answer. A seed is printed with every failure. LODESTONE_SOAK_FACTOR multiplies the number of
// histories (default 1).
#include "tests/model/privilege_twin.h"

#include <optional>
#include <random>

#include "tests/support/soak.h"
#include "tests/unit/session/fixture.h"

namespace lodestone::twin {
namespace {

using testing::FailsWith;
using testing::HasCode;
using enum Privilege;

class Histories : public testing::SessionTest {
 protected:
  void Begin(uint64_t seed) {
    random_.seed(seed);
    twin_ = PrivilegeTwin();
    Reopen({});
    for (const std::string& role : kRoles) ASSERT_OK(Root().CreateRole(role));
    // The database that every catalog has belongs to nobody in particular.
    twin_.Make(0, "default", "", true);
    for (const std::string& name : kDatabases) MakeDatabaseOf(name, "olga");
    for (const std::string& name : kTables) MakeTableOf("d0", name, "tom");
  }
  Session Root() { return metastore_->Local(); }
  Session As(const std::string& user) { return metastore_->As({.name = user}); }
  int Below(int n) { return std::uniform_int_distribution<int>(0, n - 1)(random_); }
  template <typename T>
  const T& OneOf(const std::vector<T>& all) {
    return all[static_cast<std::size_t>(Below(static_cast<int>(all.size())))];
  }
  Grantee AnyGrantee() {
    const int what = Below(10);
    if (what < 6) return Grantee::User(OneOf(kUsers));
    return Grantee::Role(what < 9 ? OneOf(kRoles) : std::string("public"));
  }

  void MakeDatabaseOf(const std::string& name, const std::string& owner) {
    model::v1::Database database;
    database.set_name(name);
    database.set_owner_name(owner);
    ASSERT_OK(Root().CreateDatabase(database));
    twin_.Make(0, name, owner, true);
  }
  void MakeTableOf(const std::string& database, const std::string& name, const std::string& owner) {
    model::v1::Table table = testing::MakeTable(database, name);
    table.set_owner(owner);
    ASSERT_OK(Root().CreateTable(table));
    twin_.Make(twin_.FindDatabase(database), name, owner, false);
  }

  // A thing that is there, with how the library calls it.
  std::pair<int, Securable> AnyThing() {
    for (;;) {
      const int what = Below(10);
      if (what == 0) return {0, Securable::Catalog()};
      const std::string& database = OneOf(kDatabases);
      const int in = twin_.FindDatabase(database);
      if (in < 0) continue;
      if (what < 4) return {in, Securable::Database(database)};
      const std::string& name = OneOf(kTables);
      const int table = twin_.FindTable(database, name);
      if (table < 0) {
        if (Below(4) == 0) return {in, Securable::Database(database)};
        continue;
      }
      return {table, Securable::Table({.database = database, .table = name})};
    }
  }

  // Half of the time one of the grants with grant option, if there is any: others may rest on it.
  std::optional<GrantEntry> EntryToBuildOn() {
    if (Below(2) == 0) return std::nullopt;
    absl::StatusOr<std::vector<GrantEntry>> entries = Root().ListGrants();
    EXPECT_OK(entries);
    std::erase_if(*entries, [](const GrantEntry& entry) { return !entry.grant_option; });
    if (entries->empty()) return std::nullopt;
    return OneOf(*entries);
  }
  std::pair<int, Securable> ThingOf(const GrantEntry& entry) {
    for (;;) {
      const auto [thing, on] = AnyThing();
      if (on.ToString() == entry.on.ToString()) return {thing, on};
    }
  }

  void GrantStep() {
    const std::optional<GrantEntry> held = EntryToBuildOn();
    const bool pass_on = held.has_value() && held->grantee.kind == GranteeKind::kUser;
    const std::string by = pass_on ? held->grantee.name : Below(3) == 0 ? "" : OneOf(kUsers);
    const auto [thing, on] = pass_on ? ThingOf(*held) : AnyThing();
    const Grantee to = AnyGrantee();
    const Privilege privilege = pass_on ? held->privilege : OneOf(kPrivileges);
    const bool option = Below(2) == 0;
    const absl::Status done = As(by).Grant({.to = to, .privileges = privilege, .on = on, .grant_option = option});
    const bool may = twin_.MayGrant(by, privilege, thing, option);
    ASSERT_EQ(done.code(), may ? absl::StatusCode::kOk : absl::StatusCode::kPermissionDenied) << done;
    if (may) twin_.Grant(by, to, privilege, thing, option);
    ++(may ? granted_ : denied_);
  }
  void RevokeStep() {
    const std::optional<GrantEntry> granted = EntryToBuildOn();
    const std::string by = granted ? granted->grantor : Below(3) == 0 ? "" : OneOf(kUsers);
    const auto [thing, on] = granted ? ThingOf(*granted) : AnyThing();
    const Grantee from = granted ? granted->grantee : AnyGrantee();
    const Privilege privilege = granted ? granted->privilege : OneOf(kPrivileges);
    const bool option_only = Below(4) == 0;
    const bool restrict = Below(2) == 0;
    const absl::Status done =
        As(by).Revoke({.from = from, .privileges = privilege, .on = on, .grant_option_only = option_only},
                      restrict ? RevokeMode::kRestrict : RevokeMode::kCascade);
    switch (twin_.Revoke(by, from, privilege, thing, option_only, restrict)) {
      case PrivilegeTwin::Revoked::kDone:
        ASSERT_OK(done);
        ++revoked_;
        break;
      case PrivilegeTwin::Revoked::kDenied:
        ASSERT_THAT(done, HasCode(absl::StatusCode::kPermissionDenied));
        break;
      case PrivilegeTwin::Revoked::kRestricted:
        ASSERT_THAT(done, FailsWith(absl::StatusCode::kFailedPrecondition, "by virtue of it"));
        ++restricted_;
        break;
    }
  }
  void RoleStep() {
    const std::string role = Below(12) == 0 ? "admin" : OneOf(kRoles);
    const Grantee member = Below(2) == 0 ? Grantee::User(OneOf(kUsers)) : Grantee::Role(OneOf(kRoles));
    if (twin_.IsMember(member, role)) {
      ASSERT_OK(Root().RevokeRole(role, member));
      twin_.Leave(member, role);
    } else if (!twin_.IsIn(Grantee::Role(role), member.kind == GranteeKind::kRole ? member.name : "")) {
      ASSERT_OK(Root().GrantRole(role, member));
      twin_.Join(member, role);
    }
  }
  void ObjectStep() {
    const std::string& database = OneOf(kDatabases);
    const std::string& name = OneOf(kTables);
    const int in = twin_.FindDatabase(database);
    const int table = twin_.FindTable(database, name);
    const TableName named{.database = database, .table = name};
    switch (Below(7)) {
      case 0:
        if (in < 0) MakeDatabaseOf(database, OneOf(kUsers));
        break;
      case 1:
        if (in > 0 && table < 0) MakeTableOf(database, name, OneOf(kUsers));
        break;
      case 2:
        if (table < 0) break;
        ASSERT_OK(Root().DropTable(named));
        twin_.Drop(table);
        break;
      case 3: {
        const absl::Status done = Root().UndropTable(named);
        const int back = in > 0 ? twin_.Undrop(in, name, false) : -1;
        ASSERT_EQ(done.ok(), back > 0) << done;
        break;
      }
      case 4: {
        const std::string& to_database = OneOf(kDatabases);
        const std::string& to = OneOf(kTables);
        const int into = twin_.FindDatabase(to_database);
        if (table < 0 || into < 0 || twin_.FindTable(to_database, to) > 0) break;
        ASSERT_OK(Root().RenameTable(named, {.database = to_database, .table = to}));
        twin_.Rename(table, into, to);
        break;
      }
      case 5: {
        if (table < 0) break;
        const std::string& owner = OneOf(kUsers);
        ASSERT_OK(Root().ModifyTable(named, [&](model::v1::Table& changed) {
          changed.set_owner(owner);
          return absl::OkStatus();
        }));
        twin_.SetOwner(table, owner);
        break;
      }
      default:
        DatabaseStep(database, in);
    }
  }
  void DatabaseStep(const std::string& database, int in) {
    switch (Below(3)) {
      case 0:
        if (in < 0) break;
        ASSERT_OK(Root().DropDatabase(database, {.mode = DropMode::kCascade}));
        twin_.Drop(in);
        break;
      case 1: {
        const absl::Status done = Root().UndropDatabase(database);
        ASSERT_EQ(done.ok(), twin_.Undrop(0, database, true) > 0) << done;
        break;
      }
      default: {
        const std::string& to = OneOf(kDatabases);
        if (in < 0 || twin_.FindDatabase(to) > 0) break;
        ASSERT_OK(Root().RenameDatabase(database, to));
        twin_.Rename(in, 0, to);
      }
    }
  }
  void AskStep() {
    const std::string& user = OneOf(kUsers);
    const auto [thing, on] = AnyThing();
    const Privilege privilege = OneOf(kPrivileges);
    const auto decision = As(user).Check({.name = user}, privilege, on);
    ASSERT_OK(decision);
    ASSERT_EQ(decision->allowed, twin_.Has(user, privilege, thing)) << on.ToString() << ": " << decision->why;
    ++asked_;
    testing::Names databases;
    for (const std::string& name : kAllDatabases) {
      const int in = twin_.FindDatabase(name);
      if (in < 0 || !twin_.Sees(user, in)) continue;
      databases.push_back(name);
      testing::Names tables;
      for (const std::string& table : kTables) {
        const int number = twin_.FindTable(name, table);
        if (number > 0 && twin_.Sees(user, number)) tables.push_back(table);
      }
      const auto listed = As(user).ListTables(name);
      ASSERT_OK(listed);
      ASSERT_EQ(listed->items, tables) << user << " in " << name;
    }
    const auto listed = As(user).ListDatabases();
    ASSERT_OK(listed);
    ASSERT_EQ(listed->items, databases) << user;
  }
  void CompareEntries() {
    const auto entries = Root().ListGrants();
    ASSERT_OK(entries);
    std::vector<std::string> texts;
    for (const GrantEntry& entry : *entries) {
      texts.push_back(std::string(NameOf(entry.privilege)) + " on " + entry.on.ToString() + " to " +
                      entry.grantee.ToString() + " by '" + entry.grantor + "'" +
                      (entry.grant_option ? " with option" : "") + (entry.derived ? " derived" : ""));
    }
    std::ranges::sort(texts);
    ASSERT_EQ(texts, twin_.Entries());
  }
  void Step() {
    const int what = Below(100);
    if (what < 35) return GrantStep();
    if (what < 55) return RevokeStep();
    if (what < 62) return RoleStep();
    if (what < 75) return ObjectStep();
    AskStep();
  }

  const std::vector<std::string> kUsers = {"ana", "bob", "carl", "olga", "tom"};
  const std::vector<std::string> kRoles = {"r0", "r1", "r2"};
  const std::vector<std::string> kDatabases = {"d0", "d1"};
  const std::vector<std::string> kAllDatabases = {"d0", "d1", "default"};
  const std::vector<std::string> kTables = {"t0", "t1", "t2"};
  const std::vector<Privilege> kPrivileges = {kSelect, kInsert, kSelect, kGrantPrivilege, kRevokePrivilege};
  std::mt19937_64 random_;
  PrivilegeTwin twin_;
  int64_t granted_ = 0, denied_ = 0, revoked_ = 0, restricted_ = 0, asked_ = 0;
};

// 20,000 steps; a soak run at factor 50 makes 1,000,000.
TEST_F(Histories, TheLibraryAndTheTwinAgree) {
  constexpr int kSteps = 400;
  const uint64_t first = testing::SeedOr(20260105);
  const int histories = testing::Soaked(50);
  for (int history = 0; history < histories; ++history) {
    const uint64_t seed = first + static_cast<uint64_t>(history);
    SCOPED_TRACE("LODESTONE_SEED=" + std::to_string(seed));
    Begin(seed);
    for (int step = 0; step < kSteps && !HasFailure(); ++step) {
      SCOPED_TRACE("step " + std::to_string(step));
      Step();
      if (step % 50 == 0) CompareEntries();
    }
    CompareEntries();
    ExpectSound();
    if (HasFailure()) return;
  }
  // A history in which nothing happens proves nothing.
  EXPECT_GT(granted_, histories);
  EXPECT_GT(denied_, histories);
  EXPECT_GT(revoked_, histories);
  EXPECT_GE(restricted_, histories / 5);
  EXPECT_GT(asked_, histories);
}

}  // namespace
}  // namespace lodestone::twin
