// Options of a store and of calls: plain structs whose defaults suit most.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "catalog/base/clock.h"
#include "catalog/filter.h"
#include "catalog/names.h"
#include "catalog/partition_batch.h"
#include "lodestone/model/v1/table.pb.h"

namespace lodestone {

class AuditSink;

namespace store {
class Store;
}

enum class SyncMode {
  kSync,     // an acknowledged change survives a power cut. The default
  kRelaxed,  // survives the end of the process; a power cut may take the last changes, newest first
};

struct OpenOptions {
  // --- What it does ---
  bool create_if_missing = true;
  bool error_if_exists = false;
  // Opens the store read-only beside the process that writes it; Metastore::CatchUp() moves the view forward.
  bool follower = false;
  SyncMode sync = SyncMode::kSync;
  // How long dropped tables and databases can be brought back, in milliseconds. 0: not at all. Default: 7 days.
  int64_t undrop_retention_ms = int64_t{7} * 24 * 3600 * 1000;
  // How long events are kept, in milliseconds. 0: for ever. Default: 7 days.
  int64_t event_retention_ms = int64_t{7} * 24 * 3600 * 1000;
  // For how long a lock, and a transaction, lasts after its last heartbeat, in milliseconds. 1 or more. Default: 300 s.
  int64_t lease_ms = int64_t{300} * 1000;
  // Root of the locations of databases that name none, as a URI or path. Empty: such databases have no location.
  std::string warehouse{};
  NameRules name_rules = NameRules::kStrict;
  // With which the secrets of access keys are encrypted: 32 bytes in hex, mode 0600; made when the first key is. Empty:
  // `account_key` in the store's folder. Whoever has both can sign as anyone: keep it elsewhere where that matters.
  std::string key_file{};
  // Not owned; outlives the store. Null: no audit.
  AuditSink* audit = nullptr;
  // Not owned; outlives the store.
  const Clock* clock = Clock::System();

  // --- How fast ---
  // Memory for uncompressed blocks of the store, in bytes. Default: 512 MiB.
  std::size_t block_cache_bytes = std::size_t{512} << 20;
  // Memory for changes before they go to a file, in bytes. Default: 64 MiB.
  std::size_t write_buffer_bytes = std::size_t{64} << 20;
};

// What to do about an object that exists already.
enum class IfExists { kFail, kSkip, kReplace };
// What to do about an object that is not there.
enum class IfMissing { kFail, kSkip };
// RESTRICT refuses to drop what holds something; CASCADE takes that along.
enum class DropMode { kRestrict, kCascade };
// Whether a drop can be undone within OpenOptions::undrop_retention_ms.
enum class Purge { kNo, kYes };

struct CreateOptions {
  // kReplace is InvalidArgument here: alter the object instead.
  IfExists if_exists = IfExists::kFail;
};

struct DropOptions {
  IfMissing if_missing = IfMissing::kFail;
  DropMode mode = DropMode::kRestrict;  // of catalogs and databases; tables go with all they hold
  Purge purge = Purge::kNo;
};

// A page of a list of names.
struct ListNamesOptions {
  // As in Hive: `*` is any text, `.` any one character, `|` separates alternatives, case-insensitive. Empty: all.
  std::string pattern{};
  std::size_t limit = 0;  // 0: all
  std::string after{};    // only names greater than this one
  // Tables only; TABLE_TYPE_UNSPECIFIED: any.
  model::v1::TableType table_type = model::v1::TABLE_TYPE_UNSPECIFIED;
};

struct AddOptions {
  IfExists if_exists = IfExists::kFail;
};

struct AddResult {
  int64_t added = 0;
  int64_t replaced = 0;
  int64_t skipped = 0;
};

enum class Order { kAscending, kDescending };

struct ListOptions {
  // Empty: all partitions.
  std::string filter{};
  FilterMode filter_mode = FilterMode::kSql;
  Projection projection{};
  Order order = Order::kAscending;
  // 0: all. After so many rows the cursor ends; its ResumeToken() goes on from there.
  std::size_t limit = 0;
  // A cursor's ResumeToken(): goes on behind its last row. InvalidArgument when it is not one, is of another table, or
  // of another order.
  std::string after{};
  // Rows per batch at the most. 1 to 65536. Default: as the pages of the store have them, about 1,000.
  std::size_t batch_size = 0;
};

}  // namespace lodestone
