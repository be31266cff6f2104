// Who may not do something touches no folder by trying.
#include <functional>

#include "tests/unit/warehouse/hive_fixture.h"

namespace lodestone::testing {
namespace {

using absl::StatusCode;

class HivePrivilegesTest : public HiveSessionTest {
 protected:
  HivePrivilegesTest() {
    MakeHiveHits();
    EXPECT_OK(hive().CreateTable(MakeTable("web", "into", {"dt", "hour"})));
    AddHits({{"1", "1"}});
  }
  void Allow(PrivilegeSet privileges, const Securable& on) {
    ASSERT_OK(session().Grant({.to = Grantee::User("eve"), .privileges = privileges, .on = on}));
  }
};

TEST_F(HivePrivilegesTest, NoFolderIsTouchedBeforeTheCheckPassed) {
  Table altered = *session().GetTable(kHits);
  (*altered.mutable_parameters())["a"] = "b";
  Table renamed = *session().GetTable(kHits);
  renamed.set_name("stolen");
  model::v1::Catalog catalog;
  catalog.set_name("lab");
  const Partition one = MakePartition({"1", "1"});
  const Partition two = MakePartition({"2", "2"});
  HiveStatistics statistics{.table = kHits};
  statistics.columns.emplace_back().set_column("id");
  const struct {
    std::string name;
    std::function<absl::Status(HiveSession&)> call;
  } cases[] = {
      {"CreateCatalog", [&](HiveSession& s) { return s.CreateCatalog(catalog); }},
      {"DropCatalog", [&](HiveSession& s) { return s.DropCatalog("hive", {.mode = DropMode::kCascade}); }},
      {"CreateDatabase", [&](HiveSession& s) { return s.CreateDatabase(MakeDatabase("mine")); }},
      {"AlterDatabase", [&](HiveSession& s) { return s.AlterDatabase("web", MakeDatabase("web")); }},
      {"DropDatabase", [&](HiveSession& s) { return s.DropDatabase("web", {.mode = DropMode::kCascade}); }},
      {"CreateTable", [&](HiveSession& s) { return s.CreateTable(MakeTable("web", "t")); }},
      {"AlterTable", [&](HiveSession& s) { return s.AlterTable(kHits, altered); }},
      {"RenameTable", [&](HiveSession& s) { return s.AlterTable(kHits, renamed); }},
      {"DropTable", [&](HiveSession& s) { return s.DropTable(kHits); }},
      {"TruncateTable", [&](HiveSession& s) { return s.TruncateTable(kHits); }},
      {"AddPartitions", [&](HiveSession& s) { return s.AddPartitions(kHits, {two}).status(); }},
      {"AddMany", [&](HiveSession& s) { return s.AddPartitions(kHits, std::vector<Partition>(20, two)).status(); }},
      {"AppendPartition",
       [&](HiveSession& s) {
         return s.AppendPartition(kHits, Names{"2", "2"}).status();
       }},
      {"AppendByName", [&](HiveSession& s) { return s.AppendPartitionByName(kHits, "dt=2/hour=2").status(); }},
      {"AlterPartitions",
       [&](HiveSession& s) {
         return s.AlterPartitions(kHits, {&one, 1});
       }},
      {"RenamePartition",
       [&](HiveSession& s) {
         return s.RenamePartition(kHits, Names{"1", "1"}, two);
       }},
      {"DropPartitions", [&](HiveSession& s) { return s.DropPartitions(kHits, Names{"dt=1/hour=1"}).status(); }},
      {"DropPartition",
       [&](HiveSession& s) {
         return s.DropPartition(kHits, Names{"1", "1"});
       }},
      {"DropByFilter", [&](HiveSession& s) { return s.DropPartitionsByFilter(kHits, "dt = \"1\"").status(); }},
      {"Exchange",
       [&](HiveSession& s) {
         return s.ExchangePartitions(kHits, {"web", "into"}, {{"dt", "1"}}).status();
       }},
      {"UpdateStatistics", [&](HiveSession& s) { return s.UpdateStatistics(std::vector{statistics}); }},
      {"MergeStatistics",
       [&](HiveSession& s) { return s.UpdateStatistics(std::vector{statistics}, StatisticsMode::kMerge); }},
      {"DeleteStatistics", [&](HiveSession& s) { return s.DeleteStatistics(kHits); }},
  };
  const auto tree = Tree();
  const uint64_t version = session().version();
  HiveSession eve = As("eve");
  for (const auto& c : cases) {
    failing_->FailAt(0);
    EXPECT_THAT(c.call(eve), HasCode(StatusCode::kPermissionDenied)) << c.name;
    EXPECT_TRUE(failing_->untouched()) << c.name;
    EXPECT_EQ(Tree(), tree) << c.name;
    EXPECT_EQ(session().version(), version) << c.name;
  }
}

TEST_F(HivePrivilegesTest, WhatTheServerFillsInTakesNoPrivilege) {
  HiveSession eve = As("eve");
  // Columns alone, though the time of the change is a parameter and statistics are.
  Allow({Privilege::kAlterColumns}, Securable::Table(kHits));
  Table wider = *session().GetTable(kHits);
  *wider.mutable_storage_descriptor()->add_columns() = MakeColumn("more", "int");
  clock_.Advance(1'000);
  EXPECT_OK(eve.AlterTable(kHits, wider));
  EXPECT_EQ(ParameterOf(session().GetTable(kHits), "transient_lastDdlTime"), "1700000001");
  (*wider.mutable_parameters())["other"] = "x";
  EXPECT_THAT(eve.AlterTable(kHits, wider), HasCode(StatusCode::kPermissionDenied));

  // A rename moves the table, which takes no privilege on its location.
  Allow({Privilege::kRename}, Securable::Table(kHits));
  Table renamed = *session().GetTable(kHits);
  renamed.set_name("visits");
  EXPECT_OK(eve.AlterTable(kHits, renamed));
  EXPECT_TRUE(There("web.db/visits/dt=1/hour=1"));

  const TableName visits{"web", "visits"};
  Allow({Privilege::kAddPartition}, Securable::Table(visits));
  Fill("web.db/visits/dt=2/hour=2/f");
  EXPECT_OK(eve.AppendPartition(visits, Names{"2", "2"}));
  EXPECT_EQ(ParameterOf(session().GetPartition(visits, Names{"2", "2"}), "numFiles"), "1");
  Allow({Privilege::kRenamePartition}, Securable::Table(visits));
  EXPECT_OK(eve.RenamePartition(visits, Names{"2", "2"}, MakePartition({"3", "3"})));
  EXPECT_TRUE(There("web.db/visits/dt=3/hour=3/f"));
  Allow({Privilege::kTruncate}, Securable::Table(visits));
  EXPECT_OK(eve.TruncateTable(visits));
  EXPECT_FALSE(There("web.db/visits/dt=3/hour=3/f"));
  Allow({Privilege::kDropPartition}, Securable::Table(visits));
  EXPECT_OK(eve.DropPartition(visits, Names{"3", "3"}));
  EXPECT_FALSE(There("web.db/visits/dt=3"));
}

TEST_F(HivePrivilegesTest, WhoMakesATableOwnsIt) {
  Allow({Privilege::kCreateTable}, Securable::Database("web"));
  HiveSession eve = As("eve");
  Fill("web.db/own/f");
  ASSERT_OK(eve.CreateTable(MakeTable("web", "own")));
  EXPECT_EQ(session().GetTable({"web", "own"})->owner(), "eve");
  EXPECT_EQ(ParameterOf(session().GetTable({"web", "own"}), "numFiles"), "1");
  EXPECT_OK(eve.DropTable({"web", "own"}));
}

}  // namespace
}  // namespace lodestone::testing
