#include "catalog/privilege/membership.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "catalog/record/format.h"
#include "catalog/record/keys.h"
#include "catalog/store/memory/memory_store.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "lodestone/record/v1/principal.pb.h"
#include "tests/support/matchers.h"

namespace lodestone::privilege {
namespace {

using record::CatalogId;
using ::testing::ElementsAre;
using testing::HasCode;
using ::testing::IsEmpty;
using ::testing::UnorderedElementsAre;

const CatalogId kHere{1};
const CatalogId kElsewhere{2};
const CatalogId kStore{};

Grantee User(std::string_view name) { return Grantee::User(name); }
Grantee Group(std::string_view name) { return Grantee::Group(name); }
Grantee Role(std::string_view name) { return Grantee::Role(name); }

class MembershipTest : public ::testing::Test {
 protected:
  void Join(CatalogId catalog, const Grantee& member, const Grantee& of) {
    auto txn = store_->Begin();
    ASSERT_OK(txn);
    const std::string value = record::EncodeRecord(record::v1::MembershipRecord());
    (*txn)->Put(record::MembershipKey(catalog, member, of), value);
    (*txn)->Put(record::MemberKey(catalog, of, member), value);
    ASSERT_OK((*txn)->Commit(store::Durability::kSync));
  }
  Memberships Of(const Principal& who, CatalogId catalog = kHere) {
    auto found = FindMemberships(*store_->Snapshot(), catalog, who);
    EXPECT_OK(found);
    return found.ok() ? *std::move(found) : Memberships();
  }
  std::vector<Grantee> Way(const Grantee& from, const Grantee& to) {
    auto way = FindWay(*store_->Snapshot(), kHere, from, to);
    EXPECT_OK(way);
    return way.ok() ? *std::move(way) : std::vector<Grantee>();
  }

  std::unique_ptr<store::Store> store_ = store::NewMemoryStore();
};

TEST_F(MembershipTest, EverybodyIsThemselvesAndPublic) {
  EXPECT_THAT(Of({.name = "ana"}).grantees, ElementsAre(User("ana"), Role("public")));
  EXPECT_FALSE(Of({.name = "ana"}).is_administrator);
}

TEST_F(MembershipTest, RolesComeThroughGroupsAndOtherRolesAndPublic) {
  Join(kHere, User("ana"), Group("staff"));
  Join(kHere, Group("staff"), Role("reader"));
  Join(kHere, Role("reader"), Role("guest"));
  Join(kHere, Role("guest"), Role("nobody"));
  Join(kHere, Role("public"), Role("everyone"));
  Join(kHere, User("anaa"), Role("other"));
  Join(kElsewhere, User("ana"), Role("foreign"));
  const auto found = Of({.name = "ana"}).grantees;
  EXPECT_EQ(found.front(), User("ana"));
  EXPECT_THAT(found, UnorderedElementsAre(User("ana"), Group("staff"), Role("public"), Role("reader"), Role("guest"),
                                          Role("nobody"), Role("everyone")));
  EXPECT_THAT(Of({.name = "ana"}, kElsewhere).grantees, ElementsAre(User("ana"), Role("public"), Role("foreign")));
}

TEST_F(MembershipTest, GroupsThatWereVouchedForCountAsThoseOfTheCatalog) {
  Join(kHere, Group("ops"), Role("writer"));
  EXPECT_THAT(Of({.name = "ben", .groups = {"ops", "unknown"}}).grantees,
              ElementsAre(User("ben"), Group("ops"), Group("unknown"), Role("public"), Role("writer")));
}

TEST_F(MembershipTest, AGroupIsNoRoleOfTheSameName) {
  Join(kHere, User("ana"), Group("admin"));
  Join(kHere, Group("x"), Role("admin"));
  EXPECT_FALSE(Of({.name = "ana"}).is_administrator);
  EXPECT_FALSE(Of({.name = "x"}).is_administrator);
  EXPECT_TRUE(Of({.name = "ana", .groups = {"x"}}).is_administrator);
}

TEST_F(MembershipTest, AdministratorsAreMembersOfAdminByAnyWay) {
  Join(kHere, User("ana"), Role("ops"));
  Join(kHere, Role("ops"), Role("admin"));
  EXPECT_TRUE(Of({.name = "ana"}).is_administrator);
  EXPECT_FALSE(Of({.name = "ana"}).is_store_administrator);
  EXPECT_FALSE(Of({.name = "ana"}, kElsewhere).is_administrator);
}

TEST_F(MembershipTest, AdministratorsOfTheStoreAreAdministratorsEverywhere) {
  Join(kStore, User("root"), Role("admin"));
  for (const CatalogId catalog : {kHere, kElsewhere}) {
    EXPECT_TRUE(Of({.name = "root"}, catalog).is_administrator);
    EXPECT_TRUE(Of({.name = "root"}, catalog).is_store_administrator);
  }
  // A group of that name makes nobody one.
  EXPECT_FALSE(Of({.name = "ana", .groups = {"root"}}).is_administrator);
}

TEST_F(MembershipTest, TheEmbeddingProgramIsAnAdministrator) {
  EXPECT_TRUE(Of({}).is_store_administrator);
  EXPECT_TRUE(Of({}).is_administrator);
}

TEST_F(MembershipTest, NamesThatCannotBeStoredBelongToNothing) {
  Join(kHere, User("ana"), Role("admin"));
  // Would be found with a prefix that is put together carelessly.
  for (const std::string& name : {std::string("ana\0", 4), std::string("ana\0\3admin", 10), std::string("\xFF"),
                                  std::string(129, 'x'), std::string("a\nb")}) {
    EXPECT_THAT(Of({.name = name}).grantees, ElementsAre(Role("public")));
    EXPECT_FALSE(Of({.name = name}).is_administrator);
    EXPECT_THAT(Of({.name = "ben", .groups = {name}}).grantees, ElementsAre(User("ben"), Role("public")));
  }
}

TEST_F(MembershipTest, ACircleInDamagedRecordsEnds) {
  Join(kHere, User("ana"), Role("a"));
  Join(kHere, Role("a"), Role("b"));
  Join(kHere, Role("b"), Role("a"));
  EXPECT_THAT(Of({.name = "ana"}).grantees, UnorderedElementsAre(User("ana"), Role("public"), Role("a"), Role("b")));
}

TEST_F(MembershipTest, TheWayIsTheShortest) {
  Join(kHere, User("ana"), Role("a"));
  Join(kHere, Role("a"), Role("b"));
  Join(kHere, Role("b"), Role("c"));
  Join(kHere, Role("a"), Role("z"));
  Join(kHere, Role("z"), Role("y"));
  Join(kHere, Role("y"), Role("c"));
  EXPECT_THAT(Way(User("ana"), Role("c")), ElementsAre(User("ana"), Role("a"), Role("b"), Role("c")));
  EXPECT_THAT(Way(Role("a"), Role("a")), ElementsAre(Role("a")));
  EXPECT_THAT(Way(Role("c"), Role("a")), IsEmpty());
  EXPECT_THAT(Way(User("ben"), Role("a")), IsEmpty());
}

TEST_F(MembershipTest, BuiltInRolesAreAlwaysThere) {
  auto txn = store_->Begin();
  ASSERT_OK(txn);
  (*txn)->Put(record::RoleKey(kHere, "etl"), record::EncodeRecord(record::v1::RoleRecord()));
  ASSERT_OK((*txn)->Commit(store::Durability::kSync));
  const auto snapshot = store_->Snapshot();
  const struct {
    std::string role;
    bool here;
    bool elsewhere;
  } cases[] = {{"admin", true, true}, {"public", true, true}, {"etl", true, false},
               {"et", false, false},  {"", false, false},     {std::string("etl\0", 4), false, false}};
  for (const auto& c : cases) {
    EXPECT_EQ(*RoleExists(*snapshot, kHere, c.role), c.here) << c.role;
    EXPECT_EQ(*RoleExists(*snapshot, kElsewhere, c.role), c.elsewhere) << c.role;
  }
}

TEST_F(MembershipTest, NamesHaveRules) {
  const struct {
    Grantee grantee;
    bool ok;
  } cases[] = {
      {User("ana"), true},
      {User("Ana Müller"), true},
      {User("acs:ram::1:user/ana"), true},
      {User(std::string(128, 'x')), true},
      {User(std::string(129, 'x')), false},
      {User(""), false},
      {User("a\tb"), false},
      {User("\x7F"), false},
      {Group("\xC3"), false},
      {Group("Staff"), true},
      {Role("etl"), true},
      {Role("ETL"), false},
  };
  for (const auto& c : cases) {
    EXPECT_THAT(CheckGrantee(c.grantee), HasCode(c.ok ? absl::StatusCode::kOk : absl::StatusCode::kInvalidArgument))
        << c.grantee.name;
  }
}

}  // namespace
}  // namespace lodestone::privilege
