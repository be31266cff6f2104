// What is taken as a request, and what is said about the rest.
#include <pugixml.hpp>
#include <set>

#include "bindings/http/dla/errors.h"
#include "bindings/http/dla/parameters.h"
#include "tests/unit/dla/fixture.h"

namespace lodestone::testing {
namespace {

using http::dla::FailureOf;
using http::dla::Parameters;
using nlohmann::json;

class DlaRequestsTest : public DlaTest {
 protected:
  http::Request Typed(std::string_view type, std::string body, const Fields& query = {}) {
    http::Request request = GetRequest(query);
    request.method = "POST";
    request.headers.emplace_back("content-type", type);
    request.body = std::move(body);
    return request;
  }
  void ExpectFault(const http::Request& request, int status, const std::string& code) {
    const http::Response response = Send(request);
    EXPECT_EQ(response.status, status) << response.body;
    const json answer = json::parse(response.body);
    EXPECT_EQ(answer.size(), 3) << answer;
    EXPECT_EQ(answer["Code"], code) << answer;
    EXPECT_EQ(answer["RequestId"], "9BEAC206");
    EXPECT_NE(answer["Message"], "");
    EXPECT_TRUE(code == response.outcome || code.starts_with(response.outcome + ".")) << response.outcome;
  }
};

TEST_F(DlaRequestsTest, QueryAndBodyAreMergedByName) {
  const Fields all = Complete("GetDatabase", {{"Name", "default"}});
  const Fields name = {{"Name", "default"}};
  Fields rest = all;
  rest.erase("Name");
  const std::string form = "application/x-www-form-urlencoded";
  const http::Request accepted[] = {
      GetRequest(all),
      PostRequest(all),
      Typed(form, FormOf(name), rest),
      Typed(form, FormOf(name), all),
      Typed(form + "; charset=UTF-8", FormOf(rest), name),
      Typed("Application/X-WWW-Form-Urlencoded", FormOf(all), all),
      Typed("application/json; charset=utf-8", R"({"Name":"default"})", rest),
      Typed("application/json", R"({"Name":"default"})", all),
  };
  for (const http::Request& request : accepted) {
    EXPECT_EQ(json::parse(Send(request).body)["Code"], "ok") << request.target << " " << request.body;
  }
  ExpectFault(Typed(form, "Name=other", all), 400, "InvalidParameter.Name");
  ExpectFault(GetRequest({}), 400, "MissingParameter.Action");
  http::Request twice = GetRequest(all);
  twice.target += "&Name=default";
  EXPECT_EQ(Send(twice).status, 200);
  twice.target += "&Name=other";
  ExpectFault(twice, 400, "InvalidParameter.Name");
}

TEST_F(DlaRequestsTest, JsonValuesEqualTheirTextsInTheQuery) {
  MakeDatabase();
  Fields query = Complete("DropDatabase", {{"Name", "web"}, {"Cascade", "True"}});
  EXPECT_EQ(Send(Typed("application/json", R"({"Cascade":true,"Name":"web"})", query)).outcome, "ok");
  MakeDatabase();
  MakeTable();
  query = Complete("GetPartitions", {{"DbName", "web"}, {"TableName", "hits"}, {"MaxParts", "5"}});
  EXPECT_EQ(Send(Typed("application/json", R"({"MaxParts":5,"Unset":null})", query)).outcome, "ok");
  ExpectFault(Typed("application/json", R"({"MaxParts":6})", query), 400, "InvalidParameter.MaxParts");
  query = Complete("GetPartition", {{"DbName", "web"}, {"TableName", "hits"}, {"Values", R"([ "p" ])"}});
  EXPECT_EQ(Send(Typed("application/json", R"({"Values":["p"]})", query)).outcome, "NO_SUCH_OBJECT");
}

TEST_F(DlaRequestsTest, WhatIsNoRequestIsRefused) {
  const Fields all = Complete("GetAllDatabases", {});
  http::Request put = GetRequest(all);
  put.method = "PUT";
  ExpectFault(put, 405, "UnsupportedHTTPMethod");
  http::Request elsewhere = GetRequest(all);
  elsewhere.target.insert(1, "x");
  ExpectFault(elsewhere, 404, "InvalidAction.NotFound");
  ExpectFault(GetRequest(Complete("getalldatabases", {})), 404, "InvalidAction.NotFound");
  ExpectFault(GetRequest(Complete("GetJobStatus", {})), 404, "InvalidAction.NotFound");
  ExpectFault(Typed("text/plain", "Name=x", all), 415, "UnsupportedContentType");
  ExpectFault(Typed("application/json", "[1]", all), 400, "InvalidRequest");
  ExpectFault(Typed("application/json", "{", all), 400, "InvalidRequest");
  for (const std::string bad : {"&a=%", "&a=%4", "&a=%4g", "&%zz=1", "&a=%ff", "&a=%c3%28"}) {
    http::Request request = GetRequest(all);
    request.target += bad;
    ExpectFault(request, 400, "InvalidRequest");
  }
  http::Request many = GetRequest(all);
  for (int i = 0; i < 1000; ++i) many.target += base::StrCat("&p", i, "=");
  ExpectFault(many, 400, "InvalidRequest");
  Fields csv = all;
  csv["Format"] = "CSV";
  ExpectFault(GetRequest(csv), 400, "InvalidParameter.Format");
}

TEST_F(DlaRequestsTest, UnknownAndEmptyParametersAreIgnored) {
  Done("GetAllDatabases", {{"SignatureType", ""}, {"RegionId", "cn-hangzhou"}, {"Parameters", ""}});
}

TEST_F(DlaRequestsTest, EveryMandatoryParameterIsNamedWhenItIsMissing) {
  const struct {
    std::string action;
    Fields fields;
    std::set<std::string> may_be_empty;
  } cases[] = {
      {"CreateDatabase", {{"Name", "n"}, {"Description", "d"}, {"LocationUri", "l"}}, {"Description", "LocationUri"}},
      {"GetDatabase", {{"Name", "n"}}, {}},
      {"AlterDatabase",
       {{"OldDbName", "o"}, {"Name", "n"}, {"Description", "d"}, {"LocationUri", "l"}},
       {"Description", "LocationUri"}},
      {"DropDatabase", {{"Name", "n"}, {"Cascade", "true"}}, {}},
      {"CreateTable",
       {{"DbName", "d"}, {"TableName", "t"}, {"TableType", "VIEW"}, {"StorageDescriptor", kDescriptor}},
       {}},
      {"GetTable", {{"DbName", "d"}, {"TableName", "t"}}, {}},
      {"GetAllTables", {{"DbName", "d"}}, {}},
      {"AlterTable",
       {{"OldDbName", "a"}, {"OldTableName", "b"}, {"NewDbName", "c"}, {"NewTableName", "d"}, {"Col", "[]"}},
       {}},
      {"DropTable", {{"DbName", "d"}, {"TableName", "t"}}, {}},
      {"AddPartitions", {{"Partition", "[]"}}, {}},
      {"GetPartition", {{"DbName", "d"}, {"TableName", "t"}, {"Values", "[]"}}, {}},
      {"GetPartitions", {{"DbName", "d"}, {"TableName", "t"}}, {}},
      {"DropPartition", {{"DbName", "d"}, {"TableName", "t"}, {"PartValues", "[]"}}, {}},
      {"GrantPrivileges", {{"PrivilegeBag", "{}"}}, {}},
      {"RevokePrivileges", {{"PrivilegeBag", "{}"}}, {}},
  };
  for (const auto& c : cases) {
    for (const auto& [name, value] : c.fields) {
      Fields fields = c.fields;
      fields.erase(name);
      ExpectFault(PostRequest(Complete(c.action, fields)), 400, "MissingParameter." + name);
      fields[name] = "";
      if (!c.may_be_empty.contains(name)) {
        ExpectFault(PostRequest(Complete(c.action, fields)), 400, "MissingParameter." + name);
      }
    }
  }
  // A request without an action is not one of an unknown action.
  Fields none = Complete("", {});
  none.erase("Action");
  ExpectFault(GetRequest(none), 400, "MissingParameter.Action");
}

TEST_F(DlaRequestsTest, JsonThatIsNotWhatTheReferenceSaysIsRefusedWithItsPlace) {
  MakeDatabase();
  MakeTable();
  const auto bag = [](std::string_view type, std::string_view more, std::string_view privilege) {
    return base::StrCat(R"({"HiveObjectPrivilege":[{"HiveObjectRef":{"HiveObjectType":")", type, "\"", more,
                        R"(},"PrincipalName":"u","PrivilegeGrantInfo":{"Privilege":")", privilege, R"("}}]})");
  };
  const std::string no_formats = R"({"Cols":[{"Name":"a","Type":"int"}],"Location":"l"})";
  const std::string deep = std::string(40, '[') + std::string(40, ']');
  const struct {
    std::string action;
    std::string name;
    std::string value;
    std::string code;
    std::string place;
  } cases[] = {
      {"GetPartition", "Values", "p001", "InvalidParameter.Values", "expected JSON"},
      {"GetPartition", "Values", R"({"a":1})", "InvalidParameter.Values", "Values: expected a list, found an object"},
      {"GetPartition", "Values", R"(["a",1])", "InvalidParameter.Values", "Values[1]: expected a text, found a number"},
      {"GetPartition", "Values", deep, "InvalidParameter.Values", "levels deep"},
      {"CreateTable", "StorageDescriptor", "[]", "InvalidParameter.StorageDescriptor", "expected an object"},
      {"CreateTable", "StorageDescriptor", "{}", "MissingParameter.StorageDescriptor", "StorageDescriptor.Cols"},
      {"CreateTable", "StorageDescriptor", no_formats, "MissingParameter.StorageDescriptor", "InputFormat"},
      {"CreateTable", "StorageDescriptor", R"({"Cols":[{"Name":"a"}]})", "MissingParameter.StorageDescriptor",
       "StorageDescriptor.Cols[0].Type"},
      {"CreateTable", "StorageDescriptor", R"({"Cols":[],"Cols":[]})", "InvalidParameter.StorageDescriptor", "twice"},
      {"CreateTable", "PartitionKeys", R"([{"Type":"a"}])", "MissingParameter.PartitionKeys", "PartitionKeys[0].Name"},
      {"CreateTable", "Parameters", R"({"a":[1]})", "InvalidParameter.Parameters", "Parameters.a: expected a text"},
      {"CreateTable", "Parameters", R"({"a":"1","a":"2"})", "InvalidParameter.Parameters", "twice"},
      {"CreateTable", "TableType", "INDEX_TABLE", "InvalidParameter.TableType", "EXTERNAL_TABLE"},
      {"DropDatabase", "Cascade", "yes", "InvalidParameter.Cascade", "true or false"},
      {"AddPartitions", "Partition", R"([{"DbName":"web"}])", "MissingParameter.Partition", "Partition[0].TableName"},
      {"AddPartitions", "Partition", R"({})", "InvalidParameter.Partition", "expected a list"},
      {"GrantPrivileges", "PrivilegeBag", "{}", "MissingParameter.PrivilegeBag", "HiveObjectPrivilege"},
      {"GrantPrivileges", "PrivilegeBag", R"({"HiveObjectPrivilege":[]})", "MissingParameter.PrivilegeBag", "empty"},
      {"GrantPrivileges", "PrivilegeBag", bag("SERVER", "", "CREATE"), "InvalidParameter.PrivilegeBag", "GLOBAL"},
      {"GrantPrivileges", "PrivilegeBag", bag("DATABASE", "", "CREATE"), "MissingParameter.PrivilegeBag", "DbName"},
      {"GrantPrivileges", "PrivilegeBag", bag("TABLE", R"(,"DbName":"web")", "CREATE"), "MissingParameter.PrivilegeBag",
       "TableName"},
      {"GrantPrivileges", "PrivilegeBag", bag("GLOBAL", "", ""), "MissingParameter.PrivilegeBag", "Privilege"},
      {"GrantPrivileges", "PrivilegeBag", bag("GLOBAL", "", "CREATE,FLY"), "InvalidParameter.PrivilegeBag", "FLY"},
  };
  for (const auto& c : cases) {
    Fields fields = {{"DbName", "web"}, {"TableName", "t2"},  {"TableType", "EXTERNAL_TABLE"},
                     {"Name", "web"},   {"Cascade", "false"}, {"StorageDescriptor", kDescriptor}};
    fields[c.name] = c.value;
    const http::Request request = PostRequest(Complete(c.action, fields));
    ExpectFault(request, 400, c.code);
    EXPECT_THAT(json::parse(Send(request).body)["Message"].get<std::string>(), ::testing::HasSubstr(c.place));
  }
}

TEST_F(DlaRequestsTest, XmlIsAskedForByFormatAndFailuresComeInItToo) {
  MakeDatabase();
  Fields fields = Complete("GetDatabase", {{"Name", "web"}});
  const auto read = [&](const std::string& root) {
    const http::Response response = Send(GetRequest(fields));
    EXPECT_EQ(response.content_type, "application/xml");
    pugi::xml_document document;
    EXPECT_TRUE(document.load_string(response.body.c_str())) << response.body;
    EXPECT_STREQ(document.document_element().name(), root.c_str());
    std::map<std::string, std::string> found;
    for (const auto& node : document.document_element().children()) found[node.name()] = node.text().get();
    return found;
  };
  for (const std::string name : {"XML", "xml"}) {
    fields["Format"] = name;
    EXPECT_EQ(read("GetDatabaseResponse")["Success"], "true");
  }
  fields["Name"] = "none";
  auto refused = read("GetDatabaseResponse");
  EXPECT_EQ(refused["Success"], "false");
  EXPECT_EQ(refused["Code"], "NO_SUCH_OBJECT");
  fields.erase("Name");
  auto fault = read("Error");
  EXPECT_EQ(fault["Code"], "MissingParameter.Name");
  EXPECT_EQ(fault.count("Success"), 0);
}

TEST_F(DlaRequestsTest, WhatTheServerRefusesHasTheSameForm) {
  const struct {
    int status;
    std::string code;
  } cases[] = {{408, "RequestTimeout"},     {413, "RequestTooLarge"},   {429, "Throttling"},
               {503, "ServiceUnavailable"}, {500, "ServerError.Inner"}, {599, "ServerError.Inner"}};
  for (const auto& c : cases) {
    const http::Response response = handler_->Refuse(GetRequest({{"Format", "JSON"}}), c.status, "why");
    EXPECT_EQ(json::parse(response.body), json({{"RequestId", "9BEAC206"}, {"Code", c.code}, {"Message", "why"}}));
  }
  EXPECT_EQ(handler_->Refuse(GetRequest({{"Format", "XML"}}), 429, "why").content_type, "application/xml");
}

TEST_F(DlaRequestsTest, AFailureOfTheStoreIsNotToldInDetail) {
  const absl::Status loss = absl::DataLossError("/var/lib/store: key table/7 is damaged");
  const auto failure = FailureOf(loss, "GetTable");
  EXPECT_EQ(failure.http_status, 500);
  EXPECT_EQ(failure.code, "ServerError.Inner");
  EXPECT_EQ(failure.message, "An internal error occurred.");
  EXPECT_THAT(failure.detail, ::testing::HasSubstr("table/7"));
  EXPECT_EQ(FailureOf(loss, "AddPartitions").http_status, 430);
  EXPECT_EQ(FailureOf(absl::AbortedError("x"), "GetTable").http_status, 503);
}

TEST_F(DlaRequestsTest, InsecureModeNeedsAName) {
  Fields fields = Complete("GetAllDatabases", {});
  fields.erase("AccessKeyId");
  ExpectFault(GetRequest(fields), 400, "MissingParameter.AccessKeyId");
}

}  // namespace
}  // namespace lodestone::testing
