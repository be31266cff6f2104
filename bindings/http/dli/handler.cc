#include "bindings/http/dli/handler.h"

#include <utility>

#include "bindings/http/dli/authenticate.h"
#include "bindings/http/dli/call.h"
#include "bindings/http/dli/error.h"
#include "bindings/http/dli/router.h"
#include "catalog/base/status_macros.h"
#include "catalog/base/strings.h"
#include "catalog/errors.h"

namespace lodestone::http {
namespace dli {
namespace {

void Fail(Failure failure, Response* response) {
  response->status = failure.status;
  response->outcome = failure.code;
  response->detail = std::move(failure.detail);
  const Json body = {{"error_code", failure.code}, {"error_msg", std::move(failure.message)}};
  response->body = body.dump(-1, ' ', /*ensure_ascii=*/false, Json::error_handler_t::replace);
}

void Succeed(Json fields, Response* response) {
  response->outcome = "ok";
  Json body = {{"is_success", true}, {"message", ""}};
  body.update(fields);
  response->body = body.dump(-1, ' ', /*ensure_ascii=*/false, Json::error_handler_t::replace);
}

// JSON, whatever its parameters say of the charset; nothing said counts as JSON.
bool IsJson(std::string_view content_type) {
  const std::string_view type = base::TrimWhitespace(content_type.substr(0, content_type.find(';')));
  return type.empty() || base::EqualsIgnoreCase(type, "application/json");
}

class DliHandler final : public Handler {
 public:
  DliHandler(Metastore& metastore, const DliOptions& options)
      : metastore_(metastore), options_(options), jobs_(options.max_jobs) {}

  Response Handle(const Request& request) override {
    Response response;
    response.call = "none";
    const Match match = FindRoute(request.method, request.path());
    if (match.route == nullptr) {
      if (match.allowed.empty()) {
        Fail({404, kUnknownRoute, "there is no such call", ""}, &response);
      } else {
        response.headers.emplace_back("Allow", match.allowed);
        Fail({405, kNotPossible, base::StrCat("this path takes ", match.allowed), ""}, &response);
      }
      return response;
    }
    response.call = match.route->name;
    Run(request, match, &response);
    return response;
  }

  // What the server refuses by itself, in this wire's form.
  Response Refuse(const Request&, int status, std::string_view message) override {
    constexpr std::pair<int, std::string_view> kCodes[] = {
        {408, kTimeout}, {413, kLimit}, {429, kLimit}, {503, kBusy}, {500, kInternal}};
    std::string_view code = status < 500 ? kBadInput : kInternal;
    for (const auto& [row_status, row_code] : kCodes) {
      if (row_status == status) code = row_code;
    }
    Response response;
    Fail({status, code, std::string(message), ""}, &response);
    return response;
  }

 private:
  void Run(const Request& request, const Match& match, Response* response) {
    absl::StatusOr<Session> session = Enter(request, match, response);
    if (!session.ok()) {
      Failure failure = FailureOf(session.status());
      if (absl::IsResourceExhausted(session.status())) failure.status = 413;
      return Fail(std::move(failure), response);
    }
    if (!request.body.empty() && !IsJson(request.Header("content-type"))) {
      return Fail({415, kBadInput, "expected Content-Type: application/json", ""}, response);
    }
    absl::StatusOr<Json> fields = RunCall(request, match, *std::move(session));
    if (!fields.ok()) return Fail(FailureOf(fields.status()), response);
    Succeed(*std::move(fields), response);
  }

  // The session of the caller in the project's catalog.
  absl::StatusOr<Session> Enter(const Request& request, const Match& match, Response* response) {
    if (!options_.authenticate) {
      const Principal principal{std::string(request.Header("x-auth-token"))};
      response->principal = principal.name;
      return metastore_.Trusted(principal, match.project).WithRequestId(request.request_id);
    }
    ASSIGN_OR_RETURN(const Identity identity, Authenticate(metastore_, options_, request));
    response->principal = identity.principal.name;
    if (!identity.catalog.empty() && !base::EqualsIgnoreCase(identity.catalog, match.project)) {
      // In the same words whether there is such a project.
      return MakeError(ErrorKind::kNoPrivilege, ObjectKind::kCatalog, match.project,
                       base::StrCat("the account ", identity.principal.name, " does not belong to this project"));
    }
    return metastore_.As(identity.principal, match.project).WithRequestId(request.request_id);
  }

  absl::StatusOr<Json> RunCall(const Request& request, const Match& match, Session session) {
    ASSIGN_OR_RETURN(QueryParameters query, ParseQuery(request.query()));
    Json body;
    if (match.route->has_body) {
      ASSIGN_OR_RETURN(body, ParseBody(request.body));
    }
    Call call{metastore_,  options_,         jobs_,          std::move(session), base::AsciiLower(match.project),
              match.names, std::move(query), std::move(body)};
    return match.route->run(call);
  }

  Metastore& metastore_;
  const DliOptions options_;
  Jobs jobs_;
};

}  // namespace
}  // namespace dli

std::unique_ptr<Handler> NewDliHandler(Metastore& metastore, const DliOptions& options) {
  return std::make_unique<dli::DliHandler>(metastore, options);
}

}  // namespace lodestone::http
