// Lists cut down to what somebody may see, beside lists without checks.
#include <algorithm>
#include <memory>
#include <string>

#include "bench/figures/stage.h"

namespace lodestone::bench {

namespace {

constexpr int kTables = 100'000;
constexpr int kVisible = 1'000;

// `database` with so many tables; every `granted_each`-th is granted to eve (0: none).
void MakeTables(Metastore* store, const std::string& name, int tables, int granted_each) {
  constexpr int kAtOnce = 1'000;
  Session session = store->Local();
  model::v1::Database database;
  database.set_name(name);
  Must(session.CreateDatabase(database));
  for (int begin = 0; begin < tables; begin += kAtOnce) {
    const auto make = [&](Session& inside) -> absl::Status {
      for (int i = begin; i < std::min(tables, begin + kAtOnce); ++i) {
        const TableName table{name, "table_" + std::to_string(1'000'000 + i)};
        model::v1::Table made;
        made.set_database(table.database);
        made.set_name(table.table);
        made.set_owner("somebody");
        auto* column = made.mutable_storage_descriptor()->add_columns();
        column->set_name("id");
        column->set_type("bigint");
        Must(inside.CreateTable(made));
        if (granted_each == 0 || i % granted_each != 0) continue;
        Must(inside.Grant(
            {.to = Grantee::User("eve"), .privileges = Privilege::kSelect, .on = Securable::Table(table)}));
      }
      return absl::OkStatus();
    };
    Must(session.Transact(make).status());
  }
}

void ListAll(const Session& session, const std::string& database, std::size_t expected) {
  const auto page = Must(session.ListTables(database));
  if (page.items.size() != expected) Must(absl::InternalError("listed " + std::to_string(page.items.size())));
  Keep(&page);
}

}  // namespace

void ListFigures(const Settings& settings, Report* report) {
  Progress("making " + WithCommas(kTables) + " tables");
  const std::unique_ptr<Metastore> store = OpenOurs(settings, FreshFolder(settings, "lists"), SyncMode::kRelaxed);
  MakeTables(store.get(), "visible", kVisible, 0);
  MakeTables(store.get(), "hidden", kTables - kVisible, 0);
  MakeTables(store.get(), "mixed", kTables, kTables / kVisible);
  Must(store->Local().Grant(
      {.to = Grantee::User("dora"), .privileges = Privilege::kSelect, .on = Securable::Database("visible")}));
  Must(store->Flush());
  const Session unchecked = store->Local();
  const Session dora = store->As({.name = "dora"});
  const Session eve = store->As({.name = "eve"});
  const std::string of = " of " + WithCommas(kTables) + " tables";
  const auto reference = [&] { ListAll(unchecked, "visible", kVisible); };
  report->Add("list the 1,000" + of + " that a grant on their database shows", "list 1,000 without checks",
              MeasurePair([&] { ListAll(dora, "visible", kVisible); }, reference, 25), Goal::kWithin, 1.2);
  report->Add("list the 1,000" + of + " with a grant each", "list 1,000 without checks",
              MeasurePair([&] { ListAll(eve, "mixed", kVisible); }, reference, 25), Goal::kWithin, 3);
}

}  // namespace lodestone::bench
