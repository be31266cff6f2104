// Listing, pruning and looking up.
#include <cstring>
#include <filesystem>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include "bench/figures/stage.h"

namespace lodestone::bench {

namespace {

constexpr const char* kFilter = "region = 'eu-central-1'";

void Check(bool condition, const std::string& what) {
  if (condition) return;
  std::fprintf(stderr, "figures: wrong result: %s\n", what.c_str());
  std::exit(1);
}

void NameFigures(const Session& session, const RowStore& rows, const Settings& settings, Report* report) {
  const std::string count = WithCommas(settings.size);
  const auto scan = [&] { Check(rows.Scan() == settings.size, "row scan"); };

  // Into memory that is there already, on both sides: a list that is used again, a copy over an old one.
  NameList reused;
  const auto list_again = [&] {
    reused.bytes.clear();
    reused.ends.clear();
    PartitionCursor cursor = session.ListPartitions(kTable);
    while (cursor.Next()) cursor.batch().AppendNames(&reused);
    Must(cursor.status());
  };
  const auto list = [&] {
    const NameList names = Must(session.PartitionNames(kTable));
    Check(static_cast<int64_t>(names.size()) == settings.size, "names");
  };
  report->Add("names of " + count + " partitions into one buffer + offsets", "row scan", MeasurePair(list, scan),
              Goal::kFaster, 15);
  list_again();
  std::string copy(reused.bytes.size(), '\0');
  report->Add("names into a buffer in use", "memcpy of the resulting bytes",
              MeasurePair(list_again,
                          [&] {
                            std::memcpy(copy.data(), reused.bytes.data(), reused.bytes.size());
                            Keep(copy.data());
                          }),
              Goal::kWithin, 8);
  report->Add("names into a new buffer", "memcpy into a new buffer",
              MeasurePair(list,
                          [&] {
                            const std::string fresh(reused.bytes);
                            Keep(fresh.data());
                          }),
              Goal::kWithin, 8);
  report->Add("names as a vector of std::string", "row scan",
              MeasurePair(
                  [&] {
                    const std::vector<std::string> names = Must(session.PartitionNameStrings(kTable));
                    Check(static_cast<int64_t>(names.size()) == settings.size, "name strings");
                  },
                  scan),
              Goal::kFaster, 5);
  report->Add("filter on a non-leading key over " + count + ", count", "row scan",
              MeasurePair([&] { Check(Must(session.CountPartitions(kTable, kFilter)) > 0, "count"); }, scan),
              Goal::kFaster, 80);
  report->Add(
      "names that pass the same filter", "row scan",
      MeasurePair([&] { Check(Must(session.PartitionNames(kTable, {.filter = kFilter})).size() > 0, "names"); }, scan),
      Goal::kNone, 0);
}

void ObjectFigures(const Session& session, const RowStore& rows, const Settings& settings, Report* report) {
  // The reference parses the very messages that ours yields.
  ListOptions everything{.projection = Projection::All()};
  RowStore whole(FreshFolder(settings, "whole"), settings.block_cache_bytes);
  whole.Load([&](const RowStore::Add& add) {
    model::v1::Partition partition;
    Row row;
    const Workload workload(settings.size);
    int64_t i = 0;
    for (auto cursor = session.ListPartitions(kTable, everything); cursor.Next();) {
      for (std::size_t at = 0; at < cursor.batch().size(); ++at) {
        cursor.batch().ToPartition(at, &partition);
        workload.Fill(i++, &row);
        add(row.Key(), partition.SerializeAsString());
      }
    }
    Check(i == settings.size, "messages");
  });
  const auto read_all = [&](const ListOptions& options) {
    model::v1::Partition partition;
    int64_t count = 0;
    PartitionCursor cursor = session.ListPartitions(kTable, options);
    while (cursor.Next()) {
      for (std::size_t at = 0; at < cursor.batch().size(); ++at, ++count) {
        cursor.batch().ToPartition(at, &partition);
        Keep(&partition);
      }
    }
    Must(cursor.status());
    Check(count == settings.size, "messages");
  };
  report->Add("full objects of " + WithCommas(settings.size) + " as protobuf messages",
              "row scan parsing the same messages",
              MeasurePair([&] { read_all(everything); }, [&] { whole.ScanAndParse(); }, 3), Goal::kFaster, 2);
  ListOptions own = everything;
  own.projection.descriptor = false;
  own.projection.location = false;
  report->Add("messages without descriptor and location", "row scan parsing such records",
              MeasurePair([&] { read_all(own); }, [&] { rows.ScanAndParse(); }, 3), Goal::kNone, 0);
}

}  // namespace

void ReadFigures(const Settings& settings, Report* report) {
  const std::unique_ptr<Metastore> ours = FilledOurs(settings, "ours", settings.size);
  const std::unique_ptr<RowStore> rows = FilledRows(settings, "rows", settings.size);
  NameFigures(ours->Local(), *rows, settings, report);
  // The scan that parses whole messages would take minutes, and say the same.
  constexpr int64_t kMostObjects = 1'000'000;
  if (settings.size <= kMostObjects) {
    ObjectFigures(ours->Local(), *rows, settings, report);
  } else {
    Progress("full objects: not measured beyond " + WithCommas(kMostObjects));
  }
}

void LargeReadFigures(const Settings& settings, Report* report) {
  const std::unique_ptr<Metastore> ours = FilledOurs(settings, "ours", settings.large);
  const std::unique_ptr<RowStore> rows = FilledRows(settings, "rows", settings.large);
  const Session session = ours->Local();
  const Workload workload(settings.large);
  const std::string of = " out of " + WithCommas(settings.large);

  // The same random partitions on both sides, each asked for once before: what is asked for often is in memory.
  constexpr int64_t kOperations = 20'000;
  constexpr uint32_t kSeed = 20260105;
  std::mt19937_64 random(kSeed);
  std::vector<std::vector<std::string>> values(kOperations);
  std::vector<std::string> keys(kOperations);
  Row row;
  for (int64_t i = 0; i < kOperations; ++i) {
    workload.Fill(static_cast<int64_t>(random() % static_cast<uint64_t>(settings.large)), &row);
    values[i].assign(row.values.begin(), row.values.end());
    keys[i] = row.Key();
  }
  const auto get = [&](int64_t i) { Check(Must(session.GetPartition(kTable, values[i])).values_size() == 3, "get"); };
  const auto get_row = [&](int64_t i) { Check(rows->Get(keys[i]), "row get"); };
  MeasureOperations(kOperations, get, get_row);
  report->Add("one partition by its values" + of + ", p50", "one RocksDB point Get",
              MeasureOperations(kOperations, get, get_row), Goal::kWithin, 4);

  const std::string filter = "dt = '" + workload.SomeDay() + "'";
  const auto one_day = [&](int64_t) {
    const NameList names = Must(session.PartitionNames(kTable, {.filter = filter}));
    Check(names.size() == kPartitionsPerDay || settings.large < kPartitionsPerDay, "one day");
  };
  MeasureOperations(500, one_day, get_row);
  report->Add("one day of 480 partitions" + of + ", names", "one RocksDB point Get",
              MeasureOperations(2000, one_day, get_row), Goal::kWithin, 30);
}

}  // namespace lodestone::bench
