#include "bindings/http/tls.h"

#include <openssl/ssl.h>

#include <boost/asio/buffer.hpp>

#include "catalog/base/strings.h"

namespace lodestone::http {
namespace {

absl::Status CannotUse(std::string_view what, const std::string& file, const boost::system::error_code& ec) {
  return absl::InvalidArgumentError(base::StrCat("TLS ", what, " ", file, ": ", ec.message()));
}

}  // namespace

absl::StatusOr<std::shared_ptr<boost::asio::ssl::context>> LoadTls(const TlsFiles& files) {
  namespace ssl = boost::asio::ssl;
  auto context = std::make_shared<ssl::context>(ssl::context::tls_server);
  SSL_CTX* const raw = context->native_handle();
  SSL_CTX_set_min_proto_version(raw, TLS1_2_VERSION);
  SSL_CTX_set_options(raw, SSL_OP_NO_COMPRESSION | SSL_OP_NO_RENEGOTIATION | SSL_OP_CIPHER_SERVER_PREFERENCE);
  // Idle connections hold no buffers.
  SSL_CTX_set_mode(raw, SSL_MODE_RELEASE_BUFFERS);
  boost::system::error_code ec;
  context->use_certificate_chain_file(files.certificate, ec);
  if (ec) return CannotUse("certificate", files.certificate, ec);
  context->use_private_key_file(files.key, ssl::context::pem, ec);
  if (ec) return CannotUse("key", files.key, ec);  // also when it is not that of the certificate
  return context;
}

}  // namespace lodestone::http
