// Partitions: adding, changing, renaming, dropping, and what lists and look-ups answer.
#include "catalog/partition_batch.h"
#include "catalog/session/resume_token.h"
#include "tests/unit/session/fixture.h"

namespace lodestone::testing {
namespace {

using absl::StatusCode;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

class PartitionsTest : public SessionTest {
 protected:
  PartitionsTest() {
    Reopen({.warehouse = "/wh"});
    MakeHits();
  }
  Partition Get(const Names& values) {
    auto found = session().GetPartition(kHits, values);
    EXPECT_OK(found);
    return found.ok() ? *found : Partition();
  }
};

TEST_F(PartitionsTest, AnAddedPartitionComesBackWithTheTablesDescriptorAndTheDerivedLocation) {
  Partition partition = MakePartition({"2026-01-05", "a b/c"});
  (*partition.mutable_parameters())["numRows"] = "7";
  partition.set_last_access_time(5);
  const AddResult result = *session().AddPartitions(kHits, std::vector{partition});
  EXPECT_EQ(result.added, 1);
  const Partition found = Get({"2026-01-05", "a b/c"});
  EXPECT_EQ(found.catalog(), "hive");
  EXPECT_EQ(found.database(), "web");
  EXPECT_EQ(found.table(), "hits");
  EXPECT_THAT(found.values(), ElementsAre("2026-01-05", "a b/c"));
  EXPECT_EQ(found.create_time(), kStart / 1000);
  EXPECT_EQ(found.last_access_time(), 5);
  EXPECT_EQ(found.parameters().at("numRows"), "7");
  EXPECT_EQ(found.storage_descriptor().location(), "/wh/web.db/hits/dt=2026-01-05/hour=a b%2Fc");
  EXPECT_EQ(found.storage_descriptor().input_format(), "parquet.In");
  EXPECT_EQ(found.storage_descriptor().columns_size(), 2);
  ExpectSound();
}

TEST_F(PartitionsTest, ALocationAloneKeepsTheTablesDescriptor) {
  Partition partition = MakePartition({"1", "00"});
  partition.mutable_storage_descriptor()->set_location("s3://elsewhere/p");
  ASSERT_OK(session().AddPartitions(kHits, std::vector{partition}));
  EXPECT_EQ(Get({"1", "00"}).storage_descriptor().location(), "s3://elsewhere/p");
  EXPECT_EQ(Get({"1", "00"}).storage_descriptor().input_format(), "parquet.In");
}

TEST_F(PartitionsTest, AnEmptyValueIsNull) {
  Add({{"", "00"}});
  EXPECT_THAT(PartitionNames(), ElementsAre("dt=__HIVE_DEFAULT_PARTITION__/hour=00"));
  EXPECT_TRUE(*session().PartitionExists(kHits, Names{"", "00"}));
  EXPECT_TRUE(*session().PartitionExists(kHits, Names{"__HIVE_DEFAULT_PARTITION__", "00"}));
}

TEST_F(PartitionsTest, AddRefusesWhatBreaksARuleAndAddsNothing) {
  Add({{"1", "00"}});
  Partition foreign = MakePartition({"9", "00"});
  foreign.set_table("other");
  const struct {
    std::vector<Partition> partitions;
    StatusCode code;
    std::string text;
  } cases[] = {
      {{MakePartition({"2", "00"}), MakePartition({"2"})}, StatusCode::kInvalidArgument, "has 1 values"},
      {{MakePartition({"2", "00"}), MakePartition({"3", "00"}), MakePartition({"2", "00"})},
       StatusCode::kInvalidArgument,
       "partition web.hits/dt=2/hour=00 is there twice"},
      {{MakePartition({"", "00"}), MakePartition({"__HIVE_DEFAULT_PARTITION__", "00"})},
       StatusCode::kInvalidArgument,
       "twice"},
      {{MakePartition({"2", "00"}), MakePartition({"1", "00"})}, StatusCode::kAlreadyExists, "dt=1/hour=00"},
      {{MakePartition({"2", "a\nb"})}, StatusCode::kInvalidArgument, ""},
      {{foreign}, StatusCode::kInvalidArgument, "the call is about table web.hits"},
  };
  const int64_t events = EventCount();
  for (const auto& c : cases) {
    EXPECT_THAT(session().AddPartitions(kHits, c.partitions), FailsWith(c.code, c.text));
  }
  EXPECT_THAT(PartitionNames(), ElementsAre("dt=1/hour=00"));
  EXPECT_EQ(EventCount(), events);
}

TEST_F(PartitionsTest, AddSkipsOrReplacesWhatExistsWhenAsked) {
  Add({{"1", "00"}});
  Partition again = MakePartition({"1", "00"});
  (*again.mutable_parameters())["v"] = "2";
  const std::vector<Partition> batch{MakePartition({"0", "00"}), again};
  AddResult result = *session().AddPartitions(kHits, batch, {.if_exists = IfExists::kSkip});
  EXPECT_EQ(result.added, 1);
  EXPECT_EQ(result.skipped, 1);
  EXPECT_TRUE(Get({"1", "00"}).parameters().empty());
  EXPECT_THAT(LastEvent().partitions(), ElementsAre("dt=0/hour=00"));
  const int64_t events = EventCount();
  EXPECT_EQ(session().AddPartitions(kHits, batch, {.if_exists = IfExists::kSkip})->skipped, 2);
  EXPECT_EQ(EventCount(), events);
  result = *session().AddPartitions(kHits, batch, {.if_exists = IfExists::kReplace});
  EXPECT_EQ(result.replaced, 2);
  EXPECT_EQ(Get({"1", "00"}).parameters().at("v"), "2");
  EXPECT_EQ(*session().CountPartitions(kHits), 2);
  ExpectSound();
}

TEST_F(PartitionsTest, AlterReplacesAllButValuesCreateTimeAndUnsetLocation) {
  Partition partition = MakePartition({"1", "00"});
  partition.mutable_storage_descriptor()->set_location("/own/place");
  (*partition.mutable_parameters())["a"] = "1";
  ASSERT_OK(session().AddPartitions(kHits, std::vector{partition}));
  clock_.Advance(10'000);
  Partition change = MakePartition({"1", "00"});
  (*change.mutable_parameters())["b"] = "2";
  change.set_create_time(9);
  ASSERT_OK(session().AlterPartitions(kHits, std::vector{change}));
  Partition found = Get({"1", "00"});
  EXPECT_EQ(found.create_time(), kStart / 1000);
  EXPECT_EQ(found.storage_descriptor().location(), "/own/place");
  EXPECT_EQ(found.parameters().size(), 1);
  EXPECT_EQ(found.parameters().at("b"), "2");
  change.mutable_storage_descriptor()->set_location("/new/place");
  ASSERT_OK(session().AlterPartitions(kHits, std::vector{change}));
  EXPECT_EQ(Get({"1", "00"}).storage_descriptor().location(), "/new/place");
  EXPECT_THAT(session().AlterPartitions(kHits, std::vector{change, MakePartition({"2", "00"})}),
              FailsWith(StatusCode::kNotFound, "partition web.hits/dt=2/hour=00 does not exist"));
  ExpectSound();
}

TEST_F(PartitionsTest, ARenamedPartitionKeepsEverythingAndItsPlace) {
  Add({{"1", "00"}, {"1", "01"}});
  model::v1::ColumnStatistics statistics;
  statistics.set_column("id");
  statistics.set_num_nulls(3);
  ASSERT_OK(session().UpdatePartitionStatistics(kHits, Names{"1", "00"}, std::vector{statistics}));
  clock_.Advance(10'000);
  ASSERT_OK(session().RenamePartition(kHits, Names{"1", "00"}, Names{"0", "07"}));
  EXPECT_THAT(PartitionNames(), ElementsAre("dt=0/hour=07", "dt=1/hour=01"));
  EXPECT_EQ(Get({"0", "07"}).storage_descriptor().location(), "/wh/web.db/hits/dt=1/hour=00");
  EXPECT_EQ(Get({"0", "07"}).create_time(), kStart / 1000);
  const auto moved = session().GetPartitionStatistics(kHits, Names{"0", "07"});
  ASSERT_OK(moved);
  ASSERT_THAT(*moved, SizeIs(1));
  EXPECT_EQ(moved->front().num_nulls(), 3);
  EXPECT_EQ(LastEvent().kind(), Event::ALTER_PARTITIONS);
  EXPECT_THAT(LastEvent().partitions(), ElementsAre("dt=1/hour=00", "dt=0/hour=07"));
  ASSERT_OK(session().RenamePartition(kHits, Names{"0", "07"}, Names{"5", "00"}));  // upwards
  EXPECT_THAT(PartitionNames(), ElementsAre("dt=1/hour=01", "dt=5/hour=00"));
  EXPECT_THAT(session().RenamePartition(kHits, Names{"5", "00"}, Names{"1", "01"}),
              FailsWith(StatusCode::kAlreadyExists, "partition web.hits/dt=1/hour=01 exists already"));
  EXPECT_THAT(session().RenamePartition(kHits, Names{"9", "00"}, Names{"8", "01"}), HasCode(StatusCode::kNotFound));
  EXPECT_THAT(session().RenamePartition(kHits, Names{"5", "00"}, Names{"8"}), HasCode(StatusCode::kInvalidArgument));
  ExpectSound();
}

TEST_F(PartitionsTest, DropByNamesIsAllOrNothingUnlessAskedToSkip) {
  Add({{"1", "00"}, {"1", "01"}, {"2", "00"}});
  EXPECT_THAT(session().DropPartitions(kHits, Names{"dt=1/hour=00", "dt=9/hour=00"}),
              FailsWith(StatusCode::kNotFound, "partition web.hits/dt=9/hour=00 does not exist"));
  EXPECT_EQ(*session().CountPartitions(kHits), 3);
  EXPECT_THAT(session().DropPartitions(kHits, Names{"hour=00"}), HasCode(StatusCode::kInvalidArgument));
  EXPECT_EQ(*session().DropPartitions(kHits, Names{"dt=1/hour=00", "dt=9/hour=00", "DT=1/hour=00"}, IfMissing::kSkip),
            1);
  EXPECT_THAT(PartitionNames(), ElementsAre("dt=1/hour=01", "dt=2/hour=00"));
  EXPECT_THAT(LastEvent().partitions(), ElementsAre("dt=1/hour=00"));
  const int64_t events = EventCount();
  EXPECT_EQ(*session().DropPartitions(kHits, Names{"dt=9/hour=00"}, IfMissing::kSkip), 0);
  EXPECT_EQ(EventCount(), events);
}

TEST_F(PartitionsTest, DropByValuesDropsThatOne) {
  Add({{"a/b", "00"}, {"a/b", "01"}});
  ASSERT_OK(session().DropPartition(kHits, Names{"a/b", "00"}));
  EXPECT_THAT(PartitionNames(), ElementsAre("dt=a%2Fb/hour=01"));
  EXPECT_THAT(session().DropPartition(kHits, Names{"a/b", "00"}), HasCode(StatusCode::kNotFound));
  EXPECT_THAT(session().DropPartition({"web", "none"}, Names{"a/b", "01"}), HasCode(StatusCode::kNotFound));
  for (const Names& values : {Names{}, Names{"a/b"}, Names{"a/b", "01", "x"}}) {
    EXPECT_THAT(session().DropPartition(kHits, values), HasCode(StatusCode::kInvalidArgument));
  }
  EXPECT_EQ(*session().CountPartitions(kHits), 1);
}

TEST_F(PartitionsTest, DropByFilterTakesStatisticsAlong) {
  Add({{"1", "00"}, {"1", "01"}, {"2", "00"}});
  model::v1::ColumnStatistics statistics;
  statistics.set_column("name");
  ASSERT_OK(session().UpdatePartitionStatistics(kHits, Names{"1", "01"}, std::vector{statistics}));
  ASSERT_OK(session().UpdatePartitionStatistics(kHits, Names{"2", "00"}, std::vector{statistics}));
  EXPECT_EQ(*session().DropPartitionsByFilter(kHits, "dt = '1'"), 2);
  EXPECT_EQ(LastEvent().count(), 2);
  EXPECT_THAT(LastEvent().partitions(), ElementsAre("dt=1/hour=00", "dt=1/hour=01"));
  ExpectSound();  // finds statistics without a partition
  EXPECT_THAT(*session().GetPartitionStatistics(kHits, Names{"2", "00"}), SizeIs(1));
  EXPECT_EQ(*session().DropPartitionsByFilter(kHits, "dt = '7'"), 0);
  for (const char* empty : {"", "  "}) {
    EXPECT_THAT(session().DropPartitionsByFilter(kHits, empty),
                FailsWith(StatusCode::kInvalidArgument, "would drop all partitions"));
  }
}

TEST_F(PartitionsTest, TruncateDropsAllAndNewOnesCanCome) {
  Add({{"1", "00"}, {"2", "00"}});
  ASSERT_OK(session().TruncatePartitions(kHits));
  EXPECT_THAT(PartitionNames(), IsEmpty());
  EXPECT_EQ(*session().CountPartitions(kHits), 0);
  EXPECT_EQ(LastEvent().kind(), Event::DROP_PARTITIONS);
  EXPECT_EQ(LastEvent().count(), 2);
  const int64_t events = EventCount();
  ASSERT_OK(session().TruncatePartitions(kHits));
  EXPECT_EQ(EventCount(), events);
  Add({{"3", "00"}});
  EXPECT_THAT(PartitionNames(), ElementsAre("dt=3/hour=00"));
  ExpectSound();
}

TEST_F(PartitionsTest, ListsFilterOrderLimitAndProject) {
  Add({{"1", "00"}, {"1", "01"}, {"2", "00"}, {"2", "01"}});
  EXPECT_THAT(*session().PartitionNameStrings(kHits, {.filter = "hour = '01'"}),
              ElementsAre("dt=1/hour=01", "dt=2/hour=01"));
  EXPECT_THAT(*session().PartitionNameStrings(kHits, {.order = Order::kDescending, .limit = 3}),
              ElementsAre("dt=2/hour=01", "dt=2/hour=00", "dt=1/hour=01"));
  EXPECT_THAT(session().PartitionNameStrings(kHits, {.filter = "nokey = 1"}), HasCode(StatusCode::kInvalidArgument));
  EXPECT_THAT(session().PartitionNameStrings(kHits, {.batch_size = 65'537}), HasCode(StatusCode::kInvalidArgument));
  EXPECT_EQ(*session().CountPartitions(kHits, "dt = '1'"), 2);
  const FilterPlan plan = *session().Explain(kHits, "dt = '1'");
  EXPECT_EQ(plan.rows_matched, 2);
  EXPECT_FALSE(plan.normalized.empty());
  PartitionCursor cursor = session().ListPartitions(kHits, {.projection = {.location = true}});
  ASSERT_TRUE(cursor.Next());
  ASSERT_NE(cursor.batch().locations(), nullptr);
  EXPECT_EQ(*cursor.batch().locations()->value(0), "/wh/web.db/hits/dt=1/hour=00");
}

TEST_F(PartitionsTest, ListsByLeadingValues) {
  Add({{"1", "00"}, {"1", "01"}, {"2", "00"}});
  const auto names = [&](const Names& values, const ListOptions& options = {}) {
    Names found;
    PartitionCursor cursor = session().ListPartitionsByValues(kHits, values, options);
    while (cursor.Next()) {
      for (std::size_t i = 0; i < cursor.batch().size(); ++i) found.push_back(cursor.batch().Name(i));
    }
    EXPECT_OK(cursor.status());
    return found;
  };
  EXPECT_THAT(names({"1"}), ElementsAre("dt=1/hour=00", "dt=1/hour=01"));
  EXPECT_THAT(names({"", "00"}), ElementsAre("dt=1/hour=00", "dt=2/hour=00"));
  EXPECT_THAT(names({"1"}, {.filter = "hour = '01'"}), ElementsAre("dt=1/hour=01"));
  EXPECT_THAT(names({"", ""}), SizeIs(3));
  EXPECT_THAT(session().ListPartitionsByValues(kHits, Names{"1", "2", "3"}).status(),
              FailsWith(StatusCode::kInvalidArgument, "found 3 partial values"));
}

TEST_F(PartitionsTest, ByNamesGivesThoseThatExistOnceInOrder) {
  Add({{"1", "00"}, {"2", "00"}});
  const auto found =
      session().GetPartitionsByNames(kHits, Names{"dt=2/hour=00", "dt=1/hour=00", "dt=3/hour=00", "dt=2/hour=00"});
  ASSERT_OK(found);
  ASSERT_THAT(*found, SizeIs(2));
  EXPECT_THAT((*found)[0].values(), ElementsAre("1", "00"));
  EXPECT_THAT((*found)[1].values(), ElementsAre("2", "00"));
  // Whole, as one that is asked for by its values.
  const auto one = session().GetPartition(kHits, Names{"1", "00"});
  ASSERT_OK(one);
  EXPECT_TRUE(one->has_storage_descriptor());
  EXPECT_EQ((*found)[0].DebugString(), one->DebugString());
}

TEST_F(PartitionsTest, ListsByNamesThoseThatExistAndPass) {
  Add({{"1", "00"}, {"1", "01"}, {"2", "00"}});
  const Names wanted = {"dt=2/hour=00", "dt=1/hour=01", "dt=3/hour=00", "dt=1/hour=00", "dt=2/hour=00"};
  const auto names = [&](const ListOptions& options) {
    Names found;
    PartitionCursor cursor = session().ListPartitionsByNames(kHits, wanted, options);
    while (cursor.Next()) {
      for (std::size_t i = 0; i < cursor.batch().size(); ++i) found.push_back(cursor.batch().Name(i));
    }
    EXPECT_OK(cursor.status());
    return std::pair(found, cursor.ResumeToken());
  };
  EXPECT_THAT(names({}).first, ElementsAre("dt=1/hour=00", "dt=1/hour=01", "dt=2/hour=00"));
  EXPECT_THAT(names({.filter = "hour = '00'"}).first, ElementsAre("dt=1/hour=00", "dt=2/hour=00"));
  const auto [first, token] = names({.limit = 2});
  EXPECT_THAT(first, ElementsAre("dt=1/hour=00", "dt=1/hour=01"));
  EXPECT_THAT(names({.after = token}).first, ElementsAre("dt=2/hour=00"));
  EXPECT_THAT(names({.order = Order::kDescending, .limit = 1}).first, ElementsAre("dt=2/hour=00"));
  EXPECT_THAT(session().ListPartitionsByNames(kHits, Names{"dt=1"}).status(), HasCode(StatusCode::kInvalidArgument));
  EXPECT_THAT(session().ListPartitionsByNames({"web", "none"}, wanted).status(), HasCode(StatusCode::kNotFound));
}

TEST_F(PartitionsTest, KeyValuesAndSummaries) {
  Partition partition = MakePartition({"1", "00"});
  (*partition.mutable_parameters())["numRows"] = "5";
  ASSERT_OK(session().AddPartitions(kHits, std::vector{partition}));
  Add({{"1", "01"}, {"2", ""}});
  EXPECT_THAT(*session().PartitionKeyValues(kHits, "DT"), ElementsAre("1", "2"));
  EXPECT_THAT(*session().PartitionKeyValues(kHits, "hour"), ElementsAre("__HIVE_DEFAULT_PARTITION__", "00", "01"));
  EXPECT_THAT(*session().PartitionKeyValues(kHits, "hour", {.order = Order::kDescending, .limit = 1}),
              ElementsAre("01"));
  EXPECT_THAT(*session().PartitionKeyValues(kHits, "hour", {.filter = "dt = '2'"}),
              ElementsAre("__HIVE_DEFAULT_PARTITION__"));
  EXPECT_THAT(session().PartitionKeyValues(kHits, "id"), FailsWith(StatusCode::kNotFound, "no partition key \"id\""));
  const auto summary = session().SummarizePartitions(kHits);
  ASSERT_OK(summary);
  EXPECT_EQ(summary->partitions(), 3);
  EXPECT_EQ(summary->num_rows(), 5);
  EXPECT_EQ(summary->without_num_rows(), 2);
}

TEST_F(PartitionsTest, ATokenGoesOnBehindTheLastRowInEitherOrderAlsoAfterARename) {
  std::vector<Names> all;
  for (int i = 0; i < 50; ++i) all.push_back({std::to_string(i), "00"});
  Add(all);
  for (const Order order : {Order::kAscending, Order::kDescending}) {
    const Names whole = *session().PartitionNameStrings(kHits, {.order = order});
    Names paged;
    ListOptions options{.order = order, .limit = 7};
    do {
      PartitionCursor cursor = session().ListPartitions(kHits, options);
      while (cursor.Next()) {
        for (std::size_t i = 0; i < cursor.batch().size(); ++i) paged.push_back(cursor.batch().Name(i));
      }
      ASSERT_OK(cursor.status());
      options.after = cursor.ResumeToken();
    } while (!options.after.empty());
    EXPECT_EQ(paged, whole);
  }
  PartitionCursor cursor = session().ListPartitions(kHits, {.limit = 1});
  ASSERT_TRUE(cursor.Next());
  const std::string token = cursor.ResumeToken();
  ASSERT_OK(session().RenameTable(kHits, {"web", "visits"}));
  EXPECT_EQ(session().PartitionNameStrings({"web", "visits"}, {.limit = 1, .after = token})->front(), "dt=1/hour=00");
  ASSERT_OK(session().CreateTable(MakeTable("web", "hits", {"dt", "hour"})));
  EXPECT_THAT(session().PartitionNames(kHits, {.after = token}),
              FailsWith(StatusCode::kInvalidArgument, "another table"));
  EXPECT_THAT(session().PartitionNames({"web", "visits"}, {.order = Order::kDescending, .after = token}),
              FailsWith(StatusCode::kInvalidArgument, "the other order"));
}

TEST_F(PartitionsTest, ACursorThatDidNotMoveResumesWhereItBegan) {
  Add({{"1", "00"}, {"2", "00"}});
  const std::string token = session::EncodeResumeToken(
      {.table = record::TableId{static_cast<uint64_t>(session().GetTable(kHits)->id())}, .after = "1/00"});
  EXPECT_EQ(session().ListPartitions(kHits, {.after = token}).ResumeToken(), token);
  EXPECT_EQ(session().ListPartitions(kHits).ResumeToken(), "");
}

TEST(ResumeTokenTest, ComesBackAsItWas) {
  for (const std::string& after : {std::string("a"), std::string("2026/01"), std::string(10'000, 'x')}) {
    for (const Order order : {Order::kAscending, Order::kDescending}) {
      const std::string token = session::EncodeResumeToken({.table = {7}, .order = order, .after = after});
      EXPECT_EQ(token.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"),
                std::string::npos);
      const auto point = session::DecodeResumeToken(token);
      ASSERT_OK(point);
      EXPECT_EQ(point->table.value, 7U);
      EXPECT_EQ(point->order, order);
      EXPECT_EQ(point->after, after);
    }
  }
}

TEST(ResumeTokenTest, AnyChangeIsRefused) {
  const std::string token = session::EncodeResumeToken({.table = {7}, .after = "2026/01"});
  for (std::size_t i = 0; i < token.size(); ++i) {
    for (const char c : {'A', 'z', '!', '=', ' ', '\0'}) {
      if (token[i] == c) continue;
      std::string changed = token;
      changed[i] = c;
      const auto point = session::DecodeResumeToken(changed);
      EXPECT_THAT(point, HasCode(StatusCode::kInvalidArgument)) << i << " " << c;
      EXPECT_EQ(DomainErrorOf(point.status())->object_kind, ObjectKind::kToken);
    }
    EXPECT_THAT(session::DecodeResumeToken(token.substr(0, i)), HasCode(StatusCode::kInvalidArgument)) << i;
  }
  EXPECT_THAT(session::DecodeResumeToken(token + "="), HasCode(StatusCode::kInvalidArgument));
  EXPECT_THAT(session::DecodeResumeToken(token + "\n"), HasCode(StatusCode::kInvalidArgument));
}

}  // namespace
}  // namespace lodestone::testing
