// 7.2.6: partitions.
#include <limits>
#include <utility>

#include "bindings/http/dli/call.h"
#include "catalog/base/status_macros.h"
#include "catalog/base/strings.h"

namespace lodestone::http::dli {
namespace {

constexpr int64_t kDefaultLimit = 100;
// Answers are built in memory; some 300 bytes a partition.
constexpr int64_t kMaxLimit = 100'000;
constexpr int64_t kMaxOffset = std::numeric_limits<int64_t>::max();

struct Condition {
  std::string column;
  std::string value;
};

// `filter=column=value`, and every parameter whose name is none of the documented: `column=value`.
absl::StatusOr<std::vector<Condition>> ReadConditions(const QueryParameters& parameters) {
  std::vector<Condition> conditions;
  for (const auto& [name, value] : parameters) {
    if (name == "limit" || name == "offset") continue;
    if (name != "filter") {
      conditions.push_back({name, value});
      continue;
    }
    if (value.empty()) continue;
    const std::size_t equals = value.find('=');
    if (equals == std::string::npos || equals == 0) {
      return absl::InvalidArgumentError(
          base::StrCat("the parameter filter: expected column=value, found ", base::Quoted(value)));
    }
    conditions.push_back({value.substr(0, equals), value.substr(equals + 1)});
  }
  for (const Condition& condition : conditions) {
    if (base::FindInvalidUtf8(condition.column) != std::string::npos ||
        base::FindInvalidUtf8(condition.value) != std::string::npos) {
      return absl::InvalidArgumentError("the filter is not UTF-8");
    }
  }
  return conditions;
}

std::string InBackQuotes(std::string_view name) {
  std::string quoted = "`";
  for (const char c : name) quoted.append(c == '`' ? 2 : 1, c);
  return quoted + '`';
}

std::string InQuotes(std::string_view text) {
  std::string quoted = "'";
  for (const char c : text) quoted.append(c == '\'' || c == '\\' ? 2 : 1, c);
  return quoted + '\'';
}

// Values are compared without case on this wire, and with it in the catalog: so the condition names the values that
// there are. Costs one look at the distinct values of the key. `FALSE` when none fits.
absl::StatusOr<std::string> FilterOf(const Session& session, const TableName& table,
                                     const std::vector<Condition>& conditions) {
  std::string filter;
  for (const Condition& condition : conditions) {
    ASSIGN_OR_RETURN(const std::vector<std::string> values, session.PartitionKeyValues(table, condition.column));
    std::string list;
    bool with_null = false;
    for (const std::string& value : values) {
      if (!base::EqualsIgnoreCase(value, condition.value)) continue;
      if (value == kNullPartitionValue) {
        with_null = true;
      } else {
        base::StrAppend(&list, list.empty() ? "" : ", ", InQuotes(value));
      }
    }
    const std::string column = InBackQuotes(condition.column);
    base::StrAppend(&filter, filter.empty() ? "" : " AND ");
    if (!list.empty()) {
      base::StrAppend(&filter, column, " IN (", list, ")");
    } else {
      base::StrAppend(&filter, with_null ? base::StrCat(column, " IS NULL") : "FALSE");
    }
  }
  return filter;
}

void AddNumber(const model::v1::Partition& partition, const std::string& parameter, const char* field, Json* entry) {
  const auto found = partition.parameters().find(parameter);
  int64_t number = 0;
  if (found != partition.parameters().end() && base::ParseInt64(found->second, &number)) (*entry)[field] = number;
}

Json Entry(const std::string& name, const model::v1::Partition& partition) {
  const int64_t accessed = partition.last_access_time() > 0 ? partition.last_access_time() : partition.create_time();
  Json entry = {
      {"partition_name", name}, {"create_time", partition.create_time() * 1000}, {"last_access_time", accessed * 1000}};
  const std::string& location = partition.storage_descriptor().location();
  if (!location.empty()) entry["locations"] = Json::array({location});
  AddNumber(partition, "transient_lastDdlTime", "last_ddl_time", &entry);  // the only one in seconds
  AddNumber(partition, "numRows", "num_rows", &entry);
  AddNumber(partition, "numFiles", "num_files", &entry);
  AddNumber(partition, "totalSize", "total_size", &entry);
  return entry;
}

// Where the rows behind the first `offset` begin: keys alone are walked. nullopt: there are not so many.
absl::StatusOr<std::optional<std::string>> TokenBehind(const Session& session, const TableName& table,
                                                       const std::string& filter, int64_t offset) {
  if (offset == 0) return std::string();
  PartitionCursor cursor = session.ListPartitions(table, {.filter = filter, .limit = static_cast<std::size_t>(offset)});
  while (cursor.Next()) {
  }
  RETURN_IF_ERROR(cursor.status());
  std::string token = cursor.ResumeToken();
  if (token.empty()) return std::nullopt;
  return token;
}

absl::StatusOr<Json> Entries(const Session& session, const TableName& table, const std::string& filter, int64_t offset,
                             int64_t limit) {
  Json entries = Json::array();
  if (limit == 0) return entries;
  ASSIGN_OR_RETURN(const std::optional<std::string> token, TokenBehind(session, table, filter, offset));
  if (!token) return entries;
  ListOptions options{.filter = filter, .limit = static_cast<std::size_t>(limit), .after = *token};
  options.projection = {
      .times = true, .location = true, .parameters = {"transient_lastDdlTime", "numRows", "numFiles", "totalSize"}};
  PartitionCursor cursor = session.ListPartitions(table, options);
  model::v1::Partition partition;
  while (cursor.Next()) {
    for (std::size_t row = 0; row < cursor.batch().size(); ++row) {
      cursor.batch().ToPartition(row, &partition);
      entries.push_back(Entry(cursor.batch().Name(row), partition));
    }
  }
  RETURN_IF_ERROR(cursor.status());
  return entries;
}

}  // namespace

CallResult ListPartitions(Call& call) {
  QueryReader query(call.query);
  const int64_t limit = query.Number("limit", 0, kMaxLimit).value_or(kDefaultLimit);
  const int64_t offset = query.Number("offset", 0, kMaxOffset).value_or(0);
  RETURN_IF_ERROR(query.status());
  ASSIGN_OR_RETURN(const std::vector<Condition> conditions, ReadConditions(call.query));
  const Session session = call.session.Snapshot();
  const TableName table = call.table();
  ASSIGN_OR_RETURN(const std::string filter, FilterOf(session, table, conditions));
  ASSIGN_OR_RETURN(const int64_t count, session.CountPartitions(table, filter));
  Json entries = Json::array();
  if (offset < count) {
    ASSIGN_OR_RETURN(entries, Entries(session, table, filter, offset, limit));
  }
  return Json{{"partitions", {{"total_count", count}, {"partition_infos", std::move(entries)}}}};
}

}  // namespace lodestone::http::dli
