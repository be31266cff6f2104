// What is made alike before it is stored.
#include "catalog/base/strings.h"
#include "catalog/model/validate.h"

namespace lodestone::model {

namespace {

void Lower(std::string* text) { *text = base::AsciiLower(*text); }

v1::PrincipalType OrUser(v1::PrincipalType type) { return type == v1::PRINCIPAL_TYPE_UNSPECIFIED ? v1::USER : type; }

// Hive says twice whether a table is external. The parameter decides where it is there; otherwise it is made to say
// what the type says.
void AgreeOnExternal(v1::Table* table) {
  constexpr const char* kExternal = "EXTERNAL";
  if (table->table_type() != v1::MANAGED_TABLE && table->table_type() != v1::EXTERNAL_TABLE) return;
  auto& parameters = *table->mutable_parameters();
  const auto entry = parameters.find(kExternal);
  if (entry != parameters.end()) {
    table->set_table_type(base::EqualsIgnoreCase(entry->second, "true") ? v1::EXTERNAL_TABLE : v1::MANAGED_TABLE);
  } else if (table->table_type() == v1::EXTERNAL_TABLE) {
    parameters[kExternal] = "TRUE";
  }
}

}  // namespace

void Normalize(v1::Database* database) {
  Lower(database->mutable_name());
  database->set_owner_type(OrUser(database->owner_type()));
}

void Normalize(v1::Table* table) {
  Lower(table->mutable_database());
  Lower(table->mutable_name());
  for (v1::Column& key : *table->mutable_partition_keys()) Lower(key.mutable_name());
  if (table->has_storage_descriptor()) {
    v1::StorageDescriptor* descriptor = table->mutable_storage_descriptor();
    for (v1::Column& column : *descriptor->mutable_columns()) Lower(column.mutable_name());
    for (std::string& column : *descriptor->mutable_bucket_columns()) Lower(&column);
    for (v1::Order& order : *descriptor->mutable_sort_columns()) Lower(order.mutable_column());
    if (descriptor->has_skewed_info()) {
      for (std::string& column : *descriptor->mutable_skewed_info()->mutable_columns()) Lower(&column);
    }
  }
  if (table->table_type() == v1::TABLE_TYPE_UNSPECIFIED) table->set_table_type(v1::MANAGED_TABLE);
  table->set_owner_type(OrUser(table->owner_type()));
  AgreeOnExternal(table);
}

void Normalize(v1::Function* function) {
  Lower(function->mutable_database());
  Lower(function->mutable_name());
  function->set_owner_type(OrUser(function->owner_type()));
}

void Normalize(v1::Constraint* constraint) {
  Lower(constraint->mutable_name());
  for (std::string& column : *constraint->mutable_columns()) Lower(&column);
  Lower(constraint->mutable_parent_database());
  Lower(constraint->mutable_parent_table());
  for (std::string& column : *constraint->mutable_parent_columns()) Lower(&column);
  Lower(constraint->mutable_parent_constraint());
}

}  // namespace lodestone::model
