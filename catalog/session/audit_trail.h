// Where the audit records of a Transact wait until it is known what became of it.
#pragma once

#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "catalog/audit.h"
#include "catalog/store/store.h"

namespace lodestone::session {

// Not thread-safe.
class AuditTrail {
 public:
  struct Entry {
    AuditRecord record;
    bool changes = false;  // the call was one that writes
    bool wrote = false;    // and it wrote something
  };
  void Add(Entry entry) { entries_.push_back(std::move(entry)); }
  // Before another attempt: what was done in the one before did not happen.
  void Clear() { entries_.clear(); }
  // To the sink: with the version of the commit; or changes as refused, where there was none.
  void Flush(AuditSink& sink, const absl::StatusOr<store::Version>& commit);

 private:
  std::vector<Entry> entries_;
};

}  // namespace lodestone::session
