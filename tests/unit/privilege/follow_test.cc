// Grants, and what is seen in lists, follow the objects that they are about.
#include "catalog/session/context.h"
#include "tests/unit/session/fixture.h"

namespace lodestone::testing {
namespace {

using enum Privilege;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

const TableName kUsers{"web", "users"};

class FollowTest : public SessionTest {
 protected:
  FollowTest() {
    for (const char* name : {"web", "net", "aside"}) EXPECT_OK(Root().CreateDatabase(MakeDatabase(name)));
    EXPECT_OK(Root().CreateTable(MakeTable("web", "hits", {"dt"})));
    EXPECT_OK(Root().CreateTable(MakeTable("web", "users")));
    EXPECT_OK(Root().CreateFunction(MakeFunction("web", "f")));
    Add({{"1"}, {"2"}});
  }
  ~FollowTest() override { ExpectSound(); }
  Session Root() { return metastore_->Local(); }
  Session As(std::string_view name) { return metastore_->As({.name = std::string(name)}); }
  void Give(std::string_view to, PrivilegeSet what, const Securable& on, bool option = false) {
    ASSERT_OK(Root().Grant({.to = Grantee::User(to), .privileges = what, .on = on, .grant_option = option}));
  }
  bool Has(std::string_view who, Privilege what, const Securable& on) {
    const auto decision = Root().Check({.name = std::string(who)}, what, on);
    EXPECT_OK(decision);
    return decision.ok() && decision->allowed;
  }
  Names Databases(std::string_view who, const ListNamesOptions& options = {}) {
    const auto page = As(who).ListDatabases(options);
    EXPECT_OK(page);
    return page.ok() ? page->items : Names{"?"};
  }
  Names Tables(std::string_view who, const ListNamesOptions& options = {}, std::string_view database = "web") {
    const auto page = As(who).ListTables(database, options);
    EXPECT_OK(page);
    return page.ok() ? page->items : Names{"?"};
  }
};

TEST_F(FollowTest, ListsShowWhatThereIsAPrivilegeOn) {
  EXPECT_THAT(Databases("bob"), IsEmpty());
  EXPECT_THAT(As("bob").ListTables("web"), HasCode(absl::StatusCode::kPermissionDenied));
  Give("bob", kSelect, Securable::Column(kHits, "id"));
  EXPECT_THAT(Databases("bob"), ElementsAre("web"));
  EXPECT_THAT(Tables("bob"), ElementsAre("hits"));
  EXPECT_THAT(As("bob").ListFunctions("web")->items, IsEmpty());
  Give("bob", kUse, Securable::Function({"web", "f"}));
  EXPECT_THAT(As("bob").ListFunctions("web")->items, ElementsAre("f"));
  EXPECT_THAT(Tables("bob"), ElementsAre("hits"));
  Give("bob", kInsert, Securable::Database("web"));
  EXPECT_THAT(Tables("bob"), ElementsAre("hits", "users"));
  ASSERT_OK(Root().Revoke({.from = Grantee::User("bob"), .privileges = kInsert, .on = Securable::Database("web")}));
  EXPECT_THAT(Tables("bob"), ElementsAre("hits"));
  Give("bob", kInsert, Securable::Catalog());
  EXPECT_THAT(Databases("bob"), ElementsAre("aside", "default", "net", "web"));
}

TEST_F(FollowTest, ListsTakePatternsLimitsAndPages) {
  for (const char* name : {"t1", "t2", "t3", "u1"}) {
    ASSERT_OK(Root().CreateTable(MakeTable("web", name)));
    Give("bob", kSelect, Securable::Table({"web", name}));
  }
  // Through another way as well: each name comes once.
  ASSERT_OK(
      Root().Grant({.to = Grantee::Role("public"), .privileges = kSelect, .on = Securable::Table({"web", "t2"})}));
  EXPECT_THAT(Tables("bob"), ElementsAre("t1", "t2", "t3", "u1"));
  EXPECT_THAT(Tables("bob", {.pattern = "t*"}), ElementsAre("t1", "t2", "t3"));
  EXPECT_THAT(Tables("bob", {.pattern = "*1"}), ElementsAre("t1", "u1"));
  EXPECT_THAT(Tables("bob", {.after = "T1"}), ElementsAre("t2", "t3", "u1"));
  EXPECT_THAT(Tables("bob", {.limit = 2}), ElementsAre("t1", "t2"));
  EXPECT_TRUE(As("bob").ListTables("web", {.limit = 2})->more);
  EXPECT_FALSE(As("bob").ListTables("web", {.limit = 4})->more);
  EXPECT_THAT(Tables("bob", {.table_type = model::v1::VIRTUAL_VIEW}), IsEmpty());
  EXPECT_THAT(Databases("bob", {.pattern = "x*"}), IsEmpty());
  EXPECT_THAT(Databases("bob", {.after = "vvv"}), ElementsAre("web"));
  EXPECT_THAT(Databases("bob", {.after = "web"}), IsEmpty());
}

TEST_F(FollowTest, OwnersSeeWhatTheyOwnAsLongAsTheyDo) {
  const auto give_to = [&](const std::string& owner) {
    ASSERT_OK(Root().ModifyTable(kUsers, [&](Table& table) {
      table.set_owner(owner);
      return absl::OkStatus();
    }));
  };
  give_to("tom");
  EXPECT_THAT(Databases("tom"), ElementsAre("web"));
  EXPECT_THAT(Tables("tom"), ElementsAre("users"));
  give_to("tim");
  EXPECT_THAT(Databases("tom"), IsEmpty());
  EXPECT_THAT(Tables("tim"), ElementsAre("users"));
  ASSERT_OK(Root().DropTable(kUsers));
  EXPECT_THAT(Databases("tim"), IsEmpty());
  ASSERT_OK(Root().UndropTable(kUsers));
  EXPECT_THAT(Tables("tim"), ElementsAre("users"));
}

TEST_F(FollowTest, RenamesKeepGrants) {
  Give("bob", kSelect, Securable::Table(kHits));
  Give("bob", kUse, Securable::Function({"web", "f"}));
  ASSERT_OK(Root().RenameTable(kHits, {"web", "clicks"}));
  ASSERT_OK(Root().RenameFunction({"web", "f"}, {"web", "g"}));
  ASSERT_OK(Root().RenameDatabase("web", "site"));
  EXPECT_TRUE(Has("bob", kSelect, Securable::Table({"site", "clicks"})));
  EXPECT_TRUE(Has("bob", kUse, Securable::Function({"site", "g"})));
  EXPECT_THAT(Databases("bob"), ElementsAre("site"));
  EXPECT_THAT(Tables("bob", {}, "site"), ElementsAre("clicks"));
  // Who takes the old name gets nothing with it.
  ASSERT_OK(Root().CreateDatabase(MakeDatabase("web")));
  ASSERT_OK(Root().CreateTable(MakeTable("web", "hits")));
  EXPECT_FALSE(Has("bob", kSelect, Securable::Table(kHits)));
}

TEST_F(FollowTest, AMoveKeepsWhatWasGrantedOnTheTableAlone) {
  Give("ana", kSelect, Securable::Database("web"), true);
  Give("bob", kSelect, Securable::Table(kHits), true);
  ASSERT_OK(As("ana").Grant({.to = Grantee::User("carl"), .privileges = kSelect, .on = Securable::Table(kHits)}));
  ASSERT_OK(
      As("bob").Grant({.to = Grantee::User("dora"), .privileges = kSelect, .on = Securable::Column(kHits, "id")}));
  ASSERT_OK(Root().RenameTable(kHits, {"net", "hits"}));
  const TableName moved{"net", "hits"};
  EXPECT_TRUE(Has("bob", kSelect, Securable::Table(moved)));
  EXPECT_TRUE(Has("dora", kSelect, Securable::Column(moved, "id")));
  EXPECT_FALSE(Has("ana", kSelect, Securable::Table(moved)));
  EXPECT_FALSE(Has("carl", kSelect, Securable::Table(moved)));
  EXPECT_THAT(Databases("bob"), ElementsAre("net"));
  EXPECT_THAT(Databases("carl"), IsEmpty());
}

TEST_F(FollowTest, DropsEndGrantsAndUndropsBringThemBack) {
  Give("bob", kSelect, Securable::Table(kHits));
  ASSERT_OK(Root().DropTable(kHits));
  EXPECT_THAT(Databases("bob"), IsEmpty());
  EXPECT_THAT(*Root().ListGrants(), IsEmpty());
  ASSERT_OK(Root().CreateTable(MakeTable("web", "hits", {"dt"})));
  EXPECT_FALSE(Has("bob", kSelect, Securable::Table(kHits)));
  ASSERT_OK(Root().DropTable(kHits, {.purge = Purge::kYes}));
  ASSERT_OK(Root().UndropTable(kHits));
  EXPECT_TRUE(Has("bob", kSelect, Securable::Table(kHits)));
  EXPECT_THAT(Tables("bob"), ElementsAre("hits"));
  ASSERT_OK(Root().DropDatabase("web", {.mode = DropMode::kCascade}));
  EXPECT_THAT(Databases("bob"), IsEmpty());
  EXPECT_THAT(*Root().ListGrants(), IsEmpty());
  ASSERT_OK(Root().UndropDatabase("web"));
  EXPECT_THAT(Tables("bob"), ElementsAre("hits"));
}

TEST_F(FollowTest, WhatIsGoneForGoodLeavesNothingBehind) {
  const auto records = [&] {
    const auto reader = metastore_->impl()->store().Snapshot();
    int count = 0;
    for (const char* tag : {"\x60", "\x61"}) {
      const auto cursor = reader->NewCursor(store::PrefixRange(tag));
      for (cursor->SeekToFirst(); cursor->Valid(); cursor->Next()) ++count;
    }
    return count;
  };
  const int before = records();
  model::v1::Catalog other;
  other.set_name("other");
  ASSERT_OK(Root().CreateCatalog(other));
  Session there = metastore_->Trusted({.name = "zoe"}, "other");
  ASSERT_OK(there.CreateDatabase(MakeDatabase("d")));
  ASSERT_OK(there.CreateTable(MakeTable("d", "t")));
  ASSERT_OK(there.Grant({.to = Grantee::User("bob"), .privileges = kSelect, .on = Securable::Table({"d", "t"})}));
  ASSERT_OK(there.Grant({.to = Grantee::User("bob"), .privileges = kSelect, .on = Securable::Catalog()}));
  EXPECT_GT(records(), before);
  ASSERT_OK(Root().DropCatalog("other", {.mode = DropMode::kCascade, .purge = Purge::kYes}));
  EXPECT_EQ(records(), before);
  for (const Securable& on :
       {Securable::Table(kHits), Securable::Column(kHits, "id"), Securable::Partition(kHits, {"1"}),
        Securable::Function({"web", "f"}), Securable::Database("web")}) {
    Give("bob", kSelect, on);
  }
  ASSERT_OK(Root().DropFunction({"web", "f"}, {.purge = Purge::kYes}));
  ASSERT_OK(Root().DropTable(kHits, {.purge = Purge::kYes}));
  ASSERT_OK(Root().DropDatabase("web", {.mode = DropMode::kCascade, .purge = Purge::kYes}));
  EXPECT_LE(records(), before);
}

TEST_F(FollowTest, ColumnGrantsEndWithTheirColumn) {
  Give("bob", kSelect, Securable::Column(kHits, "name"));
  Give("bob", kSelect, Securable::Column(kHits, "id"));
  ASSERT_OK(Root().ModifyTable(kHits, [](Table& table) {
    table.mutable_storage_descriptor()->mutable_columns()->RemoveLast();
    return absl::OkStatus();
  }));
  EXPECT_EQ(Root().ListGrants()->size(), 1u);
  ASSERT_OK(Root().ModifyTable(kHits, [](Table& table) {
    *table.mutable_storage_descriptor()->add_columns() = MakeColumn("name", "string");
    return absl::OkStatus();
  }));
  EXPECT_FALSE(Has("bob", kSelect, Securable::Column(kHits, "name")));
  EXPECT_TRUE(Has("bob", kSelect, Securable::Column(kHits, "id")));
}

TEST_F(FollowTest, PartitionGrantsFollowTheirPartition) {
  Give("bob", kSelect, Securable::Partition(kHits, {"1"}));
  Give("bob", kSelect, Securable::Partition(kHits, {"2"}));
  ASSERT_OK(Root().RenamePartition(kHits, Names{"1"}, Names{"9"}));
  EXPECT_TRUE(Has("bob", kSelect, Securable::Partition(kHits, {"9"})));
  ASSERT_OK(Root().DropPartitions(kHits, Names{"dt=9"}));
  EXPECT_EQ(Root().ListGrants()->size(), 1u);
  ASSERT_OK(Root().AddPartitions(kHits, std::vector{MakePartition({"2"})}, {.if_exists = IfExists::kReplace}));
  EXPECT_TRUE(Has("bob", kSelect, Securable::Partition(kHits, {"2"})));
  ASSERT_OK(Root().TruncatePartitions(kHits));
  EXPECT_THAT(*Root().ListGrants(), IsEmpty());
  EXPECT_THAT(Databases("bob"), IsEmpty());
  Add({{"2"}});
  EXPECT_FALSE(Has("bob", kSelect, Securable::Partition(kHits, {"2"})));
}

TEST_F(FollowTest, WhatAnOwnerNoLongerCouldGrantFallsIfItWasDerived) {
  const Securable on = Securable::Table(kUsers);
  const auto give_to = [&](const std::string& owner) {
    ASSERT_OK(Root().ModifyTable(kUsers, [&](Table& table) {
      table.set_owner(owner);
      return absl::OkStatus();
    }));
  };
  Give("tom", kSelect, on, true);
  ASSERT_OK(As("tom").Grant({.to = Grantee::User("bob"), .privileges = kSelect, .on = on}));
  give_to("tom");
  ASSERT_OK(As("tom").Grant({.to = Grantee::User("carl"), .privileges = kSelect, .on = on}));
  ASSERT_OK(Root().Revoke({.from = Grantee::User("tom"), .privileges = kSelect, .on = on}));
  EXPECT_TRUE(Has("bob", kSelect, on)) << "tom owns it, and could grant it again";
  give_to("tim");
  EXPECT_FALSE(Has("bob", kSelect, on));
  EXPECT_TRUE(Has("carl", kSelect, on)) << "an owner granted it";
}

}  // namespace
}  // namespace lodestone::testing
