#include "catalog/store/rocksdb/synced_file.h"

#include <charconv>
#include <memory>
#include <optional>
#include <string_view>

#include "catalog/base/coding.h"
#include "catalog/base/status_macros.h"
#include "catalog/base/strings.h"
#include "catalog/store/rocksdb/crc32c.h"
#include "catalog/store/rocksdb/folder.h"
#include "catalog/store/rocksdb/rocks_status.h"

namespace lodestone::store {
namespace {

constexpr std::string_view kMagic = "LDSTSYN1";
constexpr std::string_view kManifestPrefix = "MANIFEST-";
constexpr std::size_t kChecked = 28;  // the bytes that the checksum is of
constexpr std::size_t kSlotBytes = 32;

struct Synced {
  uint64_t manifest = 0;  // 0: of none
  uint64_t bytes = 0;
};

std::string Encode(const Synced& synced) {
  std::string slot(kMagic);
  base::AppendLittleEndian<uint64_t>(&slot, synced.manifest);
  base::AppendLittleEndian<uint64_t>(&slot, synced.bytes);
  base::AppendLittleEndian<uint32_t>(&slot, 0);
  base::AppendLittleEndian<uint32_t>(&slot, Crc32c(slot));
  return slot;
}

std::optional<Synced> Decode(std::string_view slot) {
  if (slot.size() != kSlotBytes || !slot.starts_with(kMagic)) return std::nullopt;
  if (base::ReadLittleEndian<uint32_t>(slot.data() + kChecked) != Crc32c(slot.substr(0, kChecked))) return std::nullopt;
  return Synced{.manifest = base::ReadLittleEndian<uint64_t>(slot.data() + 8),
                .bytes = base::ReadLittleEndian<uint64_t>(slot.data() + 16)};
}

absl::StatusOr<std::string> ReadSmallFile(rocksdb::FileSystem* file_system, const std::string& path) {
  std::string bytes;
  RETURN_IF_ERROR(FromRocks(rocksdb::ReadFileToString(file_system, path, &bytes), base::StrCat("reading ", path)));
  return bytes;
}

// What the file says. Nothing when it is missing or damaged: it is a help, and never the only copy of anything.
absl::StatusOr<std::optional<Synced>> ReadSynced(rocksdb::FileSystem* file_system, const std::string& directory) {
  const std::string path = base::StrCat(directory, "/", kSyncedName);
  const rocksdb::IOStatus exists = file_system->FileExists(path, rocksdb::IOOptions(), nullptr);
  if (exists.IsNotFound()) return std::nullopt;
  RETURN_IF_ERROR(FromRocks(exists, base::StrCat("looking for ", path)));
  ASSIGN_OR_RETURN(const std::string slot, ReadSmallFile(file_system, path));
  return Decode(slot);
}

// Of a line as CURRENT has it; 0 when it names no manifest, which RocksDB reports by itself.
uint64_t ManifestNumber(std::string_view line) {
  if (!line.starts_with(kManifestPrefix)) return 0;
  line.remove_prefix(kManifestPrefix.size());
  uint64_t number = 0;
  const auto [end, error] = std::from_chars(line.data(), line.data() + line.size(), number);
  return error == std::errc() && std::string_view(end, line.data() + line.size()) == "\n" ? number : 0;
}

}  // namespace

absl::Status CreateSynced(rocksdb::FileSystem* file_system, const std::string& directory) {
  ASSIGN_OR_RETURN(const std::optional<Synced> present, ReadSynced(file_system, directory));
  if (present.has_value()) return absl::OkStatus();
  const rocksdb::IOOptions io;
  const std::string path = base::StrCat(directory, "/", kSyncedName);
  const std::string temp = base::StrCat(directory, "/", kSyncedTempName);
  RETURN_IF_ERROR(FromRocks(rocksdb::WriteStringToFile(file_system, Encode({}), temp, /*should_sync=*/true),
                            base::StrCat("writing ", temp)));
  RETURN_IF_ERROR(FromRocks(file_system->RenameFile(temp, path, io, nullptr), base::StrCat("renaming ", temp)));
  return SyncFolder(file_system, directory);
}

absl::Status WriteSynced(rocksdb::FileSystem* file_system, const std::string& directory, uint64_t manifest,
                         uint64_t bytes) {
  const rocksdb::IOOptions io;
  const std::string path = base::StrCat(directory, "/", kSyncedName);
  const std::string writing = base::StrCat("writing ", path);
  std::unique_ptr<rocksdb::FSRandomRWFile> file;
  RETURN_IF_ERROR(FromRocks(file_system->NewRandomRWFile(path, rocksdb::FileOptions(), &file, nullptr), writing));
  const std::string slot = Encode({.manifest = manifest, .bytes = bytes});
  RETURN_IF_ERROR(FromRocks(file->Write(0, slot, io, nullptr), writing));
  RETURN_IF_ERROR(FromRocks(file->Fsync(io, nullptr), base::StrCat("syncing ", path)));
  return FromRocks(file->Close(io, nullptr), writing);
}

absl::Status CutUnsyncedManifest(rocksdb::FileSystem* file_system, const std::string& directory) {
  const rocksdb::IOOptions io;
  ASSIGN_OR_RETURN(const std::optional<Synced> known, ReadSynced(file_system, directory));
  const Synced synced = known.value_or(Synced());
  ASSIGN_OR_RETURN(std::string current, ReadSmallFile(file_system, base::StrCat(directory, "/CURRENT")));
  if (synced.manifest == 0 || ManifestNumber(current) != synced.manifest) return absl::OkStatus();
  current.pop_back();
  const std::string manifest = base::StrCat(directory, "/", current);
  uint64_t size = 0;
  RETURN_IF_ERROR(
      FromRocks(file_system->GetFileSize(manifest, io, &size, nullptr), base::StrCat("looking for ", manifest)));
  if (size < synced.bytes) {
    return absl::DataLossError(base::StrCat(manifest, " should have ", synced.bytes, " bytes, as ", kSyncedName,
                                            " says, and has ", size, ": it was cut"));
  }
  if (size == synced.bytes) return absl::OkStatus();
  const std::string cutting = base::StrCat("cutting ", manifest);
  std::unique_ptr<rocksdb::FSWritableFile> file;
  RETURN_IF_ERROR(
      FromRocks(file_system->ReopenWritableFile(manifest, rocksdb::FileOptions(), &file, nullptr), cutting));
  RETURN_IF_ERROR(FromRocks(file->Truncate(synced.bytes, io, nullptr), cutting));
  // At once: SYNCED will soon speak of the next manifest, and no longer protect this one.
  RETURN_IF_ERROR(FromRocks(file->Fsync(io, nullptr), base::StrCat("syncing ", manifest)));
  return FromRocks(file->Close(io, nullptr), cutting);
}

}  // namespace lodestone::store
