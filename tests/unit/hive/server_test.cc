// The server over loopback: what a connection is told, and how it ends.
#include "bindings/hive/server.h"

#include <atomic>
#include <optional>
#include <thread>

#include "absl/synchronization/notification.h"
#include "catalog/base/strings.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/support/matchers.h"
#include "tests/unit/hive/client.h"

namespace lodestone::hive {
namespace {

using testing::Answer;
using testing::Bytes;
using testing::Client;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

constexpr int kUnknownMethod = 1;
constexpr int kInternalError = 6;
constexpr int kProtocolError = 7;

Bytes Call(std::string_view name, int32_t sequence_id = 1) { return Bytes().Call(name, sequence_id); }
Bytes GetName(int32_t sequence_id = 1) { return Call("getName", sequence_id).Stop(); }
Bytes SetUgi(std::string_view user) {
  return Call("set_ugi")
      .TextField(1, user)
      .Field(WireType::kList, 2)
      .List(WireType::kString, 2)
      .Text("staff")
      .Text("it")
      .Stop();
}

class ServerTest : public ::testing::Test {
 protected:
  ServerTest() { service_options.authenticate = false; }
  void SetUp() override {
    absl::StatusOr<std::unique_ptr<Metastore>> opened = Metastore::OpenInMemory();
    ASSERT_OK(opened);
    metastore = *std::move(opened);
  }
  void Start() {
    service_options.hive.warehouse = warehouse.get();
    service.emplace(metastore.get(), service_options);
    absl::StatusOr<std::unique_ptr<Server>> started = Server::Start(options, &*service, &metrics, &log);
    ASSERT_OK(started);
    server = *std::move(started);
  }
  void WaitForFigure(std::string_view line) const {
    while (metrics.Expose().find(line) == std::string::npos) std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }

  std::unique_ptr<Metastore> metastore;
  const std::unique_ptr<Warehouse> warehouse = NewNoWarehouse();
  ServiceOptions service_options;
  std::optional<Service> service;
  bindings::Metrics metrics{nullptr, "hive"};
  bindings::Log log{bindings::LogLevel::kOff};
  ServerOptions options;
  std::unique_ptr<Server> server;
};

TEST_F(ServerTest, AnswersOneCallAfterAnotherUnderTheirSequenceIds) {
  Start();
  Client client(server->port());
  for (const int32_t id : {1, 2, 0, -7, 0x7fff'ffff}) {
    const Answer answer = client.Call(GetName(id));
    EXPECT_EQ(answer.type, 2);
    EXPECT_EQ(answer.name, "getName");
    EXPECT_EQ(answer.sequence_id, id);
    EXPECT_EQ(answer.field, 0);
    EXPECT_EQ(answer.text(), "metastore");
  }
}

TEST_F(ServerTest, AnswersCallsThatCameTogetherInOrder) {
  Start();
  Client client(server->port());
  client.Send(GetName(1).str() + Call("getVersion", 2).Stop().str() + GetName(3).str());
  EXPECT_EQ(client.Read().sequence_id, 1);
  EXPECT_EQ(client.Read().text(), "3.1.3");
  EXPECT_EQ(client.Read().sequence_id, 3);
}

TEST_F(ServerTest, AnUnknownMethodIsReadToItsEndAndTheConnectionGoesOn) {
  Start();
  Client client(server->port());
  Bytes unknown = Call("get_something_of_hive_9", 5);
  unknown.Field(WireType::kMap, 1).Byte(11).Byte(12).I32(1).Text("key").TextField(3, "inner").Stop();
  unknown.Field(WireType::kList, 2).List(WireType::kI64, 2).I64(1).I64(2).Stop();
  const Answer answer = client.Call(unknown);
  EXPECT_EQ(answer.type, 3);
  EXPECT_EQ(answer.name, "get_something_of_hive_9");
  EXPECT_EQ(answer.sequence_id, 5);
  EXPECT_EQ(answer.text(), "Invalid method name: 'get_something_of_hive_9'");
  EXPECT_EQ(answer.number, kUnknownMethod);
  EXPECT_EQ(client.Call(GetName(6)).sequence_id, 6);
}

TEST_F(ServerTest, UnexpectedArgumentsAreSkippedAndAbsentOnesHaveDefaults) {
  Start();
  Client client(server->port());
  // A field that nobody knows, and the second argument as a number.
  Bytes odd = Call("get_config_value").Field(WireType::kStruct, 9).TextField(1, "x").Stop();
  odd.Field(WireType::kI32, 2).I32(7).TextField(1, "hive.nothing").Stop();
  EXPECT_EQ(client.Call(odd).texts, std::vector<std::string>{""});
  EXPECT_EQ(client.Call(Call("get_config_value").TextField(2, "else").Stop()).text(), "else");
}

TEST_F(ServerTest, ArgumentsOfAnotherKindInAListAreAProtocolError) {
  Start();
  Client client(server->port());
  const Answer answer = client.Call(Call("set_ugi", 4).Field(WireType::kList, 2).List(WireType::kI64, 1).I64(1).Stop());
  EXPECT_EQ(answer.type, 3);
  EXPECT_EQ(answer.sequence_id, 4);
  EXPECT_EQ(answer.number, kProtocolError);
  EXPECT_EQ(client.Call(GetName()).text(), "metastore");
}

TEST_F(ServerTest, ShutdownIsNeitherAnsweredNorObeyed) {
  Start();
  Client client(server->port());
  client.Send(Bytes().Call("shutdown", 1, MessageType::kOneway).Stop().str());
  EXPECT_EQ(client.Call(GetName(2)).sequence_id, 2);
  client.Send(Bytes().Call("shutdown", 3).Stop().str());  // as some clients mark it
  EXPECT_EQ(client.Call(GetName(4)).sequence_id, 4);
  client.Send(Bytes().Call("reinitialize", 5, MessageType::kOneway).Stop().str());
  EXPECT_EQ(client.Call(GetName(6)).sequence_id, 6);
}

TEST_F(ServerTest, DeclaredExceptionsComeInTheirFields) {
  Start();
  Client client(server->port());
  const Answer answer =
      client.Call(Call("get_config_value").TextField(1, "javax.jdo.option.ConnectionPassword").Stop());
  EXPECT_EQ(answer.type, 2);
  EXPECT_EQ(answer.field, 1);
  EXPECT_EQ(answer.text(),
            "For security reasons, the config key javax.jdo.option.ConnectionPassword cannot be accessed");
  EXPECT_THAT(client.Call(Call("get_delegation_token").TextField(1, "a").TextField(2, "b").Stop()).text(),
              HasSubstr("not supported"));
}

TEST_F(ServerTest, SettingsAreOfOneConnection) {
  Start();
  Client client(server->port());
  Client other(server->port());
  const std::string key = "hive.metastore.try.direct.sql";
  EXPECT_EQ(client.Call(Call("setMetaConf").TextField(1, key).TextField(2, "false").Stop()).field, -1);
  EXPECT_EQ(client.Call(Call("getMetaConf").TextField(1, "metastore.try.direct.sql").Stop()).text(), "false");
  EXPECT_EQ(other.Call(Call("getMetaConf").TextField(1, key).Stop()).text(), "true");
  EXPECT_THAT(other.Call(Call("setMetaConf").TextField(1, key).TextField(2, "maybe").Stop()).text(),
              HasSubstr("expected true or false"));
  EXPECT_EQ(other.Call(Call("getMetaConf").TextField(1, "hive.metastore.uris").Stop()).text(),
            "Invalid configuration key hive.metastore.uris");
}

TEST_F(ServerTest, SetUgiAnswersWithTheGroupsAndTheUser) {
  Start();
  Client client(server->port());
  EXPECT_THAT(client.Call(SetUgi("ana")).texts, ElementsAre("staff", "it", "ana"));
}

TEST_F(ServerTest, WhatIsNoMessageEndsItsConnectionAlone) {
  Start();
  Client other(server->port());
  ASSERT_EQ(other.Call(GetName()).text(), "metastore");
  for (const std::string& bytes : {std::string("GET / HTTP/1.1\r\n\r\n"), Bytes().I32(0x8002'0001).str()}) {
    Client client(server->port());
    client.Send(bytes);
    EXPECT_TRUE(client.Read().ended);
  }
  EXPECT_EQ(other.Call(GetName()).text(), "metastore");
  WaitForFigure("lodestone_hive_refused_total{reason=\"malformed\"} 2\n");
}

TEST_F(ServerTest, AMessageBeyondALimitIsToldSoBeforeItsConnectionEnds) {
  options.limits.message.message_bytes = 100'000;
  Start();
  Client client(server->port());
  client.Send(Call("set_ugi", 9).Field(WireType::kString, 1).I32(1 << 30).str());
  const Answer answer = client.Read();
  EXPECT_EQ(answer.type, 3);
  EXPECT_EQ(answer.sequence_id, 9);
  EXPECT_EQ(answer.number, kProtocolError);
  EXPECT_THAT(answer.text(), HasSubstr("more than a message may have"));
  EXPECT_TRUE(client.Read().ended);
  WaitForFigure("lodestone_hive_refused_total{reason=\"too_large\"} 1\n");
}

TEST_F(ServerTest, AllConnectionsTogetherHoldNoMoreThanTheLimit) {
  options.limits.buffered_bytes = 300'000;
  Start();
  const std::string large = Call("getOption").TextField(1, std::string(200'000, 'x')).Stop().str();
  // The figure is as of the last connection.
  const auto wait_until_held = [&](const char* bytes) {
    const std::string line = base::StrCat("\nlodestone_hive_buffered_bytes ", bytes, "\n");
    do {
      EXPECT_EQ(Client(server->port()).Call(GetName()).text(), "metastore");
    } while (metrics.Expose().find(line) == std::string::npos);
  };
  Client first(server->port());
  first.Send(std::string_view(large).substr(0, 190'000));
  wait_until_held("190000");
  Client second(server->port());
  second.Send(large);
  EXPECT_EQ(second.Read().type, 3);
  EXPECT_TRUE(second.Read().ended);
  first.Send(std::string_view(large).substr(190'000));
  EXPECT_EQ(first.Read().type, 2);
  wait_until_held("0");
  Client third(server->port());
  third.Send(large);
  EXPECT_EQ(third.Read().type, 2);
}

TEST_F(ServerTest, HalfAMessageAndAHangUpHurtNobody) {
  Start();
  const std::string whole = SetUgi("ana").str();
  for (std::size_t size = 1; size < whole.size(); size += 7) {
    Client client(server->port());
    client.Send(std::string_view(whole).substr(0, size));
    client.Close();
  }
  Client client(server->port());
  EXPECT_EQ(client.Call(GetName()).text(), "metastore");
  client.Close();
  WaitForFigure("lodestone_hive_connections 0\n");
}

TEST_F(ServerTest, AMessageThatIsNotFinishedInTimeEndsItsConnection) {
  options.limits.message_ms = 50;
  Start();
  Client client(server->port());
  client.Send(GetName().str().substr(0, 5));
  EXPECT_TRUE(client.Read().ended);
  WaitForFigure("lodestone_hive_refused_total{reason=\"too_slow\"} 1\n");
}

TEST_F(ServerTest, AConnectionThatSaysNothingEndsAfterItsTime) {
  options.limits.idle_ms = 50;
  Start();
  Client client(server->port());
  EXPECT_EQ(client.Call(GetName()).text(), "metastore");
  EXPECT_TRUE(client.Read().ended);
}

TEST_F(ServerTest, ServesManyConnectionsAtOnceAndRefusesMoreThanTheLimit) {
  options.limits.connections = 60;
  Start();
  std::vector<std::unique_ptr<Client>> clients;
  for (int i = 0; i < 60; ++i) {
    clients.push_back(std::make_unique<Client>(server->port()));
    ASSERT_EQ(clients.back()->Call(GetName(i)).sequence_id, i);
  }
  Client beyond(server->port());
  EXPECT_TRUE(beyond.Read().ended);
  EXPECT_THAT(metrics.Expose(), HasSubstr("lodestone_hive_refused_total{reason=\"connections\"} 1\n"));
  std::vector<std::thread> threads;
  std::atomic<int> answers = 0;
  for (auto& client : clients) {
    threads.emplace_back([&client, &answers] {
      for (int i = 0; i < 20; ++i) answers += client->Call(GetName(i)).sequence_id == i ? 1 : 0;
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(answers, 60 * 20);
  clients.clear();
  WaitForFigure("lodestone_hive_connections 0\n");
  Client again(server->port());
  EXPECT_EQ(again.Call(GetName()).text(), "metastore");
}

TEST_F(ServerTest, StopEndsConnectionsThatWaitAtOnce) {
  Start();
  Client client(server->port());
  ASSERT_EQ(client.Call(GetName()).text(), "metastore");
  EXPECT_TRUE(server->Stop());
  EXPECT_TRUE(client.Read().ended);
  EXPECT_TRUE(server->Stop());
}

TEST_F(ServerTest, StopEndsConnectionsThatHaveNeverSaidAnything) {
  Start();
  Client client(server->port());
  WaitForFigure("lodestone_hive_connections 1\n");
  EXPECT_TRUE(server->Stop());
  EXPECT_TRUE(client.Read().ended);
}

TEST_F(ServerTest, StopLetsAMessageThatHasBegunBeFinishedAndAnswered) {
  Start();
  Client client(server->port());
  const std::string whole = GetName(8).str();
  // The answer to the first says that the beginning of the second, which came with it, has been read.
  client.Send(GetName(7).str() + whole.substr(0, 10));
  ASSERT_EQ(client.Read().sequence_id, 7);
  std::thread stop([&] { EXPECT_TRUE(server->Stop()); });
  client.Send(whole.substr(10));
  EXPECT_EQ(client.Read().sequence_id, 8);
  EXPECT_TRUE(client.Read().ended);
  stop.join();
}

TEST_F(ServerTest, StopWaitsForACallThatRunsAndAnswersIt) {
  Start();
  Client client(server->port());
  ASSERT_EQ(client.Call(GetName()).text(), "metastore");
  WaitForFigure("lodestone_hive_requests_in_flight 0\n");
  absl::Notification holds;
  absl::Notification go_on;
  // Other writers wait as long as this one is at it.
  std::thread writer([&] {
    EXPECT_OK(metastore->Local().Transact([&](Session& session) {
      model::v1::Database database;
      database.set_name("first");
      const absl::Status made = session.CreateDatabase(database);
      if (!holds.HasBeenNotified()) holds.Notify();
      go_on.WaitForNotification();
      return made;
    }));
  });
  holds.WaitForNotification();
  client.Send(Call("create_database", 9).Field(WireType::kStruct, 1).TextField(1, "second").Stop().Stop().str());
  WaitForFigure("lodestone_hive_requests_in_flight 1\n");
  std::atomic<bool> stopped = false;
  std::thread stop([&] {
    EXPECT_TRUE(server->Stop());
    stopped = true;
  });
  std::this_thread::sleep_for(std::chrono::milliseconds(50));
  EXPECT_FALSE(stopped);
  go_on.Notify();
  const Answer answer = client.Read();
  EXPECT_EQ(answer.sequence_id, 9);
  EXPECT_EQ(answer.field, -1) << answer.text();
  EXPECT_TRUE(client.Read().ended);
  stop.join();
  writer.join();
  EXPECT_OK(metastore->Local().GetDatabase("second"));
}

TEST_F(ServerTest, StopBreaksOffWhatIsNotFinishedInItsTime) {
  options.stop_ms = 50;
  Start();
  Client client(server->port());
  client.Send(GetName(7).str() + GetName(8).str().substr(0, 10));
  ASSERT_EQ(client.Read().sequence_id, 7);
  EXPECT_FALSE(server->Stop());
  EXPECT_TRUE(client.Read().ended);
}

TEST_F(ServerTest, TwoServersCantListenOnOneAddress) {
  Start();
  options.port = server->port();
  EXPECT_THAT(Server::Start(options, &*service, &metrics, &log).status(),
              ::lodestone::testing::FailsWith(absl::StatusCode::kUnavailable, "can't listen on 127.0.0.1:"));
}

// ---- Who comes in ----
class AuthenticationTest : public ServerTest {
 protected:
  AuthenticationTest() { service_options.authenticate = true; }
  void SetUp() override {
    ServerTest::SetUp();
    Session local = metastore->Local();
    ASSERT_OK(local.CreateAccount("ana"));
    absl::StatusOr<NewAccessKey> made_key = local.CreateAccessKey("ana");
    ASSERT_OK(made_key);
    key = *made_key;
    absl::StatusOr<NewToken> made_token = local.CreateToken("ana", 60'000);
    ASSERT_OK(made_token);
    token = made_token->token;
    Start();
  }
  static std::string Sasl(int status, std::string_view payload) { return Bytes().Byte(status).Text(payload).str(); }
  static std::string Plain(std::string_view as, std::string_view user, std::string_view password) {
    return base::StrCat(as, std::string_view("\0", 1), user, std::string_view("\0", 1), password);
  }
  // The status that the server ends the negotiation with.
  static int Negotiate(Client& client, std::string_view mechanism, const std::string& response) {
    client.Send(Sasl(1, mechanism) + Sasl(2, response));
    const std::string head = client.ReadBytes(5);
    if (head.size() < 5) return -1;
    client.ReadBytes(static_cast<unsigned char>(head[4]));
    return head[0];
  }
  static std::string Frame(const std::string& bytes) { return Bytes().Text(bytes).str(); }
  static std::string ReadFrame(Client& client) {
    const std::string head = client.ReadBytes(4);
    return head.size() < 4 ? "" : client.ReadBytes(static_cast<unsigned char>(head[3]));
  }

  NewAccessKey key;
  std::string token;
};

TEST_F(AuthenticationTest, PlainTakesAnAccessKeyOrATokenOfTheAccount) {
  const struct {
    const char* what;
    std::string mechanism;
    std::string response;
    int status;
  } kCases[] = {
      {"key", "PLAIN", Plain("", key.id, key.secret), 5},
      {"key, as itself", "PLAIN", Plain(key.id, key.id, key.secret), 5},
      {"token", "PLAIN", Plain("", "ana", token), 5},
      {"key, as another", "PLAIN", Plain("bob", key.id, key.secret), 3},
      {"wrong secret", "PLAIN", Plain("", key.id, "no"), 3},
      {"wrong key", "PLAIN", Plain("", "no", key.secret), 3},
      {"token of another", "PLAIN", Plain("", "bob", token), 3},
      {"wrong token", "PLAIN", Plain("", "ana", "no"), 3},
      {"no password", "PLAIN", Plain("", "ana", ""), 3},
      {"two parts", "PLAIN", std::string("ana\0x", 5), 3},
      {"four parts", "PLAIN", Plain("", "ana", token) + std::string("\0", 1), 3},
      {"nothing", "PLAIN", "", 3},
      {"another mechanism", "GSSAPI", "", 3},
  };
  for (const auto& one : kCases) {
    Client client(server->port());
    EXPECT_EQ(Negotiate(client, one.mechanism, one.response), one.status) << one.what;
    if (one.status != 5) {
      EXPECT_TRUE(client.Read().ended) << one.what;
      continue;
    }
    client.Send(Frame(GetName(3).str()));
    EXPECT_THAT(ReadFrame(client), HasSubstr("metastore")) << one.what;
  }
}

TEST_F(AuthenticationTest, MessagesMayBeSpreadOverFrames) {
  Client client(server->port());
  ASSERT_EQ(Negotiate(client, "PLAIN", Plain("", "ana", token)), 5);
  const std::string whole = GetName(3).str();
  client.Send(Frame(whole.substr(0, 3)) + Frame("") + Frame(whole.substr(3) + whole.substr(0, 6)) +
              Frame(whole.substr(6)));
  EXPECT_THAT(ReadFrame(client), HasSubstr("metastore"));
  EXPECT_THAT(ReadFrame(client), HasSubstr("metastore"));
}

TEST_F(AuthenticationTest, WhoeverDoesNotBeginInTimeIsEnded) {
  server->Stop();
  options.limits.handshake_ms = 50;
  Start();
  const std::vector<std::string> beginnings = {"", Sasl(1, "PLAIN"), Sasl(1, "PLAIN").substr(0, 3)};
  for (const std::string& bytes : beginnings) {
    Client client(server->port());
    if (!bytes.empty()) client.Send(bytes);
    EXPECT_TRUE(client.Read().ended);
  }
}

TEST_F(AuthenticationTest, WhoeverDoesNotAuthenticateHearsWhatIsExpected) {
  Client client(server->port());
  for (const int32_t id : {1, 2}) {
    const Answer answer = client.Call(GetName(id));
    EXPECT_EQ(answer.type, 3);
    EXPECT_EQ(answer.sequence_id, id);
    EXPECT_EQ(answer.number, kInternalError);
    EXPECT_THAT(answer.text(), HasSubstr("expects SASL PLAIN"));
  }
}

TEST_F(AuthenticationTest, MalformedNegotiationsEnd) {
  for (const std::string& bytes : {Sasl(1, "PLAIN") + Sasl(4, ""), Sasl(1, "PLAIN") + Sasl(1, "PLAIN"),
                                   Bytes().Byte(1).I32(1 << 20).str(), Bytes().Byte(1).I32(-1).str()}) {
    Client client(server->port());
    client.Send(bytes);
    while (!client.ReadBytes(1).empty()) {
    }
    EXPECT_TRUE(client.Read().ended);
  }
  Client frame(server->port());
  ASSERT_EQ(Negotiate(frame, "PLAIN", Plain("", "ana", token)), 5);
  frame.Send(Bytes().I32(0x7fff'ffff).str());
  EXPECT_TRUE(frame.Read().ended);
}

}  // namespace
}  // namespace lodestone::hive
