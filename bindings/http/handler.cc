#include "bindings/http/handler.h"

#include <nlohmann/json.hpp>

namespace lodestone::http {

Response Handler::Refuse(const Request& request, int status, std::string_view message) {
  const nlohmann::json body = {
      {"code", std::to_string(status)}, {"message", message}, {"request_id", request.request_id}};
  Response response;
  response.status = status;
  response.body = body.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
  return response;
}

}  // namespace lodestone::http
