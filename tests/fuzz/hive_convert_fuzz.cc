// Any struct that a client may send, as the catalog's record: it is refused or becomes one, and what is answered from
// the record makes the same answer when it is sent back. The first byte says which struct.
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "bindings/hive/convert/constraints.h"
#include "bindings/hive/convert/database.h"
#include "bindings/hive/convert/decimal.h"
#include "bindings/hive/convert/function.h"
#include "bindings/hive/convert/names.h"
#include "bindings/hive/convert/partition.h"
#include "bindings/hive/convert/partition_spec.h"
#include "bindings/hive/convert/privileges.h"
#include "bindings/hive/convert/statistics.h"
#include "bindings/hive/convert/table.h"
#include "bindings/hive/message_reader.h"
#include "bindings/hive/protocol.h"
#include "tests/fuzz/check.h"

namespace {

using namespace lodestone::hive;  // NOLINT
namespace thrift = lodestone::hive::thrift;

constexpr MessageLimits kLimits = {.message_bytes = 65'536, .decoded_bytes = std::size_t{4} << 20, .depth = 32};

class Bytes final : public ByteSource {
 public:
  explicit Bytes(std::string_view bytes) : bytes_(bytes) {}
  absl::StatusOr<std::size_t> Read(char* buffer, std::size_t size) override {
    const std::size_t count = bytes_.copy(buffer, size);
    bytes_.remove_prefix(count);
    return count;
  }

 private:
  std::string_view bytes_;
};

class Collected final : public ReplySink {
 public:
  absl::Status Write(std::string_view bytes) override {
    all.append(bytes);
    return absl::OkStatus();
  }
  std::string all;
};

template <typename T>
std::string Encoded(const T& value) {
  Collected bytes;
  ReplyWriter writer(&bytes);
  value.write(&writer);
  FUZZ_CHECK(writer.Finish().ok());
  return bytes.all;
}

// As a server decodes it: first as a message within limits.
template <typename T>
std::optional<T> Decoded(std::string_view bytes) {
  // A call of the method `f`.
  static constexpr std::string_view kHeader(
      "\x80\x01\0\x01\0\0\0\x01"
      "f\0\0\0\0",
      13);
  const std::string call = std::string(kHeader).append(bytes);
  Bytes source(call);
  MessageReader messages(&source, kLimits);
  Message message;
  const absl::StatusOr<bool> is_message = messages.Next(&message);
  if (!is_message.ok() || !*is_message) return std::nullopt;
  try {
    BodyReader reader(message.body, kLimits.decoded_bytes);
    T value;
    value.read(&reader);
    return value;
  } catch (const apache::thrift::TException&) {
    return std::nullopt;  // not what such a struct is made of
  }
}

// A name that begins with the mark of a catalog can only be said behind one.
bool CanBeSent(std::string_view database) { return !database.starts_with('@'); }

// `read` makes a record of what was sent, `write` the answer.
template <typename T, typename Read, typename Write>
void Check(std::string_view bytes, const Read& read, const Write& write) {
  const std::optional<T> sent = Decoded<T>(bytes);
  if (!sent) return;
  const auto record = read(*sent);
  if (!record.ok()) {
    FUZZ_CHECK(record.status().code() == absl::StatusCode::kInvalidArgument && !record.status().message().empty());
    return;
  }
  const std::optional<T> answer = write(*record);
  if (!answer) return;
  const std::string first = Encoded(*answer);
  const std::optional<T> back = Decoded<T>(first);
  FUZZ_CHECK(back.has_value());
  const auto again = read(*back);
  FUZZ_CHECK(again.ok());
  FUZZ_CHECK(Encoded(*write(*again)) == first);
}

void CheckConstraints(std::string_view bytes) {
  Check<thrift::SQLAllTableConstraints>(
      bytes, [](const auto& sent) { return ToModel(sent); },
      [](const TableConstraints& found) -> std::optional<thrift::SQLAllTableConstraints> {
        if (!CanBeSent(found.table.database)) return std::nullopt;
        thrift::SQLAllTableConstraints rows = ToThrift(found.catalog, found.table, found.constraints);
        return rows;
      });
}

void CheckPrivilege(std::string_view bytes) {
  const auto sent = Decoded<thrift::HiveObjectPrivilege>(bytes);
  if (!sent) return;
  const absl::StatusOr<GrantArgument> found = ToModel(*sent);
  if (!found.ok() || !CanBeSent(found->grant.on.database)) return;
  std::vector<lodestone::GrantEntry> entries;
  for (const lodestone::Privilege privilege : found->grant.privileges.ToVector()) {
    entries.push_back({.grantee = found->grant.to, .privilege = privilege, .on = found->grant.on, .grantor = "g"});
  }
  lodestone::PrivilegeSet said;
  for (const thrift::HiveObjectPrivilege& row : ToThrift(found->catalog, entries)) {
    const absl::StatusOr<GrantArgument> back = ToModel(row);
    FUZZ_CHECK(back.ok() && back->grant.on == found->grant.on && back->grant.to == found->grant.to);
    said |= back->grant.privileges;
  }
  FUZZ_CHECK(said == found->grant.privileges);
}

void CheckSpec(std::string_view bytes) {
  const auto sent = Decoded<thrift::PartitionSpec>(bytes);
  if (!sent) return;
  const auto found = ToModel(*sent);
  if (!found.ok()) return;
  for (const lodestone::model::v1::Partition& partition : *found) {
    FUZZ_CHECK(Decoded<thrift::Partition>(Encoded(ToThrift(partition))).has_value());
  }
}

void CheckTexts(std::string_view text) {
  if (const absl::StatusOr<DatabaseArgument> found = ParseDatabase(text); found.ok()) {
    FUZZ_CHECK(!found->catalog.empty());
    const absl::StatusOr<DatabaseArgument> again = ParseDatabase(ComposeDatabase(found->catalog, found->database));
    // `!` behind the mark is the empty text.
    FUZZ_CHECK(again.ok() && (*again == *found || found->database == "!"));
  }
  if (const std::optional<thrift::Decimal> decimal = ParseDecimal(text)) {
    const absl::StatusOr<std::string> plain = ToText(*decimal);
    FUZZ_CHECK(plain.ok());
    FUZZ_CHECK(ParseDecimal(*plain).has_value() || plain->size() > 96);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string_view bytes(reinterpret_cast<const char*>(data) + 1, size - 1);
  const auto read = [](const auto& sent) { return ToModel(sent); };
  switch (data[0] % 10) {
    case 0:
      Check<thrift::Table>(bytes, read, [](const auto& record) {
        return CanBeSent(record.database()) ? std::optional(ToThrift(record)) : std::nullopt;
      });
      break;
    case 1:
      Check<thrift::Partition>(bytes, read, [](const auto& record) {
        return CanBeSent(record.database()) ? std::optional(ToThrift(record)) : std::nullopt;
      });
      break;
    case 2:
      Check<thrift::Database>(bytes, read, [](const auto& record) {
        return CanBeSent(record.name()) ? std::optional(ToThrift(record)) : std::nullopt;
      });
      break;
    case 3:
      Check<thrift::Function>(bytes, read, [](const auto& record) {
        return CanBeSent(record.database()) ? std::optional(ToThrift(record)) : std::nullopt;
      });
      break;
    case 4:
      Check<thrift::ColumnStatistics>(bytes, read, [](const StatisticsUpdate& found) {
        return CanBeSent(found.target.table.database) ? std::optional(ToThrift(found.target, found.columns))
                                                      : std::nullopt;
      });
      break;
    case 5:
      CheckConstraints(bytes);
      break;
    case 6:
      CheckPrivilege(bytes);
      break;
    case 7:
      CheckSpec(bytes);
      break;
    case 8:
      Check<thrift::Catalog>(bytes, read, [](const auto& record) { return std::optional(ToThrift(record)); });
      break;
    default:
      CheckTexts(bytes);
  }
  return 0;
}
