// The catalog as one would write it down on paper: maps of maps, copied freely. Written from docs/semantics alone;
// knows nothing of ids, records or pages.
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "tests/model/operations.h"

namespace lodestone::twin {

// What calls answer, as text.
inline const std::string kOk = "OK";
inline const std::string kNotFound = "NOT_FOUND";
inline const std::string kExists = "ALREADY_EXISTS";
inline const std::string kInvalid = "INVALID_ARGUMENT";
inline const std::string kRefused = "FAILED_PRECONDITION";

struct ModelPartition {
  Names values;
  int64_t create_time = 0;
  std::string parameter;
  std::string location;
  std::map<std::string, std::string> statistics;
};

struct ModelConstraint {
  bool primary = false;
  int64_t parent = 0;  // the uid of a table
};

struct ModelTable {
  int64_t uid = 0;  // names it for foreign keys, whatever it is called
  TableKind kind = TableKind::kPlain;
  int64_t create_time = 0;
  std::string parameter;
  std::string location;
  std::string first_key = "k0";
  std::map<std::string, ModelPartition> partitions;  // by escaped values
  std::map<std::string, std::string> statistics;
  std::map<std::string, ModelConstraint> constraints;
};

// What was dropped under a name, the latest last.
template <typename T>
using DroppedStacks = std::map<std::string, std::vector<std::pair<int64_t, T>>>;

struct ModelDatabase {
  std::string description;
  std::string location;
  int64_t create_time = 0;
  std::map<std::string, ModelTable> tables;
  std::map<std::string, std::string> functions;  // name -> class
  DroppedStacks<ModelTable> dropped_tables;
  DroppedStacks<std::string> dropped_functions;
};

struct ModelCatalog {
  std::string description;
  std::map<std::string, ModelDatabase> databases;
  DroppedStacks<ModelDatabase> dropped_databases;
};

class PlainModel {
 public:
  PlainModel(std::string warehouse, int64_t retention_ms, int64_t now_ms);

  std::string Run(const Operation& operation);
  void set_now(int64_t now_ms) { now_ms_ = now_ms; }

 private:
  std::string RunCatalog(const Operation& op);
  std::string RunDatabase(const Operation& op, ModelCatalog& catalog);
  std::string RunTable(const Operation& op, ModelCatalog& catalog, ModelDatabase& database);
  std::string RunOnTable(const Operation& op, ModelCatalog& catalog, ModelTable& table);
  std::string RunFunction(const Operation& op, ModelCatalog& catalog, ModelDatabase& database);
  std::string RunOnPartitions(const Operation& op, ModelTable& table);
  std::string AddPartitions(const Operation& op, ModelTable& table);
  std::string AlterPartitions(const Operation& op, ModelTable& table);
  std::string RenamePartition(const Operation& op, ModelTable& table);
  std::string DropPartitions(const Operation& op, ModelTable& table);
  std::string ListPartitions(const Operation& op, const ModelTable& table) const;
  std::string RunConstraint(const Operation& op, ModelCatalog& catalog, ModelTable& table);
  std::string ListConstraints(const ModelCatalog& catalog, const ModelTable& table) const;

  ModelDatabase NewDatabase(const std::string& catalog, const std::string& name) const;
  ModelPartition NewPartition(const Operation& op, const Names& values, const ModelTable& table) const;
  // Also in what was dropped.
  void DropForeignKeysTo(int64_t parent);
  std::string Changed();  // one event

  template <typename T>
  void Keep(DroppedStacks<T>* stacks, const std::string& name, T object, Purge purge);
  template <typename T>
  bool Take(DroppedStacks<T>* stacks, const std::string& name, T* object);

  std::string warehouse_;
  int64_t retention_ms_;
  int64_t now_ms_;
  int64_t events_ = 0;
  int64_t next_uid_ = 1;
  std::map<std::string, ModelCatalog> catalogs_;
  DroppedStacks<ModelCatalog> dropped_catalogs_;
};

}  // namespace lodestone::twin
