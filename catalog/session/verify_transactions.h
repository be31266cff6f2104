// The part of VerifyStore about locks, transactions and write ids.
#pragma once

#include <cstdint>
#include <functional>
#include <string_view>

#include "absl/status/status.h"
#include "catalog/record/transaction_keys.h"
#include "catalog/store/store.h"
#include "lodestone/record/v1/transaction.pb.h"

namespace lodestone::session {

using ReportFinding = std::function<void(std::string_view key, std::string_view what)>;

// Calls `report` with each record that breaks a rule, but for the write ids that stand with tables. Keys that follow no
// rule of the layout are left out: the pass over all keys reports them. A failure: something could not be read.
absl::Status VerifyTransactions(const store::Reader& reader, const ReportFinding& report);

// One write id of a space whose state is `state`; null: it has none.
absl::Status VerifyWriteId(const store::Reader& reader, const record::WriteSpace& space,
                           const record::v1::WriteIdState* state, std::string_view key, std::string_view value,
                           const ReportFinding& report);

}  // namespace lodestone::session
