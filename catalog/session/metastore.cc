// Opening a store, and what a new one begins with.
#include "catalog/metastore.h"

#include <filesystem>
#include <random>
#include <utility>

#include "catalog/account/key_file.h"
#include "catalog/base/coding.h"
#include "catalog/base/strings.h"
#include "catalog/errors.h"
#include "catalog/event/event_log.h"
#include "catalog/record/keys.h"
#include "catalog/session/context.h"
#include "catalog/session/maintain.h"
#include "catalog/session/objects.h"
#include "catalog/session/upgrade.h"
#include "catalog/session/verify.h"
#include "catalog/store/memory/memory_store.h"
#include "catalog/store/rocksdb/rocksdb_store.h"

namespace lodestone {

namespace {

using base::StrCat;

std::string RandomBytes(std::size_t count) {
  std::random_device device;
  std::string bytes;
  while (bytes.size() < count) base::AppendBigEndian64(&bytes, (uint64_t{device()} << 32) | device());
  bytes.resize(count);
  return bytes;
}

std::string Where(const std::string& path) {
  return path.empty() ? "the store in memory" : StrCat("the store in ", path);
}

// Empty: a store in memory, whose key lives as long as it does.
std::string KeyFileOf(const OpenOptions& options, const std::string& path) {
  if (!options.key_file.empty() || path.empty()) return options.key_file;
  return StrCat(path, "/", account::kDefaultKeyFile);
}

absl::Status CheckOptions(const OpenOptions& options) {
  if (options.clock == nullptr) return absl::InvalidArgumentError("clock: expected a clock, found null");
  if (options.undrop_retention_ms < 0) return absl::InvalidArgumentError("undrop_retention_ms: expected 0 or more");
  if (options.event_retention_ms < 0) return absl::InvalidArgumentError("event_retention_ms: expected 0 or more");
  if (options.lease_ms <= 0) return absl::InvalidArgumentError("lease_ms: expected 1 or more");
  return absl::OkStatus();
}

// What every store holds from the start: header, sequence, the catalog `hive` and its database `default`.
absl::Status CreateStore(Metastore::Impl& metastore) {
  ASSIGN_OR_RETURN(const auto txn, metastore.store().Begin());
  record::v1::StoreHeader header;
  header.set_format_version(record::kStoreFormat);
  header.set_created_by(LODESTONE_VERSION);
  header.set_created_ms(metastore.NowMillis());
  header.set_store_id(RandomBytes(16));
  session::PutRecord(*txn, record::HeaderKey(), header);
  record::v1::Sequence sequence;
  sequence.set_next(1);
  session::PutRecord(*txn, record::ObjectSequenceKey(), sequence);
  model::v1::Catalog catalog;
  catalog.set_name(std::string(kDefaultCatalog));
  catalog.set_description("The default catalog");
  RETURN_IF_ERROR(session::AddCatalog(metastore, *txn, std::move(catalog)).status());
  RETURN_IF_ERROR(session::TouchDefinitions(*txn));
  return txn->Commit(store::Durability::kSync).status();
}

// Reads the header, or makes the store when there is nothing in it at all.
absl::Status CheckHeader(Metastore::Impl& metastore) {
  const std::string where = Where(metastore.path());
  const auto snapshot = metastore.store().Snapshot();
  ASSIGN_OR_RETURN(const std::optional<std::string> value, snapshot->Get(record::HeaderKey()));
  if (!value) {
    const auto cursor = snapshot->NewCursor(store::KeyRange{});
    cursor->SeekToFirst();
    RETURN_IF_ERROR(cursor->status());
    if (cursor->Valid()) {
      return absl::DataLossError(StrCat(where, " has records, but not the header that every store begins with"));
    }
    if (metastore.options().follower) {
      return MakeError(ErrorKind::kInvalidOperation, ObjectKind::kStore, metastore.path(),
                       StrCat(where, " is empty: open it for writing first"));
    }
    // Broken off when it was about to be made, perhaps.
    if (!metastore.options().create_if_missing) {
      return MakeError(ErrorKind::kNoSuchObject, ObjectKind::kStore, metastore.path(),
                       StrCat(where, " is empty, and create_if_missing is false"));
    }
    return CreateStore(metastore);
  }
  record::v1::StoreHeader header;
  RETURN_IF_ERROR(record::DecodeRecord(*value, "the header of the store", &header));
  if (header.format_version() > record::kStoreFormat) {
    return MakeError(
        ErrorKind::kInvalidOperation, ObjectKind::kStore, metastore.path(),
        StrCat(where, " has format ", header.format_version(), ", made by ", base::Quoted(header.created_by()),
               "; this version of the library reads up to format ", record::kStoreFormat));
  }
  if (header.format_version() == 0) {
    return absl::DataLossError(StrCat(where, " has the format number 0, which no version of the library wrote"));
  }
  if (header.format_version() < record::kStoreFormat) return session::UpgradeStore(metastore, std::move(header));
  return absl::OkStatus();
}

absl::StatusOr<std::unique_ptr<Metastore>> Start(std::shared_ptr<Metastore::Impl> impl) {
  RETURN_IF_ERROR(CheckHeader(*impl));
  if (!impl->options().follower) RETURN_IF_ERROR(session::DropBrokenLoads(*impl));
  return std::make_unique<Metastore>(std::move(impl));
}

}  // namespace

// --- Impl ---

Metastore::Impl::Impl(std::unique_ptr<store::Store> store, OpenOptions options, std::string path, std::string scratch)
    : store_(std::move(store)),
      options_(std::move(options)),
      path_(std::move(path)),
      scratch_(std::move(scratch)),
      key_ring_(KeyFileOf(options_, path_)) {}

Metastore::Impl::~Impl() {
  store_.reset();
  std::error_code ignored;  // a folder for temporary files: nothing is lost when it stays
  if (!scratch_.empty()) std::filesystem::remove_all(scratch_, ignored);
}

bool Metastore::Impl::IsExpired(int64_t dropped_ms) const {
  return NowMillis() - dropped_ms >= options_.undrop_retention_ms;
}

// --- Opening ---

absl::StatusOr<std::unique_ptr<Metastore>> Metastore::Open(std::string_view path, const OpenOptions& options) {
  RETURN_IF_ERROR(CheckOptions(options));
  if (path.empty()) return absl::InvalidArgumentError("path: expected a folder, found the empty text");
  store::RocksDbOptions engine;
  engine.create_if_missing = options.create_if_missing && !options.follower;
  engine.error_if_exists = options.error_if_exists;
  engine.block_cache_bytes = options.block_cache_bytes;
  engine.write_buffer_bytes = options.write_buffer_bytes;
  if (options.follower) {
    engine.follower = true;
    std::error_code failure;
    const std::filesystem::path temporary = std::filesystem::temp_directory_path(failure);
    if (failure) return absl::UnavailableError(StrCat("no folder for temporary files: ", failure.message()));
    std::string name = "lodestone-follower-";
    for (const char c : RandomBytes(8)) base::StrAppend(&name, static_cast<int>(static_cast<unsigned char>(c)));
    engine.follower_directory = (temporary / name).string();
  }
  ASSIGN_OR_RETURN(auto store, store::OpenRocksDbStore(std::string(path), engine));
  return Start(std::make_shared<Impl>(std::move(store), options, std::string(path), engine.follower_directory));
}

absl::StatusOr<std::unique_ptr<Metastore>> Metastore::OpenInMemory(const OpenOptions& options) {
  return OpenOn(store::NewMemoryStore(), options);
}

absl::StatusOr<std::unique_ptr<Metastore>> Metastore::OpenOn(std::unique_ptr<store::Store> store,
                                                             const OpenOptions& options) {
  RETURN_IF_ERROR(CheckOptions(options));
  return Start(std::make_shared<Impl>(std::move(store), options, std::string()));
}

absl::Status Metastore::Destroy(std::string_view path) {
  const std::filesystem::path folder(path);
  RETURN_IF_ERROR(store::DestroyRocksDbStore(std::string(path)));
  return account::RemoveKeyFile((folder / account::kDefaultKeyFile).string());
}

Metastore::Metastore(std::shared_ptr<Impl> impl) : impl_(std::move(impl)) {}
Metastore::~Metastore() = default;

Session Metastore::As(const Principal& who, std::string_view name) {
  auto session = std::make_shared<Session::Impl>();
  session->metastore = impl_;
  session->catalog = base::AsciiLower(name);
  session->principal = who;
  session->trusted = who.name.empty();
  return Session(std::move(session));
}

Session Metastore::Trusted(const Principal& who, std::string_view name) {
  const Session checked = As(who, name);
  auto session = std::make_shared<Session::Impl>(*checked.impl());
  session->trusted = true;
  return Session(std::move(session));
}

// --- Looking after it ---

absl::Status Metastore::Checkpoint(std::string_view directory) {
  return impl_->store().Checkpoint(std::string(directory));
}
absl::Status Metastore::CatchUp() { return impl_->store().CatchUp(); }
absl::Status Metastore::Flush() { return impl_->store().Flush(); }
absl::StatusOr<std::vector<VerifyFinding>> Metastore::Verify() { return session::VerifyStore(*impl_); }
absl::Status Metastore::Maintain() { return session::Maintain(*impl_); }
absl::StatusOr<MetastoreStats> Metastore::Stats() const { return session::CountObjects(*impl_); }

}  // namespace lodestone
