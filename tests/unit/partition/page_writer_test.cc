#include "catalog/partition/page_writer.h"

#include <string>
#include <vector>

#include "catalog/partition/page_builder.h"
#include "catalog/partition/row_source.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/unit/partition/partition_fixture.h"

namespace lodestone::partition {
namespace {

using ::lodestone::testing::FailsWith;

class PageWriterTest : public PartitionFixture {
 protected:
  std::vector<std::string> KeysFrom(std::string_view from) {
    std::vector<std::string> keys;
    auto rows = NewRowSource(store_->Snapshot(), table_, from);
    while (rows->Next()) keys.emplace_back(rows->row().key);
    EXPECT_OK(rows->status());
    return keys;
  }
};

TEST_F(PageWriterTest, RefusesRowsThatDoNotAscend) {
  auto keys = store_->NewSortedRun().value();
  auto values = store_->NewSortedRun().value();
  PageWriter writer(record::SetId{9}, 2, keys.get(), values.get());
  const std::vector<OwnedRow> rows = DaysAndHours(1, 3);
  ASSERT_OK(writer.Add(RowView(rows[1]).row()));
  EXPECT_THAT(writer.Add(RowView(rows[1]).row()),
              FailsWith(absl::StatusCode::kInvalidArgument, "\"2026-01-01/01\" came after \"2026-01-01/01\""));
  EXPECT_THAT(writer.Add(RowView(rows[0]).row()), FailsWith(absl::StatusCode::kInvalidArgument, "ascend strictly"));
  ASSERT_OK(writer.Add(RowView(rows[2]).row()));
  EXPECT_EQ(writer.rows(), 2);
}

TEST_F(PageWriterTest, WritesPagesOfTheTargetSize) {
  const std::vector<OwnedRow> rows = DaysAndHours(100, 24);
  Load(rows);
  EXPECT_EQ(table_.set.partitions(), 2400);
  EXPECT_EQ(table_.set.pages(), 3);
  Load({}, {});
  EXPECT_EQ(table_.set.pages(), 0);
}

TEST_F(PageWriterTest, StartsRowSourcesAtAnyKey) {
  const std::vector<OwnedRow> rows = DaysAndHours(5, 24);
  Load(rows, {.max_rows = 7});
  for (const std::string from : {"", "2026-01-01/00", "2026-01-03/05", "2026-01-03/055", "2026-01-05/23", "3"}) {
    std::vector<std::string> expected;
    for (const OwnedRow& row : rows) {
      if (row.Key() >= from) expected.push_back(row.Key());
    }
    EXPECT_EQ(KeysFrom(from), expected) << from;
  }
}

TEST_F(PageWriterTest, CutsPagesThatCameOutLargerThanEstimated) {
  // Every row has a parameter of its own: cheap to the estimate, but a column each.
  std::vector<OwnedRow> rows = DaysAndHours(40, 24);
  for (std::size_t i = 0; i < rows.size(); ++i) rows[i].parameters = {{"p" + std::to_string(i), std::to_string(i)}};
  Load(rows);
  auto cursor =
      store_->Snapshot()->NewCursor(record::PartitionParts(record::SetId{9}, record::PartitionPart::kValuePage));
  std::size_t pages = 0;
  for (cursor->SeekToFirst(); cursor->Valid(); cursor->Next(), ++pages) EXPECT_LE(cursor->value().size(), 96u << 10);
  EXPECT_GT(pages, 1u);
  auto source = NewRowSource(store_->Snapshot(), table_);
  for (const OwnedRow& row : rows) {
    ASSERT_TRUE(source->Next());
    ASSERT_EQ(source->row().parameters.size(), 1u);
    ASSERT_EQ(source->row().parameters[0].first, row.parameters.begin()->first);
    ASSERT_EQ(source->row().parameters[0].second, row.parameters.begin()->second);
  }
}

TEST(Arena, KeepsWhatItCopied) {
  base::Arena arena;
  std::vector<std::string> texts;
  std::vector<std::string_view> copies;
  for (int i = 0; i < 3000; ++i)
    texts.push_back(std::string(static_cast<std::size_t>(i * i % 20000), 'x') + std::to_string(i));
  for (const std::string& text : texts) copies.push_back(arena.Copy(text));
  for (std::size_t i = 0; i < texts.size(); ++i) ASSERT_EQ(copies[i], texts[i]);
  EXPECT_NE(arena.Copy("").data(), nullptr);
  arena.Clear();
  EXPECT_EQ(arena.Copy("again"), "again");
}

}  // namespace
}  // namespace lodestone::partition
