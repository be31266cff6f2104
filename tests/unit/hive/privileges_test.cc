#include "bindings/hive/convert/privileges.h"

#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/support/matchers.h"
#include "tests/unit/hive/convert_support.h"

namespace lodestone::hive {
namespace {

using ::lodestone::testing::FailsWith;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using testing::OverTheWire;
using ::testing::SizeIs;
using ::testing::UnorderedElementsAre;
using enum Privilege;

constexpr absl::StatusCode kInvalid = absl::StatusCode::kInvalidArgument;
const TableName kTable{"web", "hits"};

thrift::HiveObjectRef Object(thrift::HiveObjectType::type type) {
  thrift::HiveObjectRef object;
  object.__set_objectType(type);
  object.__set_dbName("web");
  object.__set_objectName("hits");
  return object;
}

TEST(PrivilegesTest, EveryKindOfObjectComesBackAsItWas) {
  struct {
    Securable on;
    thrift::HiveObjectType::type type;
  } const cases[] = {
      {Securable::Catalog(), thrift::HiveObjectType::GLOBAL},
      {Securable::Database("web"), thrift::HiveObjectType::DATABASE},
      {Securable::Table(kTable), thrift::HiveObjectType::TABLE},
      {Securable::Column(kTable, "url"), thrift::HiveObjectType::COLUMN},
      {Securable::Partition(kTable, {"2026-01-05", ""}), thrift::HiveObjectType::PARTITION},
  };
  for (const auto& c : cases) {
    const thrift::HiveObjectRef sent = OverTheWire(ToThrift("sales", c.on).value());
    EXPECT_EQ(sent.objectType, c.type);
    EXPECT_EQ(sent.catName, "sales");
    const absl::StatusOr<ObjectArgument> back = ToModel(sent);
    ASSERT_OK(back);
    EXPECT_EQ(back->on, c.on) << c.on.ToString();
    EXPECT_EQ(back->catalog, "sales");
  }
  EXPECT_EQ(ToThrift("sales", Securable::Global())->objectType, thrift::HiveObjectType::GLOBAL);
  EXPECT_EQ(ToThrift("sales", Securable::Function({"web", "f"})), std::nullopt);
  EXPECT_EQ(ToThrift("sales", Securable::Path("queues.q")), std::nullopt);
}

TEST(PrivilegesTest, NamesThatAKindDoesNotNeedAreUnset) {
  const thrift::HiveObjectRef sent = OverTheWire(ToThrift("hive", Securable::Database("web")).value());
  EXPECT_FALSE(sent.__isset.objectName);
  EXPECT_FALSE(sent.__isset.partValues);
  EXPECT_FALSE(sent.__isset.columnName);
  EXPECT_FALSE(OverTheWire(ToThrift("hive", Securable::Catalog()).value()).__isset.dbName);
}

TEST(PrivilegesTest, ObjectsThatThereAreNotAreRefused) {
  EXPECT_THAT(ToModel(thrift::HiveObjectRef()), FailsWith(kInvalid, "from GLOBAL (1) to COLUMN (5), found 0"));
  EXPECT_THAT(ToModel(Object(thrift::HiveObjectType::DATACONNECTOR)), FailsWith(kInvalid, "found 6"));
  EXPECT_THAT(ToModel(Object(thrift::HiveObjectType::PARTITION)), FailsWith(kInvalid, "the values of a partition"));
  EXPECT_THAT(ToModel(Object(thrift::HiveObjectType::COLUMN)), FailsWith(kInvalid, "the name of a column"));
  thrift::HiveObjectRef object = Object(thrift::HiveObjectType::COLUMN);
  object.__set_columnName("url");
  object.__set_partValues({"1"});
  EXPECT_THAT(ToModel(object), FailsWith(kInvalid, "found one of a partition"));
  object = Object(thrift::HiveObjectType::TABLE);
  object.__set_objectName("");
  EXPECT_THAT(ToModel(object), FailsWith(kInvalid, "the name of a table"));
  for (const auto type : {thrift::HiveObjectType::DATABASE, thrift::HiveObjectType::TABLE}) {
    object = Object(type);
    object.__set_dbName("@sales#");
    EXPECT_THAT(ToModel(object), FailsWith(kInvalid, "the name of a database"));
  }
}

TEST(PrivilegesTest, ReadsGrantsInHivesWords) {
  thrift::HiveObjectPrivilege privilege;
  EXPECT_THAT(ToModel(privilege), FailsWith(kInvalid, "the object of a privilege is null"));
  privilege.__set_hiveObject(Object(thrift::HiveObjectType::TABLE));
  privilege.hiveObject.__set_dbName("@sales#web");
  EXPECT_THAT(ToModel(privilege), FailsWith(kInvalid, "the privilege to grant is null"));
  thrift::PrivilegeGrantInfo info;
  info.__set_privilege("select, INSERT");
  info.__set_grantOption(true);
  info.__set_grantor("zoe");
  privilege.__set_grantInfo(info);
  EXPECT_THAT(ToModel(privilege), FailsWith(kInvalid, "a principal: expected a name, found none"));
  privilege.__set_principalName("ana");
  EXPECT_THAT(ToModel(privilege), FailsWith(kInvalid, "\"ana\": expected a kind from USER (1) to GROUP (3), found 0"));
  privilege.__set_principalType(thrift::PrincipalType::GROUP);
  const GrantArgument found = ToModel(privilege).value();
  EXPECT_EQ(found.catalog, "sales");
  EXPECT_EQ(found.grant.to, Grantee::Group("ana"));
  EXPECT_EQ(found.grant.privileges, (PrivilegeSet{kSelect, kInsert}));
  EXPECT_EQ(found.grant.on, Securable::Table(kTable));
  EXPECT_TRUE(found.grant.grant_option);
  EXPECT_EQ(found.grant.grantor, "");  // of no kind
  privilege.grantInfo.__set_grantorType(thrift::PrincipalType::ROLE);
  EXPECT_EQ(ToModel(privilege)->grant.grantor, "");
  privilege.grantInfo.__set_grantorType(thrift::PrincipalType::USER);
  EXPECT_EQ(ToModel(privilege)->grant.grantor, "zoe");
  privilege.grantInfo.__set_privilege("FLY");
  EXPECT_THAT(ToModel(privilege), FailsWith(kInvalid, "FLY"));
}

TEST(PrivilegesTest, ReadsWhatATableBringsAlong) {
  thrift::PrivilegeGrantInfo info;
  info.__set_privilege("INSERT");
  info.__set_grantOption(true);
  thrift::PrincipalPrivilegeSet set;
  set.userPrivileges["ana"] = {info};
  info.__set_privilege("SELECT");
  info.__set_grantOption(false);
  set.userPrivileges["ana"].push_back(info);
  set.rolePrivileges["public"] = {info};
  set.__isset.userPrivileges = set.__isset.rolePrivileges = true;
  const std::vector<GrantSpec> found = ToModel(OverTheWire(set), Securable::Table(kTable)).value();
  ASSERT_THAT(found, SizeIs(3));
  EXPECT_EQ(found[0].to, Grantee::User("ana"));
  EXPECT_EQ(found[0].privileges, PrivilegeSet{kInsert});
  EXPECT_TRUE(found[0].grant_option);
  EXPECT_FALSE(found[1].grant_option);
  EXPECT_EQ(found[2].to, Grantee::Role("public"));
  EXPECT_EQ(found[2].on, Securable::Table(kTable));
}

GrantEntry Entry(const Grantee& grantee, Privilege privilege, const Securable& on, std::string grantor = "root",
                 bool grant_option = false) {
  return {.grantee = grantee,
          .privilege = privilege,
          .on = on,
          .grantor = std::move(grantor),
          .grant_option = grant_option,
          .derived = false,
          .time_ms = 5'999};
}

std::string Said(const thrift::HiveObjectPrivilege& row) {
  return row.principalName + " " + row.grantInfo.privilege + " on " + row.hiveObject.objectName + " from " +
         row.grantInfo.grantor + (row.grantInfo.grantOption ? " with grant option" : "");
}

TEST(PrivilegesTest, ListsOneRowPerGrantorWordAndOption) {
  const Securable table = Securable::Table(kTable);
  const Grantee ana = Grantee::User("ana");
  std::vector<GrantEntry> entries = {
      Entry(ana, kSelect, table),
      Entry(ana, kInsert, table),
      // Both together are UPDATE; one alone is no word of Hive.
      Entry(ana, kOverwrite, table),
      Entry(ana, kUpdate, table),
      Entry(ana, kSelect, table, "bob"),
      Entry(ana, kSelect, table, "root", true),
      Entry(Grantee::Role("r"), kOverwrite, table),
      Entry(ana, kSelect, Securable::Function({"web", "f"})),
  };
  std::vector<std::string> said;
  for (const thrift::HiveObjectPrivilege& row : ToThrift("sales", entries)) said.push_back(Said(OverTheWire(row)));
  EXPECT_THAT(said, UnorderedElementsAre("ana SELECT on hits from root", "ana INSERT on hits from root",
                                         "ana UPDATE on hits from root", "ana SELECT on hits from bob",
                                         "ana SELECT on hits from root with grant option"));
  const thrift::HiveObjectPrivilege row = ToThrift("sales", std::span(entries).first(1)).at(0);
  EXPECT_EQ(row.principalType, thrift::PrincipalType::USER);
  EXPECT_EQ(row.grantInfo.createTime, 5);
  EXPECT_EQ(row.grantInfo.grantorType, thrift::PrincipalType::USER);
  EXPECT_EQ(row.hiveObject.catName, "sales");
  EXPECT_EQ(row.authorizer, "SQL");
}

TEST(PrivilegesTest, AllIsOneWord) {
  std::vector<GrantEntry> entries;
  const Securable table = Securable::Table(kTable);
  const PrivilegeSet all = ParsePrivilege(Vocabulary::kHive, table, "ALL").value();
  for (const Privilege privilege : all.ToVector()) entries.push_back(Entry(Grantee::User("ana"), privilege, table));
  const std::vector<thrift::HiveObjectPrivilege> rows = ToThrift("hive", entries);
  ASSERT_THAT(rows, SizeIs(1));
  EXPECT_EQ(rows[0].grantInfo.privilege, "ALL");
  EXPECT_EQ(ToModel(rows[0])->grant.privileges, all);
}

TEST(PrivilegesTest, ASetHasAllThreeMaps) {
  const thrift::PrincipalPrivilegeSet none = OverTheWire(ToPrivilegeSet({}));
  EXPECT_TRUE(none.__isset.userPrivileges && none.__isset.groupPrivileges && none.__isset.rolePrivileges);
  EXPECT_THAT(none.userPrivileges, IsEmpty());
  const Securable table = Securable::Table(kTable);
  const GrantEntry entries[] = {Entry(Grantee::User("ana"), kSelect, table), Entry(Grantee::Group("g"), kInsert, table),
                                Entry(Grantee::Role("r"), kSelect, table)};
  const thrift::PrincipalPrivilegeSet set = OverTheWire(ToPrivilegeSet(entries));
  EXPECT_EQ(set.userPrivileges.at("ana").at(0).privilege, "SELECT");
  EXPECT_EQ(set.groupPrivileges.at("g").at(0).privilege, "INSERT");
  EXPECT_EQ(set.rolePrivileges.at("r").at(0).grantor, "root");
}

TEST(PrivilegesTest, RolesSayWhoGaveThem) {
  const RoleGrant grant{
      .role = "analysts", .member = Grantee::Group("g"), .admin_option = true, .grantor = "root", .time_ms = 7'000};
  const thrift::RolePrincipalGrant sent = OverTheWire(ToThrift(grant));
  EXPECT_EQ(sent.roleName, "analysts");
  EXPECT_EQ(sent.principalName, "g");
  EXPECT_EQ(sent.principalType, thrift::PrincipalType::GROUP);
  EXPECT_TRUE(sent.grantOption);
  EXPECT_EQ(sent.grantTime, 7);
  EXPECT_EQ(sent.grantorName, "root");
  EXPECT_EQ(sent.grantorPrincipalType, thrift::PrincipalType::USER);
  const thrift::RolePrincipalGrant by_nobody = OverTheWire(ToThrift(RoleGrant()));
  EXPECT_FALSE(by_nobody.__isset.grantorName || by_nobody.__isset.grantorPrincipalType);
  const thrift::Role role = OverTheWire(ToRole(grant));
  EXPECT_EQ(role.roleName, "analysts");
  EXPECT_EQ(role.createTime, 7);
  EXPECT_EQ(role.ownerName, "root");
  // Those that nobody made are their own.
  for (const std::string_view name : {kAdminRole, kPublicRole}) {
    RoleGrant always_there = grant;
    always_there.role = name;
    EXPECT_EQ(ToRole(always_there).ownerName, name);
  }
}

}  // namespace
}  // namespace lodestone::hive
