#include "tools/lodestoned/demo.h"

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "absl/strings/str_format.h"
#include "catalog/base/status_macros.h"
#include "catalog/base/strings.h"
#include "catalog/bulk_input.h"
#include "tools/lodestone/json.h"
#include "tools/lodestoned/flights.h"

namespace lodestone::server {
namespace {

constexpr int64_t kTokenMs = int64_t{24} * 3'600 * 1'000;

absl::Status MakeTables(Session& session, const DemoFolder& folder) {
  model::v1::Database travel;
  travel.set_name("travel");
  travel.set_description("Who went where");
  travel.set_location_uri("s3://travel");
  RETURN_IF_ERROR(session.CreateDatabase(travel));
  model::v1::Table flights;
  RETURN_IF_ERROR(cli::FromJson("the table flights", FlightsTable(), &flights));
  flights.set_owner("admin");
  RETURN_IF_ERROR(session.CreateTable(flights));
  model::v1::Table crew = flights;
  crew.set_name("crew");
  crew.clear_partition_keys();
  crew.mutable_storage_descriptor()->set_location("s3://travel/crew");
  RETURN_IF_ERROR(session.CreateTable(crew));

  const std::string file = folder.path() + "/partitions.ndjson";
  std::ofstream(file, std::ios::binary) << FlightsPartitions();
  RETURN_IF_ERROR(LoadPartitions(session, {"travel", "flights"}, file, {}, {}).status());
  std::error_code ignored;
  std::filesystem::remove(file, ignored);
  return absl::OkStatus();
}

absl::StatusOr<DemoUser> MakeUser(Session& session, std::string name, std::string may) {
  RETURN_IF_ERROR(session.CreateAccount(name));
  ASSIGN_OR_RETURN(NewAccessKey key, session.CreateAccessKey(name));
  ASSIGN_OR_RETURN(NewToken token, session.CreateToken(name, kTokenMs));
  return DemoUser{std::move(name), std::move(may), std::move(key), std::move(token)};
}

}  // namespace

absl::StatusOr<std::unique_ptr<DemoFolder>> DemoFolder::Make() {
  std::error_code ec;
  std::string path = (std::filesystem::temp_directory_path(ec) / "lodestone-demo-XXXXXX").string();
  if (ec || mkdtemp(path.data()) == nullptr) {
    return absl::UnavailableError(base::StrCat("can't make a folder for the demo: ", path));
  }
  return std::make_unique<DemoFolder>(std::move(path));
}

DemoFolder::~DemoFolder() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

absl::StatusOr<std::vector<DemoUser>> FillDemo(Metastore* metastore, const DemoFolder& folder) {
  Session session = metastore->Local();
  RETURN_IF_ERROR(MakeTables(session, folder));
  std::vector<DemoUser> users(3);
  ASSIGN_OR_RETURN(users[0], MakeUser(session, "admin", "may do everything"));
  ASSIGN_OR_RETURN(users[1], MakeUser(session, "ana", "may do everything with the database travel"));
  ASSIGN_OR_RETURN(users[2], MakeUser(session, "ben", "may read the table travel.flights, and sees nothing else"));
  RETURN_IF_ERROR(session.GrantRole(kAdminRole, Grantee::User("admin")));
  ASSIGN_OR_RETURN(const PrivilegeSet all, ParsePrivilege(Vocabulary::kHive, Securable::Kind::kDatabase, "ALL"));
  RETURN_IF_ERROR(session.Grant({.to = Grantee::User("ana"), .privileges = all, .on = Securable::Database("travel")}));
  RETURN_IF_ERROR(session.Grant(
      {.to = Grantee::User("ben"),
       .privileges = {Privilege::kSelect, Privilege::kDescribe, Privilege::kList, Privilege::kShowPartitions},
       .on = Securable::Table({"travel", "flights"})}));
  return users;
}

std::string DemoText(const std::vector<DemoUser>& users, const std::string& url) {
  std::string text =
      "A store with the database travel: flights (11,864 partitions) and crew. It is gone when this ends.\n\n";
  absl::StrAppendFormat(&text, "%-6s%-22s%-42s%s\n", "user", "access_key_id", "access_key_secret", "token");
  for (const DemoUser& user : users) {
    absl::StrAppendFormat(&text, "%-6s%-22s%-42s%s\n", user.name, user.key.id, user.key.secret, user.token.token);
  }
  text += "\n";
  for (const DemoUser& user : users) base::StrAppend(&text, user.name, " ", user.may, "\n");
  const std::string dli = base::StrCat(url, "/v1.0/hive/databases");
  const auto curl = [&](const DemoUser& user, std::string_view target) {
    return base::StrCat("  curl -s -H 'X-Auth-Token: ", user.token.token, "' '", dli, target, "'\n");
  };
  base::StrAppend(&text, "\nThe DLI's calls (the project id is the catalog, hive), as ana and as ben:\n",
                  curl(users[1], "/travel/tables"), curl(users[2], "/travel/tables"),
                  curl(users[2], "/travel/tables/flights/partitions?limit=2"), curl(users[2], "/travel/tables/crew"));
  base::StrAppend(&text, "The DLA's actions, in Python (pip install aliyun-python-sdk-core):\n",
                  "  from aliyunsdkcore.client import AcsClient; from aliyunsdkcore.request import CommonRequest\n",
                  "  client = AcsClient('", users[2].key.id, "', '", users[2].key.secret, "', 'local')\n",
                  "  request = CommonRequest(domain='", url.substr(url.find("//") + 2),
                  "', version='2020-09-28', action_name='GetTable')\n",
                  "  request.set_protocol_type('http'); request.set_method('POST')\n",
                  "  request.add_query_param('DbName', 'travel'); request.add_query_param('TableName', 'flights')\n",
                  "  print(client.do_action_with_exception(request).decode())\n");
  base::StrAppend(&text, "Figures: ", url, "/metrics\n\n");
  return text;
}

}  // namespace lodestone::server
