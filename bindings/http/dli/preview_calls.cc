// 7.2.5: the first rows of a table.
#include <algorithm>
#include <utility>

#include "bindings/http/dli/call.h"
#include "bindings/http/dli/create_table_sql.h"
#include "bindings/http/dli/local_files.h"
#include "bindings/http/dli/preview_reader.h"
#include "bindings/http/dli/table_format.h"
#include "catalog/base/status_macros.h"
#include "catalog/base/strings.h"
#include "catalog/errors.h"
#include "catalog/privileges.h"

namespace lodestone::http::dli {
namespace {

using model::v1::Table;

constexpr std::size_t kRows = 10;
// How much of one file is read, and of how many partitions files are looked for: ten rows are near the beginning.
constexpr std::size_t kMaxFileBytes = std::size_t{1} << 20;
constexpr std::size_t kMaxPartitions = 1'000;

struct Preview {
  std::vector<std::string> columns;  // of the files, then keys
  std::size_t file_columns = 0;
  std::vector<PreviewRow> rows;
  int64_t input_bytes = 0;
};

// The table, and which of its columns the caller may read; not allowed to anybody who may read none.
absl::StatusOr<Table> ReadableTable(const Call& call, const Session& session, std::vector<bool>* readable) {
  const TableName name{base::AsciiLower(call.names[0]), base::AsciiLower(call.names[1])};
  const Principal& who = session.principal();
  ASSIGN_OR_RETURN(const Decision whole, session.Check(who, {Privilege::kSelect}, Securable::Table(name)));
  absl::StatusOr<Table> table = call.Unchecked().GetTable(name);
  bool any = whole.allowed;
  if (table.ok()) {
    std::vector<std::string> columns;
    for (const auto& column : table->storage_descriptor().columns()) columns.push_back(column.name());
    for (const auto& key : table->partition_keys()) columns.push_back(key.name());
    for (const std::string& column : columns) {
      bool allowed = whole.allowed;
      if (!allowed) {
        ASSIGN_OR_RETURN(const Decision one, session.Check(who, {Privilege::kSelect}, Securable::Column(name, column)));
        allowed = one.allowed;
      }
      readable->push_back(allowed);
      any |= allowed;
    }
  }
  if (any) return table;
  // What the caller may know of the table is for the session to say.
  RETURN_IF_ERROR(session.GetTable(name).status());
  return MakeError(ErrorKind::kNoPrivilege, ObjectKind::kTable, name.ToString(),
                   base::StrCat("user ", who.name, " lacks SELECT on table ", name.ToString()));
}

std::optional<char> OneByte(const StorageOptions& options, const std::string& name) {
  const auto found = options.find(name);
  return found == options.end() || found->second.size() != 1 ? std::nullopt : std::optional<char>(found->second[0]);
}

CsvDialect DialectOf(const DataFormat& format, const StorageOptions& options) {
  CsvDialect dialect;
  const bool is_csv = format.name == "csv";
  if (!is_csv) dialect = {.delimiter = "\x01", .quote = std::nullopt, .escape = std::nullopt, .null = "\\N"};
  if (const auto found = options.find("delimiter"); found != options.end() && !found->second.empty()) {
    dialect.delimiter = found->second == "\\t" ? "\t" : found->second;
  }
  if (is_csv) dialect.quote = OneByte(options, "quote");
  dialect.escape = OneByte(options, "escape");
  const auto header = options.find("header");
  dialect.header = header != options.end() && base::EqualsIgnoreCase(header->second, "true");
  return dialect;
}

bool IsCompressed(std::string_view name) {
  for (const std::string_view ending : {".gz", ".bz2", ".snappy", ".lz4", ".zst", ".deflate", ".xz", ".lzo"}) {
    if (name.ends_with(ending)) return true;
  }
  return false;
}

class Previewer {
 public:
  Previewer(const LocalFiles& files, const DataFormat& format, const Table& table, Preview* preview)
      : files_(files), format_(format), dialect_(DialectOf(format, OptionsOf(table))), preview_(*preview) {
    file_columns_.assign(preview_.columns.begin(),
                         preview_.columns.begin() + static_cast<std::ptrdiff_t>(preview_.file_columns));
  }

  bool full() const { return preview_.rows.size() >= kRows; }

  // The rows of the files there, with the values of the keys behind them.
  absl::Status Read(std::string_view location, const std::vector<std::optional<std::string>>& keys) {
    const std::size_t before = preview_.rows.size();
    RETURN_IF_ERROR(
        files_.Visit(location, kMaxFileBytes,
                     [&](std::string_view name, std::string_view bytes, bool whole) -> absl::StatusOr<bool> {
                       if (IsCompressed(name))
                         return absl::UnimplementedError("previews of compressed files are not supported");
                       preview_.input_bytes += static_cast<int64_t>(bytes.size());
                       const std::size_t rows = preview_.rows.size();
                       if (format_.name == "json") {
                         RETURN_IF_ERROR(ReadJsonRows(bytes, whole, file_columns_, kRows, &preview_.rows));
                       } else {
                         ReadCsvRows(bytes, whole, dialect_, file_columns_.size(), kRows, &preview_.rows);
                       }
                       if (preview_.rows.size() == rows && !whole) {
                         return absl::ResourceExhaustedError(
                             absl::StrCat("the first row of a file is longer than ", kMaxFileBytes, " bytes"));
                       }
                       return !full();
                     }));
    for (std::size_t i = before; i < preview_.rows.size(); ++i) {
      preview_.rows[i].insert(preview_.rows[i].end(), keys.begin(), keys.end());
    }
    return absl::OkStatus();
  }

 private:
  const LocalFiles& files_;
  const DataFormat& format_;
  const CsvDialect dialect_;
  Preview& preview_;
  std::vector<std::string> file_columns_;
};

absl::Status ReadPartitions(const Call& call, const Table& table, Previewer* previewer) {
  ListOptions options{.limit = kMaxPartitions};
  options.projection.location = true;
  PartitionCursor cursor = call.Unchecked().ListPartitions({table.database(), table.name()}, options);
  model::v1::Partition partition;
  while (!previewer->full() && cursor.Next()) {
    for (std::size_t row = 0; row < cursor.batch().size() && !previewer->full(); ++row) {
      cursor.batch().ToPartition(row, &partition);
      std::vector<std::optional<std::string>> keys;
      for (const std::string& value : partition.values()) {
        keys.push_back(value == kNullPartitionValue ? std::nullopt : std::optional<std::string>(value));
      }
      RETURN_IF_ERROR(previewer->Read(partition.storage_descriptor().location(), keys));
    }
  }
  return cursor.status();
}

absl::StatusOr<Preview> ReadTable(const Call& call, const Table& table) {
  if (TypeWord(table.table_type()) == "VIEW") {
    return absl::UnimplementedError("previews of views are not supported: no query is run");
  }
  const DataFormat* format = FormatOf(table);
  if (format == nullptr || (format->name != "csv" && format->name != "json" && format->name != "textfile")) {
    return absl::UnimplementedError(base::StrCat("previews of ", format == nullptr ? "this format" : format->name,
                                                 " data are not supported; csv and json are"));
  }
  Preview preview;
  for (const auto& column : table.storage_descriptor().columns()) preview.columns.push_back(column.name());
  preview.file_columns = preview.columns.size();
  for (const auto& key : table.partition_keys()) preview.columns.push_back(key.name());
  const LocalFiles files(call.options.permitted_roots);
  Previewer previewer(files, *format, table, &preview);
  if (table.partition_keys().empty()) {
    RETURN_IF_ERROR(previewer.Read(table.storage_descriptor().location(), {}));
  } else {
    RETURN_IF_ERROR(ReadPartitions(call, table, &previewer));
  }
  return preview;
}

Json SchemaOf(const Table& table, const std::vector<bool>& readable) {
  Json schema = Json::array();
  std::size_t at = 0;
  const auto add = [&](const model::v1::Column& column) {
    if (readable[at++]) schema.push_back(Json{{column.name(), column.type()}});
  };
  for (const auto& column : table.storage_descriptor().columns()) add(column);
  for (const auto& key : table.partition_keys()) add(key);
  return schema;
}

Json RowsOf(const Preview& preview, const std::vector<bool>& readable) {
  Json rows = Json::array();
  for (const PreviewRow& values : preview.rows) {
    Json row = Json::array();
    for (std::size_t i = 0; i < values.size(); ++i) {
      if (readable[i]) row.push_back(values[i] ? Json(*values[i]) : Json(nullptr));
    }
    rows.push_back(std::move(row));
  }
  return rows;
}

}  // namespace

CallResult PreviewTable(Call& call) {
  QueryReader query(call.query);
  const std::string mode = query.OneOf("mode", {"SYNC", "ASYNC"}).value_or("SYNC");
  RETURN_IF_ERROR(query.status());
  const int64_t start_ms = call.options.clock->NowMillis();
  std::vector<bool> readable;
  ASSIGN_OR_RETURN(const Table table, ReadableTable(call, call.session, &readable));
  ASSIGN_OR_RETURN(const Preview preview, ReadTable(call, table));
  Json schema = SchemaOf(table, readable);
  Json rows = RowsOf(preview, readable);
  if (mode == "SYNC") return Json{{"schema", std::move(schema)}, {"rows", std::move(rows)}};
  Job job{.project = call.project, .owner = call.session.principal().name, .type = "QUERY"};
  job.statement = base::StrCat("SELECT * FROM `", table.database(), "`.`", table.name(), "` LIMIT ", kRows);
  job.start_ms = start_ms;
  job.duration_ms = call.options.clock->NowMillis() - start_ms;
  job.database = table.database();
  job.table = table.name();
  job.input_bytes = preview.input_bytes;
  job.schema = std::move(schema);
  job.rows = std::move(rows);
  return Json{{"job_id", call.jobs.Add(std::move(job))}, {"job_type", "QUERY"}, {"job_mode", "async"}};
}

}  // namespace lodestone::http::dli
