// A checkpoint taken while others write is a store of its own, and holds the commits up to some point: all of those
// acknowledged before it was asked for, and nothing of any later one.
#include <atomic>
#include <map>
#include <set>
#include <thread>

#include "catalog/base/strings.h"
#include "catalog/bulk_load.h"
#include "tests/support/content.h"
#include "tests/support/matchers.h"
#include "tests/support/soak.h"
#include "tests/support/temp_folder.h"

namespace lodestone {
namespace {

using base::StrCat;
using model::v1::Event;

const TableName kLeft{.database = "default", .table = "left"};
const TableName kRight{.database = "default", .table = "right"};
const TableName kLoaded{.database = "default", .table = "loaded"};

// What a prefix of the events amounts to. Loads do not list their partitions: they are counted.
struct Replay {
  std::set<std::string> left, right;
  int64_t loaded = 0;

  void Apply(const Event& event) {
    if (event.object() == kLoaded.table && event.kind() == Event::LOAD_PARTITIONS) loaded += event.count();
    std::set<std::string>* table = event.object() == kLeft.table    ? &left
                                   : event.object() == kRight.table ? &right
                                                                    : nullptr;
    if (table == nullptr) return;
    for (const std::string& name : event.partitions()) {
      if (event.kind() == Event::ADD_PARTITIONS) table->insert(name);
      if (event.kind() == Event::DROP_PARTITIONS) table->erase(name);
    }
  }
};

class CheckpointTest : public ::testing::Test {
 protected:
  void SetUp() override {
    OpenOptions options;
    options.write_buffer_bytes = std::size_t{64} << 10;  // tables are written and merged all the time
    auto metastore = Metastore::Open(folder_ / "store", options);
    ASSERT_OK(metastore);
    metastore_ = *std::move(metastore);
    for (const TableName& name : {kLeft, kRight, kLoaded}) {
      model::v1::Table table;
      table.set_database(name.database);
      table.set_name(name.table);
      auto* column = table.mutable_storage_descriptor()->add_columns();
      column->set_name("id");
      column->set_type("int");
      auto* key = table.add_partition_keys();
      key->set_name("k");
      key->set_type("string");
      ASSERT_OK(metastore_->Local().CreateTable(table));
    }
  }

  // Adds a partition to both tables, and now and then drops the one before it from both.
  void WritePairs(int writer) {
    Session session = metastore_->Local();
    for (int i = 0; !stop_; ++i) {
      model::v1::Partition partition;
      partition.add_values(StrCat(writer, "-", i));
      (*partition.mutable_parameters())["filler"] = std::string(300, 'f');
      const std::string before = StrCat("k=", writer, "-", i - 1);
      auto version = session.Transact([&](Session& s) -> absl::Status {
        for (const TableName& table : {kLeft, kRight}) {
          if (auto added = s.AddPartitions(table, {&partition, 1}); !added.ok()) return added.status();
          if (i % 3 != 2) continue;
          if (auto dropped = s.DropPartitions(table, {&before, 1}); !dropped.ok()) return dropped.status();
        }
        return absl::OkStatus();
      });
      ASSERT_OK(version);
      Acknowledge(*version);
      if (writer == 1 && i % 50 == 49) Load(i);
    }
  }
  void Load(int number) {
    auto loader = BulkLoader::Start(metastore_->Local(), kLoaded);
    ASSERT_OK(loader);
    for (int row = 0; row < 20; ++row) {
      const std::string value = StrCat(number, "-", row);
      const std::string_view values[] = {value};
      ASSERT_OK((*loader)->Add(BulkRow{.values = values}));
    }
    ASSERT_OK((*loader)->Finish());
  }
  void Acknowledge(uint64_t version) {
    for (uint64_t known = acknowledged_; known < version;) {
      if (acknowledged_.compare_exchange_weak(known, version)) break;
    }
  }

  void CheckCopy(const std::string& path, uint64_t acknowledged) {
    OpenOptions options;
    options.create_if_missing = false;
    auto copy = Metastore::Open(path, options);
    ASSERT_OK(copy);
    Session session = (*copy)->Local();
    EXPECT_GE(session.version(), acknowledged) << "a commit acknowledged before the checkpoint is not in it";
    auto findings = testing::FindingsOf(**copy);
    ASSERT_OK(findings);
    ASSERT_EQ(*findings, "");

    auto events = session.ReadEvents();
    auto all = metastore_->Local().ReadEvents({.limit = events.ok() ? events->events.size() : 0});
    ASSERT_OK(events);
    ASSERT_OK(all);
    ASSERT_EQ(events->events.size(), all->events.size());
    Replay replay;
    for (std::size_t i = 0; i < events->events.size(); ++i) {
      ASSERT_EQ(events->events[i].ShortDebugString(), all->events[i].ShortDebugString());
      replay.Apply(events->events[i]);
    }
    EXPECT_LE(events->events.back().version(), static_cast<int64_t>(session.version()));
    // No event of a commit is missing: the next one is of a later commit.
    auto next = metastore_->Local().ReadEvents({.after = events->last_id, .limit = 1});
    ASSERT_OK(next);
    if (!next->events.empty()) {
      EXPECT_GT(next->events[0].version(), static_cast<int64_t>(session.version()));
    }
    for (const auto& [table, expected] : {std::pair(kLeft, &replay.left), std::pair(kRight, &replay.right)}) {
      auto names = session.PartitionNameStrings(table);
      ASSERT_OK(names);
      EXPECT_EQ(std::set<std::string>(names->begin(), names->end()), *expected) << table.table;
    }
    EXPECT_EQ(replay.left, replay.right);
    auto loaded = session.CountPartitions(kLoaded);
    ASSERT_OK(loaded);
    EXPECT_EQ(*loaded, replay.loaded);
  }

  testing::TempFolder folder_;
  std::unique_ptr<Metastore> metastore_;
  std::atomic<bool> stop_{false};
  std::atomic<uint64_t> acknowledged_{0};
};

TEST_F(CheckpointTest, HoldsAPrefixOfTheCommits) {
  std::thread first([this] { WritePairs(1); }), second([this] { WritePairs(2); });
  uint64_t copied = 0;
  for (int i = 0; i < testing::Soaked(50) && !HasFailure(); ++i) {
    SCOPED_TRACE(i);
    const std::string path = folder_ / StrCat("copy", i);
    // Of something that the last copy had not.
    while (acknowledged_ == copied && !HasFailure()) std::this_thread::yield();
    copied = acknowledged_;
    EXPECT_OK(metastore_->Checkpoint(path));
    CheckCopy(path, copied);
    std::filesystem::remove_all(path);
  }
  stop_ = true;
  first.join();
  second.join();
  EXPECT_GT(acknowledged_, static_cast<uint64_t>(testing::Soaked(50)));
}

TEST_F(CheckpointTest, IsIndependentOfItsOrigin) {
  Load(1);
  ASSERT_OK(metastore_->Checkpoint(folder_ / "copy"));
  OpenOptions options;
  auto copy = Metastore::Open(folder_ / "copy", options);
  ASSERT_OK(copy);
  ASSERT_OK((*copy)->Local().TruncatePartitions(kLoaded));
  EXPECT_EQ(*metastore_->Local().CountPartitions(kLoaded), 20);
  ASSERT_OK(metastore_->Local().DropTable(kLeft));
  EXPECT_OK((*copy)->Local().GetTable(kLeft));
  metastore_.reset();
  ASSERT_OK(Metastore::Destroy(folder_ / "store"));
  EXPECT_OK((*copy)->Local().GetTable(kLeft));
  EXPECT_EQ(*testing::FindingsOf(**copy), "");
}

}  // namespace
}  // namespace lodestone
