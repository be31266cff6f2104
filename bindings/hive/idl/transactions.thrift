// Transactions, write ids, locks, compactions (to look at only) and notification events. Times are milliseconds since
// 1970 where nothing else is said.
namespace py hive_thrift.transactions
namespace cpp lodestone.hive.thrift

// ---- Transactions ----
enum TxnState { COMMITTED = 1, ABORTED = 2, OPEN = 3 }

enum TxnType {
  DEFAULT = 0,
  REPL_CREATED = 1,
  READ_ONLY = 2,
  COMPACTION = 3,
  MATER_VIEW_REBUILD = 4,
  SOFT_DELETE = 5,
  REBALANCE_COMPACTION = 6,
}

// For people who look for open transactions.
struct TxnInfo {
  1: required i64 id
  2: required TxnState state
  3: required string user
  4: required string hostname
  5: optional string agentInfo
  6: optional i32 heartbeatCount
  7: optional string metaInfo
  8: optional i64 startedTime
  9: optional i64 lastHeartbeatTime
}

struct OpenTxnRequest {
  1: required i32 num_txns
  2: required string user
  3: required string hostname
  4: optional string agentInfo = "Unknown"
  5: optional string replPolicy  // since 3.1
  6: optional list<i64> replSrcTxnIds  // since 3.1
  7: optional TxnType txn_type = TxnType.DEFAULT  // since 4.0
}

struct OpenTxnsResponse { 1: required list<i64> txn_ids }

struct AbortTxnRequest {
  1: required i64 txnid
  2: optional string replPolicy  // since 3.1
  3: optional TxnType txn_type  // since 4.0
  4: optional i64 errorCode  // since 4.0
}

struct AbortTxnsRequest {
  1: required list<i64> txn_ids
  2: optional i64 errorCode  // since 4.0
}

struct WriteEventInfo {
  1: required i64 writeId
  2: required string database
  3: required string table
  4: required string files
  5: optional string partition
  6: optional string tableObj
  7: optional string partitionObj
}

struct ReplLastIdInfo {
  1: required string database
  2: required i64 lastReplId
  3: optional string table
  4: optional string catalog
  5: optional list<string> partitionList
}

struct CommitTxnKeyValue {
  1: required i64 tableId
  2: required string key
  3: required string value
}

// What replication adds (fields 2 to 4) has no meaning here.
struct CommitTxnRequest {
  1: required i64 txnid
  2: optional string replPolicy  // since 3.1
  3: optional list<WriteEventInfo> writeEventInfos  // since 4.0
  4: optional ReplLastIdInfo replLastIdInfo  // since 4.0
  5: optional CommitTxnKeyValue keyValue  // since 4.0
  6: optional bool exclWriteEnabled = true  // since 4.0
  7: optional TxnType txn_type  // since 4.0
}

struct GetOpenTxnsRequest { 1: optional list<TxnType> excludeTxnTypes }

// Open and aborted ones up to the mark; bit i of abortedBits tells that the i-th is aborted. (2.3 clients expect a set
// in place of the list, and can't read this.)
struct GetOpenTxnsResponse {
  1: required i64 txn_high_water_mark
  2: required list<i64> open_txns
  3: optional i64 min_open_txn
  4: required binary abortedBits  // since 3.1
}

struct GetOpenTxnsInfoResponse { 1: required i64 txn_high_water_mark, 2: required list<TxnInfo> open_txns }

// ---- Write ids of tables ----
struct TxnToWriteId { 1: required i64 txnId, 2: required i64 writeId }

// By txnIds; the other form is for replication.
struct AllocateTableWriteIdsRequest {
  1: required string dbName
  2: required string tableName
  3: optional list<i64> txnIds
  4: optional string replPolicy
  5: optional list<TxnToWriteId> srcTxnToWriteIdList
  6: optional bool reallocate  // since 4.0
}

struct AllocateTableWriteIdsResponse { 1: required list<TxnToWriteId> txnToWriteIds }
struct MaxAllocatedTableWriteIdRequest { 1: required string dbName, 2: required string tableName }
struct MaxAllocatedTableWriteIdResponse { 1: required i64 maxWriteId }

// Names are `db.table`; 3.1 clients require validTxnList.
struct GetValidWriteIdsRequest {
  1: required list<string> fullTableNames
  2: optional string validTxnList
  3: optional i64 writeId  // since 4.0
}

// Ids that a reader must not see, up to the mark; bit i of abortedBits tells that the i-th is aborted.
struct TableValidWriteIds {
  1: required string fullTableName
  2: required i64 writeIdHighWaterMark
  3: required list<i64> invalidWriteIds
  4: optional i64 minOpenWriteId
  5: required binary abortedBits
}

struct GetValidWriteIdsResponse { 1: required list<TableValidWriteIds> tblValidWriteIds }

// ---- Locks ----
enum LockLevel { DB = 1, TABLE = 2, PARTITION = 3 }
enum LockType { SHARED_READ = 1, SHARED_WRITE = 2, EXCLUSIVE = 3, EXCL_WRITE = 4 }
enum LockState { ACQUIRED = 1, WAITING = 2, ABORT = 3, NOT_ACQUIRED = 4 }
enum DataOperationType { SELECT = 1, INSERT = 2, UPDATE = 3, DELETE = 4, UNSET = 5, NO_TXN = 6 }

// One thing to lock; partition and table names are absent on the levels above.
struct LockComponent {
  1: required LockType type
  2: required LockLevel level
  3: required string dbname
  4: optional string tablename
  5: optional string partitionname
  6: optional DataOperationType operationType = DataOperationType.UNSET
  7: optional bool isTransactional
  8: optional bool isDynamicPartitionWrite
}

// All components or none.
struct LockRequest {
  1: required list<LockComponent> component
  2: optional i64 txnid
  3: required string user
  4: required string hostname
  5: optional string agentInfo = "Unknown"
  6: optional bool zeroWaitReadEnabled  // answer NOT_ACQUIRED rather than wait; since 4.0
  7: optional bool exclusiveCTAS  // since 4.0
  8: optional bool locklessReadsEnabled  // since 4.0
}

struct LockResponse {
  1: required i64 lockid
  2: required LockState state
  3: optional string errorMessage  // since 4.0
}

// Also keeps lock and transaction alive.
struct CheckLockRequest {
  1: required i64 lockid
  2: optional i64 txnid
  3: optional i64 elapsed_ms
}

struct UnlockRequest { 1: required i64 lockid }

struct ShowLocksRequest {
  1: optional string dbname
  2: optional string tablename
  3: optional string partname
  4: optional bool isExtended
  5: optional i64 txnid  // since 4.0
}

// One component of a lock.
struct ShowLocksResponseElement {
  1: required i64 lockid
  2: required string dbname
  3: optional string tablename
  4: optional string partname
  5: required LockState state
  6: required LockType type
  7: optional i64 txnid
  8: required i64 lastheartbeat
  9: optional i64 acquiredat
  10: required string user
  11: required string hostname
  12: optional i32 heartbeatCount
  13: optional string agentInfo
  14: optional i64 blockedByExtId
  15: optional i64 blockedByIntId
  16: optional i64 lockIdInternal
}

struct ShowLocksResponse { 1: list<ShowLocksResponseElement> locks }

// Partitions that a transaction wrote. (2.3 clients have it without the write id, in other fields: they can't be
// served.)
struct AddDynamicPartitions {
  1: required i64 txnid
  2: required i64 writeid
  3: required string dbname
  4: required string tablename
  5: required list<string> partitionnames
  6: optional DataOperationType operationType = DataOperationType.UNSET  // since 3.1
}

// ---- Heartbeats ----
struct HeartbeatRequest { 1: optional i64 lockid, 2: optional i64 txnid }
struct HeartbeatTxnRangeRequest { 1: required i64 min, 2: required i64 max }
struct HeartbeatTxnRangeResponse { 1: required set<i64> aborted, 2: required set<i64> nosuch }

// ---- Compactions ----
enum CompactionType { MINOR = 1, MAJOR = 2, REBALANCE = 3, ABORT_TXN_CLEANUP = 4 }

// Nothing is compacted here: the answer is empty.
struct ShowCompactRequest {
  1: optional i64 id  // since 4.0
  2: optional string poolName  // since 4.0
  3: optional string dbName  // since 4.0
  4: optional string tbName  // since 4.0
  5: optional string partName  // since 4.0
  6: optional CompactionType type  // since 4.0
  7: optional string state  // since 4.0
  8: optional i64 limit  // since 4.0
  9: optional string order  // since 4.0
}

struct ShowCompactResponseElement {
  1: required string dbname
  2: required string tablename
  3: optional string partitionname
  4: required CompactionType type
  5: required string state
  6: optional string workerid
  7: optional i64 start
  8: optional string runAs
  9: optional i64 hightestTxnId
  10: optional string metaInfo
  11: optional i64 endTime
  12: optional string hadoopJobId
  13: optional i64 id
  14: optional string errorMessage  // since 4.0
  15: optional i64 enqueueTime  // since 4.0
  16: optional string workerVersion  // since 4.0
  17: optional string initiatorId  // since 4.0
  18: optional string initiatorVersion  // since 4.0
  19: optional i64 cleanerStart  // since 4.0
  20: optional string poolName  // since 4.0
  21: optional i64 nextTxnId  // since 4.0
  22: optional i64 txnId  // since 4.0
  23: optional i64 commitTime  // since 4.0
  24: optional i64 hightestWriteId  // since 4.0
}

struct ShowCompactResponse { 1: required list<ShowCompactResponseElement> compacts }

// ---- Notification events ----
// Events after lastEvent.
struct NotificationEventRequest {
  1: required i64 lastEvent
  2: optional i32 maxEvents
  3: optional list<string> eventTypeSkipList  // since 4.0
  4: optional string catName  // since 4.0
  5: optional string dbName  // since 4.0
  6: optional list<string> tableNames  // since 4.0
}

// eventTime is in seconds; `message` is JSON, in the shape that messageFormat names.
struct NotificationEvent {
  1: required i64 eventId
  2: required i32 eventTime
  3: required string eventType
  4: optional string dbName
  5: optional string tableName
  6: required string message
  7: optional string messageFormat
  8: optional string catName  // since 3.1
}

struct NotificationEventResponse { 1: required list<NotificationEvent> events }
struct CurrentNotificationEventId { 1: required i64 eventId }

struct NotificationEventsCountRequest {
  1: required i64 fromEventId
  2: required string dbName
  3: optional string catName
  4: optional i64 toEventId  // since 4.0
  5: optional i64 limit  // since 4.0
  6: optional list<string> tableNames  // since 4.0
}

struct NotificationEventsCountResponse { 1: required i64 eventsCount }
