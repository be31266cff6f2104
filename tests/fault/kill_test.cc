// What was acknowledged survives SIGKILL: a child commits and says so, the parent kills it at a random moment.
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <thread>

#include "tests/fault/store_history.h"
#include "tests/support/child_process.h"
#include "tests/support/temp_folder.h"

namespace lodestone::store {
namespace {

RocksDbOptions SmallOptions() {
  RocksDbOptions options;
  options.block_cache_bytes = std::size_t{1} << 20;
  options.write_buffer_bytes = std::size_t{64} << 10;
  return options;
}

// Two threads; commit v puts the keys first/v and second/v. Each acknowledgement is 8 bytes, the version.
TEST(KillTest, DISABLED_ChildCommits) {
  auto store = OpenRocksDbStore(std::getenv("LODESTONE_STORE"), SmallOptions());
  ASSERT_OK(store);
  const Version opened = (*store)->Snapshot()->version();
  ASSERT_EQ(write(testing::kChildOut, &opened, sizeof opened), static_cast<ssize_t>(sizeof opened));
  auto work = [&](int thread) {
    for (int i = 0;; ++i) {
      auto t = (*store)->Begin();
      ASSERT_OK(t);
      const std::string value(static_cast<std::size_t>((i * 131 + thread * 17) % 3000), 'v');
      (*t)->Put(base::StrCat("first/", (*t)->commit_version()), value);
      (*t)->Put(base::StrCat("second/", (*t)->commit_version()), value);
      // A relaxed commit, too, survives the end of the process.
      auto version = (*t)->Commit((i + thread) % 4 == 0 ? Durability::kRelaxed : Durability::kSync);
      ASSERT_OK(version);
      ASSERT_EQ(write(testing::kChildOut, &*version, sizeof *version), static_cast<ssize_t>(sizeof *version));
    }
  };
  std::thread other(work, 1);
  work(0);
  other.join();
}

TEST(KillTest, AcknowledgedCommitsSurviveTheEndOfTheProcess) {
  const uint64_t seed = SeedOr(20240903);
  SCOPED_TRACE("LODESTONE_SEED=" + std::to_string(seed));
  std::mt19937_64 random(seed);
  testing::TempFolder folder;
  Version durable = 0;
  std::string path;
  for (int kill = 0; kill < Soaked(200) && !::testing::Test::HasFailure(); ++kill) {
    SCOPED_TRACE("kill " + std::to_string(kill));
    if (kill % 20 == 0) {  // small stores
      if (!path.empty()) std::filesystem::remove_all(path);
      path = folder / base::StrCat("store", kill);
      durable = 0;
    }
    std::string said;
    {
      testing::ChildProcess child("KillTest.DISABLED_ChildCommits", {{"LODESTONE_STORE", path}});
      // Sometimes while it opens; mostly while it commits.
      if (random() % 8 != 0) said.push_back(child.ReadByte());
      std::this_thread::sleep_for(std::chrono::microseconds(random() % 30'000));
      child.Kill();
      said += child.ReadRest();
    }
    for (std::size_t at = 0; at + sizeof(Version) <= said.size(); at += sizeof(Version)) {
      Version version;
      std::memcpy(&version, said.data() + at, sizeof version);
      durable = std::max(durable, version);
    }
    auto store = OpenRocksDbStore(path, SmallOptions());
    ASSERT_OK(store);
    auto snapshot = (*store)->Snapshot();
    ASSERT_GE(snapshot->version(), durable) << "an acknowledged commit is lost";
    const Model rows = ReadAll(*snapshot);
    ASSERT_EQ(rows.size(), 2 * snapshot->version()) << "a commit is there in part, or one that nobody made";
    for (Version v = 1; v <= snapshot->version(); ++v) {
      ASSERT_TRUE(rows.contains(base::StrCat("first/", v)) && rows.contains(base::StrCat("second/", v))) << v;
    }
    durable = snapshot->version();
  }
}

}  // namespace
}  // namespace lodestone::store
