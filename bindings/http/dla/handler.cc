#include "bindings/http/dla/handler.h"

#include <optional>
#include <utility>

#include "bindings/http/dla/actions.h"
#include "bindings/http/dla/authenticate.h"
#include "bindings/http/dla/errors.h"
#include "catalog/base/status_macros.h"
#include "catalog/base/strings.h"

namespace lodestone::http {

namespace {

using namespace dla;  // NOLINT: this file is the outside of that

// What of an answer stands before its own fields.
void BeginAnswer(std::string_view root, const Request& request, std::string_view code, std::string_view message,
                 Writer* out) {
  out->BeginAnswer(root);
  out->Text("RequestId", request.request_id);
  out->Text("Code", code);
  out->Text("Message", message);
}

void WriteRefusedData(RefusedData data, Writer* out) {
  switch (data) {
    case RefusedData::kNone:
      return;
    case RefusedData::kFalse:
      return out->Boolean("Data", false);
    case RefusedData::kNull:
      return out->Null("Data");
    case RefusedData::kZero:
      return out->Number("Data", 0);
  }
}

// Json unless XML is asked for; false when it is neither.
bool ReadFormat(const Parameters& parameters, Format* format) {
  const std::string_view text = parameters.Get("Format");
  *format = base::EqualsIgnoreCase(text, "XML") ? Format::kXml : Format::kJson;
  return text.empty() || *format == Format::kXml || base::EqualsIgnoreCase(text, "JSON");
}

class DlaHandler final : public Handler {
 public:
  DlaHandler(Metastore& metastore, const DlaOptions& options)
      : metastore_(metastore),
        options_(options),
        gate_{.find_key = [&metastore](std::string_view id) { return metastore.FindSigningKey(id); },
              .use_nonce = [&metastore](std::string_view nonce,
                                        int64_t expires) { return metastore.UseNonce(nonce, expires); }} {}

  Response Handle(const Request& request) override {
    Response response;
    ParsedRequest parsed;
    const absl::Status readable = ParseRequest(request, &parsed);
    const Action* action = FindAction(parsed.action);
    response.call = action == nullptr ? "unknown" : std::string(action->name);
    Format format = Format::kJson;
    const bool known_format = ReadFormat(parsed.all, &format);
    response.content_type = ContentTypeOf(format);
    const auto writer = NewWriter(format, &response.body);
    const auto run = [&]() -> absl::Status {
      RETURN_IF_ERROR(readable);
      ASSIGN_OR_RETURN(const Identity identity, Authenticate(gate_, options_, request, parsed));
      response.principal = identity.principal.name;
      if (!known_format) {
        return Invalid("Format", base::StrCat("parameter Format: expected JSON or XML, found ",
                                              base::Quoted(parsed.all.Get("Format"), 80)));
      }
      if (action == nullptr) {
        return FaultError(Fault::kUnknownAction, {},
                          base::StrCat("there is no action ", base::Quoted(parsed.action, 80)));
      }
      return Run(request, *action, identity, parsed.all, writer.get(), &response.body);
    };
    const absl::Status done = run();
    if (done.ok()) {
      writer->EndAnswer();
      response.outcome = "ok";
    } else {
      Fail(request, FailureOf(done, parsed.action), action, format, &response);
    }
    return response;
  }

  Response Refuse(const Request& request, int status, std::string_view message) override {
    Parameters parameters;
    // As far as it can be read: the request is refused either way.
    parameters.AddForm(request.query()).IgnoreError();
    Format format = Format::kJson;
    ReadFormat(parameters, &format);
    Response response;
    response.content_type = ContentTypeOf(format);
    Fail(request, ServerFailure(status, message), nullptr, format, &response);
    return response;
  }

 private:
  // Writes all of a success but its end.
  absl::Status Run(const Request& request, const Action& action, const Identity& identity, const Parameters& parameters,
                   Writer* out, const std::string* body) {
    const std::string_view catalog = identity.catalog.empty() ? kDefaultCatalog : std::string_view(identity.catalog);
    Session session = (options_.authenticate ? metastore_.As(identity.principal, catalog)
                                             : metastore_.Trusted(identity.principal, catalog))
                          .WithRequestId(request.request_id);
    BeginAnswer(base::StrCat(action.name, "Response"), request, "ok", "ok", out);
    out->Boolean("Success", true);
    return action.run({.session = session, .parameters = parameters, .options = options_, .out = *out, .body = *body});
  }

  static void Fail(const Request& request, const Failure& failure, const Action* action, Format format,
                   Response* response) {
    response->status = failure.http_status;
    response->outcome = failure.outcome;
    response->detail = failure.detail;
    // Whatever a success would have had so far is of no use.
    response->body.clear();
    const auto out = NewWriter(format, &response->body);
    const bool has_all_fields = failure.in_metadata && action != nullptr;
    BeginAnswer(has_all_fields ? base::StrCat(action->name, "Response") : "Error", request, failure.code,
                failure.message, out.get());
    if (has_all_fields) {
      out->Boolean("Success", false);
      WriteRefusedData(action->refused_data, out.get());
    }
    out->EndAnswer();
  }

  Metastore& metastore_;
  const DlaOptions options_;
  const Gate gate_;
};

}  // namespace

std::unique_ptr<Handler> NewDlaHandler(Metastore& metastore, const DlaOptions& options) {
  return std::make_unique<DlaHandler>(metastore, options);
}

}  // namespace lodestone::http
