#include "bindings/http/dli/router.h"

#include "bindings/common/crypto.h"
#include "catalog/base/strings.h"

namespace lodestone::http::dli {
namespace {

// Where two patterns match one path, the first counts.
constexpr Route kRoutes[] = {
    {"PUT", "queues/user-authorization", "AuthorizeQueue", AuthorizeQueue, true},
    {"GET", "queues/*/users", "ListQueueUsers", ListQueueUsers, false},
    {"PUT", "user-authorization", "AuthorizeData", AuthorizeData, true},
    {"GET", "databases/*/users", "ListDatabaseUsers", ListDatabaseUsers, false},
    {"GET", "databases/*/tables/*/users", "ListTableUsers", ListTableUsers, false},
    {"GET", "databases/*/tables/*/users/*", "ListTablePrivileges", ListTablePrivileges, false},
    {"GET", "authorization/privileges", "ListAuthorizationPrivileges", ListAuthorizationPrivileges, false},
    {"POST", "databases", "CreateDatabase", CreateDatabase, true},
    {"DELETE", "databases/*", "DeleteDatabase", DeleteDatabase, false},
    {"GET", "databases", "ListDatabases", ListDatabases, false},
    {"PUT", "databases/*/owner", "UpdateDatabaseOwner", UpdateDatabaseOwner, true},
    {"POST", "databases/*/tables", "CreateTable", CreateTable, true},
    {"DELETE", "databases/*/tables/*", "DeleteTable", DeleteTable, false},
    {"GET", "databases/*/tables", "ListTables", ListTables, false},
    {"GET", "databases/*/tables/*", "ShowTable", ShowTable, false},
    {"GET", "databases/*/tables/*/preview", "PreviewTable", PreviewTable, false},
    {"GET", "databases/*/tables/*/partitions", "ListPartitions", ListPartitions, false},
    {"GET", "jobs/*/status", "ShowJobStatus", ShowJobStatus, false},
    {"GET", "jobs/*/preview", "PreviewJobResult", PreviewJobResult, false},
};

// More pieces than any path has are not looked at.
constexpr std::size_t kMaxPieces = 16;

bool Matches(std::string_view pattern, const std::vector<std::string>& pieces, std::vector<std::string>* names) {
  const std::vector<std::string_view> words = base::Split(pattern, '/');
  if (words.size() + 2 != pieces.size()) return false;
  names->clear();
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (words[i] == "*") {
      names->push_back(pieces[i + 2]);
    } else if (words[i] != pieces[i + 2]) {
      return false;
    }
  }
  return true;
}

// The pieces behind the leading slash, decoded; empty when one can't be part of any path.
std::vector<std::string> Pieces(std::string_view path) {
  std::vector<std::string> pieces;
  if (!path.starts_with('/')) return pieces;
  for (const std::string_view raw : base::Split(path.substr(1), '/')) {
    std::string piece;
    if (pieces.size() == kMaxPieces || !bindings::PercentDecode(raw, bindings::Plus::kLiteral, &piece) ||
        piece.empty() || base::FindInvalidUtf8(piece) != std::string_view::npos) {
      return {};
    }
    pieces.push_back(std::move(piece));
  }
  return pieces;
}

}  // namespace

std::span<const Route> Routes() { return kRoutes; }

Match FindRoute(std::string_view method, std::string_view path) {
  Match match;
  std::vector<std::string> pieces = Pieces(path);
  if (pieces.size() < 3 || pieces[0] != "v1.0") return match;
  std::vector<std::string> names;
  for (const Route& route : kRoutes) {
    if (!Matches(route.pattern, pieces, &names)) continue;
    if (route.method == method) {
      match.route = &route;
      match.project = std::move(pieces[1]);
      match.names = std::move(names);
      match.allowed.clear();
      return match;
    }
    base::StrAppend(&match.allowed, match.allowed.empty() ? "" : ", ", route.method);
  }
  return match;
}

}  // namespace lodestone::http::dli
