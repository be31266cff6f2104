// Runs every figure of docs/performance.md beside its reference. scripts/bench builds and calls it.
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <string>
#include <string_view>

#include "bench/figures/stage.h"

namespace {

using lodestone::bench::Report;
using lodestone::bench::Settings;

constexpr std::string_view kUsage =
    "figures [--size N] [--large N] [--json FILE] [--folder SCRATCH] [--peers] [--duckdb COMMAND] [--only GROUP]\n"
    "  groups: read large load write store lists http peers\n";

struct Group {
  const char* name;
  void (*run)(const Settings&, Report*);
  int64_t Settings::*partitions;
};
constexpr Group kGroups[] = {
    {"read", lodestone::bench::ReadFigures, &Settings::size},
    {"large", lodestone::bench::LargeReadFigures, &Settings::large},
    {"load", lodestone::bench::LoadFigures, &Settings::size},
    {"write", lodestone::bench::WriteFigures, &Settings::size},
    {"store", lodestone::bench::StoreFigures, &Settings::large},
    {"lists", lodestone::bench::ListFigures, &Settings::size},
#ifdef LODESTONE_WITH_HTTP
    {"http", lodestone::bench::HttpFigures, &Settings::size},
#endif
    {"peers", lodestone::bench::PeerFigures, &Settings::size},
};

}  // namespace

int main(int argc, char** argv) {
  Settings settings;
  settings.program = argv[0];
  settings.folder = (std::filesystem::temp_directory_path() / "lodestone-figures").string();
  std::string json;
  std::string only;
  bool peers = false;
  for (int i = 1; i < argc; ++i) {
    const std::string_view argument = argv[i];
    const bool has_value = i + 1 < argc;
    if (argument == "--peers") {
      peers = true;
    } else if (argument == "--list-for-memory" && has_value) {
      lodestone::bench::ListForMemory(argv[i + 1]);
      return 0;
    } else if (argument == "--size" && has_value) {
      settings.size = std::atoll(argv[++i]);
    } else if (argument == "--large" && has_value) {
      settings.large = std::atoll(argv[++i]);
    } else if (argument == "--json" && has_value) {
      json = argv[++i];
    } else if (argument == "--folder" && has_value) {
      settings.folder = std::string(argv[++i]) + "/lodestone-figures";
    } else if (argument == "--duckdb" && has_value) {
      settings.duckdb = argv[++i];
    } else if (argument == "--only" && has_value) {
      only = argv[++i];
    } else {
      std::cerr << kUsage;
      return 2;
    }
  }
  if (settings.size <= 0 || settings.large <= 0) {
    std::cerr << kUsage;
    return 2;
  }

  lodestone::bench::KeepFreedMemory();
  Report report;
  for (const Group& group : kGroups) {
    if (only.empty() ? (group.run == lodestone::bench::PeerFigures && !peers) : only != group.name) continue;
    report.BeginGroup(group.name, settings.*group.partitions);
    group.run(settings, &report);
    std::filesystem::remove_all(settings.folder);
  }
  report.Print(std::cout);
  if (!json.empty()) {
    std::ofstream out(json);
    report.WriteJson(out);
    if (!out) {
      std::cerr << "figures: can't write " << json << "\n";
      return 1;
    }
  }
  return 0;
}
