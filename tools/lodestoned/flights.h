// The example of examples/flights, as part of the program: it is at hand wherever the program is installed.
#pragma once

#include <string_view>

namespace lodestone::server {

std::string_view FlightsTable();       // table.json
std::string_view FlightsPartitions();  // partitions.ndjson

}  // namespace lodestone::server
