// Every call with a warehouse that fails at its first, second, ... step: the catalog is as it was, and no folder is
// left; or, when the failure came behind the commit, the change is done and the data that stayed is told of.
#include <atomic>
#include <functional>
#include <thread>
#include <vector>

#include "tests/unit/warehouse/hive_fixture.h"

namespace lodestone::testing {
namespace {

using absl::StatusCode;

class HiveFailuresTest : public HiveSessionTest {
 protected:
  // Everything that the calls below change.
  void Prepare() {
    MakeHiveHits();
    ASSERT_OK(hive().CreateTable(MakeTable("web", "into", {"dt", "hour"})));
    ASSERT_OK(hive().CreateTable(MakeTable("web", "plain")));
    AddHits({{"1", "1"}, {"1", "2"}});
    Fill("web.db/hits/dt=1/hour=1/f");
    Fill("web.db/hits/dt=7/hour=7/f");
    Fill("web.db/plain/f");
    Fill("web.db/over_data/f");
    Partition outside = MakePartition({"3", "3"});
    outside.mutable_storage_descriptor()->set_location("file:" + top_ + "/elsewhere/deep/p");
    ASSERT_OK(hive().AddPartitions(kHits, std::vector{outside}));
  }
};

TEST_F(HiveFailuresTest, EveryStepOfEveryCall) {
  Prepare();
  const auto table = [&](std::string_view name) { return *session().GetTable({"web", std::string(name)}); };
  const auto renamed = [&](std::string_view name, std::string_view to) {
    Table next = table(name);
    next.set_name(std::string(to));
    return next;
  };
  model::v1::Catalog catalog;
  catalog.set_name("lab");
  catalog.set_location_uri("file:" + root_ + "/lab/deep");
  Database far = MakeDatabase("far");
  far.set_location_uri("file:" + root_ + "/very/far/away");
  far.set_managed_location_uri("file:" + root_ + "/very/managed");
  const std::vector<Partition> some = {MakePartition({"5", "1"}), MakePartition({"5", "2"}), MakePartition({"7", "7"})};
  Partition moved = *session().GetPartition(kHits, Names{"1", "1"});
  moved.set_values(0, "6");
  Partition altered = MakePartition({"1", "1"});
  // In this order: each is tried with a failure at every step, then done.
  const struct {
    std::string name;
    std::function<absl::Status()> call;
  } cases[] = {
      {"CreateCatalog", [&] { return hive().CreateCatalog(catalog); }},
      {"CreateDatabase", [&] { return hive().CreateDatabase(far); }},
      {"CreateTable", [&] { return hive().CreateTable(MakeTable("far", "t")); }},
      {"CreateTable over data", [&] { return hive().CreateTable(MakeTable("web", "over_data")); }},
      {"AlterTable",
       [&] {
         return hive().AlterTable({"web", "plain"}, table("plain"));
       }},
      {"AddPartitions", [&] { return hive().AddPartitions(kHits, some).status(); }},
      {"AppendPartition",
       [&] {
         return hive().AppendPartition(kHits, Names{"8", "8"}).status();
       }},
      {"AppendByName", [&] { return hive().AppendPartitionByName(kHits, "dt=8/hour=9").status(); }},
      {"AlterPartitions",
       [&] {
         return hive().AlterPartitions(kHits, {&altered, 1});
       }},
      {"RenamePartition",
       [&] {
         return hive().RenamePartition(kHits, Names{"1", "1"}, moved);
       }},
      {"Exchange",
       [&] {
         return hive().ExchangePartitions(kHits, {"web", "into"}, {{"dt", "5"}}).status();
       }},
      {"RenameTable",
       [&] {
         return hive().AlterTable({"web", "into"}, renamed("into", "moved"));
       }},
      {"TruncateTable", [&] { return hive().TruncateTable(kHits); }},
      {"DropPartition",
       [&] {
         return hive().DropPartition(kHits, Names{"8", "8"});
       }},
      {"DropPartitions", [&] { return hive().DropPartitions(kHits, Names{"dt=8/hour=9"}).status(); }},
      {"DropByFilter", [&] { return hive().DropPartitionsByFilter(kHits, "dt = \"7\"").status(); }},
      {"DropTable", [&] { return hive().DropTable(kHits); }},
      {"DropDatabase", [&] { return hive().DropDatabase("web", {.mode = DropMode::kCascade}); }},
      {"DropCatalog", [&] { return hive().DropCatalog("lab"); }},
  };
  for (const auto& c : cases) {
    int failures = 0;
    for (int step = 1;; ++step) {
      const auto tree = Tree();
      const uint64_t version = session().version();
      left_behind_.clear();
      failing_->FailAt(step);
      const absl::Status done = c.call();
      failing_->FailAt(0);
      if (done.ok()) {
        // All steps before the commit are through: what fails now is told.
        EXPECT_LE(left_behind_.size(), 1U) << c.name;
        break;
      }
      ++failures;
      ASSERT_LT(step, 50) << c.name;
      EXPECT_THAT(done, FailsWith(StatusCode::kUnavailable, "told to fail")) << c.name << ", step " << step;
      EXPECT_EQ(Tree(), tree) << c.name << ", step " << step;
      EXPECT_EQ(session().version(), version) << c.name << ", step " << step;
    }
    RecordProperty(c.name, failures);
    ExpectSound();
  }
}

TEST_F(HiveFailuresTest, DataThatCanNotBeRemovedIsToldOf) {
  Prepare();
  const struct {
    std::string name, left;
    std::function<absl::Status()> call;
  } cases[] = {
      {"DropPartition", root_ + "/web.db/hits/dt=1/hour=2",
       [&] {
         return hive().DropPartition(kHits, Names{"1", "2"});
       }},
      {"TruncateTable", root_ + "/web.db/plain",
       [&] {
         return hive().TruncateTable({"web", "plain"});
       }},
      {"DropTable", root_ + "/web.db/plain",
       [&] {
         return hive().DropTable({"web", "plain"});
       }},
      {"DropTable", top_ + "/elsewhere/deep/p", [&] { return hive().DropTable(kHits); }},
  };
  for (const auto& c : cases) {
    left_behind_.clear();
    failing_->FailAt(1);
    EXPECT_OK(c.call()) << c.name;
    ASSERT_EQ(left_behind_.size(), 1U) << c.name;
    EXPECT_THAT(left_behind_[0], ::testing::HasSubstr("file:" + c.left)) << c.name;
    EXPECT_TRUE(std::filesystem::exists(c.left)) << c.name;
  }
  EXPECT_FALSE(session().GetTable(kHits).ok());
}

TEST_F(HiveFailuresTest, AFailedCommitTakesFoldersBack) {
  Prepare();
  const auto tree = Tree();
  // The transaction fails behind the folders.
  const auto fail = [](Session&) { return absl::UnavailableError("no commit"); };
  EXPECT_THAT(hive().CreateTable(MakeTable("web", "new"), {}, fail), FailsWith(StatusCode::kUnavailable, "no commit"));
  // What somebody has put there meanwhile stays.
  const auto use = [&](Session&) {
    Fill("web.db/new/f");
    return absl::UnavailableError("no commit");
  };
  EXPECT_EQ(Tree(), tree);
  EXPECT_THAT(hive().CreateTable(MakeTable("web", "new"), {}, use), HasCode(StatusCode::kUnavailable));
  EXPECT_TRUE(There("web.db/new/f"));
}

TEST_F(HiveFailuresTest, AnAbortedAttemptLeavesNoFoldersOfItsOwn) {
  ASSERT_OK(hive().CreateDatabase(MakeDatabase("web")));
  int attempts = 0;
  const auto once = [&](Session&) { return ++attempts == 1 ? absl::AbortedError("again") : absl::OkStatus(); };
  ASSERT_OK(hive().CreateTable(MakeTable("web", "t"), {}, once));
  EXPECT_EQ(attempts, 2);
  EXPECT_TRUE(There("web.db/t"));
  // As a folder of its own: there was none before.
  EXPECT_EQ(ParameterOf(session().GetTable({"web", "t"}), "numFiles"), "-");
}

// A table that is made while one of its name is being dropped keeps its folder and what is put there.
TEST_F(HiveFailuresTest, ANewTableWaitsForTheEndOfTheOldOnesData) {
  ASSERT_OK(hive().CreateDatabase(MakeDatabase("web")));
  std::atomic<int> lost = 0;
  std::vector<std::thread> threads;
  for (int i = 0; i < 2; ++i) {
    threads.emplace_back([&] {
      HiveSession own(session(), options_);
      for (int round = 0; round < 300; ++round) {
        const absl::Status made = own.CreateTable(MakeTable("web", "t"));
        if (!made.ok()) {
          EXPECT_THAT(made, HasCode(StatusCode::kAlreadyExists));
          continue;
        }
        if (!There("web.db/t")) ++lost;
        EXPECT_OK(own.DropTable({"web", "t"}, {.purge = true}));
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(lost, 0);
}

TEST_F(HiveFailuresTest, DropOfManyPartitionsReadsNoneOfThemWhereAllLieInTheTable) {
  MakeHiveHits();
  std::vector<Partition> many;
  for (int i = 0; i < 3'000; ++i) many.push_back(MakePartition({std::to_string(i), "1"}));
  ASSERT_OK(session().AddPartitions(kHits, many));
  failing_->FailAt(0);
  ASSERT_OK(hive().DropTable(kHits));
  EXPECT_EQ(failing_->calls(), 1);  // one folder, whatever is in it
}

}  // namespace
}  // namespace lodestone::testing
