// Who did what, and who was refused what.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace lodestone {

// One decision or change. Every call of a session whose principal is checked leaves exactly one; of sessions that are
// not, every call that changes something, or was to. Inside of Transact the records wait for its commit: they then
// carry its version, or say that the change was undone (kRefused); what an attempt did that lost and was run again did
// not happen, and is not recorded. A list that is read by a cursor, and a bulk load, are one call each.
struct AuditRecord {
  enum class Outcome {
    kDone,     // allowed, and it succeeded
    kDenied,   // the privileges do not suffice
    kRefused,  // allowed, but it failed for another reason
  };
  int64_t time_ms = 0;
  std::string request_id{};
  std::string principal{};  // empty: the embedding program
  std::string catalog{};
  std::string action{};  // the session's call: `GetTable`, ...
  std::string object{};  // as Securable::ToString() has it
  Outcome outcome = Outcome::kDone;
  std::string why{};     // what allowed it; which privilege would have sufficed; or the failure
  uint64_t version = 0;  // of the commit, where it changed something
};

// One line of JSON without the newline: time (ISO 8601, UTC, milliseconds), request_id, principal, catalog, action,
// object, outcome (`done`, `denied`, `refused`), why, version; empty fields are left out.
std::string ToJson(const AuditRecord& record);

// Takes records. Thread-safe; called after the commit (of a change) or the decision, in no particular order between
// threads. Must not call the metastore. What it can't keep it has to tell by itself: the call that is recorded has
// happened.
class AuditSink {
 public:
  virtual ~AuditSink() = default;
  virtual void Write(const AuditRecord& record) = 0;
  // How many records it could not keep so far.
  virtual int64_t lost() const { return 0; }
};

struct AuditFileOptions {
  // The file is renamed to `<path>.1` (and that to `<path>.2`, ...) before it would grow beyond this, in bytes.
  int64_t max_bytes = int64_t{64} << 20;
  // How many of the renamed ones are kept.
  int keep = 9;
};
// Appends lines to the file at `path`, which is made with mode 0600. Each line is written at once, and costs a system
// call or two; it is not synced: a power cut may take the last ones. A file that is moved away from outside is made
// anew. What can't be written (a full disk) is lost and counted, and told on stderr once until it works again; the
// catalog goes on. Unavailable: the file can't be opened. InvalidArgument: max_bytes is not positive.
absl::StatusOr<std::unique_ptr<AuditSink>> OpenAuditFile(std::string_view path, const AuditFileOptions& options = {});

}  // namespace lodestone
