#include "bindings/hive/served_connection.h"

#include <thrift/TApplicationException.h>
#include <thrift/transport/TSocket.h>

#include <chrono>
#include <optional>

#include "bindings/common/crypto.h"
#include "bindings/hive/sasl.h"
#include "bindings/hive/wire.h"
#include "catalog/base/status_macros.h"
#include "catalog/base/strings.h"

namespace lodestone::hive {
namespace {

using apache::thrift::transport::TSocket;
using base::StrCat;
using base::ToStd;
using bindings::LogLevel;
using bindings::RefusedFor;
using std::chrono::steady_clock;

RefusedFor ReasonFor(const absl::Status& failure) {
  switch (failure.code()) {
    case absl::StatusCode::kResourceExhausted:
      return RefusedFor::kTooLarge;
    case absl::StatusCode::kDeadlineExceeded:
      return RefusedFor::kTooSlow;
    default:
      return RefusedFor::kMalformed;
  }
}

class Dialogue {
 public:
  Dialogue(const Surroundings& around, std::shared_ptr<TSocket> socket, uint64_t number, const std::string& peer)
      : around_(around),
        peer_(peer),
        stream_(std::move(socket), around.limits, around.stop, around.buffered),
        connection_(around.service, number) {}

  // Why it ended; OK when the client or the server did so between two messages.
  absl::Status Run() {
    // Whoever has to authenticate begins at once.
    const Limits& limits = around_.limits;
    stream_.ExpectFirstByte(around_.service->options().authenticate ? limits.handshake_ms : limits.idle_ms);
    ASSIGN_OR_RETURN(const int first, stream_.Peek());
    if (first < 0) return absl::OkStatus();
    ByteSource* source = &stream_;
    sink_ = &stream_;
    std::optional<FramedStream> framed;
    if (first == kSaslStart) {
      stream_.ExpectWithin(limits.handshake_ms);
      const auto check = [&](const PlainCredentials& credentials) -> absl::StatusOr<Identity> {
        if (!credentials.authorization.empty() && credentials.authorization != credentials.user) {
          return absl::UnauthenticatedError(StrCat(base::Quoted(credentials.user, 80), " can't act as somebody else"));
        }
        return CheckCredentials(*around_.service, credentials.user, credentials.password);
      };
      ASSIGN_OR_RETURN(Identity identity, NegotiatePlain(&stream_, &stream_, check));
      connection_.Authenticated(std::move(identity));
      framed.emplace(&stream_, &stream_, limits.message.message_bytes);
      source = &*framed;
      sink_ = &*framed;
    }
    return ServeMessages(source, first != kSaslStart);
  }

  // Says why the connection ends, if the client can still be told.
  void Refuse(const absl::Status& failure) {
    if (failed_.name.empty()) return;
    Reply reply(failed_.name, failed_.sequence_id, sink_);
    reply.ApplicationException(apache::thrift::TApplicationException::PROTOCOL_ERROR, ToStd(failure.message()));
    if (reply.writer().Finish().ok()) stream_.Linger();
  }

 private:
  MessageLimits LimitsNow() const {
    MessageLimits limits = around_.limits.message;
    if (around_.service->options().authenticate && !connection_.authenticated()) {
      limits.message_bytes = std::min(limits.message_bytes, around_.limits.stranger_message_bytes);
    }
    return limits;
  }

  absl::Status ServeMessages(ByteSource* source, bool has_begun) {
    const MessageLimits limits = LimitsNow();
    MessageReader reader(source, limits);
    // A stranger hears what is wanted, and is kept no longer than it takes to say so.
    const bool stranger = around_.service->options().authenticate && !connection_.authenticated();
    stream_.ExpectMessage(around_.limits.idle_ms, has_begun);
    while (true) {
      Message message;
      const absl::StatusOr<bool> read = reader.Next(&message);
      if (!read.ok()) {
        failed_ = message;
        failed_.body = {};
        stream_.Forget();
        return read.status();
      }
      if (!*read) return absl::OkStatus();
      RETURN_IF_ERROR(ServeOne(message, limits));
      if (around_.stop->is_set() && !reader.has_more()) return absl::OkStatus();
      stream_.ExpectMessage(stranger ? around_.limits.handshake_ms : around_.limits.idle_ms, reader.has_more());
    }
  }

  absl::Status ServeOne(const Message& message, const MessageLimits& limits) {
    const auto begin = steady_clock::now();
    around_.metrics->SetBufferedBytes(around_.buffered->used());
    around_.metrics->RequestBegins();
    const absl::StatusOr<Served> served = connection_.Serve(message, limits, sink_);
    around_.metrics->RequestEnds();
    RETURN_IF_ERROR(served.status());
    const auto micros = std::chrono::duration_cast<std::chrono::microseconds>(steady_clock::now() - begin).count();
    around_.metrics->CountRequest("hive", served->call, served->outcome, static_cast<double>(micros) / 1e6,
                                  message.bytes, served->bytes_out);
    around_.log->Request({.request_id = {},
                          .peer = peer_,
                          .method = {},
                          .path = served->call == "unknown" ? std::string_view(message.name) : std::string_view(),
                          .adapter = "hive",
                          .call = served->call,
                          .outcome = served->outcome,
                          .principal = connection_.principal().name,
                          .detail = served->detail,
                          .status = 0,
                          .micros = micros,
                          .bytes_in = message.bytes,
                          .bytes_out = served->bytes_out});
    return absl::OkStatus();
  }

  const Surroundings& around_;
  const std::string& peer_;
  SocketStream stream_;
  ReplySink* sink_ = nullptr;
  Connection connection_;
  Message failed_;  // what is known of the message that could not be read
};

}  // namespace

void ServeConnection(const Surroundings& surroundings, std::shared_ptr<TSocket> socket, uint64_t number,
                     const std::string& peer) {
  surroundings.metrics->ConnectionOpened();
  {
    Dialogue served(surroundings, std::move(socket), number, peer);
    const absl::Status ended = served.Run();
    if (!ended.ok()) {
      // Clients hang up when they like; that is no reason to look into it.
      const bool hung_up = absl::IsUnavailable(ended) || absl::IsDataLoss(ended);
      if (!hung_up) surroundings.metrics->CountRefused(ReasonFor(ended));
      surroundings.log->Event(hung_up ? LogLevel::kDebug : LogLevel::kWarning, "connection ended",
                              {{"peer", peer}, {"what", ToStd(ended.message())}});
      served.Refuse(ended);
    }
  }
  surroundings.metrics->ConnectionClosed();
}

absl::StatusOr<Identity> CheckCredentials(const Service& service, std::string_view user, std::string_view password) {
  if (!service.options().authenticate) return Identity{.principal = {.name = std::string(user)}, .catalog = {}};
  const absl::StatusOr<SigningKey> key = service.metastore().FindSigningKey(user);
  if (key.ok() && bindings::EqualInConstantTime(key->secret, password)) return key->identity;
  if (!key.ok() && !absl::IsUnauthenticated(key.status())) return key.status();
  const absl::StatusOr<Identity> identity = service.metastore().VerifyToken(password);
  if (identity.ok() && identity->principal.name == user) return identity;
  if (!identity.ok() && !absl::IsUnauthenticated(identity.status())) return identity.status();
  return absl::UnauthenticatedError("user name or password are wrong");
}

}  // namespace lodestone::hive
