// 7.1: databases.
#include <limits>
#include <utility>

#include "bindings/http/dli/call.h"
#include "bindings/http/dli/tags.h"
#include "catalog/base/status_macros.h"
#include "catalog/base/strings.h"
#include "catalog/errors.h"
#include "catalog/privileges.h"

namespace lodestone::http::dli {
namespace {

constexpr int64_t kMaxNumber = std::numeric_limits<int32_t>::max();
// The parameter of a database that holds its enterprise project.
constexpr char kEnterpriseProject[] = "enterprise_project_id";
constexpr char kDefaultEnterpriseProject[] = "0";

// Names have neither `*` nor `|`, so a keyword with one is in none of them.
bool CanBeInName(std::string_view keyword) { return keyword.find_first_of("*|") == std::string_view::npos; }

absl::StatusOr<Json> DatabaseEntry(const Call& call, const Session& session, const std::string& name,
                                   const absl::StatusOr<model::v1::Database>& database, bool with_privileges) {
  Json entry = {{"database_name", name}};
  if (database.ok()) {
    entry["owner"] = database->owner_name();
    entry["description"] = database->description();
    const auto project = database->parameters().find(kEnterpriseProject);
    entry["enterprise_project_id"] =
        project == database->parameters().end() ? kDefaultEnterpriseProject : project->second;
  } else {
    // The caller may know that it is there, for what it holds, and no more.
    if (!absl::IsPermissionDenied(database.status())) return database.status();
    entry["enterprise_project_id"] = kDefaultEnterpriseProject;
  }
  ASSIGN_OR_RETURN(const Page<std::string> tables, session.ListTables(name));
  entry["table_number"] = tables.items.size();
  if (with_privileges) {
    ASSIGN_OR_RETURN(const PrivilegeSet set,
                     session.EffectivePrivileges(session.principal(), Securable::Database(name)));
    entry["privileges"] = PrivilegeWords(Vocabulary::kDli, Securable::Kind::kDatabase, set);
  }
  return entry;
}

}  // namespace

CallResult CreateDatabase(Call& call) {
  ObjectReader fields(call.body);
  model::v1::Database database;
  database.set_name(fields.Text("database_name"));
  database.set_description(fields.OptionalText("description").value_or(""));
  auto& parameters = *database.mutable_parameters();
  if (const auto project = fields.OptionalText("enterprise_project_id")) parameters[kEnterpriseProject] = *project;
  ReadTags(fields, &parameters);
  RETURN_IF_ERROR(fields.status());
  absl::Status created = call.session.CreateDatabase(database);
  if (absl::IsAlreadyExists(created) && base::EqualsIgnoreCase(database.name(), kDefaultDatabase)) {
    return MakeError(ErrorKind::kInvalidOperation, ObjectKind::kDatabase, kDefaultDatabase,
                     "database default: it is built in and can't be created");
  }
  RETURN_IF_ERROR(created);
  return Json::object();
}

CallResult DeleteDatabase(Call& call) {
  QueryReader query(call.query);
  const bool cascade = query.Flag("cascade", false);
  const bool asynchronous = query.Flag("async", false);
  RETURN_IF_ERROR(query.status());
  const int64_t start_ms = call.options.clock->NowMillis();
  RETURN_IF_ERROR(
      call.session.DropDatabase(call.names[0], {.mode = cascade ? DropMode::kCascade : DropMode::kRestrict}));
  if (!asynchronous) return Json{{"job_mode", "sync"}};
  Job job{.project = call.project, .owner = call.session.principal().name, .type = "DDL"};
  job.statement = base::StrCat("DROP DATABASE `", base::AsciiLower(call.names[0]), "`", cascade ? " CASCADE" : "");
  job.start_ms = start_ms;
  job.duration_ms = call.options.clock->NowMillis() - start_ms;
  return Json{{"job_id", call.jobs.Add(std::move(job))}, {"job_type", "DDL"}, {"job_mode", "async"}};
}

CallResult ListDatabases(Call& call) {
  QueryReader query(call.query);
  const bool with_privileges = query.Flag("with-priv", false);
  const auto offset = static_cast<std::size_t>(query.Number("offset", 0, kMaxNumber).value_or(0));
  const std::optional<int64_t> limit = query.Number("limit", 0, kMaxNumber);
  const std::string keyword = query.Text("keyword").value_or("");
  const std::optional<std::string> tags = query.Text("tags");
  RETURN_IF_ERROR(query.status());
  const Session session = call.session.Snapshot();
  Page<std::string> names;
  if (CanBeInName(keyword)) {
    ASSIGN_OR_RETURN(names, session.ListDatabases({.pattern = keyword.empty() ? "" : base::StrCat("*", keyword, "*")}));
  }
  std::size_t count = 0;
  Json entries = Json::array();
  for (const std::string& name : names.items) {
    const bool in_page = count >= offset && (!limit || entries.size() < static_cast<std::size_t>(*limit));
    if (!in_page && !tags) {
      ++count;
      continue;
    }
    const absl::StatusOr<model::v1::Database> database = session.GetDatabase(name);
    if (tags && (!database.ok() || !TagsMatch(database->parameters(), *tags))) continue;
    ++count;
    if (!in_page) continue;
    ASSIGN_OR_RETURN(Json entry, DatabaseEntry(call, session, name, database, with_privileges));
    entries.push_back(std::move(entry));
  }
  return Json{{"database_count", count}, {"databases", std::move(entries)}};
}

CallResult UpdateDatabaseOwner(Call& call) {
  ObjectReader fields(call.body);
  const std::string owner = fields.Text("new_owner");
  if (fields.status().ok() && owner.empty()) fields.Fail("new_owner", "a name", "an empty text");
  RETURN_IF_ERROR(fields.status());
  RETURN_IF_ERROR(call.session.ModifyDatabase(call.names[0], [&](model::v1::Database& database) {
    database.set_owner_name(owner);
    database.set_owner_type(model::v1::USER);
    return absl::OkStatus();
  }));
  return Json::object();
}

}  // namespace lodestone::http::dli
