// What all calls have in common: routes, content types, sizes, headers, projects.
#include <string>

#include "bindings/http/dli/router.h"
#include "tests/unit/dli/dli_fixture.h"

namespace lodestone::http::dli {
namespace {

class Requests : public DliTest {};

TEST_F(Requests, UnknownRoutesAndMethodsAreTold) {
  EXPECT_THAT(Get("nothing"), Refuses(404, "DLI.0023", "no such call"));
  EXPECT_THAT(Get("databases/"), Refuses(404, "DLI.0023", ""));
  const Answer wrong = Send("PATCH", "databases");
  EXPECT_THAT(wrong, Refuses(405, "DLI.0007", "POST, GET"));
  EXPECT_EQ(wrong.response.headers.back(), (std::pair<std::string, std::string>("Allow", "POST, GET")));
  EXPECT_EQ(wrong.response.call, "none");
}

TEST_F(Requests, AnswersCarryWhatMetricsNeed) {
  const Answer good = Get("databases");
  EXPECT_EQ(good.response.content_type, "application/json");
  EXPECT_EQ(good.response.call, "ListDatabases");
  EXPECT_EQ(good.response.outcome, "ok");
  EXPECT_EQ(good.response.principal, "ana");
  const Answer bad = Delete("databases/nope");
  EXPECT_EQ(bad.response.call, "DeleteDatabase");
  EXPECT_EQ(bad.response.outcome, "DLI.0002");
}

TEST_F(Requests, OtherContentTypesAreRefused) {
  const auto send = [&](const std::string& type, const std::string& body) {
    Request request = MakeRequest("POST", "/v1.0/hive/databases", body);
    if (!type.empty()) request.headers.emplace_back("content-type", type);
    return Send(request);
  };
  int number = 0;
  const auto body = [&] { return "{\"database_name\": \"d" + std::to_string(number++) + "\"}"; };
  for (const char* type :
       {"", "application/json", "application/json;charset=utf8", "Application/JSON ; charset=UTF-8"}) {
    EXPECT_THAT(send(type, body()), Succeeds()) << type;
  }
  for (const char* type : {"text/plain", "application/x-www-form-urlencoded", "application/jsonx", "json"}) {
    EXPECT_THAT(send(type, body()), Refuses(415, "DLI.0001", "application/json")) << type;
  }
}

TEST_F(Requests, BodiesOfReadsAndUnknownParametersArePassedOver) {
  EXPECT_THAT(Send("GET", "databases?nothing=1", "{not json"), Succeeds());
  EXPECT_THAT(Get("databases?a=%zz"), Refuses(400, "DLI.0001", "escape"));
}

TEST_F(Requests, EachProjectIsACatalog) {
  model::v1::Catalog catalog;
  catalog.set_name("p2");
  ASSERT_OK(metastore_->Local().CreateCatalog(catalog));
  ASSERT_THAT(Post("databases", R"({"database_name": "here"})"), Succeeds());
  const auto in = [&](const std::string& project) {
    return Send(MakeRequest("GET", "/v1.0/" + project + "/databases?keyword=here"));
  };
  EXPECT_EQ(in("hive").json["database_count"], 1);
  EXPECT_EQ(in("HIVE").json["database_count"], 1);
  EXPECT_EQ(in("p2").json["database_count"], 0);
  EXPECT_THAT(in("p3"), Refuses(400, "DLI.0002", "p3"));
}

TEST_F(Requests, WhatTheServerRefusesHasTheFormOfAFailure) {
  const std::pair<int, const char*> cases[] = {{408, "DLI.0019"}, {413, "DLI.0009"}, {429, "DLI.0009"},
                                               {503, "DLI.0012"}, {500, "DLI.0999"}, {431, "DLI.0001"}};
  for (const auto& [status, code] : cases) {
    const Response response = handler_->Refuse(MakeRequest("GET", "/"), status, "why");
    EXPECT_EQ(response.status, status);
    EXPECT_EQ(Json::parse(response.body), (Json{{"error_code", code}, {"error_msg", "why"}}));
  }
}

}  // namespace
}  // namespace lodestone::http::dli
