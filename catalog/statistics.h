// Column statistics of several places rolled into one: of partitions into those of all of them, of what was added into
// what was known. docs/semantics/objects.md has the rules.
#pragma once

#include "lodestone/model/v1/statistics.pb.h"

namespace lodestone {

// Makes `into` what is known about the values of both. They come without rows in common, as those of two partitions do.
// What comes out is as right as what went in, and
//   exact          NULLs, trues, falses: the sum. NULLs are not known (-1) where one of both does not know them
//   exact          bounds: the outer ones of those that are known. A place of NULLs alone has none, NaN is not known
//   exact          the greatest length
//   a lower bound  distinct values: the greater number. Of two sets with n and m values the union has at least the
//                  greater and at most n + m; partitions mostly repeat each other's values, and Hive takes the same
//   an upper bound average length: the greater one, as how many rows there are is not known
// Sketch and histogram go, as they are opaque to the store; the time of analysis is the later one. The rest (type,
// engine) stays as it is in `into`. Merging any number, in any order, gives the same, but for that rest.
// False, and nothing is changed: they are of two columns, or their data are of two kinds. Pure; thread-safe.
bool MergeStatistics(const model::v1::ColumnStatistics& from, model::v1::ColumnStatistics* into);

}  // namespace lodestone
