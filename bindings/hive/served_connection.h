// One connection from its first byte to its last.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "bindings/common/budget.h"
#include "bindings/common/log.h"
#include "bindings/common/metrics.h"
#include "bindings/hive/connection.h"
#include "bindings/hive/limits.h"
#include "bindings/hive/socket_stream.h"

namespace lodestone::hive {

// What connections share with the server. All outlive them.
struct Surroundings {
  const Service* service;
  bindings::Metrics* metrics;
  bindings::Log* log;
  const StopSignal* stop;
  bindings::Budget* buffered;
  Limits limits;
};

// Serves until the client ends, the server stops, or nothing more can be understood. `peer`: the client's address.
void ServeConnection(const Surroundings& surroundings, std::shared_ptr<apache::thrift::transport::TSocket> socket,
                     uint64_t number, const std::string& peer);

// Whom PLAIN credentials stand for: an access key and its secret, or the name of an account and one of its tokens.
// Unauthenticated, always in the same words. Where nothing is checked: whoever is named.
absl::StatusOr<Identity> CheckCredentials(const Service& service, std::string_view user, std::string_view password);

}  // namespace lodestone::hive
