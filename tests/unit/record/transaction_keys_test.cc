#include "catalog/record/transaction_keys.h"

#include <string>
#include <vector>

#include "catalog/record/keys.h"
#include "gtest/gtest.h"
#include "tests/unit/record/key_checks.h"

namespace lodestone::record {
namespace {

using testing::ExpectBreach;
using testing::ExpectReadWithoutHarm;
using testing::Hex;

const WriteSpace kTable{.table = {17}};
const WriteSpace kUnborn{.catalog = "c", .database = "d", .name = "t"};
const std::string kUnbornWords = "table \"t\" of database \"d\" in catalog \"c\", which is not there,";

// As in docs/format/keys.md: never to change.
TEST(TransactionKeysTest, GoldenBytes) {
  const struct {
    std::string key;
    std::string hex;
    std::string words;
  } cases[] = {
      {TransactionNumbersKey(), "0105", "numbers of locks and transactions"},
      {LockKey(5), "700000000000000005", "lock 5"},
      {LockComponentsKey(5), "710000000000000005", "components of lock 5"},
      {OpenTransactionKey(258), "730000000000000102", "open transaction 258"},
      {AbortedTransactionKey(258), "740000000000000102", "aborted transaction 258"},
      {CommittedTransactionKey(258), "750000000000000102", "committed transaction 258"},
      {AllocatedWriteIdKey(258, kTable), "760000000000000102010000000000000011",
       "write id of transaction 258 in table 17"},
      {AllocatedWriteIdKey(258, kUnborn), "76000000000000010202630064007400",
       "write id of transaction 258 in " + kUnbornWords},
      {WriteIdStateKey(kTable), "20000000000000001107", "table 17 write ids"},
      {WriteIdKey(kTable, 3), "200000000000000011080000000000000003", "table 17 write id 3"},
      {WriteIdStateKey(kUnborn), "7763006400740007", kUnbornWords + " write ids"},
      {WriteIdKey(kUnborn, 3), "77630064007400080000000000000003", kUnbornWords + " write id 3"},
  };
  for (const auto& c : cases) {
    EXPECT_EQ(Hex(c.key), c.hex);
    EXPECT_EQ(Describe(c.key), c.words);
    EXPECT_TRUE(IsWellFormed(c.key)) << c.hex;
  }
}

TEST(TransactionKeysTest, PartsComeBack) {
  EXPECT_EQ(NumberInKey(LockKey(77)), 77);
  for (const WriteSpace& space : {kTable, kUnborn}) {
    EXPECT_EQ(WriteIdInKey(WriteIdKey(space, 77)), 77);
    const auto parts = ParseAllocated(AllocatedWriteIdKey(5, space));
    ASSERT_TRUE(parts);
    EXPECT_EQ(parts->transaction, 5);
    EXPECT_EQ(parts->space, space);
  }
  const auto state = ParseUnborn(WriteIdStateKey(kUnborn));
  ASSERT_TRUE(state);
  EXPECT_EQ(state->space, kUnborn);
  EXPECT_EQ(state->write_id, std::nullopt);
  EXPECT_EQ(ParseUnborn(WriteIdKey(kUnborn, 9))->write_id, 9);
}

TEST(TransactionKeysTest, RangesHoldTheirKeysAndNoOthers) {
  const auto holds = [](const store::KeyRange& range, const std::string& key) {
    return range.lower <= key && key < range.upper;
  };
  EXPECT_TRUE(holds(Locks(), LockKey(1)));
  EXPECT_FALSE(holds(Locks(), LockComponentsKey(1)));
  EXPECT_TRUE(holds(OpenTransactions(5), OpenTransactionKey(5)));
  EXPECT_FALSE(holds(OpenTransactions(5), OpenTransactionKey(4)));
  EXPECT_FALSE(holds(OpenTransactions(5), AbortedTransactionKey(6)));
  EXPECT_FALSE(holds(CommittedTransactions(), AbortedTransactionKey(6)));
  for (const WriteSpace& space : {kTable, kUnborn}) {
    EXPECT_TRUE(holds(WriteIds(space, 2), WriteIdKey(space, 2)));
    EXPECT_FALSE(holds(WriteIds(space, 2), WriteIdKey(space, 1)));
    EXPECT_FALSE(holds(WriteIds(space), WriteIdStateKey(space)));
  }
  EXPECT_FALSE(holds(WriteIds(kTable), WriteIdKey({.table = {18}}, 1)));
  EXPECT_FALSE(holds(WriteIds(kUnborn), WriteIdKey({.catalog = "c", .database = "d", .name = "u"}, 1)));
  EXPECT_TRUE(holds(AllocatedWriteIds(5), AllocatedWriteIdKey(5, kUnborn)));
  EXPECT_FALSE(holds(AllocatedWriteIds(5), AllocatedWriteIdKey(6, kTable)));
}

TEST(TransactionKeysTest, KeysThatBreakARuleAreTold) {
  const struct {
    const char* hex;
    const char* why;
  } cases[] = {
      {"700000000000000000", "lock 0"},
      {"70ff00000000000000", "a negative lock"},
      {"7000000000000001", "too short"},
      {"70000000000000000100", "too long"},
      {"720000000000000001", "unknown tag"},
      {"730000000000000000", "transaction 0"},
      {"760000000000000000010000000000000011", "transaction 0"},
      {"760000000000000102010000000000000000", "table 0"},
      {"760000000000000102030000000000000011", "unknown kind"},
      {"7600000000000001020263006400", "a name is missing"},
      {"7600000000000001020263006400740061", "something behind the names"},
      {"76000000000000010202430064007400", "upper case"},
      {"776300640074", "no end of a name"},
      {"77630064007400", "no part"},
      {"7763006400740009", "unknown part"},
      {"776300640074000800000003", "a short write id"},
      {"77630064007400080000000000000000", "write id 0"},
      {"7700006400740007", "an empty name"},
      {"77ff006400740007", "not UTF-8"},
      {"2000000000000000110700", "something behind the state"},
      {"200000000000000011080000000000000000", "write id 0"},
  };
  for (const auto& c : cases) ExpectBreach(c.hex, c.why);
}

TEST(TransactionKeysTest, AnyChangeOfOneByteIsReadWithoutHarm) {
  ExpectReadWithoutHarm(std::vector<std::string>{LockKey(5), OpenTransactionKey(5), AllocatedWriteIdKey(5, kTable),
                                                 AllocatedWriteIdKey(5, kUnborn), WriteIdKey(kTable, 3),
                                                 WriteIdKey(kUnborn, 3)});
}

}  // namespace
}  // namespace lodestone::record
