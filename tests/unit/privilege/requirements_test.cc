#include <set>

#include "catalog/privilege/operation.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace lodestone::privilege {
namespace {

TEST(RequirementsTest, EveryOperationHasARowAndAName) {
  std::set<Operation> with_row;
  std::set<std::pair<Operation, Securable::Kind>> rows;
  for (const Requirement& row : Requirements()) {
    with_row.insert(row.operation);
    EXPECT_TRUE(rows.emplace(row.operation, row.kind).second) << NameOf(row.operation) << " twice for one kind";
    EXPECT_EQ(&RequirementOf(row.operation, row.kind), &row);
    EXPECT_TRUE(!row.anyone || row.any_of.empty()) << NameOf(row.operation);
  }
  std::set<std::string_view> names;
  for (int number = 0; number < kOperationCount; ++number) {
    const auto operation = static_cast<Operation>(number);
    names.insert(NameOf(operation));
    EXPECT_TRUE(with_row.contains(operation)) << NameOf(operation) << " needs nothing, as far as the table says";
  }
  EXPECT_EQ(names.size(), static_cast<std::size_t>(kOperationCount));
}

// What everybody may do is what cuts its answer down to what is visible, and nothing else.
TEST(RequirementsTest, ListsAloneAreForEverybody) {
  std::set<std::string_view> for_everybody;
  for (const Requirement& row : Requirements()) {
    if (row.anyone) for_everybody.insert(NameOf(row.operation));
  }
  EXPECT_THAT(for_everybody,
              ::testing::UnorderedElementsAre("ListCatalogs", "ListDatabases", "ListTables", "ListFunctions"));
}

TEST(RequirementsDeathTest, AHoleIsNotAYes) {
  EXPECT_DEATH(RequirementOf(Operation::kCreateDatabase, Securable::Kind::kPath), "");
}

}  // namespace
}  // namespace lodestone::privilege
