// Changing and renaming tables.
#include <utility>

#include "catalog/base/local_path.h"
#include "catalog/base/status_macros.h"
#include "catalog/base/strings.h"
#include "catalog/errors.h"
#include "catalog/session/call.h"
#include "catalog/session/partition_places.h"
#include "catalog/warehouse/defaults.h"
#include "catalog/warehouse/hive_call.h"
#include "catalog/warehouse/transactional.h"

namespace lodestone {

namespace warehouse {

namespace {

using base::StrCat;
using model::v1::Table;

// One alter, from what the message says to what is done about it.
class TableAlter {
 public:
  TableAlter(HiveCall& call, const TableName& name, const Table& table, const HiveContext& context)
      : call_(call), name_(name), next_(table), context_(context), target_(name) {
    if (!table.database().empty()) target_.database = base::AsciiLower(table.database());
    if (!table.name().empty()) target_.table = base::AsciiLower(table.name());
    renames_ =
        !base::EqualsIgnoreCase(target_.database, name.database) || !base::EqualsIgnoreCase(target_.table, name.table);
    // The names are compared with those of the call; where they differ the rename takes care of them.
    next_.set_database(name.database);
    next_.set_name(name.table);
    TakeKeepStatistics(next_.mutable_parameters(), &context_);
  }

  absl::Status Run() {
    const auto found = call_.quiet().GetTable(name_);
    // The session says what is wrong, and to whom.
    if (!found.ok()) return call_.session().AlterTable(name_, next_);
    before_ = *found;
    TakeDdlTime();
    const absl::Status transactional = IsView(before_) ? absl::OkStatus() : ApplyTransactional(&before_, &next_);
    RETURN_IF_ERROR(renames_ ? AlterAndRename() : Alter(call_.session()));
    RETURN_IF_ERROR(transactional);
    RETURN_IF_ERROR(CheckSameKeyNames());
    std::string location = next_.storage_descriptor().location();
    if (location.empty() && !IsView(before_)) location = before_.storage_descriptor().location();
    if (renames_) {
      ASSIGN_OR_RETURN(location, MoveData(location));
    }
    RETURN_IF_ERROR(Cascade());
    ASSIGN_OR_RETURN(const auto content, MeasureData(location));
    return call_.quiet().ModifyTable(target_, [&](Table& table) {
      if (!location.empty()) table.mutable_storage_descriptor()->set_location(location);
      if (content) SetFileStatistics(*content, context_, table.mutable_parameters());
      SetParameter(kDdlTime, ddl_time_, table.mutable_parameters());
      return absl::OkStatus();
    });
  }

 private:
  // When it was changed last is the server's to say, unless the client does: that takes no privilege.
  void TakeDdlTime() {
    const std::string* old = FindParameter(before_.parameters(), kDdlTime);
    const std::string* said = FindParameter(next_.parameters(), kDdlTime);
    const bool own = said != nullptr && (old == nullptr || *said != *old);
    ddl_time_ = own ? *said : StrCat(call_.NowSeconds());
    if (old != nullptr) {
      SetParameter(kDdlTime, *old, next_.mutable_parameters());
    } else {
      next_.mutable_parameters()->erase(std::string(kDdlTime));
    }
  }

  // The catalog can rename a partition key; Hive's server refuses, as names of partitions and folders are made with it.
  absl::Status CheckSameKeyNames() const {
    for (int i = 0; i < before_.partition_keys_size(); ++i) {
      const std::string& old_name = before_.partition_keys(i).name();
      const std::string& new_name = next_.partition_keys(i).name();
      if (base::EqualsIgnoreCase(old_name, new_name)) continue;
      return MakeError(ErrorKind::kInvalidOperation, ObjectKind::kTable, name_.ToString(),
                       StrCat("table ", name_.ToString(), ": partition keys can not be changed. ", old_name, " is ",
                              new_name, " in the new table"));
    }
    return absl::OkStatus();
  }

  absl::Status Alter(Session session) {
    std::vector<ExpectedParameter> expected;
    if (context_.expected) expected.push_back(*context_.expected);
    return session.AlterTable(name_, next_, expected);
  }

  absl::Status AlterAndRename() {
    Table same = next_;
    same.set_catalog(before_.catalog());
    same.set_id(before_.id());
    same.set_create_time(before_.create_time());
    if (same.table_type() == model::v1::TABLE_TYPE_UNSPECIFIED) same.set_table_type(before_.table_type());
    if (same.owner_type() == model::v1::PRINCIPAL_TYPE_UNSPECIFIED) same.set_owner_type(before_.owner_type());
    if (same.storage_descriptor().location().empty() && before_.has_storage_descriptor()) {
      same.mutable_storage_descriptor()->set_location(before_.storage_descriptor().location());
    }
    same.set_database(before_.database());
    same.set_name(before_.name());
    // One event: the rename's.
    if (context_.expected || !session::SameMessage(before_, same)) {
      RETURN_IF_ERROR(Alter(session::WithoutEvents(call_.session())));
    }
    const absl::Status renamed = call_.session().RenameTable(name_, target_);
    if (!absl::IsAlreadyExists(renamed)) return renamed;
    return MakeError(ErrorKind::kInvalidOperation, ObjectKind::kTable, target_.ToString(),
                     StrCat("new table ", target_.ToString(), " already exists"));
  }

  // Whether the table's folder is the one that a table of its name has by default.
  absl::StatusOr<bool> LiesWhereTablesDo() {
    ASSIGN_OR_RETURN(const model::v1::Database database, call_.quiet().GetDatabase(name_.database));
    for (const std::string& folder : {database.location_uri(), database.managed_location_uri()}) {
      if (folder.empty()) continue;
      const auto rest = base::PathWithin(folder, before_.storage_descriptor().location());
      if (rest && base::EqualsIgnoreCase(*rest, name_.table)) return true;
    }
    return false;
  }

  // Of a rename: where the table lies from now on. A managed table that lies where it does by default moves along, with
  // the partitions in its folder.
  absl::StatusOr<std::string> MoveData(const std::string& location) {
    const std::string& old = before_.storage_descriptor().location();
    if (IsView(before_) || IsExternal(before_) || old.empty() || location != old) return location;
    ASSIGN_OR_RETURN(const bool by_default, LiesWhereTablesDo());
    if (!by_default) return location;
    ASSIGN_OR_RETURN(const model::v1::Database into, call_.quiet().GetDatabase(target_.database));
    const std::string& base = into.managed_location_uri().empty() ? into.location_uri() : into.managed_location_uri();
    if (base.empty()) return location;
    const std::string moved = base::JoinPath(base, target_.table);
    // Nobody would bring the files along.
    if (!call_.warehouse().Handles(old) || !call_.warehouse().Handles(moved)) return location;
    const absl::StatusOr<bool> taken = call_.warehouse().Exists(moved);
    RETURN_IF_ERROR(taken.status());
    absl::Status done = *taken ? absl::AlreadyExistsError("") : call_.MoveFolder(old, moved);
    if (absl::IsAlreadyExists(done)) {
      done = MakeError(ErrorKind::kInvalidOperation, ObjectKind::kFolder, moved,
                       StrCat("New location for this table ", target_.ToString(), " already exists : ", moved));
    }
    RETURN_IF_ERROR(done);
    RETURN_IF_ERROR(session::MovePartitionPlaces(call_.quiet(), target_, old, moved));
    return moved;
  }

  absl::Status Cascade() {
    if (!context_.cascade || before_.partition_keys().empty() || IsView(before_)) return absl::OkStatus();
    // The table's record has to change as well, by which readers learn of it.
    ASSIGN_OR_RETURN(const Table now, call_.quiet().GetTable(target_));
    Table as_before = now;
    *as_before.mutable_storage_descriptor()->mutable_columns() = before_.storage_descriptor().columns();
    if (session::SameMessage(now, as_before)) return absl::OkStatus();
    return session::ReplacePartitionColumns(call_.quiet(), target_, before_);
  }

  absl::StatusOr<std::optional<FolderContent>> MeasureData(const std::string& location) {
    const bool gathers = !renames_ && call_.gathers(context_) && !IsView(before_) && before_.partition_keys().empty();
    if (!gathers) return std::optional<FolderContent>();
    return call_.Measure(location);
  }

  HiveCall& call_;
  const TableName& name_;
  Table next_;
  HiveContext context_;
  TableName target_;
  bool renames_ = false;
  Table before_;
  std::string ddl_time_;
};

}  // namespace
}  // namespace warehouse

absl::Status HiveSession::AlterTable(const TableName& name, const model::v1::Table& table, const HiveContext& context) {
  warehouse::HiveCall call(session_, options_);
  return call.Run([&] { return warehouse::TableAlter(call, name, table, context).Run(); });
}

}  // namespace lodestone
