// Random histories of locks, transactions and write ids, with time that passes, restarts, and commits of the store that
// fail: the library and the plain twin give the same answers, step by step. A seed is printed with every failure.
#include "tests/model/transaction_twin.h"

#include <algorithm>
#include <array>
#include <random>

#include "catalog/errors.h"
#include "catalog/metastore.h"
#include "catalog/store/memory/memory_store.h"
#include "tests/support/forwarding_store.h"
#include "tests/support/matchers.h"
#include "tests/support/soak.h"

namespace lodestone::twin {
namespace {

constexpr int64_t kStart = 1'700'000'000'000;
constexpr int64_t kLease = 1'000;

// What the answers mean to the twin; nullopt: something that no call should answer.
std::optional<Answer> AnswerOf(const absl::Status& status) {
  if (status.ok()) return Answer::kOk;
  const auto error = DomainErrorOf(status);
  if (!error) return std::nullopt;
  switch (error->kind) {
    case ErrorKind::kNoSuchLock:
      return Answer::kNoSuchLock;
    case ErrorKind::kNoSuchTransaction:
      return Answer::kNoSuchTransaction;
    case ErrorKind::kTransactionAborted:
      return Answer::kAborted;
    case ErrorKind::kTransactionOpen:
      return Answer::kHeld;
    case ErrorKind::kInvalidOperation:
      return Answer::kReadOnly;
    default:
      return std::nullopt;
  }
}

// An engine whose next commit fails when told to: nothing of it happens.
class FailingStore final : public testing::ForwardingStore {
 public:
  using ForwardingStore::ForwardingStore;
  absl::StatusOr<std::unique_ptr<store::Transaction>> Begin() override {
    auto txn = base_->Begin();
    if (!txn.ok()) return txn.status();
    return std::make_unique<Failing>(*std::move(txn), &fail_next);
  }
  bool fail_next = false;

 private:
  class Failing final : public testing::ForwardingTransaction {
   public:
    Failing(std::unique_ptr<store::Transaction> base, bool* fail)
        : ForwardingTransaction(std::move(base)), fail_(fail) {}
    absl::StatusOr<store::Version> Commit(store::Durability durability) override {
      if (!std::exchange(*fail_, false)) return base_->Commit(durability);
      base_.reset();
      return absl::UnavailableError("the commit was made to fail");
    }
    bool* const fail_;
  };
};

enum Kind { kLock, kRefused, kWaited, kGotLater, kOver, kCommit, kStaleList, kFailed, kRestart, kKinds };

class Twins {
 public:
  Twins(uint64_t seed, std::array<int, kKinds>* done) : random_(seed), done_(*done), base_(store::NewMemoryStore()) {
    plain_.SetNow(kStart);
    if (!Restart()) return;
    for (const char* name : {"a", "b", "c"}) {
      model::v1::Table table;
      table.set_database("default");
      table.set_name(name);
      auto* column = table.mutable_storage_descriptor()->add_columns();
      column->set_name("id");
      column->set_type("bigint");
      EXPECT_OK(metastore_->Local().CreateTable(table));
    }
  }

  // False after a difference, which was reported.
  bool Step() {
    const int what = Below(100);
    if (what < 10) return Pass(Below(static_cast<int>(kLease) / 2));
    if (what < 11) return Pass(kLease);
    if (what < 13) return Restart();
    if (what < 15) return Maintain();
    if (what < 18) return Fail();
    if (what < 36) return Lock();
    if (what < 50) return Check();
    if (what < 58) return Unlock();
    if (what < 64) return Heartbeat();
    if (what < 72) return Open();
    if (what < 79) return Commit();
    if (what < 82) return Abort();
    if (what < 90) return Allocate();
    if (what < 94) return CompareLocks();
    if (what < 97) return CompareTransactions();
    return CompareWrites();
  }

  bool CompareAll() { return CompareLocks() && CompareTransactions() && CompareWrites() && Sound(); }

 private:
  int Below(int n) { return std::uniform_int_distribution<int>(0, n - 1)(random_); }
  bool OneIn(int n) { return Below(n) == 0; }
  Transactions Calls() { return metastore_->TransactionsAs(); }

  bool Same(const absl::Status& found, Answer expected, const std::string& what) {
    if (AnswerOf(found) == expected) return true;
    ADD_FAILURE() << what << ": expected " << static_cast<int>(expected) << ", found " << found;
    return false;
  }
  template <typename T>
  bool Equal(const T& found, const T& expected, const std::string& what) {
    EXPECT_EQ(found, expected) << what;
    return found == expected;
  }

  // Mostly one that there is, or was.
  int64_t SomeLock() { return std::max<int64_t>(0, last_lock_ + 2 - Below(12)); }
  int64_t SomeTransaction() {
    return std::max<int64_t>(0, static_cast<int64_t>(plain_.transactions().size()) + 2 - Below(12));
  }
  std::string SomeTable() { return std::string(1, static_cast<char>('a' + Below(3))); }
  LockComponent SomeComponent() {
    LockComponent component{.type = static_cast<LockType>(1 + Below(4)), .database = OneIn(5) ? "e" : "d"};
    if (OneIn(4)) return component;
    component.table = SomeTable();
    if (OneIn(2)) component.partition = OneIn(2) ? "p=1" : "p=2";
    return component;
  }

  bool Pass(int64_t ms) {
    clock_.Advance(ms);
    const std::size_t before = plain_.locks().size();
    plain_.SetNow(clock_.NowMillis());
    done_[kOver] += static_cast<int>(before - plain_.locks().size());
    return true;
  }

  bool Restart() {
    metastore_.reset();
    auto store = std::make_unique<FailingStore>(base_.get());
    failing_ = store.get();
    OpenOptions options;
    options.clock = &clock_;
    options.lease_ms = kLease;
    auto opened = Metastore::OpenOn(std::move(store), options);
    EXPECT_OK(opened);
    if (!opened.ok()) return false;
    metastore_ = *std::move(opened);
    ++done_[kRestart];
    return true;
  }

  bool Maintain() {
    const absl::Status done = metastore_->Maintain();
    EXPECT_OK(done);
    return done.ok();
  }

  bool Sound() {
    const auto findings = metastore_->Verify();
    EXPECT_OK(findings);
    if (!findings.ok()) return false;
    for (const VerifyFinding& finding : *findings) ADD_FAILURE() << finding.where << ": " << finding.what;
    return findings->empty();
  }

  // A call whose commit fails has not happened.
  bool Fail() {
    failing_->fail_next = true;
    const int what = Below(3);
    absl::Status failed;
    if (what == 0) failed = Calls().Lock({.components = {SomeComponent()}}).status();
    if (what == 1) failed = Calls().Open({.count = 2}).status();
    if (what == 2) {
      // Ends, when there are any, locks of a transaction.
      const int64_t id = SomeTransaction();
      failed = Calls().Abort(id);
    }
    failing_->fail_next = false;
    done_[kFailed] += absl::IsUnavailable(failed) ? 1 : 0;
    return true;
  }

  bool Lock() {
    LockRequest request;
    for (int i = 1 + Below(3); i > 0; --i) request.components.push_back(SomeComponent());
    if (OneIn(3)) request.transaction = SomeTransaction();
    request.no_wait = static_cast<NoWait>(Below(3));
    LockState expected{};
    const Answer answer = plain_.AddLock(request.components, request.transaction, request.no_wait, &expected);
    const auto found = Calls().Lock(request);
    if (!found.ok() && plain_.MayBeForgotten(request.transaction)) return Forgotten(found.status(), answer);
    if (!Same(found.status(), answer, "Lock")) return false;
    if (!found.ok()) return true;
    ++done_[expected == LockState::kWaiting ? kWaited : expected == LockState::kAcquired ? kLock : kRefused];
    return Equal(found->lock, ++last_lock_, "id of a lock") && Equal(found->state, expected, "state of a new lock");
  }

  bool Check() {
    const int64_t lock = SomeLock();
    const auto before = plain_.locks().find(lock);
    const bool waited = before != plain_.locks().end() && !before->second.acquired;
    LockState expected{};
    const Answer answer = plain_.Check(lock, &expected);
    const auto found = Calls().CheckLock(lock);
    // Of a transaction that just ended the answer may tell that.
    if (answer == Answer::kNoSuchLock && AnswerOf(found.status()) == Answer::kAborted) return true;
    if (!Same(found.status(), answer, "CheckLock")) return false;
    if (!found.ok()) return true;
    if (waited && expected == LockState::kAcquired) ++done_[kGotLater];
    return Equal(found->state, expected, "state of a lock");
  }

  bool Unlock() {
    const int64_t lock = SomeLock();
    return Same(Calls().Unlock(lock), plain_.Unlock(lock), "Unlock");
  }

  bool Heartbeat() {
    const int64_t lock = OneIn(3) ? 0 : SomeLock();
    const int64_t id = OneIn(2) ? 0 : SomeTransaction();
    const Answer answer = plain_.Heartbeat(lock, id);
    const absl::Status found = Calls().Heartbeat(lock, id);
    if (answer == Answer::kNoSuchLock && AnswerOf(found) == Answer::kAborted) return true;
    if (answer == Answer::kAborted && plain_.MayBeForgotten(id)) return Forgotten(found, answer);
    return Same(found, answer, "Heartbeat");
  }

  bool Open() {
    const int64_t count = 1 + Below(3);
    const auto type = OneIn(6) ? TransactionType::kReadOnly : TransactionType::kDefault;
    const auto found = Calls().Open({.count = count, .type = type});
    EXPECT_OK(found);
    if (!found.ok() || !Equal(*found, plain_.Open(count, type), "Open")) return false;
    if (OneIn(2)) saved_[found->front()] = *Calls().GetValid(found->front());
    return true;
  }

  // Either the answer, or that there is none such.
  bool Forgotten(const absl::Status& found, Answer answer) {
    return AnswerOf(found) == Answer::kNoSuchTransaction ||
           Same(found, answer, "of a transaction that may be forgotten");
  }

  bool Commit() {
    const int64_t id = SomeTransaction();
    const bool may_be_forgotten = plain_.MayBeForgotten(id);
    const Answer answer = plain_.Commit(id);
    done_[kCommit] += answer == Answer::kOk ? 1 : 0;
    const absl::Status found = Calls().Commit(id);
    return may_be_forgotten ? Forgotten(found, answer) : Same(found, answer, "Commit");
  }

  bool Abort() {
    const int64_t id = SomeTransaction();
    const bool may_be_forgotten = plain_.MayBeForgotten(id);
    const Answer answer = plain_.Abort(id);
    const absl::Status found = Calls().Abort(id);
    return may_be_forgotten ? Forgotten(found, answer) : Same(found, answer, "Abort");
  }

  bool Allocate() {
    const std::string table = SomeTable();
    std::vector<int64_t> ids{SomeTransaction()};
    if (OneIn(2)) ids.push_back(SomeTransaction());
    const bool may_be_forgotten = std::ranges::any_of(ids, [&](int64_t id) { return plain_.MayBeForgotten(id); });
    std::vector<TransactionWriteId> expected;
    const Answer answer = plain_.Allocate(table, ids, &expected);
    const auto found = Calls().AllocateWriteIds({.database = "default", .table = table}, ids);
    if (may_be_forgotten && !found.ok()) return Forgotten(found.status(), answer);
    if (!Same(found.status(), answer, "AllocateWriteIds")) return false;
    return !found.ok() || Equal(*found, expected, "write ids");
  }

  bool CompareLocks() {
    const auto infos = Calls().ShowLocks();
    EXPECT_OK(infos);
    if (!infos.ok()) return false;
    std::string found;
    for (const LockInfo& info : *infos) {
      found += Line(info.lock, info.on, info.state == LockState::kAcquired, info.transaction);
    }
    std::string expected;
    for (const auto& [id, lock] : plain_.locks()) {
      for (const LockComponent& component : lock.components) {
        expected += Line(id, component, lock.acquired, lock.transaction);
      }
    }
    return Equal(found, expected, "ShowLocks");
  }
  static std::string Line(int64_t lock, const LockComponent& on, bool acquired, int64_t transaction) {
    return std::to_string(lock) + (acquired ? " has " : " waits for ") + std::to_string(static_cast<int>(on.type)) +
           " on " + on.database + "." + on.table + "/" + on.partition + " of " + std::to_string(transaction) + "\n";
  }

  bool CompareTransactions() {
    const auto all = Calls().GetOpen();
    EXPECT_OK(all);
    if (!all.ok()) return false;
    TransactionList found = *all;
    found.invalid.clear();
    found.aborted.clear();
    for (std::size_t i = 0; i < all->invalid.size(); ++i) {
      if (plain_.MayBeForgotten(all->invalid[i])) continue;
      found.invalid.push_back(all->invalid[i]);
      found.aborted.push_back(all->aborted[i]);
    }
    return Equal(found.ToString(), plain_.Unfinished().ToString(), "GetOpen");
  }

  bool CompareWrites() {
    std::erase_if(saved_, [&](const auto& entry) {
      return plain_.transactions().at(entry.first).state != PlainTransactions::State::kOpen;
    });
    std::vector<TransactionList> lists{*Calls().GetValid()};
    // The lists of readers that are still at it, as old as they are.
    for (const auto& [id, list] : saved_) lists.push_back(list);
    done_[kStaleList] += static_cast<int>(saved_.size());
    for (const TransactionList& list : lists) {
      for (const char* table : {"a", "b", "c"}) {
        const auto found = Calls().GetValidWriteIds({.database = "default", .table = table}, list);
        EXPECT_OK(found);
        if (!found.ok() || !SameWrites(*found, plain_.Visible(table, list), table, list)) return false;
      }
    }
    return true;
  }
  // A list may hold less aborted transactions than the twin's would: of those that wrote nothing.
  bool SameWrites(const WriteIdList& found, const WriteIdList& expected, const std::string& table,
                  const TransactionList& list) {
    EXPECT_EQ(found.high_water_mark, expected.high_water_mark) << table << " as of " << list.ToString();
    EXPECT_EQ(found.invalid, expected.invalid) << table << " as of " << list.ToString();
    EXPECT_EQ(found.aborted, expected.aborted) << table << " as of " << list.ToString();
    EXPECT_EQ(found.min_open, expected.min_open) << table << " as of " << list.ToString();
    return found == expected;
  }

  std::mt19937_64 random_;
  std::array<int, kKinds>& done_;
  ManualClock clock_{kStart};
  std::unique_ptr<store::Store> base_;
  std::unique_ptr<Metastore> metastore_;
  FailingStore* failing_ = nullptr;  // of metastore_
  PlainTransactions plain_{kLease};
  int64_t last_lock_ = 0;
  std::map<int64_t, TransactionList> saved_;  // by the transaction whose reader has it
};

TEST(TransactionTwinTest, RandomHistoriesGiveTheSameAnswers) {
  constexpr int kSteps = 400;
  std::array<int, kKinds> done{};
  const uint64_t first = testing::SeedOr(1);
  const int histories = testing::Soaked(60);
  for (int i = 0; i < histories; ++i) {
    const uint64_t seed = first + static_cast<uint64_t>(i);
    SCOPED_TRACE(::testing::Message() << "LODESTONE_SEED=" << seed);
    Twins twins(seed, &done);
    for (int step = 0; step < kSteps; ++step) {
      if (!twins.Step()) FAIL() << "in step " << step;
    }
    if (!twins.CompareAll()) FAIL() << "at the end";
  }
  if (histories < 20) return;
  for (int kind = 0; kind < kKinds; ++kind) {
    EXPECT_GE(done[static_cast<std::size_t>(kind)], 10) << "histories that never do " << kind << " prove nothing of it";
  }
}

}  // namespace
}  // namespace lodestone::twin
