// Constraints and column statistics.
#include "tests/unit/session/fixture.h"

namespace lodestone::testing {
namespace {

using absl::StatusCode;
using model::v1::ColumnStatistics;
using model::v1::Constraint;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

class DetailsTest : public SessionTest {
 protected:
  DetailsTest() {
    MakeHits();
    EXPECT_OK(session().CreateTable(MakeTable("web", "users")));
  }
  static Constraint Make(Constraint::Kind kind, std::string_view name, const Names& columns) {
    Constraint constraint;
    constraint.set_kind(kind);
    constraint.set_name(std::string(name));
    for (const std::string& column : columns) constraint.add_columns(column);
    if (kind == Constraint::CHECK || kind == Constraint::DEFAULT) constraint.set_expression("1");
    return constraint;
  }
  static Constraint ForeignKey(std::string_view name, const TableName& parent) {
    Constraint constraint = Make(Constraint::FOREIGN_KEY, name, {"id"});
    constraint.set_parent_database(parent.database);
    constraint.set_parent_table(parent.table);
    constraint.add_parent_columns("id");
    return constraint;
  }
  absl::Status AddOne(const TableName& table, const Constraint& constraint) {
    return session().AddConstraints(table, std::vector{constraint});
  }
  Names ConstraintNames(const TableName& table) {
    Names names;
    const auto found = session().ListConstraints(table);
    EXPECT_OK(found);
    if (!found.ok()) return {"?"};
    for (const Constraint& constraint : *found) names.push_back(constraint.name());
    return names;
  }
  static ColumnStatistics Statistics(std::string_view column, int64_t nulls) {
    ColumnStatistics statistics;
    statistics.set_column(std::string(column));
    statistics.set_num_nulls(nulls);
    return statistics;
  }

  const TableName kUsers{.database = "web", .table = "users"};
};

using ConstraintsTest = DetailsTest;
using StatisticsTest = DetailsTest;

TEST_F(ConstraintsTest, AreKeptAndListedByName) {
  ASSERT_OK(session().AddConstraints(
      kUsers, std::vector{Make(Constraint::UNIQUE, "U1", {"NAME"}), Make(Constraint::PRIMARY_KEY, "pk", {"id"}),
                          Make(Constraint::CHECK, "ck", {})}));
  EXPECT_THAT(ConstraintNames(kUsers), ElementsAre("ck", "pk", "u1"));
  EXPECT_EQ(LastEvent().count(), 3);
  ExpectSound();
}

TEST_F(ConstraintsTest, UnnamedOnesGetAName) {
  ASSERT_OK(session().AddConstraints(
      kUsers, std::vector{Make(Constraint::NOT_NULL, "", {"id"}), Make(Constraint::NOT_NULL, "", {"name"})}));
  const Names names = ConstraintNames(kUsers);
  ASSERT_THAT(names, SizeIs(2));
  for (const std::string& name : names) EXPECT_EQ(name.substr(0, 3), "nn_");
}

TEST_F(ConstraintsTest, BadOnesAreRefusedAndNothingIsKept) {
  ASSERT_OK(AddOne(kUsers, Make(Constraint::PRIMARY_KEY, "pk", {"id"})));
  const struct {
    Constraint constraint;
    StatusCode code;
    std::string text;
  } cases[] = {
      {Make(Constraint::PRIMARY_KEY, "pk2", {"name"}), StatusCode::kAlreadyExists, "has a primary key already: pk"},
      {Make(Constraint::UNIQUE, "PK", {"name"}), StatusCode::kAlreadyExists, "constraint web.users.pk"},
      {Make(Constraint::UNIQUE, "u", {"nocolumn"}), StatusCode::kInvalidArgument, "nocolumn"},
      {ForeignKey("fk", {"web", "nobody"}), StatusCode::kNotFound, "table web.nobody does not exist"},
      {ForeignKey("fk", kHits), StatusCode::kInvalidArgument,
       "expected a primary key or unique constraint (id) of table web.hits, found none"},
  };
  for (const auto& c : cases) {
    EXPECT_THAT(session().AddConstraints(kUsers, std::vector{Make(Constraint::CHECK, "ck", {}), c.constraint}),
                FailsWith(c.code, c.text));
  }
  EXPECT_THAT(ConstraintNames(kUsers), ElementsAre("pk"));
  ExpectSound();
}

TEST_F(ConstraintsTest, AForeignKeyFollowsItsParentsRenames) {
  ASSERT_OK(AddOne(kUsers, Make(Constraint::PRIMARY_KEY, "pk", {"id"})));
  ASSERT_OK(AddOne(kHits, ForeignKey("fk", kUsers)));
  ASSERT_OK(session().CreateDatabase(MakeDatabase("people")));
  ASSERT_OK(session().RenameTable(kUsers, {"people", "persons"}));
  ASSERT_OK(session().RenameDatabase("people", "folk"));
  const Constraint fk = session().ListConstraints(kHits)->front();
  EXPECT_EQ(fk.parent_database(), "folk");
  EXPECT_EQ(fk.parent_table(), "persons");
  EXPECT_EQ(fk.parent_constraint(), "pk");
  ExpectSound();
}

TEST_F(ConstraintsTest, AKeyOrTableThatGoesTakesForeignKeysAlong) {
  const auto prepare = [&] {
    ASSERT_OK(AddOne(kUsers, Make(Constraint::PRIMARY_KEY, "pk", {"id"})));
    ASSERT_OK(AddOne(kUsers, Make(Constraint::UNIQUE, "uk", {"name"})));
    ASSERT_OK(AddOne(kHits, ForeignKey("fk", kUsers)));
  };
  prepare();
  ASSERT_OK(session().DropConstraint(kUsers, "uk"));
  EXPECT_THAT(ConstraintNames(kHits), ElementsAre("fk"));
  ASSERT_OK(session().DropConstraint(kUsers, "PK"));
  EXPECT_THAT(ConstraintNames(kHits), IsEmpty());
  ExpectSound();
  prepare();
  ASSERT_OK(session().DropTable(kUsers));
  EXPECT_THAT(ConstraintNames(kHits), IsEmpty());
  ExpectSound();
  ASSERT_OK(session().UndropTable(kUsers));
  EXPECT_THAT(ConstraintNames(kUsers), ElementsAre("pk", "uk"));
  EXPECT_THAT(ConstraintNames(kHits), IsEmpty());
  ExpectSound();
}

TEST_F(ConstraintsTest, AChildThatGoesOrComesBackKeepsBothSidesInStep) {
  ASSERT_OK(AddOne(kUsers, Make(Constraint::PRIMARY_KEY, "pk", {"id"})));
  ASSERT_OK(AddOne(kHits, ForeignKey("fk", kUsers)));
  ASSERT_OK(session().DropTable(kHits));
  ExpectSound();
  ASSERT_OK(session().UndropTable(kHits));
  EXPECT_THAT(ConstraintNames(kHits), ElementsAre("fk"));
  ASSERT_OK(session().DropConstraint(kHits, "fk"));
  ExpectSound();
  ASSERT_OK(AddOne(kHits, ForeignKey("fk", kUsers)));
  ASSERT_OK(session().DropTable(kHits, {.purge = Purge::kYes}));
  ExpectSound();
}

TEST_F(ConstraintsTest, AParentInADroppedDatabaseIsNotShown) {
  ASSERT_OK(session().CreateDatabase(MakeDatabase("people")));
  ASSERT_OK(session().RenameTable(kUsers, {"people", "users"}));
  ASSERT_OK(AddOne({"people", "users"}, Make(Constraint::PRIMARY_KEY, "pk", {"id"})));
  ASSERT_OK(AddOne(kHits, ForeignKey("fk", {"people", "users"})));
  ASSERT_OK(session().DropDatabase("people", {.mode = DropMode::kCascade}));
  EXPECT_THAT(ConstraintNames(kHits), IsEmpty());
  ASSERT_OK(session().UndropDatabase("people"));
  EXPECT_THAT(ConstraintNames(kHits), ElementsAre("fk"));
  ASSERT_OK(session().DropDatabase("people", {.mode = DropMode::kCascade, .purge = Purge::kYes}));
  EXPECT_THAT(ConstraintNames(kHits), IsEmpty());
  ExpectSound();
}

TEST_F(ConstraintsTest, TheNameOfAForeignKeyIsFreeOnceItsParentIsGoneForGood) {
  const TableName parent{.database = "people", .table = "users"};
  ASSERT_OK(session().CreateDatabase(MakeDatabase("people")));
  ASSERT_OK(session().RenameTable(kUsers, parent));
  ASSERT_OK(AddOne(parent, Make(Constraint::PRIMARY_KEY, "pk", {"id"})));
  ASSERT_OK(AddOne(kHits, ForeignKey("fk", parent)));
  ASSERT_OK(session().DropDatabase("people", {.mode = DropMode::kCascade}));
  const Constraint other = Make(Constraint::CHECK, "fk", {});
  EXPECT_THAT(AddOne(kHits, other), FailsWith(StatusCode::kAlreadyExists, "fk")) << "an undrop brings it back";
  ASSERT_OK(session().UndropDatabase("people"));
  ASSERT_OK(session().DropDatabase("people", {.mode = DropMode::kCascade, .purge = Purge::kYes}));
  EXPECT_OK(AddOne(kHits, other));
  ExpectSound();
}

TEST_F(ConstraintsTest, AForeignKeyMayPointAtItsOwnTable) {
  Constraint fk = ForeignKey("fk", kUsers);
  fk.clear_parent_database();
  ASSERT_OK(session().AddConstraints(kUsers, std::vector{fk, Make(Constraint::PRIMARY_KEY, "pk", {"id"})}));
  EXPECT_THAT(ConstraintNames(kUsers), ElementsAre("fk", "pk"));
  ExpectSound();
  ASSERT_OK(session().DropTable(kUsers, {.purge = Purge::kYes}));
  ExpectSound();
}

TEST_F(ConstraintsTest, AColumnThatAConstraintNamesStays) {
  ASSERT_OK(AddOne(kUsers, Make(Constraint::NOT_NULL, "nn", {"name"})));
  Table table = *session().GetTable(kUsers);
  table.mutable_storage_descriptor()->mutable_columns()->RemoveLast();
  EXPECT_THAT(session().AlterTable(kUsers, table),
              FailsWith(StatusCode::kFailedPrecondition, "column \"name\" can't go: constraint nn names it"));
  ASSERT_OK(session().DropConstraint(kUsers, "nn"));
  EXPECT_OK(session().AlterTable(kUsers, table));
  EXPECT_THAT(session().DropConstraint(kUsers, "nn"),
              FailsWith(StatusCode::kNotFound, "constraint web.users.nn does not exist"));
}

TEST_F(StatisticsTest, OfTablesAreKeptByColumn) {
  ASSERT_OK(session().UpdateTableStatistics(kHits, std::vector{Statistics("ID", 1), Statistics("name", 2)}));
  ASSERT_OK(session().UpdateTableStatistics(kHits, std::vector{Statistics("id", 5)}));
  auto found = session().GetTableStatistics(kHits);
  ASSERT_OK(found);
  ASSERT_THAT(*found, SizeIs(2));
  EXPECT_EQ((*found)[0].column(), "id");
  EXPECT_EQ((*found)[0].num_nulls(), 5);
  EXPECT_THAT(*session().GetTableStatistics(kHits, Names{"NAME", "other", "name"}), SizeIs(1));
  EXPECT_THAT(session().UpdateTableStatistics(kHits, std::vector{Statistics("none", 1)}),
              HasCode(StatusCode::kInvalidArgument));
  ASSERT_OK(session().DeleteTableStatistics(kHits, Names{"id"}));
  EXPECT_THAT(*session().GetTableStatistics(kHits), SizeIs(1));
  const int64_t events = EventCount();
  ASSERT_OK(session().DeleteTableStatistics(kHits, Names{"id"}));  // nothing there
  EXPECT_EQ(EventCount(), events);
  ASSERT_OK(session().DeleteTableStatistics(kHits));
  EXPECT_THAT(*session().GetTableStatistics(kHits), IsEmpty());
}

TEST_F(StatisticsTest, OfAColumnThatGoesOrChangesGo) {
  ASSERT_OK(session().UpdateTableStatistics(kHits, std::vector{Statistics("id", 1), Statistics("name", 2)}));
  Table table = *session().GetTable(kHits);
  table.mutable_storage_descriptor()->mutable_columns(0)->set_type("string");
  ASSERT_OK(session().AlterTable(kHits, table));
  const auto found = session().GetTableStatistics(kHits);
  ASSERT_THAT(*found, SizeIs(1));
  EXPECT_EQ(found->front().column(), "name");
  ExpectSound();
}

TEST_F(StatisticsTest, OfPartitionsLiveAsLongAsThePartition) {
  Add({{"1", "00"}, {"1", "01"}});
  const Names p{"1", "00"};
  ASSERT_OK(session().UpdatePartitionStatistics(kHits, p, std::vector{Statistics("id", 1), Statistics("name", 2)}));
  EXPECT_THAT(*session().GetPartitionStatistics(kHits, p), SizeIs(2));
  EXPECT_THAT(*session().GetPartitionStatistics(kHits, p, Names{"Id"}), SizeIs(1));
  EXPECT_THAT(*session().GetPartitionStatistics(kHits, Names{"1", "01"}), IsEmpty());
  EXPECT_THAT(session().GetPartitionStatistics(kHits, Names{"2", "00"}), HasCode(StatusCode::kNotFound));
  EXPECT_THAT(session().UpdatePartitionStatistics(kHits, Names{"2", "00"}, std::vector{Statistics("id", 1)}),
              HasCode(StatusCode::kNotFound));
  ASSERT_OK(session().DeletePartitionStatistics(kHits, p, Names{"id"}));
  EXPECT_THAT(*session().GetPartitionStatistics(kHits, p), SizeIs(1));
  EXPECT_EQ(*session().DropPartitions(kHits, Names{"dt=1/hour=00"}), 1);
  ASSERT_OK(session().AddPartitions(kHits, std::vector{MakePartition(p)}));
  EXPECT_THAT(*session().GetPartitionStatistics(kHits, p), IsEmpty());
  ExpectSound();
}

TEST_F(StatisticsTest, OfSeveralPartitionsComeInNameOrderEachOnce) {
  Add({{"1", "00"}, {"1", "01"}, {"a/b", "02"}, {"3", "03"}});
  for (const auto& [values, nulls] : std::vector<std::pair<Names, int64_t>>{{{"1", "00"}, 1}, {{"a/b", "02"}, 2}}) {
    ASSERT_OK(session().UpdatePartitionStatistics(
        kHits, values, std::vector{Statistics("id", nulls), Statistics("name", 10 * nulls)}));
  }
  ASSERT_OK(session().UpdatePartitionStatistics(kHits, Names{"3", "03"}, std::vector{Statistics("name", 7)}));
  // The second has none, the third not of this column, the last one is not there.
  const Names names = {"dt=a%2Fb/hour=02", "dt=1/hour=01", "DT=1/hour=00",
                       "dt=3/hour=03",     "dt=1/hour=00", "dt=9/hour=09"};
  const auto found = session().GetPartitionsStatistics(kHits, names, Names{"ID"});
  ASSERT_OK(found);
  ASSERT_THAT(*found, SizeIs(2));
  EXPECT_EQ((*found)[0].partition, "dt=1/hour=00");
  ASSERT_THAT((*found)[0].columns, SizeIs(1));
  EXPECT_EQ((*found)[0].columns[0].num_nulls(), 1);
  EXPECT_EQ((*found)[1].partition, "dt=a%2Fb/hour=02");
  EXPECT_EQ((*found)[1].columns[0].num_nulls(), 2);
  const auto all = session().GetPartitionsStatistics(kHits, names);
  ASSERT_OK(all);
  ASSERT_THAT(*all, SizeIs(3));
  EXPECT_THAT((*all)[0].columns, SizeIs(2));
  EXPECT_THAT(*session().GetPartitionsStatistics(kHits, Names{}), IsEmpty());
  EXPECT_THAT(session().GetPartitionsStatistics(kHits, Names{"dt=1"}).status(), HasCode(StatusCode::kInvalidArgument));
  EXPECT_THAT(session().GetPartitionsStatistics({"web", "no"}, names).status(), HasCode(StatusCode::kNotFound));
}

}  // namespace
}  // namespace lodestone::testing
