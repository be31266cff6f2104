// Constraints of tables: one struct per column of a constraint.
namespace py hive_thrift.constraints
namespace cpp lodestone.hive.thrift

include "objects.thrift"

// ---- Kinds ----
// key_seq counts from 1. Since 3.1 the catalog comes along; the four newer kinds have it first.
struct SQLPrimaryKey {
  1: string table_db
  2: string table_name
  3: string column_name
  4: i32 key_seq
  5: string pk_name
  6: bool enable_cstr
  7: bool validate_cstr
  8: bool rely_cstr
  9: optional string catName  // since 3.1
}

// Columns of the table fktable that point at those of pktable.
struct SQLForeignKey {
  1: string pktable_db
  2: string pktable_name
  3: string pkcolumn_name
  4: string fktable_db
  5: string fktable_name
  6: string fkcolumn_name
  7: i32 key_seq
  8: i32 update_rule
  9: i32 delete_rule
  10: string fk_name
  11: string pk_name
  12: bool enable_cstr
  13: bool validate_cstr
  14: bool rely_cstr
  15: optional string catName  // since 3.1
}

struct SQLUniqueConstraint {
  1: string catName
  2: string table_db
  3: string table_name
  4: string column_name
  5: i32 key_seq
  6: string uk_name
  7: bool enable_cstr
  8: bool validate_cstr
  9: bool rely_cstr
}

struct SQLNotNullConstraint {
  1: string catName
  2: string table_db
  3: string table_name
  4: string column_name
  5: string nn_name
  6: bool enable_cstr
  7: bool validate_cstr
  8: bool rely_cstr
}

struct SQLDefaultConstraint {
  1: string catName
  2: string table_db
  3: string table_name
  4: string column_name
  5: string default_value
  6: string dc_name
  7: bool enable_cstr
  8: bool validate_cstr
  9: bool rely_cstr
}

struct SQLCheckConstraint {
  1: string catName
  2: string table_db
  3: string table_name
  4: string column_name
  5: string check_expression
  6: string dc_name
  7: bool enable_cstr
  8: bool validate_cstr
  9: bool rely_cstr
}

// Of one table.
struct SQLAllTableConstraints {
  1: optional list<SQLPrimaryKey> primaryKeys
  2: optional list<SQLForeignKey> foreignKeys
  3: optional list<SQLUniqueConstraint> uniqueConstraints
  4: optional list<SQLNotNullConstraint> notNullConstraints
  5: optional list<SQLDefaultConstraint> defaultConstraints
  6: optional list<SQLCheckConstraint> checkConstraints
}

// ---- Adding and dropping ----
struct AddPrimaryKeyRequest { 1: required list<SQLPrimaryKey> primaryKeyCols }
struct AddForeignKeyRequest { 1: required list<SQLForeignKey> foreignKeyCols }
struct AddUniqueConstraintRequest { 1: required list<SQLUniqueConstraint> uniqueConstraintCols }
struct AddNotNullConstraintRequest { 1: required list<SQLNotNullConstraint> notNullConstraintCols }
struct AddDefaultConstraintRequest { 1: required list<SQLDefaultConstraint> defaultConstraintCols }
struct AddCheckConstraintRequest { 1: required list<SQLCheckConstraint> checkConstraintCols }

struct DropConstraintRequest {
  1: required string dbname
  2: required string tablename
  3: required string constraintname
  4: optional string catName  // since 3.1
}

// ---- Listing ----
struct PrimaryKeysRequest {
  1: required string db_name
  2: required string tbl_name
  3: optional string catName  // since 3.1
  4: optional string validWriteIdList  // since 4.0
  5: optional i64 tableId = -1  // since 4.0
}

struct PrimaryKeysResponse { 1: required list<SQLPrimaryKey> primaryKeys }

// By child, by parent, or by both; absent or empty names match any.
struct ForeignKeysRequest {
  1: string parent_db_name
  2: string parent_tbl_name
  3: string foreign_db_name
  4: string foreign_tbl_name
  5: optional string catName  // since 3.1
  6: optional string validWriteIdList  // since 4.0
  7: optional i64 tableId = -1  // since 4.0
}

struct ForeignKeysResponse { 1: required list<SQLForeignKey> foreignKeys }

struct UniqueConstraintsRequest {
  1: required string catName
  2: required string db_name
  3: required string tbl_name
  4: optional string validWriteIdList  // since 4.0
  5: optional i64 tableId = -1  // since 4.0
}

struct UniqueConstraintsResponse { 1: required list<SQLUniqueConstraint> uniqueConstraints }

struct NotNullConstraintsRequest {
  1: required string catName
  2: required string db_name
  3: required string tbl_name
  4: optional string validWriteIdList  // since 4.0
  5: optional i64 tableId = -1  // since 4.0
}

struct NotNullConstraintsResponse { 1: required list<SQLNotNullConstraint> notNullConstraints }

struct DefaultConstraintsRequest {
  1: required string catName
  2: required string db_name
  3: required string tbl_name
  4: optional string validWriteIdList  // since 4.0
  5: optional i64 tableId = -1  // since 4.0
}

struct DefaultConstraintsResponse { 1: required list<SQLDefaultConstraint> defaultConstraints }

struct CheckConstraintsRequest {
  1: required string catName
  2: required string db_name
  3: required string tbl_name
  4: optional string validWriteIdList  // since 4.0
  5: optional i64 tableId = -1  // since 4.0
}

struct CheckConstraintsResponse { 1: required list<SQLCheckConstraint> checkConstraints }

struct AllTableConstraintsRequest {
  1: required string dbName
  2: required string tblName
  3: required string catName
  4: optional string validWriteIdList
  5: optional i64 tableId = -1
}

struct AllTableConstraintsResponse { 1: required SQLAllTableConstraints allTableConstraints }
