// What the server allows: every size, time and number has an end.
#pragma once

#include <cstddef>
#include <cstdint>

namespace lodestone::http {

// Sizes in bytes, times in milliseconds. All of them can change while the server runs: they hold for what begins later.
struct Limits {
  // --- One request ---
  // Method, target and version. Real clients put 1,000 partitions, 300 kB and more, in the query.
  std::size_t request_line_bytes = std::size_t{2} << 20;  // else 414
  std::size_t header_bytes = std::size_t{64} << 10;       // all header lines together; else 431
  int header_count = 100;                                 // else 431
  std::size_t body_bytes = std::size_t{32} << 20;         // else 413
  // --- Time ---
  int64_t handshake_ms = 10'000;  // for TLS to be set up
  int64_t request_ms = 60'000;    // from the first byte of a request to its last; else 408
  int64_t idle_ms = 75'000;       // between two requests of a connection
  int64_t write_ms = 30'000;      // for the client to take the next 256 KiB of an answer
  // --- Numbers ---
  int connections = 1'024;
  int connections_per_peer = 256;
  int requests_in_flight = 256;  // waiting for a worker or running; else 503
  // Of requests being read and answers being sent, over all connections; a request that does not fit is 503.
  std::size_t buffered_bytes = std::size_t{512} << 20;
  // --- Rate: of one caller, a token bucket. Callers are told apart by principal once they have proven it, otherwise by
  // address. 0: no limit ---
  double requests_per_second = 2'000;  // else 429
  double burst = 4'000;
};

}  // namespace lodestone::http
