// From the names of a securable to the place that decisions are made about.
#pragma once

#include "absl/status/statusor.h"
#include "catalog/privilege/place.h"
#include "catalog/privileges.h"
#include "catalog/record/ids.h"
#include "catalog/session/context.h"
#include "catalog/store/store.h"

namespace lodestone::session {

// The securable with its names as they are stored: in lower case, but for values of partitions and paths.
Securable Lowered(Securable on);

// The place of what `on` names. What is not there is no error: `exists` is false then, and the ids lead as far as there
// is something on the way. A catalog without id has nothing in it. Values that no partition of the table can have name
// one that is not there. InvalidArgument: a name that no object can have. Costs a read per level, and one of the
// table's record for columns and partitions.
absl::StatusOr<privilege::Place> FindPlace(const store::Reader& reader, record::CatalogId catalog, const Securable& on);

// The place of a database, table or function that was dropped, and that an undrop would bring back: grants and owner
// are what they were. Where there is none, or retention is over, the place of the name.
absl::StatusOr<privilege::Place> FindDroppedPlace(const Metastore::Impl& metastore, const store::Reader& reader,
                                                  record::CatalogId catalog, const Securable& on);

// The id of the session's catalog; none when there is no such catalog.
absl::StatusOr<record::CatalogId> FindCatalogId(const store::Reader& reader, std::string_view catalog);
// The same; NotFound when there is none.
absl::StatusOr<record::CatalogId> NeedCatalogId(const store::Reader& reader, std::string_view catalog);

}  // namespace lodestone::session
