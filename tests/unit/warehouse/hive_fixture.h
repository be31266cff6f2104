// A catalog in memory over a warehouse in a temporary folder, and a warehouse that fails when it is told to.
#pragma once

#include <algorithm>
#include <atomic>
#include <filesystem>
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "catalog/base/status_macros.h"
#include "catalog/base/strings.h"
#include "catalog/hive_session.h"
#include "catalog/warehouse.h"
#include "tests/support/temp_folder.h"
#include "tests/unit/session/fixture.h"

namespace lodestone::testing {

// Passes calls on, and fails the nth of those that change folders, or look at them.
class FailingWarehouse final : public Warehouse {
 public:
  explicit FailingWarehouse(Warehouse* base) : base_(base) {}

  // 0: none. Counts from now on.
  void FailAt(int call) {
    fail_at_ = call;
    calls_ = 0;
  }
  // Every call that does this, from now on.
  void FailAll(std::string_view what) { fail_all_ = what; }
  int calls() const { return calls_; }
  // How often a folder was touched at all since the last FailAt.
  bool untouched() const { return calls_ == 0; }

  bool Handles(std::string_view location) const override { return base_->Handles(location); }
  absl::StatusOr<std::vector<int>> MakeFolders(std::span<const std::string> locations) override {
    RETURN_IF_ERROR(Next("make", locations.empty() ? "" : locations.front()));
    return base_->MakeFolders(locations);
  }
  absl::StatusOr<int> RemoveEmptyFolders(std::string_view location, int levels) override {
    RETURN_IF_ERROR(Next("remove empty", location));
    return base_->RemoveEmptyFolders(location, levels);
  }
  absl::Status RemoveFolder(std::string_view location, Removal removal) override {
    RETURN_IF_ERROR(Next("remove", location));
    return base_->RemoveFolder(location, removal);
  }
  absl::Status ClearFolder(std::string_view location, Removal removal) override {
    RETURN_IF_ERROR(Next("clear", location));
    return base_->ClearFolder(location, removal);
  }
  absl::StatusOr<int> MoveFolder(std::string_view from, std::string_view to) override {
    RETURN_IF_ERROR(Next("move", from));
    return base_->MoveFolder(from, to);
  }
  absl::StatusOr<std::optional<FolderContent>> Measure(std::string_view location, Depth depth) override {
    RETURN_IF_ERROR(Next("measure", location));
    return base_->Measure(location, depth);
  }
  absl::StatusOr<bool> Exists(std::string_view location) override {
    RETURN_IF_ERROR(Next("look at", location));
    return base_->Exists(location);
  }
  absl::StatusOr<bool> IsEmpty(std::string_view location) override {
    RETURN_IF_ERROR(Next("look into", location));
    return base_->IsEmpty(location);
  }

 private:
  absl::Status Next(std::string_view what, std::string_view location) {
    if (++calls_ != fail_at_ && what != fail_all_) return absl::OkStatus();
    return absl::UnavailableError(base::StrCat("told to fail: ", what, " ", location));
  }

  Warehouse* const base_;
  std::atomic<int> fail_at_ = 0;
  std::string fail_all_{};
  std::atomic<int> calls_ = 0;
};

class HiveSessionTest : public SessionTest {
 protected:
  HiveSessionTest()
      : top_(std::filesystem::canonical(folder_.path()).string()), root_(top_ + "/wh"), trash_(top_ + "/trash") {
    auto made = NewLocalWarehouse({root_, top_ + "/elsewhere"}, trash_);
    EXPECT_OK(made);
    local_ = *std::move(made);
    failing_ = std::make_unique<FailingWarehouse>(local_.get());
    Reopen({.warehouse = "file:" + root_});
    options_.warehouse = failing_.get();
    options_.left_behind = [this](std::string_view location, const absl::Status& why) {
      left_behind_.push_back(base::StrCat(location, ": ", base::ToStd(why.message())));
    };
    hive_.emplace(session(), options_);
  }

  HiveSession& hive() { return *hive_; }
  HiveSession As(std::string_view user) {
    return HiveSession(metastore_->As(Principal{.name = std::string(user)}), options_);
  }
  void MakeHiveHits() {
    ASSERT_OK(hive().CreateDatabase(MakeDatabase("web")));
    ASSERT_OK(hive().CreateTable(MakeTable("web", "hits", {"dt", "hour"})));
  }
  void AddHits(const std::vector<Names>& all) {
    std::vector<Partition> partitions;
    for (const Names& values : all) partitions.push_back(MakePartition(values));
    ASSERT_OK(hive().AddPartitions(kHits, partitions));
  }

  bool There(std::string_view path) const { return std::filesystem::exists(root_ + "/" + std::string(path)); }
  void Fill(std::string_view path, std::string_view bytes = "12345") {
    const std::string whole = root_ + "/" + std::string(path);
    std::filesystem::create_directories(std::filesystem::path(whole).parent_path());
    WriteFile(whole, bytes);
  }
  // Every folder and file beneath the roots, but what is being deleted.
  std::set<std::string> Tree() const {
    std::set<std::string> all;
    for (const std::string& root : {root_, top_ + "/elsewhere"}) {
      std::filesystem::recursive_directory_iterator entry(root), end;
      for (; entry != end; ++entry) {
        if (entry->path().filename() == ".lodestone-deleted") {
          entry.disable_recursion_pending();
        } else {
          all.insert(entry->path().string().substr(top_.size() + 1));
        }
      }
    }
    return all;
  }
  int InTrash() const {
    if (!std::filesystem::exists(trash_)) return 0;
    return static_cast<int>(
        std::distance(std::filesystem::directory_iterator(trash_), std::filesystem::directory_iterator()));
  }
  std::string LocationOf(const TableName& name) {
    const auto table = session().GetTable(name);
    EXPECT_OK(table);
    return table.ok() ? table->storage_descriptor().location() : "?";
  }
  std::string LocationOf(const TableName& name, const Names& values) {
    const auto partition = session().GetPartition(name, values);
    EXPECT_OK(partition);
    return partition.ok() ? partition->storage_descriptor().location() : "?";
  }
  // What it has under the name; `-`: nothing.
  template <typename Message>
  static std::string ParameterOf(const absl::StatusOr<Message>& message, std::string_view name) {
    EXPECT_OK(message);
    if (!message.ok()) return "?";
    const auto found = message->parameters().find(std::string(name));
    return found == message->parameters().end() ? "-" : found->second;
  }

  static constexpr std::string_view kNow = "1700000000";  // kStart, in seconds
  TempFolder folder_;
  const std::string top_;
  const std::string root_;
  const std::string trash_;
  std::unique_ptr<Warehouse> local_;
  std::unique_ptr<FailingWarehouse> failing_;
  HiveOptions options_;
  std::optional<HiveSession> hive_;
  std::vector<std::string> left_behind_;
};

}  // namespace lodestone::testing
