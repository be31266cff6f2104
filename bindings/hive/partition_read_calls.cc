// Partitions: one, lists of them, their names, their values, their number.
#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "bindings/hive/calls.h"
#include "bindings/hive/convert/fields.h"
#include "bindings/hive/convert/partition.h"
#include "bindings/hive/convert/partition_spec.h"
#include "bindings/hive/convert/projection.h"
#include "bindings/hive/exceptions.h"
#include "bindings/hive/idl/hive_metastore_types.h"
#include "bindings/hive/partition_grants.h"
#include "bindings/hive/partition_list.h"
#include "bindings/hive/place.h"
#include "catalog/base/status_macros.h"
#include "catalog/base/strings.h"

namespace lodestone::hive {
namespace {

using base::StrAppend;
using base::StrCat;
using Texts = std::vector<std::string>;
using Partitions = std::vector<thrift::Partition>;
using MaxParts = Or<int16_t, -1>;
using MaxSpecs = Or<int32_t, -1>;

// Names and lists of a table that is not there are empty (Hive 3 and 4).
bool IsMissing(const absl::Status& status) {
  const std::optional<DomainError> error = DomainErrorOf(status);
  return error.has_value() && error->kind == ErrorKind::kNoSuchObject && error->object_kind != ObjectKind::kPartition;
}
absl::StatusOr<PartitionList> OpenOrEmpty(const TablePlace& place, PartitionQuery query) {
  absl::StatusOr<PartitionList> list = PartitionList::Open(place, std::move(query));
  if (!list.ok() && IsMissing(list.status())) return PartitionList::Empty(place);
  return list;
}

// The list that `write` writes as the result itself, or as the first field of the result, which is a struct then.
template <typename Result, typename Write>
absl::Status AnswerList(Answer<Result>& answer, const Write& write) {
  ReplyWriter& writer = answer.writer();
  if constexpr (internal::Struct<Result>) writer.writeFieldBegin("", apache::thrift::protocol::T_LIST, 1);
  RETURN_IF_ERROR(write(writer));
  if constexpr (internal::Struct<Result>) writer.writeFieldStop();
  return absl::OkStatus();
}
template <typename Result>
absl::Status AnswerPartitions(const Connection& connection, const absl::StatusOr<PartitionList>& list,
                              Answer<Result>& answer, const std::optional<PartitionGrants>& grants = {}) {
  RETURN_IF_ERROR(list.status());
  RETURN_IF_ERROR(list->CheckLimit(connection));
  return AnswerList(answer, [&](ReplyWriter& writer) { return list->WritePartitions(writer, grants); });
}
// With what a user has on each.
template <typename Result>
absl::Status AnswerPartitionsTo(const std::optional<std::string>& user, const Texts& groups,
                                const Connection& connection, const absl::StatusOr<PartitionList>& list,
                                Answer<Result>& answer) {
  RETURN_IF_ERROR(list.status());
  ASSIGN_OR_RETURN(const std::optional<PartitionGrants> grants,
                   PartitionGrants::Open(list->session(), list->place().name, user, groups));
  return AnswerPartitions(connection, list, answer, grants);
}
template <typename Result>
absl::Status AnswerNames(const absl::StatusOr<PartitionList>& list, Answer<Result>& answer) {
  RETURN_IF_ERROR(list.status());
  return AnswerList(answer, [&](ReplyWriter& writer) { return list->WriteNames(writer); });
}

// ---- One ----
// What is missing is said in the catalog's words; what may not be seen, whatever it is, in those for a partition.
absl::Status UnlessUnseen(const absl::Status& status, const Texts& values) {
  if (status.ok() || !IsUnseen(status) || absl::IsNotFound(status)) return status;
  std::string text;
  for (const std::string& value : values) base::StrAppend(&text, text.empty() ? "" : ", ", value);
  return Throw(Thrown::kNoSuchObject, StrCat("partition values=[", text, "]"));
}
absl::StatusOr<thrift::Partition> Get(const TablePlace& place, const Texts& values) {
  const absl::StatusOr<model::v1::Partition> partition = place.session().GetPartition(place.name, values);
  RETURN_IF_ERROR(UnlessUnseen(partition.status(), values));
  return ToThrift(*partition);
}
absl::StatusOr<thrift::Partition> GetPartition(Connection& connection, const std::string& database,
                                               const std::string& table, const Texts& values) {
  ASSIGN_OR_RETURN(const TablePlace place, PlaceOfTable(connection, {}, database, table));
  return Get(place, values);
}
absl::StatusOr<thrift::Partition> GetPartitionWithAuth(Connection& connection, const std::string& database,
                                                       const std::string& table, const Texts& values,
                                                       const std::optional<std::string>& user, const Texts& groups) {
  ASSIGN_OR_RETURN(const TablePlace place, PlaceOfTable(connection, {}, database, table));
  ASSIGN_OR_RETURN(thrift::Partition partition, Get(place, values));
  ASSIGN_OR_RETURN(const std::optional<PartitionGrants> grants,
                   PartitionGrants::Open(place.session(), place.name, user, groups));
  if (grants) {
    ASSIGN_OR_RETURN(partition.privileges, grants->On(values));
    partition.__isset.privileges = true;
  }
  return partition;
}
absl::StatusOr<thrift::GetPartitionResponse> GetPartitionReq(Connection& connection,
                                                             const thrift::GetPartitionRequest& request) {
  ASSIGN_OR_RETURN(const TablePlace place, PlaceOfTable(connection, request.catName, request.dbName, request.tblName));
  thrift::GetPartitionResponse response;
  ASSIGN_OR_RETURN(response.partition, Get(place, request.partVals));
  return response;
}
// The keys may come in any order.
absl::StatusOr<thrift::Partition> GetPartitionByName(Connection& connection, const std::string& database,
                                                     const std::string& table, const std::string& name) {
  ASSIGN_OR_RETURN(const TablePlace place, PlaceOfTable(connection, {}, database, table));
  std::map<std::string, std::string> said;
  Texts in_order;
  if (const auto pieces = SplitPartitionName(name); pieces.ok()) {
    said.insert(pieces->begin(), pieces->end());
    for (const auto& [key, value] : *pieces) in_order.push_back(value);
  }
  const absl::StatusOr<model::v1::Table> record = place.session().GetTable(place.name);
  RETURN_IF_ERROR(UnlessUnseen(record.status(), in_order));
  Texts values;
  for (const model::v1::Column& key : record->partition_keys()) {
    const auto found = said.find(key.name());
    if (found == said.end()) {
      return Throw(Thrown::kNoSuchObject, StrCat("incomplete partition name - missing ", key.name()));
    }
    values.push_back(found->second);
  }
  return Get(place, values);
}

// ---- Lists ----
// What of each partition is asked for (since 4.0).
template <typename Request>
EncodeOptions ShownBy(const Request& request) {
  return {.columns = !request.skipColumnSchemaForPartition,
          .parameters = {.include = request.includeParamKeyPattern, .exclude = request.excludeParamKeyPattern}};
}
absl::Status GetPartitions(Connection& connection, Answer<Partitions>& answer, const std::string& database,
                           const std::string& table, MaxParts max) {
  ASSIGN_OR_RETURN(const TablePlace place, PlaceOfTable(connection, {}, database, table));
  return AnswerPartitions(connection, OpenOrEmpty(place, {.limit = max}), answer);
}
absl::Status GetPartitionsWithAuth(Connection& connection, Answer<Partitions>& answer, const std::string& database,
                                   const std::string& table, MaxParts max, const std::optional<std::string>& user,
                                   const Texts& groups) {
  ASSIGN_OR_RETURN(const TablePlace place, PlaceOfTable(connection, {}, database, table));
  return AnswerPartitionsTo(user, groups, connection, OpenOrEmpty(place, {.limit = max}), answer);
}
absl::Status GetPartitionsReq(Connection& connection, Answer<thrift::PartitionsResponse>& answer,
                              const thrift::PartitionsRequest& request) {
  ASSIGN_OR_RETURN(const TablePlace place, PlaceOfTable(connection, request.catName, request.dbName, request.tblName));
  return AnswerPartitions(connection, OpenOrEmpty(place, {.limit = request.maxParts, .shown = ShownBy(request)}),
                          answer);
}
absl::Status GetPartitionsPs(Connection& connection, Answer<Partitions>& answer, const std::string& database,
                             const std::string& table, const Texts& values, MaxParts max) {
  ASSIGN_OR_RETURN(const TablePlace place, PlaceOfTable(connection, {}, database, table));
  return AnswerPartitions(connection, PartitionList::Open(place, {.values = values, .limit = max}), answer);
}
absl::Status GetPartitionsPsWithAuth(Connection& connection, Answer<Partitions>& answer, const std::string& database,
                                     const std::string& table, const Texts& values, MaxParts max,
                                     const std::optional<std::string>& user, const Texts& groups) {
  ASSIGN_OR_RETURN(const TablePlace place, PlaceOfTable(connection, {}, database, table));
  const PartitionQuery query{.values = values, .limit = max};
  return AnswerPartitionsTo(user, groups, connection, PartitionList::Open(place, query), answer);
}
absl::Status GetPartitionsPsWithAuthReq(Connection& connection, Answer<thrift::GetPartitionsPsWithAuthResponse>& answer,
                                        const thrift::GetPartitionsPsWithAuthRequest& request) {
  ASSIGN_OR_RETURN(const TablePlace place, PlaceOfTable(connection, request.catName, request.dbName, request.tblName));
  PartitionQuery query{.limit = request.maxParts, .shown = ShownBy(request)};
  if (request.__isset.partNames) {
    query.names = request.partNames;
  } else if (request.__isset.partVals) {
    query.values = request.partVals;
  }
  const auto user = request.__isset.userName ? std::optional(request.userName) : std::nullopt;
  return AnswerPartitionsTo(user, request.groupNames, connection, PartitionList::Open(place, query), answer);
}
absl::Status GetPartitionsByFilter(Connection& connection, Answer<Partitions>& answer, const std::string& database,
                                   const std::string& table, const std::string& filter, MaxParts max) {
  ASSIGN_OR_RETURN(const TablePlace place, PlaceOfTable(connection, {}, database, table));
  return AnswerPartitions(connection, PartitionList::Open(place, {.filter = filter, .limit = max}), answer);
}
absl::Status GetPartitionsByFilterReq(Connection& connection, Answer<Partitions>& answer,
                                      const thrift::GetPartitionsByFilterRequest& request) {
  ASSIGN_OR_RETURN(const TablePlace place, PlaceOfTable(connection, request.catName, request.dbName, request.tblName));
  const PartitionQuery query{.filter = request.filter, .limit = request.maxParts, .shown = ShownBy(request)};
  return AnswerPartitions(connection, PartitionList::Open(place, query), answer);
}
// `expr` is a serialised expression of Hive's own, which nobody else reads. Clients fall back to names.
absl::Status NoExpression() {
  return Throw(Thrown::kMeta, "expressions in Hive's own serialised form can't be read: ask by a filter or by names");
}
absl::StatusOr<thrift::PartitionsByExprResult> GetPartitionsByExpr(Connection&,
                                                                   const thrift::PartitionsByExprRequest&) {
  return NoExpression();
}
absl::StatusOr<thrift::PartitionsSpecByExprResult> GetPartitionsSpecByExpr(Connection&,
                                                                           const thrift::PartitionsByExprRequest&) {
  return NoExpression();
}
absl::StatusOr<Texts> GetPartitionNamesReq(Connection&, const thrift::PartitionsByExprRequest&) {
  return NoExpression();
}

// ---- Lists in the compact form ----
absl::StatusOr<std::vector<thrift::PartitionSpec>> Specs(const Connection& connection, const PartitionList& list) {
  RETURN_IF_ERROR(list.CheckLimit(connection));
  if (list.size() == 0) return std::vector<thrift::PartitionSpec>();
  ASSIGN_OR_RETURN(const model::v1::Table table, list.place().session().GetTable(list.place().name));
  PartitionSpecs specs(list.place().of_partitions(), table.storage_descriptor().location());
  PartitionCursor cursor = list.Cursor(Projection::All());
  while (cursor.Next()) {
    for (std::size_t row = 0; row < cursor.batch().size(); ++row) specs.Add(cursor.batch(), row);
  }
  RETURN_IF_ERROR(cursor.status());
  return specs.Take();
}
absl::StatusOr<std::vector<thrift::PartitionSpec>> GetPartitionsPspec(Connection& connection,
                                                                      const std::string& database,
                                                                      const std::string& table, MaxSpecs max) {
  ASSIGN_OR_RETURN(const TablePlace place, PlaceOfTable(connection, {}, database, table));
  ASSIGN_OR_RETURN(const PartitionList list, PartitionList::Open(place, {.limit = max}));
  return Specs(connection, list);
}
absl::StatusOr<std::vector<thrift::PartitionSpec>> GetPartSpecsByFilter(Connection& connection,
                                                                        const std::string& database,
                                                                        const std::string& table,
                                                                        const std::string& filter, MaxSpecs max) {
  ASSIGN_OR_RETURN(const TablePlace place, PlaceOfTable(connection, {}, database, table));
  ASSIGN_OR_RETURN(const PartitionList list, PartitionList::Open(place, {.filter = filter, .limit = max}));
  return Specs(connection, list);
}

// ---- With a choice of fields ----
// Names that are none of partitions of the table are left out. Expressions are texts of Hive's filter language, all of
// which hold.
absl::StatusOr<PartitionQuery> QueryOf(const thrift::GetPartitionsFilterSpec& spec) {
  PartitionQuery query;
  if (!spec.__isset.filterMode) return query;
  if (!spec.__isset.filters) {
    return Throw(Thrown::kMeta, "get_partitions_with_specs: a kind of filter without filters");
  }
  if (NumberOf(spec.filterMode) == thrift::PartitionFilterMode::BY_NAMES) {
    query.names = spec.filters;
    return query;
  }
  if (NumberOf(spec.filterMode) == thrift::PartitionFilterMode::BY_VALUES) {
    query.values = spec.filters;
    return query;
  }
  if (NumberOf(spec.filterMode) != thrift::PartitionFilterMode::BY_EXPR) {
    return Throw(Thrown::kMeta, StrCat("a kind of filter: expected BY_NAMES (0), BY_VALUES (1) or BY_EXPR (2), found ",
                                       NumberOf(spec.filterMode)));
  }
  for (const std::string& text : spec.filters) {
    StrAppend(&query.filter, query.filter.empty() ? "(" : " and (", text, ")");
  }
  if (query.filter.empty()) return Throw(Thrown::kMeta, "filters by expressions: expected some, found none");
  return query;
}
absl::StatusOr<thrift::GetPartitionsResponse> GetPartitionsWithSpecs(Connection& connection,
                                                                     const thrift::GetPartitionsRequest& request) {
  ASSIGN_OR_RETURN(const TablePlace place, PlaceOfTable(connection, request.catName, request.dbName, request.tblName));
  ASSIGN_OR_RETURN(const PartitionProjection projection, PartitionProjection::Parse(request.projectionSpec));
  ASSIGN_OR_RETURN(const model::v1::Table table, place.session().GetTable(place.name));
  ProjectedSpecs specs(place.of_partitions(), table.storage_descriptor().location(), projection);
  thrift::GetPartitionsResponse response;
  response.__isset.partitionSpec = true;
  if (table.partition_keys().empty()) return response;
  ASSIGN_OR_RETURN(PartitionQuery query, QueryOf(request.filterSpec));
  const bool by_names = query.names.has_value();
  ASSIGN_OR_RETURN(const PartitionList list, PartitionList::Open(place, std::move(query)));
  if (!by_names) RETURN_IF_ERROR(list.CheckLimit(connection));
  PartitionCursor cursor = list.Cursor(Projection::All());
  model::v1::Partition record;
  while (cursor.Next()) {
    for (std::size_t row = 0; row < cursor.batch().size(); ++row) {
      cursor.batch().ToPartition(row, &record);
      specs.Add(ToThrift(record));
    }
  }
  RETURN_IF_ERROR(cursor.status());
  response.partitionSpec = specs.Take();
  return response;
}

// ---- By names ----
// Without a limit: whoever asks names each.
template <typename Result>
absl::Status AnswerNamed(const TablePlace& place, const Texts& names, const EncodeOptions& shown,
                         Answer<Result>& answer) {
  ASSIGN_OR_RETURN(const EncodedPartitions found, EncodeNamed(place, names, shown));
  return AnswerList(answer, [&](ReplyWriter& writer) {
    writer.writeListBegin(apache::thrift::protocol::T_STRUCT, found.count);
    for (const std::string& piece : found.pieces) writer.WriteEncoded(piece);
    return absl::OkStatus();
  });
}
absl::Status GetPartitionsByNames(Connection& connection, Answer<Partitions>& answer, const std::string& database,
                                  const std::string& table, const Texts& names) {
  ASSIGN_OR_RETURN(const TablePlace place, PlaceOfTable(connection, {}, database, table));
  return AnswerNamed(place, names, {}, answer);
}
absl::Status GetPartitionsByNamesReq(Connection& connection, Answer<thrift::GetPartitionsByNamesResult>& answer,
                                     const thrift::GetPartitionsByNamesRequest& request) {
  ASSIGN_OR_RETURN(const TablePlace place, PlaceOfTable(connection, {}, request.db_name, request.tbl_name));
  return AnswerNamed(place, request.names, ShownBy(request), answer);
}

// ---- Names, values, numbers ----
absl::Status GetPartitionNames(Connection& connection, Answer<Texts>& answer, const std::string& database,
                               const std::string& table, MaxParts max) {
  ASSIGN_OR_RETURN(const TablePlace place, PlaceOfTable(connection, {}, database, table));
  return AnswerNames(OpenOrEmpty(place, {.limit = max}), answer);
}
absl::Status FetchPartitionNamesReq(Connection& connection, Answer<Texts>& answer,
                                    const thrift::PartitionsRequest& request) {
  ASSIGN_OR_RETURN(const TablePlace place, PlaceOfTable(connection, request.catName, request.dbName, request.tblName));
  return AnswerNames(OpenOrEmpty(place, {.limit = request.maxParts}), answer);
}
absl::Status GetPartitionNamesPs(Connection& connection, Answer<Texts>& answer, const std::string& database,
                                 const std::string& table, const Texts& values, MaxParts max) {
  ASSIGN_OR_RETURN(const TablePlace place, PlaceOfTable(connection, {}, database, table));
  return AnswerNames(PartitionList::Open(place, {.values = values, .limit = max}), answer);
}
absl::Status GetPartitionNamesPsReq(Connection& connection, Answer<thrift::GetPartitionNamesPsResponse>& answer,
                                    const thrift::GetPartitionNamesPsRequest& request) {
  ASSIGN_OR_RETURN(const TablePlace place, PlaceOfTable(connection, request.catName, request.dbName, request.tblName));
  PartitionQuery query{.limit = request.maxParts};
  if (request.__isset.partValues) query.values = request.partValues;
  return AnswerNames(PartitionList::Open(place, query), answer);
}

// The values of some keys, each combination once or as often as there are partitions, in the order of their texts.
absl::StatusOr<thrift::PartitionValuesResponse> GetPartitionValues(Connection& connection,
                                                                   const thrift::PartitionValuesRequest& request) {
  ASSIGN_OR_RETURN(const TablePlace place, PlaceOfTable(connection, request.catName, request.dbName, request.tblName));
  ASSIGN_OR_RETURN(const PartitionList list, PartitionList::Open(place, {.filter = request.filter}));
  if (request.partitionKeys.empty()) return Throw(Thrown::kMeta, "get_partition_values: no partition key is named");
  std::vector<Texts> rows;
  PartitionCursor cursor = list.Cursor(Projection::Keys());
  while (cursor.Next()) {
    std::vector<const KeyColumn*> columns;
    for (const thrift::FieldSchema& key : request.partitionKeys) {
      const auto found = std::ranges::find(cursor.batch().keys(), base::AsciiLower(key.name), &KeyColumn::name);
      if (found == cursor.batch().keys().end()) {
        return Throw(Thrown::kMeta, StrCat("get_partition_values: ", place.name.ToString(), " has no partition key ",
                                           base::Quoted(key.name, 80)));
      }
      columns.push_back(&*found);
    }
    for (std::size_t row = 0; row < cursor.batch().size(); ++row) {
      Texts values;
      for (const KeyColumn* column : columns) values.emplace_back(column->value(row));
      rows.push_back(std::move(values));
    }
  }
  RETURN_IF_ERROR(cursor.status());
  std::ranges::sort(rows);
  if (request.applyDistinct) rows.erase(std::unique(rows.begin(), rows.end()), rows.end());
  if (!request.ascending) std::ranges::reverse(rows);
  if (request.maxParts >= 0) rows.resize(std::min(rows.size(), static_cast<std::size_t>(request.maxParts)));
  thrift::PartitionValuesResponse response;
  for (Texts& row : rows) {
    thrift::PartitionValuesRow& out = response.partitionValues.emplace_back();
    out.row = std::move(row);
  }
  return response;
}
absl::StatusOr<int32_t> GetNumPartitionsByFilter(Connection& connection, const std::string& database,
                                                 const std::string& table, const std::string& filter) {
  ASSIGN_OR_RETURN(const TablePlace place, PlaceOfTable(connection, {}, database, table));
  ASSIGN_OR_RETURN(const int64_t count, place.session().CountPartitions(place.name, filter, FilterMode::kHive));
  return static_cast<int32_t>(count);
}

// ---- Names alone, without a table ----
absl::StatusOr<bool> PartitionNameHasValidCharacters(Connection&, const Texts&, bool) { return true; }
absl::StatusOr<Texts> PartitionNameToVals(Connection&, const std::string& name) {
  ASSIGN_OR_RETURN(const auto pieces, SplitPartitionName(name));
  Texts values;
  for (const auto& [key, value] : pieces) values.push_back(value);
  return values;
}
absl::StatusOr<std::map<std::string, std::string>> PartitionNameToSpec(Connection&, const std::string& name) {
  ASSIGN_OR_RETURN(const auto pieces, SplitPartitionName(name));
  return std::map<std::string, std::string>(pieces.begin(), pieces.end());
}

constexpr Throws kMeta = {Thrown::kMeta};
constexpr Throws kMetaMissing = {Thrown::kMeta, Thrown::kNoSuchObject};
constexpr Throws kMissingMeta = {Thrown::kNoSuchObject, Thrown::kMeta};
constexpr Throws kMetaMissingInvalid = {Thrown::kMeta, Thrown::kNoSuchObject, Thrown::kInvalidObject};
constexpr Call kCalls[] = {
    MakeCall<&GetPartition>("get_partition", kMetaMissing),
    MakeCall<&GetPartitionWithAuth>("get_partition_with_auth", kMetaMissing),
    MakeCall<&GetPartitionReq>("get_partition_req", kMetaMissing),
    MakeCall<&GetPartitionByName>("get_partition_by_name", kMetaMissing),
    MakeCall<&GetPartitions>("get_partitions", kMissingMeta),
    MakeCall<&GetPartitionsWithAuth>("get_partitions_with_auth", kMissingMeta),
    MakeCall<&GetPartitionsReq>("get_partitions_req", kMissingMeta),
    MakeCall<&GetPartitionsPs>("get_partitions_ps", kMetaMissing),
    MakeCall<&GetPartitionsPsWithAuth>("get_partitions_ps_with_auth", kMissingMeta),
    MakeCall<&GetPartitionsPsWithAuthReq>("get_partitions_ps_with_auth_req", kMetaMissing),
    MakeCall<&GetPartitionsByFilter>("get_partitions_by_filter", kMetaMissing),
    MakeCall<&GetPartitionsByFilterReq>("get_partitions_by_filter_req", kMetaMissing),
    MakeCall<&GetPartitionsByExpr>("get_partitions_by_expr", kMetaMissing),
    MakeCall<&GetPartitionsSpecByExpr>("get_partitions_spec_by_expr", kMetaMissing),
    MakeCall<&GetPartitionNamesReq>("get_partition_names_req", kMetaMissing),
    MakeCall<&GetPartitionsPspec>("get_partitions_pspec", kMissingMeta),
    MakeCall<&GetPartSpecsByFilter>("get_part_specs_by_filter", kMetaMissing),
    MakeCall<&GetPartitionsByNames>("get_partitions_by_names", kMetaMissingInvalid),
    MakeCall<&GetPartitionsByNamesReq>("get_partitions_by_names_req", kMetaMissingInvalid),
    MakeCall<&GetPartitionsWithSpecs>("get_partitions_with_specs", kMeta),
    MakeCall<&GetPartitionNames>("get_partition_names", kMissingMeta),
    MakeCall<&FetchPartitionNamesReq>("fetch_partition_names_req", kMissingMeta),
    MakeCall<&GetPartitionNamesPs>("get_partition_names_ps", kMetaMissing),
    MakeCall<&GetPartitionNamesPsReq>("get_partition_names_ps_req", kMetaMissing),
    MakeCall<&GetPartitionValues>("get_partition_values", kMetaMissing),
    MakeCall<&GetNumPartitionsByFilter>("get_num_partitions_by_filter", kMetaMissing),
    MakeCall<&PartitionNameHasValidCharacters>("partition_name_has_valid_characters", kMeta),
    MakeCall<&PartitionNameToVals>("partition_name_to_vals", kMeta),
    MakeCall<&PartitionNameToSpec>("partition_name_to_spec", kMeta),
};

}  // namespace

std::span<const Call> PartitionReadCalls() { return kCalls; }

}  // namespace lodestone::hive
