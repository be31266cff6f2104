// An engine and a transaction that pass everything on: bases of engines that misbehave on purpose.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "catalog/store/store.h"

namespace lodestone::testing {

class ForwardingStore : public store::Store {
 public:
  // Not owned; outlives this.
  explicit ForwardingStore(store::Store* base) : base_(base) {}

  std::shared_ptr<const store::Reader> Snapshot() const override { return base_->Snapshot(); }
  absl::StatusOr<std::unique_ptr<store::Transaction>> Begin() override { return base_->Begin(); }
  absl::StatusOr<std::unique_ptr<store::SortedRun>> NewSortedRun() override { return base_->NewSortedRun(); }
  absl::Status IngestRuns(std::vector<std::unique_ptr<store::SortedRun>> runs) override {
    return base_->IngestRuns(std::move(runs));
  }
  absl::Status Checkpoint(const std::string& directory) override { return base_->Checkpoint(directory); }
  absl::Status CatchUp() override { return base_->CatchUp(); }
  absl::Status Flush() override { return base_->Flush(); }
  absl::Status Compact(const store::KeyRange& range) override { return base_->Compact(range); }
  absl::Status VerifyFiles(const std::function<void(const std::string&)>& report) override {
    return base_->VerifyFiles(report);
  }
  store::StoreStats Stats() const override { return base_->Stats(); }

 protected:
  store::Store* const base_;
};

class ForwardingTransaction : public store::Transaction {
 public:
  explicit ForwardingTransaction(std::unique_ptr<store::Transaction> base) : base_(std::move(base)) {}

  absl::StatusOr<std::optional<std::string>> Get(std::string_view key) const override { return base_->Get(key); }
  absl::StatusOr<std::vector<std::optional<std::string>>> MultiGet(std::span<const std::string> keys) const override {
    return base_->MultiGet(keys);
  }
  std::unique_ptr<store::Cursor> NewCursor(const store::KeyRange& range, const store::CursorHint& hint) const override {
    return base_->NewCursor(range, hint);
  }
  store::Version version() const override { return base_->version(); }
  void Put(std::string_view key, std::string_view value) override { base_->Put(key, value); }
  void Delete(std::string_view key) override { base_->Delete(key); }
  void DeleteRange(const store::KeyRange& range) override { base_->DeleteRange(range); }
  store::Version commit_version() const override { return base_->commit_version(); }
  absl::StatusOr<store::Version> Commit(store::Durability durability) override { return base_->Commit(durability); }

 protected:
  std::unique_ptr<store::Transaction> base_;
};

}  // namespace lodestone::testing
