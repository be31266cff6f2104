// How a call gets at the store: snapshots, transactions of its own, and the one of Transact.
#include "catalog/session.h"

#include <chrono>
#include <thread>
#include <utility>

#include "catalog/base/strings.h"
#include "catalog/session/audit_trail.h"
#include "catalog/session/context.h"

namespace lodestone {

namespace {

using base::StrCat;

// Passes everything on, and counts writes: a call that fails inside of a transaction has to have left it unchanged.
class CountingTransaction final : public store::Transaction {
 public:
  explicit CountingTransaction(store::Transaction* base) : base_(base) {}
  int64_t writes() const { return writes_; }

  absl::StatusOr<std::optional<std::string>> Get(std::string_view key) const override { return base_->Get(key); }
  absl::StatusOr<std::vector<std::optional<std::string>>> MultiGet(std::span<const std::string> keys) const override {
    return base_->MultiGet(keys);
  }
  std::unique_ptr<store::Cursor> NewCursor(const store::KeyRange& range, const store::CursorHint& hint) const override {
    return base_->NewCursor(range, hint);
  }
  store::Version version() const override { return base_->version(); }
  void Put(std::string_view key, std::string_view value) override {
    ++writes_;
    base_->Put(key, value);
  }
  void Delete(std::string_view key) override {
    ++writes_;
    base_->Delete(key);
  }
  void DeleteRange(const store::KeyRange& range) override {
    ++writes_;
    base_->DeleteRange(range);
  }
  store::Version commit_version() const override { return base_->commit_version(); }
  absl::StatusOr<store::Version> Commit(store::Durability durability) override { return base_->Commit(durability); }

  // Why a call failed after it had written something; OK when none did.
  absl::Status halfway;

 private:
  store::Transaction* const base_;
  int64_t writes_ = 0;
};

absl::Status CheckWritable(const Session::Impl& session) {
  if (session.pinned != nullptr) {
    return MakeError(ErrorKind::kInvalidOperation, ObjectKind::kStore, session.metastore->path(),
                     "a session made by Snapshot() is read-only");
  }
  return session::CheckWritable(*session.metastore);
}

}  // namespace

namespace session {

absl::StatusOr<store::Version> RetryAborted(absl::FunctionRef<absl::StatusOr<store::Version>()> attempt) {
  using std::chrono::steady_clock;
  constexpr int kMaxAttempts = 20;
  constexpr auto kMaxTime = std::chrono::seconds(60);
  const auto start = steady_clock::now();
  auto pause = std::chrono::milliseconds(1);
  for (int attempts = 1;; ++attempts) {
    absl::StatusOr<store::Version> result = attempt();
    if (!absl::IsAborted(result.status())) return result;
    if (attempts == kMaxAttempts || steady_clock::now() - start > kMaxTime) return result;
    std::this_thread::sleep_for(pause);
    pause = std::min(pause * 2, std::chrono::milliseconds(64));
  }
}

absl::Status CheckWritable(const Metastore::Impl& metastore) {
  if (!metastore.options().follower) return absl::OkStatus();
  return MakeError(ErrorKind::kInvalidOperation, ObjectKind::kStore, metastore.path(),
                   StrCat("the store in ", metastore.path(), " is open as a follower: read-only"));
}

}  // namespace session

std::shared_ptr<const store::Reader> Session::Impl::Reader() const {
  if (txn != nullptr) return std::shared_ptr<const store::Reader>(std::shared_ptr<const void>(), txn);
  return pinned != nullptr ? pinned : metastore->store().Snapshot();
}

absl::StatusOr<store::Version> Session::Impl::WriteInside(absl::FunctionRef<absl::Status(store::Transaction&)> body,
                                                          bool* wrote) const {
  auto& counting = static_cast<CountingTransaction&>(*txn);
  const int64_t writes_before = counting.writes();
  absl::Status done = body(counting);
  if (!done.ok() && counting.writes() != writes_before && counting.halfway.ok()) counting.halfway = done;
  if (wrote != nullptr) *wrote = counting.writes() != writes_before;
  if (!done.ok()) return done;
  return 0;
}

absl::StatusOr<store::Version> Session::Impl::Write(absl::FunctionRef<absl::Status(store::Transaction&)> body,
                                                    bool* wrote) const {
  RETURN_IF_ERROR(CheckWritable(*this));
  if (txn != nullptr) return WriteInside(body, wrote);
  return session::RetryAborted([&]() -> absl::StatusOr<store::Version> {
    ASSIGN_OR_RETURN(const auto own, metastore->store().Begin());
    RETURN_IF_ERROR(body(*own));
    const store::Version mine = own->commit_version();
    absl::StatusOr<store::Version> committed = own->Commit(metastore->durability());
    // Where nothing was written there is no commit, and the version is the one before.
    if (wrote != nullptr) *wrote = committed.ok() && *committed == mine;
    return committed;
  });
}

absl::StatusOr<store::Version> Session::Impl::Transact(absl::FunctionRef<absl::Status(Session&)> body) const {
  RETURN_IF_ERROR(CheckWritable(*this));
  session::AuditTrail own_trail;
  session::AuditTrail* const records = txn != nullptr ? trail : &own_trail;
  const auto run = [&](store::Transaction& in) {
    auto inside = std::make_shared<Session::Impl>();
    inside->metastore = metastore;
    inside->catalog = catalog;
    inside->principal = principal;
    inside->trusted = trusted;
    inside->request_id = request_id;
    inside->events = events;
    inside->audited = audited;
    inside->txn = &in;
    inside->trail = records;
    Session session(inside);
    absl::Status done = body(session);
    // Whoever kept the session finds the state before the transaction in it, rather than a transaction that is gone.
    inside->pinned = metastore->store().Snapshot();
    inside->txn = nullptr;
    inside->trail = nullptr;
    return done;
  };
  if (txn != nullptr) return WriteInside(run, nullptr);
  const absl::StatusOr<store::Version> committed = session::RetryAborted([&]() -> absl::StatusOr<store::Version> {
    own_trail.Clear();
    ASSIGN_OR_RETURN(const auto own, metastore->store().Begin());
    CountingTransaction counting(own.get());
    RETURN_IF_ERROR(run(counting));
    RETURN_IF_ERROR(counting.halfway);
    return own->Commit(metastore->durability());
  });
  if (AuditSink* const sink = metastore->options().audit; sink != nullptr) own_trail.Flush(*sink, committed);
  return committed;
}

namespace session {

Session WithoutEvents(const Session& session) {
  auto copy = std::make_shared<Session::Impl>(*session.impl());
  copy->events = false;
  return Session(std::move(copy));
}

Session WithoutNotice(const Session& session) {
  auto copy = std::make_shared<Session::Impl>(*session.impl());
  copy->events = false;
  copy->audited = false;
  copy->trusted = true;
  return Session(std::move(copy));
}

}  // namespace session

Session::Session(std::shared_ptr<Impl> impl) : impl_(std::move(impl)) {}
Session::Session(const Session&) = default;
Session::Session(Session&&) noexcept = default;
Session& Session::operator=(const Session&) = default;
Session& Session::operator=(Session&&) noexcept = default;
Session::~Session() = default;

std::string_view Session::catalog() const { return impl_->catalog; }
const Principal& Session::principal() const { return impl_->principal; }
Session Session::WithRequestId(std::string_view request_id) const {
  auto copy = std::make_shared<Impl>(*impl_);
  copy->request_id = request_id;
  return Session(std::move(copy));
}
uint64_t Session::version() const { return impl_->Reader()->version(); }

absl::StatusOr<uint64_t> Session::Transact(absl::FunctionRef<absl::Status(Session&)> body) {
  return impl_->Transact(body);
}

Session Session::Snapshot() const {
  auto pinned = std::make_shared<Impl>(*impl_);
  if (pinned->txn != nullptr || pinned->pinned == nullptr) pinned->pinned = impl_->metastore->store().Snapshot();
  pinned->txn = nullptr;
  pinned->trail = nullptr;
  return Session(std::move(pinned));
}

}  // namespace lodestone
