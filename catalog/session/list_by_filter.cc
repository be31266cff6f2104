// Tables by a filter: the names first, then each table's record.
#include "catalog/base/status_macros.h"
#include "catalog/base/strings.h"
#include "catalog/filter/table_filter.h"
#include "catalog/table_filter.h"

namespace lodestone {

absl::StatusOr<std::vector<std::string>> ListTablesByFilter(const Session& session, std::string_view database,
                                                            std::string_view filter, std::optional<std::size_t> limit) {
  ASSIGN_OR_RETURN(const auto parsed, filter::TableFilter::Parse(filter));
  const Session snapshot = session.Snapshot();
  ASSIGN_OR_RETURN(const Page<std::string> all, snapshot.ListTables(database));
  std::vector<std::string> names;
  for (const std::string& name : all.items) {
    if (limit && names.size() >= *limit) break;
    const auto table = snapshot.GetTable({.database = std::string(database), .table = name});
    if (absl::IsPermissionDenied(table.status())) continue;
    RETURN_IF_ERROR(table.status());
    if (parsed.Matches(*table)) names.push_back(name);
  }
  return names;
}

}  // namespace lodestone
