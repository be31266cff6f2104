// Tables by a filter over what they say of themselves.
#include "catalog/table_filter.h"
#include "gmock/gmock.h"
#include "tests/unit/session/fixture.h"

namespace lodestone::testing {
namespace {

using absl::StatusCode;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

class ListByFilterTest : public SessionTest {
 protected:
  ListByFilterTest() {
    EXPECT_OK(session().CreateDatabase(MakeDatabase("web")));
    for (const std::string name : {"c", "a", "b"}) {
      Table table = MakeTable("web", name);
      (*table.mutable_parameters())["kind"] = name == "b" ? "other" : "wanted";
      EXPECT_OK(session().CreateTable(table));
    }
    Table view = MakeView("web", "v");
    (*view.mutable_parameters())["kind"] = "wanted";
    EXPECT_OK(session().CreateTable(view));
  }
  static constexpr std::string_view kWanted = "hive_filter_field_params__kind = 'wanted'";
};

TEST_F(ListByFilterTest, ListsTablesAndViewsThatPassByName) {
  EXPECT_THAT(*ListTablesByFilter(session(), "WEB", kWanted), ElementsAre("a", "c", "v"));
  EXPECT_THAT(*ListTablesByFilter(session(), "web", kWanted, 2), ElementsAre("a", "c"));
  EXPECT_THAT(*ListTablesByFilter(session(), "web", kWanted, 0), IsEmpty());
  EXPECT_THAT(*ListTablesByFilter(session(), "web", ""), ElementsAre("a", "b", "c", "v"));
  EXPECT_THAT(*ListTablesByFilter(session(), "default", ""), IsEmpty());
}

TEST_F(ListByFilterTest, FailsOnWhatItCanNotUnderstandAndWhereNothingIs) {
  EXPECT_THAT(ListTablesByFilter(session(), "web", "kind = 'wanted'").status(),
              FailsWith(StatusCode::kInvalidArgument, "column 1"));
  EXPECT_THAT(ListTablesByFilter(session(), "nowhere", kWanted).status(), HasCode(StatusCode::kNotFound));
}

TEST_F(ListByFilterTest, LeavesOutWhatThePrincipalMayNotRead) {
  const Session eve = metastore_->As(Principal{.name = "eve"});
  const auto may = [&](PrivilegeSet privileges, const std::string& table) {
    ASSERT_OK(metastore_->Local().Grant(
        {.to = Grantee::User("eve"), .privileges = privileges, .on = Securable::Table({"web", table})}));
  };
  may({Privilege::kSelect}, "c");
  EXPECT_THAT(*ListTablesByFilter(eve, "web", kWanted), ElementsAre("c"));
  // Seen, and not to be read.
  may({Privilege::kDropTable}, "a");
  EXPECT_THAT(eve.ListTables("web")->items, ElementsAre("a", "c"));
  EXPECT_THAT(*ListTablesByFilter(eve, "web", kWanted), ElementsAre("c"));
}

}  // namespace
}  // namespace lodestone::testing
