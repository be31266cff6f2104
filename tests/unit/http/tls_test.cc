// TLS: what is spoken, and new files while connections are open.
#include "bindings/http/tls.h"

#include <gtest/gtest.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>

#include <csignal>
#include <fstream>
#include <memory>

#include "bindings/http/server.h"
#include "tests/support/matchers.h"
#include "tests/support/temp_folder.h"
#include "tests/unit/http/client.h"

namespace lodestone::http {
namespace {

template <auto Free>
struct With {
  template <typename T>
  void operator()(T* object) const {
    Free(object);
  }
};
using Key = std::unique_ptr<EVP_PKEY, With<EVP_PKEY_free>>;
using Certificate = std::unique_ptr<X509, With<X509_free>>;

// A key and a certificate that it signed itself, as PEM files.
void MakeCertificate(const std::string& name, const std::string& certificate_file, const std::string& key_file) {
  const Key key(EVP_EC_gen("P-256"));
  const Certificate certificate(X509_new());
  ASN1_INTEGER_set(X509_get_serialNumber(certificate.get()), 1);
  X509_gmtime_adj(X509_getm_notBefore(certificate.get()), -3'600);
  X509_gmtime_adj(X509_getm_notAfter(certificate.get()), 24 * 3'600);
  X509_set_pubkey(certificate.get(), key.get());
  X509_NAME* const subject = X509_get_subject_name(certificate.get());
  X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_ASC, reinterpret_cast<const unsigned char*>(name.c_str()), -1, -1,
                             0);
  X509_set_issuer_name(certificate.get(), subject);
  X509_sign(certificate.get(), key.get(), EVP_sha256());
  const std::unique_ptr<BIO, With<BIO_free_all>> to_certificate(BIO_new_file(certificate_file.c_str(), "w"));
  const std::unique_ptr<BIO, With<BIO_free_all>> to_key(BIO_new_file(key_file.c_str(), "w"));
  ASSERT_EQ(PEM_write_bio_X509(to_certificate.get(), certificate.get()), 1);
  ASSERT_EQ(PEM_write_bio_PrivateKey(to_key.get(), key.get(), nullptr, nullptr, 0, nullptr, nullptr), 1);
}

// A client that speaks TLS up to `max_version`, and believes any certificate.
class TlsClient {
 public:
  explicit TlsClient(uint16_t port, int max_version = TLS1_3_VERSION)
      : context_(SSL_CTX_new(TLS_client_method())), bio_(nullptr) {
    std::signal(SIGPIPE, SIG_IGN);
    SSL_CTX_set_min_proto_version(context_.get(), TLS1_VERSION);
    SSL_CTX_set_max_proto_version(context_.get(), max_version);
    SSL_CTX_set_security_level(context_.get(), 0);
    bio_.reset(BIO_new_ssl_connect(context_.get()));
    BIO_set_conn_hostname(bio_.get(), base::StrCat("127.0.0.1:", port).c_str());
    connected_ = BIO_do_connect(bio_.get()) == 1 && BIO_do_handshake(bio_.get()) == 1;
  }
  bool connected() const { return connected_; }
  // The common name of the certificate that the server showed.
  std::string server_name() const {
    SSL* ssl = nullptr;
    BIO_get_ssl(bio_.get(), &ssl);
    const Certificate shown(SSL_get1_peer_certificate(ssl));
    char name[100] = {};
    if (shown) X509_NAME_get_text_by_NID(X509_get_subject_name(shown.get()), NID_commonName, name, sizeof(name));
    return name;
  }
  // The first bytes of the answer, which comes in one piece.
  std::string Call(const std::string& bytes) {
    BIO_write(bio_.get(), bytes.data(), static_cast<int>(bytes.size()));
    char answer[4'096];
    const int received = BIO_read(bio_.get(), answer, sizeof(answer));
    return {answer, static_cast<std::size_t>(std::max(received, 0))};
  }

 private:
  const std::unique_ptr<SSL_CTX, With<SSL_CTX_free>> context_;
  std::unique_ptr<BIO, With<BIO_free_all>> bio_;
  bool connected_ = false;
};

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
