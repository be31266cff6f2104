// What readers, snapshots and cursors promise.
#include "tests/store_suite/engine_fixture.h"

namespace lodestone::store {
namespace {

using ReadTest = EngineTest;
INSTANTIATE_TEST_SUITE_P(Engines, ReadTest, ::testing::ValuesIn(AllEngines()), EngineName);

TEST_P(ReadTest, EmptyStoreHasNothingAndVersionZero) {
  auto snapshot = store_->Snapshot();
  EXPECT_EQ(snapshot->version(), 0u);
  EXPECT_EQ(GetOr(*snapshot, "a"), "(none)");
  EXPECT_EQ(Forward(*snapshot, {}), Rows{});
  EXPECT_EQ(Backward(*snapshot, {}), Rows{});
}

TEST_P(ReadTest, GetTellsAbsentFromEmpty) {
  PutAll({{"empty", ""}, {std::string("nul\0key", 7), std::string("\0\xFF", 2)}});
  auto snapshot = store_->Snapshot();
  EXPECT_EQ(GetOr(*snapshot, "empty"), "");
  EXPECT_EQ(GetOr(*snapshot, std::string_view("nul\0key", 7)), std::string("\0\xFF", 2));
  EXPECT_EQ(GetOr(*snapshot, "nul"), "(none)");
}

TEST_P(ReadTest, MultiGetAnswersInTheOrderAsked) {
  PutAll({{"a", "1"}, {"b", "2"}, {"c", "3"}});
  const std::vector<std::string> keys = {"c", "x", "a", "c"};
  auto values = store_->Snapshot()->MultiGet(keys);
  ASSERT_OK(values);
  const std::vector<std::optional<std::string>> expected = {"3", std::nullopt, "1", "3"};
  EXPECT_EQ(*values, expected);
  auto none = store_->Snapshot()->MultiGet({});
  ASSERT_OK(none);
  EXPECT_TRUE(none->empty());
}

TEST_P(ReadTest, CursorStaysWithinItsRangeInBothDirections) {
  PutAll({{"a", "1"}, {"b", "2"}, {"c", "3"}, {"d", "4"}, {"e", "5"}});
  auto snapshot = store_->Snapshot();
  struct Case {
    KeyRange range;
    Rows rows;
  };
  const Case cases[] = {
      {{"", ""}, {{"a", "1"}, {"b", "2"}, {"c", "3"}, {"d", "4"}, {"e", "5"}}},
      {{"b", "d"}, {{"b", "2"}, {"c", "3"}}},
      {{"b", ""}, {{"b", "2"}, {"c", "3"}, {"d", "4"}, {"e", "5"}}},
      {{"", "b"}, {{"a", "1"}}},
      {{"bb", "cc"}, {{"c", "3"}}},
      {{"x", "z"}, {}},
      {{"c", "c"}, {}},
      {{"d", "b"}, {}},
  };
  for (const Case& c : cases) {
    SCOPED_TRACE(c.range.lower + ".." + c.range.upper);
    EXPECT_EQ(Forward(*snapshot, c.range), c.rows);
    EXPECT_EQ(Forward(*snapshot, c.range, {.long_scan = true, .fill_cache = false}), c.rows);
    EXPECT_EQ(Backward(*snapshot, c.range), Rows(c.rows.rbegin(), c.rows.rend()));
    // A transaction without writes reads the same.
    auto transaction = Begin();
    EXPECT_EQ(Forward(*transaction, c.range), c.rows);
    EXPECT_EQ(Backward(*transaction, c.range), Rows(c.rows.rbegin(), c.rows.rend()));
  }
}

TEST_P(ReadTest, SeeksFindTheNearestKeyWithinTheRange) {
  PutAll({{"b", "2"}, {"d", "4"}, {"f", "6"}, {"h", "8"}});
  struct Case {
    const char* key;
    const char* at_or_after;  // "": not Valid()
    const char* at_or_before;
  };
  // In the range d..h, whose keys are d and f.
  const Case cases[] = {{"a", "d", ""}, {"c", "d", ""}, {"d", "d", "d"}, {"e", "f", "d"}, {"f", "f", "f"},
                        {"g", "", "f"}, {"h", "", "f"}, {"z", "", "f"},  {"", "d", ""}};
  auto check = [&](const Reader& reader) {
    auto cursor = reader.NewCursor({"d", "h"});
    for (const Case& c : cases) {
      SCOPED_TRACE(c.key);
      cursor->Seek(c.key);
      EXPECT_EQ(cursor->Valid() ? cursor->key() : "", c.at_or_after);
      cursor->SeekForPrev(c.key);
      EXPECT_EQ(cursor->Valid() ? cursor->key() : "", c.at_or_before);
      EXPECT_OK(cursor->status());
    }
  };
  check(*store_->Snapshot());
  check(*Begin());
}

TEST_P(ReadTest, CursorTurnsRoundAnywhere) {
  PutAll({{"a", "1"}, {"b", "2"}, {"c", "3"}});
  auto cursor = store_->Snapshot()->NewCursor({});
  cursor->Seek("b");
  cursor->Prev();
  ASSERT_TRUE(cursor->Valid());
  EXPECT_EQ(cursor->key(), "a");
  cursor->Next();
  cursor->Next();
  ASSERT_TRUE(cursor->Valid());
  EXPECT_EQ(cursor->key(), "c");
  cursor->Prev();
  EXPECT_EQ(cursor->value(), "2");
  cursor->SeekToFirst();
  cursor->Prev();
  EXPECT_FALSE(cursor->Valid());
  EXPECT_OK(cursor->status());
}

TEST_P(ReadTest, SnapshotsAndCursorsDoNotMove) {
  PutAll({{"a", "1"}, {"b", "2"}, {"c", "3"}});
  auto before = store_->Snapshot();
  auto cursor = before->NewCursor({});
  cursor->SeekToFirst();
  auto transaction = Begin();
  transaction->Put("a", "changed");
  transaction->Put("bb", "new");
  transaction->DeleteRange({"b", "bb"});
  transaction->Delete("c");
  Commit(transaction.get());

  EXPECT_EQ(before->version(), 1u);
  EXPECT_EQ(Forward(*before, {}), (Rows{{"a", "1"}, {"b", "2"}, {"c", "3"}}));
  before.reset();  // the cursor keeps what it needs
  cursor->Next();
  ASSERT_TRUE(cursor->Valid());
  EXPECT_EQ(cursor->key(), "b");
  cursor->Next();
  ASSERT_TRUE(cursor->Valid());
  EXPECT_EQ(cursor->value(), "3");
  auto after = store_->Snapshot();
  EXPECT_EQ(after->version(), 2u);
  EXPECT_EQ(Forward(*after, {}), (Rows{{"a", "changed"}, {"bb", "new"}}));
}

TEST_P(ReadTest, LargeValuesComeBackWhole) {
  Rows rows;
  for (int i = 0; i < 64; ++i)
    rows.emplace_back("page" + std::to_string(100 + i), std::string(40'000 + i, 'a' + i % 26));
  PutAll(rows);
  EXPECT_EQ(Forward(*store_->Snapshot(), {}, {.long_scan = true}), rows);
}

TEST(PrefixTest, EndIsTheFirstKeyBehindThePrefix) {
  EXPECT_EQ(PrefixEnd("a"), "b");
  EXPECT_EQ(PrefixEnd("a\xFF"), "b");
  EXPECT_EQ(PrefixEnd("a\xFF\xFF"), "b");
  EXPECT_EQ(PrefixEnd(std::string_view("a\0", 2)), "a\x01");
  EXPECT_EQ(PrefixEnd("\x7F"), "\x80");
  EXPECT_EQ(PrefixEnd("\xFF"), "");
  EXPECT_EQ(PrefixEnd("\xFF\xFF"), "");
  EXPECT_EQ(PrefixEnd(""), "");
}

TEST_P(ReadTest, PrefixRangeHoldsThePrefixAndNothingElse) {
  PutAll({{"a", "0"}, {"ab", "1"}, {"ab\xFF\xFF", "2"}, {"ac", "3"}, {"b", "4"}, {"\xFF", "5"}, {"\xFFz", "6"}});
  auto snapshot = store_->Snapshot();
  EXPECT_EQ(Forward(*snapshot, PrefixRange("ab")), (Rows{{"ab", "1"}, {"ab\xFF\xFF", "2"}}));
  EXPECT_EQ(Forward(*snapshot, PrefixRange("\xFF")), (Rows{{"\xFF", "5"}, {"\xFFz", "6"}}));
  EXPECT_EQ(Forward(*snapshot, PrefixRange("")).size(), 7u);
}

}  // namespace
}  // namespace lodestone::store
