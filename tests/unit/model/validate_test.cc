// Names, catalogs, databases, functions, partitions: each rule broken on its own, and the message that says so.
#include "catalog/model/validate.h"

#include <functional>
#include <string>
#include <vector>

#include "catalog/model/limits.h"
#include "tests/support/matchers.h"

namespace lodestone::model {
namespace {

using testing::FailsWith;
constexpr auto kInvalid = absl::StatusCode::kInvalidArgument;

TEST(NameTest, NewNamesFollowTheStrictRules) {
  const struct {
    ObjectKind kind;
    std::string name;
    std::string message;  // empty: allowed
  } cases[] = {
      {ObjectKind::kDatabase, "web", ""},
      {ObjectKind::kDatabase, "Web_2", ""},
      {ObjectKind::kDatabase, "2web", ""},
      {ObjectKind::kDatabase, "a_", ""},
      {ObjectKind::kCatalog, "hive", ""},
      {ObjectKind::kFunction, "f1", ""},
      {ObjectKind::kTable, "$test", ""},
      {ObjectKind::kTable, "test$", ""},
      {ObjectKind::kTable, "1$", ""},
      {ObjectKind::kTable, "sys", ""},
      {ObjectKind::kDatabase, "system", ""},
      {ObjectKind::kTable, std::string(128, 'a'), ""},
      {ObjectKind::kTable, "", "table name is empty"},
      {ObjectKind::kTable, "a b",
       "table name \"a b\" has the character \" \" at position 2; allowed are letters, digits, _ and $"},
      {ObjectKind::kDatabase, "a$b",
       "database name \"a$b\" has the character \"$\" at position 2; allowed are letters, digits and _"},
      {ObjectKind::kFunction, "f.g", "function name \"f.g\" has the character \".\" at position 2"},
      {ObjectKind::kTable, "t\xC3\xA4",
       "table name \"t\xC3\xA4\" has the character \"\xC3\xA4\" at position 2; allowed are letters"},
      {ObjectKind::kTable, std::string(129, 'a'), "has 129 characters, allowed are 128"},
      {ObjectKind::kTable,
       "ab\xFF"
       "c",
       "table name \"ab\" is not UTF-8 at byte 3 (0xff)"},
      {ObjectKind::kTable, std::string("a\0b", 3),
       "table name \"a\\x00b\" has a control character (0x00) at position 2"},
      {ObjectKind::kTable, "\xC3\xA4\x7F", "has a control character (0x7f) at position 2"},
      {ObjectKind::kTable, "_t", "table name \"_t\" begins with _; expected a letter or a digit first"},
      {ObjectKind::kDatabase, "123", "database name \"123\" has digits alone; expected a letter or _ as well"},
      {ObjectKind::kTable, "__hive_default_partition__", "is reserved: it stands for NULL in partition names"},
      {ObjectKind::kDatabase, "Information_Schema", "database name \"Information_Schema\" is reserved"},
      {ObjectKind::kDatabase, "sys", "database name \"sys\" is reserved"},
  };
  for (const auto& c : cases) {
    const absl::Status status = CheckNewName(c.kind, c.name, NameRules::kStrict);
    if (c.message.empty()) {
      EXPECT_OK(status);
      continue;
    }
    EXPECT_THAT(status, FailsWith(kInvalid, c.message)) << c.name;
    ASSERT_TRUE(DomainErrorOf(status).has_value()) << c.name;
    EXPECT_EQ(DomainErrorOf(status)->kind, ErrorKind::kInvalidObject);
    EXPECT_EQ(DomainErrorOf(status)->object_kind, c.kind);
  }
}

TEST(NameTest, HivesRulesAllowMore) {
  for (const std::string name : {"_t", "123", "_", "1_"}) {
    EXPECT_OK(CheckNewName(ObjectKind::kTable, name, NameRules::kHive)) << name;
    EXPECT_OK(CheckNewName(ObjectKind::kDatabase, name, NameRules::kHive)) << name;
  }
  EXPECT_OK(CheckNewName(ObjectKind::kDatabase, "sys", NameRules::kHive));
  EXPECT_OK(CheckNewName(ObjectKind::kDatabase, "information_schema", NameRules::kHive));
  EXPECT_FALSE(CheckNewName(ObjectKind::kDatabase, "a-b", NameRules::kHive).ok());
  EXPECT_FALSE(CheckNewName(ObjectKind::kDatabase, "a$", NameRules::kHive).ok());
  EXPECT_THAT(CheckNewName(ObjectKind::kTable, "__HIVE_DEFAULT_PARTITION__", NameRules::kHive),
              FailsWith(kInvalid, "is reserved"));
}

TEST(NameTest, ColumnsAndConstraintsHaveFreerNames) {
  for (const std::string name : {"a b", "_1", "12", "a.b", "\xC3\xA4", "a-b", "a/b=c", "$", "\"", "`"}) {
    EXPECT_OK(CheckNewName(ObjectKind::kColumn, name, NameRules::kStrict)) << name;
    EXPECT_OK(CheckNewName(ObjectKind::kConstraint, name, NameRules::kStrict)) << name;
  }
  EXPECT_OK(CheckNewName(ObjectKind::kConstraint, "a,b:c;d", NameRules::kStrict));
  for (const char bad : {',', ':', ';'}) {
    const std::string name = std::string("\xC3\xA4") + bad + "b";
    EXPECT_THAT(CheckNewName(ObjectKind::kColumn, name, NameRules::kStrict),
                FailsWith(kInvalid, std::string("has the character \"") + bad + "\" at position 2; not allowed are"));
  }
  EXPECT_OK(CheckNewName(ObjectKind::kColumn, std::string(767, 'a'), NameRules::kStrict));
  EXPECT_THAT(CheckNewName(ObjectKind::kColumn, std::string(768, 'a'), NameRules::kStrict),
              FailsWith(kInvalid, "has 768 bytes, allowed are 767"));
  EXPECT_OK(CheckNewName(ObjectKind::kConstraint, std::string(400, 'a'), NameRules::kStrict));
  EXPECT_THAT(CheckNewName(ObjectKind::kConstraint, std::string(401, 'a'), NameRules::kStrict),
              FailsWith(kInvalid, "has 401 bytes, allowed are 400"));
  EXPECT_THAT(CheckNewName(ObjectKind::kColumn, "a\tb", NameRules::kStrict),
              FailsWith(kInvalid, "column name \"a\\x09b\" has a control character (0x09) at position 2"));
}

TEST(NameTest, LookupsRefuseOnlyWhatNoObjectCouldHave) {
  for (const std::string name : {"_t", "12", "a b", "a.b", "\xC3\xA4", "sys", "__HIVE_DEFAULT_PARTITION__"}) {
    EXPECT_OK(CheckLookupName(ObjectKind::kTable, name)) << name;
  }
  EXPECT_THAT(CheckLookupName(ObjectKind::kTable, ""), FailsWith(kInvalid, "table name is empty"));
  EXPECT_THAT(CheckLookupName(ObjectKind::kDatabase, "a\xC3"), FailsWith(kInvalid, "is not UTF-8 at byte 2 (0xc3)"));
  EXPECT_THAT(CheckLookupName(ObjectKind::kDatabase, "a\n"), FailsWith(kInvalid, "has a control character (0x0a)"));
  std::string umlauts;
  for (int i = 0; i < 128; ++i) umlauts += "\xC3\xA4";
  EXPECT_OK(CheckLookupName(ObjectKind::kTable, umlauts));
  EXPECT_THAT(CheckLookupName(ObjectKind::kTable, umlauts + "x"),
              FailsWith(kInvalid, "has 129 characters, allowed are 128"));
}

// One way to break a sound message, and what is said about it.
template <typename Message>
struct Breach {
  std::function<void(Message*)> change;
  const char* message;
};

v1::Catalog SoundCatalog() {
  v1::Catalog catalog;
  catalog.set_name("lake");
  catalog.set_description("line one\nline two");
  catalog.set_location_uri("obs://lake");
  return catalog;
}

TEST(CatalogTest, EachRuleSaysWhenItIsBroken) {
  EXPECT_OK(CheckCatalog(SoundCatalog(), NameRules::kStrict));
  const Breach<v1::Catalog> breaches[] = {
      {[](auto* m) { m->set_name("a b"); }, "catalog name \"a b\" has the character"},
      {[](auto* m) { m->set_description(std::string(4001, 'x')); },
       "catalog lake: the description has 4001 bytes, allowed are 4000"},
      {[](auto* m) { m->set_description("a\xFF"); }, "catalog lake: the description is not UTF-8 at byte 2 (0xff)"},
      {[](auto* m) { m->set_location_uri(std::string(4001, 'x')); },
       "catalog lake: the location has 4001 bytes, allowed are 4000"},
      {[](auto* m) { m->set_location_uri("obs://a\nb"); },
       "catalog lake: the location has a control character (0x0a) at position 8"},
  };
  for (const auto& breach : breaches) {
    v1::Catalog catalog = SoundCatalog();
    breach.change(&catalog);
    EXPECT_THAT(CheckCatalog(catalog, NameRules::kStrict), FailsWith(kInvalid, breach.message));
  }
}

v1::Database SoundDatabase() {
  v1::Database database;
  database.set_name("web");
  database.set_location_uri("/warehouse/web.db");
  database.set_owner_name("ana");
  (*database.mutable_parameters())["field.delim"] = "\x01";
  (*database.mutable_parameters())["empty"] = "";
  return database;
}

TEST(DatabaseTest, EachRuleSaysWhenItIsBroken) {
  EXPECT_OK(CheckDatabase(SoundDatabase(), NameRules::kStrict));
  const Breach<v1::Database> breaches[] = {
      {[](auto* m) { m->set_name("1"); }, "has digits alone"},
      {[](auto* m) { m->set_description(std::string(4001, 'x')); }, "database web: the description has 4001 bytes"},
      {[](auto* m) { m->set_location_uri("\xC0"); }, "database web: the location is not UTF-8 at byte 1 (0xc0)"},
      {[](auto* m) { m->set_managed_location_uri("\x1F"); },
       "database web: the managed location has a control character (0x1f) at position 1"},
      {[](auto* m) { m->set_owner_name("a\rb"); }, "database web: the owner has a control character (0x0d)"},
      {[](auto* m) { m->set_owner_name(std::string(768, 'x')); }, "the owner has 768 bytes, allowed are 767"},
      {[](auto* m) { m->set_owner_type(static_cast<v1::PrincipalType>(9)); }, "the owner type is the unknown number 9"},
      {[](auto* m) { (*m->mutable_parameters())[""] = "x"; }, "database web: a parameter has an empty key"},
      {[](auto* m) { (*m->mutable_parameters())["k\xFF"] = "x"; }, "the key of a parameter is not UTF-8 at byte 2"},
      {[](auto* m) { (*m->mutable_parameters())["a\nb"] = "x"; }, "the key of a parameter has a control character"},
      {[](auto* m) { (*m->mutable_parameters())[std::string(257, 'k')] = "x"; },
       "the key of a parameter has 257 bytes, allowed are 256"},
      {[](auto* m) { (*m->mutable_parameters())["k"] = "\x80"; },
       "database web: the value of the parameter \"k\" is not UTF-8 at byte 1 (0x80)"},
      {[](auto* m) { (*m->mutable_parameters())["k"] = std::string((1 << 20) + 1, 'v'); },
       "the value of the parameter \"k\" has 1048577 bytes, allowed are 1048576"},
      {[](auto* m) {
         for (int i = 0; i < 10001; ++i) (*m->mutable_parameters())["k" + std::to_string(i)] = "";
       },
       "database web: there are 10003 parameters, allowed are 10000"},
      {[](auto* m) {
         for (int i = 0; i < 17; ++i) (*m->mutable_parameters())["k" + std::to_string(i)] = std::string(1 << 20, 'v');
       },
       "bytes in all, allowed are 16777216"},
  };
  for (const auto& breach : breaches) {
    v1::Database database = SoundDatabase();
    breach.change(&database);
    EXPECT_THAT(CheckDatabase(database, NameRules::kStrict), FailsWith(kInvalid, breach.message));
  }
}

v1::Function SoundFunction() {
  v1::Function function;
  function.set_database("web");
  function.set_name("f");
  function.set_class_name("com.example.F");
  function.add_resources()->set_uri("obs://jars/f.jar");
  return function;
}

TEST(FunctionTest, EachRuleSaysWhenItIsBroken) {
  EXPECT_OK(CheckFunction(SoundFunction(), NameRules::kStrict));
  const Breach<v1::Function> breaches[] = {
      {[](auto* m) { m->set_database(""); }, "database name is empty"},
      {[](auto* m) { m->set_name("f()"); }, "function name \"f()\" has the character \"(\" at position 2"},
      {[](auto* m) { m->set_class_name(""); }, "function web.f: the class name is empty"},
      {[](auto* m) { m->set_class_name(std::string(4001, 'x')); }, "the class name has 4001 bytes"},
      {[](auto* m) { m->set_owner_name("\xFF"); }, "function web.f: the owner is not UTF-8"},
      {[](auto* m) { m->set_owner_type(static_cast<v1::PrincipalType>(9)); }, "the owner type is the unknown number 9"},
      {[](auto* m) { m->set_function_type(static_cast<v1::Function::Type>(7)); },
       "the function type is the unknown number 7"},
      {[](auto* m) { m->add_resources(); }, "function web.f: the URI of resource 2 is empty"},
      {[](auto* m) { m->mutable_resources(0)->set_uri("a\x01"); }, "the URI of resource 1 has a control character"},
      {[](auto* m) { m->mutable_resources(0)->set_type(static_cast<v1::Function::Resource::Type>(9)); },
       "the type of resource 1 is the unknown number 9"},
      {[](auto* m) {
         for (int i = 0; i < 1000; ++i) m->add_resources()->set_uri("u");
       },
       "function web.f: it has 1001 resources, allowed are 1000"},
  };
  for (const auto& breach : breaches) {
    v1::Function function = SoundFunction();
    breach.change(&function);
    EXPECT_THAT(CheckFunction(function, NameRules::kStrict), FailsWith(kInvalid, breach.message));
  }
}

TEST(PartitionValuesTest, AreAsManyAsKeysAndCleanText) {
  const std::vector<std::string> keys = {"dt", "hour"};
  const std::string long_value(4097, 'x');
  const struct {
    std::vector<std::string_view> values;
    std::string message;  // empty: allowed
  } cases[] = {
      {{"2026-01-05", "13"}, ""},
      {{"", ""}, ""},
      {{"a/b=c%", "\xC3\xA4 "}, ""},
      {{"__HIVE_DEFAULT_PARTITION__", std::string_view(long_value).substr(1)}, ""},
      {{"2026-01-05"},
       "partition of table web.hits has 1 values, the table has 2 partition keys; keys [\"dt\", \"hour\"], values "
       "[\"2026-01-05\"]"},
      {{}, "has 0 values, the table has 2 partition keys; keys [\"dt\", \"hour\"], values []"},
      {{"a", "b", "c"}, "has 3 values, the table has 2"},
      {{"a", "b\n"},
       "partition of table web.hits: the value of key \"hour\" has a control character (0x0a) at position 2"},
      {{std::string_view("\0", 1), "b"}, "the value of key \"dt\" has a control character (0x00) at position 1"},
      {{"a", "\x7F"}, "has a control character (0x7f)"},
      {{"a", "b\xE2\x82"}, "the value of key \"hour\" is not UTF-8 at byte 2 (0xe2)"},
      {{long_value, "b"}, "the value of key \"dt\" has 4097 bytes, allowed are 4096"},
  };
  for (const auto& c : cases) {
    const absl::Status status = CheckPartitionValues("web.hits", keys, c.values);
    if (c.message.empty()) {
      EXPECT_OK(status);
      continue;
    }
    EXPECT_THAT(status, FailsWith(kInvalid, c.message));
    EXPECT_EQ(DomainErrorOf(status)->object_kind, ObjectKind::kPartition);
  }
}

v1::Partition SoundPartition() {
  v1::Partition partition;
  partition.add_values("2026-01-05");
  partition.add_values("a/b");
  (*partition.mutable_parameters())["numRows"] = "5";
  partition.mutable_storage_descriptor()->set_location("obs://lake/web/hits/x");
  return partition;
}

TEST(PartitionTest, EachRuleSaysWhenItIsBroken) {
  EXPECT_OK(CheckPartition("web.hits", SoundPartition()));
  EXPECT_OK(CheckPartition("web.hits", v1::Partition()));
  const Breach<v1::Partition> breaches[] = {
      {[](auto* m) { (*m->mutable_parameters())["a\xFF"] = "x"; },
       "partition web.hits/2026-01-05/a/b: the key of a parameter is not UTF-8"},
      {[](auto* m) { m->mutable_storage_descriptor()->set_location(std::string(4001, 'x')); },
       "partition web.hits/2026-01-05/a/b: the location has 4001 bytes"},
      {[](auto* m) { m->mutable_storage_descriptor()->set_location("a\nb"); }, "the location has a control character"},
      {[](auto* m) {
         m->set_values(0, "\xFF\n");
         m->mutable_storage_descriptor()->set_location("\n");
       },
       "partition web.hits/\\xff\\x0a/a/b: the location"},
      {[](auto* m) { m->mutable_storage_descriptor()->add_columns()->set_name("c"); },
       "column \"c\" of partition web.hits/2026-01-05/a/b: the type is empty"},
      {[](auto* m) {
         v1::Column* column = m->mutable_storage_descriptor()->add_columns();
         column->set_name("c");
         column->set_type("int");
         column->set_comment("\xFF");
       },
       "partition web.hits/2026-01-05/a/b: the comment of column \"c\" is not UTF-8"},
      {[](auto* m) {
         for (int i = 0; i < 5; ++i) (*m->mutable_parameters())["k" + std::to_string(i)] = std::string(1 << 20, 'v');
       },
       "bytes in all, allowed are 4194304"},
  };
  for (const auto& breach : breaches) {
    v1::Partition partition = SoundPartition();
    breach.change(&partition);
    EXPECT_THAT(CheckPartition("web.hits", partition), FailsWith(kInvalid, breach.message));
  }
}

}  // namespace
}  // namespace lodestone::model
