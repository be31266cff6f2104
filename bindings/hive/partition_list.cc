#include "bindings/hive/partition_list.h"

#include <algorithm>
#include <utility>

#include "bindings/hive/exceptions.h"
#include "catalog/base/status_macros.h"
#include "catalog/base/strings.h"

namespace lodestone::hive {
namespace {

// As the limit of a list: none.
constexpr std::size_t kUncounted = 0;

std::vector<std::string> ValuesOf(const PartitionBatch& batch, std::size_t row) {
  std::vector<std::string> values;
  for (const KeyColumn& key : batch.keys()) values.emplace_back(key.value(row));
  return values;
}

}  // namespace

absl::StatusOr<EncodedPartitions> EncodeNamed(const TablePlace& place, const std::vector<std::string>& names,
                                              const EncodeOptions& shown) {
  EncodedPartitions found;
  PartitionCursor cursor = place.session().ListPartitionsByNames(place.name, names, {.projection = Projection::All()});
  PartitionEncoder encoder(place.of_partitions(), shown);
  for (; cursor.Next(); found.count += static_cast<uint32_t>(cursor.batch().size())) {
    std::string& piece = found.pieces.emplace_back();
    for (std::size_t i = 0; i < cursor.batch().size(); ++i) encoder.Append(cursor.batch(), i, &piece);
  }
  RETURN_IF_ERROR(cursor.status());
  return found;
}

absl::StatusOr<PartitionList> PartitionList::Open(const TablePlace& place, PartitionQuery query) {
  PartitionList list(place, place.session().Snapshot(), std::move(query), kUncounted);
  ASSIGN_OR_RETURN(list.size_, list.Count());
  if (list.query_.limit >= 0) list.size_ = std::min(list.size_, static_cast<std::size_t>(list.query_.limit));
  return list;
}

absl::StatusOr<std::size_t> PartitionList::Count() const {
  if (!query_.values && !query_.names) {
    ASSIGN_OR_RETURN(const int64_t count, snapshot_.CountPartitions(place_.name, query_.filter, FilterMode::kHive));
    return static_cast<std::size_t>(count);
  }
  PartitionCursor cursor = Cursor(Projection::Keys());
  std::size_t count = 0;
  while (cursor.Next()) count += cursor.batch().size();
  RETURN_IF_ERROR(cursor.status());
  return count;
}

absl::Status PartitionList::CheckLimit(const Connection& connection) const {
  const int64_t limit = connection.service().options().max_partitions;
  if (limit < 0 || size_ <= static_cast<std::size_t>(limit)) return absl::OkStatus();
  return Throw(Thrown::kMeta,
               base::StrCat("Number of partitions scanned (=", size_, ") on table '", place_.name.table,
                            "' exceeds limit (=", limit, "): the server was started with --hive-max-partitions"));
}

PartitionCursor PartitionList::Cursor(const Projection& projection) const {
  ListOptions options{.projection = projection, .limit = size_};
  if (query_.values) return snapshot_.ListPartitionsByValues(place_.name, *query_.values, options);
  if (query_.names) return snapshot_.ListPartitionsByNames(place_.name, *query_.names, options);
  options.filter = query_.filter;
  options.filter_mode = FilterMode::kHive;
  return snapshot_.ListPartitions(place_.name, options);
}

absl::Status PartitionList::WriteNames(ReplyWriter& writer) const {
  writer.writeListBegin(apache::thrift::protocol::T_STRING, static_cast<uint32_t>(size_));
  if (size_ == 0) return absl::OkStatus();
  PartitionCursor cursor = Cursor(Projection::Keys());
  NameList names;
  while (cursor.Next()) {
    names.bytes.clear();
    names.ends.clear();
    cursor.batch().AppendNames(&names);
    for (std::size_t i = 0; i < names.size(); ++i) writer.WriteText(names[i]);
  }
  return cursor.status();
}

absl::Status PartitionList::WritePartitions(ReplyWriter& writer, const std::optional<PartitionGrants>& grants) const {
  writer.writeListBegin(apache::thrift::protocol::T_STRUCT, static_cast<uint32_t>(size_));
  if (size_ == 0) return absl::OkStatus();
  PartitionCursor cursor = Cursor(Projection::All());
  PartitionEncoder encoder(place_.of_partitions(), query_.shown);
  std::string row;
  std::optional<thrift::PrincipalPrivilegeSet> privileges;
  while (cursor.Next()) {
    for (std::size_t i = 0; i < cursor.batch().size(); ++i) {
      if (grants) {
        ASSIGN_OR_RETURN(privileges, grants->On(ValuesOf(cursor.batch(), i)));
      }
      row.clear();
      encoder.Append(cursor.batch(), i, &row, privileges);
      writer.WriteEncoded(row);
    }
  }
  return cursor.status();
}

}  // namespace lodestone::hive
