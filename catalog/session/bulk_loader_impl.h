// The rows of a bulk load between Start and Finish.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "catalog/bulk/row_encoder.h"
#include "catalog/bulk/row_sorter.h"
#include "catalog/bulk/spill_folder.h"
#include "catalog/bulk_load.h"
#include "catalog/session/bulk_switch.h"
#include "catalog/session/call.h"
#include "catalog/session/context.h"

namespace lodestone {

namespace session {

// Rows of one table, checked, encoded and sorted: what loading and syncing share. Not thread-safe.
class SortedRows {
 public:
  enum class Locations {
    kLeaveOutDerived,  // rows as they will be stored
    kAsGiven,          // rows to be compared: no location means that the input says nothing of it
  };
  // `needs` is asked for now, and again where the rows are committed.
  static absl::StatusOr<std::unique_ptr<SortedRows>> Start(const Session& session, const TableName& table,
                                                           const BulkLoadOptions& options, std::vector<Operation> needs,
                                                           Locations locations = Locations::kLeaveOutDerived);
  ~SortedRows();
  // Leaves the record of the whole for the audit, once; returns `result`.
  absl::Status End(absl::Status result);

  int64_t rows_resumed() const { return rows_resumed_; }
  int64_t rows() const { return sorter_->rows(); }
  // InvalidArgument: the row breaks a rule.
  absl::Status Check(const BulkRow& row) { return encoder_.Encode(row, now_); }
  absl::Status Add(const BulkRow& row);
  // No more rows.
  void Finish() { sorter_->Finish(); }
  // Neither this load nor a later one needs them any more.
  void Discard();

  const Session::Impl& session() const { return *session_; }
  const partition::TablePartitions& table() const { return table_; }
  // REQUIRES: Finish was called.
  LoadSource Source() const {
    return {.runs = &sorter_->runs(),
            .descriptors = &descriptors_,
            .started = &table_,
            .call = call_.get(),
            .needs = needs_};
  }
  const bulk::RowEncoder& encoder() const { return encoder_; }

 private:
  SortedRows(std::shared_ptr<Session::Impl> session, partition::TablePartitions table, const BulkLoadOptions& options,
             std::vector<Operation> needs, std::unique_ptr<Call> call, Locations locations);
  absl::Status OpenFolder();
  absl::Status Resume();
  // Puts everything on disk, and says so in the manifest.
  absl::Status Checkpoint();
  std::string Identity() const;

  const std::shared_ptr<Session::Impl> session_;
  const partition::TablePartitions table_;  // as of Start
  const BulkLoadOptions options_;
  const std::vector<Operation> needs_;
  const std::unique_ptr<Call> call_;
  bool ended_ = false;
  const int64_t now_;
  bulk::RowEncoder encoder_;
  const std::vector<std::string>& descriptors_;
  std::unique_ptr<bulk::SpillFolder> folder_;
  std::unique_ptr<bulk::RowSorter> sorter_;
  std::vector<std::string> files_resumed_;
  int64_t rows_resumed_ = 0;
  bool discarded_ = false;
};

}  // namespace session

// What a load needs on its table.
std::vector<session::Operation> NeedsOfLoad(IfExists if_exists);

class BulkLoader::Impl {
 public:
  Impl(std::unique_ptr<session::SortedRows> rows, IfExists if_exists) : rows_(std::move(rows)), if_exists_(if_exists) {}

  session::SortedRows& rows() { return *rows_; }
  absl::StatusOr<AddResult> Finish(const session::LoadProgress& progress);
  bool finished() const { return finished_; }

 private:
  absl::StatusOr<AddResult> Commit(const session::LoadProgress& progress);
  absl::StatusOr<bool> Attempt(const session::LoadProgress& progress, AddResult* result);
  absl::StatusOr<bool> AttemptEdits(const session::LoadSource& source, const session::LoadBase& base,
                                    AddResult* result);
  absl::StatusOr<bool> AttemptSwitch(const session::LoadSource& source, const session::LoadBase& base,
                                     const session::LoadProgress& progress, AddResult* result);

  const std::unique_ptr<session::SortedRows> rows_;
  const IfExists if_exists_;
  bool finished_ = false;
};

}  // namespace lodestone
