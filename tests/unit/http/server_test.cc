// The server on a socket: order, ends, limits and times of connections, and the stop.
#include "bindings/http/server.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <thread>
#include <vector>

#include "absl/synchronization/notification.h"
#include "bindings/http/request_reader.h"
#include "tests/support/matchers.h"
#include "tests/unit/http/client.h"

namespace lodestone::http {
namespace {

using ::testing::HasSubstr;

// Says what it was asked; /wait waits for a word of the test, /large answers 8 MiB.
class Example final : public Handler {
 public:
  Response Handle(const Request& request) override {
    if (request.path() == "/wait") {
      ++waiting;
      go_on.WaitForNotification();
    }
    Response response;
    response.call = "Example";
    response.outcome = "ok";
    response.body = base::StrCat(request.method, " ", request.target, " ", request.body);
    if (request.path() == "/large") response.body = std::string(std::size_t{8} << 20, 'x');
    return response;
  }
  std::atomic<int> waiting = 0;
  absl::Notification go_on;
};

class ServerTest : public ::testing::Test {
 protected:
  ServerTest() {
    router.Add({.adapter = "server", .path = "/own", .allow = "GET, HEAD", .handler = &own, .own = true});
    router.Add({.adapter = "example", .path = "", .beneath = true, .allow = "GET, POST", .handler = &example});
    options.workers = 2;
    options.stop_ms = 20'000;
  }
  ~ServerTest() override {
    if (!example.go_on.HasBeenNotified()) example.go_on.Notify();
  }

  void Start() {
    absl::StatusOr<std::unique_ptr<Server>> started = Server::Start(options, &router, &metrics, &log);
    ASSERT_OK(started);
    server = *std::move(started);
  }
  static std::string Get(std::string_view target, std::string_view headers = "") {
    return base::StrCat("GET ", target, " HTTP/1.1\r\nHost: h\r\n", headers, "\r\n");
  }
  static std::string Post(std::string_view body, std::string_view headers = "") {
    return base::StrCat("POST /p HTTP/1.1\r\nHost: h\r\nContent-Length: ", body.size(), "\r\n", headers, "\r\n", body);
  }
  void WaitUntilWaiting(int count) const {
    while (example.waiting < count) std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }

  Example example;
  Example own;
  Router router;
  Metrics metrics;
  Log log{LogLevel::kOff};
  ServerOptions options;
  std::unique_ptr<Server> server;
};

TEST_F(ServerTest, AnswersOneRequestAfterAnotherOnAConnection) {
  Start();
  Client client(server->port());
  std::vector<std::string> ids;
  for (int i = 0; i < 3; ++i) {
    const Answer answer = client.Call(Post(std::to_string(i)));
    EXPECT_EQ(answer.status, 200);
    EXPECT_EQ(answer.body, base::StrCat("POST /p ", i));
    EXPECT_EQ(answer.headers.at("connection"), "keep-alive");
    ids.push_back(answer.headers.at("x-request-id"));
  }
  EXPECT_NE(ids[0], ids[1]);
  EXPECT_EQ(client.Call(Get("/x", "Connection: close\r\n")).headers.at("connection"), "close");
  EXPECT_TRUE(client.EndsNow());
}

TEST_F(ServerTest, AnswersPipelinedRequestsInOrder) {
  Start();
  Client client(server->port());
  client.Send(Get("/wait") + Get("/2") + Post("3") + Get("/4", "Connection: close\r\n") + Get("/never"));
  WaitUntilWaiting(1);
  example.go_on.Notify();
  EXPECT_EQ(client.Read().body, "GET /wait ");
  EXPECT_EQ(client.Read().body, "GET /2 ");
  EXPECT_EQ(client.Read().body, "POST /p 3");
  EXPECT_EQ(client.Read().body, "GET /4 ");
  EXPECT_EQ(client.Read().status, 0);
}

TEST_F(ServerTest, HeadTellsTheLengthAndSendsNoBody) {
  Start();
  Client client(server->port());
  client.Send("HEAD /own HTTP/1.1\r\nHost: h\r\n\r\n" + Get("/x"));
  EXPECT_EQ(client.Read(false).headers.at("content-length"), "10");
  EXPECT_EQ(client.Read().body, "GET /x ");
}

TEST_F(ServerTest, TellsAWaitingClientToGoOn) {
  Start();
  Client client(server->port());
  const Answer answer = client.Call("POST /p HTTP/1.1\r\nHost: h\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n");
  EXPECT_EQ(answer.status, 100);
  EXPECT_EQ(client.Call("ab").body, "POST /p ab");
  // Who would send too much is told so instead.
  Client large(server->port());
  EXPECT_EQ(
      large.Call("POST /p HTTP/1.1\r\nHost: h\r\nContent-Length: 99999999\r\nExpect: 100-continue\r\n\r\n").status,
      413);
}

TEST_F(ServerTest, SlowCallsDoNotStopTheServersOwnPagesNorOtherConnections) {
  options.workers = 1;
  Start();
  Client slow(server->port());
  slow.Send(Get("/wait"));
  WaitUntilWaiting(1);
  Client client(server->port());
  EXPECT_EQ(client.Call(Get("/own")).status, 200);
  example.go_on.Notify();
  EXPECT_EQ(slow.Read().status, 200);
}

TEST_F(ServerTest, ARefusedClientSeesWhyWhileItStillSends) {
  options.limits.body_bytes = 1'000;
  Start();
  Client client(server->port());
  client.Send(
      base::StrCat("POST /p HTTP/1.1\r\nHost: h\r\nContent-Length: 4000000\r\n\r\n", std::string(4'000'000, 'x')));
  const Answer answer = client.Read();
  EXPECT_EQ(answer.status, 413);
  EXPECT_EQ(answer.headers.at("connection"), "close");
  EXPECT_THAT(answer.body, HasSubstr("larger than permitted"));
  EXPECT_TRUE(client.EndsNow());
  EXPECT_EQ(Client(server->port()).Call(Get("/x")).status, 200);
}

TEST_F(ServerTest, EndsConnectionsThatWaitTooLong) {
  options.limits.idle_ms = 50;
  options.limits.request_ms = 100;
  Start();
  Client idle(server->port());
  EXPECT_TRUE(idle.EndsNow());
  Client used(server->port());
  EXPECT_EQ(used.Call(Get("/x")).status, 200);
  EXPECT_TRUE(used.EndsNow());
  for (const std::string_view part :
       {"G", "GET / HTTP/1.1\r\nHost:", "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 9\r\n\r\nabc"}) {
    Client slow(server->port());
    EXPECT_EQ(slow.Call(part).status, 408) << part;
    EXPECT_TRUE(slow.EndsNow());
  }
}

TEST_F(ServerTest, ATrickleOfBytesDoesNotExtendTheTime) {
  options.limits.request_ms = 300;
  Start();
  Client client(server->port());
  std::atomic<bool> over = false;
  std::thread trickle([&] {
    client.Send("GET /");
    while (!over && client.Send("x")) std::this_thread::sleep_for(std::chrono::milliseconds(10));
  });
  EXPECT_EQ(client.Read().status, 408);
  over = true;
  trickle.join();
}

TEST_F(ServerTest, AClientThatDoesNotReadIsLeft) {
  options.limits.write_ms = 100;
  options.limits.idle_ms = 60'000;
  Start();
  Client client(server->port());
  // More than the kernel keeps for a socket.
  for (int i = 0; i < 4; ++i) client.Send(Get("/large"));
  while (metrics.Expose().find("lodestone_http_connections 0\n") == std::string::npos) {
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  EXPECT_EQ(Client(server->port()).Call(Get("/x")).status, 200);
}

TEST_F(ServerTest, BoundsTheConnectionsOfOnePeer) {
  options.limits.connections_per_peer = 2;
  Start();
  auto first = std::make_unique<Client>(server->port());
  Client second(server->port());
  EXPECT_EQ(first->Call(Get("/x")).status, 200);
  EXPECT_EQ(second.Call(Get("/x")).status, 200);
  EXPECT_EQ(Client(server->port()).Read().status, 503);
  EXPECT_THAT(metrics.Expose(), HasSubstr("lodestone_http_refused_total{reason=\"peer_connections\"} 1\n"));
  first.reset();
  int status = 0;
  for (int i = 0; i < 1'000 && status != 200; ++i) status = Client(server->port()).Call(Get("/x")).status;
  EXPECT_EQ(status, 200);
}

TEST_F(ServerTest, BoundsAllConnections) {
  options.limits.connections = 1;
  Start();
  Client first(server->port());
  EXPECT_EQ(first.Call(Get("/x")).status, 200);
  EXPECT_EQ(Client(server->port()).Read().status, 503);
  EXPECT_THAT(metrics.Expose(), HasSubstr("lodestone_http_refused_total{reason=\"connections\"} 1\n"));
  EXPECT_EQ(first.Call(Get("/x")).status, 200);
}

TEST_F(ServerTest, LargeRequestsGiveWayWhenMemoryIsShort) {
  options.limits.buffered_bytes = 300'000;
  Start();
  const std::string part(200'000, 'x');
  Client first(server->port());
  first.Send(base::StrCat("POST /p HTTP/1.1\r\nHost: h\r\nContent-Length: 250000\r\n\r\n", part));
  // The figure is taken when somebody connects.
  const auto held = [&] {
    Client(server->port()).Call(Get("/x"));
    const std::string figures = metrics.Expose();
    const std::string_view name = "\nlodestone_http_buffered_bytes ";
    return std::stod(figures.substr(figures.find(name) + name.size()));
  };
  while (held() < 200'000) std::this_thread::sleep_for(std::chrono::milliseconds(1));
  Client second(server->port());
  const Answer refused =
      second.Call(base::StrCat("POST /p HTTP/1.1\r\nHost: h\r\nContent-Length: 250000\r\n\r\n", part));
  EXPECT_EQ(refused.status, 503);
  EXPECT_EQ(Client(server->port()).Call(Get("/x")).status, 200);
  EXPECT_EQ(first.Call(std::string(50'000, 'x')).status, 200);
  // What they held is free again.
  EXPECT_EQ(Client(server->port()).Call(Post(std::string(250'000, 'x'))).status, 200);
}

TEST_F(ServerTest, StopFinishesWhatHasBegun) {
  Start();
  const uint16_t port = server->port();
  Client under_way(port);
  Client idle(port);
  EXPECT_EQ(idle.Call(Get("/x")).status, 200);
  under_way.Send(Get("/wait") + Get("/too_late"));
  WaitUntilWaiting(1);
  bool finished = false;
  std::thread stop([&] { finished = server->Stop(); });
  EXPECT_TRUE(idle.EndsNow());
  example.go_on.Notify();
  const Answer answer = under_way.Read();
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.headers.at("connection"), "close");
  EXPECT_EQ(under_way.Read().status, 0);
  stop.join();
  EXPECT_TRUE(finished);
  EXPECT_FALSE(Client(port).connected());
}

TEST_F(ServerTest, StopLetsARequestComeToItsEnd) {
  Start();
  Client client(server->port());
  client.Send("POST /p HTTP/1.1\r\nHost: h\r\nContent-Length: 4\r\n\r\nab");
  EXPECT_EQ(Client(server->port()).Call(Get("/x")).status, 200);  // the first part has been read as well
  bool finished = false;
  std::thread stop([&] { finished = server->Stop(); });
  while (Client(server->port()).connected()) std::this_thread::sleep_for(std::chrono::milliseconds(1));
  EXPECT_EQ(client.Call("cd").body, "POST /p abcd");
  stop.join();
  EXPECT_TRUE(finished);
}

TEST_F(ServerTest, StopBreaksOffWhatTakesTooLong) {
  options.stop_ms = 50;
  Start();
  Client client(server->port());
  client.Send("POST /p HTTP/1.1\r\nHost: h\r\nContent-Length: 4\r\n\r\nab");
  EXPECT_EQ(Client(server->port()).Call(Get("/x")).status, 200);
  EXPECT_FALSE(server->Stop());
  EXPECT_EQ(client.Read().status, 0);
}

TEST_F(ServerTest, LimitsChangeForWhatBeginsLater) {
  Start();
  Client client(server->port());
  EXPECT_EQ(client.Call(Post("0123456789")).status, 200);
  Limits limits;
  limits.body_bytes = 5;
  server->SetLimits(limits);
  client.Call(Get("/x"));  // may be under the old ones: the connection was waiting for it
  EXPECT_EQ(client.Call(Post("0123456789")).status, 413);
  EXPECT_EQ(Client(server->port()).Call(Post("0123456789")).status, 413);
}

TEST_F(ServerTest, SaysWhyItCannotListen) {
  Start();
  options.port = server->port();
  EXPECT_THAT(Server::Start(options, &router, &metrics, &log).status(),
              testing::FailsWith(absl::StatusCode::kUnavailable, "can't listen on 127.0.0.1:"));
  options.address = "nowhere";
  EXPECT_THAT(Server::Start(options, &router, &metrics, &log).status(),
              testing::FailsWith(absl::StatusCode::kInvalidArgument, "`nowhere` is no IP address"));
}

TEST_F(ServerTest, ServesManyConnectionsAtOnce) {
  options.workers = 4;
  Start();
  std::atomic<int> right = 0;
  std::vector<std::thread> threads;
  for (int t = 0; t < 8; ++t) {
    threads.emplace_back([&, t] {
      Client client(server->port());
      for (int i = 0; i < 200; ++i) {
        const std::string body = base::StrCat(t, "-", i);
        if (client.Call(Post(body)).body == base::StrCat("POST /p ", body)) ++right;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(right, 1'600);
}

}  // namespace
}  // namespace lodestone::http
