// Catalogs, databases, tables and functions: there and back, and what answers always say.
#include <limits>
#include <random>
#include <set>
#include <string>

#include "bindings/hive/convert/database.h"
#include "bindings/hive/convert/function.h"
#include "bindings/hive/convert/table.h"
#include "catalog/errors.h"
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
using testing::Difference;
using ::testing::ElementsAre;
using testing::Fill;
using ::testing::IsEmpty;
using testing::OverTheWire;

constexpr absl::StatusCode kInvalid = absl::StatusCode::kInvalidArgument;

class RoundTripTest : public ::testing::Test {
 protected:
  // Records of type `T`, without what the other side can't say, come back as they were. `adapt` makes a random one
  // possible.
  template <typename T, typename Adapt>
  void Run(const std::set<std::string>& but, const Adapt& adapt) {
    for (int i = 0; i < Soaked(300); ++i) {
      T record;
      Fill(&record, random_, but);
      adapt(record);
      const absl::StatusOr<T> back = ToModel(OverTheWire(ToThrift(record)));
      ASSERT_OK(back) << record.DebugString();
      ASSERT_EQ(Difference(record, *back), "") << record.DebugString();
    }
  }

  const uint64_t seed_ = SeedOr(20260105);
  std::mt19937_64 random_{seed_};
  ::testing::ScopedTrace trace_{__FILE__, __LINE__, seed_};
};

// A prefix in a name would be read as one.
std::string Name(const std::string& text) { return "n" + text; }

TEST_F(RoundTripTest, Catalogs) {
  Run<model::v1::Catalog>({"Catalog.id"}, [](auto&) {});
}

TEST_F(RoundTripTest, Databases) {
  Run<model::v1::Database>({"Database.id"}, [](model::v1::Database& database) {
    database.set_name(Name(database.name()));
    database.set_catalog(Name(database.catalog()));
    if (database.owner_name().empty()) database.clear_owner_type();
  });
}

TEST_F(RoundTripTest, Tables) {
  Run<model::v1::Table>({"Table.id"}, [](model::v1::Table& table) {
    table.set_database(Name(table.database()));
    table.set_catalog(Name(table.catalog()));
    // Sent in any case.
    model::v1::StorageDescriptor& descriptor = *table.mutable_storage_descriptor();
    descriptor.mutable_serde_info();
    if (!descriptor.has_skewed_info()) return;
    // The other side has a map of them, in the order of values.
    auto& locations = *descriptor.mutable_skewed_info()->mutable_locations();
    if (locations.size() > 1) locations.DeleteSubrange(1, locations.size() - 1);
    if (descriptor.skewed_info().ByteSizeLong() == 0) descriptor.clear_skewed_info();
  });
}

TEST_F(RoundTripTest, Functions) {
  Run<model::v1::Function>({"Function.id"}, [](model::v1::Function& function) {
    function.set_database(Name(function.database()));
    function.set_catalog(Name(function.catalog()));
  });
}

// ---- What is unset and what is empty ----

TEST(AnswerTest, DatabaseHasEmptyParametersAndNoNullTexts) {
  model::v1::Database record;
  record.set_catalog("hive");
  record.set_name("web");
  const thrift::Database sent = OverTheWire(ToThrift(record));
  EXPECT_TRUE(sent.__isset.name);
  EXPECT_TRUE(sent.__isset.parameters);
  EXPECT_THAT(sent.parameters, IsEmpty());
  EXPECT_EQ(sent.catalogName, "hive");
  EXPECT_TRUE(sent.__isset.createTime);
  EXPECT_EQ(sent.type, thrift::DatabaseType::NATIVE);
  EXPECT_FALSE(sent.__isset.description);
  EXPECT_FALSE(sent.__isset.locationUri);
  EXPECT_FALSE(sent.__isset.ownerName);
  EXPECT_FALSE(sent.__isset.ownerType);
  EXPECT_FALSE(sent.__isset.managedLocationUri);
  EXPECT_FALSE(sent.__isset.privileges);
}

TEST(AnswerTest, TableHasEmptyListsAndMapsAndNoNullTexts) {
  model::v1::Table record;
  record.set_catalog("sales");
  record.set_database("web");
  record.set_name("hits");
  record.set_id(7);
  const thrift::Table sent = OverTheWire(ToThrift(record));
  EXPECT_EQ(sent.catName, "sales");
  EXPECT_TRUE(sent.__isset.id);
  EXPECT_EQ(sent.id, 7);
  EXPECT_EQ(sent.tableType, "MANAGED_TABLE");
  EXPECT_TRUE(sent.__isset.rewriteEnabled);
  EXPECT_TRUE(sent.__isset.ownerType);
  EXPECT_EQ(sent.ownerType, thrift::PrincipalType::USER);
  EXPECT_TRUE(sent.__isset.partitionKeys);
  EXPECT_TRUE(sent.__isset.parameters);
  EXPECT_FALSE(sent.__isset.owner);
  EXPECT_FALSE(sent.__isset.viewOriginalText);
  EXPECT_FALSE(sent.__isset.viewExpandedText);
  EXPECT_FALSE(sent.__isset.privileges);
  EXPECT_FALSE(sent.__isset.temporary);
  EXPECT_FALSE(sent.__isset.writeId);
  EXPECT_FALSE(sent.__isset.creationMetadata);
  ASSERT_TRUE(sent.__isset.sd);
  EXPECT_TRUE(sent.sd.__isset.cols);
  EXPECT_TRUE(sent.sd.__isset.bucketCols);
  EXPECT_TRUE(sent.sd.__isset.sortCols);
  EXPECT_TRUE(sent.sd.__isset.parameters);
  EXPECT_TRUE(sent.sd.__isset.storedAsSubDirectories);
  EXPECT_FALSE(sent.sd.__isset.location);
  EXPECT_FALSE(sent.sd.__isset.inputFormat);
  EXPECT_FALSE(sent.sd.__isset.outputFormat);
  ASSERT_TRUE(sent.sd.__isset.serdeInfo);
  EXPECT_TRUE(sent.sd.serdeInfo.__isset.parameters);
  EXPECT_FALSE(sent.sd.serdeInfo.__isset.name);
  ASSERT_TRUE(sent.sd.__isset.skewedInfo);
  EXPECT_TRUE(sent.sd.skewedInfo.__isset.skewedColNames);
  EXPECT_TRUE(sent.sd.skewedInfo.__isset.skewedColValues);
  EXPECT_TRUE(sent.sd.skewedInfo.__isset.skewedColValueLocationMaps);
}

TEST(AnswerTest, ColumnWithoutACommentHasNone) {
  model::v1::Table record;
  record.mutable_storage_descriptor()->add_columns()->set_name("a");
  model::v1::Column* const key = record.add_partition_keys();
  key->set_name("dt");
  key->set_type("string");
  key->set_comment("the day");
  const thrift::Table sent = OverTheWire(ToThrift(record));
  EXPECT_FALSE(sent.sd.cols.at(0).__isset.comment);
  EXPECT_EQ(sent.partitionKeys.at(0).comment, "the day");
}

TEST(AnswerTest, TableMetaSaysWhatAListSays) {
  model::v1::TableSummary summary;
  summary.set_database("web");
  summary.set_name("v");
  summary.set_table_type(model::v1::VIRTUAL_VIEW);
  thrift::TableMeta sent = OverTheWire(ToMeta("sales", summary));
  EXPECT_EQ(sent.dbName, "web");
  EXPECT_EQ(sent.tableType, "VIRTUAL_VIEW");
  EXPECT_EQ(sent.catName, "sales");
  EXPECT_FALSE(sent.__isset.comments);
  EXPECT_FALSE(sent.__isset.ownerName);
  summary.set_comment("c");
  summary.set_owner("ana");
  sent = OverTheWire(ToMeta("sales", summary));
  EXPECT_EQ(sent.comments, "c");
  EXPECT_EQ(sent.ownerName, "ana");
}

TEST(AnswerTest, TimesBeyondTheProtocolsStopAtItsBounds) {
  model::v1::Table record;
  record.set_create_time(int64_t{1} << 40);
  record.set_last_access_time(-(int64_t{1} << 40));
  const thrift::Table sent = ToThrift(record);
  EXPECT_EQ(sent.createTime, std::numeric_limits<int32_t>::max());
  EXPECT_EQ(sent.lastAccessTime, std::numeric_limits<int32_t>::min());
}

// ---- What is read from requests ----

thrift::Table Possible() {
  thrift::FieldSchema column;
  column.__set_name("url");
  column.__set_type("string");
  thrift::Table table;
  table.__set_dbName("web");
  table.__set_tableName("hits");
  table.sd.__set_cols({column});
  table.sd.__set_serdeInfo({});
  table.__isset.sd = true;
  return table;
}

TEST(RequestTest, WhatMayNotBeNullIsRefused) {
  struct {
    std::string_view what;
    void (*spoil)(thrift::Table&);
  } const cases[] = {
      {"the database of the table is null", [](thrift::Table& t) { t.__isset.dbName = false; }},
      {"the name of the table is null", [](thrift::Table& t) { t.__isset.tableName = false; }},
      {"\"web.hits\": the storage descriptor is null", [](thrift::Table& t) { t.__isset.sd = false; }},
      {"the list of columns is null", [](thrift::Table& t) { t.sd.__isset.cols = false; }},
      {"the SerDe is null", [](thrift::Table& t) { t.sd.__isset.serdeInfo = false; }},
      {"the type of the column \"url\" is null", [](thrift::Table& t) { t.sd.cols[0].__isset.type = false; }},
      {"the name of a column is null", [](thrift::Table& t) { t.sd.cols[0].__isset.name = false; }},
      {"expected the order 0 or 1, found 7", [](thrift::Table& t) { t.sd.sortCols.emplace_back().__set_order(7); }},
      {"no # behind the @", [](thrift::Table& t) { t.dbName = "@web"; }},
  };
  ASSERT_OK(ToModel(Possible()));
  for (const auto& c : cases) {
    thrift::Table table = Possible();
    c.spoil(table);
    const absl::StatusOr<model::v1::Table> found = ToModel(table);
    EXPECT_THAT(found, FailsWith(kInvalid, c.what));
    EXPECT_EQ(DomainErrorOf(found.status()), std::nullopt) << c.what;
  }
  EXPECT_THAT(ToModel(thrift::Database()), FailsWith(kInvalid, "the name of the database is null"));
  EXPECT_THAT(ToModel(thrift::Catalog()), FailsWith(kInvalid, "the name of the catalog is null"));
  thrift::Function function;
  EXPECT_THAT(ToModel(function), FailsWith(kInvalid, "the database of the function is null"));
  function.__set_dbName("web");
  EXPECT_THAT(ToModel(function), FailsWith(kInvalid, "the name of the function is null"));
}

TEST(RequestTest, AnUnknownKindOfTableIsAnInvalidObject) {
  thrift::Table table = Possible();
  table.__set_tableType("INDEX_TABLE");
  const absl::StatusOr<model::v1::Table> found = ToModel(table);
  EXPECT_THAT(found, FailsWith(kInvalid, "\"INDEX_TABLE\""));
  ASSERT_TRUE(DomainErrorOf(found.status()).has_value());
  EXPECT_EQ(DomainErrorOf(found.status())->kind, ErrorKind::kInvalidObject);
  table.__set_tableType("external_table");
  EXPECT_EQ(ToModel(table)->table_type(), model::v1::EXTERNAL_TABLE);
}

TEST(RequestTest, TakesTheCatalogFromEitherPlace) {
  thrift::Table table = Possible();
  EXPECT_EQ(ToModel(table)->catalog(), "hive");
  table.__set_catName("sales");
  EXPECT_EQ(ToModel(table)->catalog(), "sales");
  table.__set_dbName("@other#web");
  EXPECT_EQ(ToModel(table)->catalog(), "other");
  EXPECT_EQ(ToModel(table)->database(), "web");

  thrift::Database database;
  database.__set_name("@other#web");
  EXPECT_EQ(ToModel(database)->catalog(), "other");
  EXPECT_EQ(ToModel(database)->name(), "web");

  thrift::Function function;
  function.__set_dbName("@other#web");
  function.__set_functionName("f");
  EXPECT_EQ(ToModel(function)->catalog(), "other");
}

TEST(RequestTest, AnOwnersKindThatIsUnsetOrUnknownIsLeftToTheLibrary) {
  thrift::Database database;
  database.__set_name("web");
  EXPECT_EQ(ToModel(database)->owner_type(), model::v1::PRINCIPAL_TYPE_UNSPECIFIED);
  database.__set_ownerType(thrift::PrincipalType::ROLE);
  EXPECT_EQ(ToModel(database)->owner_type(), model::v1::ROLE);
}

TEST(RequestTest, ReadsTheRequestOfDatabasesAsTheStruct) {
  thrift::CreateDatabaseRequest request;
  request.__set_databaseName("web");
  request.__set_catalogName("sales");
  request.__set_description("d");
  request.__set_locationUri("file:/w");
  request.__set_parameters({{"k", "v"}});
  request.__set_ownerName("ops");
  request.__set_ownerType(thrift::PrincipalType::ROLE);
  request.__set_createTime(5);
  request.__set_managedLocationUri("file:/m");
  const model::v1::Database found = ToModel(OverTheWire(request)).value();
  model::v1::Database expected;
  expected.set_catalog("sales");
  expected.set_name("web");
  expected.set_description("d");
  expected.set_location_uri("file:/w");
  (*expected.mutable_parameters())["k"] = "v";
  expected.set_owner_name("ops");
  expected.set_owner_type(model::v1::ROLE);
  expected.set_create_time(5);
  expected.set_managed_location_uri("file:/m");
  EXPECT_EQ(Difference(expected, found), "");
  request.__set_type(thrift::DatabaseType::REMOTE);
  EXPECT_THAT(ToModel(request), FailsWith(kInvalid, "expected the type NATIVE, found REMOTE"));
}

TEST(RequestTest, RefusesKindsOfFunctionsThatThereAreNot) {
  thrift::Function function;
  function.__set_dbName("web");
  function.__set_functionName("f");
  function.resourceUris.emplace_back().__set_uri("file:/f.jar");
  EXPECT_THAT(ToModel(function), FailsWith(kInvalid, "expected the kind JAR (1), FILE (2) or ARCHIVE (3), found 0"));
}

TEST(RequestTest, KeepsTheOrderOfSkewedValues) {
  thrift::Table table = Possible();
  table.sd.skewedInfo.__set_skewedColNames({"a", "b"});
  table.sd.skewedInfo.__set_skewedColValues({{"2", "x"}, {"1", "y"}});
  table.sd.skewedInfo.__set_skewedColValueLocationMaps({{{"1", "y"}, "file:/1"}});
  const thrift::Table back = ToThrift(ToModel(table).value());
  EXPECT_THAT(back.sd.skewedInfo.skewedColValues, ElementsAre(ElementsAre("2", "x"), ElementsAre("1", "y")));
  EXPECT_EQ(back.sd.skewedInfo.skewedColValueLocationMaps.at({"1", "y"}), "file:/1");
}

}  // namespace
}  // namespace lodestone::hive
