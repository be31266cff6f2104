#include "tools/lodestoned/flights.h"

// The files' bytes, put in by the assembler; the build says where they are.
asm(".section .rodata\n"
    "lodestone_flights_table:\n"
    ".incbin \"" LODESTONE_FLIGHTS
    "/table.json\"\n"
    "lodestone_flights_table_end:\n"
    "lodestone_flights_partitions:\n"
    ".incbin \"" LODESTONE_FLIGHTS
    "/partitions.ndjson\"\n"
    "lodestone_flights_partitions_end:\n"
    ".previous\n");
extern "C" {
extern const char lodestone_flights_table[];
extern const char lodestone_flights_table_end[];
extern const char lodestone_flights_partitions[];
extern const char lodestone_flights_partitions_end[];
}

namespace lodestone::server {

std::string_view FlightsTable() { return {lodestone_flights_table, lodestone_flights_table_end}; }
std::string_view FlightsPartitions() { return {lodestone_flights_partitions, lodestone_flights_partitions_end}; }

}  // namespace lodestone::server
