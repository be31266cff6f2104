// The DLI adapter in process, over a store in memory, without authentication: what calls do.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "bindings/http/dli/body.h"
#include "bindings/http/dli/handler.h"
#include "catalog/metastore.h"
#include "tests/support/matchers.h"

namespace lodestone::http::dli {

struct Answer {
  int status = 0;
  Json json;
  Response response;

  std::string code() const { return json.value("error_code", ""); }
  std::string text() const { return json.value("error_msg", ""); }
};

MATCHER(Succeeds, "is a success") {
  *result_listener << arg.status << " " << arg.response.body;
  return arg.status == 200 && arg.json.value("is_success", false) && arg.json.value("message", "none").empty();
}
MATCHER_P3(Refuses, status, code, text,
           "is refused with " + std::to_string(status) + " " + std::string(code) + " " + std::string(text)) {
  *result_listener << arg.status << " " << arg.response.body;
  return arg.status == status && arg.code() == code && arg.text().find(text) != std::string::npos;
}

inline Request MakeRequest(std::string_view method, std::string_view target, std::string_view body = "") {
  Request request;
  request.method = method;
  request.target = target;
  request.body = body;
  return request;
}

class DliTest : public ::testing::Test {
 protected:
  static constexpr int64_t kNow = 1'767'614'400'000;  // 2026-01-05 12:00:00 UTC

  void SetUp() override {
    OpenOptions open{.clock = &clock_};
    open.warehouse = "/warehouse";
    auto opened = Metastore::OpenInMemory(open);
    ASSERT_OK(opened);
    metastore_ = *std::move(opened);
    options_.clock = &clock_;
    options_.authenticate = false;
    MakeHandler();
  }

  void MakeHandler() { handler_ = NewDliHandler(*metastore_, options_); }

  Answer Send(Request request) {
    request.request_id = "r-1";
    Answer answer;
    answer.response = handler_->Handle(request);
    answer.status = answer.response.status;
    answer.json = Json::parse(answer.response.body);
    return answer;
  }
  // As the user `ana`, in the project hive.
  Answer Send(std::string_view method, std::string_view path, std::string_view body = "") {
    Request request = MakeRequest(method, "/v1.0/hive/" + std::string(path), body);
    request.headers = {{"content-type", "application/json"}, {"x-auth-token", "ana"}};
    return Send(std::move(request));
  }
  Answer Get(std::string_view path) { return Send("GET", path); }
  Answer Post(std::string_view path, std::string_view body) { return Send("POST", path, body); }
  Answer Put(std::string_view path, std::string_view body) { return Send("PUT", path, body); }
  Answer Delete(std::string_view path) { return Send("DELETE", path); }

  ManualClock clock_{kNow};
  std::unique_ptr<Metastore> metastore_;
  DliOptions options_;
  std::unique_ptr<Handler> handler_;
};

}  // namespace lodestone::http::dli
