#include "bindings/http/dli/body.h"

#include <string>

#include "tests/support/matchers.h"

namespace lodestone::http::dli {
namespace {

using testing::FailsWith;
constexpr auto kInvalid = absl::StatusCode::kInvalidArgument;

TEST(Body, IsOneJsonObject) {
  EXPECT_THAT(ParseBody(""), FailsWith(kInvalid, "found no body"));
  EXPECT_THAT(ParseBody(" \n"), FailsWith(kInvalid, "found no body"));
  EXPECT_THAT(ParseBody("[]"), FailsWith(kInvalid, "expected an object, found a list"));
  EXPECT_THAT(ParseBody("null"), FailsWith(kInvalid, "found null"));
  for (const char* text :
       {"{", "{\"a\":}", "{'a':1}", "{\"a\":\"\xff\"}", "{} {}", "{\"a\":1,}", "\x00", "{\"a\":tru}"}) {
    EXPECT_THAT(ParseBody(text), FailsWith(kInvalid, "")) << text;
  }
  ASSERT_OK(ParseBody("{\"a\": \"\\u00fc\", \"b\": [1, {\"c\": null}]}"));
}

TEST(Body, DepthIsBounded) {
  const auto nested = [](int depth) {
    std::string text = "{\"a\":";
    text += std::string(depth, '[') + std::string(depth, ']');
    return text + "}";
  };
  EXPECT_OK(ParseBody(nested(kMaxBodyDepth - 2)));
  EXPECT_THAT(ParseBody(nested(kMaxBodyDepth + 2)), FailsWith(kInvalid, "nested deeper"));
  EXPECT_THAT(ParseBody(nested(1'000'000)), FailsWith(kInvalid, "nested deeper"));
}

TEST(ObjectReader, ReadsFieldsByName) {
  const Json json = *ParseBody(R"({"t": "x", "n": null, "b": true, "l": ["a", "b"], "o": [{"t": "y"}], "e": []})");
  ObjectReader fields(json);
  EXPECT_EQ(fields.Text("t"), "x");
  EXPECT_EQ(fields.OptionalText("n"), std::nullopt);
  EXPECT_FALSE(fields.Has("n"));
  EXPECT_TRUE(fields.Flag("b", false));
  EXPECT_TRUE(fields.Flag("missing", true));
  EXPECT_EQ(fields.Texts("l"), (std::vector<std::string>{"a", "b"}));
  EXPECT_TRUE(fields.Texts("e").empty());
  EXPECT_EQ(fields.Objects("o", true)[0].Text("t"), "y");
  EXPECT_TRUE(fields.Objects("missing", false).empty());
  EXPECT_OK(fields.status());
}

TEST(ObjectReader, SaysWhichFieldAndWhy) {
  const Json json = *ParseBody(R"({"t": 1, "b": "true", "l": ["a", 2], "o": [{"t": "y"}, {"t": []}, 3], "n": null})");
  const std::pair<void (*)(ObjectReader&), const char*> cases[] = {
      {[](ObjectReader& f) { f.Text("missing"); }, "missing: expected a text, found nothing"},
      {[](ObjectReader& f) { f.Text("n"); }, "n: expected a text, found nothing"},
      {[](ObjectReader& f) { f.Text("t"); }, "t: expected a text, found a number"},
      {[](ObjectReader& f) {
         f.OptionalText("b");
         f.Flag("b", true);
       },
       "b: expected true or false, found a text"},
      {[](ObjectReader& f) { f.Texts("l"); }, "l[1]: expected a text, found a number"},
      {[](ObjectReader& f) { f.Texts("t"); }, "t: expected a list of texts, found a number"},
      {[](ObjectReader& f) { f.Texts("missing"); }, "missing: expected a list of texts, found nothing"},
      {[](ObjectReader& f) { f.Objects("missing", true); }, "missing: expected a list of objects, found nothing"},
      {[](ObjectReader& f) { f.Objects("o", true); }, "o[2]: expected an object, found a number"},
      {[](ObjectReader& f) { f.Objects("l", false); }, "l[0]: expected an object, found a text"},
  };
  for (const auto& [read, text] : cases) {
    ObjectReader fields(json);
    read(fields);
    EXPECT_THAT(fields.status(), FailsWith(kInvalid, text));
  }
  const Json inner = *ParseBody(R"({"o": [{"t": "y"}, {"t": []}]})");
  ObjectReader fields(inner);
  for (ObjectReader& item : fields.Objects("o", true)) item.Text("t");
  EXPECT_THAT(fields.status(), FailsWith(kInvalid, "o[1].t: expected a text, found a list"));
}

}  // namespace
}  // namespace lodestone::http::dli
