// How objects of the model look on standard output.
#pragma once

#include <string>
#include <string_view>

#include "google/protobuf/map.h"
#include "google/protobuf/message.h"
#include "lodestone/model/v1/catalog.pb.h"
#include "lodestone/model/v1/database.pb.h"
#include "lodestone/model/v1/function.pb.h"
#include "lodestone/model/v1/partition.pb.h"
#include "lodestone/model/v1/table.pb.h"
#include "tools/lodestone/output.h"

namespace lodestone::cli {

// `object` as JSON, indented or on one line, when that is the format; false when the caller has to print it.
bool PrintAsJson(const google::protobuf::Message& object, Output* out);

void PrintObject(const model::v1::Catalog& catalog, Output* out);
void PrintObject(const model::v1::Database& database, Output* out);
void PrintObject(const model::v1::Table& table, Output* out);
void PrintObject(const model::v1::Function& function, Output* out);
// `name` is the partition's, which the message does not hold.
void PrintPartition(const model::v1::Partition& partition, std::string_view name, Output* out);

// The names of a list; in JSON an array of texts, or a text a line.
class NameListWriter {
 public:
  explicit NameListWriter(Output* out) : out_(out) {}
  void Add(std::string_view name);
  void End();

 private:
  Output* out_;
  bool any_ = false;
};

// MANAGED_TABLE as `managed`, and so on.
std::string TypeName(model::v1::TableType type);

}  // namespace lodestone::cli
