// The client: what answers become, what it does not believe, and how it comes in.
#include "bindings/hive/client.h"

#include <csignal>
#include <optional>
#include <string>

#include "bindings/hive/idl/hive_metastore_types.h"
#include "bindings/hive/server.h"
#include "catalog/base/strings.h"
#include "catalog/metastore.h"
#include "catalog/warehouse.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/support/matchers.h"
#include "tests/support/temp_folder.h"
#include "tests/support/tls_client.h"
#include "tests/unit/hive/bytes.h"
#include "tests/unit/hive/wire_in_process.h"

namespace lodestone::hive {
namespace {

using ::lodestone::testing::FailsWith;
using ::lodestone::testing::HasCode;
using ::lodestone::testing::MakeCertificate;
using testing::Bytes;
using ::testing::ElementsAre;
using testing::TextSource;
using testing::WireInProcess;
using Texts = std::vector<std::string>;

constexpr Throws kMeta = {Thrown::kMeta};
constexpr Throws kMissingMeta = {Thrown::kNoSuchObject, Thrown::kMeta};
constexpr Throws kMaking = {Thrown::kAlreadyExists, Thrown::kInvalidObject, Thrown::kMeta};

TEST(ParseAddressTest, HostAndPort) {
  const struct {
    const char* text;
    const char* host;  // null: refused
    int port;
  } kCases[] = {
      {"metastore", "metastore", 9083},
      {"metastore:1", "metastore", 1},
      {"thrift://metastore.example.org:65535", "metastore.example.org", 65'535},
      {"[::1]:9084", "::1", 9084},
      {"thrift://[::1]", "::1", 9083},
      {"", nullptr, 0},
      {":9083", nullptr, 0},
      {"host:", nullptr, 0},
      {"host:0", nullptr, 0},
      {"host:65536", nullptr, 0},
      {"host:port", nullptr, 0},
      {"http://host:1", nullptr, 0},
      {"[::1", nullptr, 0},
      {"[::1]9", nullptr, 0},
      {"a:1,b:2", nullptr, 0},
  };
  for (const auto& one : kCases) {
    ClientOptions options;
    const absl::Status parsed = ParseAddress(one.text, &options);
    if (one.host == nullptr) {
      EXPECT_THAT(parsed, FailsWith(absl::StatusCode::kInvalidArgument, "expected HOST:PORT")) << one.text;
      continue;
    }
    ASSERT_OK(parsed) << one.text;
    EXPECT_EQ(options.host, one.host) << one.text;
    EXPECT_EQ(options.port, one.port) << one.text;
  }
}

class ClientTest : public ::testing::Test {
 protected:
  void SetUp() override {
    absl::StatusOr<std::unique_ptr<Metastore>> opened = Metastore::OpenInMemory();
    ASSERT_OK(opened);
    metastore = *std::move(opened);
    Serve(false);
  }
  void Serve(bool authenticate) {
    service.emplace(metastore.get(),
                    ServiceOptions{.authenticate = authenticate, .hive = {.warehouse = warehouse.get()}});
  }
  void Start(ServerOptions options = {}) {
    absl::StatusOr<std::unique_ptr<Server>> started = Server::Start(options, &*service, &metrics, &log);
    ASSERT_OK(started);
    server = *std::move(started);
  }
  ClientOptions Options() const {
    return {.host = "127.0.0.1", .port = server->port(), .connect_ms = 20'000, .wait_ms = 20'000, .user = "ana"};
  }

  std::unique_ptr<Metastore> metastore;
  const std::unique_ptr<Warehouse> warehouse = NewNoWarehouse();
  std::optional<Service> service;
  bindings::Metrics metrics{nullptr, "hive"};
  bindings::Log log{bindings::LogLevel::kOff};
  std::unique_ptr<Server> server;
};

TEST_F(ClientTest, ResultsAndExceptionsBecomeWhatTheyMean) {
  Client client(std::make_unique<WireInProcess>(&*service, testing::WireOptions{}));
  thrift::Database web;
  web.__set_name("web");
  ASSERT_OK(client.Call<void>("create_database", kMaking, web));
  EXPECT_THAT(client.Call<void>("create_database", kMaking, web),
              FailsWith(absl::StatusCode::kAlreadyExists, "create_database: AlreadyExistsException: "));
  const absl::StatusOr<Texts> names = client.Call<Texts>("get_all_databases", kMeta);
  ASSERT_OK(names);
  EXPECT_THAT(*names, ElementsAre("default", "web"));
  EXPECT_THAT(client.Call<thrift::Database>("get_database", kMissingMeta, std::string("nowhere")),
              FailsWith(absl::StatusCode::kNotFound, "NoSuchObjectException"));
  EXPECT_THAT(client.Call<Texts>("no_such_call", kMeta),
              FailsWith(absl::StatusCode::kUnimplemented, "Invalid method name"));
  // Goes on after any of them.
  EXPECT_OK(client.Call<Texts>("get_all_databases", kMeta));
}

TEST_F(ClientTest, AnArgumentThatIsNotSetIsNotSent) {
  Client client(std::make_unique<WireInProcess>(&*service, testing::WireOptions{}));
  const std::optional<std::string> absent;
  const auto value = client.Call<std::string>("get_config_value", kMeta, absent, std::string("else"));
  ASSERT_OK(value);
  EXPECT_EQ(*value, "else");
}

// Answers with the same bytes, whatever is asked.
class FixedWire final : public Wire {
 public:
  explicit FixedWire(std::string bytes) : bytes_(std::move(bytes)), source_(bytes_) {}
  absl::StatusOr<std::size_t> Read(char* buffer, std::size_t size) override { return source_.Read(buffer, size); }
  absl::Status Write(std::string_view) override { return absl::OkStatus(); }

 private:
  const std::string bytes_;
  TextSource source_;
};

TEST_F(ClientTest, WhatIsNoAnswerBreaksTheConnection) {
  const auto reply = [](int32_t id = 1) { return Bytes().Call("get_all_databases", id, MessageType::kReply); };
  const struct {
    const char* what;
    std::string bytes;
    const char* text;
  } kCases[] = {
      {"nothing", "", "the server ended it"},
      {"a page", "HTTP/1.1 400 Bad Request\r\n\r\n", "expected"},
      {"a call", Bytes().Call("get_all_databases", 1).Stop().str(), "expected a reply"},
      {"another's", reply(2).Stop().str(), "expected the answer 1"},
      {"half", reply().Field(WireType::kList, 0).List(WireType::kString, 2).Text("a").str(), "ended"},
      {"too long a list", reply().Field(WireType::kList, 0).List(WireType::kString, 0x7fff'ffff).str(), ""},
      {"other elements", reply().Field(WireType::kList, 0).List(WireType::kI32, 1).I32(7).Stop().str(), "decoded"},
      {"a short exception", Bytes().Call("x", 1, MessageType::kException).Field(WireType::kString, 1).I32(9).str(),
       "ended"},
  };
  for (const auto& one : kCases) {
    Client client(std::make_unique<FixedWire>(one.bytes));
    const absl::Status first = client.Call<Texts>("get_all_databases", kMeta).status();
    EXPECT_TRUE(absl::IsUnavailable(first) || absl::IsResourceExhausted(first)) << one.what << ": " << first;
    EXPECT_NE(first.message().find(one.text), absl::string_view::npos) << one.what << ": " << first;
    EXPECT_EQ(client.Call<Texts>("get_all_databases", kMeta).status(), first) << one.what;
  }
}

TEST_F(ClientTest, AnswersBeyondTheLimitsAreNotTaken) {
  Bytes many = Bytes().Call("x", 1, MessageType::kReply);
  many.Field(WireType::kList, 0).List(WireType::kString, 100);
  for (int i = 0; i < 100; ++i) many.Text("name");
  many.Stop();
  const MessageLimits few = {.message_bytes = 10'000, .decoded_bytes = 99 * kElementBytes};
  Client client(std::make_unique<FixedWire>(many.str()));
  EXPECT_THAT(client.CallWithin<Texts>(few, "x", kMeta), HasCode(absl::StatusCode::kResourceExhausted));
  const MessageLimits short_ones = {.message_bytes = 500};
  Client other(std::make_unique<FixedWire>(many.str()));
  EXPECT_THAT(other.CallWithin<Texts>(short_ones, "x", kMeta), HasCode(absl::StatusCode::kResourceExhausted));
  Client third(std::make_unique<FixedWire>(many.str()));
  EXPECT_EQ(third.Call<Texts>("x", kMeta)->size(), 100U);
}

TEST_F(ClientTest, AFailureOfTheWholeCallMayBeOfAnyType) {
  const auto failing = [](int32_t type) {
    Bytes answer = Bytes().Call("x", 1, MessageType::kException).TextField(1, "why");
    return answer.Field(WireType::kI32, 2).I32(type).Stop().str();
  };
  for (const int32_t type : {0, 1, 6, 7, 117'440'512, -1}) {
    Client client(std::make_unique<FixedWire>(failing(type)));
    const auto code = type == 1 ? absl::StatusCode::kUnimplemented : absl::StatusCode::kUnknown;
    EXPECT_THAT(client.Call<Texts>("x", kMeta), FailsWith(code, "x: why")) << type;
  }
}

TEST_F(ClientTest, AnAnswerWithoutItsResultIsAFailureOfTheCall) {
  Client client(std::make_unique<FixedWire>(Bytes().Call("x", 1, MessageType::kReply).Stop().str()));
  EXPECT_THAT(client.Call<Texts>("x", kMeta), FailsWith(absl::StatusCode::kUnknown, "no result"));
}

TEST_F(ClientTest, ComesInOverASocketAndSaysWhoItIs) {
  Start();
  const absl::StatusOr<std::unique_ptr<Client>> client = Connect(Options());
  ASSERT_OK(client);
  thrift::Database web;
  web.__set_name("web");
  ASSERT_OK((*client)->Call<void>("create_database", kMaking, web));
  EXPECT_EQ(metastore->Local().GetDatabase("web")->owner_name(), "ana");
  server->Stop();
  EXPECT_THAT((*client)->Call<Texts>("get_all_databases", kMeta), HasCode(absl::StatusCode::kUnavailable));
}

TEST_F(ClientTest, NobodyThereIsUnavailable) {
  Start();
  const ClientOptions options = Options();
  server.reset();
  EXPECT_THAT(Connect(options), FailsWith(absl::StatusCode::kUnavailable, "metastore 127.0.0.1:"));
}

TEST_F(ClientTest, ProvesWhoItIsByPlain) {
  Session local = metastore->Local();
  ASSERT_OK(local.CreateAccount("ana"));
  const absl::StatusOr<NewToken> token = local.CreateToken("ana", 60'000);
  ASSERT_OK(token);
  ASSERT_OK(local.GrantRole("admin", Grantee::User("ana")));
  Serve(true);
  Start();
  ClientOptions options = Options();
  options.password = token->token;
  absl::StatusOr<std::unique_ptr<Client>> client = Connect(options);
  ASSERT_OK(client);
  for (int i = 0; i < 3; ++i) EXPECT_OK((*client)->Call<Texts>("get_all_databases", kMeta));
  options.password = "another";
  EXPECT_THAT(Connect(options), FailsWith(absl::StatusCode::kUnauthenticated, "SASL PLAIN was refused"));
  options.password.reset();
  EXPECT_THAT(Connect(options), FailsWith(absl::StatusCode::kUnknown, "expects SASL PLAIN"));
}

TEST_F(ClientTest, TrustsAServerWithItsNameAndCertificateAlone) {
  std::signal(SIGPIPE, SIG_IGN);
  const ::lodestone::testing::TempFolder folder;
  ServerOptions options;
  options.tls = {folder / "cert.pem", folder / "key.pem"};
  MakeCertificate("localhost", options.tls.certificate, options.tls.key);
  const std::string other = folder / "other.pem";
  MakeCertificate("localhost", other, folder / "other_key.pem");
  Start(options);
  ClientOptions trusting = Options();
  trusting.host = "localhost";
  trusting.tls_ca = options.tls.certificate;
  const absl::StatusOr<std::unique_ptr<Client>> client = Connect(trusting);
  ASSERT_OK(client);
  EXPECT_OK((*client)->Call<Texts>("get_all_databases", kMeta));
  ClientOptions stranger = trusting;
  stranger.tls_ca = other;
  EXPECT_THAT(Connect(stranger), HasCode(absl::StatusCode::kUnavailable));
  ClientOptions nameless = trusting;
  nameless.host = "127.0.0.1";
  EXPECT_THAT(Connect(nameless), HasCode(absl::StatusCode::kUnavailable));
  ClientOptions fileless = trusting;
  fileless.tls_ca = folder / "missing.pem";
  EXPECT_THAT(Connect(fileless), FailsWith(absl::StatusCode::kInvalidArgument, "missing.pem"));
}

}  // namespace
}  // namespace lodestone::hive
