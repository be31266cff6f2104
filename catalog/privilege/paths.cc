#include "catalog/privilege/paths.h"

#include <utility>

#include "catalog/base/strings.h"
#include "catalog/errors.h"
#include "catalog/record/grant_keys.h"

namespace lodestone::privilege {

absl::StatusOr<PathFamily> FamilyOf(std::string_view path) {
  constexpr std::pair<std::string_view, PathFamily> kFamilies[] = {
      {"queues.", PathFamily::kQueue},
      {"jobs.flink.", PathFamily::kJob},
      {"groups.", PathFamily::kGroup},
      {"resources.", PathFamily::kResource},
  };
  for (const auto& [prefix, family] : kFamilies) {
    if (path.size() > prefix.size() && path.starts_with(prefix) && record::IsPathText(path)) return family;
  }
  return MakeError(ErrorKind::kInvalidObject, ObjectKind::kPath, path,
                   base::StrCat("expected queues.NAME, jobs.flink.ID, groups.NAME, resources.NAME or "
                                "resources.GROUP/NAME, found ",
                                base::Quoted(path)));
}

absl::Status CheckPath(std::string_view path) { return FamilyOf(path).status(); }

}  // namespace lodestone::privilege
