// Partitions: adding, appending, changing, renaming, dropping, exchanging.
#include <algorithm>
#include <map>
#include <utility>

#include "bindings/hive/calls.h"
#include "bindings/hive/convert/partition.h"
#include "bindings/hive/convert/partition_spec.h"
#include "bindings/hive/exceptions.h"
#include "bindings/hive/idl/hive_metastore_types.h"
#include "bindings/hive/place.h"
#include "catalog/base/status_macros.h"
#include "catalog/base/strings.h"

namespace lodestone::hive {
namespace {

using base::StrCat;
using Texts = std::vector<std::string>;
using Partitions = std::vector<thrift::Partition>;
using Context = thrift::EnvironmentContext;

HiveContext ContextOf(const Context& context) { return HiveContext::FromProperties(context.properties); }

absl::StatusOr<std::vector<model::v1::Partition>> ToModels(const Partitions& partitions) {
  std::vector<model::v1::Partition> records;
  records.reserve(partitions.size());
  for (const thrift::Partition& partition : partitions) {
    ASSIGN_OR_RETURN(records.emplace_back(), ToModel(partition));
  }
  return records;
}
Partitions ToThrifts(const std::vector<model::v1::Partition>& partitions) {
  Partitions out;
  out.reserve(partitions.size());
  for (const model::v1::Partition& partition : partitions) out.push_back(ToThrift(partition));
  return out;
}

// ---- Adding ----
// All belong to one table, whose names are compared as they are written.
absl::StatusOr<std::vector<model::v1::Partition>> Add(const Connection& connection,
                                                      std::vector<model::v1::Partition> partitions,
                                                      const HiveContext& context) {
  if (partitions.empty()) return std::vector<model::v1::Partition>();
  const model::v1::Partition& first = partitions.front();
  for (const model::v1::Partition& one : partitions) {
    if (one.database() == first.database() && one.table() == first.table()) continue;
    return Throw(Thrown::kMeta, StrCat("Partitions to add are of more than one table: ", first.database(), ".",
                                       first.table(), " and ", one.database(), ".", one.table()));
  }
  ASSIGN_OR_RETURN(TablePlace place, PlaceOfTable(connection, first.catalog(), first.database(), first.table()));
  ASSIGN_OR_RETURN(HiveAddResult added, place.hive.AddPartitions(place.name, std::move(partitions), {}, context));
  return std::move(added.partitions);
}
absl::StatusOr<thrift::Partition> AddOne(const Connection& connection, const thrift::Partition& partition,
                                         const HiveContext& context) {
  ASSIGN_OR_RETURN(auto records, ToModels({partition}));
  ASSIGN_OR_RETURN(const auto added, Add(connection, std::move(records), context));
  return ToThrift(added.front());
}
absl::StatusOr<thrift::Partition> AddPartition(Connection& connection, const thrift::Partition& partition) {
  return AddOne(connection, partition, {});
}
absl::StatusOr<thrift::Partition> AddPartitionWithContext(Connection& connection, const thrift::Partition& partition,
                                                          const Context& context) {
  return AddOne(connection, partition, ContextOf(context));
}
absl::StatusOr<int32_t> AddPartitions(Connection& connection, const Partitions& partitions) {
  ASSIGN_OR_RETURN(auto records, ToModels(partitions));
  ASSIGN_OR_RETURN(const auto added, Add(connection, std::move(records), {}));
  return static_cast<int32_t>(added.size());
}
absl::StatusOr<thrift::AddPartitionsResult> AddPartitionsReq(Connection& connection,
                                                             const thrift::AddPartitionsRequest& request) {
  ASSIGN_OR_RETURN(auto records, ToModels(request.parts));
  ASSIGN_OR_RETURN(TablePlace place, PlaceOfTable(connection, request.catName, request.dbName, request.tblName));
  thrift::AddPartitionsResult result;
  ASSIGN_OR_RETURN(const HiveAddResult added,
                   place.hive.AddPartitions(place.name, std::move(records),
                                            {.if_exists = request.ifNotExists ? IfExists::kSkip : IfExists::kFail},
                                            ContextOf(request.environmentContext)));
  if (request.needResult) result.__set_partitions(ToThrifts(added.partitions));
  return result;
}
absl::StatusOr<int32_t> AddPartitionsPspec(Connection& connection, const std::vector<thrift::PartitionSpec>& specs) {
  std::vector<model::v1::Partition> records;
  for (const thrift::PartitionSpec& spec : specs) {
    ASSIGN_OR_RETURN(auto some, ToModel(spec));
    std::ranges::move(some, std::back_inserter(records));
  }
  ASSIGN_OR_RETURN(const auto added, Add(connection, std::move(records), {}));
  return static_cast<int32_t>(added.size());
}

// ---- Appending: by values or by name alone ----
absl::StatusOr<thrift::Partition> AppendValues(const Connection& connection, std::string_view catalog,
                                               const std::string& database, const std::string& table,
                                               const Texts& values, const HiveContext& context) {
  ASSIGN_OR_RETURN(TablePlace place, PlaceOfTable(connection, catalog, database, table));
  ASSIGN_OR_RETURN(const model::v1::Partition added, place.hive.AppendPartition(place.name, values, context));
  return ToThrift(added);
}
absl::StatusOr<thrift::Partition> AppendName(const Connection& connection, std::string_view catalog,
                                             const std::string& database, const std::string& table,
                                             const std::string& name, const HiveContext& context) {
  ASSIGN_OR_RETURN(TablePlace place, PlaceOfTable(connection, catalog, database, table));
  ASSIGN_OR_RETURN(const model::v1::Partition added, place.hive.AppendPartitionByName(place.name, name, context));
  return ToThrift(added);
}
absl::StatusOr<thrift::Partition> AppendPartition(Connection& connection, const std::string& database,
                                                  const std::string& table, const Texts& values) {
  return AppendValues(connection, {}, database, table, values, {});
}
absl::StatusOr<thrift::Partition> AppendPartitionWithContext(Connection& connection, const std::string& database,
                                                             const std::string& table, const Texts& values,
                                                             const Context& context) {
  return AppendValues(connection, {}, database, table, values, ContextOf(context));
}
absl::StatusOr<thrift::Partition> AppendPartitionByName(Connection& connection, const std::string& database,
                                                        const std::string& table, const std::string& name) {
  return AppendName(connection, {}, database, table, name, {});
}
absl::StatusOr<thrift::Partition> AppendPartitionByNameWithContext(Connection& connection, const std::string& database,
                                                                   const std::string& table, const std::string& name,
                                                                   const Context& context) {
  return AppendName(connection, {}, database, table, name, ContextOf(context));
}
absl::StatusOr<thrift::Partition> AppendPartitionReq(Connection& connection,
                                                     const thrift::AppendPartitionsRequest& request) {
  const HiveContext context = ContextOf(request.environmentContext);
  if (request.__isset.name) {
    return AppendName(connection, request.catalogName, request.dbName, request.tableName, request.name, context);
  }
  return AppendValues(connection, request.catalogName, request.dbName, request.tableName, request.partVals, context);
}

// ---- Changing ----
absl::Status Alter(const Connection& connection, std::string_view catalog, const std::string& database,
                   const std::string& table, const Partitions& partitions, const HiveContext& context) {
  ASSIGN_OR_RETURN(const auto records, ToModels(partitions));
  ASSIGN_OR_RETURN(TablePlace place, PlaceOfTable(connection, catalog, database, table));
  return place.hive.AlterPartitions(place.name, records, context);
}
absl::Status AlterPartition(Connection& connection, const std::string& database, const std::string& table,
                            const thrift::Partition& partition) {
  return Alter(connection, {}, database, table, {partition}, {});
}
absl::Status AlterPartitionWithContext(Connection& connection, const std::string& database, const std::string& table,
                                       const thrift::Partition& partition, const Context& context) {
  return Alter(connection, {}, database, table, {partition}, ContextOf(context));
}
absl::Status AlterPartitions(Connection& connection, const std::string& database, const std::string& table,
                             const Partitions& partitions) {
  return Alter(connection, {}, database, table, partitions, {});
}
absl::Status AlterPartitionsWithContext(Connection& connection, const std::string& database, const std::string& table,
                                        const Partitions& partitions, const Context& context) {
  return Alter(connection, {}, database, table, partitions, ContextOf(context));
}
absl::StatusOr<thrift::AlterPartitionsResponse> AlterPartitionsReq(Connection& connection,
                                                                   const thrift::AlterPartitionsRequest& request) {
  RETURN_IF_ERROR(Alter(connection, request.catName, request.dbName, request.tableName, request.partitions,
                        ContextOf(request.environmentContext)));
  return thrift::AlterPartitionsResponse();
}
absl::Status Rename(const Connection& connection, std::string_view catalog, const std::string& database,
                    const std::string& table, const Texts& values, const thrift::Partition& partition) {
  ASSIGN_OR_RETURN(const model::v1::Partition record, ToModel(partition));
  ASSIGN_OR_RETURN(TablePlace place, PlaceOfTable(connection, catalog, database, table));
  return place.hive.RenamePartition(place.name, values, record);
}
absl::Status RenamePartition(Connection& connection, const std::string& database, const std::string& table,
                             const Texts& values, const thrift::Partition& partition) {
  return Rename(connection, {}, database, table, values, partition);
}
absl::StatusOr<thrift::RenamePartitionResponse> RenamePartitionReq(Connection& connection,
                                                                   const thrift::RenamePartitionRequest& request) {
  RETURN_IF_ERROR(
      Rename(connection, request.catName, request.dbName, request.tableName, request.partVals, request.newPart));
  return thrift::RenamePartitionResponse();
}

// ---- Dropping ----
absl::StatusOr<bool> Drop(const Connection& connection, std::string_view catalog, const std::string& database,
                          const std::string& table, const Texts& values, bool delete_data, const Context& context) {
  ASSIGN_OR_RETURN(TablePlace place, PlaceOfTable(connection, catalog, database, table));
  RETURN_IF_ERROR(
      place.hive.DropPartition(place.name, values, {.delete_data = delete_data, .purge = ContextOf(context).purge}));
  return true;
}
absl::StatusOr<bool> DropName(const Connection& connection, std::string_view catalog, const std::string& database,
                              const std::string& table, const std::string& name, bool delete_data,
                              const Context& context) {
  ASSIGN_OR_RETURN(TablePlace place, PlaceOfTable(connection, catalog, database, table));
  RETURN_IF_ERROR(place.hive
                      .DropPartitions(place.name, std::vector<std::string>{name},
                                      {.delete_data = delete_data, .purge = ContextOf(context).purge})
                      .status());
  return true;
}
absl::StatusOr<bool> DropPartition(Connection& connection, const std::string& database, const std::string& table,
                                   const Texts& values, bool delete_data) {
  return Drop(connection, {}, database, table, values, delete_data, {});
}
absl::StatusOr<bool> DropPartitionWithContext(Connection& connection, const std::string& database,
                                              const std::string& table, const Texts& values, bool delete_data,
                                              const Context& context) {
  return Drop(connection, {}, database, table, values, delete_data, context);
}
absl::StatusOr<bool> DropPartitionByName(Connection& connection, const std::string& database, const std::string& table,
                                         const std::string& name, bool delete_data) {
  return DropName(connection, {}, database, table, name, delete_data, {});
}
absl::StatusOr<bool> DropPartitionByNameWithContext(Connection& connection, const std::string& database,
                                                    const std::string& table, const std::string& name, bool delete_data,
                                                    const Context& context) {
  return DropName(connection, {}, database, table, name, delete_data, context);
}
absl::StatusOr<bool> DropPartitionReq(Connection& connection, const thrift::DropPartitionRequest& request) {
  if (request.__isset.partName) {
    return DropName(connection, request.catName, request.dbName, request.tblName, request.partName, request.deleteData,
                    request.environmentContext);
  }
  return Drop(connection, request.catName, request.dbName, request.tblName, request.partVals, request.deleteData,
              request.environmentContext);
}
// By names. Expressions are in a serialised form of Hive's own, which nobody else reads.
absl::StatusOr<thrift::DropPartitionsResult> DropPartitionsReq(Connection& connection,
                                                               const thrift::DropPartitionsRequest& request) {
  if (!request.parts.__isset.names) {
    return Throw(Thrown::kMeta, "expressions in Hive's own serialised form can't be read: name the partitions");
  }
  ASSIGN_OR_RETURN(TablePlace place, PlaceOfTable(connection, request.catName, request.dbName, request.tblName));
  const HiveDropOptions options{.delete_data = request.deleteData,
                                .purge = ContextOf(request.environmentContext).purge,
                                .if_missing = request.ifExists ? IfMissing::kSkip : IfMissing::kFail};
  ASSIGN_OR_RETURN(const auto dropped, place.hive.DropPartitions(place.name, request.parts.names, options));
  thrift::DropPartitionsResult result;
  if (request.needResult) result.__set_partitions(ToThrifts(dropped));
  return result;
}

// ---- Exchanging ----
absl::StatusOr<Partitions> ExchangePartitions(Connection& connection,
                                              const std::map<std::string, std::string>& specification,
                                              const std::string& from_database, const std::string& from_table,
                                              const std::string& to_database, const std::string& to_table) {
  ASSIGN_OR_RETURN(TablePlace from, PlaceOfTable(connection, {}, from_database, from_table));
  ASSIGN_OR_RETURN(const TablePlace to, PlaceOfTable(connection, {}, to_database, to_table));
  ASSIGN_OR_RETURN(const auto moved, from.hive.ExchangePartitions(from.name, to.name, specification));
  return ToThrifts(moved);
}
absl::StatusOr<thrift::Partition> ExchangePartition(Connection& connection,
                                                    const std::map<std::string, std::string>& specification,
                                                    const std::string& from_database, const std::string& from_table,
                                                    const std::string& to_database, const std::string& to_table) {
  ASSIGN_OR_RETURN(Partitions moved,
                   ExchangePartitions(connection, specification, from_database, from_table, to_database, to_table));
  return moved.empty() ? thrift::Partition() : std::move(moved.front());
}

constexpr ErrorRule kAdding[] = {{ErrorKind::kNoSuchObject, std::nullopt, Thrown::kInvalidObject},
                                 {ErrorKind::kInvalidObject, ObjectKind::kPartition, Thrown::kMeta}};
constexpr ErrorRule kAltering[] = {{ErrorKind::kNoSuchObject, std::nullopt, Thrown::kInvalidOperation},
                                   {ErrorKind::kAlreadyExists, std::nullopt, Thrown::kInvalidOperation}};
constexpr Throws kAdd = {Thrown::kInvalidObject, Thrown::kAlreadyExists, Thrown::kMeta};
constexpr Throws kAlter = {Thrown::kInvalidOperation, Thrown::kMeta};
constexpr Throws kDrop = {Thrown::kNoSuchObject, Thrown::kMeta};
constexpr Throws kExchange = {Thrown::kMeta, Thrown::kNoSuchObject, Thrown::kInvalidObject, Thrown::kInvalidInput};
constexpr Call kCalls[] = {
    MakeCall<&AddPartition>("add_partition", kAdd, kAdding),
    MakeCall<&AddPartitionWithContext>("add_partition_with_environment_context", kAdd, kAdding),
    MakeCall<&AddPartitions>("add_partitions", kAdd, kAdding),
    MakeCall<&AddPartitionsReq>("add_partitions_req", kAdd, kAdding),
    MakeCall<&AddPartitionsPspec>("add_partitions_pspec", kAdd, kAdding),
    MakeCall<&AppendPartition>("append_partition", kAdd, kAdding),
    MakeCall<&AppendPartitionWithContext>("append_partition_with_environment_context", kAdd, kAdding),
    MakeCall<&AppendPartitionByName>("append_partition_by_name", kAdd, kAdding),
    MakeCall<&AppendPartitionByNameWithContext>("append_partition_by_name_with_environment_context", kAdd, kAdding),
    MakeCall<&AppendPartitionReq>("append_partition_req", kAdd, kAdding),
    MakeCall<&AlterPartition>("alter_partition", kAlter, kAltering),
    MakeCall<&AlterPartitionWithContext>("alter_partition_with_environment_context", kAlter, kAltering),
    MakeCall<&AlterPartitions>("alter_partitions", kAlter, kAltering),
    MakeCall<&AlterPartitionsWithContext>("alter_partitions_with_environment_context", kAlter, kAltering),
    MakeCall<&AlterPartitionsReq>("alter_partitions_req", kAlter, kAltering),
    MakeCall<&RenamePartition>("rename_partition", kAlter, kAltering),
    MakeCall<&RenamePartitionReq>("rename_partition_req", kAlter, kAltering),
    MakeCall<&DropPartition>("drop_partition", kDrop),
    MakeCall<&DropPartitionWithContext>("drop_partition_with_environment_context", kDrop),
    MakeCall<&DropPartitionByName>("drop_partition_by_name", kDrop),
    MakeCall<&DropPartitionByNameWithContext>("drop_partition_by_name_with_environment_context", kDrop),
    MakeCall<&DropPartitionReq>("drop_partition_req", kDrop),
    MakeCall<&DropPartitionsReq>("drop_partitions_req", kDrop),
    MakeCall<&ExchangePartition>("exchange_partition", kExchange),
    MakeCall<&ExchangePartitions>("exchange_partitions", kExchange),
};

}  // namespace

std::span<const Call> PartitionWriteCalls() { return kCalls; }

}  // namespace lodestone::hive
