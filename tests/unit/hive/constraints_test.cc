#include "bindings/hive/convert/constraints.h"

#include <random>
#include <string>
#include <vector>

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
using model::v1::Constraint;
using testing::Difference;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using testing::OverTheWire;
using ::testing::SizeIs;

const TableName kTable{"web", "hits"};

// With as many columns and parents as its kind has.
Constraint RandomConstraint(std::mt19937_64& random, Constraint::Kind kind, int number) {
  Constraint constraint;
  testing::Fill(&constraint, random, {"Constraint.columns", "Constraint.parent_columns", "Constraint.kind"});
  constraint.set_kind(kind);
  constraint.set_name("c" + std::to_string(number));
  const bool many = kind == Constraint::PRIMARY_KEY || kind == Constraint::FOREIGN_KEY || kind == Constraint::UNIQUE;
  for (uint64_t n = many ? 1 + random() % 3 : 1; n > 0; --n) constraint.add_columns("k" + std::to_string(n));
  if (kind == Constraint::FOREIGN_KEY) {
    for (int i = 0; i < constraint.columns_size(); ++i) constraint.add_parent_columns("p" + std::to_string(i));
    constraint.set_parent_database("d" + constraint.parent_database());
  } else {
    for (const char* field : {"parent_database", "parent_table", "parent_constraint", "update_rule", "delete_rule"}) {
      constraint.GetReflection()->ClearField(&constraint, Constraint::descriptor()->FindFieldByName(field));
    }
  }
  if (kind != Constraint::DEFAULT && kind != Constraint::CHECK) constraint.clear_expression();
  return constraint;
}

TEST(ConstraintsTest, AllSixKindsComeBackAsTheyWere) {
  // In this order they are read.
  constexpr Constraint::Kind kKinds[] = {Constraint::PRIMARY_KEY, Constraint::UNIQUE, Constraint::NOT_NULL,
                                         Constraint::DEFAULT,     Constraint::CHECK,  Constraint::FOREIGN_KEY};
  const uint64_t seed = SeedOr(20260105);
  SCOPED_TRACE(seed);
  std::mt19937_64 random(seed);
  for (int i = 0; i < Soaked(200); ++i) {
    std::vector<Constraint> constraints;
    for (const Constraint::Kind kind : kKinds) {
      for (uint64_t n = random() % 4; n > 0; --n) {
        constraints.push_back(RandomConstraint(random, kind, static_cast<int>(constraints.size())));
      }
    }
    const absl::StatusOr<TableConstraints> back = ToModel(OverTheWire(ToThrift("sales", kTable, constraints)));
    ASSERT_OK(back);
    ASSERT_THAT(back->constraints, SizeIs(constraints.size()));
    for (std::size_t c = 0; c < constraints.size(); ++c) {
      ASSERT_EQ(Difference(constraints[c], back->constraints[c]), "") << constraints[c].DebugString();
    }
    if (constraints.empty()) continue;
    EXPECT_EQ(back->catalog, "sales");
    EXPECT_EQ(back->table, kTable);
  }
}

TEST(ConstraintsTest, AnswersHaveAllListsAlsoWhenEmpty) {
  const thrift::SQLAllTableConstraints sent = OverTheWire(ToThrift("hive", kTable, {}));
  EXPECT_TRUE(sent.__isset.primaryKeys && sent.__isset.foreignKeys && sent.__isset.uniqueConstraints &&
              sent.__isset.notNullConstraints && sent.__isset.defaultConstraints && sent.__isset.checkConstraints);
  EXPECT_THAT(sent.primaryKeys, IsEmpty());
  EXPECT_THAT(ToModel(sent)->constraints, IsEmpty());
}

TEST(ConstraintsTest, ACheckOverNoColumnIsARowWithoutOne) {
  Constraint check;
  check.set_kind(Constraint::CHECK);
  check.set_name("c");
  check.set_expression("a > b");
  const thrift::SQLAllTableConstraints sent = ToThrift("hive", kTable, std::span(&check, 1));
  ASSERT_THAT(sent.checkConstraints, SizeIs(1));
  EXPECT_EQ(sent.checkConstraints[0].column_name, "");
  EXPECT_EQ(Difference(check, ToModel(sent)->constraints.at(0)), "");
}

thrift::SQLPrimaryKey KeyColumn(const std::string& name, const std::string& column, int sequence) {
  thrift::SQLPrimaryKey row;
  row.__set_table_db("web");
  row.__set_table_name("hits");
  row.__set_pk_name(name);
  row.__set_column_name(column);
  row.__set_key_seq(sequence);
  return row;
}

thrift::SQLUniqueConstraint UniqueColumn(const std::string& name, const std::string& column, int sequence) {
  thrift::SQLUniqueConstraint row;
  row.__set_table_db("web");
  row.__set_table_name("hits");
  row.__set_uk_name(name);
  row.__set_column_name(column);
  row.__set_key_seq(sequence);
  return row;
}

TEST(ConstraintsTest, ColumnsOfANameAreOneConstraintInTheirOwnOrder) {
  thrift::SQLAllTableConstraints rows;
  rows.__set_uniqueConstraints({UniqueColumn("u1", "b", 2), UniqueColumn("u2", "x", 1), UniqueColumn("u1", "a", 1)});
  const TableConstraints found = ToModel(rows).value();
  ASSERT_THAT(found.constraints, SizeIs(2));
  EXPECT_EQ(found.constraints[0].name(), "u1");
  EXPECT_THAT(found.constraints[0].columns(), ElementsAre("a", "b"));
  EXPECT_THAT(found.constraints[1].columns(), ElementsAre("x"));
}

TEST(ConstraintsTest, UnnamedOnesBeginWhereTheSequenceDoes) {
  thrift::SQLAllTableConstraints rows;
  rows.__set_uniqueConstraints({UniqueColumn("", "a", 1), UniqueColumn("", "b", 2), UniqueColumn("", "c", 1)});
  rows.__set_primaryKeys({KeyColumn("", "k", 1), KeyColumn("", "l", 2)});
  const TableConstraints found = ToModel(rows).value();
  ASSERT_THAT(found.constraints, SizeIs(3));
  EXPECT_THAT(found.constraints[0].columns(), ElementsAre("k", "l"));
  EXPECT_THAT(found.constraints[1].columns(), ElementsAre("a", "b"));
  EXPECT_THAT(found.constraints[2].columns(), ElementsAre("c"));
}

TEST(ConstraintsTest, UnnamedNotNullsAreOneEach) {
  thrift::SQLAllTableConstraints rows;
  for (const char* column : {"a", "b"}) rows.notNullConstraints.emplace_back().__set_column_name(column);
  const TableConstraints found = ToModel(rows, {"hive", kTable, {}}).value();
  ASSERT_THAT(found.constraints, SizeIs(2));
  EXPECT_EQ(found.table, kTable);
}

TEST(ConstraintsTest, RowsAreOfOneTable) {
  thrift::SQLAllTableConstraints rows;
  rows.__set_primaryKeys({KeyColumn("k", "a", 1)});
  EXPECT_EQ(ToModel(rows)->table, kTable);
  EXPECT_EQ(ToModel(rows)->catalog, "hive");
  // Which is the one that is made; letters of either case.
  EXPECT_OK(ToModel(rows, {"hive", {"WEB", "Hits"}, {}}));
  EXPECT_OK(ToModel(rows, {"sales", kTable, {}}));
  EXPECT_THAT(ToModel(rows, {"hive", {"web", "other"}, {}}),
              FailsWith(absl::StatusCode::kInvalidArgument, "found \"web.other\" and \"web.hits\""));
  rows.primaryKeys[0].__set_table_db("@sales#web");
  EXPECT_EQ(ToModel(rows)->catalog, "sales");
  EXPECT_THAT(ToModel(rows, {"hive", kTable, {}}),
              FailsWith(absl::StatusCode::kInvalidArgument, "expected those of one table"));
}

TEST(ConstraintsTest, AParentWithoutADatabaseIsInThatOfTheChild) {
  thrift::SQLForeignKey row;
  row.__set_fktable_db("web");
  row.__set_fktable_name("hits");
  row.__set_fkcolumn_name("user");
  row.__set_pktable_name("users");
  row.__set_pkcolumn_name("id");
  row.__set_key_seq(1);
  thrift::SQLAllTableConstraints rows;
  rows.__set_foreignKeys({row});
  const Constraint found = ToModel(rows)->constraints.at(0);
  EXPECT_EQ(found.parent_database(), "web");
  EXPECT_EQ(found.parent_table(), "users");
  EXPECT_THAT(found.parent_columns(), ElementsAre("id"));
}

}  // namespace
}  // namespace lodestone::hive
