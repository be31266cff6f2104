// The worked examples of catalog/catalog.h and docs/guide.md, as one program: a test builds and runs it against the
// installed package, and another one checks that the examples in the texts are these.
//   guide FOLDER
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "catalog/catalog.h"

namespace {

namespace model = lodestone::model::v1;
using lodestone::Metastore;
using lodestone::Session;
using lodestone::TableName;

// Ends the program on a failure, for brevity; yours passes failures on.
void Must(const absl::Status& status) {
  if (status.ok()) return;
  std::cerr << status << "\n";
  std::exit(1);
}
template <typename T>
T Must(absl::StatusOr<T> value) {
  Must(value.status());
  return *std::move(value);
}

void Expect(bool condition, std::string_view what) {
  if (condition) return;
  std::cerr << "not as the guide says: " << what << "\n";
  std::exit(1);
}

const TableName hits{"web", "hits"};

std::unique_ptr<Metastore> Open(const std::string& folder) {
  std::unique_ptr<Metastore> store = Must(Metastore::Open(folder));
  Session session = store->Local();
  Expect(session.catalog() == lodestone::kDefaultCatalog, "a session is of the default catalog");
  return store;
}

void CreateObjects(Session session) {
  model::Database database;
  database.set_name("web");
  Must(session.CreateDatabase(database));

  model::Table table;
  table.set_database("web");
  table.set_name("hits");
  auto add_key = [&](const char* name, const char* type) {
    model::Column* key = table.add_partition_keys();
    key->set_name(name);
    key->set_type(type);
  };
  add_key("dt", "string");
  add_key("hour", "int");
  model::StorageDescriptor* storage = table.mutable_storage_descriptor();
  storage->set_location("s3://lake/web/hits");
  model::Column* column = storage->add_columns();
  column->set_name("url");
  column->set_type("string");
  Must(session.CreateTable(table));

  // Once more is AlreadyExists, unless asked to let it be.
  Must(session.CreateTable(table, {.if_exists = lodestone::IfExists::kSkip}));
}

void AddPartitions(Session session) {
  std::vector<model::Partition> partitions;
  for (const char* hour : {"9", "10", "11"}) {
    model::Partition& partition = partitions.emplace_back();
    partition.add_values("2026-01-05");
    partition.add_values(hour);
    (*partition.mutable_parameters())["numRows"] = "1200";
  }
  lodestone::AddResult result = Must(session.AddPartitions(hits, partitions));
  Expect(result.added == 3, "all are added");

  // All or nothing: the first one present fails the whole call, unless asked to skip or to replace it.
  partitions.emplace_back().add_values("2026-01-06");
  partitions.back().add_values("0");
  absl::Status refused = session.AddPartitions(hits, partitions).status();
  Expect(absl::IsAlreadyExists(refused), "partitions that exist are refused");
  result = Must(session.AddPartitions(hits, partitions, {.if_exists = lodestone::IfExists::kSkip}));
  Expect(result.added == 1 && result.skipped == 3, "partitions that exist are skipped");
}

void ListPartitions(Session session) {
  // Names, in the order of their text; "hour" is an int, so the filter compares numbers.
  std::vector<std::string> names =
      Must(session.PartitionNameStrings(hits, {.filter = "dt = '2026-01-05' and hour > 9"}));
  Expect(names == std::vector<std::string>{"dt=2026-01-05/hour=10", "dt=2026-01-05/hour=11"}, "names");

  // Many names: one buffer and the offsets of their ends.
  lodestone::NameList all = Must(session.PartitionNames(hits));
  for (std::size_t i = 0; i < all.size(); ++i) std::cout << all[i] << "\n";

  // Columns: a batch is a window on a page. Only what the projection names is read.
  lodestone::ListOptions options{.filter = "hour between 9 and 12"};
  options.projection.location = true;
  options.projection.parameters = {"numRows"};
  lodestone::PartitionCursor cursor = session.ListPartitions(hits, options);
  while (cursor.Next()) {
    const lodestone::PartitionBatch& batch = cursor.batch();
    const lodestone::KeyColumn& hour = batch.keys()[1];
    for (std::size_t row = 0; row < batch.size(); ++row) {
      std::cout << hour.value(row) << " at " << batch.locations()->value(row).value_or("") << "\n";
    }
  }
  Must(cursor.status());  // also what went wrong at the start: a cursor that can't be had ends at once

  // Whole messages; one object serves all rows.
  model::Partition partition;
  for (auto c = session.ListPartitions(hits, {.projection = lodestone::Projection::All()}); c.Next();) {
    for (std::size_t row = 0; row < c.batch().size(); ++row) c.batch().ToPartition(row, &partition);
  }

  // One by one, by values or by names.
  partition = Must(session.GetPartition(hits, std::vector<std::string>{"2026-01-05", "9"}));
  Expect(partition.storage_descriptor().location() == "s3://lake/web/hits/dt=2026-01-05/hour=9", "derived location");
  std::vector<std::string> wanted = {"dt=2026-01-05/hour=9", "dt=1999-01-01/hour=0"};
  Expect(Must(session.GetPartitionsByNames(hits, wanted)).size() == 1, "those of the named ones that exist");
}

void PageThrough(Session session) {
  // A page of two, then on from there: the token outlives the cursor, the session and the process.
  lodestone::ListOptions options{.limit = 2};
  std::size_t seen = 0;
  do {
    lodestone::PartitionCursor page = session.ListPartitions(hits, options);
    while (page.Next()) seen += page.batch().size();
    Must(page.status());
    options.after = page.ResumeToken();
  } while (!options.after.empty());
  Expect(seen == 4, "pages give each partition once");
}

void AskAboutPartitions(Session session) {
  Expect(Must(session.CountPartitions(hits, "dt = '2026-01-05'")) == 3, "count");
  std::vector<std::string> days = Must(session.PartitionKeyValues(hits, "dt"));
  Expect(days.size() == 2, "distinct values of one key");

  model::PartitionSummary summary = Must(session.SummarizePartitions(hits, "dt = '2026-01-05'"));
  Expect(summary.num_rows() == 3600 && summary.keys(1).min() == "9", "sums and bounds, by the key's type");

  // How a filter is run, and what that cost.
  lodestone::FilterPlan plan = Must(session.Explain(hits, "hour = 10"));
  std::cout << plan.normalized << ": " << plan.pages_read << " of " << plan.pages_total << " pages\n";
}

void ChangePartitions(Session session) {
  model::Partition partition = Must(session.GetPartition(hits, std::vector<std::string>{"2026-01-05", "9"}));
  (*partition.mutable_parameters())["numRows"] = "1300";
  Must(session.AlterPartitions(hits, {&partition, 1}));

  std::vector<std::string> values = {"2026-01-06", "0"};
  std::vector<std::string> new_values = {"2026-01-06", "1"};
  Must(session.RenamePartition(hits, values, new_values));

  std::vector<std::string> names = {"dt=2026-01-06/hour=1"};
  Expect(Must(session.DropPartitions(hits, names)) == 1, "drop by name");
  Expect(Must(session.DropPartitionsByFilter(hits, "hour >= 11")) == 1, "drop by filter");
}

void SeveralAsOne(Session session) {
  // Both or neither. The body may run more than once, and uses the session that it is given.
  uint64_t version = Must(session.Transact([](Session& inside) -> absl::Status {
    absl::StatusOr<model::Table> table = inside.GetTable(hits);
    if (!table.ok()) return table.status();
    (*table->mutable_parameters())["owner.team"] = "search";
    if (auto s = inside.AlterTable(hits, *table); !s.ok()) return s;
    model::Partition partition;
    partition.add_values("2026-01-07");
    partition.add_values("0");
    return inside.AddPartitions(hits, {&partition, 1}).status();
  }));
  Expect(version <= session.version(), "a commit has a version");

  // Reads at one point in time, whatever is written meanwhile.
  Session before = session.Snapshot();
  Must(session.DropPartitionsByFilter(hits, "dt = '2026-01-07'"));
  Expect(Must(before.CountPartitions(hits)) == Must(session.CountPartitions(hits)) + 1, "a snapshot stays");
}

void LoadMany(Session session, const std::string& folder) {
  // Rows in any order, from the program: visible all at once.
  std::unique_ptr<lodestone::BulkLoader> loader =
      Must(lodestone::BulkLoader::Start(session, hits, {.if_exists = lodestone::IfExists::kSkip}));
  for (int hour = 0; hour < 24; ++hour) {
    const std::string text = std::to_string(hour);
    const std::string_view values[] = {"2026-02-01", text};
    const std::pair<std::string_view, std::string_view> parameters[] = {{"numRows", "10"}};
    Must(loader->Add({.values = values, .parameters = parameters}));
  }
  Expect(Must(loader->Finish()).added == 24, "loaded");

  // From a file, here of names.
  const std::string file = folder + ".names";
  std::ofstream(file) << "dt=2026-02-02/hour=0\ndt=2026-02-02/hour=1\n";
  lodestone::InputOptions input{.format = lodestone::InputFormat::kNames};
  lodestone::LoadReport report = Must(lodestone::LoadPartitions(session, hits, file, input, {}));
  Expect(report.result.added == 2 && report.bad_rows == 0, "loaded from a file");

  // And out again; NDJSON reads back identically.
  Must(lodestone::ExportPartitions(session, hits, {.filter = "dt = '2026-02-02'"}, lodestone::OutputFormat::kNdjson,
                                   std::cout));
}

void ReadFailures(Session session) {
  absl::Status status = session.GetTable({"web", "misses"}).status();
  std::optional<lodestone::DomainError> error = lodestone::DomainErrorOf(status);
  Expect(error && error->kind == lodestone::ErrorKind::kNoSuchObject && error->object == "web.misses",
         "a failure says which object, as data");
  std::cout << status.message() << "\n";

  // A filter that can't be understood never means "everything": the message says where and what was expected.
  status = session.CountPartitions(hits, "hour > ").status();
  Expect(absl::IsInvalidArgument(status), "a broken filter is refused");
  std::cout << status.message() << "\n";
}

void FollowEvents(Session session) {
  // Everything that changed after the event seen last. Ids are dense and become visible in order.
  int64_t seen = 0;
  for (;;) {
    lodestone::EventPage page = Must(session.ReadEvents({.after = seen, .limit = 100}));
    for (const model::Event& event : page.events) {
      std::cout << event.id() << " " << model::Event::Kind_Name(event.kind()) << " " << event.object() << "\n";
    }
    if (page.last_id == seen) break;
    seen = page.last_id;
  }
  Expect(seen == Must(session.GetEventBounds()).newest_id, "all events are read");
}

void DropAndBringBack(Session session) {
  Must(session.DropTable(hits));
  Expect(absl::IsNotFound(session.GetTable(hits).status()), "dropped");
  Must(session.UndropTable(hits));  // within OpenOptions::undrop_retention_ms
  Expect(Must(session.CountPartitions(hits)) > 0, "its partitions came back with it");
}

void SayWhoMayWhat(Metastore& store) {
  // Local() is the program itself and may do everything. It makes a role, grants it something, and says who has it.
  Session local = store.Local();
  Must(local.CreateRole("analysts"));
  Must(local.GrantRole("analysts", lodestone::Grantee::User("ana")));
  Must(local.Grant({.to = lodestone::Grantee::Role("analysts"),
                    .privileges = {lodestone::Privilege::kSelect},
                    .on = lodestone::Securable::Database("web")}));

  // As() is somebody: every call asks for privileges, and lists show what the user may see.
  Session ana = store.As({.name = "ana"});
  Must(ana.GetTable(hits));
  Expect(absl::IsPermissionDenied(ana.DropTable(hits)), "to read is not to drop");
  lodestone::Decision decision =
      Must(local.Check({.name = "ana"}, lodestone::Privilege::kDropTable, lodestone::Securable::Table(hits)));
  Expect(!decision.allowed && !decision.why.empty(), "why says what would have sufficed");

  // A revoke acts at once.
  Must(local.RevokeRole("analysts", lodestone::Grantee::User("ana")));
  Expect(absl::IsPermissionDenied(ana.GetTable(hits).status()), "nothing is left to her");

  // For servers: whom a token stands for. Only its hash is stored.
  Must(local.CreateAccount("ana"));
  lodestone::NewToken token = Must(local.CreateToken("ana", /*lifetime_ms=*/3'600'000));
  lodestone::Identity identity = Must(store.VerifyToken(token.token));
  Session caller = store.As(identity.principal, identity.catalog);
  Expect(caller.principal().name == "ana", "whoever has the token is ana");
}

void LookAfterTheStore(Metastore& store, const std::string& folder) {
  // A consistent copy that opens like any store; writers go on meanwhile.
  const std::string copy = folder + ".copy";
  Must(store.Checkpoint(copy));
  std::unique_ptr<Metastore> other = Must(Metastore::Open(copy));
  Expect(Must(other->Verify()).empty(), "a sound store");

  // Beside the writer, read-only; here in the same process, mostly in another one.
  std::unique_ptr<Metastore> follower = Must(Metastore::Open(folder, {.follower = true}));
  Must(follower->CatchUp());
  Expect(Must(follower->Local().ListDatabases()).items.size() == 2, "a follower sees what is durable");
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) {
    std::cerr << "usage: guide FOLDER\n";
    return 2;
  }
  const std::string folder = argv[1];
  std::unique_ptr<Metastore> store = Open(folder);
  Session session = store->Local();
  CreateObjects(session);
  AddPartitions(session);
  ListPartitions(session);
  PageThrough(session);
  AskAboutPartitions(session);
  ChangePartitions(session);
  SeveralAsOne(session);
  LoadMany(session, folder);
  ReadFailures(session);
  FollowEvents(session);
  DropAndBringBack(session);
  SayWhoMayWhat(*store);
  LookAfterTheStore(*store, folder);
  std::cout << "all as the guide says\n";
  return 0;
}
