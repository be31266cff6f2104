// 7.2: tables.
#include <algorithm>
#include <utility>

#include "bindings/http/dli/call.h"
#include "bindings/http/dli/create_table_sql.h"
#include "bindings/http/dli/table_format.h"
#include "catalog/base/status_macros.h"
#include "catalog/base/strings.h"
#include "catalog/privileges.h"

namespace lodestone::http::dli {
namespace {

using model::v1::Table;
using model::v1::TableSummary;

constexpr int64_t kMaxPage = 1'000'000'000;
constexpr std::size_t kMaxPageSize = 100;

// How a request to list tables wants them.
struct ListRequest {
  std::string keyword;
  model::v1::TableType type = model::v1::TABLE_TYPE_UNSPECIFIED;
  std::string source;  // empty: any
  bool with_detail = false;
  bool with_privileges = false;
  bool without_records = false;
  std::size_t offset = 0;
  std::size_t limit = 0;  // 0: all
};

absl::StatusOr<ListRequest> ReadListRequest(const Call& call) {
  QueryReader query(call.query);
  ListRequest request;
  request.keyword = query.Text("keyword").value_or("");
  request.with_detail = query.Flag("with-detail", false);
  request.with_privileges = query.Flag("with-priv", false);
  request.without_records = query.Flag("without-tablemeta", false);
  const auto type = query.OneOf("table-type", {"MANAGED_TABLE", "EXTERNAL_TABLE", "VIRTUAL_VIEW"});
  if (type) model::v1::TableType_Parse(*type, &request.type);
  request.source = query
                       .OneOf("datasource-type", {"CSS", "DLI", "DWS", "Geomesa", "HBase", "JDBC", "Mongo", "OBS",
                                                  "ODPS", "OpenTSDB", "Redis", "RDS"})
                       .value_or("");
  const std::optional<int64_t> size = query.Number("page-size", 1, kMaxPageSize);
  const std::optional<int64_t> page = query.Number("current-page", 1, kMaxPage);
  RETURN_IF_ERROR(query.status());
  if (size || page) {
    request.limit = static_cast<std::size_t>(size.value_or(kMaxPageSize));
    request.offset = static_cast<std::size_t>(page.value_or(1) - 1) * request.limit;
  }
  return request;
}

// Where the rows of a table come from, in the words of the parameter datasource-type.
std::string_view SourceOf(const Table& table) {
  const std::string_view provider = ProviderOf(table);
  for (const std::string_view source :
       {"CSS", "DWS", "Geomesa", "HBase", "JDBC", "Mongo", "ODPS", "OpenTSDB", "Redis", "RDS"}) {
    if (base::EqualsIgnoreCase(provider, source)) return source;
  }
  return LocationWord(table.table_type());
}

int64_t NumberOf(const google::protobuf::Map<std::string, std::string>& parameters, const std::string& name,
                 int64_t otherwise) {
  const auto found = parameters.find(name);
  int64_t number = 0;
  return found != parameters.end() && base::ParseInt64(found->second, &number) ? number : otherwise;
}

// Of a partitioned table, what its partitions say, as far as the caller may see that.
absl::StatusOr<std::optional<int64_t>> TableSize(const Session& session, const Table& table) {
  const int64_t own = NumberOf(table.parameters(), "totalSize", -1);
  if (own >= 0 || table.partition_keys().empty() || TypeWord(table.table_type()) == "VIEW") {
    return std::optional<int64_t>(std::max<int64_t>(own, 0));
  }
  const auto summary = session.SummarizePartitions({table.database(), table.name()});
  if (absl::IsPermissionDenied(summary.status())) return std::optional<int64_t>();
  RETURN_IF_ERROR(summary.status());
  return std::optional<int64_t>(summary->total_size());
}

void AddTimes(const TableSummary& summary, Json* entry) {
  const int64_t accessed = summary.last_access_time() > 0 ? summary.last_access_time() : summary.create_time();
  (*entry)["create_time"] = summary.create_time() * 1000;
  (*entry)["last_access_time"] = accessed * 1000;
  (*entry)["owner"] = summary.owner();
}

absl::Status AddRecord(const Session& session, const Table& table, Json* entry) {
  ASSIGN_OR_RETURN(const std::optional<int64_t> size, TableSize(session, table));
  if (size) (*entry)["table_size"] = *size;
  if (table.table_type() != model::v1::EXTERNAL_TABLE) return absl::OkStatus();
  if (const DataFormat* format = FormatOf(table)) (*entry)["data_type"] = format->name;
  (*entry)["location"] = table.storage_descriptor().location();
  if (table.partition_keys().empty()) return absl::OkStatus();
  Json keys = Json::array();
  for (const model::v1::Column& key : table.partition_keys()) keys.push_back(key.name());
  (*entry)["partition_columns"] = std::move(keys);
  return absl::OkStatus();
}

absl::StatusOr<Json> ListEntry(const Session& session, const ListRequest& request, const TableSummary& summary) {
  const TableName name{summary.database(), summary.name()};
  Json entry = {{"data_location", LocationWord(summary.table_type())},
                {"table_name", summary.name()},
                {"table_type", TypeWord(summary.table_type())}};
  if (request.with_detail) {
    AddTimes(summary, &entry);
    if (!request.without_records) {
      const absl::StatusOr<Table> table = session.GetTable(name);
      // Whoever sees a table for something in it may not read its definition: then that stays out.
      if (!table.ok() && !absl::IsPermissionDenied(table.status())) return table.status();
      if (table.ok()) RETURN_IF_ERROR(AddRecord(session, *table, &entry));
    }
  }
  if (request.with_privileges) {
    ASSIGN_OR_RETURN(const PrivilegeSet set, session.EffectivePrivileges(session.principal(), Securable::Table(name)));
    entry["privileges"] = PrivilegeWords(Vocabulary::kDli, Securable::Kind::kTable, set);
  }
  return entry;
}

// Those of the source that was asked for; all of them when none was.
absl::Status KeepSource(const Session& session, const std::string& source, std::vector<TableSummary>* summaries) {
  if (source.empty()) return absl::OkStatus();
  std::vector<TableSummary> kept;
  for (TableSummary& summary : *summaries) {
    const absl::StatusOr<Table> table = session.GetTable({summary.database(), summary.name()});
    if (!table.ok() && !absl::IsPermissionDenied(table.status())) return table.status();
    const std::string_view found = table.ok() ? SourceOf(*table) : LocationWord(summary.table_type());
    if (found == source) kept.push_back(std::move(summary));
  }
  *summaries = std::move(kept);
  return absl::OkStatus();
}

Json ColumnEntry(const model::v1::Column& column, bool is_key) {
  return Json{{"column_name", column.name()},
              {"type", column.type()},
              {"description", column.comment()},
              {"is_partition_column", is_key}};
}

}  // namespace

CallResult DeleteTable(Call& call) {
  QueryReader query(call.query);
  const bool asynchronous = query.Flag("async", false);
  RETURN_IF_ERROR(query.status());
  const int64_t start_ms = call.options.clock->NowMillis();
  RETURN_IF_ERROR(call.session.DropTable(call.table()));
  if (!asynchronous) return Json{{"job_mode", "sync"}};
  Job job{.project = call.project, .owner = call.session.principal().name, .type = "DDL"};
  job.statement =
      base::StrCat("DROP TABLE `", base::AsciiLower(call.names[0]), "`.`", base::AsciiLower(call.names[1]), "`");
  job.start_ms = start_ms;
  job.duration_ms = call.options.clock->NowMillis() - start_ms;
  return Json{{"job_id", call.jobs.Add(std::move(job))}, {"job_type", "DDL"}, {"job_mode", "async"}};
}

CallResult ListTables(Call& call) {
  ASSIGN_OR_RETURN(const ListRequest request, ReadListRequest(call));
  const Session session = call.session.Snapshot();
  ListNamesOptions options{.table_type = request.type};
  if (!request.keyword.empty()) options.pattern = base::StrCat("*", request.keyword, "*");
  ASSIGN_OR_RETURN(Page<TableSummary> page, session.ListTableSummaries(call.names[0], options));
  // Names have neither `*` nor `|`, which the pattern would take for more than they are.
  if (request.keyword.find_first_of("*|") != std::string::npos) page.items.clear();
  RETURN_IF_ERROR(KeepSource(session, request.source, &page.items));
  const std::size_t count = page.items.size();
  const std::size_t begin = std::min(request.offset, count);
  const std::size_t end = request.limit == 0 ? count : std::min(begin + request.limit, count);
  Json entries = Json::array();
  for (std::size_t i = begin; i < end; ++i) {
    ASSIGN_OR_RETURN(Json entry, ListEntry(session, request, page.items[i]));
    entries.push_back(std::move(entry));
  }
  return Json{{"table_count", count}, {"tables", std::move(entries)}};
}

CallResult ShowTable(Call& call) {
  ASSIGN_OR_RETURN(const Table table, call.session.GetTable(call.table()));
  const std::vector<std::string> flagged = ViewPartitionColumns(table);
  Json columns = Json::array();
  for (const model::v1::Column& column : table.storage_descriptor().columns()) {
    columns.push_back(ColumnEntry(column, std::find(flagged.begin(), flagged.end(), column.name()) != flagged.end()));
  }
  for (const model::v1::Column& key : table.partition_keys()) columns.push_back(ColumnEntry(key, true));
  Json answer = {{"column_count", columns.size()}};
  answer["columns"] = std::move(columns);
  answer["table_type"] = TypeWord(table.table_type());
  if (table.table_type() == model::v1::EXTERNAL_TABLE) {
    if (const DataFormat* format = FormatOf(table)) answer["data_type"] = format->name;
    answer["data_location"] = table.storage_descriptor().location();
    Json properties = Json::array();
    for (const auto& [key, value] : OptionsOf(table)) properties.push_back(Json{{"key", key}, {"value", value}});
    answer["storage_properties"] = std::move(properties);
  }
  const auto comment = table.parameters().find("comment");
  answer["table_comment"] = comment == table.parameters().end() ? "" : comment->second;
  if (std::optional<std::string> sql = CreateTableSql(table)) answer["create_table_sql"] = *std::move(sql);
  return answer;
}

}  // namespace lodestone::http::dli
