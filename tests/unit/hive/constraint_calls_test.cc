// Constraints over the wire.
#include <tuple>

#include "bindings/hive/idl/hive_metastore_types.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/support/matchers.h"
#include "tests/unit/hive/call_fixture.h"

namespace lodestone::hive {
namespace {

using testing::CallTest;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

class ConstraintCallsTest : public CallTest {
 protected:
  void SetUp() override {
    CallTest::SetUp();
    AddTable("default", "hits");
    AddTable("default", "users");
  }

  // As clients since 3.1 add it: on `id`.
  static thrift::AddPrimaryKeyRequest PrimaryKey(const std::string& table, const std::string& name) {
    thrift::SQLPrimaryKey row;
    row.__set_catName("hive");
    row.__set_table_db("default");
    row.__set_table_name(table);
    row.__set_column_name("id");
    row.__set_key_seq(1);
    row.__set_pk_name(name);
    row.__set_rely_cstr(true);
    thrift::AddPrimaryKeyRequest request;
    request.__set_primaryKeyCols({row});
    return request;
  }
  // From `hits` to `users`, unnamed.
  static thrift::AddForeignKeyRequest ForeignKey() {
    thrift::SQLForeignKey row;
    row.__set_fktable_db("default");
    row.__set_fktable_name("hits");
    row.__set_fkcolumn_name("id");
    row.__set_pktable_db("default");
    row.__set_pktable_name("users");
    row.__set_pkcolumn_name("id");
    row.__set_key_seq(1);
    thrift::AddForeignKeyRequest request;
    request.__set_foreignKeyCols({row});
    return request;
  }
  static thrift::PrimaryKeysRequest AskKeys(const std::string& database, const std::string& table) {
    thrift::PrimaryKeysRequest request;
    request.db_name = database;
    request.tbl_name = table;
    return request;
  }
  template <typename Request>
  static Request Ask(const std::string& table) {
    Request request;
    request.catName = "hive";
    request.db_name = "default";
    request.tbl_name = table;
    return request;
  }
  static thrift::AllTableConstraintsRequest AskAll(const std::string& table) {
    thrift::AllTableConstraintsRequest request;
    request.catName = "hive";
    request.dbName = "default";
    request.tblName = table;
    return request;
  }
  static thrift::DropConstraintRequest DropOf(const std::string& table, const std::string& name) {
    thrift::DropConstraintRequest request;
    request.dbname = "default";
    request.tablename = table;
    request.constraintname = name;
    return request;
  }
  // One row of a constraint of `hits` on `name`.
  template <typename Row>
  static Row OnName() {
    Row row;
    row.__set_catName("hive");
    row.__set_table_db("default");
    row.__set_table_name("hits");
    row.__set_column_name("name");
    return row;
  }
};

TEST_F(ConstraintCallsTest, APrimaryKeyIsAddedReadAndDropped) {
  ASSERT_EQ(Fail("add_primary_key", PrimaryKey("hits", "pk")), "");
  EXPECT_THAT(Fail("add_primary_key", PrimaryKey("hits", "pk2")), HasSubstr("2 "));  // Meta: there is one
  const auto keys = Get<thrift::PrimaryKeysResponse>("get_primary_keys", AskKeys("Default", "Hits")).primaryKeys;
  ASSERT_THAT(keys, SizeIs(1));
  EXPECT_EQ(keys[0].catName, "hive");
  EXPECT_EQ(keys[0].table_db, "default");
  EXPECT_EQ(keys[0].table_name, "hits");
  EXPECT_EQ(keys[0].column_name, "id");
  EXPECT_EQ(keys[0].pk_name, "pk");
  EXPECT_EQ(keys[0].key_seq, 1);
  EXPECT_TRUE(keys[0].rely_cstr);
  EXPECT_FALSE(keys[0].enable_cstr);
  ASSERT_EQ(Fail("drop_constraint", DropOf("hits", "pk")), "");
  EXPECT_THAT(Fail("drop_constraint", DropOf("hits", "pk")), HasSubstr("1 "));  // NoSuchObject
  EXPECT_THAT(Get<thrift::PrimaryKeysResponse>("get_primary_keys", AskKeys("default", "hits")).primaryKeys, IsEmpty());
}

TEST_F(ConstraintCallsTest, WhatIsNotThereHasEmptyLists) {
  const struct {
    const char* database;
    const char* table;
  } kCases[] = {{"default", "hits"}, {"default", "nothing"}, {"nodb", "t"}, {"@hive#default", "hits"}, {"@no#d", "t"}};
  for (const auto& one : kCases) {
    EXPECT_THAT(Get<thrift::PrimaryKeysResponse>("get_primary_keys", AskKeys(one.database, one.table)).primaryKeys,
                IsEmpty())
        << one.database << "." << one.table;
    thrift::ForeignKeysRequest foreign;
    foreign.__set_foreign_db_name(one.database);
    foreign.__set_foreign_tbl_name(one.table);
    EXPECT_THAT(Get<thrift::ForeignKeysResponse>("get_foreign_keys", foreign).foreignKeys, IsEmpty());
  }
  const auto all = Get<thrift::AllTableConstraintsResponse>("get_all_table_constraints", AskAll("nothing"));
  EXPECT_TRUE(all.allTableConstraints.__isset.primaryKeys);
  EXPECT_TRUE(all.allTableConstraints.__isset.checkConstraints);
  EXPECT_THAT(all.allTableConstraints.foreignKeys, IsEmpty());
}

TEST_F(ConstraintCallsTest, OnWhatIsNotThereNothingIsAdded) {
  EXPECT_THAT(Fail("add_primary_key", PrimaryKey("nothing", "pk")), HasSubstr("1 "));  // NoSuchObject
  EXPECT_THAT(Fail("add_foreign_key", ForeignKey()), HasSubstr("2 "));                 // Meta: users has no key
  EXPECT_EQ(Fail("add_primary_key", thrift::AddPrimaryKeyRequest()), "");              // of no column at all
  EXPECT_THAT(Get<thrift::ForeignKeysResponse>("get_foreign_keys", thrift::ForeignKeysRequest()).foreignKeys,
              IsEmpty());
}

TEST_F(ConstraintCallsTest, ForeignKeysAreFoundByEitherEnd) {
  ASSERT_EQ(Fail("add_primary_key", PrimaryKey("users", "users_pk")), "");
  ASSERT_EQ(Fail("add_foreign_key", ForeignKey()), "");
  const struct {
    const char* parent_database;
    const char* parent;
    const char* child_database;
    const char* child;
    std::size_t expected;
  } kCases[] = {
      {"", "", "default", "hits", 1},
      {"default", "users", "", "", 1},
      {"DEFAULT", "Users", "default", "Hits", 1},
      {"", "", "", "", 1},
      {"default", "", "default", "", 1},
      {"", "", "default", "users", 0},
      {"default", "hits", "", "", 0},
      {"nodb", "users", "", "", 0},
      {"@hive#default", "users", "", "", 1},
      {"@no#default", "users", "default", "hits", 0},
      {"", "", "", "hits", 1},
      {"", "", "nodb", "", 0},
  };
  for (const auto& one : kCases) {
    thrift::ForeignKeysRequest request;
    request.__set_parent_db_name(one.parent_database);
    request.__set_parent_tbl_name(one.parent);
    request.__set_foreign_db_name(one.child_database);
    request.__set_foreign_tbl_name(one.child);
    const auto keys = Get<thrift::ForeignKeysResponse>("get_foreign_keys", request).foreignKeys;
    EXPECT_THAT(keys, SizeIs(one.expected))
        << one.parent_database << "." << one.parent << " from " << one.child_database << "." << one.child;
    for (const thrift::SQLForeignKey& key : keys) {
      EXPECT_EQ(key.pk_name, "users_pk");
      EXPECT_FALSE(key.fk_name.empty());
    }
  }
  // Dropping the key takes along what points at it.
  ASSERT_EQ(Fail("drop_constraint", DropOf("users", "users_pk")), "");
  EXPECT_THAT(Get<thrift::ForeignKeysResponse>("get_foreign_keys", thrift::ForeignKeysRequest()).foreignKeys,
              IsEmpty());
}

TEST_F(ConstraintCallsTest, TheOtherKindsAreAddedAndListed) {
  thrift::AddUniqueConstraintRequest unique;
  unique.__set_uniqueConstraintCols({OnName<thrift::SQLUniqueConstraint>()});
  ASSERT_EQ(Fail("add_unique_constraint", unique), "");
  thrift::AddNotNullConstraintRequest not_null;
  not_null.__set_notNullConstraintCols({OnName<thrift::SQLNotNullConstraint>()});
  ASSERT_EQ(Fail("add_not_null_constraint", not_null), "");
  auto with_default = OnName<thrift::SQLDefaultConstraint>();
  with_default.__set_default_value("'x'");
  thrift::AddDefaultConstraintRequest defaults;
  defaults.__set_defaultConstraintCols({with_default});
  ASSERT_EQ(Fail("add_default_constraint", defaults), "");
  auto with_check = OnName<thrift::SQLCheckConstraint>();
  with_check.__set_check_expression("name <> ''");
  thrift::AddCheckConstraintRequest check;
  check.__set_checkConstraintCols({with_check});
  ASSERT_EQ(Fail("add_check_constraint", check), "");

  const auto uniques =
      Get<thrift::UniqueConstraintsResponse>("get_unique_constraints", Ask<thrift::UniqueConstraintsRequest>("hits"));
  ASSERT_THAT(uniques.uniqueConstraints, SizeIs(1));
  EXPECT_EQ(uniques.uniqueConstraints[0].column_name, "name");
  EXPECT_FALSE(uniques.uniqueConstraints[0].uk_name.empty());
  EXPECT_THAT(Get<thrift::NotNullConstraintsResponse>("get_not_null_constraints",
                                                      Ask<thrift::NotNullConstraintsRequest>("hits"))
                  .notNullConstraints,
              SizeIs(1));
  const auto values = Get<thrift::DefaultConstraintsResponse>("get_default_constraints",
                                                              Ask<thrift::DefaultConstraintsRequest>("hits"));
  ASSERT_THAT(values.defaultConstraints, SizeIs(1));
  EXPECT_EQ(values.defaultConstraints[0].default_value, "'x'");
  const auto checks =
      Get<thrift::CheckConstraintsResponse>("get_check_constraints", Ask<thrift::CheckConstraintsRequest>("hits"));
  ASSERT_THAT(checks.checkConstraints, SizeIs(1));
  EXPECT_EQ(checks.checkConstraints[0].check_expression, "name <> ''");
  const auto all = Get<thrift::AllTableConstraintsResponse>("get_all_table_constraints", AskAll("hits"));
  EXPECT_THAT(std::make_tuple(
                  all.allTableConstraints.primaryKeys.size(), all.allTableConstraints.foreignKeys.size(),
                  all.allTableConstraints.uniqueConstraints.size(), all.allTableConstraints.notNullConstraints.size(),
                  all.allTableConstraints.defaultConstraints.size(), all.allTableConstraints.checkConstraints.size()),
              std::make_tuple(0u, 0u, 1u, 1u, 1u, 1u));
}

// ---- Who acts ----
class CheckedConstraintCallsTest : public ConstraintCallsTest {
 protected:
  CheckedConstraintCallsTest() { options.authenticate = true; }
};

TEST_F(CheckedConstraintCallsTest, WhoMayNotSeeATableHearsWhatIsSaidWhenItIsNotThere) {
  connection->Authenticated({.principal = {.name = "root"}, .catalog = {}});
  ASSERT_OK(metastore->Local().GrantRole(kAdminRole, Grantee::User("root")));
  ASSERT_EQ(Fail("add_primary_key", PrimaryKey("hits", "pk")), "");
  connection.emplace(&*service, 2);
  connection->Authenticated({.principal = {.name = "bob"}, .catalog = {}});
  EXPECT_THAT(Get<thrift::PrimaryKeysResponse>("get_primary_keys", AskKeys("default", "hits")).primaryKeys, IsEmpty());
  EXPECT_THAT(Fail("drop_constraint", DropOf("hits", "pk")), HasSubstr("2 "));  // Meta: bob may not
}

}  // namespace
}  // namespace lodestone::hive
