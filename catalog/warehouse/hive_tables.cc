// Making, dropping and truncating tables.
#include <algorithm>
#include <memory>
#include <utility>

#include "catalog/base/local_path.h"
#include "catalog/base/status_macros.h"
#include "catalog/base/strings.h"
#include "catalog/errors.h"
#include "catalog/session/context.h"
#include "catalog/warehouse/defaults.h"
#include "catalog/warehouse/hive_call.h"
#include "catalog/warehouse/table_data.h"
#include "catalog/warehouse/transactional.h"

namespace lodestone {

namespace warehouse {

namespace {

using base::StrCat;
using model::v1::Partition;
using model::v1::Table;
using privilege::Operation;

absl::Status CheckNotAtRoot(const Table& table) {
  if (!IsRoot(table.storage_descriptor().location())) return absl::OkStatus();
  const std::string name = TableName{table.database(), table.name()}.ToString();
  return MakeError(ErrorKind::kInvalidObject, ObjectKind::kTable, name,
                   StrCat(name, " location must not be root path: ", table.storage_descriptor().location()));
}

// Managed tables of a database that has a place of its own for them.
absl::Status FillManagedLocation(Session& quiet, Table* table) {
  if (IsView(*table) || IsExternal(*table) || !table->storage_descriptor().location().empty()) return absl::OkStatus();
  const auto database = quiet.GetDatabase(table->database());
  if (!database.ok() || database->managed_location_uri().empty()) return absl::OkStatus();
  table->mutable_storage_descriptor()->set_location(
      base::JoinPath(database->managed_location_uri(), base::AsciiLower(table->name())));
  return absl::OkStatus();
}

// The folder of a table just made, and what can be learned of files that were in it.
absl::Status MakeTableFolder(HiveCall& call, const TableName& name, const HiveContext& context) {
  ASSIGN_OR_RETURN(const Table stored, call.quiet().GetTable(name));
  const std::string& location = stored.storage_descriptor().location();
  if (IsView(stored) || location.empty()) return absl::OkStatus();
  ASSIGN_OR_RETURN(const int made, call.MakeFolder(location));
  const bool gathers = call.gathers(context) && made == 0 && stored.partition_keys().empty();
  if (!gathers || HasFileStatistics(stored.parameters())) return absl::OkStatus();
  ASSIGN_OR_RETURN(const auto content, call.Measure(location));
  if (!content) return absl::OkStatus();
  return call.quiet().ModifyTable(name, [&](Table& table) {
    SetFileStatistics(*content, context, table.mutable_parameters());
    return absl::OkStatus();
  });
}

// What is to be cleared of a table's partitions, a thousand at a time: `visit` may change them.
absl::Status ForEachThousand(Session& quiet, const TableName& name,
                             absl::FunctionRef<absl::Status(const std::vector<Partition>&)> visit) {
  ListOptions list{.projection = Projection::All(), .limit = 1'000};
  do {
    std::vector<Partition> some;
    {
      auto cursor = quiet.ListPartitions(name, list);
      while (cursor.Next()) {
        for (std::size_t row = 0; row < cursor.batch().size(); ++row) {
          cursor.batch().ToPartition(row, &some.emplace_back());
        }
      }
      RETURN_IF_ERROR(cursor.status());
      list.after = cursor.ResumeToken();
    }
    if (!some.empty()) RETURN_IF_ERROR(visit(some));
  } while (!list.after.empty());
  return absl::OkStatus();
}

absl::Status TruncatePartitionFolders(HiveCall& call, const TableName& name, bool purge,
                                      std::span<const std::string> partition_names) {
  const auto clear = [&](const std::vector<Partition>& partitions) -> absl::Status {
    std::vector<Partition> next = partitions;
    for (Partition& partition : next) {
      const std::string& location = partition.storage_descriptor().location();
      if (!location.empty()) call.ClearLater(location, purge);
      SetTruncated(partition.mutable_parameters());
    }
    return call.quiet().AlterPartitions(name, next);
  };
  if (partition_names.empty()) return ForEachThousand(call.quiet(), name, clear);
  ASSIGN_OR_RETURN(const auto found, call.quiet().GetPartitionsByNames(name, partition_names));
  std::vector<std::string> wanted(partition_names.begin(), partition_names.end());
  std::ranges::sort(wanted);
  wanted.erase(std::ranges::unique(wanted).begin(), wanted.end());
  if (found.size() != wanted.size()) {
    return MakeError(ErrorKind::kNoSuchObject, ObjectKind::kPartition, name.ToString(),
                     StrCat("table ", name.ToString(), ": ", wanted.size(), " partitions were named, ", found.size(),
                            " of them exist"));
  }
  return clear(found);
}

// A session whose changes are part of an authorized call, and make its event.
Session WithEvents(const Session& quiet) {
  auto copy = std::make_shared<Session::Impl>(*quiet.impl());
  copy->events = true;
  return Session(std::move(copy));
}

}  // namespace
}  // namespace warehouse

using namespace warehouse;  // NOLINT: the calls below are made of what the namespace offers

absl::Status HiveSession::CreateTable(const Table& table, const HiveContext& context,
                                      const std::function<absl::Status(Session&)>& also) {
  HiveContext said = context;
  Table asked = table;
  asked.clear_create_time();
  TakeKeepStatistics(asked.mutable_parameters(), &said);
  HiveCall call(session_, options_);
  if (FindParameter(asked.parameters(), kDdlTime) == nullptr) {
    SetParameter(kDdlTime, StrCat(call.NowSeconds()), asked.mutable_parameters());
  }
  return call.Run([&]() -> absl::Status {
    Table made = asked;
    RETURN_IF_ERROR(FillManagedLocation(call.quiet(), &made));
    const absl::Status transactional = ApplyTransactional(nullptr, &made);
    RETURN_IF_ERROR(call.session().CreateTable(made));
    RETURN_IF_ERROR(transactional);
    RETURN_IF_ERROR(CheckNotAtRoot(made));
    RETURN_IF_ERROR(MakeTableFolder(call, {made.database(), made.name()}, said));
    return also ? also(call.session()) : absl::OkStatus();
  });
}

absl::Status HiveSession::DropTable(const TableName& name, const HiveDropOptions& drop) {
  HiveCall call(session_, options_);
  return call.Run([&]() -> absl::Status {
    const auto found = call.quiet().GetTable(name);
    // As long as it is there to be read.
    if (found.ok()) RETURN_IF_ERROR(RemoveTableData(call, call.quiet(), *found, drop));
    return call.session().DropTable(name,
                                    {.if_missing = drop.if_missing, .purge = drop.purge ? Purge::kYes : Purge::kNo});
  });
}

absl::Status HiveSession::TruncateTable(const TableName& name, std::span<const std::string> partition_names,
                                        const HiveContext& context) {
  HiveCall call(session_, options_);
  return call.Run([&]() -> absl::Status {
    RETURN_IF_ERROR(call.Authorize(Operation::kTruncatePartitions, name));
    ASSIGN_OR_RETURN(const Table table, call.quiet().GetTable(name));
    const auto refuse = [&](std::string_view why) {
      return MakeError(ErrorKind::kInvalidOperation, ObjectKind::kTable, name.ToString(),
                       StrCat("table ", name.ToString(), " can't be truncated: ", why));
    };
    if (IsView(table)) return refuse("it is a view");
    const bool purge = context.purge || SkipsTrash(table);
    const bool partitioned = !table.partition_keys().empty();
    if (!partitioned && !partition_names.empty()) return refuse("it has no partitions");
    if (partitioned) RETURN_IF_ERROR(TruncatePartitionFolders(call, name, purge, partition_names));
    const std::string& location = table.storage_descriptor().location();
    if (!partitioned && !location.empty()) call.ClearLater(location, purge);
    return WithEvents(call.quiet()).ModifyTable(name, [&](Table& changed) {
      if (!partitioned) SetTruncated(changed.mutable_parameters());
      SetParameter(kDdlTime, StrCat(call.NowSeconds()), changed.mutable_parameters());
      return absl::OkStatus();
    });
  });
}

}  // namespace lodestone
