// The first part of an answer on the wire.
#pragma once

#include <string>

#include "bindings/http/handler.h"

namespace lodestone::http {

// Status line and header up to the empty line. A header of the response whose name or value could break out of its line
// is left out. `keep_alive`: whether another request may follow.
std::string ResponseHead(const Request& request, const Response& response, bool keep_alive);
// Statuses 1xx, 204 and 304 never have a body.
bool MayHaveBody(int status);

}  // namespace lodestone::http
