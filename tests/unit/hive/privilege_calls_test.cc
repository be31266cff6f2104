// Roles and grants over the wire.
#include <algorithm>
#include <optional>
#include <string>
#include <vector>

#include "bindings/hive/idl/hive_metastore_types.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/support/matchers.h"
#include "tests/unit/hive/call_fixture.h"

namespace lodestone::hive {
namespace {

using testing::CallTest;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::StartsWith;
using ::testing::UnorderedElementsAre;
using Names = std::vector<std::string>;
using Rows = std::vector<thrift::HiveObjectPrivilege>;
using thrift::GrantRevokeType;
using thrift::HiveObjectType;
using thrift::PrincipalType;
constexpr PrincipalType::type kUser = PrincipalType::USER;
constexpr PrincipalType::type kRole = PrincipalType::ROLE;
constexpr PrincipalType::type kGroup = PrincipalType::GROUP;

thrift::HiveObjectRef On(HiveObjectType::type type, const std::string& database = "", const std::string& object = "",
                         const std::string& column = "") {
  thrift::HiveObjectRef on;
  on.__set_objectType(type);
  if (!database.empty()) on.__set_dbName(database);
  if (!object.empty()) on.__set_objectName(object);
  if (!column.empty()) on.__set_columnName(column);
  return on;
}
const thrift::HiveObjectRef kHits = On(HiveObjectType::TABLE, "default", "hits");

thrift::HiveObjectPrivilege Row(const thrift::HiveObjectRef& on, const std::string& to, PrincipalType::type type,
                                const std::string& words, bool option = false, const std::string& grantor = "ana") {
  thrift::PrivilegeGrantInfo info;
  info.__set_privilege(words);
  info.__set_grantor(grantor);
  info.__set_grantorType(kUser);
  info.__set_grantOption(option);
  thrift::HiveObjectPrivilege row;
  row.__set_hiveObject(on);
  row.__set_principalName(to);
  row.__set_principalType(type);
  row.__set_grantInfo(info);
  row.__set_authorizer("SQL");
  return row;
}
thrift::PrivilegeBag Bag(const Rows& rows) {
  thrift::PrivilegeBag bag;
  bag.__set_privileges(rows);
  return bag;
}
thrift::GrantRevokePrivilegeRequest Request(GrantRevokeType::type type, const Rows& rows, bool option_only = false) {
  thrift::GrantRevokePrivilegeRequest request;
  request.__set_requestType(type);
  request.__set_privileges(Bag(rows));
  if (option_only) request.__set_revokeGrantOption(true);
  return request;
}
std::string Of(const thrift::PrivilegeGrantInfo& info) {
  return info.privilege + " by " + info.grantor + (info.grantOption ? " +" : "");
}
Names OfAll(const std::vector<thrift::PrivilegeGrantInfo>& infos) {
  Names texts;
  for (const thrift::PrivilegeGrantInfo& info : infos) texts.push_back(Of(info));
  return texts;
}

class PrivilegeCallsTest : public CallTest {
 protected:
  void SetUp() override {
    CallTest::SetUp();
    AddTable("default", "hits");
  }

  // `bob SELECT by ana +` (+: with grant option).
  Names Listed(const thrift::HiveObjectRef& on, const std::string& name = "", PrincipalType::type type = kUser) {
    Names texts;
    for (const thrift::HiveObjectPrivilege& row : Get<Rows>("list_privileges", name, type, on)) {
      texts.push_back(row.principalName + " " + Of(row.grantInfo));
      EXPECT_EQ(row.authorizer, "SQL");
      EXPECT_EQ(row.hiveObject.catName, "hive");
    }
    std::sort(texts.begin(), texts.end());
    return texts;
  }
  Names RolesOf(const std::string& name, PrincipalType::type type) {
    Names roles;
    for (const thrift::Role& role : Get<std::vector<thrift::Role>>("list_roles", name, type)) {
      roles.push_back(role.roleName);
    }
    return roles;
  }
  // `loaders bob by ana +` (+: with admin option).
  static Names Told(const std::vector<thrift::RolePrincipalGrant>& grants) {
    Names texts;
    for (const thrift::RolePrincipalGrant& one : grants) {
      texts.push_back(one.roleName + " " + one.principalName + " by " + one.grantorName +
                      (one.grantOption ? " +" : ""));
    }
    return texts;
  }
  Names GrantsOf(const std::string& name, PrincipalType::type type) {
    thrift::GetRoleGrantsForPrincipalRequest request;
    request.principal_name = name;
    request.principal_type = type;
    return Told(
        Get<thrift::GetRoleGrantsForPrincipalResponse>("get_role_grants_for_principal", request).principalGrants);
  }
  Names MembersOf(const std::string& role) {
    thrift::GetPrincipalsInRoleRequest request;
    request.roleName = role;
    return Told(Get<thrift::GetPrincipalsInRoleResponse>("get_principals_in_role", request).principalGrants);
  }
  std::string MakeRole(const std::string& name) {
    thrift::Role role;
    role.__set_roleName(name);
    return Fail("create_role", role);
  }
  std::string GiveRole(const std::string& role, const std::string& to, PrincipalType::type type, bool option = false,
                       const std::string& grantor = "ana") {
    return Fail("grant_role", role, to, type, grantor, kUser, option);
  }
  std::string Change(GrantRevokeType::type type, const std::string& role, const std::string& member, bool option) {
    thrift::GrantRevokeRoleRequest request;
    request.__set_requestType(type);
    request.__set_roleName(role);
    request.__set_principalName(member);
    request.__set_principalType(kUser);
    request.__set_grantor("zoe");
    request.__set_grantorType(kUser);
    request.__set_grantOption(option);
    return Fail("grant_revoke_role", request);
  }
  std::string GiveTo(const std::string& to, PrincipalType::type type, const std::string& words, bool option = false,
                     const thrift::HiveObjectRef& on = kHits) {
    return Fail("grant_privileges", Bag({Row(on, to, type, words, option)}));
  }
};

// ---- Roles ----
TEST_F(PrivilegeCallsTest, RolesAreMadeAndDropped) {
  EXPECT_THAT(Get<Names>("get_role_names"), ElementsAre("admin", "public"));
  ASSERT_EQ(MakeRole("Analysts"), "");
  EXPECT_THAT(Get<Names>("get_role_names"), ElementsAre("admin", "analysts", "public"));
  for (const char* name : {"analysts", "admin", "public", "all", ""}) {
    EXPECT_THAT(MakeRole(name), StartsWith("1 ")) << name;  // Meta
  }
  ASSERT_EQ(GiveRole("analysts", "bob", kUser), "");
  EXPECT_TRUE(Get<bool>("drop_role", std::string("ANALYSTS")));
  EXPECT_THAT(RolesOf("bob", kUser), ElementsAre("public"));
  EXPECT_TRUE(Get<bool>("drop_role", std::string("analysts")));  // as there is none
  for (const char* name : {"admin", "public"}) {
    EXPECT_THAT(Fail("drop_role", std::string(name)), HasSubstr("can't be dropped")) << name;
  }
}

TEST_F(PrivilegeCallsTest, MembersAreAddedListedAndTakenAway) {
  ASSERT_EQ(MakeRole("loaders"), "");
  ASSERT_EQ(MakeRole("analysts"), "");
  ASSERT_EQ(GiveRole("loaders", "bob", kUser, true), "");
  ASSERT_EQ(GiveRole("loaders", "bob", kUser, true), "");
  ASSERT_EQ(GiveRole("loaders", "analysts", kRole, false, "zoe"), "");
  ASSERT_EQ(GiveRole("analysts", "staff", kGroup), "");
  EXPECT_THAT(MembersOf("loaders"), UnorderedElementsAre("loaders bob by ana +", "loaders analysts by zoe"));
  EXPECT_THAT(GrantsOf("bob", kUser), ElementsAre("loaders bob by ana +", "public bob by "));
  EXPECT_THAT(GrantsOf("analysts", kRole), ElementsAre("loaders analysts by zoe"));
  EXPECT_THAT(GrantsOf("staff", kGroup), ElementsAre("analysts staff by ana"));
  EXPECT_THAT(RolesOf("bob", kUser), ElementsAre("loaders", "public"));
  EXPECT_THAT(GiveRole("analysts", "loaders", kRole), StartsWith("1 "));  // a circle
  // Who and what is not there.
  EXPECT_THAT(GrantsOf("nobody", kUser), ElementsAre("public nobody by "));
  EXPECT_THAT(GrantsOf("norole", kRole), IsEmpty());
  EXPECT_THAT(RolesOf("norole", kRole), IsEmpty());
  EXPECT_THAT(MembersOf("norole"), IsEmpty());
  EXPECT_THAT(MembersOf("public"), IsEmpty());
  EXPECT_THAT(GiveRole("norole", "bob", kUser), HasSubstr("norole"));
  EXPECT_THAT(GiveRole("public", "bob", kUser), StartsWith("1 "));
  EXPECT_THAT(Fail("list_roles", std::string("bob"), PrincipalType::type{}), StartsWith("1 "));
  EXPECT_TRUE(Get<bool>("revoke_role", std::string("loaders"), std::string("carl"), kUser));
  EXPECT_THAT(Fail("revoke_role", std::string("norole"), std::string("bob"), kUser), HasSubstr("norole"));
  EXPECT_THAT(Fail("revoke_role", std::string("public"), std::string("bob"), kUser), StartsWith("1 "));
  EXPECT_TRUE(Get<bool>("revoke_role", std::string("loaders"), std::string("bob"), kUser));
  EXPECT_THAT(MembersOf("loaders"), ElementsAre("loaders analysts by zoe"));
}

TEST_F(PrivilegeCallsTest, TheRequestFormTakesTheAdminOptionAlone) {
  ASSERT_EQ(MakeRole("loaders"), "");
  ASSERT_EQ(Change(GrantRevokeType::GRANT, "loaders", "bob", true), "");
  EXPECT_THAT(MembersOf("loaders"), ElementsAre("loaders bob by zoe +"));
  ASSERT_EQ(Change(GrantRevokeType::REVOKE, "loaders", "bob", true), "");
  EXPECT_THAT(MembersOf("loaders"), ElementsAre("loaders bob by zoe"));
  ASSERT_EQ(Change(GrantRevokeType::REVOKE, "loaders", "nobody", true), "");
  ASSERT_EQ(Change(GrantRevokeType::REVOKE, "loaders", "bob", false), "");
  EXPECT_THAT(MembersOf("loaders"), IsEmpty());
  EXPECT_THAT(Change(GrantRevokeType::GRANT, "norole", "bob", false), StartsWith("1 "));
  EXPECT_THAT(Change(GrantRevokeType::type{}, "loaders", "bob", false), HasSubstr("found 0"));
}

// ---- Grants ----
TEST_F(PrivilegeCallsTest, GrantsAreListedWithGrantorAndOptionAndTakenAway) {
  ASSERT_EQ(MakeRole("loaders"), "");
  EXPECT_TRUE(Get<bool>("grant_privileges", Bag({})));
  ASSERT_EQ(GiveTo("bob", kUser, "SELECT"), "");
  ASSERT_EQ(GiveTo("bob", kUser, "SELECT"), "");
  ASSERT_EQ(Fail("grant_revoke_privileges",
                 Request(GrantRevokeType::GRANT,
                         {Row(kHits, "bob", kUser, "insert,update", true, "zoe"),
                          Row(kHits, "loaders", kRole, "DELETE"), Row(kHits, "staff", kGroup, "ALL")})),
            "");
  const Names all = {"bob INSERT by zoe +", "bob SELECT by ana", "bob UPDATE by zoe +", "loaders DELETE by ana",
                     "staff ALL by ana"};
  EXPECT_EQ(Listed(kHits), all);
  EXPECT_THAT(Listed(kHits, "loaders", kRole), ElementsAre("loaders DELETE by ana"));
  EXPECT_THAT(Listed(kHits, "staff", kGroup), ElementsAre("staff ALL by ana"));
  EXPECT_THAT(Listed(kHits, "loaders", kUser), IsEmpty());
  ASSERT_EQ(
      Fail("grant_revoke_privileges", Request(GrantRevokeType::REVOKE, {Row(kHits, "bob", kUser, "INSERT")}, true)),
      "");
  ASSERT_EQ(Fail("revoke_privileges", Bag({Row(kHits, "bob", kUser, "UPDATE"), Row(kHits, "staff", kGroup, "all")})),
            "");
  EXPECT_THAT(Listed(kHits), ElementsAre("bob INSERT by zoe", "bob SELECT by ana", "loaders DELETE by ana"));
  EXPECT_EQ(Fail("revoke_privileges", Bag({Row(kHits, "carl", kUser, "UPDATE")})), "");  // he has none
  EXPECT_TRUE(Get<bool>("drop_role", std::string("loaders")));
  EXPECT_THAT(Listed(kHits), ElementsAre("bob INSERT by zoe", "bob SELECT by ana"));
  EXPECT_THAT(Fail("grant_revoke_privileges", Request(GrantRevokeType::type{}, {})), StartsWith("1 "));
}

TEST_F(PrivilegeCallsTest, ABagIsGrantedWholeOrNotAtAll) {
  const auto good = Row(kHits, "bob", kUser, "SELECT");
  const struct {
    const char* what;
    thrift::HiveObjectPrivilege bad;
  } kCases[] = {
      {"a role that is not there", Row(kHits, "norole", kRole, "SELECT")},
      {"a database that is not there", Row(On(HiveObjectType::DATABASE, "nodb"), "bob", kUser, "SELECT")},
      {"no word", Row(kHits, "bob", kUser, "FLY")},
      {"nobody", Row(kHits, "", kUser, "SELECT")},
      {"no kind of object", Row(thrift::HiveObjectRef(), "bob", kUser, "SELECT")},
      {"no such catalog",
       [] {
         auto row = Row(kHits, "bob", kUser, "SELECT");
         row.hiveObject.__set_catName("other");
         return row;
       }()},
  };
  for (const auto& one : kCases) {
    EXPECT_THAT(Fail("grant_privileges", Bag({good, one.bad})), StartsWith("1 ")) << one.what;
    EXPECT_THAT(Listed(kHits), IsEmpty()) << one.what;
  }
  ASSERT_EQ(Fail("grant_privileges", Bag({good})), "");
  EXPECT_THAT(Fail("revoke_privileges", Bag({good, Row(kHits, "bob", kUser, "FLY")})), StartsWith("1 "));
  EXPECT_THAT(Listed(kHits), ElementsAre("bob SELECT by ana"));
}

TEST_F(PrivilegeCallsTest, GrantsOnWhatIsNotInItsDatabaseAreWithoutEffect) {
  thrift::HiveObjectRef partition = On(HiveObjectType::PARTITION, "default", "hits");
  partition.__set_partValues({"1"});
  const thrift::HiveObjectRef kMissing[] = {On(HiveObjectType::TABLE, "default", "nothing"),
                                            On(HiveObjectType::TABLE, "nodb", "nothing"),
                                            On(HiveObjectType::COLUMN, "default", "hits", "nothing"), partition};
  for (const thrift::HiveObjectRef& on : kMissing) {
    EXPECT_EQ(Fail("grant_privileges", Bag({Row(on, "bob", kUser, "SELECT"), Row(kHits, "bob", kUser, "SELECT")})), "");
    EXPECT_THAT(Listed(on), IsEmpty());
    EXPECT_THAT(Listed(kHits), ElementsAre("bob SELECT by ana"));
    EXPECT_EQ(Fail("refresh_privileges", on, std::string("SQL"), Request(GrantRevokeType::GRANT, {})), "");
  }
  EXPECT_THAT(Fail("revoke_privileges", Bag({Row(kMissing[0], "bob", kUser, "SELECT")})), StartsWith("1 "));
}

TEST_F(PrivilegeCallsTest, ListsWithoutNamesHaveEveryObjectOfTheKind) {
  const auto web = On(HiveObjectType::DATABASE, "default");
  const auto column = On(HiveObjectType::COLUMN, "default", "hits", "Id");
  const auto global = On(HiveObjectType::GLOBAL);
  ASSERT_EQ(
      Fail("grant_privileges", Bag({Row(kHits, "bob", kUser, "SELECT"), Row(web, "bob", kUser, "CREATE"),
                                    Row(global, "bob", kUser, "SHOW_DATABASE"), Row(column, "carl", kUser, "SELECT")})),
      "");
  ASSERT_OK(metastore->Local().Grant(
      {.to = Grantee::User("dora"), .privileges = Privilege::kSelect, .on = Securable::Global()}));
  const struct {
    thrift::HiveObjectRef on;
    const char* name;
    Names expected;
  } kCases[] = {
      {thrift::HiveObjectRef(),
       "",
       {"bob CREATE by ana", "bob SELECT by ana", "bob SHOW_DATABASE by ana", "carl SELECT by ana", "dora SELECT by "}},
      {thrift::HiveObjectRef(), "bob", {"bob CREATE by ana", "bob SELECT by ana", "bob SHOW_DATABASE by ana"}},
      {global, "", {"bob SHOW_DATABASE by ana", "dora SELECT by "}},
      {global, "dora", {"dora SELECT by "}},
      {On(HiveObjectType::DATABASE), "", {"bob CREATE by ana"}},
      {On(HiveObjectType::TABLE), "bob", {"bob SELECT by ana"}},
      {On(HiveObjectType::TABLE), "carl", {}},
      {On(HiveObjectType::COLUMN), "", {"carl SELECT by ana"}},
      {column, "", {"carl SELECT by ana"}},
      {web, "bob", {"bob CREATE by ana"}},
      {On(HiveObjectType::TABLE, "nodb", "t"), "", {}},
  };
  for (const auto& one : kCases) {
    EXPECT_EQ(Listed(one.on, one.name), one.expected) << one.on.objectType << " " << one.on.dbName << " " << one.name;
  }
}

TEST_F(PrivilegeCallsTest, ASetHasWhatHoldsForTheUserOnTheObject) {
  using Set = thrift::PrincipalPrivilegeSet;
  ASSERT_EQ(MakeRole("loaders"), "");
  ASSERT_EQ(MakeRole("all_loaders"), "");
  ASSERT_EQ(GiveRole("loaders", "bob", kUser), "");
  ASSERT_EQ(GiveRole("all_loaders", "loaders", kRole), "");
  ASSERT_EQ(GiveTo("bob", kUser, "SELECT", true), "");
  ASSERT_EQ(GiveTo("bob", kUser, "INSERT,CREATE", false, On(HiveObjectType::DATABASE, "default")), "");
  ASSERT_EQ(GiveTo("all_loaders", kRole, "UPDATE"), "");
  ASSERT_EQ(GiveTo("staff", kGroup, "DELETE"), "");
  ASSERT_EQ(GiveTo("public", kRole, "SELECT"), "");
  ASSERT_EQ(GiveTo("carl", kUser, "ALL"), "");
  const Set bob = Get<Set>("get_privilege_set", kHits, std::string("bob"), Names{"staff", "club"});
  ASSERT_EQ(bob.userPrivileges.size(), 1u);
  EXPECT_THAT(OfAll(bob.userPrivileges.at("bob")), UnorderedElementsAre("INSERT by ana", "SELECT by ana +"));
  EXPECT_EQ(bob.rolePrivileges.size(), 2u);
  EXPECT_THAT(OfAll(bob.rolePrivileges.at("all_loaders")), ElementsAre("UPDATE by ana"));
  EXPECT_THAT(OfAll(bob.rolePrivileges.at("public")), ElementsAre("SELECT by ana"));
  EXPECT_EQ(bob.groupPrivileges.size(), 2u);
  EXPECT_THAT(OfAll(bob.groupPrivileges.at("staff")), ElementsAre("DELETE by ana"));
  EXPECT_THAT(bob.groupPrivileges.at("club"), IsEmpty());
  // Clients count on the user's own row, and on no other.
  const auto missing = On(HiveObjectType::TABLE, "default", "nothing");
  for (const Set& set : {Get<Set>("get_privilege_set", kHits, std::string("nobody"), Names{}),
                         Get<Set>("get_privilege_set", missing, std::string("nobody"), Names{})}) {
    ASSERT_EQ(set.userPrivileges.size(), 1u);
    EXPECT_THAT(set.userPrivileges.at("nobody"), IsEmpty());
    EXPECT_EQ(set.rolePrivileges.count("public"), 1u);
    EXPECT_FALSE(set.__isset.groupPrivileges);
  }
  EXPECT_THAT(Get<Set>("get_privilege_set", kHits, std::string(), Names{}).userPrivileges.at(""), IsEmpty());
  EXPECT_THAT(Fail("get_privilege_set", thrift::HiveObjectRef(), std::string("bob"), Names{}), StartsWith("1 "));
}

TEST_F(PrivilegeCallsTest, PartitionsComeWithTheirOwnGrantsWhereTheTableKeepsThem) {
  using Set = thrift::PrincipalPrivilegeSet;
  std::vector<model::v1::Partition> partitions(2);
  partitions[0].add_values("a");
  partitions[1].add_values("b");
  ASSERT_OK(metastore->Local().AddPartitions({"default", "hits"}, partitions));
  thrift::HiveObjectRef a = On(HiveObjectType::PARTITION, "default", "hits");
  a.__set_partValues({"a"});
  ASSERT_EQ(MakeRole("loaders"), "");
  ASSERT_EQ(GiveRole("loaders", "bob", kUser), "");
  ASSERT_EQ(GiveTo("bob", kUser, "SELECT", false, a), "");
  ASSERT_EQ(GiveTo("loaders", kRole, "INSERT", true, a), "");
  ASSERT_EQ(GiveTo("staff", kGroup, "DELETE", false, a), "");
  ASSERT_EQ(GiveTo("bob", kUser, "ALL"), "");  // on the table: none of its partitions' own
  const std::string database = "default";
  const std::string table = "hits";
  const std::string bob = "bob";
  const Names staff = {"staff"};
  constexpr int16_t kAll = -1;
  const auto lists = [&] {
    thrift::GetPartitionsPsWithAuthRequest request;
    request.dbName = database;
    request.tblName = table;
    request.__set_partVals({});
    request.__set_userName(bob);
    request.__set_groupNames(staff);
    return std::vector<std::vector<thrift::Partition>>{
        Get<std::vector<thrift::Partition>>("get_partitions_with_auth", database, table, kAll, bob, staff),
        Get<std::vector<thrift::Partition>>("get_partitions_ps_with_auth", database, table, Names{""}, kAll, bob,
                                            staff),
        Get<thrift::GetPartitionsPsWithAuthResponse>("get_partitions_ps_with_auth_req", request).partitions};
  };
  for (const auto& list : lists()) {
    ASSERT_EQ(list.size(), 2u);
    EXPECT_FALSE(list[0].__isset.privileges);
  }
  const auto before = lists()[0];
  ASSERT_OK(metastore->Local().ModifyTable({database, table}, [](model::v1::Table& record) {
    (*record.mutable_parameters())["PARTITION_LEVEL_PRIVILEGE"] = "TRUE";
    return absl::OkStatus();
  }));
  for (auto list : lists()) {
    ASSERT_EQ(list.size(), 2u);
    const Set& of_a = list[0].privileges;
    EXPECT_THAT(OfAll(of_a.userPrivileges.at("bob")), ElementsAre("SELECT by ana"));
    EXPECT_THAT(OfAll(of_a.rolePrivileges.at("loaders")), ElementsAre("INSERT by ana +"));
    EXPECT_THAT(of_a.rolePrivileges.at("public"), IsEmpty());
    EXPECT_THAT(OfAll(of_a.groupPrivileges.at("staff")), ElementsAre("DELETE by ana"));
    ASSERT_TRUE(list[1].__isset.privileges);
    EXPECT_THAT(list[1].privileges.userPrivileges.at("bob"), IsEmpty());
    // Nothing else is other than without.
    for (std::size_t i = 0; i < list.size(); ++i) {
      list[i].__isset.privileges = false;
      list[i].privileges = Set();
      EXPECT_EQ(Bytes(list[i]), Bytes(before[i]));
    }
  }
  const auto one = Get<thrift::Partition>("get_partition_with_auth", database, table, Names{"a"}, bob, Names{});
  EXPECT_THAT(OfAll(one.privileges.userPrivileges.at("bob")), ElementsAre("SELECT by ana"));
  EXPECT_FALSE(one.privileges.__isset.groupPrivileges);
  EXPECT_FALSE(Get<thrift::Partition>("get_partition_with_auth", database, table, Names{"a"}).__isset.privileges);
  EXPECT_FALSE(Get<thrift::Partition>("get_partition", database, table, Names{"a"}).__isset.privileges);
  EXPECT_THAT(Fail("get_partition_with_auth", database, table, Names{"no"}, bob, staff), StartsWith("2 "));
}

TEST_F(PrivilegeCallsTest, RefreshingReplacesTheGrantsOfOneObject) {
  ASSERT_EQ(GiveTo("bob", kUser, "SELECT,INSERT", true), "");
  ASSERT_EQ(GiveTo("carl", kUser, "ALL"), "");
  const auto web = On(HiveObjectType::DATABASE, "default");
  const auto id = On(HiveObjectType::COLUMN, "default", "hits", "ID");
  const auto name = On(HiveObjectType::COLUMN, "default", "hits", "name");
  ASSERT_EQ(GiveTo("bob", kUser, "SELECT", false, web), "");
  ASSERT_EQ(GiveTo("bob", kUser, "SELECT", false, id), "");
  const auto refresh = [&](const thrift::HiveObjectRef& on, const Rows& rows) {
    return Fail("refresh_privileges", on, std::string("Ranger"), Request(GrantRevokeType::GRANT, rows));
  };
  ASSERT_EQ(refresh(kHits, {Row(kHits, "bob", kUser, "SELECT", false, "zoe"), Row(kHits, "dora", kUser, "DELETE")}),
            "");
  EXPECT_THAT(Listed(kHits), ElementsAre("bob SELECT by ana", "dora DELETE by ana"));
  EXPECT_THAT(Listed(web), ElementsAre("bob SELECT by ana"));
  EXPECT_THAT(Listed(id), ElementsAre("bob SELECT by ana"));
  // Nothing of it, when a part can't be.
  EXPECT_THAT(refresh(kHits, {Row(kHits, "norole", kRole, "SELECT")}), StartsWith("1 "));
  EXPECT_THAT(refresh(kHits, {Row(web, "bob", kUser, "SELECT")}), StartsWith("1 "));
  EXPECT_THAT(Listed(kHits), ElementsAre("bob SELECT by ana", "dora DELETE by ana"));
  // All columns of the table.
  ASSERT_EQ(refresh(On(HiveObjectType::COLUMN, "default", "hits"), {Row(name, "dora", kUser, "SELECT")}), "");
  EXPECT_THAT(Listed(id), IsEmpty());
  EXPECT_THAT(Listed(name), ElementsAre("dora SELECT by ana"));
  EXPECT_THAT(Listed(kHits), ElementsAre("bob SELECT by ana", "dora DELETE by ana"));
  ASSERT_EQ(refresh(kHits, {}), "");
  EXPECT_THAT(Listed(kHits), IsEmpty());
}

TEST_F(PrivilegeCallsTest, ATableComesWithTheGrantsOfItsMaker) {
  thrift::FieldSchema id;
  id.__set_name("id");
  id.__set_type("bigint");
  thrift::Table table;
  table.__set_dbName("default");
  table.__set_tableName("mine");
  table.__isset.sd = true;
  table.sd.__set_cols({id});
  table.sd.__set_serdeInfo(thrift::SerDeInfo());
  table.__isset.privileges = true;
  for (const char* word : {"INSERT", "SELECT"}) {
    table.privileges.userPrivileges["ana"].push_back(Row(kHits, "ana", kUser, word, true).grantInfo);
  }
  table.privileges.__isset.userPrivileges = true;
  ASSERT_EQ(Fail("create_table", table), "");
  const auto mine = On(HiveObjectType::TABLE, "default", "mine");
  EXPECT_THAT(Listed(mine), ElementsAre("ana INSERT by ana +", "ana SELECT by ana +"));
  // All of it, or no table.
  table.__set_tableName("other");
  table.privileges.userPrivileges["ana"][0].__set_privilege("FLY");
  EXPECT_THAT(Fail("create_table", table), HasSubstr("FLY"));
  EXPECT_EQ(Fail("get_table", std::string("default"), std::string("other")), "2 hive.default.other table not found");
}

TEST_F(PrivilegeCallsTest, AnotherCatalogIsNamedByFieldOrPrefix) {
  ASSERT_OK(metastore->Local().CreateCatalog([] {
    model::v1::Catalog catalog;
    catalog.set_name("sales");
    return catalog;
  }()));
  auto by_field = On(HiveObjectType::DATABASE, "default");
  by_field.__set_catName("sales");
  const auto by_prefix = On(HiveObjectType::DATABASE, "@sales#default");
  ASSERT_EQ(GiveTo("bob", kUser, "SELECT", false, by_field), "");
  for (const thrift::HiveObjectRef& on : {by_field, by_prefix}) {
    const Rows rows = Get<Rows>("list_privileges", std::string("bob"), kUser, on);
    ASSERT_EQ(rows.size(), 1u);
    EXPECT_EQ(rows[0].hiveObject.catName, "sales");
  }
  EXPECT_THAT(Listed(On(HiveObjectType::DATABASE, "default")), IsEmpty());
  EXPECT_THAT(Fail("refresh_privileges", On(HiveObjectType::DATABASE, "default"), std::string("SQL"),
                   Request(GrantRevokeType::GRANT, {Row(by_field, "bob", kUser, "SELECT")})),
              HasSubstr("found some in sales"));
}

// ---- Who acts ----
class CheckedPrivilegeCallsTest : public PrivilegeCallsTest {
 protected:
  CheckedPrivilegeCallsTest() { options.authenticate = true; }
  void SetUp() override {
    PrivilegeCallsTest::SetUp();
    ASSERT_OK(metastore->Local().GrantRole(kAdminRole, Grantee::User("root")));
    ComeIn("root");
  }
  void ComeIn(const std::string& name) {
    connection.emplace(&*service, 2);
    connection->Authenticated({.principal = {.name = name}, .catalog = {}});
  }
};

TEST_F(CheckedPrivilegeCallsTest, AdministratorsSpeakForOthersAndNobodyElseDoes) {
  ASSERT_EQ(GiveTo("bob", kUser, "SELECT", true), "");
  ASSERT_EQ(MakeRole("loaders"), "");
  ASSERT_EQ(GiveRole("loaders", "bob", kUser, true), "");
  EXPECT_THAT(MembersOf("loaders"), ElementsAre("loaders bob by ana +"));
  ComeIn("bob");
  ASSERT_EQ(GiveTo("carl", kUser, "SELECT"), "");
  ASSERT_EQ(GiveRole("loaders", "carl", kUser), "");
  ComeIn("root");
  EXPECT_THAT(Listed(kHits), ElementsAre("bob SELECT by ana +", "carl SELECT by bob"));
  EXPECT_THAT(MembersOf("loaders"), UnorderedElementsAre("loaders bob by ana +", "loaders carl by bob"));
}

TEST_F(CheckedPrivilegeCallsTest, PartitionsComeWithoutTheGrantsOfWhomOneMayNotAskAbout) {
  std::vector<model::v1::Partition> partitions(1);
  partitions[0].add_values("a");
  ASSERT_OK(metastore->Local().AddPartitions({"default", "hits"}, partitions));
  ASSERT_OK(metastore->Local().ModifyTable({"default", "hits"}, [](model::v1::Table& record) {
    (*record.mutable_parameters())["PARTITION_LEVEL_PRIVILEGE"] = "true";
    return absl::OkStatus();
  }));
  ASSERT_EQ(GiveTo("bob", kUser, "SELECT"), "");
  const auto asked_about = [&](const std::string& user) {
    const auto list = Get<std::vector<thrift::Partition>>("get_partitions_with_auth", std::string("default"),
                                                          std::string("hits"), int16_t{-1}, user, Names{});
    EXPECT_EQ(list.size(), 1u);
    return !list.empty() && list[0].__isset.privileges;
  };
  EXPECT_TRUE(asked_about("carl"));
  ComeIn("bob");
  EXPECT_TRUE(asked_about("bob"));
  EXPECT_FALSE(asked_about("carl"));
}

TEST_F(CheckedPrivilegeCallsTest, GrantsOverTheWireDecideWhatOthersMayRead) {
  const std::string in = "default";
  const std::string hits = "hits";
  ComeIn("bob");
  EXPECT_EQ(Fail("get_table", in, hits), "2 hive.default.hits table not found");
  EXPECT_THAT(GiveTo("bob", kUser, "SELECT"), StartsWith("1 "));
  EXPECT_THAT(Fail("revoke_privileges", Bag({Row(kHits, "carl", kUser, "SELECT")})), StartsWith("1 "));
  EXPECT_THAT(Fail("refresh_privileges", kHits, std::string("SQL"), Request(GrantRevokeType::GRANT, {})),
              StartsWith("1 "));
  EXPECT_THAT(MakeRole("mine"), StartsWith("1 "));
  EXPECT_THAT(GiveRole("admin", "bob", kUser), StartsWith("1 "));
  EXPECT_THAT(Fail("list_privileges", std::string("carl"), kUser, kHits), StartsWith("1 "));
  EXPECT_THAT(Fail("list_roles", std::string("carl"), kUser), StartsWith("1 "));
  EXPECT_THAT(Fail("get_privilege_set", kHits, std::string("carl"), Names{}), StartsWith("1 "));
  EXPECT_THAT(GrantsOf("bob", kUser), ElementsAre("public bob by "));
  EXPECT_THAT(Get<Names>("get_role_names"), ElementsAre("public"));
  ComeIn("root");
  ASSERT_EQ(MakeRole("readers"), "");
  ASSERT_EQ(GiveTo("readers", kRole, "SELECT"), "");
  ASSERT_EQ(GiveRole("readers", "bob", kUser), "");
  ComeIn("bob");
  EXPECT_EQ(Get<thrift::Table>("get_table", in, hits).tableName, "hits");
  const auto set = Get<thrift::PrincipalPrivilegeSet>("get_privilege_set", kHits, std::string("bob"), Names{});
  EXPECT_THAT(OfAll(set.rolePrivileges.at("readers")), ElementsAre("SELECT by ana"));
  EXPECT_THAT(Listed(kHits), ElementsAre("readers SELECT by ana"));
  EXPECT_THAT(Fail("drop_table", in, hits, true), StartsWith("2 "));
  ComeIn("root");
  EXPECT_TRUE(Get<bool>("revoke_role", std::string("readers"), std::string("bob"), kUser));
  ComeIn("bob");
  EXPECT_EQ(Fail("get_table", in, hits), "2 hive.default.hits table not found");
}

}  // namespace
}  // namespace lodestone::hive
