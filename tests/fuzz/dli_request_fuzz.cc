// Any request to the DLI adapter is answered, in the documented form: routes, queries, bodies, names of objects.
// The input is a request: a line `METHOD TARGET`, then the body.
#include <memory>
#include <string_view>

#include "bindings/http/dli/body.h"
#include "bindings/http/dli/handler.h"
#include "catalog/metastore.h"
#include "tests/fuzz/check.h"

using lodestone::Metastore;
using lodestone::http::Handler;
using lodestone::http::Request;
using lodestone::http::Response;
using lodestone::http::dli::Json;

namespace {

Request ParseRequest(std::string_view text) {
  Request request;
  const std::size_t line_end = std::min(text.find('\n'), text.size());
  const std::string_view line = text.substr(0, line_end);
  const std::size_t blank = std::min(line.find(' '), line.size());
  request.method = line.substr(0, blank);
  request.target = line.substr(std::min(blank + 1, line.size()));
  request.body = text.substr(std::min(line_end + 1, text.size()));
  request.headers = {{"x-auth-token", "ana"}};
  return request;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, std::size_t size) {
  auto metastore = Metastore::OpenInMemory();
  FUZZ_CHECK(metastore.ok());
  lodestone::model::v1::Table table;
  table.set_database("default");
  table.set_name("t");
  auto* column = table.mutable_storage_descriptor()->add_columns();
  column->set_name("a");
  column->set_type("int");
  auto* key = table.add_partition_keys();
  key->set_name("dt");
  key->set_type("string");
  FUZZ_CHECK((*metastore)->Local().CreateTable(table).ok());
  const std::unique_ptr<Handler> handler = lodestone::http::NewDliHandler(**metastore, {.authenticate = false});
  const Response response = handler->Handle(ParseRequest({reinterpret_cast<const char*>(data), size}));
  const Json json = Json::parse(response.body, nullptr, /*allow_exceptions=*/false);
  FUZZ_CHECK(json.is_object());
  if (response.status == 200) {
    FUZZ_CHECK(json.value("is_success", false));
    FUZZ_CHECK(response.outcome == "ok");
  } else {
    FUZZ_CHECK(response.status >= 400 && response.status < 500);
    FUZZ_CHECK(json.value("error_code", "").starts_with("DLI."));
    FUZZ_CHECK(json.contains("error_msg"));
  }
  return 0;
}
