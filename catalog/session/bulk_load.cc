#include "catalog/bulk_load.h"

#include <filesystem>
#include <system_error>
#include <utility>

#include "catalog/base/coding.h"
#include "catalog/base/strings.h"
#include "catalog/errors.h"
#include "catalog/session/bulk_loader_impl.h"

namespace lodestone {
namespace session {
namespace {

using partition::Row;

// Under a resume key so many bytes at the most have to be read again.
constexpr std::size_t kCheckpointBytes = std::size_t{64} << 20;

// What a row is told when its key is there already, or twice.
class Names {
 public:
  explicit Names(const bulk::RowEncoder* encoder) : encoder_(encoder) {}
  absl::Status Exists(std::string_view key) const {
    const std::string shown = encoder_->Shown(key);
    return MakeError(ErrorKind::kAlreadyExists, ObjectKind::kPartition, shown,
                     base::StrCat("partition ", shown, " exists already"));
  }
  absl::Status Twice(std::string_view key) const {
    const std::string shown = encoder_->Shown(key);
    return MakeError(ErrorKind::kInvalidObject, ObjectKind::kPartition, shown,
                     base::StrCat("partition ", shown, " is in the input twice"));
  }

 private:
  const bulk::RowEncoder* const encoder_;
};

// A load's rows into the pages of the new set.
class LoadVisitor final : public SetVisitor {
 public:
  LoadVisitor(const bulk::RowEncoder* encoder, IfExists if_exists, partition::PageWriter* pages)
      : names_(encoder), if_exists_(if_exists), pages_(pages) {}

  absl::Status Fresh(const Row& row) override {
    ++result_.added;
    return pages_->Add(row);
  }
  absl::Status Present(const Row& row) override { return pages_->Add(row); }
  absl::Status Both(const Row& fresh, const Row& present) override {
    switch (if_exists_) {
      case IfExists::kFail:
        return names_.Exists(fresh.key);
      case IfExists::kSkip:
        ++result_.skipped;
        return pages_->Add(present);
      case IfExists::kReplace:
        break;
    }
    ++result_.replaced;
    ForgetStatistics(fresh.key);
    return pages_->Add(fresh);
  }
  absl::Status Twice(std::string_view key) override { return names_.Twice(key); }
  const AddResult& result() const { return result_; }

 private:
  const Names names_;
  const IfExists if_exists_;
  partition::PageWriter* const pages_;
  AddResult result_;
};

// None when nothing changed.
std::vector<model::v1::Event> LoadEvents(int64_t count) {
  if (count == 0) return {};
  model::v1::Event event;
  event.set_kind(model::v1::Event::LOAD_PARTITIONS);
  event.set_count(count);
  return {event};
}

}  // namespace

SortedRows::SortedRows(std::shared_ptr<Session::Impl> session, partition::TablePartitions table,
                       const BulkLoadOptions& options, std::vector<Operation> needs, std::unique_ptr<Call> call,
                       Locations locations)
    : session_(std::move(session)),
      table_(std::move(table)),
      options_(options),
      needs_(std::move(needs)),
      call_(std::move(call)),
      now_(session_->metastore->NowSeconds()),
      encoder_(table_.name.ToString(), table_.key_names,
               locations == Locations::kAsGiven ? std::string_view() : table_.descriptor.location()),
      descriptors_(encoder_.descriptors().descriptors()) {}

absl::StatusOr<std::unique_ptr<SortedRows>> SortedRows::Start(const Session& session, const TableName& table,
                                                              const BulkLoadOptions& options,
                                                              std::vector<Operation> needs, Locations locations) {
  const std::shared_ptr<Session::Impl>& impl = session.impl();
  auto call = std::make_unique<Call>(*impl, Operation::kBulkLoad);
  call->SetTarget(Securable::Table(table));
  const auto find = [&]() -> absl::StatusOr<partition::TablePartitions> {
    RETURN_IF_ERROR(CheckCanLoad(*impl));
    const ReaderPtr reader = impl->Reader();
    RETURN_IF_ERROR(CheckLoad(*reader, *call, table, needs));
    call->Leave();
    return FindPartitions(*reader, impl->catalog, table);
  };
  absl::StatusOr<partition::TablePartitions> found = find();
  if (!found.ok()) {
    call->EndWrite(found.status());
    return found.status();
  }
  std::unique_ptr<SortedRows> rows(
      new SortedRows(impl, *std::move(found), options, std::move(needs), std::move(call), locations));
  RETURN_IF_ERROR(rows->OpenFolder());
  rows->sorter_ = std::make_unique<bulk::RowSorter>(
      bulk::RowSorter::Options{.key_count = rows->table_.keys.size(), .memory_bytes = options.memory_bytes},
      rows->folder_.get());
  if (rows->folder_->resumable()) RETURN_IF_ERROR(rows->Resume());
  return rows;
}

absl::Status SortedRows::End(absl::Status result) {
  if (!std::exchange(ended_, true)) call_->EndWrite(result);
  return result;
}

absl::Status SortedRows::OpenFolder() {
  std::string directory = options_.spill_directory;
  if (directory.empty()) {
    const std::string& path = session_->metastore->path();
    std::error_code error;
    directory = path + ".spill";
    if (path.empty()) directory = (std::filesystem::temp_directory_path(error) / "lodestone-spill").string();
    if (error) return absl::UnavailableError(base::StrCat("there is no folder for temporary files: ", error.message()));
  }
  if (options_.resume_key.empty()) {
    folder_ = bulk::SpillFolder::Temporary(std::move(directory));
    return absl::OkStatus();
  }
  ASSIGN_OR_RETURN(folder_, bulk::SpillFolder::Resumable(std::move(directory), options_.resume_key));
  return absl::OkStatus();
}

// Rows that were sorted for another table, or under other options, are of no use.
std::string SortedRows::Identity() const {
  std::string identity;
  base::AppendLittleEndian(&identity, table_.table.value);
  base::AppendLittleEndian(&identity, static_cast<uint32_t>(options_.if_exists));
  for (const std::string_view text : {std::string_view(options_.resume_key), std::string_view(session_->catalog),
                                      std::string_view(table_.descriptor.location())}) {
    base::AppendLittleEndian(&identity, static_cast<uint64_t>(text.size()));
    identity += text;
  }
  for (const std::string& key : table_.key_names) base::StrAppend(&identity, key, ",");
  return identity;
}

absl::Status SortedRows::Resume() {
  const std::optional<bulk::Manifest> manifest = folder_->ReadManifest();
  std::vector<std::shared_ptr<const bulk::Run>> runs;
  int64_t rows = 0;
  bool usable = manifest && manifest->identity == Identity();
  for (std::size_t i = 0; usable && i < manifest->files.size(); ++i) {
    absl::StatusOr<bulk::OwnedFile> file = folder_->OpenFile(manifest->files[i]);
    usable = file.ok();
    if (!usable) break;
    auto run = bulk::OpenSpillFile(*std::move(file), table_.keys.size());
    usable = run.ok();
    if (!usable) break;
    rows += (*run)->rows();
    runs.push_back(*std::move(run));
  }
  // Anything damaged means starting over: reading the input again is safe, half of it is not.
  if (!usable || rows != manifest->rows_taken) {
    folder_->Clear(false);
    return absl::OkStatus();
  }
  for (auto& run : runs) sorter_->AddRun(std::move(run));
  encoder_.descriptors().Restore(manifest->descriptors);
  files_resumed_ = manifest->files;
  rows_resumed_ = rows;
  return absl::OkStatus();
}

absl::Status SortedRows::Add(const BulkRow& row) {
  RETURN_IF_ERROR(encoder_.Encode(row, now_));
  RETURN_IF_ERROR(sorter_->Add(encoder_.parts()));
  if (folder_->resumable() && sorter_->memory() >= std::min(kCheckpointBytes, options_.memory_bytes)) {
    return Checkpoint();
  }
  return absl::OkStatus();
}

absl::Status SortedRows::Checkpoint() {
  RETURN_IF_ERROR(sorter_->Spill());
  bulk::Manifest manifest{.identity = Identity(),
                          .rows_taken = sorter_->rows(),
                          .files = files_resumed_,
                          .descriptors = encoder_.descriptors().descriptors()};
  manifest.files.insert(manifest.files.end(), sorter_->files().begin(), sorter_->files().end());
  return folder_->WriteManifest(manifest);
}

void SortedRows::Discard() {
  discarded_ = true;
  folder_->Clear(true);
}

SortedRows::~SortedRows() {
  (void)End(absl::CancelledError("the load was given up before it was finished"));
  // Best effort: what does not get to disk is read again.
  if (sorter_ != nullptr && folder_->resumable() && !discarded_) (void)Checkpoint();
}

}  // namespace session

using namespace session;  // NOLINT: the calls below are made of what the namespace offers

absl::StatusOr<std::unique_ptr<BulkLoader>> BulkLoader::Start(const Session& session, const TableName& table,
                                                              const BulkLoadOptions& options) {
  ASSIGN_OR_RETURN(std::unique_ptr<SortedRows> rows,
                   SortedRows::Start(session, table, options, NeedsOfLoad(options.if_exists)));
  return std::make_unique<BulkLoader>(std::make_unique<Impl>(std::move(rows), options.if_exists));
}

BulkLoader::BulkLoader(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
BulkLoader::~BulkLoader() = default;

int64_t BulkLoader::rows_resumed() const { return impl_->rows().rows_resumed(); }

absl::Status BulkLoader::Add(const BulkRow& row) {
  if (impl_->finished()) return absl::FailedPreconditionError("the bulk load is finished already");
  return impl_->rows().Add(row);
}

absl::StatusOr<AddResult> BulkLoader::Finish(std::function<void(const BulkLoadProgress&)> progress) {
  return impl_->Finish(progress);
}

std::vector<Operation> NeedsOfLoad(IfExists if_exists) {
  if (if_exists == IfExists::kReplace) return {Operation::kBulkLoad, Operation::kReplacePartitions};
  return {Operation::kBulkLoad};
}

absl::StatusOr<AddResult> BulkLoader::Impl::Finish(const LoadProgress& progress) {
  if (std::exchange(finished_, true)) return absl::FailedPreconditionError("the bulk load is finished already");
  absl::StatusOr<AddResult> result = Commit(progress);
  (void)rows_->End(result.status());
  return result;
}

absl::StatusOr<AddResult> BulkLoader::Impl::Commit(const LoadProgress& progress) {
  rows_->Finish();
  AddResult result;
  for (int attempt = 1; rows_->rows() > 0; ++attempt) {
    absl::StatusOr<bool> done = Attempt(progress, &result);
    if (!done.ok()) {
      // What is wrong with the rows themselves stays wrong: nothing to go on with.
      if (absl::IsInvalidArgument(done.status()) || absl::IsAlreadyExists(done.status())) rows_->Discard();
      return done.status();
    }
    if (*done) break;
    if (attempt == kMaxLoadAttempts) return OvertakenTooOften(rows_->table().name);
  }
  rows_->Discard();
  return result;
}

absl::StatusOr<bool> BulkLoader::Impl::Attempt(const LoadProgress& progress, AddResult* result) {
  const LoadSource source = rows_->Source();
  ASSIGN_OR_RETURN(const LoadBase base, FindLoadBase(rows_->session(), source));
  if (EditsAreCheaper(rows_->rows(), base.table.set.partitions())) return AttemptEdits(source, base, result);
  return AttemptSwitch(source, base, progress, result);
}

absl::StatusOr<bool> BulkLoader::Impl::AttemptSwitch(const LoadSource& source, const LoadBase& base,
                                                     const LoadProgress& progress, AddResult* result) {
  std::vector<std::unique_ptr<SetVisitor>> visitors;
  const auto make = [&](partition::PageWriter* pages) {
    return std::make_unique<LoadVisitor>(&rows_->encoder(), if_exists_, pages);
  };
  const auto events = [&] {
    *result = {};
    for (const auto& visitor : visitors) {
      const AddResult& part = static_cast<const LoadVisitor&>(*visitor).result();
      result->added += part.added;
      result->replaced += part.replaced;
      result->skipped += part.skipped;
    }
    return LoadEvents(result->added + result->replaced);
  };
  return ReplaceSet(rows_->session(), source, base, make, &visitors, events, progress);
}

absl::StatusOr<bool> BulkLoader::Impl::AttemptEdits(const LoadSource& source, const LoadBase& base, AddResult* result) {
  const Names names(&rows_->encoder());
  bulk::RowArena arena;
  std::vector<partition::Edit> edits;
  std::vector<std::string> replaced;
  bulk::RunMerger merger(*source.runs, {}, {});
  bulk::BlobDecoder decoder(base.table.keys.size(), base.descriptor_numbers);
  while (merger.Next()) {
    if (!edits.empty() && edits.back().row.key == merger.key()) return names.Twice(merger.key());
    edits.push_back({partition::EditKind::kInsert, arena.Copy(decoder.Decode(merger.blob()))});
    if (if_exists_ == IfExists::kReplace) replaced.emplace_back(edits.back().row.key);
  }
  RETURN_IF_ERROR(merger.status());
  partition::EditCounts counts;
  const auto events = [&] { return LoadEvents(counts.inserted + counts.replaced); };
  ASSIGN_OR_RETURN(const bool done, EditSet(rows_->session(), source, base, edits, {.if_exists = if_exists_}, replaced,
                                            &counts, events));
  *result = {.added = counts.inserted, .replaced = counts.replaced, .skipped = counts.skipped};
  return done;
}

}  // namespace lodestone
