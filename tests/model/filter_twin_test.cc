// Filters against their slow twin: what passes, how it is counted, and that no scan skips what passes.
#include "tests/model/filter_twin.h"

#include <algorithm>
#include <iostream>
#include <iterator>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "catalog/filter/filter.h"
#include "catalog/model/partition_name.h"
#include "gtest/gtest.h"
#include "tests/support/matchers.h"
#include "tests/support/soak.h"

namespace lodestone::testing {
namespace {

using filter::Filter;
using filter::Key;

// Partitions as a page has them: dictionaries in random order, with entries that nobody refers to.
class Page {
 public:
  Page(Random& random, const std::vector<TwinKey>& keys, const std::vector<std::vector<std::size_t>>& rows, bool wide) {
    const std::size_t width = keys.size();
    dictionaries_.resize(width);
    indexes_.resize(width);
    for (std::size_t k = 0; k < width; ++k) {
      std::vector<std::size_t> order(keys[k].values.size());
      for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
      std::shuffle(order.begin(), order.end(), random);
      std::vector<uint16_t> place(order.size());
      for (std::size_t i = 0; i < order.size(); ++i) {
        place[order[i]] = static_cast<uint16_t>(dictionaries_[k].size());
        dictionaries_[k].push_back(keys[k].values[order[i]].written);
      }
      for (std::size_t extra = wide ? 100 : 0; extra > 0; --extra) dictionaries_[k].push_back("extra");
      for (const auto& row : rows) indexes_[k].push_back(place[row[k]]);
      columns_.push_back({keys[k].name, dictionaries_[k], indexes_[k]});
    }
  }
  std::span<const KeyColumn> columns() const { return columns_; }

 private:
  std::vector<std::vector<std::string_view>> dictionaries_;
  std::vector<std::vector<uint16_t>> indexes_;
  std::vector<KeyColumn> columns_;
};

// Encoded keys that a scan upwards looks at.
std::set<std::string> ScanUp(const Filter& filter, const std::set<std::string>& all) {
  std::set<std::string> seen;
  std::string at;
  for (std::size_t step = 0;; ++step) {
    const auto candidate = filter.NextCandidate(at);
    if (!candidate) return seen;
    if (step > 2 * all.size()) {
      ADD_FAILURE() << "no progress at " << *candidate;
      return seen;
    }
    EXPECT_GE(*candidate, at);
    const auto it = all.lower_bound(*candidate);
    if (it == all.end()) return seen;
    const auto again = filter.NextCandidate(*it);
    if (again && *again == *it) {
      seen.insert(*it);
      at = *it + '\0';
    } else {
      EXPECT_TRUE(!again || *again > *it);
      if (!again) return seen;
      at = *again;
    }
  }
}

std::set<std::string> ScanDown(const Filter& filter, const std::set<std::string>& all) {
  std::set<std::string> seen;
  std::string at;
  while (true) {  // each step takes a key below the last one
    const auto bound = filter.PreviousCandidateBound(at);
    if (!bound) return seen;
    EXPECT_TRUE(at.empty() || *bound <= at);
    const auto it = bound->empty() ? all.end() : all.lower_bound(*bound);
    if (it == all.begin()) return seen;
    at = *std::prev(it);
    seen.insert(at);
  }
}

struct Rows {
  std::vector<std::vector<std::size_t>> picks;
  std::vector<std::vector<std::string_view>> values;
  std::vector<std::string> encoded;
  std::set<std::string> all;
};

Rows DrawRows(Random& random, const std::vector<TwinKey>& keys, std::size_t count) {
  Rows rows;
  for (std::size_t r = 0; r < count; ++r) {
    std::vector<std::size_t> pick;
    std::vector<std::string_view> values;
    for (const TwinKey& key : keys) {
      pick.push_back(Draw(random, key.values.size()));
      values.push_back(key.values[pick.back()].written);
    }
    std::string encoded = model::EncodePartitionKey(values);
    if (!rows.all.insert(encoded).second) continue;
    rows.picks.push_back(std::move(pick));
    rows.values.push_back(std::move(values));
    rows.encoded.push_back(std::move(encoded));
  }
  return rows;
}

std::vector<Key> ProductKeys(const std::vector<TwinKey>& keys) {
  std::vector<Key> out;
  for (const TwinKey& key : keys) out.push_back({key.name, key.type});
  return out;
}

void ExpectScansMeet(const Filter& filter, const Rows& rows, const std::vector<uint16_t>& passing) {
  const auto up = ScanUp(filter, rows.all);
  const auto down = ScanDown(filter, rows.all);
  for (const uint16_t r : passing) {
    EXPECT_TRUE(up.contains(rows.encoded[r])) << "skipped upwards: " << rows.encoded[r];
    EXPECT_TRUE(down.contains(rows.encoded[r])) << "skipped downwards: " << rows.encoded[r];
  }
}

std::vector<uint16_t> Evaluate(const Filter& filter, const Page& page, std::size_t rows) {
  std::vector<uint16_t> passing;
  filter.Evaluate(page.columns(), rows, &passing);
  EXPECT_EQ(filter.Count(page.columns(), rows), passing.size());
  return passing;
}

TEST(FilterTwinTest, AgreesWithTheTwin) {
  const uint64_t seed = testing::SeedOr(20'260'105);
  const auto rounds = static_cast<uint64_t>(testing::Soaked(6'000));
  std::cout << "seed " << seed << ", rounds " << rounds << "\n";
  Random random(seed);
  std::size_t passed = 0;
  for (uint64_t round = 0; round < rounds && !HasFailure(); ++round) {
    const std::vector<TwinKey> keys = DrawKeys(random);
    const std::vector<Key> product_keys = ProductKeys(keys);
    const Rows rows = DrawRows(random, keys, 30);
    const Page page(random, keys, rows.picks, Draw(random, 4) == 0);
    std::shared_ptr<const Filter> before;
    std::vector<uint16_t> passing_before;
    for (int i = 0; i < 3; ++i) {
      const TwinExpr expr = DrawExpr(random, keys, 3);
      const std::string text = Write(random, keys, expr);
      SCOPED_TRACE(text);
      const auto filter = Filter::Compile(text, FilterMode::kSql, product_keys);
      ASSERT_OK(filter);
      std::vector<uint16_t> expected;
      for (std::size_t r = 0; r < rows.picks.size(); ++r) {
        const bool passes = Judge(keys, expr, rows.picks[r]) == Truth::kTrue;
        if (passes) expected.push_back(static_cast<uint16_t>(r));
        EXPECT_EQ((*filter)->Matches(rows.values[r]), passes) << rows.encoded[r];
      }
      passed += expected.size();
      EXPECT_EQ(Evaluate(**filter, page, rows.picks.size()), expected);
      EXPECT_TRUE(!(*filter)->always_true() || expected.size() == rows.picks.size());
      ExpectScansMeet(**filter, rows, expected);

      const std::string normalized = (*filter)->Describe().normalized;
      const auto again = Filter::Compile(normalized, FilterMode::kSql, product_keys);
      ASSERT_OK(again);
      EXPECT_EQ((*again)->Describe().normalized, normalized);
      EXPECT_EQ(Evaluate(**again, page, rows.picks.size()), expected) << normalized;

      if (before != nullptr) {
        const auto both = Filter::And(before, *filter);
        std::vector<uint16_t> in_both;
        std::set_intersection(passing_before.begin(), passing_before.end(), expected.begin(), expected.end(),
                              std::back_inserter(in_both));
        EXPECT_EQ(Evaluate(*both, page, rows.picks.size()), in_both);
        ExpectScansMeet(*both, rows, in_both);
      }
      before = *filter;
      passing_before = expected;
    }
  }
  EXPECT_GT(passed, rounds);
}

// Conditions in Hive's grammar over text keys, where scans are what may go wrong: what passes is held to Matches, which
// the metastore's own answers vouch for.
TEST(FilterTwinTest, HiveScansSkipNothingThatPasses) {
  const uint64_t seed = testing::SeedOr(7);
  std::cout << "seed " << seed << "\n";
  Random random(seed);
  std::size_t passed = 0;
  for (int round = 0; round < 2'000 && !HasFailure(); ++round) {
    std::vector<TwinKey> keys = DrawKeys(random);
    for (TwinKey& key : keys) {
      if (key.type.kind == model::TypeKind::kBinary || !(key.textual || key.type.is_integral())) {
        key.type = {};
        key.textual = true;
      }
    }
    const std::vector<Key> product_keys = ProductKeys(keys);
    const Rows rows = DrawRows(random, keys, 40);
    const Page page(random, keys, rows.picks, false);
    std::string text;
    for (std::size_t n = 1 + Draw(random, 3); n > 0; --n) {
      const std::size_t k = Draw(random, keys.size());
      std::string constant;
      if (keys[k].textual) {
        for (const char c : keys[k].values[Draw(random, keys[k].values.size())].written) {
          constant += c == '\'' || c == '\\' ? '_' : c;
        }
        constant = "'" + constant + "'";
      } else {
        constant = std::to_string(static_cast<int>(Draw(random, 21)) - 10);
      }
      static constexpr const char* kOps[] = {"=", "!=", "<", "<=", ">", ">="};
      if (!text.empty()) text += Draw(random, 2) == 0 ? " and " : " or ";
      text += Draw(random, 4) == 0 ? "(" + keys[k].name + ") in (" + constant + ", " + constant + ")"
                                   : keys[k].name + " " + kOps[Draw(random, 6)] + " " + constant;
    }
    SCOPED_TRACE(text);
    const auto filter = Filter::Compile(text, FilterMode::kHive, product_keys);
    ASSERT_OK(filter);
    std::vector<uint16_t> expected;
    for (std::size_t r = 0; r < rows.picks.size(); ++r) {
      if ((*filter)->Matches(rows.values[r])) expected.push_back(static_cast<uint16_t>(r));
    }
    passed += expected.size();
    EXPECT_EQ(Evaluate(**filter, page, rows.picks.size()), expected);
    ExpectScansMeet(**filter, rows, expected);
  }
  EXPECT_GT(passed, 2'000u);
}

}  // namespace
}  // namespace lodestone::testing
