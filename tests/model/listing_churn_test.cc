// A listing is one snapshot: while writers move partitions about, every listing has each partition that was there
// throughout exactly once, in order, and as many as there are at any commit. Pages by token, each of its own snapshot,
// still have every partition that stays. LODESTONE_SOAK_FACTOR multiplies the number of partitions (default 1).
#include <algorithm>
#include <atomic>
#include <cstdlib>
#include <filesystem>
#include <mutex>
#include <thread>

#include "absl/strings/str_format.h"
#include "catalog/bulk_load.h"
#include "catalog/metastore.h"
#include "gtest/gtest.h"
#include "tests/support/matchers.h"
#include "tests/support/soak.h"

namespace lodestone {
namespace {

const TableName kTable{.database = "default", .table = "hits"};
constexpr int kWriters = 2;

std::string Number(int number) { return absl::StrFormat("%08d", number); }

model::v1::Partition Make(const std::string& kind, int number) {
  model::v1::Partition partition;
  partition.add_values(Number(number));
  partition.add_values(kind);
  return partition;
}

class Churn {
 public:
  // `stable` partitions stay; each reader lists all `listings` times.
  Churn(Metastore* metastore, int stable, int listings) : metastore_(metastore), stable_(stable), listings_(listings) {}

  void Prepare() {
    model::v1::Table table;
    table.set_database("default");
    table.set_name("hits");
    auto* column = table.mutable_storage_descriptor()->add_columns();
    column->set_name("id");
    column->set_type("int");
    for (const char* name : {"number", "kind"}) {
      auto* key = table.add_partition_keys();
      key->set_name(name);
      key->set_type("string");
    }
    Session session = metastore_->Local();
    ASSERT_OK(session.CreateTable(table));
    auto loader = BulkLoader::Start(session, kTable);
    ASSERT_OK(loader);
    for (int i = 0; i < stable_; ++i) {
      const std::string number = Number(i);
      const std::string_view values[] = {number, "stable"};
      ASSERT_OK((*loader)->Add(BulkRow{.values = values}));
    }
    ASSERT_OK((*loader)->Finish());
    std::vector<model::v1::Partition> moving;
    for (int w = 0; w < kWriters; ++w) moving.push_back(Make(Kind(w), 0));
    ASSERT_OK(session.AddPartitions(kTable, moving));
  }

  // Each writer has exactly one partition of its own, and moves it: dropped and added in one transaction, or renamed.
  void Write(int writer) {
    Session session = metastore_->Local();
    int at = 0;
    for (int round = 0; !stop_; ++round) {
      const int next = (at + 7919) % stable_;
      const model::v1::Partition from = Make(Kind(writer), at);
      const model::v1::Partition to = Make(Kind(writer), next);
      absl::Status moved;
      if (round % 2 == 0) {
        moved = session.RenamePartition(kTable, Values(from), Values(to));
      } else {
        const auto swap = [&](Session& inside) -> absl::Status {
          const std::string name = "number=" + from.values(0) + "/kind=" + from.values(1);
          if (auto dropped = inside.DropPartitions(kTable, std::vector{name}); !dropped.ok()) return dropped.status();
          return inside.AddPartitions(kTable, std::vector{to}).status();
        };
        moved = session.Transact(swap).status();
      }
      if (!moved.ok()) return Fail("writer: " + moved.ToString());
      at = next;
      ++moves_;
    }
  }

  void ListWhole(Order order) {
    Session session = metastore_->Local();
    int stable = 0;
    int moving = 0;
    std::string last;
    PartitionCursor cursor = session.ListPartitions(kTable, {.order = order});
    while (cursor.Next()) Look(cursor.batch(), order, &last, &stable, &moving);
    if (!cursor.status().ok()) Fail("listing: " + cursor.status().ToString());
    if (stable != stable_ || moving != kWriters) {
      Fail("listing: " + std::to_string(stable) + " that stay, " + std::to_string(moving) + " that move");
    }
  }

  void ListPaged(Order order) {
    Session session = metastore_->Local();
    int stable = 0;
    int moving = 0;
    std::string last;
    ListOptions options{.order = order, .limit = 997};
    do {
      PartitionCursor cursor = session.ListPartitions(kTable, options);
      while (cursor.Next()) Look(cursor.batch(), order, &last, &stable, &moving);
      if (!cursor.status().ok()) return Fail("page: " + cursor.status().ToString());
      options.after = cursor.ResumeToken();
    } while (!options.after.empty());
    if (stable != stable_) Fail("pages: " + std::to_string(stable) + " that stay");
  }

  void Run() {
    std::vector<std::thread> writers;
    for (int w = 0; w < kWriters; ++w) writers.emplace_back([this, w] { Write(w); });
    std::vector<std::thread> readers;
    for (const Order order : {Order::kAscending, Order::kDescending}) {
      readers.emplace_back([this, order] {
        for (int i = 0; i < listings_; ++i) ListWhole(order);
      });
      readers.emplace_back([this, order] {
        for (int i = 0; i < listings_; ++i) ListPaged(order);
      });
    }
    for (std::thread& reader : readers) reader.join();
    stop_ = true;
    for (std::thread& writer : writers) writer.join();
    EXPECT_GT(moves_, 10);
    EXPECT_EQ(failure_, "");
  }

 private:
  static std::string Kind(int writer) { return "w" + std::to_string(writer); }
  static std::vector<std::string> Values(const model::v1::Partition& partition) {
    return {partition.values().begin(), partition.values().end()};
  }
  void Look(const PartitionBatch& batch, Order order, std::string* last, int* stable, int* moving) {
    for (std::size_t row = 0; row < batch.size(); ++row) {
      std::string name = batch.Name(row);
      const bool forward = order == Order::kAscending ? *last < name : name < *last;
      if (!last->empty() && !forward) Fail("out of order: " + *last + ", " + name);
      ++*(batch.keys()[1].value(row) == "stable" ? stable : moving);
      *last = std::move(name);
    }
  }
  void Fail(const std::string& what) {
    const std::lock_guard lock(mutex_);
    if (failure_.empty()) failure_ = what;
  }

  Metastore* const metastore_;
  const int stable_;
  const int listings_;
  std::atomic<bool> stop_ = false;
  std::atomic<int64_t> moves_ = 0;
  std::mutex mutex_;
  std::string failure_;
};

TEST(ListingChurnTest, InMemory) {
  const auto metastore = Metastore::OpenInMemory();
  ASSERT_OK(metastore);
  Churn churn(metastore->get(), 20'000, testing::Soaked(25));
  ASSERT_NO_FATAL_FAILURE(churn.Prepare());
  churn.Run();
}

TEST(ListingChurnTest, OnDisk) {
  const std::string path = ::testing::TempDir() + "/listing_churn_test_store";
  std::filesystem::remove_all(path);
  OpenOptions options;
  options.sync = SyncMode::kRelaxed;
  {
    const auto metastore = Metastore::Open(path, options);
    ASSERT_OK(metastore);
    Churn churn(metastore->get(), std::min(1'000'000, testing::Soaked(1'000'000)), testing::Soaked(3));
    ASSERT_NO_FATAL_FAILURE(churn.Prepare());
    churn.Run();
  }
  std::filesystem::remove_all(path);
}

}  // namespace
}  // namespace lodestone
