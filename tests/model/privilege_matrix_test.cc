// Every operation x privilege x level x way of being granted it: each sufficient privilege alone passes, it fails once
// revoked, and every other alone fails. What suffices stands here as a table of its own, written down from
// docs/semantics/privileges.md and not from the code that decides.
#include <functional>
#include <map>
#include <set>

#include "tests/unit/session/fixture.h"

namespace lodestone::testing {
namespace {

using enum Privilege;

// Where the operation's object stands, and so on which levels a privilege counts.
enum class On { kStore, kCatalog, kDatabase, kTable, kView, kFunction, kPartition };

struct Row {
  std::string name;
  On on;
  std::set<Privilege> suffices;
  std::function<absl::Status(Session&)> run;
  // Whether a grant on a column suffices as well (for what it shows of it).
  bool by_column = false;
};

const TableName kHits{"web", "hits"};
const TableName kView{"web", "v"};
const FunctionName kF{"web", "f"};
const Names kOne{"1"};

model::v1::ColumnStatistics StatisticsOfId() {
  model::v1::ColumnStatistics statistics;
  statistics.set_column("id");
  return statistics;
}
model::v1::Constraint PrimaryKey() {
  model::v1::Constraint key;
  key.set_kind(model::v1::Constraint::PRIMARY_KEY);
  key.set_name("another");
  key.add_columns("id");
  return key;
}
absl::Status Alter(Session& s, const std::function<void(Table&)>& change) {
  return s.ModifyTable(kHits, [&](Table& table) {
    change(table);
    return absl::OkStatus();
  });
}

const std::set<Privilege> kReadsDatabase = {kDescribe,   kList,           kSelect,        kCreateTable,
                                            kCreateView, kCreateFunction, kAlterDatabase, kDropDatabase};
const std::set<Privilege> kReadsTable = {kDescribe, kSelect,     kInsert,       kOverwrite,     kUpdate,
                                         kDelete,   kAlterTable, kAlterColumns, kSetProperties, kSetLocation};

std::vector<Row> ObjectRows() {
  return {
      {"CreateCatalog",
       On::kStore,
       {},
       [](Session& s) {
         model::v1::Catalog catalog;
         catalog.set_name("more");
         return s.CreateCatalog(catalog);
       }},
      {"RenameCatalog", On::kStore, {}, [](Session& s) { return s.RenameCatalog("spare", "other"); }},
      {"DropCatalog", On::kStore, {}, [](Session& s) { return s.DropCatalog("spare"); }},
      {"CreateDatabase",
       On::kCatalog,
       {kCreateDatabase},
       [](Session& s) { return s.CreateDatabase(MakeDatabase("more")); }},
      {"GetDatabase", On::kDatabase, kReadsDatabase, [](Session& s) { return s.GetDatabase("web").status(); }},
      {"AlterDatabase",
       On::kDatabase,
       {kAlterDatabase},
       [](Session& s) {
         return s.ModifyDatabase("web", [](Database& database) {
           database.set_description("x");
           return absl::OkStatus();
         });
       }},
      {"AlterDatabase: owner",
       On::kDatabase,
       {},
       [](Session& s) {
         return s.ModifyDatabase("web", [](Database& database) {
           database.set_owner_name("x");
           return absl::OkStatus();
         });
       }},
      {"RenameDatabase",
       On::kDatabase,
       {kAlterDatabase, kRename},
       [](Session& s) { return s.RenameDatabase("web", "net"); }},
      {"DropDatabase",
       On::kDatabase,
       {kDropDatabase},
       [](Session& s) { return s.DropDatabase("web", {.mode = DropMode::kCascade}); }},
      {"CreateTable",
       On::kDatabase,
       {kCreateTable},
       [](Session& s) { return s.CreateTable(MakeTable("web", "more")); }},
      {"CreateView", On::kDatabase, {kCreateView}, [](Session& s) { return s.CreateTable(MakeView("web", "more")); }},
      {"UndropTable",
       On::kDatabase,
       {kDropTable, kDropView},
       [](Session& s) {
         return s.UndropTable({"web", "gone"});
       }},
      {"CreateFunction",
       On::kDatabase,
       {kCreateFunction},
       [](Session& s) { return s.CreateFunction(MakeFunction("web", "more")); }},
      {"GetFunction",
       On::kFunction,
       {kDescribe, kSelect, kUse, kAlterFunction},
       [](Session& s) { return s.GetFunction(kF).status(); }},
      {"AlterFunction",
       On::kFunction,
       {kAlterFunction},
       [](Session& s) {
         Function changed = MakeFunction("web", "f");
         changed.set_owner_name("fred");
         return s.AlterFunction(kF, changed);
       }},
      {"RenameFunction",
       On::kFunction,
       {kAlterFunction, kRename},
       [](Session& s) {
         return s.RenameFunction(kF, {"web", "g"});
       }},
      {"DropFunction", On::kFunction, {kDropFunction}, [](Session& s) { return s.DropFunction(kF); }},
  };
}

std::vector<Row> TableRows() {
  return {
      {"GetTable", On::kTable, kReadsTable, [](Session& s) { return s.GetTable(kHits).status(); }, true},
      {"AlterTable: columns",
       On::kTable,
       {kAlterColumns, kAlterTable},
       [](Session& s) {
         return Alter(s, [](Table& t) { *t.mutable_storage_descriptor()->add_columns() = MakeColumn("x", "int"); });
       }},
      {"AlterTable: properties",
       On::kTable,
       {kSetProperties, kAlterTable},
       [](Session& s) { return Alter(s, [](Table& t) { (*t.mutable_parameters())["k"] = "v"; }); }},
      {"AlterTable: location",
       On::kTable,
       {kSetLocation},
       [](Session& s) {
         return Alter(s, [](Table& t) { t.mutable_storage_descriptor()->set_location("/elsewhere"); });
       }},
      {"AlterTable: the rest",
       On::kTable,
       {kAlterTable},
       [](Session& s) { return Alter(s, [](Table& t) { t.set_retention(7); }); }},
      {"AlterTable: owner", On::kTable, {}, [](Session& s) { return Alter(s, [](Table& t) { t.set_owner("x"); }); }},
      {"RenameTable",
       On::kTable,
       {kRename},
       [](Session& s) {
         return s.RenameTable(kHits, {"web", "more"});
       }},
      {"DropTable", On::kTable, {kDropTable}, [](Session& s) { return s.DropTable(kHits); }},
      {"DropTable of a view", On::kView, {kDropView}, [](Session& s) { return s.DropTable(kView); }},
      {"AddConstraints",
       On::kTable,
       {kAlterTable},
       [](Session& s) { return s.AddConstraints(kHits, std::vector{PrimaryKey()}); }},
      {"ListConstraints",
       On::kTable,
       {kDescribe, kSelect},
       [](Session& s) { return s.ListConstraints(kHits).status(); }},
      {"DropConstraint", On::kTable, {kAlterTable}, [](Session& s) { return s.DropConstraint(kHits, "u"); }},
      {"UpdateTableStatistics",
       On::kTable,
       {kAlterTable, kInsert, kOverwrite},
       [](Session& s) { return s.UpdateTableStatistics(kHits, std::vector{StatisticsOfId()}); }},
      {"GetTableStatistics",
       On::kTable,
       {kDescribe, kSelect},
       [](Session& s) { return s.GetTableStatistics(kHits).status(); },
       true},
      {"DeleteTableStatistics",
       On::kTable,
       {kAlterTable, kInsert, kOverwrite},
       [](Session& s) { return s.DeleteTableStatistics(kHits); }},
  };
}

std::vector<Row> PartitionRows() {
  const std::set<Privilege> reads = {kShowPartitions, kSelect};
  return {
      {"PartitionNames", On::kTable, reads, [](Session& s) { return s.PartitionNames(kHits).status(); }},
      {"ListPartitions", On::kTable, reads,
       [](Session& s) {
         auto cursor = s.ListPartitions(kHits);
         while (cursor.Next()) {
         }
         return cursor.status();
       }},
      {"CountPartitions", On::kTable, reads, [](Session& s) { return s.CountPartitions(kHits).status(); }},
      {"Explain", On::kTable, reads, [](Session& s) { return s.Explain(kHits, "dt = '1'").status(); }},
      {"GetPartition", On::kPartition, reads, [](Session& s) { return s.GetPartition(kHits, kOne).status(); }},
      {"AddPartitions",
       On::kTable,
       {kAddPartition, kInsert},
       [](Session& s) { return s.AddPartitions(kHits, std::vector{MakePartition({"2"})}).status(); }},
      {"AlterPartitions",
       On::kPartition,
       {kAlterPartition},
       [](Session& s) { return s.AlterPartitions(kHits, std::vector{MakePartition({"1"})}); }},
      {"RenamePartition",
       On::kPartition,
       {kRenamePartition},
       [](Session& s) { return s.RenamePartition(kHits, kOne, Names{"3"}); }},
      {"DropPartitions",
       On::kPartition,
       {kDropPartition},
       [](Session& s) { return s.DropPartitions(kHits, Names{"dt=1"}).status(); }},
      {"TruncatePartitions", On::kTable, {kTruncate}, [](Session& s) { return s.TruncatePartitions(kHits); }},
  };
}

// How the privilege comes to ana.
const std::pair<std::string, Grantee> kWays[] = {
    {"herself", Grantee::User("ana")},
    {"a role", Grantee::Role("direct")},
    {"a role of a role", Grantee::Role("outer")},
    {"a group", Grantee::Group("staff")},
    {"a role of a group", Grantee::Role("of_staff")},
    {"everybody", Grantee::Role("public")},
};

class PrivilegeMatrixTest : public SessionTest {
 protected:
  PrivilegeMatrixTest() {
    Session root = metastore_->Local();
    model::v1::Catalog spare;
    spare.set_name("spare");
    EXPECT_OK(root.CreateCatalog(spare));
    for (const char* name : {"web", "aside"}) {
      Database database = MakeDatabase(name);
      database.set_owner_name("olga");
      EXPECT_OK(root.CreateDatabase(database));
    }
    for (const char* name : {"hits", "users", "gone"}) {
      Table table = MakeTable("web", name, {"dt"});
      table.set_owner("tom");
      EXPECT_OK(root.CreateTable(table));
    }
    Table view = MakeView("web", "v");
    view.set_owner("tom");
    EXPECT_OK(root.CreateTable(view));
    Function function = MakeFunction("web", "f");
    function.set_owner_name("fred");
    EXPECT_OK(root.CreateFunction(function));
    EXPECT_OK(root.AddPartitions(kHits, std::vector{MakePartition({"1"})}));
    model::v1::Constraint unique = PrimaryKey();
    unique.set_kind(model::v1::Constraint::UNIQUE);
    unique.set_name("u");
    EXPECT_OK(root.AddConstraints(kHits, std::vector{unique}));
    EXPECT_OK(root.DropTable({"web", "gone"}));
    for (const char* role : {"direct", "outer", "inner", "of_staff"}) EXPECT_OK(root.CreateRole(role));
    EXPECT_OK(root.GrantRole("direct", Grantee::User("ana")));
    EXPECT_OK(root.GrantRole("outer", Grantee::Role("inner")));
    EXPECT_OK(root.GrantRole("inner", Grantee::User("ana")));
    EXPECT_OK(root.AddToGroup("staff", "ana"));
    EXPECT_OK(root.GrantRole("of_staff", Grantee::Group("staff")));
    EXPECT_OK(root.GrantRole("admin", Grantee::User("eva")));
    EXPECT_OK(root.SetStoreAdministrator("stan", true));
  }

  // The levels on which a privilege counts for the operation, and places beside it, where it does not.
  std::vector<Securable> Levels(On on) {
    std::vector<Securable> levels = {Securable::Global()};
    if (on == On::kStore) return levels;
    levels.push_back(Securable::Catalog());
    if (on == On::kCatalog) return levels;
    levels.push_back(Securable::Database("web"));
    if (on == On::kFunction) levels.push_back(Securable::Function(kF));
    if (on == On::kTable || on == On::kPartition) levels.push_back(Securable::Table(kHits));
    if (on == On::kView) levels.push_back(Securable::Table(kView));
    if (on == On::kPartition) levels.push_back(Securable::Partition(kHits, kOne));
    return levels;
  }
  std::vector<Securable> Beside(const Row& row) {
    std::vector<Securable> beside = {Securable::Database("aside"), Securable::Path("queues.q")};
    if (row.on == On::kStore) beside.push_back(Securable::Catalog());
    if (row.on == On::kCatalog || row.on == On::kStore) beside.push_back(Securable::Database("web"));
    if (row.on != On::kTable && row.on != On::kPartition) beside.push_back(Securable::Table(kHits));
    if (row.on != On::kFunction) beside.push_back(Securable::Function(kF));
    beside.push_back(Securable::Table({"web", "users"}));
    if (!row.by_column) beside.push_back(Securable::Column(kHits, "id"));
    if (row.on != On::kPartition) beside.push_back(Securable::Partition(kHits, kOne));
    return beside;
  }

  // Runs the operation as somebody, and undoes it.
  absl::Status Try(const Row& row, std::string_view who) {
    absl::Status result;
    Session session = metastore_->As({.name = std::string(who)});
    const auto undone = session.Transact([&](Session& inside) -> absl::Status {
      result = row.run(inside);
      return absl::CancelledError("only to see");
    });
    EXPECT_FALSE(undone.ok());
    return result;
  }
  void Expect(const Row& row, std::string_view who, bool allowed, std::string_view because) {
    ++cells_;
    const absl::Status status = Try(row, who);
    const bool as_expected = allowed ? status.ok() : absl::IsPermissionDenied(status);
    if (!as_expected) {
      ADD_FAILURE() << row.name << " by " << who << " with " << because << ": expected "
                    << (allowed ? "OK" : "a denial") << ", found " << status;
    }
  }

  void CheckCell(const Row& row, Privilege privilege, const Securable& on, const Grantee& to, bool allowed) {
    Session root = metastore_->Local();
    const std::string because =
        std::string(NameOf(privilege)) + " on " + on.ToString() + " granted to " + to.ToString();
    ASSERT_OK(root.Grant({.to = to, .privileges = privilege, .on = on}));
    Expect(row, "ana", allowed, because);
    ASSERT_OK(root.Revoke({.from = to, .privileges = privilege, .on = on}));
    if (allowed) Expect(row, "ana", false, because + " and revoked");
  }

  void CheckRows(const std::vector<Row>& rows) {
    for (const Row& row : rows) {
      Expect(row, "ana", false, "nothing");
      for (const Privilege privilege : PrivilegeSet::All().ToVector()) {
        const bool suffices = row.suffices.contains(privilege);
        for (const Securable& level : Levels(row.on)) {
          for (const auto& [way, grantee] : kWays) {
            // In the store there are no roles but the built-in ones.
            if (level.kind == Securable::Kind::kGlobal && grantee.kind == GranteeKind::kRole &&
                grantee.name != kPublicRole) {
              continue;
            }
            CheckCell(row, privilege, level, grantee, suffices);
          }
        }
        for (const Securable& place : Beside(row)) CheckCell(row, privilege, place, Grantee::User("ana"), false);
        if (row.by_column) {
          CheckCell(row, privilege, Securable::Column(kHits, "id"), Grantee::User("ana"), suffices);
        }
      }
      CheckPowers(row);
    }
    EXPECT_GT(cells_, 1000);
    RecordProperty("cells", cells_);
  }
  // Who owns what, and administrators.
  void CheckPowers(const Row& row) {
    const bool in_web = row.on != On::kStore && row.on != On::kCatalog;
    Expect(row, "olga", in_web, "the database");
    const bool of_table = row.on == On::kTable || row.on == On::kPartition || row.on == On::kView;
    Expect(row, "tom", of_table || row.name == "UndropTable", "the tables");
    Expect(row, "fred", row.on == On::kFunction, "the function");
    Expect(row, "eva", row.on != On::kStore, "role admin");
    Expect(row, "stan", true, "the store");
  }

  int cells_ = 0;
};

TEST_F(PrivilegeMatrixTest, CatalogsDatabasesAndFunctions) { CheckRows(ObjectRows()); }
TEST_F(PrivilegeMatrixTest, Tables) { CheckRows(TableRows()); }
TEST_F(PrivilegeMatrixTest, Partitions) { CheckRows(PartitionRows()); }

// With the option each privilege can be granted on, by every way of having it: on the object and in it, and nowhere
// else; without the option never.
TEST_F(PrivilegeMatrixTest, GrantOptions) {
  Session root = metastore_->Local();
  Session ana = metastore_->As({.name = "ana"});
  const Grantee bob = Grantee::User("bob");
  const std::vector<Securable> places = {Securable::Catalog(), Securable::Database("web"), Securable::Table(kHits),
                                         Securable::Column(kHits, "id")};
  for (const Privilege privilege : PrivilegeSet::All().ToVector()) {
    const auto other = static_cast<Privilege>((static_cast<int>(privilege) + 1) % kPrivilegeCount);
    for (const auto& [way, grantee] : kWays) {
      for (std::size_t at = 0; at < places.size(); ++at) {
        for (const bool option : {false, true}) {
          SCOPED_TRACE(std::string(NameOf(privilege)) + " on " + places[at].ToString() + " to " + way);
          ASSERT_OK(root.Grant({.to = grantee, .privileges = privilege, .on = places[at], .grant_option = option}));
          for (std::size_t i = 0; i < places.size(); ++i) {
            // The right to grant passes itself on, where it is held.
            const bool may = i >= at && (option || privilege == kGrantPrivilege);
            const absl::Status granted = ana.Grant({.to = bob, .privileges = privilege, .on = places[i]});
            EXPECT_EQ(granted.code(), may ? absl::StatusCode::kOk : absl::StatusCode::kPermissionDenied) << granted;
            EXPECT_THAT(ana.Grant({.to = bob, .privileges = other, .on = places[i]}),
                        HasCode(absl::StatusCode::kPermissionDenied));
          }
          ASSERT_OK(root.Revoke({.from = grantee, .privileges = privilege, .on = places[at]}));
          ASSERT_THAT(*root.ListGrants(), ::testing::IsEmpty()) << "what was granted on went along";
        }
      }
    }
  }
  ExpectSound();
}

}  // namespace
}  // namespace lodestone::testing
