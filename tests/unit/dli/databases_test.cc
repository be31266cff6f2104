// 7.1, and what all calls have in common, in process.
#include <string>
#include <vector>

#include "tests/unit/dli/dli_fixture.h"

namespace lodestone::http::dli {
namespace {

class Databases : public DliTest {};

TEST_F(Databases, AreMadeListedAndDropped) {
  EXPECT_THAT(Post("databases", R"({"database_name": "Web", "description": "d", "enterprise_project_id": "7"})"),
              Succeeds());
  EXPECT_THAT(Post("databases", R"({"database_name": "db2"})"), Succeeds());
  const Answer all = Get("databases");
  ASSERT_THAT(all, Succeeds());
  EXPECT_EQ(all.json["database_count"], 3);
  const Json web = {{"database_name", "web"},
                    {"owner", "ana"},
                    {"description", "d"},
                    {"enterprise_project_id", "7"},
                    {"table_number", 0}};
  EXPECT_EQ(all.json["databases"][2], web);
  EXPECT_EQ(all.json["databases"][1]["enterprise_project_id"], "0");
  const Answer dropped = Delete("databases/WEB");
  ASSERT_THAT(dropped, Succeeds());
  EXPECT_EQ(dropped.json["job_mode"], "sync");
  EXPECT_FALSE(dropped.json.contains("job_id"));
  EXPECT_EQ(Get("databases").json["database_count"], 2);
}

TEST_F(Databases, NamesFollowTheDocumentedRules) {
  for (const std::string& name : std::vector<std::string>{"a", "1a", "A_b_3", std::string(128, 'x')}) {
    EXPECT_THAT(Post("databases", "{\"database_name\": \"" + name + "\"}"), Succeeds()) << name;
  }
  for (const std::string& name :
       std::vector<std::string>{"", "_a", "123", "a-b", "a b", "ü", "a$", "a.b", std::string(129, 'x')}) {
    EXPECT_THAT(Post("databases", "{\"database_name\": \"" + name + "\"}"), Refuses(400, "DLI.0001", "")) << name;
  }
}

TEST_F(Databases, FailuresHaveTheDocumentedCodes) {
  ASSERT_THAT(Post("databases", R"({"database_name": "db1"})"), Succeeds());
  EXPECT_THAT(Post("databases", R"({"database_name": "DB1"})"), Refuses(400, "DLI.0006", "db1"));
  EXPECT_THAT(Post("databases", R"({"database_name": "Default"})"), Refuses(400, "DLI.0007", "built in"));
  EXPECT_THAT(Post("databases", R"({"description": "x"})"), Refuses(400, "DLI.0001", "database_name: expected a text"));
  EXPECT_THAT(Post("databases", R"({"database_name": 7})"), Refuses(400, "DLI.0001", "found a number"));
  EXPECT_THAT(Post("databases", ""), Refuses(400, "DLI.0001", "no body"));
  EXPECT_THAT(Post("databases", "{"), Refuses(400, "DLI.0001", "not JSON"));
  EXPECT_THAT(Delete("databases/nope"), Refuses(400, "DLI.0002", "nope"));
  EXPECT_THAT(Delete("databases/default"), Refuses(400, "DLI.0007", "default"));
  EXPECT_THAT(Delete("databases/db1?cascade=maybe"), Refuses(400, "DLI.0001", "cascade: expected true or false"));
  EXPECT_THAT(Put("databases/nope/owner", R"({"new_owner": "bob"})"), Refuses(400, "DLI.0002", "nope"));
  EXPECT_THAT(Put("databases/db1/owner", R"({"new_owner": ""})"), Refuses(400, "DLI.0001", "new_owner"));
  EXPECT_THAT(Put("databases/db1/owner", "{}"), Refuses(400, "DLI.0001", "new_owner"));
}

TEST_F(Databases, ThatHoldTablesNeedCascade) {
  ASSERT_THAT(Post("databases", R"({"database_name": "db1"})"), Succeeds());
  ASSERT_THAT(Post("databases/db1/tables", R"({"table_name": "t", "data_location": "DLI",
                                              "columns": [{"column_name": "a", "type": "int"}]})"),
              Succeeds());
  EXPECT_EQ(Get("databases?keyword=db1").json["databases"][0]["table_number"], 1);
  EXPECT_THAT(Delete("databases/db1"), Refuses(400, "DLI.0007", "db1"));
  EXPECT_THAT(Delete("databases/db1?cascade=true"), Succeeds());
}

TEST_F(Databases, DropsCanBeAskedForAsynchronously) {
  ASSERT_THAT(Post("databases", R"({"database_name": "db1"})"), Succeeds());
  const Answer dropped = Delete("databases/db1?cascade=true&async=true");
  ASSERT_THAT(dropped, Succeeds());
  EXPECT_EQ(dropped.json["job_mode"], "async");
  EXPECT_EQ(dropped.json["job_type"], "DDL");
  const std::string id = dropped.json["job_id"];
  const Answer status = Get("jobs/" + id + "/status");
  ASSERT_THAT(status, Succeeds());
  const Json expected = {{"is_success", true},  {"message", ""},
                         {"job_id", id},        {"job_type", "DDL"},
                         {"job_mode", "async"}, {"queue_name", "default"},
                         {"owner", "ana"},      {"start_time", kNow},
                         {"duration", 0},       {"status", "FINISHED"},
                         {"input_size", 0},     {"result_count", 0},
                         {"detail", ""},        {"statement", "DROP DATABASE `db1` CASCADE"}};
  EXPECT_EQ(status.json, expected);
  EXPECT_THAT(Delete("databases/db1?async=true"), Refuses(400, "DLI.0002", "db1"));
  EXPECT_THAT(Get("jobs/" + id + "x/status"), Refuses(400, "DLI.0002", "no job"));
  // A project of its own.
  Request other = MakeRequest("GET", "/v1.0/p2/jobs/" + id + "/status");
  other.headers = {{"x-auth-token", "ana"}};
  EXPECT_THAT(Send(other), Refuses(400, "DLI.0002", "no job"));
}

TEST_F(Databases, OfOthersAreAsGoodAsNoJob) {
  ASSERT_THAT(Post("databases", R"({"database_name": "db1"})"), Succeeds());
  const std::string id = Delete("databases/db1?async=true").json["job_id"];
  Request bob = MakeRequest("GET", "/v1.0/hive/jobs/" + id + "/status");
  bob.headers = {{"x-auth-token", "bob"}};
  EXPECT_THAT(Send(bob), Refuses(400, "DLI.0002", "there is no job"));
}

TEST_F(Databases, ListsHavePagesAndKeywords) {
  for (const char* name : {"alpha", "beta", "alphabet"}) {
    ASSERT_THAT(Post("databases", std::string("{\"database_name\": \"") + name + "\"}"), Succeeds());
  }
  struct Case {
    const char* query;
    int count;
    std::vector<std::string> names;
  };
  const Case cases[] = {
      {"", 4, {"alpha", "alphabet", "beta", "default"}},
      {"?limit=2", 4, {"alpha", "alphabet"}},
      {"?offset=3", 4, {"default"}},
      {"?offset=1&limit=2", 4, {"alphabet", "beta"}},
      {"?offset=9", 4, {}},
      {"?limit=0", 4, {}},
      {"?keyword=BET", 2, {"alphabet", "beta"}},
      {"?keyword=bet&limit=1", 2, {"alphabet"}},
      {"?keyword=%2A", 0, {}},
      {"?keyword=a%7Cb", 0, {}},
      {"?keyword=nothing", 0, {}},
  };
  for (const Case& test : cases) {
    const Answer answer = Get(std::string("databases") + test.query);
    ASSERT_THAT(answer, Succeeds());
    EXPECT_EQ(answer.json["database_count"], test.count) << test.query;
    std::vector<std::string> names;
    for (const Json& database : answer.json["databases"]) names.push_back(database["database_name"]);
    EXPECT_EQ(names, test.names) << test.query;
  }
  for (const char* query : {"?limit=-1", "?offset=-1", "?limit=x", "?with-priv=2", "?limit=1&limit=2"}) {
    EXPECT_THAT(Get(std::string("databases") + query), Refuses(400, "DLI.0001", "expected")) << query;
  }
}

TEST_F(Databases, TagsAreKeptAndFound) {
  ASSERT_THAT(Post("databases",
                   R"({"database_name": "a", "tags": [{"key": "k1", "value": "v1"}, {"key": "k2", "value": "v2"}]})"),
              Succeeds());
  ASSERT_THAT(Post("databases", R"({"database_name": "b", "tags": [{"key": "k1", "value": "v12"}]})"), Succeeds());
  const std::pair<const char*, int> cases[] = {{"k1%3Dv1", 2},           {"k1%3Dv12", 1}, {"k1%3Dv1%2Ck2%3Dv2", 1},
                                               {"k2%3Dv2%2Ck1%3Dv1", 1}, {"k3", 0},       {"v2", 1}};
  for (const auto& [tags, count] : cases) {
    EXPECT_EQ(Get(std::string("databases?tags=") + tags).json["database_count"], count) << tags;
  }
  EXPECT_THAT(Post("databases", R"({"database_name": "c", "tags": [{"key": "k"}]})"),
              Refuses(400, "DLI.0001", "tags[0].value"));
  EXPECT_THAT(
      Post("databases", R"({"database_name": "c", "tags": [{"key": "k", "value": "1"}, {"key": "k", "value": "2"}]})"),
      Refuses(400, "DLI.0001", "tags[1].key"));
}

TEST_F(Databases, OwnersChange) {
  ASSERT_THAT(Post("databases", R"({"database_name": "db1"})"), Succeeds());
  ASSERT_THAT(Put("databases/DB1/owner", R"({"new_owner": "Bob"})"), Succeeds());
  EXPECT_EQ(Get("databases?keyword=db1").json["databases"][0]["owner"], "Bob");
}

}  // namespace
}  // namespace lodestone::http::dli
