#include "catalog/transaction/work.h"

#include "catalog/base/status_macros.h"

namespace lodestone::transaction {

using record::v1::TransactionNumbers;

TransactionNumbers FirstNumbers() {
  TransactionNumbers numbers;
  numbers.set_next_lock(1);
  numbers.set_next_transaction(1);
  numbers.set_first_open(1);
  numbers.set_first_committed(1);
  return numbers;
}

absl::StatusOr<TransactionNumbers> ReadNumbers(const store::Reader& reader) {
  ASSIGN_OR_RETURN(const auto found, ReadRecord<TransactionNumbers>(reader, record::TransactionNumbersKey()));
  return found ? *found : FirstNumbers();
}

absl::Status Work::Begin() {
  ASSIGN_OR_RETURN(numbers_, ReadNumbers(txn_));
  locks_.mutex().AssertHeld();
  return locks_.Sync(txn_, numbers_.lock_change());
}

void Work::Finish() {
  if (numbers_changed_) PutRecord(txn_, record::TransactionNumbersKey(), numbers_);
}

LockTable& Work::mutable_locks() {
  locks_.mutex().AssertHeld();
  if (!locks_changed_) mutable_numbers().set_lock_change(locks_.BeginChange());
  locks_changed_ = true;
  return locks_;
}

}  // namespace lodestone::transaction
