// The keys of locks, transactions and write ids, beside keys.h: built and taken apart here alone.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "catalog/record/ids.h"
#include "catalog/store/store.h"

namespace lodestone::record {

std::string TransactionNumbersKey();

// --- Locks ---
std::string LockKey(int64_t lock);
std::string LockComponentsKey(int64_t lock);
store::KeyRange Locks();
store::KeyRange AllLockComponents();

// --- Transactions: one of three keys for each that is remembered ---
std::string OpenTransactionKey(int64_t transaction);
std::string AbortedTransactionKey(int64_t transaction);
std::string CommittedTransactionKey(int64_t transaction);
// Those with this id or a greater one.
store::KeyRange OpenTransactions(int64_t first = 0);
store::KeyRange AbortedTransactions();
store::KeyRange CommittedTransactions(int64_t first = 0);
// The lock or transaction in one of the keys above. REQUIRES: the key is one.
int64_t NumberInKey(std::string_view key);

// --- Write ids ---

// Where the write ids of one table stand: with the table; or, as long as there is none of the name, by themselves.
struct WriteSpace {
  TableId table{};
  // Only without a table: lower case, not empty, without control characters.
  std::string catalog{};
  std::string database{};
  std::string name{};
  bool operator==(const WriteSpace&) const = default;
};
std::string WriteIdStateKey(const WriteSpace& space);
std::string WriteIdKey(const WriteSpace& space, int64_t write_id);
// Single write ids from `first` on, without the state.
store::KeyRange WriteIds(const WriteSpace& space, int64_t first = 0);
// The write id at the end of a WriteIdKey. REQUIRES: the key is one.
int64_t WriteIdInKey(std::string_view key);
// Of tables that are not there.
store::KeyRange UnbornWriteIds();
struct UnbornKeyParts {
  WriteSpace space;
  std::optional<int64_t> write_id;  // nullopt: the key of the state
};
// nullopt: the key is neither.
std::optional<UnbornKeyParts> ParseUnborn(std::string_view key);

// What a transaction has in one space.
std::string AllocatedWriteIdKey(int64_t transaction, const WriteSpace& space);
store::KeyRange AllocatedWriteIds(int64_t transaction);
store::KeyRange AllAllocatedWriteIds();
struct AllocatedKeyParts {
  int64_t transaction;
  WriteSpace space;
};
// nullopt: the key is none.
std::optional<AllocatedKeyParts> ParseAllocated(std::string_view key);

}  // namespace lodestone::record
