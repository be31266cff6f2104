// Audit records as lines of JSON, and the file that takes them.
#include "catalog/audit.h"

#include <sys/stat.h>

#include <algorithm>
#include <filesystem>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include "catalog/base/strings.h"
#include "gtest/gtest.h"
#include "simdjson.h"
#include "tests/support/matchers.h"
#include "tests/support/soak.h"
#include "tests/support/temp_folder.h"

namespace lodestone {
namespace {

using testing::FailsWith;
using testing::TempFolder;
using Outcome = AuditRecord::Outcome;

struct LineCase {
  AuditRecord record;
  std::string_view line;
};

TEST(AuditLineTest, HasTheFieldsThatAreSetInOrder) {
  const LineCase cases[] = {
      {{}, R"({"time":"1970-01-01T00:00:00.000Z","outcome":"done"})"},
      {{.time_ms = 1'767'571'200'123,
        .request_id = "r-1",
        .principal = "ana",
        .catalog = "hive",
        .action = "GetTable",
        .object = "table web.hits",
        .outcome = Outcome::kDenied,
        .why = "SELECT on table web.hits would have sufficed",
        .version = 0},
       R"({"time":"2026-01-05T00:00:00.123Z","request_id":"r-1","principal":"ana","catalog":"hive",)"
       R"("action":"GetTable","object":"table web.hits","outcome":"denied",)"
       R"("why":"SELECT on table web.hits would have sufficed"})"},
      {{.time_ms = -1, .action = "DropTable", .outcome = Outcome::kRefused, .why = "it's \"so\"\n", .version = 12},
       R"({"time":"1969-12-31T23:59:59.999Z","action":"DropTable","outcome":"refused",)"
       R"("why":"it's \"so\"\u000a","version":12})"},
      {{.object = "\xFF/\\"},
       "{\"time\":\"1970-01-01T00:00:00.000Z\",\"object\":\"\xEF\xBF\xBD/\\\\\",\"outcome\":\"done\"}"},
  };
  for (const LineCase& c : cases) EXPECT_EQ(ToJson(c.record), c.line);
}

std::string AnyBytes(std::mt19937_64& random) {
  std::string text(random() % 40, '\0');
  for (char& c : text) c = static_cast<char>(random());
  return text;
}

TEST(AuditLineTest, IsOneLineOfJsonWhateverTheBytes) {
  const uint64_t seed = testing::SeedOr(20260105);
  SCOPED_TRACE(base::StrCat("seed ", seed));
  std::mt19937_64 random(seed);
  simdjson::dom::parser parser;
  for (int round = 0; round < testing::Soaked(5'000); ++round) {
    AuditRecord record{.time_ms = static_cast<int64_t>(random() % 4'000'000'000'000),
                       .request_id = AnyBytes(random),
                       .principal = AnyBytes(random),
                       .catalog = AnyBytes(random),
                       .action = AnyBytes(random),
                       .object = AnyBytes(random),
                       .outcome = static_cast<Outcome>(random() % 3),
                       .why = AnyBytes(random),
                       .version = random()};
    const std::string line = ToJson(record);
    ASSERT_EQ(line.find('\n'), std::string::npos);
    simdjson::dom::element parsed;
    ASSERT_EQ(parser.parse(line).get(parsed), simdjson::SUCCESS) << line;
    if (base::FindInvalidUtf8(record.object) == std::string_view::npos && !record.object.empty()) {
      EXPECT_EQ(std::string(std::string_view(parsed["object"])), record.object);
    }
  }
}

class AuditFileTest : public ::testing::Test {
 protected:
  static AuditRecord Of(std::string_view object) { return {.action = "GetTable", .object = std::string(object)}; }
  static std::size_t CountLines(const std::string& path) {
    const std::string text = testing::ReadFile(path);
    return static_cast<std::size_t>(std::ranges::count(text, '\n'));
  }

  TempFolder folder_;
  const std::string path_ = folder_ / "audit.log";
};

TEST_F(AuditFileTest, AppendsAlsoWhenOpenedAgainAndIsForItsOwnerAlone) {
  for (int round = 1; round <= 3; ++round) {
    auto sink = OpenAuditFile(path_);
    ASSERT_OK(sink);
    (*sink)->Write(Of(base::StrCat("table a.t", round)));
    EXPECT_EQ(CountLines(path_), static_cast<std::size_t>(round)) << "written at once";
  }
  struct stat found {};
  ASSERT_EQ(stat(path_.c_str(), &found), 0);
  EXPECT_EQ(found.st_mode & 0777, 0600U);
}

TEST_F(AuditFileTest, MovesOnToANewFileBeforeItGrowsTooLargeAndKeepsTheLastOnes) {
  const auto size = static_cast<int64_t>(ToJson(Of("0000")).size() + 1);
  auto sink = OpenAuditFile(path_, {.max_bytes = 10 * size, .keep = 2});
  ASSERT_OK(sink);
  for (int i = 1000; i < 1045; ++i) (*sink)->Write(Of(base::StrCat(i)));
  EXPECT_EQ(CountLines(path_), 5U);
  EXPECT_EQ(CountLines(path_ + ".1"), 10U);
  EXPECT_EQ(CountLines(path_ + ".2"), 10U);
  EXPECT_FALSE(std::filesystem::exists(path_ + ".3"));
  EXPECT_NE(testing::ReadFile(path_ + ".1").find("1039"), std::string::npos) << "the newest of the full ones";
}

TEST_F(AuditFileTest, MakesTheFileAnewWhenItWasMovedAway) {
  auto sink = OpenAuditFile(path_);
  ASSERT_OK(sink);
  (*sink)->Write(Of("one"));
  std::filesystem::rename(path_, path_ + ".away");
  (*sink)->Write(Of("two"));
  EXPECT_EQ(CountLines(path_ + ".away"), 1U);
  EXPECT_EQ(CountLines(path_), 1U);
}

TEST_F(AuditFileTest, BeginsANewLineBehindOneThatACrashTore) {
  testing::WriteFile(path_, "{\"time\":\"19");
  auto sink = OpenAuditFile(path_);
  ASSERT_OK(sink);
  (*sink)->Write(Of("one"));
  const std::string text = testing::ReadFile(path_);
  EXPECT_EQ(text, "{\"time\":\"19\n" + ToJson(Of("one")) + "\n");
}

TEST_F(AuditFileTest, CountsWhatAFullDiskTakesAndTellsItOnce) {
  std::filesystem::create_symlink("/dev/full", path_);
  auto sink = OpenAuditFile(path_);
  ASSERT_OK(sink);
  ::testing::internal::CaptureStderr();
  for (int i = 0; i < 5; ++i) (*sink)->Write(Of("lost"));
  EXPECT_EQ((*sink)->lost(), 5);
  std::filesystem::remove(path_);
  (*sink)->Write(Of("kept"));
  const std::string told = ::testing::internal::GetCapturedStderr();
  EXPECT_EQ(std::ranges::count(told, '\n'), 2) << told;
  EXPECT_NE(told.find("No space left on device"), std::string::npos) << told;
  EXPECT_NE(told.find("takes records again"), std::string::npos) << told;
  EXPECT_EQ((*sink)->lost(), 5);
  EXPECT_EQ(CountLines(path_), 1U);
}

TEST_F(AuditFileTest, KeepsLinesWholeWhenThreadsAndRotationsMeet) {
  auto sink = OpenAuditFile(path_, {.max_bytes = 20'000, .keep = 1'000});
  ASSERT_OK(sink);
  std::vector<std::jthread> threads;
  for (int t = 0; t < 8; ++t) {
    threads.emplace_back([&sink] {
      for (int i = 0; i < 1'000; ++i) (*sink)->Write(Of("table web.hits"));
    });
  }
  threads.clear();
  const std::string line = ToJson(Of("table web.hits"));
  std::size_t lines = 0;
  for (const auto& file : std::filesystem::directory_iterator(folder_.path())) {
    const std::string text = testing::ReadFile(file.path().string());
    for (const std::string_view one : base::Split(text, '\n')) {
      if (one.empty()) continue;
      ASSERT_EQ(one, line);
      ++lines;
    }
  }
  EXPECT_EQ(lines, 8'000U);
}

TEST_F(AuditFileTest, SaysWhyItCantBeOpened) {
  EXPECT_THAT(OpenAuditFile(folder_ / "none/audit.log").status(),
              FailsWith(absl::StatusCode::kUnavailable, "No such file or directory"));
  EXPECT_THAT(OpenAuditFile(path_, {.max_bytes = 0}).status(),
              FailsWith(absl::StatusCode::kInvalidArgument, "max_bytes"));
}

}  // namespace
}  // namespace lodestone
