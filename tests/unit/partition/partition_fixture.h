// What tests of partitions share: a table in the memory engine, rows that own their bytes, and plain filters.
#pragma once

#include <algorithm>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "catalog/filter/filter.h"
#include "catalog/model/partition_name.h"
#include "catalog/partition/descriptors.h"
#include "catalog/partition/editor.h"
#include "catalog/partition/page_writer.h"
#include "catalog/partition/reader.h"
#include "catalog/partition/row.h"
#include "catalog/record/keys.h"
#include "catalog/store/memory/memory_store.h"
#include "gtest/gtest.h"
#include "tests/support/matchers.h"

namespace lodestone::partition {

// A row that owns its bytes.
struct OwnedRow {
  std::vector<std::string> values;
  int64_t create_time = 0;
  int64_t last_access_time = 0;
  uint32_t descriptor = 1;
  std::optional<std::string> location;
  std::map<std::string, std::string> parameters;

  std::string Key() const { return model::EncodePartitionKey(std::span<const std::string>(values)); }
  bool operator==(const OwnedRow&) const = default;
};

// Views of an OwnedRow, which outlives it.
class RowView {
 public:
  explicit RowView(const OwnedRow& row)
      : key_(row.Key()),
        values_(row.values.begin(), row.values.end()),
        parameters_(row.parameters.begin(), row.parameters.end()),
        row_(row) {}
  Row row() const {
    Row view;
    view.key = key_;
    view.values = values_;
    view.create_time = row_.create_time;
    view.last_access_time = row_.last_access_time;
    view.descriptor = row_.descriptor;
    if (row_.location) view.location = *row_.location;
    view.parameters = parameters_;
    return view;
  }

 private:
  std::string key_;
  std::vector<std::string_view> values_;
  std::vector<Parameter> parameters_;
  const OwnedRow& row_;
};

// Passes what `passes` says of the values. What it knows of keys depends on `hints`: the keys that pass, all of them,
// in order (then NextCandidate is exact), or nothing.
class PlainFilter final : public filter::Filter {
 public:
  using Passes = std::function<bool(std::span<const std::string_view>)>;
  explicit PlainFilter(Passes passes, std::optional<std::vector<std::string>> hints = std::nullopt)
      : passes_(std::move(passes)), hints_(std::move(hints)) {}

  bool always_true() const override { return false; }
  std::optional<std::string> NextCandidate(std::string_view key) const override {
    if (!hints_) return std::string(key);
    const auto at = std::lower_bound(hints_->begin(), hints_->end(), key);
    return at == hints_->end() ? std::nullopt : std::optional<std::string>(*at);
  }
  std::optional<std::string> PreviousCandidateBound(std::string_view key) const override {
    if (!hints_) return std::string(key);
    const auto at = key.empty() ? hints_->end() : std::lower_bound(hints_->begin(), hints_->end(), key);
    return at == hints_->begin() ? std::nullopt : std::optional<std::string>(*(at - 1) + '\0');
  }
  void Evaluate(std::span<const KeyColumn> columns, std::size_t rows, std::vector<uint16_t>* passing) const override {
    std::vector<std::string_view> values(columns.size());
    for (std::size_t row = 0; row < rows; ++row) {
      for (std::size_t c = 0; c < columns.size(); ++c) values[c] = columns[c].value(row);
      if (passes_(values)) passing->push_back(static_cast<uint16_t>(row));
    }
  }
  std::size_t Count(std::span<const KeyColumn> columns, std::size_t rows) const override {
    std::vector<uint16_t> passing;
    Evaluate(columns, rows, &passing);
    return passing.size();
  }
  bool Matches(std::span<const std::string_view> values) const override { return passes_(values); }
  FilterPlan Describe() const override { return {}; }

 private:
  const Passes passes_;
  const std::optional<std::vector<std::string>> hints_;
};

// A table `shop.sales`, partitioned by dt (string) and hour (int), stored in memory.
class PartitionFixture : public ::testing::Test {
 protected:
  PartitionFixture() {
    table_.catalog = "hive";
    table_.name = {"shop", "sales"};
    table_.table = record::TableId{7};
    table_.set.set_set_id(9);
    SetKeys({{"dt", "string"}, {"hour", "int"}});
    table_.descriptor.set_location("s3://lake/shop/sales");
    table_.descriptor.set_input_format("parquet");
    auto* column = table_.descriptor.add_columns();
    column->set_name("amount");
    column->set_type("bigint");
  }

  void SetKeys(const std::vector<std::pair<std::string, std::string>>& keys) {
    table_.keys.clear();
    table_.key_names.clear();
    for (const auto& [name, type] : keys) {
      table_.keys.push_back({name, model::ParseType(type).value()});
      table_.key_names.push_back(name);
    }
  }

  // The number of the table's own descriptor, stored.
  uint32_t OwnDescriptor() {
    auto txn = store_->Begin().value();
    DescriptorWriter writer(txn.get(), &table_);
    const uint32_t number = writer.Place(nullptr, "", "").value().number;
    EXPECT_OK(txn->Commit(store::Durability::kRelaxed));
    return number;
  }

  // Stores rows, sorted by key, as a bulk load does.
  void Load(const std::vector<OwnedRow>& rows, const PageLimits& limits = {}) {
    auto keys = store_->NewSortedRun().value();
    auto values = store_->NewSortedRun().value();
    PageWriter writer(record::SetId{table_.set.set_id()}, table_.keys.size(), keys.get(), values.get(), limits);
    for (const OwnedRow& row : rows) ASSERT_OK(writer.Add(RowView(row).row()));
    ASSERT_OK(writer.Finish());
    ASSERT_OK(keys->Finish());
    ASSERT_OK(values->Finish());
    std::vector<std::unique_ptr<store::SortedRun>> runs;
    runs.push_back(std::move(keys));
    runs.push_back(std::move(values));
    ASSERT_OK(store_->IngestRuns(std::move(runs)));
    table_.set.set_partitions(writer.rows());
    table_.set.set_pages(writer.pages());
  }

  std::vector<std::string> Names(const ScanOptions& options, std::shared_ptr<const filter::Filter> filter = nullptr) {
    auto scan = NewScan(store_->Snapshot(), table_, std::move(filter), options);
    NameList names;
    while (scan->Next()) scan->batch().AppendNames(&names);
    EXPECT_OK(scan->status());
    std::vector<std::string> out;
    for (std::size_t i = 0; i < names.size(); ++i) out.emplace_back(names[i]);
    return out;
  }

  std::string NameOf(const OwnedRow& row) const { return model::MakePartitionName(table_.key_names, row.values); }

  std::unique_ptr<store::Store> store_ = store::NewMemoryStore();
  TablePartitions table_;
};

// `days` times `hours` rows in key order, with numbers as parameters, as most tables have them.
inline std::vector<OwnedRow> DaysAndHours(int days, int hours) {
  std::vector<OwnedRow> rows;
  char text[32];
  for (int day = 0; day < days; ++day) {
    for (int hour = 0; hour < hours; ++hour) {
      OwnedRow row;
      std::snprintf(text, sizeof text, "2026-%02d-%02d", 1 + day / 28, 1 + day % 28);
      row.values.push_back(text);
      std::snprintf(text, sizeof text, "%02d", hour);
      row.values.push_back(text);
      row.create_time = 1'767'000'000 + 3600 * (24 * day + hour);
      row.last_access_time = 0;
      row.parameters["numRows"] = std::to_string(1000 + 17 * day + hour);
      row.parameters["totalSize"] = std::to_string((int64_t{1} << 33) + 31 * day);
      row.parameters["transient_lastDdlTime"] = std::to_string(row.create_time);
      row.parameters["owner"] = day % 2 == 0 ? "ana" : "bo";
      rows.push_back(std::move(row));
    }
  }
  return rows;
}

}  // namespace lodestone::partition
