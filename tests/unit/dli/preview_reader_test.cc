#include "bindings/http/dli/preview_reader.h"

#include <string>
#include <vector>

#include "tests/support/matchers.h"

namespace lodestone::http::dli {
namespace {

constexpr auto kNull = std::nullopt;
using Rows = std::vector<PreviewRow>;

Rows Csv(std::string_view bytes, const CsvDialect& dialect = {}, bool whole = true, std::size_t limit = 10) {
  Rows rows;
  ReadCsvRows(bytes, whole, dialect, 3, limit, &rows);
  return rows;
}

TEST(CsvRows, AreReadAsHiveAndSparkWriteThem) {
  const CsvDialect rfc{.escape = '"'};
  const CsvDialect hive{.delimiter = "\x01", .quote = kNull, .escape = kNull, .null = "\\N"};
  struct Case {
    const char* name;
    std::string bytes;
    CsvDialect dialect;
    Rows rows;
  };
  const Case cases[] = {
      {"plain", "1,John,x\n2,Lily,y\n", {}, {{"1", "John", "x"}, {"2", "Lily", "y"}}},
      {"no line end at the end", "1,a,b", {}, {{"1", "a", "b"}}},
      {"crlf", "1,a,b\r\n2,c,d\r\n", {}, {{"1", "a", "b"}, {"2", "c", "d"}}},
      {"a carriage return inside", "1,a\rb,c\n", {}, {{"1", "a\rb", "c"}}},
      {"header", "a,b,c\n1,2,3\n", {.header = true}, {{"1", "2", "3"}}},
      {"header alone", "a,b,c\n", {.header = true}, {}},
      {"empty lines", "\n\n1,2,3\n\n4,5,6\n", {}, {{"1", "2", "3"}, {"4", "5", "6"}}},
      {"quoted", "\"1,2\",\"a\nb\",\"\"\n", {}, {{"1,2", "a\nb", ""}}},
      {"doubled quotes", "\"a\"\"b\",c,d\n", rfc, {{"a\"b", "c", "d"}}},
      {"escaped quotes", "\"a\\\"b\",c\\,d,e\n", {}, {{"a\"b", "c,d", "e"}}},
      {"nothing is null", "1,,\n", {}, {{"1", kNull, kNull}}},
      {"too few and too many", "1\n1,2,3,4\n", {}, {{"1", kNull, kNull}, {"1", "2", "3"}}},
      {"other delimiter", "1;2;3\n", {.delimiter = ";"}, {{"1", "2", "3"}}},
      {"long delimiter", "1||2||3\n", {.delimiter = "||"}, {{"1", "2", "3"}}},
      {"hive's text", "1\x01\\N\x01\"q\"\n", hive, {{"1", kNull, "\"q\""}}},
      {"behind a quote", "\"a\"b,c,d\n", {}, {{"ab", "c", "d"}}},
      {"quote without end", "\"a,b\nc", {}, {{"a,b\nc", kNull, kNull}}},
      {"byte order mark",
       "\xEF\xBB\xBF"
       "1,2,3\n",
       {},
       {{"1", "2", "3"}}},
      {"escape at the end", "1,2,3\\", {}, {{"1", "2", "3\\"}}},
      {"nothing", "", {}, {}},
  };
  for (const Case& test : cases) EXPECT_EQ(Csv(test.bytes, test.dialect), test.rows) << test.name;
}

TEST(CsvRows, OfABeginningAreWholeRows) {
  EXPECT_EQ(Csv("1,2,3\n4,5,6", {}, /*whole=*/false), (Rows{{"1", "2", "3"}}));
  EXPECT_EQ(Csv("1,2,3\n4,\"5\n", {}, /*whole=*/false), (Rows{{"1", "2", "3"}}));
  EXPECT_EQ(Csv("1,2,3", {}, /*whole=*/false), Rows{});
  // Whatever is cut off, what is shown is a beginning of what the whole shows.
  const std::string file = "1,\"a\"\"b\",c\r\n\"x\\\"y\",\"p\nq\",\n4,5,6\n";
  const Rows all = Csv(file);
  ASSERT_EQ(all.size(), 3u);
  for (std::size_t cut = 0; cut <= file.size(); ++cut) {
    const Rows some = Csv(file.substr(0, cut), {}, /*whole=*/false);
    ASSERT_LE(some.size(), all.size());
    for (std::size_t i = 0; i < some.size(); ++i) EXPECT_EQ(some[i], all[i]) << cut;
  }
}

TEST(CsvRows, StopAtTheLimit) { EXPECT_EQ(Csv("1\n2\n3\n", {}, true, 2).size(), 2u); }

Rows JsonRows(std::string_view bytes, bool whole = true, std::size_t limit = 10) {
  Rows rows;
  EXPECT_OK(ReadJsonRows(bytes, whole, {"id", "name", "o"}, limit, &rows));
  return rows;
}

TEST(JsonRows, AreOneObjectALine) {
  EXPECT_EQ(JsonRows("{\"id\": 1, \"NAME\": \"J\\u00f6\", \"o\": {\"a\": [1, 2]}}\n\n {\"name\": null, \"x\": 0}\r\n"),
            (Rows{{"1", "Jö", "{\"a\": [1, 2]}"}, {kNull, kNull, kNull}}));
  EXPECT_EQ(JsonRows("{\"id\": 12345678901234567, \"name\": 1.10, \"o\": true}"),
            (Rows{{"12345678901234567", "1.10", "true"}}));
  EXPECT_EQ(JsonRows("{\"id\": 1}\n{\"id\": 2}\n{\"id\"", true, 2).size(), 2u);
  EXPECT_EQ(JsonRows("{\"id\": 1}\n{\"id\":", false).size(), 1u);
  EXPECT_EQ(JsonRows("").size(), 0u);
}

TEST(JsonRows, WhatIsNoObjectIsNamedByLine) {
  for (const std::string line : {"[1]", "1", "{", "{\"id\": }", "{\"id\": 1} x", "{\"id\": tru}", "{\"id\": nul}",
                                 "\xff", "{\"id\": \"\\q\"}", "{\"id\": 1e}", "null"}) {
    Rows rows;
    EXPECT_THAT(ReadJsonRows("{}\n" + line + "\n", true, {"id"}, 10, &rows),
                testing::FailsWith(absl::StatusCode::kInvalidArgument, "line 2"))
        << line;
  }
}

}  // namespace
}  // namespace lodestone::http::dli
