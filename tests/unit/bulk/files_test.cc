// From files to tables and back.

#include <string>
#include <vector>

#include "tests/unit/bulk/load_fixture.h"

namespace lodestone {
namespace {

using ::testing::ElementsAre;
using testing::FailsWith;
using ::testing::IsEmpty;

constexpr int kMany = 4'000;

TEST_F(LoadTest, ExportReadsBackIdentically) {
  std::string lines;
  for (int i = 0; i < kMany; ++i) {
    base::StrAppend(&lines, R"({"values":[)", i % 9 == 0 ? "null" : base::StrCat("\"a\\u00e9", i % 40, "\\\"\""), ",\"",
                    i, "\"],\"parameters\":{\"numRows\":\"", i, "\",\"k\":\"v\\n", i % 3, "\"}");
    if (i % 4 == 0) base::StrAppend(&lines, ",\"location\":\"s3://elsewhere/", i, "\"");
    if (i % 5 == 0) base::StrAppend(&lines, ",\"storage_descriptor\":{\"input_format\":\"f", i % 2, "\"}");
    base::StrAppend(&lines, ",\"create_time\":", 1 + i, ",\"last_access_time\":", i % 3, "}\n");
  }
  auto loaded = LoadPartitions(*session_, kTable, Write("in", lines), {.format = InputFormat::kNdjson}, {});
  ASSERT_OK(loaded);
  EXPECT_EQ(loaded->rows, kMany);
  EXPECT_EQ(loaded->result.added, kMany);
  std::ostringstream out;
  EXPECT_EQ(*ExportPartitions(*session_, kTable, {}, OutputFormat::kNdjson, out), kMany);
  ASSERT_OK(LoadPartitions(*session_, {"db", "u"}, Write("out", out.str()), {.format = InputFormat::kNdjson}, {}));
  EXPECT_EQ(All(), All({"db", "u"}));
  ExpectSound();

  std::ostringstream names;
  EXPECT_EQ(*ExportPartitions(*session_, kTable, {.filter = "hour = '17'"}, OutputFormat::kNames, names), 1);
  EXPECT_EQ(names.str(),
            "dt=a\xC3\xA9"
            "17%22/hour=17\n");
}

TEST_F(LoadTest, BadRowsFailTheLoadOrAreLeftOut) {
  const std::string path = Write("in", "dt=1/hour=1\nnonsense\ndt=2/hour=2\n");
  InputOptions input{.format = InputFormat::kNames};
  EXPECT_THAT(LoadPartitions(*session_, kTable, path, input, {}),
              FailsWith(absl::StatusCode::kInvalidArgument, path + ":2"));
  EXPECT_EQ(Count(), 0);
  input.max_errors = 1;
  auto loaded = LoadPartitions(*session_, kTable, path, input, {});
  ASSERT_OK(loaded);
  EXPECT_EQ(loaded->bad_rows, 1);
  EXPECT_EQ(loaded->rows, 2);
  EXPECT_THAT(Names(), ElementsAre("dt=1/hour=1", "dt=2/hour=2"));
}

TEST_F(LoadTest, ALoadFromAFileIsResumed) {
  std::string lines;
  for (int i = 0; i < kMany; ++i) {
    base::StrAppend(&lines, i == 17 ? "nonsense\n" : base::StrCat("dt=", i, "/hour=1\n"));
    if (i == 40) lines += std::string("dt=x/hour=\x01\n");
  }
  const std::string broken = Write("in", lines + "more nonsense\n");
  const BulkLoadOptions load{.memory_bytes = 100'000, .spill_directory = folder_ + "/spill", .resume_key = "k"};
  EXPECT_THAT(LoadPartitions(*session_, kTable, broken, {.format = InputFormat::kNames, .max_errors = 2}, load),
              FailsWith(absl::StatusCode::kInvalidArgument, "bad row number 3"));
  auto loaded = LoadPartitions(*session_, kTable, broken, {.format = InputFormat::kNames, .max_errors = 3}, load);
  ASSERT_OK(loaded);
  EXPECT_EQ(loaded->bad_rows, 3);
  EXPECT_EQ(loaded->result.added, kMany - 1);
  EXPECT_EQ(Count(), kMany - 1);

  EXPECT_THAT(LoadPartitions(*session_, {"db", "u"}, broken, {.format = InputFormat::kNames}, load),
              FailsWith(absl::StatusCode::kInvalidArgument, ":18"));
  EXPECT_THAT(
      LoadPartitions(*session_, {"db", "u"}, Write("short", "dt=1/hour=1\n"), {.format = InputFormat::kNames}, load),
      FailsWith(absl::StatusCode::kInvalidArgument, "fewer rows"));
}

class SyncTest : public LoadTest {
 protected:
  absl::StatusOr<SyncReport> Sync(std::string_view lines, SyncOptions options, InputFormat format) {
    differences_.clear();
    options.on_difference = [&](char mark, std::string_view name) {
      differences_.push_back(base::StrCat(std::string(1, mark), name));
    };
    return SyncPartitions(*session_, kTable, Write("in", lines), {.format = format}, options);
  }
  std::vector<std::string> differences_;
};

TEST_F(SyncTest, MakesTheTableWhatTheInputIs) {
  ASSERT_OK(Load(10, 5));  // hours 00 to 04
  const std::string names = "dt=10/hour=01\ndt=10/hour=03\ndt=11/hour=00\n";
  auto dry = Sync(names, {.dry_run = true}, InputFormat::kNames);
  ASSERT_OK(dry);
  EXPECT_EQ(dry->dropped, 3);
  EXPECT_EQ(Count(), 5);
  auto report = Sync(names, {}, InputFormat::kNames);
  ASSERT_OK(report);
  EXPECT_EQ(report->added, 1);
  EXPECT_EQ(report->dropped, 3);
  EXPECT_EQ(report->updated, 0);
  EXPECT_EQ(report->unchanged, 2);
  EXPECT_THAT(differences_, ElementsAre("-dt=10/hour=00", "-dt=10/hour=02", "-dt=10/hour=04", "+dt=11/hour=00"));
  EXPECT_THAT(Names(), ElementsAre("dt=10/hour=01", "dt=10/hour=03", "dt=11/hour=00"));
  EXPECT_THAT(Events(), ElementsAre("CREATE_TABLE 0", "LOAD_PARTITIONS 5", "DROP_PARTITIONS 3", "ADD_PARTITIONS 1"));
  ExpectSound();

  ASSERT_OK(Sync(names, {}, InputFormat::kNames));
  EXPECT_THAT(differences_, IsEmpty());
  EXPECT_EQ(Events().size(), 4u);
  ASSERT_OK(Sync("dt=12/hour=00\n", {.drop_missing = false}, InputFormat::kNames));
  EXPECT_THAT(differences_, ElementsAre("+dt=12/hour=00"));
  EXPECT_EQ(Count(), 4);
}

TEST_F(SyncTest, UpdatesWhatTheInputSaysAndKeepsTheRest) {
  ASSERT_OK(Load(10, 4));
  const std::string lines = R"({"values":["10","00"]})"
                            "\n"
                            R"({"values":["10","01"],"parameters":{"m":"2"},"location":"s3://bucket/t/dt=10/hour=01"})"
                            "\n"
                            R"({"values":["10","02"],"parameters":{"n":"1"},"location":"s3://else"})"
                            "\n"
                            R"({"values":["10","03"],"parameters":{"n":"9"},"create_time":5})"
                            "\n";
  ASSERT_OK(Sync(lines, {}, InputFormat::kNdjson));
  EXPECT_THAT(differences_, IsEmpty());
  ASSERT_OK(Sync(lines, {.update_changed = true}, InputFormat::kNdjson));
  EXPECT_THAT(differences_, ElementsAre("~dt=10/hour=01", "~dt=10/hour=02", "~dt=10/hour=03"));
  EXPECT_THAT(
      All(),
      ElementsAre(::testing::Pair("dt=10/hour=00", R"({"values":["10","00"],"parameters":{"n":"1"},"location":)"
                                                   R"("s3://bucket/t/dt=10/hour=00","create_time":1700000000})"),
                  ::testing::Pair("dt=10/hour=01", R"({"values":["10","01"],"parameters":{"m":"2","n":"1"},"location":)"
                                                   R"("s3://bucket/t/dt=10/hour=01","create_time":1700000000})"),
                  ::testing::Pair("dt=10/hour=02", R"({"values":["10","02"],"parameters":{"n":"1"},"location":)"
                                                   R"("s3://else","create_time":1700000000})"),
                  ::testing::Pair("dt=10/hour=03", R"({"values":["10","03"],"parameters":{"n":"9"},"location":)"
                                                   R"("s3://bucket/t/dt=10/hour=03","create_time":1700000000})")));
  ASSERT_OK(Sync(lines, {.update_changed = true}, InputFormat::kNdjson));
  EXPECT_THAT(differences_, IsEmpty());
  ExpectSound();
}

TEST_F(SyncTest, ManyDifferencesWriteThePagesAnew) {
  ASSERT_OK(Load(1'000, kMany));
  std::string lines;
  for (int i = 0; i < kMany; ++i) {
    base::StrAppend(&lines, R"({"values":[")", 1'050 + i / 24, "\",\"", i % 24 < 10 ? "0" : "", i % 24,
                    R"("],"parameters":{"n":")", i % 2 + 1, "\"}}\n");
  }
  auto report = Sync(lines, {.update_changed = true}, InputFormat::kNdjson);
  ASSERT_OK(report);
  const int moved = 50 * 24;
  EXPECT_EQ(report->added, moved);
  EXPECT_EQ(report->dropped, moved);
  EXPECT_EQ(report->updated, (kMany - moved) / 2);
  EXPECT_EQ(report->unchanged, (kMany - moved) / 2);
  EXPECT_EQ(Count(), kMany);
  ExpectSound();
  ASSERT_OK(Sync(lines, {.update_changed = true}, InputFormat::kNdjson));
  EXPECT_THAT(differences_, IsEmpty());
  ASSERT_OK(Sync("", {}, InputFormat::kNames));
  EXPECT_EQ(Count(), 0);
  ExpectSound();
}

TEST_F(SyncTest, ATreeOfFoldersIsSynced) {
  for (const char* path : {"tree/dt=1/hour=01", "tree/dt=2/hour=02"}) {
    std::filesystem::create_directories(folder_ + "/" + path);
  }
  ASSERT_OK(AddOne("1", "01"));
  ASSERT_OK(AddOne("3", "03"));
  auto report = SyncPartitions(*session_, kTable, folder_ + "/tree", {.format = InputFormat::kDirectory}, {});
  ASSERT_OK(report);
  EXPECT_EQ(report->added, 1);
  EXPECT_EQ(report->dropped, 1);
  EXPECT_THAT(Names(), ElementsAre("dt=1/hour=01", "dt=2/hour=02"));
}

TEST_F(LoadTest, GeneratesAsManyAsAsked) {
  model::v1::Table table = MakeTable("generated");
  for (const char* type : {"date", "int", "string", "timestamp", "double", "smallint"}) {
    table.mutable_partition_keys(0)->set_type(type);
    table.set_name(base::StrCat("g_", type));
    ASSERT_OK(session_->CreateTable(table));
    const TableName name{"db", table.name()};
    auto result = GeneratePartitions(*session_, name, {.partitions = 10'000});
    ASSERT_OK(result) << type;
    EXPECT_EQ(result->added, 10'000);
    EXPECT_EQ(*session_->CountPartitions(name), 10'000);
  }
  ExpectSound();
  ASSERT_OK(GeneratePartitions(*session_, kTable, {.partitions = 1'000, .seed = 5}));
  ASSERT_OK(GeneratePartitions(*session_, {"db", "u"}, {.partitions = 1'000, .seed = 5}));
  EXPECT_EQ(All(), All({"db", "u"}));
  table.set_name("flags");
  table.mutable_partition_keys(0)->set_type("boolean");
  table.mutable_partition_keys(1)->set_type("boolean");
  ASSERT_OK(session_->CreateTable(table));
  EXPECT_OK(GeneratePartitions(*session_, {"db", "flags"}, {.partitions = 4}));
  EXPECT_THAT(GeneratePartitions(*session_, {"db", "flags"}, {.partitions = 5}),
              FailsWith(absl::StatusCode::kInvalidArgument, "enough values for 5"));
}

}  // namespace
}  // namespace lodestone
