// Which call a request is for.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "bindings/http/dli/call.h"

namespace lodestone::http::dli {

struct Route {
  std::string_view method;
  // Behind `/v1.0/{project}/`; `*` stands for one piece that is a parameter.
  std::string_view pattern;
  std::string_view name;  // for metrics, logs and docs/wire/dli.md
  CallResult (*run)(Call&);
  bool has_body;
};
// Every call there is.
std::span<const Route> Routes();

struct Match {
  const Route* route = nullptr;  // null: see `allowed`
  std::string project;
  std::vector<std::string> names;
  // The methods that the path has when the request's is none of them: `GET, POST`. Empty: there is no such path.
  std::string allowed;
};
// Splits the path as sent at `/` and decodes each piece afterwards, so that an encoded slash is a part of a name. A
// piece that is empty, no UTF-8, or has an escape that is none matches nothing. Pieces that are words outrank
// parameters. Cost: the length of the path times the number of routes.
Match FindRoute(std::string_view method, std::string_view path);

}  // namespace lodestone::http::dli
