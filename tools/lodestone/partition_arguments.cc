#include "tools/lodestone/partition_arguments.h"

#include "catalog/base/status_macros.h"
#include "catalog/base/strings.h"

namespace lodestone::cli {

absl::StatusOr<PartitionedTable> PartitionedTable::Read(const Session& session, std::string_view text) {
  PartitionedTable out;
  ASSIGN_OR_RETURN(out.name, TableName::Parse(text));
  ASSIGN_OR_RETURN(out.table, session.GetTable(out.name));
  for (const model::v1::Column& key : out.table.partition_keys()) out.keys.push_back(key.name());
  if (out.keys.empty()) {
    RETURN_IF_ERROR(session.CountPartitions(out.name).status());  // says why, such as for a view
    return MakeError(
        ErrorKind::kInvalidOperation, ObjectKind::kTable, out.name.ToString(),
        base::StrCat("table ", out.name.ToString(), ": expected a table with partition keys, it has none"));
  }
  return out;
}

}  // namespace lodestone::cli
