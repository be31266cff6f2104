#include "tools/lodestone/column_list.h"

#include <string>

#include "gtest/gtest.h"
#include "tests/support/matchers.h"

namespace lodestone::cli {
namespace {

using testing::FailsWith;

// `name|type|comment` per column.
std::string Show(std::string_view text) {
  const auto columns = ParseColumnList("--columns", text);
  if (!columns.ok()) return std::string(columns.status().message());
  std::string out;
  for (const auto& column : *columns) {
    out += (out.empty() ? "" : "; ") + column.name() + "|" + column.type() + "|" + column.comment();
  }
  return out;
}

TEST(ColumnList, SplitsAtCommasOutsideOfBrackets) {
  EXPECT_EQ(Show("x int"), "x|int|");
  EXPECT_EQ(Show("  x   int ,\n y string "), "x|int|; y|string|");
  EXPECT_EQ(Show("m map<string,array<int>>, s struct<a:int,b:decimal(10,2)>"),
            "m|map<string,array<int>>|; s|struct<a:int,b:decimal(10,2)>|");
  EXPECT_EQ(Show("a decimal ( 10 , 2 ), b int"), "a|decimal ( 10 , 2 )|; b|int|");
  EXPECT_EQ(Show(""), "");
  EXPECT_EQ(Show(" \t\n"), "");
  EXPECT_EQ(Show("x\fint\vcomment 'y'\f,\vy string"), "x|int|y; y|string|");
}

TEST(ColumnList, ReadsCommentsInEitherQuote) {
  EXPECT_EQ(Show("x int comment 'a, b'"), "x|int|a, b");
  EXPECT_EQ(Show("x int COMMENT \"it's\", y int"), "x|int|it's; y|int|");
  EXPECT_EQ(Show("x int comment 'it''s'"), "x|int|it's");
  EXPECT_EQ(Show("x int comment 'a\\'b\\\\c'"), "x|int|a'b\\c");
  EXPECT_EQ(Show("x int comment ''"), "x|int|");
}

TEST(ColumnList, TakesCommentAsANameToo) {
  EXPECT_EQ(Show("comment string"), "comment|string|");
  EXPECT_EQ(Show("`comment` string comment 'x'"), "comment|string|x");
}

TEST(ColumnList, TakesAnyNameInBackquotes) {
  EXPECT_EQ(Show("`a b, c` int"), "a b, c|int|");
  EXPECT_EQ(Show("`` int"), "|int|");
}

TEST(ColumnList, SaysWhereWhatWasExpected) {
  EXPECT_EQ(Show("x"), "--columns: expected the type of column \"x\" at character 2, found the end");
  EXPECT_EQ(Show("x int,"), "--columns: expected a column name at character 7, found the end");
  EXPECT_EQ(Show("x int,,y int"), "--columns: expected a column name at character 7, found \",y int\"");
  EXPECT_EQ(Show("x comment 'y'"),
            "--columns: expected the type of column \"x\" at character 3, found \"comment 'y'\"");
  EXPECT_EQ(Show("x int comment 'y"),
            "--columns: expected the closing quote of a comment at character 17, found the end");
  EXPECT_EQ(Show("x int comment 'y' z"), "--columns: expected a comma or the end at character 19, found \"z\"");
  EXPECT_EQ(Show("`x int"),
            "--columns: expected a column name that ends with a backquote at character 1, found "
            "\"`x int\"");
  EXPECT_THAT(ParseColumnList("--partition-keys", ","),
              FailsWith(absl::StatusCode::kInvalidArgument, "--partition-keys: expected a column name"));
}

}  // namespace
}  // namespace lodestone::cli
