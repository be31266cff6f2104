// Random histories of edits against a plain map: after each step the pages must hold what the map holds, keep all rules
// of the layout, and answer the same to every way of reading. Tiny pages make splits and merges happen all the time.
#include <algorithm>
#include <map>
#include <random>
#include <string>
#include <vector>

#include "catalog/partition/verify.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/support/soak.h"
#include "tests/unit/partition/partition_fixture.h"

namespace lodestone::partition {
namespace {

class PagesTwin : public PartitionFixture {
 protected:
  using Model = std::map<std::string, OwnedRow>;

  int Pick(int n) { return static_cast<int>(random_() % static_cast<unsigned>(n)); }

  OwnedRow RandomRow() {
    static const char* const kOdd[] = {"a",       "a-b", "a b", "a/b", "50%", "z:z", "__HIVE_DEFAULT_PARTITION__",
                                       "\xC3\xA4"};
    OwnedRow row;
    row.values.push_back(Pick(6) == 0 ? kOdd[Pick(8)] : "2026-01-" + std::to_string(10 + Pick(20)));
    row.values.push_back(Pick(40) == 0 ? kOdd[Pick(8)] : std::to_string(Pick(24)));
    row.create_time = Pick(3) == 0 ? Pick(1 << 30) : 1'767'000'000;
    row.last_access_time = Pick(10) == 0 ? -Pick(1000) : 0;
    row.descriptor = own_ + static_cast<uint32_t>(Pick(20) == 0);
    if (Pick(10) == 0) row.location = "s3://else/" + std::to_string(Pick(5));
    if (Pick(10) != 0) row.parameters["numRows"] = std::to_string(Pick(1 << Pick(30)));
    if (Pick(10) != 0) row.parameters["owner"] = Pick(2) == 0 ? "ana" : "bo";
    if (Pick(4) == 0)
      row.parameters["note"] = std::string(static_cast<std::size_t>(Pick(60)), static_cast<char>('a' + Pick(26)));
    if (Pick(50) == 0) row.parameters["numRows"] = "unknown";
    if (Pick(30) == 0) row.parameters["rare" + std::to_string(Pick(4))] = "";
    return row;
  }

  // One call with several edits. The answer must be that of the map.
  void Edit(Model* model) {
    const EditPolicy policy{.if_exists = static_cast<IfExists>(Pick(3)), .if_missing = static_cast<IfMissing>(Pick(2))};
    std::map<std::string, std::pair<EditKind, OwnedRow>> edits;
    const int count = Pick(20) == 0 ? 1 + Pick(80) : 1 + Pick(3);
    const bool deletes = Pick(3) == 0;
    for (int i = 0; i < count; ++i) {
      OwnedRow row = RandomRow();
      EditKind kind = deletes ? EditKind::kDelete : EditKind::kInsert;
      if (Pick(8) == 0) kind = static_cast<EditKind>(Pick(3));
      // Mostly rows that exist, for deletes and replaces.
      if (kind != EditKind::kInsert && !model->empty() && Pick(20) != 0) {
        auto at = model->lower_bound(row.Key());
        if (at == model->end()) at = model->begin();
        row.values = at->second.values;
      }
      std::string key = row.Key();
      edits[std::move(key)] = {kind, std::move(row)};
    }
    Model after = *model;
    EditCounts expected;
    absl::StatusCode failure = absl::StatusCode::kOk;
    for (const auto& [key, edit] : edits) {
      const auto at = after.find(key);
      const bool found = at != after.end();
      if (edit.first == EditKind::kDelete) {
        if (!found && policy.if_missing == IfMissing::kFail) failure = absl::StatusCode::kNotFound;
        (found ? expected.deleted : expected.skipped) += 1;
        if (found) after.erase(at);
      } else if (edit.first == EditKind::kReplace) {
        if (!found) failure = absl::StatusCode::kNotFound;
        ++expected.replaced;
        after[key] = edit.second;
      } else {
        if (found && policy.if_exists == IfExists::kFail) failure = absl::StatusCode::kAlreadyExists;
        if (found && policy.if_exists == IfExists::kSkip) {
          ++expected.skipped;
        } else {
          (found ? expected.replaced : expected.inserted) += 1;
          after[key] = edit.second;
        }
      }
      if (failure != absl::StatusCode::kOk) break;
    }
    std::vector<RowView> views;
    for (const auto& [key, edit] : edits) views.emplace_back(edit.second);
    std::vector<partition::Edit> list;
    std::size_t i = 0;
    for (const auto& [key, edit] : edits) list.push_back({edit.first, views[i++].row()});
    auto txn = store_->Begin().value();
    TablePartitions table = table_;
    const auto counts = ApplyEdits(txn.get(), &table, list, policy, limits_);
    ASSERT_EQ(counts.status().code(), failure) << counts.status().ToString();
    if (!counts.ok()) return;
    EXPECT_EQ(counts->inserted, expected.inserted);
    EXPECT_EQ(counts->replaced, expected.replaced);
    EXPECT_EQ(counts->skipped, expected.skipped);
    EXPECT_EQ(counts->deleted, expected.deleted);
    ASSERT_OK(txn->Commit(store::Durability::kRelaxed));
    table_ = std::move(table);
    *model = std::move(after);
  }

  std::shared_ptr<const PlainFilter> RandomFilter(const Model& model) {
    const std::string hour = std::to_string(Pick(24));
    const std::string day = "2026-01-" + std::to_string(10 + Pick(20));
    const int kind = Pick(4);
    PlainFilter::Passes passes = [=](std::span<const std::string_view> values) {
      if (kind == 0) return values[1] == hour;
      if (kind == 1) return values[0] == day;
      if (kind == 2) return values[0] >= day;
      return values[0] < day && values[1] <= hour;
    };
    if (Pick(2) == 0) return std::make_shared<PlainFilter>(passes);
    std::vector<std::string> keys;
    for (const auto& [key, row] : model) {
      const std::vector<std::string_view> values(row.values.begin(), row.values.end());
      if (passes(values)) keys.push_back(key);
    }
    return std::make_shared<PlainFilter>(passes, keys);
  }

  void Delete(Model* model) {
    const auto filter = RandomFilter(*model);
    int64_t expected = 0;
    for (auto it = model->begin(); it != model->end();) {
      const std::vector<std::string_view> values(it->second.values.begin(), it->second.values.end());
      if (filter->Matches(values)) {
        it = model->erase(it);
        ++expected;
      } else {
        ++it;
      }
    }
    auto txn = store_->Begin().value();
    EXPECT_EQ(DeleteMatching(txn.get(), &table_, *filter, limits_).value(), expected);
    ASSERT_OK(txn->Commit(store::Durability::kRelaxed));
  }

  void CheckRules() {
    ASSERT_OK(VerifyPartitions(*store_->Snapshot(), table_, [](const std::string& broken) { FAIL() << broken; }));
  }

  void CheckRows(const Model& model) {
    auto rows = NewRowSource(store_->Snapshot(), table_);
    auto at = model.begin();
    while (rows->Next()) {
      ASSERT_NE(at, model.end());
      const Row& row = rows->row();
      OwnedRow got;
      got.values.assign(row.values.begin(), row.values.end());
      got.create_time = row.create_time;
      got.last_access_time = row.last_access_time;
      got.descriptor = row.descriptor;
      if (row.location) got.location = std::string(*row.location);
      for (const auto& [name, value] : row.parameters) got.parameters[std::string(name)] = std::string(value);
      ASSERT_EQ(row.key, at->first);
      ASSERT_EQ(got, at->second) << row.key;
      ++at;
    }
    ASSERT_OK(rows->status());
    ASSERT_EQ(at, model.end());
    ASSERT_EQ(table_.set.partitions(), static_cast<int64_t>(model.size()));
  }

  void CheckReading(const Model& model) {
    const auto filter = RandomFilter(model);
    std::vector<std::string> passing;
    for (const auto& [key, row] : model) {
      const std::vector<std::string_view> values(row.values.begin(), row.values.end());
      if (filter->Matches(values)) passing.push_back(key);
    }
    std::vector<std::string> keys;
    ASSERT_OK(ForEachKey(*store_->Snapshot(), table_, filter.get(), [&](std::string_view key) {
      keys.emplace_back(key);
      return absl::OkStatus();
    }));
    ASSERT_EQ(keys, passing);
    const std::string after = RandomRow().Key();
    for (const Order order : {Order::kAscending, Order::kDescending}) {
      std::vector<std::string> expected;
      for (const std::string& key : passing) {
        if (order == Order::kAscending ? key > after : key < after) expected.push_back(NameOf(model.at(key)));
      }
      if (order == Order::kDescending) std::reverse(expected.begin(), expected.end());
      ASSERT_EQ(Names({.order = order, .batch_size = static_cast<std::size_t>(Pick(4)), .after = after}, filter),
                expected);
    }
    const auto probe = RandomRow();
    ASSERT_EQ(PartitionExists(*store_->Snapshot(), table_, probe.Key()).value(), model.contains(probe.Key()));
  }

  void Run(unsigned seed, int steps) {
    SCOPED_TRACE(seed);
    random_.seed(seed);
    own_ = OwnDescriptor();
    {
      auto txn = store_->Begin().value();
      DescriptorWriter writer(txn.get(), &table_);
      model::v1::StorageDescriptor other = table_.descriptor;
      other.set_input_format("orc");
      ASSERT_EQ(writer.Place(&other, "", "").value().number, own_ + 1);
      ASSERT_OK(txn->Commit(store::Durability::kRelaxed));
    }
    Model model;
    for (int step = 0; step < steps && !HasFatalFailure(); ++step) {
      if (Pick(60) == 0) {
        Delete(&model);
      } else {
        Edit(&model);
      }
      if (step % 16 == 0) CheckRules();
      if (step % 16 == 0) CheckRows(model);
      if (step % 4 == 0) CheckReading(model);
    }
    CheckRules();
    CheckRows(model);
  }

  PageLimits limits_{.max_rows = 8, .max_key_bytes = 4096, .max_value_bytes = 600};
  uint32_t own_ = 1;
  std::mt19937 random_;
};

TEST_F(PagesTwin, AgreesWithTheMapOnTinyPages) { Run(1, testing::Soaked(4000)); }
TEST_F(PagesTwin, AgreesOnPagesOfAFewRows) {
  limits_ = {.max_rows = 3, .max_key_bytes = 200, .max_value_bytes = 200};
  Run(2, testing::Soaked(2000));
}
TEST_F(PagesTwin, AgreesOnPagesOfMediumSize) {
  limits_ = {.max_rows = 40, .max_key_bytes = 65536, .max_value_bytes = 65536};
  Run(3, testing::Soaked(4000));
}

}  // namespace
}  // namespace lodestone::partition
