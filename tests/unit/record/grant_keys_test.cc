#include "catalog/record/grant_keys.h"

#include <string>
#include <vector>

#include "catalog/record/keys.h"
#include "gtest/gtest.h"
#include "tests/unit/record/key_checks.h"

namespace lodestone::record {
namespace {

using testing::Bytes;
using testing::Hex;
using Kind = Securable::Kind;

const Grantee kAna = Grantee::User("Ana");
const GrantedOn kGlobal{.kind = Kind::kGlobal};
const GrantedOn kCatalog{.catalog = {1}, .kind = Kind::kCatalog};
const GrantedOn kDatabase{.catalog = {1}, .database = {2}, .kind = Kind::kDatabase};
const GrantedOn kTable{.catalog = {1}, .database = {2}, .object = 17, .kind = Kind::kTable};
const GrantedOn kColumn{.catalog = {1}, .database = {2}, .object = 17, .kind = Kind::kColumn, .leaf = "id"};
const GrantedOn kPartition{.catalog = {1}, .database = {2}, .object = 17, .kind = Kind::kPartition, .leaf = "a/1"};
const GrantedOn kFunction{.catalog = {1}, .database = {2}, .object = 18, .kind = Kind::kFunction};
const GrantedOn kPath{.catalog = {1}, .kind = Kind::kPath, .leaf = "queues.q"};
const std::vector<GrantedOn> kAll = {kGlobal, kCatalog, kDatabase, kTable, kColumn, kPartition, kFunction, kPath};

// As in docs/format/keys.md: never to change.
TEST(GrantKeysTest, GoldenBytes) {
  const struct {
    std::string key;
    std::string hex;
    std::string words;
  } cases[] = {
      {GrantKey(kGlobal, kAna),
       "600000000000000000000000000000000000000000000000000100"
       "01416e61",
       "grants on the store to user \"Ana\""},
      {GrantKey(kCatalog, Grantee::Role("etl")),
       "600000000000000001000000000000000000000000000000000200"
       "0365746c",
       "grants on catalog 1 to role \"etl\""},
      {GrantKey(kDatabase, kAna),
       "600000000000000001000000000000000200000000000000000300"
       "01416e61",
       "grants on database 2 of catalog 1 to user \"Ana\""},
      {GrantKey(kTable, Grantee::Group("staff")),
       "600000000000000001000000000000000200000000000000110400"
       "027374616666",
       "grants on table 17 in database 2 of catalog 1 to group \"staff\""},
      {GrantKey(kColumn, kAna), "600000000000000001000000000000000200000000000000110569640001416e61",
       "grants on column \"id\" of table 17 in database 2 of catalog 1 to user \"Ana\""},
      {GrantKey(kPartition, kAna), "6000000000000000010000000000000002000000000000001106612f310001416e61",
       "grants on partition \"a/1\" of table 17 in database 2 of catalog 1 to user \"Ana\""},
      {GrantKey(kFunction, kAna),
       "600000000000000001000000000000000200000000000000120700"
       "01416e61",
       "grants on function 18 in database 2 of catalog 1 to user \"Ana\""},
      {GrantKey(kPath, kAna),
       "600000000000000001000000000000000000000000000000000871756575"
       "65732e710001416e61",
       "grants on path \"queues.q\" of catalog 1 to user \"Ana\""},
      {VisibleDatabaseKey({1}, kAna, {2}), "610000000000000001000000000000000001416e6100030000000000000002",
       "database 2 of catalog 1, visible to user \"Ana\""},
      {VisibleKey({1}, {2}, kAna, Kind::kTable, "hits"), "610000000000000001000000000000000201416e61000468697473",
       "table \"hits\" in database 2 of catalog 1, visible to user \"Ana\""},
      {VisibleKey({1}, {2}, Grantee::Role("etl"), Kind::kFunction, "f"),
       "61000000000000000100000000000000020365746c000766",
       "function \"f\" in database 2 of catalog 1, visible to role \"etl\""},
  };
  for (const auto& c : cases) {
    EXPECT_EQ(Hex(c.key), c.hex) << c.words;
    EXPECT_EQ(Describe(c.key), c.words);
    EXPECT_TRUE(IsWellFormed(c.key)) << c.hex;
  }
}

TEST(GrantKeysTest, PartsComeBack) {
  for (const GrantedOn& on : kAll) {
    const auto parts = ParseGrantKey(GrantKey(on, kAna));
    ASSERT_TRUE(parts.has_value()) << Describe(GrantKey(on, kAna));
    EXPECT_EQ(parts->on, on);
    EXPECT_EQ(parts->grantee, kAna);
  }
  const std::string table = VisibleKey({1}, {2}, kAna, Kind::kTable, "hits");
  const auto seen = ParseVisibleKey(table);
  ASSERT_TRUE(seen.has_value());
  EXPECT_EQ(seen->name, "hits");
  EXPECT_EQ(seen->parent.value, 2u);
  EXPECT_EQ(ParseVisibleKey(VisibleDatabaseKey({1}, kAna, {2}))->database.value, 2u);
}

TEST(GrantKeysTest, RangesHoldExactlyWhatLiesInThem) {
  // By number: which of kAll lie in (or are) the one.
  const std::vector<std::vector<int>> beneath = {
      {0, 1, 2, 3, 4, 5, 6, 7}, {1, 2, 3, 4, 5, 6, 7}, {2, 3, 4, 5, 6}, {3, 4, 5}, {4}, {5}, {6}, {7}};
  for (std::size_t i = 0; i < kAll.size(); ++i) {
    for (std::size_t j = 0; j < kAll.size(); ++j) {
      const std::string key = GrantKey(kAll[j], kAna);
      const auto holds = [&key](const store::KeyRange& range) { return key >= range.lower && key < range.upper; };
      const bool in = std::find(beneath[i].begin(), beneath[i].end(), static_cast<int>(j)) != beneath[i].end();
      EXPECT_EQ(holds(GrantsBeneath(kAll[i])), in) << Describe(key) << " in " << i;
      EXPECT_EQ(holds(Grants(kAll[i])), i == j) << Describe(key) << " of " << i;
    }
  }
}

TEST(GrantKeysTest, OtherBytesFollowNoRule) {
  const std::string good = GrantKey(kTable, kAna);
  std::vector<std::string> bad = {good.substr(0, 26),
                                  good.substr(0, 27),
                                  good.substr(0, 28),
                                  GrantKey({.catalog = {1}, .kind = Kind::kGlobal}, kAna),
                                  GrantKey({.kind = Kind::kCatalog}, kAna),
                                  GrantKey({.catalog = {1}, .database = {2}, .kind = Kind::kTable}, kAna),
                                  GrantKey({.catalog = {1}, .object = 17, .kind = Kind::kTable}, kAna),
                                  GrantKey({.catalog = {1}, .database = {2}, .object = 1, .kind = Kind::kColumn}, kAna),
                                  GrantKey(kTable, Grantee::User("")),
                                  GrantKey(kTable, Grantee::User("a\nb")),
                                  GrantKey(kTable, Grantee::Role("ETL")),
                                  VisibleKey({1}, {2}, kAna, Kind::kDatabase, "x"),
                                  VisibleKey({1}, {2}, kAna, Kind::kTable, ""),
                                  VisibleKey({1}, {2}, kAna, Kind::kTable, "Hits"),
                                  VisibleKey({}, {2}, kAna, Kind::kTable, "hits"),
                                  VisibleDatabaseKey({1}, kAna, {0})};
  GrantedOn partition = kPartition;
  partition.leaf = "a=1";
  bad.push_back(GrantKey(partition, kAna));
  for (const char kind : {'\0', '\x09'}) {
    bad.push_back(good);
    bad.back()[25] = kind;
  }
  for (const std::string& key : bad) EXPECT_FALSE(IsWellFormed(key)) << Hex(key);
  EXPECT_TRUE(IsWellFormed(Bytes(Hex(good))));
}

}  // namespace
}  // namespace lodestone::record
