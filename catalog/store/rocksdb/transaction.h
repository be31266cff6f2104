// A transaction: the newest state of the store, the writes laid over it, and the right to write.
#pragma once

#include <memory>

#include "absl/status/status.h"
#include "catalog/store/rocksdb/commit_sequencer.h"
#include "catalog/store/store.h"
#include "catalog/store/writer_gate.h"

namespace lodestone::store {

// Begins one. REQUIRES: `gate` was entered for it; it leaves the gate at Commit, once its batch is written, or when it
// goes. `sequencer` and `gate` outlive it.
std::unique_ptr<Transaction> NewRocksTransaction(CommitSequencer* sequencer, WriterGate* gate);

}  // namespace lodestone::store
