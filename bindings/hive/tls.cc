#include "bindings/hive/tls.h"

#include <openssl/err.h>
#include <openssl/ssl.h>
#include <thrift/transport/TSSLSocket.h>

#include "catalog/base/strings.h"

namespace lodestone::hive {
namespace {

using apache::thrift::transport::TSSLSocketFactory;
using base::StrCat;

class ServerFactory final : public TSSLSocketFactory {
 public:
  ServerFactory() { server(true); }
  SSL_CTX* context() { return ctx_->get(); }
};

absl::Status CannotUse(std::string_view what, const std::string& file) {
  char text[256] = "";
  ERR_error_string_n(ERR_get_error(), text, sizeof(text));
  ERR_clear_error();
  return absl::InvalidArgumentError(StrCat("TLS ", what, " ", file, ": ", text));
}

}  // namespace

absl::StatusOr<std::shared_ptr<TSSLSocketFactory>> LoadTls(const bindings::TlsFiles& files) {
  // The library sets itself up, for everybody in the process, and must not be taken down by the last connection.
  TSSLSocketFactory::setManualOpenSSLInitialization(true);
  auto factory = std::make_shared<ServerFactory>();
  SSL_CTX* const context = factory->context();
  SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION);
  SSL_CTX_set_options(context, SSL_OP_NO_COMPRESSION | SSL_OP_NO_RENEGOTIATION | SSL_OP_CIPHER_SERVER_PREFERENCE);
  // Idle connections hold no buffers.
  SSL_CTX_set_mode(context, SSL_MODE_RELEASE_BUFFERS);
  ERR_clear_error();
  if (SSL_CTX_use_certificate_chain_file(context, files.certificate.c_str()) != 1) {
    return CannotUse("certificate", files.certificate);
  }
  if (SSL_CTX_use_PrivateKey_file(context, files.key.c_str(), SSL_FILETYPE_PEM) != 1 ||
      SSL_CTX_check_private_key(context) != 1) {
    return CannotUse("key", files.key);
  }
  return factory;
}

}  // namespace lodestone::hive
