// Loading: all or nothing, whatever comes between.

#include <algorithm>
#include <cstdlib>
#include <string>
#include <vector>

#include "catalog/session/context.h"
#include "catalog/store/rocksdb/rocksdb_store.h"
#include "tests/support/forwarding_store.h"
#include "tests/unit/bulk/load_fixture.h"

namespace lodestone {
namespace {

using ::testing::ElementsAre;
using testing::FailsWith;
using ::testing::HasSubstr;
using ::testing::Pair;

// So many rows are written as a new set; less than 257 as edits.
constexpr int kMany = 4'000;

TEST_F(LoadTest, LoadsIntoAnEmptyTable) {
  for (const bool in_memory : {true, false}) {
    if (!in_memory) GoToDisk();
    auto result = Load(10, kMany);
    ASSERT_OK(result);
    EXPECT_EQ(result->added, kMany);
    EXPECT_EQ(Count(), kMany);
    EXPECT_THAT(*All().begin(), Pair("dt=10/hour=00", R"({"values":["10","00"],"parameters":{"n":"1"},"location":)"
                                                      R"("s3://bucket/t/dt=10/hour=00","create_time":1700000000})"));
    EXPECT_THAT(Events(), ElementsAre("CREATE_TABLE 0", base::StrCat("LOAD_PARTITIONS ", kMany)));
    ExpectSound();
  }
  Reopen(false);
  EXPECT_EQ(Count(), kMany);
  ExpectSound();
}

// The twin: what a load does, and what AddPartitions does with the same partitions, is the same.
TEST_F(LoadTest, AgreesWithAddPartitions) {
  for (const IfExists if_exists : {IfExists::kSkip, IfExists::kReplace}) {
    for (const int rows : {100, kMany}) {
      SCOPED_TRACE(base::StrCat(static_cast<int>(if_exists), " ", rows));
      ASSERT_OK(session_->TruncatePartitions(kTable));
      ASSERT_OK(session_->TruncatePartitions({"db", "u"}));
      std::vector<model::v1::Partition> present;
      std::vector<model::v1::Partition> fresh;
      for (int i = 0; i < rows; ++i) {
        model::v1::Partition partition;
        partition.add_values(base::StrCat("a%", i % 30));
        partition.add_values(i % 50 == 0 ? "" : base::StrCat(i));
        if (i % 50 == 0) partition.set_values(0, base::StrCat("null ", i));
        (*partition.mutable_parameters())[base::StrCat("p", i % 3)] = base::StrCat(i);
        partition.set_create_time(i % 4 == 0 ? 0 : 1000 + i);
        partition.set_last_access_time(i % 5);
        if (i % 6 == 0) partition.mutable_storage_descriptor()->set_location(base::StrCat("hdfs://x/", i));
        if (i % 7 == 0) partition.mutable_storage_descriptor()->set_input_format(base::StrCat("format ", i % 3));
        if (i % 2 == 0) present.push_back(partition);
        (*partition.mutable_parameters())["fresh"] = "yes";
        if (i % 3 != 1) fresh.push_back(partition);
      }
      ASSERT_OK(session_->AddPartitions(kTable, present));
      ASSERT_OK(session_->AddPartitions({"db", "u"}, present));
      auto expected = session_->AddPartitions({"db", "u"}, fresh, {.if_exists = if_exists});
      ASSERT_OK(expected);

      auto loader = BulkLoader::Start(*session_, kTable, {.if_exists = if_exists, .memory_bytes = 100'000});
      ASSERT_OK(loader);
      for (const auto& partition : fresh) {
        const std::vector<std::string_view> values(partition.values().begin(), partition.values().end());
        std::vector<std::pair<std::string_view, std::string_view>> parameters;
        for (const auto& [name, value] : partition.parameters()) parameters.emplace_back(name, value);
        const auto& descriptor = partition.storage_descriptor();
        ASSERT_OK((*loader)->Add({.values = values,
                                  .parameters = parameters,
                                  .location = descriptor.location(),
                                  .create_time = partition.create_time(),
                                  .last_access_time = partition.last_access_time(),
                                  .descriptor = partition.has_storage_descriptor() ? &descriptor : nullptr}));
      }
      auto result = (*loader)->Finish();
      ASSERT_OK(result);
      EXPECT_EQ(result->added, expected->added);
      EXPECT_EQ(result->skipped, expected->skipped);
      EXPECT_EQ(result->replaced, expected->replaced);
      EXPECT_EQ(All(), All({"db", "u"}));
      ExpectSound();
    }
  }
}

TEST_F(LoadTest, APartitionThatExistsFailsTheLoad) {
  ASSERT_OK(AddOne("11", "05"));
  ASSERT_OK(AddOne("10", "07"));
  for (const int rows : {100, kMany}) {
    EXPECT_THAT(Load(10, rows), FailsWith(absl::StatusCode::kAlreadyExists, "db.t/dt=10/hour=07"));
    EXPECT_THAT(Names(), ElementsAre("dt=10/hour=07", "dt=11/hour=05"));
    EXPECT_EQ(Events().size(), 3u);
    ExpectSound();
  }
}

TEST_F(LoadTest, APartitionThatComesTwiceFailsTheLoad) {
  for (const int rows : {100, kMany}) {
    auto loader = BulkLoader::Start(*session_, kTable, {.if_exists = IfExists::kReplace, .memory_bytes = 50'000});
    ASSERT_OK(loader);
    ASSERT_OK(AddRows(**loader, 10, rows));
    ASSERT_OK(AddRows(**loader, 12, 3));
    EXPECT_THAT((*loader)->Finish(),
                FailsWith(absl::StatusCode::kInvalidArgument, "db.t/dt=12/hour=00 is in the input twice"));
    EXPECT_THAT((*loader)->Finish(), FailsWith(absl::StatusCode::kFailedPrecondition, "finished already"));
    EXPECT_EQ(Count(), 0);
    ExpectSound();
  }
}

TEST_F(LoadTest, ALoadThatSkipsAllChangesNothing) {
  for (const int rows : {100, kMany}) {
    ASSERT_OK(session_->TruncatePartitions(kTable));
    ASSERT_OK(Load(10, rows));
    const auto before = Events();
    auto result = Load(10, rows, {.if_exists = IfExists::kSkip});
    ASSERT_OK(result);
    EXPECT_EQ(result->skipped, rows);
    EXPECT_EQ(Events(), before);
  }
}

TEST_F(LoadTest, TheSetSaysWhetherAllLocationsAreDerived) {
  const auto derived = [&] {
    const auto found = session::FindPartitions(*session_->impl()->Reader(), "hive", kTable);
    EXPECT_OK(found);
    return found.ok() && partition::AllDerived(found->set);
  };
  // Few rows edit pages, many replace the set.
  for (const int rows : {10, kMany}) {
    GoToMemory();
    ASSERT_OK(Load(10, rows));
    EXPECT_TRUE(derived()) << rows;
    auto loader = BulkLoader::Start(*session_, kTable, {.if_exists = IfExists::kReplace});
    ASSERT_OK(loader);
    ASSERT_OK(AddRows(**loader, 10, rows));
    const std::string_view values[] = {"5", "5"};
    ASSERT_OK((*loader)->Add({.values = values, .location = "s3://elsewhere"}));
    ASSERT_OK((*loader)->Finish());
    EXPECT_FALSE(derived()) << rows;
    ExpectSound();
  }
}

TEST_F(LoadTest, ALoadWithoutRowsChangesNothing) {
  ASSERT_OK(Load(10, 0));
  EXPECT_THAT(Events(), ElementsAre("CREATE_TABLE 0"));
}

TEST_F(LoadTest, SmallLoadsIntoLargeTablesEditPages) {
  ASSERT_OK(Load(10, 30'000));
  auto result = Load(5'000, 400);
  ASSERT_OK(result);
  EXPECT_EQ(result->added, 400);
  EXPECT_EQ(Count(), 30'400);
  ExpectSound();
}

TEST_F(LoadTest, StatisticsMoveAlongButForReplacedPartitions) {
  ASSERT_OK(Load(10, kMany));
  model::v1::ColumnStatistics statistics;
  statistics.set_column("c");
  statistics.mutable_long_data();
  statistics.set_num_nulls(7);
  const std::vector<std::string> kept = {"10", "00"};
  const std::vector<std::string> replaced = {"30", "00"};
  ASSERT_OK(session_->UpdatePartitionStatistics(kTable, kept, {&statistics, 1}));
  for (const int rows : {100, kMany}) {
    ASSERT_OK(session_->UpdatePartitionStatistics(kTable, replaced, {&statistics, 1}));
    ASSERT_OK(Load(20, rows, {.if_exists = IfExists::kReplace}));
    EXPECT_EQ(session_->GetPartitionStatistics(kTable, kept)->size(), 1u);
    EXPECT_EQ(session_->GetPartitionStatistics(kTable, replaced)->size(), rows == kMany ? 0u : 1u);
    ExpectSound();
  }
}

TEST_F(LoadTest, AWriterMeanwhileIsNotLost) {
  for (const bool statistics : {false, true}) {
    for (const int rows : {100, kMany}) {
      ASSERT_OK(session_->TruncatePartitions(kTable));
      ASSERT_OK(AddOne("00", "00"));
      auto loader = BulkLoader::Start(*session_, kTable);
      ASSERT_OK(loader);
      ASSERT_OK(AddRows(**loader, 10, rows));
      int changes = 0;
      auto result = (*loader)->Finish([&](const BulkLoadProgress& progress) {
        if (progress.phase != BulkLoadProgress::Phase::kCommitting || changes == 3) return;
        ++changes;
        model::v1::ColumnStatistics one;
        one.set_column("c");
        one.mutable_long_data();
        one.set_num_nulls(changes);
        const std::vector<std::string> first = {"00", "00"};
        ASSERT_OK(statistics ? session_->UpdatePartitionStatistics(kTable, first, {&one, 1})
                             : AddOne("00", base::StrCat("0", changes)));
      });
      ASSERT_OK(result);
      EXPECT_EQ(result->added, rows);
      EXPECT_EQ(changes, rows == kMany ? 3 : 0);
      EXPECT_EQ(Count(), rows + 1 + (statistics ? 0 : changes));
      if (statistics && changes > 0) {
        EXPECT_EQ(session_->GetPartitionStatistics(kTable, std::vector<std::string>{"00", "00"})
                      ->at(0)

                      .num_nulls(),
                  3);
      }
      ExpectSound();
    }
  }
}

TEST_F(LoadTest, GivesUpWhenTheTableNeverRests) {
  auto loader = BulkLoader::Start(*session_, kTable);
  ASSERT_OK(loader);
  ASSERT_OK(AddRows(**loader, 10, kMany));
  int changes = 0;
  auto result = (*loader)->Finish([&](const BulkLoadProgress& progress) {
    if (progress.phase != BulkLoadProgress::Phase::kCommitting) return;
    ASSERT_OK(AddOne("00", base::StrCat(++changes)));
  });
  EXPECT_THAT(result, FailsWith(absl::StatusCode::kAborted, "changed 10 times"));
  EXPECT_EQ(Count(), changes);
  ExpectSound();
}

TEST_F(LoadTest, ATableThatIsNoLongerTheSameIsNotLoaded) {
  const auto alter = [&](std::string_view location) {
    model::v1::Table table = *session_->GetTable(kTable);
    table.mutable_storage_descriptor()->set_location(std::string(location));
    return session_->AlterTable(kTable, table);
  };
  auto moved = BulkLoader::Start(*session_, kTable);
  ASSERT_OK(AddRows(**moved, 10, kMany));
  ASSERT_OK(alter("s3://elsewhere"));
  EXPECT_THAT((*moved)->Finish(), FailsWith(absl::StatusCode::kAborted, "was altered"));

  auto dropped = BulkLoader::Start(*session_, kTable);
  ASSERT_OK(AddRows(**dropped, 10, kMany));
  ASSERT_OK(session_->DropTable(kTable));
  EXPECT_THAT((*dropped)->Finish(), FailsWith(absl::StatusCode::kNotFound, "db.t"));
  ASSERT_OK(session_->CreateTable(MakeTable("t")));
  auto another = BulkLoader::Start(*session_, kTable);
  ASSERT_OK(AddRows(**another, 10, 5));
  ASSERT_OK(session_->DropTable(kTable));
  ASSERT_OK(session_->CreateTable(MakeTable("t")));
  EXPECT_THAT((*another)->Finish(), FailsWith(absl::StatusCode::kAborted, "made anew"));
  EXPECT_EQ(Count(), 0);
}

TEST_F(LoadTest, OnlyASessionThatMayCommitCanLoad) {
  EXPECT_THAT(BulkLoader::Start(session_->Snapshot(), kTable),
              FailsWith(absl::StatusCode::kFailedPrecondition, "read-only"));
  EXPECT_OK(session_->Transact([&](Session& inside) {
    EXPECT_THAT(BulkLoader::Start(inside, kTable), FailsWith(absl::StatusCode::kFailedPrecondition, "Transact"));
    return absl::OkStatus();
  }));
  EXPECT_THAT(BulkLoader::Start(*session_, {"db", "nothing"}), FailsWith(absl::StatusCode::kNotFound, "nothing"));
}

TEST_F(LoadTest, ABadRowIsLeftOutAndTheLoadGoesOn) {
  auto loader = BulkLoader::Start(*session_, kTable);
  ASSERT_OK(loader);
  const std::string_view few[] = {"x"};
  const std::string_view good[] = {"x", "y"};
  EXPECT_THAT((*loader)->Add({.values = few}), FailsWith(absl::StatusCode::kInvalidArgument, "db.t"));
  EXPECT_OK((*loader)->Add({.values = good}));
  ASSERT_OK((*loader)->Finish());
  EXPECT_THAT(Names(), ElementsAre("dt=x/hour=y"));
}

TEST_F(LoadTest, ABrokenOffLoadIsResumed) {
  for (const bool damage : {false, true}) {
    SCOPED_TRACE(damage);
    ASSERT_OK(session_->TruncatePartitions(kTable));
    BulkLoadOptions options{.memory_bytes = 100'000, .spill_directory = folder_ + "/spill", .resume_key = "today"};
    model::v1::StorageDescriptor other;
    other.set_input_format("other");
    const std::string_view values[] = {"05", "00"};
    {
      auto loader = BulkLoader::Start(*session_, kTable, options);
      ASSERT_OK(loader);
      EXPECT_EQ((*loader)->rows_resumed(), 0);
      ASSERT_OK(AddRows(**loader, 10, kMany));
      ASSERT_OK((*loader)->Add({.values = values, .descriptor = &other}));
    }
    EXPECT_EQ(Count(), 0);
    if (damage) {
      for (const auto& entry : std::filesystem::recursive_directory_iterator(folder_ + "/spill")) {
        if (entry.path().filename().string().starts_with("run-")) {
          std::filesystem::resize_file(entry.path(), entry.file_size() - 1);
        }
      }
    }
    {
      auto loader = BulkLoader::Start(*session_, kTable, options);
      ASSERT_OK(loader);
      ASSERT_EQ((*loader)->rows_resumed(), damage ? 0 : kMany + 1);
      if (damage) {
        ASSERT_OK(AddRows(**loader, 10, kMany));
        ASSERT_OK((*loader)->Add({.values = values, .descriptor = &other}));
      }
      ASSERT_OK(AddRows(**loader, 10 + (kMany + 23) / 24, 50));
      auto result = (*loader)->Finish();
      ASSERT_OK(result);
      EXPECT_EQ(result->added, kMany + 51);
    }
    EXPECT_EQ(Count(), kMany + 51);
    EXPECT_THAT(All()["dt=05/hour=00"], HasSubstr("\"input_format\":\"other\""));
    EXPECT_FALSE(std::filesystem::exists(folder_ + "/spill")) << "nothing is left behind";
    ExpectSound();
  }
}

TEST_F(LoadTest, ALoadWithOtherOptionsStartsOver) {
  BulkLoadOptions options{.spill_directory = folder_ + "/spill", .resume_key = "today"};
  {
    auto loader = BulkLoader::Start(*session_, kTable, options);
    ASSERT_OK(AddRows(**loader, 10, 100));
  }
  options.if_exists = IfExists::kReplace;
  {
    auto loader = BulkLoader::Start(*session_, kTable, options);
    ASSERT_OK(loader);
    EXPECT_EQ((*loader)->rows_resumed(), 0);
    ASSERT_OK(AddRows(**loader, 10, 100));
  }
  EXPECT_EQ((*BulkLoader::Start(*session_, {"db", "u"}, options))->rows_resumed(), 0);
}

TEST_F(LoadTest, WithoutAFolderForTemporaryFilesALoadIsRefused) {
  const char* before = std::getenv("TMPDIR");
  const std::string saved = before == nullptr ? "" : before;
  setenv("TMPDIR", (folder_ + "/none").c_str(), 1);
  EXPECT_THAT(BulkLoader::Start(*session_, kTable), FailsWith(absl::StatusCode::kUnavailable, "temporary files"));
  before == nullptr ? unsetenv("TMPDIR") : setenv("TMPDIR", saved.c_str(), 1);
}

// Passes everything on, and stops taking transactions once runs were put into the store: as if the process had ended
// between the two steps of a load.
class StopsAfterIngest final : public testing::ForwardingStore {
 public:
  StopsAfterIngest(std::unique_ptr<store::Store> base, bool* armed)
      : ForwardingStore(base.get()), owned_(std::move(base)), armed_(armed) {}
  absl::StatusOr<std::unique_ptr<store::Transaction>> Begin() override {
    if (stopped_) return absl::UnavailableError("stopped");
    return base_->Begin();
  }
  absl::Status IngestRuns(std::vector<std::unique_ptr<store::SortedRun>> runs) override {
    const absl::Status status = base_->IngestRuns(std::move(runs));
    stopped_ = *armed_;
    return status;
  }

 private:
  const std::unique_ptr<store::Store> owned_;
  const bool* const armed_;
  bool stopped_ = false;
};

TEST_F(LoadTest, ACrashBetweenTheStepsLeavesTheTableAsItWas) {
  GoToDisk();
  ASSERT_OK(AddOne("00", "00"));
  session_.reset();
  metastore_.reset();
  bool armed = true;
  auto base = store::OpenRocksDbStore(folder_ + "/store");
  ASSERT_OK(base);
  auto opened = Metastore::OpenOn(std::make_unique<StopsAfterIngest>(*std::move(base), &armed), options_);
  ASSERT_OK(opened);
  metastore_ = *std::move(opened);
  session_ = std::make_unique<Session>(metastore_->Local());
  EXPECT_THAT(Load(10, kMany), FailsWith(absl::StatusCode::kUnavailable, "stopped"));
  EXPECT_THAT(Names(), ElementsAre("dt=00/hour=00"));

  Reopen(false);
  EXPECT_THAT(Names(), ElementsAre("dt=00/hour=00"));
  ExpectSound();
  ASSERT_OK(Load(10, kMany));
  EXPECT_EQ(Count(), kMany + 1);
  ExpectSound();
}

TEST_F(LoadTest, ReportsProgress) {
  auto loader = BulkLoader::Start(*session_, kTable);
  ASSERT_OK(AddRows(**loader, 10, kMany));
  std::vector<BulkLoadProgress> seen;
  ASSERT_OK((*loader)->Finish([&](const BulkLoadProgress& progress) { seen.push_back(progress); }));
  ASSERT_GE(seen.size(), 2u);
  EXPECT_EQ(seen[seen.size() - 2].phase, BulkLoadProgress::Phase::kMerging);
  EXPECT_EQ(seen[seen.size() - 2].rows, kMany);
  EXPECT_EQ(seen[seen.size() - 2].rows_total, kMany);
  EXPECT_EQ(seen.back().phase, BulkLoadProgress::Phase::kCommitting);
}

}  // namespace
}  // namespace lodestone
