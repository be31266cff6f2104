// Where a load keeps its sorted runs: in files without a name, which go with the process, or, under a resume key, in a
// folder of the key's own together with a manifest that says how far the load had come.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "catalog/bulk/spill_file.h"

namespace lodestone::bulk {

// What a broken-off load leaves for the one that goes on with it.
struct Manifest {
  // Of what the rows depend on (the table, its keys, options): a load with another one starts over.
  std::string identity;
  int64_t rows_taken = 0;
  std::vector<std::string> files;        // sorted runs, by their name within the folder
  std::vector<std::string> descriptors;  // what the rows' numbers of descriptors mean
};
std::string EncodeManifest(const Manifest& manifest);
// DataLoss: damaged.
absl::StatusOr<Manifest> DecodeManifest(std::string_view bytes);

// Not thread-safe.
class SpillFolder {
 public:
  // Nothing is touched before the first file. `directory` is made when it is not there.
  static std::unique_ptr<SpillFolder> Temporary(std::string directory);
  // The folder of `resume_key` within `directory`, with what an earlier load left there. FailedPrecondition: another
  // load has it at the moment.
  static absl::StatusOr<std::unique_ptr<SpillFolder>> Resumable(std::string directory, std::string_view resume_key);

  bool resumable() const { return !folder_.empty(); }
  // A new, empty file.
  absl::StatusOr<OwnedFile> NewFile();
  // The name within the folder of the file made last.
  const std::string& last_file() const { return last_file_; }

  // nullopt: there is none, or it is damaged, which comes to the same.
  std::optional<Manifest> ReadManifest() const;
  // Replaces it durably.
  absl::Status WriteManifest(const Manifest& manifest);
  absl::StatusOr<OwnedFile> OpenFile(const std::string& name) const;
  // Deletes what is in the folder; the folder too when `all`.
  void Clear(bool all);

 private:
  SpillFolder(std::string directory, std::string folder)
      : directory_(std::move(directory)), folder_(std::move(folder)) {}
  absl::Status MakeDirectory(const std::string& path) const;

  const std::string directory_;
  const std::string folder_;  // of a resume key; empty: none
  OwnedFile lock_;
  std::string last_file_;
  int64_t next_file_ = 0;
};

}  // namespace lodestone::bulk
