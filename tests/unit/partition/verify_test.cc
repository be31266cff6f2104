// Each rule that verify knows has a seeded violation.
#include "catalog/partition/verify.h"

#include <string>
#include <vector>

#include "catalog/partition/page_builder.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/unit/partition/partition_fixture.h"

namespace lodestone::partition {
namespace {

using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class VerifyTest : public PartitionFixture {
 protected:
  VerifyTest() {
    rows_ = DaysAndHours(2, 6);
    const uint32_t own = OwnDescriptor();
    for (OwnedRow& row : rows_) row.descriptor = own;
    Load(rows_, {.max_rows = 4});
  }
  std::vector<std::string> Findings() {
    std::vector<std::string> findings;
    EXPECT_OK(VerifyPartitions(*store_->Snapshot(), table_, [&](const std::string& f) { findings.push_back(f); }));
    return findings;
  }
  void Put(const std::string& key, const std::string& value) {
    auto txn = store_->Begin().value();
    txn->Put(key, value);
    ASSERT_OK(txn->Commit(store::Durability::kRelaxed));
  }
  void Delete(const std::string& key) {
    auto txn = store_->Begin().value();
    txn->Delete(key);
    ASSERT_OK(txn->Commit(store::Durability::kRelaxed));
  }
  std::string Get(const std::string& key) { return store_->Snapshot()->Get(key).value().value_or(""); }
  std::string KeyPage(const std::string& lowest) const { return record::KeyPageKey(set_, lowest); }
  std::string ValuePage(const std::string& lowest) const { return record::ValuePageKey(set_, lowest); }
  EncodedPage Page(std::vector<OwnedRow> rows) const {
    PageBuilder builder(2, {});
    for (const OwnedRow& row : rows) builder.Add(RowView(row).row());
    std::vector<EncodedPage> pages;
    builder.Encode(&pages);
    return pages[0];
  }

  const record::SetId set_{9};
  std::vector<OwnedRow> rows_;
};

TEST_F(VerifyTest, FindsNothingInAGoodTable) { EXPECT_THAT(Findings(), IsEmpty()); }

TEST_F(VerifyTest, FindsDamagedAndMissingPages) {
  const std::string second = rows_[4].Key();
  const std::string good_value = Get(ValuePage(second));
  Put(ValuePage(second), "junk");
  EXPECT_THAT(Findings(), Contains(HasSubstr("value page \"2026-01-01/04\": a value page must")));
  Delete(ValuePage(second));
  EXPECT_THAT(Findings(), Contains(HasSubstr("there is no value page beside it")));
  Put(ValuePage(second), good_value);
  Put(ValuePage("zzz"), good_value);
  EXPECT_THAT(Findings(), Contains(HasSubstr("value page \"zzz\": there is no key page beside it")));
  Delete(ValuePage("zzz"));
  Put(KeyPage(second), "junk");
  EXPECT_THAT(Findings(), Contains(HasSubstr("key page \"2026-01-01/04\": the format of a key page must be 1")));
}

TEST_F(VerifyTest, FindsRowsOutOfOrder) {
  const EncodedPage within = Page({rows_[4], rows_[6], rows_[5], rows_[7]});
  const std::string good = Get(KeyPage(rows_[4].Key()));
  Put(KeyPage(rows_[4].Key()), within.key_page);
  EXPECT_THAT(Findings(), Contains(HasSubstr("row 2, \"2026-01-01/05\", must be behind \"2026-01-02/00\"")));
  const EncodedPage across = Page({rows_[4], rows_[5], rows_[6], rows_[9]});
  Put(KeyPage(rows_[4].Key()), across.key_page);
  EXPECT_THAT(Findings(), Contains(HasSubstr("row 0, \"2026-01-02/02\", must be behind \"2026-01-02/03\"")));
  const EncodedPage lowest = Page({rows_[5], rows_[6], rows_[7]});
  Put(KeyPage(rows_[4].Key()), lowest.key_page);
  const auto findings = Findings();
  EXPECT_THAT(findings, Contains(HasSubstr("its first row is \"2026-01-01/05\"")));
  EXPECT_THAT(findings, Contains(HasSubstr("it must have the 3 rows of its key page, found 4")));
  Put(KeyPage(rows_[4].Key()), good);
  EXPECT_THAT(Findings(), IsEmpty());
}

TEST_F(VerifyTest, FindsWrongCounts) {
  table_.set.set_partitions(13);
  table_.set.set_pages(7);
  const auto findings = Findings();
  EXPECT_THAT(findings, Contains(HasSubstr("table hive.shop.sales: its set must count 12 partitions, found 13")));
  EXPECT_THAT(findings, Contains(HasSubstr("must count 3 pages, found 7")));
}

TEST_F(VerifyTest, FindsLocationsThatTheSetDoesNotKnowOf) {
  rows_[5].location = "elsewhere";
  const EncodedPage page = Page({rows_[4], rows_[5], rows_[6], rows_[7]});
  Put(ValuePage(rows_[4].Key()), page.value_page);
  table_.set.set_change(3);
  EXPECT_THAT(Findings(), IsEmpty());
  table_.set.set_derived_change(3);
  EXPECT_THAT(Findings(), Contains(HasSubstr("row 1 has a location of its own, and the partition set says that none")));
}

TEST_F(VerifyTest, FindsDescriptorsThatAreNotThere) {
  rows_[4].descriptor = 5;
  const EncodedPage page = Page({rows_[4], rows_[5], rows_[6], rows_[7]});
  Put(ValuePage(rows_[4].Key()), page.value_page);
  EXPECT_THAT(Findings(), Contains(HasSubstr("refers to descriptor 5, the next free one is 2")));
  table_.set.set_next_descriptor(6);
  EXPECT_THAT(Findings(), Contains(HasSubstr("descriptor 5 of table 7: partitions refer to it, but it is not there")));
}

TEST_F(VerifyTest, FindsValuesThatBreakTheRulesOfColumns) {
  // Written by hand: the writers do not make such columns.
  const auto put = [&](std::vector<std::string_view> values, bool mark) {
    const std::vector<std::string_view> days = {"2026-01-01"};
    const std::vector<uint32_t> zeros = {0, 0};
    const std::vector<uint32_t> rising = {0, 1};
    std::string page("\x01\x02\x02\x00", 4);
    record::AppendDictionaryColumn(days, zeros, true, &page);
    record::AppendDictionaryColumn(values, rising, mark, &page);
    Put(KeyPage(rows_[4].Key()), page);
  };
  put({"04", "04"}, true);
  EXPECT_THAT(Findings(), Contains(HasSubstr("key column 1 has the value \"04\" twice")));
  put({"", "04"}, true);
  EXPECT_THAT(Findings(), Contains(HasSubstr("key column 1 has an empty value")));
  put({"04", "a:b"}, false);
  EXPECT_THAT(Findings(), Contains(HasSubstr("key column 1 must say that it needs escaping")));
}

TEST_F(VerifyTest, FindsPagesOfAnotherNumberOfKeys) {
  SetKeys({{"dt", "string"}});
  EXPECT_THAT(Findings(), Contains(HasSubstr("it must have 1 key columns, found 2")));
}

TEST_F(VerifyTest, FindsStatisticsWithoutAPartition) {
  Put(record::PartitionStatisticsKey(set_, rows_[3].Key(), "amount"), "x");
  EXPECT_THAT(Findings(), IsEmpty());
  Put(record::PartitionStatisticsKey(set_, "2026-01-01/99", "amount"), "x");
  EXPECT_THAT(Findings(), Contains(HasSubstr("statistics of \"2026-01-01/99\" belong to a partition that does not")));
}

}  // namespace
}  // namespace lodestone::partition
