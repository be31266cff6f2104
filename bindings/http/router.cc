#include "bindings/http/router.h"

namespace lodestone::http {

const Route* Router::Find(std::string_view path) const {
  for (const Route& route : routes_) {
    if (path == route.path) return &route;
    if (route.beneath && path.size() > route.path.size() && path.starts_with(route.path) &&
        path[route.path.size()] == '/') {
      return &route;
    }
  }
  return nullptr;
}

}  // namespace lodestone::http
