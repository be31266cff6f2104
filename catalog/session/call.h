// What every call of a session does around its own work: it asks whether the principal may, in the very snapshot or
// transaction that the work reads or changes, and leaves a record for the audit.
//
//   return Read(*impl_, Operation::kGetDatabase, [&] { return Securable::Database(name); },
//               [&](const ReaderPtr& reader, Call& call) -> absl::StatusOr<model::v1::Database> { ... });
//   return Write(*impl_, Operation::kDropTable, [&] { return Securable::Table(name); },
//                [&](store::Transaction& txn, Call& call) -> absl::Status { ... });
//
// A call that reads leaves a record when the session is checked; one that writes always does. Calls do not call each
// other: each leaves exactly one record. Sessions that are trusted pay a test of a flag for a read.
#pragma once

#include <initializer_list>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "catalog/privilege/access.h"
#include "catalog/privilege/operation.h"
#include "catalog/privilege/place.h"
#include "catalog/privileges.h"
#include "catalog/session/audit_trail.h"
#include "catalog/session/context.h"

namespace google::protobuf {
class Message;
}

namespace lodestone::session {

using ReaderPtr = std::shared_ptr<const store::Reader>;
using privilege::Operation;

// What a call is about.
struct Target {
  Target(Securable securable) : on(std::move(securable)) {}  // NOLINT: most are nothing else
  Target(Securable securable, std::string object) : on(std::move(securable)), shown(std::move(object)) {}
  // What the privilege is needed on.
  Securable on;
  // How messages and the audit call the object, where it is not that: `role analysts`.
  std::string shown{};
};

// Who asks for the privileges that a call needs.
enum class Ask {
  kBefore,  // the call's operation on its target, before the body runs
  kInBody,  // the body, by the functions of Call: it depends on what is there, or on a rule of its own
};

// One call, from its begin to its record. Not thread-safe.
class Call {
 public:
  // `session` outlives the object.
  Call(const Session::Impl& session, Operation operation) : session_(session), operation_(operation) {}
  Call(const Call&) = delete;
  Call& operator=(const Call&) = delete;

  // False: everything is allowed, and none of the functions below reads anything.
  bool checked() const { return !session_.trusted; }
  const Session::Impl& session() const { return session_; }

  // ---- For bodies. All of it as of `reader`: that of the body ----

  // PermissionDenied (kNoPrivilege) unless the principal may do the operation on the object; in the words of the call's
  // own operation, the same whether the object is there or not.
  absl::Status Check(const store::Reader& reader, Operation operation, const Securable& on);
  absl::Status Check(const store::Reader& reader) { return Check(reader, operation_, target_->on); }
  // The same for any one of the operations, on an object that is not there, or is of a kind not known before.
  absl::Status CheckAny(const store::Reader& reader, std::initializer_list<Operation> operations, const Securable& on);
  // The same for a place that was found already.
  absl::Status CheckPlace(const store::Reader& reader, Operation operation, const privilege::Place& place);
  // The same for whoever may know that the object is there.
  absl::Status CheckSeen(const store::Reader& reader, const Securable& on);
  // As Check of the call's own operation on its target, a table; or on each of these partitions of it.
  absl::Status CheckPartitions(const store::Reader& reader, absl::FunctionRef<std::vector<std::string>()> keys);
  // As CheckColumns where the target is a table: of each of these partitions of it.
  absl::StatusOr<std::optional<std::vector<std::string>>> CheckColumnsOfPartitions(
      const store::Reader& reader, absl::FunctionRef<std::vector<std::string>()> keys);
  // As Check of the call's own operation, on what an undrop of its target would bring back.
  absl::Status CheckUndrop(const store::Reader& reader);
  // As Check of the call's own operation on a table. For whoever may only do it with single columns: these, in lower
  // case; nullopt: with all.
  absl::StatusOr<std::optional<std::vector<std::string>>> CheckColumns(const store::Reader& reader);

  // Questions without consequences, for lists that are cut down.
  absl::StatusOr<bool> May(const store::Reader& reader, Operation operation, const Securable& on);
  absl::StatusOr<bool> Sees(const store::Reader& reader, const Securable& on);
  absl::StatusOr<bool> IsStoreAdministrator(const store::Reader& reader);

  // For rules that are not in the table of requirements (admin options, grant options): what was decided, and why in
  // words for administrators.
  void Allow(std::string_view why);
  absl::Status Deny(std::string_view why);

  // The session's catalog as of `reader`; 0: it is not there.
  absl::StatusOr<record::CatalogId> CatalogOf(const store::Reader& reader);
  // The decisions of this call as of `reader`. REQUIRES: checked().
  absl::StatusOr<privilege::Access*> AccessOf(const store::Reader& reader);
  // The place of an object as of `reader`. Whether a partition exists is not looked up: nothing here depends on it.
  absl::StatusOr<privilege::Place> PlaceOf(const store::Reader& reader, const Securable& on);

  // ---- For Read, Write, and calls that are made of several transactions (bulk loads) ----

  // Whether anybody wants to know what the call is about.
  bool WantsTarget(bool changes) const { return checked() || (changes && session_.metastore->options().audit); }
  void SetTarget(Target target) { target_ = std::move(target); }
  const Target& target() const { return *target_; }
  // Before each attempt: forgets what was decided in the one before.
  void Begin();
  // Before the reader that was asked about goes.
  void Leave();
  // Runs the body in a transaction as Session::Impl::Write does, behind the check.
  absl::Status RunWrite(Ask ask, absl::FunctionRef<absl::Status(store::Transaction&, Call&)> body);
  // Leaves the record. Once, at the end.
  void EndRead(const absl::Status& result) { End(result, false); }
  void EndWrite(const absl::Status& result) { End(result, true); }

 private:
  absl::StatusOr<Decision> DecideOn(const store::Reader& reader, Operation operation, const privilege::Place& place);
  // Of the call's own operation on the table, else on each of these partitions of it.
  absl::StatusOr<Decision> DecideOnPartitions(const store::Reader& reader, const privilege::Place& table,
                                              absl::FunctionRef<std::vector<std::string>()> keys);
  // What CheckColumns says where `on_all` was decided for all columns.
  absl::StatusOr<std::optional<std::vector<std::string>>> AllColumnsOrSome(const store::Reader& reader,
                                                                           const privilege::Place& place,
                                                                           const Decision& on_all);
  absl::Status DenyAt(const privilege::Place& place, std::string_view why);
  void End(const absl::Status& result, bool changes);

  const Session::Impl& session_;
  const Operation operation_;
  std::optional<Target> target_;
  // As of the reader of this attempt.
  const store::Reader* reader_ = nullptr;
  record::CatalogId catalog_;
  std::optional<privilege::Access> access_;
  // What was decided so far in this attempt.
  bool denied_ = false;
  std::string why_;
  // Of a write: whether it wrote, and as which version (0: not known before the outer commit).
  bool wrote_ = false;
  store::Version version_ = 0;
};

// Whom something new belongs to: whoever makes it, unless another is asked for, which takes what a change of owner
// takes. `object` is what is made.
struct Owner {
  std::string name;
  model::v1::PrincipalType type;
};
absl::StatusOr<Owner> OwnerOfNew(const store::Reader& reader, Call& call, const Securable& object, Owner asked);

bool SameOwner(const Owner& a, const Owner& b);

// Whether two messages say the same, maps in any order.
bool SameMessage(const google::protobuf::Message& a, const google::protobuf::Message& b);
// How messages and the audit call it: with its names in lower case.
std::string ShownAs(const Securable& on);

// Whom a grant comes from: the principal, or the user on whose behalf it grants, where it may say so (GrantSpec).
absl::StatusOr<std::string> GrantorOfNew(const store::Reader& reader, Call& call, std::string_view asked);

inline const absl::Status& StatusIn(const absl::Status& status) { return status; }
template <typename T>
const absl::Status& StatusIn(const absl::StatusOr<T>& value) {
  return value.status();
}

// `where` gives the Target (or a Securable), and runs only when that is needed.
template <typename Where, typename Body>
auto Read(const Session::Impl& session, Operation operation, const Where& where, const Body& body,
          Ask ask = Ask::kBefore) -> std::invoke_result_t<const Body&, const ReaderPtr&, Call&> {
  using Result = std::invoke_result_t<const Body&, const ReaderPtr&, Call&>;
  const ReaderPtr reader = session.Reader();
  Call call(session, operation);
  if (!call.checked()) return body(reader, call);
  call.SetTarget(where());
  absl::Status allowed = ask == Ask::kBefore ? call.Check(*reader) : absl::OkStatus();
  Result result = allowed.ok() ? body(reader, call) : Result(std::move(allowed));
  call.EndRead(StatusIn(result));
  return result;
}

// `prepare` runs once, outside of any transaction: what can be said without looking at the store.
absl::Status Write(const Session::Impl& session, Operation operation, absl::FunctionRef<Target()> where,
                   absl::FunctionRef<absl::Status()> prepare,
                   absl::FunctionRef<absl::Status(store::Transaction&, Call&)> body, Ask ask = Ask::kBefore);
inline absl::Status Write(const Session::Impl& session, Operation operation, absl::FunctionRef<Target()> where,
                          absl::FunctionRef<absl::Status(store::Transaction&, Call&)> body, Ask ask = Ask::kBefore) {
  return Write(
      session, operation, where, [] { return absl::OkStatus(); }, body, ask);
}

}  // namespace lodestone::session
