// What the RocksDB engine promises beyond the suite: files, folders, locks, reopening.
#include "catalog/store/rocksdb/rocksdb_store.h"

#include <cstdlib>
#include <thread>

#include "catalog/store/rocksdb/committed_file.h"
#include "tests/support/child_process.h"
#include "tests/unit/store/rocksdb_fixture.h"

namespace lodestone::store {
namespace {

using RocksDbStoreTest = RocksDbFixture;

TEST_F(RocksDbStoreTest, ReopeningKeepsEverything) {
  Open();
  for (int i = 0; i < 50; ++i) PutOne("key" + std::to_string(i), i % 2 ? Durability::kSync : Durability::kRelaxed);
  auto before = All(*store_->Snapshot());
  for (int round = 0; round < 3; ++round) {
    Close();
    Open();
    EXPECT_EQ(All(*store_->Snapshot()), before);
    EXPECT_EQ(store_->Snapshot()->version(), 50u);
  }
  EXPECT_EQ(PutOne("more"), 51u);
}

TEST_F(RocksDbStoreTest, OpeningSaysWhatItFinds) {
  RocksDbOptions options;
  options.create_if_missing = false;
  EXPECT_THAT(OpenRocksDbStore(path_, options), FailsWith(absl::StatusCode::kNotFound, "no store in"));
  EXPECT_FALSE(std::filesystem::exists(path_));
  EXPECT_OK(OpenRocksDbStore(path_ + "/with/parents"));
  std::filesystem::remove_all(path_);
  std::filesystem::create_directory(path_);
  EXPECT_OK(OpenRocksDbStore(path_));  // an empty folder is as good as none
  EXPECT_OK(OpenRocksDbStore(path_, options));
  options.error_if_exists = true;
  EXPECT_THAT(OpenRocksDbStore(path_, options), FailsWith(absl::StatusCode::kAlreadyExists, "already"));
}

TEST_F(RocksDbStoreTest, FoldersOfOthersAreRefusedAndLeftAlone) {
  std::filesystem::create_directory(path_);
  WriteFile(path_ + "/notes.txt", "mine");
  EXPECT_THAT(OpenRocksDbStore(path_), FailsWith(absl::StatusCode::kFailedPrecondition, "notes.txt"));
  EXPECT_OK(DestroyRocksDbStore(path_));
  EXPECT_EQ(std::distance(std::filesystem::directory_iterator(path_), {}), 1);
  EXPECT_THAT(OpenRocksDbStore(path_ + "/notes.txt"), FailsWith(absl::StatusCode::kFailedPrecondition, "is a file"));
}

TEST_F(RocksDbStoreTest, DISABLED_ChildHoldsTheStore) {
  auto store = OpenRocksDbStore(std::getenv("LODESTONE_STORE"));
  ASSERT_EQ(write(testing::kChildOut, store.ok() ? "y" : "n", 1), 1);
  char byte = 0;
  ASSERT_EQ(read(testing::kChildIn, &byte, 1), 1);
}

TEST_F(RocksDbStoreTest, SecondWriterIsRefused) {
  Open();
  EXPECT_THAT(OpenRocksDbStore(path_), FailsWith(absl::StatusCode::kFailedPrecondition, "is open for writing"));
  EXPECT_THAT(DestroyRocksDbStore(path_), FailsWith(absl::StatusCode::kFailedPrecondition, "is open for writing"));
  Close();
  testing::ChildProcess child("RocksDbStoreTest.DISABLED_ChildHoldsTheStore", {{"LODESTONE_STORE", path_}});
  ASSERT_EQ(child.ReadByte(), 'y');
  EXPECT_THAT(OpenRocksDbStore(path_),
              FailsWith(absl::StatusCode::kFailedPrecondition, "is open for writing in another process"));
  child.WriteByte('x');
  EXPECT_EQ(child.Wait(), 0);
  EXPECT_OK(OpenRocksDbStore(path_));  // the lock went with the process
}

TEST_F(RocksDbStoreTest, BeginGivesUpAfterItsTime) {
  options_.begin_timeout_ms = 20;
  Open();
  auto t = store_->Begin();
  ASSERT_OK(t);
  absl::Status waited;
  std::thread([&] { waited = store_->Begin().status(); }).join();
  EXPECT_THAT(waited, FailsWith(absl::StatusCode::kAborted, "20 ms"));
}

// Whatever a broken-off making left behind, opening goes on with it: nothing was ever committed.
TEST_F(RocksDbStoreTest, BrokenOffMakingIsTakenUpAgain) {
  auto* files = rocksdb::FileSystem::Default().get();
  const std::vector<std::vector<std::string>> leftovers = {{"COMMITTED.tmp"},
                                                           {"COMMITTED.tmp", "WRITER"},
                                                           {"COMMITTED"},
                                                           {"COMMITTED", "WRITER", "LOCK", "IDENTITY"},
                                                           {"COMMITTED", "MANIFEST-000001"}};
  for (const auto& names : leftovers) {
    SCOPED_TRACE(names.back());
    std::filesystem::remove_all(path_);
    std::filesystem::create_directory(path_);
    for (const std::string& name : names) {
      if (name == "COMMITTED") {
        ASSERT_OK(CreateCommitted(files, path_, 0, /*complete=*/false));
      } else {
        WriteFile(path_ + "/" + name, name == "COMMITTED.tmp" ? "" : "half");
      }
    }
    Open();
    EXPECT_EQ(PutOne("a"), 1u);
    Close();
    Open();
    EXPECT_EQ(store_->Snapshot()->version(), 1u);
    Close();
  }
  // The database was made, but COMMITTED not yet rewritten.
  ASSERT_OK(CreateCommitted(files, path_, 0, /*complete=*/false));
  Open();
  EXPECT_EQ(store_->Snapshot()->version(), 1u);
}

TEST_F(RocksDbStoreTest, LostFilesAreDataLossByName) {
  Open();
  PutOne("a");
  ASSERT_OK(store_->Compact({}));
  Close();
  struct Case {
    const char* start;
    const char* finding;
  };
  for (const Case& c : {Case{"COMMITTED", "COMMITTED is missing"}, Case{"CURRENT", "CURRENT is missing"},
                        Case{"MANIFEST", "MANIFEST-"}, Case{"0", ".sst"}}) {
    SCOPED_TRACE(c.start);
    Copy copy(path_);
    for (const auto& entry : std::filesystem::directory_iterator(copy.path())) {
      const std::string name = entry.path().filename();
      if (name.starts_with(c.start) && !name.ends_with(".log")) std::filesystem::remove(entry.path());
    }
    EXPECT_THAT(OpenRocksDbStore(copy.path()), FailsWith(absl::StatusCode::kDataLoss, c.finding));
  }
}

TEST_F(RocksDbStoreTest, CommittedFindsACutLogAndNothingIsTouched) {
  Open();
  std::vector<uint64_t> sizes;
  for (int i = 0; i < 10; ++i) {
    PutOne("key" + std::to_string(i));
    sizes.push_back(std::filesystem::file_size(NewestLog(path_)));
  }
  // A copy of the running store, its log cut behind the sixth record, where RocksDB itself sees nothing amiss.
  Copy copy(path_);
  const std::string log = NewestLog(copy.path());
  const std::string whole = ReadFile(log);
  std::filesystem::resize_file(log, sizes[5]);
  EXPECT_THAT(OpenRocksDbStore(copy.path()),
              FailsWith(absl::StatusCode::kDataLoss, "should hold commit 10, as COMMITTED says, and ends with 6"));
  // Put back, it is whole again: the refusal changed nothing.
  WriteFile(log, whole);
  auto again = OpenRocksDbStore(copy.path());
  ASSERT_OK(again);
  EXPECT_EQ((*again)->Snapshot()->version(), 10u);
}

TEST_F(RocksDbStoreTest, RecoveryEndsAtAHoleBetweenLogs) {
  Open();
  std::vector<uint64_t> sizes = {0};
  for (int i = 0; i < 10; ++i) {
    PutOne("key" + std::to_string(i), Durability::kRelaxed);
    sizes.push_back(std::filesystem::file_size(NewestLog(path_)));
  }
  struct Case {
    std::size_t keep, skip;  // the first log keeps so many records; so many after them are lost
    Version version;
  };
  for (const Case& c : {Case{4, 0, 10}, Case{4, 1, 4}, Case{4, 3, 4}, Case{0, 2, 0}, Case{0, 0, 10}}) {
    SCOPED_TRACE(std::to_string(c.keep) + ", " + std::to_string(c.skip));
    Copy copy(path_);
    const std::string log = NewestLog(copy.path());
    const std::string whole = ReadFile(log);
    WriteFile(log, whole.substr(0, sizes[c.keep]));
    WriteFile(copy.path() + "/000999.log", whole.substr(sizes[c.keep + c.skip]));
    for (int round = 0; round < 2; ++round) {
      auto store = OpenRocksDbStore(copy.path());
      ASSERT_OK(store);
      EXPECT_EQ((*store)->Snapshot()->version(), c.version);
      EXPECT_EQ(All(*(*store)->Snapshot()).size(), c.version);
    }
  }
}

TEST_F(RocksDbStoreTest, RelaxedCommitsMayVanishFromTheEndWithoutBeingMissed) {
  Open();
  PutOne("durable", Durability::kSync);
  const uint64_t durable = std::filesystem::file_size(NewestLog(path_));
  PutOne("relaxed", Durability::kRelaxed);
  Copy copy(path_);
  std::filesystem::resize_file(NewestLog(copy.path()), durable);
  auto store = OpenRocksDbStore(copy.path());
  ASSERT_OK(store);
  EXPECT_EQ((*store)->Snapshot()->version(), 1u);
  // Once flushed, they may not.
  ASSERT_OK(store_->Flush());
  Copy flushed(path_);
  std::filesystem::resize_file(NewestLog(flushed.path()), durable);
  EXPECT_THAT(OpenRocksDbStore(flushed.path()), FailsWith(absl::StatusCode::kDataLoss, "ends with 1"));
}

TEST_F(RocksDbStoreTest, SortedRunsLeftBehindAreSwept) {
  Open();
  Close();
  std::filesystem::create_directory(path_ + "/runs");
  WriteFile(path_ + "/runs/7-0.sst", "half");
  Open();
  EXPECT_FALSE(std::filesystem::exists(path_ + "/runs"));
}

TEST_F(RocksDbStoreTest, DestroyRemovesAllAndOnlyItsOwn) {
  Open();
  PutOne("a");
  Close();
  ASSERT_OK(DestroyRocksDbStore(path_));
  EXPECT_FALSE(std::filesystem::exists(path_));
  ASSERT_OK(DestroyRocksDbStore(path_));
  Open();
  Close();
  WriteFile(path_ + "/notes.txt", "mine");
  ASSERT_OK(DestroyRocksDbStore(path_));
  EXPECT_EQ(std::distance(std::filesystem::directory_iterator(path_), {}), 1);
}

TEST_F(RocksDbStoreTest, StatsCountFilesAndMemory) {
  Open();
  PutOne("a");
  EXPECT_EQ(store_->Stats().files, 0u);
  ASSERT_OK(store_->Compact({}));
  const StoreStats stats = store_->Stats();
  EXPECT_EQ(stats.files, 1u);
  EXPECT_GT(stats.live_bytes, 0u);
  EXPECT_GT(stats.memory_bytes, 0u);
  EXPECT_FALSE(stats.read_only);
  EXPECT_NE(stats.detail, "");
}

TEST_F(RocksDbStoreTest, CompactionGivesBackTheSpaceOfDeletedRanges) {
  Open();
  auto run = store_->NewSortedRun();
  ASSERT_OK(run);
  uint64_t x = 1;
  for (int i = 10'000; i < 11'000; ++i) {
    std::string value(4000, '\0');
    for (char& c : value) c = static_cast<char>((x = x * 6364136223846793005u + 1) >> 56);
    ASSERT_OK((*run)->Add("page" + std::to_string(i), value));
  }
  ASSERT_OK((*run)->Finish());
  std::vector<std::unique_ptr<SortedRun>> runs;
  runs.push_back(*std::move(run));
  ASSERT_OK(store_->IngestRuns(std::move(runs)));
  EXPECT_GT(store_->Stats().live_bytes, 3'000'000u);
  auto t = store_->Begin();
  ASSERT_OK(t);
  (*t)->DeleteRange(PrefixRange("page"));
  ASSERT_OK((*t)->Commit(Durability::kSync));
  ASSERT_OK(store_->Compact(PrefixRange("page")));
  EXPECT_LT(store_->Stats().live_bytes, 100'000u);
}

}  // namespace
}  // namespace lodestone::store
