#include "tools/lodestoned/hive.h"

#include "bindings/hive/server.h"
#include "catalog/base/status_macros.h"
#include "catalog/base/strings.h"
#include "catalog/privileges.h"
#include "catalog/warehouse.h"

namespace lodestone::server {
namespace {

constexpr std::string_view kFileScheme = "file:";

bool IsLocal(std::string_view location) { return location.starts_with('/') || location.starts_with(kFileScheme); }

LeftBehind LoggedTo(bindings::Log* log) {
  return [log](std::string_view location, const absl::Status& why) {
    log->Event(bindings::LogLevel::kWarning, "files were left behind",
               {{"location", location}, {"what", base::ToStd(why.message())}});
  };
}

// The folders of this machine that may be touched: the warehouse's and the permitted ones. Without any, none is.
absl::StatusOr<std::unique_ptr<Warehouse>> OpenWarehouse(const Options& options, bindings::Log* log) {
  std::vector<std::string> roots = options.permitted_roots;
  if (IsLocal(options.open.warehouse)) roots.push_back(options.open.warehouse);
  if (roots.empty()) return NewNoWarehouse();
  return NewLocalWarehouse(roots, options.hive.trash, LoggedTo(log));
}

class HiveSideImpl final : public HiveSide {
 public:
  HiveSideImpl(const Options& options, std::unique_ptr<Warehouse> warehouse, Metastore* metastore, bindings::Log* log)
      : warehouse_(std::move(warehouse)),
        service_(metastore, {.authenticate = options.authenticate,
                             .max_partitions = options.hive.max_partitions,
                             .warehouse_root = options.open.warehouse,
                             .hive = {.warehouse = warehouse_.get(), .left_behind = LoggedTo(log)}}) {}

  absl::Status Start(const Options& options, bindings::Metrics* metrics, bindings::Log* log) {
    hive::ServerOptions server = {.address = options.hive.address,
                                  .port = options.hive.port,
                                  .tls = options.http.tls,
                                  .limits = {},
                                  .stop_ms = options.http.stop_ms};
    server.limits.message.message_bytes = options.hive.message_bytes;
    server.limits.idle_ms = options.hive.idle_ms;
    server.limits.connections = options.hive.connections;
    ASSIGN_OR_RETURN(server_, hive::Server::Start(server, &service_, metrics, log));
    return absl::OkStatus();
  }

  std::string address() const override { return server_->address(); }
  absl::Status ReloadTls() override { return server_->ReloadTls(); }
  bool Stop() override { return server_->Stop(); }

 private:
  const std::unique_ptr<Warehouse> warehouse_;
  const hive::Service service_;
  std::unique_ptr<hive::Server> server_;
};

// Giving a role again to whoever has it is no error.
absl::Status MakeAdministrators(const std::vector<std::string>& users, Metastore* metastore) {
  Session session = metastore->Local();
  for (const std::string& user : users) RETURN_IF_ERROR(session.GrantRole(kAdminRole, Grantee::User(user)));
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<std::unique_ptr<HiveSide>> StartHive(const Options& options, Metastore* metastore,
                                                    bindings::Metrics* metrics, bindings::Log* log) {
  RETURN_IF_ERROR(MakeAdministrators(options.hive.administrators, metastore));
  ASSIGN_OR_RETURN(std::unique_ptr<Warehouse> warehouse, OpenWarehouse(options, log));
  auto side = std::make_unique<HiveSideImpl>(options, std::move(warehouse), metastore, log);
  RETURN_IF_ERROR(side->Start(options, metrics, log));
  return side;
}

}  // namespace lodestone::server
