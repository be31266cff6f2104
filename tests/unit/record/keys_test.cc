#include "catalog/record/keys.h"

#include <algorithm>
#include <string>
#include <vector>

#include "gtest/gtest.h"
#include "tests/unit/record/key_checks.h"

namespace lodestone::record {
namespace {

using testing::Bytes;
using testing::ExpectBreach;
using testing::ExpectReadWithoutHarm;
using testing::Hex;

// The format has these bytes for ever: a failure here means that stores out there can't be read any more. The same
// examples stand in docs/format/keys.md.
TEST(KeysTest, GoldenBytes) {
  const struct {
    std::string key;
    std::string hex;
    std::string words;
  } cases[] = {
      {HeaderKey(), "0101", "store header"},
      {ObjectSequenceKey(), "0102", "object sequence"},
      {EventLogStateKey(), "0103", "event log state"},
      {KeyFileCheckKey(), "0104", "check of the key file"},
      {CatalogNameKey("hive"), "1068697665", "name of catalog \"hive\""},
      {DatabaseNameKey(CatalogId{1}, "web"), "120000000000000001776562", "name of database \"web\" in catalog 1"},
      {DatabaseKey(DatabaseId{2}), "130000000000000002", "database 2"},
      {TableNameKey(DatabaseId{2}, "hits"), "14000000000000000268697473", "name of table \"hits\" in database 2"},
      {FunctionKey(DatabaseId{2}, "f"), "15000000000000000266", "function \"f\" in database 2"},
      {ReferenceKey(TableId{17}, TableId{18}), "1600000000000000110000000000000012",
       "foreign key of table 18 on table 17"},
      {TableKey(TableId{17}), "20000000000000001101", "table 17 record"},
      {PartitionSetKey(TableId{17}), "20000000000000001102", "table 17 partition set"},
      {DescriptorKey(TableId{17}, 3), "2000000000000000110300000003", "table 17 descriptor 3"},
      {DescriptorHashKey(TableId{17}, 0x0102030405060708), "200000000000000011040102030405060708",
       "table 17 descriptors with fingerprint 72623859790382856"},
      {TableStatisticsKey(TableId{17}, "bytes"), "200000000000000011056279746573",
       "table 17 statistics of column \"bytes\""},
      {ConstraintKey(TableId{17}, "pk"), "20000000000000001106706b", "table 17 constraint \"pk\""},
      {KeyPageKey(SetId{19}, "2026-01-05/13"), "30000000000000001301323032362d30312d30352f3133",
       "partition set 19 key page from \"2026-01-05/13\""},
      {ValuePageKey(SetId{19}, "2026-01-05/13"), "30000000000000001302323032362d30312d30352f3133",
       "partition set 19 value page from \"2026-01-05/13\""},
      {PartitionStatisticsKey(SetId{19}, "a%2Fb/1", "bytes"), "3000000000000000130361253246622f31006279746573",
       "partition set 19 statistics of partition \"a%2Fb/1\" column \"bytes\""},
      {EventKey(258), "400000000000000102", "event 258"},
      {DroppedKey(3, 2, "hits", 1000, 17),
       "500300000000000000026869747300"
       "00000000000003e80000000000000011",
       "dropped table \"hits\" of parent 2, id 17, dropped at 1000 ms"},
      {DroppedKey(1, 0, "c", 1, 5), "50010000000000000000630000000000000000010000000000000005",
       "dropped catalog \"c\" of parent 0, id 5, dropped at 1 ms"},
      {PendingLoadKey(SetId{19}), "520000000000000013", "pending load of partition set 19"},
      {RoleKey(CatalogId{1}, "etl"), "62000000000000000165746c", "role \"etl\" of catalog 1"},
      {MembershipKey(CatalogId{1}, Grantee::User("Ana"), Grantee::Role("etl")), "63000000000000000101416e61000365746c",
       "membership of user \"Ana\" in role \"etl\" of catalog 1"},
      {MemberKey(CatalogId{1}, Grantee::Role("etl"), Grantee::User("Ana")), "6400000000000000010365746c0001416e61",
       "list entry of user \"Ana\" in role \"etl\" of catalog 1"},
      {MembershipKey(CatalogId{}, Grantee::User("Ana"), Grantee::Role("admin")),
       "63000000000000000001416e61000361646d696e", "membership of user \"Ana\" in role \"admin\" of the store"},
      {AccountKey(CatalogId{1}, "Ana"), "680000000000000001416e61", "account \"Ana\" of catalog 1"},
      {AccountKey(CatalogId{}, "Ana"), "680000000000000000416e61", "account \"Ana\" of the store"},
      {AccessKeyKey("ABCDEFGHIJKLMNOP0123"), "694142434445464748494a4b4c4d4e4f5030313233",
       "access key ABCDEFGHIJKLMNOP0123"},
      {AccessTokenKey(std::string(32, '\x5a')), "6a" + Hex(std::string(32, '\x5a')),
       "token " + Hex(std::string(32, '\x5a'))},
      {NonceKey(1000, std::string(16, '\x0b')), "6b00000000000003e80b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b",
       "nonce 0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b, used, until 1000 ms"},
  };
  for (const auto& c : cases) {
    EXPECT_EQ(Hex(c.key), c.hex);
    EXPECT_EQ(Describe(c.key), c.words);
    EXPECT_TRUE(IsWellFormed(c.key)) << c.hex;
  }
}

TEST(KeysTest, PartsComeBack) {
  EXPECT_EQ(NameInCatalogNameKey(CatalogNameKey("hive")), "hive");
  EXPECT_EQ(NameUnderParent(DatabaseNameKey(CatalogId{1}, "web")), "web");
  EXPECT_EQ(NameUnderParent(TableNameKey(DatabaseId{1}, "hits$x")), "hits$x");
  EXPECT_EQ(NameUnderParent(FunctionKey(DatabaseId{1}, "f")), "f");
  EXPECT_EQ(LowestInPageKey(KeyPageKey(SetId{9}, "a/b")), "a/b");
  EXPECT_EQ(LowestInPageKey(ValuePageKey(SetId{9}, "a/b")), "a/b");
  EXPECT_EQ(EventIdInKey(EventKey(77)), 77);
  EXPECT_EQ(NameUnderParent("short"), "");
  EXPECT_EQ(LowestInPageKey(""), "");
  EXPECT_EQ(NameInCatalogNameKey(""), "");
  EXPECT_EQ(EventIdInKey("x"), 0);
}

bool Holds(const store::KeyRange& range, const std::string& key) {
  return key >= range.lower && (range.upper.empty() || key < range.upper);
}

void AddPrincipalKeys(std::vector<std::string>* keys) {
  const Grantee grantees[] = {Grantee::User("a"), Grantee::User("ab"), Grantee::Group("a"), Grantee::Role("a"),
                              Grantee::Role("b")};
  for (const uint64_t id : {uint64_t{1}, uint64_t{254}, uint64_t{255}}) {
    const CatalogId catalog{id};
    for (const std::string name : {"a", "ab", "\xC3\xA4"}) {
      keys->insert(keys->end(), {RoleKey(catalog, name), AccountKey(catalog, name)});
    }
    for (const Grantee& member : grantees) {
      for (const Grantee& of : {Grantee::Group("a"), Grantee::Role("a"), Grantee::Role("b")}) {
        keys->insert(keys->end(), {MembershipKey(catalog, member, of), MemberKey(catalog, of, member)});
      }
    }
  }
  keys->insert(keys->end(), {AccountKey(CatalogId{}, "a"), AccessKeyKey(std::string(20, 'A')),
                             AccessKeyKey(std::string(20, '9')), AccessTokenKey(std::string(32, '\x01')),
                             AccessTokenKey(std::string(32, '\xFF')), NonceKey(0, std::string(16, '\x01')),
                             NonceKey(999, std::string(16, '\xFF')), NonceKey(1000, std::string(16, '\0'))});
}

// Every kind of key, under neighbouring ids.
std::vector<std::string> ManyKeys() {
  std::vector<std::string> keys = {HeaderKey(), ObjectSequenceKey(), EventLogStateKey(), KeyFileCheckKey()};
  for (const uint64_t id : {uint64_t{1}, uint64_t{2}, uint64_t{255}, uint64_t{256}, ~uint64_t{0}}) {
    for (const std::string name : {"a", "ab", "b", "\xC3\xA4"}) {
      keys.insert(keys.end(),
                  {CatalogNameKey(name), DatabaseNameKey(CatalogId{id}, name), TableNameKey(DatabaseId{id}, name),
                   FunctionKey(DatabaseId{id}, name), TableStatisticsKey(TableId{id}, name),
                   ConstraintKey(TableId{id}, name), KeyPageKey(SetId{id}, name), ValuePageKey(SetId{id}, name),
                   PartitionStatisticsKey(SetId{id}, name, "c"), PartitionStatisticsKey(SetId{id}, name, name),
                   DroppedKey(2, id, name, 5, 6), DroppedKey(3, id, name, 5, 7)});
    }
    keys.insert(keys.end(),
                {DatabaseKey(DatabaseId{id}), TableKey(TableId{id}), PartitionSetKey(TableId{id}),
                 DescriptorKey(TableId{id}, 0), DescriptorKey(TableId{id}, ~uint32_t{0}),
                 DescriptorHashKey(TableId{id}, 0), ReferenceKey(TableId{id}, TableId{1}), PendingLoadKey(SetId{id})});
  }
  for (const int64_t id : {1, 2, 255, 256}) keys.push_back(EventKey(id));
  AddPrincipalKeys(&keys);
  std::sort(keys.begin(), keys.end());
  keys.erase(std::unique(keys.begin(), keys.end()), keys.end());
  return keys;
}

TEST(KeysTest, RangesHoldExactlyTheirKeys) {
  const TableId table{255};
  const SetId set{255};
  const struct {
    store::KeyRange range;
    std::vector<std::string> prefixes;  // hex; a key belongs to the range when it begins with one of them
  } cases[] = {
      {CatalogNames(), {"10"}},
      {DatabaseNames(CatalogId{255}), {"1200000000000000ff"}},
      {TableNames(DatabaseId{255}), {"1400000000000000ff"}},
      {Functions(DatabaseId{255}), {"1500000000000000ff"}},
      {References(table), {"1600000000000000ff"}},
      {TableParts(table), {"2000000000000000ff"}},
      {TableParts(TableId{~uint64_t{0}}), {"20ffffffffffffffff"}},
      {TableParts(table, TablePart::kDescriptor), {"2000000000000000ff03"}},
      {PartitionParts(set), {"3000000000000000ff"}},
      {PartitionParts(set, PartitionPart::kKeyPage), {"3000000000000000ff01"}},
      {PartitionStatistics(set, "a"), {"3000000000000000ff036100"}},
      {DroppedObjects(), {"50"}},
      {DroppedObjects(3, 255), {"500300000000000000ff"}},
      {DroppedObjects(3, 255, "a"), {"500300000000000000ff6100"}},
      {PendingLoads(), {"52"}},
      {Roles(CatalogId{255}), {"6200000000000000ff"}},
      {MembershipsOf(CatalogId{255}, Grantee::User("a")), {"6300000000000000ff016100"}},
      {MembersOf(CatalogId{255}, Grantee::Role("a")), {"6400000000000000ff036100"}},
      {AllMemberships(CatalogId{255}), {"6300000000000000ff"}},
      {AllMembers(CatalogId{255}), {"6400000000000000ff"}},
      {MembersOfGroups(CatalogId{255}), {"6400000000000000ff02"}},
      {Accounts(), {"68"}},
      {Accounts(CatalogId{255}), {"6800000000000000ff"}},
      {Accounts(CatalogId{}), {"680000000000000000"}},
      {AccessKeys(), {"69"}},
      {AccessTokens(), {"6a"}},
      {AccessTokens("\xFF\xFF"), {"6affff"}},
      {Nonces(), {"6b"}},
      {NoncesBefore(1000), {"6b0000000000000000", "6b00000000000003e7"}},
      {NoncesBefore(0), {}},
      {Events(2, 256), {"400000000000000002", "4000000000000000ff"}},
      {Events(5, 5), {}},
      {Events(5, 1), {}},
  };
  const std::vector<std::string> keys = ManyKeys();
  for (const auto& c : cases) {
    int inside = 0;
    for (const std::string& key : keys) {
      const bool belongs = std::any_of(c.prefixes.begin(), c.prefixes.end(),
                                       [&](const std::string& prefix) { return key.rfind(Bytes(prefix), 0) == 0; });
      EXPECT_EQ(Holds(c.range, key), belongs) << Describe(key) << " in " << Hex(c.range.lower);
      inside += belongs;
    }
    EXPECT_EQ(inside > 0, !c.prefixes.empty()) << Hex(c.range.lower);
  }
}

TEST(KeysTest, AllKeysAreWellFormedAndDistinctInWords) {
  std::vector<std::string> words;
  for (const std::string& key : ManyKeys()) {
    EXPECT_TRUE(IsWellFormed(key)) << Hex(key);
    words.push_back(Describe(key));
  }
  std::sort(words.begin(), words.end());
  EXPECT_EQ(std::adjacent_find(words.begin(), words.end()), words.end());
}

TEST(KeysTest, BreachesAreFound) {
  const struct {
    const char* hex;
    const char* why;
  } cases[] = {
      {"", "nothing"},
      {"00", "unknown tag"},
      {"11", "unknown tag"},
      {"ff", "unknown tag"},
      {"01", "no item"},
      {"0106", "unknown item"},
      {"010100", "something behind the item"},
      {"10", "no name"},
      {"1041", "upper case"},
      {"10ff", "not UTF-8"},
      {"106101", "control character"},
      {"12000000000000000061", "id 0"},
      {"120000000000000001", "no name"},
      {"1200000000000001", "id too short"},
      {"1300000000000000", "id too short"},
      {"13000000000000000100", "something behind the id"},
      {"160000000000000001", "no child"},
      {"1600000000000000010000000000000000", "child 0"},
      {"200000000000000001", "no part"},
      {"20000000000000000109", "unknown part"},
      {"2000000000000000010100", "something behind the part"},
      {"20000000000000000103000000", "number too short"},
      {"200000000000000001030000000000", "number too long"},
      {"2000000000000000010400000000000000", "fingerprint too short"},
      {"20000000000000000105", "no column"},
      {"2000000000000000010561ff", "column not UTF-8"},
      {"30000000000000000101", "no lowest key"},
      {"30000000000000000104", "unknown part"},
      {"3000000000000000010161253266", "escape in lower case"},
      {"30000000000000000101613d62", "a byte that has to be escaped"},
      {"300000000000000001016125", "half an escape"},
      {"30000000000000000101612f", "an empty value"},
      {"300000000000000001036162", "no column"},
      {"3000000000000000010300620000", "no partition"},
      {"400000000000000000", "event 0"},
      {"408000000000000000", "negative event"},
      {"4000000000000001", "id too short"},
      {"500500000000000000026100000000000000000100000000000000", "unknown kind"},
      {"5003000000000000000261000000000000000001000000000000000000", "too long"},
      {"50030000000000000002610000000000000000010000000000000000", "id 0"},
      {"50030000000000000000610000000000000000010000000000000001", "a table without a database"},
      {"50010000000000000002610000000000000000010000000000000001", "a catalog with a parent"},
      {"520000000000000000", "set 0"},
      {"62000000000000000065", "a role of the store"},
      {"62000000000000000145", "a role in upper case"},
      {"620000000000000001", "no role"},
      {"6300000000000000010161", "no group or role"},
      {"6300000000000000010161000162", "a user as a group"},
      {"6300000000000000010461000362", "unknown kind"},
      {"6300000000000000010161000342", "a role in upper case"},
      {"63000000000000000101000362", "no name"},
      {"63000000000000000101ff000362", "not UTF-8"},
      {"640000000000000001016100", "nothing behind the first"},
      {"6400000000000000010161000362", "members of a user"},
      {"680000000000000001", "no account"},
      {"69414243", "id too short"},
      {"696142434445464748494a4b4c4d4e4f5030313233", "id in lower case"},
      {"6a5a5a", "hash too short"},
      {"6b00000000000003e80b0b", "hash too short"},
      {"6b80000000000003e80b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b", "negative time"},
  };
  for (const auto& c : cases) ExpectBreach(c.hex, c.why);
}

TEST(KeysTest, AnyChangeOfOneByteIsReadWithoutHarm) { ExpectReadWithoutHarm(ManyKeys()); }

}  // namespace
}  // namespace lodestone::record
