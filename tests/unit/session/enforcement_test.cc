// Every call asks for privileges, says the same of what is forbidden and what is not there, and leaves its record.
#include <memory>
#include <random>
#include <set>
#include <string>

#include "catalog/base/strings.h"
#include "gtest/gtest.h"
#include "tests/support/matchers.h"
#include "tests/support/soak.h"
#include "tests/unit/session/every_call.h"
#include "tests/unit/session/fixture.h"

namespace lodestone {
namespace {

using testing::AuditList;
using testing::EveryCall;
using testing::EveryCalls;
using testing::HasCode;
using testing::MakeDatabase;
using testing::MakeFunction;
using testing::MakePartition;
using testing::MakeTable;
using testing::MakeView;
using testing::Objects;
using Outcome = AuditRecord::Outcome;

TEST(EveryCallTest, NamesEachPublicMethodOfSession) {
  std::set<std::string> called;
  for (const EveryCall& one : EveryCalls()) called.insert(one.method());
  const std::set<std::string> declared = testing::MethodsInHeader();
  EXPECT_GT(declared.size(), 90U);
  for (const std::string& method : declared) {
    EXPECT_TRUE(called.contains(method)) << "Session::" << method
                                         << " is in no table of calls: which privilege does it need?";
  }
}

// How much is there for the calls to find.
enum class Fill { kNothing, kParents, kAll, kDropped };

class Stage {
 public:
  explicit Stage(Fill fill) {
    OpenOptions options;
    options.audit = &audit;
    options.clock = &clock_;
    metastore = *Metastore::OpenInMemory(options);
    Session local = metastore->Local();
    EXPECT_OK(local.SetStoreAdministrator("root", true));
    if (fill != Fill::kNothing) {
      EXPECT_OK(local.CreateDatabase(MakeDatabase("web")));
    }
    if (fill == Fill::kAll || fill == Fill::kDropped) FillAll(local);
    if (fill == Fill::kDropped) {
      EXPECT_OK(local.DropDatabase("web", {.mode = DropMode::kCascade}));
      EXPECT_OK(local.DropCatalog("other"));
    }
    audit.records.clear();
  }

  std::unique_ptr<Metastore> metastore;
  AuditList audit;

 private:
  void FillAll(Session& local) {
    const Objects o;
    model::v1::Catalog other;
    other.set_name(o.catalog);
    EXPECT_OK(local.CreateCatalog(other));
    EXPECT_OK(local.CreateTable(MakeTable(o.database, o.table, {"dt"})));
    EXPECT_OK(local.CreateTable(MakeView(o.database, o.view)));
    EXPECT_OK(local.CreateFunction(MakeFunction(o.database, o.function)));
    EXPECT_OK(local.AddPartitions(o.table_name(), std::vector{MakePartition({o.value})}));
    EXPECT_OK(local.CreateRole(o.role));
    EXPECT_OK(local.AddToGroup(o.group, "bob"));
    EXPECT_OK(local.CreateAccount(o.user));
  }

  ManualClock clock_{1'700'000'000'000};
};

std::string Told(const absl::Status& status) {
  const auto error = DomainErrorOf(status);
  std::string told = status.ToString(absl::StatusToStringMode::kWithNoExtraData);
  if (error) {
    base::StrAppend(&told, " / ", static_cast<int>(error->kind), " ", static_cast<int>(error->object_kind), " ",
                    error->object);
  }
  return told;
}

TEST(EnforcementTest, WhoeverHasNothingIsDeniedEverythingInTheSameWordsWhateverIsThere) {
  for (const EveryCall& one : EveryCalls()) {
    SCOPED_TRACE(one.name);
    std::string first;
    for (const Fill fill : {Fill::kAll, Fill::kParents, Fill::kNothing, Fill::kDropped}) {
      Stage stage(fill);
      Session eve = stage.metastore->As(Principal{.name = "eve"});
      const absl::Status status = one.call(eve, {});
      if (!one.for_anyone) {
        EXPECT_THAT(status, HasCode(absl::StatusCode::kPermissionDenied));
      }
      if (!one.for_anyone) {
        EXPECT_EQ(DomainErrorOf(status)->kind, ErrorKind::kNoPrivilege);
      }
      if (first.empty()) first = Told(status);
      EXPECT_EQ(Told(status), first) << "what is there shows";
      ASSERT_EQ(stage.audit.records.size(), 1U);
      const AuditRecord& record = stage.audit.records[0];
      EXPECT_EQ(record.principal, "eve");
      if (one.for_anyone) continue;
      EXPECT_EQ(record.outcome, Outcome::kDenied);
      EXPECT_FALSE(record.why.empty()) << "what would have sufficed";
      EXPECT_EQ(record.version, 0U);
    }
  }
}

TEST(EnforcementTest, AnAdministratorOfTheStoreIsDeniedNothing) {
  for (const EveryCall& one : EveryCalls()) {
    SCOPED_TRACE(one.name);
    Stage stage(Fill::kAll);
    Session root = stage.metastore->As(Principal{.name = "root"});
    EXPECT_FALSE(absl::IsPermissionDenied(one.call(root, {})));
    ASSERT_EQ(stage.audit.records.size(), 1U);
    EXPECT_NE(stage.audit.records[0].outcome, Outcome::kDenied);
    EXPECT_FALSE(stage.audit.records[0].why.empty());
  }
}

TEST(EnforcementTest, TheEmbeddingProgramLeavesARecordOfWhatItChangesAlone) {
  for (const EveryCall& one : EveryCalls()) {
    SCOPED_TRACE(one.name);
    Stage stage(Fill::kAll);
    Session local = stage.metastore->Local();
    const absl::Status status = one.call(local, {});
    ASSERT_EQ(stage.audit.records.size(), one.changes ? 1U : 0U);
    if (!one.changes) continue;
    EXPECT_EQ(stage.audit.records[0].outcome, status.ok() ? Outcome::kDone : Outcome::kRefused);
  }
}

TEST(EnforcementTest, AHistoryLeavesOneRecordPerDecisionAndChange) {
  const uint64_t seed = testing::SeedOr(20260105);
  SCOPED_TRACE(base::StrCat("seed ", seed));
  std::mt19937_64 random(seed);
  Stage stage(Fill::kAll);
  Session local = stage.metastore->Local();
  EXPECT_OK(local.Grant({Grantee::User("ana"),
                         {Privilege::kSelect, Privilege::kCreateTable, Privilege::kDropTable},
                         Securable::Database("web")}));
  stage.audit.records.clear();
  std::size_t expected = 0;
  uint64_t version = local.version();
  for (int step = 0; step < testing::Soaked(3'000); ++step) {
    const EveryCall& one = EveryCalls()[random() % EveryCalls().size()];
    Objects o;
    if (random() % 4 == 0) o.table = "none";
    const std::string who = std::vector<std::string>{"", "root", "ana", "eve"}[random() % 4];
    Session session = stage.metastore->As(Principal{.name = who});
    const std::size_t before = stage.audit.records.size();
    const absl::Status status = one.call(session, o);
    if (one.changes || !who.empty()) ++expected;
    ASSERT_EQ(stage.audit.records.size(), expected) << one.name << " by " << who;
    if (stage.audit.records.size() == before) continue;
    const AuditRecord& record = stage.audit.records.back();
    EXPECT_EQ(record.outcome == Outcome::kDone, status.ok()) << one.name << ": " << status;
    // What became another version says which; nothing else does.
    const uint64_t now = local.version();
    if (record.version != 0) {
      EXPECT_TRUE(record.version > version && record.version <= now) << one.name;
    }
    if (now == version) {
      EXPECT_EQ(record.version, 0U) << one.name;
    }
    version = now;
    // So that there is something to work on.
    if (step % 50 == 0) {
      (void)local.CreateDatabase(MakeDatabase("web"));
      (void)local.CreateTable(MakeTable("web", "hits", {"dt"}));
      version = local.version();
      expected = stage.audit.records.size();
    }
  }
}

}  // namespace
}  // namespace lodestone
