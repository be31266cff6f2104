// From a request to its answer: routes, admission, failures, and what figures and log tell of it.
#include "bindings/http/dispatcher.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <regex>
#include <set>

#include "bindings/http/response_head.h"

namespace lodestone::http {
namespace {

using nlohmann::json;
using testing::HasSubstr;
using testing::Not;

class Echo final : public Handler {
 public:
  Response Handle(const Request& request) override {
    if (request.path() == "/v1.0/throw") throw std::bad_alloc();
    Response response;
    response.body = request.method + " " + request.target + " " + request.body;
    response.call = "Echo";
    response.outcome = "ok";
    response.principal = request.Header("x-auth-token");
    return response;
  }
};

class DispatcherTest : public testing::Test {
 protected:
  DispatcherTest() {
    router.Add({.adapter = "server", .path = "/healthz", .allow = "GET, HEAD, OPTIONS", .handler = &echo, .own = true});
    router.Add({.adapter = "dli", .path = "/v1.0", .beneath = true, .allow = "GET, PUT, OPTIONS", .handler = &echo});
    router.Add({.adapter = "dla", .path = "/", .allow = "GET, POST, OPTIONS", .handler = &echo});
  }

  static Request Make(std::string method, std::string target, std::string token = "") {
    Request request;
    request.method = std::move(method);
    request.target = std::move(target);
    request.peer = "10.0.0.1";
    request.request_id = "id-1";
    if (!token.empty()) request.headers.emplace_back("x-auth-token", std::move(token));
    return request;
  }
  Response Answer(const Request& request) {
    Response response;
    if (std::optional<Response> refused = dispatcher.Admit(request)) {
      response = *std::move(refused);
    } else {
      response = dispatcher.Run(request);
    }
    dispatcher.Done(request, response, 20, 1'500);
    return response;
  }

  Echo echo;
  Router router;
  Metrics metrics;
  std::string lines;
  Log log{LogLevel::kInfo, [this](std::string_view line) { lines.append(line).append("\n"); }};
  ManualClock clock{1'000'000};
  Dispatcher dispatcher{&router, &metrics, &log, &clock, Limits{}};
};

TEST_F(DispatcherTest, RoutesByPath) {
  struct Case {
    std::string method;
    std::string target;
    int status;
  };
  for (const Case& one : std::vector<Case>{
           {"GET", "/", 200},
           {"GET", "/?Action=GetTable", 200},
           {"DELETE", "/", 200},  // the adapter's business
           {"GET", "/v1.0", 200},
           {"GET", "/v1.0/p/databases", 200},
           {"GET", "/v1.0x", 404},
           {"GET", "/v1", 404},
           {"GET", "//", 404},
           {"GET", "/healthz", 200},
           {"HEAD", "/healthz", 200},
           {"POST", "/healthz", 405},
           {"GET", "/healthz/", 404},
           {"GET", "/HEALTHZ", 404},
           {"OPTIONS", "/", 204},
           {"OPTIONS", "*", 204},
           {"OPTIONS", "/nothing", 404},
           {"GET", "", 404},
       }) {
    EXPECT_EQ(Answer(Make(one.method, one.target)).status, one.status) << one.method << " " << one.target;
  }
}

TEST_F(DispatcherTest, ListsMethodsThatAreAllowed) {
  for (const std::string method : {"OPTIONS", "POST"}) {
    const Response response = Answer(Make(method, "/healthz"));
    EXPECT_THAT(response.headers, testing::Contains(testing::Pair("Allow", "GET, HEAD, OPTIONS")));
  }
  // `GE` and `ET` are in the list as text, and no methods of it.
  EXPECT_EQ(Answer(Make("GE", "/healthz")).status, 405);
  EXPECT_EQ(Answer(Make("ET", "/healthz")).status, 405);
}

TEST_F(DispatcherTest, AHandlerThatThrowsIsAnInternalError) {
  const Response response = Answer(Make("GET", "/v1.0/throw"));
  EXPECT_EQ(response.status, 500);
  EXPECT_EQ(json::parse(response.body)["request_id"], "id-1");
  EXPECT_THAT(lines, HasSubstr("bad_alloc"));
  EXPECT_THAT(response.body, Not(HasSubstr("bad_alloc")));
  EXPECT_EQ(Answer(Make("GET", "/v1.0")).status, 200);
}

TEST_F(DispatcherTest, ACallerBeyondItsRateWaits) {
  Limits limits;
  limits.requests_per_second = 2;
  limits.burst = 2;
  dispatcher.SetLimits(limits);
  EXPECT_EQ(Answer(Make("GET", "/", "ana")).status, 200);
  // By now the token is known to be hers: her bucket is another than her address's.
  EXPECT_EQ(Answer(Make("GET", "/", "ana")).status, 200);
  EXPECT_EQ(Answer(Make("GET", "/", "ana")).status, 200);
  const Response refused = Answer(Make("GET", "/", "ana"));
  EXPECT_EQ(refused.status, 429);
  EXPECT_THAT(refused.headers, testing::Contains(testing::Pair("Retry-After", "1")));
  EXPECT_EQ(Answer(Make("GET", "/", "ben")).status, 200);
  EXPECT_EQ(Answer(Make("GET", "/healthz")).status, 200);
  clock.Advance(500);
  EXPECT_EQ(Answer(Make("GET", "/", "ana")).status, 200);
  EXPECT_EQ(Answer(Make("GET", "/", "ana")).status, 429);
  EXPECT_THAT(metrics.Expose(), HasSubstr("lodestone_http_refused_total{reason=\"rate\"} 2"));
}

TEST_F(DispatcherTest, RefusesWhatIsBeyondTheRequestsInFlight) {
  Limits limits;
  limits.requests_in_flight = 1;
  dispatcher.SetLimits(limits);
  const Request request = Make("GET", "/");
  ASSERT_FALSE(dispatcher.Admit(request).has_value());
  const std::optional<Response> refused = dispatcher.Admit(request);
  ASSERT_TRUE(refused.has_value());
  EXPECT_EQ(refused->status, 503);
  EXPECT_FALSE(dispatcher.Admit(Make("GET", "/healthz")).has_value());
  EXPECT_EQ(dispatcher.Run(Make("GET", "/healthz")).status, 200);
  EXPECT_EQ(dispatcher.Run(request).status, 200);
  EXPECT_FALSE(dispatcher.Admit(request).has_value());
  EXPECT_EQ(dispatcher.Run(request).status, 200);
}

TEST_F(DispatcherTest, TheLogTellsCallsAndNoSecrets) {
  Request request = Make("GET", "/?Action=GetTable&Signature=CANARY1&AccessKeyId=CANARY2");
  request.headers.emplace_back("authorization", "Bearer CANARY3");
  request.body = "CANARY4";
  Answer(request);
  dispatcher.Done(request, dispatcher.Refuse(request, 413, "too large"), 20, 7);
  EXPECT_THAT(lines, Not(HasSubstr("CANARY")));
  EXPECT_THAT(metrics.Expose(), Not(HasSubstr("CANARY")));
  const json line = json::parse(lines.substr(0, lines.find('\n')));
  EXPECT_EQ(line["request_id"], "id-1");
  EXPECT_EQ(line["peer"], "10.0.0.1");
  EXPECT_EQ(line["method"], "GET");
  EXPECT_EQ(line["path"], "/");
  EXPECT_EQ(line["adapter"], "dla");
  EXPECT_EQ(line["call"], "Echo");
  EXPECT_EQ(line["outcome"], "ok");
  EXPECT_EQ(line["status"], 200);
  EXPECT_EQ(line["ms"], 1.5);
  EXPECT_EQ(line["level"], "info");
}

TEST_F(DispatcherTest, LogLinesAreOneLineEachWhateverComes) {
  Request request = Make("GET", "/v1.0/a\nb\xff\"\x01?x");
  request.request_id = "r\n2";
  Answer(request);
  EXPECT_EQ(std::count(lines.begin(), lines.end(), '\n'), 1);
  EXPECT_TRUE(json::accept(lines));
}

TEST(MetricsTest, LabelsAreBounded) {
  Metrics metrics;
  for (int i = 0; i < 5'000; ++i) metrics.CountRequest("dla", "call" + std::to_string(i), "ok", 0.001, 1, 2);
  const std::string text = metrics.Expose();
  EXPECT_LE(std::count(text.begin(), text.end(), '\n'), 60'000);
  EXPECT_THAT(text, HasSubstr("call=\"call1999\""));
  EXPECT_THAT(text, Not(HasSubstr("call=\"call2000\"")));
  EXPECT_THAT(text, HasSubstr("{adapter=\"dla\",call=\"other\",outcome=\"other\"} 3000"));
}

TEST(MetricsTest, CountsByCallAndOutcome) {
  Metrics metrics([] { return std::vector<bindings::Gauge>{{"lodestone_store_tables", "Tables.", 7}}; });
  metrics.CountRequest("dla", "GetTable", "ok", 0.003, 10, 20);
  metrics.CountRequest("dla", "GetTable", "NO_SUCH_OBJECT", 0.0001, 10, 20);
  metrics.ConnectionOpened();
  const std::string text = metrics.Expose();
  for (const char* line : {
           "lodestone_http_requests_total{adapter=\"dla\",call=\"GetTable\",outcome=\"ok\"} 1\n",
           "lodestone_http_requests_total{adapter=\"dla\",call=\"GetTable\",outcome=\"NO_SUCH_OBJECT\"} 1\n",
           "lodestone_http_request_seconds_count{adapter=\"dla\",call=\"GetTable\"} 2\n",
           "lodestone_http_request_bytes_total{adapter=\"dla\"} 20\n",
           "lodestone_http_response_bytes_total{adapter=\"dla\"} 40\n",
           "lodestone_http_connections 1\n",
           "lodestone_store_tables 7\n",
       }) {
    EXPECT_THAT(text, HasSubstr(line));
  }
}

TEST(ResponseHeadTest, NothingBreaksOutOfItsLine) {
  Request request;
  request.request_id = "r";
  Response response;
  response.headers = {
      {"X-Good", "a"}, {"X-Bad", "a\r\nSet-Cookie: b"}, {"X-Worse\r\nA", "b"}, {"X-Nul", std::string(1, '\0')}};
  response.body = "12345";
  const std::string head = ResponseHead(request, response, false);
  EXPECT_THAT(head, testing::StartsWith("HTTP/1.1 200 OK\r\n"));
  EXPECT_THAT(head, HasSubstr("\r\nX-Good: a\r\n"));
  EXPECT_THAT(head, HasSubstr("\r\nContent-Length: 5\r\n"));
  EXPECT_THAT(head, HasSubstr("\r\nConnection: close\r\n"));
  EXPECT_THAT(head, Not(HasSubstr("Set-Cookie")));
  EXPECT_THAT(head, Not(HasSubstr("X-Worse")));
  EXPECT_THAT(head, Not(HasSubstr("X-Nul")));
  EXPECT_THAT(head, testing::EndsWith("\r\n\r\n"));
}

TEST(RequestIdTest, IsAUuidAndNewEachTime) {
  std::set<std::string> seen;
  for (int i = 0; i < 1'000; ++i) {
    const std::string id = NewRequestId();
    EXPECT_TRUE(std::regex_match(id, std::regex("[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")))
        << id;
    EXPECT_TRUE(seen.insert(id).second);
  }
}

}  // namespace
}  // namespace lodestone::http
