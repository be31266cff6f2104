// What a checked session may do and see, call by call: the rules that are more than one line of the table.
#include <atomic>
#include <string>
#include <thread>
#include <vector>

#include "catalog/base/strings.h"
#include "catalog/bulk_load.h"
#include "tests/support/soak.h"
#include "tests/unit/session/every_call.h"
#include "tests/unit/session/fixture.h"

namespace lodestone {
namespace {

using ::testing::ElementsAre;
using testing::HasCode;
using ::testing::IsEmpty;
using testing::MakeColumn;
using testing::MakeDatabase;
using testing::MakeFunction;
using testing::MakePartition;
using testing::MakeTable;
using testing::MakeView;
using testing::Names;
using testing::Table;
using Outcome = AuditRecord::Outcome;
constexpr auto kDenied = absl::StatusCode::kPermissionDenied;

const TableName kHits{.database = "web", .table = "hits"};

class CheckedTest : public testing::SessionTest {
 protected:
  CheckedTest() {
    Reopen({.audit = &audit_});
    MakeHits();
    audit_.records.clear();
  }
  Session As(std::string_view name) { return metastore_->As(Principal{.name = std::string(name)}); }
  void Grant(PrivilegeSet privileges, const Securable& on, std::string_view to = "eve") {
    ASSERT_OK(metastore_->Local().Grant({.to = Grantee::User(to), .privileges = privileges, .on = on}));
  }
  const AuditRecord& last() const { return audit_.records.back(); }

  testing::AuditList audit_;
};

// --- Owners ---

TEST_F(CheckedTest, WhoeverMakesAnObjectOwnsItAndMayDoEverythingWithIt) {
  Grant({Privilege::kCreateDatabase}, Securable::Catalog());
  Session eve = As("eve");
  ASSERT_OK(eve.CreateDatabase(MakeDatabase("own")));
  EXPECT_EQ(eve.GetDatabase("own")->owner_name(), "eve");
  EXPECT_EQ(eve.GetDatabase("own")->owner_type(), model::v1::USER);
  ASSERT_OK(eve.CreateTable(MakeTable("own", "t")));
  EXPECT_EQ(eve.GetTable({"own", "t"})->owner(), "eve");
  ASSERT_OK(eve.CreateFunction(MakeFunction("own", "f")));
  EXPECT_EQ(eve.GetFunction({"own", "f"})->owner_name(), "eve");
  EXPECT_OK(eve.DropTable({"own", "t"}));
  EXPECT_OK(eve.UndropTable({"own", "t"}));
  EXPECT_OK(eve.DropDatabase("own", {.mode = DropMode::kCascade}));
  EXPECT_OK(eve.UndropDatabase("own"));
  EXPECT_OK(eve.GetTable({"own", "t"}));
}

TEST_F(CheckedTest, AnotherOwnerTakesWhatAChangeOfOwnerTakes) {
  Grant({Privilege::kCreateTable, Privilege::kAlterTable, Privilege::kAlterDatabase}, Securable::Database("web"));
  Session eve = As("eve");
  Table table = MakeTable("web", "gift");
  table.set_owner("bob");
  EXPECT_THAT(eve.CreateTable(table), HasCode(kDenied));
  table.set_owner("eve");
  ASSERT_OK(eve.CreateTable(table));
  Session ana = As("ana");  // owns the database
  table.set_name("other");
  table.set_owner("bob");
  EXPECT_OK(ana.CreateTable(table));
  EXPECT_THAT(eve.ModifyTable({"web", "other"},
                              [](Table& t) {
                                t.set_owner("eve");
                                return absl::OkStatus();
                              }),
              HasCode(kDenied));
  EXPECT_THAT(eve.ModifyDatabase("web",
                                 [](model::v1::Database& d) {
                                   d.set_owner_name("eve");
                                   return absl::OkStatus();
                                 }),
              HasCode(kDenied));
  EXPECT_OK(ana.ModifyDatabase("web", [](model::v1::Database& d) {
    d.set_owner_name("eve");
    return absl::OkStatus();
  }));
  EXPECT_OK(eve.DropTable({"web", "other"})) << "it lies in a database of hers";
}

TEST_F(CheckedTest, TheDefaultDatabaseBelongsToNobodyInParticular) {
  EXPECT_THAT(As("eve").CreateTable(MakeTable("default", "t")), HasCode(kDenied));
}

// --- Alterations ---

struct AlterCase {
  std::string_view what;
  Privilege needed;
  void (*change)(Table&);
};

TEST_F(CheckedTest, AnAlterationNeedsWhatItChanges) {
  const AlterCase cases[] = {
      {"a column", Privilege::kAlterColumns,
       [](Table& t) { *t.mutable_storage_descriptor()->add_columns() = MakeColumn("more", "int"); }},
      {"a comment of a key", Privilege::kAlterColumns,
       [](Table& t) { t.mutable_partition_keys(0)->set_comment("day"); }},
      {"a parameter", Privilege::kSetProperties, [](Table& t) { (*t.mutable_parameters())["a"] = "b"; }},
      {"the location", Privilege::kSetLocation,
       [](Table& t) { t.mutable_storage_descriptor()->set_location("s3://else/where"); }},
      {"the format", Privilege::kAlterTable,
       [](Table& t) { t.mutable_storage_descriptor()->set_input_format("orc.In"); }},
      {"nothing", Privilege::kAlterTable, [](Table&) {}},
  };
  const Privilege all[] = {Privilege::kAlterColumns, Privilege::kSetProperties, Privilege::kSetLocation,
                           Privilege::kAlterTable};
  for (const AlterCase& c : cases) {
    for (const Privilege has : all) {
      SCOPED_TRACE(base::StrCat(c.what, " with ", NameOf(has)));
      ASSERT_OK(metastore_->Local().ReplaceGrants(Grantee::User("eve"), Securable::Table(kHits), has));
      const auto change = [&](Table& table) {
        c.change(table);
        return absl::OkStatus();
      };
      // ALTER TABLE covers columns and properties as well, and the others not each other.
      const bool covered = has == c.needed || (has == Privilege::kAlterTable && c.needed != Privilege::kSetLocation);
      Session session = As("eve");
      const auto version = session.Transact([&](Session& inside) -> absl::Status {
        const absl::Status status = inside.ModifyTable(kHits, change);
        EXPECT_EQ(status.ok(), covered) << status;
        return absl::CancelledError("the next case begins with the same table");
      });
      EXPECT_THAT(version, HasCode(absl::StatusCode::kCancelled));
    }
  }
}

TEST_F(CheckedTest, IntoAnotherDatabaseATableIsAlsoMadeThere) {
  ASSERT_OK(session().CreateDatabase(MakeDatabase("site")));
  Grant({Privilege::kRename}, Securable::Table(kHits));
  Session eve = As("eve");
  const TableName there{.database = "site", .table = "hits"};
  EXPECT_THAT(eve.RenameTable(kHits, there), HasCode(kDenied));
  Grant({Privilege::kCreateTable}, Securable::Database("site"));
  EXPECT_OK(eve.RenameTable(kHits, there));
}

TEST_F(CheckedTest, ViewsAreDroppedByTheirOwnPrivilege) {
  ASSERT_OK(session().CreateTable(MakeView("web", "v")));
  Grant({Privilege::kDropTable}, Securable::Database("web"));
  Session eve = As("eve");
  EXPECT_THAT(eve.DropTable({"web", "v"}), HasCode(kDenied));
  EXPECT_OK(eve.DropTable(kHits));
  EXPECT_THAT(eve.DropTable(kHits), HasCode(absl::StatusCode::kNotFound)) << "of what is not there, either would do";
}

// --- Columns and partitions ---

TEST_F(CheckedTest, AColumnGrantShowsExactlyTheseColumns) {
  Table table = *session().GetTable(kHits);
  table.mutable_parameters()->insert({{"schema", "id, NAME"}, {"plain", "x"}});
  table.mutable_storage_descriptor()->add_bucket_columns("name");
  table.mutable_storage_descriptor()->set_num_buckets(4);
  ASSERT_OK(session().AlterTable(kHits, table));
  model::v1::ColumnStatistics statistics[2];
  statistics[0].set_column("id");
  statistics[0].mutable_long_data();
  statistics[1].set_column("name");
  statistics[1].mutable_string_data();
  ASSERT_OK(session().UpdateTableStatistics(kHits, statistics));
  Grant({Privilege::kSelect}, Securable::Column(kHits, "ID"));
  const auto seen = As("eve").GetTable(kHits);
  ASSERT_OK(seen);
  ASSERT_EQ(seen->storage_descriptor().columns_size(), 1);
  EXPECT_EQ(seen->storage_descriptor().columns(0).name(), "id");
  EXPECT_EQ(seen->partition_keys_size(), 0);
  EXPECT_EQ(seen->storage_descriptor().bucket_columns_size(), 0);
  EXPECT_EQ(seen->storage_descriptor().num_buckets(), 0);
  EXPECT_EQ(seen->parameters().count("schema"), 0U);
  EXPECT_EQ(seen->parameters().count("plain"), 1U);
  EXPECT_EQ(seen->DebugString().find("name: \"name\""), std::string::npos);
  const auto counted = As("eve").GetTableStatistics(kHits);
  ASSERT_OK(counted);
  ASSERT_EQ(counted->size(), 1U);
  EXPECT_EQ((*counted)[0].column(), "id");
  EXPECT_THAT(As("eve").PartitionNames(kHits).status(), HasCode(kDenied));
  EXPECT_THAT(*As("eve").ListTables("web"), ::testing::Field(&Page<std::string>::items, ElementsAre("hits")));
}

TEST_F(CheckedTest, APartitionGrantIsForThatPartition) {
  Add({{"1", "1"}, {"2", "1"}});
  Grant({Privilege::kSelect, Privilege::kDropPartition}, Securable::Partition(kHits, {"1", "1"}));
  Session eve = As("eve");
  EXPECT_OK(eve.GetPartition(kHits, Names{"1", "1"}));
  EXPECT_THAT(eve.GetPartition(kHits, Names{"2", "1"}).status(), HasCode(kDenied));
  EXPECT_OK(eve.GetPartitionsByNames(kHits, Names{"dt=1/hour=1"}));
  EXPECT_THAT(eve.GetPartitionsByNames(kHits, Names{"dt=1/hour=1", "dt=2/hour=1"}).status(), HasCode(kDenied));
  EXPECT_THAT(eve.GetPartitionsByNames(kHits, Names{}).status(), HasCode(kDenied));
  EXPECT_THAT(eve.DropPartitions(kHits, Names{"dt=2/hour=1"}).status(), HasCode(kDenied));
  EXPECT_OK(eve.DropPartitions(kHits, Names{"dt=1/hour=1"}));
}

TEST_F(CheckedTest, StatisticsOfSeveralPartitionsAreForTheTableTheColumnOrEachPartition) {
  Add({{"1", "1"}, {"2", "1"}});
  model::v1::ColumnStatistics statistics[2];
  statistics[0].set_column("id");
  statistics[1].set_column("name");
  for (const Names& values : {Names{"1", "1"}, Names{"2", "1"}}) {
    ASSERT_OK(session().UpdatePartitionStatistics(kHits, values, statistics));
  }
  const Names both = {"dt=1/hour=1", "dt=2/hour=1"};
  const auto columns_seen = [&](const Names& names) -> std::vector<std::size_t> {
    const auto found = As("eve").GetPartitionsStatistics(kHits, names);
    if (!found.ok()) {
      EXPECT_THAT(found.status(), HasCode(kDenied));
      return {};
    }
    std::vector<std::size_t> counts;
    for (const PartitionStatistics& one : *found) counts.push_back(one.columns.size());
    return counts;
  };
  EXPECT_THAT(columns_seen(both), ElementsAre());
  Grant({Privilege::kSelect}, Securable::Partition(kHits, {"1", "1"}));
  EXPECT_THAT(columns_seen({"dt=1/hour=1"}), ElementsAre(2));
  EXPECT_THAT(columns_seen(both), ElementsAre());
  Grant({Privilege::kSelect}, Securable::Column(kHits, "id"));
  EXPECT_THAT(columns_seen(both), ElementsAre(1, 1));
  Grant({Privilege::kSelect}, Securable::Partition(kHits, {"2", "1"}));
  EXPECT_THAT(columns_seen(both), ElementsAre(2, 2));
  Grant({Privilege::kDescribe}, Securable::Table(kHits));
  EXPECT_THAT(columns_seen(both), ElementsAre(2, 2));
}

TEST_F(CheckedTest, ReplacingPartitionsNeedsMoreThanAdding) {
  Add({{"1", "1"}});
  Grant({Privilege::kAddPartition}, Securable::Table(kHits));
  Session eve = As("eve");
  const std::vector<testing::Partition> again = {MakePartition({"1", "1"})};
  EXPECT_OK(eve.AddPartitions(kHits, again, {.if_exists = IfExists::kSkip}));
  EXPECT_THAT(eve.AddPartitions(kHits, again, {.if_exists = IfExists::kReplace}).status(), HasCode(kDenied));
  EXPECT_THAT(BulkLoader::Start(eve, kHits, {.if_exists = IfExists::kReplace}).status(), HasCode(kDenied));
  Grant({Privilege::kAlterPartition}, Securable::Table(kHits));
  EXPECT_OK(eve.AddPartitions(kHits, again, {.if_exists = IfExists::kReplace}));
}

TEST_F(CheckedTest, ABulkLoadIsAskedForAgainWhenItCommits) {
  Grant({Privilege::kAddPartition}, Securable::Table(kHits));
  auto loader = BulkLoader::Start(As("eve"), kHits);
  ASSERT_OK(loader);
  const std::string_view values[] = {"1", "1"};
  ASSERT_OK((*loader)->Add({.values = values}));
  ASSERT_OK(metastore_->Local().Revoke({Grantee::User("eve"), Privilege::kAddPartition, Securable::Table(kHits)}));
  audit_.records.clear();
  EXPECT_THAT((*loader)->Finish().status(), HasCode(kDenied));
  EXPECT_EQ(*session().CountPartitions(kHits), 0);
  loader->reset();
  ASSERT_EQ(audit_.records.size(), 1U) << "one load, one record";
  EXPECT_EQ(last().outcome, Outcome::kDenied);
  EXPECT_EQ(last().action, "BulkLoad");
}

TEST_F(CheckedTest, ALoadThatIsGivenUpLeavesItsRecord) {
  Grant({Privilege::kAddPartition}, Securable::Table(kHits));
  audit_.records.clear();
  { ASSERT_OK(BulkLoader::Start(As("eve"), kHits)); }
  ASSERT_EQ(audit_.records.size(), 1U);
  EXPECT_EQ(last().outcome, Outcome::kRefused);
}

// --- Constraints and events ---

TEST_F(CheckedTest, AForeignKeyOnlyPointsAtWhatItsMakerSees) {
  ASSERT_OK(session().CreateDatabase(MakeDatabase("hidden")));
  ASSERT_OK(session().CreateTable(MakeTable("hidden", "parent")));
  model::v1::Constraint key;
  key.set_kind(model::v1::Constraint::PRIMARY_KEY);
  key.add_columns("id");
  ASSERT_OK(session().AddConstraints({"hidden", "parent"}, std::vector{key}));
  model::v1::Constraint fk;
  fk.set_kind(model::v1::Constraint::FOREIGN_KEY);
  fk.add_columns("id");
  fk.add_parent_columns("id");
  fk.set_parent_database("hidden");
  Grant({Privilege::kAlterTable, Privilege::kDescribe}, Securable::Table(kHits));
  Session eve = As("eve");
  std::string told;
  for (const char* parent : {"parent", "none"}) {
    fk.set_parent_table(parent);
    const absl::Status status = eve.AddConstraints(kHits, std::vector{fk});
    EXPECT_THAT(status, HasCode(kDenied)) << parent;
  }
  fk.set_parent_table("parent");
  ASSERT_OK(session().AddConstraints(kHits, std::vector{fk}));
  EXPECT_THAT(*eve.ListConstraints(kHits), IsEmpty());
  Grant({Privilege::kList}, Securable::Table({"hidden", "parent"}));
  EXPECT_EQ(eve.ListConstraints(kHits)->size(), 1U);
}

TEST_F(CheckedTest, EventsAreThoseAboutWhatIsSeen) {
  Add({{"1", "1"}});
  ASSERT_OK(session().CreateTable(MakeTable("web", "secret")));
  ASSERT_OK(session().RenameTable(kHits, {"web", "visits"}));
  Session eve = As("eve");
  EXPECT_THAT(eve.ReadEvents()->events, IsEmpty());
  Grant({Privilege::kDescribe}, Securable::Table({"web", "visits"}));
  const auto events = eve.ReadEvents();
  ASSERT_OK(events);
  std::vector<std::string> seen;
  for (const auto& event : events->events) {
    seen.push_back(event.object());
    EXPECT_EQ(event.partitions_size(), 0) << "no privilege to list them";
  }
  EXPECT_THAT(seen, ElementsAre("", "hits", "hits", "hits")) << "the database, and the table also by its old name";
  EXPECT_EQ(events->last_id, session().ReadEvents()->last_id);
  Grant({Privilege::kShowPartitions}, Securable::Table({"web", "visits"}));
  EXPECT_EQ(eve.ReadEvents({.after = events->events[1].id(), .limit = 1})->events[0].partitions_size(), 1);
  EXPECT_EQ(eve.ReadEvents({.limit = 2})->events.size(), 2U);
}

// --- Transactions, snapshots ---

TEST_F(CheckedTest, RecordsOfATransactionHaveItsVersionOrSayThatItFailed) {
  Session ana = As("ana");
  const auto version = ana.Transact([&](Session& inside) {
    EXPECT_OK(inside.GetTable(kHits));
    EXPECT_OK(inside.CreateTable(MakeTable("web", "a")));
    EXPECT_TRUE(audit_.records.empty()) << "not before the commit";
    return inside.CreateTable(MakeTable("web", "b"));
  });
  ASSERT_OK(version);
  ASSERT_EQ(audit_.records.size(), 3U);
  EXPECT_EQ(audit_.records[0].version, 0U);
  EXPECT_EQ(audit_.records[1].version, *version);
  EXPECT_EQ(audit_.records[2].version, *version);
  audit_.records.clear();
  const auto failed = ana.Transact([&](Session& inside) -> absl::Status {
    EXPECT_OK(inside.CreateTable(MakeTable("web", "c")));
    EXPECT_THAT(inside.CreateCatalog({}), HasCode(absl::StatusCode::kInvalidArgument));
    EXPECT_THAT(inside.DropCatalog("other"), HasCode(kDenied));
    return absl::CancelledError("given up");
  });
  EXPECT_THAT(failed, HasCode(absl::StatusCode::kCancelled));
  ASSERT_EQ(audit_.records.size(), 3U);
  EXPECT_EQ(audit_.records[0].outcome, Outcome::kRefused);
  EXPECT_NE(audit_.records[0].why.find("given up"), std::string::npos);
  EXPECT_EQ(audit_.records[0].version, 0U);
  EXPECT_EQ(audit_.records[1].outcome, Outcome::kRefused);
  EXPECT_EQ(audit_.records[2].outcome, Outcome::kDenied);
}

TEST_F(CheckedTest, ASnapshotHasThePrivilegesOfItsTime) {
  Session before = As("eve").Snapshot();
  Grant({Privilege::kSelect}, Securable::Table(kHits));
  Session with = As("eve").Snapshot();
  ASSERT_OK(metastore_->Local().Revoke({Grantee::User("eve"), Privilege::kSelect, Securable::Table(kHits)}));
  EXPECT_THAT(before.GetTable(kHits).status(), HasCode(kDenied));
  EXPECT_OK(with.GetTable(kHits));
  EXPECT_THAT(As("eve").GetTable(kHits).status(), HasCode(kDenied));
}

TEST_F(CheckedTest, RecordsTellTheRequestAndWhatAllowedIt) {
  Grant({Privilege::kSelect}, Securable::Database("web"));
  ASSERT_OK(As("eve").WithRequestId("r-7").GetTable({"WEB", "Hits"}));
  EXPECT_EQ(last().request_id, "r-7");
  EXPECT_EQ(last().object, "table web.hits");
  EXPECT_EQ(last().action, "GetTable");
  EXPECT_EQ(last().catalog, "hive");
  EXPECT_EQ(last().why, "SELECT on database web was granted to user eve");
}

}  // namespace
}  // namespace lodestone
