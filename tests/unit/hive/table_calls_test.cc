// Calls on tables over the wire.
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/support/matchers.h"
#include "tests/unit/hive/call_fixture.h"

namespace lodestone::hive {
namespace {

using ::testing::AllOf;
using testing::CallTest;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::StartsWith;
using Texts = std::vector<std::string>;

class TableNamesByFilterTest : public CallTest {
 protected:
  void SetUp() override {
    CallTest::SetUp();
    for (const std::string name : {"a", "b", "c"}) {
      AddTable("default", name);
      ASSERT_OK(metastore->Local().ModifyTable({"default", name}, [&](model::v1::Table& table) {
        (*table.mutable_parameters())["presto_view"] = name == "b" ? "false" : "true";
        return absl::OkStatus();
      }));
    }
  }
  template <typename... Max>
  Texts Names(const std::string& database, const std::string& filter, Max... max) {
    return Get<Texts>("get_table_names_by_filter", database, filter, max...);
  }
};

TEST_F(TableNamesByFilterTest, ListsNamesUpToAMaximum) {
  const std::string views = "hive_filter_field_params__presto_view = \"true\"";
  EXPECT_THAT(Names("Default", views, int16_t{-1}), ElementsAre("a", "c"));
  EXPECT_THAT(Names("@hive#default", views), ElementsAre("a", "c"));
  EXPECT_THAT(Names("default", "hive_filter_field_params__presto_view LIKE \"true\"", int16_t{1}), ElementsAre("a"));
  EXPECT_THAT(Names("default", "", int16_t{0}), IsEmpty());
  EXPECT_THAT(Names("nowhere", views), IsEmpty());
  EXPECT_THAT(Names("@nowhere#default", views), IsEmpty());
  EXPECT_THAT(Fail("get_table_names_by_filter", std::string("default"), std::string("k = \"v\"")),
              AllOf(StartsWith("1 "), HasSubstr("hive_filter_field_owner__")));
}

}  // namespace
}  // namespace lodestone::hive
