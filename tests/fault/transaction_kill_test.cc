// Locks, transactions and write ids survive SIGKILL: a child takes them and says which it has, the parent kills it at a
// random moment and looks.
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstring>
#include <random>
#include <set>
#include <thread>

#include "catalog/base/strings.h"
#include "catalog/metastore.h"
#include "tests/support/child_process.h"
#include "tests/support/content.h"
#include "tests/support/matchers.h"
#include "tests/support/soak.h"
#include "tests/support/temp_folder.h"

namespace lodestone {
namespace {

using base::StrCat;

const WriteTable kTable{.database = "web", .table = "hits"};

struct Ack {
  enum Kind : int64_t { kOpened, kLocked, kUnlocked, kTransaction, kWriteId, kCommitted } kind;
  int64_t id;
};

void Say(Ack::Kind kind, int64_t id) {
  const Ack ack{kind, id};
  ASSERT_EQ(write(testing::kChildOut, &ack, sizeof ack), static_cast<ssize_t>(sizeof ack));
}

TEST(TransactionKillTest, DISABLED_ChildWorks) {
  auto metastore = Metastore::Open(std::getenv("LODESTONE_STORE"));
  ASSERT_OK(metastore);
  Transactions calls = (*metastore)->TransactionsAs();
  Say(Ack::kOpened, 0);
  for (int round = 0;; ++round) {
    // Each on a table of its own: whatever was locked before the last kill is held by nobody who answers.
    auto lock = calls.Lock(
        {.components = {
             {.type = LockType::kExclusive, .database = "web", .table = StrCat("t", getpid(), "_", round)}}});
    ASSERT_OK(lock);
    ASSERT_EQ(lock->state, LockState::kAcquired);
    Say(Ack::kLocked, lock->lock);
    auto opened = calls.Open({});
    ASSERT_OK(opened);
    Say(Ack::kTransaction, opened->front());
    auto given = calls.AllocateWriteIds(kTable, *opened);
    ASSERT_OK(given);
    Say(Ack::kWriteId, given->front().write_id);
    if (round % 2 == 0) continue;
    ASSERT_OK(calls.Commit(opened->front()));
    Say(Ack::kCommitted, opened->front());
    Say(Ack::kUnlocked, lock->lock);  // said before it is done: from here on nobody is promised it
    ASSERT_OK(calls.Unlock(lock->lock));
  }
}

// What the children said so far.
struct Known {
  std::set<int64_t> locks;
  std::set<int64_t> transactions;
  std::set<int64_t> committed;
  int64_t write_id = 0;

  void Note(const Ack& ack) {
    if (ack.kind == Ack::kLocked) locks.insert(ack.id);
    if (ack.kind == Ack::kUnlocked) locks.erase(ack.id);
    if (ack.kind == Ack::kTransaction) {
      EXPECT_TRUE(transactions.insert(ack.id).second) << "given out twice: " << ack.id;
    }
    if (ack.kind == Ack::kCommitted) committed.insert(ack.id);
    if (ack.kind == Ack::kWriteId) {
      EXPECT_GT(ack.id, write_id) << "given out twice";
      write_id = ack.id;
    }
  }
};

TEST(TransactionKillTest, WhatWasAcknowledgedIsThere) {
  const uint64_t seed = testing::SeedOr(20261122);
  SCOPED_TRACE(StrCat("LODESTONE_SEED=", seed));
  std::mt19937_64 random(seed);
  testing::TempFolder folder;
  const std::string path = folder / "store";
  Known known;
  for (int kill = 0; kill < testing::Soaked(15) && !::testing::Test::HasFailure(); ++kill) {
    SCOPED_TRACE(StrCat("kill ", kill));
    std::string said;
    {
      testing::ChildProcess child("TransactionKillTest.DISABLED_ChildWorks", {{"LODESTONE_STORE", path}});
      // What it says is counted, so that a slow one too has done each kind of work before it is killed.
      said = child.ReadBytes((10 + random() % 8) * sizeof(Ack));
      std::this_thread::sleep_for(std::chrono::microseconds(random() % 40'000));
      child.Kill();
      said += child.ReadRest();
    }
    for (std::size_t at = 0; at + sizeof(Ack) <= said.size(); at += sizeof(Ack)) {
      Ack ack;
      std::memcpy(&ack, said.data() + at, sizeof ack);
      known.Note(ack);
    }
    auto metastore = Metastore::Open(path);
    ASSERT_OK(metastore);
    Transactions calls = (*metastore)->TransactionsAs();
    for (const int64_t lock : known.locks) {
      const auto held = calls.CheckLock(lock);
      ASSERT_OK(held) << "lock " << lock;
      EXPECT_EQ(held->state, LockState::kAcquired);
    }
    const auto list = calls.GetOpen();
    ASSERT_OK(list);
    if (!known.transactions.empty()) {
      EXPECT_GE(list->high_water_mark, *known.transactions.rbegin());
    }
    for (const int64_t id : known.committed) EXPECT_TRUE(list->IsValid(id)) << id;
    EXPECT_GE(*calls.MaxWriteId(kTable), known.write_id);
    const auto findings = testing::FindingsOf(**metastore);
    ASSERT_OK(findings);
    EXPECT_EQ(*findings, "");
  }
  EXPECT_FALSE(known.locks.empty());
  EXPECT_FALSE(known.committed.empty());
}

}  // namespace
}  // namespace lodestone
