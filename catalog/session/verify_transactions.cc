#include "catalog/session/verify_transactions.h"

#include <optional>
#include <string>
#include <utility>

#include "catalog/base/status_macros.h"
#include "catalog/base/strings.h"
#include "catalog/record/keys.h"
#include "catalog/session/context.h"
#include "catalog/session/objects.h"
#include "catalog/transaction/lock_rules.h"
#include "catalog/transaction/work.h"

namespace lodestone::session {

namespace {

using base::StrCat;
using record::WriteSpace;
using record::v1::AllocatedWriteId;
using record::v1::LockComponents;
using record::v1::LockRecord;
using record::v1::TransactionNumbers;
using record::v1::TransactionRecord;
using record::v1::WriteIdRecord;
using record::v1::WriteIdState;

// How many of its three keys a transaction has.
absl::StatusOr<int> CountKeys(const store::Reader& reader, int64_t id) {
  const std::string keys[] = {record::OpenTransactionKey(id), record::AbortedTransactionKey(id),
                              record::CommittedTransactionKey(id)};
  ASSIGN_OR_RETURN(const auto values, reader.MultiGet(keys));
  int count = 0;
  for (const auto& value : values) count += value ? 1 : 0;
  return count;
}

class TransactionVerifier {
 public:
  TransactionVerifier(const store::Reader& reader, const ReportFinding& report) : reader_(reader), report_(report) {}

  absl::Status Run() {
    const std::string key = record::TransactionNumbersKey();
    numbers_ = transaction::FirstNumbers();
    ASSIGN_OR_RETURN(const auto value, reader_.Get(key));
    if (value && !Decode(key, *value, &numbers_)) return absl::OkStatus();  // nothing can be said without them
    using V = TransactionVerifier;
    RETURN_IF_ERROR(ForAll(record::Locks(), &V::CheckLock));
    RETURN_IF_ERROR(ForAll(record::AllLockComponents(), &V::CheckComponents));
    RETURN_IF_ERROR(ForAll(record::OpenTransactions(), &V::CheckOpen));
    RETURN_IF_ERROR(ForAll(record::AbortedTransactions(), &V::CheckEnded));
    RETURN_IF_ERROR(ForAll(record::CommittedTransactions(), &V::CheckCommitted));
    RETURN_IF_ERROR(ForAll(record::AllAllocatedWriteIds(), &V::CheckAllocated));
    return ForAll(record::UnbornWriteIds(), &V::CheckUnborn);
  }

 private:
  using Check = absl::Status (TransactionVerifier::*)(std::string_view key, std::string_view value);

  absl::Status ForAll(const store::KeyRange& range, Check check) {
    return ForEach(reader_, range, [&](std::string_view key, std::string_view value) {
      return record::IsWellFormed(key) ? (this->*check)(key, value) : absl::OkStatus();
    });
  }
  template <typename Message>
  bool Decode(std::string_view key, std::string_view value, Message* message) {
    const absl::Status decoded = DecodeAt(key, value, message);
    if (!decoded.ok()) report_(key, base::ToStd(decoded.message()));
    return decoded.ok();
  }

  absl::Status CheckLock(std::string_view key, std::string_view value) {
    const int64_t lock = record::NumberInKey(key);
    if (lock >= numbers_.next_lock()) report_(key, StrCat("the next lock is ", numbers_.next_lock()));
    LockRecord record;
    if (!Decode(key, value, &record)) return absl::OkStatus();
    ASSIGN_OR_RETURN(const auto components, reader_.Get(record::LockComponentsKey(lock)));
    if (!components) report_(key, "its components are not there");
    if (record.acquired() && record.blocked_component() != 0) report_(key, "it is acquired, and waits for another");
    if (record.blocked_by_lock() >= lock) report_(key, StrCat("it waits for a later one, ", record.blocked_by_lock()));
    if (record.transaction() == 0) return absl::OkStatus();
    ASSIGN_OR_RETURN(const auto transaction, reader_.Get(record::OpenTransactionKey(record.transaction())));
    if (!transaction) report_(key, StrCat("its transaction ", record.transaction(), " is not open"));
    return absl::OkStatus();
  }

  absl::Status CheckComponents(std::string_view key, std::string_view value) {
    ASSIGN_OR_RETURN(const auto lock, reader_.Get(record::LockKey(record::NumberInKey(key))));
    if (!lock) report_(key, "there is no such lock");
    LockComponents record;
    if (!Decode(key, value, &record)) return absl::OkStatus();
    if (record.components().empty()) report_(key, "there are none");
    for (const LockComponents::Component& component : record.components()) {
      if (component.type() < 1 || component.type() > transaction::kLockTypes) {
        report_(key, StrCat("there is no type ", component.type()));
      }
      for (const std::string* name : {&component.catalog(), &component.database(), &component.table()}) {
        if (base::AsciiLower(*name) != *name) report_(key, StrCat("it has upper case: ", base::Quoted(*name)));
      }
      const bool named = !component.catalog().empty() && !component.database().empty();
      if (!named || (component.table().empty() && !component.partition().empty())) {
        report_(key, "a name is missing in it");
      }
    }
    return absl::OkStatus();
  }

  // What open, aborted and committed ones have in common.
  absl::Status CheckTransaction(std::string_view key, std::string_view value, TransactionRecord* record) {
    const int64_t id = record::NumberInKey(key);
    if (id >= numbers_.next_transaction()) {
      report_(key, StrCat("the next transaction is ", numbers_.next_transaction()));
    }
    ASSIGN_OR_RETURN(const int keys, CountKeys(reader_, id));
    if (keys > 1) report_(key, "it is in another state as well");
    if (Decode(key, value, record) && (record->min_history() < 1 || record->min_history() > id)) {
      report_(key, StrCat("the least one that was open when it was opened is said to be ", record->min_history()));
    }
    return absl::OkStatus();
  }

  absl::Status CheckOpen(std::string_view key, std::string_view value) {
    TransactionRecord record;
    RETURN_IF_ERROR(CheckTransaction(key, value, &record));
    if (record::NumberInKey(key) < numbers_.first_open()) {
      report_(key, StrCat("the first open one is said to be ", numbers_.first_open()));
    }
    if (record.min_history() < last_min_history_) {
      report_(key, StrCat("when it was opened ", record.min_history(), " is said to have been open, and when the one ",
                          "before it was, ", last_min_history_, " was the least"));
    }
    last_min_history_ = std::max(last_min_history_, record.min_history());
    return absl::OkStatus();
  }

  absl::Status CheckEnded(std::string_view key, std::string_view value) {
    TransactionRecord record;
    return CheckTransaction(key, value, &record);
  }

  absl::Status CheckCommitted(std::string_view key, std::string_view value) {
    if (record::NumberInKey(key) < numbers_.first_committed()) {
      report_(key, StrCat("the first committed one is said to be ", numbers_.first_committed()));
    }
    return CheckEnded(key, value);
  }

  absl::Status CheckAllocated(std::string_view key, std::string_view value) {
    const record::AllocatedKeyParts parts = *record::ParseAllocated(key);
    ASSIGN_OR_RETURN(const int keys, CountKeys(reader_, parts.transaction));
    if (keys == 0) report_(key, "the transaction is not there");
    AllocatedWriteId record;
    if (!Decode(key, value, &record)) return absl::OkStatus();
    // Tables that are gone take their write ids along; what their transactions have goes later.
    ASSIGN_OR_RETURN(const auto state, reader_.Get(record::WriteIdStateKey(parts.space)));
    if (!state && parts.space.table) return absl::OkStatus();
    ASSIGN_OR_RETURN(const auto write, transaction::ReadRecord<WriteIdRecord>(
                                           reader_, record::WriteIdKey(parts.space, record.write_id())));
    if (!write || write->transaction() != parts.transaction) {
      report_(key, StrCat("write id ", record.write_id(), " is not its"));
    }
    return absl::OkStatus();
  }

  absl::Status CheckUnborn(std::string_view key, std::string_view value) {
    const record::UnbornKeyParts parts = *record::ParseUnborn(key);
    if (!parts.write_id) {  // comes before the write ids
      unborn_ = {parts.space, WriteIdState()};
      if (!Decode(key, value, &unborn_->second)) unborn_.reset();
      return absl::OkStatus();
    }
    const bool has_state = unborn_ && unborn_->first == parts.space;
    return VerifyWriteId(reader_, parts.space, has_state ? &unborn_->second : nullptr, key, value, report_);
  }

  const store::Reader& reader_;
  const ReportFinding& report_;
  TransactionNumbers numbers_;
  int64_t last_min_history_ = 0;
  std::optional<std::pair<WriteSpace, WriteIdState>> unborn_;
};

}  // namespace

absl::Status VerifyTransactions(const store::Reader& reader, const ReportFinding& report) {
  return TransactionVerifier(reader, report).Run();
}

absl::Status VerifyWriteId(const store::Reader& reader, const WriteSpace& space, const WriteIdState* state,
                           std::string_view key, std::string_view value, const ReportFinding& report) {
  const int64_t write_id = record::WriteIdInKey(key);
  if (state == nullptr) {
    report(key, "its table says nothing of write ids");
  } else if (write_id < state->first() || write_id >= state->next()) {
    report(key, StrCat("expected one from ", state->first(), " on and below ", state->next()));
  }
  WriteIdRecord record;
  const absl::Status decoded = DecodeAt(key, value, &record);
  if (!decoded.ok()) {
    report(key, base::ToStd(decoded.message()));
    return absl::OkStatus();
  }
  ASSIGN_OR_RETURN(const int keys, CountKeys(reader, record.transaction()));
  if (keys == 0) report(key, StrCat("there is no transaction ", record.transaction()));
  ASSIGN_OR_RETURN(const auto allocated, transaction::ReadRecord<AllocatedWriteId>(
                                             reader, record::AllocatedWriteIdKey(record.transaction(), space)));
  if (!allocated || allocated->write_id() != write_id) {
    report(key, StrCat("transaction ", record.transaction(), " does not know of it"));
  }
  return absl::OkStatus();
}

}  // namespace lodestone::session
