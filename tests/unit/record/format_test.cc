#include "catalog/record/format.h"

#include "lodestone/record/v1/record.pb.h"
#include "tests/support/matchers.h"

namespace lodestone::record {
namespace {

using testing::FailsWith;

v1::TableRecord SampleTable() {
  v1::TableRecord record;
  record.set_database_id(2);
  record.set_name("hits");
  for (int i = 0; i < 100; ++i) {
    (*record.mutable_table()->mutable_parameters())["key" + std::to_string(i)] = std::to_string(i);
  }
  return record;
}

TEST(FormatTest, ARecordIsTheFormatByteAndTheMessage) {
  v1::DatabaseEntry entry;
  entry.set_id(5);
  EXPECT_EQ(EncodeRecord(entry), std::string("\x01\x08\x05", 3));
  EXPECT_EQ(EncodeRecord(v1::DatabaseEntry()), std::string("\x01", 1));
  v1::DatabaseEntry back;
  ASSERT_OK(DecodeRecord("\x01\x08\x05", "database entry", &back));
  EXPECT_EQ(back.id(), 5u);
  ASSERT_OK(DecodeRecord("\x01", "database entry", &back));
  EXPECT_EQ(back.id(), 0u);
}

TEST(FormatTest, EqualMessagesAreEqualBytesWhateverTheOrderOfTheirMaps) {
  v1::TableRecord forward = SampleTable();
  v1::TableRecord backward;
  backward.set_name("hits");
  backward.set_database_id(2);
  for (int i = 99; i >= 0; --i) {
    (*backward.mutable_table()->mutable_parameters())["key" + std::to_string(i)] = std::to_string(i);
  }
  EXPECT_EQ(EncodeRecord(forward), EncodeRecord(backward));
  v1::TableRecord again;
  ASSERT_OK(DecodeRecord(EncodeRecord(forward), "table", &again));
  EXPECT_EQ(EncodeRecord(again), EncodeRecord(forward));
  EXPECT_EQ(again.table().parameters().size(), 100u);
}

TEST(FormatTest, SaysWhatIsNoRecord) {
  v1::TableRecord record;
  EXPECT_THAT(DecodeRecord("", "table 17 record", &record),
              FailsWith(absl::StatusCode::kDataLoss, "table 17 record: the record is empty, expected a format byte"));
  EXPECT_THAT(DecodeRecord(std::string("\0\x08\x05", 3), "table 17 record", &record),
              FailsWith(absl::StatusCode::kDataLoss, "table 17 record: the record has format 0, expected 1"));
  EXPECT_THAT(DecodeRecord("\x02", "table 17 record", &record),
              FailsWith(absl::StatusCode::kFailedPrecondition,
                        "table 17 record: the record has format 2, this version of the library reads up to 1"));
  EXPECT_THAT(DecodeRecord("\xFF", "table 17 record", &record),
              FailsWith(absl::StatusCode::kFailedPrecondition, "has format 255"));
  EXPECT_THAT(DecodeRecord("\x01\xFF", "table 17 record", &record),
              FailsWith(absl::StatusCode::kDataLoss,
                        "table 17 record: 1 bytes are no message of type lodestone.record.v1.TableRecord"));
}

TEST(FormatTest, EveryCutOfARecordIsReadWithoutHarm) {
  const std::string bytes = EncodeRecord(SampleTable());
  int refused = 0;
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    v1::TableRecord record;
    refused += !DecodeRecord(std::string_view(bytes).substr(0, size), "table", &record).ok();
  }
  EXPECT_GT(refused, static_cast<int>(bytes.size() / 2));
}

}  // namespace
}  // namespace lodestone::record
