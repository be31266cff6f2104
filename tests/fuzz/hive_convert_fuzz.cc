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
#include "bindings/hive/convert/event.h"
#include "bindings/hive/convert/function.h"
#include "bindings/hive/convert/lock.h"
#include "bindings/hive/convert/names.h"
#include "bindings/hive/convert/partition.h"
#include "bindings/hive/convert/partition_spec.h"
#include "bindings/hive/convert/privileges.h"
#include "bindings/hive/convert/statistics.h"
#include "bindings/hive/convert/table.h"
#include "bindings/hive/convert/transaction.h"
#include "bindings/hive/message_reader.h"
#include "bindings/hive/protocol.h"
#include "catalog/names.h"
#include "catalog/statistics.h"
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

// Rolled up with what was sent once more, they are what they are once.
void CheckRollUp(const std::vector<lodestone::model::v1::ColumnStatistics>& columns) {
  for (const lodestone::model::v1::ColumnStatistics& one : columns) {
    lodestone::model::v1::ColumnStatistics merged = one;
    FUZZ_CHECK(lodestone::MergeStatistics(one, &merged));
    FUZZ_CHECK(merged.data_case() == one.data_case() && merged.num_distinct() == one.num_distinct());
    FUZZ_CHECK(one.num_nulls() < 0 ? merged.num_nulls() == -1 : merged.num_nulls() >= one.num_nulls());
    FUZZ_CHECK(merged.has_long_data() == false || merged.long_data().low() == one.long_data().low());
  }
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

// Of requests alone, for which nothing is answered that has their shape.
template <typename T>
void CheckRequest(std::string_view bytes) {
  const std::optional<T> sent = Decoded<T>(bytes);
  if (!sent) return;
  const auto record = ToModel(*sent);
  FUZZ_CHECK(record.ok() ||
             (record.status().code() == absl::StatusCode::kInvalidArgument && !record.status().message().empty()));
}

void CheckLock(std::string_view bytes) {
  CheckRequest<thrift::LockRequest>(bytes);
  const auto sent = Decoded<thrift::LockRequest>(bytes);
  if (!sent) return;
  const absl::StatusOr<lodestone::LockRequest> request = ToModel(*sent);
  if (!request.ok()) return;
  for (const lodestone::LockComponent& component : request->components) {
    const thrift::ShowLocksResponseElement shown = ToThrift(lodestone::LockInfo{.on = component});
    FUZZ_CHECK(Decoded<thrift::ShowLocksResponseElement>(Encoded(shown)).has_value());
  }
}

void CheckOpenTxnsOf(std::string_view bytes) {
  const auto sent = Decoded<thrift::GetOpenTxnsRequest>(bytes);
  if (!sent) return;
  const auto types = ToModel(sent->excludeTxnTypes);
  FUZZ_CHECK(types.ok() || types.status().code() == absl::StatusCode::kInvalidArgument);
}

// As the ids that are told for aborted transactions: bit i is that of the i-th.
void CheckBits(std::string_view text) {
  std::vector<bool> aborted;
  for (const char c : text) aborted.push_back((c & 1) != 0);
  const std::string bits = ToBits(aborted);
  FUZZ_CHECK(bits.size() <= aborted.size() / 8 + 1 && (bits.empty() || bits.back() != 0));
  for (std::size_t i = 0; i < aborted.size(); ++i) {
    const bool is_set = i / 8 < bits.size() && (static_cast<unsigned char>(bits[i / 8]) >> (i % 8) & 1U) != 0;
    FUZZ_CHECK(is_set == aborted[i]);
  }
}

// An event of a partition with this name, and of objects with it: told, or the name is none.
void CheckEvent(std::string_view text) {
  lodestone::model::v1::Event event;
  event.set_kind(lodestone::model::v1::Event::ALTER_PARTITIONS);
  event.set_database(std::string(text));
  event.set_object(std::string(text));
  event.add_partitions(std::string(text));
  const absl::StatusOr<thrift::NotificationEvent> told = ToThrift(event);
  FUZZ_CHECK(told.ok() == lodestone::SplitPartitionName(text).ok());
  if (!told.ok()) {
    FUZZ_CHECK(told.status().code() == absl::StatusCode::kDataLoss);
    return;
  }
  FUZZ_CHECK(Decoded<thrift::NotificationEvent>(Encoded(*told)).has_value() || text.size() > 1'000);
}

void CheckTexts(std::string_view text) {
  if (const absl::StatusOr<DatabaseArgument> found = ParseDatabase(text); found.ok()) {
    FUZZ_CHECK(!found->catalog.empty());
    const absl::StatusOr<DatabaseArgument> again = ParseDatabase(ComposeDatabase(found->catalog, found->database));
    // `!` behind the mark is the empty text.
    FUZZ_CHECK(again.ok() && (*again == *found || found->database == "!"));
  }
  if (const absl::StatusOr<lodestone::WriteTable> table = ParseWriteTable(text); table.ok()) {
    FUZZ_CHECK(!table->catalog.empty() && text.ends_with("." + table->table));
  }
  CheckBits(text);
  CheckEvent(text);
  if (const std::optional<thrift::Decimal> decimal = ParseDecimal(text)) {
    const absl::StatusOr<std::string> plain = ToText(*decimal);
    FUZZ_CHECK(plain.ok());
    FUZZ_CHECK(ParseDecimal(*plain).has_value() || plain->size() > 96);
  }
}

// Of locks and transactions.
void CheckRequests(int kind, std::string_view bytes) {
  switch (kind) {
    case 10:
      CheckRequest<thrift::OpenTxnRequest>(bytes);
      break;
    case 11:
      CheckRequest<thrift::CommitTxnRequest>(bytes);
      break;
    case 12:
      CheckRequest<thrift::AbortTxnRequest>(bytes);
      break;
    case 13:
      CheckLock(bytes);
      break;
    case 14:
      CheckRequest<thrift::ShowLocksRequest>(bytes);
      break;
    default:
      CheckOpenTxnsOf(bytes);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string_view bytes(reinterpret_cast<const char*>(data) + 1, size - 1);
  const auto read = [](const auto& sent) { return ToModel(sent); };
  switch (data[0] % 16) {
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
        CheckRollUp(found.columns);
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
    case 9:
      CheckTexts(bytes);
      break;
    default:
      CheckRequests(data[0] % 16, bytes);
  }
  return 0;
}
