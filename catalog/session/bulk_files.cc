// Loading a table from files, and writing it out again.
#include <optional>
#include <ostream>
#include <utility>

#include "catalog/base/strings.h"
#include "catalog/bulk/descriptor_json.h"
#include "catalog/bulk/json_writer.h"
#include "catalog/bulk/row_encoder.h"
#include "catalog/bulk/synthetic.h"
#include "catalog/bulk_input.h"
#include "catalog/partition/descriptors.h"
#include "catalog/session/bulk_loader_impl.h"

namespace lodestone {
namespace session {
namespace {

// Output goes to the stream in pieces of about so many bytes.
constexpr std::size_t kOutputBytes = std::size_t{1} << 20;
// With more distinct descriptors than this, partitions are simply asked one by one.
constexpr uint32_t kFewDescriptors = 64;

// Whether some partition may have a descriptor that is not the table's.
absl::StatusOr<bool> MayHaveOthers(const store::Reader& reader, const partition::TablePartitions& table) {
  const uint32_t end = table.set.next_descriptor();
  if (end > kFewDescriptors) return true;
  bulk::DescriptorPool pool;
  const uint32_t own = pool.NumberOf(table.descriptor);
  partition::DescriptorReader descriptors(&reader, table.table);
  for (uint32_t number = 1; number < end; ++number) {
    ASSIGN_OR_RETURN(const auto* shared, descriptors.Get(number));
    if (pool.NumberOf(shared->storage_descriptor()) != own) return true;
  }
  return false;
}

// The JSON of descriptors that are not the table's. Not thread-safe.
class DescriptorWords {
 public:
  explicit DescriptorWords(const model::v1::StorageDescriptor& own) : own_(pool_.NumberOf(own)) {}

  std::string_view Of(const PartitionBatch& batch, std::size_t row) {
    batch.ToPartition(row, &partition_);
    if (!partition_.has_storage_descriptor()) return {};
    const uint32_t number = pool_.NumberOf(partition_.storage_descriptor());
    if (number == own_ || number == 0) return {};
    if (json_.size() <= number) json_.resize(number + 1);
    if (json_[number].empty()) {
      partition_.mutable_storage_descriptor()->clear_location();
      absl::StatusOr<std::string> json = bulk::DescriptorToJson(partition_.storage_descriptor());
      if (!json.ok()) {
        status_.Update(json.status());
        return {};
      }
      json_[number] = *std::move(json);
    }
    return json_[number];
  }
  const absl::Status& status() const { return status_; }

 private:
  bulk::DescriptorPool pool_;
  const uint32_t own_;
  std::vector<std::string> json_;  // by number
  model::v1::Partition partition_;
  absl::Status status_;
};

void AppendNameLines(const PartitionBatch& batch, NameList* names, std::string* out) {
  names->bytes.clear();
  names->ends.clear();
  batch.AppendNames(names);
  for (std::size_t i = 0; i < names->size(); ++i) base::StrAppend(out, (*names)[i], "\n");
}

absl::Status WriteOut(std::string* bytes, std::ostream& out) {
  out.write(bytes->data(), static_cast<std::streamsize>(bytes->size()));
  bytes->clear();
  return out ? absl::OkStatus() : absl::UnavailableError("writing the output failed");
}

// The session at the reader, with nothing left to ask for.
Session AllowedAt(const Session::Impl& session, const ReaderPtr& reader) {
  auto at = std::make_shared<Session::Impl>(session);
  at->trusted = true;
  if (at->txn == nullptr) at->pinned = reader;
  return Session(std::move(at));
}

absl::StatusOr<int64_t> Export(const Session& at, const store::Reader& reader, const TableName& table,
                               const ListOptions& options, OutputFormat format, std::ostream& out,
                               const std::function<void(int64_t)>& on_progress) {
  ASSIGN_OR_RETURN(const partition::TablePartitions found, FindPartitions(reader, at.catalog(), table));
  ListOptions list = options;
  list.projection = {};
  bool others = false;
  if (format == OutputFormat::kNdjson) {
    ASSIGN_OR_RETURN(others, MayHaveOthers(reader, found));
    list.projection = {.times = true, .location = true, .descriptor = others, .all_parameters = true, .parameters = {}};
  }
  DescriptorWords descriptors(found.descriptor);
  bulk::NdjsonWriter lines;
  NameList names;
  std::string bytes;
  int64_t count = 0;
  PartitionCursor cursor = at.ListPartitions(table, list);
  while (cursor.Next()) {
    const PartitionBatch& batch = cursor.batch();
    if (format == OutputFormat::kNames) {
      AppendNameLines(batch, &names, &bytes);
    } else {
      const auto descriptor_of = [&](std::size_t row) {
        return others ? descriptors.Of(batch, row) : std::string_view();
      };
      lines.Append(batch, descriptor_of, &bytes);
      RETURN_IF_ERROR(descriptors.status());
    }
    count += static_cast<int64_t>(batch.size());
    if (bytes.size() >= kOutputBytes) RETURN_IF_ERROR(WriteOut(&bytes, out));
    if (on_progress) on_progress(count);
  }
  RETURN_IF_ERROR(cursor.status());
  RETURN_IF_ERROR(WriteOut(&bytes, out));
  return count;
}

}  // namespace
}  // namespace session

using namespace session;  // NOLINT: the calls below are made of what the namespace offers

absl::StatusOr<LoadReport> LoadPartitions(const Session& session, const TableName& table, const std::string& path,
                                          const InputOptions& input, const BulkLoadOptions& load,
                                          std::function<void(const BulkLoadProgress&)> progress) {
  ASSIGN_OR_RETURN(std::unique_ptr<SortedRows> rows,
                   SortedRows::Start(session, table, load, NeedsOfLoad(load.if_exists)));
  LoadReport report;
  InputOptions counting = input;
  counting.on_error = [&](const InputError& error) {
    ++report.bad_rows;
    if (input.on_error) input.on_error(error);
  };
  counting.on_progress = [&](const InputProgress& at) {
    if (input.on_progress) input.on_progress(at);
    if (progress) progress({BulkLoadProgress::Phase::kReading, at.rows, 0});
  };
  int64_t to_skip = rows->rows_resumed();
  const absl::Status read = ReadPartitions(path, rows->table().key_names, counting, [&](const BulkRow& row) {
    if (to_skip == 0) return rows->Add(row);
    // Taken before; but a row that is refused was not, and is refused again.
    absl::Status status = rows->Check(row);
    if (status.ok()) --to_skip;
    return status;
  });
  if (!read.ok()) return rows->End(read);
  if (to_skip > 0) {
    rows->Discard();
    return rows->End(absl::InvalidArgumentError(
        base::StrCat(path, " has fewer rows than a broken-off load with this resume key had read; it was another ",
                     "input, and its rows are forgotten now")));
  }
  report.rows = rows->rows();
  BulkLoader::Impl loader(std::move(rows), load.if_exists);
  ASSIGN_OR_RETURN(report.result, loader.Finish(progress));
  return report;
}

absl::StatusOr<AddResult> GeneratePartitions(const Session& session, const TableName& table,
                                             const GenerateOptions& options,
                                             std::function<void(const BulkLoadProgress&)> progress) {
  ASSIGN_OR_RETURN(std::unique_ptr<SortedRows> rows,
                   SortedRows::Start(session, table, options.load, NeedsOfLoad(options.load.if_exists)));
  ASSIGN_OR_RETURN(bulk::SyntheticRows synthetic,
                   bulk::SyntheticRows::Make(rows->table().keys, options.partitions, options.seed));
  constexpr int64_t kReportEvery = 65'536;
  for (const BulkRow* row; (row = synthetic.Next()) != nullptr;) {
    RETURN_IF_ERROR(rows->Add(*row));
    if (progress && rows->rows() % kReportEvery == 0) {
      progress({BulkLoadProgress::Phase::kReading, rows->rows(), options.partitions});
    }
  }
  return BulkLoader::Impl(std::move(rows), options.load.if_exists).Finish(progress);
}

absl::StatusOr<int64_t> ExportPartitions(const Session& session, const TableName& table, const ListOptions& options,
                                         OutputFormat format, std::ostream& out,
                                         const std::function<void(int64_t)>& on_progress) {
  // One snapshot for the table and its partitions.
  const auto body = [&](const ReaderPtr& reader, Call&) {
    return Export(AllowedAt(*session.impl(), reader), *reader, table, options, format, out, on_progress);
  };
  return Read(
      *session.impl(), Operation::kListPartitions, [&] { return Securable::Table(table); }, body);
}

}  // namespace lodestone
