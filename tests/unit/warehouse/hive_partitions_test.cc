// Partitions with their folders.
#include "tests/unit/warehouse/hive_fixture.h"

namespace lodestone::testing {
namespace {

using absl::StatusCode;

class HivePartitionsTest : public HiveSessionTest {
 protected:
  HivePartitionsTest() { MakeHiveHits(); }

  static Partition Located(const Names& values, const std::string& location) {
    Partition partition = MakePartition(values);
    partition.mutable_storage_descriptor()->set_location(location);
    return partition;
  }
  absl::StatusOr<Partition> Get(const Names& values) { return session().GetPartition(kHits, values); }
  std::string Parameter(const Names& values, std::string_view name) { return ParameterOf(Get(values), name); }
  // A table whose data is somebody else's.
  void MakeExternal(const std::string& name) {
    Table table = MakeTable("web", name, {"dt", "hour"});
    table.set_table_type(model::v1::EXTERNAL_TABLE);
    ASSERT_OK(hive().CreateTable(table));
  }
};

TEST_F(HivePartitionsTest, AddMakesFoldersAtDefaultOrGivenPlaces) {
  const std::vector<Partition> added = {MakePartition({"a b/c", "x=1"}), MakePartition({"", "2"}),
                                        Located({"3", "1"}, "file:" + root_ + "/other/place")};
  const int64_t before = EventCount();
  const auto result = hive().AddPartitions(kHits, added);
  ASSERT_OK(result);
  EXPECT_TRUE(There("web.db/hits/dt=a b%2Fc/hour=x%3D1"));
  EXPECT_TRUE(There("web.db/hits/dt=__HIVE_DEFAULT_PARTITION__/hour=2"));
  EXPECT_TRUE(There("other/place"));
  EXPECT_EQ(EventCount(), before + 1);
  // As they are stored, in the order of the call.
  ASSERT_EQ(result->partitions.size(), 3U);
  for (const Partition& partition : result->partitions) {
    const auto stored = Get({partition.values().begin(), partition.values().end()});
    ASSERT_OK(stored);
    EXPECT_EQ(stored->DebugString(), partition.DebugString());
  }
  EXPECT_EQ(result->partitions[2].storage_descriptor().location(), "file:" + root_ + "/other/place");
  EXPECT_EQ(Parameter({"3", "1"}, "transient_lastDdlTime"), kNow);
  EXPECT_EQ(Get({"3", "1"})->create_time(), kStart / 1000);
  EXPECT_EQ(Get({"3", "1"})->parameters_size(), 1);
  EXPECT_EQ(Get({"3", "1"})->storage_descriptor().columns_size(), 2);
}

TEST_F(HivePartitionsTest, AddGathersStatisticsOfFoldersThatAreThere) {
  Fill("web.db/hits/dt=1/hour=1/f", "12345");
  Fill("web.db/hits/dt=1/hour=2/f", "12345");
  Partition known = MakePartition({"1", "2"});
  (*known.mutable_parameters())["numFiles"] = "9";
  (*known.mutable_parameters())["totalSize"] = "99";
  ASSERT_OK(hive().AddPartitions(kHits, std::vector{MakePartition({"1", "1"}), known, MakePartition({"1", "3"})}));
  EXPECT_EQ(Parameter({"1", "1"}, "numFiles"), "1");
  EXPECT_EQ(Parameter({"1", "1"}, "totalSize"), "5");
  EXPECT_EQ(Parameter({"1", "2"}, "numFiles"), "9");
  EXPECT_EQ(Parameter({"1", "3"}, "numFiles"), "-");
  Fill("web.db/hits/dt=2/hour=1/f");
  ASSERT_OK(hive().AddPartitions(kHits, std::vector{MakePartition({"2", "1"})}, {}, {.keep_statistics = true}));
  EXPECT_EQ(Parameter({"2", "1"}, "numFiles"), "-");
}

TEST_F(HivePartitionsTest, AddIsAllOrNothing) {
  AddHits({{"9", "9"}});
  const auto tree = Tree();
  const struct {
    std::vector<Partition> partitions;
    StatusCode code;
    std::string text;
  } cases[] = {
      {{MakePartition({"1", "1"}), MakePartition({"9", "9"})}, StatusCode::kAlreadyExists, "dt=9/hour=9"},
      {{MakePartition({"1", "1"}), MakePartition({"1"})},
       StatusCode::kInvalidArgument,
       "Invalid partition key & values; keys [dt, hour], values [1]"},
      {{MakePartition({"1", "1"}), MakePartition({"1", "1"})}, StatusCode::kInvalidArgument, "twice"},
      {{MakePartition({"1", "1"}), Located({"1", "2"}, top_ + "/outside")},
       StatusCode::kInvalidArgument,
       "permitted root"},
  };
  for (const auto& c : cases) {
    EXPECT_THAT(hive().AddPartitions(kHits, c.partitions), FailsWith(c.code, c.text));
    EXPECT_EQ(Tree(), tree) << c.text;
    EXPECT_EQ(*session().CountPartitions(kHits), 1) << c.text;
  }
  EXPECT_THAT(hive().AddPartitions({"web", "missing"}, std::vector{MakePartition({"1", "1"})}),
              HasCode(StatusCode::kNotFound));
  EXPECT_THAT(hive().AddPartitions(kHits, {}, {.if_exists = IfExists::kReplace}),
              HasCode(StatusCode::kInvalidArgument));
}

TEST_F(HivePartitionsTest, AddSkipsThoseThatAreThereAndLeavesTheirFoldersAlone) {
  AddHits({{"1", "1"}});
  std::filesystem::remove_all(root_ + "/web.db/hits/dt=1");
  const auto result = hive().AddPartitions(kHits, std::vector{MakePartition({"1", "1"}), MakePartition({"1", "2"})},
                                           {.if_exists = IfExists::kSkip});
  ASSERT_OK(result);
  EXPECT_EQ(result->skipped, 1);
  ASSERT_EQ(result->partitions.size(), 1U);
  EXPECT_EQ(result->partitions[0].values(1), "2");
  EXPECT_FALSE(There("web.db/hits/dt=1/hour=1"));
  EXPECT_TRUE(There("web.db/hits/dt=1/hour=2"));
}

TEST_F(HivePartitionsTest, ABatchOfManyIsOneTransactionAndOneCallOfTheWarehouse) {
  std::vector<Partition> many;
  for (int i = 0; i < 100; ++i) many.push_back(MakePartition({std::to_string(i / 24), std::to_string(i % 24)}));
  const uint64_t version = session().version();
  failing_->FailAt(0);
  ASSERT_OK(hive().AddPartitions(kHits, many));
  EXPECT_EQ(session().version(), version + 1);
  EXPECT_EQ(failing_->calls(), 1);
  EXPECT_TRUE(There("web.db/hits/dt=4/hour=3"));
}

// Their folders are made before the transaction.
TEST_F(HivePartitionsTest, ManyAreAsFewAre) {
  Fill("web.db/hits/dt=1/hour=1/f", "12345");
  std::vector<Partition> many;
  for (int i = 0; i < 20; ++i) many.push_back(MakePartition({"1", std::to_string(i)}));
  const auto tree = Tree();
  std::vector<Partition> bad = many;
  bad.push_back(Located({"2", "1"}, top_ + "/outside"));
  EXPECT_THAT(hive().AddPartitions(kHits, bad), FailsWith(StatusCode::kInvalidArgument, "permitted root"));
  EXPECT_EQ(Tree(), tree);
  bad.back() = MakePartition({"1"});
  EXPECT_THAT(hive().AddPartitions(kHits, bad), FailsWith(StatusCode::kInvalidArgument, "Invalid partition key"));
  EXPECT_EQ(Tree(), tree);
  for (int step = 1; step <= 2; ++step) {
    failing_->FailAt(step);
    // What can't be prepared is tried once more.
    EXPECT_OK(hive().AddPartitions(kHits, many)) << step;
    EXPECT_EQ(Parameter({"1", "1"}, "numFiles"), "1") << step;
    EXPECT_EQ(Parameter({"1", "2"}, "numFiles"), "-") << step;
    ASSERT_OK(session().TruncatePartitions(kHits));
    for (int i = 0; i < 20; ++i) {
      if (i != 1) std::filesystem::remove(root_ + "/web.db/hits/dt=1/hour=" + std::to_string(i));
    }
  }
  AddHits({{"1", "7"}});
  const auto with_one = Tree();
  EXPECT_THAT(hive().AddPartitions(kHits, many), HasCode(StatusCode::kAlreadyExists));
  EXPECT_EQ(Tree(), with_one);
  const auto result = hive().AddPartitions(kHits, many, {.if_exists = IfExists::kSkip});
  ASSERT_OK(result);
  EXPECT_EQ(result->skipped, 1);
  EXPECT_TRUE(There("web.db/hits/dt=1/hour=19"));
}

// What was prepared goes when the transaction fails in the end.
TEST_F(HivePartitionsTest, ManyThatFailInTheEndLeaveNothing) {
  std::vector<Partition> many;
  for (int i = 0; i < 20; ++i) many.push_back(MakePartition({"1", std::to_string(i)}));
  Fill("web.db/hits/dt=1/hour=1/f");
  const auto tree = Tree();
  // Statistics can't be read, neither before nor in the transaction.
  failing_->FailAll("measure");
  EXPECT_THAT(hive().AddPartitions(kHits, many), FailsWith(StatusCode::kUnavailable, "measure"));
  EXPECT_EQ(Tree(), tree);
  EXPECT_EQ(*session().CountPartitions(kHits), 0);
}

TEST_F(HivePartitionsTest, AppendsByValuesOrName) {
  const auto by_values = hive().AppendPartition(kHits, Names{"1", "a/b"});
  ASSERT_OK(by_values);
  EXPECT_EQ(by_values->storage_descriptor().location(), "file:" + root_ + "/web.db/hits/dt=1/hour=a%2Fb");
  EXPECT_EQ(by_values->storage_descriptor().columns_size(), 2);
  const auto by_name = hive().AppendPartitionByName(kHits, "dt=2/hour=a%2Fb");
  ASSERT_OK(by_name);
  EXPECT_EQ(by_name->values(1), "a/b");
  EXPECT_TRUE(There("web.db/hits/dt=2/hour=a%2Fb"));
  EXPECT_THAT(hive().AppendPartition(kHits, Names{"1", "a/b"}), HasCode(StatusCode::kAlreadyExists));
  EXPECT_THAT(hive().AppendPartition(kHits, Names{"1"}),
              FailsWith(StatusCode::kInvalidArgument, "Invalid partition key & values; keys [dt, hour], values [1]"));
  EXPECT_THAT(hive().AppendPartitionByName(kHits, "dt=2"), HasCode(StatusCode::kInvalidArgument));
  EXPECT_THAT(hive().AppendPartitionByName({"web", "missing"}, "dt=2"), HasCode(StatusCode::kNotFound));
}

TEST_F(HivePartitionsTest, AlterGathersWhereStatisticsDiffer) {
  AddHits({{"1", "1"}});
  Fill("web.db/hits/dt=1/hour=1/f");
  const std::map<std::string, std::string> right = {{"numFiles", "1"}, {"totalSize", "5"}};
  const std::map<std::string, std::string> wrong = {{"numFiles", "7"}, {"totalSize", "70"}};
  const struct {
    std::map<std::string, std::string> parameters;
    HiveContext context;
    std::string num_files;
  } cases[] = {
      {{}, {.keep_statistics = true}, "-"},
      {{}, {}, "1"},
      {right, {}, "1"},
      {wrong, {}, "1"},
      {wrong, {.keep_statistics = true}, "7"},
      {wrong, {}, "7"},
      {wrong, {.statistics_from = "TASK"}, "1"},
  };
  int number = 0;
  for (const auto& c : cases) {
    clock_.Advance(1'000);
    Partition next = MakePartition({"1", "1"});
    for (const auto& [key, value] : c.parameters) (*next.mutable_parameters())[key] = value;
    const int64_t before = EventCount();
    ASSERT_OK(hive().AlterPartitions(kHits, {&next, 1}, c.context)) << number;
    EXPECT_EQ(Parameter({"1", "1"}, "numFiles"), c.num_files) << number;
    EXPECT_EQ(Parameter({"1", "1"}, "transient_lastDdlTime"), std::to_string(kStart / 1000 + number + 1)) << number;
    EXPECT_EQ(EventCount(), before + 1) << number;
    ++number;
  }
  Partition missing = MakePartition({"8", "8"});
  EXPECT_THAT(hive().AlterPartitions(kHits, {&missing, 1}), HasCode(StatusCode::kNotFound));
}

TEST_F(HivePartitionsTest, AlterMovesNoData) {
  AddHits({{"1", "1"}});
  Partition next = Located({"1", "1"}, "file:" + root_ + "/new/place");
  ASSERT_OK(hive().AlterPartitions(kHits, {&next, 1}));
  EXPECT_EQ(LocationOf(kHits, {"1", "1"}), "file:" + root_ + "/new/place");
  EXPECT_TRUE(There("web.db/hits/dt=1/hour=1"));
  EXPECT_FALSE(There("new"));
}

TEST_F(HivePartitionsTest, RenameMovesTheFolderOfAManagedPartition) {
  AddHits({{"1", "1"}, {"1", "2"}});
  Fill("web.db/hits/dt=1/hour=1/f");
  const int64_t before = EventCount();
  Partition next = *Get({"1", "1"});
  next.set_values(0, "2");
  ASSERT_OK(hive().RenamePartition(kHits, Names{"1", "1"}, next));
  EXPECT_EQ(LocationOf(kHits, {"2", "1"}), "file:" + root_ + "/web.db/hits/dt=2/hour=1");
  EXPECT_TRUE(There("web.db/hits/dt=2/hour=1/f"));
  EXPECT_FALSE(There("web.db/hits/dt=1/hour=1"));
  EXPECT_EQ(Parameter({"2", "1"}, "numFiles"), "1");
  EXPECT_EQ(EventCount(), before + 1);

  Partition taken = *Get({"2", "1"});
  taken.set_values(0, "1");
  taken.set_values(1, "2");
  EXPECT_THAT(hive().RenamePartition(kHits, Names{"2", "1"}, taken), HasCode(StatusCode::kAlreadyExists));
  Fill("web.db/hits/dt=5/hour=5/f");
  taken.set_values(0, "5");
  taken.set_values(1, "5");
  EXPECT_THAT(hive().RenamePartition(kHits, Names{"2", "1"}, taken),
              FailsWith(StatusCode::kFailedPrecondition, "already exists : "));
  EXPECT_TRUE(There("web.db/hits/dt=2/hour=1/f"));
  EXPECT_THAT(hive().RenamePartition(kHits, Names{"7", "7"}, taken), HasCode(StatusCode::kNotFound));
  ExpectSound();
}

TEST_F(HivePartitionsTest, RenameTakesWhatElseTheMessageSays) {
  AddHits({{"1", "1"}});
  const int64_t before = EventCount();
  Partition next = *Get({"1", "1"});
  next.set_values(0, "2");
  (*next.mutable_parameters())["numRows"] = "4";
  ASSERT_OK(hive().RenamePartition(kHits, Names{"1", "1"}, next));
  EXPECT_EQ(Parameter({"2", "1"}, "numRows"), "4");
  EXPECT_EQ(EventCount(), before + 1);
  // To the same values it is an alter.
  (*next.mutable_parameters())["numRows"] = "5";
  ASSERT_OK(hive().RenamePartition(kHits, Names{"2", "1"}, next));
  EXPECT_EQ(Parameter({"2", "1"}, "numRows"), "5");
}

TEST_F(HivePartitionsTest, RenameLeavesAnExternalPartitionWhereItIs) {
  MakeExternal("ext");
  const TableName ext{"web", "ext"};
  ASSERT_OK(hive().AddPartitions(ext, std::vector{MakePartition({"1", "1"})}));
  ASSERT_OK(hive().RenamePartition(ext, Names{"1", "1"}, MakePartition({"2", "1"})));
  EXPECT_EQ(LocationOf(ext, {"2", "1"}), "file:" + root_ + "/web.db/ext/dt=1/hour=1");
  EXPECT_TRUE(There("web.db/ext/dt=1/hour=1"));
  EXPECT_FALSE(There("web.db/ext/dt=2"));
}

TEST_F(HivePartitionsTest, DropTakesTheFolderAndEmptyParents) {
  AddHits({{"1", "1"}, {"1", "2"}, {"2", "1"}});
  ASSERT_OK(hive().AddPartitions(kHits, std::vector{Located({"3", "1"}, "file:" + root_ + "/lone/p")}));
  ASSERT_OK(hive().AddPartitions(kHits, std::vector{Located({"4", "1"}, "file:" + root_ + "/web.db")}));
  Fill("web.db/hits/dt=1/hour=1/f");
  ASSERT_OK(hive().DropPartition(kHits, Names{"1", "1"}));
  EXPECT_FALSE(There("web.db/hits/dt=1/hour=1"));
  EXPECT_TRUE(There("web.db/hits/dt=1/hour=2"));
  const auto gone = hive().DropPartitions(kHits, Names{"dt=1/hour=2", "dt=2/hour=1", "dt=3/hour=1", "dt=4/hour=1"});
  ASSERT_OK(gone);
  EXPECT_EQ(gone->size(), 4U);
  EXPECT_FALSE(There("web.db/hits/dt=1"));
  EXPECT_FALSE(There("web.db/hits/dt=2"));
  EXPECT_TRUE(There("web.db/hits"));
  EXPECT_FALSE(There("lone/p"));
  EXPECT_TRUE(There("lone"));
  EXPECT_TRUE(left_behind_.empty());
}

TEST_F(HivePartitionsTest, DropKeepsDataThatIsNotTheTables) {
  MakeExternal("ext");
  const TableName ext{"web", "ext"};
  ASSERT_OK(hive().AddPartitions(ext, std::vector{MakePartition({"1", "1"})}));
  ASSERT_OK(hive().DropPartition(ext, Names{"1", "1"}));
  EXPECT_TRUE(There("web.db/ext/dt=1/hour=1"));
  AddHits({{"1", "1"}});
  ASSERT_OK(hive().DropPartition(kHits, Names{"1", "1"}, {.delete_data = false}));
  EXPECT_TRUE(There("web.db/hits/dt=1/hour=1"));
}

TEST_F(HivePartitionsTest, DropOfMissingOnesFailsInHivesWords) {
  AddHits({{"1", "1"}});
  EXPECT_THAT(hive().DropPartition(kHits, Names{"8", "9"}),
              FailsWith(StatusCode::kNotFound, "partition values=[8, 9]"));
  EXPECT_OK(hive().DropPartition(kHits, Names{"8", "9"}, {.if_missing = IfMissing::kSkip}));
  EXPECT_THAT(hive().DropPartitions(kHits, Names{"dt=1/hour=1", "dt=8/hour=9"}), HasCode(StatusCode::kNotFound));
  EXPECT_TRUE(There("web.db/hits/dt=1/hour=1"));
  const auto some = hive().DropPartitions(kHits, Names{"dt=1/hour=1", "dt=8/hour=9"}, {.if_missing = IfMissing::kSkip});
  ASSERT_OK(some);
  EXPECT_EQ(some->size(), 1U);
  EXPECT_THAT(hive().DropPartition({"web", "missing"}, Names{"1"}), HasCode(StatusCode::kNotFound));
}

TEST_F(HivePartitionsTest, DropsByFilter) {
  AddHits({{"1", "1"}, {"1", "2"}, {"2", "1"}});
  const auto gone = hive().DropPartitionsByFilter(kHits, "dt = \"1\"", {.purge = true});
  ASSERT_OK(gone);
  EXPECT_EQ(gone->size(), 2U);
  EXPECT_FALSE(There("web.db/hits/dt=1"));
  EXPECT_TRUE(There("web.db/hits/dt=2/hour=1"));
  EXPECT_EQ(InTrash(), 0);
  EXPECT_THAT(hive().DropPartitionsByFilter(kHits, "nokey = 1"), HasCode(StatusCode::kInvalidArgument));
  EXPECT_THAT(hive().DropPartitionsByFilter(kHits, ""), HasCode(StatusCode::kInvalidArgument));
  EXPECT_EQ(*session().CountPartitions(kHits), 1);
}

TEST_F(HivePartitionsTest, ExchangeMovesPartitionsBetweenTables) {
  ASSERT_OK(hive().CreateTable(MakeTable("web", "into", {"dt", "hour"})));
  const TableName into{"web", "into"};
  AddHits({{"1", "1"}, {"1", "2"}, {"2", "1"}});
  Fill("web.db/hits/dt=1/hour=1/f");
  const int64_t before = EventCount();
  const auto moved = hive().ExchangePartitions(kHits, into, {{"DT", "1"}});
  ASSERT_OK(moved);
  ASSERT_EQ(moved->size(), 2U);
  EXPECT_EQ((*moved)[0].table(), "into");
  EXPECT_EQ(LocationOf(into, {"1", "1"}), "file:" + root_ + "/web.db/into/dt=1/hour=1");
  EXPECT_TRUE(There("web.db/into/dt=1/hour=1/f"));
  EXPECT_FALSE(There("web.db/hits/dt=1/hour=1"));
  EXPECT_EQ(PartitionNames(), Names{"dt=2/hour=1"});
  EXPECT_EQ(EventCount(), before + 2);
  EXPECT_EQ(LastEvent().kind(), Event::ADD_PARTITIONS);
}

TEST_F(HivePartitionsTest, ExchangeRefusesWhatDoesNotFit) {
  ASSERT_OK(hive().CreateTable(MakeTable("web", "into", {"dt", "hour"})));
  ASSERT_OK(hive().CreateTable(MakeTable("web", "unlike", {"dt"})));
  const TableName into{"web", "into"};
  AddHits({{"1", "1"}});
  ASSERT_OK(hive().AddPartitions(into, std::vector{MakePartition({"1", "1"})}));
  const auto tree = Tree();
  const struct {
    TableName to;
    std::map<std::string, std::string> specification;
    StatusCode code;
    std::string text;
  } cases[] = {
      {{"web", "unlike"}, {{"dt", "1"}}, StatusCode::kInvalidArgument, "The tables have different schemas."},
      {into, {{"dt", "1"}}, StatusCode::kAlreadyExists, "dt=1/hour=1"},
      {into, {{"dt", "9"}}, StatusCode::kNotFound, "No partition is found with the values [9, ]"},
      {into, {{"nokey", "9"}}, StatusCode::kInvalidArgument, "is no partition key"},
      {into, {}, StatusCode::kInvalidArgument, "no key has a value"},
      {{"web", "missing"}, {{"dt", "1"}}, StatusCode::kNotFound, "web.missing"},
  };
  for (const auto& c : cases) {
    EXPECT_THAT(hive().ExchangePartitions(kHits, c.to, c.specification), FailsWith(c.code, c.text));
    EXPECT_EQ(Tree(), tree) << c.text;
    EXPECT_EQ(PartitionNames(), Names{"dt=1/hour=1"}) << c.text;
  }
}

}  // namespace
}  // namespace lodestone::testing
