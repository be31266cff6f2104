// The adapter in process, over a store in memory: requests in, answers out.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "bindings/common/crypto.h"
#include "bindings/http/dla/handler.h"
#include "bindings/http/handler.h"
#include "catalog/base/clock.h"
#include "catalog/base/strings.h"
#include "catalog/metastore.h"
#include "gtest/gtest.h"
#include "nlohmann/json.hpp"
#include "tests/support/matchers.h"

namespace lodestone::testing {

using Fields = std::map<std::string, std::string>;

inline std::string FormOf(const Fields& fields) {
  std::string form;
  for (const auto& [name, value] : fields) {
    if (!form.empty()) form += '&';
    form += bindings::PercentEncode(name) + "=" + bindings::PercentEncode(value);
  }
  return form;
}

inline http::Request GetRequest(const Fields& fields) {
  return {.method = "GET",
          .target = "/?" + FormOf(fields),
          .headers = {{"host", "localhost"}},
          .body = {},
          .request_id = "9BEAC206",
          .peer = "127.0.0.1"};
}

inline http::Request PostRequest(const Fields& fields) {
  http::Request request = GetRequest({});
  request.method = "POST";
  request.target = "/";
  request.headers.emplace_back("content-type", "application/x-www-form-urlencoded");
  request.body = FormOf(fields);
  return request;
}

// A table as JSON parameters: columns `id bigint`, `name string`.
inline constexpr char kDescriptor[] =
    R"({"Cols":[{"Name":"id","Type":"bigint","Comment":"the id"},{"Name":"name","Type":"string"}],)"
    R"("InputFormat":"parquet.In","OutputFormat":"parquet.Out","Location":"oss://data/t","Parameters":{"a":"b"},)"
    R"("SerDeInfo":{"Name":"serde","SerializationLib":"parquet.SerDe","Parameters":{"field.delim":"\u0001"}}})";

// One partition of AddPartitions. `values`: JSON texts.
inline std::string PartitionJson(std::string_view database, std::string_view table, std::string_view values) {
  return base::StrCat(R"({"DbName":")", database, R"(","TableName":")", table, R"(","Values":[)", values,
                      R"(],"Parameters":{"numRows":"7"},"StorageDescriptor":{"Col":[{"Name":"id","Type":"bigint"},)",
                      R"({"Name":"name","Type":"string"}],"InputFormat":"parquet.In","OutputFormat":"parquet.Out",)",
                      R"("SerDeInfo":{"SerializationLib":"parquet.SerDe"}}})");
}

// Without authentication: what the actions do.
class DlaTest : public ::testing::Test {
 protected:
  static constexpr int64_t kStart = 1'700'000'000'000;  // ms

  DlaTest() {
    metastore_ = *Metastore::OpenInMemory({.warehouse = "/warehouse", .clock = &clock_});
    handler_ = http::NewDlaHandler(*metastore_, {.clock = &clock_, .authenticate = false});
  }

  // With the parameters that every request has.
  static Fields Complete(std::string_view action, Fields fields) {
    fields.emplace("Action", action);
    fields.emplace("Version", "2018-06-19");
    fields.emplace("Format", "JSON");
    fields.emplace("AccessKeyId", "ana");
    return fields;
  }

  http::Response Send(const http::Request& request) { return handler_->Handle(request); }
  nlohmann::json Call(std::string_view action, Fields fields = {}) {
    const http::Response response = Send(PostRequest(Complete(action, std::move(fields))));
    const auto parsed = nlohmann::json::parse(response.body, nullptr, /*allow_exceptions=*/false);
    EXPECT_FALSE(parsed.is_discarded()) << response.body;
    EXPECT_EQ(response.content_type, "application/json");
    EXPECT_EQ(parsed.value("RequestId", ""), "9BEAC206") << response.body;
    return parsed;
  }
  // The same, which has to succeed.
  nlohmann::json Done(std::string_view action, Fields fields = {}) {
    const auto answer = Call(action, std::move(fields));
    EXPECT_EQ(answer.value("Success", nlohmann::json()), true) << answer;
    EXPECT_EQ(answer.value("Code", ""), "ok") << answer;
    return answer;
  }

  void MakeDatabase(std::string_view name = "web") {
    Done("CreateDatabase", {{"Name", std::string(name)}, {"Description", "pages"}, {"LocationUri", "oss://data/x"}});
  }
  void MakeTable(std::string_view table = "hits", std::string_view keys = R"([{"Name":"dt","Type":"string"}])") {
    Done("CreateTable", {{"DbName", "web"},
                         {"TableName", std::string(table)},
                         {"TableType", "EXTERNAL_TABLE"},
                         {"PartitionKeys", std::string(keys)},
                         {"Parameters", R"({"k":"v"})"},
                         {"StorageDescriptor", kDescriptor}});
  }

  ManualClock clock_{kStart};
  std::unique_ptr<Metastore> metastore_;
  std::unique_ptr<http::Handler> handler_;
};

}  // namespace lodestone::testing
