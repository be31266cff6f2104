// Roles and groups through the session: who may make them, and what follows.
#include <string>
#include <vector>

#include "catalog/errors.h"
#include "catalog/session.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/support/matchers.h"
#include "tests/unit/session/fixture.h"

namespace lodestone::testing {
namespace {

using absl::StatusCode;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

Grantee User(std::string_view name) { return Grantee::User(name); }
Grantee Group(std::string_view name) { return Grantee::Group(name); }
Grantee Role(std::string_view name) { return Grantee::Role(name); }

class RolesTest : public SessionTest {
 protected:
  RolesTest() : local_(metastore_->Local()) {}

  Session As(std::string_view name) { return metastore_->As(Principal{.name = std::string(name)}); }
  // `member`, `member+` with admin option, in the order of the list.
  std::vector<std::string> Members(std::string_view role) {
    auto members = local_.ListMembers(role);
    EXPECT_OK(members);
    std::vector<std::string> shown;
    for (const RoleGrant& grant : members.ok() ? *members : std::vector<RoleGrant>()) {
      EXPECT_EQ(grant.role, role);
      shown.push_back(grant.member.ToString() + (grant.admin_option ? "+" : ""));
    }
    return shown;
  }
  std::vector<std::string> RolesOf(const Grantee& member) {
    auto roles = local_.ListRolesOf(member);
    EXPECT_OK(roles);
    std::vector<std::string> shown;
    for (const RoleGrant& grant : roles.ok() ? *roles : std::vector<RoleGrant>()) shown.push_back(grant.role);
    return shown;
  }
  bool May(std::string_view user) {
    auto decision = local_.Check(Principal{.name = std::string(user)}, Privilege::kSelect, Securable::Table(kHits));
    EXPECT_OK(decision);
    return decision.ok() && decision->allowed;
  }

  Session local_;
};

TEST_F(RolesTest, RolesAreMadeListedAndDropped) {
  EXPECT_THAT(*local_.ListRoles(), ElementsAre("admin", "public"));
  ASSERT_OK(local_.CreateRole("ETL"));
  EXPECT_THAT(*local_.ListRoles(), ElementsAre("admin", "etl", "public"));
  EXPECT_THAT(local_.CreateRole("etl"), FailsWith(StatusCode::kAlreadyExists, "role etl exists already"));
  ASSERT_OK(local_.DropRole("Etl"));
  EXPECT_THAT(local_.DropRole("etl"), FailsWith(StatusCode::kNotFound, "role etl does not exist"));
}

TEST_F(RolesTest, NamesAndBuiltInRolesHaveRules) {
  for (const std::string& name : {std::string("admin"), std::string("PUBLIC")}) {
    EXPECT_THAT(local_.CreateRole(name), HasCode(StatusCode::kAlreadyExists));
    EXPECT_THAT(local_.DropRole(name), HasCode(StatusCode::kFailedPrecondition));
  }
  for (const std::string& name : {std::string(), std::string("a\nb"), std::string(129, 'x'), std::string("\xFF"),
                                  std::string("None"), std::string("all"), std::string("default")}) {
    EXPECT_THAT(local_.CreateRole(name), HasCode(StatusCode::kInvalidArgument)) << name;
  }
  EXPECT_THAT(local_.GrantRole("public", User("ana")), HasCode(StatusCode::kFailedPrecondition));
  EXPECT_THAT(local_.RevokeRole("Public", User("ana")), HasCode(StatusCode::kFailedPrecondition));
}

TEST_F(RolesTest, MembersAreUsersGroupsAndRoles) {
  ASSERT_OK(local_.CreateRole("etl"));
  ASSERT_OK(local_.CreateRole("all_etl"));
  ASSERT_OK(local_.GrantRole("etl", User("ana")));
  ASSERT_OK(local_.GrantRole("etl", Group("staff"), true));
  ASSERT_OK(local_.GrantRole("ETL", Role("ALL_etl")));
  EXPECT_THAT(Members("etl"), ElementsAre("user ana", "group staff+", "role all_etl"));
  EXPECT_THAT(RolesOf(Role("all_etl")), ElementsAre("etl"));
  const auto grant = local_.ListRolesOf(User("ana"));
  ASSERT_OK(grant);
  EXPECT_EQ((*grant)[0].time_ms, kStart);
  EXPECT_EQ((*grant)[0].grantor, "");
  EXPECT_THAT(local_.GrantRole("absent", User("ana")), FailsWith(StatusCode::kNotFound, "role absent"));
  EXPECT_THAT(local_.GrantRole("etl", Role("absent")), FailsWith(StatusCode::kNotFound, "role absent"));
  EXPECT_THAT(local_.GrantRole("etl", User("")), HasCode(StatusCode::kInvalidArgument));
}

TEST_F(RolesTest, AdministratorsGiveRolesOnBehalfOfOthers) {
  ASSERT_OK(local_.CreateRole("etl"));
  ASSERT_OK(local_.GrantRole("etl", User("ana"), true, "zoe"));
  ASSERT_OK(As("ana").GrantRole("etl", User("bob"), false, "zoe"));
  const auto members = local_.ListMembers("etl");
  ASSERT_OK(members);
  ASSERT_EQ(members->size(), 2u);
  EXPECT_EQ((*members)[0].grantor, "zoe");
  EXPECT_EQ((*members)[1].grantor, "ana");
  EXPECT_THAT(local_.GrantRole("etl", User("carl"), false, "a\nb"), HasCode(StatusCode::kInvalidArgument));
}

TEST_F(RolesTest, TheAdminOptionIsAddedAndTakenAlone) {
  ASSERT_OK(local_.CreateRole("etl"));
  ASSERT_OK(local_.GrantRole("etl", User("ana")));
  ASSERT_OK(local_.GrantRole("etl", User("ana"), true));
  EXPECT_THAT(Members("etl"), ElementsAre("user ana+"));
  // Without asking for it, it stays.
  ASSERT_OK(local_.GrantRole("etl", User("ana"), false));
  EXPECT_THAT(Members("etl"), ElementsAre("user ana+"));
  ASSERT_OK(local_.RevokeRole("etl", User("ana"), true));
  EXPECT_THAT(Members("etl"), ElementsAre("user ana"));
  ASSERT_OK(local_.RevokeRole("etl", User("ana")));
  EXPECT_THAT(Members("etl"), IsEmpty());
  EXPECT_THAT(local_.RevokeRole("etl", User("ana")),
              FailsWith(StatusCode::kNotFound, "user ana is not a member of role etl"));
}

TEST_F(RolesTest, CirclesAreRefusedAndTheWayIsTold) {
  for (const char* role : {"a", "b", "c", "d"}) ASSERT_OK(local_.CreateRole(role));
  ASSERT_OK(local_.GrantRole("b", Role("a")));
  ASSERT_OK(local_.GrantRole("c", Role("b")));
  EXPECT_THAT(local_.GrantRole("a", Role("a")),
              FailsWith(StatusCode::kInvalidArgument, "it would be a member of itself: role a in role a"));
  EXPECT_THAT(local_.GrantRole("a", Role("c")),
              FailsWith(StatusCode::kInvalidArgument,
                        "role a can't be granted to role c: it would be a member of itself: role c in role a in role "
                        "b in role c"));
  // Two ways to the same role are none.
  ASSERT_OK(local_.GrantRole("d", Role("a")));
  ASSERT_OK(local_.GrantRole("c", Role("d")));
  EXPECT_THAT(local_.GrantRole("admin", Role("admin")), HasCode(StatusCode::kInvalidArgument));
}

TEST_F(RolesTest, GroupsAreThereAsLongAsTheyHaveMembers) {
  ASSERT_OK(local_.AddToGroup("Staff", "ben"));
  ASSERT_OK(local_.AddToGroup("Staff", "ana"));
  ASSERT_OK(local_.AddToGroup("Staff", "ana"));
  ASSERT_OK(local_.AddToGroup("ops", "ana"));
  ASSERT_OK(local_.CreateRole("etl"));
  ASSERT_OK(local_.GrantRole("etl", User("ana")));
  EXPECT_THAT(*local_.ListGroups(), ElementsAre("Staff", "ops"));
  EXPECT_THAT(*local_.ListGroupMembers("Staff"), ElementsAre("ana", "ben"));
  EXPECT_THAT(*local_.ListGroupMembers("staff"), IsEmpty());
  EXPECT_THAT(RolesOf(User("ana")), ElementsAre("etl"));
  ASSERT_OK(local_.RemoveFromGroup("ops", "ana"));
  EXPECT_THAT(*local_.ListGroups(), ElementsAre("Staff"));
  EXPECT_THAT(local_.RemoveFromGroup("ops", "ana"),
              FailsWith(StatusCode::kNotFound, "user ana is not a member of group ops"));
}

TEST_F(RolesTest, WhoMayChangeRoles) {
  ASSERT_OK(local_.CreateRole("etl"));
  ASSERT_OK(local_.CreateRole("other"));
  ASSERT_OK(local_.GrantRole("admin", User("root")));
  ASSERT_OK(local_.CreateRole("leads"));
  ASSERT_OK(local_.GrantRole("leads", User("lea")));
  ASSERT_OK(local_.GrantRole("etl", Role("leads"), true));
  ASSERT_OK(local_.GrantRole("etl", User("ana")));
  const struct {
    const char* user;
    bool manages;  // makes and drops roles and groups
    bool grants;   // grants and revokes `etl`
  } cases[] = {{"root", true, true}, {"lea", false, true}, {"ana", false, false}, {"ben", false, false}};
  for (const auto& c : cases) {
    SCOPED_TRACE(c.user);
    Session session = As(c.user);
    const auto manages = HasCode(c.manages ? StatusCode::kOk : StatusCode::kPermissionDenied);
    const auto grants = HasCode(c.grants ? StatusCode::kOk : StatusCode::kPermissionDenied);
    EXPECT_THAT(session.CreateRole("made"), manages);
    EXPECT_THAT(session.DropRole("made"), manages);
    EXPECT_THAT(session.AddToGroup("g", "x"), manages);
    EXPECT_THAT(session.ListGroupMembers("g"), manages);
    EXPECT_THAT(session.RemoveFromGroup("g", "x"), manages);
    EXPECT_THAT(session.GrantRole("etl", User("new")), grants);
    EXPECT_THAT(session.ListMembers("etl"), grants);
    EXPECT_THAT(session.RevokeRole("etl", User("new")), grants);
    EXPECT_THAT(session.GrantRole("other", User("new")), manages);
    EXPECT_THAT(session.GrantRole("admin", User("new")), manages);
    EXPECT_THAT(session.ListRolesOf(User("somebody")), manages);
    EXPECT_OK(session.ListRolesOf(User(c.user)));
    EXPECT_THAT(session.IsAdministrator(Principal{.name = "somebody"}), manages);
    EXPECT_EQ(*session.IsAdministrator(Principal{.name = c.user}), c.manages);
    // Of the store: none of them.
    EXPECT_THAT(session.SetStoreAdministrator("new", true), HasCode(StatusCode::kPermissionDenied));
  }
  const auto members = local_.ListMembers("other");
  EXPECT_EQ((*members)[0].grantor, "root");
  // Who may not change a role is not told whether there is one.
  Session ben = As("ben");
  EXPECT_THAT(ben.GrantRole("absent", User("x")), HasCode(StatusCode::kPermissionDenied));
  EXPECT_THAT(ben.DropRole("absent"), HasCode(StatusCode::kPermissionDenied));
  EXPECT_THAT(*ben.ListRoles(), ElementsAre("public"));
  EXPECT_THAT(*As("lea").ListRoles(), ElementsAre("etl", "leads", "public"));
  EXPECT_THAT(*As("root").ListRoles(), ElementsAre("admin", "etl", "leads", "other", "public"));
  EXPECT_THAT(*ben.ListGroups(), IsEmpty());
}

TEST_F(RolesTest, RolesAreOfOneCatalog) {
  model::v1::Catalog sales;
  sales.set_name("sales");
  ASSERT_OK(local_.CreateCatalog(sales));
  ASSERT_OK(local_.CreateRole("etl"));
  ASSERT_OK(local_.GrantRole("admin", User("ana")));
  EXPECT_THAT(*metastore_->Local("sales").ListRoles(), ElementsAre("admin", "public"));
  Session ana = metastore_->As(Principal{.name = "ana"}, "sales");
  EXPECT_FALSE(*ana.IsAdministrator(Principal{.name = "ana"}));
  EXPECT_THAT(ana.CreateRole("x"), HasCode(StatusCode::kPermissionDenied));
  EXPECT_THAT(metastore_->Local("nowhere").CreateRole("x"), FailsWith(StatusCode::kNotFound, "catalog nowhere"));
}

TEST_F(RolesTest, AdministratorsOfTheStoreAreMadeByThemselvesAndTheProgram) {
  ASSERT_OK(local_.SetStoreAdministrator("root", true));
  ASSERT_OK(As("root").SetStoreAdministrator("second", true));
  EXPECT_TRUE(*metastore_->Local("hive").IsAdministrator(Principal{.name = "second"}));
  EXPECT_OK(As("second").CreateRole("x"));
  ASSERT_OK(As("second").SetStoreAdministrator("root", false));
  EXPECT_THAT(As("root").CreateRole("y"), HasCode(StatusCode::kPermissionDenied));
  // The role of the catalog is another one.
  EXPECT_THAT(Members("admin"), IsEmpty());
}

TEST_F(RolesTest, GrantsFollowMembership) {
  MakeHits();
  ASSERT_OK(local_.CreateRole("reader"));
  ASSERT_OK(local_.CreateRole("staff_role"));
  ASSERT_OK(local_.Grant({.to = Role("reader"), .privileges = Privilege::kSelect, .on = Securable::Table(kHits)}));
  EXPECT_FALSE(May("cem"));
  ASSERT_OK(local_.GrantRole("reader", Role("staff_role")));
  ASSERT_OK(local_.GrantRole("staff_role", Group("staff")));
  ASSERT_OK(local_.AddToGroup("staff", "cem"));
  EXPECT_TRUE(May("cem"));
  ASSERT_OK(local_.RemoveFromGroup("staff", "cem"));
  EXPECT_FALSE(May("cem"));
  ASSERT_OK(local_.AddToGroup("staff", "cem"));
  ASSERT_OK(local_.RevokeRole("reader", Role("staff_role")));
  EXPECT_FALSE(May("cem"));
  ASSERT_OK(local_.GrantRole("reader", User("cem")));
  EXPECT_TRUE(May("cem"));
  ASSERT_OK(local_.DropRole("reader"));
  EXPECT_FALSE(May("cem"));
  // A role of the same name has none of the old one's grants and members.
  ASSERT_OK(local_.CreateRole("reader"));
  EXPECT_THAT(Members("reader"), IsEmpty());
  ASSERT_OK(local_.GrantRole("reader", User("cem")));
  EXPECT_FALSE(May("cem"));
  ExpectSound();
}

TEST_F(RolesTest, WhatWasGrantedOnByVirtueOfARoleGoesWithIt) {
  MakeHits();
  enum class End { kRevoked, kDropped, kLeft };
  for (const End end : {End::kRevoked, End::kDropped, End::kLeft}) {
    ASSERT_OK(local_.CreateRole("lead"));
    ASSERT_OK(local_.Grant(
        {.to = Role("lead"), .privileges = Privilege::kSelect, .on = Securable::Table(kHits), .grant_option = true}));
    ASSERT_OK(local_.GrantRole("lead", Group("leads")));
    ASSERT_OK(local_.AddToGroup("leads", "lea"));
    ASSERT_OK(As("lea").Grant({.to = User("cem"), .privileges = Privilege::kSelect, .on = Securable::Table(kHits)}));
    EXPECT_TRUE(May("cem"));
    if (end == End::kRevoked) {
      ASSERT_OK(local_.RevokeRole("lead", Group("leads")));
    } else if (end == End::kLeft) {
      ASSERT_OK(local_.RemoveFromGroup("leads", "lea"));
    }
    EXPECT_EQ(May("cem"), end == End::kDropped);
    ASSERT_OK(local_.DropRole("lead"));
    EXPECT_FALSE(May("cem"));
  }
}

}  // namespace
}  // namespace lodestone::testing
