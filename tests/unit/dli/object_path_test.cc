#include "bindings/http/dli/object_path.h"

#include <string>

#include "tests/support/matchers.h"

namespace lodestone::http::dli {
namespace {

TEST(ObjectPath, NamesComeApartAndTogether) {
  const TableName table{"db1", "$t"};
  const std::pair<const char*, Securable> cases[] = {
      {"databases.db1", Securable::Database("db1")},
      {"databases.db1.tables.$t", Securable::Table(table)},
      {"databases.db1.tables.$t.columns.c", Securable::Column(table, "c")},
      {"databases.db1.tables.$t.columns.a.b c", Securable::Column(table, "a.b c")},
      {"jobs.flink.9561", Securable::Path("jobs.flink.9561")},
      {"groups.g1", Securable::Path("groups.g1")},
      {"groups.g.1", Securable::Path("groups.g.1")},
      {"resources.r.jar", Securable::Path("resources.r.jar")},
      {"resources.g/r.jar", Securable::Path("resources.g/r.jar")},
  };
  for (const auto& [text, object] : cases) {
    const auto parsed = ParseObject(text);
    ASSERT_OK(parsed);
    EXPECT_EQ(*parsed, object) << text;
    EXPECT_EQ(ObjectText(object), text);
  }
  EXPECT_EQ(ObjectText(Securable::Catalog()), "");
  EXPECT_EQ(ObjectText(Securable::Partition(table, {"1"})), "");
}

TEST(ObjectPath, AnythingElseIsRefused) {
  for (const std::string text : {"",
                                 "databases",
                                 "databases.",
                                 "database.db1",
                                 "Databases.db1",
                                 "databases..tables.t",
                                 "databases.db1.",
                                 "databases.db1.t",
                                 "databases.db1.tables",
                                 "databases.db1.tables.",
                                 "databases.db1.tables.t.",
                                 "tables.t",
                                 "databases.db1.tables.t.columns",
                                 "databases.db1.tables.t.columns.",
                                 "databases.db1.columns.c",
                                 "jobs",
                                 "jobs.",
                                 "jobs.flink",
                                 "jobs.flink.",
                                 "jobs.flink.a/b",
                                 "groups.",
                                 "groups.a/b",
                                 "resources.",
                                 "resources./r",
                                 "resources.g/",
                                 "resources.a/b/c",
                                 "queues.q",
                                 "databases.\xff",
                                 "groups.a\nb"}) {
    EXPECT_THAT(ParseObject(text), testing::FailsWith(absl::StatusCode::kInvalidArgument, "expected databases.D"))
        << text;
  }
  EXPECT_THAT(ParseObject("jobs.sql.1"), testing::FailsWith(absl::StatusCode::kInvalidArgument, "not supported"));
  EXPECT_THAT(ParseObject("jobs.spark.1"), testing::FailsWith(absl::StatusCode::kInvalidArgument, "not supported"));
}

TEST(ObjectPath, PartsAreTypeAndName) {
  EXPECT_EQ(PartsOf("jobs.flink.9561").type, "flink");
  EXPECT_EQ(PartsOf("jobs.flink.9561").name, "9561");
  EXPECT_EQ(PartsOf("groups.g1").type, "groups");
  EXPECT_EQ(PartsOf("groups.g1").name, "g1");
  EXPECT_EQ(PartsOf("resources.g/r").type, "resources");
  EXPECT_EQ(PartsOf("resources.g/r").name, "g/r");
}

}  // namespace
}  // namespace lodestone::http::dli
