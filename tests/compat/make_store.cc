// Makes the store that tests/compat keeps of the present format:
//   make_store FOLDER     writes FOLDER/store (files of the store) and FOLDER/expected.txt (what is in it)
// Run once per format, in the root of the source tree: `make_store tests/compat/stores/format-<n>`. Once its release is
// out, a kept store is never made anew: it is what users have on their disks.
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <string>

#include "catalog/base/status_macros.h"
#include "catalog/base/strings.h"
#include "tests/support/content.h"

namespace lodestone {
namespace {

constexpr int kPartitions = 80;

// Grants of every kind, also such as were made by virtue of another.
absl::Status FillGrants(Metastore& metastore) {
  Session root = metastore.Local();
  const TableName hits{.database = "web", .table = "hits"};
  RETURN_IF_ERROR(root.CreateRole("readers"));
  RETURN_IF_ERROR(root.GrantRole("readers", Grantee::User("rita")));
  RETURN_IF_ERROR(root.AddToGroup("staff", "bob"));
  for (const Securable& on : {Securable::Catalog(), Securable::Database("web"), Securable::Table(hits),
                              Securable::Path("queues.q"), Securable::Global()}) {
    RETURN_IF_ERROR(root.Grant({.to = Grantee::Group("staff"), .privileges = Privilege::kDescribe, .on = on}));
  }
  RETURN_IF_ERROR(root.Grant({.to = Grantee::Role("readers"),
                              .privileges = {Privilege::kSelect, Privilege::kInsert},
                              .on = Securable::Database("web"),
                              .grant_option = true}));
  return metastore.As({.name = "rita"})
      .Grant({.to = Grantee::User("bob"), .privileges = Privilege::kSelect, .on = Securable::Table(hits)});
}

// Transactions in every state, locks held and waiting, write ids of a table that is there and of one that is not.
absl::Status FillTransactions(Metastore& metastore) {
  Transactions transactions = metastore.TransactionsAs();
  RETURN_IF_ERROR(transactions.Open({.count = 4, .user = "ana", .host = "h1", .agent = "a"}).status());
  const int64_t writers[] = {1, 2, 3};
  RETURN_IF_ERROR(transactions.AllocateWriteIds({.database = "web", .table = "hits"}, writers).status());
  RETURN_IF_ERROR(transactions.AllocateWriteIds({.database = "web", .table = "next"}, std::span(writers, 1)).status());
  RETURN_IF_ERROR(transactions.Commit(2));
  RETURN_IF_ERROR(transactions.Abort(3));
  const LockComponent part{
      .type = LockType::kExclusive, .database = "web", .table = "hits", .partition = "dt=2026-01-05/hour=00"};
  const LockComponent table{.type = LockType::kSharedRead, .database = "web", .table = "hits"};
  RETURN_IF_ERROR(transactions.Lock({.components = {part}, .transaction = 1, .user = "ana", .host = "h1"}).status());
  return transactions.Lock({.components = {part, table}, .user = "bob", .host = "h2", .agent = "b"}).status();
}

absl::Status MakeStore(const std::string& folder) {
  ManualClock clock(1'700'000'000'000);
  OpenOptions options;
  options.clock = &clock;
  options.event_retention_ms = 0;
  const std::string path = folder + "/store";
  {
    options.error_if_exists = true;
    ASSIGN_OR_RETURN(const auto metastore, Metastore::Open(path, options));
    RETURN_IF_ERROR(testing::FillSample(*metastore, kPartitions));
    RETURN_IF_ERROR(FillGrants(*metastore));
    RETURN_IF_ERROR(FillTransactions(*metastore));
  }
  // Opening writes what the log held into tables; what follows stays in the log. The kept store has both.
  std::string content;
  {
    options.error_if_exists = false;
    ASSIGN_OR_RETURN(const auto metastore, Metastore::Open(path, options));
    model::v1::Database database;
    database.set_name("in_the_log");
    RETURN_IF_ERROR(metastore->Local().CreateDatabase(database));
    ASSIGN_OR_RETURN(content, testing::DescribeContent(*metastore));
  }
  std::ofstream(folder + "/expected.txt", std::ios::binary) << content;
  // For people only, and about this machine.
  for (const auto& entry : std::filesystem::directory_iterator(path)) {
    if (entry.path().filename().string().starts_with("LOG")) std::filesystem::remove(entry.path());
  }
  return absl::OkStatus();
}

}  // namespace
}  // namespace lodestone

int main(int argc, char** argv) {
  if (argc != 2) {
    std::fprintf(stderr, "usage: make_store FOLDER\n");
    return 2;
  }
  const absl::Status made = lodestone::MakeStore(argv[1]);
  if (!made.ok()) std::fprintf(stderr, "make_store: %s\n", made.ToString().c_str());
  return made.ok() ? 0 : 1;
}
