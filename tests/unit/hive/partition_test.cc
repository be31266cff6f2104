// Partitions: there and back, and straight from the columns of a cursor.
#include "bindings/hive/convert/partition.h"

#include <map>
#include <memory>
#include <optional>
#include <random>
#include <string>
#include <vector>

#include "bindings/hive/convert/partition_spec.h"
#include "catalog/metastore.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/support/matchers.h"
#include "tests/support/soak.h"
#include "tests/unit/hive/convert_support.h"

namespace lodestone::hive {
namespace {

using ::lodestone::testing::FailsWith;
using ::lodestone::testing::SeedOr;
using ::lodestone::testing::Soaked;
using testing::Decoded;
using testing::Difference;
using ::testing::ElementsAre;
using testing::Encoded;
using ::testing::IsEmpty;
using testing::OverTheWire;
using ::testing::SizeIs;

const TableName kTable{"web", "hits"};
const PartitionTable kNames{"hive", kTable};
constexpr std::string_view kLocation = "file:/lake/web/hits";

TEST(PartitionTest, ComesBackAsItWas) {
  const uint64_t seed = SeedOr(20260105);
  SCOPED_TRACE(seed);
  std::mt19937_64 random(seed);
  for (int i = 0; i < Soaked(300); ++i) {
    model::v1::Partition record;
    testing::Fill(&record, random);
    record.set_catalog("c" + record.catalog());
    record.set_database("d" + record.database());
    if (record.has_storage_descriptor()) {
      model::v1::StorageDescriptor& descriptor = *record.mutable_storage_descriptor();
      descriptor.mutable_serde_info();
      descriptor.clear_skewed_info();
    }
    const absl::StatusOr<model::v1::Partition> back = ToModel(OverTheWire(ToThrift(record)));
    ASSERT_OK(back);
    ASSERT_EQ(Difference(record, *back), "") << record.DebugString();
  }
}

TEST(PartitionTest, HasEmptyListsAndMapsAndNoDescriptorThatNobodyAskedFor) {
  const thrift::Partition sent = OverTheWire(ToThrift(model::v1::Partition()));
  EXPECT_TRUE(sent.__isset.values);
  EXPECT_TRUE(sent.__isset.parameters);
  EXPECT_TRUE(sent.__isset.catName);
  EXPECT_FALSE(sent.__isset.sd);
  EXPECT_FALSE(sent.__isset.privileges);
  EXPECT_FALSE(sent.__isset.writeId);
  EXPECT_FALSE(ToModel(sent)->has_storage_descriptor());
}

// A table in memory with partitions of all sorts.
class CursorTest : public ::testing::Test {
 protected:
  void SetUp() override {
    ASSERT_OK(session_.CreateDatabase(Database()));
    ASSERT_OK(session_.CreateTable(Table()));
    std::vector<model::v1::Partition> partitions;
    for (int i = 0; i < 60; ++i) partitions.push_back(Partition(i));
    ASSERT_OK(session_.AddPartitions(kTable, partitions));
  }

  static model::v1::Database Database() {
    model::v1::Database database;
    database.set_name("web");
    return database;
  }

  static void AddColumn(const std::string& name, const std::string& type, const std::string& comment,
                        google::protobuf::RepeatedPtrField<model::v1::Column>* columns) {
    model::v1::Column* const column = columns->Add();
    column->set_name(name);
    column->set_type(type);
    column->set_comment(comment);
  }

  static model::v1::Table Table() {
    model::v1::Table table;
    table.set_database("web");
    table.set_name("hits");
    model::v1::StorageDescriptor& descriptor = *table.mutable_storage_descriptor();
    AddColumn("url", "string", "what was asked for", descriptor.mutable_columns());
    AddColumn("n", "bigint", "", descriptor.mutable_columns());
    descriptor.set_location(std::string(kLocation));
    descriptor.set_input_format("in");
    descriptor.set_output_format("out");
    descriptor.mutable_serde_info()->set_serialization_lib("serde");
    (*descriptor.mutable_serde_info()->mutable_parameters())["field.delim"] = ",";
    AddColumn("dt", "string", "", table.mutable_partition_keys());
    AddColumn("hour", "int", "", table.mutable_partition_keys());
    return table;
  }

  // Most share the table's descriptor; some have one of their own, or lie elsewhere.
  static model::v1::Partition Partition(int i) {
    model::v1::Partition partition;
    partition.add_values("2026-01-0" + std::to_string(i / 24 + 1));
    partition.add_values(i == 7 ? "" : std::to_string(i % 24));
    partition.set_create_time(1'000 + i);
    partition.set_last_access_time(i);
    (*partition.mutable_parameters())["numRows"] = std::to_string(i * 1000);
    if (i % 3 == 0) (*partition.mutable_parameters())["note"] = i % 2 == 0 ? "" : "third";
    if (i % 10 == 3) {
      *partition.mutable_storage_descriptor() = Table().storage_descriptor();
      partition.mutable_storage_descriptor()->set_input_format("other");
      partition.mutable_storage_descriptor()->set_location(i % 20 == 3 ? "s3://elsewhere/" + std::to_string(i) : "");
    }
    return partition;
  }

  // All rows, as messages and as `encode` makes them.
  template <typename Visit>
  void ForEachRow(std::size_t batch_size, const Visit& visit) {
    ListOptions options;
    options.projection = Projection::All();
    options.batch_size = batch_size;
    PartitionCursor cursor = session_.ListPartitions(kTable, options);
    while (cursor.Next()) {
      for (std::size_t row = 0; row < cursor.batch().size(); ++row) visit(cursor.batch(), row);
    }
    ASSERT_OK(cursor.status());
  }

  std::unique_ptr<Metastore> store_ = Metastore::OpenInMemory().value();
  Session session_ = store_->Local();
};

TEST_F(CursorTest, EncodesRowsAsTheStructIsEncoded) {
  for (const std::size_t batch_size : {0, 7}) {
    std::optional<PartitionEncoder> encoder;
    int rows = 0;
    encoder.emplace(kNames);
    ForEachRow(batch_size, [&](const PartitionBatch& batch, std::size_t row) {
      model::v1::Partition message;
      batch.ToPartition(row, &message);
      std::string bytes = "before";
      encoder->Append(batch, row, &bytes);
      ASSERT_EQ(bytes.substr(0, 6), "before");
      // Parameters may come in any order: so both are brought into that of the struct.
      ASSERT_EQ(Encoded(Decoded<thrift::Partition>(bytes.substr(6))), Encoded(ToThrift(message)));
      ++rows;
    });
    EXPECT_EQ(rows, 60);
  }
}

TEST_F(CursorTest, LeavesColumnsOutWhereTheyAreNotWanted) {
  PartitionEncoder encoder(kNames, {.columns = false});
  ForEachRow(0, [&](const PartitionBatch& batch, std::size_t row) {
    std::string bytes;
    encoder.Append(batch, row, &bytes);
    const auto partition = Decoded<thrift::Partition>(bytes);
    ASSERT_TRUE(partition.sd.__isset.cols);
    ASSERT_THAT(partition.sd.cols, IsEmpty());
    ASSERT_EQ(partition.sd.outputFormat, "out");
    ASSERT_TRUE(partition.sd.__isset.location);
  });
}

TEST_F(CursorTest, SpecsShareADescriptorBelowTheTablesFolder) {
  PartitionSpecs specs(kNames, std::string(kLocation));
  std::map<std::vector<std::string>, std::string> expected;
  ForEachRow(11, [&](const PartitionBatch& batch, std::size_t row) {
    specs.Add(batch, row);
    model::v1::Partition message;
    batch.ToPartition(row, &message);
    const thrift::Partition partition = ToThrift(message);
    expected[partition.values] = Encoded(partition);
  });
  std::vector<thrift::PartitionSpec> sent;
  for (const thrift::PartitionSpec& spec : specs.Take()) sent.push_back(OverTheWire(spec));
  // The table's descriptor, the other one, and what is elsewhere.
  ASSERT_THAT(sent, SizeIs(3));
  EXPECT_TRUE(sent[0].__isset.sharedSDPartitionSpec);
  EXPECT_EQ(sent[0].rootPath, kLocation);
  EXPECT_EQ(sent[0].catName, "hive");
  EXPECT_THAT(sent[0].sharedSDPartitionSpec.partitions, SizeIs(54));
  EXPECT_EQ(sent[0].sharedSDPartitionSpec.sd.location, kLocation);
  EXPECT_EQ(sent[0].sharedSDPartitionSpec.partitions[0].relativePath, "/dt=2026-01-01/hour=0");
  EXPECT_THAT(sent[1].sharedSDPartitionSpec.partitions, SizeIs(3));
  EXPECT_EQ(sent[1].sharedSDPartitionSpec.sd.inputFormat, "other");
  EXPECT_THAT(sent[2].partitionList.partitions, SizeIs(3));

  // Reading them gives every partition as it is.
  std::map<std::vector<std::string>, std::string> found;
  for (const thrift::PartitionSpec& spec : sent) {
    const absl::StatusOr<std::vector<model::v1::Partition>> partitions = ToModel(spec);
    ASSERT_OK(partitions);
    for (const model::v1::Partition& record : *partitions) {
      const thrift::Partition partition = ToThrift(record);
      found[partition.values] = Encoded(partition);
    }
  }
  EXPECT_EQ(found, expected);
}

TEST_F(CursorTest, SpecsOfATableWithoutALocationShareNothing) {
  PartitionSpecs specs(kNames, "");
  ForEachRow(0, [&](const PartitionBatch& batch, std::size_t row) { specs.Add(batch, row); });
  const std::vector<thrift::PartitionSpec> sent = specs.Take();
  ASSERT_THAT(sent, SizeIs(1));
  EXPECT_FALSE(sent[0].__isset.rootPath);
  EXPECT_THAT(sent[0].partitionList.partitions, SizeIs(60));
  EXPECT_THAT(PartitionSpecs(kNames, "file:/x").Take(), IsEmpty());
}

TEST(PartitionSpecTest, WhatIsNullIsRefusedOrLeftOut) {
  thrift::PartitionSpec spec;
  spec.__set_dbName("@sales#web");
  spec.__set_tableName("hits");
  EXPECT_THAT(ToModel(spec), FailsWith(absl::StatusCode::kInvalidArgument, "the partitions of a spec are null"));
  spec.__isset.sharedSDPartitionSpec = true;
  EXPECT_THAT(ToModel(spec), FailsWith(absl::StatusCode::kInvalidArgument, "the descriptor that the partitions"));
  spec.sharedSDPartitionSpec.__isset.sd = true;
  spec.sharedSDPartitionSpec.sd.__set_location("file:/t");
  spec.sharedSDPartitionSpec.partitions.resize(2);
  spec.sharedSDPartitionSpec.partitions[0].__set_values({"1"});
  spec.sharedSDPartitionSpec.partitions[1].__set_relativePath("/x");
  const std::vector<model::v1::Partition> found = ToModel(spec).value();
  ASSERT_THAT(found, SizeIs(2));
  EXPECT_EQ(found[0].catalog(), "sales");
  EXPECT_EQ(found[0].database(), "web");
  EXPECT_EQ(found[0].table(), "hits");
  EXPECT_EQ(found[0].storage_descriptor().location(), "");
  EXPECT_THAT(found[0].values(), ElementsAre("1"));
  EXPECT_EQ(found[1].storage_descriptor().location(), "file:/t/x");
}

}  // namespace
}  // namespace lodestone::hive
