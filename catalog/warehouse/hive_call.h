// One call of a HiveSession: its transaction, the folders that it made or moved, and the data that goes afterwards.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "catalog/base/strings.h"
#include "catalog/hive_session.h"
#include "catalog/privilege/operation.h"

namespace lodestone::warehouse {

// For one Run. Not thread-safe. `session` and `options` outlive it.
class HiveCall {
 public:
  HiveCall(Session& session, const HiveOptions& options) : outer_(session), options_(options) {}
  HiveCall(const HiveCall&) = delete;
  HiveCall& operator=(const HiveCall&) = delete;

  // Runs `body` in a transaction, again from the start when it was Aborted. Folders are taken back when it fails; what
  // is to be removed later is removed once it is committed.
  absl::Status Run(absl::FunctionRef<absl::Status()> body);
  // Before Run, for a call that makes many folders: runs `body` in a transaction that is given up, makes the folders
  // that it asked for, and looks into those that were there, all while other writers go on. Run then finds that done.
  // What fails here is left to Run, which fails in the same way.
  void Prepare(absl::FunctionRef<absl::Status()> body);

  // ---- For bodies ----
  // The session inside of the transaction: it asks for privileges, and its changes are what the call is known as. No
  // folder is touched before it allowed the call.
  Session& session() { return *inside_; }
  // The same without checks, events and audit: to read what the call needs, and for what it does by itself.
  Session& quiet() { return *quiet_; }
  // PermissionDenied unless the principal may; leaves a record. For calls that are made of quiet changes alone.
  absl::Status Authorize(privilege::Operation operation, const TableName& table) {
    return Authorize(operation, Securable::Table(table));
  }
  absl::Status Authorize(privilege::Operation operation, const Securable& where);

  Warehouse& warehouse() { return *options_.warehouse; }
  bool gathers(const HiveContext& context) const { return options_.gather_statistics && !context.keep_statistics; }
  int64_t NowSeconds() const;

  // As Warehouse has them, and taken back when the call fails. Aborted where another call is about to remove something:
  // Run waits for that, outside of the transaction, and begins again.
  absl::StatusOr<std::vector<int>> MakeFolders(std::span<const std::string> locations);
  // Of one; empty: nothing, 0.
  absl::StatusOr<int> MakeFolder(const std::string& location);
  // Nothing at `from` is no error.
  absl::Status MoveFolder(const std::string& from, const std::string& to);

  // nullopt: nobody knows; also where the location is not permitted.
  absl::StatusOr<std::optional<FolderContent>> Measure(std::string_view location);

  // After the commit, in this order.
  void RemoveLater(std::string_view location, bool purge) { later_.push_back({Work::kRemove, location, purge}); }
  void ClearLater(std::string_view location, bool purge) { later_.push_back({Work::kClear, location, purge}); }
  void RemoveEmptyLater(std::string_view location, int levels) {
    if (levels > 0) later_.push_back({Work::kRemoveEmpty, location, false, levels});
  }

 private:
  enum class Work { kRemove, kClear, kRemoveEmpty };
  struct Later {
    Later(Work w, std::string_view at, bool for_good, int how_many = 0)
        : work(w), location(at), purge(for_good), levels(how_many) {}
    Work work;
    std::string location;
    bool purge;
    int levels;
  };
  struct Prepared {
    int made = 0;
    std::optional<FolderContent> content{};  // where it was there
  };
  struct Moved {
    std::string from;
    std::string to;
    int made;  // parents of `to`
  };

  void Enter(Session& inside);
  void Leave();
  absl::Status Attempt(Session& inside, absl::FunctionRef<absl::Status()> body);
  // Aborted: another call is about to remove something there.
  absl::Status CheckNotBusy(const std::string& location);
  void Withdraw();
  // What the attempt did; what was prepared stays for the next one.
  void TakeBack();
  void TakeBack(std::vector<std::pair<std::string, int>>* made);
  void RemoveNow();
  absl::Status DoLater(const Later& later);
  void LeftBehind(std::string_view location, const absl::Status& why) const;

  Session& outer_;
  const HiveOptions& options_;
  std::optional<Session> inside_;
  std::optional<Session> quiet_;
  std::vector<std::pair<std::string, int>> made_;
  bool rehearsing_ = false;
  std::vector<std::string> wanted_;  // the folders that a rehearsal asks for
  std::vector<std::pair<std::string, int>> prepared_;
  base::StringMap<Prepared> known_;  // by location
  std::vector<Moved> moved_;
  std::vector<Later> later_;
  std::vector<std::string> announced_;
  std::string busy_;  // what this call waits for; empty: nothing
};

}  // namespace lodestone::warehouse
