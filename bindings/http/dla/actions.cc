#include "bindings/http/dla/actions.h"

#include <algorithm>
#include <array>

namespace lodestone::http::dla {

namespace {

constexpr std::array kActions = {
    Action{"AddPartitions", AddPartitions, RefusedData::kZero},
    Action{"AlterDatabase", AlterDatabase, RefusedData::kNull},
    Action{"AlterTable", AlterTable, RefusedData::kFalse},
    Action{"CreateDatabase", CreateDatabase},
    Action{"CreateTable", CreateTable},
    Action{"DropDatabase", DropDatabase, RefusedData::kNull},
    Action{"DropPartition", DropPartition, RefusedData::kFalse},
    Action{"DropTable", DropTable, RefusedData::kFalse},
    Action{"GetAllDatabases", GetAllDatabases},
    Action{"GetAllTables", GetAllTables},
    Action{"GetDatabase", GetDatabase},
    Action{"GetPartition", GetPartition},
    Action{"GetPartitions", GetPartitions},
    Action{"GetTable", GetTable},
    Action{"GrantPrivileges", GrantPrivileges, RefusedData::kFalse},
    Action{"RevokePrivileges", RevokePrivileges, RefusedData::kFalse},
};

}  // namespace

const Action* FindAction(std::string_view name) {
  const auto* found = std::ranges::find(kActions, name, &Action::name);
  return found == kActions.end() ? nullptr : found;
}

}  // namespace lodestone::http::dla
