#include "bindings/http/dli/query.h"

#include "tests/support/matchers.h"

namespace lodestone::http::dli {
namespace {

using testing::FailsWith;
constexpr auto kInvalid = absl::StatusCode::kInvalidArgument;

TEST(Query, IsDecodedAndKeepsItsOrder) {
  const auto parameters = ParseQuery("b=2&a=%2F%20x&plus=a+b&empty=&bare&&z=%3D=");
  ASSERT_OK(parameters);
  EXPECT_EQ(*parameters,
            (QueryParameters{{"b", "2"}, {"a", "/ x"}, {"plus", "a+b"}, {"empty", ""}, {"bare", ""}, {"z", "=="}}));
  EXPECT_TRUE(ParseQuery("")->empty());
  for (const char* text : {"a=%", "a=%4", "%zz=1"})
    EXPECT_THAT(ParseQuery(text), FailsWith(kInvalid, "escape")) << text;
}

TEST(QueryReader, ReadsWhatIsGiven) {
  const QueryParameters parameters = *ParseQuery("limit=5&with-priv=True&mode=async&e=&x=1&x=1");
  QueryReader query(parameters);
  EXPECT_EQ(query.Number("limit", 0, 10), 5);
  EXPECT_EQ(query.Number("offset", 0, 10), std::nullopt);
  EXPECT_TRUE(query.Flag("with-priv", false));
  EXPECT_TRUE(query.Flag("e", true));
  EXPECT_EQ(query.OneOf("mode", {"SYNC", "ASYNC"}), "ASYNC");
  EXPECT_EQ(query.Text("x"), "1");
  EXPECT_OK(query.status());
}

TEST(QueryReader, SaysWhichParameterAndWhy) {
  const QueryParameters parameters = *ParseQuery("n=11&m=-1&w=1x&f=yes&o=no&d=1&d=2&u=%ff&big=99999999999999999999");
  const std::pair<void (*)(QueryReader&), const char*> cases[] = {
      {[](QueryReader& q) { q.Number("n", 0, 10); }, "parameter n: expected a whole number from 0 to 10, found \"11\""},
      {[](QueryReader& q) { q.Number("m", 0, 10); }, "found \"-1\""},
      {[](QueryReader& q) { q.Number("w", 0, 10); }, "found \"1x\""},
      {[](QueryReader& q) { q.Number("big", 0, 10); }, "parameter big"},
      {[](QueryReader& q) { q.Flag("f", true); }, "parameter f: expected true or false, found \"yes\""},
      {[](QueryReader& q) {
         q.OneOf("o", {"A", "B"});
       },
       "parameter o: expected one of A, B, found \"no\""},
      {[](QueryReader& q) { q.Text("d"); }, "parameter d: expected one value, found two"},
      {[](QueryReader& q) { q.Text("u"); }, "parameter u: expected UTF-8"},
  };
  for (const auto& [read, text] : cases) {
    QueryReader query(parameters);
    read(query);
    EXPECT_THAT(query.status(), FailsWith(kInvalid, text));
  }
}

}  // namespace
}  // namespace lodestone::http::dli
