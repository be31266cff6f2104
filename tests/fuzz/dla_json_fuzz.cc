// Any text as each of the parameters that hold JSON, handed to the action that reads it: an answer that is JSON, or
// XML, and never an internal error.
#include <array>
#include <string>
#include <string_view>

#include "bindings/common/crypto.h"
#include "bindings/http/dla/handler.h"
#include "catalog/base/strings.h"
#include "catalog/metastore.h"
#include "nlohmann/json.hpp"
#include "pugixml.hpp"
#include "tests/fuzz/check.h"

namespace {

using namespace lodestone;  // NOLINT

struct Place {
  std::string_view action;
  std::string_view parameter;
};
constexpr std::array kPlaces = {
    Place{"CreateTable", "StorageDescriptor"}, Place{"CreateTable", "PartitionKeys"},
    Place{"CreateDatabase", "Parameters"},     Place{"AddPartitions", "Partition"},
    Place{"GetPartition", "Values"},           Place{"AlterTable", "Col"},
    Place{"GrantPrivileges", "PrivilegeBag"},
};

// A store with the table that the parameters below name.
Metastore* MakeStore() {
  auto metastore = Metastore::OpenInMemory();
  FUZZ_CHECK(metastore.ok());
  Session session = (*metastore)->Local();
  model::v1::Table table;
  table.set_database("default");
  table.set_name("t");
  table.mutable_storage_descriptor()->add_columns()->set_name("a");
  table.mutable_storage_descriptor()->mutable_columns(0)->set_type("int");
  auto* key = table.add_partition_keys();
  key->set_name("dt");
  key->set_type("string");
  FUZZ_CHECK(session.CreateTable(table).ok());
  return metastore->release();
}

std::string Send(http::Handler& handler, const Place& place, std::string_view text, std::string_view format) {
  http::Request request;
  request.method = "POST";
  request.target = base::StrCat("/?Action=", place.action, "&Version=2018-06-19&AccessKeyId=ana&Format=", format);
  request.headers = {{"content-type", "application/x-www-form-urlencoded"}};
  std::string descriptor = R"({"Cols":[],"InputFormat":"","OutputFormat":"","Location":"",)"
                           R"("SerDeInfo":{"SerializationLib":""}})";
  for (const auto& [name, value] : {std::pair<std::string_view, std::string_view>{"DbName", "default"},
                                    {"TableName", place.action == "CreateTable" ? "made" : "t"},
                                    {"OldDbName", "default"},
                                    {"OldTableName", "t"},
                                    {"NewDbName", "default"},
                                    {"NewTableName", "t"},
                                    {"Name", "made"},
                                    {"Description", ""},
                                    {"LocationUri", ""},
                                    {"TableType", "EXTERNAL_TABLE"},
                                    {"StorageDescriptor", descriptor}}) {
    if (name != place.parameter) base::StrAppend(&request.body, name, "=", bindings::PercentEncode(value), "&");
  }
  base::StrAppend(&request.body, place.parameter, "=", bindings::PercentEncode(text));
  const http::Response response = handler.Handle(request);
  FUZZ_CHECK(response.status < 500 && response.status != 430);
  return response.body;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  static Metastore* const metastore = MakeStore();
  static const auto handler = http::NewDlaHandler(*metastore, {.authenticate = false});
  const Place& place = kPlaces[data[0] % kPlaces.size()];
  const std::string_view text(reinterpret_cast<const char*>(data) + 1, size - 1);
  const std::string json = Send(*handler, place, text, "JSON");
  FUZZ_CHECK(nlohmann::json::accept(json));
  const std::string xml = Send(*handler, place, text, "XML");
  pugi::xml_document document;
  FUZZ_CHECK(document.load_buffer(xml.data(), xml.size()));
  // What was made would be in the way of the next input.
  metastore->Local()
      .DropTable({"default", "made"}, {.if_missing = IfMissing::kSkip, .purge = Purge::kYes})
      .IgnoreError();
  metastore->Local().DropDatabase("made", {.if_missing = IfMissing::kSkip, .purge = Purge::kYes}).IgnoreError();
  metastore->Local().TruncatePartitions({"default", "t"}).IgnoreError();
  return 0;
}
