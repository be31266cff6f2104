// What the catalog acknowledged survives SIGKILL, and what it did not is there as a whole or not at all: a child works
// and says what was acknowledged, the parent kills it at a random moment and looks.
#include <unistd.h>

#include <chrono>
#include <cstring>
#include <map>
#include <random>
#include <set>
#include <thread>

#include "catalog/base/strings.h"
#include "catalog/bulk_load.h"
#include "tests/support/child_process.h"
#include "tests/support/content.h"
#include "tests/support/matchers.h"
#include "tests/support/soak.h"
#include "tests/support/temp_folder.h"

namespace lodestone {
namespace {

using base::StrCat;

const TableName kAdded{.database = "default", .table = "added"};
const TableName kLoaded{.database = "default", .table = "loaded"};
constexpr int kRows = 3;  // partitions of one call

// What one worker does over and over. Call `i` of a worker leaves a trace of its own.
enum Worker : uint32_t { kAdds, kLoads, kDatabases, kWorkers };

struct Ack {
  uint32_t worker;
  uint32_t call;
};

OpenOptions SmallOptions() {
  OpenOptions options;
  options.block_cache_bytes = std::size_t{1} << 20;
  options.write_buffer_bytes = std::size_t{64} << 10;
  return options;
}

absl::Status MakeTable(Session& session, const TableName& name) {
  model::v1::Table table;
  table.set_database(name.database);
  table.set_name(name.table);
  for (const char* name_of : {"id", "call", "row"}) {
    const bool is_key = name_of != std::string_view("id");
    auto* column = is_key ? table.add_partition_keys() : table.mutable_storage_descriptor()->add_columns();
    column->set_name(name_of);
    column->set_type("int");
  }
  return session.CreateTable(table, {.if_exists = IfExists::kSkip});
}

absl::Status Add(Session& session, uint32_t call) {
  std::vector<model::v1::Partition> partitions(kRows);
  for (int row = 0; row < kRows; ++row) {
    auto& partition = partitions[static_cast<std::size_t>(row)];
    partition.add_values(std::to_string(call));
    partition.add_values(std::to_string(row));
    (*partition.mutable_parameters())["filler"] = std::string(call * 37 % 900, 'f');
  }
  return session.AddPartitions(kAdded, partitions).status();
}

absl::Status Load(Session& session, uint32_t call) {
  auto loader = BulkLoader::Start(session, kLoaded);
  if (!loader.ok()) return loader.status();
  for (int row = 0; row < kRows; ++row) {
    const std::string values[] = {std::to_string(call), std::to_string(row)};
    const std::string_view views[] = {values[0], values[1]};
    if (absl::Status added = (*loader)->Add(BulkRow{.values = views}); !added.ok()) return added;
  }
  return (*loader)->Finish().status();
}

// Makes a database of several tables in one transaction; the one before it goes, with all its tables, in the same.
absl::Status SwitchDatabase(Session& session, uint32_t call) {
  return session
      .Transact([call](Session& s) -> absl::Status {
        model::v1::Database database;
        database.set_name(StrCat("d", call));
        if (absl::Status made = s.CreateDatabase(database); !made.ok()) return made;
        for (int i = 0; i < kRows; ++i) {
          const std::string table = StrCat("t", i);
          if (absl::Status made = MakeTable(s, {.database = database.name(), .table = table}); !made.ok()) return made;
        }
        return call == 0 ? absl::OkStatus() : s.DropDatabase(StrCat("d", call - 1), {.mode = DropMode::kCascade});
      })
      .status();
}

// Call numbers of which traces are there, whole ones alone: anything else fails the test.
std::set<uint32_t> CallsIn(const Session& session, const TableName& table) {
  auto names = session.PartitionNameStrings(table);
  if (absl::IsNotFound(names.status())) return {};  // killed before the table was made
  EXPECT_OK(names);
  std::map<uint32_t, int> rows;
  if (names.ok()) {
    for (const std::string& name : *names) ++rows[static_cast<uint32_t>(std::stoul(name.substr(5)))];
  }
  std::set<uint32_t> calls;
  for (const auto& [call, count] : rows) {
    EXPECT_EQ(count, kRows) << "call " << call << " is there in part";
    calls.insert(call);
  }
  return calls;
}

// How many calls of each worker took effect; they must be the first ones.
std::map<uint32_t, uint32_t> CountCalls(const Session& session) {
  std::map<uint32_t, uint32_t> counts;
  for (const auto& [worker, table] : {std::pair(kAdds, kAdded), std::pair(kLoads, kLoaded)}) {
    const std::set<uint32_t> calls = CallsIn(session, table);
    counts[worker] = static_cast<uint32_t>(calls.size());
    if (calls.empty()) continue;
    EXPECT_EQ(*calls.rbegin(), calls.size() - 1) << "a call is missing in between";
  }
  auto databases = session.ListDatabases({.pattern = "d*"});
  EXPECT_OK(databases);
  counts[kDatabases] = 0;
  for (const std::string& name : databases->items) {
    if (name == kDefaultDatabase) continue;
    EXPECT_EQ(counts[kDatabases], 0u) << "two databases: a switch is there in part";
    counts[kDatabases] = static_cast<uint32_t>(std::stoul(name.substr(1))) + 1;
    auto tables = session.ListTables(name);
    EXPECT_OK(tables);
    EXPECT_EQ(tables->items.size(), std::size_t{kRows}) << name;
  }
  return counts;
}

TEST(SessionKillTest, DISABLED_ChildWorks) {
  auto metastore = Metastore::Open(std::getenv("LODESTONE_STORE"), SmallOptions());
  ASSERT_OK(metastore);
  Session session = (*metastore)->Local();
  ASSERT_OK(MakeTable(session, kAdded));
  ASSERT_OK(MakeTable(session, kLoaded));
  std::map<uint32_t, uint32_t> next = CountCalls(session);
  const Ack opened{kWorkers, 0};
  ASSERT_EQ(write(testing::kChildOut, &opened, sizeof opened), static_cast<ssize_t>(sizeof opened));
  auto work = [&](uint32_t worker) {
    Session own = (*metastore)->Local();
    for (uint32_t call = next[worker];; ++call) {
      ASSERT_OK(worker == kAdds ? Add(own, call) : worker == kLoads ? Load(own, call) : SwitchDatabase(own, call));
      const Ack ack{worker, call};
      ASSERT_EQ(write(testing::kChildOut, &ack, sizeof ack), static_cast<ssize_t>(sizeof ack));
    }
  };
  std::vector<std::thread> threads;
  for (uint32_t worker = 0; worker < kWorkers; ++worker) threads.emplace_back(work, worker);
  for (std::thread& thread : threads) thread.join();
}

TEST(SessionKillTest, AcknowledgedCallsSurviveAndNoCallIsThereInPart) {
  const uint64_t seed = testing::SeedOr(20240909);
  SCOPED_TRACE(StrCat("LODESTONE_SEED=", seed));
  std::mt19937_64 random(seed);
  testing::TempFolder folder;
  std::string path;
  std::map<uint32_t, uint32_t> known;  // calls that must be there
  uint64_t acknowledged = 0;
  for (int kill = 0; kill < testing::Soaked(200) && !::testing::Test::HasFailure(); ++kill) {
    SCOPED_TRACE(StrCat("kill ", kill));
    if (kill % 10 == 0) {  // small stores
      if (!path.empty()) std::filesystem::remove_all(path);
      path = folder / StrCat("store", kill);
      known.clear();
    }
    std::string said;
    {
      testing::ChildProcess child("SessionKillTest.DISABLED_ChildWorks", {{"LODESTONE_STORE", path}});
      // Sometimes while it opens; mostly while it works. Its answers are counted, so that a slow one is not killed
      // earlier.
      said = child.ReadBytes(random() % 8 * sizeof(Ack));
      std::this_thread::sleep_for(std::chrono::microseconds(random() % 40'000));
      child.Kill();
      said += child.ReadRest();
    }
    for (std::size_t at = 0; at + sizeof(Ack) <= said.size(); at += sizeof(Ack)) {
      Ack ack;
      std::memcpy(&ack, said.data() + at, sizeof ack);
      if (ack.worker == kWorkers) continue;
      known[ack.worker] = std::max(known[ack.worker], ack.call + 1);
      ++acknowledged;
    }
    auto metastore = Metastore::Open(path, SmallOptions());
    ASSERT_OK(metastore);
    std::map<uint32_t, uint32_t> found = CountCalls((*metastore)->Local());
    for (uint32_t worker = 0; worker < kWorkers; ++worker) {
      EXPECT_GE(found[worker], known[worker]) << "an acknowledged call of worker " << worker << " is lost";
      EXPECT_LE(found[worker], known[worker] + 1) << "a call of worker " << worker << " that nobody made";
    }
    known = found;
    auto findings = testing::FindingsOf(**metastore);
    ASSERT_OK(findings);
    EXPECT_EQ(*findings, "");
  }
  EXPECT_GT(acknowledged, static_cast<uint64_t>(testing::Soaked(200)));
}

}  // namespace
}  // namespace lodestone
