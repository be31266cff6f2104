#include "catalog/store/rocksdb/log_check.h"

#include <memory>

#include "rocksdb/db.h"
#include "tests/support/matchers.h"
#include "tests/support/temp_folder.h"

namespace lodestone::store {
namespace {

// A log as RocksDB writes it: small records, one over several blocks, and fillings between blocks.
std::string MakeLog() {
  testing::TempFolder folder;
  rocksdb::Options options;
  options.create_if_missing = true;
  rocksdb::DB* opened = nullptr;
  EXPECT_TRUE(rocksdb::DB::Open(options, folder.path(), &opened).ok());
  const std::unique_ptr<rocksdb::DB> db(opened);
  for (int i = 0; i < 200; ++i) {
    const std::string value(i == 50 ? 100'000 : static_cast<std::size_t>(i * 7 % 900), 'v');
    EXPECT_TRUE(db->Put({}, "key" + std::to_string(i), value).ok());
  }
  rocksdb::VectorLogPtr logs;
  EXPECT_TRUE(db->GetSortedWalFiles(logs).ok());
  EXPECT_EQ(logs.size(), 1u);
  return testing::ReadFile(folder.path() + logs[0]->PathName());
}

TEST(LogCheckTest, WholeLogsPass) {
  const std::string log = MakeLog();
  EXPECT_GT(log.size(), 4u * 32768);
  EXPECT_EQ(FindLogDamage(log), "");
  EXPECT_EQ(FindLogDamage(""), "");
}

TEST(LogCheckTest, EveryFlippedBitIsFound) {
  const std::string log = MakeLog();
  std::string bytes = log;
  for (std::size_t bit = 0; bit < log.size() * 8; bit += bit < 2000 ? 1 : 7919) {
    bytes[bit / 8] = static_cast<char>(bytes[bit / 8] ^ (1 << bit % 8));
    EXPECT_NE(FindLogDamage(bytes), "") << "bit " << bit;
    bytes[bit / 8] = log[bit / 8];
  }
}

TEST(LogCheckTest, ZeroedBlocksAndCutTailsAreFound) {
  const std::string log = MakeLog();
  for (std::size_t at = 0; at + 4096 < log.size(); at += 4096) {
    std::string bytes = log;
    bytes.replace(at, 4096, 4096, '\0');
    EXPECT_NE(FindLogDamage(bytes), "") << "at " << at;
  }
  for (std::size_t cut = 1; cut < 7; ++cut) {
    EXPECT_NE(FindLogDamage(log.substr(0, log.size() - cut)), "") << cut;
  }
}

}  // namespace
}  // namespace lodestone::store
