// A store with one table to load into, and rows in words.
#pragma once

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <memory>
#include <sstream>
#include <string>
#include <vector>

#include "catalog/base/strings.h"
#include "catalog/bulk_input.h"
#include "catalog/bulk_load.h"
#include "catalog/metastore.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/support/matchers.h"

namespace lodestone {

inline constexpr int64_t kNow = 1'700'000'000;

class LoadTest : public ::testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = (std::filesystem::temp_directory_path() / "lodestone-load-XXXXXX").string();
    ASSERT_NE(mkdtemp(pattern.data()), nullptr);
    folder_ = pattern;
    options_.clock = &clock_;
    Reopen(true);
    ASSERT_OK(session_->CreateDatabase(Database("db")));
    ASSERT_OK(session_->CreateTable(MakeTable("t")));
    ASSERT_OK(session_->CreateTable(MakeTable("u")));
  }
  void TearDown() override {
    session_.reset();
    metastore_.reset();
    std::filesystem::remove_all(folder_);
  }

  // In memory, or the store in the folder.
  void Reopen(bool in_memory) {
    session_.reset();
    metastore_.reset();
    auto opened = in_memory ? Metastore::OpenInMemory(options_) : Metastore::Open(folder_ + "/store", options_);
    ASSERT_OK(opened);
    metastore_ = *std::move(opened);
    session_ = std::make_unique<Session>(metastore_->Local());
  }
  // To a fresh store in memory.
  void GoToMemory() {
    Reopen(true);
    ASSERT_OK(session_->CreateDatabase(Database("db")));
    ASSERT_OK(session_->CreateTable(MakeTable("t")));
  }
  // To a fresh store on disk.
  void GoToDisk() {
    Reopen(false);
    ASSERT_OK(session_->CreateDatabase(Database("db")));
    ASSERT_OK(session_->CreateTable(MakeTable("t")));
  }

  static model::v1::Database Database(const std::string& name) {
    model::v1::Database database;
    database.set_name(name);
    return database;
  }
  static model::v1::Table MakeTable(const std::string& name) {
    model::v1::Table table;
    table.set_database("db");
    table.set_name(name);
    auto* descriptor = table.mutable_storage_descriptor();
    auto* column = descriptor->add_columns();
    column->set_name("c");
    column->set_type("int");
    descriptor->set_location("s3://bucket/t");
    descriptor->set_input_format("own");
    for (const char* key : {"dt", "hour"}) {
      auto* one = table.add_partition_keys();
      one->set_name(key);
      one->set_type("string");
    }
    return table;
  }

  // `rows` partitions dt=<first..>/hour=00..23, out of order, with the parameter n.
  static absl::Status AddRows(BulkLoader& loader, int first_day, int rows, std::string_view n = "1") {
    for (int i = 0; i < rows; ++i) {
      const int at = static_cast<int>((int64_t{i} * 7919) % rows);
      const std::string day = base::StrCat(first_day + at / 24);
      const std::string hour = base::StrCat(at % 24 < 10 ? "0" : "", at % 24);
      const std::string_view values[] = {day, hour};
      const std::pair<std::string_view, std::string_view> parameters[] = {{"n", n}};
      if (absl::Status status = loader.Add({.values = values, .parameters = parameters}); !status.ok()) return status;
    }
    return absl::OkStatus();
  }
  absl::StatusOr<AddResult> Load(int first_day, int rows, const BulkLoadOptions& options = {},
                                 std::string_view n = "1") {
    auto loader = BulkLoader::Start(*session_, kTable, options);
    if (!loader.ok()) return loader.status();
    if (absl::Status status = AddRows(**loader, first_day, rows, n); !status.ok()) return status;
    return (*loader)->Finish();
  }
  absl::Status AddOne(const std::string& day, const std::string& hour) {
    model::v1::Partition partition;
    partition.add_values(day);
    partition.add_values(hour);
    return session_->AddPartitions(kTable, {&partition, 1}).status();
  }

  // All partitions, as they are exported: name -> line.
  std::map<std::string, std::string> All(const TableName& table = kTable) {
    std::ostringstream out;
    std::ostringstream names;
    EXPECT_OK(ExportPartitions(*session_, table, {}, OutputFormat::kNdjson, out));
    EXPECT_OK(ExportPartitions(*session_, table, {}, OutputFormat::kNames, names));
    std::istringstream lines(out.str());
    std::istringstream name_lines(names.str());
    std::map<std::string, std::string> all;
    for (std::string line, name; std::getline(name_lines, name);) {
      EXPECT_TRUE(std::getline(lines, line));
      all[name] = line;
    }
    return all;
  }
  std::vector<std::string> Names() {
    std::vector<std::string> names;
    for (const auto& [name, line] : All()) names.push_back(name);
    return names;
  }
  int64_t Count() {
    auto count = session_->CountPartitions(kTable);
    EXPECT_OK(count);
    EXPECT_EQ(All().size(), static_cast<std::size_t>(count.value_or(-1)));
    return count.value_or(-1);
  }
  // The kinds of the table's events and their counts: `12:3` for three partitions added.
  std::vector<std::string> Events() {
    auto page = session_->ReadEvents({.object = "t"});
    EXPECT_OK(page);
    std::vector<std::string> events;
    for (const auto& event : page->events) {
      events.push_back(base::StrCat(model::v1::Event::Kind_Name(event.kind()), " ", event.count()));
    }
    return events;
  }
  void ExpectSound() {
    auto findings = metastore_->Verify();
    ASSERT_OK(findings);
    for (const VerifyFinding& finding : *findings) ADD_FAILURE() << finding.where << ": " << finding.what;
  }
  std::string Write(const std::string& name, std::string_view bytes) {
    const std::string path = folder_ + "/" + name;
    std::ofstream(path, std::ios::binary) << bytes;
    return path;
  }

  inline static const TableName kTable{"db", "t"};
  ManualClock clock_{kNow * 1000};
  OpenOptions options_;
  std::string folder_;
  std::unique_ptr<Metastore> metastore_;
  std::unique_ptr<Session> session_;
};

}  // namespace lodestone
