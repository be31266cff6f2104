// TLS: what is spoken, and new files while connections are open.
#include "bindings/http/tls.h"

#include <gtest/gtest.h>

#include <fstream>
#include <memory>

#include "bindings/http/server.h"
#include "tests/support/matchers.h"
#include "tests/support/temp_folder.h"
#include "tests/support/tls_client.h"
#include "tests/unit/http/client.h"

namespace lodestone::http {
namespace {

using testing::MakeCertificate;
using testing::TlsClient;

class Hello final : public Handler {
 public:
  Response Handle(const Request& request) override {
    Response response;
    response.body = "hello";
    return response;
  }
};

class TlsTest : public ::testing::Test {
 protected:
  TlsTest() {
    router.Add({.adapter = "hello", .path = "/", .allow = "GET", .handler = &hello});
    options.tls = {folder / "cert.pem", folder / "key.pem"};
    MakeCertificate("first", options.tls.certificate, options.tls.key);
  }
  void Start() {
    absl::StatusOr<std::unique_ptr<Server>> started = Server::Start(options, &router, &metrics, &log);
    ASSERT_OK(started);
    server = *std::move(started);
  }

  testing::TempFolder folder;
  Hello hello;
  Router router;
  Metrics metrics;
  Log log{LogLevel::kOff};
  ServerOptions options;
  std::unique_ptr<Server> server;
};

const char kGet[] = "GET / HTTP/1.1\r\nHost: h\r\n\r\n";

TEST_F(TlsTest, Answers) {
  Start();
  for (const int version : {TLS1_2_VERSION, TLS1_3_VERSION}) {
    TlsClient client(server->port(), version);
    ASSERT_TRUE(client.connected());
    for (int i = 0; i < 2; ++i) {
      const std::string answer = client.Call(kGet);
      EXPECT_TRUE(answer.starts_with("HTTP/1.1 200 OK\r\n") && answer.ends_with("hello")) << answer;
    }
  }
}

TEST_F(TlsTest, RefusesOldVersionsAndPlainText) {
  options.limits.handshake_ms = 500;
  Start();
  EXPECT_FALSE(TlsClient(server->port(), TLS1_1_VERSION).connected());
  EXPECT_NE(Client(server->port()).Call(kGet).status, 200);
  // Who says nothing is left.
  EXPECT_TRUE(Client(server->port()).EndsNow());
  EXPECT_TRUE(TlsClient(server->port()).connected());
}

TEST_F(TlsTest, NewFilesAreForNewConnections) {
  Start();
  TlsClient old(server->port());
  EXPECT_EQ(old.server_name(), "first");
  MakeCertificate("second", options.tls.certificate, options.tls.key);
  EXPECT_OK(server->ReloadTls());
  EXPECT_EQ(TlsClient(server->port()).server_name(), "second");
  EXPECT_TRUE(old.Call(kGet).starts_with("HTTP/1.1 200"));
}

TEST_F(TlsTest, FilesThatCannotBeUsedChangeNothing) {
  Start();
  MakeCertificate("second", options.tls.certificate, folder / "other_key.pem");
  EXPECT_THAT(server->ReloadTls(), testing::FailsWith(absl::StatusCode::kInvalidArgument, "key values mismatch"));
  std::ofstream(options.tls.certificate) << "no certificate";
  EXPECT_THAT(server->ReloadTls(), testing::FailsWith(absl::StatusCode::kInvalidArgument, "TLS certificate"));
  EXPECT_EQ(TlsClient(server->port()).server_name(), "first");
}

TEST_F(TlsTest, StopEndsConnectionsThatWait) {
  Start();
  TlsClient client(server->port());
  EXPECT_TRUE(client.Call(kGet).starts_with("HTTP/1.1 200"));
  EXPECT_TRUE(server->Stop());
  EXPECT_EQ(client.Call(kGet), "");
}

}  // namespace
}  // namespace lodestone::http
