#include "catalog/session/audit_trail.h"

#include "catalog/base/strings.h"

namespace lodestone::session {

void AuditTrail::Flush(AuditSink& sink, const absl::StatusOr<store::Version>& commit) {
  for (Entry& entry : entries_) {
    AuditRecord& record = entry.record;
    if (commit.ok()) {
      if (entry.wrote) record.version = *commit;
    } else if (entry.changes && record.outcome == AuditRecord::Outcome::kDone) {
      record.outcome = AuditRecord::Outcome::kRefused;
      record.why = base::StrCat("undone with the transaction around it: ", base::ToStd(commit.status().message()));
    }
    sink.Write(record);
  }
  entries_.clear();
}

}  // namespace lodestone::session
