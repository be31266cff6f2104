// Who may do what through the adapter: every action against every privilege alone, what is absent against what is
// forbidden, tenants, and requests that come again.
#include <set>

#include "bindings/http/dla/signature.h"
#include "tests/support/temp_folder.h"
#include "tests/unit/dla/fixture.h"

namespace lodestone::testing {
namespace {

using nlohmann::json;
using enum Privilege;

constexpr std::string_view kTime = "2023-11-14T22:13:20Z";  // kStart

// A store with the database `web1` and its table `hits1`, which has the partition `p1`; accounts sign.
class World {
 public:
  static constexpr int64_t kStart = 1'700'000'000'000;  // ms

  explicit World(const std::string& path = {}) : clock_(kStart) { Open(path); }

  void Open(const std::string& path) {
    handler_.reset();
    metastore_.reset();
    const OpenOptions options{.sync = SyncMode::kRelaxed, .clock = &clock_};
    auto opened = path.empty() ? Metastore::OpenInMemory(options) : Metastore::Open(path, options);
    EXPECT_OK(opened);
    metastore_ = *std::move(opened);
    handler_ = http::NewDlaHandler(*metastore_, {.clock = &clock_});
  }

  void Fill() {
    Session local = metastore_->Local();
    model::v1::Database database;
    database.set_name("web1");
    EXPECT_OK(local.CreateDatabase(database));
    model::v1::Table table;
    table.set_database("web1");
    table.set_name("hits1");
    for (const char* name : {"id", "name"}) {
      auto* column = table.mutable_storage_descriptor()->add_columns();
      column->set_name(name);
      column->set_type("string");
    }
    auto* key = table.add_partition_keys();
    key->set_name("dt");
    key->set_type("string");
    EXPECT_OK(local.CreateTable(table));
    model::v1::Partition partition;
    partition.add_values("p1");
    EXPECT_OK(local.AddPartitions({"web1", "hits1"}, std::span(&partition, 1)));
  }

  NewAccessKey MakeAccount(std::string_view name, std::string_view catalog = kDefaultCatalog,
                           AccountScope scope = AccountScope::kCatalog) {
    Session local = metastore_->Local(catalog);
    EXPECT_OK(local.CreateAccount(name, scope));
    auto key = local.CreateAccessKey(name);
    EXPECT_OK(key);
    return *key;
  }

  // Signed by the key, with a nonce of its own unless one is given.
  http::Request Signed(const NewAccessKey& key, std::string_view action, Fields fields, std::string nonce = {}) {
    fields.merge(Fields{{"Action", std::string(action)},
                        {"Version", "2018-06-19"},
                        {"Format", "JSON"},
                        {"AccessKeyId", key.id},
                        {"SignatureMethod", "HMAC-SHA1"},
                        {"SignatureVersion", "1.0"},
                        {"SignatureNonce", nonce.empty() ? base::StrCat("nonce", ++nonces_) : nonce},
                        {"Timestamp", std::string(kTime)}});
    http::dla::Parameters parameters;
    EXPECT_OK(parameters.AddForm(FormOf(fields)));
    fields["Signature"] = http::dla::SignV1(key.secret, http::dla::StringToSignV1("POST", parameters));
    return PostRequest(fields);
  }

  json Call(const NewAccessKey& key, std::string_view action, Fields fields = {}) {
    const http::Response response = handler_->Handle(Signed(key, action, std::move(fields)));
    return json::parse(response.body);
  }

  ManualClock clock_;
  std::unique_ptr<Metastore> metastore_;
  std::unique_ptr<http::Handler> handler_;
  int nonces_ = 0;
};

// ---- Every action against every privilege ----

struct Operation {
  std::string name;
  std::string action;
  Fields fields;
  Securable::Kind level;  // the lowest on which a privilege can be granted for it
  PrivilegeSet any_of;    // each of them suffices alone, and nothing else does
};

// Written from the reference and docs/semantics/privileges.md, not from the library's table.
std::vector<Operation> Operations() {
  using enum Securable::Kind;
  const Fields table = {{"DbName", "web1"}, {"TableName", "hits1"}};
  const auto with = [](Fields fields, Fields more) {
    fields.merge(more);
    return fields;
  };
  const std::string columns = R"([{"Name":"id","Type":"string"},{"Name":"name","Type":"string"}])";
  const std::string descriptor =
      R"({"Cols":[{"Name":"a","Type":"int"}],"InputFormat":"i","OutputFormat":"o","Location":"oss://x",)"
      R"("SerDeInfo":{"SerializationLib":"s"}})";
  const Fields alter = {
      {"OldDbName", "web1"}, {"OldTableName", "hits1"}, {"NewDbName", "web1"}, {"NewTableName", "hits1"}};
  const PrivilegeSet reads_database{kDescribe,   kList,           kSelect,        kCreateTable,
                                    kCreateView, kCreateFunction, kAlterDatabase, kDropDatabase};
  const PrivilegeSet reads_table{kDescribe, kSelect,     kInsert,       kOverwrite,     kUpdate,
                                 kDelete,   kAlterTable, kAlterColumns, kSetProperties, kSetLocation};
  const PrivilegeSet reads_partitions{kShowPartitions, kSelect};
  return {
      {"CreateDatabase",
       "CreateDatabase",
       {{"Name", "new"}, {"Description", ""}, {"LocationUri", "oss://n"}},
       kCatalog,
       kCreateDatabase},
      {"GetDatabase", "GetDatabase", {{"Name", "web1"}}, kDatabase, reads_database},
      {"AlterDatabase",
       "AlterDatabase",
       {{"OldDbName", "web1"}, {"Name", "web1"}, {"Description", "d"}, {"LocationUri", ""}},
       kDatabase,
       kAlterDatabase},
      {"AlterDatabase, renaming",
       "AlterDatabase",
       {{"OldDbName", "web1"}, {"Name", "net"}, {"Description", "d"}, {"LocationUri", ""}},
       kDatabase,
       kAlterDatabase},
      {"DropDatabase", "DropDatabase", {{"Name", "web1"}, {"Cascade", "true"}}, kDatabase, kDropDatabase},
      {"CreateTable",
       "CreateTable",
       {{"DbName", "web1"}, {"TableName", "new"}, {"TableType", "EXTERNAL_TABLE"}, {"StorageDescriptor", descriptor}},
       kDatabase,
       kCreateTable},
      {"CreateTable of a view",
       "CreateTable",
       {{"DbName", "web1"},
        {"TableName", "new"},
        {"TableType", "VIEW"},
        {"StorageDescriptor", R"({"Cols":[{"Name":"a","Type":"int"}]})"},
        {"ViewOriginalText", "select 1"},
        {"ViewExpandedText", "select 1"}},
       kDatabase,
       kCreateView},
      {"GetTable", "GetTable", table, kTable, reads_table},
      {"AlterTable, columns",
       "AlterTable",
       with(alter, {{"Col", R"([{"Name":"id","Type":"string"}])"}}),
       kTable,
       {kAlterColumns, kAlterTable}},
      {"AlterTable, parameters",
       "AlterTable",
       with(alter, {{"Col", columns}, {"Parameters", R"({"a":"b"})"}}),
       kTable,
       {kSetProperties, kAlterTable}},
      {"AlterTable, nothing", "AlterTable", with(alter, {{"Col", columns}}), kTable, kAlterTable},
      {"DropTable", "DropTable", table, kTable, kDropTable},
      {"AddPartitions",
       "AddPartitions",
       {{"Partition", "[" + PartitionJson("web1", "hits1", R"("p9")") + "]"}},
       kTable,
       {kAddPartition, kInsert}},
      {"GetPartition", "GetPartition", with(table, {{"Values", R"(["p1"])"}}), kTable, reads_partitions},
      {"GetPartitions", "GetPartitions", table, kTable, reads_partitions},
      {"DropPartition", "DropPartition", with(table, {{"PartValues", R"(["p1"])"}}), kTable, kDropPartition},
  };
}

Securable PlaceOf(Securable::Kind kind) {
  if (kind == Securable::Kind::kTable) return Securable::Table({"web1", "hits1"});
  if (kind == Securable::Kind::kDatabase) return Securable::Database("web1");
  return Securable::Catalog();
}

TEST(DlaAccessTest, EachSufficientPrivilegeAlonePassesAndEveryOtherIsRefused) {
  const Securable::Kind levels[] = {Securable::Kind::kCatalog, Securable::Kind::kDatabase, Securable::Kind::kTable};
  int cells = 0;
  for (const Operation& operation : Operations()) {
    for (const Securable::Kind level : levels) {
      if (level > operation.level) continue;
      for (const Privilege privilege : PrivilegeSet::All().ToVector()) {
        SCOPED_TRACE(base::StrCat(operation.name, " with ", NameOf(privilege), " on ", PlaceOf(level).ToString()));
        World world;
        world.Fill();
        const NewAccessKey ana = world.MakeAccount("ana");
        Session local = world.metastore_->Local();
        const GrantSpec grant{.to = Grantee::User("ana"), .privileges = privilege, .on = PlaceOf(level)};
        // What can't be granted on this kind of object can't suffice there either.
        if (const absl::Status granted = local.Grant(grant); !granted.ok()) {
          EXPECT_THAT(granted, HasCode(absl::StatusCode::kInvalidArgument));
          continue;
        }
        const json answer = world.Call(ana, operation.action, operation.fields);
        const bool sufficient = operation.any_of.Has(privilege);
        EXPECT_EQ(answer["Code"], sufficient ? "ok" : "NO_PRIVILEGE") << answer;
        EXPECT_EQ(answer["Success"], sufficient);
        ++cells;
      }
    }
  }
  EXPECT_GT(cells, 1'000);
  RecordProperty("cells", cells);
}

TEST(DlaAccessTest, OwnersAdministratorsRolesAndGroupsPassAndWhoeverHasNothingDoesNot) {
  for (const Operation& operation : Operations()) {
    for (const std::string way : {"nothing", "admin", "store", "role", "group", "public", "owner", "revoked"}) {
      SCOPED_TRACE(operation.name + " by " + way);
      World world;
      world.Fill();
      const NewAccessKey ana = world.MakeAccount("ana");
      Session local = world.metastore_->Local();
      GrantSpec grant{.to = Grantee::User("ana"), .privileges = operation.any_of, .on = PlaceOf(operation.level)};
      if (way == "admin") {
        EXPECT_OK(local.GrantRole("admin", Grantee::User("ana")));
      }
      if (way == "store") {
        EXPECT_OK(local.SetStoreAdministrator("ana", true));
      }
      if (way == "role") {
        EXPECT_OK(local.CreateRole("r"));
        EXPECT_OK(local.GrantRole("r", Grantee::User("ana")));
        grant.to = Grantee::Role("r");
        EXPECT_OK(local.Grant(grant));
      }
      if (way == "group") {
        EXPECT_OK(local.AddToGroup("g", "ana"));
        grant.to = Grantee::Group("g");
        EXPECT_OK(local.Grant(grant));
      }
      if (way == "public") {
        grant.to = Grantee::Role("public");
        EXPECT_OK(local.Grant(grant));
      }
      if (way == "owner") {
        const auto own = [](model::v1::Database& database) {
          database.set_owner_name("ana");
          database.set_owner_type(model::v1::USER);
          return absl::OkStatus();
        };
        EXPECT_OK(local.ModifyDatabase("web1", own));
      }
      if (way == "revoked") {
        EXPECT_OK(local.Grant(grant));
        EXPECT_OK(local.Revoke({.from = grant.to, .privileges = grant.privileges, .on = grant.on}));
      }
      const bool passes =
          way != "nothing" && way != "revoked" && !(way == "owner" && operation.level == Securable::Kind::kCatalog);
      EXPECT_EQ(world.Call(ana, operation.action, operation.fields)["Code"], passes ? "ok" : "NO_PRIVILEGE");
    }
  }
}

// ---- Who may grant and revoke ----

std::string Bag(std::string_view to, std::string_view word, std::string_view table = "hits1") {
  return base::StrCat(R"({"HiveObjectPrivilege":[{"HiveObjectRef":{"HiveObjectType":"TABLE","DbName":"web1",)",
                      R"("TableName":")", table, R"("},"PrincipalName":")", to,
                      R"(","PrivilegeGrantInfo":{"Privilege":")", word, R"("}}]})");
}

TEST(DlaAccessTest, OnlyTheOptionOrThePrivilegeToGrantLetsGrantWhatOneHas) {
  const struct {
    std::string name;
    PrivilegeSet has;
    bool with_option;
    bool may_grant;
    bool may_revoke;
  } cases[] = {
      {"nothing", {}, false, false, false},
      {"the privilege without the option", kSelect, false, false, false},
      {"the privilege with the option", kSelect, true, true, false},
      {"another with the option", kInsert, true, false, false},
      {"everything without the option", PrivilegeSet::All().Without({kGrantPrivilege, kRevokePrivilege}), false, false,
       false},
      {"the privilege to grant alone", kGrantPrivilege, false, false, false},
      {"both", {kSelect, kGrantPrivilege}, false, true, false},
      {"the privilege to revoke", kRevokePrivilege, false, false, true},
  };
  for (const auto& c : cases) {
    for (const Securable& on : {Securable::Database("web1"), Securable::Table({"web1", "hits1"})}) {
      SCOPED_TRACE(c.name + " on " + on.ToString());
      World world;
      world.Fill();
      const NewAccessKey ana = world.MakeAccount("ana");
      Session local = world.metastore_->Local();
      for (const Privilege privilege : c.has.ToVector()) {
        // Of all, those that there are on this kind of object.
        local.Grant({.to = Grantee::User("ana"), .privileges = privilege, .on = on, .grant_option = c.with_option})
            .IgnoreError();
      }
      // From somebody else, so that it is not ana's own to revoke.
      ASSERT_OK(
          local.Grant({.to = Grantee::User("cleo"), .privileges = kSelect, .on = Securable::Table({"web1", "hits1"})}));
      const json granted = world.Call(ana, "GrantPrivileges", {{"PrivilegeBag", Bag("bob", "SELECT")}});
      EXPECT_EQ(granted["Code"], c.may_grant ? "ok" : "NO_PRIVILEGE") << granted;
      EXPECT_EQ(granted["Data"], c.may_grant);
      EXPECT_EQ(local.EffectivePrivileges({.name = "bob"}, Securable::Table({"web1", "hits1"}))->Has(kSelect),
                c.may_grant);
      world.Call(ana, "RevokePrivileges", {{"PrivilegeBag", Bag("cleo", "SELECT")}});
      EXPECT_EQ(local.EffectivePrivileges({.name = "cleo"}, Securable::Table({"web1", "hits1"}))->Has(kSelect),
                !c.may_revoke);
    }
  }
}

TEST(DlaAccessTest, AGrantOnWhatIsAbsentIsRefusedInTheSameWords) {
  World world;
  world.Fill();
  const NewAccessKey ana = world.MakeAccount("ana");
  for (const std::string action : {"GrantPrivileges", "RevokePrivileges"}) {
    json there = world.Call(ana, action, {{"PrivilegeBag", Bag("bob", "SELECT,SHOW")}});
    json absent = world.Call(ana, action, {{"PrivilegeBag", Bag("bob", "SELECT,SHOW", "none")}});
    EXPECT_EQ(there, absent);
    EXPECT_EQ(there["Message"],
              base::StrCat("Access denied for user 'ana' to ", action == "GrantPrivileges" ? "grant" : "revoke",
                           " 'SELECT,SHOW' to bob"));
  }
}

// ---- Absent and forbidden ----

// With `web1`, `hits1` or `p1` there, and `web2`, `hits2` and `p2` not.
const std::vector<std::pair<std::string, Fields>> kReads = {
    {"GetDatabase", {{"Name", "web#"}}},
    {"GetAllTables", {{"DbName", "web#"}}},
    {"GetTable", {{"DbName", "web#"}, {"TableName", "hits1"}}},
    {"GetTable", {{"DbName", "web1"}, {"TableName", "hits#"}}},
    {"GetPartition", {{"DbName", "web#"}, {"TableName", "hits1"}, {"Values", R"(["p1"])"}}},
    {"GetPartition", {{"DbName", "web1"}, {"TableName", "hits#"}, {"Values", R"(["p1"])"}}},
    {"GetPartition", {{"DbName", "web1"}, {"TableName", "hits1"}, {"Values", R"(["p#"])"}}},
    {"GetPartition", {{"DbName", "web1"}, {"TableName", "hits#"}, {"Values", R"(["p1","x"])"}}},
    {"GetPartitions", {{"DbName", "web#"}, {"TableName", "hits1"}}},
    {"GetPartitions", {{"DbName", "web1"}, {"TableName", "hits#"}}},
    {"GetPartitions", {{"DbName", "web1"}, {"TableName", "hits#"}, {"MaxParts", "0"}}},
};
const std::vector<std::pair<std::string, Fields>> kWrites = {
    {"AlterDatabase", {{"OldDbName", "web#"}, {"Name", "x"}, {"Description", "d"}, {"LocationUri", ""}}},
    {"DropDatabase", {{"Name", "web#"}, {"Cascade", "false"}}},
    {"DropTable", {{"DbName", "web1"}, {"TableName", "hits#"}}},
    {"DropPartition", {{"DbName", "web1"}, {"TableName", "hits#"}, {"PartValues", R"(["p1"])"}}},
    {"DropPartition", {{"DbName", "web1"}, {"TableName", "hits#"}, {"PartValues", R"(["p1","x"])"}}},
    {"AlterTable",
     {{"OldDbName", "web1"},
      {"OldTableName", "hits#"},
      {"NewDbName", "web1"},
      {"NewTableName", "x"},
      {"Col", R"([{"Name":"a","Type":"int"}])"}}},
    {"AddPartitions", {{"Partition", "[" + PartitionJson("web1", "hits#", R"("p1")") + "]"}}},
};

// The answer without its request id, with every 1 of a name as #.
std::string AnswerOf(World& world, const NewAccessKey& key, const std::string& action, Fields fields,
                     std::string_view number) {
  for (auto& [name, value] : fields) {
    for (std::size_t at; (at = value.find('#')) != std::string::npos;) value.replace(at, 1, number);
  }
  json answer = world.Call(key, action, fields);
  answer.erase("RequestId");
  std::string text = answer.dump();
  for (const std::string name : {"web", "hits", "p"}) {
    const std::string from = base::StrCat(name, number);
    for (std::size_t at; (at = text.find(from)) != std::string::npos;) text.replace(at, from.size(), name + "#");
    const std::string other = name + "1";
    for (std::size_t at; (at = text.find(other)) != std::string::npos;) text.replace(at, other.size(), name + "#");
  }
  return text;
}

TEST(DlaAccessTest, AbsentAndForbiddenLookTheSame) {
  World world;
  world.Fill();
  const NewAccessKey ana = world.MakeAccount("ana");
  for (const auto* cases : {&kReads, &kWrites}) {
    for (const auto& [action, fields] : *cases) {
      SCOPED_TRACE(action + " " + json(fields).dump());
      const std::string there = AnswerOf(world, ana, action, fields, "1");
      EXPECT_EQ(there, AnswerOf(world, ana, action, fields, "2"));
      EXPECT_THAT(there, ::testing::HasSubstr("NO_PRIVILEGE"));
    }
  }
  EXPECT_EQ(world.Call(ana, "GetAllDatabases")["Data"], json::array());
}

TEST(DlaAccessTest, ListsShowWhatTheSignerSees) {
  World world;
  world.Fill();
  const NewAccessKey ana = world.MakeAccount("ana");
  Session local = world.metastore_->Local();
  model::v1::Table table = *local.GetTable({"web1", "hits1"});
  table.set_name("other");
  table.clear_id();
  ASSERT_OK(local.CreateTable(table));
  ASSERT_OK(
      local.Grant({.to = Grantee::User("ana"), .privileges = kSelect, .on = Securable::Table({"web1", "hits1"})}));
  EXPECT_EQ(world.Call(ana, "GetAllDatabases")["Data"], json({"web1"}));
  EXPECT_EQ(world.Call(ana, "GetAllTables", {{"DbName", "web1"}})["Data"], json({"hits1"}));
}

// ---- Tenants ----

TEST(DlaAccessTest, AnAccountActsInItsCatalogAlone) {
  World world;
  world.Fill();
  model::v1::Catalog catalog;
  catalog.set_name("sales");
  ASSERT_OK(world.metastore_->Local().CreateCatalog(catalog));
  ASSERT_OK(world.metastore_->Local("sales").GrantRole("admin", Grantee::User("sam")));
  const NewAccessKey sam = world.MakeAccount("sam", "sales");
  const NewAccessKey root = world.MakeAccount("root", kDefaultCatalog, AccountScope::kStore);
  ASSERT_OK(world.metastore_->Local().SetStoreAdministrator("root", true));

  EXPECT_EQ(world.Call(sam, "GetAllDatabases")["Data"], json({"default"}));
  EXPECT_EQ(world.Call(sam, "GetDatabase", {{"Name", "web1"}})["Code"], "NO_SUCH_OBJECT");
  const Fields made = {{"Name", "hers"}, {"Description", ""}, {"LocationUri", "oss://h"}};
  EXPECT_EQ(world.Call(sam, "CreateDatabase", made)["Code"], "ok");
  EXPECT_EQ(world.Call(sam, "GetDatabase", {{"Name", "hers"}})["DatabaseModel"]["TenantId"], "sales");
  // GLOBAL is the tenant, not the store.
  const std::string bag = R"({"HiveObjectPrivilege":[{"HiveObjectRef":{"HiveObjectType":"GLOBAL"},)"
                          R"("PrincipalName":"ana","PrivilegeGrantInfo":{"Privilege":"ALL"}}]})";
  EXPECT_EQ(world.Call(sam, "GrantPrivileges", {{"PrivilegeBag", bag}})["Code"], "ok");
  EXPECT_FALSE(world.metastore_->Local().EffectivePrivileges({.name = "ana"}, Securable::Catalog())->Has(kSelect));
  EXPECT_EQ(world.Call(root, "GetAllDatabases")["Data"], json({"default", "web1"}));
}

// ---- Requests that come again ----

std::string CodeOf(World& world, const http::Request& request) {
  const http::Response response = world.handler_->Handle(request);
  return json::parse(response.body)["Code"];
}

// The same request under the newer signature.
http::Request Acs3(const NewAccessKey& key, std::string_view nonce) {
  http::Request request = GetRequest({});
  request.target = "/";
  request.method = "POST";
  const std::string hash = bindings::LowerHex(bindings::Sha256(""));
  const std::string names = "host;x-acs-action;x-acs-content-sha256;x-acs-date;x-acs-signature-nonce;x-acs-version";
  request.headers = {{"host", "localhost"},
                     {"x-acs-action", "GetAllDatabases"},
                     {"x-acs-content-sha256", hash},
                     {"x-acs-date", std::string(kTime)},
                     {"x-acs-signature-nonce", std::string(nonce)},
                     {"x-acs-version", "2020-09-28"}};
  std::string canonical = "POST\n/\n\n";
  for (const auto& [name, value] : request.headers) canonical += name + ":" + value + "\n";
  canonical += "\n" + names + "\n" + hash;
  const std::string text = "ACS3-HMAC-SHA256\n" + bindings::LowerHex(bindings::Sha256(canonical));
  request.headers.emplace_back("authorization",
                               base::StrCat("ACS3-HMAC-SHA256 Credential=", key.id, ",SignedHeaders=", names,
                                            ",Signature=", bindings::LowerHex(bindings::HmacSha256(key.secret, text))));
  return request;
}

TEST(DlaAccessTest, ANonceIsTakenOnceWhateverTheSignatureAlsoAfterARestart) {
  const TempFolder folder;
  const std::string path = folder.path() + "/store";
  World world(path);
  const NewAccessKey ana = world.MakeAccount("ana");
  const NewAccessKey bob = world.MakeAccount("bob");
  const http::Request first = world.Signed(ana, "GetAllDatabases", {}, "n1");
  const http::Request newer = Acs3(ana, "n2");
  EXPECT_EQ(CodeOf(world, first), "ok");
  EXPECT_EQ(CodeOf(world, newer), "ok");
  const auto expect_used = [&] {
    EXPECT_EQ(CodeOf(world, first), "SignatureNonceUsed");
    EXPECT_EQ(CodeOf(world, newer), "SignatureNonceUsed");
    EXPECT_EQ(CodeOf(world, Acs3(ana, "n1")), "SignatureNonceUsed");
    EXPECT_EQ(CodeOf(world, world.Signed(ana, "GetDatabase", {{"Name", "default"}}, "n2")), "SignatureNonceUsed");
  };
  expect_used();
  // Of another key it is another nonce.
  EXPECT_EQ(CodeOf(world, world.Signed(bob, "GetAllDatabases", {}, "n1")), "ok");
  world.Open(path);
  expect_used();
  // As long as the request's time would let it in, and no longer.
  world.clock_.Advance(15 * 60 * 1000);
  expect_used();
  world.clock_.Advance(1000);
  EXPECT_EQ(CodeOf(world, first), "InvalidTimeStamp.Expired");
}

TEST(DlaAccessTest, ANonceIsUsedUpByARequestThatIsRefusedLater) {
  World world;
  const NewAccessKey ana = world.MakeAccount("ana");
  EXPECT_EQ(CodeOf(world, world.Signed(ana, "GetDatabase", {}, "n")), "MissingParameter.Name");
  EXPECT_EQ(CodeOf(world, world.Signed(ana, "GetDatabase", {}, "n")), "SignatureNonceUsed");
  // A wrong signature uses nothing up: whoever has no key can't spend the nonces of who has.
  http::Request forged = world.Signed({.id = ana.id, .secret = "guess"}, "GetAllDatabases", {}, "m");
  EXPECT_EQ(CodeOf(world, forged), "SignatureDoesNotMatch");
  EXPECT_EQ(CodeOf(world, world.Signed(ana, "GetAllDatabases", {}, "m")), "ok");
}

TEST(DlaAccessTest, KeysThatMayNotBeUsedLookLikeUnknownOnes) {
  World world;
  const NewAccessKey ana = world.MakeAccount("ana");
  const NewAccessKey bob = world.MakeAccount("bob");
  Session local = world.metastore_->Local();
  ASSERT_OK(local.ActivateAccessKey(ana.id, false));
  ASSERT_OK(local.EnableAccount("bob", false));
  std::set<std::string> answers;
  for (const NewAccessKey& key : {ana, bob, NewAccessKey{.id = "LTAIUNKNOWN", .secret = "s"}}) {
    const http::Response response = world.handler_->Handle(world.Signed(key, "GetAllDatabases", {}));
    EXPECT_EQ(response.status, 404);
    EXPECT_EQ(response.principal, "");
    answers.insert(response.body);
  }
  EXPECT_EQ(answers.size(), 1) << *answers.begin();
}

TEST(DlaAccessTest, TheSecretIsInNoAnswer) {
  World world;
  world.Fill();
  const NewAccessKey ana = world.MakeAccount("ana");
  for (const Operation& operation : Operations()) {
    http::Request request = world.Signed(ana, operation.action, operation.fields);
    for (const bool forged : {false, true}) {
      if (forged) request.body.back() = request.body.back() == 'x' ? 'y' : 'x';
      const http::Response response = world.handler_->Handle(request);
      EXPECT_EQ((response.body + response.detail + response.outcome).find(ana.secret), std::string::npos);
    }
  }
}

}  // namespace
}  // namespace lodestone::testing
