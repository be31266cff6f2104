// What sorted runs and their ingestion promise.
#include "tests/store_suite/engine_fixture.h"

namespace lodestone::store {
namespace {

class SortedRunTest : public EngineTest {
 protected:
  std::unique_ptr<SortedRun> Run(const Rows& rows, bool finish = true) {
    auto run = store_->NewSortedRun();
    EXPECT_OK(run);
    for (const auto& [key, value] : rows) EXPECT_OK((*run)->Add(key, value));
    if (finish) {
      EXPECT_OK((*run)->Finish());
    }
    return *std::move(run);
  }
  absl::Status Ingest(std::unique_ptr<SortedRun> first, std::unique_ptr<SortedRun> second = nullptr) {
    std::vector<std::unique_ptr<SortedRun>> runs;
    runs.push_back(std::move(first));
    if (second != nullptr) runs.push_back(std::move(second));
    return store_->IngestRuns(std::move(runs));
  }
};
INSTANTIATE_TEST_SUITE_P(Engines, SortedRunTest, ::testing::ValuesIn(AllEngines()), EngineName);

TEST_P(SortedRunTest, SeveralAppearAtOnceBesideWhatIsThere) {
  PutAll({{"a", "1"}, {"z", "2"}});
  auto high = Run({{"p", "5"}, {"q", "6"}});
  auto low = Run({{"m", "3"}, {"n", "4"}});
  EXPECT_GT(low->bytes(), 0u);
  EXPECT_EQ(Forward(*store_->Snapshot(), {}).size(), 2u);
  ASSERT_OK(Ingest(std::move(high), std::move(low)));
  const Rows all = {{"a", "1"}, {"m", "3"}, {"n", "4"}, {"p", "5"}, {"q", "6"}, {"z", "2"}};
  EXPECT_EQ(Forward(*store_->Snapshot(), {}), all);
  EXPECT_EQ(store_->Snapshot()->version(), 1u);
  // The next transaction stands on it, and its range can be deleted like any other.
  auto t = Begin();
  EXPECT_EQ(Forward(*t, {}), all);
  t->DeleteRange({"m", "q"});
  EXPECT_EQ(Commit(t.get()), 2u);
  EXPECT_EQ(Forward(*store_->Snapshot(), {}), (Rows{{"a", "1"}, {"q", "6"}, {"z", "2"}}));
}

TEST_P(SortedRunTest, KeysMustAscend) {
  auto run = Run({{"b", "1"}}, /*finish=*/false);
  EXPECT_THAT(run->Add("b", "2"), testing::FailsWith(absl::StatusCode::kInvalidArgument, "ascending"));
  EXPECT_THAT(run->Add("a", "2"),
              testing::FailsWith(absl::StatusCode::kInvalidArgument, "\"a\" does not follow \"b\""));
  EXPECT_OK(run->Add("c", "3"));
  ASSERT_OK(run->Finish());
  EXPECT_THAT(run->Add("d", "4"), testing::FailsWith(absl::StatusCode::kFailedPrecondition, "finished"));
  ASSERT_OK(Ingest(std::move(run)));
  EXPECT_EQ(Forward(*store_->Snapshot(), {}), (Rows{{"b", "1"}, {"c", "3"}}));
}

TEST_P(SortedRunTest, UnfinishedAndOverlappingAreRefused) {
  EXPECT_THAT(Ingest(Run({{"a", "1"}}, /*finish=*/false)),
              testing::FailsWith(absl::StatusCode::kFailedPrecondition, "finished"));
  EXPECT_THAT(Ingest(Run({{"a", "1"}, {"c", "1"}}), Run({{"b", "1"}, {"d", "1"}})),
              testing::FailsWith(absl::StatusCode::kInvalidArgument, "overlap"));
  EXPECT_EQ(Forward(*store_->Snapshot(), {}), Rows{});
}

TEST_P(SortedRunTest, EmptyOnesAreFine) {
  EXPECT_OK(Ingest(Run({})));
  EXPECT_OK(store_->IngestRuns({}));
  EXPECT_OK(Ingest(Run({}), Run({{"a", "1"}})));
  EXPECT_EQ(Forward(*store_->Snapshot(), {}), (Rows{{"a", "1"}}));
}

TEST_P(SortedRunTest, IngestingInsideATransactionOfTheSameThreadIsRefused) {
  auto run = Run({{"a", "1"}});
  auto t = Begin();
  EXPECT_THAT(Ingest(std::move(run)), testing::FailsWith(absl::StatusCode::kFailedPrecondition, "this thread"));
}

TEST_P(SortedRunTest, DroppedOnesLeaveNothing) {
  Run({{"a", "1"}}).reset();
  Run({{"b", "1"}}, /*finish=*/false).reset();
  EXPECT_EQ(Forward(*store_->Snapshot(), {}), Rows{});
  const std::filesystem::path runs = std::filesystem::path(folder_) / "runs";
  if (std::filesystem::exists(runs)) {
    EXPECT_TRUE(std::filesystem::is_empty(runs));
  }
}

TEST_P(SortedRunTest, RunsOfManyMegabytes) {
  Rows rows;
  for (int i = 0; i < 3000; ++i) {
    std::string value(30'000, '\0');
    uint32_t x = static_cast<uint32_t>(i) * 2654435761u + 1;
    for (char& c : value) c = static_cast<char>((x = x * 1664525u + 1013904223u) >> 24);
    rows.emplace_back("page" + std::to_string(10'000 + i), std::move(value));
  }
  auto run = Run(rows);
  EXPECT_GT(run->bytes(), 80'000'000u);
  ASSERT_OK(Ingest(std::move(run)));
  EXPECT_EQ(Forward(*store_->Snapshot(), PrefixRange("page"), {.long_scan = true, .fill_cache = false}), rows);
}

}  // namespace
}  // namespace lodestone::store
