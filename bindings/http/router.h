// Which handler answers which path.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "bindings/http/handler.h"

namespace lodestone::http {

struct Route {
  std::string adapter;  // for metrics and logs: `dla`, `dli`, `server`
  std::string path;     // this path; with `beneath` also all that begins with it and a slash
  bool beneath = false;
  std::string allow;           // methods, as the header Allow lists them
  Handler* handler = nullptr;  // not owned
  // Of the server itself: answers whatever the rate and the number of requests in flight, and only the methods of
  // `allow`.
  bool own = false;
};

// Filled first, then used by many threads at once.
class Router {
 public:
  void Add(Route route) { routes_.push_back(std::move(route)); }
  // Null: nothing is there.
  const Route* Find(std::string_view path) const;

 private:
  std::vector<Route> routes_;
};

}  // namespace lodestone::http
