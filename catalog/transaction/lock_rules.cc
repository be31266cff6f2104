#include "catalog/transaction/lock_rules.h"

namespace lodestone::transaction {

namespace {

// [asked][held], in the order of LockType: shared read, shared write, exclusive, exclusive write.
constexpr bool kWaits[kLockTypes][kLockTypes] = {
    {false, false, true, false},
    {false, false, true, true},
    {true, true, true, true},
    {false, true, true, true},
};

}  // namespace

bool IsInTheWay(LockType held, Level held_on, LockType asked, Level asked_on) {
  // Who reads a database wants it to stay, and has nothing against a table of it being dropped or overwritten.
  const bool held_reads_around = held == LockType::kSharedRead && held_on == Level::kDatabase;
  const bool asked_reads_around = asked == LockType::kSharedRead && asked_on == Level::kDatabase;
  if (held_reads_around && asked == LockType::kExclusive && asked_on == Level::kBelow) return false;
  if (asked_reads_around && held == LockType::kExclusive && held_on == Level::kBelow) return false;
  return kWaits[static_cast<int>(asked) - 1][static_cast<int>(held) - 1];
}

}  // namespace lodestone::transaction
