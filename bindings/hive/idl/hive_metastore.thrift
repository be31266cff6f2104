// The service that lodestoned speaks with --hive: the calls of Hive's metastore that clients of versions 2.3, 3.1 and
// 4.0 make and that are served here. Only the types of these files are compiled; the calls are read and answered from a
// table (bindings/hive/calls.h), which a test holds against this service.
// Names, numbers and types are the protocol's. Where versions differ in what they require, the weaker rule stands.
// Structs are those of 4.0.1, which has every field of the older ones. A database argument may carry the catalog:
// `@catalog#database`, see names.h.
// What stands nowhere here is answered with UNKNOWN_METHOD: clients of newer versions fall back then.
namespace py hive_thrift.hive_metastore
namespace cpp lodestone.hive.thrift

include "fb303.thrift"
include "errors.thrift"
include "access.thrift"
include "objects.thrift"
include "constraints.thrift"
include "tables.thrift"
include "partitions.thrift"
include "transactions.thrift"

service ThriftHiveMetastore extends fb303.FacebookService {
  // ---- Configuration, identity ----
  // set_ugi comes first on every connection without SASL; its answer is the groups as the server sees them.
  // Spark, PyIceberg, Flink, Hive.
  list<string> set_ugi(1: string user_name, 2: list<string> group_names) throws (1: errors.MetaException o1)
  // Settings of the server: the default given, where there is none.
  string get_config_value(1: string name, 2: string defaultValue) throws (1: errors.ConfigValSecurityException o1)
  // Settings of this connection: listed variables only.
  string getMetaConf(1: string key) throws (1: errors.MetaException o1)
  void setMetaConf(1: string key, 2: string value) throws (1: errors.MetaException o1)
  // Nothing is cached that could be stale: does nothing.
  void flushCache()
  string get_metastore_db_uuid() throws (1: errors.MetaException o1)

  // ---- Delegation tokens: MetaException unless connections authenticate ----
  string get_delegation_token(1: string token_owner, 2: string renewer_kerberos_principal_name)
      throws (1: errors.MetaException o1)
  i64 renew_delegation_token(1: string token_str_form) throws (1: errors.MetaException o1)
  void cancel_delegation_token(1: string token_str_form) throws (1: errors.MetaException o1)

  // ---- Catalogs (since 3.1) ----
  void create_catalog(1: tables.CreateCatalogRequest catalog) throws (1: errors.AlreadyExistsException o1,
      2: errors.InvalidObjectException o2, 3: errors.MetaException o3)
  void alter_catalog(1: tables.AlterCatalogRequest rqst) throws (1: errors.NoSuchObjectException o1,
      2: errors.InvalidOperationException o2, 3: errors.MetaException o3)
  tables.GetCatalogResponse get_catalog(1: tables.GetCatalogRequest catName)
      throws (1: errors.NoSuchObjectException o1, 2: errors.MetaException o2)
  tables.GetCatalogsResponse get_catalogs() throws (1: errors.MetaException o1)
  void drop_catalog(1: tables.DropCatalogRequest catName) throws (1: errors.NoSuchObjectException o1,
      2: errors.InvalidOperationException o2, 3: errors.MetaException o3)

  // ---- Databases ----
  void create_database(1: objects.Database database) throws (1: errors.AlreadyExistsException o1,
      2: errors.InvalidObjectException o2, 3: errors.MetaException o3)
  // The `_req` forms of databases, tables and partitions are those of 4.0 clients, which don't fall back.
  void create_database_req(1: tables.CreateDatabaseRequest createDatabaseRequest)
      throws (1: errors.AlreadyExistsException o1, 2: errors.InvalidObjectException o2, 3: errors.MetaException o3)
  // Spark asks for `global_temp` at its start: NoSuchObjectException.
  objects.Database get_database(1: string name) throws (1: errors.NoSuchObjectException o1,
      2: errors.MetaException o2)
  objects.Database get_database_req(1: tables.GetDatabaseRequest request) throws (1: errors.NoSuchObjectException o1,
      2: errors.MetaException o2)
  // Pattern: `*`, alternatives apart by `|`.
  list<string> get_databases(1: string pattern) throws (1: errors.MetaException o1)
  list<string> get_all_databases() throws (1: errors.MetaException o1)
  void alter_database(1: string dbname, 2: objects.Database db) throws (1: errors.MetaException o1,
      2: errors.NoSuchObjectException o2)
  void alter_database_req(1: tables.AlterDatabaseRequest alterDbReq) throws (1: errors.MetaException o1,
      2: errors.NoSuchObjectException o2)
  void drop_database(1: string name, 2: bool deleteData, 3: bool cascade) throws (1: errors.NoSuchObjectException o1,
      2: errors.InvalidOperationException o2, 3: errors.MetaException o3)
  void drop_database_req(1: tables.DropDatabaseRequest req) throws (1: errors.NoSuchObjectException o1,
      2: errors.InvalidOperationException o2, 3: errors.MetaException o3)

  // ---- Record types, of the oldest clients ----
  bool create_type(1: objects.Type type) throws (1: errors.AlreadyExistsException o1,
      2: errors.InvalidObjectException o2, 3: errors.MetaException o3)
  objects.Type get_type(1: string name) throws (1: errors.MetaException o1, 2: errors.NoSuchObjectException o2)
  map<string, objects.Type> get_type_all(1: string name) throws (1: errors.MetaException o2)
  bool drop_type(1: string type) throws (1: errors.MetaException o1, 2: errors.NoSuchObjectException o2)

  // ---- Columns: without the partition keys (fields), or with them behind (schema) ----
  list<objects.FieldSchema> get_fields(1: string db_name, 2: string table_name) throws (1: errors.MetaException o1,
      2: errors.UnknownTableException o2, 3: errors.UnknownDBException o3)
  list<objects.FieldSchema> get_fields_with_environment_context(1: string db_name, 2: string table_name,
      3: objects.EnvironmentContext environment_context) throws (1: errors.MetaException o1,
      2: errors.UnknownTableException o2, 3: errors.UnknownDBException o3)
  tables.GetFieldsResponse get_fields_req(1: tables.GetFieldsRequest req) throws (1: errors.MetaException o1,
      2: errors.UnknownTableException o2, 3: errors.UnknownDBException o3)
  list<objects.FieldSchema> get_schema(1: string db_name, 2: string table_name) throws (1: errors.MetaException o1,
      2: errors.UnknownTableException o2, 3: errors.UnknownDBException o3)
  list<objects.FieldSchema> get_schema_with_environment_context(1: string db_name, 2: string table_name,
      3: objects.EnvironmentContext environment_context) throws (1: errors.MetaException o1,
      2: errors.UnknownTableException o2, 3: errors.UnknownDBException o3)
  tables.GetSchemaResponse get_schema_req(1: tables.GetSchemaRequest req) throws (1: errors.MetaException o1,
      2: errors.UnknownTableException o2, 3: errors.UnknownDBException o3)

  // ---- Tables and views: making ----
  void create_table(1: objects.Table tbl) throws (1: errors.AlreadyExistsException o1,
      2: errors.InvalidObjectException o2, 3: errors.MetaException o3, 4: errors.NoSuchObjectException o4)
  // Spark, Iceberg, Hive.
  void create_table_with_environment_context(1: objects.Table tbl, 2: objects.EnvironmentContext environment_context)
      throws (1: errors.AlreadyExistsException o1, 2: errors.InvalidObjectException o2, 3: errors.MetaException o3,
      4: errors.NoSuchObjectException o4)
  void create_table_with_constraints(1: objects.Table tbl, 2: list<constraints.SQLPrimaryKey> primaryKeys,
      3: list<constraints.SQLForeignKey> foreignKeys, 4: list<constraints.SQLUniqueConstraint> uniqueConstraints,
      5: list<constraints.SQLNotNullConstraint> notNullConstraints,
      6: list<constraints.SQLDefaultConstraint> defaultConstraints,
      7: list<constraints.SQLCheckConstraint> checkConstraints) throws (1: errors.AlreadyExistsException o1,
      2: errors.InvalidObjectException o2, 3: errors.MetaException o3, 4: errors.NoSuchObjectException o4)
  void create_table_req(1: tables.CreateTableRequest request) throws (1: errors.AlreadyExistsException o1,
      2: errors.InvalidObjectException o2, 3: errors.MetaException o3, 4: errors.NoSuchObjectException o4)
  // The table as create_table would keep it.
  objects.Table translate_table_dryrun(1: tables.CreateTableRequest request)
      throws (1: errors.AlreadyExistsException o1, 2: errors.InvalidObjectException o2, 3: errors.MetaException o3,
      4: errors.NoSuchObjectException o4)

  // ---- Tables and views: reading ----
  // Until 3.1; Spark, PyIceberg, Flink.
  objects.Table get_table(1: string dbname, 2: string tbl_name) throws (1: errors.MetaException o1,
      2: errors.NoSuchObjectException o2)
  // Trino; Hive since 3.1. Table ids and write ids are not compared.
  tables.GetTableResult get_table_req(1: tables.GetTableRequest req) throws (1: errors.MetaException o1,
      2: errors.NoSuchObjectException o2)
  // Until 3.1; PyIceberg, Spark. Unknown names are left out.
  list<objects.Table> get_table_objects_by_name(1: string dbname, 2: list<string> tbl_names)
  tables.GetTablesResult get_table_objects_by_name_req(1: tables.GetTablesRequest req)
      throws (1: errors.MetaException o1, 2: errors.InvalidOperationException o2, 3: errors.UnknownDBException o3)
  list<string> get_tables(1: string db_name, 2: string pattern) throws (1: errors.MetaException o1)
  // Spark, Iceberg.
  list<string> get_tables_by_type(1: string db_name, 2: string pattern, 3: string tableType)
      throws (1: errors.MetaException o1)
  list<string> get_all_tables(1: string db_name) throws (1: errors.MetaException o1)
  list<tables.ExtendedTableInfo> get_tables_ext(1: tables.GetTablesExtRequest req) throws (1: errors.MetaException o1)
  // Trino.
  list<objects.TableMeta> get_table_meta(1: string db_patterns, 2: string tbl_patterns, 3: list<string> tbl_types)
      throws (1: errors.MetaException o1)
  list<string> get_table_names_by_filter(1: string dbname, 2: string filter, 3: i16 max_tables = -1)
      throws (1: errors.MetaException o1, 2: errors.InvalidOperationException o2, 3: errors.UnknownDBException o3)
  list<string> get_materialized_views_for_rewriting(1: string db_name) throws (1: errors.MetaException o1)
  list<objects.Table> get_all_materialized_view_objects_for_rewriting() throws (1: errors.MetaException o1)

  // ---- Tables and views: changing, dropping ----
  void alter_table(1: string dbname, 2: string tbl_name, 3: objects.Table new_tbl)
      throws (1: errors.InvalidOperationException o1, 2: errors.MetaException o2)
  // Everyone; Iceberg commits by it.
  void alter_table_with_environment_context(1: string dbname, 2: string tbl_name, 3: objects.Table new_tbl,
      4: objects.EnvironmentContext environment_context) throws (1: errors.InvalidOperationException o1,
      2: errors.MetaException o2)
  void alter_table_with_cascade(1: string dbname, 2: string tbl_name, 3: objects.Table new_tbl, 4: bool cascade)
      throws (1: errors.InvalidOperationException o1, 2: errors.MetaException o2)
  tables.AlterTableResponse alter_table_req(1: tables.AlterTableRequest req)
      throws (1: errors.InvalidOperationException o1, 2: errors.MetaException o2)
  void update_creation_metadata(1: string catName, 2: string dbname, 3: string tbl_name,
      4: objects.CreationMetadata creation_metadata) throws (1: errors.MetaException o1,
      2: errors.InvalidOperationException o2, 3: errors.UnknownDBException o3)
  void truncate_table(1: string dbName, 2: string tableName, 3: list<string> partNames)
      throws (1: errors.MetaException o1)
  tables.TruncateTableResponse truncate_table_req(1: tables.TruncateTableRequest req)
      throws (1: errors.MetaException o1)
  void drop_table(1: string dbname, 2: string name, 3: bool deleteData) throws (1: errors.NoSuchObjectException o1,
      2: errors.MetaException o3)
  void drop_table_with_environment_context(1: string dbname, 2: string name, 3: bool deleteData,
      4: objects.EnvironmentContext environment_context) throws (1: errors.NoSuchObjectException o1,
      2: errors.MetaException o3)
  void drop_table_req(1: tables.DropTableRequest dropTableReq) throws (1: errors.NoSuchObjectException o1,
      2: errors.MetaException o3)

  // ---- Partitions: adding whole ones, or appending ones of default shape ----
  objects.Partition add_partition(1: objects.Partition new_part) throws (1: errors.InvalidObjectException o1,
      2: errors.AlreadyExistsException o2, 3: errors.MetaException o3)
  // Flink, Spark.
  objects.Partition add_partition_with_environment_context(1: objects.Partition new_part,
      2: objects.EnvironmentContext environment_context) throws (1: errors.InvalidObjectException o1,
      2: errors.AlreadyExistsException o2, 3: errors.MetaException o3)
  // Trino.
  i32 add_partitions(1: list<objects.Partition> new_parts) throws (1: errors.InvalidObjectException o1,
      2: errors.AlreadyExistsException o2, 3: errors.MetaException o3)
  // Spark, Hive.
  partitions.AddPartitionsResult add_partitions_req(1: partitions.AddPartitionsRequest request)
      throws (1: errors.InvalidObjectException o1, 2: errors.AlreadyExistsException o2, 3: errors.MetaException o3)
  i32 add_partitions_pspec(1: list<objects.PartitionSpec> new_parts) throws (1: errors.InvalidObjectException o1,
      2: errors.AlreadyExistsException o2, 3: errors.MetaException o3)
  objects.Partition append_partition(1: string db_name, 2: string tbl_name, 3: list<string> part_vals)
      throws (1: errors.InvalidObjectException o1, 2: errors.AlreadyExistsException o2, 3: errors.MetaException o3)
  objects.Partition append_partition_with_environment_context(1: string db_name, 2: string tbl_name,
      3: list<string> part_vals, 4: objects.EnvironmentContext environment_context)
      throws (1: errors.InvalidObjectException o1, 2: errors.AlreadyExistsException o2, 3: errors.MetaException o3)
  objects.Partition append_partition_by_name(1: string db_name, 2: string tbl_name, 3: string part_name)
      throws (1: errors.InvalidObjectException o1, 2: errors.AlreadyExistsException o2, 3: errors.MetaException o3)
  objects.Partition append_partition_by_name_with_environment_context(1: string db_name, 2: string tbl_name,
      3: string part_name, 4: objects.EnvironmentContext environment_context)
      throws (1: errors.InvalidObjectException o1, 2: errors.AlreadyExistsException o2, 3: errors.MetaException o3)
  objects.Partition append_partition_req(1: partitions.AppendPartitionsRequest appendPartitionsReq)
      throws (1: errors.InvalidObjectException o1, 2: errors.AlreadyExistsException o2, 3: errors.MetaException o3)

  // ---- Partitions: one ----
  // Trino asks before each write, Flink as well.
  objects.Partition get_partition(1: string db_name, 2: string tbl_name, 3: list<string> part_vals)
      throws (1: errors.MetaException o1, 2: errors.NoSuchObjectException o2)
  partitions.GetPartitionResponse get_partition_req(1: partitions.GetPartitionRequest req)
      throws (1: errors.MetaException o1, 2: errors.NoSuchObjectException o2)
  // Spark. Grants come along.
  objects.Partition get_partition_with_auth(1: string db_name, 2: string tbl_name, 3: list<string> part_vals,
      4: string user_name, 5: list<string> group_names) throws (1: errors.MetaException o1,
      2: errors.NoSuchObjectException o2)
  objects.Partition get_partition_by_name(1: string db_name, 2: string tbl_name, 3: string part_name)
      throws (1: errors.MetaException o1, 2: errors.NoSuchObjectException o2)

  // ---- Partitions: lists, in the order of names ----
  // max_parts below 0 means all, 0 none. `_ps` calls take leading values, of which the empty text matches any; `_pspec`
  // and `_specs` calls answer in the compact form.
  list<objects.Partition> get_partitions(1: string db_name, 2: string tbl_name, 3: i16 max_parts = -1)
      throws (1: errors.NoSuchObjectException o1, 2: errors.MetaException o2)
  partitions.PartitionsResponse get_partitions_req(1: partitions.PartitionsRequest req)
      throws (1: errors.NoSuchObjectException o1, 2: errors.MetaException o2)
  list<objects.Partition> get_partitions_with_auth(1: string db_name, 2: string tbl_name, 3: i16 max_parts = -1,
      4: string user_name, 5: list<string> group_names) throws (1: errors.NoSuchObjectException o1,
      2: errors.MetaException o2)
  list<objects.PartitionSpec> get_partitions_pspec(1: string db_name, 2: string tbl_name, 3: i32 max_parts = -1)
      throws (1: errors.NoSuchObjectException o1, 2: errors.MetaException o2)
  list<objects.Partition> get_partitions_ps(1: string db_name, 2: string tbl_name, 3: list<string> part_vals,
      4: i16 max_parts = -1) throws (1: errors.MetaException o1, 2: errors.NoSuchObjectException o2)
  // Spark. Mind the order of the exceptions, which is its alone.
  list<objects.Partition> get_partitions_ps_with_auth(1: string db_name, 2: string tbl_name,
      3: list<string> part_vals, 4: i16 max_parts = -1, 5: string user_name, 6: list<string> group_names)
      throws (1: errors.NoSuchObjectException o1, 2: errors.MetaException o2)
  partitions.GetPartitionsPsWithAuthResponse get_partitions_ps_with_auth_req(
      1: partitions.GetPartitionsPsWithAuthRequest req) throws (1: errors.MetaException o1,
      2: errors.NoSuchObjectException o2)
  // Spark.
  list<objects.Partition> get_partitions_by_filter(1: string db_name, 2: string tbl_name, 3: string filter,
      4: i16 max_parts = -1) throws (1: errors.MetaException o1, 2: errors.NoSuchObjectException o2)
  list<objects.Partition> get_partitions_by_filter_req(1: partitions.GetPartitionsByFilterRequest req)
      throws (1: errors.MetaException o1, 2: errors.NoSuchObjectException o2)
  // Flink.
  list<objects.PartitionSpec> get_part_specs_by_filter(1: string db_name, 2: string tbl_name, 3: string filter,
      4: i32 max_parts = -1) throws (1: errors.MetaException o1, 2: errors.NoSuchObjectException o2)
  partitions.PartitionsByExprResult get_partitions_by_expr(1: partitions.PartitionsByExprRequest req)
      throws (1: errors.MetaException o1, 2: errors.NoSuchObjectException o2)
  partitions.PartitionsSpecByExprResult get_partitions_spec_by_expr(1: partitions.PartitionsByExprRequest req)
      throws (1: errors.MetaException o1, 2: errors.NoSuchObjectException o2)
  // Trino, Flink. InvalidObjectException is known since 4.0.
  list<objects.Partition> get_partitions_by_names(1: string db_name, 2: string tbl_name, 3: list<string> names)
      throws (1: errors.MetaException o1, 2: errors.NoSuchObjectException o2, 3: errors.InvalidObjectException o3)
  partitions.GetPartitionsByNamesResult get_partitions_by_names_req(1: partitions.GetPartitionsByNamesRequest req)
      throws (1: errors.MetaException o1, 2: errors.NoSuchObjectException o2, 3: errors.InvalidObjectException o3)
  partitions.GetPartitionsResponse get_partitions_with_specs(1: partitions.GetPartitionsRequest request)
      throws (1: errors.MetaException o1)

  // ---- Partitions: names, values, counts ----
  // 2.3 declares MetaException alone.
  list<string> get_partition_names(1: string db_name, 2: string tbl_name, 3: i16 max_parts = -1)
      throws (1: errors.NoSuchObjectException o1, 2: errors.MetaException o2)
  list<string> fetch_partition_names_req(1: partitions.PartitionsRequest partitionReq)
      throws (1: errors.NoSuchObjectException o1, 2: errors.MetaException o2)
  // Trino, Spark, Hive.
  list<string> get_partition_names_ps(1: string db_name, 2: string tbl_name, 3: list<string> part_vals,
      4: i16 max_parts = -1) throws (1: errors.MetaException o1, 2: errors.NoSuchObjectException o2)
  partitions.GetPartitionNamesPsResponse get_partition_names_ps_req(1: partitions.GetPartitionNamesPsRequest req)
      throws (1: errors.MetaException o1, 2: errors.NoSuchObjectException o2)
  list<string> get_partition_names_req(1: partitions.PartitionsByExprRequest req) throws (1: errors.MetaException o1,
      2: errors.NoSuchObjectException o2)
  partitions.PartitionValuesResponse get_partition_values(1: partitions.PartitionValuesRequest request)
      throws (1: errors.MetaException o1, 2: errors.NoSuchObjectException o2)
  i32 get_num_partitions_by_filter(1: string db_name, 2: string tbl_name, 3: string filter)
      throws (1: errors.MetaException o1, 2: errors.NoSuchObjectException o2)
  bool partition_name_has_valid_characters(1: list<string> part_vals, 2: bool throw_exception)
      throws (1: errors.MetaException o1)
  // These three need no table.
  list<string> partition_name_to_vals(1: string part_name) throws (1: errors.MetaException o1)
  map<string, string> partition_name_to_spec(1: string part_name) throws (1: errors.MetaException o1)

  // ---- Partitions: changing ----
  void alter_partition(1: string db_name, 2: string tbl_name, 3: objects.Partition new_part)
      throws (1: errors.InvalidOperationException o1, 2: errors.MetaException o2)
  // Flink.
  void alter_partition_with_environment_context(1: string db_name, 2: string tbl_name, 3: objects.Partition new_part,
      4: objects.EnvironmentContext environment_context) throws (1: errors.InvalidOperationException o1,
      2: errors.MetaException o2)
  void alter_partitions(1: string db_name, 2: string tbl_name, 3: list<objects.Partition> new_parts)
      throws (1: errors.InvalidOperationException o1, 2: errors.MetaException o2)
  // Spark, Hive.
  void alter_partitions_with_environment_context(1: string db_name, 2: string tbl_name,
      3: list<objects.Partition> new_parts, 4: objects.EnvironmentContext environment_context)
      throws (1: errors.InvalidOperationException o1, 2: errors.MetaException o2)
  partitions.AlterPartitionsResponse alter_partitions_req(1: partitions.AlterPartitionsRequest req)
      throws (1: errors.InvalidOperationException o1, 2: errors.MetaException o2)
  void rename_partition(1: string db_name, 2: string tbl_name, 3: list<string> part_vals,
      4: objects.Partition new_part) throws (1: errors.InvalidOperationException o1, 2: errors.MetaException o2)
  partitions.RenamePartitionResponse rename_partition_req(1: partitions.RenamePartitionRequest req)
      throws (1: errors.InvalidOperationException o1, 2: errors.MetaException o2)
  // Moves partitions from a table to another of the same shape.
  objects.Partition exchange_partition(1: map<string, string> partitionSpecs, 2: string source_db,
      3: string source_table_name, 4: string dest_db, 5: string dest_table_name) throws (1: errors.MetaException o1,
      2: errors.NoSuchObjectException o2, 3: errors.InvalidObjectException o3, 4: errors.InvalidInputException o4)
  list<objects.Partition> exchange_partitions(1: map<string, string> partitionSpecs, 2: string source_db,
      3: string source_table_name, 4: string dest_db, 5: string dest_table_name) throws (1: errors.MetaException o1,
      2: errors.NoSuchObjectException o2, 3: errors.InvalidObjectException o3, 4: errors.InvalidInputException o4)

  // ---- Partitions: dropping ----
  bool drop_partition(1: string db_name, 2: string tbl_name, 3: list<string> part_vals, 4: bool deleteData)
      throws (1: errors.NoSuchObjectException o1, 2: errors.MetaException o2)
  // Spark.
  bool drop_partition_with_environment_context(1: string db_name, 2: string tbl_name, 3: list<string> part_vals,
      4: bool deleteData, 5: objects.EnvironmentContext environment_context)
      throws (1: errors.NoSuchObjectException o1, 2: errors.MetaException o2)
  bool drop_partition_by_name(1: string db_name, 2: string tbl_name, 3: string part_name, 4: bool deleteData)
      throws (1: errors.NoSuchObjectException o1, 2: errors.MetaException o2)
  bool drop_partition_by_name_with_environment_context(1: string db_name, 2: string tbl_name, 3: string part_name,
      4: bool deleteData, 5: objects.EnvironmentContext environment_context)
      throws (1: errors.NoSuchObjectException o1, 2: errors.MetaException o2)
  bool drop_partition_req(1: partitions.DropPartitionRequest dropPartitionReq)
      throws (1: errors.NoSuchObjectException o1, 2: errors.MetaException o2)
  // By names, or by expressions.
  partitions.DropPartitionsResult drop_partitions_req(1: partitions.DropPartitionsRequest req)
      throws (1: errors.NoSuchObjectException o1, 2: errors.MetaException o2)

  // ---- Statistics of columns ----
  bool update_table_column_statistics(1: objects.ColumnStatistics stats_obj)
      throws (1: errors.NoSuchObjectException o1, 2: errors.InvalidObjectException o2, 3: errors.MetaException o3,
      4: errors.InvalidInputException o4)
  tables.SetPartitionsStatsResponse update_table_column_statistics_req(1: tables.SetPartitionsStatsRequest req)
      throws (1: errors.NoSuchObjectException o1, 2: errors.InvalidObjectException o2, 3: errors.MetaException o3,
      4: errors.InvalidInputException o4)
  bool update_partition_column_statistics(1: objects.ColumnStatistics stats_obj)
      throws (1: errors.NoSuchObjectException o1, 2: errors.InvalidObjectException o2, 3: errors.MetaException o3,
      4: errors.InvalidInputException o4)
  tables.SetPartitionsStatsResponse update_partition_column_statistics_req(1: tables.SetPartitionsStatsRequest req)
      throws (1: errors.NoSuchObjectException o1, 2: errors.InvalidObjectException o2, 3: errors.MetaException o3,
      4: errors.InvalidInputException o4)
  bool set_aggr_stats_for(1: tables.SetPartitionsStatsRequest request) throws (1: errors.NoSuchObjectException o1,
      2: errors.InvalidObjectException o2, 3: errors.MetaException o3, 4: errors.InvalidInputException o4)
  objects.ColumnStatistics get_table_column_statistics(1: string db_name, 2: string tbl_name, 3: string col_name)
      throws (1: errors.NoSuchObjectException o1, 2: errors.MetaException o2, 3: errors.InvalidInputException o3,
      4: errors.InvalidObjectException o4)
  objects.ColumnStatistics get_partition_column_statistics(1: string db_name, 2: string tbl_name, 3: string part_name,
      4: string col_name) throws (1: errors.NoSuchObjectException o1, 2: errors.MetaException o2,
      3: errors.InvalidInputException o3, 4: errors.InvalidObjectException o4)
  // Trino, Flink, Hive.
  tables.TableStatsResult get_table_statistics_req(1: tables.TableStatsRequest request)
      throws (1: errors.NoSuchObjectException o1, 2: errors.MetaException o2)
  tables.PartitionsStatsResult get_partitions_statistics_req(1: tables.PartitionsStatsRequest request)
      throws (1: errors.NoSuchObjectException o1, 2: errors.MetaException o2)
  // Rolled up over the partitions named.
  objects.AggrStats get_aggr_stats_for(1: tables.PartitionsStatsRequest request)
      throws (1: errors.NoSuchObjectException o1, 2: errors.MetaException o2)
  bool delete_table_column_statistics(1: string db_name, 2: string tbl_name, 3: string col_name, 4: string engine)
      throws (1: errors.NoSuchObjectException o1, 2: errors.MetaException o2, 3: errors.InvalidObjectException o3,
      4: errors.InvalidInputException o4)
  bool delete_partition_column_statistics(1: string db_name, 2: string tbl_name, 3: string part_name,
      4: string col_name, 5: string engine) throws (1: errors.NoSuchObjectException o1, 2: errors.MetaException o2,
      3: errors.InvalidObjectException o3, 4: errors.InvalidInputException o4)

  // ---- Functions ----
  void create_function(1: objects.Function func) throws (1: errors.AlreadyExistsException o1,
      2: errors.InvalidObjectException o2, 3: errors.MetaException o3, 4: errors.NoSuchObjectException o4)
  void alter_function(1: string dbName, 2: string funcName, 3: objects.Function newFunc)
      throws (1: errors.InvalidOperationException o1, 2: errors.MetaException o2)
  void drop_function(1: string dbName, 2: string funcName) throws (1: errors.NoSuchObjectException o1,
      2: errors.MetaException o3)
  objects.Function get_function(1: string dbName, 2: string funcName) throws (1: errors.MetaException o1,
      2: errors.NoSuchObjectException o2)
  // Spark, Trino: pattern as of get_databases.
  list<string> get_functions(1: string dbName, 2: string pattern) throws (1: errors.MetaException o1)
  // Flink, Hive.
  tables.GetAllFunctionsResponse get_all_functions() throws (1: errors.MetaException o1)

  // ---- Constraints ----
  void add_primary_key(1: constraints.AddPrimaryKeyRequest req) throws (1: errors.NoSuchObjectException o1,
      2: errors.MetaException o2)
  void add_foreign_key(1: constraints.AddForeignKeyRequest req) throws (1: errors.NoSuchObjectException o1,
      2: errors.MetaException o2)
  void add_unique_constraint(1: constraints.AddUniqueConstraintRequest req)
      throws (1: errors.NoSuchObjectException o1, 2: errors.MetaException o2)
  void add_not_null_constraint(1: constraints.AddNotNullConstraintRequest req)
      throws (1: errors.NoSuchObjectException o1, 2: errors.MetaException o2)
  void add_default_constraint(1: constraints.AddDefaultConstraintRequest req)
      throws (1: errors.NoSuchObjectException o1, 2: errors.MetaException o2)
  void add_check_constraint(1: constraints.AddCheckConstraintRequest req) throws (1: errors.NoSuchObjectException o1,
      2: errors.MetaException o2)
  void drop_constraint(1: constraints.DropConstraintRequest req) throws (1: errors.NoSuchObjectException o1,
      2: errors.MetaException o3)
  // Flink asks for these and the NOT NULL ones after each table that it reads.
  constraints.PrimaryKeysResponse get_primary_keys(1: constraints.PrimaryKeysRequest request)
      throws (1: errors.MetaException o1, 2: errors.NoSuchObjectException o2)
  constraints.ForeignKeysResponse get_foreign_keys(1: constraints.ForeignKeysRequest request)
      throws (1: errors.MetaException o1, 2: errors.NoSuchObjectException o2)
  constraints.UniqueConstraintsResponse get_unique_constraints(1: constraints.UniqueConstraintsRequest request)
      throws (1: errors.MetaException o1, 2: errors.NoSuchObjectException o2)
  constraints.NotNullConstraintsResponse get_not_null_constraints(1: constraints.NotNullConstraintsRequest request)
      throws (1: errors.MetaException o1, 2: errors.NoSuchObjectException o2)
  constraints.DefaultConstraintsResponse get_default_constraints(1: constraints.DefaultConstraintsRequest request)
      throws (1: errors.MetaException o1, 2: errors.NoSuchObjectException o2)
  constraints.CheckConstraintsResponse get_check_constraints(1: constraints.CheckConstraintsRequest request)
      throws (1: errors.MetaException o1, 2: errors.NoSuchObjectException o2)
  constraints.AllTableConstraintsResponse get_all_table_constraints(1: constraints.AllTableConstraintsRequest request)
      throws (1: errors.MetaException o1, 2: errors.NoSuchObjectException o2)

  // ---- Roles ----
  bool create_role(1: access.Role role) throws (1: errors.MetaException o1)
  bool drop_role(1: string role_name) throws (1: errors.MetaException o1)
  list<string> get_role_names() throws (1: errors.MetaException o1)
  bool grant_role(1: string role_name, 2: string principal_name, 3: access.PrincipalType principal_type,
      4: string grantor, 5: access.PrincipalType grantorType, 6: bool grant_option)
      throws (1: errors.MetaException o1)
  bool revoke_role(1: string role_name, 2: string principal_name, 3: access.PrincipalType principal_type)
      throws (1: errors.MetaException o1)
  access.GrantRevokeRoleResponse grant_revoke_role(1: access.GrantRevokeRoleRequest request)
      throws (1: errors.MetaException o1)
  list<access.Role> list_roles(1: string principal_name, 2: access.PrincipalType principal_type)
      throws (1: errors.MetaException o1)
  access.GetPrincipalsInRoleResponse get_principals_in_role(1: access.GetPrincipalsInRoleRequest request)
      throws (1: errors.MetaException o1)
  access.GetRoleGrantsForPrincipalResponse get_role_grants_for_principal(
      1: access.GetRoleGrantsForPrincipalRequest request) throws (1: errors.MetaException o1)

  // ---- Privileges ----
  access.PrincipalPrivilegeSet get_privilege_set(1: access.HiveObjectRef hiveObject, 2: string user_name,
      3: list<string> group_names) throws (1: errors.MetaException o1)
  // Trino.
  list<access.HiveObjectPrivilege> list_privileges(1: string principal_name, 2: access.PrincipalType principal_type,
      3: access.HiveObjectRef hiveObject) throws (1: errors.MetaException o1)
  bool grant_privileges(1: access.PrivilegeBag privileges) throws (1: errors.MetaException o1)
  bool revoke_privileges(1: access.PrivilegeBag privileges) throws (1: errors.MetaException o1)
  // Trino, Hive.
  access.GrantRevokePrivilegeResponse grant_revoke_privileges(1: access.GrantRevokePrivilegeRequest request)
      throws (1: errors.MetaException o1)
  access.GrantRevokePrivilegeResponse refresh_privileges(1: access.HiveObjectRef objToRefresh, 2: string authorizer,
      3: access.GrantRevokePrivilegeRequest grantRequest) throws (1: errors.MetaException o1)

  // ---- Transactions and write ids ----
  transactions.OpenTxnsResponse open_txns(1: transactions.OpenTxnRequest rqst)
  void commit_txn(1: transactions.CommitTxnRequest rqst) throws (1: errors.NoSuchTxnException o1,
      2: errors.TxnAbortedException o2)
  void abort_txn(1: transactions.AbortTxnRequest rqst) throws (1: errors.NoSuchTxnException o1)
  void abort_txns(1: transactions.AbortTxnsRequest rqst) throws (1: errors.NoSuchTxnException o1)
  // Since 3.0 with a list in its answer.
  transactions.GetOpenTxnsResponse get_open_txns()
  transactions.GetOpenTxnsInfoResponse get_open_txns_info()
  transactions.GetOpenTxnsResponse get_open_txns_req(1: transactions.GetOpenTxnsRequest getOpenTxnsRequest)
  i64 get_latest_txnid_in_conflict(1: i64 txnId) throws (1: errors.MetaException o1)
  transactions.AllocateTableWriteIdsResponse allocate_table_write_ids(
      1: transactions.AllocateTableWriteIdsRequest rqst) throws (1: errors.NoSuchTxnException o1,
      2: errors.TxnAbortedException o2, 3: errors.MetaException o3)
  transactions.MaxAllocatedTableWriteIdResponse get_max_allocated_table_write_id(
      1: transactions.MaxAllocatedTableWriteIdRequest rqst) throws (1: errors.MetaException o1)
  transactions.GetValidWriteIdsResponse get_valid_write_ids(1: transactions.GetValidWriteIdsRequest rqst)
      throws (1: errors.NoSuchTxnException o1, 2: errors.MetaException o2)
  void add_write_ids_to_min_history(1: i64 txnId, 2: map<string, i64> writeIds) throws (1: errors.MetaException o2)
  void add_dynamic_partitions(1: transactions.AddDynamicPartitions rqst) throws (1: errors.NoSuchTxnException o1,
      2: errors.TxnAbortedException o2)

  // ---- Locks and heartbeats ----
  // Iceberg and Hive lock so; a lock that waits is asked for again by check_lock.
  // Iceberg, PyIceberg, Hive, Trino.
  transactions.LockResponse lock(1: transactions.LockRequest rqst) throws (1: errors.NoSuchTxnException o1,
      2: errors.TxnAbortedException o2)
  transactions.LockResponse check_lock(1: transactions.CheckLockRequest rqst) throws (1: errors.NoSuchTxnException o1,
      2: errors.TxnAbortedException o2, 3: errors.NoSuchLockException o3)
  void unlock(1: transactions.UnlockRequest rqst) throws (1: errors.NoSuchLockException o1,
      2: errors.TxnOpenException o2)
  transactions.ShowLocksResponse show_locks(1: transactions.ShowLocksRequest rqst)
  void heartbeat(1: transactions.HeartbeatRequest ids) throws (1: errors.NoSuchLockException o1,
      2: errors.NoSuchTxnException o2, 3: errors.TxnAbortedException o3)
  transactions.HeartbeatTxnRangeResponse heartbeat_txn_range(1: transactions.HeartbeatTxnRangeRequest txns)

  // ---- Compactions ----
  transactions.ShowCompactResponse show_compact(1: transactions.ShowCompactRequest rqst)

  // ---- Notification events ----
  transactions.NotificationEventResponse get_next_notification(1: transactions.NotificationEventRequest rqst)
  transactions.CurrentNotificationEventId get_current_notificationEventId()
  transactions.NotificationEventsCountResponse get_notification_events_count(
      1: transactions.NotificationEventsCountRequest rqst)
}
