// Stores of every released format open and hold what they held; newer ones are refused in clear words.
#include <filesystem>

#include "catalog/base/strings.h"
#include "catalog/record/format.h"
#include "catalog/record/keys.h"
#include "catalog/store/rocksdb/rocksdb_store.h"
#include "lodestone/record/v1/record.pb.h"
#include "tests/support/content.h"
#include "tests/support/matchers.h"
#include "tests/support/temp_folder.h"

namespace lodestone {
namespace {

using base::StrCat;
using testing::FailsWith;

std::string KeptFolder(uint32_t format) { return StrCat(LODESTONE_SOURCE_DIR, "/tests/compat/stores/format-", format); }

class CompatTest : public ::testing::Test {
 protected:
  // A copy of the kept store, since opening changes files.
  std::string Copy(uint32_t format, std::string_view name) {
    const std::string path = folder_ / name;
    std::filesystem::copy(KeptFolder(format) + "/store", path);
    for (const auto& entry : std::filesystem::directory_iterator(path)) {
      std::filesystem::permissions(entry.path(), std::filesystem::perms::owner_all);
    }
    return path;
  }

  // Replaces one record below everything that checks it.
  void Put(const std::string& path, std::string_view key, std::string_view value) {
    auto store = store::OpenRocksDbStore(path);
    ASSERT_OK(store);
    auto transaction = (*store)->Begin();
    ASSERT_OK(transaction);
    (*transaction)->Put(key, value);
    ASSERT_OK((*transaction)->Commit(store::Durability::kSync));
  }
  std::string PutHeader(uint32_t format) {
    record::v1::StoreHeader header;
    header.set_format_version(format);
    header.set_created_by("99.1");
    const std::string path = Copy(record::kStoreFormat, StrCat("header", format));
    Put(path, record::HeaderKey(), record::EncodeRecord(header));
    return path;
  }

  OpenOptions Options() const {
    OpenOptions options;
    options.create_if_missing = false;
    options.clock = &clock_;
    options.event_retention_ms = 0;
    return options;
  }

  ManualClock clock_{1'700'000'000'000};
  testing::TempFolder folder_;
};

TEST_F(CompatTest, EveryFormatHasAKeptStore) {
  for (uint32_t format = 1; format <= record::kStoreFormat; ++format) {
    EXPECT_TRUE(std::filesystem::exists(KeptFolder(format) + "/expected.txt"))
        << "run make_store for format " << format;
  }
}

TEST_F(CompatTest, OldStoresOpenWithAllTheyHeld) {
  for (uint32_t format = 1; format <= record::kStoreFormat; ++format) {
    SCOPED_TRACE(format);
    const std::string path = Copy(format, StrCat("store", format));
    for (const char* time : {"first", "second"}) {  // an upgrade, if any, is over after the first
      SCOPED_TRACE(time);
      auto metastore = Metastore::Open(path, Options());
      ASSERT_OK(metastore);
      auto content = testing::DescribeContent(**metastore);
      ASSERT_OK(content);
      EXPECT_EQ(*content, testing::ReadFile(KeptFolder(format) + "/expected.txt"));
      auto findings = testing::FindingsOf(**metastore);
      ASSERT_OK(findings);
      EXPECT_EQ(*findings, "");
    }
  }
}

TEST_F(CompatTest, OldStoresCanBeWrittenTo) {
  for (uint32_t format = 1; format <= record::kStoreFormat; ++format) {
    SCOPED_TRACE(format);
    auto metastore = Metastore::Open(Copy(format, StrCat("store", format)), Options());
    ASSERT_OK(metastore);
    Session session = (*metastore)->Local();
    // What was dropped before the release comes back, and what was there can be changed.
    ASSERT_OK(session.UndropDatabase("gone"));
    EXPECT_OK(session.GetTable({.database = "gone", .table = "with_it"}));
    ASSERT_OK(session.UndropFunction({.database = "web", .function = "volume"}));
    ASSERT_OK(session.TruncatePartitions({.database = "web", .table = "loads"}));
    auto dropped = session.DropPartitionsByFilter({.database = "web", .table = "hits"}, "hour < 5");
    ASSERT_OK(dropped);
    EXPECT_GT(*dropped, 0);
    auto findings = testing::FindingsOf(**metastore);
    ASSERT_OK(findings);
    EXPECT_EQ(*findings, "");
  }
}

TEST_F(CompatTest, AnOlderStoreIsFollowedOnceItWasUpgraded) {
  const std::string path = Copy(1, "older");
  OpenOptions options = Options();
  options.follower = true;
  EXPECT_THAT(Metastore::Open(path, options),
              FailsWith(absl::StatusCode::kFailedPrecondition, "has format 1, this version of the library follows"));
  ASSERT_OK(Metastore::Open(path, Options()));
  EXPECT_OK(Metastore::Open(path, options));
}

TEST_F(CompatTest, ANewerStoreIsRefusedWithBothNumbers) {
  const std::string path = PutHeader(record::kStoreFormat + 7);
  for (const bool follower : {false, true}) {
    OpenOptions options = Options();
    options.follower = follower;
    const auto metastore = Metastore::Open(path, options);
    EXPECT_THAT(metastore,
                FailsWith(absl::StatusCode::kFailedPrecondition, StrCat("format ", record::kStoreFormat + 7)));
    EXPECT_THAT(metastore, FailsWith(absl::StatusCode::kFailedPrecondition, StrCat("format ", record::kStoreFormat)));
    EXPECT_THAT(metastore, FailsWith(absl::StatusCode::kFailedPrecondition, "99.1"));
    EXPECT_THAT(metastore, FailsWith(absl::StatusCode::kFailedPrecondition, path));
  }
}

TEST_F(CompatTest, RefusingANewerStoreChangesNothingInIt) {
  const std::string path = PutHeader(record::kStoreFormat + 1);
  ASSERT_THAT(Metastore::Open(path, Options()), FailsWith(absl::StatusCode::kFailedPrecondition, "format"));
  auto store = store::OpenRocksDbStore(path);
  ASSERT_OK(store);
  auto header = (*store)->Snapshot()->Get(record::HeaderKey());
  ASSERT_OK(header);
  record::v1::StoreHeader read;
  ASSERT_OK(record::DecodeRecord(header->value_or(""), "header", &read));
  EXPECT_EQ(read.format_version(), record::kStoreFormat + 1);
}

TEST_F(CompatTest, TheFormatNumberZeroIsDamage) {
  EXPECT_THAT(Metastore::Open(PutHeader(0), Options()), FailsWith(absl::StatusCode::kDataLoss, "format number 0"));
}

TEST_F(CompatTest, ANewerRecordIsRefusedWithBothNumbers) {
  const std::string newer(1, static_cast<char>(record::kRecordFormat + 4));
  const std::string found = StrCat("format ", record::kRecordFormat + 4);
  const std::string known = StrCat("up to ", static_cast<int>(record::kRecordFormat));

  const std::string header = Copy(record::kStoreFormat, "header");
  Put(header, record::HeaderKey(), newer + "what only newer code knows");
  EXPECT_THAT(Metastore::Open(header, Options()), FailsWith(absl::StatusCode::kFailedPrecondition, found));
  EXPECT_THAT(Metastore::Open(header, Options()), FailsWith(absl::StatusCode::kFailedPrecondition, known));

  const std::string table = Copy(record::kStoreFormat, "table");
  uint64_t id = 0;
  {
    auto metastore = Metastore::Open(table, Options());
    ASSERT_OK(metastore);
    auto items = (*metastore)->Local().GetTable({.database = "shop", .table = "items"});
    ASSERT_OK(items);
    id = static_cast<uint64_t>(items->id());
  }
  Put(table, record::TableKey(record::TableId{id}), newer + "more");
  auto metastore = Metastore::Open(table, Options());
  ASSERT_OK(metastore);
  const auto items = (*metastore)->Local().GetTable({.database = "shop", .table = "items"});
  EXPECT_THAT(items, FailsWith(absl::StatusCode::kFailedPrecondition, found));
  EXPECT_THAT(items, FailsWith(absl::StatusCode::kFailedPrecondition, known));
  EXPECT_OK((*metastore)->Local().GetTable({.database = "web", .table = "hits"})) << "the others can be read";
  auto findings = testing::FindingsOf(**metastore);
  ASSERT_OK(findings);
  EXPECT_THAT(*findings, ::testing::HasSubstr(found));
}

}  // namespace
}  // namespace lodestone
