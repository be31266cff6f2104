// Lists of transactions as text.
#include <limits>

#include "catalog/transactions.h"
#include "gtest/gtest.h"
#include "tests/support/matchers.h"

namespace lodestone::testing {
namespace {

TEST(ListTextTest, ListsAreReadAndWritten) {
  const struct {
    std::string text;
    TransactionList list;
    std::string written;  // empty: the same text
  } cases[] = {
      {"0:9223372036854775807::", {}, ""},
      {"5:9223372036854775807::", {.high_water_mark = 5}, ""},
      {"5:9223372036854775807:", {.high_water_mark = 5}, "5:9223372036854775807::"},
      {"5:3:3,4:", {.high_water_mark = 5, .invalid = {3, 4}, .aborted = {false, false}, .min_open = 3}, ""},
      {"9:4:4,7:2,5",
       {.high_water_mark = 9, .invalid = {2, 4, 5, 7}, .aborted = {true, false, true, false}, .min_open = 4},
       ""},
      {"9::7,4:", {.high_water_mark = 9, .invalid = {4, 7}, .aborted = {false, false}}, "9:9223372036854775807:4,7:"},
      {"9:9223372036854775807::1", {.high_water_mark = 9, .invalid = {1}, .aborted = {true}}, ""},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.text);
    const auto list = TransactionList::Parse(c.text);
    ASSERT_OK(list);
    EXPECT_EQ(*list, c.list);
    EXPECT_EQ(list->ToString(), c.written.empty() ? c.text : c.written);
  }
}

TEST(ListTextTest, OtherTextIsRefused) {
  for (const char* text : {"", ":", "5", "5:1", "x:1::", "-1:1::", "5:y::", "5:1:a:", "5:1:1,:", "5:1::0", "5:1::-2",
                           "5:1:1:1", "5:1:1,1:", "5:1:::", "5:1::99999999999999999999"}) {
    EXPECT_THAT(TransactionList::Parse(text), HasCode(absl::StatusCode::kInvalidArgument)) << text;
  }
}

TEST(ListTextTest, ListsTellWhatIsValid) {
  const TransactionList list = *TransactionList::Parse("9:4:4,7:2");
  for (const auto& [id, valid, aborted] : {std::tuple{1, true, false},
                                           {2, false, true},
                                           {3, true, false},
                                           {4, false, false},
                                           {7, false, false},
                                           {9, true, false},
                                           {10, false, false}}) {
    EXPECT_EQ(list.IsValid(id), valid) << id;
    EXPECT_EQ(list.IsAborted(id), aborted) << id;
  }
}

}  // namespace
}  // namespace lodestone::testing
