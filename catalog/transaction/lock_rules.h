// Which locks are in each other's way.
#pragma once

#include "catalog/transactions.h"

namespace lodestone::transaction {

inline constexpr int kLockTypes = 4;  // numbered from 1

enum class Level { kDatabase, kBelow };  // tables and partitions go together

// Whether a lock that is asked for has to wait for an earlier one, given that one of the two is on something in which
// the other is, or both are on the same.
bool IsInTheWay(LockType held, Level held_on, LockType asked, Level asked_on);

}  // namespace lodestone::transaction
