#include "tools/lodestoned/hive.h"

#include "bindings/hive/server.h"
#include "catalog/base/status_macros.h"
#include "catalog/base/strings.h"
#include "catalog/privileges.h"

namespace lodestone::server {
namespace {

class HiveSideImpl final : public HiveSide {
 public:
  HiveSideImpl(const Options& options, Metastore* metastore)
      : service_(metastore, {.authenticate = options.authenticate,
                             .max_partitions = options.hive.max_partitions,
                             .warehouse = options.open.warehouse}) {}

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
  auto side = std::make_unique<HiveSideImpl>(options, metastore);
  RETURN_IF_ERROR(side->Start(options, metrics, log));
  return side;
}

}  // namespace lodestone::server
