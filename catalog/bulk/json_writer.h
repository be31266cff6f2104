// Partitions as the lines that the NDJSON reader reads.
#pragma once

#include <string>
#include <string_view>

#include "catalog/partition_batch.h"

namespace lodestone::bulk {

// In quotes, with what JSON does not allow escaped.
void AppendJsonString(std::string_view text, std::string* out);

// Turns batches into lines. Not thread-safe.
class NdjsonWriter {
 public:
  // Appends a line per row of `batch`, which has times, locations and all parameters. `descriptor_of(row)` is the JSON
  // of the row's storage descriptor, or empty where it is the table's.
  template <typename DescriptorOf>
  void Append(const PartitionBatch& batch, const DescriptorOf& descriptor_of, std::string* out) {
    Begin(batch);
    for (std::size_t row = 0; row < batch.size(); ++row) AppendRow(batch, row, descriptor_of(row), out);
  }

 private:
  void Begin(const PartitionBatch& batch);
  void AppendRow(const PartitionBatch& batch, std::size_t row, std::string_view descriptor, std::string* out);

  std::vector<std::vector<std::string>> values_;  // per key, its dictionary in JSON
  std::vector<std::string> names_;                // of the parameters, in JSON with the colon
};

}  // namespace lodestone::bulk
