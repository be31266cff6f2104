// Rows as they are kept while a load sorts them: encoding, sorting in memory and on disk, merging.

#include <fcntl.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <random>
#include <string>
#include <vector>

#include "catalog/base/coding.h"
#include "catalog/base/strings.h"
#include "catalog/bulk/row_blob.h"
#include "catalog/bulk/row_encoder.h"
#include "catalog/bulk/row_sorter.h"
#include "catalog/bulk/run.h"
#include "catalog/bulk/spill_file.h"
#include "catalog/bulk/spill_folder.h"
#include "catalog/model/partition_name.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/support/matchers.h"

namespace lodestone::bulk {
namespace {

namespace fs = std::filesystem;
using partition::Parameter;
using ::testing::ElementsAre;
using testing::FailsWith;

class FolderTest : public ::testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = (fs::temp_directory_path() / "lodestone-sort-XXXXXX").string();
    ASSERT_NE(mkdtemp(pattern.data()), nullptr);
    folder_ = pattern;
  }
  void TearDown() override { fs::remove_all(folder_); }
  std::string folder_;
};

std::vector<std::string> KeysOf(const std::vector<std::shared_ptr<const Run>>& runs, std::string_view from = {},
                                std::string_view to = {}) {
  std::vector<std::string> keys;
  RunMerger merger(runs, from, to);
  while (merger.Next()) keys.emplace_back(merger.key());
  EXPECT_OK(merger.status());
  return keys;
}

std::string Shown(const partition::Row& row) {
  std::string out(row.key);
  for (const std::string_view value : row.values) base::StrAppend(&out, "|", value);
  base::StrAppend(&out, " d", row.descriptor, " c", row.create_time, " a", row.last_access_time);
  if (row.location) base::StrAppend(&out, " @", *row.location);
  for (const auto& [name, value] : row.parameters) base::StrAppend(&out, " ", name, "=", value);
  return out;
}

TEST(RowEncoder, EncodesAndDecodes) {
  RowEncoder encoder("db.t", {"dt", "hour"}, "s3://bucket/t");
  model::v1::StorageDescriptor other;
  other.set_input_format("x");
  other.set_location("s3://elsewhere");
  model::v1::StorageDescriptor nothing;
  using Row = BulkRow;
  using Values = std::vector<std::string_view>;
  using Parameters = std::vector<Parameter>;
  struct {
    Values values;
    Parameters parameters;
    Row row;
    const char* expected;
  } cases[] = {
      {{"a", "b"}, {}, {}, "a/b|a|b d10 c99 a0"},
      {{"", "b/c=%"},
       {},
       {.create_time = 5},
       "__HIVE_DEFAULT_PARTITION__/b%2Fc%3D%25|__HIVE_DEFAULT_PARTITION__|b/c=% d10 c5 a0"},
      {{"\xC3\xA9", "b"},
       {{"z", "1"}, {"a", ""}, {"m", "x\ny"}},
       {.last_access_time = 7},
       "\xC3\xA9/b|\xC3\xA9|b d10 c99 a7 a= m=x\ny z=1"},
      {{"a", "b"}, {}, {.location = "s3://bucket/t/dt=a/hour=b"}, "a/b|a|b d10 c99 a0"},
      {{"a", "b"}, {}, {.location = "s3://bucket/t/dt=a/hour=c"}, "a/b|a|b d10 c99 a0 @s3://bucket/t/dt=a/hour=c"},
      {{"a", "b"}, {}, {.location = "s3://bucket/t/dt=a_hour=b"}, "a/b|a|b d10 c99 a0 @s3://bucket/t/dt=a_hour=b"},
      {{"a b", "c:d"}, {}, {.location = "s3://bucket/t/dt=a b/hour=c%3Ad"}, "a b/c%3Ad|a b|c:d d10 c99 a0"},
      {{"a", "b"}, {}, {.descriptor = &other}, "a/b|a|b d11 c99 a0 @s3://elsewhere"},
      {{"a", "b"}, {}, {.location = "s3://bucket/t/dt=a/hour=b", .descriptor = &other}, "a/b|a|b d11 c99 a0"},
      {{"a", "b"}, {}, {.descriptor = &nothing}, "a/b|a|b d10 c99 a0"},
  };
  BlobDecoder decoder(2, {10, 11});
  for (auto& [values, parameters, row, expected] : cases) {
    row.values = values;
    row.parameters = parameters;
    ASSERT_OK(encoder.Encode(row, 99)) << expected;
    std::string blob(BlobSize(encoder.parts()), '\0');
    WriteBlob(encoder.parts(), blob.data());
    EXPECT_EQ(SizeOfBlob(blob.data()), blob.size());
    EXPECT_OK(CheckBlobs(blob, 2));
    EXPECT_EQ(Shown(decoder.Decode(blob.data())), expected);
    RowArena arena;
    EXPECT_EQ(Shown(arena.Copy(decoder.Decode(blob.data()))), expected);
  }
}

TEST(RowEncoder, RefusesRowsThatBreakARule) {
  RowEncoder encoder("db.t", {"dt", "hour"}, "");
  const std::string long_text(2'000'000, 'x');
  const std::string long_value(5'000, 'x');
  using Values = std::vector<std::string_view>;
  using Parameters = std::vector<Parameter>;
  struct {
    Values values;
    Parameters parameters;
    std::string_view location;
    const char* reason;
  } const cases[] = {
      {{"a"}, {}, "", "db.t"},
      {{"a", "b", "c"}, {}, "", "db.t"},
      {{"a", "\xFF"}, {}, "", "UTF-8"},
      {{"a", "b\n"}, {}, "", "control character"},
      {{"a", long_value}, {}, "", "5000"},
      {{"a", "b"}, {{"k", "1"}, {"j", "2"}, {"k", "3"}}, "", "the parameter \"k\" comes twice"},
      {{"a", "b"}, {{"", "1"}}, "", "empty key"},
      {{"a", "b"}, {{"k", "\xFF"}}, "", "UTF-8"},
      {{"a", "b"}, {{"k", long_text}}, "", "2000000"},
      {{"a", "b"}, {}, "s3://\xFF", "UTF-8"},
      {{"a", "b"}, {}, long_value, "5000"},
  };
  for (const auto& [values, parameters, location, reason] : cases) {
    EXPECT_THAT(encoder.Encode({.values = values, .parameters = parameters, .location = location}, 1),
                FailsWith(absl::StatusCode::kInvalidArgument, reason));
  }
  const Values values = {"a", "b"};
  EXPECT_OK(encoder.Encode({.values = values}, 1)) << "a refused row leaves nothing behind";
}

// Sorted by the sorter, and by a map of texts: they must agree, on disk and in memory, in whole and in parts.
TEST_F(FolderTest, SortsAsAMapDoes) {
  for (const uint64_t seed : {1, 2, 3}) {
    for (const std::size_t memory : {std::size_t{1} << 15, std::size_t{1} << 18, std::size_t{64} << 20}) {
      SCOPED_TRACE(base::StrCat("seed ", seed, ", memory ", memory));
      std::mt19937_64 random(seed);
      auto spill = SpillFolder::Temporary(folder_ + "/spill");
      RowSorter sorter({.key_count = 2, .memory_bytes = memory}, spill.get());
      RowEncoder encoder("db.t", {"a", "b"}, "");
      std::multimap<std::string, std::string> model;
      const int rows = 20'000;
      for (int i = 0; i < rows; ++i) {
        // Long common beginnings, short keys, escapes, NULLs.
        const std::string a = base::StrCat(random() % 3 == 0 ? "a-long-common-beginning-" : "", random() % 50);
        const std::string b = random() % 20 == 0 ? "" : base::StrCat(i % 7 == 0 ? "%" : "", random() % 1'000'000);
        const std::string_view values[] = {a, b};
        const std::string number = base::StrCat(i);
        const Parameter parameters[] = {{"i", number}};
        ASSERT_OK(encoder.Encode({.values = values, .parameters = parameters}, 1));
        ASSERT_OK(sorter.Add(encoder.parts()));
        model.emplace(model::EncodePartitionKey(std::span<const std::string_view>(values)), number);
      }
      sorter.Finish();
      EXPECT_EQ(sorter.rows(), rows);

      std::multimap<std::string, std::string> found;
      std::string last;
      RunMerger merger(sorter.runs(), {}, {});
      BlobDecoder decoder(2, {});
      while (merger.Next()) {
        ASSERT_LE(last, merger.key());
        last = merger.key();
        found.emplace(last, decoder.Decode(merger.blob()).parameters[0].second);
      }
      ASSERT_OK(merger.status());
      const auto as_pairs = [](const std::multimap<std::string, std::string>& map) {
        std::vector<std::pair<std::string, std::string>> pairs(map.begin(), map.end());
        std::sort(pairs.begin(), pairs.end());
        return pairs;
      };
      ASSERT_EQ(as_pairs(found), as_pairs(model));

      std::vector<std::string> bounds = SplitKeys(sorter.runs(), 5);
      EXPECT_EQ(bounds.size(), 4u);
      std::vector<std::string> in_parts;
      std::string from;
      bounds.push_back("");
      for (const std::string& to : bounds) {
        for (std::string& key : KeysOf(sorter.runs(), from, to)) in_parts.push_back(std::move(key));
        from = to;
      }
      std::vector<std::string> expected;
      for (const auto& [key, ignored] : model) expected.push_back(key);
      ASSERT_EQ(in_parts, expected);
    }
  }
  EXPECT_TRUE(fs::is_empty(folder_ + "/spill")) << "runs without a resume key have no names";
}

TEST_F(FolderTest, AFolderThatVanishesMeanwhileIsAnErrorAndNoException) {
  auto spill = SpillFolder::Resumable(folder_ + "/spill", "key");
  ASSERT_OK(spill);
  ASSERT_OK((*spill)->NewFile());
  // A link to itself: whatever is looked for beneath it fails with ELOOP.
  fs::remove_all(folder_ + "/spill");
  fs::create_symlink("spill", folder_ + "/spill");
  EXPECT_THAT((*spill)->NewFile(), FailsWith(absl::StatusCode::kUnavailable, "spill/load-"));
  (*spill)->Clear(/*all=*/true);
}

TEST_F(FolderTest, RowsLargerThanASegmentAreTaken) {
  auto spill = SpillFolder::Temporary(folder_);
  RowSorter sorter({.key_count = 1, .memory_bytes = 10'000}, spill.get());
  RowEncoder encoder("db.t", {"a"}, "");
  const std::string large(500'000, 'x');
  for (const char* text : {"c", "a", "d", "b"}) {
    const std::string_view values[] = {text};
    const Parameter parameters[] = {{"p", large}};
    ASSERT_OK(encoder.Encode({.values = values, .parameters = parameters}, 1));
    ASSERT_OK(sorter.Add(encoder.parts()));
  }
  sorter.Finish();
  EXPECT_THAT(KeysOf(sorter.runs()), ElementsAre("a", "b", "c", "d"));
}

class SpillFileTest : public FolderTest {
 protected:
  // A file with some blocks, and its bytes.
  std::string WriteFile() {
    SpillWriter writer(OwnedFile(open((folder_ + "/run").c_str(), O_RDWR | O_CREAT | O_TRUNC, 0600), "run"), 1, 200);
    RowEncoder encoder("db.t", {"a"}, "");
    for (int i = 10; i < 40; ++i) {
      const std::string text = base::StrCat(i);
      const std::string_view values[] = {text};
      EXPECT_OK(encoder.Encode({.values = values, .location = "somewhere"}, 1));
      std::string blob(BlobSize(encoder.parts()), '\0');
      WriteBlob(encoder.parts(), blob.data());
      EXPECT_OK(writer.Add(blob.data()));
    }
    auto run = writer.Finish(true);
    EXPECT_OK(run);
    EXPECT_EQ((*run)->rows(), 30);
    EXPECT_EQ(KeysOf({*run}).size(), 30u);
    std::ifstream in(folder_ + "/run", std::ios::binary);
    return std::string((std::istreambuf_iterator<char>(in)), std::istreambuf_iterator<char>());
  }
  absl::StatusOr<std::shared_ptr<const bulk::Run>> Open(std::string_view bytes) {
    std::ofstream(folder_ + "/copy", std::ios::binary | std::ios::trunc) << bytes;
    return OpenSpillFile(OwnedFile(open((folder_ + "/copy").c_str(), O_RDONLY), "copy"), 1);
  }
};

TEST_F(SpillFileTest, ReadsBackWhatWasWritten) {
  auto run = Open(WriteFile());
  ASSERT_OK(run);
  EXPECT_EQ((*run)->rows(), 30);
  EXPECT_EQ((*run)->first_key(), "10");
  EXPECT_EQ((*run)->last_key(), "39");
  EXPECT_EQ(KeysOf({*run}).size(), 30u);
  EXPECT_THAT(KeysOf({*run}, "25", "28"), ElementsAre("25", "26", "27"));
  EXPECT_THAT(KeysOf({*run}, "38x"), ElementsAre("39"));
}

TEST_F(SpillFileTest, EveryFlippedBitAndEveryCutIsDataLoss) {
  const std::string good = WriteFile();
  for (std::size_t i = 0; i < good.size(); ++i) {
    std::string bad = good;
    bad[i] = static_cast<char>(bad[i] ^ (1 << (i % 8)));
    ASSERT_THAT(Open(bad), FailsWith(absl::StatusCode::kDataLoss, "copy")) << "byte " << i;
    ASSERT_THAT(Open(good.substr(0, i)), FailsWith(absl::StatusCode::kDataLoss, "copy")) << "cut at " << i;
  }
  EXPECT_THAT(Open(good + "x"), FailsWith(absl::StatusCode::kDataLoss, "something follows"));
}

TEST_F(SpillFileTest, DamageThatComesLaterIsFoundWhileReading) {
  const std::string good = WriteFile();
  auto run = Open(good);
  ASSERT_OK(run);
  std::string bad = good;
  bad[good.size() / 2] ^= 1;
  std::ofstream(folder_ + "/copy", std::ios::binary | std::ios::in) << bad;
  const std::vector<std::shared_ptr<const bulk::Run>> runs = {*run};
  RunMerger merger(runs, {}, {});
  while (merger.Next()) {
  }
  EXPECT_THAT(merger.status(), FailsWith(absl::StatusCode::kDataLoss, "checksum"));
}

TEST_F(SpillFileTest, RunsOfAnotherTableAreRefused) {
  WriteFile();
  EXPECT_THAT(OpenSpillFile(OwnedFile(open((folder_ + "/run").c_str(), O_RDONLY), "run"), 2),
              FailsWith(absl::StatusCode::kDataLoss, "another number of values"));
}

TEST(Manifest, IsReadBackAndDamageIsFound) {
  const Manifest manifest{.identity = "who", .rows_taken = 17, .files = {"a", "b"}, .descriptors = {"", "x"}};
  const std::string bytes = EncodeManifest(manifest);
  auto read = DecodeManifest(bytes);
  ASSERT_OK(read);
  EXPECT_EQ(read->identity, "who");
  EXPECT_EQ(read->rows_taken, 17);
  EXPECT_THAT(read->files, ElementsAre("a", "b"));
  EXPECT_THAT(read->descriptors, ElementsAre("", "x"));
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    std::string bad = bytes;
    bad[i] = static_cast<char>(bad[i] ^ (1 << (i % 8)));
    ASSERT_THAT(DecodeManifest(bad), FailsWith(absl::StatusCode::kDataLoss, "manifest")) << "byte " << i;
    ASSERT_THAT(DecodeManifest(std::string_view(bytes).substr(0, i)),
                FailsWith(absl::StatusCode::kDataLoss, "manifest"));
  }
}

TEST_F(FolderTest, OneLoadAtATimeHasAResumeKey) {
  auto first = SpillFolder::Resumable(folder_ + "/deep/er", "key");
  ASSERT_OK(first);
  EXPECT_THAT(SpillFolder::Resumable(folder_ + "/deep/er", "key"),
              FailsWith(absl::StatusCode::kFailedPrecondition, "\"key\" is under way"));
  EXPECT_OK(SpillFolder::Resumable(folder_ + "/deep/er", "another"));
  ASSERT_OK((*first)->WriteManifest({.identity = "x", .rows_taken = 1, .files = {}, .descriptors = {}}));
  EXPECT_EQ((*first)->ReadManifest()->identity, "x");
  first->reset();
  auto second = SpillFolder::Resumable(folder_ + "/deep/er", "key");
  ASSERT_OK(second);
  EXPECT_EQ((*second)->ReadManifest()->identity, "x");
  (*second)->Clear(true);
  EXPECT_FALSE((*second)->ReadManifest().has_value());
}

}  // namespace
}  // namespace lodestone::bulk
