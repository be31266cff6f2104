// Who comes in: signatures, tokens, the window of time, replays, projects.
#include "bindings/http/dli/authenticate.h"

#include <set>
#include <string>

#include "bindings/http/dli/router.h"
#include "tests/unit/dli/auth_fixture.h"

namespace lodestone::http::dli {
namespace {

class Authentication : public AuthTest {};

TEST_F(Authentication, NoRouteIsOpenWithoutCredentials) {
  for (const Route& route : Routes()) {
    std::string path = "/v1.0/hive/" + std::string(route.pattern);
    for (std::size_t at; (at = path.find('*')) != std::string::npos;) path.replace(at, 1, "x");
    for (const std::string body : {"", "{}", "{not json"}) {
      EXPECT_THAT(Send(Make(route.method, path, body)), Refuses(401, "DLI.0013", "X-Auth-Token")) << path;
      Request bad = Make(route.method, path, body);
      bad.headers.emplace_back("x-auth-token", "nonsense");
      EXPECT_THAT(Send(bad), Refuses(401, "DLI.0013", "token is not valid")) << path;
      Request malformed = Make(route.method, path, body);
      malformed.headers.emplace_back("authorization", "nonsense");
      malformed.headers.emplace_back("x-auth-token", tokens_.at("root"));  // does not help
      EXPECT_THAT(Send(malformed), Refuses(401, "DLI.0013", "expected Authorization")) << path;
    }
  }
}

TEST_F(Authentication, SignaturesAndTokensLetIn) {
  EXPECT_THAT(As("root", "GET", "databases"), Succeeds());
  EXPECT_THAT(WithToken("root", "GET", "/v1.0/hive/databases"), Succeeds());
  const Answer answer = As("root", "POST", "databases", R"({"database_name": "db1"})");
  ASSERT_THAT(answer, Succeeds());
  EXPECT_EQ(answer.response.principal, "root");
  EXPECT_EQ(metastore_->Local().GetDatabase("db1")->owner_name(), "root");
}

TEST_F(Authentication, UnknownKeysAndWrongSignaturesSayTheSame) {
  std::set<std::string> texts;
  Request unknown = Signed("root", Make("GET", "/v1.0/hive/databases"), kNow);
  std::string& header = unknown.headers.back().second;
  header.replace(header.find(keys_.at("root").id), 20, std::string(20, 'A'));
  texts.insert(Send(unknown).response.body);
  Request wrong = Signed("root", Make("GET", "/v1.0/hive/databases"), kNow);
  wrong.headers.back().second.back() = wrong.headers.back().second.back() == '0' ? '1' : '0';
  texts.insert(Send(wrong).response.body);
  ASSERT_OK(metastore_->Local().ActivateAccessKey(keys_.at("root").id, false));
  texts.insert(Send(Signed("root", Make("GET", "/v1.0/hive/databases"), kNow)).response.body);
  ASSERT_OK(metastore_->Local().EnableAccount("ana", false));
  texts.insert(Send(Signed("ana", Make("GET", "/v1.0/hive/databases"), kNow)).response.body);
  EXPECT_EQ(texts.size(), 1u) << *texts.begin();
  EXPECT_NE(texts.begin()->find("DLI.0013"), std::string::npos);
}

TEST_F(Authentication, TheWindowIsExact) {
  const int64_t window = options_.signature_window_ms;
  const std::pair<int64_t, bool> cases[] = {
      {-window - 1000, false}, {-window, true}, {0, true}, {window, true}, {window + 1000, false}};
  for (const auto& [distance, good] : cases) {
    const Answer answer = Send(Signed("root", Make("GET", "/v1.0/hive/databases"), kNow + distance));
    if (good) {
      EXPECT_THAT(answer, Succeeds()) << distance;
    } else {
      EXPECT_THAT(answer, Refuses(401, "DLI.0013", "900 seconds")) << distance;
    }
  }
  const Request request = Signed("root", Make("GET", "/v1.0/hive/databases"), kNow);
  clock_.Advance(window);
  EXPECT_THAT(Send(request), Succeeds());
  clock_.Advance(1);
  EXPECT_THAT(Send(request), Refuses(401, "DLI.0013", "X-Sdk-Date"));
}

TEST_F(Authentication, AChangeIsTakenOnceAndAReadAsOftenAsItIsSent) {
  const Request read = Signed("root", Make("GET", "/v1.0/hive/databases"), kNow);
  for (int i = 0; i < 3; ++i) EXPECT_THAT(Send(read), Succeeds());
  const Request create = Signed("root", Make("POST", "/v1.0/hive/databases", R"({"database_name": "db1"})"), kNow);
  EXPECT_THAT(Send(create), Succeeds());
  ASSERT_OK(metastore_->Local().DropDatabase("db1"));
  for (int i = 0; i < 3; ++i) EXPECT_THAT(Send(create), Refuses(401, "DLI.0013", "used before"));
  // At the last moment of the window as well.
  clock_.Advance(options_.signature_window_ms);
  EXPECT_THAT(Send(create), Refuses(401, "DLI.0013", "used before"));
  clock_.Advance(1);
  EXPECT_THAT(Send(create), Refuses(401, "DLI.0013", "X-Sdk-Date"));
  // Nor by another handler of the same store.
  MakeHandler();
  clock_.Advance(-1);
  EXPECT_THAT(Send(create), Refuses(401, "DLI.0013", "used before"));
  for (const auto& [method, path] :
       {std::pair<const char*, const char*>{"PUT", "databases/default/owner"}, {"DELETE", "databases/db9"}}) {
    const Request change =
        Signed("root", Make(method, base::StrCat("/v1.0/hive/", path), R"({"new_owner": "x"})"), clock_.NowMillis());
    EXPECT_NE(Send(change).status, 401);
    EXPECT_THAT(Send(change), Refuses(401, "DLI.0013", "used before"));
  }
}

TEST_F(Authentication, NothingIsParsedBeforeTheSignatureHolds) {
  Request request = Signed("root", Make("POST", "/v1.0/hive/databases", "{not json"), kNow);
  request.body = "{not jsoN";
  EXPECT_THAT(Send(request), Refuses(401, "DLI.0013", ""));
  EXPECT_THAT(Send(Signed("root", Make("POST", "/v1.0/hive/databases", "{not json"), kNow)),
              Refuses(400, "DLI.0001", "not JSON"));
}

TEST_F(Authentication, SignedBodiesAreBounded) {
  options_.max_signed_body_bytes = 1000;
  MakeHandler();
  const std::string large = R"({"database_name": "db1", "description": ")" + std::string(1000, 'x') + "\"}";
  EXPECT_THAT(As("root", "POST", "databases", large), Refuses(413, "DLI.0009", "use a token"));
  EXPECT_THAT(WithToken("root", "POST", "/v1.0/hive/databases", large), Succeeds());
}

TEST_F(Authentication, AnAccountOfOneProjectEntersNoOther) {
  EXPECT_THAT(WithToken("pia", "GET", "/v1.0/p2/databases"), Succeeds());
  EXPECT_THAT(WithToken("pia", "GET", "/v1.0/P2/databases"), Succeeds());
  std::set<std::string> texts;
  for (const char* project : {"hive", "nope", "p3"}) {
    const Answer answer = WithToken("pia", "GET", base::StrCat("/v1.0/", project, "/databases"));
    EXPECT_THAT(answer, Refuses(400, "DLI.0003", "pia"));
    texts.insert(answer.response.body);
  }
  EXPECT_EQ(texts.size(), 1u);
  EXPECT_THAT(WithToken("root", "GET", "/v1.0/p2/databases"), Refuses(400, "DLI.0003", "root"));
  // Those of the store enter each one.
  EXPECT_THAT(WithToken("sam", "GET", "/v1.0/hive/databases"), Succeeds());
  EXPECT_THAT(WithToken("sam", "GET", "/v1.0/p2/databases"), Succeeds());
}

TEST_F(Authentication, TokensExpire) {
  EXPECT_THAT(WithToken("root", "GET", "/v1.0/hive/databases"), Succeeds());
  clock_.Advance(3'600'001);
  EXPECT_THAT(WithToken("root", "GET", "/v1.0/hive/databases"), Refuses(401, "DLI.0013", "not valid"));
}

TEST_F(Authentication, SecretsAppearNowhere) {
  std::string said;
  const auto note = [&](const Answer& answer) { said += answer.response.body + answer.response.detail; };
  note(As("root", "GET", "databases"));
  note(As("root", "POST", "databases", "{}"));
  note(WithToken("root", "GET", "/v1.0/hive/nothing"));
  note(WithToken("ana", "DELETE", "/v1.0/hive/databases/x"));
  Request wrong = Signed("root", Make("GET", "/v1.0/hive/databases"), kNow - 10'000'000);
  note(Send(wrong));
  for (const auto& [user, key] : keys_) EXPECT_EQ(said.find(key.secret), std::string::npos);
  for (const auto& [user, token] : tokens_) EXPECT_EQ(said.find(token), std::string::npos);
}

}  // namespace
}  // namespace lodestone::http::dli
