// Granting, revoking and asking, through sessions of many principals.
#include <algorithm>

#include "tests/unit/session/fixture.h"

namespace lodestone::testing {
namespace {

using enum Privilege;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::UnorderedElementsAre;

const Securable kWeb = Securable::Database("web");
const Securable kTable = Securable::Table({"web", "hits"});

class GrantsTest : public SessionTest {
 protected:
  GrantsTest() {
    EXPECT_OK(Root().CreateDatabase(Owned("web", "olga")));
    Table hits = MakeTable("web", "hits", {"dt", "hour"});
    hits.set_owner("tom");
    EXPECT_OK(Root().CreateTable(hits));
    EXPECT_OK(Root().CreateTable(MakeTable("web", "users")));
    EXPECT_OK(Root().CreateFunction(MakeFunction("web", "f")));
  }
  static Database Owned(std::string_view name, std::string_view owner) {
    Database database = MakeDatabase(name);
    database.set_owner_name(std::string(owner));
    return database;
  }
  Session As(std::string_view name, std::vector<std::string> groups = {}) {
    return metastore_->As({.name = std::string(name), .groups = std::move(groups)});
  }
  Session Root() { return metastore_->Local(); }
  absl::Status Give(Session by, PrivilegeSet what, const Securable& on, std::string_view to, bool option = false) {
    return by.Grant({.to = Grantee::User(to), .privileges = what, .on = on, .grant_option = option});
  }
  absl::Status Take(Session by, PrivilegeSet what, const Securable& on, std::string_view from,
                    RevokeMode mode = RevokeMode::kCascade, bool option_only = false) {
    return by.Revoke({.from = Grantee::User(from), .privileges = what, .on = on, .grant_option_only = option_only},
                     mode);
  }
  bool Has(std::string_view who, Privilege what, const Securable& on) {
    const auto decision = Root().Check({.name = std::string(who)}, what, on);
    EXPECT_OK(decision);
    return decision.ok() && decision->allowed;
  }
  std::string Why(std::string_view who, PrivilegeSet what, const Securable& on) {
    const auto decision = Root().Check({.name = std::string(who)}, what, on);
    EXPECT_OK(decision);
    return decision.ok() ? decision->why : "?";
  }
  // `user bob SELECT web.hits by ana +` (+: with grant option, *: derived).
  Names Entries(const GrantFilter& filter = {}) { return EntriesOf(Root(), filter); }
  Names EntriesOf(const Session& session, const GrantFilter& filter = {}) {
    const auto entries = session.ListGrants(filter);
    EXPECT_OK(entries);
    Names texts;
    if (!entries.ok()) return texts;
    for (const GrantEntry& entry : *entries) {
      texts.push_back(entry.grantee.name + " " + std::string(NameOf(entry.privilege)) + " " + entry.on.ToString() +
                      " by " + entry.grantor + (entry.grant_option ? " +" : "") + (entry.derived ? " *" : ""));
    }
    return texts;
  }
};

TEST_F(GrantsTest, AGrantHoldsForWhatLiesInTheObject) {
  const struct {
    Securable on;
    std::vector<Securable> holds;
    std::vector<Securable> holds_not;
  } cases[] = {
      {Securable::Global(), {Securable::Global(), Securable::Catalog(), kWeb, kTable, Securable::Path("queues.q")}, {}},
      {Securable::Catalog(),
       {Securable::Catalog(), kWeb, kTable, Securable::Column({"web", "hits"}, "id"), Securable::Path("queues.q"),
        Securable::Function({"web", "f"})},
       {Securable::Global()}},
      {kWeb, {kWeb, kTable, Securable::Function({"web", "f"})}, {Securable::Catalog(), Securable::Database("default")}},
      {kTable,
       {kTable, Securable::Column({"web", "hits"}, "dt")},
       {kWeb, Securable::Table({"web", "users"}), Securable::Function({"web", "f"})}},
      {Securable::Column({"web", "hits"}, "id"),
       {Securable::Column({"web", "hits"}, "id")},
       {kTable, Securable::Column({"web", "hits"}, "name")}},
      {Securable::Function({"web", "f"}), {Securable::Function({"web", "f"})}, {kWeb, kTable}},
      {Securable::Path("queues.q"), {Securable::Path("queues.q")}, {Securable::Path("queues.qq"), kWeb}},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.on.ToString());
    ASSERT_OK(Give(Root(), kSelect, c.on, "ana"));
    for (const Securable& on : c.holds) EXPECT_TRUE(Has("ana", kSelect, on)) << on.ToString();
    for (const Securable& on : c.holds_not) EXPECT_FALSE(Has("ana", kSelect, on)) << on.ToString();
    EXPECT_FALSE(Has("ana", kInsert, c.on));
    EXPECT_FALSE(Has("bob", kSelect, c.on));
    ExpectSound();
    ASSERT_OK(Take(Root(), kSelect, c.on, "ana"));
    for (const Securable& on : c.holds) EXPECT_FALSE(Has("ana", kSelect, on)) << on.ToString();
    EXPECT_THAT(Entries(), IsEmpty());
    ExpectSound();
  }
}

TEST_F(GrantsTest, PartitionsAreGrantedOnByTheirValues) {
  Add({{"1", "00"}, {"2", "00"}});
  const Securable one = Securable::Partition(kHits, {"1", "00"});
  ASSERT_OK(Give(Root(), kSelect, one, "ana"));
  EXPECT_TRUE(Has("ana", kSelect, one));
  EXPECT_FALSE(Has("ana", kSelect, Securable::Partition(kHits, {"2", "00"})));
  EXPECT_FALSE(Has("ana", kSelect, kTable));
  EXPECT_THAT(Entries(), ElementsAre("ana SELECT partition web.hits/1/00 by "));
  EXPECT_THAT(Give(Root(), kSelect, Securable::Partition(kHits, {"3", "00"}), "ana"),
              FailsWith(absl::StatusCode::kNotFound, "partition web.hits/3/00"));
}

TEST_F(GrantsTest, WhyNamesTheGrantOrWhatWouldHaveSufficed) {
  EXPECT_EQ(Why("ana", {kSelect, kDescribe}, kTable),
            "SELECT or DESCRIBE on table web.hits or on what holds it would have sufficed");
  ASSERT_OK(Root().CreateRole("readers"));
  ASSERT_OK(Root().GrantRole("readers", Grantee::User("ana")));
  ASSERT_OK(Root().Grant({.to = Grantee::Role("Readers"), .privileges = kSelect, .on = kWeb}));
  EXPECT_EQ(Why("ana", {kSelect, kDescribe}, kTable), "SELECT on database web was granted to role readers");
  EXPECT_EQ(Why("tom", kSelect, kTable), "the principal acts as user tom, who owns table web.hits");
  EXPECT_EQ(Why("olga", kSelect, kTable), "the principal acts as user olga, who owns database web");
  ASSERT_OK(Root().GrantRole("admin", Grantee::User("eva")));
  EXPECT_EQ(Why("eva", kSelect, kTable), "the principal acts as a member of role admin");
  EXPECT_EQ(Why("eva", kSelect, Securable::Global()), "SELECT on the store would have sufficed");
}

TEST_F(GrantsTest, TheOwnerOfDefaultIsNobodyInParticular) {
  EXPECT_FALSE(Has("ana", kSelect, Securable::Database("default")));
}

TEST_F(GrantsTest, GrantingTwiceChangesNothingButAnOptionAdded) {
  ASSERT_OK(Give(Root(), kSelect, kTable, "ana"));
  clock_.Advance(1000);
  ASSERT_OK(Give(Root(), kSelect, kTable, "ana"));
  EXPECT_THAT(Entries(), ElementsAre("ana SELECT table web.hits by "));
  EXPECT_EQ(Root().ListGrants()->at(0).time_ms, kStart);
  ASSERT_OK(Give(Root(), kSelect, kTable, "ana", true));
  EXPECT_THAT(Entries(), ElementsAre("ana SELECT table web.hits by  +"));
  ASSERT_OK(Give(As("tom"), kSelect, kTable, "ana"));
  EXPECT_THAT(Entries(), ElementsAre("ana SELECT table web.hits by  +", "ana SELECT table web.hits by tom"));
  ExpectSound();
}

TEST_F(GrantsTest, OnlyThoseWhoMayGrant) {
  EXPECT_THAT(Give(As("ana"), kSelect, kTable, "bob"), HasCode(absl::StatusCode::kPermissionDenied));
  ASSERT_OK(Give(Root(), kSelect, kTable, "ana"));
  EXPECT_THAT(Give(As("ana"), kSelect, kTable, "bob"), HasCode(absl::StatusCode::kPermissionDenied));
  // With the option: this privilege alone, on the object and in it.
  ASSERT_OK(Give(Root(), kSelect, kTable, "ana", true));
  ASSERT_OK(Give(As("ana"), kSelect, kTable, "bob"));
  ASSERT_OK(Give(As("ana"), kSelect, Securable::Column(kHits, "id"), "carl"));
  EXPECT_THAT(Give(As("ana"), kSelect, kWeb, "bob"), HasCode(absl::StatusCode::kPermissionDenied));
  EXPECT_THAT(Give(As("ana"), {kSelect, kInsert}, kTable, "bob"), HasCode(absl::StatusCode::kPermissionDenied));
  EXPECT_FALSE(Has("bob", kInsert, kTable));
  // Owners of the object and of what holds it; these stand by themselves.
  ASSERT_OK(Give(As("tom"), kInsert, kTable, "bob", true));
  ASSERT_OK(Give(As("olga"), kUpdate, kTable, "bob"));
  EXPECT_THAT(Give(As("tom"), kInsert, kWeb, "bob"), HasCode(absl::StatusCode::kPermissionDenied));
  EXPECT_THAT(Entries({.grantee = Grantee::User("bob")}),
              ElementsAre("bob SELECT table web.hits by ana *", "bob INSERT table web.hits by tom +",
                          "bob UPDATE table web.hits by olga"));
}

TEST_F(GrantsTest, TheRightToGrantPassesOnWhatOneHasItself) {
  ASSERT_OK(Give(Root(), {kSelect, kGrantPrivilege}, kWeb, "ana"));
  ASSERT_OK(Give(As("ana"), kSelect, kTable, "bob"));
  EXPECT_THAT(Give(As("ana"), kInsert, kTable, "bob"), HasCode(absl::StatusCode::kPermissionDenied));
  EXPECT_THAT(Give(As("ana"), kSelect, kTable, "bob", true), HasCode(absl::StatusCode::kPermissionDenied));
  ASSERT_OK(Take(Root(), kGrantPrivilege, kWeb, "ana"));
  EXPECT_FALSE(Has("bob", kSelect, kTable));
  EXPECT_TRUE(Has("ana", kSelect, kTable));
}

TEST_F(GrantsTest, RevokingTakesAlongWhatWasGrantedOn) {
  ASSERT_OK(Give(Root(), kSelect, kWeb, "ana", true));
  ASSERT_OK(Give(As("ana"), kSelect, kTable, "bob", true));
  ASSERT_OK(Give(As("bob"), kSelect, Securable::Column(kHits, "id"), "carl"));
  ASSERT_OK(Give(Root(), kInsert, kTable, "bob"));
  EXPECT_THAT(Take(Root(), kSelect, kWeb, "ana", RevokeMode::kRestrict),
              FailsWith(absl::StatusCode::kFailedPrecondition, "SELECT, granted to user bob by user ana"));
  EXPECT_TRUE(Has("carl", kSelect, Securable::Column(kHits, "id")));
  ASSERT_OK(Take(Root(), kSelect, kWeb, "ana"));
  EXPECT_THAT(Entries(), ElementsAre("bob INSERT table web.hits by "));
  ExpectSound();
}

TEST_F(GrantsTest, RevokingTheOptionAloneLeavesThePrivilege) {
  ASSERT_OK(Give(Root(), kSelect, kTable, "ana", true));
  ASSERT_OK(Give(As("ana"), kSelect, kTable, "bob", true));
  EXPECT_THAT(Take(Root(), kSelect, kTable, "ana", RevokeMode::kRestrict, true),
              HasCode(absl::StatusCode::kFailedPrecondition));
  ASSERT_OK(Take(Root(), kSelect, kTable, "ana", RevokeMode::kCascade, true));
  EXPECT_THAT(Entries(), ElementsAre("ana SELECT table web.hits by "));
}

TEST_F(GrantsTest, GrantsThatOnlySupportEachOtherFallTogether) {
  ASSERT_OK(Give(Root(), kSelect, kTable, "ana", true));
  ASSERT_OK(Give(As("ana"), kSelect, kTable, "bob", true));
  ASSERT_OK(Give(As("bob"), kSelect, kTable, "ana", true));
  ASSERT_OK(Take(Root(), kSelect, kTable, "ana", RevokeMode::kCascade, true));
  EXPECT_THAT(Entries(), ElementsAre("ana SELECT table web.hits by "));
}

TEST_F(GrantsTest, WhatStandsOnAnotherGrantStays) {
  ASSERT_OK(Give(Root(), kSelect, kTable, "ana", true));
  ASSERT_OK(Give(As("tom"), kSelect, kTable, "ana", true));
  ASSERT_OK(Give(As("ana"), kSelect, kTable, "bob"));
  ASSERT_OK(Take(As("tom"), kSelect, kTable, "bob", RevokeMode::kRestrict));
  ASSERT_OK(Give(As("ana"), kSelect, kTable, "bob"));
  // The embedding program takes all, an owner as well: so take one of the two by its grantor's hand.
  ASSERT_OK(Root().CreateRole("r"));
  ASSERT_OK(Root().Grant({.to = Grantee::Role("r"), .privileges = kSelect, .on = kWeb, .grant_option = true}));
  ASSERT_OK(Root().GrantRole("r", Grantee::User("ana")));
  ASSERT_OK(Take(Root(), kSelect, kTable, "ana", RevokeMode::kRestrict));
  EXPECT_TRUE(Has("bob", kSelect, kTable));
  ASSERT_OK(Root().RevokeRole("r", Grantee::User("ana")));
  EXPECT_FALSE(Has("bob", kSelect, kTable));
  ExpectSound();
}

TEST_F(GrantsTest, OthersRevokeWhatTheyGranted) {
  ASSERT_OK(Give(Root(), kSelect, kTable, "ana", true));
  ASSERT_OK(Give(Root(), kSelect, kTable, "bob"));
  EXPECT_THAT(Take(As("carl"), kSelect, kTable, "bob"), HasCode(absl::StatusCode::kPermissionDenied));
  // ana could have granted it, and did not.
  ASSERT_OK(Take(As("ana"), kSelect, kTable, "bob"));
  EXPECT_TRUE(Has("bob", kSelect, kTable));
  ASSERT_OK(Give(Root(), kRevokePrivilege, kWeb, "carl"));
  ASSERT_OK(Take(As("carl"), kSelect, kTable, "bob"));
  EXPECT_FALSE(Has("bob", kSelect, kTable));
}

TEST_F(GrantsTest, ReplacingSetsExactlyThese) {
  ASSERT_OK(Give(Root(), {kSelect, kInsert, kGrantPrivilege}, kTable, "bob", true));
  ASSERT_OK(Give(As("bob"), kSelect, kTable, "carl"));
  ASSERT_OK(Give(Root(), kSelect, kWeb, "bob"));
  ASSERT_OK(As("tom").ReplaceGrants(Grantee::User("bob"), kTable, {kSelect, kUpdate, kGrantPrivilege}));
  EXPECT_THAT(Entries(),
              UnorderedElementsAre("bob SELECT database web by ", "bob SELECT table web.hits by ",
                                   "bob UPDATE table web.hits by tom", "bob GRANT PRIVILEGE table web.hits by ",
                                   "carl SELECT table web.hits by bob *"));
  ASSERT_OK(As("tom").ReplaceGrants(Grantee::User("bob"), kTable, {}));
  EXPECT_THAT(Entries(), ElementsAre("bob SELECT database web by "));
  EXPECT_THAT(As("ana").ReplaceGrants(Grantee::User("bob"), kTable, {}), HasCode(absl::StatusCode::kPermissionDenied));
}

TEST_F(GrantsTest, ReplacingAllLeavesNobodyElseAnything) {
  const auto on_table = [](const Grantee& to, PrivilegeSet what, bool option = false, std::string grantor = "") {
    return GrantSpec{.to = to, .privileges = what, .on = kTable, .grant_option = option, .grantor = std::move(grantor)};
  };
  const Grantee bob = Grantee::User("bob");
  ASSERT_OK(Root().CreateRole("readers"));
  ASSERT_OK(Give(Root(), {kSelect, kInsert}, kTable, "bob", true));
  ASSERT_OK(Give(As("bob"), kInsert, kTable, "carl"));
  ASSERT_OK(Give(Root(), kSelect, kTable, "dora", true));
  ASSERT_OK(Give(As("dora"), kSelect, Securable::Column({"web", "hits"}, "id"), "eve"));
  ASSERT_OK(Give(Root(), kSelect, kWeb, "carl"));
  const GrantSpec specs[] = {on_table(bob, kSelect, true), on_table(bob, kInsert),
                             on_table(Grantee::Role("Readers"), kUpdate, false, "zoe")};
  ASSERT_OK(As("tom").ReplaceAllGrants(Securable::Table({"Web", "Hits"}), specs));
  // What carl and eve had was granted on by virtue of options that are gone.
  EXPECT_THAT(Entries(), UnorderedElementsAre("carl SELECT database web by ", "bob SELECT table web.hits by  +",
                                              "bob SELECT table web.hits by tom +", "bob INSERT table web.hits by ",
                                              "readers UPDATE table web.hits by tom"));
  const Names before = Entries();
  EXPECT_THAT(As("bob").ReplaceAllGrants(kTable, {}), HasCode(absl::StatusCode::kPermissionDenied));
  const GrantSpec elsewhere[] = {on_table(bob, kSelect),
                                 {.to = bob, .privileges = kSelect, .on = kWeb, .grant_option = false}};
  EXPECT_THAT(Root().ReplaceAllGrants(kTable, elsewhere), FailsWith(absl::StatusCode::kInvalidArgument, "web"));
  const GrantSpec unknown[] = {on_table(Grantee::Role("none"), kSelect)};
  EXPECT_THAT(Root().ReplaceAllGrants(kTable, unknown), HasCode(absl::StatusCode::kNotFound));
  EXPECT_THAT(Root().ReplaceAllGrants(Securable::Table({"web", "no"}), {}), HasCode(absl::StatusCode::kNotFound));
  EXPECT_EQ(Entries(), before);
  ASSERT_OK(Root().ReplaceAllGrants(kTable, {}));
  EXPECT_THAT(Entries(), ElementsAre("carl SELECT database web by "));
}

TEST_F(GrantsTest, AdministratorsGrantOnBehalfOfOthers) {
  ASSERT_OK(Root().GrantRole(kAdminRole, Grantee::User("adam")));
  const auto give = [&](Session by, std::string_view to, std::string_view grantor) {
    return by.Grant({.to = Grantee::User(to),
                     .privileges = kSelect,
                     .on = kTable,
                     .grant_option = true,
                     .grantor = std::string(grantor)});
  };
  ASSERT_OK(give(Root(), "a", "ana"));
  ASSERT_OK(give(As("adam"), "b", "ana"));
  ASSERT_OK(give(As("tom"), "c", "ana"));  // the owner, and no administrator
  ASSERT_OK(give(As("c"), "d", "adam"));
  ASSERT_OK(give(As("adam"), "e", ""));
  EXPECT_THAT(Entries({.on = kTable}),
              UnorderedElementsAre("a SELECT table web.hits by ana +", "b SELECT table web.hits by ana +",
                                   "c SELECT table web.hits by tom +", "d SELECT table web.hits by c + *",
                                   "e SELECT table web.hits by adam +"));
  EXPECT_THAT(give(Root(), "a", "a\nb"), HasCode(absl::StatusCode::kInvalidArgument));
}

TEST_F(GrantsTest, EffectiveGrantsAreThoseOfEveryWay) {
  ASSERT_OK(Root().CreateRole("readers"));
  ASSERT_OK(Root().CreateRole("writers"));
  ASSERT_OK(Root().GrantRole("readers", Grantee::User("bob")));
  ASSERT_OK(Root().GrantRole("writers", Grantee::Role("readers")));
  ASSERT_OK(Root().AddToGroup("staff", "bob"));
  const auto to = [&](const Grantee& grantee, Privilege what, const Securable& on) {
    ASSERT_OK(Root().Grant({.to = grantee, .privileges = what, .on = on}));
  };
  to(Grantee::User("bob"), kSelect, kTable);
  to(Grantee::Role("writers"), kInsert, kWeb);
  to(Grantee::Group("staff"), kDelete, Securable::Catalog());
  to(Grantee::Group("club"), kUpdate, kTable);
  to(Grantee::Role(kPublicRole), kList, Securable::Global());
  to(Grantee::User("carl"), kSelect, kTable);
  to(Grantee::User("bob"), kSelect, Securable::Column({"web", "hits"}, "id"));
  const auto of = [](const Session& session, const Principal& who) {
    const auto entries = session.EffectiveGrants(who, kTable);
    EXPECT_OK(entries);
    Names texts;
    if (!entries.ok()) return texts;
    for (const GrantEntry& entry : *entries) {
      texts.push_back(entry.grantee.name + " " + std::string(NameOf(entry.privilege)) + " " + entry.on.ToString());
    }
    return texts;
  };
  const Names all = {"public LIST the store", "staff DELETE the catalog", "writers INSERT database web",
                     "bob SELECT table web.hits"};
  EXPECT_EQ(of(Root(), {.name = "bob"}), all);
  EXPECT_EQ(of(As("bob"), {.name = "bob"}), all);
  EXPECT_THAT(of(Root(), {.name = "dora", .groups = {"club"}}),
              ElementsAre("public LIST the store", "club UPDATE table web.hits"));
  EXPECT_THAT(of(As("tom"), {.name = "tom"}), ElementsAre("public LIST the store"));  // ownership is no grant
  EXPECT_THAT(As("carl").EffectiveGrants({.name = "bob"}, kTable), HasCode(absl::StatusCode::kPermissionDenied));
  EXPECT_THAT(Root().EffectiveGrants({.name = "bob"}, Securable::Table({"web", "no"})),
              HasCode(absl::StatusCode::kNotFound));
}

TEST_F(GrantsTest, RefusesWhatCanNotBe) {
  EXPECT_THAT(Give(Root(), PrivilegeSet(), kTable, "ana"), HasCode(absl::StatusCode::kInvalidArgument));
  EXPECT_THAT(Give(Root(), kSelect, kTable, ""), HasCode(absl::StatusCode::kInvalidArgument));
  EXPECT_THAT(Give(Root(), kSelect, kTable, "a\nb"), HasCode(absl::StatusCode::kInvalidArgument));
  EXPECT_THAT(Give(Root(), kSelect, Securable::Path("files.x"), "ana"), HasCode(absl::StatusCode::kInvalidArgument));
  EXPECT_THAT(Give(Root(), kSelect, Securable::Table({"web", "no"}), "ana"), HasCode(absl::StatusCode::kNotFound));
  EXPECT_THAT(Root().Grant({.to = Grantee::Role("none"), .privileges = kSelect, .on = kTable}),
              FailsWith(absl::StatusCode::kNotFound, "role none"));
}

TEST_F(GrantsTest, AbsentAndForbiddenLookTheSame) {
  const Securable absent = Securable::Table({"web", "nosuch"});
  const Securable forbidden = Securable::Table({"web", "users"});
  const auto same = [](std::string a, const absl::Status& of_a, const absl::Status& of_b) {
    std::string b(of_b.message());
    for (std::size_t at = b.find("nosuch"); at != std::string::npos; at = b.find("nosuch")) b.replace(at, 6, "users");
    EXPECT_EQ(of_a.code(), of_b.code()) << a;
    EXPECT_EQ(of_a.message(), b) << a;
    EXPECT_EQ(of_a.code(), absl::StatusCode::kPermissionDenied) << a;
  };
  same("grant", Give(As("ana"), kSelect, forbidden, "bob"), Give(As("ana"), kSelect, absent, "bob"));
  same("revoke", Take(As("ana"), kSelect, forbidden, "bob"), Take(As("ana"), kSelect, absent, "bob"));
  same("replace", As("ana").ReplaceGrants(Grantee::User("b"), forbidden, {}),
       As("ana").ReplaceGrants(Grantee::User("b"), absent, {}));
  same("check", As("ana").Check({.name = "bob"}, kSelect, forbidden).status(),
       As("ana").Check({.name = "bob"}, kSelect, absent).status());
  same("list", As("ana").ListGrants({.on = forbidden}).status(), As("ana").ListGrants({.on = absent}).status());
  EXPECT_FALSE(As("ana").Check({.name = "ana"}, kSelect, absent)->allowed);
  EXPECT_TRUE(As("ana").EffectivePrivileges({.name = "ana"}, absent)->empty());
  // Not for who may know.
  ASSERT_OK(Give(Root(), kList, kWeb, "ana"));
  EXPECT_THAT(Give(As("ana"), kSelect, absent, "bob"), HasCode(absl::StatusCode::kNotFound));
  EXPECT_THAT(As("ana").Check({.name = "ana"}, kSelect, absent), HasCode(absl::StatusCode::kNotFound));
}

TEST_F(GrantsTest, ListsShowOnesOwnAndWhatOneLooksAfter) {
  ASSERT_OK(Give(Root(), kSelect, kTable, "ana"));
  ASSERT_OK(Give(Root(), kSelect, kTable, "bob"));
  ASSERT_OK(Give(Root(), kInsert, Securable::Table({"web", "users"}), "bob"));
  ASSERT_OK(Root().CreateRole("r"));
  ASSERT_OK(Root().GrantRole("r", Grantee::User("ana")));
  ASSERT_OK(Root().Grant({.to = Grantee::Role("r"), .privileges = kDelete, .on = kWeb}));
  EXPECT_THAT(EntriesOf(As("ana")), ElementsAre("r DELETE database web by ", "ana SELECT table web.hits by "));
  EXPECT_THAT(EntriesOf(As("ana"), {.grantee = Grantee::User("ana")}), ElementsAre("ana SELECT table web.hits by "));
  EXPECT_THAT(As("ana").ListGrants({.grantee = Grantee::User("bob")}), HasCode(absl::StatusCode::kPermissionDenied));
  EXPECT_THAT(EntriesOf(As("tom"), {.on = kTable}),
              ElementsAre("ana SELECT table web.hits by ", "bob SELECT table web.hits by "));
  EXPECT_EQ(EntriesOf(As("olga"), {.on = kWeb, .beneath = true}).size(), 4u);
  EXPECT_EQ(EntriesOf(As("olga"), {.on = kWeb}).size(), 1u);
  ASSERT_OK(Give(Root(), kShowPrivileges, Securable::Catalog(), "carl"));
  EXPECT_EQ(EntriesOf(As("carl"), {.grantee = Grantee::User("bob")}).size(), 2u);
  EXPECT_TRUE(As("carl").Check({.name = "bob"}, kSelect, kTable)->allowed);
}

TEST_F(GrantsTest, GroupsThatSomebodyVouchedForAreNoGroundToGrantOn) {
  ASSERT_OK(Root().Grant({.to = Grantee::Group("staff"), .privileges = kSelect, .on = kTable, .grant_option = true}));
  EXPECT_TRUE(As("ana", {"staff"}).Check({.name = "ana", .groups = {"staff"}}, kSelect, kTable)->allowed);
  EXPECT_THAT(Give(As("ana", {"staff"}), kSelect, kTable, "bob"), HasCode(absl::StatusCode::kPermissionDenied));
  ASSERT_OK(Root().AddToGroup("staff", "ana"));
  ASSERT_OK(Give(As("ana", {"staff"}), kSelect, kTable, "bob"));
  ASSERT_OK(Root().RemoveFromGroup("staff", "ana"));
  EXPECT_FALSE(Has("bob", kSelect, kTable));
}

}  // namespace
}  // namespace lodestone::testing
