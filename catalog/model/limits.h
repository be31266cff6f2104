// Limits of what may be stored. Names: the DLI reference, 7.1.1 and 7.2.1, and Hive's schema; the others keep records
// and pages within what a store engine takes.
#pragma once

#include <cstddef>

namespace lodestone::model {

inline constexpr std::size_t kMaxNameLength = 128;           // characters
inline constexpr std::size_t kMaxColumnNameBytes = 767;      // as Hive's schema
inline constexpr std::size_t kMaxConstraintNameBytes = 400;  // as Hive's schema
inline constexpr std::size_t kMaxPrincipalBytes = 767;
inline constexpr std::size_t kMaxColumns = 10'000;
inline constexpr std::size_t kMaxPartitionKeys = 64;
inline constexpr std::size_t kMaxPartitionValueBytes = 4'096;
inline constexpr std::size_t kMaxLocationBytes = 4'000;
inline constexpr std::size_t kMaxCommentBytes = 4'000;
inline constexpr std::size_t kMaxTypeBytes = std::size_t{1} << 20;  // of one type's text
inline constexpr int kMaxTypeDepth = 64;
inline constexpr std::size_t kMaxParameters = 10'000;
inline constexpr std::size_t kMaxParameterKeyBytes = 256;
inline constexpr std::size_t kMaxParameterValueBytes = std::size_t{1} << 20;
inline constexpr std::size_t kMaxTextBytes = std::size_t{4} << 20;           // of view texts
inline constexpr std::size_t kMaxClassNameBytes = 4'000;                     // of formats, SerDes, functions
inline constexpr std::size_t kMaxResources = 1'000;                          // of one function
inline constexpr std::size_t kMaxSketchBytes = std::size_t{1} << 20;         // bit vector, histogram
inline constexpr std::size_t kMaxObjectRecordBytes = std::size_t{16} << 20;  // everything of one object but a partition
inline constexpr std::size_t kMaxPartitionRecordBytes = std::size_t{4} << 20;  // parameters of one partition

}  // namespace lodestone::model
