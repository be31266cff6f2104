// SASL PLAIN as Thrift's clients speak it: messages of status, length and payload, until one says COMPLETE; after that
// everything comes and goes in frames with four bytes of length.
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "bindings/hive/message_reader.h"
#include "bindings/hive/protocol.h"
#include "catalog/accounts.h"

namespace lodestone::hive {

// What the first byte of a connection tells.
inline constexpr int kSaslStart = 1;

// What a client has shown: a name to act under (mostly empty: as itself), its own, and the password.
struct PlainCredentials {
  std::string authorization;
  std::string user;
  std::string password;
};
// The three, apart by a byte 0. Fails with Unauthenticated.
absl::StatusOr<PlainCredentials> ParsePlain(std::string_view response);

// Whom the credentials stand for; Unauthenticated otherwise.
using PlainCheck = std::function<absl::StatusOr<Identity>(const PlainCredentials&)>;

// Negotiates. Whoever is refused was told so, without what was wrong.
//   Unauthenticated    the credentials, or a mechanism other than PLAIN
//   InvalidArgument    not SASL, or a message of more than 64 KiB
//   DataLoss           the client ended
// and what source and sink say.
absl::StatusOr<Identity> NegotiatePlain(ByteSource* source, ReplySink* sink, const PlainCheck& check);

// The client's side: shows the credentials.
//   Unauthenticated    refused; the text says what the server said
//   DataLoss           the server ended
// and what source and sink say.
absl::Status ShowPlain(ByteSource* source, ReplySink* sink, const PlainCredentials& credentials);

// The payloads of frames, one after the other. Not thread-safe; outlived by both.
class FramedStream final : public ByteSource, public ReplySink {
 public:
  FramedStream(ByteSource* source, ReplySink* sink, std::size_t frame_bytes)
      : source_(source), sink_(sink), frame_bytes_(frame_bytes) {}

  // InvalidArgument: a frame of more than `frame_bytes`, or of less than 0. DataLoss: the client ended within one.
  absl::StatusOr<std::size_t> Read(char* buffer, std::size_t size) override;
  // As one frame.
  absl::Status Write(std::string_view bytes) override;

 private:
  ByteSource* const source_;
  ReplySink* const sink_;
  const std::size_t frame_bytes_;
  std::size_t left_ = 0;  // of the present frame
};

}  // namespace lodestone::hive
