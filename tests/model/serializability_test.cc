// Transactions of many threads are as if they had run one after another, in the order of their versions: each returns
// its version, and replaying all in that order on the plain model gives the same answers. An engine that breaks this on
// purpose is caught. LODESTONE_SOAK_FACTOR multiplies the number of transactions (default 1).
#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <mutex>
#include <thread>

#include "catalog/base/clock.h"
#include "catalog/metastore.h"
#include "catalog/store/memory/memory_store.h"
#include "gtest/gtest.h"
#include "tests/model/plain_model.h"
#include "tests/support/forwarding_store.h"
#include "tests/support/matchers.h"
#include "tests/support/soak.h"

namespace lodestone::twin {
namespace {

constexpr int kThreads = 8;
constexpr int64_t kStart = 1'700'000'000'000;
constexpr int64_t kRetention = 3'600'000;

struct Committed {
  uint64_t version = 0;
  bool wrote = false;  // otherwise it saw the state behind the commit of its version
  std::vector<std::pair<Operation, std::string>> done;
};

// What one thread does: some hundred transactions of one to four operations each.
std::vector<Committed> RunThread(Metastore& metastore, uint64_t seed, int transactions) {
  OperationSource source(seed);
  Session session = metastore.Local();
  std::vector<Committed> all;
  for (int i = 0; i < transactions; ++i) {
    std::vector<Operation> ops;
    const bool reads_only = source.Below(4) == 0;
    for (int n = 1 + source.Below(4); n > 0; --n) {
      ops.push_back(reads_only || source.Below(3) == 0 ? source.Read() : source.Write());
      ops.back().catalog = "hive";
    }
    Committed committed;
    const auto body = [&](Session& inside) -> absl::Status {
      committed.done.clear();
      const int64_t events = inside.GetEventBounds()->newest_id;
      for (const Operation& op : ops) committed.done.emplace_back(op, RunOnSession(inside, op));
      committed.wrote = inside.GetEventBounds()->newest_id != events;
      return absl::OkStatus();
    };
    const auto version = session.Transact(body);
    if (!version.ok()) {
      // No operation fails halfway unless the engine misbehaves: then the replay has to notice.
      committed.done = {{Operation{}, "FAILED " + version.status().ToString()}};
    } else {
      committed.version = *version;
    }
    all.push_back(std::move(committed));
  }
  return all;
}

// The first difference, or nothing.
std::string Replay(std::vector<Committed> all) {
  std::ranges::stable_sort(all, [](const Committed& a, const Committed& b) {
    return std::pair(a.version, !a.wrote) < std::pair(b.version, !b.wrote);
  });
  PlainModel model("/wh", kRetention, kStart);
  for (const Committed& committed : all) {
    for (const auto& [op, answer] : committed.done) {
      std::string expected = model.Run(op);
      if (expected == "OK ") expected = "OK";
      const std::string found = answer == "OK " ? "OK" : answer;
      if (found == expected) continue;
      return "version " + std::to_string(committed.version) + ", " + op.ToString() + "\nfound    " + found +
             "\nexpected " + expected;
    }
  }
  return {};
}

std::string RunAndReplay(Metastore& metastore, uint64_t seed, int transactions) {
  std::mutex mutex;
  std::vector<Committed> all;
  std::vector<std::thread> threads;
  for (int t = 0; t < kThreads; ++t) {
    threads.emplace_back([&, t] {
      auto done = RunThread(metastore, seed * 100 + static_cast<uint64_t>(t), transactions);
      const std::lock_guard lock(mutex);
      std::ranges::move(done, std::back_inserter(all));
    });
  }
  for (std::thread& thread : threads) thread.join();
  std::set<uint64_t> versions;
  for (const Committed& committed : all) {
    if (committed.wrote && !versions.insert(committed.version).second) return "two commits have one version";
  }
  return Replay(std::move(all));
}

OpenOptions Options(const Clock* clock) {
  OpenOptions options;
  options.warehouse = "/wh";
  options.undrop_retention_ms = kRetention;
  options.clock = clock;
  options.sync = SyncMode::kRelaxed;
  return options;
}

TEST(SerializabilityTest, InMemoryAnswersAreThoseOfTheOrderOfVersions) {
  const ManualClock clock(kStart);
  for (int seed = 1; seed <= testing::Soaked(190); ++seed) {
    const auto metastore = Metastore::OpenInMemory(Options(&clock));
    ASSERT_OK(metastore);
    EXPECT_EQ(RunAndReplay(**metastore, static_cast<uint64_t>(seed), 250), "") << "seed " << seed;
  }
}

TEST(SerializabilityTest, OnDiskAnswersAreThoseOfTheOrderOfVersions) {
  const ManualClock clock(kStart);
  for (int seed = 1; seed <= testing::Soaked(15); ++seed) {
    const std::string path = ::testing::TempDir() + "/serializability_test_store";
    std::filesystem::remove_all(path);
    {
      const auto metastore = Metastore::Open(path, Options(&clock));
      ASSERT_OK(metastore);
      EXPECT_EQ(RunAndReplay(**metastore, static_cast<uint64_t>(seed), 250), "") << "seed " << seed;
      const auto findings = (*metastore)->Verify();
      ASSERT_OK(findings);
      for (const VerifyFinding& finding : *findings) ADD_FAILURE() << finding.where << ": " << finding.what;
    }
    std::filesystem::remove_all(path);
  }
}

// Now and then a read inside of a transaction is answered from some commits ago: isolation as it must not be.
class StaleTransaction final : public testing::ForwardingTransaction {
 public:
  StaleTransaction(std::unique_ptr<store::Transaction> base, std::shared_ptr<const store::Reader> old, uint64_t seed)
      : ForwardingTransaction(std::move(base)), old_(std::move(old)), random_(seed) {}
  absl::StatusOr<std::optional<std::string>> Get(std::string_view key) const override {
    return random_() % 100 == 0 ? old_->Get(key) : base_->Get(key);
  }

 private:
  std::shared_ptr<const store::Reader> old_;
  mutable std::mt19937_64 random_;
};

class StaleStore final : public testing::ForwardingStore {
 public:
  explicit StaleStore(store::Store* base) : ForwardingStore(base), old_(base->Snapshot()) {}
  absl::StatusOr<std::unique_ptr<store::Transaction>> Begin() override {
    auto begun = base_->Begin();
    if (!begun.ok()) return begun.status();
    const std::lock_guard lock(mutex_);
    if (++begins_ % 8 == 0) old_ = base_->Snapshot();
    // The store's first transaction makes it.
    if (begins_ == 1) return begun;
    return std::make_unique<StaleTransaction>(*std::move(begun), old_, begins_);
  }

 private:
  std::mutex mutex_;
  std::shared_ptr<const store::Reader> old_;
  uint64_t begins_ = 0;
};

TEST(SerializabilityTest, AnEngineWithStaleReadsIsCaught) {
  const ManualClock clock(kStart);
  const auto engine = store::NewMemoryStore();
  const auto metastore = Metastore::OpenOn(std::make_unique<StaleStore>(engine.get()), Options(&clock));
  ASSERT_OK(metastore);
  EXPECT_NE(RunAndReplay(**metastore, 1, 250), "");
}

}  // namespace
}  // namespace lodestone::twin
