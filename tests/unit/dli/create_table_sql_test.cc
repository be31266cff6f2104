#include "bindings/http/dli/create_table_sql.h"

#include <optional>
#include <string>

#include "bindings/http/dli/table_format.h"
#include "tests/support/matchers.h"

namespace lodestone::http::dli {
namespace {

TEST(SparkType, HasSparksWords) {
  const std::pair<const char*, const char*> cases[] = {
      {"int", "INT"},
      {"string", "STRING"},
      {"decimal(10,2)", "DECIMAL(10,2)"},
      {"varchar(20)", "VARCHAR(20)"},
      {"timestamp with local time zone", "TIMESTAMP_LTZ"},
      {"array<int>", "ARRAY<INT>"},
      {"map<string,array<decimal(3,1)>>", "MAP<STRING, ARRAY<DECIMAL(3,1)>>"},
      {"struct<a:int,b c:struct<d:string>>", "STRUCT<`a`: INT, `b c`: STRUCT<`d`: STRING>>"},
      {"DECIMAL ( 10 , 2 )", "DECIMAL(10,2)"},
      {" Integer", "INT"},
      {"double  precision", "DOUBLE"},
      {"numeric(3)", "DECIMAL(3)"},
      {"Map < STRING , Struct< A : int > >", "MAP<STRING, STRUCT<`A`: INT>>"},
      {"struct<`a,b``<`:int>", "STRUCT<`a,b``<`: INT>"},
  };
  for (const auto& [hive, spark] : cases) EXPECT_EQ(SparkType(hive), spark) << hive;
}

TEST(SparkType, SaysNothingOfWhatSparkLacks) {
  for (const char* type :
       {"", "uniontype<int,string>", "array<uniontype<int>>", "foo", "array<int", "array<>", "map<int>", "struct<>",
        "struct<a>", "struct<a:>", "int>", "array<int>>", "struct<`a:int>", "decimal(10"}) {
    EXPECT_EQ(SparkType(type), std::nullopt) << type;
  }
  std::string deep;
  for (int i = 0; i < 100'000; ++i) deep += "array<";
  EXPECT_EQ(SparkType(deep), std::nullopt);
}

model::v1::Table CsvTable() {
  model::v1::Table table;
  table.set_database("web");
  table.set_name("hits");
  table.set_table_type(model::v1::EXTERNAL_TABLE);
  auto* column = table.mutable_storage_descriptor()->add_columns();
  column->set_name("a`b");
  column->set_type("string");
  column->set_comment("it's");
  auto* key = table.add_partition_keys();
  key->set_name("dt");
  key->set_type("date");
  table.mutable_storage_descriptor()->set_location("obs://b/p'q");
  (*table.mutable_parameters())["comment"] = "c\n";
  (*table.mutable_parameters())["mine"] = "1";
  (*table.mutable_parameters())["dli.tag.x"] = "hidden";
  SetFormat(*FormatByName("CSV"), {{"delimiter", ";"}, {"header", "true"}}, &table);
  return table;
}

TEST(CreateTableSql, OfFilesNamesProviderOptionsAndKeys) {
  EXPECT_EQ(CreateTableSql(CsvTable()),
            "CREATE TABLE `web`.`hits` (`a``b` STRING COMMENT 'it\\'s', `dt` DATE)\n"
            "USING `csv`\n"
            "OPTIONS (\n  'dateformat' 'yyyy-MM-dd',\n  'delimiter' ';',\n  'escape' '\\\\',\n  'header' 'true',\n"
            "  'quote' '\"',\n  'timestampformat' 'yyyy-MM-dd HH:mm:ss')\n"
            "PARTITIONED BY (`dt`)\n"
            "COMMENT 'c\\n'\n"
            "LOCATION 'obs://b/p\\'q'\n"
            "TBLPROPERTIES (\n  'mine' = '1',\n  'skip.header.line.count' = '1')");
}

TEST(CreateTableSql, OfHivesTablesNamesItsClasses) {
  model::v1::Table table = CsvTable();
  table.mutable_parameters()->clear();
  table.mutable_storage_descriptor()->mutable_serde_info()->mutable_parameters()->clear();
  EXPECT_EQ(CreateTableSql(table),
            "CREATE EXTERNAL TABLE `web`.`hits` (`a``b` STRING COMMENT 'it\\'s')\n"
            "PARTITIONED BY (`dt` DATE)\n"
            "ROW FORMAT SERDE 'org.apache.hadoop.hive.serde2.OpenCSVSerde'\n"
            "STORED AS INPUTFORMAT 'org.apache.hadoop.mapred.TextInputFormat'\n"
            "OUTPUTFORMAT 'org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat'\n"
            "LOCATION 'obs://b/p\\'q'");
}

TEST(CreateTableSql, OfViewsIsTheirText) {
  model::v1::Table view;
  view.set_database("web");
  view.set_name("v");
  view.set_table_type(model::v1::VIRTUAL_VIEW);
  view.set_view_original_text("select 1");
  EXPECT_EQ(CreateTableSql(view), "CREATE VIEW `web`.`v` AS\nselect 1");
  view.set_view_original_text("/* Presto View: e30= */");
  EXPECT_EQ(CreateTableSql(view), std::nullopt);
}

TEST(TableFormat, IsReadBackFromWhatWasSet) {
  for (const char* name : {"parquet", "orc", "csv", "json", "avro", "textfile"}) {
    model::v1::Table table;
    SetFormat(*FormatByName(name), {}, &table);
    EXPECT_EQ(FormatOf(table)->name, name);
    table.mutable_parameters()->clear();  // as Hive would have made it
    EXPECT_EQ(FormatOf(table)->name, name);
  }
  EXPECT_EQ(FormatByName("xls"), nullptr);
  EXPECT_EQ(FormatOf(model::v1::Table()), nullptr);
}

TEST(TableFormat, OptionsOfOthersHaveOurNames) {
  model::v1::Table table;
  table.mutable_storage_descriptor()->mutable_serde_info()->set_serialization_lib(
      "org.apache.hadoop.hive.serde2.OpenCSVSerde");
  auto& serde = *table.mutable_storage_descriptor()->mutable_serde_info()->mutable_parameters();
  serde["separatorChar"] = "|";
  serde["quoteChar"] = "'";
  (*table.mutable_parameters())["skip.header.line.count"] = "1";
  const StorageOptions options = OptionsOf(table);
  EXPECT_EQ(options.at("delimiter"), "|");
  EXPECT_EQ(options.at("quote"), "'");
  EXPECT_EQ(options.at("escape"), "\\");
  EXPECT_EQ(options.at("header"), "true");
}

}  // namespace
}  // namespace lodestone::http::dli
