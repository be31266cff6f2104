// Tables and what refers to their columns: each rule broken on its own, and the message that says so; normal forms.
#include <functional>
#include <string>
#include <vector>

#include "catalog/model/limits.h"
#include "catalog/model/validate.h"
#include "google/protobuf/util/message_differencer.h"
#include "tests/support/matchers.h"

namespace lodestone::model {
namespace {

using testing::FailsWith;
constexpr auto kInvalid = absl::StatusCode::kInvalidArgument;

void AddColumn(google::protobuf::RepeatedPtrField<v1::Column>* columns, const std::string& name,
               const std::string& type) {
  v1::Column* column = columns->Add();
  column->set_name(name);
  column->set_type(type);
}

v1::Table SoundTable() {
  v1::Table table;
  table.set_database("web");
  table.set_name("hits");
  table.set_owner("ana");
  v1::StorageDescriptor* descriptor = table.mutable_storage_descriptor();
  AddColumn(descriptor->mutable_columns(), "url", "string");
  AddColumn(descriptor->mutable_columns(), "bytes", "BIGINT");
  AddColumn(descriptor->mutable_columns(), "tags", "map<string,array<string>>");
  descriptor->set_num_buckets(4);
  descriptor->add_bucket_columns("URL");
  descriptor->add_sort_columns()->set_column("bytes");
  descriptor->mutable_serde_info()->set_serialization_lib("org.apache.hadoop.hive.ql.io.orc.OrcSerde");
  v1::SkewedInfo* skew = descriptor->mutable_skewed_info();
  skew->add_columns("url");
  skew->add_values()->add_values("/");
  v1::SkewedInfo::Location* location = skew->add_locations();
  location->add_values("/");
  location->set_location("obs://lake/root");
  AddColumn(table.mutable_partition_keys(), "dt", "date");
  AddColumn(table.mutable_partition_keys(), "hour", "int");
  return table;
}

struct Breach {
  std::function<void(v1::Table*)> change;
  const char* message;
};

void ExpectBreaches(const std::vector<Breach>& breaches) {
  for (const Breach& breach : breaches) {
    v1::Table table = SoundTable();
    breach.change(&table);
    const absl::Status status = CheckTable(table, NameRules::kStrict);
    EXPECT_THAT(status, FailsWith(kInvalid, breach.message));
    ASSERT_TRUE(DomainErrorOf(status).has_value());
    EXPECT_EQ(DomainErrorOf(status)->kind, ErrorKind::kInvalidObject);
  }
}

TEST(TableTest, ASoundOnePasses) {
  EXPECT_OK(CheckTable(SoundTable(), NameRules::kStrict));
  v1::Table table = SoundTable();
  Normalize(&table);
  EXPECT_OK(CheckTable(table, NameRules::kStrict));
}

TEST(TableTest, NamesOwnerAndKindSayWhenTheyAreWrong) {
  ExpectBreaches({
      {[](auto* m) { m->set_database(""); }, "database name is empty"},
      {[](auto* m) { m->set_name(""); }, "table name is empty"},
      {[](auto* m) { m->set_name("a b"); }, "table name \"a b\" has the character \" \" at position 2"},
      {[](auto* m) { m->set_owner("\xFF"); }, "table web.hits: the owner is not UTF-8 at byte 1 (0xff)"},
      {[](auto* m) { m->set_owner_type(static_cast<v1::PrincipalType>(8)); }, "the owner type is the unknown number 8"},
      {[](auto* m) { m->set_table_type(static_cast<v1::TableType>(8)); },
       "table web.hits: the table type is the unknown number 8"},
      {[](auto* m) { (*m->mutable_parameters())["k"] = "\xFF"; }, "the value of the parameter \"k\" is not UTF-8"},
      {[](auto* m) {
         for (int i = 0; i < 17; ++i) (*m->mutable_parameters())["k" + std::to_string(i)] = std::string(1 << 20, 'v');
       },
       "bytes in all, allowed are 16777216"},
  });
}

TEST(TableTest, ColumnsSayWhenTheyAreWrong) {
  ExpectBreaches({
      {[](auto* m) { m->mutable_storage_descriptor()->clear_columns(); }, "table web.hits: it has no columns"},
      {[](auto* m) { m->clear_storage_descriptor(); },
       "table web.hits: it has no columns; expected at least one that is no partition key"},
      {[](auto* m) { m->mutable_storage_descriptor()->mutable_columns(1)->set_name(""); },
       "table web.hits: column 2: column name is empty"},
      {[](auto* m) { m->mutable_storage_descriptor()->mutable_columns(0)->set_name("a,b"); },
       "table web.hits: column 1: column name \"a,b\" has the character \",\" at position 2"},
      {[](auto* m) { m->mutable_storage_descriptor()->mutable_columns(0)->set_name("a\xFF"); },
       "column 1: column name \"a\" is not UTF-8 at byte 2"},
      {[](auto* m) { m->mutable_storage_descriptor()->mutable_columns(2)->set_name("URL"); },
       "table web.hits: column \"URL\" is there twice, in places 1 and 3"},
      {[](auto* m) { m->mutable_storage_descriptor()->mutable_columns(1)->set_type(""); },
       "column \"bytes\" of table web.hits: the type is empty"},
      {[](auto* m) { m->mutable_storage_descriptor()->mutable_columns(1)->set_type("bigin"); },
       "column \"bytes\" of table web.hits: type at position 1: expected a type, found \"bigin\"\n  bigin\n  ^"},
      {[](auto* m) { m->mutable_storage_descriptor()->mutable_columns(1)->set_comment("\xFF"); },
       "the comment of column \"bytes\" is not UTF-8 at byte 1"},
      {[](auto* m) { m->mutable_storage_descriptor()->mutable_columns(1)->set_comment(std::string(4001, 'x')); },
       "the comment of column \"bytes\" has 4001 bytes, allowed are 4000"},
      {[](auto* m) {
         for (int i = 0; i < 10000; ++i) {
           AddColumn(m->mutable_storage_descriptor()->mutable_columns(), "c" + std::to_string(i), "int");
         }
       },
       "table web.hits: it has 10003 columns, allowed are 10000"},
  });
}

TEST(TableTest, PartitionKeysSayWhenTheyAreWrong) {
  ExpectBreaches({
      {[](auto* m) { m->mutable_partition_keys(1)->set_name("DT"); },
       "table web.hits: partition key \"DT\" is there twice, in places 1 and 2"},
      {[](auto* m) { m->mutable_partition_keys(1)->set_name("Bytes"); },
       "table web.hits: partition key \"Bytes\" is among the columns as well, in place 2; expected it only as a key"},
      {[](auto* m) { m->mutable_partition_keys(0)->set_name(""); }, "partition key 1: column name is empty"},
      {[](auto* m) { m->mutable_partition_keys(0)->set_type("dat"); },
       "partition key \"dt\" of table web.hits: type at position 1: expected a type, found \"dat\""},
      {[](auto* m) { m->mutable_partition_keys(0)->set_type("array<int>"); },
       "table web.hits: partition key \"dt\" has the type \"array<int>\"; expected a primitive type other than void"},
      {[](auto* m) { m->mutable_partition_keys(0)->set_type("void"); }, "partition key \"dt\" has the type \"void\""},
      {[](auto* m) { m->mutable_partition_keys(0)->set_type("interval_day_time"); }, "expected a primitive type"},
      {[](auto* m) {
         for (int i = 0; i < 63; ++i) AddColumn(m->mutable_partition_keys(), "k" + std::to_string(i), "int");
       },
       "table web.hits: it has 65 partition keys, allowed are 64"},
  });
}

TEST(TableTest, TheDescriptorSaysWhenItIsWrong) {
  auto descriptor = [](std::function<void(v1::StorageDescriptor*)> change) {
    return [change](v1::Table* table) { change(table->mutable_storage_descriptor()); };
  };
  ExpectBreaches({
      {descriptor([](auto* d) { d->set_location("a\n"); }), "table web.hits: the location has a control character"},
      {descriptor([](auto* d) { d->set_location(std::string(4001, 'x')); }), "the location has 4001 bytes"},
      {descriptor([](auto* d) { d->set_input_format("\xFF"); }), "the input format is not UTF-8"},
      {descriptor([](auto* d) { d->set_output_format("\n"); }), "the output format has a control character"},
      {descriptor([](auto* d) { d->mutable_serde_info()->set_name("\xFF"); }), "the name of the SerDe is not UTF-8"},
      {descriptor([](auto* d) { d->mutable_serde_info()->set_serialization_lib(std::string(4001, 'x')); }),
       "the class of the SerDe has 4001 bytes"},
      {descriptor([](auto* d) { d->mutable_serde_info()->set_description("\xFF"); }), "the description of the SerDe"},
      {descriptor([](auto* d) { d->mutable_serde_info()->set_serializer_class("\xFF"); }), "the serializer class"},
      {descriptor([](auto* d) { d->mutable_serde_info()->set_deserializer_class("\xFF"); }), "the deserializer class"},
      {descriptor([](auto* d) { (*d->mutable_serde_info()->mutable_parameters())[""] = "x"; }),
       "a SerDe parameter has an empty key"},
      {descriptor([](auto* d) { (*d->mutable_parameters())[""] = "x"; }), "a descriptor parameter has an empty key"},
      {descriptor([](auto* d) { d->set_num_buckets(-2); }),
       "the number of buckets is -2; expected -1 or 0 for none, or a positive number"},
      {descriptor([](auto* d) { d->set_num_buckets(0); }), "there are bucket columns, but the number of buckets is 0"},
      {descriptor([](auto* d) { d->add_bucket_columns("dt"); }), "bucket column \"dt\" is none of its columns"},
      {descriptor([](auto* d) { d->add_bucket_columns("url"); }), "bucket column \"url\" is there twice"},
      {descriptor([](auto* d) { d->add_sort_columns()->set_column("x"); }), "sort column \"x\" is none of its columns"},
      {descriptor([](auto* d) { d->add_sort_columns()->set_column("Bytes"); }), "sort column \"Bytes\" is there twice"},
      {descriptor([](auto* d) { d->mutable_sort_columns(0)->set_direction(static_cast<v1::Order::Direction>(5)); }),
       "the direction of sort column \"bytes\" is the unknown number 5"},
      {descriptor([](auto* d) { d->mutable_skewed_info()->set_columns(0, "x"); }),
       "skewed column \"x\" is none of its columns"},
      {descriptor([](auto* d) { d->mutable_skewed_info()->mutable_values(0)->add_values("y"); }),
       "a skewed value has 2 values, there are 1 skewed columns"},
      {descriptor([](auto* d) { d->mutable_skewed_info()->mutable_values(0)->set_values(0, "\xFF"); }),
       "a value of a skewed value is not UTF-8"},
      {descriptor([](auto* d) { d->mutable_skewed_info()->mutable_locations(0)->clear_values(); }),
       "a skewed location has 0 values, there are 1 skewed columns"},
      {descriptor([](auto* d) { d->mutable_skewed_info()->mutable_locations(0)->set_location("\n"); }),
       "a skewed location has a control character"},
  });
}

TEST(TableTest, ColumnsMayLiveElsewhere) {
  auto bare = [] {
    v1::Table table;
    table.set_database("web");
    table.set_name("hits");
    return table;
  };
  EXPECT_FALSE(CheckTable(bare(), NameRules::kStrict).ok());
  v1::Table avro = bare();
  avro.mutable_storage_descriptor()->mutable_serde_info()->set_serialization_lib(
      "org.apache.hadoop.hive.serde2.avro.AvroSerDe");
  avro.mutable_storage_descriptor()->set_num_buckets(2);
  avro.mutable_storage_descriptor()->add_bucket_columns("id");
  EXPECT_OK(CheckTable(avro, NameRules::kStrict));
  for (const char* key : {"flink.connector", "spark.sql.sources.provider"}) {
    v1::Table engine = bare();
    (*engine.mutable_parameters())[key] = "x";
    EXPECT_OK(CheckTable(engine, NameRules::kStrict)) << key;
  }
  v1::Table orc = bare();
  orc.mutable_storage_descriptor()->mutable_serde_info()->set_serialization_lib(
      "org.apache.hadoop.hive.ql.io.orc.OrcSerde");
  EXPECT_THAT(CheckTable(orc, NameRules::kStrict), FailsWith(kInvalid, "it has no columns"));
}

TEST(TableTest, ViewsHaveATextAndNoPartitionKeys) {
  v1::Table view;
  view.set_database("web");
  view.set_name("v");
  view.set_table_type(v1::VIRTUAL_VIEW);
  EXPECT_THAT(CheckTable(view, NameRules::kStrict), FailsWith(kInvalid, "table web.v: a view needs its text"));
  view.set_view_original_text("select 1");
  EXPECT_OK(CheckTable(view, NameRules::kStrict));
  AddColumn(view.mutable_partition_keys(), "dt", "date");
  EXPECT_THAT(CheckTable(view, NameRules::kStrict),
              FailsWith(kInvalid, "table web.v: a view has no partition keys, found 1"));
  view.set_table_type(v1::MATERIALIZED_VIEW);
  EXPECT_OK(CheckTable(view, NameRules::kStrict));
  view.set_view_expanded_text("\xFF");
  EXPECT_THAT(CheckTable(view, NameRules::kStrict), FailsWith(kInvalid, "the expanded text of the view is not UTF-8"));
  view.set_view_original_text(std::string((4 << 20) + 1, 'x'));
  EXPECT_THAT(CheckTable(view, NameRules::kStrict),
              FailsWith(kInvalid, "the original text of the view has 4194305 bytes, allowed are 4194304"));
}

v1::Constraint SoundForeignKey() {
  v1::Constraint constraint;
  constraint.set_name("fk");
  constraint.set_kind(v1::Constraint::FOREIGN_KEY);
  constraint.add_columns("URL");
  constraint.set_parent_database("web");
  constraint.set_parent_table("pages");
  constraint.add_parent_columns("url");
  return constraint;
}

TEST(ConstraintTest, EachRuleSaysWhenItIsBroken) {
  EXPECT_OK(CheckConstraint(SoundTable(), SoundForeignKey()));
  const struct {
    std::function<void(v1::Constraint*)> change;
    const char* message;  // empty: allowed
  } cases[] = {
      {[](auto* m) { m->clear_name(); }, ""},
      {[](auto* m) { m->set_columns(0, "dt"); }, ""},
      {[](auto* m) { m->set_kind(v1::Constraint::PRIMARY_KEY); }, ""},
      {[](auto* m) {
         m->set_kind(v1::Constraint::CHECK);
         m->clear_columns();
         m->set_expression("bytes > 0");
       },
       ""},
      {[](auto* m) { m->set_name("a\n"); }, "constraint name \"a\\x0a\" has a control character"},
      {[](auto* m) { m->clear_kind(); }, "constraint web.hits.fk: the kind is 0; expected one of PRIMARY_KEY"},
      {[](auto* m) { m->set_kind(static_cast<v1::Constraint::Kind>(9)); }, "the kind is 9"},
      {[](auto* m) { m->clear_columns(); }, "constraint web.hits.fk: it names no columns; expected at least one"},
      {[](auto* m) {
         m->set_kind(v1::Constraint::NOT_NULL);
         m->add_columns("bytes");
       },
       "it names 2 columns; expected one"},
      {[](auto* m) { m->set_kind(v1::Constraint::DEFAULT); }, "constraint web.hits.fk: the expression is empty"},
      {[](auto* m) { m->set_kind(v1::Constraint::CHECK); }, "the expression is empty"},
      {[](auto* m) { m->set_columns(0, "x"); }, "column \"x\" is none of table web.hits"},
      {[](auto* m) { m->set_columns(0, ""); }, "column name is empty"},
      {[](auto* m) { m->add_columns("url"); }, "column \"url\" is there twice"},
      {[](auto* m) { m->clear_parent_database(); }, "database name is empty"},
      {[](auto* m) { m->clear_parent_table(); }, "table name is empty"},
      {[](auto* m) { m->add_parent_columns("x"); }, "a foreign key of 1 columns points at 2"},
      {[](auto* m) { m->set_parent_columns(0, ""); }, "column name is empty"},
      {[](auto* m) { m->set_parent_constraint("\xFF"); }, "the name of the parent's constraint is not UTF-8"},
      {[](auto* m) { m->set_expression(std::string(4001, 'x')); }, "the expression has 4001 bytes"},
      {[](auto* m) {
         m->clear_name();
         m->clear_kind();
       },
       "constraint web.hits.(unnamed): the kind is 0"},
  };
  for (const auto& c : cases) {
    v1::Constraint constraint = SoundForeignKey();
    c.change(&constraint);
    const absl::Status status = CheckConstraint(SoundTable(), constraint);
    if (*c.message == '\0') {
      EXPECT_OK(status);
    } else {
      EXPECT_THAT(status, FailsWith(kInvalid, c.message));
    }
  }
}

TEST(StatisticsTest, TheKindOfDataFitsTheType) {
  using Statistics = v1::ColumnStatistics;
  const std::vector<std::pair<const char*, std::function<void(Statistics*)>>> kinds = {
      {"boolean", [](Statistics* s) { s->mutable_boolean_data(); }},
      {"long", [](Statistics* s) { s->mutable_long_data(); }},
      {"double", [](Statistics* s) { s->mutable_double_data(); }},
      {"decimal", [](Statistics* s) { s->mutable_decimal_data(); }},
      {"string", [](Statistics* s) { s->mutable_string_data(); }},
      {"binary", [](Statistics* s) { s->mutable_binary_data(); }},
      {"date", [](Statistics* s) { s->mutable_date_data(); }},
      {"timestamp", [](Statistics* s) { s->mutable_timestamp_data(); }},
  };
  const std::vector<std::pair<const char*, const char*>> types = {
      // and the kinds that fit
      {"boolean", "boolean"},
      {"tinyint", "long"},
      {"smallint", "long"},
      {"int", "long"},
      {"bigint", "long"},
      {"float", "double"},
      {"double", "double"},
      {"decimal(5,1)", "decimal"},
      {"string", "string"},
      {"varchar(3)", "string"},
      {"char(3)", "string"},
      {"binary", "binary"},
      {"date", "date long"},
      {"timestamp", "timestamp long"},
      {"array<int>", ""},
      {"void", ""},
      {"timestamp with local time zone", "timestamp long"},
  };
  for (const auto& [type, fitting] : types) {
    v1::Column column;
    column.set_name("c");
    column.set_type(type);
    v1::ColumnStatistics none;
    none.set_column("C");
    EXPECT_OK(CheckStatistics({&column, 1}, none, "web.hits")) << type;
    for (const auto& [kind, set] : kinds) {
      v1::ColumnStatistics statistics = none;
      set(&statistics);
      const absl::Status status = CheckStatistics({&column, 1}, statistics, "web.hits");
      const bool fits = (" " + std::string(fitting) + " ").find(" " + std::string(kind) + " ") != std::string::npos;
      if (fits) {
        EXPECT_OK(status) << type << " " << kind;
      } else {
        EXPECT_THAT(status, FailsWith(kInvalid, std::string("statistics web.hits.C: ") + kind + " data do not fit"));
      }
    }
  }
}

TEST(StatisticsTest, EachRuleSaysWhenItIsBroken) {
  v1::Column column;
  column.set_name("price");
  column.set_type("decimal(10,2)");
  const struct {
    std::function<void(v1::ColumnStatistics*)> change;
    const char* message;  // empty: allowed
  } cases[] = {
      {[](auto* m) { m->set_num_nulls(-1); }, ""},
      {[](auto* m) { m->mutable_decimal_data()->set_low("-12.50"); }, ""},
      {[](auto* m) { m->mutable_decimal_data()->set_high("1.5E+3"); }, ""},
      {[](auto* m) { m->set_column(""); }, "column name is empty"},
      {[](auto* m) { m->set_column("x"); }, "statistics web.hits.x: there is no such column"},
      {[](auto* m) { m->set_num_nulls(-2); }, "statistics web.hits.price: the number of NULLs is -2"},
      {[](auto* m) { m->set_num_distinct(-2); }, "the number of distinct values is -2"},
      {[](auto* m) { m->mutable_decimal_data()->set_low("ten"); }, "a decimal bound is \"ten\"; expected a decimal"},
      {[](auto* m) { m->mutable_decimal_data()->set_low("1."); }, "a decimal bound is \"1.\""},
      {[](auto* m) { m->mutable_decimal_data()->set_low("-"); }, "a decimal bound is \"-\""},
      {[](auto* m) { m->mutable_decimal_data()->set_low("1e"); }, "a decimal bound is \"1e\""},
      {[](auto* m) { m->mutable_decimal_data()->set_high("\xFF"); }, "a decimal bound is not UTF-8"},
      {[](auto* m) { m->mutable_decimal_data()->set_high(std::string(101, '1')); }, "a decimal bound has 101 bytes"},
      {[](auto* m) { m->set_column_type("\xFF"); }, "the column type is not UTF-8"},
      {[](auto* m) { m->set_engine("\n"); }, "the engine has a control character"},
      {[](auto* m) { m->set_bit_vector(std::string((1 << 20) + 1, 'x')); }, "the bit vector has 1048577 bytes"},
      {[](auto* m) { m->set_histogram(std::string((1 << 20) + 1, 'x')); }, "the histogram has 1048577 bytes"},
  };
  for (const auto& c : cases) {
    v1::ColumnStatistics statistics;
    statistics.set_column("price");
    c.change(&statistics);
    const absl::Status status = CheckStatistics({&column, 1}, statistics, "web.hits");
    if (*c.message == '\0') {
      EXPECT_OK(status);
    } else {
      EXPECT_THAT(status, FailsWith(kInvalid, c.message));
    }
  }
}

TEST(NormalizeTest, NamesGoToLowerCaseAndDefaultsAreHives) {
  v1::Table table = SoundTable();
  table.set_database("WEB");
  table.set_name("Hits");
  table.mutable_storage_descriptor()->mutable_columns(0)->set_name("URL");
  table.mutable_storage_descriptor()->mutable_sort_columns(0)->set_column("BYTES");
  table.mutable_storage_descriptor()->mutable_skewed_info()->set_columns(0, "Url");
  table.mutable_partition_keys(0)->set_name("DT");
  Normalize(&table);
  v1::Table expected = SoundTable();
  expected.set_owner_type(v1::USER);
  expected.set_table_type(v1::MANAGED_TABLE);
  expected.mutable_storage_descriptor()->set_bucket_columns(0, "url");
  EXPECT_TRUE(google::protobuf::util::MessageDifferencer::Equals(table, expected)) << table.DebugString();
  EXPECT_EQ(table.storage_descriptor().columns(1).type(), "BIGINT");

  v1::Database database;
  database.set_name("Web\xC3\x84");
  Normalize(&database);
  EXPECT_EQ(database.name(), "web\xC3\x84");
  EXPECT_EQ(database.owner_type(), v1::USER);
  database.set_owner_type(v1::ROLE);
  Normalize(&database);
  EXPECT_EQ(database.owner_type(), v1::ROLE);

  v1::Function function;
  function.set_database("Web");
  function.set_name("F");
  function.set_class_name("com.Example");
  Normalize(&function);
  EXPECT_EQ(function.database() + "." + function.name() + " " + function.class_name(), "web.f com.Example");

  v1::Constraint constraint = SoundForeignKey();
  constraint.set_name("FK");
  constraint.set_parent_table("Pages");
  constraint.set_parent_columns(0, "Url");
  Normalize(&constraint);
  EXPECT_EQ(constraint.name() + constraint.columns(0) + constraint.parent_table() + constraint.parent_columns(0),
            "fkurlpagesurl");
}

TEST(NormalizeTest, TypeAndParameterAgreeOnExternal) {
  const struct {
    v1::TableType type;
    const char* parameter;  // null: absent
    v1::TableType expected_type;
    const char* expected_parameter;
  } cases[] = {
      {v1::TABLE_TYPE_UNSPECIFIED, nullptr, v1::MANAGED_TABLE, nullptr},
      {v1::TABLE_TYPE_UNSPECIFIED, "TRUE", v1::EXTERNAL_TABLE, "TRUE"},
      {v1::MANAGED_TABLE, nullptr, v1::MANAGED_TABLE, nullptr},
      {v1::MANAGED_TABLE, "true", v1::EXTERNAL_TABLE, "true"},
      {v1::MANAGED_TABLE, "FALSE", v1::MANAGED_TABLE, "FALSE"},
      {v1::EXTERNAL_TABLE, nullptr, v1::EXTERNAL_TABLE, "TRUE"},
      {v1::EXTERNAL_TABLE, "TRUE", v1::EXTERNAL_TABLE, "TRUE"},
      {v1::EXTERNAL_TABLE, "FALSE", v1::MANAGED_TABLE, "FALSE"},
      {v1::VIRTUAL_VIEW, "TRUE", v1::VIRTUAL_VIEW, "TRUE"},
      {v1::MATERIALIZED_VIEW, nullptr, v1::MATERIALIZED_VIEW, nullptr},
  };
  for (const auto& c : cases) {
    v1::Table table = SoundTable();
    table.set_table_type(c.type);
    if (c.parameter != nullptr) (*table.mutable_parameters())["EXTERNAL"] = c.parameter;
    Normalize(&table);
    EXPECT_EQ(table.table_type(), c.expected_type);
    const auto entry = table.parameters().find("EXTERNAL");
    ASSERT_EQ(entry != table.parameters().end(), c.expected_parameter != nullptr);
    if (c.expected_parameter != nullptr) {
      EXPECT_EQ(entry->second, c.expected_parameter);
    }
  }
}

}  // namespace
}  // namespace lodestone::model
