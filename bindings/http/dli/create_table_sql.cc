#include "bindings/http/dli/create_table_sql.h"

#include <algorithm>
#include <map>
#include <set>
#include <utility>
#include <vector>

#include "bindings/http/dli/table_format.h"
#include "bindings/http/dli/tags.h"
#include "catalog/base/strings.h"

namespace lodestone::http::dli {
namespace {

std::string Name(std::string_view name) {
  std::string quoted = "`";
  for (const char c : name) quoted.append(c == '`' ? 2 : 1, c);
  return quoted + '`';
}

std::string Literal(std::string_view text) {
  std::string quoted = "'";
  for (const char c : text) {
    const unsigned char byte = static_cast<unsigned char>(c);
    if (c == '\\' || c == '\'') quoted += '\\';
    if (c == '\n') {
      quoted += "\\n";
    } else if (byte < 0x20 || byte == 0x7f) {
      constexpr char kHex[] = "0123456789abcdef";
      quoted += base::StrCat("\\u00", std::string(1, kHex[byte >> 4]), std::string(1, kHex[byte & 15]));
    } else {
      quoted += c;
    }
  }
  return quoted + '\'';
}

// ---- Types ----

constexpr int kMaxTypeDepth = 64;

// Words of Hive, in lower case and with single blanks, for which Spark has others.
constexpr std::pair<std::string_view, std::string_view> kTypeWords[] = {
    {"integer", "INT"},
    {"numeric", "DECIMAL"},
    {"dec", "DECIMAL"},
    {"double precision", "DOUBLE"},
    {"timestamp with local time zone", "TIMESTAMP_LTZ"},
    {"timestamplocaltz", "TIMESTAMP_LTZ"},
    {"interval_year_month", "INTERVAL YEAR TO MONTH"},
    {"interval_day_time", "INTERVAL DAY TO SECOND"},
};
constexpr std::string_view kSameTypeWords[] = {"boolean", "tinyint", "smallint", "int",       "bigint",
                                               "float",   "double",  "string",   "binary",    "date",
                                               "void",    "decimal", "varchar",  "timestamp", "char"};

// Reads a type as the catalog keeps it: as it was written, in any case and with blanks between words.
class TypeWriter {
 public:
  explicit TypeWriter(std::string_view text) : rest_(text) {}

  bool Type(std::string* out, int depth = 0) {
    if (depth > kMaxTypeDepth) return false;
    const std::string word = Word();
    if (word == "struct") return Fields(out, depth);
    if (word == "array" || word == "map") return Children(word, out, depth);
    if (!Plain(word, out)) return false;
    return !Take('(') || Length(out);
  }
  bool at_end() {
    SkipBlanks();
    return rest_.empty();
  }

 private:
  static bool Plain(std::string_view word, std::string* out) {
    for (const auto& [hive, spark] : kTypeWords) {
      if (word == hive) {
        *out += spark;
        return true;
      }
    }
    if (std::ranges::find(kSameTypeWords, word) == std::end(kSameTypeWords)) return false;
    for (const char c : word) *out += static_cast<char>(c - 'a' + 'A');
    return true;
  }

  // `10`, `10,2`, behind the parenthesis.
  bool Length(std::string* out) {
    const std::size_t close = rest_.find(')');
    if (close == std::string_view::npos) return false;
    *out += '(';
    for (const char c : rest_.substr(0, close)) {
      if (c == ' ') continue;
      if (c != ',' && (c < '0' || c > '9')) return false;
      *out += c;
    }
    *out += ')';
    rest_.remove_prefix(close + 1);
    return true;
  }

  void SkipBlanks() {
    while (!rest_.empty() && rest_.front() == ' ') rest_.remove_prefix(1);
  }

  // Letters and underscores, in lower case; several words of one type with one blank between.
  std::string Word() {
    std::string word;
    for (SkipBlanks(); !rest_.empty(); SkipBlanks()) {
      const std::size_t end = std::min(rest_.find_first_of("<,>( "), rest_.size());
      if (end == 0) break;
      base::StrAppend(&word, word.empty() ? "" : " ", base::AsciiLower(rest_.substr(0, end)));
      rest_.remove_prefix(end);
    }
    return word;
  }

  bool Take(char c) {
    SkipBlanks();
    if (rest_.empty() || rest_.front() != c) return false;
    rest_.remove_prefix(1);
    return true;
  }

  bool Children(std::string_view word, std::string* out, int depth) {
    if (!Take('<')) return false;
    *out += word == "map" ? "MAP<" : "ARRAY<";
    if (!Type(out, depth + 1)) return false;
    if (word == "map") {
      *out += ", ";
      if (!Take(',') || !Type(out, depth + 1)) return false;
    }
    *out += '>';
    return Take('>');
  }

  bool Fields(std::string* out, int depth) {
    if (!Take('<')) return false;
    *out += "STRUCT<";
    for (bool first = true;; first = false) {
      std::string name;
      if (!FieldName(&name) || !Take(':')) return false;
      base::StrAppend(out, first ? "" : ", ", Name(name), ": ");
      if (!Type(out, depth + 1)) return false;
      if (Take('>')) break;
      if (!Take(',')) return false;
    }
    *out += '>';
    return true;
  }

  bool FieldName(std::string* name) {
    if (!Take('`')) {
      const std::size_t colon = rest_.find(':');
      if (colon == std::string_view::npos) return false;
      *name = base::TrimWhitespace(rest_.substr(0, colon));
      rest_.remove_prefix(colon);
      return !name->empty();
    }
    while (!rest_.empty()) {
      if (rest_.front() == '`') {
        rest_.remove_prefix(1);
        if (!rest_.starts_with('`')) return !name->empty();
      }
      *name += rest_.front();
      rest_.remove_prefix(1);
    }
    return false;
  }

  std::string_view rest_;
};

// ---- Clauses ----

using Columns = google::protobuf::RepeatedPtrField<model::v1::Column>;

// `name TYPE COMMENT '..', ..`; false when a type has no words.
bool AppendColumns(const Columns& columns, std::string* out) {
  for (const model::v1::Column& column : columns) {
    const std::optional<std::string> type = SparkType(column.type());
    if (!type) return false;
    base::StrAppend(out, out->empty() ? "" : ", ", Name(column.name()), " ", *type);
    if (!column.comment().empty()) base::StrAppend(out, " COMMENT ", Literal(column.comment()));
  }
  return true;
}

template <typename Names>
std::string NameList(const Names& names) {
  std::string list;
  for (const auto& name : names) base::StrAppend(&list, list.empty() ? "" : ", ", Name(name));
  return list;
}

// `(\n  'key' = 'value',\n ..)`.
std::string PropertyList(const std::map<std::string, std::string>& properties, std::string_view between) {
  std::string list;
  for (const auto& [key, value] : properties) {
    base::StrAppend(&list, list.empty() ? "(\n  " : ",\n  ", Literal(key), between, Literal(value));
  }
  return list + ")";
}

// What a user set: neither what the statement says elsewhere, nor what Spark keeps for itself or refuses, nor what
// changes with the data.
std::map<std::string, std::string> Properties(const model::v1::Table& table) {
  static const std::set<std::string> kLeftOut = {"comment",
                                                 "external",
                                                 "EXTERNAL",
                                                 "location",
                                                 "owner",
                                                 "provider",
                                                 "is_managed_location",
                                                 "numFiles",
                                                 "numRows",
                                                 "totalSize",
                                                 "rawDataSize",
                                                 "numPartitions",
                                                 "COLUMN_STATS_ACCURATE",
                                                 "transient_lastDdlTime",
                                                 "last_modified_by",
                                                 "last_modified_time",
                                                 "enterprise_project_id"};
  std::map<std::string, std::string> properties;
  for (const auto& [key, value] : table.parameters()) {
    if (kLeftOut.contains(key) || key.starts_with("spark.sql.") || key.starts_with(kOwnParameterPrefix)) continue;
    properties.emplace(key, value);
  }
  return properties;
}

std::string CommentClause(const model::v1::Table& table) {
  const auto comment = table.parameters().find("comment");
  if (comment == table.parameters().end() || comment->second.empty()) return "";
  return base::StrCat("\nCOMMENT ", Literal(comment->second));
}

std::string PropertyClause(const model::v1::Table& table) {
  const auto properties = Properties(table);
  return properties.empty() ? "" : base::StrCat("\nTBLPROPERTIES ", PropertyList(properties, " = "));
}

// Spark takes ascending order alone; another one is left out, the buckets stay.
std::string BucketClause(const model::v1::StorageDescriptor& descriptor) {
  if (descriptor.num_buckets() <= 0 || descriptor.bucket_columns().empty()) return "";
  std::string clause = base::StrCat("\nCLUSTERED BY (", NameList(descriptor.bucket_columns()), ")");
  std::vector<std::string> sorted;
  bool ascending = true;
  for (const model::v1::Order& order : descriptor.sort_columns()) {
    sorted.push_back(order.column());
    ascending &= order.direction() == model::v1::Order::ASCENDING;
  }
  if (ascending && !sorted.empty()) base::StrAppend(&clause, " SORTED BY (", NameList(sorted), ")");
  return base::StrCat(clause, " INTO ", descriptor.num_buckets(), " BUCKETS");
}

std::string LocationClause(const model::v1::StorageDescriptor& descriptor) {
  return descriptor.location().empty() ? "" : base::StrCat("\nLOCATION ", Literal(descriptor.location()));
}

// ---- Statements ----

std::optional<std::string> ViewSql(const model::v1::Table& table, const std::string& name) {
  const std::string& text =
      table.view_expanded_text().empty() ? table.view_original_text() : table.view_expanded_text();
  // Trino's views are a comment that holds base64.
  if (base::TrimWhitespace(text).empty() || base::TrimWhitespace(text).starts_with("/* Presto")) return std::nullopt;
  std::string columns;
  for (const model::v1::Column& column : table.storage_descriptor().columns()) {
    base::StrAppend(&columns, columns.empty() ? "" : ", ", Name(column.name()));
    if (!column.comment().empty()) base::StrAppend(&columns, " COMMENT ", Literal(column.comment()));
  }
  if (!columns.empty()) columns = base::StrCat(" (", columns, ")");
  return base::StrCat("CREATE VIEW ", name, columns, CommentClause(table), PropertyClause(table), " AS\n", text);
}

// A table of Spark's own: its keys are among the columns, at the end.
std::optional<std::string> ProviderSql(const model::v1::Table& table, const std::string& name,
                                       std::string_view provider) {
  const model::v1::StorageDescriptor& descriptor = table.storage_descriptor();
  std::string columns;
  if (!AppendColumns(descriptor.columns(), &columns) || !AppendColumns(table.partition_keys(), &columns)) {
    return std::nullopt;
  }
  std::vector<std::string> keys;
  for (const model::v1::Column& key : table.partition_keys()) keys.push_back(key.name());
  const StorageOptions options = OptionsOf(table);
  std::string sql = base::StrCat("CREATE TABLE ", name, columns.empty() ? "" : base::StrCat(" (", columns, ")"),
                                 "\nUSING ", Name(provider));
  if (!options.empty()) base::StrAppend(&sql, "\nOPTIONS ", PropertyList(options, " "));
  if (!keys.empty()) base::StrAppend(&sql, "\nPARTITIONED BY (", NameList(keys), ")");
  base::StrAppend(&sql, BucketClause(descriptor), CommentClause(table));
  // A managed table's place is the catalog's to choose.
  if (table.table_type() == model::v1::EXTERNAL_TABLE) sql += LocationClause(descriptor);
  return sql + PropertyClause(table);
}

std::optional<std::string> HiveSql(const model::v1::Table& table, const std::string& name) {
  const model::v1::StorageDescriptor& descriptor = table.storage_descriptor();
  std::string columns;
  std::string keys;
  if (!AppendColumns(descriptor.columns(), &columns) || !AppendColumns(table.partition_keys(), &keys)) {
    return std::nullopt;
  }
  // Spark wants a place for what it calls external.
  const bool external = table.table_type() == model::v1::EXTERNAL_TABLE && !descriptor.location().empty();
  std::string sql = base::StrCat("CREATE ", external ? "EXTERNAL TABLE " : "TABLE ", name,
                                 columns.empty() ? "" : base::StrCat(" (", columns, ")"), CommentClause(table));
  if (!keys.empty()) base::StrAppend(&sql, "\nPARTITIONED BY (", keys, ")");
  sql += BucketClause(descriptor);
  const model::v1::SerDeInfo& serde = descriptor.serde_info();
  if (!serde.serialization_lib().empty()) {
    base::StrAppend(&sql, "\nROW FORMAT SERDE ", Literal(serde.serialization_lib()));
    const std::map<std::string, std::string> parameters(serde.parameters().begin(), serde.parameters().end());
    if (!parameters.empty()) base::StrAppend(&sql, "\nWITH SERDEPROPERTIES ", PropertyList(parameters, " = "));
  }
  if (!descriptor.input_format().empty() && !descriptor.output_format().empty()) {
    base::StrAppend(&sql, "\nSTORED AS INPUTFORMAT ", Literal(descriptor.input_format()), "\nOUTPUTFORMAT ",
                    Literal(descriptor.output_format()));
  }
  if (external) sql += LocationClause(descriptor);
  return sql + PropertyClause(table);
}

}  // namespace

std::optional<std::string> SparkType(std::string_view hive_type) {
  std::string type;
  TypeWriter writer(hive_type);
  if (!writer.Type(&type) || !writer.at_end()) return std::nullopt;
  return type;
}

std::optional<std::string> CreateTableSql(const model::v1::Table& table) {
  const std::string name = base::StrCat(Name(table.database()), ".", Name(table.name()));
  if (TypeWord(table.table_type()) == "VIEW") return ViewSql(table, name);
  const std::string_view provider = ProviderOf(table);
  return provider.empty() || provider == "hive" ? HiveSql(table, name) : ProviderSql(table, name, provider);
}

}  // namespace lodestone::http::dli
