// Any bytes as what a client sends over one connection: the same messages come of it in whatever pieces it arrives,
// nothing is kept beyond the limits, and whatever is taken for a message is decoded or refused, and answered.
#include <thrift/TApplicationException.h>

#include <algorithm>
#include <cstring>
#include <string>
#include <vector>

#include "bindings/hive/idl/hive_metastore_types.h"
#include "bindings/hive/message_reader.h"
#include "bindings/hive/sasl.h"
#include "bindings/hive/wire.h"
#include "tests/fuzz/check.h"

namespace {

using namespace lodestone::hive;  // NOLINT
namespace thrift = lodestone::hive::thrift;

constexpr MessageLimits kLimits = {
    .message_bytes = 4'096, .decoded_bytes = 200 * kElementBytes, .depth = 16, .name_bytes = 64};

class Pieces final : public ByteSource {
 public:
  Pieces(std::string_view bytes, std::size_t piece) : bytes_(bytes), piece_(piece) {}
  absl::StatusOr<std::size_t> Read(char* buffer, std::size_t size) override {
    FUZZ_CHECK(size > 0);
    const std::size_t count = std::min({size, piece_, bytes_.size()});
    std::memcpy(buffer, bytes_.data(), count);
    bytes_.remove_prefix(count);
    return count;
  }

 private:
  std::string_view bytes_;
  const std::size_t piece_;
};

class Collected final : public ReplySink {
 public:
  absl::Status Write(std::string_view bytes) override {
    all.append(bytes);
    return absl::OkStatus();
  }
  std::string all;
};

struct One {
  std::string name;
  int32_t sequence_id;
  std::string body;
  absl::StatusCode code;
};

std::vector<One> ReadAll(std::string_view bytes, std::size_t piece) {
  Pieces source(bytes, piece);
  MessageReader reader(&source, kLimits);
  std::vector<One> all;
  while (true) {
    Message message;
    const absl::StatusOr<bool> read = reader.Next(&message);
    FUZZ_CHECK(reader.buffered_bytes() < 300'000);
    if (read.ok() && !*read) return all;
    all.push_back({message.name, message.sequence_id, std::string(message.body), read.status().code()});
    if (!read.ok()) return all;
    FUZZ_CHECK(message.bytes <= kLimits.message_bytes && message.decoded_bytes <= kLimits.decoded_bytes);
    FUZZ_CHECK(!message.name.empty() && !message.body.empty());
  }
}

bool Equal(const One& a, const One& b) {
  return a.name == b.name && a.sequence_id == b.sequence_id && a.body == b.body && a.code == b.code;
}

// Decodes the body as this struct. What was decoded is written and read again: the same bytes come of it.
template <typename T>
void Decode(std::string_view body) {
  try {
    BodyReader reader(body, kLimits.decoded_bytes);
    const T value = ReadNew<T>(reader);
    Collected first;
    ReplyWriter writer(&first);
    value.write(&writer);
    FUZZ_CHECK(writer.Finish().ok());
    BodyReader again(first.all, std::size_t{1} << 30);
    const T same = ReadNew<T>(again);
    Collected second;
    ReplyWriter second_writer(&second);
    same.write(&second_writer);
    FUZZ_CHECK(second_writer.Finish().ok());
    FUZZ_CHECK(first.all == second.all);
  } catch (const apache::thrift::TException&) {
    // Refused: not what such a struct is made of.
  }
}

// The arguments of calls, by hand.
void ReadAsArguments(std::string_view body) {
  try {
    BodyReader reader(body, kLimits.decoded_bytes);
    std::tuple<std::string, std::optional<std::vector<std::string>>, Or<int16_t, -1>,
               std::map<std::string, std::string>, thrift::Table, std::set<int64_t>, thrift::PrincipalType::type>
        arguments;
    internal::ReadArguments(reader, &arguments);
  } catch (const apache::thrift::TException&) {
  }
}

void CheckSasl(std::string_view bytes) {
  Pieces source(bytes, 7);
  Collected answers;
  const auto check = [](const PlainCredentials& credentials) -> absl::StatusOr<lodestone::Identity> {
    FUZZ_CHECK(!credentials.user.empty() && !credentials.password.empty());
    return lodestone::Identity{.principal = {.name = credentials.user}, .catalog = {}};
  };
  const absl::StatusOr<lodestone::Identity> identity = NegotiatePlain(&source, &answers, check);
  FUZZ_CHECK(identity.ok() == (!answers.all.empty() && answers.all[0] == 5));
  FramedStream framed(&source, &answers, kLimits.message_bytes);
  MessageReader reader(&framed, kLimits);
  Message message;
  while (true) {
    const absl::StatusOr<bool> read = reader.Next(&message);
    if (!read.ok() || !*read) return;
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const std::vector<One> whole = ReadAll(bytes, std::max<std::size_t>(size, 1));
  for (const One& one : whole) {
    if (one.code != absl::StatusCode::kOk) continue;
    Decode<thrift::Table>(one.body);
    Decode<thrift::Partition>(one.body);
    Decode<thrift::PartitionSpec>(one.body);
    Decode<thrift::CreateTableRequest>(one.body);
    Decode<thrift::PrivilegeBag>(one.body);
    ReadAsArguments(one.body);
  }
  for (const std::size_t piece : {1, 2, 5, 64}) {
    const std::vector<One> pieces = ReadAll(bytes, piece);
    FUZZ_CHECK(pieces.size() == whole.size());
    FUZZ_CHECK(std::equal(whole.begin(), whole.end(), pieces.begin(), Equal));
  }
  // The same bytes without a message around them, and as a negotiation.
  Decode<thrift::Table>(bytes);
  ReadAsArguments(bytes);
  CheckSasl(bytes);
  return 0;
}
