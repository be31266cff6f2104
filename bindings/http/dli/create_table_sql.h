// The statement that would make a table again.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "lodestone/model/v1/table.pb.h"

namespace lodestone::http::dli {

// In Spark's SQL: `CREATE TABLE .. USING ..` for tables with a provider, `CREATE [EXTERNAL] TABLE .. STORED AS ..` for
// Hive's, `CREATE VIEW .. AS ..`. nullopt where Spark has no words for the table: a type that it does not know
// (uniontype), or a view whose text is no SQL.
std::optional<std::string> CreateTableSql(const model::v1::Table& table);

// A type in Spark's words: names of fields in back-quotes. nullopt: Spark has no such type, or it is none.
std::optional<std::string> SparkType(std::string_view hive_type);

}  // namespace lodestone::http::dli
