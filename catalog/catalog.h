// Lodestone's public interface: one include for all of it, and a guide.
//
// A store is a folder. It holds catalogs (`hive` from the start), these hold databases, these hold tables, views and
// functions, and tables hold partitions: the Hive Metastore's model, with its rules. The program that opens the store
// is the server: there is no other process.
//
// The examples below are parts of examples/embed/guide.cc, which a test builds and runs. In them
//   namespace model = lodestone::model::v1;
// and `Must(x)` stands for what you do with a failure: x is an absl::Status, or an absl::StatusOr whose value it gives.
//
// OPENING A STORE
// ---------------
// A Metastore is an opened store; one process at a time can write it. A Session does everything else: it acts in one
// catalog, is cheap to make and to copy, and may be shared by threads.
//
//     std::unique_ptr<Metastore> store = Must(Metastore::Open(folder));
//     Session session = store->Local();
//
// OpenOptions say whether to create it, how durable a change is (SyncMode), how long dropped tables and events are
// kept, and how much memory to use. metastore.h also has checkpoints, verification, followers and stores in memory.
//
// DATABASES AND TABLES
// --------------------
// Objects are protobuf messages, named as in the Metastore's interface (lodestone/model/v1/*.pb.h). Names are
// case-insensitive and stored in lower case; partition values are case-sensitive.
//
//     model::Database database;
//     database.set_name("web");
//     Must(session.CreateDatabase(database));
//
//     model::StorageDescriptor* storage = table.mutable_storage_descriptor();
//     storage->set_location("s3://lake/web/hits");
//     model::Column* column = storage->add_columns();
//     column->set_name("url");
//     column->set_type("string");
//     Must(session.CreateTable(table));
//
// Creating what exists is AlreadyExists, unless it is said otherwise:
//
//     Must(session.CreateTable(table, {.if_exists = lodestone::IfExists::kSkip}));
//
// ADDING PARTITIONS
// -----------------
// Any number in one call, all or none. What a partition leaves out it has from its table: columns, formats, and the
// location `<table location>/<name>`.
//
//     std::vector<model::Partition> partitions;
//     for (const char* hour : {"9", "10", "11"}) {
//       model::Partition& partition = partitions.emplace_back();
//       partition.add_values("2026-01-05");
//       partition.add_values(hour);
//       (*partition.mutable_parameters())["numRows"] = "1200";
//     }
//     lodestone::AddResult result = Must(session.AddPartitions(hits, partitions));
//
// LISTING PARTITIONS
// ------------------
// By a filter, in the order of the names' text. Comparisons follow the declared type of the key: `hour` is an int here,
// so 10 is more than 9.
//
//     std::vector<std::string> names =
//         Must(session.PartitionNameStrings(hits, {.filter = "dt = '2026-01-05' and hour > 9"}));
//
// Millions of names are quicker in one buffer:
//
//     lodestone::NameList all = Must(session.PartitionNames(hits));
//     for (std::size_t i = 0; i < all.size(); ++i) std::cout << all[i] << "\n";
//
// A cursor yields batches of columns, and reads only what its projection names. It sees the store as it was when the
// cursor was made, whatever is written meanwhile.
//
//     lodestone::ListOptions options{.filter = "hour between 9 and 12"};
//     options.projection.location = true;
//     options.projection.parameters = {"numRows"};
//     lodestone::PartitionCursor cursor = session.ListPartitions(hits, options);
//     while (cursor.Next()) {
//       const lodestone::PartitionBatch& batch = cursor.batch();
//       const lodestone::KeyColumn& hour = batch.keys()[1];
//       for (std::size_t row = 0; row < batch.size(); ++row) {
//         std::cout << hour.value(row) << " at " << batch.locations()->value(row).value_or("") << "\n";
//       }
//     }
//     Must(cursor.status());  // also what went wrong at the start: a cursor that can't be had ends at once
//
// Whole messages; reusing one object for all rows saves most of the time:
//
//     model::Partition partition;
//     for (auto c = session.ListPartitions(hits, {.projection = lodestone::Projection::All()}); c.Next();) {
//       for (std::size_t row = 0; row < c.batch().size(); ++row) c.batch().ToPartition(row, &partition);
//     }
//
// Page by page, for callers that come back later; the token may be kept anywhere:
//
//     lodestone::ListOptions options{.limit = 2};
//     std::size_t seen = 0;
//     do {
//       lodestone::PartitionCursor page = session.ListPartitions(hits, options);
//       while (page.Next()) seen += page.batch().size();
//       Must(page.status());
//       options.after = page.ResumeToken();
//     } while (!options.after.empty());
//
// LOOKING UP, COUNTING, ROLLING UP
// --------------------------------
//     partition = Must(session.GetPartition(hits, std::vector<std::string>{"2026-01-05", "9"}));
//
//     std::vector<std::string> days = Must(session.PartitionKeyValues(hits, "dt"));
//
//     model::PartitionSummary summary = Must(session.SummarizePartitions(hits, "dt = '2026-01-05'"));
//
// How a filter is run, and how many pages of the table that reads:
//
//     lodestone::FilterPlan plan = Must(session.Explain(hits, "hour = 10"));
//
// CHANGING PARTITIONS
// -------------------
// Get, change, alter: an alter replaces all but values and create time.
//
//     model::Partition partition = Must(session.GetPartition(hits, std::vector<std::string>{"2026-01-05", "9"}));
//     (*partition.mutable_parameters())["numRows"] = "1300";
//     Must(session.AlterPartitions(hits, {&partition, 1}));
//
//     Expect(Must(session.DropPartitionsByFilter(hits, "hour >= 11")) == 1, "drop by filter");
//
// SEVERAL OPERATIONS AS ONE
// -------------------------
// Each call is atomic. Several become one inside Transact; whoever loses to a concurrent change starts over, so the
// body may run more than once, and must use the session that it is given.
//
//     uint64_t version = Must(session.Transact([](Session& inside) -> absl::Status {
//       absl::StatusOr<model::Table> table = inside.GetTable(hits);
//       if (!table.ok()) return table.status();
//       (*table->mutable_parameters())["owner.team"] = "search";
//       if (auto s = inside.AlterTable(hits, *table); !s.ok()) return s;
//       model::Partition partition;
//       partition.add_values("2026-01-07");
//       partition.add_values("0");
//       return inside.AddPartitions(hits, {&partition, 1}).status();
//     }));
//
// A snapshot is a session that reads at one point in time:
//
//     Session before = session.Snapshot();
//
// LOADING MILLIONS
// ----------------
// Rows in any order, sorted on disk when they are many, visible all at once or not at all.
//
//     std::unique_ptr<lodestone::BulkLoader> loader =
//         Must(lodestone::BulkLoader::Start(session, hits, {.if_exists = lodestone::IfExists::kSkip}));
//     for (int hour = 0; hour < 24; ++hour) {
//       const std::string text = std::to_string(hour);
//       const std::string_view values[] = {"2026-02-01", text};
//       const std::pair<std::string_view, std::string_view> parameters[] = {{"numRows", "10"}};
//       Must(loader->Add({.values = values, .parameters = parameters}));
//     }
//     Expect(Must(loader->Finish()).added == 24, "loaded");
//
// bulk_input.h reads NDJSON, CSV, names, Glue's listings and folder trees:
//
//     lodestone::InputOptions input{.format = lodestone::InputFormat::kNames};
//     lodestone::LoadReport report = Must(lodestone::LoadPartitions(session, hits, file, input, {}));
//
// FAILURES
// --------
// No call throws. A failure has a code (which each header lists), a message for people, and, where it concerns an
// object, a DomainError for programs:
//
//     absl::Status status = session.GetTable({"web", "misses"}).status();
//     std::optional<lodestone::DomainError> error = lodestone::DomainErrorOf(status);
//
// A failed call changed nothing. A filter that can't be understood is a failure, and never means "everything".
//
// FOLLOWING CHANGES
// -----------------
// Every change appends an event in its own transaction. Ids are dense, and whoever has seen n never later finds a new
// one at or below n:
//
//     lodestone::EventPage page = Must(session.ReadEvents({.after = seen, .limit = 100}));
//
// DROPPING, AND BRINGING BACK
// ---------------------------
// Dropping a table of ten million partitions takes as long as dropping one of ten, and can be taken back for a while:
//
//     Must(session.DropTable(hits));
//
//     Must(session.UndropTable(hits));  // within OpenOptions::undrop_retention_ms
//
// FILES
// -----
// All of the above changes the catalog alone. A HiveSession (hive_session.h) wraps a Session and does beside each
// change what Hive's metastore server does: it makes, moves and removes folders beneath permitted roots (warehouse.h),
// and fills in times and sizes.
//
// WHERE TO GO ON
// --------------
// session.h has every operation, options.h every option, partition_batch.h the columns, filter.h filters and plans,
// bulk_load.h and bulk_input.h loading, events.h events, errors.h failures, names.h names, metastore.h the store
// itself.
#pragma once

#include "catalog/bulk_input.h"
#include "catalog/bulk_load.h"
#include "catalog/errors.h"
#include "catalog/events.h"
#include "catalog/filter.h"
#include "catalog/hive_session.h"
#include "catalog/like.h"
#include "catalog/metastore.h"
#include "catalog/names.h"
#include "catalog/options.h"
#include "catalog/partition_batch.h"
#include "catalog/session.h"
#include "catalog/statistics.h"
#include "catalog/table_filter.h"
#include "catalog/transactions.h"
#include "catalog/warehouse.h"
