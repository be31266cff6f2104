// Connections of clients: sockets, TLS, SASL PLAIN.
#include <openssl/ssl.h>
#include <thrift/transport/TSSLSocket.h>
#include <thrift/transport/TSocket.h>

#include <string>
#include <utility>

#include "bindings/hive/client.h"
#include "bindings/hive/sasl.h"
#include "catalog/base/status_macros.h"
#include "catalog/base/strings.h"

namespace lodestone::hive {
namespace {

using apache::thrift::TException;
using apache::thrift::transport::TSocket;
using apache::thrift::transport::TSSLSocketFactory;
using apache::thrift::transport::TTransportException;
using base::StrCat;

class SocketWire final : public Wire {
 public:
  // The factory of a TLS socket has to outlive it.
  SocketWire(std::shared_ptr<TSSLSocketFactory> factory, std::shared_ptr<TSocket> socket)
      : factory_(std::move(factory)), socket_(std::move(socket)) {}

  absl::StatusOr<std::size_t> Read(char* buffer, std::size_t size) override {
    try {
      return socket_->read(reinterpret_cast<uint8_t*>(buffer), static_cast<uint32_t>(size));
    } catch (const TTransportException& e) {
      if (e.getType() == TTransportException::END_OF_FILE) return std::size_t{0};
      return absl::UnavailableError(e.what());
    }
  }
  absl::Status Write(std::string_view bytes) override {
    try {
      socket_->write(reinterpret_cast<const uint8_t*>(bytes.data()), static_cast<uint32_t>(bytes.size()));
      socket_->flush();
    } catch (const TException& e) {
      return absl::UnavailableError(e.what());
    }
    return absl::OkStatus();
  }

 private:
  const std::shared_ptr<TSSLSocketFactory> factory_;
  const std::shared_ptr<TSocket> socket_;
};

// Everything in SASL's frames.
class FramedWire final : public Wire {
 public:
  explicit FramedWire(std::unique_ptr<Wire> wire)
      : wire_(std::move(wire)), frames_(wire_.get(), wire_.get(), kNamesLimits.message_bytes) {}
  absl::StatusOr<std::size_t> Read(char* buffer, std::size_t size) override { return frames_.Read(buffer, size); }
  absl::Status Write(std::string_view bytes) override { return frames_.Write(bytes); }

 private:
  const std::unique_ptr<Wire> wire_;
  FramedStream frames_;
};

class ClientFactory final : public TSSLSocketFactory {
 public:
  SSL_CTX* context() { return ctx_->get(); }
};

absl::StatusOr<std::shared_ptr<TSSLSocketFactory>> TrustIn(const std::string& file) {
  // As the server's side does (tls.cc).
  TSSLSocketFactory::setManualOpenSSLInitialization(true);
  auto factory = std::make_shared<ClientFactory>();
  SSL_CTX_set_min_proto_version(factory->context(), TLS1_2_VERSION);
  if (SSL_CTX_load_verify_locations(factory->context(), file.c_str(), nullptr) != 1) {
    return absl::InvalidArgumentError(StrCat("certificates ", file, ": expected a file in the form PEM"));
  }
  factory->authenticate(true);
  return factory;
}

}  // namespace

absl::StatusOr<std::unique_ptr<Wire>> Dial(const ClientOptions& options) {
  const std::string address = StrCat(options.host, ":", static_cast<int>(options.port));
  std::shared_ptr<TSSLSocketFactory> factory;
  if (!options.tls_ca.empty()) {
    ASSIGN_OR_RETURN(factory, TrustIn(options.tls_ca));
  }
  std::unique_ptr<Wire> wire;
  try {
    std::shared_ptr<TSocket> socket = factory != nullptr ? factory->createSocket(options.host, options.port)
                                                         : std::make_shared<TSocket>(options.host, options.port);
    socket->setConnTimeout(static_cast<int>(options.connect_ms));
    socket->setSendTimeout(static_cast<int>(options.wait_ms));
    socket->setRecvTimeout(static_cast<int>(options.wait_ms));
    socket->open();
    wire = std::make_unique<SocketWire>(factory, std::move(socket));
  } catch (const TException& e) {
    return absl::UnavailableError(StrCat("metastore ", address, ": ", e.what()));
  }
  if (!options.password) return wire;
  const absl::Status shown =
      ShowPlain(wire.get(), wire.get(), {.authorization = {}, .user = options.user, .password = *options.password});
  if (!shown.ok())
    return absl::Status(shown.code(), base::ToAbsl(StrCat("metastore ", address, ": ", shown.message())));
  return std::make_unique<FramedWire>(std::move(wire));
}

}  // namespace lodestone::hive
