#include "bindings/http/dli/router.h"

#include <set>
#include <string>
#include <vector>

#include "catalog/base/strings.h"
#include "tests/support/matchers.h"

namespace lodestone::http::dli {
namespace {

std::string NameOf(const Match& match) { return match.route == nullptr ? "" : std::string(match.route->name); }

TEST(Router, FindsEachCallWithItsParameters) {
  struct Case {
    const char* method;
    const char* path;
    const char* name;
    std::vector<std::string> names;
  };
  const Case cases[] = {
      {"PUT", "/v1.0/p/queues/user-authorization", "AuthorizeQueue", {}},
      {"GET", "/v1.0/p/queues/q1/users", "ListQueueUsers", {"q1"}},
      {"PUT", "/v1.0/p/user-authorization", "AuthorizeData", {}},
      {"GET", "/v1.0/p/databases/d/users", "ListDatabaseUsers", {"d"}},
      {"GET", "/v1.0/p/databases/d/tables/t/users", "ListTableUsers", {"d", "t"}},
      {"GET", "/v1.0/p/databases/d/tables/t/users/u", "ListTablePrivileges", {"d", "t", "u"}},
      {"GET", "/v1.0/p/authorization/privileges", "ListAuthorizationPrivileges", {}},
      {"POST", "/v1.0/p/databases", "CreateDatabase", {}},
      {"DELETE", "/v1.0/p/databases/d", "DeleteDatabase", {"d"}},
      {"GET", "/v1.0/p/databases", "ListDatabases", {}},
      {"PUT", "/v1.0/p/databases/d/owner", "UpdateDatabaseOwner", {"d"}},
      {"POST", "/v1.0/p/databases/d/tables", "CreateTable", {"d"}},
      {"DELETE", "/v1.0/p/databases/d/tables/t", "DeleteTable", {"d", "t"}},
      {"GET", "/v1.0/p/databases/d/tables", "ListTables", {"d"}},
      {"GET", "/v1.0/p/databases/d/tables/t", "ShowTable", {"d", "t"}},
      {"GET", "/v1.0/p/databases/d/tables/t/preview", "PreviewTable", {"d", "t"}},
      {"GET", "/v1.0/p/databases/d/tables/t/partitions", "ListPartitions", {"d", "t"}},
      {"GET", "/v1.0/p/jobs/j/status", "ShowJobStatus", {"j"}},
      {"GET", "/v1.0/p/jobs/j/preview", "PreviewJobResult", {"j"}},
      // Escapes: pieces are split first.
      {"GET", "/v1.0/p/databases/d/tables/%24test", "ShowTable", {"d", "$test"}},
      {"GET", "/v1.0/p/databases/d/tables/a%2Fb", "ShowTable", {"d", "a/b"}},
      {"GET", "/v1.0/p/databases/d/tables/t/users/a%20b%C3%AB", "ListTablePrivileges", {"d", "t", "a bë"}},
      {"GET", "/v1.0/p/databases/a+b", "", {}},
      {"GET", "/v1.0/p/%64atabases", "ListDatabases", {}},
  };
  std::set<std::string> found;
  for (const Case& test : cases) {
    const Match match = FindRoute(test.method, test.path);
    EXPECT_EQ(NameOf(match), test.name) << test.path;
    EXPECT_EQ(match.names, test.names) << test.path;
    if (match.route != nullptr) {
      EXPECT_EQ(match.project, "p");
    }
    found.insert(NameOf(match));
  }
  for (const Route& route : Routes()) EXPECT_TRUE(found.contains(std::string(route.name))) << route.name;
}

TEST(Router, RefusesPathsThatAreNone) {
  for (const char* path : {"",
                           "/",
                           "databases",
                           "/v1.0",
                           "/v1.0/p",
                           "/v1.0/p/",
                           "/v1.0/p/databases/",
                           "/v1.0//databases",
                           "/v1.0/p//databases",
                           "/v1/p/databases",
                           "/v2.0/p/databases",
                           "/V1.0/p/databases",
                           "/v1.0/p/Databases",
                           "/v1.0/p/databases/d/tables/t/x",
                           "/v1.0/p/databases/d/tables/t/users/u/x",
                           "/v1.0/p/databases/%ZZ",
                           "/v1.0/p/databases/%",
                           "/v1.0/p/databases/%ff",
                           "/v1.0/p%2Fdatabases",
                           "/v1.0/p/jobs",
                           "/v1.0/p/jobs/j",
                           "/a/b/c/d/e/f/g/h/i/j/k/l/m/n/o/p/q/r"}) {
    const Match match = FindRoute("GET", path);
    EXPECT_EQ(match.route, nullptr) << path;
    EXPECT_EQ(match.allowed, "") << path;
  }
}

TEST(Router, SaysWhichMethodsAPathHas) {
  const std::pair<const char*, const char*> cases[] = {
      {"/v1.0/p/databases", "POST, GET"}, {"/v1.0/p/databases/d/tables/t", "DELETE, GET"},
      {"/v1.0/p/databases/d", "DELETE"},  {"/v1.0/p/user-authorization", "PUT"},
      {"/v1.0/p/jobs/j/status", "GET"},
  };
  for (const auto& [path, allowed] : cases) {
    for (const char* method : {"PATCH", "HEAD", "OPTIONS", "get", ""}) {
      const Match match = FindRoute(method, path);
      EXPECT_EQ(match.route, nullptr);
      EXPECT_EQ(match.allowed, allowed) << method << " " << path;
    }
  }
}

TEST(Router, EachRouteHasANameOfItsOwnAndNoTwoTakeTheSame) {
  std::set<std::string> names;
  std::set<std::string> patterns;
  for (const Route& route : Routes()) {
    EXPECT_TRUE(names.insert(std::string(route.name)).second) << route.name;
    EXPECT_TRUE(patterns.insert(base::StrCat(route.method, " ", route.pattern)).second) << route.pattern;
    EXPECT_EQ(route.has_body, route.method == "PUT" || route.method == "POST") << route.name;
  }
}

}  // namespace
}  // namespace lodestone::http::dli
