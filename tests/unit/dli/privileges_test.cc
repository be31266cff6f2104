// Chapter 5, and what privileges let each call do: S1's cells over this wire, deny by default, no oracle.
#include <filesystem>
#include <fstream>
#include <set>
#include <string>
#include <vector>

#include "bindings/http/dli/router.h"
#include "tests/support/temp_folder.h"
#include "tests/unit/dli/auth_fixture.h"

namespace lodestone::http::dli {
namespace {

class PrivilegesOverDli : public AuthTest {
 protected:
  void SetUp() override {
    AuthTest::SetUp();
    ASSERT_THAT(As("root", "POST", "databases", R"({"database_name": "db1"})"), Succeeds());
    MakeObjects();
  }

  // What calls may have dropped, again.
  void MakeObjects() {
    Session local = metastore_->Local();
    model::v1::Database database;
    database.set_name("db1");
    ASSERT_OK(local.CreateDatabase(database, {.if_exists = IfExists::kSkip}));
    ASSERT_OK(local.ModifyDatabase("db1", [](model::v1::Database& one) {
      one.set_owner_name("root");
      return absl::OkStatus();
    }));
    for (const char* name : {"t", "v"}) {
      model::v1::Table table;
      table.set_database("db1");
      table.set_name(name);
      table.set_owner("root");
      if (std::string_view(name) == "v") {
        table.set_table_type(model::v1::VIRTUAL_VIEW);
        table.set_view_original_text("select 1");
        table.set_view_expanded_text("select 1");
      } else {
        auto* column = table.mutable_storage_descriptor()->add_columns();
        column->set_name("id");
        column->set_type("int");
        auto* key = table.add_partition_keys();
        key->set_name("dt");
        key->set_type("string");
      }
      ASSERT_OK(local.CreateTable(table, {.if_exists = IfExists::kSkip}));
    }
    for (const char* name : {"new1", "new2"}) {
      ASSERT_OK(local.DropTable({"db1", name}, {.if_missing = IfMissing::kSkip}));
      ASSERT_OK(local.DropDatabase(name, {.if_missing = IfMissing::kSkip}));
    }
  }

  Answer Authorize(const std::string& by, const std::string& action, const std::string& user, const std::string& object,
                   const std::string& words) {
    return As(by, "PUT", "user-authorization",
              R"({"user_name": ")" + user + R"(", "action": ")" + action + R"(", "privileges": [{"object": ")" +
                  object + R"(", "privileges": [)" + words + "]}]}");
  }
  std::string WordsOf(const std::string& user) {
    std::string all;
    const Answer answer = As("root", "GET", "databases/db1/tables/t/users/" + user);
    for (const Json& one : answer.json["privileges"]) {
      base::StrAppend(&all, one["object"].get<std::string>(), one["privileges"].dump(), " ");
    }
    return all;
  }
};

// One call that a privilege is needed for: its route, and what lets it pass, written down here a second time.
struct Guarded {
  const char* name;
  const char* method;
  const char* path;
  const char* body;
  std::set<Privilege> on_table;     // empty: no table is meant
  std::set<Privilege> on_database;  // beside those of the table, which hold for what the database holds
};
constexpr char kNewTable[] =
    R"({"table_name": "new1", "data_location": "DLI", "columns": [{"column_name": "a", "type": "int"}]})";
constexpr char kNewView[] = R"({"table_name": "new2", "data_location": "VIEW", "select_statement": "select 1"})";

const std::vector<Guarded>& GuardedCalls() {
  using enum Privilege;
  static const std::vector<Guarded> calls = {
      {"ShowTable",
       "GET",
       "databases/db1/tables/t",
       "",
       {kDescribe, kSelect, kInsert, kOverwrite, kUpdate, kDelete, kAlterTable, kAlterColumns, kSetProperties,
        kSetLocation},
       {}},
      {"ListPartitions", "GET", "databases/db1/tables/t/partitions", "", {kShowPartitions, kSelect}, {}},
      {"DeleteTable", "DELETE", "databases/db1/tables/t", "", {kDropTable}, {}},
      {"DeleteTable", "DELETE", "databases/db1/tables/v", "", {kDropView}, {}},
      {"CreateTable", "POST", "databases/db1/tables", kNewTable, {}, {kCreateTable}},
      {"CreateTable", "POST", "databases/db1/tables", kNewView, {}, {kCreateView}},
      {"DeleteDatabase", "DELETE", "databases/db1?cascade=true", "", {}, {kDropDatabase}},
      {"UpdateDatabaseOwner", "PUT", "databases/db1/owner", R"({"new_owner": "bob"})", {}, {}},
  };
  return calls;
}

TEST_F(PrivilegesOverDli, EachPrivilegeLetsPassExactlyWhatItShould) {
  Session local = metastore_->Local();
  int cells = 0;
  for (const Guarded& call : GuardedCalls()) {
    for (int number = 0; number < kPrivilegeCount; ++number) {
      const Privilege privilege = static_cast<Privilege>(number);
      for (const bool on_table : {true, false}) {
        if (on_table && call.on_table.empty()) continue;
        MakeObjects();
        const std::string table = std::string_view(call.path).find("tables/v") != std::string_view::npos ? "v" : "t";
        const Securable on = on_table ? Securable::Table({"db1", table}) : Securable::Database("db1");
        if (!local.Grant({.to = Grantee::User("ana"), .privileges = privilege, .on = on}).ok()) continue;
        const bool allowed = call.on_table.contains(privilege) || (!on_table && call.on_database.contains(privilege));
        const Answer answer = As("ana", call.method, call.path, call.body);
        ++cells;
        if (allowed) {
          EXPECT_THAT(answer, Succeeds()) << call.path << " with " << NameOf(privilege) << " on " << on.ToString();
        } else {
          EXPECT_THAT(answer, Refuses(400, "DLI.0003", ""))
              << call.path << " with " << NameOf(privilege) << " on " << on.ToString();
        }
        MakeObjects();
        ASSERT_OK(local.Revoke({.from = Grantee::User("ana"), .privileges = PrivilegeSet::All(), .on = on}));
        EXPECT_THAT(As("ana", call.method, call.path, call.body), Refuses(400, "DLI.0003", ""))
            << call.path << " revoked";
      }
    }
  }
  EXPECT_GT(cells, 300);
}

TEST_F(PrivilegesOverDli, NoCallIsOpenWithoutAny) {
  // Calls that anybody may make show only what the caller sees, which is nothing here.
  const std::set<std::string> anyone = {"ListDatabases"};
  std::set<std::string> seen;
  for (const Route& route : Routes()) {
    std::string path(route.pattern);
    const char* names[] = {"db1", "t", "root"};
    int number = 0;
    if (path.starts_with("queues/*") || path.starts_with("jobs/*")) names[0] = "q1";
    for (std::size_t at; (at = path.find('*')) != std::string::npos;) path.replace(at, 1, names[number++]);
    std::string body;
    if (route.name == "AuthorizeQueue") {
      body = R"({"queue_name": "q1", "user_name": "ana", "action": "grant", "privileges": ["SUBMIT_JOB"]})";
    } else if (route.name == "AuthorizeData") {
      body =
          R"({"user_name": "ana", "action": "grant", "privileges": [{"object": "databases.db1", "privileges": ["SELECT"]}]})";
    } else if (route.name == "CreateDatabase") {
      body = R"({"database_name": "new1"})";
    } else if (route.name == "CreateTable") {
      body = kNewTable;
    } else if (route.name == "UpdateDatabaseOwner") {
      body = R"({"new_owner": "ana"})";
    }
    if (route.name == "ListAuthorizationPrivileges") path += "?object=jobs.flink.1";
    const Answer answer = As("ana", route.method, path, body);
    if (anyone.contains(std::string(route.name))) {
      EXPECT_EQ(answer.json["database_count"], 0);
    } else if (route.name == "ShowJobStatus" || route.name == "PreviewJobResult") {
      EXPECT_THAT(answer, Refuses(400, "DLI.0002", "no job"));
    } else if (route.name == "ListQueueUsers" || route.name == "ListAuthorizationPrivileges") {
      // Queues and jobs are unknown to the catalog: everybody sees what it was granted itself, which is nothing.
      if (answer.status == 200) {
        EXPECT_EQ(answer.json["privileges"], Json::array()) << route.name;
      } else {
        EXPECT_THAT(answer, Refuses(400, "DLI.0003", ""));
      }
    } else {
      EXPECT_THAT(answer, Refuses(400, "DLI.0003", "")) << route.name;
    }
    seen.insert(std::string(route.name));
  }
  EXPECT_EQ(seen.size(), Routes().size());
}

TEST_F(PrivilegesOverDli, AbsentAndForbiddenLookTheSame) {
  const std::pair<const char*, const char*> pairs[] = {
      {"databases/db1", "databases/dbX"},
      {"databases/db1/tables", "databases/dbX/tables"},
      {"databases/db1/tables/t", "databases/db1/tables/X"},
      {"databases/db1/tables/t", "databases/dbX/tables/t"},
      {"databases/db1/tables/t/preview", "databases/db1/tables/X/preview"},
      {"databases/db1/tables/t/partitions", "databases/db1/tables/X/partitions"},
      {"databases/db1/tables/t/partitions?filter=dt%3D1", "databases/db1/tables/X/partitions?filter=dt%3D1"},
      {"databases/db1/users", "databases/dbX/users"},
      {"databases/db1/tables/t/users", "databases/db1/tables/X/users"},
      {"databases/db1/tables/t/users/root", "databases/db1/tables/X/users/root"},
      {"databases/db1/tables/t/users/ana", "databases/db1/tables/X/users/ana"},
  };
  for (const auto& [there, absent] : pairs) {
    for (const char* method : {"GET", "DELETE"}) {
      if (FindRoute(method,
                    base::StrCat("/v1.0/p/", std::string_view(there).substr(0, std::string_view(there).find('?'))))
              .route == nullptr)
        continue;
      const Answer first = As("ana", method, there);
      const Answer second = As("ana", method, absent);
      EXPECT_EQ(first.status, second.status) << there;
      EXPECT_EQ(first.code(), second.code()) << there;
      // But for the name, which the caller gave itself.
      std::string text = second.text();
      for (const auto& [from, to] : {std::pair<std::string, std::string>{"dbX", "db1"},
                                     {"dbx", "db1"},
                                     {"db1.X", "db1.t"},
                                     {"db1.x", "db1.t"}}) {
        for (std::size_t at; (at = text.find(from)) != std::string::npos;) text.replace(at, from.size(), to);
      }
      EXPECT_EQ(first.text(), text) << there;
    }
  }
}

TEST_F(PrivilegesOverDli, GrantRevokeAndUpdateDoWhatTheyAreCalled) {
  const std::string table = "databases.db1.tables.t";
  ASSERT_THAT(Authorize("root", "grant", "ana", table, R"("SELECT", "DROP_TABLE")"), Succeeds());
  EXPECT_EQ(WordsOf("ana"), table + R"(["DROP_TABLE","SELECT"] )");
  ASSERT_THAT(Authorize("root", "grant", "ana", table, R"("DESCRIBE_TABLE")"), Succeeds());
  ASSERT_THAT(Authorize("root", "revoke", "ana", table, R"("DROP_TABLE")"), Succeeds());
  ASSERT_THAT(Authorize("root", "grant", "ana", table + ".columns.ID", R"("SELECT")"), Succeeds());
  ASSERT_THAT(Authorize("root", "update", "ana", table, R"("DROP_TABLE")"), Succeeds());
  EXPECT_EQ(WordsOf("ana"), table + R"(["DROP_TABLE"] )" + table + R"(.columns.id["SELECT"] )");
  ASSERT_THAT(Authorize("root", "update", "ana", table, ""), Succeeds());
  EXPECT_EQ(WordsOf("ana"), table + R"(.columns.id["SELECT"] )");  // on nothing else
}

TEST_F(PrivilegesOverDli, SeveralObjectsChangeTogetherOrNotAtAll) {
  const std::string body = R"({"user_name": "ana", "action": "grant", "privileges": [
      {"object": "databases.db1.tables.t", "privileges": ["SELECT"]},
      {"object": "databases.db1.tables.nope", "privileges": ["SELECT"]}]})";
  EXPECT_THAT(As("root", "PUT", "user-authorization", body), Refuses(400, "DLI.0002", "nope"));
  EXPECT_EQ(WordsOf("ana"), "");
}

TEST_F(PrivilegesOverDli, RequestsThatBreakARuleSayWhich) {
  const std::string good = R"("privileges": [{"object": "databases.db1", "privileges": ["SELECT"]}])";
  const std::pair<std::string, const char*> cases[] = {
      {"{}", "user_name"},
      {R"({"user_name": "", "action": "grant", )" + good + "}", "user_name: expected a name"},
      {R"({"user_name": "ana", )" + good + "}", "action"},
      {R"({"user_name": "ana", "action": "GRANT", )" + good + "}", "action: expected grant, revoke or update"},
      {R"({"user_name": "ana", "action": "grant"})", "privileges: expected a list"},
      {R"({"user_name": "ana", "action": "grant", "privileges": []})", "at least one"},
      {R"({"user_name": "ana", "action": "grant", "privileges": ["SELECT"]})", "privileges[0]: expected an object"},
      {R"({"user_name": "ana", "action": "grant", "privileges": [{"privileges": ["SELECT"]}]})",
       "privileges[0].object"},
      {R"({"user_name": "ana", "action": "grant", "privileges": [{"object": "databases.db1"}]})",
       "privileges[0].privileges"},
      {R"({"user_name": "ana", "action": "grant", "privileges": [{"object": "databases.db1", "privileges": []}]})",
       "at least one"},
      {R"({"user_name": "ana", "action": "grant", "privileges": [{"object": "databases.db1", "privileges": ["FLY"]}]})",
       "FLY"},
      {R"({"user_name": "ana", "action": "grant", "privileges": [{"object": "db1", "privileges": ["SELECT"]}]})",
       "expected databases.D"},
      {R"({"user_name": "ana", "action": "grant", "privileges": [{"object": "jobs.spark.1", "privileges": ["GET"]}]})",
       "not supported"},
  };
  for (const auto& [body, text] : cases) {
    EXPECT_THAT(As("root", "PUT", "user-authorization", body), Refuses(400, "DLI.0001", text)) << body;
  }
  EXPECT_THAT(As("root", "PUT", "queues/user-authorization",
                 R"({"user_name": "ana", "action": "grant", "privileges": ["SUBMIT_JOB"]})"),
              Refuses(400, "DLI.0001", "queue_name"));
  EXPECT_THAT(As("root", "PUT", "queues/user-authorization",
                 R"({"queue_name": "q", "user_name": "ana", "action": "grant", "privileges": ["SELECT"]})"),
              Refuses(400, "DLI.0001", "SELECT"));
  EXPECT_THAT(As("root", "GET", "authorization/privileges"), Refuses(400, "DLI.0001", "object"));
  EXPECT_THAT(As("root", "GET", "authorization/privileges?object=databases.db1"),
              Refuses(400, "DLI.0001", "calls of their own"));
  EXPECT_THAT(As("root", "GET", "authorization/privileges?object=jobs.flink.1&limit=-1"),
              Refuses(400, "DLI.0001", "limit"));
}

TEST_F(PrivilegesOverDli, UpdateNeedsBothToGrantAndToRevoke) {
  ASSERT_THAT(Authorize("root", "grant", "ana", "databases.db1", R"("SELECT", "GRANT_PRIVILEGE")"), Succeeds());
  EXPECT_THAT(Authorize("ana", "grant", "bob", "databases.db1", R"("SELECT")"), Succeeds());
  EXPECT_THAT(Authorize("ana", "update", "bob", "databases.db1", R"("SELECT")"), Refuses(400, "DLI.0003", ""));
  ASSERT_THAT(Authorize("root", "grant", "ana", "databases.db1", R"("REVOKE_PRIVILEGE")"), Succeeds());
  EXPECT_THAT(Authorize("ana", "update", "bob", "databases.db1", R"("SELECT")"), Succeeds());
}

TEST_F(PrivilegesOverDli, ListsOfUsersNameAdministratorsOwnersAndGrantees) {
  Session local = metastore_->Local();
  ASSERT_OK(local.ModifyDatabase("db1", [](model::v1::Database& database) {
    database.set_owner_name("olga");
    return absl::OkStatus();
  }));
  ASSERT_THAT(Authorize("root", "grant", "bob", "databases.db1", R"("CREATE_TABLE")"), Succeeds());
  EXPECT_EQ(As("root", "GET", "databases/DB1/users").json,
            Json::parse(R"({"is_success": true, "message": "", "database_name": "db1", "privileges": [
              {"is_admin": true, "user_name": "root", "privileges": ["ALL"]},
              {"is_admin": false, "user_name": "olga", "privileges": ["ALL"]},
              {"is_admin": false, "user_name": "bob", "privileges": ["CREATE_TABLE"]}]})"));
  // Whoever may not see what others have sees itself.
  EXPECT_EQ(As("bob", "GET", "databases/db1/users").json["privileges"],
            Json::parse(R"([{"is_admin": false, "user_name": "bob", "privileges": ["CREATE_TABLE"]}])"));
  EXPECT_THAT(As("root", "GET", "databases/nope/users"), Refuses(400, "DLI.0002", "nope"));
  EXPECT_THAT(As("root", "GET", "databases/db1/tables/nope/users"), Refuses(400, "DLI.0002", "nope"));
}

TEST_F(PrivilegesOverDli, AdministratorsComeOverGroupsAndRolesToo) {
  Session local = metastore_->Local();
  ASSERT_OK(local.CreateRole("leads"));
  ASSERT_OK(local.GrantRole(kAdminRole, Grantee::Role("leads")));
  ASSERT_OK(local.GrantRole("leads", Grantee::Group("crew")));
  ASSERT_OK(local.AddToGroup("crew", "zoe"));
  ASSERT_OK(local.SetStoreAdministrator("sam", true));
  std::set<std::string> users;
  const Answer answer = As("root", "GET", "queues/q1/users");
  for (const Json& one : answer.json["privileges"]) {
    EXPECT_EQ(one["is_admin"], true);
    users.insert(one["user_name"]);
  }
  EXPECT_EQ(users, (std::set<std::string>{"root", "zoe", "sam"}));
}

TEST_F(PrivilegesOverDli, ListsShowWhatTheCallerSeesAndHas) {
  ASSERT_THAT(Authorize("root", "grant", "ana", "databases.db1.tables.t", R"("SELECT")"), Succeeds());
  const Answer databases = As("ana", "GET", "databases?with-priv=true&keyword=db1");
  ASSERT_THAT(databases, Succeeds());
  EXPECT_EQ(databases.json["database_count"], 1);
  EXPECT_EQ(databases.json["databases"][0]["table_number"], 1);
  EXPECT_EQ(databases.json["databases"][0]["privileges"], Json::array());
  EXPECT_FALSE(databases.json["databases"][0].contains("owner"));
  const Answer tables = As("ana", "GET", "databases/db1/tables?with-priv=true");
  ASSERT_EQ(tables.json["table_count"], 1);
  EXPECT_EQ(tables.json["tables"][0]["privileges"], Json::array({"SELECT"}));
  EXPECT_EQ(As("root", "GET", "databases/db1/tables?with-priv=true").json["tables"][0]["privileges"],
            Json::array({"ALL"}));
}

TEST_F(PrivilegesOverDli, PreviewsShowTheColumnsThatOneMayRead) {
  const testing::TempFolder folder;
  const std::string root = std::filesystem::canonical(folder.path()).string();
  std::ofstream(root + "/a.csv") << "1,x,y\n";
  options_.permitted_roots = {root};
  MakeHandler();
  ASSERT_THAT(As("root", "POST", "databases/db1/tables",
                 R"({"table_name": "p", "data_location": "OBS", "data_type": "csv", "data_path": "file:)" + root +
                     R"(", "columns": [{"column_name": "a", "type": "int"}, {"column_name": "b", "type": "string"},
                                       {"column_name": "c", "type": "string"}]})"),
              Succeeds());
  EXPECT_THAT(As("ana", "GET", "databases/db1/tables/p/preview"), Refuses(400, "DLI.0003", "db1.p"));
  ASSERT_THAT(Authorize("root", "grant", "ana", "databases.db1.tables.p.columns.c", R"("SELECT")"), Succeeds());
  const Answer some = As("ana", "GET", "databases/db1/tables/p/preview");
  ASSERT_THAT(some, Succeeds());
  EXPECT_EQ(some.json["schema"], Json::parse(R"([{"c": "string"}])"));
  EXPECT_EQ(some.json["rows"], Json::parse(R"([["y"]])"));
  // To see the definition is not to see the data.
  ASSERT_THAT(Authorize("root", "grant", "bob", "databases.db1.tables.p", R"("DESCRIBE_TABLE")"), Succeeds());
  EXPECT_THAT(As("bob", "GET", "databases/db1/tables/p/preview"), Refuses(400, "DLI.0003", "SELECT"));
  ASSERT_THAT(Authorize("root", "grant", "bob", "databases.db1", R"("SELECT")"), Succeeds());
  EXPECT_EQ(As("bob", "GET", "databases/db1/tables/p/preview").json["rows"], Json::parse(R"([["1", "x", "y"]])"));
}

TEST_F(PrivilegesOverDli, JobsAreTheirOwnersAndAdministrators) {
  ASSERT_THAT(Authorize("root", "grant", "ana", "databases.db1.tables.t", R"("DROP_TABLE")"), Succeeds());
  const Answer dropped = As("ana", "DELETE", "databases/db1/tables/t?async=true");
  ASSERT_THAT(dropped, Succeeds());
  const std::string path = "jobs/" + dropped.json["job_id"].get<std::string>() + "/status";
  EXPECT_THAT(As("ana", "GET", path), Succeeds());
  EXPECT_THAT(As("root", "GET", path), Succeeds());
  EXPECT_THAT(As("bob", "GET", path), Refuses(400, "DLI.0002", "there is no job"));
}

}  // namespace
}  // namespace lodestone::http::dli
