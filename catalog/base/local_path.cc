#include "catalog/base/local_path.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>

#include "catalog/base/strings.h"

namespace lodestone::base {

FileDescriptor::~FileDescriptor() {
  if (fd_ >= 0) close(fd_);
}

std::string_view SchemeOf(std::string_view location) {
  const auto is_letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); };
  const auto is_inner = [&](char c) {
    return is_letter(c) || (c >= '0' && c <= '9') || c == '+' || c == '-' || c == '.';
  };
  const std::size_t colon = location.find(':');
  if (colon == location.npos || colon == 0 || !is_letter(location[0])) return {};
  const std::string_view scheme = location.substr(0, colon);
  return std::ranges::all_of(scheme, is_inner) ? scheme : std::string_view();
}

bool IsLocal(std::string_view location) {
  const std::string_view scheme = SchemeOf(location);
  if (scheme.empty()) return true;
  if (scheme != "file") return false;
  // `file://host/path` names another machine; `file:///path` none.
  location.remove_prefix(5);
  return !location.starts_with("//") || location.starts_with("///");
}

std::vector<std::string> LocalPathOf(std::string_view location) {
  if (!IsLocal(location)) return {};
  if (location.starts_with("file:")) location.remove_prefix(5);
  if (!location.starts_with('/')) return {};
  std::vector<std::string> pieces;
  for (const std::string_view piece : Split(location, '/')) {
    if (piece.empty()) continue;
    if (piece == "." || piece == "..") return {};
    for (const char c : piece) {
      if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) return {};
    }
    pieces.emplace_back(piece);
  }
  return pieces;
}

std::optional<std::string> PathWithin(std::string_view folder, std::string_view location) {
  const std::vector<std::string> above = LocalPathOf(folder);
  const std::vector<std::string> path = LocalPathOf(location);
  if (!above.empty() && !path.empty()) {
    if (path.size() < above.size() || !std::equal(above.begin(), above.end(), path.begin())) return std::nullopt;
    std::string rest;
    for (std::size_t i = above.size(); i < path.size(); ++i) StrAppend(&rest, rest.empty() ? "" : "/", path[i]);
    return rest;
  }
  while (folder.ends_with('/')) folder.remove_suffix(1);
  while (location.ends_with('/')) location.remove_suffix(1);
  if (folder.empty() || !location.starts_with(folder)) return std::nullopt;
  location.remove_prefix(folder.size());
  if (location.empty()) return std::string();
  if (!location.starts_with('/')) return std::nullopt;
  return std::string(location.substr(1));
}

std::string JoinPath(std::string_view folder, std::string_view name) {
  if (name.empty()) return std::string(folder);
  return StrCat(folder, folder.ends_with('/') ? "" : "/", name);
}

PermittedRoots::PermittedRoots(const std::vector<std::string>& roots) {
  for (const std::string& location : roots) {
    std::vector<std::string> pieces = LocalPathOf(location);
    if (pieces.empty()) continue;
    Root root;
    for (const std::string& piece : pieces) StrAppend(&root.path, "/", piece);
    root.names.push_back(std::move(pieces));
    // A root behind a symbolic link also goes by its real name, as engines may have noted it.
    if (char* real = realpath(root.path.c_str(), nullptr)) {
      root.path = real;
      root.names.push_back(LocalPathOf(real));
      std::free(real);
    }
    std::erase_if(root.names, [](const std::vector<std::string>& names) { return names.empty(); });
    if (root.path != "/") roots_.push_back(std::move(root));
  }
}

std::optional<PermittedRoots::Match> PermittedRoots::Find(const std::vector<std::string>& path) const {
  for (const Root& root : roots_) {
    for (const std::vector<std::string>& names : root.names) {
      const bool beneath = path.size() >= names.size() && std::equal(names.begin(), names.end(), path.begin());
      if (beneath) return Match{.root = &root.path, .pieces = names.size()};
    }
  }
  return std::nullopt;
}

FileDescriptor OpenRoot(const std::string& root) {
  return FileDescriptor(open(root.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
}

FileDescriptor OpenBelow(int folder, const std::string& name) {
  return FileDescriptor(openat(folder, name.c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC | O_NOCTTY));
}

FileDescriptor OpenFolderBelow(int folder, const std::string& name) {
  return FileDescriptor(openat(folder, name.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
}

}  // namespace lodestone::base
