// Tables with their folders: made, altered, renamed, dropped, truncated.
#include <map>

#include "tests/unit/warehouse/hive_fixture.h"

namespace lodestone::testing {
namespace {

using absl::StatusCode;

class HiveTablesTest : public HiveSessionTest {
 protected:
  HiveTablesTest() { EXPECT_OK(hive().CreateDatabase(MakeDatabase("web"))); }

  static Table External(std::string_view name, const Names& keys = {}) {
    Table table = MakeTable("web", name, keys);
    table.set_table_type(model::v1::EXTERNAL_TABLE);
    return table;
  }
  Table Get(std::string_view name) { return session().GetTable({"web", std::string(name)}).value_or(Table()); }
  std::string Parameter(std::string_view table, std::string_view name) {
    return ParameterOf(session().GetTable({"web", std::string(table)}), name);
  }
  const TableName kPlain{"web", "plain"};
};

TEST_F(HiveTablesTest, CreateFillsPlaceAndTimeAndMakesTheFolder) {
  Table given = External("given");
  given.mutable_storage_descriptor()->set_location("file:" + top_ + "/elsewhere/a/b");
  given.set_create_time(7);
  (*given.mutable_parameters())["transient_lastDdlTime"] = "42";
  ASSERT_OK(hive().CreateTable(MakeTable("web", "Plain")));
  ASSERT_OK(hive().CreateTable(given));
  ASSERT_OK(hive().CreateTable(MakeTable("default", "t")));
  ASSERT_OK(hive().CreateTable(MakeView("web", "v")));
  EXPECT_TRUE(There("web.db/plain"));
  EXPECT_TRUE(There("../elsewhere/a/b"));
  EXPECT_TRUE(There("t"));
  EXPECT_FALSE(There("web.db/v"));
  EXPECT_EQ(LocationOf(kPlain), "file:" + root_ + "/web.db/plain");
  EXPECT_EQ(Get("v").storage_descriptor().location(), "");
  EXPECT_EQ(Get("given").create_time(), kStart / 1000);
  EXPECT_EQ(Parameter("given", "transient_lastDdlTime"), "42");
  EXPECT_EQ(Parameter("given", "EXTERNAL"), "TRUE");
  // Nothing else than the time.
  EXPECT_EQ(Parameter("plain", "transient_lastDdlTime"), kNow);
  EXPECT_EQ(Get("plain").parameters_size(), 1);
  EXPECT_EQ(Parameter("v", "transient_lastDdlTime"), kNow);
  EXPECT_EQ(Parameter("v", "numFiles"), "-");
}

TEST_F(HiveTablesTest, CreateGathersStatisticsOfFilesThatAreThere) {
  const struct {
    std::string name;
    Names keys;
    bool files, keep;
    std::string keep_parameter, num_files, total_size;
  } cases[] = {
      {"over_data", {}, true, false, "", "2", "8"},    {"kept", {}, true, true, "", "-", "-"},
      {"kept_too", {}, true, false, "true", "-", "-"}, {"not_kept", {}, true, false, "false", "2", "8"},
      {"keyed", {"dt"}, true, false, "", "-", "-"},    {"fresh", {}, false, false, "", "-", "-"},
  };
  for (const auto& c : cases) {
    if (c.files) {
      Fill("web.db/" + c.name + "/f", "12345");
      Fill("web.db/" + c.name + "/sub/g", "123");
      Fill("web.db/" + c.name + "/_SUCCESS", "");
    }
    Table table = MakeTable("web", c.name, c.keys);
    (*table.mutable_parameters())["COLUMN_STATS_ACCURATE"] = "x";
    if (!c.keep_parameter.empty()) (*table.mutable_parameters())["DO_NOT_UPDATE_STATS"] = c.keep_parameter;
    ASSERT_OK(hive().CreateTable(table, {.keep_statistics = c.keep}));
    EXPECT_EQ(Parameter(c.name, "numFiles"), c.num_files) << c.name;
    EXPECT_EQ(Parameter(c.name, "totalSize"), c.total_size) << c.name;
    EXPECT_EQ(Parameter(c.name, "COLUMN_STATS_ACCURATE"), c.num_files == "-" ? "x" : "-") << c.name;
    EXPECT_EQ(Parameter(c.name, "DO_NOT_UPDATE_STATS"), "-") << c.name;
  }
  EXPECT_EQ(LastEvent().kind(), Event::CREATE_TABLE);
}

TEST_F(HiveTablesTest, CreateIsOneEventAndWhatComesAlongIsPartOfIt) {
  Fill("web.db/plain/f");
  const int64_t before = EventCount();
  model::v1::Constraint key;
  key.set_kind(model::v1::Constraint::PRIMARY_KEY);
  key.add_columns("id");
  const auto also = [&](Session& inside) { return inside.AddConstraints(kPlain, {&key, 1}); };
  ASSERT_OK(hive().CreateTable(MakeTable("web", "plain"), {}, also));
  EXPECT_EQ(EventCount(), before + 2);  // and the constraint's
  EXPECT_EQ(session().ListConstraints(kPlain)->size(), 1U);
  const auto fail = [](Session&) { return absl::InvalidArgumentError("no"); };
  EXPECT_THAT(hive().CreateTable(MakeTable("web", "other"), {}, fail), FailsWith(StatusCode::kInvalidArgument, "no"));
  EXPECT_FALSE(There("web.db/other"));
  EXPECT_FALSE(session().GetTable({"web", "other"}).ok());
}

TEST_F(HiveTablesTest, CreateRefusesBadPlaces) {
  for (const std::string location : {"file:/", "/", "s3://bucket", "s3://bucket/", "hdfs://h:9000/"}) {
    Table table = MakeTable("web", "t");
    table.mutable_storage_descriptor()->set_location(location);
    EXPECT_THAT(hive().CreateTable(table), FailsWith(StatusCode::kInvalidArgument, "must not be root path"))
        << location;
  }
  Fill("web.db/file");
  std::filesystem::create_directory_symlink(top_, root_ + "/up");
  for (const std::string& location : {top_ + "/other", root_ + "/../x", root_ + "/up/x", root_ + "/web.db/file"}) {
    Table table = MakeTable("web", "t");
    table.mutable_storage_descriptor()->set_location(location);
    const absl::Status refused = hive().CreateTable(table);
    EXPECT_THAT(refused, HasCode(StatusCode::kInvalidArgument)) << location;
    EXPECT_EQ(DomainErrorOf(refused)->object_kind, ObjectKind::kFolder) << location;
    EXPECT_FALSE(session().GetTable({"web", "t"}).ok()) << location;
  }
  EXPECT_THAT(hive().CreateTable(MakeTable("missing", "t")), HasCode(StatusCode::kNotFound));
}

TEST_F(HiveTablesTest, AlterSetsTheTimeWhereItIsNotSaid) {
  ASSERT_OK(hive().CreateTable(MakeTable("web", "plain")));
  const struct {
    std::string said, stored;
  } cases[] = {{"-", "1700000100"}, {"1700000100", "1700000200"}, {"77", "77"}, {"-", "1700000400"}};
  for (const auto& c : cases) {
    clock_.Advance(100'000);
    Table table = Get("plain");
    table.mutable_parameters()->erase("transient_lastDdlTime");
    if (c.said != "-") (*table.mutable_parameters())["transient_lastDdlTime"] = c.said;
    ASSERT_OK(hive().AlterTable(kPlain, table));
    EXPECT_EQ(Parameter("plain", "transient_lastDdlTime"), c.stored);
  }
}

TEST_F(HiveTablesTest, AlterKeepsTheNamesOfPartitionKeys) {
  ASSERT_OK(hive().CreateTable(MakeTable("web", "keyed", {"dt"})));
  Table table = Get("keyed");
  table.mutable_partition_keys(0)->set_name("day");
  EXPECT_THAT(hive().AlterTable({"web", "keyed"}, table),
              FailsWith(StatusCode::kFailedPrecondition, "partition keys can not be changed"));
  EXPECT_EQ(Get("keyed").partition_keys(0).name(), "dt");
  table.mutable_partition_keys(0)->set_name("DT");
  table.mutable_partition_keys(0)->set_comment("the day");
  ASSERT_OK(hive().AlterTable({"web", "keyed"}, table));
  EXPECT_EQ(Get("keyed").partition_keys(0).comment(), "the day");
}

TEST_F(HiveTablesTest, AlterGathersStatisticsAnew) {
  ASSERT_OK(hive().CreateTable(MakeTable("web", "plain")));
  ASSERT_OK(hive().CreateTable(MakeTable("web", "keyed", {"dt"})));
  Fill("web.db/plain/f");
  Fill("web.db/keyed/f");
  const int64_t before = EventCount();
  ASSERT_OK(hive().AlterTable(kPlain, Get("plain"), {.keep_statistics = true}));
  EXPECT_EQ(Parameter("plain", "numFiles"), "-");
  ASSERT_OK(hive().AlterTable(kPlain, Get("plain")));
  EXPECT_EQ(Parameter("plain", "numFiles"), "1");
  EXPECT_EQ(Parameter("plain", "totalSize"), "5");
  ASSERT_OK(hive().AlterTable(kPlain, Get("plain"), {.statistics_from = "TASK"}));
  EXPECT_EQ(Parameter("plain", "COLUMN_STATS_ACCURATE"), "{\"BASIC_STATS\":\"true\"}");
  ASSERT_OK(hive().AlterTable({"web", "keyed"}, Get("keyed")));
  EXPECT_EQ(Parameter("keyed", "numFiles"), "-");
  EXPECT_EQ(EventCount(), before + 4);  // one each
  // To another place, which is looked at and not made.
  Fill("elsewhere/x", "1");
  Table moved = Get("plain");
  moved.mutable_storage_descriptor()->set_location("file:" + root_ + "/elsewhere");
  ASSERT_OK(hive().AlterTable(kPlain, moved));
  EXPECT_EQ(Parameter("plain", "totalSize"), "1");
  moved.mutable_storage_descriptor()->set_location("file:" + root_ + "/nothing/there");
  ASSERT_OK(hive().AlterTable(kPlain, moved));
  EXPECT_EQ(Parameter("plain", "totalSize"), "0");
  EXPECT_FALSE(There("nothing"));
  EXPECT_TRUE(There("web.db/plain/f"));
}

TEST_F(HiveTablesTest, AlterComparesAndSets) {
  Table ice = MakeTable("web", "plain");
  (*ice.mutable_parameters())["metadata_location"] = "v1";
  ASSERT_OK(hive().CreateTable(ice));
  const HiveContext from_v1 = HiveContext::FromProperties(
      {{"expected_parameter_key", "metadata_location"}, {"expected_parameter_value", "v1"}});
  (*ice.mutable_parameters())["metadata_location"] = "v2";
  ASSERT_OK(hive().AlterTable(kPlain, ice, from_v1));
  (*ice.mutable_parameters())["metadata_location"] = "v3";
  const absl::Status late = hive().AlterTable(kPlain, ice, from_v1);
  EXPECT_THAT(late, FailsWith(StatusCode::kFailedPrecondition,
                              "The table has been modified. The parameter value for key 'metadata_location' is 'v2'"));
  EXPECT_EQ(DomainErrorOf(late)->kind, ErrorKind::kModified);
  EXPECT_EQ(Parameter("plain", "metadata_location"), "v2");
}

TEST_F(HiveTablesTest, TransactionalIsCheckedAndStays) {
  const std::string orc = "org.apache.hadoop.hive.ql.io.orc.Orc";
  const struct {
    std::string name, value, properties;
    bool is_orc, external;
    std::string refused, stored, stored_properties;
  } cases[] = {
      {"acid", "TRUE", "", true, false, "", "true", "default"},
      {"given", "true", "default", true, false, "", "true", "default"},
      {"inserts", "true", "insert_only", false, false, "", "true", "insert_only"},
      {"no", "false", "", false, false, "", "-", "-"},
      {"text", "true", "", false, false, "ACID compliant format (such as ORC): web.text", "", ""},
      {"odd", "yes", "", true, false, "may only have value 'true': web.odd", "", ""},
      {"ext", "true", "", true, true, "cannot be declared transactional: web.ext", "", ""},
  };
  for (const auto& c : cases) {
    Table table = c.external ? External(c.name) : MakeTable("web", c.name);
    (*table.mutable_parameters())["transactional"] = c.value;
    if (!c.properties.empty()) (*table.mutable_parameters())["transactional_properties"] = c.properties;
    if (c.is_orc) {
      table.mutable_storage_descriptor()->set_input_format(orc + "InputFormat");
      table.mutable_storage_descriptor()->set_output_format(orc + "OutputFormat");
    }
    const absl::Status made = hive().CreateTable(table);
    if (!c.refused.empty()) {
      EXPECT_THAT(made, FailsWith(StatusCode::kFailedPrecondition, c.refused)) << c.name;
      EXPECT_FALSE(There("web.db/" + c.name)) << c.name;
      continue;
    }
    ASSERT_OK(made) << c.name;
    EXPECT_EQ(Parameter(c.name, "transactional"), c.stored) << c.name;
    EXPECT_EQ(Parameter(c.name, "transactional_properties"), c.stored_properties) << c.name;
  }
  for (const std::string value : {"-", "false"}) {
    Table next = Get("acid");
    next.mutable_parameters()->erase("transactional");
    if (value != "-") (*next.mutable_parameters())["transactional"] = value;
    EXPECT_THAT(hive().AlterTable({"web", "acid"}, next),
                FailsWith(StatusCode::kFailedPrecondition, "'transactional'='true' cannot be unset: web.acid"));
  }
  EXPECT_OK(hive().AlterTable({"web", "acid"}, Get("acid")));
  Table plain = Get("no");
  (*plain.mutable_parameters())["transactional"] = "true";
  EXPECT_THAT(hive().AlterTable({"web", "no"}, plain), HasCode(StatusCode::kFailedPrecondition));
}

TEST(HiveContext, IsReadFromProperties) {
  const HiveContext none = HiveContext::FromProperties({{"other", "x"}, {"expected_parameter_key", "k"}});
  EXPECT_FALSE(none.keep_statistics || none.purge || none.cascade || none.expected);
  const HiveContext all = HiveContext::FromProperties({{"DO_NOT_UPDATE_STATS", "TRUE"},
                                                       {"ifPurge", "true"},
                                                       {"CASCADE", "true"},
                                                       {"STATS_GENERATED", "TASK"},
                                                       {"expected_parameter_key", "k"},
                                                       {"expected_parameter_value", ""}});
  EXPECT_TRUE(all.keep_statistics && all.purge && all.cascade);
  EXPECT_EQ(all.statistics_from, "TASK");
  ASSERT_TRUE(all.expected.has_value());
  EXPECT_EQ(all.expected->value, "");
}

TEST_F(HiveTablesTest, RenameMovesAManagedTableWithItsPartitions) {
  ASSERT_OK(hive().CreateDatabase(MakeDatabase("other")));
  ASSERT_OK(hive().CreateTable(MakeTable("web", "hits", {"dt", "hour"})));
  AddHits({{"1", "1"}, {"1", "2"}});
  Partition inside = MakePartition({"2", "1"});
  inside.mutable_storage_descriptor()->set_location(root_ + "/web.db/hits/special");
  Partition outside = MakePartition({"3", "1"});
  outside.mutable_storage_descriptor()->set_location("file:" + top_ + "/elsewhere/p");
  ASSERT_OK(hive().AddPartitions(kHits, std::vector{inside, outside}));
  Fill("web.db/hits/dt=1/hour=1/f");
  const int64_t before = EventCount();
  Table next = Get("hits");
  next.set_database("other");
  next.set_name("Visits");
  ASSERT_OK(hive().AlterTable(kHits, next));
  const TableName visits{"other", "visits"};
  EXPECT_FALSE(There("web.db/hits"));
  EXPECT_TRUE(There("other.db/visits/dt=1/hour=1/f"));
  EXPECT_EQ(LocationOf(visits), "file:" + root_ + "/other.db/visits");
  EXPECT_EQ(LocationOf(visits, {"1", "2"}), "file:" + root_ + "/other.db/visits/dt=1/hour=2");
  EXPECT_EQ(LocationOf(visits, {"2", "1"}), "file:" + root_ + "/other.db/visits/special");
  EXPECT_EQ(LocationOf(visits, {"3", "1"}), "file:" + top_ + "/elsewhere/p");
  EXPECT_EQ(EventCount(), before + 1);
  EXPECT_EQ(LastEvent().new_object(), "visits");
  ExpectSound();
  // New partitions lie at the new place, and those that came along are found beside them.
  ASSERT_OK(hive().AddPartitions(visits, std::vector{MakePartition({"1", "3"})}));
  EXPECT_TRUE(There("other.db/visits/dt=1/hour=3"));
  ExpectSound();
}

TEST_F(HiveTablesTest, RenameLeavesOtherFoldersWhereTheyAre) {
  Table elsewhere = MakeTable("web", "elsewhere");
  elsewhere.mutable_storage_descriptor()->set_location("file:" + root_ + "/web.db/custom");
  ASSERT_OK(hive().CreateTable(elsewhere));
  ASSERT_OK(hive().CreateTable(External("ext")));
  ASSERT_OK(hive().CreateTable(MakeView("web", "v")));
  for (const std::string name : {"elsewhere", "ext", "v"}) {
    const std::string location = LocationOf({"web", name});
    Table next = Get(name);
    next.set_name(name + "2");
    ASSERT_OK(hive().AlterTable({"web", name}, next)) << name;
    EXPECT_EQ(LocationOf({"web", name + "2"}), location) << name;
    EXPECT_TRUE(location.empty() || std::filesystem::exists(location.substr(5))) << name;
  }
}

TEST_F(HiveTablesTest, RenameRefusesWhatIsTakenInHivesWords) {
  ASSERT_OK(hive().CreateTable(MakeTable("web", "plain")));
  ASSERT_OK(hive().CreateTable(MakeTable("web", "taken")));
  Fill("web.db/folder/f");
  const struct {
    std::string database, name;
    StatusCode code;
    std::string text;
  } cases[] = {
      {"web", "taken", StatusCode::kFailedPrecondition, "new table web.taken already exists"},
      {"web", "folder", StatusCode::kFailedPrecondition, "New location for this table web.folder already exists : "},
      {"missing", "t", StatusCode::kNotFound, "database missing"},
      {"web", "a b", StatusCode::kInvalidArgument, ""},
  };
  const auto tree = Tree();
  for (const auto& c : cases) {
    Table next = Get("plain");
    next.set_database(c.database);
    next.set_name(c.name);
    EXPECT_THAT(hive().AlterTable(kPlain, next), FailsWith(c.code, c.text)) << c.name;
    EXPECT_EQ(LocationOf(kPlain), "file:" + root_ + "/web.db/plain");
    EXPECT_EQ(Tree(), tree);
  }
  EXPECT_THAT(hive().AlterTable({"web", "missing"}, MakeTable("web", "x")), HasCode(StatusCode::kNotFound));
}

TEST_F(HiveTablesTest, RenameMayChangeMoreInOneEvent) {
  ASSERT_OK(hive().CreateTable(MakeTable("web", "plain")));
  const int64_t before = EventCount();
  Table next = Get("plain");
  next.set_name("renamed");
  (*next.mutable_parameters())["comment"] = "new";
  *next.mutable_storage_descriptor()->add_columns() = MakeColumn("more", "int");
  ASSERT_OK(hive().AlterTable(kPlain, next));
  EXPECT_EQ(EventCount(), before + 1);
  EXPECT_EQ(Parameter("renamed", "comment"), "new");
  EXPECT_EQ(Get("renamed").storage_descriptor().columns_size(), 3);
  EXPECT_TRUE(There("web.db/renamed"));
}

TEST_F(HiveTablesTest, CascadeChangesTheColumnsOfPartitions) {
  ASSERT_OK(hive().CreateTable(MakeTable("web", "hits", {"dt", "hour"})));
  AddHits({{"1", "1"}});
  const auto columns = [&] {
    return session().GetPartition(kHits, Names{"1", "1"})->storage_descriptor().columns_size();
  };
  Table next = Get("hits");
  *next.mutable_storage_descriptor()->add_columns() = MakeColumn("more", "int");
  ASSERT_OK(hive().AlterTable(kHits, next));
  EXPECT_EQ(columns(), 2);
  *next.mutable_storage_descriptor()->add_columns() = MakeColumn("even_more", "int");
  ASSERT_OK(hive().AlterTable(kHits, next, HiveContext::FromProperties({{"CASCADE", "true"}})));
  EXPECT_EQ(columns(), 4);
  AddHits({{"1", "2"}});
  ExpectSound();
  next.mutable_partition_keys(0)->set_type("int");
  EXPECT_THAT(hive().AlterTable(kHits, next),
              FailsWith(StatusCode::kFailedPrecondition, "partition keys can not be changed."));
}

TEST_F(HiveTablesTest, DropTakesManagedDataToTheTrashUnlessItIsPurged) {
  const struct {
    std::string name;
    bool external;
    std::map<std::string, std::string> parameters;
    HiveDropOptions drop;
    bool there;
    int in_trash;
  } cases[] = {
      {"managed", false, {}, {}, false, 1},
      {"purged", false, {}, {.purge = true}, false, 0},
      {"skip", false, {{"skip.trash", "TRUE"}}, {}, false, 0},
      {"auto", false, {{"auto.purge", "true"}}, {}, false, 0},
      {"kept", false, {}, {.delete_data = false}, true, 0},
      {"ext", true, {}, {}, true, 0},
      {"ext_purge", true, {{"external.table.purge", "true"}}, {}, false, 1},
      {"ext_kept", true, {{"external.table.purge", "true"}}, {.delete_data = false}, true, 0},
  };
  for (const auto& c : cases) {
    std::filesystem::remove_all(trash_);
    Table table = c.external ? External(c.name) : MakeTable("web", c.name);
    for (const auto& [key, value] : c.parameters) (*table.mutable_parameters())[key] = value;
    ASSERT_OK(hive().CreateTable(table)) << c.name;
    Fill("web.db/" + c.name + "/f");
    ASSERT_OK(hive().DropTable({"web", c.name}, c.drop)) << c.name;
    EXPECT_EQ(There("web.db/" + c.name), c.there) << c.name;
    EXPECT_EQ(InTrash(), c.in_trash) << c.name;
    EXPECT_FALSE(session().GetTable({"web", c.name}).ok()) << c.name;
  }
  EXPECT_THAT(hive().DropTable({"web", "managed"}), HasCode(StatusCode::kNotFound));
  EXPECT_OK(hive().DropTable({"web", "managed"}, {.if_missing = IfMissing::kSkip}));
  ASSERT_OK(hive().CreateTable(MakeView("web", "v")));
  EXPECT_OK(hive().DropTable({"web", "v"}));
}

TEST_F(HiveTablesTest, DropTakesPartitionsThatLieElsewhere) {
  ASSERT_OK(hive().CreateTable(MakeTable("web", "hits", {"dt", "hour"})));
  Partition outside = MakePartition({"3", "1"});
  outside.mutable_storage_descriptor()->set_location("file:" + top_ + "/elsewhere/p");
  ASSERT_OK(hive().AddPartitions(kHits, std::vector{MakePartition({"1", "1"}), outside}));
  // And some that lie where the table was before.
  Table moved = Get("hits");
  moved.mutable_storage_descriptor()->set_location("file:" + root_ + "/later");
  ASSERT_OK(hive().AlterTable(kHits, moved));
  AddHits({{"4", "1"}});
  EXPECT_TRUE(There("later/dt=4/hour=1"));
  ASSERT_OK(hive().DropTable(kHits));
  EXPECT_FALSE(There("later"));
  EXPECT_FALSE(There("web.db/hits/dt=1/hour=1"));
  EXPECT_FALSE(There("../elsewhere/p"));
  EXPECT_EQ(InTrash(), 3);
}

TEST_F(HiveTablesTest, TruncateClearsFoldersAndCounts) {
  ASSERT_OK(hive().CreateTable(MakeTable("web", "plain")));
  Fill("web.db/plain/f");
  Fill("web.db/plain/.hidden");
  Table counted = Get("plain");
  (*counted.mutable_parameters())["numRows"] = "12";
  ASSERT_OK(hive().AlterTable(kPlain, counted));
  const int64_t before = EventCount();
  clock_.Advance(5'000);
  ASSERT_OK(hive().TruncateTable(kPlain));
  EXPECT_FALSE(There("web.db/plain/f"));
  EXPECT_TRUE(There("web.db/plain/.hidden"));
  EXPECT_EQ(Parameter("plain", "numRows"), "0");
  EXPECT_EQ(Parameter("plain", "numFiles"), "0");
  EXPECT_EQ(Parameter("plain", "transient_lastDdlTime"), "1700000005");
  EXPECT_EQ(EventCount(), before + 1);
  EXPECT_EQ(LastEvent().kind(), Event::ALTER_TABLE);
  EXPECT_EQ(InTrash(), 1);
  ASSERT_OK(hive().CreateTable(MakeView("web", "v")));
  EXPECT_THAT(hive().TruncateTable({"web", "v"}), FailsWith(StatusCode::kFailedPrecondition, "it is a view"));
  EXPECT_THAT(hive().TruncateTable(kPlain, Names{"dt=1"}), HasCode(StatusCode::kFailedPrecondition));
  EXPECT_THAT(hive().TruncateTable({"web", "missing"}), HasCode(StatusCode::kNotFound));
}

TEST_F(HiveTablesTest, TruncateClearsAllOrTheNamedPartitions) {
  ASSERT_OK(hive().CreateTable(MakeTable("web", "hits", {"dt", "hour"})));
  std::vector<Partition> many;
  for (int i = 0; i < 1'203; ++i) {
    many.push_back(MakePartition({std::to_string(i), "1"}));
    (*many.back().mutable_parameters())["numRows"] = "5";
  }
  ASSERT_OK(session().AddPartitions(kHits, many));
  const auto rows = [&](const std::string& dt) {
    return ParameterOf(session().GetPartition(kHits, Names{dt, "1"}), "numRows");
  };
  for (const char* dt : {"3", "4", "1202"}) Fill(base::StrCat("web.db/hits/dt=", dt, "/hour=1/f"));
  EXPECT_THAT(hive().TruncateTable(kHits, Names{"dt=3/hour=1", "dt=x/hour=1"}), HasCode(StatusCode::kNotFound));
  EXPECT_TRUE(There("web.db/hits/dt=3/hour=1/f"));
  ASSERT_OK(hive().TruncateTable(kHits, Names{"dt=3/hour=1"}, {.purge = true}));
  EXPECT_FALSE(There("web.db/hits/dt=3/hour=1/f"));
  EXPECT_TRUE(There("web.db/hits/dt=4/hour=1/f"));
  EXPECT_EQ(rows("3"), "0");
  EXPECT_EQ(rows("4"), "5");
  ASSERT_OK(hive().TruncateTable(kHits));
  EXPECT_FALSE(There("web.db/hits/dt=1202/hour=1/f"));
  EXPECT_TRUE(There("web.db/hits/dt=1202/hour=1"));
  EXPECT_EQ(rows("1202"), "0");
  EXPECT_EQ(*session().CountPartitions(kHits), 1'203);
}

TEST_F(HiveTablesTest, WithoutWarehouseOnlyTheCatalogChanges) {
  const auto none = NewNoWarehouse();
  HiveOptions off = options_;
  off.warehouse = none.get();
  HiveSession plain(session(), off);
  ASSERT_OK(plain.CreateTable(MakeTable("web", "hits", {"dt"})));
  ASSERT_OK(plain.AddPartitions(kHits, std::vector{MakePartition({"1"})}));
  EXPECT_FALSE(There("web.db/hits"));
  Table next = Get("hits");
  next.set_name("renamed");
  // Nobody moves the files, so the table stays where it is.
  ASSERT_OK(plain.AlterTable(kHits, next));
  EXPECT_EQ(LocationOf({"web", "renamed"}), "file:" + root_ + "/web.db/hits");
  EXPECT_EQ(ParameterOf(session().GetPartition({"web", "renamed"}, Names{"1"}), "numFiles"), "-");
  Fill("web.db/hits/f");
  ASSERT_OK(plain.DropTable({"web", "renamed"}));
  EXPECT_TRUE(There("web.db/hits/f"));
}

TEST_F(HiveTablesTest, IsNoPartOfTransact) {
  const auto inside = [&](Session& s) { return HiveSession(s, options_).CreateTable(MakeTable("web", "t")); };
  EXPECT_THAT(session().Transact(inside), FailsWith(StatusCode::kFailedPrecondition, "can't be part of Transact"));
  EXPECT_FALSE(There("web.db/t"));
}

}  // namespace
}  // namespace lodestone::testing
