// Folders that no store ever looked like: opening them is an error, or gives a store that can be read and verified.
// Never a crash, never a hang, and nothing of what is somebody else's is changed.
#include <sys/stat.h>

#include <chrono>
#include <map>
#include <random>

#include "catalog/base/strings.h"
#include "catalog/store/rocksdb/crc32c.h"
#include "catalog/store/rocksdb/rocksdb_store.h"
#include "google/protobuf/stubs/logging.h"
#include "rocksdb/db.h"
#include "tests/support/content.h"
#include "tests/support/matchers.h"
#include "tests/support/soak.h"
#include "tests/support/temp_folder.h"

namespace lodestone {
namespace {

namespace fs = std::filesystem;
using base::StrCat;
using testing::FailsWith;

using Files = std::map<std::string, std::string>;

OpenOptions SmallOptions(bool create = false) {
  OpenOptions options;
  options.create_if_missing = create;
  options.block_cache_bytes = std::size_t{1} << 20;
  options.write_buffer_bytes = std::size_t{64} << 10;
  return options;
}

Files ReadFiles(const std::string& path) {
  Files files;
  for (const auto& entry : fs::directory_iterator(path)) {
    if (entry.is_regular_file()) files[entry.path().filename()] = testing::ReadFile(entry.path());
  }
  return files;
}

// A sound store, made once.
const Files& SoundStore() {
  static const Files& files = *[] {
    testing::TempFolder folder;
    for (int life = 0; life < 2; ++life) {
      auto metastore = Metastore::Open(folder / "store", SmallOptions(true));
      EXPECT_OK(metastore);
      if (life == 0) {
        EXPECT_OK(testing::FillSample(**metastore, 400));
      }
      if (life == 1) {
        EXPECT_OK((*metastore)->Local().DropTable({.database = "shop", .table = "new"}));
      }
    }
    return new Files(ReadFiles(folder / "store"));
  }();
  return files;
}

std::string RandomBytes(std::size_t size, std::mt19937_64* random) {
  std::string bytes(size, '\0');
  for (char& c : bytes) c = static_cast<char>((*random)());
  return bytes;
}

// The records of a file in RocksDB's log format: where their headers are, and how long their payloads.
constexpr std::size_t kHeaderBytes = 7;
std::vector<std::pair<std::size_t, std::size_t>> RecordsIn(std::string_view bytes) {
  constexpr std::size_t kBlock = 32 << 10;
  std::vector<std::pair<std::size_t, std::size_t>> records;
  for (std::size_t at = 0; at + kHeaderBytes <= bytes.size();) {
    const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(bytes[i]); };
    const auto size = static_cast<std::size_t>(byte(at + 4) | byte(at + 5) << 8);
    if (kBlock - at % kBlock < kHeaderBytes || byte(at + 6) == 0) {
      at += kBlock - at % kBlock;
      continue;
    }
    if (size > 0 && at + kHeaderBytes + size <= bytes.size()) records.emplace_back(at, size);
    at += kHeaderBytes + size;
  }
  return records;
}

// Gives the record there the checksum that it should have.
void Seal(std::string* bytes, std::size_t at, std::size_t size) {
  const uint32_t crc = store::Crc32c(std::string_view(*bytes).substr(at + 6, 1 + size));
  const uint32_t masked = ((crc >> 15) | (crc << 17)) + 0xa282ead8u;
  for (std::size_t i = 0; i < 4; ++i) (*bytes)[at + i] = static_cast<char>(masked >> 8 * i);
}

// Changes a few bytes in one record, and makes its checksum right again.
std::string ChangeRecord(std::string bytes, std::mt19937_64* random) {
  const auto records = RecordsIn(bytes);
  if (records.empty()) return bytes;
  const auto [at, size] = records[(*random)() % records.size()];
  for (uint64_t n = 1 + (*random)() % 3; n > 0; --n) {
    bytes[at + kHeaderBytes + (*random)() % size] = static_cast<char>((*random)());
  }
  Seal(&bytes, at, size);
  return bytes;
}

// Takes one record out, and leaves the others whole.
std::string DropRecord(std::string bytes, std::mt19937_64* random) {
  const auto records = RecordsIn(bytes);
  if (records.empty()) return bytes;
  const auto [at, size] = records[(*random)() % records.size()];
  return bytes.erase(at, kHeaderBytes + size);
}

class HostileFolderTest : public ::testing::Test {
 protected:
  std::string NewFolder(const Files& files) {
    const std::string path = folder_ / StrCat("store", ++folders_);
    fs::create_directory(path);
    for (const auto& [name, bytes] : files) testing::WriteFile(path + "/" + name, bytes);
    return path;
  }

  // Uses all that reads. Whatever the answers are: they come, and soon.
  static absl::Status Use(const std::string& path, const OpenOptions& options = SmallOptions()) {
    const auto begin = std::chrono::steady_clock::now();
    absl::Status result;
    {
      auto metastore = Metastore::Open(path, options);
      result = metastore.status();
      if (metastore.ok()) {
        if (auto findings = testing::FindingsOf(**metastore); findings.ok() && !findings->empty()) {
          result = absl::DataLossError(base::ToAbsl(*findings));
        }
        (void)testing::DescribeContent(**metastore).status();
        (void)(*metastore)->Maintain();
        (void)(*metastore)->Stats().status();
      }
    }
    if (!result.ok()) {
      EXPECT_FALSE(result.message().empty());
    }
    EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds(30)) << path;
    return result;
  }

  testing::TempFolder folder_;
  int folders_ = 0;
};

TEST_F(HostileFolderTest, TheSoundStoreIsSound) { EXPECT_OK(Use(NewFolder(SoundStore()))); }

TEST_F(HostileFolderTest, AFileIsNoFolder) {
  testing::WriteFile(folder_ / "file", "text");
  EXPECT_THAT(Use(folder_ / "file"), FailsWith(absl::StatusCode::kFailedPrecondition, "is a file"));
  EXPECT_THAT(Use(folder_ / "file/below", SmallOptions(true)), FailsWith(absl::StatusCode::kUnavailable, "file"));
}

TEST_F(HostileFolderTest, FoldersOfOthersAreLeftAlone) {
  const Files letters = {{"letter.txt", "Dear all"}, {"photo.jpg", "\xff\xd8"}};
  const std::string path = NewFolder(letters);
  EXPECT_THAT(Use(path, SmallOptions(true)), FailsWith(absl::StatusCode::kFailedPrecondition, "other files"));
  EXPECT_EQ(ReadFiles(path), letters);
  EXPECT_OK(Metastore::Destroy(path));
  EXPECT_EQ(ReadFiles(path), letters);
}

TEST_F(HostileFolderTest, ShortAndMissingFiles) {
  for (const auto& [name, bytes] : SoundStore()) {
    for (const std::size_t size : {std::size_t{0}, std::size_t{1}, bytes.size() / 2, bytes.size() - 1}) {
      if (bytes.empty()) continue;
      SCOPED_TRACE(StrCat(name, " with ", size, " of ", bytes.size(), " bytes"));
      Files files = SoundStore();
      files[name].resize(size);
      const absl::Status status = Use(NewFolder(files));
      if (name == "CURRENT" || name.ends_with(".sst") || name.ends_with(".log")) {
        EXPECT_FALSE(status.ok());
      }
    }
    SCOPED_TRACE(name + " missing");
    Files files = SoundStore();
    files.erase(name);
    const absl::Status status = Use(NewFolder(files));
    if (name == "CURRENT" || name == "COMMITTED" || name.ends_with(".sst")) {
      EXPECT_THAT(status, testing::HasCode(absl::StatusCode::kDataLoss));
    }
  }
}

TEST_F(HostileFolderTest, RandomBytesInPlaceOfFiles) {
  std::mt19937_64 random(testing::SeedOr(1));
  for (int round = 0; round < testing::Soaked(4); ++round) {
    for (const auto& [name, bytes] : SoundStore()) {
      SCOPED_TRACE(StrCat(name, ", round ", round));
      Files files = SoundStore();
      files[name] = RandomBytes(random() % (2 * bytes.size() + 100), &random);
      const absl::Status status = Use(NewFolder(files));
      if (name == "CURRENT" || name.starts_with("MANIFEST")) {
        EXPECT_FALSE(status.ok());
      }
    }
    Files all;
    for (const auto& [name, bytes] : SoundStore()) all[name] = RandomBytes(bytes.size(), &random);
    EXPECT_FALSE(Use(NewFolder(all)).ok());
  }
}

TEST_F(HostileFolderTest, OtherThingsInPlaceOfFiles) {
  testing::WriteFile(folder_ / "elsewhere", "something else");
  const std::map<std::string, std::function<void(const std::string&)>> things = {
      {"a folder", [](const std::string& path) { fs::create_directory(path); }},
      {"a link to nothing", [](const std::string& path) { fs::create_symlink("nothing", path); }},
      {"a link to itself", [](const std::string& path) { fs::create_symlink(path, path); }},
      {"a link to its folder", [](const std::string& path) { fs::create_directory_symlink(".", path); }},
      {"a link to another file", [&](const std::string& path) { fs::create_symlink(folder_ / "elsewhere", path); }},
      {"a link to zeros without end", [](const std::string& path) { fs::create_symlink("/dev/zero", path); }},
      {"a pipe that nobody writes to", [](const std::string& path) { ASSERT_EQ(mkfifo(path.c_str(), 0600), 0); }},
  };
  for (const auto& [thing, make] : things) {
    for (const auto& [name, bytes] : SoundStore()) {
      SCOPED_TRACE(StrCat(thing, " in place of ", name));
      Files files = SoundStore();
      files.erase(name);
      const std::string path = NewFolder(files);
      make(path + "/" + name);
      const absl::Status status = Use(path);
      if (name == "CURRENT" || name == "COMMITTED" || name.starts_with("MANIFEST")) {
        EXPECT_FALSE(status.ok());
      }
    }
  }
  EXPECT_EQ(testing::ReadFile(folder_ / "elsewhere"), "something else");
}

TEST_F(HostileFolderTest, AStoreBehindLinksIsAStore) {
  const std::string path = NewFolder(SoundStore());
  fs::create_directory_symlink(path, folder_ / "link");
  EXPECT_OK(Use(folder_ / "link"));
}

TEST_F(HostileFolderTest, DatabasesOfOtherProgramsAreRefused) {
  const std::string path = folder_ / "foreign";
  {
    rocksdb::Options options;
    options.create_if_missing = true;
    rocksdb::DB* db = nullptr;
    ASSERT_TRUE(rocksdb::DB::Open(options, path, &db).ok());
    ASSERT_TRUE(db->Put({}, "their key", "their value").ok());
    delete db;
  }
  EXPECT_THAT(Use(path, SmallOptions(true)), FailsWith(absl::StatusCode::kDataLoss, "another program"));
  {
    rocksdb::DB* db = nullptr;
    ASSERT_TRUE(rocksdb::DB::Open({}, path, &db).ok()) << "it still is what it was";
    std::string value;
    EXPECT_TRUE(db->Get({}, "their key", &value).ok());
    delete db;
  }
  // Dressed up as a store: its commits are not there.
  testing::WriteFile(path + "/COMMITTED", SoundStore().at("COMMITTED"));
  EXPECT_THAT(Use(path), testing::HasCode(absl::StatusCode::kDataLoss));
}

// With checksums that are right. (What RocksDB's manifest says under a right checksum is believed: changing bytes there
// ends in RocksDB's own assertions.)
TEST_F(HostileFolderTest, CraftedManifestsAndLogs) {
  const google::protobuf::LogSilencer quiet;  // every wrong string would be a line
  const uint64_t seed = testing::SeedOr(20240907);
  for (int i = 0; i < testing::Soaked(150) && !HasFailure(); ++i) {
    SCOPED_TRACE(StrCat("case ", i, ", LODESTONE_SEED=", seed));
    std::mt19937_64 random(seed + static_cast<uint64_t>(i));
    Files files = SoundStore();
    for (auto& [name, bytes] : files) {
      if (i % 3 == 0 && name.starts_with("MANIFEST")) bytes = DropRecord(bytes, &random);
      if (i % 3 == 1 && name.ends_with(".log")) bytes = DropRecord(bytes, &random);
      if (i % 3 == 2 && name.ends_with(".log")) bytes = ChangeRecord(bytes, &random);
    }
    const std::string path = NewFolder(files);
    const absl::Status status = Use(path);
    if (i % 3 == 1) {
      EXPECT_THAT(status, testing::HasCode(absl::StatusCode::kDataLoss)) << "a commit is missing";
    }
    fs::remove_all(path);
  }
}

// RocksDB would end the process.
TEST_F(HostileFolderTest, ALogWhoseSequenceNumbersNoStoreReachesIsDamaged) {
  Files files = SoundStore();
  int changed = 0;
  for (auto& [name, bytes] : files) {
    const auto records = name.ends_with(".log") ? RecordsIn(bytes) : decltype(RecordsIn(bytes)){};
    if (records.empty()) continue;
    const auto [at, size] = records.back();
    bytes.replace(at + kHeaderBytes, 8, 8, '\xff');
    Seal(&bytes, at, size);
    ++changed;
  }
  ASSERT_GT(changed, 0);
  EXPECT_THAT(Use(NewFolder(files)), testing::HasCode(absl::StatusCode::kDataLoss));
}

// The engine is sound, and what the catalog wrote into it is not.
TEST_F(HostileFolderTest, CraftedRecords) {
  const google::protobuf::LogSilencer quiet;  // every wrong string would be a line
  const uint64_t seed = testing::SeedOr(20240908);
  const std::string path = NewFolder(SoundStore());
  std::map<std::string, std::string> records;
  {
    auto metastore = Metastore::Open(path, SmallOptions());
    ASSERT_OK(metastore);
    auto read = testing::ReadRecords(**metastore);
    ASSERT_OK(read);
    records = *read;
  }
  for (int i = 0; i < testing::Soaked(150) && !HasFailure(); ++i) {
    SCOPED_TRACE(StrCat("case ", i, ", LODESTONE_SEED=", seed));
    std::mt19937_64 random(seed + static_cast<uint64_t>(i));
    const auto chosen = std::next(records.begin(), static_cast<std::ptrdiff_t>(random() % records.size()));
    const auto& [old_key, old_value] = *chosen;
    std::string key = old_key, value = old_value;
    std::string* changed = random() % 4 == 0 ? &key : &value;
    const uint64_t what = random() % 4;
    if (what == 0) changed->resize(random() % (changed->size() + 1));
    if (what == 1) *changed = RandomBytes(1 + random() % 100, &random);
    for (uint64_t n = 1 + random() % 3; n > 0 && !changed->empty() && what > 1; --n) {
      (*changed)[random() % changed->size()] = static_cast<char>(random());
    }
    if (key.empty()) key = "k";
    const auto change = [&](std::string_view gone, std::string_view k, std::string_view v) {
      auto store = store::OpenRocksDbStore(path);
      ASSERT_OK(store);
      auto transaction = (*store)->Begin();
      ASSERT_OK(transaction);
      (*transaction)->Delete(gone);
      (*transaction)->Put(k, v);
      ASSERT_OK((*transaction)->Commit(store::Durability::kSync));
    };
    change(old_key, key, value);
    (void)Use(path);
    change(key, old_key, old_value);
  }
}

}  // namespace
}  // namespace lodestone
