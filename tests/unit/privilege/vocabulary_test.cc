#include "catalog/errors.h"
#include "catalog/privileges.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/support/matchers.h"

namespace lodestone::testing {
namespace {

using enum Privilege;
using ::testing::Each;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::UnorderedElementsAre;

const Securable kOn[] = {Securable::Global(),
                         Securable::Catalog(),
                         Securable::Database("d"),
                         Securable::Table({"d", "t"}),
                         Securable::Column({"d", "t"}, "c"),
                         Securable::Partition({"d", "t"}, {"1"}),
                         Securable::Function({"d", "f"}),
                         Securable::Path("queues.q"),
                         Securable::Path("jobs.flink.7"),
                         Securable::Path("groups.g"),
                         Securable::Path("resources.g/r")};

TEST(VocabularyTest, WordsStandForTheseSets) {
  const struct {
    Vocabulary vocabulary;
    Securable on;
    std::string word;
    PrivilegeSet set;
  } cases[] = {
      {Vocabulary::kHive, kOn[3], "select", kSelect},
      {Vocabulary::kHive, kOn[3], "DELETE", {kDelete, kTruncate, kDropPartition}},
      {Vocabulary::kHive, kOn[1], "CREATE", {kCreateDatabase, kCreateTable, kCreateView, kCreateFunction}},
      {Vocabulary::kHive, kOn[2], "SHOW_DATABASE", kList},
      {Vocabulary::kDla, kOn[2], "CREATE", {kCreateTable, kCreateView, kCreateFunction}},
      {Vocabulary::kDla, kOn[0], "SHOW", {kList, kDescribe, kShowPartitions}},
      {Vocabulary::kDla, kOn[3], "CREATE", kAddPartition},
      {Vocabulary::kDli, kOn[2], "CREATE_TABLE", kCreateTable},
      {Vocabulary::kDli, kOn[3], "DESCRIBE_TABLE", kDescribe},
      {Vocabulary::kDli, kOn[3], "INSERT_OVERWRITE_TABLE", kOverwrite},
      {Vocabulary::kDli, kOn[4], "SELECT", kSelect},
      {Vocabulary::kDli, kOn[7], "RESTART", kRestartQueue},
      {Vocabulary::kDli, kOn[7], "SHOW_PRIVILEGE", kShowPrivileges},
      {Vocabulary::kDli, kOn[8], "UPDATE", kModify},
      {Vocabulary::kDli, kOn[9], "USE_GROUP", kUse},
      {Vocabulary::kDli, kOn[10], "GET_RESOURCE", kGet},
  };
  for (const auto& c : cases) {
    const auto set = ParsePrivilege(c.vocabulary, c.on, c.word);
    ASSERT_OK(set) << c.word;
    EXPECT_EQ(set->bits(), c.set.bits()) << c.word << " on " << c.on.ToString();
  }
}

TEST(VocabularyTest, WordsAreOfTheirObjects) {
  const struct {
    Vocabulary vocabulary;
    Securable on;
    std::string word;
  } cases[] = {
      {Vocabulary::kHive, kOn[3], "CREATE"},        {Vocabulary::kHive, kOn[3], "DESCRIBE_TABLE"},
      {Vocabulary::kHive, kOn[7], "ALL"},           {Vocabulary::kHive, kOn[3], ""},
      {Vocabulary::kDla, kOn[4], "SELECT"},         {Vocabulary::kDla, kOn[3], "CREATE,SHOW"},
      {Vocabulary::kDli, kOn[3], "CREATE_TABLE"},   {Vocabulary::kDli, kOn[3], "SUBMIT_JOB"},
      {Vocabulary::kDli, kOn[7], "SELECT"},         {Vocabulary::kDli, kOn[7], "GET"},
      {Vocabulary::kDli, kOn[8], "SHOW_PRIVILEGE"}, {Vocabulary::kDli, kOn[4], "INSERT_INTO_TABLE"},
      {Vocabulary::kDli, kOn[9], "USE_RESOURCE"},   {Vocabulary::kDli, Securable::Path("elsewhere.q"), "ALL"},
  };
  for (const auto& c : cases) {
    const absl::Status status = ParsePrivilege(c.vocabulary, c.on, c.word).status();
    EXPECT_THAT(status, HasCode(absl::StatusCode::kInvalidArgument)) << c.word << " on " << c.on.ToString();
    const auto error = DomainErrorOf(status);
    ASSERT_TRUE(error.has_value());
    EXPECT_EQ(error->object_kind, ObjectKind::kPrivilege);
    EXPECT_EQ(error->object, c.word);
  }
  EXPECT_THAT(ParsePrivilege(Vocabulary::kDli, kOn[4], "X"),
              FailsWith(absl::StatusCode::kInvalidArgument,
                        "where there are ALL, SELECT, GRANT_PRIVILEGE, REVOKE_PRIVILEGE, SHOW_PRIVILEGES"));
}

// What is granted by a word is listed by that word, or by the one that says the same.
TEST(VocabularyTest, AWordComesBack) {
  int words = 0;
  for (const Vocabulary vocabulary : {Vocabulary::kHive, Vocabulary::kDla, Vocabulary::kDli}) {
    for (const Securable& on : kOn) {
      const std::vector<std::string> all = AllPrivilegeWords(vocabulary, on);
      PrivilegeSet everything;
      for (const std::string& word : all) {
        ++words;
        const PrivilegeSet set = *ParsePrivilege(vocabulary, on, word);
        everything |= set;
        std::string first;
        for (const std::string& other : all) {
          if (first.empty() && *ParsePrivilege(vocabulary, on, other) == set) first = other;
        }
        EXPECT_THAT(PrivilegeWords(vocabulary, on, set), ElementsAre(first)) << word << " on " << on.ToString();
      }
      if (!all.empty()) {
        EXPECT_THAT(PrivilegeWords(vocabulary, on, everything), ElementsAre("ALL")) << on.ToString();
      }
      EXPECT_THAT(PrivilegeWords(vocabulary, on, {}), IsEmpty());
    }
  }
  EXPECT_GT(words, 200);
}

TEST(VocabularyTest, SetsAreSaidInTheFewestWords) {
  const Securable table = Securable::Table({"d", "t"});
  EXPECT_THAT(PrivilegeWords(Vocabulary::kHive, table, {kSelect, kDelete, kTruncate, kDropPartition}),
              UnorderedElementsAre("SELECT", "DELETE"));
  // Half of a word is not said.
  EXPECT_THAT(PrivilegeWords(Vocabulary::kHive, table, {kDelete, kTruncate}), IsEmpty());
  EXPECT_THAT(PrivilegeWords(Vocabulary::kDli, table, {kSelect, kDescribe, kSubmitJob}),
              UnorderedElementsAre("SELECT", "DESCRIBE_TABLE"));
  EXPECT_THAT(PrivilegeWords(Vocabulary::kDli, table, PrivilegeSet::All()), ElementsAre("ALL"));
  EXPECT_THAT(PrivilegeWords(Vocabulary::kDli, Securable::Kind::kPath, kShowPrivileges), ElementsAre("SHOW_PRIVILEGE"));
}

TEST(PrivilegeNamesTest, EachHasItsOwn) {
  std::set<std::string_view> names;
  for (const Privilege one : PrivilegeSet::All().ToVector()) names.insert(NameOf(one));
  EXPECT_EQ(names.size(), static_cast<std::size_t>(kPrivilegeCount));
  EXPECT_EQ(NameOf(kShowPrivileges), "SHOW PRIVILEGES");
}

}  // namespace
}  // namespace lodestone::testing
