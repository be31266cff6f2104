#include "catalog/partition/reader.h"

#include <algorithm>
#include <iterator>
#include <map>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/unit/partition/partition_fixture.h"

namespace lodestone::partition {
namespace {

using ::lodestone::testing::FailsWith;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

class ReaderTest : public PartitionFixture {
 protected:
  // 1,200 rows in pages of up to 50.
  void LoadMany() {
    rows_ = DaysAndHours(50, 24);
    own_ = OwnDescriptor();
    for (OwnedRow& row : rows_) row.descriptor = own_;
    rows_[3].location = "s3://elsewhere/x";
    rows_[4].parameters.erase("numRows");
    rows_[5].parameters["only here"] = "";
    Load(rows_, {.max_rows = 50});
  }
  std::vector<std::string> AllNames() const {
    std::vector<std::string> names;
    for (const OwnedRow& row : rows_) names.push_back(NameOf(row));
    return names;
  }
  // "2026-01-01/00": "dt=2026-01-01/hour=00".
  static std::string NameOfKey(const std::string& key) { return "dt=" + key.substr(0, 11) + "hour=" + key.substr(11); }
  // The rows whose hour is below `bound`, with or without knowledge of keys.
  std::shared_ptr<const filter::Filter> HourBelow(const std::string& bound, bool exact) const {
    auto passes = [bound](std::span<const std::string_view> values) { return values[1] < bound; };
    if (!exact) return std::make_shared<PlainFilter>(passes);
    std::vector<std::string> keys;
    for (const OwnedRow& row : rows_) {
      if (row.values[1] < bound) keys.push_back(row.Key());
    }
    return std::make_shared<PlainFilter>(passes, keys);
  }
  model::v1::Partition Expected(const OwnedRow& row) const {
    model::v1::Partition p;
    p.set_catalog("hive");
    p.set_database("shop");
    p.set_table("sales");
    for (const std::string& value : row.values) p.add_values(value);
    p.set_create_time(row.create_time);
    p.set_last_access_time(row.last_access_time);
    for (const auto& [name, value] : row.parameters) (*p.mutable_parameters())[name] = value;
    *p.mutable_storage_descriptor() = table_.descriptor;
    p.mutable_storage_descriptor()->set_location(row.location.value_or("s3://lake/shop/sales/" + NameOf(row)));
    return p;
  }

  std::vector<OwnedRow> rows_;
  uint32_t own_ = 0;
};

std::string Text(const model::v1::Partition& p) { return p.DebugString(); }

TEST_F(ReaderTest, ListsAnEmptyTable) {
  for (const Order order : {Order::kAscending, Order::kDescending}) {
    EXPECT_THAT(Names({.order = order}), IsEmpty());
    auto scan = NewScan(store_->Snapshot(), table_, nullptr, {.order = order});
    EXPECT_FALSE(scan->Next());
    EXPECT_EQ(scan->last_key(), std::nullopt);
  }
}

TEST_F(ReaderTest, ListsNamesInOrderAndInReverse) {
  LoadMany();
  std::vector<std::string> expected = AllNames();
  EXPECT_EQ(Names({}), expected);
  EXPECT_EQ(Names({.batch_size = 7}), expected);
  std::reverse(expected.begin(), expected.end());
  EXPECT_EQ(Names({.order = Order::kDescending}), expected);
  EXPECT_EQ(Names({.order = Order::kDescending, .batch_size = 7}), expected);
}

TEST_F(ReaderTest, FiltersTheSameWithAndWithoutKnowledgeOfKeys) {
  LoadMany();
  for (const std::string bound : {"00", "01", "05", "99"}) {
    std::vector<std::string> expected;
    for (const OwnedRow& row : rows_) {
      if (row.values[1] < bound) expected.push_back(NameOf(row));
    }
    for (const bool exact : {false, true}) {
      EXPECT_EQ(Names({}, HourBelow(bound, exact)), expected) << bound << exact;
      std::vector<std::string> reversed(expected.rbegin(), expected.rend());
      EXPECT_EQ(Names({.order = Order::kDescending}, HourBelow(bound, exact)), reversed) << bound << exact;
      FilterPlan plan;
      EXPECT_EQ(CountPartitions(*store_->Snapshot(), table_, HourBelow(bound, exact).get(), &plan).value(),
                static_cast<int64_t>(expected.size()));
      EXPECT_EQ(plan.rows_matched, static_cast<int64_t>(expected.size()));
      EXPECT_EQ(plan.pages_total, 24);
      EXPECT_EQ(plan.pages_read + plan.pages_skipped, 24);
    }
  }
}

TEST_F(ReaderTest, GoesOnBehindAnyKeyInEitherDirection) {
  LoadMany();
  const std::vector<std::string> all = AllNames();
  const std::vector<std::string> probes = {"",
                                           "2026-01-01",
                                           "2026-01-01/00",
                                           "2026-01-01/23",
                                           "2026-01-03/01",
                                           "2026-01-03/01/",
                                           "2026-01-03/015",
                                           "2026-02-22/23",
                                           "3"};
  for (const std::string& after : probes) {
    for (const std::size_t limit : {std::size_t{0}, std::size_t{1}, std::size_t{60}}) {
      std::vector<std::string> up;
      std::vector<std::string> down;
      for (const OwnedRow& row : rows_) {
        if (row.Key() > after) up.push_back(NameOf(row));
        if (row.Key() < after) down.insert(down.begin(), NameOf(row));
      }
      if (limit > 0 && up.size() > limit) up.resize(limit);
      if (limit > 0 && down.size() > limit) down.resize(limit);
      EXPECT_EQ(Names({.limit = limit, .after = after}), up) << after;
      EXPECT_EQ(Names({.limit = limit, .after = after}, HourBelow("99", true)), up) << after;
      if (after.empty()) continue;
      EXPECT_EQ(Names({.order = Order::kDescending, .limit = limit, .after = after}), down) << after;
      EXPECT_EQ(Names({.order = Order::kDescending, .limit = limit, .after = after}, HourBelow("99", true)), down);
    }
  }
}

TEST_F(ReaderTest, PagesThroughByTheLastKey) {
  LoadMany();
  for (const Order order : {Order::kAscending, Order::kDescending}) {
    for (const std::size_t limit : {1u, 13u, 50u, 1200u, 5000u}) {
      if (limit == 1 && order == Order::kDescending) continue;
      std::vector<std::string> got;
      std::optional<std::string> after;
      do {
        auto scan = NewScan(store_->Snapshot(), table_, HourBelow("11", false),
                            {.order = order, .limit = limit, .after = after});
        std::size_t rows = 0;
        while (scan->Next()) {
          for (std::size_t i = 0; i < scan->batch().size(); ++i) got.push_back(scan->batch().Name(i));
          rows += scan->batch().size();
        }
        ASSERT_OK(scan->status());
        ASSERT_LE(rows, limit);
        after = scan->last_key();
      } while (after);
      std::vector<std::string> expected = Names({.order = order}, HourBelow("11", false));
      ASSERT_EQ(got, expected) << limit;
    }
  }
}

TEST_F(ReaderTest, SkipsPagesThatCannotPass) {
  LoadMany();
  const std::vector<std::string> hints = {"2026-01-10/05", "2026-02-20/23"};
  const auto filter = std::make_shared<PlainFilter>(
      [](std::span<const std::string_view> values) {
        return (values[0] == "2026-01-10" && values[1] == "05") || (values[0] == "2026-02-20" && values[1] == "23");
      },
      hints);
  for (const Order order : {Order::kAscending, Order::kDescending}) {
    auto scan = NewScan(store_->Snapshot(), table_, filter, {.order = order});
    std::size_t rows = 0;
    while (scan->Next()) rows += scan->batch().size();
    EXPECT_EQ(rows, 2u);
    EXPECT_LE(scan->plan().pages_read, 3);
    EXPECT_GE(scan->plan().seeks, 2);
    EXPECT_LE(scan->plan().seeks, 3);
  }
}

TEST_F(ReaderTest, BuildsWholeObjects) {
  LoadMany();
  for (const Order order : {Order::kAscending, Order::kDescending}) {
    auto scan = NewScan(store_->Snapshot(), table_, nullptr,
                        {.projection = Projection::All(), .order = order, .batch_size = 17});
    model::v1::Partition reused;
    std::size_t i = 0;
    while (scan->Next()) {
      for (std::size_t row = 0; row < scan->batch().size(); ++row, ++i) {
        const OwnedRow& expected = rows_[order == Order::kAscending ? i : rows_.size() - 1 - i];
        scan->batch().ToPartition(row, &reused);
        ASSERT_EQ(Text(reused), Text(Expected(expected)));
        model::v1::Partition fresh;
        scan->batch().ToPartition(row, &fresh);
        ASSERT_EQ(Text(fresh), Text(Expected(expected)));
      }
    }
    ASSERT_OK(scan->status());
    ASSERT_EQ(i, rows_.size());
  }
}

TEST_F(ReaderTest, FillsAMessageAnewAfterItWasMovedFromOrCleared) {
  LoadMany();
  auto scan = NewScan(store_->Snapshot(), table_, nullptr, {.projection = Projection::All()});
  ASSERT_TRUE(scan->Next());
  model::v1::Partition message;
  std::vector<model::v1::Partition> kept;
  for (std::size_t row = 0; row < 4; ++row) {
    scan->batch().ToPartition(row, &message);
    kept.push_back(std::move(message));
  }
  for (std::size_t row = 0; row < 4; ++row) EXPECT_EQ(Text(kept[row]), Text(Expected(rows_[row])));
  scan->batch().ToPartition(0, &message);
  message.mutable_storage_descriptor()->Clear();
  (*message.mutable_parameters())["stray"] = "x";
  scan->batch().ToPartition(1, &message);
  EXPECT_EQ(Text(message), Text(Expected(rows_[1])));
}

TEST_F(ReaderTest, RowsWithTheSameDescriptorAreGivenTheSame) {
  own_ = OwnDescriptor();
  auto txn = store_->Begin().value();
  model::v1::StorageDescriptor other = table_.descriptor;
  other.set_input_format("other");
  const uint32_t number = DescriptorWriter(txn.get(), &table_).Place(&other, "", "").value().number;
  ASSERT_OK(txn->Commit(store::Durability::kRelaxed));
  rows_ = DaysAndHours(4, 24);
  for (std::size_t i = 0; i < rows_.size(); ++i) rows_[i].descriptor = i % 5 == 2 ? number : own_;
  Load(rows_, {.max_rows = 10});
  for (const std::size_t batch_size : {0, 3}) {
    auto scan =
        NewScan(store_->Snapshot(), table_, nullptr, {.projection = Projection::All(), .batch_size = batch_size});
    std::map<const model::v1::StorageDescriptor*, std::string> given;
    std::set<std::string> distinct;
    while (scan->Next()) {
      for (std::size_t row = 0; row < scan->batch().size(); ++row) {
        model::v1::Partition message;
        scan->batch().ToPartition(row, &message);
        message.mutable_storage_descriptor()->clear_location();
        const std::string text = message.storage_descriptor().DebugString();
        const model::v1::StorageDescriptor* const descriptor = scan->batch().descriptor(row);
        ASSERT_NE(descriptor, nullptr);
        ASSERT_EQ(descriptor->DebugString(), text);
        ASSERT_EQ(given.try_emplace(descriptor, text).first->second, text);
        distinct.insert(text);
      }
    }
    ASSERT_OK(scan->status());
    EXPECT_EQ(given.size(), 2u);
    EXPECT_EQ(distinct.size(), 2u);
  }
  auto scan = NewScan(store_->Snapshot(), table_, nullptr, {});
  ASSERT_TRUE(scan->Next());
  EXPECT_EQ(scan->batch().descriptor(0), nullptr);
}

TEST_F(ReaderTest, ShowsOnlyWhatWasAskedFor) {
  LoadMany();
  Projection projection;
  projection.parameters = {"totalSize", "only here", "nowhere", "totalSize"};
  auto scan = NewScan(store_->Snapshot(), table_, nullptr, {.projection = projection, .batch_size = 5});
  ASSERT_TRUE(scan->Next());
  EXPECT_THAT(scan->batch().create_times(), IsEmpty());
  EXPECT_EQ(scan->batch().locations(), nullptr);
  ASSERT_EQ(scan->batch().parameters().size(), 1u);  // the other one occurs in row 5 only
  EXPECT_EQ(scan->batch().parameters()[0]->name(), "totalSize");
  EXPECT_EQ(scan->batch().parameters()[0]->value(1), "8589934592");
  ASSERT_TRUE(scan->Next());
  ASSERT_EQ(scan->batch().parameters().size(), 2u);
  EXPECT_EQ(scan->batch().parameters()[0]->name(), "only here");
  EXPECT_EQ(scan->batch().parameters()[0]->value(0), "");
  EXPECT_EQ(scan->batch().parameters()[0]->value(1), std::nullopt);
  model::v1::Partition p;
  scan->batch().ToPartition(0, &p);
  EXPECT_EQ(p.parameters_size(), 2);
  EXPECT_EQ(p.create_time(), 0);
  EXPECT_FALSE(p.has_storage_descriptor());

  projection = {};
  projection.times = true;
  projection.location = true;
  scan = NewScan(store_->Snapshot(), table_, nullptr, {.projection = projection, .batch_size = 5});
  ASSERT_TRUE(scan->Next());
  EXPECT_EQ(scan->batch().create_times()[2], rows_[2].create_time);
  EXPECT_EQ(scan->batch().locations()->value(2), "s3://lake/shop/sales/dt=2026-01-01/hour=02");
  EXPECT_EQ(scan->batch().locations()->value(3), "s3://elsewhere/x");
  scan->batch().ToPartition(3, &p);
  EXPECT_EQ(p.storage_descriptor().location(), "s3://elsewhere/x");
  EXPECT_EQ(p.storage_descriptor().columns_size(), 0);
}

TEST_F(ReaderTest, KeepsDerivedLocationsWhenTheTableMovesOrItsKeysAreRenamed) {
  LoadMany();
  table_.descriptor.set_location("s3://new/place");
  SetKeys({{"day", "string"}, {"hour", "int"}});
  EXPECT_EQ(Names({.limit = 1}), std::vector<std::string>{"day=2026-01-01/hour=00"});
  const auto p = GetPartition(*store_->Snapshot(), table_, "2026-01-01/00", Projection::All()).value();
  ASSERT_TRUE(p.has_value());
  EXPECT_EQ(p->storage_descriptor().location(), "s3://lake/shop/sales/dt=2026-01-01/hour=00");
}

TEST_F(ReaderTest, GetsAndFindsOneByItsKey) {
  LoadMany();
  const auto snapshot = store_->Snapshot();
  for (std::size_t i = 0; i < rows_.size(); i += 7) {
    const auto found = GetPartition(*snapshot, table_, rows_[i].Key(), Projection::All()).value();
    ASSERT_TRUE(found.has_value());
    EXPECT_EQ(Text(*found), Text(Expected(rows_[i])));
    EXPECT_TRUE(PartitionExists(*snapshot, table_, rows_[i].Key()).value());
  }
  for (const std::string key : {"", "0", "2026-01-01", "2026-01-01/24", "2026-01-01/00/", "9"}) {
    EXPECT_FALSE(PartitionExists(*snapshot, table_, key).value()) << key;
    EXPECT_EQ(GetPartition(*snapshot, table_, key, Projection::All()).value(), std::nullopt) << key;
  }
}

TEST_F(ReaderTest, TellsOfManyWhichExistInWhateverOrderTheyAreAskedFor) {
  LoadMany();
  std::vector<std::string> keys = {"", "0", "2026-01-01", "2026-01-01/24", "2026-01-01/00/", "9"};
  for (std::size_t i = 0; i < rows_.size(); i += 7) keys.push_back(rows_[i].Key());
  const std::set<std::string> all = [&] {
    std::set<std::string> found;
    for (const OwnedRow& row : rows_) found.insert(row.Key());
    return found;
  }();
  std::mt19937 random(7);
  const auto check = [&] {
    const std::vector<std::string_view> views(keys.begin(), keys.end());
    const std::vector<bool> exist = PartitionsExist(*store_->Snapshot(), table_, views).value();
    ASSERT_EQ(exist.size(), keys.size());
    for (std::size_t i = 0; i < keys.size(); ++i) EXPECT_EQ(exist[i], all.contains(keys[i])) << keys[i];
  };
  std::ranges::sort(keys);
  check();
  std::ranges::shuffle(keys, random);
  check();
}

TEST_F(ReaderTest, ListsPartitionsByTheirKeysInEitherDirectionWithAndWithoutAFilter) {
  LoadMany();
  constexpr uint32_t kSeed = 20261123;
  std::mt19937 random(kSeed);
  SCOPED_TRACE(kSeed);
  for (const std::size_t count : {0, 1, 2, 20, 400, 1500}) {
    std::set<std::string> keys = {"", "2026-01-01/24", "2026-01-03", "9"};
    while (keys.size() < count) keys.insert(rows_[random() % rows_.size()].Key() + (random() % 4 == 0 ? "0" : ""));
    const std::vector<std::string> sorted(keys.begin(), keys.end());
    for (const bool filtered : {false, true}) {
      std::vector<std::string> expected;
      for (const OwnedRow& row : rows_) {
        if (keys.contains(row.Key()) && (!filtered || row.values[1] < "13")) expected.push_back(NameOf(row));
      }
      const auto filter = filtered ? HourBelow("13", count % 2 == 0) : nullptr;
      EXPECT_EQ(Names({.batch_size = 3, .keys = sorted}, filter), expected);
      const std::string after = rows_[random() % rows_.size()].Key();
      const auto behind = [&](const std::string& name) { return name > NameOfKey(after); };
      std::vector<std::string> rest;
      std::ranges::copy_if(expected, std::back_inserter(rest), behind);
      EXPECT_EQ(Names({.after = after, .keys = sorted}, filter), rest) << after;
      std::ranges::reverse(expected);
      EXPECT_EQ(Names({.order = Order::kDescending, .keys = sorted}, filter), expected);
      if (expected.size() > 5) expected.resize(5);
      EXPECT_EQ(Names({.order = Order::kDescending, .limit = 5, .keys = sorted}, filter), expected);
    }
  }
}

TEST_F(ReaderTest, ReadsOnlyPagesThatMayHoldTheKeysAskedFor) {
  LoadMany();
  auto scan = NewScan(store_->Snapshot(), table_, nullptr,
                      {.keys = {{"2026-01-10/05", "2026-01-10/06", "2026-02-19/23", "2026-02-20/25"}}});
  std::size_t rows = 0;
  while (scan->Next()) rows += scan->batch().size();
  EXPECT_EQ(rows, 3u);
  EXPECT_LE(scan->plan().pages_read, 3);
}

TEST_F(ReaderTest, VisitsKeysUntilTold) {
  LoadMany();
  std::vector<std::string> keys;
  ASSERT_OK(ForEachKey(*store_->Snapshot(), table_, HourBelow("01", false).get(), [&](std::string_view key) {
    keys.emplace_back(key);
    return absl::OkStatus();
  }));
  ASSERT_EQ(keys.size(), 50u);
  EXPECT_EQ(keys[1], "2026-01-02/00");
  std::size_t visited = 0;
  EXPECT_THAT(
      ForEachKey(*store_->Snapshot(), table_, nullptr,
                 [&](std::string_view) { return ++visited == 3 ? absl::AbortedError("enough") : absl::OkStatus(); }),
      FailsWith(absl::StatusCode::kAborted, "enough"));
  EXPECT_EQ(visited, 3u);
}

TEST_F(ReaderTest, EscapesInNamesAndLocations) {
  SetKeys({{"a b", "string"}, {"c/d", "string"}});
  OwnedRow row;
  row.values = {"x/y z", "50%"};
  row.descriptor = OwnDescriptor();
  Load({row});
  EXPECT_THAT(Names({}), ElementsAre("a b=x%2Fy z/c%2Fd=50%25"));
  const auto p = GetPartition(*store_->Snapshot(), table_, row.Key(), Projection::All()).value();
  EXPECT_EQ(p->storage_descriptor().location(), "s3://lake/shop/sales/a b=x%2Fy z/c%2Fd=50%25");
}

TEST_F(ReaderTest, RendersNamesOfAnyShape) {
  // Constant columns before, between and behind, long values, and more keys than the special cases know.
  for (const std::size_t key_count : {1u, 2u, 3u, 4u, 6u}) {
    for (unsigned varying = 0; varying < (1u << key_count); ++varying) {
      std::vector<std::pair<std::string, std::string>> keys;
      for (std::size_t k = 0; k < key_count; ++k) keys.emplace_back("k" + std::to_string(k), "string");
      SetKeys(keys);
      store_ = store::NewMemoryStore();
      std::vector<OwnedRow> rows;
      const unsigned combinations = 1u << __builtin_popcount(varying);
      for (unsigned i = 0; i < combinations; ++i) {
        OwnedRow row;
        unsigned bits = i;
        for (std::size_t k = 0; k < key_count; ++k) {
          const bool varies = (varying >> k & 1) != 0;
          const bool high = varies && (bits & 1) != 0;
          if (varies) bits >>= 1;
          row.values.push_back(std::string(1 + k * 19, high ? 'h' : 'l') + (k == 2 ? "=" : ""));
        }
        rows.push_back(row);
      }
      std::sort(rows.begin(), rows.end(), [](const auto& a, const auto& b) { return a.Key() < b.Key(); });
      Load(rows);
      std::vector<std::string> expected;
      for (const OwnedRow& row : rows) expected.push_back(NameOf(row));
      ASSERT_EQ(Names({}), expected);
    }
  }
}

TEST_F(ReaderTest, NamesTableAndPageOfDamage) {
  LoadMany();
  auto txn = store_->Begin().value();
  const record::SetId set{9};
  txn->Delete(record::ValuePageKey(set, "2026-01-01/00"));
  ASSERT_OK(txn->Commit(store::Durability::kRelaxed));
  EXPECT_THAT(GetPartition(*store_->Snapshot(), table_, "2026-01-01/00", Projection::All()),
              FailsWith(absl::StatusCode::kDataLoss,
                        "table hive.shop.sales, value page \"2026-01-01/00\": it is missing beside its key page"));
  txn = store_->Begin().value();
  txn->Put(record::KeyPageKey(set, "2026-01-01/00"), "junk");
  ASSERT_OK(txn->Commit(store::Durability::kRelaxed));
  auto scan = NewScan(store_->Snapshot(), table_, nullptr, {});
  EXPECT_FALSE(scan->Next());
  EXPECT_FALSE(scan->Next());
  EXPECT_EQ(scan->last_key(), std::nullopt);
  EXPECT_THAT(scan->status(), FailsWith(absl::StatusCode::kDataLoss, "key page \"2026-01-01/00\""));
}

TEST_F(ReaderTest, MissesADescriptorThatIsNotThere) {
  rows_ = DaysAndHours(1, 2);
  rows_[1].descriptor = 99;
  Load(rows_);
  Projection projection;
  projection.descriptor = true;
  auto scan = NewScan(store_->Snapshot(), table_, nullptr, {.projection = projection});
  EXPECT_FALSE(scan->Next());
  EXPECT_THAT(scan->status(), FailsWith(absl::StatusCode::kDataLoss, "descriptor 1 of table 7"));
}

TEST_F(ReaderTest, RemembersDescriptorsOnceTheyAreCommitted) {
  auto txn = store_->Begin().value();
  const uint32_t own = DescriptorWriter(txn.get(), &table_).Place(nullptr, "", "").value().number;
  EXPECT_OK(DescriptorReader(txn.get(), table_).Get(own));
  txn.reset();  // not committed: another one may get the number
  EXPECT_EQ(table_.descriptors->Find(own), nullptr);
  EXPECT_THAT(DescriptorReader(store_->Snapshot().get(), table_).Get(own),
              FailsWith(absl::StatusCode::kDataLoss, "descriptor"));

  table_.set.set_next_descriptor(own);
  ASSERT_EQ(OwnDescriptor(), own);
  const auto snapshot = store_->Snapshot();
  ASSERT_OK(DescriptorReader(snapshot.get(), table_).Get(own));
  const TablePartitions copy = table_;
  ASSERT_NE(copy.descriptors->Find(own), nullptr);
  EXPECT_EQ(DescriptorReader(snapshot.get(), copy).Get(own).value(), copy.descriptors->Find(own).get());
}

}  // namespace
}  // namespace lodestone::partition
