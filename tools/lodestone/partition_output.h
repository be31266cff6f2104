// Lists of partitions on standard output, batch by batch: a row costs no message and no allocation in the formats made
// for machines.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "catalog/catalog.h"
#include "tools/lodestone/output.h"

namespace lodestone::cli {

// --show: a comma-separated list of `location`, `times`, `parameters`, `descriptor`, `all`, and names of parameters.
Projection ParseProjection(std::string_view text);

// Prints what a cursor yields.
class PartitionListWriter {
 public:
  PartitionListWriter(const model::v1::Table& table, const Projection& projection, Output* out);

  void Add(const PartitionBatch& batch);
  void End();

 private:
  void AddNames(const PartitionBatch& batch);
  void AddJson(const PartitionBatch& batch);
  void AddCells(const PartitionBatch& batch);
  void AppendRow(const PartitionBatch& batch, std::size_t row);

  const Projection projection_;
  Output* out_;
  ListWriter cells_;
  std::string table_descriptor_;  // as JSON, without its location: partitions that have the same do not repeat it
  // Of the row before: rows repeat descriptors, and bytes are compared faster than JSON is written.
  std::string last_descriptor_, descriptor_bytes_;
  std::string descriptor_json_ = "{}";
  NameList names_;
  std::string text_;
  model::v1::Partition partition_;
  bool any_ = false;
};

}  // namespace lodestone::cli
