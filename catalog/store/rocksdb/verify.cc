#include "catalog/store/rocksdb/verify.h"

#include <algorithm>
#include <memory>
#include <utility>

#include "catalog/base/status_macros.h"
#include "catalog/base/strings.h"
#include "catalog/store/rocksdb/checkpoint.h"
#include "catalog/store/rocksdb/committed_file.h"
#include "catalog/store/rocksdb/log_check.h"
#include "catalog/store/rocksdb/rocks_status.h"
#include "rocksdb/file_checksum.h"
#include "rocksdb/metadata.h"
#include "rocksdb/sst_file_reader.h"
#include "rocksdb/transaction_log.h"

namespace lodestone::store {
namespace {

constexpr std::size_t kReadBytes = std::size_t{1} << 20;

// Hands the first `limit` bytes of a file to `take`, piece by piece. DataLoss: it is missing or shorter.
absl::Status ReadFile(rocksdb::FileSystem* file_system, const std::string& path, uint64_t limit,
                      const std::function<void(std::string_view)>& take) {
  const std::string reading = base::StrCat("reading ", path);
  std::unique_ptr<rocksdb::FSSequentialFile> file;
  RETURN_IF_ERROR(FromRocks(file_system->NewSequentialFile(path, rocksdb::FileOptions(), &file, nullptr), reading));
  std::string scratch(kReadBytes, '\0');
  uint64_t done = 0;
  while (done < limit) {
    rocksdb::Slice piece;
    const std::size_t want = std::min<uint64_t>(kReadBytes, limit - done);
    RETURN_IF_ERROR(FromRocks(file->Read(want, rocksdb::IOOptions(), &piece, scratch.data(), nullptr), reading));
    if (piece.empty()) {
      return absl::DataLossError(base::StrCat(path, " should have ", limit, " bytes, and has ", done));
    }
    take(ToView(piece));
    done += piece.size();
  }
  return absl::OkStatus();
}

absl::StatusOr<std::string> ReadText(rocksdb::FileSystem* file_system, const std::string& path, uint64_t limit) {
  std::string bytes;
  RETURN_IF_ERROR(ReadFile(file_system, path, limit, [&bytes](std::string_view piece) { bytes.append(piece); }));
  return bytes;
}

// The checksum over the whole file as RocksDB computed it when it wrote the file covers every byte; RocksDB's own
// reader adds only which block is meant, and does for files that have none.
absl::Status CheckTable(Engine* engine, const rocksdb::LiveFileMetaData& info, const std::string& path) {
  if (info.file_checksum_func_name != engine->options.file_checksum_gen_factory->Name() &&
      info.file_checksum_func_name.find("Crc32c") == std::string::npos) {
    rocksdb::SstFileReader reader(engine->options);
    RETURN_IF_ERROR(FromRocks(reader.Open(path), path));
    return FromRocks(reader.VerifyChecksum(), path);
  }
  rocksdb::FileChecksumGenContext context;
  context.file_name = path;
  auto generator = engine->options.file_checksum_gen_factory->CreateFileChecksumGenerator(context);
  RETURN_IF_ERROR(ReadFile(engine->file_system.get(), path, info.size,
                           [&](std::string_view piece) { generator->Update(piece.data(), piece.size()); }));
  generator->Finalize();
  if (generator->GetChecksum() == info.file_checksum) return absl::OkStatus();
  rocksdb::SstFileReader reader(engine->options);
  std::string detail = reader.Open(path).ToString();
  if (detail == "OK") detail = reader.VerifyChecksum().ToString();
  return absl::DataLossError(
      base::StrCat(path, " does not have the checksum it was written with (its blocks: ", detail, ")"));
}

absl::Status CheckLog(Engine* engine, const FileExtent& extent) {
  ASSIGN_OR_RETURN(const std::string bytes, ReadText(engine->file_system.get(), extent.path, extent.bytes));
  const std::string damage = FindLogDamage(bytes);
  if (damage.empty()) return absl::OkStatus();
  return absl::DataLossError(base::StrCat(extent.path, ": ", damage));
}

absl::Status CheckCurrent(Engine* engine, const std::string& manifest) {
  const std::string path = base::StrCat(engine->path, "/CURRENT");
  const std::string expected = manifest + "\n";
  uint64_t size = 0;
  RETURN_IF_ERROR(FromRocks(engine->file_system->GetFileSize(path, rocksdb::IOOptions(), &size, nullptr), path));
  ASSIGN_OR_RETURN(const std::string text, ReadText(engine->file_system.get(), path, size));
  if (text == expected) return absl::OkStatus();
  return absl::DataLossError(base::StrCat(path, " should name ", manifest, ", and says ", base::Quoted(text, 60)));
}

absl::Status CheckCommitted(Engine* engine) {
  ASSIGN_OR_RETURN(const CommittedState state, ReadCommitted(engine->file_system.get(), engine->path));
  return state.damage.empty() ? absl::OkStatus() : absl::DataLossError(state.damage);
}

}  // namespace

absl::StatusOr<std::vector<FileExtent>> LogExtents(Engine* engine) {
  rocksdb::VectorLogPtr logs;
  RETURN_IF_ERROR(FromRocks(engine->db->GetSortedWalFiles(logs), base::StrCat("listing the logs of ", engine->path)));
  std::vector<FileExtent> extents;
  for (const auto& log : logs) {
    extents.push_back({base::StrCat(engine->path, log->PathName()), log->SizeFileBytes()});
  }
  return extents;
}

absl::Status VerifyStoreFiles(Engine* engine, const std::vector<FileExtent>& logs, const DamageReport& report) {
  // What is damaged is reported; what cannot be read for other reasons is too, since it may be damage as well.
  auto check = [&report](const absl::Status& status) {
    if (!status.ok()) report(std::string(base::ToStd(status.message())));
  };
  const KeepFiles keep(engine->db.get());
  RETURN_IF_ERROR(FromRocks(keep.status(), base::StrCat("keeping the files of ", engine->path)));
  std::vector<rocksdb::LiveFileMetaData> tables;
  engine->db->GetLiveFilesMetaData(&tables);
  for (const rocksdb::LiveFileMetaData& table : tables) {
    check(CheckTable(engine, table, base::StrCat(table.directory, "/", table.relative_filename)));
  }
  std::vector<std::string> files;
  uint64_t manifest_bytes = 0;
  RETURN_IF_ERROR(FromRocks(engine->db->GetLiveFiles(files, &manifest_bytes, /*flush_memtable=*/false),
                            base::StrCat("listing the files of ", engine->path)));
  for (const std::string& file : files) {
    if (!file.starts_with("/MANIFEST")) continue;
    check(CheckLog(engine, {engine->path + file, manifest_bytes}));
    check(CheckCurrent(engine, file.substr(1)));
  }
  for (const FileExtent& log : logs) {
    // A log whose content has gone to a table file meanwhile may be deleted.
    if (engine->file_system->FileExists(log.path, rocksdb::IOOptions(), nullptr).IsNotFound()) continue;
    check(CheckLog(engine, log));
  }
  check(CheckCommitted(engine));
  return absl::OkStatus();
}

}  // namespace lodestone::store
