#include "catalog/partition/editor.h"

#include <map>
#include <string>
#include <vector>

#include "catalog/errors.h"
#include "catalog/partition/verify.h"
#include "catalog/record/format.h"
#include "catalog/record/key_page.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/unit/partition/partition_fixture.h"

namespace lodestone::partition {
namespace {

using ::lodestone::testing::FailsWith;
using ::testing::ElementsAre;

class EditorTest : public PartitionFixture {
 protected:
  EditorTest() { own_ = OwnDescriptor(); }

  OwnedRow MakeRow(const std::string& dt, const std::string& hour) const {
    OwnedRow row;
    row.values = {dt, hour};
    row.descriptor = own_;
    row.parameters["numRows"] = "5";
    return row;
  }
  absl::StatusOr<EditCounts> Apply(EditKind kind, const std::vector<OwnedRow>& rows, const EditPolicy& policy = {}) {
    std::vector<RowView> views(rows.begin(), rows.end());
    std::vector<Edit> edits;
    for (const RowView& view : views) edits.push_back({kind, view.row()});
    auto txn = store_->Begin().value();
    TablePartitions table = table_;
    auto counts = ApplyEdits(txn.get(), &table, edits, policy, limits_);
    if (counts.ok()) {
      EXPECT_OK(txn->Commit(store::Durability::kRelaxed));
      table_ = std::move(table);
    }
    return counts;
  }
  void Verify() {
    ASSERT_OK(
        VerifyPartitions(*store_->Snapshot(), table_, [](const std::string& broken) { ADD_FAILURE() << broken; }));
  }
  // Rows of each page.
  std::vector<std::size_t> PageSizes() const {
    std::vector<std::size_t> sizes;
    auto cursor =
        store_->Snapshot()->NewCursor(record::PartitionParts(record::SetId{9}, record::PartitionPart::kKeyPage));
    for (cursor->SeekToFirst(); cursor->Valid(); cursor->Next()) {
      record::KeyPage page;
      EXPECT_OK(page.Parse(cursor->value()));
      sizes.push_back(page.rows());
    }
    return sizes;
  }
  void PutStatistics(const std::string& key, const std::string& column) {
    auto txn = store_->Begin().value();
    txn->Put(record::PartitionStatisticsKey(record::SetId{9}, key, column), "stats");
    ASSERT_OK(txn->Commit(store::Durability::kRelaxed));
  }
  bool HasStatistics(const std::string& key, const std::string& column) {
    return store_->Snapshot()->Get(record::PartitionStatisticsKey(record::SetId{9}, key, column)).value().has_value();
  }

  uint32_t own_ = 1;
  PageLimits limits_;
};

TEST_F(EditorTest, AddsToAnEmptyTableAndWritesTheSet) {
  const auto counts = Apply(EditKind::kInsert, {MakeRow("a", "1"), MakeRow("b", "2")});
  ASSERT_OK(counts);
  EXPECT_EQ(counts->inserted, 2);
  EXPECT_THAT(Names({}), ElementsAre("dt=a/hour=1", "dt=b/hour=2"));
  const auto bytes = store_->Snapshot()->Get(record::PartitionSetKey(table_.table)).value();
  ASSERT_TRUE(bytes.has_value());
  record::v1::PartitionSet set;
  ASSERT_OK(record::DecodeRecord(*bytes, "set", &set));
  EXPECT_EQ(set.partitions(), 2);
  EXPECT_EQ(set.pages(), 1);
  EXPECT_EQ(set.change(), 1u);
  Verify();
}

TEST_F(EditorTest, NamesTheFirstPartitionThatExistsOrDoesNot) {
  ASSERT_OK(Apply(EditKind::kInsert, {MakeRow("a", "1"), MakeRow("b", "2")}));
  const auto exists = Apply(EditKind::kInsert, {MakeRow("a", "0"), MakeRow("b", "2"), MakeRow("c", "3")});
  EXPECT_THAT(exists, FailsWith(absl::StatusCode::kAlreadyExists, "partition shop.sales/dt=b/hour=2 exists already"));
  EXPECT_EQ(DomainErrorOf(exists.status())->object, "shop.sales/dt=b/hour=2");
  EXPECT_THAT(Apply(EditKind::kReplace, {MakeRow("b/c", "2")}),
              FailsWith(absl::StatusCode::kNotFound, "partition shop.sales/dt=b%2Fc/hour=2 does not exist"));
  EXPECT_THAT(Apply(EditKind::kDelete, {MakeRow("a", "2")}),
              FailsWith(absl::StatusCode::kNotFound, "partition shop.sales/dt=a/hour=2 does not exist"));
  EXPECT_EQ(Apply(EditKind::kDelete, {MakeRow("a", "2")}, {.if_missing = IfMissing::kSkip})->skipped, 1);
}

TEST_F(EditorTest, SkipsOrReplacesWhatExists) {
  ASSERT_OK(Apply(EditKind::kInsert, {MakeRow("a", "1"), MakeRow("b", "2")}));
  OwnedRow changed = MakeRow("a", "1");
  changed.parameters = {{"numRows", "many"}, {"owner", "ana"}};
  const auto change_before = table_.set.change();
  EXPECT_EQ(Apply(EditKind::kInsert, {changed}, {.if_exists = IfExists::kSkip})->skipped, 1);
  EXPECT_EQ(table_.set.change(), change_before);
  EXPECT_EQ(GetPartition(*store_->Snapshot(), table_, "a/1", Projection::All()).value()->parameters().at("numRows"),
            "5");
  EXPECT_EQ(Apply(EditKind::kInsert, {changed}, {.if_exists = IfExists::kReplace})->replaced, 1);
  EXPECT_EQ(table_.set.change(), change_before + 1);
  const auto replaced = GetPartition(*store_->Snapshot(), table_, "a/1", Projection::All()).value();
  EXPECT_EQ(replaced->parameters().at("numRows"), "many");
  EXPECT_EQ(replaced->parameters().at("owner"), "ana");
  EXPECT_EQ(GetPartition(*store_->Snapshot(), table_, "b/2", Projection::All()).value()->parameters_size(), 1);
  Verify();
}

TEST_F(EditorTest, FillsPagesWhenRowsComeInOrder) {
  limits_.max_rows = 10;
  for (int i = 100; i < 145; ++i) ASSERT_OK(Apply(EditKind::kInsert, {MakeRow(std::to_string(i), "0")}));
  EXPECT_THAT(PageSizes(), ElementsAre(10, 10, 10, 10, 5));
  std::vector<OwnedRow> batch;
  for (int i = 145; i < 170; ++i) batch.push_back(MakeRow(std::to_string(i), "0"));
  ASSERT_OK(Apply(EditKind::kInsert, batch));
  EXPECT_THAT(PageSizes(), ElementsAre(10, 10, 10, 10, 10, 10, 10));
  Verify();
}

TEST_F(EditorTest, SplitsInTheMiddleWhereRowsComeInBetween) {
  limits_.max_rows = 10;
  std::vector<OwnedRow> batch;
  for (int i = 10; i < 20; ++i) batch.push_back(MakeRow(std::to_string(i), "0"));
  ASSERT_OK(Apply(EditKind::kInsert, batch));
  ASSERT_OK(Apply(EditKind::kInsert, {MakeRow("13", "1")}));
  EXPECT_THAT(PageSizes(), ElementsAre(5, 6));
  Verify();
}

TEST_F(EditorTest, PutsRowsThatDescendIntoAGapIntoOnePage) {
  limits_.max_rows = 10;
  std::vector<OwnedRow> batch;
  for (int i = 10; i < 20; ++i) batch.push_back(MakeRow(std::to_string(i), "0"));
  ASSERT_OK(Apply(EditKind::kInsert, batch));
  ASSERT_OK(Apply(EditKind::kInsert, {MakeRow("9", "0")}));
  for (int i = 8; i >= 4; --i) ASSERT_OK(Apply(EditKind::kInsert, {MakeRow(std::to_string(i), "0")}));
  EXPECT_THAT(PageSizes(), ElementsAre(10, 6));
  Verify();
}

TEST_F(EditorTest, MovesTheFirstPageWhenARowComesBeforeIt) {
  ASSERT_OK(Apply(EditKind::kInsert, {MakeRow("m", "0")}));
  ASSERT_OK(Apply(EditKind::kInsert, {MakeRow("a", "0")}));
  EXPECT_THAT(Names({}), ElementsAre("dt=a/hour=0", "dt=m/hour=0"));
  EXPECT_THAT(PageSizes(), ElementsAre(2));
  Verify();
}

TEST_F(EditorTest, JoinsThinPagesAfterDeletes) {
  limits_.max_rows = 20;
  std::vector<OwnedRow> rows;
  for (int i = 100; i < 160; ++i) rows.push_back(MakeRow(std::to_string(i), "0"));
  ASSERT_OK(Apply(EditKind::kInsert, rows));
  EXPECT_THAT(PageSizes(), ElementsAre(20, 20, 20));
  // The middle page becomes thin; its neighbours are full.
  ASSERT_OK(Apply(EditKind::kDelete, std::vector<OwnedRow>(rows.begin() + 22, rows.begin() + 40)));
  EXPECT_THAT(PageSizes(), ElementsAre(20, 2, 20));
  // The last one becomes thin and goes to the one before.
  ASSERT_OK(Apply(EditKind::kDelete, std::vector<OwnedRow>(rows.begin() + 43, rows.begin() + 60)));
  EXPECT_THAT(PageSizes(), ElementsAre(20, 5));
  ASSERT_OK(Apply(EditKind::kDelete, std::vector<OwnedRow>(rows.begin(), rows.begin() + 18)));
  EXPECT_THAT(PageSizes(), ElementsAre(7));
  ASSERT_OK(Apply(EditKind::kDelete, {rows[18], rows[19], rows[20], rows[21], rows[40], rows[41], rows[42]}));
  EXPECT_THAT(PageSizes(), ElementsAre());
  EXPECT_EQ(table_.set.pages(), 0);
  Verify();
}

TEST_F(EditorTest, GivesHugeRowsPagesOfTheirOwn) {
  std::vector<OwnedRow> rows;
  for (int i = 0; i < 6; ++i) {
    rows.push_back(MakeRow("d" + std::to_string(i), "0"));
    rows.back().parameters["note"] = std::string(200'000, static_cast<char>('a' + i));
  }
  ASSERT_OK(Apply(EditKind::kInsert, rows));
  EXPECT_EQ(PageSizes().size(), 6u);
  // The same text in all rows is stored once, and needs one page.
  for (OwnedRow& row : rows) row.parameters["note"] = std::string(50'000, 'x');
  ASSERT_OK(Apply(EditKind::kDelete, rows));
  ASSERT_OK(Apply(EditKind::kInsert, rows));
  EXPECT_THAT(PageSizes(), ElementsAre(6));
  Verify();
}

TEST_F(EditorTest, RefusesEditsOutOfOrder) {
  EXPECT_THAT(Apply(EditKind::kInsert, {MakeRow("b", "0"), MakeRow("a", "0")}),
              FailsWith(absl::StatusCode::kInvalidArgument, "edits must ascend strictly: \"a/0\" came after \"b/0\""));
  EXPECT_THAT(Apply(EditKind::kInsert, {MakeRow("b", "0"), MakeRow("b", "0")}),
              FailsWith(absl::StatusCode::kInvalidArgument, "must ascend strictly"));
}

TEST_F(EditorTest, TakesStatisticsAlongWithTheirPartitions) {
  ASSERT_OK(Apply(EditKind::kInsert, {MakeRow("a-b", "1"), MakeRow("a", "1"), MakeRow("b", "2"), MakeRow("c", "3")}));
  for (const char* key : {"a/1", "a-b/1", "b/2", "c/3"}) {
    PutStatistics(key, "amount");
    PutStatistics(key, "price");
  }
  Verify();
  ASSERT_OK(Apply(EditKind::kDelete, {MakeRow("a-b", "1"), MakeRow("b", "2")}));
  EXPECT_TRUE(HasStatistics("a/1", "amount"));
  EXPECT_FALSE(HasStatistics("a-b/1", "amount"));
  EXPECT_FALSE(HasStatistics("b/2", "price"));
  EXPECT_TRUE(HasStatistics("c/3", "price"));
  const PlainFilter is_c([](std::span<const std::string_view> values) { return values[0] == "c"; });
  auto txn = store_->Begin().value();
  EXPECT_EQ(DeleteMatching(txn.get(), &table_, is_c).value(), 1);
  ASSERT_OK(txn->Commit(store::Durability::kRelaxed));
  EXPECT_FALSE(HasStatistics("c/3", "price"));
  EXPECT_TRUE(HasStatistics("a/1", "price"));
  Verify();
}

TEST_F(EditorTest, DeletesAllThatPass) {
  limits_.max_rows = 50;
  std::vector<OwnedRow> rows = DaysAndHours(60, 24);
  for (OwnedRow& row : rows) row.descriptor = own_;
  Load(rows, limits_);
  for (const auto& row : {rows[0], rows[700], rows[1439]}) PutStatistics(row.Key(), "amount");
  const auto passes = [](std::span<const std::string_view> values) {
    return values[0] < "2026-02-10" && (values[0] > "2026-01-05" || values[1] == "07");
  };
  auto txn = store_->Begin().value();
  const int64_t deleted = DeleteMatching(txn.get(), &table_, PlainFilter(passes), limits_).value();
  ASSERT_OK(txn->Commit(store::Durability::kRelaxed));
  std::vector<std::string> left;
  for (const OwnedRow& row : rows) {
    const std::vector<std::string_view> values(row.values.begin(), row.values.end());
    if (!passes(values)) left.push_back(NameOf(row));
  }
  EXPECT_EQ(deleted, static_cast<int64_t>(rows.size() - left.size()));
  EXPECT_EQ(Names({}), left);
  EXPECT_TRUE(HasStatistics(rows[0].Key(), "amount"));
  EXPECT_FALSE(HasStatistics(rows[700].Key(), "amount"));
  Verify();
}

TEST_F(EditorTest, StoresEachDescriptorOnce) {
  auto txn = store_->Begin().value();
  {
    DescriptorWriter writer(txn.get(), &table_);
    EXPECT_EQ(writer.Place(nullptr, "", "dt=a/hour=1")->number, own_);
    EXPECT_EQ(writer.Place(nullptr, "s3://lake/shop/sales/dt=a/hour=1", "dt=a/hour=1")->location, std::nullopt);
    EXPECT_EQ(writer.Place(nullptr, "s3://x", "dt=a/hour=1")->location, "s3://x");
    model::v1::StorageDescriptor without_columns = table_.descriptor;
    without_columns.clear_columns();
    without_columns.set_location("anywhere");
    EXPECT_EQ(writer.Place(&without_columns, "", "dt=a/hour=1")->number, own_);
    model::v1::StorageDescriptor other = table_.descriptor;
    (*other.mutable_parameters())["a"] = "1";
    (*other.mutable_parameters())["b"] = "2";
    EXPECT_EQ(writer.Place(&other, "", "dt=a/hour=1")->number, own_ + 1);
    EXPECT_EQ(writer.Place(&other, "", "dt=a/hour=2")->number, own_ + 1);
  }
  // Another writer, later, finds them again.
  DescriptorWriter writer(txn.get(), &table_);
  model::v1::StorageDescriptor other = table_.descriptor;
  (*other.mutable_parameters())["b"] = "2";
  (*other.mutable_parameters())["a"] = "1";
  EXPECT_EQ(writer.Place(&other, "", "dt=a/hour=1")->number, own_ + 1);
  EXPECT_EQ(table_.set.next_descriptor(), own_ + 2);
}

TEST_F(EditorTest, DeletesEverythingAtOnce) {
  ASSERT_OK(Apply(EditKind::kInsert, {MakeRow("a", "1"), MakeRow("b", "2")}));
  PutStatistics("a/1", "amount");
  const auto all = filter::Filter::Compile("", FilterMode::kSql, table_.keys).value();
  auto txn = store_->Begin().value();
  EXPECT_EQ(DeleteMatching(txn.get(), &table_, *all).value(), 2);
  ASSERT_OK(txn->Commit(store::Durability::kRelaxed));
  EXPECT_THAT(Names({}), ElementsAre());
  EXPECT_FALSE(HasStatistics("a/1", "amount"));
  Verify();
}

}  // namespace
}  // namespace lodestone::partition
