#include <string>
#include <vector>

#include "catalog/partition/reader.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/unit/partition/partition_fixture.h"

namespace lodestone::partition {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

class AggregateTest : public PartitionFixture {
 protected:
  void LoadSome() {
    const struct {
      const char* dt;
      const char* hour;
      const char* num_rows;  // null: absent
    } rows[] = {
        {"2026-01-01", "10", "5"},       {"2026-01-01", "9", "-1"}, {"2026-01-02", "1", "100"},
        {"2026-01-02", "01", "unknown"}, {"2026-01-03", "2", "+7"}, {"2026-01-03", "__HIVE_DEFAULT_PARTITION__", "8"},
        {"2026-01-04", "3", nullptr},
    };
    std::vector<OwnedRow> owned;
    for (const auto& r : rows) {
      OwnedRow row;
      row.values = {r.dt, r.hour};
      if (r.num_rows != nullptr) row.parameters["numRows"] = r.num_rows;
      row.parameters["totalSize"] = "1000";
      owned.push_back(std::move(row));
    }
    std::sort(owned.begin(), owned.end(), [](const auto& a, const auto& b) { return a.Key() < b.Key(); });
    Load(owned, {.max_rows = 3});
  }
  PlainFilter From(std::string day) {
    return PlainFilter([day](std::span<const std::string_view> values) { return values[0] >= day; });
  }
};

TEST_F(AggregateTest, SumsAndBoundsByTheTypesOfKeys) {
  LoadSome();
  const auto summary = Summarize(*store_->Snapshot(), table_, nullptr).value();
  EXPECT_EQ(summary.partitions(), 7);
  EXPECT_EQ(summary.num_rows(), 5 + 100 + 7 + 8);
  EXPECT_EQ(summary.without_num_rows(), 3);  // -1, unknown, absent
  EXPECT_EQ(summary.total_size(), 7000);
  EXPECT_EQ(summary.without_total_size(), 0);
  EXPECT_EQ(summary.num_files(), 0);
  EXPECT_EQ(summary.without_num_files(), 7);
  ASSERT_EQ(summary.keys_size(), 2);
  EXPECT_EQ(summary.keys(0).min(), "2026-01-01");
  EXPECT_EQ(summary.keys(0).max(), "2026-01-04");
  EXPECT_EQ(summary.keys(1).key(), "hour");
  EXPECT_EQ(summary.keys(1).min(), "01");  // equals 1 by number, and comes first by bytes
  EXPECT_EQ(summary.keys(1).max(), "10");
  EXPECT_EQ(summary.keys(1).nulls(), 1);
}

TEST_F(AggregateTest, LooksAtWhatPassesOnly) {
  LoadSome();
  const PlainFilter filter = From("2026-01-03");
  const auto summary = Summarize(*store_->Snapshot(), table_, &filter).value();
  EXPECT_EQ(summary.partitions(), 3);
  EXPECT_EQ(summary.num_rows(), 15);
  EXPECT_EQ(summary.keys(1).min(), "2");
  EXPECT_EQ(summary.keys(1).max(), "3");
  EXPECT_THAT(DistinctValues(*store_->Snapshot(), table_, &filter, 0).value(), ElementsAre("2026-01-03", "2026-01-04"));
}

TEST_F(AggregateTest, OrdersDistinctValuesByType) {
  LoadSome();
  EXPECT_THAT(DistinctValues(*store_->Snapshot(), table_, nullptr, 1).value(),
              ElementsAre("__HIVE_DEFAULT_PARTITION__", "01", "1", "2", "3", "9", "10"));
}

TEST_F(AggregateTest, CountsWithoutAFilterFromTheSet) {
  LoadSome();
  FilterPlan plan;
  EXPECT_EQ(CountPartitions(*store_->Snapshot(), table_, nullptr, &plan).value(), 7);
  EXPECT_EQ(plan.pages_read, 0);
  EXPECT_EQ(plan.pages_total, 3);
}

TEST_F(AggregateTest, AnswersForAnEmptyTable) {
  EXPECT_EQ(Summarize(*store_->Snapshot(), table_, nullptr)->partitions(), 0);
  EXPECT_EQ(Summarize(*store_->Snapshot(), table_, nullptr)->keys_size(), 2);
  EXPECT_THAT(DistinctValues(*store_->Snapshot(), table_, nullptr, 0).value(), IsEmpty());
}

}  // namespace
}  // namespace lodestone::partition
