// Paths of this machine beneath permitted roots: found and opened so that nothing else is ever reached.
//
// A path is walked from its root downwards, one piece after the other, and no symbolic link is followed; so nothing
// outside is reached even while somebody changes the folders meanwhile.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace lodestone::base {

// Owns a file descriptor; -1: none.
class FileDescriptor {
 public:
  FileDescriptor() = default;
  explicit FileDescriptor(int fd) : fd_(fd) {}
  FileDescriptor(FileDescriptor&& other) noexcept : fd_(other.Release()) {}
  FileDescriptor& operator=(FileDescriptor&& other) noexcept {
    std::swap(fd_, other.fd_);
    return *this;
  }
  ~FileDescriptor();

  int fd() const { return fd_; }
  bool ok() const { return fd_ >= 0; }
  int Release() { return std::exchange(fd_, -1); }

 private:
  int fd_ = -1;
};

// The scheme of a location: the letters, digits, `+`, `-` and `.` before a colon that stands before any slash. Empty:
// it has none.
std::string_view SchemeOf(std::string_view location);

// Whether the location is on this machine: a path, or a `file:` URI without host.
bool IsLocal(std::string_view location);

// The pieces of the path that a local location names: `/a/b`, `file:/a/b`, `file:///a/b`. Escapes stay as they are:
// Hive writes partition values with them. Empty: it is not local or not absolute, names the root of the machine, or has
// a piece `.` or `..`, or a control character.
std::vector<std::string> LocalPathOf(std::string_view location);

// Where a location lies in a folder: what comes behind the folder's, without slash in front; empty: it is the folder.
// nullopt: it lies elsewhere. Local ones are compared as paths, others as texts.
std::optional<std::string> PathWithin(std::string_view folder, std::string_view location);
// One slash between the two; `name` empty: the folder.
std::string JoinPath(std::string_view folder, std::string_view name);

// Immutable; thread-safe.
class PermittedRoots {
 public:
  // Locations of folders. They may be, or lie behind, symbolic links themselves. What is no path, and the root of the
  // machine, is left out: that is never meant.
  explicit PermittedRoots(const std::vector<std::string>& roots);

  struct Match {
    const std::string* root;  // to be opened; lives as long as the object
    std::size_t pieces;       // of the path that are the root's
  };
  // The root that a path lies beneath, or is; nullopt: none.
  std::optional<Match> Find(const std::vector<std::string>& path) const;
  bool empty() const { return roots_.empty(); }

 private:
  struct Root {
    std::string path;
    std::vector<std::vector<std::string>> names;  // the pieces of each way to write it
  };
  std::vector<Root> roots_;
};

// Opens a root for what lies beneath it. Not ok: errno says why.
FileDescriptor OpenRoot(const std::string& root);
// Opens what `name` is in a folder, for reading, without following links. Not ok: errno says why.
FileDescriptor OpenBelow(int folder, const std::string& name);
// The same for a folder, and nothing else.
FileDescriptor OpenFolderBelow(int folder, const std::string& name);

}  // namespace lodestone::base
