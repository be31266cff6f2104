// SQLite (in memory, C interface) and DuckDB (in memory, one thread, through bench/peers/duckdb_peer.py) over the same
// partitions in the same order.
#include <cstdio>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "bench/figures/stage.h"
#include "bench/reference/sqlite_store.h"

namespace lodestone::bench {

namespace {

constexpr const char* kRegion = "eu-central-1";

// Runs the script, which prints lines of `name seconds`.
std::map<std::string, double> RunDuckDb(const Settings& settings, const std::string& day) {
  const std::string command = settings.duckdb + " " + std::to_string(settings.size) + " " + day + " " + kRegion;
  std::map<std::string, double> seconds;
  std::FILE* pipe = ::popen(command.c_str(), "r");
  char name[64];
  double value = 0;
  while (pipe != nullptr && std::fscanf(pipe, "%63s %lf", name, &value) == 2) seconds[name] = value;
  if (pipe == nullptr || ::pclose(pipe) != 0) {
    std::fprintf(stderr, "figures: %s failed\n", command.c_str());
    std::exit(1);
  }
  return seconds;
}

std::vector<Row> AllRows(int64_t partitions) {
  const Workload workload(partitions);
  std::vector<Row> rows(partitions);
  for (int64_t i = 0; i < partitions; ++i) workload.Fill(i, &rows[i]);
  return rows;
}

void Load(Session session, const TableName& table, const std::vector<Row>& rows) {
  const std::unique_ptr<BulkLoader> loader = Must(BulkLoader::Start(session, table));
  for (const Row& row : rows) {
    const std::string_view values[] = {row.values[0], row.values[1], row.values[2]};
    std::array<std::pair<std::string_view, std::string_view>, kParameterNames.size()> parameters;
    for (std::size_t p = 0; p < parameters.size(); ++p) parameters[p] = {kParameterNames[p], row.parameters[p]};
    Must(loader->Add({.values = values, .parameters = parameters, .create_time = row.create_time}));
  }
  Must(loader->Finish().status());
}

}  // namespace

void PeerFigures(const Settings& settings, Report* report) {
  const std::string count = WithCommas(settings.size);
  std::vector<Row> rows = AllRows(settings.size);
  const std::unique_ptr<Metastore> ours = OpenOurs(settings, FreshFolder(settings, "ours"));
  Session session = ours->Local();
  Must(CreateAndLoad(session, kTable, Workload(0)));
  std::unique_ptr<SqliteStore> sqlite;
  int round = 0;
  report->Add("load of " + count + ", from memory", "SQLite, one transaction",
              MeasurePair(
                  [&] {
                    const TableName table{"bench", "load" + std::to_string(++round)};
                    Must(session.CreateTable(MakeTable(table)));
                    Load(session, table, rows);
                  },
                  [&] {
                    sqlite = std::make_unique<SqliteStore>();
                    sqlite->Load(rows);
                  },
                  3),
              Goal::kFaster, 8);
  Load(session, kTable, rows);
  rows = {};

  const std::string day = Workload(settings.size).SomeDay();
  const std::string region_filter = std::string("region = '") + kRegion + "'";
  const auto names = [&] { Keep(Must(session.PartitionNames(kTable)).bytes.data()); };
  const auto filter = [&] { Must(session.CountPartitions(kTable, region_filter)); };
  const auto one_day = [&] { Must(session.PartitionNames(kTable, {.filter = "dt = '" + day + "'"})); };

  std::string out;
  report->Add("names of " + count + " partitions", "SQLite", MeasurePair(names, [&] { sqlite->Names("", &out); }),
              Goal::kFaster, 15);
  report->Add("filter on a non-leading key, count", "SQLite",
              MeasurePair(filter, [&] { sqlite->CountOfRegion(kRegion); }), Goal::kFaster, 12);
  report->Add("one day of 480, names", "SQLite", MeasurePair(one_day, [&] { sqlite->Names(day, &out); }), Goal::kFaster,
              5);
  if (settings.duckdb.empty()) return;

  Progress("DuckDB");
  const std::map<std::string, double> duckdb = RunDuckDb(settings, day);
  const auto beside = [&](const std::function<void()>& run, const char* name) {
    return Pair{.ours = MeasurePair(run, [] {}).ours, .reference = duckdb.at(name)};
  };
  report->Add("names of " + count + " partitions", "DuckDB, one thread", beside(names, "names"), Goal::kFaster, 3);
  report->Add("filter on a non-leading key, count", "DuckDB, one thread", beside(filter, "filter"), Goal::kFaster, 1.5);
  report->Add("one day of 480, names", "DuckDB, one thread", beside(one_day, "one_day"), Goal::kFaster, 20);
}

}  // namespace lodestone::bench
