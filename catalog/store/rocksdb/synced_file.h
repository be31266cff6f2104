// SYNCED, the small file that remembers outside RocksDB how much of the manifest is known to be synced.
//
// A power cut may tear what was written behind that: sectors in the middle are lost, and later ones are there. RocksDB
// takes a torn record at the end of a manifest for damage, and would never open the store again. Nothing rests on such
// a record yet (files are deleted, and calls return, after the sync), so that it is cut off instead. A record that was
// synced and is damaged is damage, and stays. One slot of 32 bytes with a checksum, written in place and synced after
// each sync of the manifest. docs/format/store.md describes the bytes.
#pragma once

#include <cstdint>
#include <string>

#include "absl/status/status.h"
#include "rocksdb/file_system.h"

namespace lodestone::store {

inline constexpr char kSyncedName[] = "SYNCED";
inline constexpr char kSyncedTempName[] = "SYNCED.tmp";

// Makes the file in `directory`, durably, unless there is a whole one. It knows of no manifest yet. What stands in its
// place is replaced, not written to: it may be a link to something else.
absl::Status CreateSynced(rocksdb::FileSystem* file_system, const std::string& directory);

// Notes, durably, that `bytes` bytes of the manifest with this number are synced. REQUIRES: CreateSynced was called.
// Cost: a sync of a file. One thread at a time.
absl::Status WriteSynced(rocksdb::FileSystem* file_system, const std::string& directory, uint64_t manifest,
                         uint64_t bytes);

// Cuts off what the manifest that CURRENT names has behind the synced bytes. Leaves a manifest that SYNCED does not
// speak of as it is: it was whole before SYNCED spoke of a later one, or it is older than SYNCED, or the store was made
// by copying. REQUIRES: nobody has the store open for writing.
//   DataLoss     the manifest has fewer bytes than were synced
//   Unavailable  an I/O error
absl::Status CutUnsyncedManifest(rocksdb::FileSystem* file_system, const std::string& directory);

}  // namespace lodestone::store
