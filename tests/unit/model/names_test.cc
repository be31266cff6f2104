#include "catalog/names.h"

#include "catalog/errors.h"
#include "tests/support/matchers.h"

namespace lodestone {
namespace {

using testing::FailsWith;

TEST(QualifiedNameTest, IsDatabaseDotObject) {
  const auto table = TableName::Parse("web.hits");
  ASSERT_OK(table);
  EXPECT_EQ(*table, (TableName{"web", "hits"}));
  EXPECT_EQ(table->ToString(), "web.hits");
  const auto function = FunctionName::Parse("Web.F");
  ASSERT_OK(function);
  EXPECT_EQ(*function, (FunctionName{"Web", "F"}));
  EXPECT_EQ(function->ToString(), "Web.F");
}

TEST(QualifiedNameTest, SaysWhatIsWrong) {
  const struct {
    const char* text;
    const char* message;
  } cases[] = {
      {"", "table name \"\" names no database; expected `database.table`"},
      {"hits", "table name \"hits\" names no database"},
      {".hits", "has nothing before the dot"},
      {"web.", "has nothing behind the dot"},
      {"hive.web.hits", "has more than one dot"},
      {"..", "has more than one dot"},
  };
  for (const auto& c : cases) {
    const auto parsed = TableName::Parse(c.text);
    EXPECT_THAT(parsed, FailsWith(absl::StatusCode::kInvalidArgument, c.message)) << c.text;
    EXPECT_EQ(DomainErrorOf(parsed.status())->object_kind, ObjectKind::kTable);
    EXPECT_FALSE(FunctionName::Parse(c.text).ok()) << c.text;
  }
  EXPECT_THAT(FunctionName::Parse("f"), FailsWith(absl::StatusCode::kInvalidArgument, "expected `database.function`"));
}

}  // namespace
}  // namespace lodestone
