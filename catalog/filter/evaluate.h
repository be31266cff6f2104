// Runs a plan over the rows of a page: distinct values first, then one look-up per row in loops that vectorise.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "catalog/filter/plan.h"
#include "catalog/partition_batch.h"

namespace lodestone::filter {

// See Filter::Evaluate and Filter::Count. Thread-safe: buffers are kept per thread.
void EvaluateRows(const PlanNode& plan, std::span<const KeyColumn> columns, std::size_t rows,
                  std::vector<uint16_t>* passing);
std::size_t CountRows(const PlanNode& plan, std::span<const KeyColumn> columns, std::size_t rows);

}  // namespace lodestone::filter
