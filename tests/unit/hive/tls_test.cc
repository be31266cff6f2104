// TLS: what is spoken, and new files while connections are open.
#include "bindings/hive/tls.h"

#include <openssl/ssl.h>

#include <fstream>
#include <memory>
#include <optional>

#include "bindings/hive/server.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/support/matchers.h"
#include "tests/support/temp_folder.h"
#include "tests/support/tls_client.h"
#include "tests/unit/hive/client.h"

namespace lodestone::hive {
namespace {

using ::lodestone::testing::FailsWith;
using ::lodestone::testing::MakeCertificate;
using ::lodestone::testing::TlsClient;
using testing::Bytes;
using ::testing::HasSubstr;

class HiveTlsTest : public ::testing::Test {
 protected:
  HiveTlsTest() {
    options.tls = {folder / "cert.pem", folder / "key.pem"};
    MakeCertificate("first", options.tls.certificate, options.tls.key);
  }
  void SetUp() override {
    absl::StatusOr<std::unique_ptr<Metastore>> opened = Metastore::OpenInMemory();
    ASSERT_OK(opened);
    metastore = *std::move(opened);
    service.emplace(metastore.get(), ServiceOptions{.authenticate = false, .hive = {.warehouse = warehouse.get()}});
  }
  absl::Status Start() {
    absl::StatusOr<std::unique_ptr<Server>> started = Server::Start(options, &*service, &metrics, &log);
    if (started.ok()) server = *std::move(started);
    return started.status();
  }
  static std::string GetVersion() { return Bytes().Call("getVersion", 1).Stop().str(); }

  ::lodestone::testing::TempFolder folder;
  std::unique_ptr<Metastore> metastore;
  const std::unique_ptr<Warehouse> warehouse = NewNoWarehouse();
  std::optional<Service> service;
  bindings::Metrics metrics{nullptr, "hive"};
  bindings::Log log{bindings::LogLevel::kOff};
  ServerOptions options;
  std::unique_ptr<Server> server;
};

TEST_F(HiveTlsTest, SpeaksTls12And13AndNothingOlder) {
  ASSERT_OK(Start());
  for (const int version : {TLS1_3_VERSION, TLS1_2_VERSION}) {
    TlsClient client(server->port(), version);
    ASSERT_TRUE(client.connected()) << version;
    EXPECT_THAT(client.Call(GetVersion()), HasSubstr("3.1.3")) << version;
    EXPECT_THAT(client.Call(GetVersion()), HasSubstr("3.1.3")) << version;
  }
  EXPECT_FALSE(TlsClient(server->port(), TLS1_1_VERSION).connected());
}

TEST_F(HiveTlsTest, LargeMessagesAndMessagesTogetherArrive) {
  ASSERT_OK(Start());
  TlsClient client(server->port());
  const std::string large = Bytes().Call("getOption", 7).TextField(1, std::string(1'000'000, 'x')).Stop().str();
  EXPECT_THAT(client.Call(large), HasSubstr("getOption"));
  // Both are in one record, so that the second waits within TLS and not in the socket.
  const std::string answers = client.Call(GetVersion() + GetVersion());
  EXPECT_THAT(answers.size() > 40 ? answers : answers + client.Call(""), HasSubstr("3.1.3"));
}

TEST_F(HiveTlsTest, AClientWithoutTlsIsEnded) {
  ASSERT_OK(Start());
  testing::Client client(server->port());
  client.Send(GetVersion());
  EXPECT_TRUE(client.Read().ended);
}

TEST_F(HiveTlsTest, StopEndsConnectionsThatWaitAtOnce) {
  ASSERT_OK(Start());
  TlsClient client(server->port());
  ASSERT_THAT(client.Call(GetVersion()), HasSubstr("3.1.3"));
  EXPECT_TRUE(server->Stop());
  EXPECT_EQ(client.Call(GetVersion()), "");
}

TEST_F(HiveTlsTest, NewFilesAreForNewConnections) {
  ASSERT_OK(Start());
  TlsClient before(server->port());
  EXPECT_EQ(before.server_name(), "first");
  MakeCertificate("second", options.tls.certificate, options.tls.key);
  ASSERT_OK(server->ReloadTls());
  EXPECT_EQ(TlsClient(server->port()).server_name(), "second");
  EXPECT_THAT(before.Call(GetVersion()), HasSubstr("3.1.3"));
  std::ofstream(options.tls.key) << "garbage";
  EXPECT_THAT(server->ReloadTls(), FailsWith(absl::StatusCode::kInvalidArgument, options.tls.key));
  EXPECT_EQ(TlsClient(server->port()).server_name(), "second");
}

TEST_F(HiveTlsTest, FilesThatCantBeUsedAreRefusedAtTheStart) {
  const std::string other = folder / "other.pem";
  MakeCertificate("other", other, options.tls.key);  // the key is now another's
  EXPECT_THAT(Start(), FailsWith(absl::StatusCode::kInvalidArgument, options.tls.key));
  options.tls.certificate = folder / "missing.pem";
  EXPECT_THAT(Start(), FailsWith(absl::StatusCode::kInvalidArgument, options.tls.certificate));
}

}  // namespace
}  // namespace lodestone::hive
