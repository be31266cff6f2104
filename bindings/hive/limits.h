// What the server allows: every size, time and number has an end.
#pragma once

#include <cstddef>
#include <cstdint>

#include "bindings/hive/message_reader.h"

namespace lodestone::hive {

// Sizes in bytes, times in milliseconds.
struct Limits {
  // --- One message ---
  MessageLimits message{};
  // Of whoever has yet to authenticate.
  std::size_t stranger_message_bytes = std::size_t{1} << 20;
  // --- Time ---
  int64_t handshake_ms = 10'000;                  // for TLS to be set up, and for SASL
  int64_t message_ms = 300'000;                   // from the first byte of a message to its last
  int64_t write_ms = 120'000;                     // for the client to take the next 64 KiB of an answer
  int64_t idle_ms = int64_t{24} * 3'600 * 1'000;  // between two messages. Engines keep connections for hours
  // --- Numbers ---
  int connections = 1'000;  // each has a thread
  // Of messages that are being read, over all connections.
  std::size_t buffered_bytes = std::size_t{512} << 20;
  // Of the decoded form of messages that are being answered, over all connections, as MessageLimits reckons it.
  std::size_t decoded_bytes = std::size_t{4} << 30;
};

}  // namespace lodestone::hive
