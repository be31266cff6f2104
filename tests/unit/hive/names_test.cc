#include "bindings/hive/convert/names.h"

#include <algorithm>
#include <optional>
#include <random>
#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/support/matchers.h"
#include "tests/support/soak.h"
#include "tests/unit/hive/convert_support.h"

namespace lodestone::hive {
namespace {

struct Case {
  std::string text;
  std::string catalog;
  std::optional<std::string> database;
};

TEST(NamesTest, ReadsTheCatalogInFrontOfADatabase) {
  const Case cases[] = {
      {"web", "hive", "web"},
      {"", "hive", ""},
      {"*", "hive", "*"},
      {"!", "hive", "!"},
      {"a#b", "hive", "a#b"},
      {"@hive#web", "hive", "web"},
      {"@sales#web", "sales", "web"},
      {"@Sales#Web", "Sales", "Web"},
      {"@hive#", "hive", std::nullopt},
      {"@hive#!", "hive", ""},
      {"@hive#kit*", "hive", "kit*"},
      {"@hive#a|b", "hive", "a|b"},
      {"@sales#!a", "sales", "!a"},
      {"@sales#a!", "sales", "a!"},
      {"@sales#a#b", "sales", "a#b"},
      {"@a@b#c", "a@b", "c"},
  };
  for (const Case& c : cases) {
    const absl::StatusOr<DatabaseArgument> found = ParseDatabase(c.text);
    ASSERT_OK(found) << c.text;
    EXPECT_EQ(found->catalog, c.catalog) << c.text;
    EXPECT_EQ(found->database, c.database) << c.text;
    EXPECT_EQ(found->name(), c.database.value_or("")) << c.text;
  }
}

TEST(NamesTest, RefusesAMarkThatNoCatalogFollows) {
  EXPECT_THAT(ParseDatabase("@"),
              lodestone::testing::FailsWith(absl::StatusCode::kInvalidArgument, "no # behind the @"));
  EXPECT_THAT(ParseDatabase("@web"), lodestone::testing::FailsWith(absl::StatusCode::kInvalidArgument, "\"@web\""));
  EXPECT_THAT(ParseDatabase("@#web"),
              lodestone::testing::FailsWith(absl::StatusCode::kInvalidArgument, "no name of a catalog"));
  EXPECT_THAT(ParseDatabase("sales", "@web"),
              lodestone::testing::FailsWith(absl::StatusCode::kInvalidArgument, "no # behind the @"));
}

TEST(NamesTest, PrefersThePrefixToTheFieldForTheCatalog) {
  struct {
    std::string catalog, database;
    DatabaseArgument expected;
  } const cases[] = {
      {"", "web", {"hive", "web"}},         {"sales", "web", {"sales", "web"}},
      {"sales", "", {"sales", ""}},         {"sales", "@other#web", {"other", "web"}},
      {"", "@other#web", {"other", "web"}}, {"sales", "@other#", {"other", std::nullopt}},
  };
  for (const auto& c : cases) {
    EXPECT_EQ(ParseDatabase(c.catalog, c.database).value(), c.expected) << c.catalog << " " << c.database;
  }
}

TEST(NamesTest, ComposesWhatItReads) {
  EXPECT_EQ(ComposeDatabase("hive", "web"), "@hive#web");
  EXPECT_EQ(ComposeDatabase("hive", std::nullopt), "@hive#");
  EXPECT_EQ(ComposeDatabase("hive", ""), "@hive#!");

  const uint64_t seed = lodestone::testing::SeedOr(20260105);
  SCOPED_TRACE(seed);
  std::mt19937_64 random(seed);
  for (int i = 0; i < lodestone::testing::Soaked(2000); ++i) {
    std::string catalog = testing::RandomText(random) + "x";
    catalog.erase(std::remove(catalog.begin(), catalog.end(), '#'), catalog.end());
    DatabaseArgument argument{catalog, testing::RandomText(random)};
    if (random() % 8 == 0) argument.database = std::nullopt;
    ASSERT_EQ(ParseDatabase(ComposeDatabase(argument.catalog, argument.database)).value(), argument);
  }
}

}  // namespace
}  // namespace lodestone::hive
