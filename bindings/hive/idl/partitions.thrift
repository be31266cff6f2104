// Requests about partitions, and what answers them.
// maxParts below 0 means all; `id` and validWriteIdList tie a read to a state of a transactional table.
namespace py hive_thrift.partitions
namespace cpp lodestone.hive.thrift

include "objects.thrift"
include "tables.thrift"

// ---- Adding ----
// All or none, but that ifNotExists passes over those that are there.
struct AddPartitionsRequest {
  1: required string dbName
  2: required string tblName
  3: required list<objects.Partition> parts
  4: required bool ifNotExists
  5: optional bool needResult = true
  6: optional string catName  // since 3.1
  7: optional string validWriteIdList  // since 4.0
  8: optional bool skipColumnSchemaForPartition  // since 4.0
  9: optional list<objects.FieldSchema> partitionColSchema  // since 4.0
  10: optional objects.EnvironmentContext environmentContext  // since 4.0
}

struct AddPartitionsResult {
  1: optional list<objects.Partition> partitions
  2: optional bool isStatsCompliant  // since 4.0
  3: optional list<objects.FieldSchema> partitionColSchema  // since 4.0
}

// By `name` or partVals.
struct AppendPartitionsRequest {
  1: optional string catalogName
  2: required string dbName
  3: required string tableName
  4: optional string name
  5: optional list<string> partVals
  6: optional objects.EnvironmentContext environmentContext
}

// ---- Reading ----
struct GetPartitionRequest {
  1: optional string catName
  2: required string dbName
  3: required string tblName
  4: required list<string> partVals
  5: optional string validWriteIdList
  6: optional i64 id = -1
}

struct GetPartitionResponse { 1: required objects.Partition partition }

struct PartitionsRequest {
  1: optional string catName
  2: required string dbName
  3: required string tblName
  4: optional i16 maxParts = -1
  5: optional string validWriteIdList
  6: optional i64 id = -1
  7: optional bool skipColumnSchemaForPartition
  8: optional string includeParamKeyPattern
  9: optional string excludeParamKeyPattern
}

struct PartitionsResponse { 1: required list<objects.Partition> partitions }

struct GetPartitionsByNamesRequest {
  1: required string db_name
  2: required string tbl_name
  3: optional list<string> names
  4: optional bool get_col_stats
  5: optional list<string> processorCapabilities
  6: optional string processorIdentifier
  7: optional string engine = "hive"
  8: optional string validWriteIdList
  9: optional bool getFileMetadata
  10: optional i64 id = -1
  11: optional bool skipColumnSchemaForPartition
  12: optional string includeParamKeyPattern
  13: optional string excludeParamKeyPattern
}

struct GetPartitionsByNamesResult {
  1: required list<objects.Partition> partitions
  2: optional objects.ObjectDictionary dictionary
}

// Columns of the partitions can be left out, and parameters picked.
struct GetPartitionsByFilterRequest {
  1: optional string catName
  2: string dbName
  3: string tblName
  4: string filter
  5: optional i16 maxParts = -1
  6: optional bool skipColumnSchemaForPartition
  7: optional string includeParamKeyPattern
  8: optional string excludeParamKeyPattern
}

struct GetPartitionsPsWithAuthRequest {
  1: optional string catName
  2: required string dbName
  3: required string tblName
  4: optional list<string> partVals
  5: optional i16 maxParts = -1
  6: optional string userName
  7: optional list<string> groupNames
  8: optional string validWriteIdList
  9: optional i64 id = -1
  10: optional bool skipColumnSchemaForPartition
  11: optional string includeParamKeyPattern
  12: optional string excludeParamKeyPattern
  13: optional list<string> partNames
}

struct GetPartitionsPsWithAuthResponse { 1: required list<objects.Partition> partitions }

// expr: whatever client and server have agreed upon; the text of a filter here.
struct PartitionsByExprRequest {
  1: required string dbName
  2: required string tblName
  3: required binary expr
  4: optional string defaultPartitionName
  5: optional i16 maxParts = -1
  6: optional string catName  // since 3.1
  7: optional string order  // since 4.0
  8: optional string validWriteIdList  // since 4.0
  9: optional i64 id = -1  // since 4.0
  10: optional bool skipColumnSchemaForPartition  // since 4.0
  11: optional string includeParamKeyPattern  // since 4.0
  12: optional string excludeParamKeyPattern  // since 4.0
}

struct PartitionsByExprResult {
  1: required list<objects.Partition> partitions
  2: required bool hasUnknownPartitions
}

struct PartitionsSpecByExprResult {
  1: required list<objects.PartitionSpec> partitionsSpec
  2: required bool hasUnknownPartitions
}

// ---- Reading parts of partitions ----
enum PartitionFilterMode { BY_NAMES = 0, BY_VALUES = 1, BY_EXPR = 2 }
struct GetPartitionsFilterSpec { 7: optional PartitionFilterMode filterMode, 8: optional list<string> filters }

// By names, by values or by expressions, with a choice of fields.
struct GetPartitionsRequest {
  1: optional string catName
  2: string dbName
  3: string tblName
  4: optional bool withAuth
  5: optional string user
  6: optional list<string> groupNames
  7: tables.GetProjectionsSpec projectionSpec
  8: GetPartitionsFilterSpec filterSpec
  9: optional list<string> processorCapabilities
  10: optional string processorIdentifier
  11: optional string validWriteIdList
}

struct GetPartitionsResponse { 1: list<objects.PartitionSpec> partitionSpec }

// ---- Names and values ----
struct GetPartitionNamesPsRequest {
  1: optional string catName
  2: required string dbName
  3: required string tblName
  4: optional list<string> partValues
  5: optional i16 maxParts = -1
  6: optional string validWriteIdList
  7: optional i64 id = -1
}

struct GetPartitionNamesPsResponse { 1: required list<string> names }

// Values of some of the keys, ordered and distinct as asked.
struct PartitionValuesRequest {
  1: required string dbName
  2: required string tblName
  3: required list<objects.FieldSchema> partitionKeys  // those asked for
  4: optional bool applyDistinct = true
  5: optional string filter
  6: optional list<objects.FieldSchema> partitionOrder
  7: optional bool ascending = true
  8: optional i64 maxParts = -1
  9: optional string catName  // since 3.1
  10: optional string validWriteIdList  // since 4.0
}

struct PartitionValuesRow { 1: required list<string> row }
struct PartitionValuesResponse { 1: required list<PartitionValuesRow> partitionValues }

// ---- Changing ----
struct AlterPartitionsRequest {
  1: optional string catName
  2: required string dbName
  3: required string tableName
  4: required list<objects.Partition> partitions
  5: optional objects.EnvironmentContext environmentContext
  6: optional i64 writeId = -1
  7: optional string validWriteIdList
  8: optional bool skipColumnSchemaForPartition
  9: optional list<objects.FieldSchema> partitionColSchema
}

struct AlterPartitionsResponse {}

struct RenamePartitionRequest {
  1: optional string catName
  2: required string dbName
  3: required string tableName
  4: required list<string> partVals  // of now
  5: required objects.Partition newPart
  6: optional string validWriteIdList
  7: optional i64 txnId
  8: optional bool clonePart
}

struct RenamePartitionResponse {}

// ---- Dropping ----
// By partName or partVals.
struct DropPartitionRequest {
  1: optional string catName
  2: required string dbName
  3: required string tblName
  4: optional string partName
  5: optional list<string> partVals
  6: optional bool deleteData
  7: optional objects.EnvironmentContext environmentContext
}

struct DropPartitionsExpr { 1: required binary expr, 2: optional i32 partArchiveLevel }

// Exactly one is set.
union RequestPartsSpec { 1: list<string> names, 2: list<DropPartitionsExpr> exprs }

// All or none.
struct DropPartitionsRequest {
  1: required string dbName
  2: required string tblName
  3: required RequestPartsSpec parts
  4: optional bool deleteData
  5: optional bool ifExists = true  // missing ones are no error
  6: optional bool ignoreProtection
  7: optional objects.EnvironmentContext environmentContext
  8: optional bool needResult = true
  9: optional string catName  // since 3.1
  10: optional bool skipColumnSchemaForPartition  // since 4.0
}

struct DropPartitionsResult { 1: optional list<objects.Partition> partitions }
