#include "tools/lodestone/output.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <ostream>
#include <string>

#include "gtest/gtest.h"
#include "lodestone/model/v1/partition.pb.h"
#include "lodestone/model/v1/statistics.pb.h"
#include "lodestone/model/v1/table.pb.h"
#include "tests/support/matchers.h"
#include "tools/lodestone/json.h"

namespace lodestone::cli {
namespace {

TEST(Numbers, AreGroupedByThousands) {
  EXPECT_EQ(Grouped(0), "0");
  EXPECT_EQ(Grouped(999), "999");
  EXPECT_EQ(Grouped(1000), "1,000");
  EXPECT_EQ(Grouped(1234567), "1,234,567");
  EXPECT_EQ(Grouped(-123456), "-123,456");
  EXPECT_EQ(Grouped(INT64_MIN), "-9,223,372,036,854,775,808");
}

TEST(Sizes, HaveAUnit) {
  EXPECT_EQ(Bytes(0), "0 B");
  EXPECT_EQ(Bytes(1023), "1023 B");
  EXPECT_EQ(Bytes(1536), "1.5 KiB");
  EXPECT_EQ(Bytes(uint64_t{3} << 30), "3.0 GiB");
  EXPECT_EQ(Bytes(UINT64_MAX), "16.0 EiB");
}

TEST(Times, AreInUtc) {
  EXPECT_EQ(Time(0), "");
  EXPECT_EQ(Time(1700000000), "2023-11-14T22:13:20Z");
  EXPECT_EQ(Time(-1), "1969-12-31T23:59:59Z");
  EXPECT_EQ(Time(INT64_MAX), "9223372036854775807");
}

TEST(Cells, ShowControlCharactersAndCountCharacters) {
  EXPECT_EQ(Printable("a\nb\tc\x01\x7f"), "a\\nb\\tc\\x01\\x7f");
  EXPECT_EQ(Printable("grüße"), "grüße");
  EXPECT_EQ(DisplayWidth("grüße"), 5u);
}

TEST(Json, EscapesTextAndReplacesBadUtf8) {
  EXPECT_EQ(JsonString("a\"b\\c\n\r\t\x01\x7f"), "\"a\\\"b\\\\c\\n\\r\\t\\u0001\\u007f\"");
  EXPECT_EQ(JsonString("grüße"), "\"grüße\"");
  EXPECT_EQ(JsonString("a\xff\xfe"
                       "b"),
            "\"a\xEF\xBF\xBD\xEF\xBF\xBD"
            "b\"");
  EXPECT_EQ(JsonString(""), "\"\"");
}

model::v1::Table FullTable() {
  model::v1::Table table;
  table.set_name("t");
  table.set_create_time(INT64_MAX);
  table.set_table_type(model::v1::EXTERNAL_TABLE);
  table.set_rewrite_enabled(true);
  auto* storage = table.mutable_storage_descriptor();
  storage->add_columns()->set_name("a");
  storage->set_num_buckets(-3);
  storage->add_sort_columns()->set_direction(model::v1::Order::DESCENDING);
  auto* skew = storage->mutable_skewed_info()->add_values();
  skew->add_values("x");
  skew->add_values("");
  (*table.mutable_parameters())["b"] = "2";
  (*table.mutable_parameters())["a"] = "1";
  return table;
}

TEST(Json, WritesMessagesInTheOrderOfTheirFields) {
  EXPECT_EQ(
      ToJson(FullTable()),
      R"({"name":"t","create_time":9223372036854775807,"table_type":"EXTERNAL_TABLE","storage_descriptor":)"
      R"({"columns":[{"name":"a"}],"num_buckets":-3,"sort_columns":[{"direction":"DESCENDING"}],)"
      R"("skewed_info":{"values":[{"values":["x",""]}]}},"parameters":{"a":"1","b":"2"},"rewrite_enabled":true})");
  EXPECT_EQ(ToJson(model::v1::Table()), "{}");
  EXPECT_EQ(ToPrettyJson(model::v1::Table()), "{}");
}

TEST(Json, ReadsBackTheSameMessage) {
  const model::v1::Table table = FullTable();
  for (const std::string& json : {ToJson(table), ToPrettyJson(table)}) {
    model::v1::Table again;
    ASSERT_OK(FromJson("test", json, &again));
    EXPECT_EQ(ToJson(again), ToJson(table));
  }
  model::v1::ColumnStatistics statistics;
  statistics.set_bit_vector(std::string("\x00\xff\x01", 3));
  statistics.mutable_double_data()->set_low(0.1);
  statistics.mutable_double_data()->set_high(1.0 / 0.0);
  model::v1::ColumnStatistics again;
  ASSERT_OK(FromJson("test", ToJson(statistics), &again));
  EXPECT_EQ(again.SerializeAsString(), statistics.SerializeAsString());
}

TEST(Json, SaysWhatIsWrong) {
  using testing::FailsWith;
  model::v1::Table table;
  EXPECT_THAT(FromJson("f.json", "{", &table),
              FailsWith(absl::StatusCode::kInvalidArgument, "f.json: expected a Table message as JSON: "));
  EXPECT_THAT(FromJson("f.json", R"({"colour":1})", &table), FailsWith(absl::StatusCode::kInvalidArgument, "colour"));
}

TEST(DescriptorBuffer, RemembersWhyAWriteFailed) {
  const int full = ::open("/dev/full", O_WRONLY);
  ASSERT_GE(full, 0);
  {
    DescriptorBuffer buffer(full);
    std::ostream stream(&buffer);
    stream << "text";
    EXPECT_EQ(buffer.error(), 0);  // not written yet
    stream.flush();
    EXPECT_EQ(buffer.error(), ENOSPC);
  }
  ::close(full);
}

TEST(DescriptorBuffer, WritesAllInOrder) {
  int ends[2];
  ASSERT_EQ(::pipe(ends), 0);
  std::string expected;
  {
    DescriptorBuffer buffer(ends[1]);
    std::ostream stream(&buffer);
    for (int i = 0; i < 1000; ++i) {
      stream << i << ' ';
      expected += std::to_string(i) + " ";
    }
    stream.put('\n');
  }
  ::close(ends[1]);
  std::string found(expected.size() + 10, '\0');
  std::size_t size = 0;
  while (const ssize_t more = ::read(ends[0], found.data() + size, found.size() - size)) {
    ASSERT_GT(more, 0);
    size += static_cast<std::size_t>(more);
  }
  ::close(ends[0]);
  found.resize(size);
  EXPECT_EQ(found, expected + "\n");
}

}  // namespace
}  // namespace lodestone::cli
