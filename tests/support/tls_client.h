// Certificates, and a client that speaks TLS: for tests of servers.
#pragma once

#include <openssl/bio.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>

#include <algorithm>
#include <csignal>
#include <cstdint>
#include <memory>
#include <string>

#include "catalog/base/strings.h"
#include "gtest/gtest.h"

namespace lodestone::testing {

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
inline void MakeCertificate(const std::string& name, const std::string& certificate_file, const std::string& key_file) {
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

}  // namespace lodestone::testing
