#include "catalog/store/rocksdb/committed_file.h"

#include <algorithm>
#include <utility>

#include "catalog/base/coding.h"
#include "catalog/base/status_macros.h"
#include "catalog/base/strings.h"
#include "catalog/store/rocksdb/crc32c.h"
#include "catalog/store/rocksdb/rocks_status.h"

namespace lodestone::store {
namespace {

constexpr std::string_view kMagic = "LDSTCMT1";
constexpr std::size_t kSlotBytes = 32;
constexpr std::size_t kSlotDistance = 512;
constexpr std::size_t kFileBytes = 2 * kSlotDistance;
constexpr uint32_t kBeingMade = 1;
constexpr uint32_t kComplete = 2;

std::string EncodeSlot(Version version, bool complete) {
  std::string slot(kMagic);
  base::AppendLittleEndian<uint64_t>(&slot, version);
  base::AppendLittleEndian<uint32_t>(&slot, complete ? kComplete : kBeingMade);
  base::AppendLittleEndian<uint64_t>(&slot, 0);
  base::AppendLittleEndian<uint32_t>(&slot, Crc32c(slot));
  return slot;
}

// What is wrong with the slot; empty when it was decoded into `state`.
std::string DecodeSlot(std::string_view slot, CommittedState* state) {
  if (slot.substr(0, kMagic.size()) != kMagic) return "does not begin with LDSTCMT1";
  if (base::ReadLittleEndian<uint32_t>(slot.data() + 28) != Crc32c(slot.substr(0, 28))) return "has a wrong checksum";
  const auto made = base::ReadLittleEndian<uint32_t>(slot.data() + 16);
  if (made != kBeingMade && made != kComplete) return base::StrCat("has the unknown state ", made);
  state->version = base::ReadLittleEndian<uint64_t>(slot.data() + 8);
  state->complete = made == kComplete;
  return "";
}

absl::StatusOr<std::string> ReadWhole(rocksdb::FileSystem* file_system, const std::string& path) {
  std::unique_ptr<rocksdb::FSSequentialFile> file;
  RETURN_IF_ERROR(FromRocks(file_system->NewSequentialFile(path, rocksdb::FileOptions(), &file, nullptr),
                            base::StrCat("opening ", path)));
  std::string bytes;
  // One byte more than there should be, so that a file too long is noticed.
  std::string scratch(kFileBytes + 1, '\0');
  while (bytes.size() <= kFileBytes) {
    rocksdb::Slice piece;
    RETURN_IF_ERROR(
        FromRocks(file->Read(scratch.size() - bytes.size(), rocksdb::IOOptions(), &piece, scratch.data(), nullptr),
                  base::StrCat("reading ", path)));
    if (piece.empty()) break;
    bytes.append(piece.data(), piece.size());
  }
  return bytes;
}

}  // namespace

absl::StatusOr<CommittedState> ReadCommitted(rocksdb::FileSystem* file_system, const std::string& directory) {
  const std::string path = base::StrCat(directory, "/", kCommittedName);
  const rocksdb::IOStatus exists = file_system->FileExists(path, rocksdb::IOOptions(), nullptr);
  if (exists.IsNotFound()) return absl::NotFoundError(base::StrCat(path, " does not exist"));
  RETURN_IF_ERROR(FromRocks(exists, base::StrCat("looking for ", path)));
  ASSIGN_OR_RETURN(const std::string bytes, ReadWhole(file_system, path));
  if (bytes.size() != kFileBytes) {
    return absl::DataLossError(base::StrCat(path, " should have ", kFileBytes, " bytes, and has ",
                                            bytes.size() > kFileBytes ? "more" : base::StrCat(bytes.size())));
  }
  CommittedState best;
  std::string damage;
  int whole = 0;
  for (int i = 0; i < 2; ++i) {
    const std::string_view sector = std::string_view(bytes).substr(i * kSlotDistance, kSlotDistance);
    CommittedState state;
    std::string finding = DecodeSlot(sector.substr(0, kSlotBytes), &state);
    if (finding.empty() && sector.find_first_not_of('\0', kSlotBytes) != std::string_view::npos) {
      damage = base::StrCat(path, ": slot ", i, " is followed by bytes other than zero");
    }
    if (!finding.empty()) {
      damage = base::StrCat(path, ": slot ", i, " ", finding);
      continue;
    }
    best.version = std::max(best.version, state.version);
    best.complete = best.complete || state.complete;
    ++whole;
  }
  if (whole == 0) return absl::DataLossError(base::StrCat(damage, ", and so has the other one"));
  best.damage = std::move(damage);
  return best;
}

absl::Status CreateCommitted(rocksdb::FileSystem* file_system, const std::string& directory, Version version,
                             bool complete) {
  const rocksdb::IOOptions io;
  const std::string temp = base::StrCat(directory, "/", kCommittedTempName);
  const std::string path = base::StrCat(directory, "/", kCommittedName);
  std::string bytes = EncodeSlot(version, complete);
  bytes.resize(kSlotDistance, '\0');
  bytes += bytes;
  std::unique_ptr<rocksdb::FSWritableFile> file;
  const std::string writing = base::StrCat("writing ", temp);
  RETURN_IF_ERROR(FromRocks(file_system->NewWritableFile(temp, rocksdb::FileOptions(), &file, nullptr), writing));
  RETURN_IF_ERROR(FromRocks(file->Append(bytes, io, nullptr), writing));
  RETURN_IF_ERROR(FromRocks(file->Sync(io, nullptr), base::StrCat("syncing ", temp)));
  RETURN_IF_ERROR(FromRocks(file->Close(io, nullptr), writing));
  RETURN_IF_ERROR(FromRocks(file_system->RenameFile(temp, path, io, nullptr), base::StrCat("renaming ", temp)));
  std::unique_ptr<rocksdb::FSDirectory> folder;
  RETURN_IF_ERROR(
      FromRocks(file_system->NewDirectory(directory, io, &folder, nullptr), base::StrCat("opening ", directory)));
  return FromRocks(folder->Fsync(io, nullptr), base::StrCat("syncing ", directory));
}

absl::StatusOr<std::unique_ptr<CommittedFile>> CommittedFile::Open(rocksdb::FileSystem* file_system,
                                                                   const std::string& directory) {
  std::string path = base::StrCat(directory, "/", kCommittedName);
  std::unique_ptr<rocksdb::FSRandomRWFile> file;
  RETURN_IF_ERROR(FromRocks(file_system->NewRandomRWFile(path, rocksdb::FileOptions(), &file, nullptr),
                            base::StrCat("opening ", path)));
  return std::unique_ptr<CommittedFile>(new CommittedFile(std::move(path), std::move(file)));
}

CommittedFile::~CommittedFile() {
  // Nothing rests on this close: what it could fail to write is only a better bound.
  file_->Close(rocksdb::IOOptions(), nullptr).PermitUncheckedError();
}

absl::Status CommittedFile::Write(Version version) {
  const std::string slot = EncodeSlot(version, /*complete=*/true);
  const uint64_t offset = static_cast<uint64_t>(next_slot_) * kSlotDistance;
  next_slot_ = 1 - next_slot_;
  return FromRocks(file_->Write(offset, slot, rocksdb::IOOptions(), nullptr), base::StrCat("writing ", path_));
}

}  // namespace lodestone::store
