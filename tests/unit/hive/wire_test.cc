// From the bytes of a call to a handler and back, without sockets and catalog.
#include "bindings/hive/wire.h"

#include <thrift/protocol/TBinaryProtocol.h>
#include <thrift/transport/TBufferTransports.h>

#include "bindings/hive/idl/hive_metastore_types.h"
#include "bindings/hive/message_reader.h"
#include "bindings/hive/type_names.h"
#include "catalog/errors.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/support/matchers.h"
#include "tests/unit/hive/bytes.h"

namespace lodestone::hive {
namespace {

using testing::Bytes;
using ::testing::ElementsAre;
using ::testing::Pair;

// The largest structs that a list may have as its elements: readers make room by the count, before they read.
static_assert(sizeof(thrift::Table) <= kElementBytes);
static_assert(sizeof(thrift::Partition) <= kElementBytes);
static_assert(sizeof(thrift::PartitionSpec) <= kElementBytes);
static_assert(sizeof(thrift::ColumnStatistics) <= kElementBytes);
static_assert(sizeof(thrift::ColumnStatisticsObj) <= kElementBytes);
static_assert(sizeof(thrift::HiveObjectPrivilege) <= kElementBytes);
static_assert(sizeof(thrift::SQLForeignKey) <= kElementBytes);
static_assert(sizeof(std::pair<const std::string, std::string>) + 64 <= kEntryBytes);
static_assert(sizeof(std::pair<const std::string, std::vector<std::string>>) + 64 <= kEntryBytes);

class Collected final : public ReplySink {
 public:
  absl::Status Write(std::string_view bytes) override {
    largest = std::max(largest, bytes.size());
    if (all.size() + bytes.size() > room) return absl::UnavailableError("gone");
    all.append(bytes);
    ++pieces;
    return absl::OkStatus();
  }
  std::string all;
  std::size_t room = std::size_t{1} << 40;
  std::size_t largest = 0;
  int pieces = 0;
};

template <typename T>
std::string Write(const T& value) {
  Collected sink;
  ReplyWriter writer(&sink);
  WriteValue(writer, value);
  EXPECT_OK(writer.Finish());
  return sink.all;
}

template <typename T>
T Read(std::string_view bytes, std::size_t decoded_bytes = std::size_t{1} << 30) {
  BodyReader reader(bytes, decoded_bytes);
  return ReadNew<T>(reader);
}

TEST(WireTest, ValuesComeBackAsTheyWere) {
  EXPECT_EQ(Read<bool>(Write(true)), true);
  EXPECT_EQ(Read<int8_t>(Write<int8_t>(-3)), -3);
  EXPECT_EQ(Read<int16_t>(Write<int16_t>(-300)), -300);
  EXPECT_EQ(Read<int32_t>(Write<int32_t>(-70'000)), -70'000);
  EXPECT_EQ(Read<int64_t>(Write<int64_t>(-5'000'000'000)), -5'000'000'000);
  EXPECT_EQ(Read<double>(Write(-0.5)), -0.5);
  EXPECT_EQ(Read<std::string>(Write(std::string("a\0b", 3))), std::string("a\0b", 3));
  EXPECT_THAT((Read<std::vector<std::string>>(Write(std::vector<std::string>{"a", ""}))), ElementsAre("a", ""));
  EXPECT_THAT((Read<std::set<int64_t>>(Write(std::set<int64_t>{7, 5}))), ElementsAre(5, 7));
  EXPECT_THAT((Read<std::map<std::string, int64_t>>(Write(std::map<std::string, int64_t>{{"a", 1}}))),
              ElementsAre(Pair("a", 1)));
  EXPECT_TRUE(Read<thrift::PrincipalType::type>(Write(thrift::PrincipalType::ROLE)) == thrift::PrincipalType::ROLE);
}

TEST(WireTest, WritesWhatThriftsOwnProtocolWrites) {
  thrift::Table table;
  table.__set_tableName("t");
  table.__set_createTime(-7);
  thrift::FieldSchema column;
  column.__set_name("id");
  table.__isset.sd = true;
  table.sd.__set_cols({column, column});
  table.sd.__set_parameters({{"a", "b"}, {"c", ""}});
  table.sd.__set_compressed(true);
  table.__set_id(int64_t{1} << 40);
  const auto buffer = std::make_shared<apache::thrift::transport::TMemoryBuffer>();
  apache::thrift::protocol::TBinaryProtocol protocol(buffer);
  table.write(&protocol);
  EXPECT_EQ(Write(table), buffer->getBufferAsString());
  const auto again = Read<thrift::Table>(buffer->getBufferAsString());
  EXPECT_EQ(Write(again), buffer->getBufferAsString());
}

// A count or length may stand where the type on the wire was another one, and was not held against the bytes as such.
TEST(WireTest, CountsBeyondTheBytesOrTheMemoryAreRefused) {
  using apache::thrift::protocol::TProtocolException;
  const std::string list_of_bytes = Bytes().List(WireType::kByte, 1'000).Raw(std::string(1'000, 0)).str();
  EXPECT_THROW(Read<std::vector<std::string>>(list_of_bytes), TProtocolException);
  const std::string far = Bytes().List(WireType::kString, 1'000).str();
  EXPECT_THROW(Read<std::vector<std::string>>(far), TProtocolException);
  EXPECT_THROW(Read<std::string>(Bytes().I32(5).Raw("abcd").str()), TProtocolException);
  EXPECT_THROW(Read<std::string>(Bytes().I32(-1).str()), TProtocolException);
  EXPECT_THROW(Read<int64_t>("abc"), TProtocolException);
  // Partitions, each an empty struct of one byte.
  const auto partitions = [](int count) {
    return Bytes()
        .Field(WireType::kList, 1)
        .List(WireType::kStruct, count)
        .Raw(std::string(static_cast<std::size_t>(count), 0))
        .Stop()
        .str();
  };
  EXPECT_NO_THROW(Read<thrift::PartitionListComposingSpec>(partitions(10), 10 * kElementBytes));
  EXPECT_THROW(Read<thrift::PartitionListComposingSpec>(partitions(11), 10 * kElementBytes), TProtocolException);
}

// The elements of a list are read as what is expected: numbers here, where structs should be.
TEST(WireTest, TypesThatThereAreNotAreRefused) {
  const std::string numbers = Bytes().Field(WireType::kList, 1).List(WireType::kByte, 4).Raw("RSTU").Stop().str();
  try {
    Read<thrift::PartitionListComposingSpec>(numbers);
    FAIL() << "it was read";
  } catch (const apache::thrift::protocol::TProtocolException& refused) {
    EXPECT_STREQ(refused.what(), "no type of the protocol");
  }
}

TEST(WireTest, ArgumentsAreFoundByTheirIds) {
  const std::string body = Bytes()
                               .TextField(3, "c")
                               .Field(WireType::kI16, 2)
                               .I16(9)
                               .TextField(7, "nobody's")
                               .Field(WireType::kI32, 1)
                               .I32(4)
                               .Stop()
                               .str();
  BodyReader reader(body, 1'000);
  std::tuple<std::string, Or<int16_t, -1>, std::optional<std::string>, std::optional<std::string>, Or<int16_t, -1>>
      arguments;
  internal::ReadArguments(reader, &arguments);
  EXPECT_EQ(std::get<0>(arguments), "");  // a number is no text
  EXPECT_EQ(std::get<1>(arguments), 9);
  EXPECT_EQ(std::get<2>(arguments), "c");
  EXPECT_EQ(std::get<3>(arguments), std::nullopt);
  EXPECT_EQ(std::get<4>(arguments), -1);
}

TEST(WireTest, TypesHaveTheNamesOfTheInterface) {
  EXPECT_EQ(TypeName<void>(), "void");
  EXPECT_EQ(TypeName<thrift::Table>(), "Table");
  EXPECT_EQ(TypeName<thrift::PrincipalType::type>(), "PrincipalType");
  EXPECT_EQ((TypeName<std::map<std::string, std::vector<thrift::FieldSchema>>>()), "map<string,list<FieldSchema>>");
  EXPECT_THAT((TypeNames<bool, std::tuple<Or<int16_t, -1>, std::optional<std::set<std::string>>>>()),
              ElementsAre("bool", "i16 = -1", "set<string>"));
}

TEST(ReplyWriterTest, LargeAnswersGoInPieces) {
  Collected sink;
  ReplyWriter writer(&sink);
  writer.writeListBegin(apache::thrift::protocol::T_STRING, 100'000);
  for (int i = 0; i < 100'000; ++i) writer.WriteText("dt=2026-01-05/hour=13");
  ASSERT_OK(writer.Finish());
  EXPECT_EQ(sink.all.size(), 5u + 100'000u * 25u);
  EXPECT_EQ(writer.bytes(), sink.all.size());
  EXPECT_GT(sink.pieces, 30);
  EXPECT_LT(sink.largest, 70'000u);
}

TEST(ReplyWriterTest, WhatIsHeldCanBeChanged) {
  Collected sink;
  ReplyWriter writer(&sink);
  const std::size_t place = writer.Hold() + 1;  // behind the type
  writer.writeListBegin(apache::thrift::protocol::T_STRING, 0);
  for (int i = 0; i < 20'000; ++i) writer.WriteText("0123456789");
  EXPECT_EQ(sink.pieces, 0);
  writer.PatchI32(place, 20'000);
  writer.Release();
  ASSERT_OK(writer.Finish());
  EXPECT_EQ(Read<std::vector<std::string>>(sink.all).size(), 20'000u);
}

TEST(ReplyWriterTest, AfterAFailureNothingMoreIsWritten) {
  Collected sink;
  sink.room = 100'000;
  ReplyWriter writer(&sink);
  for (int i = 0; i < 20; ++i) writer.WriteText(std::string(40'000, 'x'));
  EXPECT_THAT(writer.Finish(), ::lodestone::testing::HasCode(absl::StatusCode::kUnavailable));
  EXPECT_LE(sink.all.size(), 100'000u);
}

TEST(ExceptionsTest, FailuresBecomeWhatTheCallDeclares) {
  const Throws all = {Thrown::kMeta,          Thrown::kNoSuchObject, Thrown::kInvalidObject, Thrown::kInvalidOperation,
                      Thrown::kAlreadyExists, Thrown::kNoSuchTxn};
  const Throws meta = {Thrown::kMeta};
  const Throws none = {};
  const ErrorRule rules[] = {{ErrorKind::kNoSuchObject, ObjectKind::kDatabase, Thrown::kInvalidObject},
                             {ErrorKind::kNotEmpty, std::nullopt, Thrown::kMeta}};
  const auto error = [](ErrorKind kind, ObjectKind object) { return MakeError(kind, object, "x", "text"); };
  const struct {
    absl::Status failure;
    std::span<const ErrorRule> rules;
    const Throws* throws;
    Thrown expected;
  } kCases[] = {
      {error(ErrorKind::kNoSuchObject, ObjectKind::kTable), {}, &all, Thrown::kNoSuchObject},
      {error(ErrorKind::kNoSuchObject, ObjectKind::kTable), rules, &all, Thrown::kNoSuchObject},
      {error(ErrorKind::kNoSuchObject, ObjectKind::kDatabase), rules, &all, Thrown::kInvalidObject},
      {error(ErrorKind::kNotEmpty, ObjectKind::kDatabase), {}, &all, Thrown::kInvalidOperation},
      {error(ErrorKind::kNotEmpty, ObjectKind::kDatabase), rules, &all, Thrown::kMeta},
      {error(ErrorKind::kAlreadyExists, ObjectKind::kTable), {}, &all, Thrown::kAlreadyExists},
      {error(ErrorKind::kInvalidObject, ObjectKind::kTable), {}, &all, Thrown::kInvalidObject},
      {error(ErrorKind::kInvalidFilter, ObjectKind::kFilter), {}, &all, Thrown::kMeta},
      {error(ErrorKind::kNoPrivilege, ObjectKind::kTable), {}, &all, Thrown::kMeta},
      {error(ErrorKind::kNoSuchTransaction, ObjectKind::kStore), {}, &all, Thrown::kNoSuchTxn},
      {error(ErrorKind::kNoSuchObject, ObjectKind::kTable), {}, &meta, Thrown::kMeta},
      {error(ErrorKind::kNoSuchObject, ObjectKind::kTable), {}, &none, Thrown::kNone},
      {absl::AbortedError("again"), {}, &all, Thrown::kMeta},
      {absl::AbortedError("again"), {}, &none, Thrown::kNone},
      {Throw(Thrown::kInvalidOperation, "text"), rules, &all, Thrown::kInvalidOperation},
      {Throw(Thrown::kInvalidOperation, "text"), rules, &meta, Thrown::kMeta},
  };
  for (const auto& one : kCases) {
    EXPECT_EQ(NameOf(ThrownFor(one.failure, *one.throws, one.rules)), NameOf(one.expected)) << one.failure;
  }
  EXPECT_EQ(all.FieldOf(Thrown::kNoSuchObject), 2);
  EXPECT_EQ(meta.FieldOf(Thrown::kNoSuchObject), 0);
}

}  // namespace

// ---- Handlers that write their result by themselves ----
class Connection {};

namespace {

absl::Status Names(Connection&, Answer<std::vector<std::string>>& answer, int32_t count, int32_t fail_at) {
  if (fail_at == 0) return absl::NotFoundError("at once");
  answer.writer().writeListBegin(apache::thrift::protocol::T_STRING, static_cast<uint32_t>(count));
  for (int32_t i = 0; i < count; ++i) {
    if (i == fail_at) return absl::NotFoundError("in the midst");
    answer.writer().WriteText("0123456789");
  }
  return absl::OkStatus();
}

absl::Status CallNames(int count, int fail_at, Reply* reply) {
  Connection connection;
  const std::string body =
      Bytes().Field(WireType::kI32, 1).I32(count).Field(WireType::kI32, 2).I32(fail_at).Stop().str();
  BodyReader reader(body, 1'000);
  return internal::HandlerOf<decltype(&Names)>::Run(&Names, connection, reader, reply);
}

TEST(AnswerTest, AResultOfAnySizeIsWrittenAsItComes) {
  Collected sink;
  Reply reply("names", 5, &sink);
  ASSERT_OK(CallNames(100'000, -1, &reply));
  EXPECT_TRUE(reply.writer().began_to_send());
  ASSERT_OK(reply.writer().Finish());
  // The head, a list in field 0, the stop.
  const std::string head = Bytes().I32(0x8001'0002).Text("names").I32(5).Field(WireType::kList, 0).str();
  ASSERT_EQ(sink.all.substr(0, head.size()), head);
  EXPECT_EQ(sink.all.size(), head.size() + 5 + 100'000 * 14 + 1);
  EXPECT_EQ(sink.all.back(), '\0');
}

TEST(AnswerTest, AFailureBeforeMuchWasWrittenIsAnExceptionAndNothingElse) {
  for (const int fail_at : {0, 1, 1'000}) {
    Collected sink;
    Reply reply("names", 5, &sink);
    EXPECT_THAT(CallNames(2'000, fail_at, &reply), ::lodestone::testing::HasCode(absl::StatusCode::kNotFound));
    ASSERT_FALSE(reply.writer().began_to_send());
    reply.Exception(2, "no");
    ASSERT_OK(reply.writer().Finish());
    EXPECT_EQ(sink.all, Bytes()
                            .I32(0x8001'0002)
                            .Text("names")
                            .I32(5)
                            .Field(WireType::kStruct, 2)
                            .TextField(1, "no")
                            .Stop()
                            .Stop()
                            .str());
  }
}

TEST(AnswerTest, AFailureAfterThatCantBeTakenBack) {
  Collected sink;
  Reply reply("names", 5, &sink);
  EXPECT_THAT(CallNames(100'000, 50'000, &reply), ::lodestone::testing::HasCode(absl::StatusCode::kNotFound));
  EXPECT_TRUE(reply.writer().began_to_send());
}

}  // namespace
}  // namespace lodestone::hive
