// A tree of key=value folders, as Hive writes and repairs tables: one folder level per partition key, files beneath.
// Depth first in the order of names, but many folders at a time, since reading a folder is mostly waiting.

#include <algorithm>
#include <atomic>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <system_error>
#include <thread>
#include <utility>
#include <vector>

#include "catalog/base/status_macros.h"
#include "catalog/base/strings.h"
#include "catalog/bulk/reader.h"
#include "catalog/errors.h"
#include "catalog/model/partition_name.h"

namespace lodestone::bulk {
namespace {

namespace fs = std::filesystem;

// Folders looked at together: enough for all threads, few enough to keep in memory.
constexpr std::size_t kGroup = 512;

// Hive leaves out what is hidden: temporary files, and those of the file systems themselves.
bool IsHidden(std::string_view name) { return name.starts_with('_') || name.starts_with('.'); }

void ParallelFor(std::size_t count, int threads, const std::function<void(std::size_t)>& work) {
  std::atomic<std::size_t> next{0};
  const auto run = [&] {
    for (std::size_t i; (i = next.fetch_add(1)) < count;) work(i);
  };
  std::vector<std::thread> others;
  const std::size_t wanted = std::min<std::size_t>(static_cast<std::size_t>(std::max(threads, 1)), (count + 3) / 4);
  for (std::size_t i = 1; i < wanted; ++i) others.emplace_back(run);
  run();
  for (std::thread& other : others) other.join();
}

class DirectoryReader final : public RowReader {
 public:
  DirectoryReader(std::string path, std::vector<std::string> keys, int threads)
      : path_(std::move(path)), keys_(std::move(keys)), threads_(threads) {}

  absl::StatusOr<bool> Next(RowBatch* batch) override {
    if (!started_) {
      RETURN_IF_ERROR(Start());
      started_ = true;
    }
    while (!folders_.empty()) {
      // Neighbours of one depth, in order: the next ones are last.
      const std::size_t depth = folders_.back().depth;
      std::vector<Folder> group;
      while (!folders_.empty() && folders_.back().depth == depth && group.size() < kGroup) {
        group.push_back(std::move(folders_.back()));
        folders_.pop_back();
      }
      if (depth == keys_.size()) {
        Measure(batch, group);
        return true;
      }
      Expand(batch, group);
      if (!batch->bad_rows().empty()) return true;
    }
    return false;
  }
  int64_t bytes_total() const override { return 0; }

 private:
  struct Folder {
    std::string relative;  // to the root
    std::size_t depth = 0;
  };
  struct Fault {
    std::string file;
    std::string reason;
  };
  struct Listing {
    std::vector<Folder> folders;
    std::vector<Fault> faults;
  };
  struct Contents {
    int64_t files = 0;
    int64_t bytes = 0;
    std::string fault;
  };

  absl::Status Start() {
    std::error_code error;
    const fs::file_status status = fs::status(path_, error);
    if (!fs::exists(status)) {
      return MakeError(ErrorKind::kNoSuchObject, ObjectKind::kInput, path_,
                       base::StrCat("there is no folder ", path_, error ? ": " + error.message() : ""));
    }
    if (!fs::is_directory(status)) {
      return MakeError(ErrorKind::kInvalidObject, ObjectKind::kInput, path_, base::StrCat(path_, " is not a folder"));
    }
    root_ = fs::absolute(path_, error).lexically_normal().string();
    if (error) return absl::UnavailableError(base::StrCat("the path of ", path_, ": ", error.message()));
    if (base::FindInvalidUtf8(root_) != std::string::npos) {
      return MakeError(ErrorKind::kInvalidObject, ObjectKind::kInput, base::Quoted(root_),
                       base::StrCat("the path ", base::Quoted(root_), " is not well-formed UTF-8"));
    }
    while (root_.size() > 1 && root_.ends_with('/')) root_.pop_back();
    folders_.push_back({});
    return absl::OkStatus();
  }

  std::string Absolute(const Folder& folder) const {
    return folder.relative.empty() ? root_ : base::StrCat(root_ == "/" ? "" : root_, "/", folder.relative);
  }

  // Puts the folders beneath on the stack.
  void Expand(RowBatch* batch, const std::vector<Folder>& group) {
    std::vector<Listing> listings(group.size());
    ParallelFor(group.size(), threads_, [&](std::size_t i) { List(group[i], &listings[i]); });
    for (Listing& listing : listings) {
      for (Fault& fault : listing.faults) batch->RejectRow(0, std::move(fault.reason), std::move(fault.file));
    }
    for (std::size_t i = listings.size(); i-- > 0;) {
      auto& found = listings[i].folders;
      std::move(found.rbegin(), found.rend(), std::back_inserter(folders_));
    }
  }

  void List(const Folder& folder, Listing* out) const {
    const std::string absolute = Absolute(folder);
    std::error_code error;
    fs::directory_iterator it(absolute, error);
    std::vector<Fault>& faults = out->faults;
    for (; !error && it != fs::directory_iterator(); it.increment(error)) {
      const std::string name = it->path().filename().string();
      if (IsHidden(name)) continue;
      std::error_code ignored;
      const fs::file_status status = it->symlink_status(ignored);
      if (fs::is_symlink(status) && fs::is_directory(it->status(ignored))) {
        faults.push_back({it->path().string(), "a symbolic link to a folder is not followed"});
      } else if (fs::is_directory(status)) {
        std::string why = CheckName(name, folder.depth);
        if (!why.empty()) {
          faults.push_back({it->path().string(), std::move(why)});
        } else {
          out->folders.push_back(
              {folder.relative.empty() ? name : base::StrCat(folder.relative, "/", name), folder.depth + 1});
        }
      }
    }
    if (error) faults.push_back({absolute, base::StrCat("can't be read: ", error.message())});
    const auto by_name = [](const Folder& a, const Folder& b) { return a.relative < b.relative; };
    std::sort(out->folders.begin(), out->folders.end(), by_name);
    std::sort(faults.begin(), faults.end(), [](const Fault& a, const Fault& b) { return a.file < b.file; });
  }

  // Empty, or why the folder is none of the key at `depth`.
  std::string CheckName(std::string_view name, std::size_t depth) const {
    const std::string& key = keys_[depth];
    const std::size_t equals = name.find('=');
    if (equals == std::string_view::npos || base::AsciiLower(model::UnescapePathName(name.substr(0, equals))) != key) {
      return base::StrCat("expected a folder `", key, "=...`, found ", base::Quoted(name));
    }
    // What was escaped need not be text, though the name is.
    if (base::FindInvalidUtf8(model::UnescapePathName(name.substr(equals + 1))) != std::string::npos) {
      return base::StrCat("the value of ", base::Quoted(name), " is not well-formed UTF-8");
    }
    return {};
  }

  void Measure(RowBatch* batch, const std::vector<Folder>& group) {
    std::vector<Contents> contents(group.size());
    ParallelFor(group.size(), threads_, [&](std::size_t i) { contents[i] = Count(Absolute(group[i])); });
    for (std::size_t i = 0; i < group.size(); ++i) {
      const std::string absolute = Absolute(group[i]);
      if (!contents[i].fault.empty()) {
        batch->RejectRow(0, std::move(contents[i].fault), absolute);
        continue;
      }
      for (std::string_view piece : base::Split(group[i].relative, '/')) {
        batch->AddValue(batch->Keep(model::UnescapePathName(piece.substr(piece.find('=') + 1))));
      }
      batch->AddParameter("numFiles", batch->Keep(std::to_string(contents[i].files)));
      batch->AddParameter("totalSize", batch->Keep(std::to_string(contents[i].bytes)));
      batch->EndRow(batch->Keep(absolute), 0, 0, nullptr, 0);
    }
  }

  // The files beneath, at any depth.
  static Contents Count(const std::string& folder) {
    Contents contents;
    std::vector<std::string> pending{folder};
    while (!pending.empty()) {
      const std::string at = std::move(pending.back());
      pending.pop_back();
      std::error_code error;
      fs::directory_iterator it(at, error);
      for (; !error && it != fs::directory_iterator(); it.increment(error)) {
        const std::string name = it->path().filename().string();
        if (IsHidden(name)) continue;
        std::error_code gone;  // a file that vanishes meanwhile is not counted
        const fs::file_status status = it->symlink_status(gone);
        if (fs::is_directory(status)) {
          pending.push_back(it->path().string());
        } else if (fs::is_regular_file(status)) {
          const auto size = fs::file_size(it->path(), gone);
          if (gone) continue;
          ++contents.files;
          contents.bytes += static_cast<int64_t>(size);
        }
      }
      if (error) {
        contents.fault = base::StrCat(at, " can't be read: ", error.message());
        break;
      }
    }
    return contents;
  }

  const std::string path_;
  const std::vector<std::string> keys_;
  const int threads_;
  bool started_ = false;
  std::string root_;
  std::vector<Folder> folders_;  // still to be looked at; the next one is last
};

}  // namespace

std::unique_ptr<RowReader> NewDirectoryReader(std::string path, std::vector<std::string> keys, int threads) {
  return std::make_unique<DirectoryReader>(std::move(path), std::move(keys), threads);
}

}  // namespace lodestone::bulk
