#include "tests/unit/session/every_call.h"

#include <regex>
#include <sstream>

#include "catalog/bulk_input.h"
#include "catalog/bulk_load.h"
#include "tests/support/temp_folder.h"
#include "tests/unit/session/fixture.h"

namespace lodestone::testing {

namespace {

using Values = std::vector<std::string>;

Values ValuesOf(const Objects& o) { return {o.value}; }
Values NamesOf(const Objects& o) { return {"dt=" + o.value}; }

std::vector<Partition> PartitionsOf(const Objects& o) { return {MakePartition({o.value})}; }

std::vector<model::v1::ColumnStatistics> StatisticsOf() {
  model::v1::ColumnStatistics one;
  one.set_column("id");
  one.set_num_nulls(1);
  one.mutable_long_data();
  return {one};
}

model::v1::Constraint ForeignKeyOf(const Objects& o) {
  model::v1::Constraint constraint;
  constraint.set_kind(model::v1::Constraint::FOREIGN_KEY);
  constraint.set_name("fk");
  constraint.add_columns("id");
  constraint.set_parent_database(o.database);
  constraint.set_parent_table(o.view);
  constraint.add_parent_columns("id");
  return constraint;
}

absl::Status Load(Session& s, const Objects& o) {
  auto loader = BulkLoader::Start(s, o.table_name(), {.if_exists = IfExists::kReplace});
  if (!loader.ok()) return loader.status();
  const std::string_view values[] = {o.value};
  const absl::Status added = (*loader)->Add({.values = values});
  if (!added.ok()) return added;
  return (*loader)->Finish().status();
}

absl::Status Read(PartitionCursor cursor) {
  while (cursor.Next()) {
  }
  return cursor.status();
}

using S = Session;
using O = Objects;
#define CALL(expression) [](S& s, const O& o) -> absl::Status { return (expression); }

std::vector<EveryCall> ObjectCalls() {
  return {
      {"CreateCatalog",
       [](S& s, const O& o) {
         model::v1::Catalog catalog;
         catalog.set_name(o.catalog);
         return s.CreateCatalog(catalog);
       },
       true},
      {"GetCatalog", CALL(s.GetCatalog(o.catalog).status())},
      {"ListCatalogs", CALL(s.ListCatalogs().status()), false, true},
      {"AlterCatalog", CALL(s.AlterCatalog(o.catalog, {})), true},
      {"RenameCatalog", CALL(s.RenameCatalog(o.catalog, "renamed")), true},
      {"DropCatalog", CALL(s.DropCatalog(o.catalog)), true},
      {"UndropCatalog", CALL(s.UndropCatalog(o.catalog)), true},
      {"CreateDatabase", CALL(s.CreateDatabase(MakeDatabase(o.database))), true},
      {"GetDatabase", CALL(s.GetDatabase(o.database).status())},
      {"ListDatabases", CALL(s.ListDatabases().status()), false, true},
      {"AlterDatabase", CALL(s.AlterDatabase(o.database, {})), true},
      {"ModifyDatabase",
       CALL(s.ModifyDatabase(o.database,
                             [](Database& d) {
                               d.set_description("changed");
                               return absl::OkStatus();
                             })),
       true},
      {"RenameDatabase", CALL(s.RenameDatabase(o.database, "site")), true},
      {"DropDatabase", CALL(s.DropDatabase(o.database)), true},
      {"DropDatabase/cascade", CALL(s.DropDatabase(o.database, {.mode = DropMode::kCascade})), true},
      {"DropDatabase/skip",
       CALL(s.DropDatabase(o.database, {.if_missing = IfMissing::kSkip, .mode = DropMode::kCascade})), true},
      {"UndropDatabase", CALL(s.UndropDatabase(o.database)), true},
      {"CreateTable", CALL(s.CreateTable(MakeTable(o.database, o.table, {"dt"}))), true},
      {"CreateTable/view", CALL(s.CreateTable(MakeView(o.database, o.view))), true},
      {"CreateTable/skip", CALL(s.CreateTable(MakeTable(o.database, o.table, {"dt"}), {.if_exists = IfExists::kSkip})),
       true},
      {"GetTable", CALL(s.GetTable(o.table_name()).status())},
      {"GetTable/view", CALL(s.GetTable(o.view_name()).status())},
      {"ListTables", CALL(s.ListTables(o.database).status())},
      {"ListTableSummaries", CALL(s.ListTableSummaries(o.database).status())},
      {"AlterTable", CALL(s.AlterTable(o.table_name(), MakeTable("", "", {"dt"}))), true},
      {"ModifyTable",
       CALL(s.ModifyTable(o.table_name(),
                          [](Table& t) {
                            (*t.mutable_parameters())["a"] = "b";
                            return absl::OkStatus();
                          })),
       true},
      {"ModifyTable/refused",
       CALL(s.ModifyTable(o.table_name(), [](Table&) { return absl::FailedPreconditionError("refused"); })), true},
      {"RenameTable", CALL(s.RenameTable(o.table_name(), {o.database, "visits"})), true},
      {"RenameTable/elsewhere", CALL(s.RenameTable(o.table_name(), {"default", "visits"})), true},
      {"DropTable", CALL(s.DropTable(o.table_name())), true},
      {"DropTable/view", CALL(s.DropTable(o.view_name())), true},
      {"DropTable/skip", CALL(s.DropTable(o.table_name(), {.if_missing = IfMissing::kSkip})), true},
      {"UndropTable", CALL(s.UndropTable(o.table_name())), true},
      {"CreateFunction", CALL(s.CreateFunction(MakeFunction(o.database, o.function))), true},
      {"GetFunction", CALL(s.GetFunction(o.function_name()).status())},
      {"ListFunctions", CALL(s.ListFunctions(o.database).status())},
      {"AlterFunction", CALL(s.AlterFunction(o.function_name(), MakeFunction("", ""))), true},
      {"RenameFunction", CALL(s.RenameFunction(o.function_name(), {o.database, "g"})), true},
      {"DropFunction", CALL(s.DropFunction(o.function_name())), true},
      {"UndropFunction", CALL(s.UndropFunction(o.function_name())), true},
      {"AddConstraints", CALL(s.AddConstraints(o.table_name(), std::vector{ForeignKeyOf(o)})), true},
      {"ListConstraints", CALL(s.ListConstraints(o.table_name()).status())},
      {"DropConstraint", CALL(s.DropConstraint(o.table_name(), "pk")), true},
      {"UpdateTableStatistics", CALL(s.UpdateTableStatistics(o.table_name(), StatisticsOf())), true},
      {"GetTableStatistics", CALL(s.GetTableStatistics(o.table_name()).status())},
      {"DeleteTableStatistics", CALL(s.DeleteTableStatistics(o.table_name())), true},
      {"UpdatePartitionStatistics", CALL(s.UpdatePartitionStatistics(o.table_name(), ValuesOf(o), StatisticsOf())),
       true},
      {"GetPartitionStatistics", CALL(s.GetPartitionStatistics(o.table_name(), ValuesOf(o)).status())},
      {"GetPartitionsStatistics",
       CALL(s.GetPartitionsStatistics(o.table_name(), std::vector<std::string>{"dt=" + o.value}).status())},
      {"DeletePartitionStatistics", CALL(s.DeletePartitionStatistics(o.table_name(), ValuesOf(o))), true},
  };
}

std::vector<EveryCall> PartitionCalls() {
  return {
      {"ListPartitions", CALL(Read(s.ListPartitions(o.table_name())))},
      {"ListPartitions/bad_filter", CALL(Read(s.ListPartitions(o.table_name(), {.filter = "no = 1"})))},
      {"PartitionNames", CALL(s.PartitionNames(o.table_name()).status())},
      {"PartitionNameStrings", CALL(s.PartitionNameStrings(o.table_name()).status())},
      {"GetPartition", CALL(s.GetPartition(o.table_name(), ValuesOf(o)).status())},
      {"GetPartition/values", CALL(s.GetPartition(o.table_name(), Values{"1", "2", "3"}).status())},
      {"PartitionExists", CALL(s.PartitionExists(o.table_name(), ValuesOf(o)).status())},
      {"GetPartitionsByNames", CALL(s.GetPartitionsByNames(o.table_name(), NamesOf(o)).status())},
      {"GetPartitionsByNames/bad", CALL(s.GetPartitionsByNames(o.table_name(), Values{"x"}).status())},
      {"ListPartitionsByNames", CALL(Read(s.ListPartitionsByNames(o.table_name(), NamesOf(o))))},
      {"ListPartitionsByValues", CALL(Read(s.ListPartitionsByValues(o.table_name(), ValuesOf(o))))},
      {"PartitionKeyValues", CALL(s.PartitionKeyValues(o.table_name(), "dt").status())},
      {"PartitionKeyValues/none", CALL(s.PartitionKeyValues(o.table_name(), "nokey").status())},
      {"CountPartitions", CALL(s.CountPartitions(o.table_name()).status())},
      {"SummarizePartitions", CALL(s.SummarizePartitions(o.table_name()).status())},
      {"Explain", CALL(s.Explain(o.table_name(), "dt = '1'").status())},
      {"AddPartitions", CALL(s.AddPartitions(o.table_name(), PartitionsOf(o)).status()), true},
      {"AddPartitions/replace",
       CALL(s.AddPartitions(o.table_name(), PartitionsOf(o), {.if_exists = IfExists::kReplace}).status()), true},
      {"AlterPartitions", CALL(s.AlterPartitions(o.table_name(), PartitionsOf(o))), true},
      {"RenamePartition", CALL(s.RenamePartition(o.table_name(), ValuesOf(o), Values{"2026-01-06"})), true},
      {"DropPartitions", CALL(s.DropPartitions(o.table_name(), NamesOf(o)).status()), true},
      {"DropPartition", CALL(s.DropPartition(o.table_name(), ValuesOf(o))), true},
      {"DropPartitionsByFilter", CALL(s.DropPartitionsByFilter(o.table_name(), "dt = '2026-01-05'").status()), true},
      {"TruncatePartitions", CALL(s.TruncatePartitions(o.table_name())), true},
      {"LoadPartitions", Load, true},
      {"ExportPartitions",
       [](S& s, const O& o) {
         std::ostringstream out;
         return ExportPartitions(s, o.table_name(), {}, OutputFormat::kNames, out).status();
       }},
      {"ReadEvents", CALL(s.ReadEvents().status()), false, true},
      {"GetEventBounds", CALL(s.GetEventBounds().status()), false, true},
  };
}

std::vector<EveryCall> PrivilegeCalls() {
  return {
      {"Grant", CALL(s.Grant({Grantee::User(o.user), Privilege::kSelect, Securable::Table(o.table_name())})), true},
      {"Grant/database", CALL(s.Grant({Grantee::User(o.user), Privilege::kSelect, Securable::Database(o.database)})),
       true},
      {"Grant/column",
       CALL(s.Grant({Grantee::User(o.user), Privilege::kSelect, Securable::Column(o.table_name(), "id")})), true},
      {"Revoke", CALL(s.Revoke({Grantee::User(o.user), Privilege::kSelect, Securable::Table(o.table_name())})), true,
       true},  // of what it granted itself: nothing
      {"ReplaceGrants",
       CALL(s.ReplaceGrants(Grantee::User(o.user), Securable::Table(o.table_name()), Privilege::kSelect)), true},
      {"ReplaceAllGrants",
       CALL(s.ReplaceAllGrants(
           Securable::Table(o.table_name()),
           std::vector{GrantSpec{Grantee::User(o.user), Privilege::kSelect, Securable::Table(o.table_name())}})),
       true},
      {"ListGrants", CALL(s.ListGrants({.on = Securable::Table(o.table_name())}).status())},
      {"EffectivePrivileges",
       CALL(s.EffectivePrivileges(Principal{.name = o.user}, Securable::Table(o.table_name())).status())},
      {"EffectiveGrants",
       CALL(s.EffectiveGrants(Principal{.name = o.user}, Securable::Table(o.table_name())).status())},
      {"Check",
       CALL(s.Check(Principal{.name = o.user}, Privilege::kSelect, Securable::Table(o.table_name())).status())},
      {"CreateRole", CALL(s.CreateRole(o.role)), true},
      {"DropRole", CALL(s.DropRole(o.role)), true},
      {"ListRoles", CALL(s.ListRoles().status()), false, true},
      {"GrantRole", CALL(s.GrantRole(o.role, Grantee::User(o.user))), true},
      {"RevokeRole", CALL(s.RevokeRole(o.role, Grantee::User(o.user))), true},
      {"ListRolesOf", CALL(s.ListRolesOf(Grantee::User(o.user)).status())},
      {"ListMembers", CALL(s.ListMembers(o.role).status())},
      {"AddToGroup", CALL(s.AddToGroup(o.group, o.user)), true},
      {"RemoveFromGroup", CALL(s.RemoveFromGroup(o.group, o.user)), true},
      {"ListGroups", CALL(s.ListGroups().status()), false, true},
      {"ListGroupMembers", CALL(s.ListGroupMembers(o.group).status())},
      {"IsAdministrator", CALL(s.IsAdministrator(Principal{.name = o.user}).status())},
      {"SetStoreAdministrator", CALL(s.SetStoreAdministrator(o.user, true)), true},
      {"CreateAccount", CALL(s.CreateAccount(o.user)), true},
      {"GetAccount", CALL(s.GetAccount(o.user).status())},
      {"ListAccounts", CALL(s.ListAccounts().status())},
      {"EnableAccount", CALL(s.EnableAccount(o.user, false)), true},
      {"DropAccount", CALL(s.DropAccount(o.user)), true},
      {"CreateAccessKey", CALL(s.CreateAccessKey(o.user).status()), true},
      {"ListAccessKeys", CALL(s.ListAccessKeys(o.user).status())},
      {"ActivateAccessKey", CALL(s.ActivateAccessKey("AAAAAAAAAAAAAAAAAAAA", false)), true},
      {"DropAccessKey", CALL(s.DropAccessKey("AAAAAAAAAAAAAAAAAAAA")), true},
      {"CreateToken", CALL(s.CreateToken(o.user, 1000).status()), true},
      {"ListTokens", CALL(s.ListTokens(o.user).status())},
      {"DropToken", CALL(s.DropToken("00000000")), true},
  };
}
#undef CALL

}  // namespace

std::span<const EveryCall> EveryCalls() {
  static const auto* const kAll = [] {
    auto* all = new std::vector<EveryCall>(ObjectCalls());
    for (auto part : {PartitionCalls(), PrivilegeCalls()}) all->insert(all->end(), part.begin(), part.end());
    return all;
  }();
  return *kAll;
}

std::set<std::string> MethodsInHeader() {
  const std::string text = ReadFile(LODESTONE_SOURCE_DIR "/catalog/session.h");
  const std::size_t begin = text.find("class Session {");
  const std::size_t end = text.find("\n private:", begin);
  std::set<std::string> methods;
  // A declaration begins with two blanks and a type; comments and continued lines do not.
  const std::regex declaration(R"(\n  (?:[A-Za-z_][\w:<>, ]*[ >])([A-Z]\w*)\()");
  const std::string body = text.substr(begin, end - begin);
  for (std::sregex_iterator at(body.begin(), body.end(), declaration), none; at != none; ++at) methods.insert((*at)[1]);
  for (const char* no_call : {"Session", "Transact", "Snapshot", "WithRequestId"}) methods.erase(no_call);
  return methods;
}

}  // namespace lodestone::testing
