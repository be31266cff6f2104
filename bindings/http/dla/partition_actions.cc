#include <utility>
#include <vector>

#include "bindings/http/dla/actions.h"
#include "bindings/http/dla/descriptors.h"
#include "bindings/http/dla/errors.h"
#include "catalog/base/status_macros.h"
#include "catalog/base/strings.h"
#include "catalog/errors.h"

namespace lodestone::http::dla {

namespace {

using base::StrCat;
using model::v1::Partition;

// The partitions of one table in a request, in its order.
struct Batch {
  TableName table;
  std::vector<Partition> partitions;
};

absl::Status TooMany(std::size_t limit, std::string_view what) {
  return MakeError(ErrorKind::kInvalidOperation, ObjectKind::kPartition, {},
                   StrCat("Too many partitions, exceed max partition number: ", limit, " ", what));
}

absl::StatusOr<std::vector<Batch>> ReadBatches(const JsonValue& list, std::size_t limit) {
  std::vector<Batch> batches;
  base::StringMap<std::size_t> places;
  std::size_t count = 0;
  const auto add = [&](const JsonValue& item) -> absl::Status {
    if (++count > limit) return TooMany(limit, "in one request");
    Partition partition;
    RETURN_IF_ERROR(ReadPartition(item, &partition));
    TableName name{.database = std::move(*partition.mutable_database()),
                   .table = std::move(*partition.mutable_table())};
    partition.clear_database();
    partition.clear_table();
    const auto [place, is_new] = places.try_emplace(base::AsciiLower(name.ToString()), batches.size());
    if (is_new) batches.push_back({.table = std::move(name), .partitions = {}});
    batches[place->second].partitions.push_back(std::move(partition));
    return absl::OkStatus();
  };
  RETURN_IF_ERROR(list.ForEach(add));
  return batches;
}

// The reference's text for a partition that is not there; every other failure as it is.
absl::Status WithPartitionText(const absl::Status& status, const TableName& table,
                               const std::vector<std::string>& values) {
  const auto error = DomainErrorOf(status);
  if (!error || error->kind != ErrorKind::kNoSuchObject || error->object_kind != ObjectKind::kPartition) return status;
  std::string shown;
  for (const std::string& value : values) base::StrAppend(&shown, shown.empty() ? "" : ", ", value);
  return MakeError(error->kind, error->object_kind, error->object,
                   StrCat("No such partition with values: [", shown, "] in table: ", table.ToString()));
}

// -1: all. InvalidParameter.MaxParts.
absl::StatusOr<int64_t> ReadMaxParts(const Parameters& parameters) {
  const std::string_view text = parameters.Get("MaxParts");
  if (text.empty()) return -1;
  int64_t number = 0;
  if (base::ParseInt64(text, &number) && number >= -1) return number;
  return Invalid("MaxParts",
                 StrCat("MaxParts: expected -1 or the number of partitions, found ", base::Quoted(text, 80)));
}

}  // namespace

absl::Status AddPartitions(const Call& call) {
  ASSIGN_OR_RETURN(const std::string_view text, Need(call.parameters, "Partition"));
  ASSIGN_OR_RETURN(const JsonDocument document, JsonDocument::Parse("Partition", text));
  ASSIGN_OR_RETURN(const std::vector<Batch> batches, ReadBatches(document.root(), call.options.max_added_partitions));
  int64_t added = 0;
  const auto body = [&](Session& inside) -> absl::Status {
    added = 0;
    for (const Batch& batch : batches) {
      ASSIGN_OR_RETURN(const AddResult result, inside.AddPartitions(batch.table, batch.partitions));
      added += result.added;
    }
    return absl::OkStatus();
  };
  RETURN_IF_ERROR(call.session.Transact(body).status());
  call.out.Number("Data", added);
  return absl::OkStatus();
}

absl::Status GetPartition(const Call& call) {
  ASSIGN_OR_RETURN(const TableName name, ReadTableName(call.parameters));
  ASSIGN_OR_RETURN(const std::vector<std::string> values, ReadTextList(call.parameters, "Values"));
  const auto partition = call.session.GetPartition(name, values);
  RETURN_IF_ERROR(WithPartitionText(partition.status(), name, values));
  call.out.BeginObject("PartitionModel");
  WritePartition(*partition, partition->database(), partition->table(), &call.out);
  call.out.EndObject();
  return absl::OkStatus();
}

absl::Status GetPartitions(const Call& call) {
  ASSIGN_OR_RETURN(const TableName name, ReadTableName(call.parameters));
  ASSIGN_OR_RETURN(const int64_t max, ReadMaxParts(call.parameters));
  ListOptions options{.projection = Projection::All()};
  // None is still a question about a table that has to be there.
  options.limit = max < 0 ? 0 : std::max<std::size_t>(1, static_cast<std::size_t>(max));
  const std::string database = base::AsciiLower(name.database);
  const std::string table = base::AsciiLower(name.table);
  call.out.BeginList("Partitions");
  PartitionCursor cursor = call.session.ListPartitions(name, options);
  Partition partition;
  while (cursor.Next()) {
    for (std::size_t row = 0; max != 0 && row < cursor.batch().size(); ++row) {
      cursor.batch().ToPartition(row, &partition);
      call.out.BeginItem();
      WritePartition(partition, database, table, &call.out);
      call.out.EndItem();
    }
    if (call.body.size() > call.options.max_answer_bytes) {
      return TooMany(call.options.max_answer_bytes, "bytes of one answer; say MaxParts");
    }
  }
  call.out.EndList();
  return cursor.status();
}

absl::Status DropPartition(const Call& call) {
  ASSIGN_OR_RETURN(const TableName name, ReadTableName(call.parameters));
  ASSIGN_OR_RETURN(const std::vector<std::string> values, ReadTextList(call.parameters, "PartValues"));
  RETURN_IF_ERROR(WithPartitionText(call.session.DropPartition(name, values), name, values));
  call.out.Boolean("Data", true);
  return absl::OkStatus();
}

}  // namespace lodestone::http::dla
