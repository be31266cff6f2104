// The parameter COLUMN_STATS_ACCURATE of tables and partitions: which of their statistics are right. Hive answers
// queries from statistics that it names, and merges those of added rows into them alone. Its value is JSON:
//   {"BASIC_STATS":"true","COLUMN_STATS":{"id":"true","name":"true"}}
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "catalog/warehouse/defaults.h"

namespace lodestone::warehouse {

// Not thread-safe.
class Accuracy {
 public:
  // What is not of that form says nothing, but for `TRUE`, which old versions wrote for the numbers of files and rows.
  explicit Accuracy(const Parameters& parameters);

  // Names of columns are in lower case, as Hive writes them.
  bool Names(const std::string& column) const { return columns_.contains(column); }
  // Both return whether that was a change.
  bool Add(const std::string& column) { return columns_.emplace(column, true).second; }
  bool Remove(const std::string& column) { return columns_.erase(column) > 0; }

  // Sets the parameter; takes it away when nothing is said any more.
  void Store(Parameters* parameters) const;

 private:
  bool basic_ = false;
  std::map<std::string, bool> columns_;
};

}  // namespace lodestone::warehouse
