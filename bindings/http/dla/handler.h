// The signed actions of the DLA metadata API (docs/wire/dla.md): one route, `/`, GET and POST.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>

#include "bindings/http/handler.h"
#include "catalog/base/clock.h"
#include "catalog/metastore.h"

namespace lodestone::http {

struct DlaOptions {
  // What a request's time is compared with. Not owned; outlives the handler.
  const Clock* clock = Clock::System();
  // False: nobody has to prove anything. The parameter AccessKeyId is the name of the user, and nothing is checked.
  bool authenticate = true;
  // How far a request's time may be from the clock, in milliseconds, either way, the limit included.
  int64_t window_ms = 15 * 60 * 1000;
  // Partitions that one AddPartitions may bring; more are INVALID_OPERATION.
  std::size_t max_added_partitions = 100'000;
  // Bytes of one answer; a GetPartitions that would answer more is INVALID_OPERATION.
  std::size_t max_answer_bytes = std::size_t{256} << 20;
};

// Acts for the signer of each request, in the catalog of its account; accounts of the store act in `hive`. `metastore`
// outlives the handler.
std::unique_ptr<Handler> NewDlaHandler(Metastore& metastore, const DlaOptions& options = {});

}  // namespace lodestone::http
