// What the calls about locks and transactions have in common: one transaction of the store, the time, and the numbers.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "catalog/record/format.h"
#include "catalog/record/keys.h"
#include "catalog/record/transaction_keys.h"
#include "catalog/store/store.h"
#include "catalog/transaction/lock_table.h"
#include "lodestone/record/v1/transaction.pb.h"

namespace lodestone::transaction {

// As of when, and how long leases are.
struct Times {
  int64_t now_ms = 0;
  int64_t lease_ms = 0;
  // Whether what was last heard of then is over.
  bool IsOver(int64_t last_heartbeat_ms) const { return now_ms - last_heartbeat_ms >= lease_ms; }
};

// nullopt: there is none. DataLoss names the key.
template <typename Message>
absl::StatusOr<std::optional<Message>> ReadRecord(const store::Reader& reader, std::string_view key);
// Calls `visit` with each key and record of the range. The keys must not be changed meanwhile.
template <typename Message>
absl::Status ForEachRecord(const store::Reader& reader, const store::KeyRange& range,
                           absl::FunctionRef<absl::Status(std::string_view key, const Message&)> visit);
inline void PutRecord(store::Transaction& txn, std::string_view key, const google::protobuf::MessageLite& message) {
  txn.Put(key, record::EncodeRecord(message));
}

// What a store has that has none stored.
record::v1::TransactionNumbers FirstNumbers();
absl::StatusOr<record::v1::TransactionNumbers> ReadNumbers(const store::Reader& reader);

// Every failure of a call that carries a DomainError is an answer: what the call did before it (ending what is over)
// stays. So a call checks all before it does anything of its own. Not thread-safe.
class Work {
 public:
  // All outlive the object; the mutex of `locks` is held for as long as it lives.
  Work(store::Transaction& txn, LockTable& locks, const Times& times) : txn_(txn), locks_(locks), times_(times) {}
  Work(const Work&) = delete;
  Work& operator=(const Work&) = delete;

  // First of all.
  absl::Status Begin();
  // Last of all: writes the numbers where they changed.
  void Finish();

  store::Transaction& txn() { return txn_; }
  const Times& times() const { return times_; }
  int64_t now_ms() const { return times_.now_ms; }
  const record::v1::TransactionNumbers& numbers() const { return numbers_; }
  record::v1::TransactionNumbers& mutable_numbers() {
    numbers_changed_ = true;
    return numbers_;
  }
  const LockTable& locks() const { return locks_; }
  // Notes that there are other locks now than before.
  LockTable& mutable_locks();

 private:
  store::Transaction& txn_;
  LockTable& locks_;
  const Times times_;
  record::v1::TransactionNumbers numbers_;
  bool numbers_changed_ = false;
  bool locks_changed_ = false;
};

// --- Implementation of the templates ---

template <typename Message>
absl::StatusOr<std::optional<Message>> ReadRecord(const store::Reader& reader, std::string_view key) {
  auto value = reader.Get(key);
  if (!value.ok()) return value.status();
  if (!value->has_value()) return std::optional<Message>();
  std::optional<Message> message(std::in_place);
  absl::Status decoded = record::DecodeRecord(**value, record::Describe(key), &*message);
  if (!decoded.ok()) return decoded;
  return message;
}

template <typename Message>
absl::Status ForEachRecord(const store::Reader& reader, const store::KeyRange& range,
                           absl::FunctionRef<absl::Status(std::string_view key, const Message&)> visit) {
  const auto cursor = reader.NewCursor(range);
  for (cursor->SeekToFirst(); cursor->Valid(); cursor->Next()) {
    Message message;
    absl::Status done = record::DecodeRecord(cursor->value(), record::Describe(cursor->key()), &message);
    if (done.ok()) done = visit(cursor->key(), message);
    if (!done.ok()) return done;
  }
  return cursor->status();
}

}  // namespace lodestone::transaction
