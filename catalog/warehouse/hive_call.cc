#include "catalog/warehouse/hive_call.h"

#include "catalog/base/status_macros.h"
#include "catalog/base/strings.h"
#include "catalog/errors.h"
#include "catalog/session/call.h"
#include "catalog/warehouse/removals.h"

namespace lodestone::warehouse {

absl::Status HiveCall::Run(absl::FunctionRef<absl::Status()> body) {
  if (outer_.impl()->txn != nullptr) {
    return MakeError(ErrorKind::kInvalidOperation, ObjectKind::kStore, outer_.impl()->metastore->path(),
                     "a call that makes and removes folders commits by itself and can't be part of Transact");
  }
  absl::Status done;
  do {
    busy_.clear();
    done = outer_.Transact([&](Session& inside) { return Attempt(inside, body); }).status();
    Leave();
    if (done.ok()) {
      RemoveNow();
    } else {
      TakeBack();
    }
    Withdraw();
    if (!done.ok() && !busy_.empty()) Removals::Global().WaitFor(options_.warehouse, busy_);
  } while (absl::IsAborted(done) && !busy_.empty());
  if (!done.ok()) TakeBack(&prepared_);
  return done;
}

void HiveCall::Prepare(absl::FunctionRef<absl::Status()> body) {
  // Nobody hears of it: the real one leaves the record.
  auto unheard = std::make_shared<Session::Impl>(*outer_.impl());
  unheard->audited = false;
  const absl::Status enough = absl::CancelledError("rehearsed");
  rehearsing_ = true;
  const absl::Status done = Session(std::move(unheard))
                                .Transact([&](Session& inside) -> absl::Status {
                                  wanted_.clear();
                                  Enter(inside);
                                  RETURN_IF_ERROR(body());
                                  return enough;
                                })
                                .status();
  Leave();
  rehearsing_ = false;
  if (done != enough) return;
  for (const std::string& location : wanted_) {
    if (warehouse().Handles(location)) Removals::Global().WaitFor(options_.warehouse, location);
  }
  const auto made = warehouse().MakeFolders(wanted_);
  if (!made.ok()) return;
  for (std::size_t i = 0; i < wanted_.size(); ++i) {
    Prepared& prepared = known_[wanted_[i]];
    prepared.made = (*made)[i];
    if (prepared.made > 0) prepared_.emplace_back(wanted_[i], prepared.made);
    if (prepared.made > 0 || !options_.gather_statistics) continue;
    const auto content = Measure(wanted_[i]);
    if (content.ok()) prepared.content = *content;
  }
}

void HiveCall::Enter(Session& inside) {
  inside_ = inside;
  quiet_ = session::WithoutNotice(inside);
}

void HiveCall::Leave() {
  inside_.reset();
  quiet_.reset();
}

absl::Status HiveCall::Attempt(Session& inside, absl::FunctionRef<absl::Status()> body) {
  TakeBack();
  Withdraw();
  busy_.clear();
  later_.clear();
  Enter(inside);
  const absl::Status done = body();
  if (!done.ok()) {
    // While no other writer can have begun to use the folders.
    TakeBack();
    return done;
  }
  for (const Later& later : later_) {
    if (warehouse().Handles(later.location)) announced_.push_back(later.location);
  }
  if (!announced_.empty()) Removals::Global().Announce(options_.warehouse, announced_);
  return absl::OkStatus();
}

void HiveCall::Withdraw() {
  if (!announced_.empty()) Removals::Global().Withdraw(options_.warehouse, announced_);
  announced_.clear();
}

absl::Status HiveCall::CheckNotBusy(const std::string& location) {
  if (!warehouse().Handles(location) || !Removals::Global().IsBusy(options_.warehouse, location)) {
    return absl::OkStatus();
  }
  busy_ = location;
  return absl::AbortedError(base::StrCat("what was at ", location, " is being removed"));
}

absl::Status HiveCall::Authorize(privilege::Operation operation, const Securable& where) {
  return session::Write(
      *inside_->impl(), operation, [&] { return session::Target(where); },
      [](store::Transaction&, session::Call&) { return absl::OkStatus(); });
}

int64_t HiveCall::NowSeconds() const { return outer_.impl()->metastore->NowSeconds(); }

absl::StatusOr<std::vector<int>> HiveCall::MakeFolders(std::span<const std::string> locations) {
  if (rehearsing_) {
    wanted_.insert(wanted_.end(), locations.begin(), locations.end());
    return std::vector<int>(locations.size(), 1);
  }
  std::vector<int> made(locations.size());
  std::vector<std::string> missing;
  std::vector<std::size_t> at;
  for (std::size_t i = 0; i < locations.size(); ++i) {
    RETURN_IF_ERROR(CheckNotBusy(locations[i]));
    const auto known = known_.find(locations[i]);
    if (known != known_.end()) {
      made[i] = known->second.made;
    } else {
      missing.push_back(locations[i]);
      at.push_back(i);
    }
  }
  if (missing.empty()) return made;
  ASSIGN_OR_RETURN(const std::vector<int> now, warehouse().MakeFolders(missing));
  for (std::size_t i = 0; i < now.size(); ++i) {
    made[at[i]] = now[i];
    if (now[i] > 0) made_.emplace_back(missing[i], now[i]);
  }
  return made;
}

absl::StatusOr<int> HiveCall::MakeFolder(const std::string& location) {
  if (location.empty()) return 0;
  ASSIGN_OR_RETURN(const std::vector<int> made, MakeFolders({&location, 1}));
  return made[0];
}

absl::Status HiveCall::MoveFolder(const std::string& from, const std::string& to) {
  RETURN_IF_ERROR(CheckNotBusy(to));
  const absl::StatusOr<int> made = warehouse().MoveFolder(from, to);
  if (absl::IsNotFound(made.status())) return absl::OkStatus();
  RETURN_IF_ERROR(made.status());
  moved_.push_back({.from = from, .to = to, .made = *made});
  return absl::OkStatus();
}

absl::StatusOr<std::optional<FolderContent>> HiveCall::Measure(std::string_view location) {
  if (location.empty()) return std::optional<FolderContent>();
  const auto known = known_.find(location);
  if (known != known_.end() && known->second.content) return known->second.content;
  auto content = warehouse().Measure(location);
  if (absl::IsInvalidArgument(content.status())) return std::optional<FolderContent>();
  return content;
}

void HiveCall::TakeBack() {
  for (auto moved = moved_.rbegin(); moved != moved_.rend(); ++moved) {
    const absl::Status back = warehouse().MoveFolder(moved->to, moved->from).status();
    if (!back.ok()) LeftBehind(moved->to, back);
    if (!back.ok() || moved->made == 0) continue;
    const std::string parent = moved->to.substr(0, moved->to.find_last_of('/'));
    const absl::Status gone = warehouse().RemoveEmptyFolders(parent, moved->made).status();
    if (!gone.ok()) LeftBehind(parent, gone);
  }
  moved_.clear();
  TakeBack(&made_);
}

void HiveCall::TakeBack(std::vector<std::pair<std::string, int>>* made) {
  for (auto one = made->rbegin(); one != made->rend(); ++one) {
    const absl::Status gone = warehouse().RemoveEmptyFolders(one->first, one->second).status();
    if (!gone.ok()) LeftBehind(one->first, gone);
  }
  made->clear();
}

void HiveCall::RemoveNow() {
  for (const Later& later : later_) {
    const absl::Status done = DoLater(later);
    if (!done.ok()) LeftBehind(later.location, done);
  }
}

absl::Status HiveCall::DoLater(const Later& later) {
  const Removal removal = later.purge ? Removal::kForGood : Removal::kTrash;
  switch (later.work) {
    case Work::kRemove:
      return warehouse().RemoveFolder(later.location, removal);
    case Work::kClear:
      return warehouse().ClearFolder(later.location, removal);
    case Work::kRemoveEmpty:
      return warehouse().RemoveEmptyFolders(later.location, later.levels).status();
  }
  return absl::OkStatus();
}

void HiveCall::LeftBehind(std::string_view location, const absl::Status& why) const {
  if (options_.left_behind) options_.left_behind(location, why);
}

}  // namespace lodestone::warehouse
