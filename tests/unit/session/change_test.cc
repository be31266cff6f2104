// What all changes have in common: transactions, snapshots, events, dropping and bringing back.
#include "catalog/session/context.h"
#include "catalog/store/memory/memory_store.h"
#include "tests/support/forwarding_store.h"
#include "tests/unit/session/fixture.h"

namespace lodestone::testing {
namespace {

using absl::StatusCode;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

using TransactTest = SessionTest;
using SnapshotTest = SessionTest;
using EventsTest = SessionTest;
using DroppedTest = SessionTest;
using OpenTest = SessionTest;

// --- Transact ---

TEST_F(TransactTest, SeveralChangesCommitTogetherAndSeeEachOther) {
  const uint64_t before = session().version();
  const auto version = session().Transact([&](Session& inside) -> absl::Status {
    RETURN_IF_ERROR(inside.CreateDatabase(MakeDatabase("web")));
    RETURN_IF_ERROR(inside.CreateTable(MakeTable("web", "hits", {"dt", "hour"})));
    RETURN_IF_ERROR(inside.AddPartitions(kHits, std::vector{MakePartition({"1", "00"})}).status());
    EXPECT_EQ(*inside.CountPartitions(kHits), 1);
    EXPECT_THAT(session().GetDatabase("web"), HasCode(StatusCode::kNotFound));  // not yet visible outside
    return absl::OkStatus();
  });
  ASSERT_OK(version);
  EXPECT_EQ(*version, before + 1);
  EXPECT_EQ(session().version(), *version);
  const auto events = session().ReadEvents();
  ASSERT_THAT(events->events, SizeIs(3));
  for (const Event& event : events->events) EXPECT_EQ(event.version(), static_cast<int64_t>(*version));
  ExpectSound();
}

TEST_F(TransactTest, AFailureUndoesAll) {
  EXPECT_THAT(session().Transact([&](Session& inside) -> absl::Status {
    RETURN_IF_ERROR(inside.CreateDatabase(MakeDatabase("web")));
    return inside.DropTable({"web", "none"});
  }),
              HasCode(StatusCode::kNotFound));
  EXPECT_THAT(session().ListDatabases()->items, ElementsAre("default"));
  EXPECT_EQ(EventCount(), 0);
}

TEST_F(TransactTest, ACallThatFailsBeforeItWritesLeavesTheRest) {
  MakeHits();
  Add({{"1", "00"}});
  ASSERT_OK(session().Transact([&](Session& inside) -> absl::Status {
    const std::vector<Partition> both{MakePartition({"0", "00"}), MakePartition({"1", "00"})};
    EXPECT_THAT(inside.AddPartitions(kHits, both), HasCode(StatusCode::kAlreadyExists));
    EXPECT_THAT(inside.AlterPartitions(kHits, std::vector{MakePartition({"9", "00"})}), HasCode(StatusCode::kNotFound));
    EXPECT_THAT(inside.DropPartitions(kHits, Names{"dt=1/hour=00", "dt=9/hour=00"}), HasCode(StatusCode::kNotFound));
    return inside.CreateDatabase(MakeDatabase("other"));
  }));
  EXPECT_THAT(PartitionNames(), ElementsAre("dt=1/hour=00"));
  EXPECT_OK(session().GetDatabase("other"));
  ExpectSound();
}

TEST_F(TransactTest, ACallThatFailsHalfwayFailsTheWhole) {
  MakeHits();
  model::v1::Constraint good;
  good.set_kind(model::v1::Constraint::PRIMARY_KEY);
  good.add_columns("id");
  model::v1::Constraint bad = good;  // a second primary key
  const auto done = session().Transact([&](Session& inside) -> absl::Status {
    EXPECT_THAT(inside.AddConstraints(kHits, std::vector{good, bad}), HasCode(StatusCode::kAlreadyExists));
    return absl::OkStatus();
  });
  EXPECT_THAT(done, HasCode(StatusCode::kAlreadyExists));
  EXPECT_THAT(*session().ListConstraints(kHits), IsEmpty());
}

TEST_F(TransactTest, AnotherSessionCantWriteInside) {
  EXPECT_THAT(session().Transact([&](Session&) { return session().CreateDatabase(MakeDatabase("web")); }),
              HasCode(StatusCode::kFailedPrecondition));
  EXPECT_OK(session().CreateDatabase(MakeDatabase("web")));  // nothing is left locked
}

TEST_F(TransactTest, AnInnerTransactIsPartOfTheOuterOne) {
  EXPECT_THAT(session().Transact([&](Session& outer) -> absl::Status {
    RETURN_IF_ERROR(outer.Transact([](Session& inner) { return inner.CreateDatabase(MakeDatabase("web")); }).status());
    EXPECT_OK(outer.GetDatabase("web"));
    return absl::CancelledError("no");
  }),
              HasCode(StatusCode::kCancelled));
  EXPECT_THAT(session().ListDatabases()->items, ElementsAre("default"));
}

TEST_F(TransactTest, AnAbortedBodyRunsAgainFromTheStart) {
  int runs = 0;
  ASSERT_OK(session().Transact([&](Session& inside) -> absl::Status {
    RETURN_IF_ERROR(inside.CreateDatabase(MakeDatabase("web")));
    return ++runs < 3 ? absl::AbortedError("again") : absl::OkStatus();
  }));
  EXPECT_EQ(runs, 3);
  EXPECT_EQ(EventCount(), 1);
}

TEST_F(TransactTest, ASessionKeptBeyondItsTransactionIsReadOnly) {
  std::optional<Session> kept;
  ASSERT_OK(session().Transact([&](Session& inside) -> absl::Status {
    kept.emplace(inside);
    return inside.CreateDatabase(MakeDatabase("web"));
  }));
  EXPECT_OK(kept->ListDatabases());
  EXPECT_THAT(kept->CreateDatabase(MakeDatabase("x")), HasCode(StatusCode::kFailedPrecondition));
}

// --- Snapshot ---

TEST_F(SnapshotTest, SeesOnePointInTimeAndCantWrite) {
  MakeHits();
  Add({{"1", "00"}});
  Session snapshot = session().Snapshot();
  Add({{"2", "00"}});
  ASSERT_OK(session().CreateTable(MakeTable("web", "t2")));
  EXPECT_EQ(*snapshot.CountPartitions(kHits), 1);
  EXPECT_THAT(snapshot.ListTables("web")->items, ElementsAre("hits"));
  ASSERT_OK(session().TruncatePartitions(kHits));
  ASSERT_OK(session().DropTable(kHits, {.purge = Purge::kYes}));
  EXPECT_THAT(*snapshot.PartitionNameStrings(kHits), ElementsAre("dt=1/hour=00"));
  EXPECT_EQ(snapshot.version(), snapshot.Snapshot().version());
  EXPECT_THAT(snapshot.CreateDatabase(MakeDatabase("x")), FailsWith(StatusCode::kFailedPrecondition, "read-only"));
  EXPECT_THAT(snapshot.Transact([](Session&) { return absl::OkStatus(); }), HasCode(StatusCode::kFailedPrecondition));
}

TEST_F(SnapshotTest, ResolvedNamesAreNeverThoseOfAnotherTime) {
  MakeHits();
  Add({{"1", "00"}});
  const auto exists = [&](const Session& at, const Names& values) {
    const auto found = at.PartitionExists(kHits, values);
    return found.ok() ? (*found ? "yes" : "no") : std::string(base::ToStd(found.status().message()));
  };
  Session first = session().Snapshot();
  EXPECT_EQ(exists(session(), {"1", "00"}), "yes");  // remembered from here on
  ASSERT_OK(session().RenameTable(kHits, {"web", "old"}));
  EXPECT_EQ(exists(session(), {"1", "00"}), "table web.hits does not exist");
  EXPECT_EQ(exists(first, {"1", "00"}), "yes");
  ASSERT_OK(session().CreateTable(MakeTable("web", "hits", {"dt", "hour"})));
  EXPECT_EQ(exists(session(), {"1", "00"}), "no");
  Session second = session().Snapshot();
  ASSERT_OK(session().DropTable(kHits));
  ASSERT_OK(session().RenameTable({"web", "old"}, kHits));
  EXPECT_EQ(exists(session(), {"1", "00"}), "yes");
  EXPECT_EQ(exists(second, {"1", "00"}), "no");
  EXPECT_EQ(exists(first, {"1", "00"}), "yes");
  // A transaction that comes to nothing leaves nothing behind.
  EXPECT_THAT(session().Transact([&](Session& inside) -> absl::Status {
    RETURN_IF_ERROR(inside.DropTable(kHits));
    EXPECT_EQ(exists(inside, {"1", "00"}), "table web.hits does not exist");
    RETURN_IF_ERROR(inside.CreateTable(MakeTable("web", "hits", {"dt", "hour"})));
    EXPECT_EQ(exists(inside, {"1", "00"}), "no");
    return absl::CancelledError("no");
  }),
              HasCode(StatusCode::kCancelled));
  EXPECT_EQ(exists(session(), {"1", "00"}), "yes");
  ASSERT_OK(session().CreateDatabase(MakeDatabase("aside")));  // takes the version that the other did not use
  EXPECT_EQ(exists(session(), {"1", "00"}), "yes");
  ASSERT_OK(session().TruncatePartitions(kHits));
  EXPECT_EQ(exists(session(), {"1", "00"}), "no");
  EXPECT_EQ(exists(first, {"1", "00"}), "yes");
}

TEST_F(SnapshotTest, WritesRememberNamesThatTheyDidNotChange) {
  MakeHits();
  Add({{"1", "00"}});
  Add({{"2", "00"}});
  const auto other_keys = [&](Session& inside) -> absl::Status {
    RETURN_IF_ERROR(inside.AddPartitions(kHits, std::vector{MakePartition({"3", "00"})}).status());
    RETURN_IF_ERROR(inside.DropTable(kHits));
    RETURN_IF_ERROR(inside.CreateTable(MakeTable("web", "hits", {"region"})));
    return inside.AddPartitions(kHits, std::vector{MakePartition({"eu"})}).status();
  };
  EXPECT_THAT(session().Transact([&](Session& inside) -> absl::Status {
    RETURN_IF_ERROR(other_keys(inside));
    return absl::CancelledError("no");
  }),
              HasCode(StatusCode::kCancelled));
  Add({{"4", "00"}});
  EXPECT_THAT(*session().PartitionNameStrings(kHits), ElementsAre("dt=1/hour=00", "dt=2/hour=00", "dt=4/hour=00"));
  ASSERT_OK(session().Transact(other_keys));
  Add({{"us"}});
  EXPECT_THAT(*session().PartitionNameStrings(kHits), ElementsAre("region=eu", "region=us"));
}

// --- Events ---

TEST_F(EventsTest, EachChangeAppendsExactlyOne) {
  model::v1::Catalog catalog;
  catalog.set_name("sales");
  model::v1::ColumnStatistics statistics;
  statistics.set_column("id");
  model::v1::Constraint constraint;
  constraint.set_kind(model::v1::Constraint::NOT_NULL);
  constraint.add_columns("id");
  constraint.set_name("c1");
  const TableName moved{"web", "visits"};
  const Names p1{"1", "00"};
  Table hits = MakeTable("web", "hits", {"dt", "hour"});
  struct Step {
    Event::Kind kind;
    std::string object;
    std::function<absl::Status()> run;
  };
  const Step steps[] = {
      {Event::CREATE_CATALOG, "", [&] { return session().CreateCatalog(catalog); }},
      {Event::ALTER_CATALOG, "", [&] { return session().AlterCatalog("sales", catalog); }},
      {Event::ALTER_CATALOG, "", [&] { return session().RenameCatalog("sales", "trade"); }},
      {Event::DROP_CATALOG, "", [&] { return session().DropCatalog("trade"); }},
      {Event::UNDROP_CATALOG, "", [&] { return session().UndropCatalog("trade"); }},
      {Event::CREATE_DATABASE, "", [&] { return session().CreateDatabase(MakeDatabase("web")); }},
      {Event::ALTER_DATABASE, "", [&] { return session().AlterDatabase("web", MakeDatabase("web")); }},
      {Event::ALTER_DATABASE, "", [&] { return session().RenameDatabase("web", "net"); }},
      {Event::DROP_DATABASE, "", [&] { return session().DropDatabase("net"); }},
      {Event::UNDROP_DATABASE, "", [&] { return session().UndropDatabase("net"); }},
      {Event::ALTER_DATABASE, "", [&] { return session().RenameDatabase("net", "web"); }},
      {Event::CREATE_TABLE, "hits", [&] { return session().CreateTable(hits); }},
      {Event::ALTER_TABLE, "hits", [&] { return session().AlterTable(kHits, hits); }},
      {Event::ALTER_TABLE, "hits", [&] { return session().RenameTable(kHits, moved); }},
      {Event::DROP_TABLE, "visits", [&] { return session().DropTable(moved); }},
      {Event::UNDROP_TABLE, "visits", [&] { return session().UndropTable(moved); }},
      {Event::ALTER_TABLE, "visits", [&] { return session().RenameTable(moved, kHits); }},
      {Event::ADD_PARTITIONS, "hits",
       [&] { return session().AddPartitions(kHits, std::vector{MakePartition(p1)}).status(); }},
      {Event::ALTER_PARTITIONS, "hits",
       [&] { return session().AlterPartitions(kHits, std::vector{MakePartition(p1)}); }},
      {Event::UPDATE_PARTITION_STATISTICS, "hits",
       [&] { return session().UpdatePartitionStatistics(kHits, p1, std::vector{statistics}); }},
      {Event::DELETE_PARTITION_STATISTICS, "hits", [&] { return session().DeletePartitionStatistics(kHits, p1); }},
      {Event::ALTER_PARTITIONS, "hits",
       [&] {
         return session().RenamePartition(kHits, p1, Names{"2", "00"});
       }},
      {Event::DROP_PARTITIONS, "hits", [&] { return session().DropPartitions(kHits, Names{"dt=2/hour=00"}).status(); }},
      {Event::UPDATE_TABLE_STATISTICS, "hits",
       [&] { return session().UpdateTableStatistics(kHits, std::vector{statistics}); }},
      {Event::DELETE_TABLE_STATISTICS, "hits", [&] { return session().DeleteTableStatistics(kHits); }},
      {Event::ADD_CONSTRAINTS, "hits", [&] { return session().AddConstraints(kHits, std::vector{constraint}); }},
      {Event::DROP_CONSTRAINT, "hits", [&] { return session().DropConstraint(kHits, "c1"); }},
      {Event::CREATE_FUNCTION, "f", [&] { return session().CreateFunction(MakeFunction("web", "f")); }},
      {Event::ALTER_FUNCTION, "f",
       [&] {
         return session().AlterFunction({"web", "f"}, MakeFunction("web", "f"));
       }},
      {Event::ALTER_FUNCTION, "f",
       [&] {
         return session().RenameFunction({"web", "f"}, {"web", "g"});
       }},
      {Event::DROP_FUNCTION, "g",
       [&] {
         return session().DropFunction({"web", "g"});
       }},
      {Event::UNDROP_FUNCTION, "g",
       [&] {
         return session().UndropFunction({"web", "g"});
       }},
  };
  int64_t id = 0;
  for (const Step& step : steps) {
    clock_.Advance(1);
    ASSERT_OK(step.run()) << Event::Kind_Name(step.kind);
    const Event event = LastEvent();
    EXPECT_EQ(event.id(), ++id) << Event::Kind_Name(step.kind);
    EXPECT_EQ(Event::Kind_Name(event.kind()), Event::Kind_Name(step.kind));
    EXPECT_EQ(event.object(), step.object) << Event::Kind_Name(step.kind);
    EXPECT_EQ(event.who(), "ana");
    EXPECT_EQ(event.time_ms(), clock_.NowMillis());
    EXPECT_EQ(event.version(), static_cast<int64_t>(session().version()));
    EXPECT_NE(event.object_id(), 0) << Event::Kind_Name(step.kind);
    ExpectSound();
  }
}

TEST_F(EventsTest, ManyPartitionsAreCountedAndNotListed) {
  MakeHits();
  std::vector<Partition> many;
  for (int i = 0; i < 1'001; ++i) many.push_back(MakePartition({std::to_string(i), "00"}));
  ASSERT_OK(session().AddPartitions(kHits, std::span(many).first(1'000)));
  EXPECT_EQ(LastEvent().partitions_size(), 1'000);
  ASSERT_OK(session().TruncatePartitions(kHits));
  EXPECT_EQ(LastEvent().partitions_size(), 1'000);
  ASSERT_OK(session().AddPartitions(kHits, many));
  EXPECT_EQ(LastEvent().count(), 1'001);
  EXPECT_EQ(LastEvent().partitions_size(), 0);
}

TEST_F(EventsTest, OldOnesGoByMaintainAndLittleByLittle) {
  Reopen({.event_retention_ms = 1'000});
  for (int i = 0; i < 20; ++i) ASSERT_OK(session().CreateDatabase(MakeDatabase("d" + std::to_string(i))));
  clock_.Advance(2'000);
  ASSERT_OK(session().CreateDatabase(MakeDatabase("later")));
  EXPECT_EQ(session().GetEventBounds()->first_id, 5);
  EXPECT_EQ(session().GetEventBounds()->newest_id, 21);
  const auto expired = session().ReadEvents({.after = 3});
  EXPECT_THAT(expired, FailsWith(StatusCode::kOutOfRange, "the log begins with 5"));
  EXPECT_EQ(DomainErrorOf(expired.status())->kind, ErrorKind::kEventsExpired);
  EXPECT_OK(session().ReadEvents({.after = 4}));
  ASSERT_OK(metastore_->Maintain());
  EXPECT_EQ(session().GetEventBounds()->first_id, 21);
  clock_.Advance(2'000);
  ASSERT_OK(metastore_->Maintain());
  EXPECT_EQ(session().GetEventBounds()->first_id, 22);
  EXPECT_THAT(session().ReadEvents({.after = 21})->events, IsEmpty());
  ExpectSound();
}

// --- Dropping and bringing back ---

TEST_F(DroppedTest, ATableComesBackWithAllItHeld) {
  MakeHits();
  Add({{"1", "00"}});
  const int64_t id = session().GetTable(kHits)->id();
  ASSERT_OK(session().DropTable(kHits));
  EXPECT_THAT(session().GetTable(kHits), HasCode(StatusCode::kNotFound));
  ExpectSound();
  ASSERT_OK(session().UndropTable(kHits));
  EXPECT_EQ(session().GetTable(kHits)->id(), id);
  EXPECT_THAT(PartitionNames(), ElementsAre("dt=1/hour=00"));
  EXPECT_THAT(session().UndropTable(kHits), HasCode(StatusCode::kAlreadyExists));
  ExpectSound();
}

TEST_F(DroppedTest, TheLastOneComesBackFirst) {
  ASSERT_OK(session().CreateDatabase(MakeDatabase("web")));
  const TableName t{"web", "t"};
  std::vector<int64_t> ids;
  for (int i = 0; i < 3; ++i) {  // all within one millisecond
    ASSERT_OK(session().CreateTable(MakeTable("web", "t")));
    ids.push_back(session().GetTable(t)->id());
    ASSERT_OK(session().DropTable(t));
  }
  // The first becomes the last: dropped again after it came back.
  ASSERT_OK(session().UndropTable(t));
  ASSERT_OK(session().RenameTable(t, {"web", "c"}));
  ASSERT_OK(session().UndropTable(t));
  EXPECT_EQ(session().GetTable(t)->id(), ids[1]);
  ASSERT_OK(session().DropTable(t));
  ASSERT_OK(session().RenameTable({"web", "c"}, t));
  ASSERT_OK(session().DropTable(t));
  ASSERT_OK(session().UndropTable(t));
  EXPECT_EQ(session().GetTable(t)->id(), ids[2]);
  ExpectSound();
}

TEST_F(DroppedTest, RetentionEndsIt) {
  Reopen({.undrop_retention_ms = 1'000});
  MakeHits();
  Add({{"1", "00"}});
  ASSERT_OK(session().DropTable(kHits));
  EXPECT_EQ(metastore_->Stats()->dropped_objects, 1);
  clock_.Advance(1'000);
  EXPECT_THAT(session().UndropTable(kHits), FailsWith(StatusCode::kNotFound, "was dropped more than 1000 ms ago"));
  EXPECT_EQ(metastore_->Stats()->dropped_objects, 0);
  ASSERT_OK(metastore_->Maintain());
  EXPECT_THAT(session().UndropTable(kHits), FailsWith(StatusCode::kNotFound, "no dropped table web.hits"));
  ExpectSound();
}

TEST_F(DroppedTest, ADropEndsAnEarlierOneThatIsBeyondRetention) {
  Reopen({.undrop_retention_ms = 1'000});
  MakeHits();
  const auto dropped = [&] {
    int64_t count = 0;
    const auto cursor = metastore_->impl()->store().Snapshot()->NewCursor(record::DroppedObjects());
    for (cursor->SeekToFirst(); cursor->Valid(); cursor->Next()) ++count;
    return count;
  };
  ASSERT_OK(session().DropTable(kHits));
  EXPECT_EQ(dropped(), 1);
  clock_.Advance(2'000);
  ASSERT_OK(session().CreateTable(MakeTable("web", "hits")));
  ASSERT_OK(session().DropTable(kHits));
  EXPECT_EQ(dropped(), 1);
  ExpectSound();
}

TEST_F(DroppedTest, PurgeAndNoRetentionLeaveNothing) {
  for (const int64_t retention : {int64_t{0}, int64_t{1'000'000}}) {
    Reopen({.undrop_retention_ms = retention});
    const auto keys = [&] {
      int64_t count = 0;
      const auto cursor = metastore_->impl()->store().Snapshot()->NewCursor(store::KeyRange{});
      for (cursor->SeekToFirst(); cursor->Valid(); cursor->Next()) ++count;
      return count;
    };
    const int64_t before = keys();
    const DropOptions options{.mode = DropMode::kCascade, .purge = retention == 0 ? Purge::kNo : Purge::kYes};
    MakeHits();
    Add({{"1", "00"}});
    ASSERT_OK(session().CreateFunction(MakeFunction("web", "f")));
    ASSERT_OK(session().CreateTable(MakeTable("web", "gone")));
    ASSERT_OK(session().DropTable({"web", "gone"}));
    ASSERT_OK(session().DropDatabase("web", options));
    EXPECT_THAT(session().UndropDatabase("web"), HasCode(StatusCode::kNotFound));
    EXPECT_EQ(keys(), before + EventCount() + 1) << "events, and the log's bounds";
    ExpectSound();
  }
}

TEST_F(DroppedTest, ADatabaseComesBackWithAllItHeld) {
  MakeHits();
  Add({{"1", "00"}});
  ASSERT_OK(session().CreateFunction(MakeFunction("web", "f")));
  ASSERT_OK(session().DropDatabase("web", {.mode = DropMode::kCascade}));
  ExpectSound();
  ASSERT_OK(session().CreateDatabase(MakeDatabase("web")));
  EXPECT_THAT(session().UndropDatabase("web"), HasCode(StatusCode::kAlreadyExists));
  ASSERT_OK(session().RenameDatabase("web", "other"));
  ASSERT_OK(session().UndropDatabase("WEB"));
  EXPECT_THAT(PartitionNames(), ElementsAre("dt=1/hour=00"));
  EXPECT_OK(session().GetFunction({"web", "f"}));
  ExpectSound();
}

TEST_F(DroppedTest, CatalogsAndFunctionsComeBackAsWell) {
  model::v1::Catalog catalog;
  catalog.set_name("sales");
  ASSERT_OK(session().CreateCatalog(catalog));
  ASSERT_OK(metastore_->Local("sales").CreateDatabase(MakeDatabase("web")));
  ASSERT_OK(session().DropCatalog("sales", {.mode = DropMode::kCascade}));
  ExpectSound();
  ASSERT_OK(session().UndropCatalog("sales"));
  EXPECT_OK(metastore_->Local("sales").GetDatabase("web"));
  ASSERT_OK(session().CreateFunction(MakeFunction("default", "f")));
  ASSERT_OK(session().DropFunction({"default", "f"}));
  ASSERT_OK(session().UndropFunction({"default", "F"}));
  EXPECT_EQ(session().GetFunction({"default", "f"})->class_name(), "org.example.F");
  ASSERT_OK(session().DropCatalog("sales", {.mode = DropMode::kCascade}));
  clock_.Advance(int64_t{8} * 24 * 3600 * 1000);
  ASSERT_OK(metastore_->Maintain());
  EXPECT_EQ(metastore_->Stats()->databases, 1);
  ExpectSound();
}

// --- Opening ---

TEST_F(OpenTest, AnotherFormatAndMissingHeadersAreRefused) {
  const auto open = [](const std::function<void(store::Transaction&)>& fill) {
    auto store = store::NewMemoryStore();
    auto txn = store->Begin();
    EXPECT_OK(txn);
    fill(**txn);
    EXPECT_OK((*txn)->Commit(store::Durability::kSync));
    txn->reset();
    return Metastore::OpenOn(std::move(store)).status();
  };
  record::v1::StoreHeader header;
  header.set_format_version(record::kStoreFormat + 1);
  EXPECT_THAT(open([&](store::Transaction& txn) { session::PutRecord(txn, record::HeaderKey(), header); }),
              FailsWith(StatusCode::kFailedPrecondition,
                        "has format 4, made by \"\"; this version of the library reads "
                        "up to format 3"));
  EXPECT_THAT(open([&](store::Transaction& txn) { txn.Put("something", "else"); }),
              FailsWith(StatusCode::kDataLoss, "not the header"));
  EXPECT_THAT(open([&](store::Transaction& txn) { txn.Put(record::HeaderKey(), "\x01junk\xff"); }),
              HasCode(StatusCode::kDataLoss));
  EXPECT_OK(open([](store::Transaction&) {}));
}

TEST_F(OpenTest, AnEmptyStoreIsMadeOnlyWhenAsked) {
  EXPECT_THAT(Metastore::OpenOn(store::NewMemoryStore(), {.create_if_missing = false}),
              FailsWith(StatusCode::kNotFound, "create_if_missing is false"));
  EXPECT_THAT(Metastore::OpenOn(store::NewMemoryStore(), {.follower = true}),
              FailsWith(StatusCode::kFailedPrecondition, "open it for writing first"));
}

TEST_F(OpenTest, AFollowerReadsAndRefusesToWrite) {
  const auto engine = store::NewMemoryStore();
  const auto writer = Metastore::OpenOn(std::make_unique<ForwardingStore>(engine.get()));
  ASSERT_OK(writer);
  const auto follower = Metastore::OpenOn(std::make_unique<ForwardingStore>(engine.get()), {.follower = true});
  ASSERT_OK(follower);
  ASSERT_OK((*writer)->Local().CreateDatabase(MakeDatabase("web")));
  EXPECT_OK((*follower)->Local().GetDatabase("web"));
  EXPECT_THAT((*follower)->Local().CreateDatabase(MakeDatabase("x")),
              FailsWith(StatusCode::kFailedPrecondition, "follower"));
  EXPECT_THAT((*follower)->Maintain(), HasCode(StatusCode::kFailedPrecondition));
}

TEST_F(OpenTest, BrokenOffLoadsAreGoneAfterOpening) {
  auto store = store::NewMemoryStore();
  store::Store* engine = store.get();
  auto first = Metastore::OpenOn(std::move(store));
  ASSERT_OK(first);
  record::v1::PendingLoad load;
  load.set_set_id(77);
  {
    auto txn = engine->Begin();
    ASSERT_OK(txn);
    session::PutRecord(**txn, record::PendingLoadKey({77}), load);
    (*txn)->Put(record::KeyPageKey({77}, "a"), "page");
    ASSERT_OK((*txn)->Commit(store::Durability::kSync));
  }
  // The same engine, opened again as another process would.
  auto second = Metastore::OpenOn(std::make_unique<ForwardingStore>(engine));
  ASSERT_OK(second);
  const auto snapshot = engine->Snapshot();
  EXPECT_EQ(*snapshot->Get(record::PendingLoadKey({77})), std::nullopt);
  EXPECT_EQ(*snapshot->Get(record::KeyPageKey({77}, "a")), std::nullopt);
}

TEST_F(OpenTest, StatsCountByNames) {
  MakeHits();
  Add({{"1", "00"}, {"2", "00"}});
  ASSERT_OK(session().CreateFunction(MakeFunction("web", "f")));
  const MetastoreStats stats = *metastore_->Stats();
  EXPECT_EQ(stats.catalogs, 1);
  EXPECT_EQ(stats.databases, 2);
  EXPECT_EQ(stats.tables, 1);
  EXPECT_EQ(stats.partitions, 2);
  EXPECT_EQ(stats.functions, 1);
  EXPECT_EQ(stats.events, 4);
  EXPECT_EQ(stats.version, session().version());
}

}  // namespace
}  // namespace lodestone::testing
