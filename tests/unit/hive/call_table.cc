// Prints the table of calls: one line of JSON for each. call_table_test.py holds them against the interface
// description.
#include <cstdio>

#include "bindings/hive/calls.h"
#include "nlohmann/json.hpp"

int main() {
  for (const lodestone::hive::Call* call : lodestone::hive::AllCalls()) {
    const std::vector<std::string> types = call->types();
    nlohmann::ordered_json line = {{"name", std::string(call->name)},
                                   {"oneway", call->oneway},
                                   {"result", types.front()},
                                   {"arguments", std::vector<std::string>(types.begin() + 1, types.end())},
                                   {"throws", nlohmann::ordered_json::array()}};
    for (const lodestone::hive::Thrown thrown : call->throws.declared()) {
      line["throws"].push_back(std::string(NameOf(thrown)));
    }
    std::printf("%s\n", line.dump().c_str());
  }
}
