// A client that calls a server as fast as it answers.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace lodestone::bench {

struct Latencies {
  double per_request = 0;  // seconds: the whole time by the number of requests, over all connections
  double p50 = 0;          // seconds, of one request
  double p99 = 0;
};

// The bytes of request `number` of connection `connection`. Made before the clock starts.
using RequestMaker = std::function<std::string(int connection, int64_t number)>;

// Sends `requests` over each of so many connections to 127.0.0.1:`port`, each the next when the one before it was
// answered. A failure, or an answer that is not 200 or does not contain `expected`, ends the program.
Latencies Call(uint16_t port, int connections, int64_t requests, const RequestMaker& make, const std::string& expected);

}  // namespace lodestone::bench
