// Every I/O error is reported, and none corrupts: in each scenario the 1st, 2nd, 3rd, ... call of a kind fails, until a
// run passes without meeting it.
#include <atomic>
#include <chrono>
#include <thread>

#include "tests/fault/fault_file_system.h"
#include "tests/fault/store_history.h"

namespace lodestone::store {
namespace {

using testing::Call;
using testing::Cut;
using testing::Fault;
using testing::FaultFileSystem;
using testing::FaultRule;
using testing::FileKind;

struct Scenario {
  const char* name;
  Call call;
  FileKind file;
  Fault fault;
  bool sticky;
  // Harmless by nature: what fails is done again later, or is never read.
  bool may_go_unnoticed = false;
};

const Scenario kScenarios[] = {
    {"log_write_eio_once", Call::kWrite, FileKind::kLog, Fault::kEio, false},
    {"log_write_eio_for_good", Call::kWrite, FileKind::kLog, Fault::kEio, true},
    {"log_write_full_once", Call::kWrite, FileKind::kLog, Fault::kNoSpace, false},
    {"log_write_full_for_good", Call::kWrite, FileKind::kLog, Fault::kNoSpace, true},
    {"log_sync_eio_once", Call::kSync, FileKind::kLog, Fault::kEio, false},
    {"log_sync_eio_for_good", Call::kSync, FileKind::kLog, Fault::kEio, true},
    {"log_sync_full_once", Call::kSync, FileKind::kLog, Fault::kNoSpace, false},
    {"log_create_eio_once", Call::kCreate, FileKind::kLog, Fault::kEio, false},
    {"log_create_full_for_good", Call::kCreate, FileKind::kLog, Fault::kNoSpace, true},
    {"log_read_eio_once", Call::kRead, FileKind::kLog, Fault::kEio, false},
    {"log_read_short_once", Call::kRead, FileKind::kLog, Fault::kShortRead, false, true},  // relaxed commits only
    {"log_open_eio_once", Call::kOpen, FileKind::kLog, Fault::kEio, false},
    {"table_create_eio_once", Call::kCreate, FileKind::kTable, Fault::kEio, false},
    {"table_write_eio_once", Call::kWrite, FileKind::kTable, Fault::kEio, false},
    {"table_write_full_for_good", Call::kWrite, FileKind::kTable, Fault::kNoSpace, true},
    {"table_sync_eio_once", Call::kSync, FileKind::kTable, Fault::kEio, false},
    {"table_read_eio_once", Call::kRead, FileKind::kTable, Fault::kEio, false},
    {"table_read_eio_for_good", Call::kRead, FileKind::kTable, Fault::kEio, true},
    {"table_read_short_for_good", Call::kRead, FileKind::kTable, Fault::kShortRead, true},
    {"table_open_eio_once", Call::kOpen, FileKind::kTable, Fault::kEio, false},
    {"manifest_write_eio_once", Call::kWrite, FileKind::kManifest, Fault::kEio, false},
    {"manifest_write_full_for_good", Call::kWrite, FileKind::kManifest, Fault::kNoSpace, true},
    {"manifest_sync_eio_once", Call::kSync, FileKind::kManifest, Fault::kEio, false},
    {"manifest_read_eio_once", Call::kRead, FileKind::kManifest, Fault::kEio, false},
    {"manifest_read_short_for_good", Call::kRead, FileKind::kManifest, Fault::kShortRead, true},
    {"current_rename_eio_once", Call::kRename, FileKind::kCurrent, Fault::kEio, false},
    {"committed_write_eio_once", Call::kWrite, FileKind::kCommitted, Fault::kEio, false},
    {"committed_write_full_for_good", Call::kWrite, FileKind::kCommitted, Fault::kNoSpace, true},
    {"committed_sync_eio_once", Call::kSync, FileKind::kCommitted, Fault::kEio, false},
    {"committed_rename_eio_once", Call::kRename, FileKind::kCommitted, Fault::kEio, false},
    {"committed_read_short_for_good", Call::kRead, FileKind::kCommitted, Fault::kShortRead, true, true},  // reads on
    {"synced_create_eio_once", Call::kCreate, FileKind::kSynced, Fault::kEio, false},
    {"synced_open_eio_once", Call::kOpen, FileKind::kSynced, Fault::kEio, false},
    {"synced_write_eio_once", Call::kWrite, FileKind::kSynced, Fault::kEio, false},
    {"synced_write_full_for_good", Call::kWrite, FileKind::kSynced, Fault::kNoSpace, true},
    {"synced_sync_eio_once", Call::kSync, FileKind::kSynced, Fault::kEio, false},
    {"synced_rename_eio_once", Call::kRename, FileKind::kSynced, Fault::kEio, false},
    {"synced_read_eio_once", Call::kRead, FileKind::kSynced, Fault::kEio, false},
    {"synced_read_short_for_good", Call::kRead, FileKind::kSynced, Fault::kShortRead, true, true},  // as if unknown
    {"table_reopen_eio_once", Call::kReopen, FileKind::kTable, Fault::kEio, false},  // to sync what is ingested
    {"run_write_full_once", Call::kWrite, FileKind::kRun, Fault::kNoSpace, false},
    {"run_sync_eio_once", Call::kSync, FileKind::kRun, Fault::kEio, false},
    {"folder_sync_eio_once", Call::kSyncFolder, FileKind::kAny, Fault::kEio, false, true},
    {"link_eio_for_good", Call::kLink, FileKind::kAny, Fault::kEio, true, true},      // copies instead
    {"delete_eio_for_good", Call::kDelete, FileKind::kAny, Fault::kEio, true, true},  // leftovers
    {"options_write_eio_once", Call::kWrite, FileKind::kOptions, Fault::kEio, false, true},
};

// One disk and one store, with a fault at one call.
class Machine {
 public:
  Machine(const Scenario& scenario, uint64_t nth, uint64_t seed) : scenario_(scenario), nth_(nth), random_(seed) {
    options_.file_system = disk_;
    options_.clock = std::make_shared<testing::ImpatientClock>();
    options_.block_cache_bytes = std::size_t{64} << 10;  // too small to answer for the disk
    options_.write_buffer_bytes = std::size_t{64} << 10;
    options_.begin_timeout_ms = 10'000;
  }

  // False: the fault was not met.
  bool Run() {
    disk_->Arm({.call = scenario_.call,
                .file = scenario_.file,
                .fault = scenario_.fault,
                .nth = nth_,
                .sticky = scenario_.sticky});
    Live();
    Live();
    const bool met = disk_->fired() > 0;
    EXPECT_TRUE(reported_ || !met_while_open_ || scenario_.may_go_unnoticed) << "the fault went unreported";
    disk_->Disarm();
    // Whatever happened, it opens again and goes on; half of the time after a power cut on top.
    if (nth_ % 2 == 0) disk_->RestorePower(Cut::kMixed, &random_);
    auto store = OpenRocksDbStore("/disk/store", options_);
    EXPECT_OK(store);
    if (!store.ok()) return met;
    Found(**store);
    CommitOne(store->get(), Durability::kSync);
    EXPECT_EQ((*store)->Snapshot()->version(), history_.newest_version());
    EXPECT_OK((*store)->VerifyFiles([](const std::string& damage) { ADD_FAILURE() << damage; }));
    return met;
  }

 private:
  // Takes note of an error; what the fault did not cause is a failure of the test.
  bool Failed(const absl::Status& status) {
    if (status.ok()) return false;
    EXPECT_GT(disk_->fired(), 0u) << status;
    EXPECT_TRUE(absl::IsUnavailable(status) || absl::IsDataLoss(status) || absl::IsFailedPrecondition(status))
        << status;
    reported_ = true;
    return true;
  }

  void CommitOne(Store* store, Durability durability) {
    auto t = store->Begin();
    if (Failed(t.status())) return;
    Model next = RandomWrites(t->get(), history_.newest(), 6000, &random_);
    const Version version = (*t)->commit_version();
    // An earlier failed commit may be the newest state tried; the store does not go on from there.
    EXPECT_EQ(version, history_.newest_version() + 1);
    auto committed = (*t)->Commit(durability);
    if (committed.ok()) {
      history_.Try(std::move(next));
      if (durability == Durability::kSync) history_.MadeDurable(version);
      return;
    }
    Failed(committed.status());
    EXPECT_LT(store->Snapshot()->version(), version) << "a failed commit became visible";
    t->reset();
    if (!store->Stats().read_only) return;  // it failed before it was written: the store goes on
    history_.Try(std::move(next));
    // Until it is opened again, the store takes nothing more.
    EXPECT_THAT(store->Begin(), testing::FailsWith(absl::StatusCode::kFailedPrecondition, "opened again"));
  }

  void IngestOne(Store* store) {
    auto run = store->NewSortedRun();
    if (Failed(run.status())) return;
    for (int i = 10; i < 30; ++i) {
      if (Failed((*run)->Add(base::StrCat("run/", runs_, "/", i), std::string(3000, 'r')))) return;
    }
    if (Failed((*run)->Finish())) return;
    std::vector<std::unique_ptr<SortedRun>> runs;
    runs.push_back(*std::move(run));
    ++runs_;
    Failed(store->IngestRuns(std::move(runs)));
  }

  // Everything that a store does, on a small scale.
  void Live() {
    const uint64_t fired_before = disk_->fired();
    auto store = OpenRocksDbStore("/disk/store", options_);
    if (Failed(store.status())) return;
    Found(**store);
    for (int i = 0; i < 24; ++i) CommitOne(store->get(), i % 3 ? Durability::kSync : Durability::kRelaxed);
    IngestOne(store->get());
    Failed((*store)->Compact({}));
    for (int i = 0; i < 3; ++i) CommitOne(store->get(), Durability::kRelaxed);
    if (!Failed((*store)->Flush())) history_.MadeDurable(history_.newest_version());
    auto snapshot = (*store)->Snapshot();
    absl::StatusOr<Model> rows = TryReadAll(*snapshot, /*except=*/"run/");
    if (!Failed(rows.status())) {
      EXPECT_TRUE(*rows == history_.state(snapshot->version())) << "rows are missing, and no error tells";
    }
    Failed((*store)->Checkpoint(base::StrCat("/disk/copy", checkpoints_++)));
    Failed((*store)->VerifyFiles([this](const std::string&) { reported_ = true; }));
    AwaitReport(**store, fired_before);
  }

  // What fails in RocksDB's threads is heard of a moment later. What fails while the store is closed concerns work that
  // is given up anyway.
  void AwaitReport(const Store& store, uint64_t fired_before) {
    if (disk_->fired() == fired_before) return;
    met_while_open_ = true;
    const auto patience = std::chrono::steady_clock::now() + std::chrono::seconds(5);
    while (!reported_ && !scenario_.may_go_unnoticed && std::chrono::steady_clock::now() < patience) {
      reported_ = store.Stats().read_only;
      std::this_thread::yield();
    }
  }

  void Found(const Store& store) {
    auto snapshot = store.Snapshot();
    absl::StatusOr<Model> rows = TryReadAll(*snapshot, /*except=*/"run/");
    if (Failed(rows.status())) return;
    history_.Found(snapshot->version(), *rows);
  }

  const Scenario& scenario_;
  const uint64_t nth_;
  std::mt19937_64 random_;
  std::shared_ptr<FaultFileSystem> disk_ = std::make_shared<FaultFileSystem>();
  RocksDbOptions options_;
  History history_;
  bool reported_ = false;
  bool met_while_open_ = false;
  int runs_ = 0;
  int checkpoints_ = 0;
};

using IoErrorTest = ::testing::TestWithParam<Scenario>;
INSTANTIATE_TEST_SUITE_P(Scenarios, IoErrorTest, ::testing::ValuesIn(kScenarios),
                         [](const auto& scenario) { return std::string(scenario.param.name); });

TEST_P(IoErrorTest, IsReportedAndLeavesAWholeStore) {
  constexpr int kAtOnce = 4;
  const uint64_t seed = SeedOr(20240902);
  uint64_t nth = 1;
  int met_in_all = 0;
  for (bool passed = false; !passed && !HasFailure();) {
    std::vector<std::thread> machines;
    std::atomic<int> met = 0;
    for (int i = 0; i < kAtOnce; ++i) {
      machines.emplace_back([&met, seed, nth] {
        SCOPED_TRACE(base::StrCat("LODESTONE_SEED=", seed, ", call ", nth));
        if (Machine(GetParam(), nth, seed + nth).Run()) ++met;
      });
      // The first calls one by one; later ones, which repeat themselves, in growing steps. A soak takes every one.
      nth += Soaked(100) > 100 ? 1 : 1 + nth / 8;
    }
    for (std::thread& machine : machines) machine.join();
    met_in_all += met;
    passed = met < kAtOnce;
  }
  EXPECT_GE(met_in_all, 1) << "the scenario never happened";
}

}  // namespace
}  // namespace lodestone::store
