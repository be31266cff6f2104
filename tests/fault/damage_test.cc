// Damage is found: one bit is flipped, or 4 KiB are zeroed, in one file of a store. Opening fails with a clear error,
// or Verify() names the damage, or everything that can be read is as before.
#include <atomic>
#include <map>
#include <random>
#include <set>
#include <thread>

#include "absl/synchronization/mutex.h"
#include "catalog/base/strings.h"
#include "tests/support/content.h"
#include "tests/support/matchers.h"
#include "tests/support/soak.h"
#include "tests/support/temp_folder.h"

namespace lodestone {
namespace {

using base::StrCat;
using testing::DescribeContent;
using testing::FindingsOf;
using testing::TempFolder;

OpenOptions SmallOptions(const Clock* clock) {
  OpenOptions options;
  options.create_if_missing = false;
  options.block_cache_bytes = std::size_t{1} << 20;
  options.write_buffer_bytes = std::size_t{64} << 10;  // so that some of it is in tables, and some in the log
  options.clock = clock;
  return options;
}

// SST, MANIFEST, ...: the name without its number.
std::string KindOf(const std::string& name) {
  const std::size_t dot = name.rfind('.');
  if (dot != std::string::npos && name.find_first_not_of("0123456789") == dot) return name.substr(dot + 1);
  return name.substr(0, name.find('-'));
}

struct Damage {
  std::string file;
  uint64_t offset = 0;  // of the bit, or of the block
  bool flip = true;

  std::string ToString() const {
    return flip ? StrCat("bit ", offset % 8, " of byte ", offset / 8, " of ", file)
                : StrCat("4 KiB from byte ", offset, " of ", file);
  }
  void Apply(std::string* bytes) const {
    if (flip) {
      (*bytes)[offset / 8] = static_cast<char>((*bytes)[offset / 8] ^ (1 << offset % 8));
    } else {
      for (uint64_t i = offset; i < std::min<uint64_t>(offset + 4096, bytes->size()); ++i) (*bytes)[i] = '\0';
    }
  }
};

class DamageTest : public ::testing::Test {
 protected:
  void SetUp() override {
    const std::string path = folder_ / "whole";
    OpenOptions options = SmallOptions(&clock_);
    options.create_if_missing = true;
    {
      auto metastore = Metastore::Open(path, options);
      ASSERT_OK(metastore);
      ASSERT_OK(testing::FillSample(**metastore, 3000));
    }
    // Once more, for a manifest and a log that go on from an earlier life.
    auto metastore = Metastore::Open(path, options);
    ASSERT_OK(metastore);
    model::v1::Database database;
    for (const char* name : {"one", "two", "three"}) {
      database.set_name(name);
      ASSERT_OK((*metastore)->Local().CreateDatabase(database));
    }
    auto content = DescribeContent(**metastore);
    ASSERT_OK(content);
    content_ = *content;
    auto records = testing::ReadRecords(**metastore);
    ASSERT_OK(records);
    records_ = *records;
    metastore->reset();
    for (const auto& entry : std::filesystem::directory_iterator(path)) {
      if (entry.is_regular_file()) files_[entry.path().filename()] = testing::ReadFile(entry.path());
    }
    for (const auto& [name, bytes] : files_) {
      // RocksDB's log for people (LOG) is never read.
      if (!bytes.empty() && KindOf(name) != "LOG" && !name.starts_with("LOG.")) kinds_[KindOf(name)].push_back(name);
    }
  }

  Damage Choose(std::mt19937_64* random) const {
    auto below = [random](uint64_t n) { return (*random)() % n; };
    const auto& files = std::next(kinds_.begin(), static_cast<std::ptrdiff_t>(below(kinds_.size())))->second;
    Damage damage{.file = files[below(files.size())]};
    const std::string& bytes = files_.at(damage.file);
    damage.flip = below(4) != 0;
    damage.offset = damage.flip ? below(bytes.size() * 8) : below(bytes.size()) & ~uint64_t{4095};
    return damage;
  }

  // What became of the damage: "refused", "found" or "harmless"; anything else is a failure in words.
  std::string Outcome(const Damage& damage, const std::string& path) const {
    std::filesystem::create_directory(path);
    for (const auto& [name, bytes] : files_) {
      if (name != damage.file) {
        testing::WriteFile(path + "/" + name, bytes);
        continue;
      }
      std::string damaged = bytes;
      damage.Apply(&damaged);
      if (damaged == bytes) return "harmless";  // zeros were zeroed
      testing::WriteFile(path + "/" + name, damaged);
    }
    auto metastore = Metastore::Open(path, SmallOptions(&clock_));
    if (!metastore.ok()) {
      const bool clear = metastore.status().message().find(path) != absl::string_view::npos;
      return clear ? "refused" : StrCat("refused without naming the store: ", metastore.status().ToString());
    }
    auto findings = FindingsOf(**metastore);
    if (!findings.ok()) return StrCat("Verify() failed: ", findings.status().ToString());
    if (!findings->empty()) return "found";
    auto content = DescribeContent(**metastore);
    if (!content.ok()) return StrCat("Verify() found nothing, and reading fails: ", content.status().ToString());
    if (*content != content_) return "Verify() found nothing, and the content is another one";
    auto records = testing::ReadRecords(**metastore);
    if (!records.ok() || *records != records_) return "Verify() found nothing, and the records are others";
    return "harmless";
  }

  ManualClock clock_{1'700'000'000'000};
  TempFolder folder_;
  std::string content_;
  std::map<std::string, std::string> records_;
  std::map<std::string, std::string> files_;               // what the whole store is made of
  std::map<std::string, std::vector<std::string>> kinds_;  // names of files by kind
};

TEST_F(DamageTest, EveryKindOfFileIsThere) {
  for (const char* kind : {"sst", "log", "MANIFEST", "CURRENT", "OPTIONS", "IDENTITY", "COMMITTED"}) {
    EXPECT_TRUE(kinds_.contains(kind)) << kind;
  }
  // The measure itself: the whole store is sound, and another content would be seen.
  EXPECT_EQ(Outcome(Damage{}, folder_ / "copy"), "harmless");
  content_ += "event";
  EXPECT_THAT(Outcome(Damage{}, folder_ / "other"), ::testing::HasSubstr("another"));
}

TEST_F(DamageTest, IsRefusedFoundOrHarmless) {
  const uint64_t seed = testing::SeedOr(20240906);
  SCOPED_TRACE(StrCat("LODESTONE_SEED=", seed));
  const int cases = testing::Soaked(1000);
  std::atomic<int> next{0};
  absl::Mutex mutex;
  std::map<std::string, std::map<std::string, int>> outcomes;  // by kind of file
  auto work = [&] {
    for (int i; (i = next.fetch_add(1)) < cases;) {
      std::mt19937_64 random(seed + static_cast<uint64_t>(i));
      const Damage damage = Choose(&random);
      const std::string path = folder_ / StrCat("case", i);
      const std::string outcome = Outcome(damage, path);
      std::filesystem::remove_all(path);
      const absl::MutexLock lock(&mutex);
      ++outcomes[KindOf(damage.file)][outcome];
      if (outcome != "refused" && outcome != "found" && outcome != "harmless") {
        ADD_FAILURE() << "case " << i << ", " << damage.ToString() << ": " << outcome;
      }
    }
  };
  std::thread other(work);
  work();
  other.join();
  for (const auto& [kind, counts] : outcomes) {
    for (const auto& [outcome, count] : counts) RecordProperty(StrCat(kind, "_", outcome.substr(0, 8)), count);
  }
  // Files whose every byte counts: damage in them is seldom without effect.
  for (const char* kind : {"sst", "CURRENT"}) EXPECT_EQ(outcomes[kind]["harmless"], 0) << kind;
}

}  // namespace
}  // namespace lodestone
