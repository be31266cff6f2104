// Requests about catalogs, databases, tables, columns, their statistics, and functions; with what answers them.
// A request names its catalog in catName or catalogName; without one it is `hive`.
namespace py hive_thrift.tables
namespace cpp lodestone.hive.thrift

include "access.thrift"
include "objects.thrift"
include "constraints.thrift"

// ---- Catalogs ----
struct CreateCatalogRequest { 1: objects.Catalog catalog }
struct AlterCatalogRequest { 1: string name, 2: objects.Catalog newCat }
struct GetCatalogRequest { 1: string name }
struct GetCatalogResponse { 1: objects.Catalog catalog }
struct GetCatalogsResponse { 1: list<string> names }
struct DropCatalogRequest { 1: string name }

// ---- Databases ----
struct CreateDatabaseRequest {
  1: required string databaseName
  2: optional string description
  3: optional string locationUri
  4: optional map<string, string> parameters
  5: optional access.PrincipalPrivilegeSet privileges
  6: optional string ownerName
  7: optional access.PrincipalType ownerType
  8: optional string catalogName
  9: optional i32 createTime  // seconds since 1970; the server sets it
  10: optional string managedLocationUri
  11: optional objects.DatabaseType type
  12: optional string dataConnectorName
  13: optional string remote_dbname
}

struct GetDatabaseRequest {
  1: optional string name
  2: optional string catalogName
  3: optional list<string> processorCapabilities
  4: optional string processorIdentifier
}

struct AlterDatabaseRequest { 1: required string oldDbName, 2: required objects.Database newDb }

// What drop_database asks, for 4.0 clients.
struct DropDatabaseRequest {
  1: required string name
  2: optional string catalogName
  3: required bool ignoreUnknownDb
  4: required bool deleteData
  5: required bool cascade
  6: optional bool softDelete
  7: optional i64 txnId
  8: optional bool deleteManagedDir = true
}

// ---- Reading tables ----
// What a client says that it can handle: a table that only takes inserts needs INSERT_ONLY_TABLES.
enum ClientCapability { TEST_CAPABILITY = 1, INSERT_ONLY_TABLES = 2 }

struct ClientCapabilities { 1: required list<ClientCapability> values }

// Which fields to fill (`sd.location`, `parameters`, ..), all when none is named; patterns of parameter keys with % and
// _.
struct GetProjectionsSpec {
  1: list<string> fieldList
  2: string includeParamKeyPattern
  3: string excludeParamKeyPattern
}

struct GetTableRequest {
  1: required string dbName
  2: required string tblName
  3: optional ClientCapabilities capabilities
  4: optional string catName  // since 3.1
  6: optional string validWriteIdList  // since 4.0
  7: optional bool getColumnStats  // since 4.0
  8: optional list<string> processorCapabilities  // since 4.0
  9: optional string processorIdentifier  // since 4.0
  10: optional string engine = "hive"  // since 4.0
  11: optional i64 id = -1  // of the table; since 4.0
}

struct GetTableResult {
  1: required objects.Table table
  2: optional bool isStatsCompliant  // since 4.0
}

// By names, or by a pattern.
struct GetTablesRequest {
  1: required string dbName
  2: optional list<string> tblNames
  3: optional ClientCapabilities capabilities
  4: optional string catName  // since 3.1
  5: optional list<string> processorCapabilities  // since 4.0
  6: optional string processorIdentifier  // since 4.0
  7: optional GetProjectionsSpec projectionSpec  // since 4.0
  8: optional string tablesPattern  // since 4.0
}

struct GetTablesResult { 1: required list<objects.Table> tables }

// requestedFields: 1 access type, 2 capabilities, ored.
struct GetTablesExtRequest {
  1: required string catalog
  2: required string database
  3: required string tableNamePattern
  4: required i32 requestedFields
  5: optional i32 limit
  6: optional list<string> processorCapabilities
  7: optional string processorIdentifier
}

struct ExtendedTableInfo {
  1: required string tblName
  2: optional i32 accessType
  3: optional list<string> requiredReadCapabilities
  4: optional list<string> requiredWriteCapabilities
}

// ---- Writing tables ----
// Table and constraints at once.
struct CreateTableRequest {
  1: required objects.Table table
  2: optional objects.EnvironmentContext envContext
  3: optional list<constraints.SQLPrimaryKey> primaryKeys
  4: optional list<constraints.SQLForeignKey> foreignKeys
  5: optional list<constraints.SQLUniqueConstraint> uniqueConstraints
  6: optional list<constraints.SQLNotNullConstraint> notNullConstraints
  7: optional list<constraints.SQLDefaultConstraint> defaultConstraints
  8: optional list<constraints.SQLCheckConstraint> checkConstraints
  9: optional list<string> processorCapabilities
  10: optional string processorIdentifier
}

// With both `expected..` fields: only if the table's parameter has that value.
struct AlterTableRequest {
  1: optional string catName
  2: required string dbName
  3: required string tableName
  4: required objects.Table table
  5: optional objects.EnvironmentContext environmentContext
  6: optional i64 writeId = -1
  7: optional string validWriteIdList
  8: optional list<string> processorCapabilities
  9: optional string processorIdentifier
  10: optional string expectedParameterKey
  11: optional string expectedParameterValue
}

struct AlterTableResponse {}

struct DropTableRequest {
  1: optional string catalogName
  2: required string dbName
  3: required string tableName
  4: optional bool deleteData
  5: optional objects.EnvironmentContext envContext
  6: optional bool dropPartitions
}

struct TruncateTableRequest {
  1: required string dbName
  2: required string tableName
  3: optional list<string> partNames  // all when absent
  4: optional i64 writeId = -1
  5: optional string validWriteIdList
  6: optional objects.EnvironmentContext environmentContext
}

struct TruncateTableResponse {}

// ---- Columns ----
struct GetFieldsRequest {
  1: optional string catName
  2: required string dbName
  3: required string tblName
  4: optional objects.EnvironmentContext envContext
  5: optional string validWriteIdList
  6: optional i64 id = -1
}

struct GetFieldsResponse { 1: required list<objects.FieldSchema> fields }

struct GetSchemaRequest {
  1: optional string catName
  2: required string dbName
  3: required string tblName
  4: optional objects.EnvironmentContext envContext
  5: optional string validWriteIdList
  6: optional i64 id = -1
}

struct GetSchemaResponse { 1: required list<objects.FieldSchema> fields }

// ---- Statistics ----
struct TableStatsRequest {
  1: required string dbName
  2: required string tblName
  3: required list<string> colNames
  4: optional string catName  // since 3.1
  5: optional string validWriteIdList  // since 4.0
  6: optional string engine = "hive"  // since 4.0
  7: optional i64 id = -1  // since 4.0
}

struct TableStatsResult {
  1: required list<objects.ColumnStatisticsObj> tableStats
  2: optional bool isStatsCompliant  // since 4.0
}

struct PartitionsStatsRequest {
  1: required string dbName
  2: required string tblName
  3: required list<string> colNames
  4: required list<string> partNames
  5: optional string catName  // since 3.1
  6: optional string validWriteIdList  // since 4.0
  7: optional string engine = "hive"  // since 4.0
}

struct PartitionsStatsResult {
  1: required map<string, list<objects.ColumnStatisticsObj>> partStats
  2: optional bool isStatsCompliant  // since 4.0
}

// Of a table (one element) or of partitions.
struct SetPartitionsStatsRequest {
  1: required list<objects.ColumnStatistics> colStats
  2: optional bool needMerge
  3: optional i64 writeId = -1  // since 4.0
  4: optional string validWriteIdList  // since 4.0
  5: optional string engine = "hive"  // since 4.0
}

struct SetPartitionsStatsResponse { 1: required bool result }

// ---- Functions ----
struct GetAllFunctionsResponse { 1: optional list<objects.Function> functions }
