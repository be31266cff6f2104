#include "bindings/hive/message_reader.h"

#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/support/matchers.h"
#include "tests/unit/hive/bytes.h"

namespace lodestone::hive {
namespace {

using absl::StatusCode;
using ::lodestone::testing::FailsWith;
using ::lodestone::testing::HasCode;
using ::lodestone::testing::IsOk;
using testing::Bytes;
using testing::TextSource;

absl::Status ReadOne(std::string_view bytes, const MessageLimits& limits = {}, Message* message = nullptr) {
  TextSource source(bytes);
  MessageReader reader(&source, limits);
  Message own;
  const absl::StatusOr<bool> read = reader.Next(&own);
  if (message != nullptr) *message = own;
  return read.status();
}

Bytes Call() { return Bytes().Call("f", 7); }

// A call with a value of every type, each in every place where one can stand.
std::string Rich() {
  Bytes bytes = Call();
  bytes.Field(WireType::kBool, 1).Byte(1).Field(WireType::kByte, 2).Byte(2).Field(WireType::kDouble, 3).I64(0);
  bytes.Field(WireType::kI16, 4).I16(5).Field(WireType::kI32, 5).I32(6).Field(WireType::kI64, 6).I64(7);
  bytes.TextField(7, "text").Field(WireType::kStruct, 8).TextField(1, "inner").Stop();
  bytes.Field(WireType::kList, 9).List(WireType::kString, 2).Text("a").Text("");
  bytes.Field(WireType::kSet, 10).List(WireType::kI64, 2).I64(1).I64(2);
  bytes.Field(WireType::kMap, 11).Byte(11).Byte(15).I32(1).Text("key").List(WireType::kStruct, 1).Stop();
  bytes.Field(WireType::kMap, 12).Byte(0).Byte(0).I32(0);
  bytes.Field(WireType::kList, 13).List(WireType::kStop, 0);
  return bytes.Stop().str();
}

TEST(MessageReaderTest, ReadsMessagesInWhateverPiecesTheyCome) {
  const std::string all = Rich() + Bytes().Call("second", -1, MessageType::kOneway).Stop().str();
  for (const std::size_t piece : {1, 2, 3, 7, 64, 10'000}) {
    TextSource source(all, piece);
    MessageReader reader(&source, {});
    Message message;
    ASSERT_THAT(reader.Next(&message), IsOk());
    EXPECT_EQ(message.name, "f");
    EXPECT_EQ(message.type, MessageType::kCall);
    EXPECT_EQ(message.sequence_id, 7);
    EXPECT_EQ(message.bytes, Rich().size());
    EXPECT_EQ(message.body, Rich().substr(4 + 4 + 1 + 4));
    ASSERT_THAT(reader.Next(&message), IsOk());
    EXPECT_EQ(message.name, "second");
    EXPECT_EQ(message.type, MessageType::kOneway);
    EXPECT_EQ(message.sequence_id, -1);
    EXPECT_EQ(message.body, std::string_view("\0", 1));
    EXPECT_FALSE(reader.has_more());
    const absl::StatusOr<bool> end = reader.Next(&message);
    ASSERT_OK(end);
    EXPECT_FALSE(*end);
  }
}

TEST(MessageReaderTest, ReadsTheHeaderWithoutAVersion) {
  Message message;
  ASSERT_OK(ReadOne(Bytes().Text("getName").Byte(1).I32(9).Stop().str(), {}, &message));
  EXPECT_EQ(message.name, "getName");
  EXPECT_EQ(message.type, MessageType::kCall);
  EXPECT_EQ(message.sequence_id, 9);
  EXPECT_EQ(message.body.size(), 1u);
}

TEST(MessageReaderTest, AMessageBrokenOffAtAnyByteIsDataLoss) {
  const std::string whole = Rich();
  for (std::size_t size = 1; size < whole.size(); ++size) {
    EXPECT_THAT(ReadOne(std::string_view(whole).substr(0, size)), HasCode(StatusCode::kDataLoss)) << size;
  }
}

TEST(MessageReaderTest, SaysWhatIsMalformed) {
  const struct {
    std::string bytes;
    const char* text;
  } kCases[] = {
      {Bytes().I32(0x8002'0001).str(), "expected version 1 of the binary protocol, found 32770"},
      {"GET / HTTP/1.1\r\n\r\n", "expected the name of a method, of 1 to 256 bytes, found a length of 1195725856"},
      {Bytes().I32(0).Byte(1).I32(0).str(), "found a length of 0"},
      {Bytes().I32(0x8001'0001).I32(-1).str(), "found a length of -1"},
      {Bytes().I32(0x8001'0001).Text("a\nb").I32(0).str(), R"(found "a\x0ab")"},
      {Bytes().Call("f", 1, MessageType::kReply).Stop().str(), "found a message of type 2"},
      {Bytes().Call("f", 1, MessageType::kException).Stop().str(), "found a message of type 3"},
      {Bytes().Call("f", 1, static_cast<MessageType>(9)).Stop().str(), "found a message of type 9"},
      {Call().Byte(1).I16(1).str(), "expected a type, found 1 at byte 13"},
      {Call().Byte(255).I16(1).str(), "expected a type, found 255 at byte 13"},
      {Call().Field(WireType::kString, 1).I32(-5).str(), "a length of -5 at byte 16"},
      {Call().Field(WireType::kList, 1).List(WireType::kI32, -1).str(), "a length of -1 at byte 17"},
      {Call().Field(WireType::kList, 1).List(WireType::kStop, 1).str(), "expected a type, found 0 at byte 16"},
      {Call().Field(WireType::kMap, 1).Byte(11).Byte(0).I32(1).str(), "expected a type, found 0 at byte 17"},
      {Call().Field(WireType::kMap, 1).Byte(11).Byte(11).I32(-2).str(), "a length of -2 at byte 18"},
  };
  for (const auto& one : kCases) {
    EXPECT_THAT(ReadOne(one.bytes), FailsWith(StatusCode::kInvalidArgument, one.text));
  }
}

// Each of these is a few bytes on the wire that a plain reader would make gigabytes of, or never end on.
TEST(MessageReaderTest, DeclaredSizesBeyondTheLimitsAreRefusedAtOnce) {
  Bytes deep = Call();
  for (int i = 0; i < 100; ++i) deep.Field(WireType::kStruct, 1);
  Bytes deep_lists = Call().Field(WireType::kList, 1);
  for (int i = 0; i < 100; ++i) deep_lists.List(WireType::kList, 1);
  const struct {
    std::string bytes;
    const char* text;
  } kCases[] = {
      {Call().Field(WireType::kList, 1).List(WireType::kStruct, 100'000'000).str(), "would take more than 1073741824"},
      {Call().Field(WireType::kList, 1).List(WireType::kStruct, 0x7fff'ffff).str(),
       "a length of 2147483647 at byte 17"},
      {Call().Field(WireType::kList, 1).List(WireType::kI64, 20'000'000).str(), "a length of 20000000 at byte 17"},
      {Call().Field(WireType::kSet, 1).List(WireType::kList, 30'000'000).str(), "a length of 30000000 at byte 17"},
      {Call().Field(WireType::kList, 1).List(WireType::kBool, 50'000'000).str(), "would take more than 1073741824"},
      {Call().Field(WireType::kMap, 1).Byte(11).Byte(11).I32(0x7fff'ffff).str(), "a length of 2147483647 at byte 18"},
      {Call().Field(WireType::kMap, 1).Byte(12).Byte(12).I32(30'000'000).str(), "would take more than 1073741824"},
      {Call().Field(WireType::kString, 1).I32(0x7fff'ffff).str(), "a length of 2147483647 at byte 16"},
      {deep.str(), "more than 64 levels"},
      {deep_lists.str(), "more than 64 levels"},
  };
  for (const auto& one : kCases) {
    Message message;
    EXPECT_THAT(ReadOne(one.bytes, {}, &message), FailsWith(StatusCode::kResourceExhausted, one.text));
    EXPECT_EQ(message.name, "f");
    EXPECT_EQ(message.sequence_id, 7);
  }
}

TEST(MessageReaderTest, ManySmallElementsCountAsWhatTheyBecome) {
  const auto empty_structs = [](int lists, int count) {
    Bytes bytes = Call();
    for (int i = 0; i < lists; ++i) {
      bytes.Field(WireType::kList, 1)
          .List(WireType::kStruct, count)
          .Raw(std::string(static_cast<std::size_t>(count), 0));
    }
    return bytes.Stop().str();
  };
  const MessageLimits limits = {.message_bytes = 1'000'000, .decoded_bytes = 100 * kElementBytes};
  EXPECT_OK(ReadOne(empty_structs(1, 100), limits));
  EXPECT_OK(ReadOne(empty_structs(10, 10), limits));
  EXPECT_THAT(ReadOne(empty_structs(1, 101), limits), HasCode(StatusCode::kResourceExhausted));
  EXPECT_THAT(ReadOne(empty_structs(11, 10), limits), HasCode(StatusCode::kResourceExhausted));
}

// Never ends, as a client may.
class EndlessSource final : public ByteSource {
 public:
  explicit EndlessSource(std::string begin, std::string again) : rest_(std::move(begin)), again_(std::move(again)) {}
  absl::StatusOr<std::size_t> Read(char* buffer, std::size_t size) override {
    while (rest_.size() < size) rest_ += again_;
    std::memcpy(buffer, rest_.data(), size);
    rest_.erase(0, size);
    given += size;
    return size;
  }
  std::size_t given = 0;

 private:
  std::string rest_;
  const std::string again_;
};

TEST(MessageReaderTest, AMessageThatDoesNotEndIsReadToTheLimitAndNoFurther) {
  for (const std::string& again : {Bytes().TextField(1, "text").str(), Bytes().Field(WireType::kStruct, 1).Stop().str(),
                                   Bytes().Field(WireType::kList, 1).List(WireType::kI32, 0).str()}) {
    EndlessSource source(Call().str(), again);
    MessageReader reader(&source, {.message_bytes = 100'000});
    Message message;
    EXPECT_THAT(reader.Next(&message).status(), FailsWith(StatusCode::kResourceExhausted, "100000 bytes"));
    EXPECT_LT(source.given, 150'000u);
    EXPECT_LT(reader.buffered_bytes(), 300'000u);
  }
}

TEST(MessageReaderTest, HoldsWhatCameNotWhatWasDeclared) {
  const std::string declared = Call().Field(WireType::kString, 1).I32(50'000'000).Raw("abc").str();
  TextSource source(declared);
  MessageReader reader(&source, {});
  Message message;
  EXPECT_THAT(reader.Next(&message).status(), HasCode(StatusCode::kDataLoss));
  EXPECT_LT(reader.buffered_bytes(), std::size_t{3} << 20);
}

TEST(MessageReaderTest, DoesNotKeepTheRoomOfALargeMessage) {
  const std::string large = Call().TextField(1, std::string(10'000'000, 'x')).Stop().str();
  const std::string all = large + Call().Stop().str();
  TextSource source(all);
  MessageReader reader(&source, {});
  Message message;
  ASSERT_OK(reader.Next(&message));
  EXPECT_EQ(message.body.size(), 10'000'000u + 8);
  ASSERT_OK(reader.Next(&message));
  EXPECT_LT(reader.buffered_bytes(), std::size_t{1} << 20);
}

TEST(MessageReaderTest, PassesOnWhatTheSourceSays) {
  class Failing final : public ByteSource {
   public:
    absl::StatusOr<std::size_t> Read(char* buffer, std::size_t size) override {
      return absl::DeadlineExceededError("nothing for 10 s");
    }
  } source;
  MessageReader reader(&source, {});
  Message message;
  EXPECT_THAT(reader.Next(&message).status(), FailsWith(StatusCode::kDeadlineExceeded, "nothing for 10 s"));
}

}  // namespace
}  // namespace lodestone::hive
