#include "bindings/hive/client.h"

#include <thrift/TApplicationException.h>

#include <utility>

#include "catalog/base/status_macros.h"
#include "catalog/base/strings.h"

namespace lodestone::hive {
namespace {

using apache::thrift::TApplicationException;
using apache::thrift::protocol::TMessageType;
using base::StrCat;

constexpr std::string_view kScheme = "thrift://";

// What exceptions say: their first text, and of a TApplicationException its type, any number that a server may send.
struct Said {
  std::string text{};
  int32_t type = 0;
};
Said ReadSaid(BodyReader& reader) {
  std::string ignored;
  Said said;
  TType type{};
  int16_t id = 0;
  while (reader.readFieldBegin(ignored, type, id), type != TType::T_STOP) {
    if (type == TType::T_STRING && said.text.empty()) {
      reader.readString(said.text);
    } else if (type == TType::T_I32 && id == 2) {
      reader.readI32(said.type);
    } else {
      reader.skip(type);
    }
  }
  return said;
}

// Of a TApplicationException.
absl::Status ToStatus(std::string_view call, const Said& failure) {
  const std::string text = StrCat(call, ": ", failure.text);
  if (failure.type == TApplicationException::UNKNOWN_METHOD) return absl::UnimplementedError(text);
  return absl::UnknownError(text);
}

}  // namespace

absl::Status ParseAddress(std::string_view text, ClientOptions* options) {
  const absl::Status failure = absl::InvalidArgumentError(StrCat(
      "address ", base::Quoted(text), ": expected HOST:PORT, or thrift://HOST:PORT, with a port from 1 to 65535"));
  if (text.starts_with(kScheme)) text.remove_prefix(kScheme.size());
  std::string_view port;
  if (text.starts_with('[')) {
    const std::size_t end = text.find(']');
    if (end == std::string_view::npos) return failure;
    options->host = text.substr(1, end - 1);
    port = text.substr(end + 1);
    if (!port.empty() && port.front() != ':') return failure;
  } else {
    const std::size_t colon = text.find(':');
    options->host = text.substr(0, colon);
    if (colon != std::string_view::npos) port = text.substr(colon);
  }
  if (options->host.empty() || options->host.find('/') != std::string::npos) return failure;
  if (port.empty()) return absl::OkStatus();
  int64_t number = 0;
  if (!base::ParseInt64(port.substr(1), &number) || number < 1 || number > 65'535) return failure;
  options->port = static_cast<uint16_t>(number);
  return absl::OkStatus();
}

Client::Client(std::unique_ptr<Wire> wire)
    : wire_(std::move(wire)), reader_(wire_.get(), kAnswerLimits, Sender::kServer) {}

absl::Status Client::Break(const absl::Status& why) {
  const std::string text = StrCat("the connection to the metastore: ", why.message());
  broken_ = absl::IsResourceExhausted(why) ? absl::ResourceExhaustedError(text) : absl::UnavailableError(text);
  return broken_;
}

absl::Status Client::Send(std::string_view name, absl::FunctionRef<void(ReplyWriter&)> write_arguments) {
  ReplyWriter writer(wire_.get());
  writer.writeMessageBegin(std::string(name), TMessageType::T_CALL, ++sequence_id_);
  write_arguments(writer);
  return writer.Finish();
}

absl::StatusOr<Message> Client::Exchange(const MessageLimits& limits, std::string_view name,
                                         absl::FunctionRef<void(ReplyWriter&)> write_arguments) {
  RETURN_IF_ERROR(broken_);
  if (const absl::Status sent = Send(name, write_arguments); !sent.ok()) return Break(sent);
  reader_.SetLimits(limits);
  Message answer;
  const absl::StatusOr<bool> any = reader_.Next(&answer);
  if (!any.ok()) return Break(any.status());
  if (!*any) return Break(absl::UnavailableError(StrCat("the server ended it at the call ", name)));
  if (answer.sequence_id != sequence_id_) {
    return Break(absl::UnavailableError(
        StrCat("expected the answer ", sequence_id_, " to the call ", name, ", found ", answer.sequence_id)));
  }
  return answer;
}

absl::Status Client::ReadAnswer(const Message& message, const MessageLimits& limits, const Throws& throws, TType result,
                                absl::FunctionRef<void(BodyReader&)> read_result) {
  BodyReader reader(message.body, limits.decoded_bytes);
  try {
    if (message.type == MessageType::kException) return ToStatus(message.name, ReadSaid(reader));
    std::string ignored;
    TType type{};
    int16_t id = 0;
    while (reader.readFieldBegin(ignored, type, id), type != TType::T_STOP) {
      if (id == 0 && type == result) {
        read_result(reader);
        return absl::OkStatus();
      }
      if (id > 0 && type == TType::T_STRUCT) {
        const auto field = static_cast<std::size_t>(id) - 1;
        const Thrown thrown = field < throws.declared().size() ? throws.declared()[field] : Thrown::kMeta;
        return Throw(thrown, StrCat(message.name, ": ", NameOf(thrown), ": ", ReadSaid(reader).text));
      }
      reader.skip(type);
    }
  } catch (const apache::thrift::TException& e) {
    return Break(absl::UnavailableError(StrCat("the answer to ", message.name, " can't be decoded: ", e.what())));
  }
  if (result == TType::T_VOID) return absl::OkStatus();
  return absl::UnknownError(StrCat(message.name, ": the answer has no result"));
}

absl::StatusOr<std::unique_ptr<Client>> Connect(const ClientOptions& options) {
  ASSIGN_OR_RETURN(std::unique_ptr<Wire> wire, Dial(options));
  auto client = std::make_unique<Client>(std::move(wire));
  // Whoever has proven who he is need not say it.
  if (options.password || options.user.empty()) return client;
  const std::vector<std::string> groups;
  constexpr Throws kThrows = {Thrown::kMeta};
  const absl::Status said = client->Call<std::vector<std::string>>("set_ugi", kThrows, options.user, groups).status();
  if (!absl::IsUnimplemented(said)) RETURN_IF_ERROR(said);
  return client;
}

}  // namespace lodestone::hive
