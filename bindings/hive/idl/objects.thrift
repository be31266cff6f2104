// What the catalog holds: databases, tables, partitions, functions, and the statistics of columns.
// Hive leaves out of its answers what is null, and clients tell an absent text from an empty one. So texts, lists and
// maps that may be null are `optional` here, also where the protocol has them in every case; on the wire that is the
// same.
namespace py hive_thrift.objects
namespace cpp lodestone.hive.thrift

include "access.thrift"

// ---- Common ----
// Words beside a call: DO_NOT_UPDATE_STATS, CASCADE, ifPurge, skip.trash, expected_parameter_key and
// expected_parameter_value.
struct EnvironmentContext { 1: map<string, string> properties }

// A column or partition key.
struct FieldSchema {
  1: optional string name
  2: optional string type
  3: optional string comment
}

// A named record type, of the oldest clients.
struct Type {
  1: string name
  2: optional string type1
  3: optional string type2
  4: optional list<FieldSchema> fields
}

// ---- Catalogs and databases ----
struct Catalog {
  1: string name
  2: optional string description
  3: string locationUri
  4: optional i32 createTime  // seconds since 1970; since 4.0
}

enum DatabaseType { NATIVE = 1, REMOTE = 2 }

// `privileges` come with get_database only for those who ask for them; type and what follows are about remote
// databases.
struct Database {
  1: optional string name
  2: optional string description
  3: optional string locationUri
  4: optional map<string, string> parameters
  5: optional access.PrincipalPrivilegeSet privileges
  6: optional string ownerName
  7: optional access.PrincipalType ownerType
  8: optional string catalogName  // since 3.1
  9: optional i32 createTime  // seconds since 1970; since 4.0
  10: optional string managedLocationUri  // since 4.0
  11: optional DatabaseType type  // since 4.0
  12: optional string connector_name  // since 4.0
  13: optional string remote_dbname  // since 4.0
}

// ---- How rows are stored ----
enum SerdeType { HIVE = 1, SCHEMA_REGISTRY = 2 }

struct SerDeInfo {
  1: optional string name
  2: optional string serializationLib  // a class name
  3: optional map<string, string> parameters
  4: optional string description  // since 3.1
  5: optional string serializerClass  // since 3.1
  6: optional string deserializerClass  // since 3.1
  7: optional SerdeType serdeType  // since 3.1
}

// A sort column: order 1 ascends, 0 descends.
struct Order { 1: string col, 2: i32 order }

// Values whose rows are kept apart, and where.
struct SkewedInfo {
  1: list<string> skewedColNames
  2: list<list<string>> skewedColValues
  3: map<list<string>, string> skewedColValueLocationMaps
}

// Where rows are, and how they are stored. Of a view the location is absent.
struct StorageDescriptor {
  1: optional list<FieldSchema> cols
  2: optional string location  // a URI
  3: optional string inputFormat
  4: optional string outputFormat
  5: bool compressed
  6: i32 numBuckets
  7: optional SerDeInfo serdeInfo
  8: optional list<string> bucketCols
  9: optional list<Order> sortCols
  10: optional map<string, string> parameters
  11: optional SkewedInfo skewedInfo
  12: optional bool storedAsSubDirectories
}

// ---- Statistics of columns ----
// unscaled * 10^-scale; `unscaled` is two's complement, the highest byte first.
struct Decimal { 1: required binary unscaled, 3: required i16 scale }

struct Date { 1: required i64 daysSinceEpoch }
struct Timestamp { 1: required i64 secondsSinceEpoch }

// Absent bounds mean that they are not known. bitVectors is the sketch of distinct values, opaque here; so is
// histogram.
struct BooleanColumnStatsData {
  1: required i64 numTrues
  2: required i64 numFalses
  3: required i64 numNulls
  4: optional binary bitVectors
}

struct LongColumnStatsData {
  1: optional i64 lowValue
  2: optional i64 highValue
  3: required i64 numNulls
  4: required i64 numDVs
  5: optional binary bitVectors
  6: optional binary histogram  // since 4.0
}

struct DoubleColumnStatsData {
  1: optional double lowValue
  2: optional double highValue
  3: required i64 numNulls
  4: required i64 numDVs
  5: optional binary bitVectors
  6: optional binary histogram  // since 4.0
}

struct StringColumnStatsData {
  1: required i64 maxColLen
  2: required double avgColLen
  3: required i64 numNulls
  4: required i64 numDVs
  5: optional binary bitVectors
}

struct BinaryColumnStatsData {
  1: required i64 maxColLen
  2: required double avgColLen
  3: required i64 numNulls
  4: optional binary bitVectors
}

struct DecimalColumnStatsData {
  1: optional Decimal lowValue
  2: optional Decimal highValue
  3: required i64 numNulls
  4: required i64 numDVs
  5: optional binary bitVectors
  6: optional binary histogram  // since 4.0
}

struct DateColumnStatsData {
  1: optional Date lowValue
  2: optional Date highValue
  3: required i64 numNulls
  4: required i64 numDVs
  5: optional binary bitVectors
  6: optional binary histogram  // since 4.0
}

struct TimestampColumnStatsData {
  1: optional Timestamp lowValue
  2: optional Timestamp highValue
  3: required i64 numNulls
  4: required i64 numDVs
  5: optional binary bitVectors
  6: optional binary histogram
}

// Exactly one is set.
union ColumnStatisticsData {
  1: BooleanColumnStatsData booleanStats
  2: LongColumnStatsData longStats
  3: DoubleColumnStatsData doubleStats
  4: StringColumnStatsData stringStats
  5: BinaryColumnStatsData binaryStats
  6: DecimalColumnStatsData decimalStats
  7: DateColumnStatsData dateStats
  8: TimestampColumnStatsData timestampStats  // since 4.0
}

struct ColumnStatisticsObj {
  1: required string colName
  2: required string colType  // the type's name; `statsData` decides
  3: required ColumnStatisticsData statsData
}

// Whose statistics: a table's, or those of the partition partName.
struct ColumnStatisticsDesc {
  1: required bool isTblLevel
  2: required string dbName
  3: required string tableName
  4: optional string partName
  5: optional i64 lastAnalyzed  // seconds since 1970
  6: optional string catName  // since 3.1
}

struct ColumnStatistics {
  1: required ColumnStatisticsDesc statsDesc
  2: required list<ColumnStatisticsObj> statsObj
  3: optional bool isStatsCompliant  // since 4.0
  4: optional string engine  // since 4.0
}

// Statistics of several partitions, rolled into one per column.
struct AggrStats {
  1: required list<ColumnStatisticsObj> colStats
  2: required i64 partsFound
  3: optional bool isStatsCompliant  // since 4.0
}

// ---- Tables and views ----
// Of engines that keep footers with the table; carried by no reply here.
struct FileMetadata {
  1: i8 type
  2: i8 version
  3: list<binary> data
}

struct ObjectDictionary { 1: required map<string, list<binary>> values }

// What a materialized view was made from. Field 7 of 4.0, the source tables as tables, is left out: tables inside of
// tables have no use here.
struct CreationMetadata {
  1: required string catName
  2: required string dbName
  3: required string tblName
  4: required set<string> tablesUsed
  5: optional string validTxnList
  6: optional i64 materializationTime
}

// A table or view. The list of columns stands in sd.cols, without the partition keys.
struct Table {
  1: optional string tableName
  2: optional string dbName
  3: optional string owner
  4: i32 createTime  // seconds since 1970
  5: i32 lastAccessTime
  6: i32 retention
  7: optional StorageDescriptor sd
  8: optional list<FieldSchema> partitionKeys
  9: optional map<string, string> parameters
  10: optional string viewOriginalText  // of views
  11: optional string viewExpandedText
  12: optional string tableType  // MANAGED_TABLE, EXTERNAL_TABLE, VIRTUAL_VIEW, MATERIALIZED_VIEW
  13: optional access.PrincipalPrivilegeSet privileges  // the first grants, on create
  14: optional bool temporary  // never true here: sessions keep such tables
  15: optional bool rewriteEnabled
  16: optional CreationMetadata creationMetadata  // since 3.1
  17: optional string catName  // since 3.1
  18: optional access.PrincipalType ownerType = access.PrincipalType.USER  // since 3.1
  19: optional i64 writeId  // since 4.0
  20: optional bool isStatsCompliant  // since 4.0
  21: optional ColumnStatistics colStats  // since 4.0
  22: optional i8 accessType  // since 4.0
  23: optional list<string> requiredReadCapabilities  // since 4.0
  24: optional list<string> requiredWriteCapabilities  // since 4.0
  25: optional i64 id  // set in replies, ignored in requests; since 4.0
  26: optional FileMetadata fileMetadata  // since 4.0
  27: optional ObjectDictionary dictionary  // since 4.0
  28: optional i64 txnId  // since 4.0
}

// A row of get_table_meta.
struct TableMeta {
  1: required string dbName
  2: required string tableName
  3: required string tableType
  4: optional string comments
  5: optional string catName  // since 3.1
  6: optional string ownerName  // since 4.0
  7: optional access.PrincipalType ownerType  // since 4.0
}

// ---- Partitions ----
struct Partition {
  1: optional list<string> values  // unescaped, one per key
  2: optional string dbName
  3: optional string tableName
  4: i32 createTime  // seconds since 1970
  5: i32 lastAccessTime
  6: optional StorageDescriptor sd
  7: optional map<string, string> parameters
  8: optional access.PrincipalPrivilegeSet privileges
  9: optional string catName  // since 3.1
  10: optional i64 writeId  // since 4.0
  11: optional bool isStatsCompliant  // since 4.0
  12: optional ColumnStatistics colStats  // since 4.0
  13: optional FileMetadata fileMetadata  // since 4.0
}

// A partition that shares a descriptor: its location is the descriptor's, followed by relativePath.
struct PartitionWithoutSD {
  1: optional list<string> values
  2: i32 createTime
  3: i32 lastAccessTime
  4: optional string relativePath
  5: optional map<string, string> parameters
  6: optional access.PrincipalPrivilegeSet privileges
}

// Partitions below one folder.
struct PartitionSpecWithSharedSD { 1: optional list<PartitionWithoutSD> partitions, 2: optional StorageDescriptor sd }

struct PartitionListComposingSpec { 1: list<Partition> partitions }

// Partitions of a table: those that share a descriptor below rootPath, or whole ones.
struct PartitionSpec {
  1: optional string dbName
  2: optional string tableName
  3: optional string rootPath
  4: optional PartitionSpecWithSharedSD sharedSDPartitionSpec
  5: optional PartitionListComposingSpec partitionList
  6: optional string catName  // since 3.1
  7: optional i64 writeId  // since 4.0
  8: optional bool isStatsCompliant  // since 4.0
}

// ---- Functions ----
enum FunctionType { JAVA = 1 }
enum ResourceType { JAR = 1, FILE = 2, ARCHIVE = 3 }
struct ResourceUri { 1: ResourceType resourceType, 2: string uri }

struct Function {
  1: optional string functionName
  2: optional string dbName
  3: optional string className
  4: optional string ownerName
  5: access.PrincipalType ownerType
  6: i32 createTime  // seconds since 1970
  7: FunctionType functionType
  8: optional list<ResourceUri> resourceUris
  9: optional string catName  // since 3.1
}
