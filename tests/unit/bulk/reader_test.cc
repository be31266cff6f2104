// Each input format: what it reads, and what it says of what it can't.

#include "catalog/bulk/reader.h"

#include <chrono>
#include <functional>
#include <memory>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "catalog/base/strings.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/support/matchers.h"

namespace lodestone::bulk {
namespace {

using ::testing::ElementsAre;
using testing::FailsWith;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

const std::vector<std::string> kKeys = {"dt", "hour"};

using MakeReader = std::function<std::unique_ptr<RowReader>(std::unique_ptr<ByteSource>, const ReaderOptions&)>;

MakeReader Ndjson(bool line_by_line = false) {
  return [=](auto source, const ReaderOptions& options) {
    return NewNdjsonReader(std::move(source), kKeys, options, line_by_line);
  };
}
MakeReader Csv(char separator = ',') {
  return [=](auto source, const ReaderOptions& options) {
    return NewCsvReader(std::move(source), kKeys, separator, options);
  };
}
MakeReader Names() {
  return [](auto source, const ReaderOptions& options) { return NewNamesReader(std::move(source), kKeys, options); };
}
MakeReader Glue() {
  return [](auto source, const ReaderOptions& options) { return NewGlueReader(std::move(source), kKeys, options); };
}

// A row in words: `2: a/b @loc {k=v,} c=1 a=2 [descriptor]`; a bad one: `2! reason`.
std::string Words(const BulkRow& row, int64_t line) {
  std::string out = base::StrCat(line, ": ");
  for (std::size_t i = 0; i < row.values.size(); ++i) base::StrAppend(&out, i == 0 ? "" : "/", row.values[i]);
  if (!row.location.empty()) base::StrAppend(&out, " @", row.location);
  for (const auto& [name, value] : row.parameters) base::StrAppend(&out, " ", name, "=", value);
  if (row.create_time != 0) base::StrAppend(&out, " created ", row.create_time);
  if (row.last_access_time != 0) base::StrAppend(&out, " accessed ", row.last_access_time);
  if (row.descriptor != nullptr) base::StrAppend(&out, " [", row.descriptor->ShortDebugString(), "]");
  return out;
}

absl::StatusOr<std::vector<std::string>> ReadAll(const MakeReader& make, std::string_view input,
                                                 const ReaderOptions& options = {}, std::size_t step = 0) {
  auto reader = make(BytesOf(input, step), options);
  RowBatch batch(kKeys.size());
  std::vector<std::string> out;
  for (;;) {
    batch.Clear();
    auto more = reader->Next(&batch);
    if (!more.ok()) return more.status();
    if (!*more) return out;
    std::size_t next_bad = 0;
    for (std::size_t i = 0; i <= batch.size(); ++i) {
      for (; next_bad < batch.bad_rows().size() && batch.bad_rows()[next_bad].before_row <= i; ++next_bad) {
        out.push_back(base::StrCat(batch.bad_rows()[next_bad].line, "! ", batch.bad_rows()[next_bad].reason));
      }
      if (i < batch.size()) out.push_back(Words(batch.row(i), batch.line(i)));
    }
  }
}

// Reads the input at once and in small chunks, from a source that gives few bytes at a time: the answer must not
// depend on it.
std::vector<std::string> Read(const MakeReader& make, std::string_view input) {
  auto whole = ReadAll(make, input);
  EXPECT_OK(whole);
  if (!whole.ok()) return {};
  for (const std::size_t chunk : {1, 7, 64}) {
    auto pieces = ReadAll(make, input, {.chunk = chunk}, 3);
    EXPECT_OK(pieces) << "in chunks of " << chunk;
    if (pieces.ok()) {
      EXPECT_EQ(*pieces, *whole) << "in chunks of " << chunk;
    }
  }
  return *whole;
}

TEST(Ndjson, ReadsEveryField) {
  EXPECT_THAT(
      Read(
          Ndjson(),
          R"({"values":["2026-01-05","13"],"parameters":{"numRows":"5","numFiles":2,"fine":true},"location":"s3://b/x",)"
          R"("create_time":1700000000,"last_access_time":-1})"
          "\n"
          R"( {"values" : [ 7 , null ] } )"
          "\r\n\n"
          R"({"create_time":null,"location":null,"values":["",""],"storage_descriptor":null})"
          "\n"
          R"({"values":["a\u00e9\n\"","b"],"storage_descriptor":{"input_format":"x","columns":[{"name":"c"}]}})"),
      ElementsAre("1: 2026-01-05/13 @s3://b/x numRows=5 numFiles=2 fine=true created 1700000000 accessed -1",
                  "2: 7/__HIVE_DEFAULT_PARTITION__", "4: /",
                  "5: a\xC3\xA9\n\"/b [columns { name: \"c\" } input_format: \"x\"]"));
}

TEST(Ndjson, ToleratesByteOrderMarkAndEmptyInput) {
  EXPECT_THAT(Read(Ndjson(), "\xEF\xBB\xBF{\"values\":[\"a\",\"b\"]}"), ElementsAre("1: a/b"));
  EXPECT_THAT(Read(Ndjson(), ""), IsEmpty());
  EXPECT_THAT(Read(Ndjson(), "\n \n\r\n"), IsEmpty());
}

TEST(Ndjson, SaysWhatIsWrongWithALineAndGoesOn) {
  struct {
    const char* line;
    const char* reason;
  } const cases[] = {
      {R"({"values":["a"]})", "expected 2 values (dt, hour), found 1"},
      {R"({"values":["a","b","c"]})", "expected 2 values (dt, hour), found 3"},
      {R"({"valuse":["a","b"]})", "unknown field \"valuse\""},
      {R"({"location":"x"})", "the field `values` is missing"},
      {R"({"values":"a"})", "`values` is not an array"},
      {R"({"values":["a",["b"]]})", "an element of `values`: is an array"},
      {R"({"values":["a","b"],"values":["a","b"]})", "the field `values` comes twice"},
      {R"({"values":["a","b"],"create_time":1,"create_time":2})", "`create_time` comes twice"},
      {R"({"values":["a","b"],"create_time":"1"})", "`create_time` is not a whole number of seconds"},
      {R"({"values":["a","b"],"create_time":1.5})", "`create_time` is not a whole number of seconds"},
      {R"({"values":["a","b"],"parameters":[]})", "`parameters` is not an object"},
      {R"({"values":["a","b"],"parameters":{"k":{}}})", "the parameter `k`: is an object"},
      {R"({"values":["a","b"],"parameters":{"k":null}})", "the parameter `k` is null"},
      {R"({"values":["a","b"],"location":7})", "`location` is not a string"},
      {R"({"values":["a","b"],"storage_descriptor":7})", "`storage_descriptor` is not an object"},
      {R"({"values":["a","b"],"storage_descriptor":{"nonsense":1}})", "nonsense"},
      {R"({"values":["a","b"]} x)", "follows"},
      {R"({"values":["a","b"]} {"values":["c","d"]})", "follows"},
      {R"({"values":["a","b"]}})", ""},
      {R"({"values":["a","b"])", ""},
      {R"({"values":["a","b)", "not closed"},
      {R"({"values":["a",01]})", "is not JSON"},
      {R"({"values":["a",nul]})", "is not JSON"},
      {R"({"values":["a","\x"]})", ""},
      {R"(["a","b"])", "not a JSON object"},
      {R"(hello)", ""},
      {"{\"values\":[\"a\",\"\xFF\"]}", "UTF-8"},
      {"{\"values\":[\"a\",\"\t\"]}", "control character"},
  };
  for (const auto& [line, reason] : cases) {
    SCOPED_TRACE(line);
    const std::string good = R"({"values":["x","y"]})";
    const auto rows = Read(Ndjson(), base::StrCat(good, "\n", line, "\n", good, "\n"));
    ASSERT_EQ(rows.size(), 3u);
    EXPECT_EQ(rows[0], "1: x/y");
    EXPECT_THAT(rows[1], HasSubstr("2! "));
    EXPECT_THAT(rows[1], HasSubstr(reason));
    EXPECT_EQ(rows[2], "3: x/y");
  }
}

// The twin: chunks parsed at once must agree with lines parsed one by one, whatever the bytes.
TEST(Ndjson, ChunksAndLinesAgreeOnDamagedInput) {
  std::mt19937_64 random(20260105);
  const std::string line =
      R"({"values":["2026-01-05","13"],"parameters":{"a":"b\"","n":12},"location":"s3://b","create_time":17})"
      "\n";
  for (int round = 0; round < 3000; ++round) {
    std::string input = line + line + line;
    for (int edits = 1 + static_cast<int>(random() % 3); edits > 0; --edits) {
      static constexpr std::string_view kBytes = "{}[]\",:\\\n 1nx\xFF\x01";
      const std::size_t at = random() % input.size();
      switch (random() % 3) {
        case 0:
          input[at] = kBytes[random() % kBytes.size()];
          break;
        case 1:
          input.erase(at, 1 + random() % 4);
          break;
        default:
          input.insert(at, 1, kBytes[random() % kBytes.size()]);
      }
    }
    auto chunks = ReadAll(Ndjson(), input);
    auto lines = ReadAll(Ndjson(true), input);
    ASSERT_OK(chunks);
    ASSERT_OK(lines);
    ASSERT_EQ(*chunks, *lines) << "seed 20260105, round " << round << ": " << input;
  }
}

TEST(Csv, ReadsKeysByNameAndTheRestAsParameters) {
  EXPECT_THAT(Read(Csv(), "Hour,numRows,DT,location,create_time\n13,5,2026-01-05,s3://b,17\n14,,2026-01-05,,\n"),
              ElementsAre("2: 2026-01-05/13 @s3://b numRows=5 created 17", "3: 2026-01-05/14"));
  EXPECT_THAT(Read(Csv('\t'), "dt\thour\nx,y\tz"), ElementsAre("2: x,y/z"));
}

TEST(Csv, FollowsTheRulesOfQuoting) {
  EXPECT_THAT(Read(Csv(),
                   "\xEF\xBB\xBF\"dt\",hour,\"a,b\"\r\n"
                   "\"one\ntwo\",\"say \"\"hi\"\"\",x\r\n"
                   "\r\n"
                   "3,\"\",\"\"\r\n"
                   "4,\"5\",\"\""),
              ElementsAre("2: one\ntwo/say \"hi\" a,b=x", "5: 3/ a,b=", "6: 4/5 a,b="));
}

TEST(Csv, SaysWhatIsWrongWithALineAndGoesOn) {
  EXPECT_THAT(
      Read(Csv(),
           "dt,hour,create_time\n"
           "a,b\n"
           "a,b,c\n"
           "a,\"b\"x,1\n"
           "a,b\"c,1\n"
           "a,\xFF,1\n"
           "a,b,7\n"
           "a,\"never closed\n"),
      ElementsAre("2! expected 3 fields as in the header, found 2",
                  "3! the column `create_time` is not a whole number of seconds: \"c\"",
                  "4! something follows the closing quote of a field",
                  "5! a quote inside of a field that does not begin with one", "6! value 2 is not well-formed UTF-8",
                  "7: a/b created 7", "8! a quoted field is not closed"));
}

// Looking for each name among all others took a minute.
TEST(Csv, AWideHeaderCostsNoSquareOfItsColumns) {
  std::string header = "dt,hour";
  for (int i = 0; i < 100'000; ++i) base::StrAppend(&header, ",c", i);
  const auto begin = std::chrono::steady_clock::now();
  EXPECT_OK(ReadAll(Csv(), header + "\n"));
  EXPECT_THAT(ReadAll(Csv(), header + ",c5\n"), FailsWith(absl::StatusCode::kInvalidArgument, "`c5` twice"));
  EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds(20));
}

TEST(Csv, RefusesAHeaderThatDoesNotFit) {
  struct {
    const char* input;
    const char* reason;
  } const cases[] = {
      {"", "expected a header"},
      {"dt,x\n1,2\n", "no column for the partition key `hour`"},
      {"dt,hour,DT\n", "the column `dt` twice"},
      {"dt,hour,x,x\n", "the column `x` twice"},
      {"dt,hour,\xFF\n", "the name of column 3 of the header is not well-formed UTF-8"},
      {"dt,hour,\n", "column 3 of the header has no name"},
      {"dt,hour,\"x\n", "the header can't be read"},
  };
  for (const auto& [input, reason] : cases) {
    EXPECT_THAT(ReadAll(Csv(), input), FailsWith(absl::StatusCode::kInvalidArgument, reason)) << input;
  }
}

TEST(Names, ReadsNamesAndUnescapes) {
  EXPECT_THAT(Read(Names(), "dt=2026-01-05/hour=13\r\n\nDT=a%2Fb/hour=__HIVE_DEFAULT_PARTITION__\ndt=1/hour=2"),
              ElementsAre("1: 2026-01-05/13", "3: a/b/__HIVE_DEFAULT_PARTITION__", "4: 1/2"));
}

TEST(Names, SaysWhatIsWrongWithALine) {
  const auto rows = Read(Names(),
                         "dt=1\nhour=1/dt=2\nnonsense\ndt=1/hour=2/x=3\ndt=1/hour=\xFF\ndt=/hour=1\ndt=1/hour=\n"
                         "dt=1/hour=%FF\ndt=1/hour=2\n");
  ASSERT_EQ(rows.size(), 9u);
  for (int i = 0; i < 8; ++i) EXPECT_THAT(rows[i], HasSubstr(base::StrCat(i + 1, "! ")));
  EXPECT_EQ(rows[8], "9: 1/2");
}

TEST(Glue, ReadsPagesOfBothCommandLines) {
  EXPECT_THAT(
      Read(Glue(), R"({
  "Partitions": [
    {"Values": ["a", "b"], "DatabaseName": "d", "CreationTime": 1700000000.25,
     "StorageDescriptor": {"Location": "s3://b/1", "Compressed": false, "NumberOfBuckets": -1, "SkewedInfo": {}},
     "Parameters": {"k": "v\"]"}},
    {"Values": ["a", "c"], "CreationTime": "2024-01-05T10:00:00+02:00", "LastAccessTime": "2024-01-05T10:00:00.5Z",
     "StorageDescriptor": {"Columns": [{"Name": "x", "Type": "int", "Comment": "y"}], "Location": "s3://b/2",
       "SerdeInfo": {"SerializationLibrary": "lib", "Parameters": {"p": "q"}}, "SortColumns": [{"Column": "x", "SortOrder": 0}]}}
  ],
  "NextToken": "abc"
}
{"ResponseMetadata": {"x": ["}", 1]}, "Partitions": []}
[{"Values": ["d", "e"]}])"),
      ElementsAre("3: a/b @s3://b/1 k=v\"] created 1700000000",
                  "6: a/c @s3://b/2 created 1704441600 accessed 1704448800 [columns { name: \"x\" type: \"int\" "
                  "comment: \"y\" } serde_info { serialization_lib: \"lib\" parameters { key: \"p\" value: "
                  "\"q\" } } sort_columns { column: \"x\" direction: DESCENDING }]",
                  "13: d/e"));
}

TEST(Glue, SaysWhatIsWrongWithAPartition) {
  EXPECT_THAT(Read(Glue(), R"({"Partitions": [
{"Values": ["a"]},
{"DatabaseName": "d"},
{"Values": "a"},
{"Values": ["a", 1]},
{"Values": ["a", "b"], "CreationTime": "soon"},
{"Values": ["a", "b"], "StorageDescriptor": {"Columns": 1}},
{"Values": ["a", "b"], "Parameters": {"k": 1}},
{"Values": ["a", "b"], },
{"Values": ["a", "b"]}]})"),
              ElementsAre("2! expected 2 values (dt, hour), found 1", "3! the partition has no `Values`",
                          "4! `Values` is not an array", "5! an element of `Values` is not a string",
                          "6! CreationTime is neither seconds nor an ISO 8601 time",
                          "7! StorageDescriptor.Columns is not an array", "8! the parameter `k` is not a string",
                          "9! not well-formed JSON", "10: a/b"));
}

TEST(Glue, RefusesADocumentThatIsSomethingElse) {
  struct {
    const char* input;
    const char* reason;
  } const cases[] = {
      {"hello", "expected a JSON document"},
      {R"({"Tables": []})", "no field `Partitions`"},
      {R"({"Partitions": {}})", "expected an array as `Partitions`"},
      {R"({"Partitions": [1]})", "expected a partition"},
      {R"({"Partitions": [{"Values": ["a","b"]})", "ends too early"},
      {R"({"Partitions": [{"Values": ["a","b")", "ends too early"},
      {R"({"Partitions" 1})", "expected `:`"},
      {R"({1})", "expected the name of a field"},
  };
  for (const auto& [input, reason] : cases) {
    EXPECT_THAT(ReadAll(Glue(), input), FailsWith(absl::StatusCode::kInvalidArgument, reason)) << input;
  }
}

TEST(Readers, RefuseRecordsWithoutEnd) {
  const std::string endless(10'000, 'x');
  for (const auto& [make, input] : {std::pair(Ndjson(), endless), std::pair(Names(), endless),
                                    std::pair(Csv(), endless), std::pair(Glue(), R"({"Partitions":[{")" + endless)}) {
    EXPECT_THAT(ReadAll(make, input, {.chunk = 100, .max_record = 1000}),
                FailsWith(absl::StatusCode::kInvalidArgument, "longer than 1000 bytes"));
  }
}

}  // namespace
}  // namespace lodestone::bulk
