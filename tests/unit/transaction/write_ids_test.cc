// Write ids: who gets which, what a reader sees, and what becomes of them with their table.
#include <random>

#include "tests/unit/transaction/fixture.h"

namespace lodestone::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

class WriteIdsTest : public TransactionsTest {
 protected:
  void SetUp() override { MakeHits(); }
  WriteIdList See(const std::optional<TransactionList>& as_of = std::nullopt) {
    auto list = transactions().GetValidWriteIds(kTable, as_of);
    EXPECT_OK(list);
    return list.value_or(WriteIdList{});
  }
  // Of the whole table, in one word each: v(alid), o(pen), a(borted).
  std::string Visible(const std::optional<TransactionList>& as_of = std::nullopt) {
    const WriteIdList list = See(as_of);
    const int64_t last = *transactions().MaxWriteId(kTable);
    std::string words;
    for (int64_t id = 1; id <= last; ++id) {
      const auto found = std::ranges::find(list.invalid, id);
      if (found != list.invalid.end()) {
        words += list.aborted[static_cast<std::size_t>(found - list.invalid.begin())] ? 'a' : 'o';
      } else {
        words += id <= list.high_water_mark ? 'v' : '.';
      }
    }
    return words;
  }
  int64_t Write() { return WriteId(kTable, Open()); }

  const WriteTable kTable{.database = "web", .table = "hits"};
};

TEST_F(WriteIdsTest, OnePerTransactionAndTableFromOneOn) {
  const int64_t first = Open();
  const int64_t second = Open();
  EXPECT_EQ(*transactions().MaxWriteId(kTable), 0);
  EXPECT_EQ(WriteId(kTable, second), 1);
  EXPECT_EQ(WriteId(kTable, first), 2);
  EXPECT_EQ(WriteId(kTable, second), 1);
  EXPECT_EQ(WriteId({.catalog = "HIVE", .database = "Web", .table = "HITS"}, first), 2);
  EXPECT_EQ(WriteId({.database = "web", .table = "other"}, first), 1);
  EXPECT_EQ(*transactions().MaxWriteId(kTable), 2);
  EXPECT_EQ(*transactions().TransactionOfWriteId(kTable, 1), second);
  EXPECT_THAT(transactions().TransactionOfWriteId(kTable, 3),
              HasKind(ErrorKind::kNoSuchObject, absl::StatusCode::kNotFound));
  ExpectSound();
}

TEST_F(WriteIdsTest, SeveralAtOnceAreConsecutiveAndAscending) {
  ASSERT_OK(transactions().Open({.count = 4}));
  EXPECT_EQ(WriteId(kTable, 3), 1);
  const int64_t ids[] = {4, 1, 3, 2, 4};
  EXPECT_THAT(*transactions().AllocateWriteIds(kTable, ids),
              ElementsAre(TransactionWriteId{1, 2}, TransactionWriteId{2, 3}, TransactionWriteId{3, 1},
                          TransactionWriteId{4, 4}));
  EXPECT_THAT(*transactions().AllocateWriteIds(kTable, {}), IsEmpty());
}

TEST_F(WriteIdsTest, AllOrNone) {
  ASSERT_OK(transactions().Open({.count = 3}));
  Open(TransactionType::kReadOnly);
  ASSERT_OK(transactions().Commit(2));
  ASSERT_OK(transactions().Abort(3));
  const auto allocate = [&](std::vector<int64_t> ids) { return transactions().AllocateWriteIds(kTable, ids); };
  EXPECT_THAT(allocate({1, 2}), IsNoSuchTransaction());
  EXPECT_THAT(allocate({1, 3}), IsAborted());
  EXPECT_THAT(allocate({1, 4}), HasKind(ErrorKind::kInvalidOperation, absl::StatusCode::kFailedPrecondition));
  EXPECT_THAT(allocate({1, 99}), IsNoSuchTransaction());
  EXPECT_EQ(*transactions().MaxWriteId(kTable), 0);
  EXPECT_THAT(transactions().AllocateWriteIds({.database = "", .table = "t"}, {}),
              HasKind(ErrorKind::kInvalidObject, absl::StatusCode::kInvalidArgument));
}

TEST_F(WriteIdsTest, AnotherOneOnRequest) {
  const int64_t first[] = {Open()};
  EXPECT_EQ(WriteId(kTable, first[0]), 1);
  EXPECT_EQ(Write(), 2);
  EXPECT_THAT(*transactions().AllocateWriteIds(kTable, first, Reallocate::kYes),
              ElementsAre(TransactionWriteId{first[0], 3}));
  EXPECT_EQ(WriteId(kTable, first[0]), 3);
  EXPECT_EQ(Visible(), "voo");
  ExpectSound();
}

TEST_F(WriteIdsTest, ReadersSeeWhatWasCommittedInTheirList) {
  ASSERT_OK(transactions().Open({.count = 4}));
  for (const int64_t id : {1, 2, 3, 4}) WriteId(kTable, id);
  ASSERT_OK(transactions().Commit(1));
  ASSERT_OK(transactions().Abort(3));
  const TransactionList before = *transactions().GetValid();
  ASSERT_OK(transactions().Commit(2));
  WriteId(kTable, Open());  // 5
  ASSERT_OK(transactions().Commit(5));
  EXPECT_EQ(See(), (WriteIdList{.high_water_mark = 5, .invalid = {3, 4}, .aborted = {true, false}, .min_open = 4}));
  EXPECT_EQ(See(before),
            (WriteIdList{.high_water_mark = 4, .invalid = {2, 3, 4}, .aborted = {false, true, false}, .min_open = 2}));
  EXPECT_EQ(Visible(), "vvaov");
  EXPECT_EQ(Visible(before), "voao.");
  EXPECT_EQ(Visible(*transactions().GetValid(4)), "vvav.") << "its own writes";
}

TEST_F(WriteIdsTest, ATransactionBeyondTheListHidesWhatItWroteBeforeOthers) {
  const int64_t early = Open();
  const int64_t late = Open();
  WriteId(kTable, late);
  WriteId(kTable, early);
  ASSERT_OK(transactions().Commit(late));
  ASSERT_OK(transactions().Commit(early));
  EXPECT_EQ(Visible(TransactionList{.high_water_mark = early}), "ov");
  EXPECT_EQ(Visible(TransactionList{.high_water_mark = late}), "vv");
}

TEST_F(WriteIdsTest, WhatIsForgottenStaysVisible) {
  Write();
  ASSERT_OK(transactions().Commit(1));
  Write();
  ASSERT_OK(transactions().Abort(2));
  Write();
  ASSERT_OK(transactions().Commit(3));
  Write();
  ASSERT_OK(transactions().Commit(4));
  Write();
  EXPECT_EQ(Visible(), "vavvo");
  clock_.Advance(kLease - 1);
  ASSERT_OK(transactions().Heartbeat(0, 5));
  clock_.Advance(1);
  ASSERT_OK(metastore_->Maintain());
  EXPECT_EQ(Visible(), "vavvo");
  EXPECT_THAT(transactions().TransactionOfWriteId(kTable, 3), HasCode(absl::StatusCode::kNotFound));
  EXPECT_EQ(*transactions().TransactionOfWriteId(kTable, 2), 2);
  EXPECT_EQ(See(), (WriteIdList{.high_water_mark = 5, .invalid = {2, 5}, .aborted = {true, false}, .min_open = 5}));
  ASSERT_OK(transactions().Commit(5));
  clock_.Advance(kLease);
  ASSERT_OK(metastore_->Maintain());
  EXPECT_EQ(See(), (WriteIdList{.high_water_mark = 5, .invalid = {2}, .aborted = {true}}));
  EXPECT_EQ(Write(), 6);
  ExpectSound();
}

// --- With the table ---

TEST_F(WriteIdsTest, ARenameKeepsThem) {
  Write();
  ASSERT_OK(transactions().Abort(1));
  ASSERT_OK(session().RenameTable(kHits, {.database = "web", .table = "visits"}));
  EXPECT_EQ(WriteId({.database = "web", .table = "visits"}, Open()), 2);
  EXPECT_EQ(Write(), 1) << "another table, if there will be one";
  ExpectSound();
}

TEST_F(WriteIdsTest, ADropAndAnUndropKeepThemAndANewTableHasItsOwn) {
  Write();
  ASSERT_OK(transactions().Abort(1));
  ASSERT_OK(session().DropTable(kHits));
  EXPECT_EQ(*transactions().MaxWriteId(kTable), 0);
  EXPECT_THAT(transactions().GetOpen()->invalid, ElementsAre(1));
  ASSERT_OK(session().UndropTable(kHits));
  EXPECT_EQ(Visible(), "a");
  EXPECT_EQ(Write(), 2);
  ASSERT_OK(session().DropTable(kHits));
  ASSERT_OK(session().CreateTable(MakeTable("web", "hits")));
  EXPECT_EQ(Write(), 1);
  ExpectSound();
}

TEST_F(WriteIdsTest, ATableTakesOverWhatWasGivenOutUnderItsNameBefore) {
  const WriteTable next{.database = "Web", .table = "Next"};
  ASSERT_OK(transactions().Open({.count = 3}));
  EXPECT_EQ(WriteId(next, 1), 1);
  EXPECT_EQ(WriteId(next, 2), 2);
  ASSERT_OK(transactions().Abort(1));
  ASSERT_OK(session().CreateTable(MakeTable("web", "next")));
  EXPECT_EQ(WriteId(next, 2), 2) << "the same as before the table was made";
  EXPECT_EQ(WriteId(next, 3), 3);
  ASSERT_OK(session().RenameTable({.database = "web", .table = "next"}, {.database = "web", .table = "last"}));
  EXPECT_EQ(*transactions().GetValidWriteIds({.database = "web", .table = "last"}),
            (WriteIdList{.high_water_mark = 3, .invalid = {1, 2, 3}, .aborted = {true, false, false}, .min_open = 2}));
  ExpectSound();
}

TEST_F(WriteIdsTest, TablesThatNeverCameAreForgotten) {
  const WriteTable never{.database = "nowhere", .table = "never"};
  const WriteTable once{.database = "nowhere", .table = "once"};
  ASSERT_OK(transactions().Open({.count = 2}));
  WriteId(never, 1);
  WriteId(once, 2);
  ASSERT_OK(metastore_->Maintain());
  EXPECT_EQ(*transactions().MaxWriteId(never), 1) << "as long as the transaction is open";
  ASSERT_OK(transactions().Abort(1));
  ASSERT_OK(transactions().Commit(2));
  clock_.Advance(kLease);
  ASSERT_OK(metastore_->Maintain());
  EXPECT_EQ(*transactions().MaxWriteId(never), 0);
  EXPECT_EQ(*transactions().MaxWriteId(once), 1) << "something was committed there";
  EXPECT_THAT(transactions().GetOpen()->invalid, IsEmpty());
  ExpectSound();
}

TEST_F(WriteIdsTest, NamesThatNoTableCanHaveHaveWriteIdsAsWell) {
  const WriteTable odd{.database = "a b", .table = "c/d"};
  EXPECT_EQ(WriteId(odd, Open()), 1);
  EXPECT_EQ(transactions().GetValidWriteIds(odd)->high_water_mark, 1);
  ExpectSound();
}

}  // namespace
}  // namespace lodestone::testing
