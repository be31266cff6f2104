// What is revoked is over when the revoke returns: in every thread, for every call that begins afterwards.
#include <atomic>
#include <thread>
#include <vector>

#include "gtest/gtest.h"
#include "tests/support/matchers.h"
#include "tests/support/soak.h"
#include "tests/unit/session/fixture.h"

namespace lodestone {
namespace {

using testing::MakeDatabase;
using testing::MakePartition;
using testing::MakeTable;
using testing::Names;

TEST(RevokeTest, IsAtOnceForAllThreads) {
  constexpr int kThreads = 8;
  const int calls_each = testing::Soaked(100'000 / kThreads);
  const TableName hits{.database = "web", .table = "hits"};
  const auto metastore = *Metastore::OpenInMemory({});
  Session local = metastore->Local();
  ASSERT_OK(local.CreateDatabase(MakeDatabase("web")));
  ASSERT_OK(local.CreateTable(MakeTable("web", "hits", {"dt"})));
  ASSERT_OK(local.AddPartitions(hits, std::vector{MakePartition({"1"})}));
  const Securable on = Securable::Table(hits);
  ASSERT_OK(local.Grant({Grantee::User("eve"), Privilege::kSelect, on}));

  std::atomic<bool> revoked = false;
  std::atomic<int> running = 0;
  std::atomic<int64_t> before = 0;
  std::atomic<int64_t> after = 0;
  std::atomic<int64_t> refused = 0;
  std::vector<std::jthread> threads;
  for (int t = 0; t < kThreads; ++t) {
    threads.emplace_back([&, t] {
      Session eve = metastore->As(Principal{.name = "eve"});
      const Names values = {"1"};
      ++running;
      for (int calls = 0; calls < calls_each;) {
        const bool over = revoked.load();  // before the call begins
        absl::Status status;
        switch ((calls + t) % 3) {
          case 0:
            status = eve.GetTable(hits).status();
            break;
          case 1:
            status = eve.GetPartition(hits, values).status();
            break;
          default:
            status = eve.PartitionNames(hits).status();
        }
        if (!over) {
          before += status.ok() ? 1 : 0;
          continue;
        }
        ++calls;
        (status.ok() ? after : refused) += 1;
      }
    });
  }
  while (running < kThreads || before < 100) std::this_thread::yield();
  ASSERT_OK(local.Revoke({Grantee::User("eve"), Privilege::kSelect, on}));
  revoked = true;
  threads.clear();
  EXPECT_EQ(after, 0);
  EXPECT_EQ(refused, int64_t{kThreads} * calls_each);
}

}  // namespace
}  // namespace lodestone
