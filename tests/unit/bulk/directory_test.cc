// Reading a tree of folders, and the path from a file to the one who takes the rows.

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "catalog/base/strings.h"
#include "catalog/bulk_input.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/support/matchers.h"

namespace lodestone {
namespace {

namespace fs = std::filesystem;
using ::testing::ElementsAre;
using testing::FailsWith;
using ::testing::IsEmpty;

const std::vector<std::string> kKeys = {"dt", "hour"};

class InputTest : public ::testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = (fs::temp_directory_path() / "lodestone-input-XXXXXX").string();
    ASSERT_NE(mkdtemp(pattern.data()), nullptr);
    root_ = pattern;
  }
  void TearDown() override { fs::remove_all(root_); }

  std::string Write(const std::string& path, std::string_view bytes) {
    const fs::path file = root_ / path;
    fs::create_directories(file.parent_path());
    std::ofstream(file, std::ios::binary) << bytes;
    return file.string();
  }

  absl::Status Read(const std::string& path, const InputOptions& options) {
    rows_.clear();
    return ReadPartitions(path, kKeys, options, [&](const BulkRow& row) -> absl::Status {
      if (row.values[0] == "refused") return absl::InvalidArgumentError("not this one");
      if (row.values[0] == "broken") return absl::UnavailableError("no more");
      std::string words = base::StrCat(row.values[0], "/", row.values[1]);
      for (const auto& [name, value] : row.parameters) base::StrAppend(&words, " ", name, "=", value);
      if (!row.location.empty()) base::StrAppend(&words, " @", fs::relative(row.location, root_).string());
      rows_.push_back(words);
      return absl::OkStatus();
    });
  }

  fs::path root_;
  std::vector<std::string> rows_;
};

TEST_F(InputTest, ReadsATreeOfFolders) {
  Write("t/dt=2026-01-05/hour=13/a.parquet", "12345");
  Write("t/dt=2026-01-05/hour=13/deep/er/b.parquet", "123");
  Write("t/dt=2026-01-05/hour=13/_temporary/c", "hidden");
  Write("t/dt=2026-01-05/hour=13/.crc", "hidden");
  Write("t/dt=2026-01-05/_SUCCESS", "");
  Write("t/dt=2026-01-05/loose.txt", "not a partition's");
  Write("t/DT=a%2Fb/hour=__HIVE_DEFAULT_PARTITION__/x", "1");
  Write("t/_hive/dt=1/hour=1/x", "1");
  fs::create_directories(root_ / "t/dt=2026-01-06/hour=00");
  for (const int threads : {1, 8}) {
    ASSERT_OK(Read((root_ / "t").string(), {.format = InputFormat::kDirectory, .threads = threads}));
    EXPECT_THAT(rows_, ElementsAre("a/b/__HIVE_DEFAULT_PARTITION__ numFiles=1 totalSize=1 "
                                   "@t/DT=a%2Fb/hour=__HIVE_DEFAULT_PARTITION__",
                                   "2026-01-05/13 numFiles=2 totalSize=8 @t/dt=2026-01-05/hour=13",
                                   "2026-01-06/00 numFiles=0 totalSize=0 @t/dt=2026-01-06/hour=00"));
  }
}

TEST_F(InputTest, ReadsManyFoldersInOrder) {
  std::vector<std::string> expected;
  for (int day = 10; day < 28; ++day) {
    for (int hour = 10; hour < 40; ++hour) {
      fs::create_directories(root_ / base::StrCat("t/dt=", day, "/hour=", hour));
      expected.push_back(base::StrCat(day, "/", hour, " numFiles=0 totalSize=0 @t/dt=", day, "/hour=", hour));
    }
  }
  ASSERT_OK(Read((root_ / "t").string(), {.format = InputFormat::kDirectory, .threads = 4}));
  EXPECT_EQ(rows_, expected);
}

TEST_F(InputTest, ReportsFoldersThatAreNoPartitions) {
  Write("t/dt=1/hour=1/x", "1");
  Write("t/day=1/hour=1/x", "1");
  Write("t/dt=2/nothing/x", "1");
  Write("t/dt=4/hour=%FF/x", "1");
  fs::create_directory_symlink(root_ / "t/dt=1", root_ / "t/dt=3");
  std::vector<std::string> bad;
  InputOptions options{.format = InputFormat::kDirectory, .max_errors = 4};
  options.on_error = [&](const InputError& error) {
    bad.push_back(base::StrCat(fs::relative(fs::path(error.file).parent_path(), root_).string(), " ",
                               fs::path(error.file).filename().string(), ": ", error.reason));
    EXPECT_EQ(error.line, 0);
  };
  ASSERT_OK(Read((root_ / "t").string(), options));
  EXPECT_THAT(rows_, ElementsAre("1/1 numFiles=1 totalSize=1 @t/dt=1/hour=1"));
  EXPECT_THAT(bad, ElementsAre("t day=1: expected a folder `dt=...`, found \"day=1\"",
                               "t dt=3: a symbolic link to a folder is not followed",
                               "t/dt=2 nothing: expected a folder `hour=...`, found \"nothing\"",
                               "t/dt=4 hour=%FF: the value of \"hour=%FF\" is not well-formed UTF-8"));
  options.max_errors = 2;
  EXPECT_THAT(Read((root_ / "t").string(), options),
              FailsWith(absl::StatusCode::kInvalidArgument, "bad row number 3; 2 are allowed"));
}

TEST_F(InputTest, NamesAnInputThatIsNotThere) {
  const std::string path = (root_ / "nowhere").string();
  for (const InputFormat format : {InputFormat::kNdjson, InputFormat::kDirectory}) {
    EXPECT_THAT(Read(path, {.format = format}), FailsWith(absl::StatusCode::kNotFound, path));
  }
  EXPECT_THAT(Read(root_.string(), {.format = InputFormat::kCsv}),
              FailsWith(absl::StatusCode::kInvalidArgument, "is a folder"));
  EXPECT_THAT(Read(Write("file", ""), {.format = InputFormat::kDirectory}),
              FailsWith(absl::StatusCode::kInvalidArgument, "is not a folder"));
}

TEST_F(InputTest, BadRowsAreLeftOutUpToALimit) {
  const std::string path = Write("names", "dt=1/hour=1\nnonsense\ndt=refused/hour=1\ndt=2/hour=2\n");
  std::vector<int64_t> lines;
  InputOptions options{.format = InputFormat::kNames, .max_errors = 2};
  options.on_error = [&](const InputError& error) { lines.push_back(error.line); };
  ASSERT_OK(Read(path, options));
  EXPECT_THAT(rows_, ElementsAre("1/1", "2/2"));
  EXPECT_THAT(lines, ElementsAre(2, 3));
  options.max_errors = 1;
  EXPECT_THAT(Read(path, options), FailsWith(absl::StatusCode::kInvalidArgument, path + ":3: not this one"));
  options.max_errors = 0;
  EXPECT_THAT(Read(path, options), FailsWith(absl::StatusCode::kInvalidArgument, path + ":2: "));
}

TEST_F(InputTest, AnyOtherFailureOfTheTakerEndsTheReading) {
  const std::string path = Write("names", "dt=1/hour=1\ndt=broken/hour=1\ndt=2/hour=2\n");
  EXPECT_THAT(Read(path, {.format = InputFormat::kNames, .max_errors = 100}),
              FailsWith(absl::StatusCode::kUnavailable, "no more"));
  EXPECT_THAT(rows_, ElementsAre("1/1"));
}

TEST_F(InputTest, NamesTheFileOfAnInputOfAnotherFormat) {
  const std::string path = Write("file", "a,b\n");
  EXPECT_THAT(Read(path, {.format = InputFormat::kCsv}), FailsWith(absl::StatusCode::kInvalidArgument, path));
  EXPECT_THAT(rows_, IsEmpty());
}

TEST_F(InputTest, ManyChunksArriveInOrder) {
  std::string bytes;
  std::vector<std::string> expected;
  for (int i = 0; i < 200'000; ++i) {
    base::StrAppend(&bytes, "dt=", i, "/hour=", i % 24, "\n");
    expected.push_back(base::StrCat(i, "/", i % 24));
  }
  const std::string path = Write("names", bytes);
  InputProgress last;
  InputOptions options{.format = InputFormat::kNames};
  options.on_progress = [&](const InputProgress& progress) { last = progress; };
  ASSERT_OK(Read(path, options));
  EXPECT_EQ(rows_, expected);
  EXPECT_EQ(last.rows, 200'000);
  EXPECT_EQ(last.bytes, static_cast<int64_t>(bytes.size()));
  EXPECT_EQ(last.bytes_total, static_cast<int64_t>(bytes.size()));
}

TEST(InputFormat, IsParsedByName) {
  EXPECT_EQ(*ParseInputFormat("NDJSON"), InputFormat::kNdjson);
  EXPECT_EQ(*ParseInputFormat("directory"), InputFormat::kDirectory);
  EXPECT_THAT(ParseInputFormat("xml"), FailsWith(absl::StatusCode::kInvalidArgument, "unknown input format \"xml\""));
}

}  // namespace
}  // namespace lodestone
