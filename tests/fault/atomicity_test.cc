// Every operation is all or nothing: while it runs, the process ends or the power goes, at each call that changes the
// disk, one after the other. What is there afterwards is the state before or the state after, nothing in between; the
// state after, when the operation was acknowledged; and from the state before the operation can be done again.
#include <algorithm>
#include <functional>
#include <random>
#include <string>
#include <vector>

#include "catalog/base/status_macros.h"
#include "catalog/base/strings.h"
#include "catalog/bulk_load.h"
#include "catalog/store/rocksdb/rocksdb_store.h"
#include "tests/fault/fault_file_system.h"
#include "tests/support/content.h"
#include "tests/support/matchers.h"
#include "tests/support/soak.h"
#include "tests/support/temp_folder.h"

namespace lodestone {
namespace {

using base::StrCat;
using testing::Cut;
using testing::FaultFileSystem;

const TableName kHits{.database = "web", .table = "hits"};
const TableName kLoads{.database = "web", .table = "loads"};
constexpr int kSampleRows = 600;
constexpr int kNewRows = 1500;  // several pages

// Rows of web.loads: from the middle of those that are there to far behind them.
std::vector<model::v1::Partition> NewRows() {
  std::vector<model::v1::Partition> rows(kNewRows);
  for (int i = 0; i < kNewRows; ++i) {
    auto& row = rows[static_cast<std::size_t>(i)];
    row.add_values(std::to_string(kSampleRows / 4 + i));
    (*row.mutable_parameters())["numRows"] = std::to_string(i);
  }
  return rows;
}

absl::Status BulkLoad(Session& session, IfExists if_exists, std::size_t memory_bytes) {
  const testing::TempFolder spill;
  BulkLoadOptions options;
  options.if_exists = if_exists;
  options.memory_bytes = memory_bytes;
  options.spill_directory = spill / "spill";
  ASSIGN_OR_RETURN(const auto loader, BulkLoader::Start(session, kLoads, options));
  for (int i = kNewRows; i > 0; --i) {
    const std::string value = std::to_string(kSampleRows / 4 + i);
    const std::string_view values[] = {value};
    RETURN_IF_ERROR(loader->Add(BulkRow{.values = values}));
  }
  return loader->Finish().status();
}

// Changes of several kinds in one transaction.
absl::Status ManyThings(Session& session) {
  return session
      .Transact([](Session& s) -> absl::Status {
        RETURN_IF_ERROR(s.RenameTable(kLoads, {.database = "shop", .table = "loads"}));
        RETURN_IF_ERROR(s.TruncatePartitions({.database = "shop", .table = "loads"}));
        RETURN_IF_ERROR(s.DropPartitionsByFilter(kHits, "hour > 5").status());
        RETURN_IF_ERROR(s.DropFunction({.database = "web", .function = "area"}));
        model::v1::Database database;
        database.set_name("made");
        RETURN_IF_ERROR(s.CreateDatabase(database));
        return s.RenameTable(kHits, {.database = "made", .table = "hits"});
      })
      .status();
}

struct Operation {
  const char* name;
  std::function<absl::Status(Session&)> run;
};

const Operation kOperations[] = {
    {"create_database",
     [](Session& s) {
       model::v1::Database database;
       database.set_name("made");
       return s.CreateDatabase(database);
     }},
    {"drop_database_cascade", [](Session& s) { return s.DropDatabase("web", {.mode = DropMode::kCascade}); }},
    {"purge_database_cascade",
     [](Session& s) { return s.DropDatabase("web", {.mode = DropMode::kCascade, .purge = Purge::kYes}); }},
    {"undrop_database", [](Session& s) { return s.UndropDatabase("gone"); }},
    {"rename_database", [](Session& s) { return s.RenameDatabase("web", "net"); }},
    {"drop_catalog_cascade", [](Session& s) { return s.DropCatalog("other", {.mode = DropMode::kCascade}); }},
    {"rename_table", [](Session& s) { return s.RenameTable(kHits, {.database = "shop", .table = "visits"}); }},
    {"drop_table", [](Session& s) { return s.DropTable(kHits); }},
    {"undrop_table", [](Session& s) { return s.UndropTable({.database = "web", .table = "dropped"}); }},
    {"add_partitions",
     [](Session& s) { return s.AddPartitions(kLoads, NewRows(), {.if_exists = IfExists::kSkip}).status(); }},
    {"replace_partitions",
     [](Session& s) { return s.AddPartitions(kLoads, NewRows(), {.if_exists = IfExists::kReplace}).status(); }},
    {"alter_partitions",
     [](Session& s) {
       std::vector<model::v1::Partition> rows = NewRows();
       rows.resize(kSampleRows / 4);
       return s.AlterPartitions(kLoads, rows);
     }},
    {"rename_partition",
     [](Session& s) {
       return s.RenamePartition(kLoads, std::vector<std::string>{"7"}, std::vector<std::string>{"700000"});
     }},
    {"drop_partitions_by_filter", [](Session& s) { return s.DropPartitionsByFilter(kLoads, "n > 100").status(); }},
    {"truncate_partitions", [](Session& s) { return s.TruncatePartitions(kLoads); }},
    {"bulk_load", [](Session& s) { return BulkLoad(s, IfExists::kSkip, std::size_t{256} << 20); }},
    {"bulk_load_of_sorted_runs", [](Session& s) { return BulkLoad(s, IfExists::kReplace, std::size_t{16} << 10); }},
    {"transaction", ManyThings},
};

void PrintTo(const Operation& operation, std::ostream* out) { *out << operation.name; }

// The sample, made once.
struct Sample {
  std::shared_ptr<FaultFileSystem> disk = std::make_shared<FaultFileSystem>();
  std::string content;
};

class AtomicityTest : public ::testing::TestWithParam<Operation> {
 protected:
  static absl::StatusOr<std::unique_ptr<Metastore>> Open(const std::shared_ptr<FaultFileSystem>& disk) {
    static const ManualClock clock(int64_t{1'780'000'000'000});
    store::RocksDbOptions engine;
    engine.file_system = disk;
    engine.clock = std::make_shared<testing::ImpatientClock>();
    engine.block_cache_bytes = std::size_t{1} << 20;
    engine.write_buffer_bytes = std::size_t{64} << 10;
    ASSIGN_OR_RETURN(auto store, store::OpenRocksDbStore("/disk/store", engine));
    OpenOptions options;
    options.clock = &clock;
    return Metastore::OpenOn(std::move(store), options);
  }

  static const Sample& TheSample() {
    static const Sample* const sample = [] {
      auto* made = new Sample;
      auto metastore = Open(made->disk);
      EXPECT_OK(metastore);
      EXPECT_OK(testing::FillSample(**metastore, kSampleRows));
      made->content = Content(**metastore);
      return made;
    }();
    return *sample;
  }

  absl::Status Run(Metastore& metastore) {
    Session session = metastore.Trusted(Principal{.name = "ana"});
    return GetParam().run(session);
  }

  // What the store holds. A load takes several commits, the first ones of which show in no other way than by the
  // versions of later commits: those are left out.
  static std::string Content(Metastore& metastore) {
    auto content = testing::DescribeContent(metastore);
    EXPECT_OK(content);
    std::string plain;
    for (const std::string_view line : base::Split(*content, '\n')) {
      const std::size_t at = line.starts_with("event ") ? line.find(" version: ") : std::string_view::npos;
      const std::size_t end = at == std::string_view::npos ? at : line.find(' ', at + 10);
      base::StrAppend(&plain, line.substr(0, at), end == std::string_view::npos ? "" : line.substr(end), "\n");
    }
    return plain;
  }

  // Runs the operation on a copy of the sample, and cuts the power at the `n`th change of the disk. False: it never
  // came to that.
  bool CutAt(uint64_t n, Cut cut, const std::string& after) {
    auto disk = TheSample().disk->Copy();
    absl::Status done;
    bool met = false;
    {
      auto metastore = Open(disk);
      EXPECT_OK(metastore);
      disk->CutPowerAt(n);
      done = Run(**metastore);
      met = !disk->powered();
      EXPECT_TRUE(done.ok() || met) << done;
    }
    disk->RestorePower(cut, &random_);
    auto metastore = Open(disk);
    EXPECT_OK(metastore);
    if (!metastore.ok()) return met;
    EXPECT_EQ(*testing::FindingsOf(**metastore), "");
    std::string found = Content(**metastore);
    if (!done.ok() && found == TheSample().content) {
      EXPECT_OK(Run(**metastore)) << "once more";
      found = Content(**metastore);
    }
    // Not EXPECT_EQ: the texts are long, and their difference says little.
    EXPECT_TRUE(found == after) << "neither the state before nor the one after, the operation having said " << done;
    return met;
  }

  std::mt19937_64 random_{testing::SeedOr(20240911)};
};

INSTANTIATE_TEST_SUITE_P(Operations, AtomicityTest, ::testing::ValuesIn(kOperations),
                         [](const auto& operation) { return std::string(operation.param.name); });

TEST_P(AtomicityTest, IsAllOrNothingWhereverItIsCut) {
  SCOPED_TRACE(StrCat("LODESTONE_SEED=", testing::SeedOr(20240911)));
  std::string after;
  {
    auto metastore = Open(TheSample().disk->Copy());
    ASSERT_OK(metastore);
    ASSERT_OK(Run(**metastore));
    after = Content(**metastore);
    ASSERT_NE(after, TheSample().content);
  }
  // kKeepAll is the end of the process alone: what it wrote is with the machine.
  constexpr Cut kKinds[] = {Cut::kKeepAll, Cut::kDropAll, Cut::kPrefix, Cut::kScatter};
  // At each change in each kind; where builds are slow, in one of the kinds.
  const uint64_t step = testing::Soaked(100) < 100 ? std::size(kKinds) : 1;
  for (std::size_t kind = 0; kind < std::size(kKinds); ++kind) {
    const uint64_t first = 1 + kind % step;
    uint64_t n = first;
    while (!HasFailure() && CutAt(n, kKinds[kind], after)) n += step;
    ASSERT_FALSE(HasFailure()) << "cut at change " << n << ", kind " << kind;
    EXPECT_GT(n, first) << "it changed nothing";
  }
}

}  // namespace
}  // namespace lodestone
