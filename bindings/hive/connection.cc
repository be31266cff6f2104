#include "bindings/hive/connection.h"

#include <thrift/TApplicationException.h>

#include <exception>

#include "bindings/hive/calls.h"
#include "bindings/hive/texts.h"
#include "catalog/base/status_macros.h"
#include "catalog/base/strings.h"
#include "catalog/errors.h"

namespace lodestone::hive {
namespace {

using apache::thrift::TApplicationException;
using base::StrCat;

// Tells the client why a call failed.
void Fail(const Call& call, const absl::Status& failure, std::string_view catalog, Reply* reply, Served* served) {
  const Thrown thrown = ThrownFor(failure, call.throws, call.rules);
  served->detail = std::string(base::ToStd(failure.message()));
  if (thrown == Thrown::kNone) {
    served->outcome = "INTERNAL_ERROR";
    reply->ApplicationException(TApplicationException::INTERNAL_ERROR, StrCat("Internal error processing ", call.name));
    return;
  }
  served->outcome = NameOf(thrown);
  reply->Exception(call.throws.FieldOf(thrown), TextOf(failure, catalog));
}

void FailAsAWhole(TApplicationException::TApplicationExceptionType type, std::string_view outcome, std::string text,
                  Reply* reply, Served* served) {
  served->outcome = outcome;
  if (!reply->writer().began_to_send()) reply->ApplicationException(type, text);
  served->detail = std::move(text);
}

// Whether the answer can go on being written: false when a part of it was sent already, and then came a failure.
bool Run(const Call& call, const Message& message, const MessageLimits& limits, Connection& connection, Reply* reply,
         Served* served) {
  const auto failed = [&](const absl::Status& failure) {
    if (reply->writer().began_to_send()) return false;
    Fail(call, failure, connection.entered(), reply, served);
    return true;
  };
  try {
    BodyReader reader(message.body, limits.decoded_bytes);
    const absl::Status status = call.run(connection, reader, reply);
    return status.ok() || failed(status);
  } catch (const apache::thrift::TException& e) {
    FailAsAWhole(TApplicationException::PROTOCOL_ERROR, "PROTOCOL_ERROR",
                 StrCat("the arguments of ", call.name, ": ", e.what()), reply, served);
  } catch (const std::exception& e) {
    FailAsAWhole(TApplicationException::INTERNAL_ERROR, "INTERNAL_ERROR", StrCat(call.name, ": ", e.what()), reply,
                 served);
  }
  return !reply->writer().began_to_send();
}

}  // namespace

Service::Service(Metastore* metastore, ServiceOptions options)
    : metastore_(metastore), options_(std::move(options)), start_seconds_(options_.clock->NowMillis() / 1'000) {}

void Connection::Authenticated(Identity identity) {
  identity_ = std::move(identity);
  authenticated_ = true;
}

void Connection::Claim(std::string_view user, const std::vector<std::string>& groups) {
  if (authenticated_) return;
  identity_.principal = {.name = std::string(user), .groups = groups};
}

absl::StatusOr<std::string> Connection::CatalogOf(std::string_view name) const {
  std::string lower = base::AsciiLower(name.empty() ? kDefaultCatalog : name);
  if (identity_.catalog.empty() || lower == identity_.catalog) return lower;
  if (lower == kDefaultCatalog) return identity_.catalog;
  return MakeError(ErrorKind::kNoPrivilege, ObjectKind::kCatalog, name,
                   StrCat("the account ", identity_.principal.name, " may enter the catalog ", identity_.catalog,
                          " alone, found ", base::Quoted(name, 80)));
}

absl::StatusOr<Session> Connection::SessionIn(std::string_view catalog) const {
  ASSIGN_OR_RETURN(const std::string name, CatalogOf(catalog));
  entered_ = name;
  Metastore& metastore = service_.metastore();
  const std::string request = StrCat("hive-", number_, "-", messages_);
  // Nobody comes this far without a name; the empty one would be the embedding program, which may do everything.
  if (service_.options().authenticate && identity_.principal.name.empty()) {
    return absl::UnauthenticatedError("nobody has authenticated");
  }
  if (service_.options().authenticate) return metastore.As(identity_.principal, name).WithRequestId(request);
  return metastore.Trusted(Acting(), name).WithRequestId(request);
}

Principal Connection::Acting() const {
  Principal who = identity_.principal;
  if (who.name.empty() && !service_.options().authenticate) who.name = service_.options().anonymous;
  return who;
}

Transactions Connection::TransactionsAs() const { return service_.metastore().TransactionsAs(Acting()); }

absl::StatusOr<HiveSession> Connection::HiveSessionIn(std::string_view catalog) const {
  ASSIGN_OR_RETURN(Session session, SessionIn(catalog));
  return HiveSession(std::move(session), service_.options().hive);
}

absl::StatusOr<Served> Connection::Serve(const Message& message, const MessageLimits& limits, ReplySink* sink) {
  ++messages_;
  Reply reply(message.name, message.sequence_id, sink);
  const Call* const call = FindCall(message.name);
  Served served{.call = call == nullptr ? "unknown" : call->name, .outcome = "ok", .detail = {}};
  bindings::Share share(service_.decoded());
  share.Set(message.decoded_bytes);
  if (service_.options().authenticate && !authenticated_) {
    FailAsAWhole(TApplicationException::INTERNAL_ERROR, "unauthenticated",
                 "this server expects SASL PLAIN: an access key and its secret, or an account and a token of it",
                 &reply, &served);
  } else if (call == nullptr) {
    FailAsAWhole(TApplicationException::UNKNOWN_METHOD, "UNKNOWN_METHOD",
                 StrCat("Invalid method name: '", message.name, "'"), &reply, &served);
  } else if (service_.decoded()->used() > service_.options().decoded_bytes) {
    FailAsAWhole(TApplicationException::INTERNAL_ERROR, "busy",
                 "the requests that are being answered take too much memory: try again", &reply, &served);
  } else if (!Run(*call, message, limits, *this, &reply, &served)) {
    return absl::InternalError(StrCat(call->name, " failed in the midst of its answer: ", served.detail));
  }
  if (message.type == MessageType::kOneway || (call != nullptr && call->oneway)) return served;
  RETURN_IF_ERROR(reply.writer().Finish());
  served.bytes_out = reply.writer().bytes();
  return served;
}

}  // namespace lodestone::hive
