// `lodestoned --demo`: something to try requests on.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "catalog/accounts.h"
#include "catalog/metastore.h"

namespace lodestone::server {

// A folder of its own below the system's one for temporary files; removed with all it holds when the object goes.
class DemoFolder {
 public:
  static absl::StatusOr<std::unique_ptr<DemoFolder>> Make();
  explicit DemoFolder(std::string path) : path_(std::move(path)) {}
  ~DemoFolder();
  DemoFolder(const DemoFolder&) = delete;
  DemoFolder& operator=(const DemoFolder&) = delete;

  std::string store() const { return path_ + "/store"; }
  const std::string& path() const { return path_; }

 private:
  const std::string path_;
};

struct DemoUser {
  std::string name;
  std::string may;  // in words
  NewAccessKey key;
  NewToken token;
};

// Fills an empty store: the database travel with the table flights (11,864 partitions) and the table crew; an
// administrator, a user who may do everything with travel, and one who may read flights and nothing else. `folder`: for
// a file in passing.
absl::StatusOr<std::vector<DemoUser>> FillDemo(Metastore* metastore, const DemoFolder& folder);

// What to try, with these users, on the server at `url`.
std::string DemoText(const std::vector<DemoUser>& users, const std::string& url);

}  // namespace lodestone::server
