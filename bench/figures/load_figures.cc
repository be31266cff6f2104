// Bulk load from NDJSON, end to end, against parsing the same file and nothing else.
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <memory>
#include <string>

#include "bench/figures/stage.h"
#include "simdjson.h"

namespace lodestone::bench {

namespace {

// One object a line, as `lodestone export` writes them.
void WriteNdjson(const Workload& workload, const std::string& path) {
  std::ofstream out(path, std::ios::binary);
  Row row;
  std::string line;
  for (int64_t i = 0; i < workload.partitions(); ++i) {
    workload.Fill(i, &row);
    line = R"({"values":[")" + row.values[0] + R"(",")" + row.values[1] + R"(",")" + row.values[2] + R"("],)" +
           R"("create_time":)" + std::to_string(row.create_time) + R"(,"parameters":{)";
    for (std::size_t p = 0; p < kParameterNames.size(); ++p) {
      line += (p == 0 ? "\"" : ",\"") + std::string(kParameterNames[p]) + "\":\"" + row.parameters[p] + "\"";
    }
    line += "}}\n";
    out << line;
  }
}

int64_t ParseWithSimdjson(const std::string& path) {
  simdjson::dom::parser parser;
  simdjson::dom::document_stream documents;
  if (parser.load_many(path).get(documents) != simdjson::SUCCESS) return -1;
  int64_t count = 0;
  for (auto document : documents) count += document.error() == simdjson::SUCCESS;
  return count;
}

}  // namespace

void LoadFigures(const Settings& settings, Report* report) {
  const Workload workload(settings.size);
  std::filesystem::create_directories(settings.folder);
  const std::string file = settings.folder + "/input.ndjson";
  Progress("writing the input file");
  WriteNdjson(workload, file);
  int round = 0;
  std::unique_ptr<Metastore> store;
  const auto load = [&] {
    // The store is opened and the table made outside of what matters, but they take a millisecond or two.
    Must(store->Local().CreateTable(MakeTable({"bench", "load" + std::to_string(++round)})));
    const LoadReport loaded =
        Must(LoadPartitions(store->Local(), {"bench", "load" + std::to_string(round)}, file, InputOptions(), {}));
    if (loaded.result.added != settings.size) Must(absl::InternalError("the load lost rows"));
  };
  store = OpenOurs(settings, FreshFolder(settings, "ours"));
  Must(CreateAndLoad(store->Local(), kTable, Workload(0)));
  report->Add("bulk load from NDJSON, " + WithCommas(settings.size) + " partitions, end to end",
              "simdjson parsing the same file",
              MeasurePair(load,
                          [&] {
                            if (ParseWithSimdjson(file) != settings.size) {
                              Must(absl::InternalError("simdjson lost rows"));
                            }
                          }),
              Goal::kWithin, 4);
  std::filesystem::remove(file);
}

}  // namespace lodestone::bench
