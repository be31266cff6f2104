// What was acknowledged survives a power cut; the relaxed mode loses a suffix and nothing else; what was seen in the
// durable mode is never taken back.
#include <atomic>
#include <thread>

#include "tests/fault/fault_file_system.h"
#include "tests/fault/store_history.h"

namespace lodestone::store {
namespace {

using testing::Cut;
using testing::FaultFileSystem;

// One disk with one store after the other. Several run side by side.
class Machine {
 public:
  explicit Machine(uint64_t seed) : random_(seed) {
    options_.file_system = disk_;
    options_.clock = std::make_shared<testing::ImpatientClock>();
    options_.block_cache_bytes = std::size_t{1} << 20;
    options_.write_buffer_bytes = std::size_t{64} << 10;  // the least there is: logs and files change often
  }

  void CutPower(int cuts) {
    for (int i = 0; i < cuts && !::testing::Test::HasFailure(); ++i) {
      SCOPED_TRACE("cut " + std::to_string(i));
      if (i % 50 == 0) {  // a new store, so that its making is cut as well
        disk_ = std::make_shared<FaultFileSystem>();
        options_.file_system = disk_;
        history_ = History();
      }
      Live();
      disk_->RestorePower(static_cast<Cut>(Below(5)), &random_);
    }
    EXPECT_NE(Open(), nullptr);
  }

 private:
  uint64_t Below(uint64_t n) { return random_() % n; }

  // Opens the store, and holds what is there against the history. Null: the power went meanwhile.
  std::unique_ptr<Store> Open() {
    auto store = OpenRocksDbStore("/disk/store", options_);
    if (!store.ok()) {
      Gone(store.status());
      return nullptr;
    }
    auto snapshot = (*store)->Snapshot();
    absl::StatusOr<Model> rows = TryReadAll(*snapshot);
    if (!rows.ok()) {
      Gone(rows.status());
      return nullptr;
    }
    CheckRuns(&*rows);
    history_.Found(snapshot->version(), *rows);
    if (::testing::Test::HasFatalFailure()) return nullptr;
    return *std::move(store);
  }

  // Ingested rows are all there or not at all, and all there when a commit refers to them. Takes them out of `rows`.
  void CheckRuns(Model* rows) {
    std::map<std::string, int> found;
    for (auto it = rows->begin(); it != rows->end();) {
      if (!it->first.starts_with("run")) {
        ++it;
        continue;
      }
      ++found[it->first.substr(0, it->first.find('/'))];
      it = rows->erase(it);
    }
    for (const auto& [run, count] : found) EXPECT_EQ(count, kRunRows) << run << " is there in part";
    for (const auto& [key, value] : *rows) {
      if (!key.starts_with("ref")) continue;
      EXPECT_EQ(found["run" + key.substr(3)], kRunRows) << "what " << key << " means";
    }
  }

  // False: the power went.
  bool CommitOne(Store* store, Durability durability, std::string_view extra_key = {}) {
    auto t = store->Begin();
    if (!t.ok()) return Gone(t.status());
    Model next = RandomWrites(t->get(), history_.newest(), Below(10) == 0 ? 20'000 : 300, &random_);
    if (!extra_key.empty()) {
      (*t)->Put(extra_key, "");
      next[std::string(extra_key)] = "";
    }
    const Version version = (*t)->commit_version();
    EXPECT_EQ(version, history_.newest_version() + 1);
    history_.Try(std::move(next));
    auto committed = (*t)->Commit(durability);
    if (!committed.ok()) {
      EXPECT_LT(store->Snapshot()->version(), version) << "a failed commit became visible";
      return Gone(committed.status());
    }
    EXPECT_EQ(*committed, version);
    if (durability == Durability::kSync) history_.MadeDurable(version);
    return true;
  }

  bool IngestOne(Store* store) {
    const std::string id = std::to_string(next_run_++);
    auto run = store->NewSortedRun();
    if (!run.ok()) return Gone(run.status());
    for (int i = 0; i < kRunRows; ++i) {
      if (auto added = (*run)->Add(base::StrCat("run", id, "/", 100 + i), std::string(200, 'r')); !added.ok()) {
        return Gone(added);
      }
    }
    if (auto finished = (*run)->Finish(); !finished.ok()) return Gone(finished);
    std::vector<std::unique_ptr<SortedRun>> runs;
    runs.push_back(*std::move(run));
    if (auto ingested = store->IngestRuns(std::move(runs)); !ingested.ok()) return Gone(ingested);
    history_.MadeDurable(history_.newest_version());
    return CommitOne(store, Durability::kSync, base::StrCat("ref", id));
  }

  // An error is right only when the power is off.
  bool Gone(const absl::Status& error) {
    EXPECT_FALSE(disk_->powered()) << error;
    return false;
  }

  // One life of the store: from opening to the cut, or to a close at which everything becomes durable.
  void Live() {
    const bool cut_while_opening = Below(5) == 0;
    const uint64_t cut_at = 1 + Below(Below(4) == 0 ? 400 : 60);
    if (cut_while_opening) disk_->CutPowerAt(cut_at);
    std::unique_ptr<Store> store = Open();
    if (store == nullptr) return;
    if (!cut_while_opening) disk_->CutPowerAt(cut_at);
    const uint64_t relaxed_percent = Below(3) * 45;  // none, some, most
    bool only_sync = relaxed_percent == 0;
    for (uint64_t n = 1 + Below(25); n > 0; --n) {
      const Durability durability = Below(100) < relaxed_percent ? Durability::kRelaxed : Durability::kSync;
      if (!CommitOne(store.get(), durability)) break;
      if (Below(25) == 0 && !IngestOne(store.get())) break;
      if (Below(20) == 0) {
        const absl::Status flushed = store->Flush();
        if (!flushed.ok()) {
          Gone(flushed);
          break;
        }
        history_.MadeDurable(history_.newest_version());
      }
      if (Below(30) == 0 && !store->Compact({}).ok()) break;
    }
    // What readers saw in the durable mode must be there afterwards.
    if (only_sync) history_.MadeDurable(store->Snapshot()->version());
    store.reset();
    if (disk_->powered()) history_.MadeDurable(history_.newest_version());
  }

  static constexpr int kRunRows = 20;

  std::shared_ptr<FaultFileSystem> disk_ = std::make_shared<FaultFileSystem>();
  RocksDbOptions options_;
  std::mt19937_64 random_;
  History history_;
  int next_run_ = 0;
};

TEST(PowerCutTest, AcknowledgedCommitsSurviveAndNothingElseAppears) {
  constexpr int kMachines = 10;
  const uint64_t seed = SeedOr(20240901);
  std::vector<std::thread> machines;
  for (int n = 0; n < kMachines; ++n) {
    machines.emplace_back([n, seed] {
      SCOPED_TRACE(base::StrCat("LODESTONE_SEED=", seed, ", machine ", n));
      Machine(seed * 1000 + static_cast<uint64_t>(n)).CutPower(Soaked(2000 / kMachines));
    });
  }
  for (std::thread& machine : machines) machine.join();
}

// Group commits: several threads wait for one sync. Commit v puts the key of v.
class GroupCommitMachine {
 public:
  explicit GroupCommitMachine(uint64_t seed) : random_(seed) {
    options_.file_system = disk_;
    options_.clock = std::make_shared<testing::ImpatientClock>();
    options_.block_cache_bytes = std::size_t{1} << 20;
    options_.write_buffer_bytes = std::size_t{64} << 10;
  }

  void CutPower(int cuts) {
    for (int i = 0; i < cuts && !::testing::Test::HasFailure(); ++i) {
      SCOPED_TRACE("cut " + std::to_string(i));
      Live();
      disk_->RestorePower(static_cast<Cut>(random_() % 5), &random_);
    }
  }

 private:
  void Live() {
    auto store = OpenRocksDbStore("/disk/store", options_);
    ASSERT_OK(store);
    CheckFound(**store);
    disk_->CutPowerAt(10 + random_() % 200);
    std::vector<std::thread> threads;
    for (int n = 0; n < 4; ++n) threads.emplace_back([this, n, &store] { Commit(store->get(), n); });
    for (std::thread& thread : threads) thread.join();
  }

  void CheckFound(const Store& store) {
    auto snapshot = store.Snapshot();
    EXPECT_GE(snapshot->version(), acknowledged_.load());
    const Model rows = ReadAll(*snapshot);
    EXPECT_EQ(rows.size(), snapshot->version());
    for (Version v = 1; v <= snapshot->version(); ++v) EXPECT_TRUE(rows.contains(std::to_string(v))) << v;
  }

  // Until the power goes.
  void Commit(Store* store, int thread) {
    for (int i = 0; i < 100; ++i) {
      auto t = store->Begin();
      if (!t.ok()) return;
      (*t)->Put(std::to_string((*t)->commit_version()), std::string(100, 'v'));
      const bool relaxed = (i + thread) % 4 == 0;
      auto version = (*t)->Commit(relaxed ? Durability::kRelaxed : Durability::kSync);
      if (!version.ok()) return;
      EXPECT_GE(store->Snapshot()->version(), *version);
      if (relaxed) continue;
      Version before = acknowledged_.load();
      while (before < *version && !acknowledged_.compare_exchange_weak(before, *version)) {
      }
    }
  }

  std::shared_ptr<FaultFileSystem> disk_ = std::make_shared<FaultFileSystem>();
  RocksDbOptions options_;
  std::mt19937_64 random_;
  std::atomic<Version> acknowledged_ = 0;  // durable commits only
};

TEST(PowerCutTest, GroupsOfCommitsSurviveWhenAcknowledged) {
  constexpr int kMachines = 4;
  const uint64_t seed = SeedOr(20240901);
  std::vector<std::thread> machines;
  for (int n = 0; n < kMachines; ++n) {
    machines.emplace_back([n, seed] {
      SCOPED_TRACE(base::StrCat("LODESTONE_SEED=", seed, ", machine ", n));
      GroupCommitMachine(seed * 1000 + static_cast<uint64_t>(n)).CutPower(Soaked(40));
    });
  }
  for (std::thread& machine : machines) machine.join();
}

}  // namespace
}  // namespace lodestone::store
