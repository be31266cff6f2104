// A path beneath a permitted root, walked with a descriptor per folder: what the local warehouse does its work with.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "catalog/base/local_path.h"

namespace lodestone::warehouse {

// Trees deeper than this are refused: each level holds a descriptor.
inline constexpr std::size_t kMaxDepth = 256;

// InvalidArgument (kInvalidObject, kFolder): the location is not permitted, and why.
absl::Status NotPermitted(std::string_view location, std::string_view why);
// Of errno: NotPermitted where a link or file is in the way, Unavailable for the rest. `what` was tried.
absl::Status FolderError(std::string_view location, std::string_view what, int error);

// In each root, while something is in it: what is about to be deleted. Nothing else may lie there.
inline constexpr char kDeletedFolder[] = ".lodestone-deleted";

// A name that no other call gives: `<time in ms>.<process>.<number>-<name>`. The name is for people, the rest tells
// apart.
std::string UniqueName(std::string_view name);

// A place, resolved to a root and the pieces below it.
struct Place {
  std::string location;             // as it was given, for messages
  const std::string* root;          // never null
  std::vector<std::string> pieces;  // empty: the root itself
};
// REQUIRES: base::IsLocal(location).
absl::StatusOr<Place> FindPlace(const base::PermittedRoots& roots, std::string_view location);

// The folders that were opened on the way to a place; the last one last. Not thread-safe. Going to a place near the one
// before opens only what differs.
class FolderPath {
 public:
  // Opens the first `depth` pieces of the place. Returns how many of these are open then: fewer when the next one is
  // not there.
  absl::StatusOr<std::size_t> Open(const Place& place, std::size_t depth);
  // The same, and makes what is not there; returns how many folders it made. Removes these again when it fails.
  absl::StatusOr<int> Make(const Place& place, std::size_t depth);
  // Removes the folder opened last if it is empty, then its parent, and so on: `levels` at the most, never the root.
  // Returns how many it removed. `place` is for messages.
  absl::StatusOr<int> RemoveEmpty(const Place& place, int levels);

  // Of the folder at `depth`; 0 is the root. REQUIRES: it is open.
  int fd(std::size_t depth) const { return open_[depth].fd(); }
  // Closes what lies deeper: it was removed or moved.
  void Cut(std::size_t depth);

 private:
  absl::Status OpenCommon(const Place& place, std::size_t depth);

  const std::string* root_ = nullptr;
  std::vector<base::FileDescriptor> open_;  // the root, then one per piece
  std::vector<std::string> pieces_;
};

// The names in a folder, but `.` and `..`; in no order. Opens the folder anew, so that `fd` keeps its position.
absl::StatusOr<std::vector<std::string>> NamesIn(int fd, std::string_view location);

}  // namespace lodestone::warehouse
