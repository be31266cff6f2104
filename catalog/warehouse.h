// Where tables keep their files: what the catalog may do to folders.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace lodestone {

// The files below a folder.
struct FolderContent {
  int64_t files = 0;
  int64_t bytes = 0;
};

enum class Depth {
  kDirect,     // what lies in the folder itself
  kRecursive,  // and in every folder beneath
};

// What becomes of files that are removed.
enum class Removal {
  kTrash,    // moved to the trash, where the warehouse has one
  kForGood,  // deleted
};

// Told of a location whose files could not be removed, and why. Called from any thread.
using LeftBehind = std::function<void(std::string_view location, const absl::Status& why)>;

// Folders by their locations: URIs (`file:/a/b`, `file:///a/b`) or plain absolute paths. Escapes in them are part of
// the name, as Hive writes partition values with them.
//
// A warehouse is responsible for some locations and not for others (an object store's, another machine's). For those
// it does nothing, and that is no error: MakeFolders says that it made none, Measure that it does not know.
//
// Thread-safe. Unless a call says more it fails with
//   InvalidArgument  (kInvalidObject, kFolder) it is responsible for such locations, and this one is not permitted
//   Unavailable      an I/O error
// and names the location. A failed call may have done a part of its work, but MakeFolders and MoveFolder.
class Warehouse {
 public:
  virtual ~Warehouse() = default;

  // Makes each folder that is not there yet, with its parents, and says for each how many folders it had to make: 0: it
  // was there; 2: itself and its parent. All or none: what was made goes again when one fails. Sorted locations are
  // cheapest: neighbours share the look-up of their parents.
  //   InvalidArgument  also: a file is in the way
  virtual absl::StatusOr<std::vector<int>> MakeFolders(std::span<const std::string> locations) = 0;
  absl::StatusOr<int> MakeFolder(const std::string& location);

  // Removes the folder if nothing is in it, then its parent if that is empty then, and so on: `levels` folders at the
  // most. Returns how many it removed. What is not there is no error, and ends it.
  virtual absl::StatusOr<int> RemoveEmptyFolders(std::string_view location, int levels = 1) = 0;

  // Removes the folder with all it holds; or what it holds, but the folder itself and what Hive calls hidden (names
  // that begin with `_` or `.`). What is not there is no error. It is gone from its place on return; a warehouse may go
  // on with deleting behind that.
  virtual absl::Status RemoveFolder(std::string_view location, Removal removal) = 0;
  virtual absl::Status ClearFolder(std::string_view location, Removal removal) = 0;

  // Renames a folder, and makes the parents that the new place lacks; returns how many. Nothing is copied.
  //   NotFound       (kNoSuchObject) nothing is at `from`
  //   AlreadyExists  (kAlreadyExists) something is at `to`
  //   InvalidArgument  also: the warehouse is responsible for one of the two alone; they are on different file systems
  virtual absl::StatusOr<int> MoveFolder(std::string_view from, std::string_view to) = 0;

  // Files but hidden ones; nothing where there is no folder. nullopt: the warehouse is not responsible. Costs a look at
  // each file.
  virtual absl::StatusOr<std::optional<FolderContent>> Measure(std::string_view location,
                                                               Depth depth = Depth::kRecursive) = 0;

  // Whether it is responsible for the location.
  virtual bool Handles(std::string_view location) const = 0;
  // Whether something is there; false where the warehouse is not responsible.
  virtual absl::StatusOr<bool> Exists(std::string_view location) = 0;
  // Whether a folder holds nothing at all, also nothing hidden. True when it is not there.
  virtual absl::StatusOr<bool> IsEmpty(std::string_view location) = 0;
};

// Folders of this machine beneath `roots` (absolute paths or `file:` URIs of folders, which are made where they are
// missing), and nothing else: `..`, symbolic links and other roots lead nowhere. Each step opens one piece of the path
// in the folder before it and follows no link, so nothing outside is reached even while somebody changes the folders
// meanwhile. Roots themselves are never removed, moved or cleared away. Not responsible for locations with another
// scheme, or with a host.
//
// `trash`: a folder on the file system of the roots, which may lie in one of them; made when first used. Removed
// folders get there under `<time in ms>.<number>-<name>` and stay until somebody deletes them. Empty: no trash, and
// what is removed is deleted.
//
// What is deleted and not empty is renamed into `.lodestone-deleted` of its root, where it frees its space a little
// later: a thread deletes it. The destructor waits for that; what a process was killed before deleting, the next one
// with the root deletes. No location may lie in there. `left_behind` is told what can't be deleted.
//   InvalidArgument  a root is no such path, or is the root of the machine; there is none
absl::StatusOr<std::unique_ptr<Warehouse>> NewLocalWarehouse(const std::vector<std::string>& roots,
                                                             std::string_view trash = {}, LeftBehind left_behind = {});

// Responsible for nothing: files stay as they are.
std::unique_ptr<Warehouse> NewNoWarehouse();

}  // namespace lodestone
