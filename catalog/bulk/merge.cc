#include "catalog/bulk/merge.h"

#include <algorithm>
#include <atomic>
#include <optional>
#include <thread>
#include <utility>

#include "catalog/base/status_macros.h"

namespace lodestone::bulk {
namespace {

constexpr int64_t kCountEvery = 16'384;

// The load's rows, each key once.
class FreshRows {
 public:
  FreshRows(const MergeInput& input, std::string_view from, std::string_view to)
      : merger_(*input.runs, from, to), decoder_(input.table->keys.size(), input.descriptor_numbers) {}

  absl::Status Next(MergeVisitor* visitor) {
    if (row_ != nullptr) last_key_.assign(row_->key);
    const bool first = row_ == nullptr;
    row_ = nullptr;
    if (!merger_.Next()) return merger_.status();
    if (!first && merger_.key() == last_key_) return visitor->Twice(last_key_);
    row_ = &decoder_.Decode(merger_.blob());
    return absl::OkStatus();
  }
  const partition::Row* row() const { return row_; }  // null at the end

 private:
  RunMerger merger_;
  BlobDecoder decoder_;
  std::string last_key_;
  const partition::Row* row_ = nullptr;
};

class PresentRows {
 public:
  PresentRows(const MergeInput& input, std::string_view from, std::string_view to) : to_(to) {
    if (input.table->set.partitions() > 0) source_ = partition::NewRowSource(input.reader, *input.table, from);
  }
  absl::Status Next() {
    row_ = nullptr;
    if (source_ == nullptr) return absl::OkStatus();
    if (!source_->Next()) return source_->status();
    if (to_.empty() || source_->row().key < to_) row_ = &source_->row();
    return absl::OkStatus();
  }
  const partition::Row* row() const { return row_; }

 private:
  const std::string to_;
  std::unique_ptr<partition::RowSource> source_;
  const partition::Row* row_ = nullptr;
};

struct Part {
  std::string from;
  std::string to;
  std::unique_ptr<store::SortedRun> key_pages;
  std::unique_ptr<store::SortedRun> value_pages;
  std::unique_ptr<partition::PageWriter> writer;
  absl::Status status;
};

absl::Status BuildPart(const MergeInput& input, Part* part, MergeVisitor* visitor,
                       const std::function<void(int64_t)>& count) {
  RETURN_IF_ERROR(Merge(input, part->from, part->to, visitor, count));
  RETURN_IF_ERROR(part->writer->Finish());
  if (part->writer->rows() == 0) return absl::OkStatus();
  RETURN_IF_ERROR(part->key_pages->Finish());
  return part->value_pages->Finish();
}

std::vector<Part> CutIntoParts(const MergeInput& input, const BuildOptions& options) {
  int64_t rows = input.table->set.partitions();
  for (const auto& run : *input.runs) rows += run->rows();
  const auto count =
      static_cast<std::size_t>(std::clamp<int64_t>(rows / options.rows_per_thread, 1, std::max(options.threads, 1)));
  const std::vector<std::string> splits = SplitKeys(*input.runs, count);
  std::vector<Part> parts(splits.size() + 1);
  for (std::size_t i = 0; i < splits.size(); ++i) parts[i].to = parts[i + 1].from = splits[i];
  return parts;
}

}  // namespace

absl::Status Merge(const MergeInput& input, std::string_view from, std::string_view to, MergeVisitor* visitor,
                   const std::function<void(int64_t)>& count) {
  FreshRows fresh(input, from, to);
  PresentRows present(input, from, to);
  RETURN_IF_ERROR(fresh.Next(visitor));
  RETURN_IF_ERROR(present.Next());
  int64_t passed = 0;
  while (fresh.row() != nullptr || present.row() != nullptr) {
    const int order = fresh.row() == nullptr     ? 1
                      : present.row() == nullptr ? -1
                                                 : fresh.row()->key.compare(present.row()->key);
    if (order == 0) {
      RETURN_IF_ERROR(visitor->Both(*fresh.row(), *present.row()));
    } else if (order < 0) {
      RETURN_IF_ERROR(visitor->Fresh(*fresh.row()));
    } else {
      RETURN_IF_ERROR(visitor->Present(*present.row()));
    }
    if (order <= 0) RETURN_IF_ERROR(fresh.Next(visitor));
    if (order >= 0) RETURN_IF_ERROR(present.Next());
    if (++passed == kCountEvery) count(std::exchange(passed, 0));
  }
  count(passed);
  return absl::OkStatus();
}

absl::StatusOr<BuiltSet> BuildSet(store::Store* store, record::SetId set, const MergeInput& input,
                                  const VisitorFactory& make_visitor, const BuildOptions& options) {
  std::vector<Part> parts = CutIntoParts(input, options);
  std::vector<MergeVisitor*> visitors;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    ASSIGN_OR_RETURN(parts[i].key_pages, store->NewSortedRun());
    ASSIGN_OR_RETURN(parts[i].value_pages, store->NewSortedRun());
    parts[i].writer = std::make_unique<partition::PageWriter>(set, input.table->keys.size(), parts[i].key_pages.get(),
                                                              parts[i].value_pages.get());
    visitors.push_back(make_visitor(parts[i].writer.get()));
  }
  std::atomic<int64_t> rows{0};
  std::vector<std::thread> others;
  for (std::size_t i = 1; i < parts.size(); ++i) {
    others.emplace_back([&, i] {
      parts[i].status = BuildPart(input, &parts[i], visitors[i], [&](int64_t passed) { rows.fetch_add(passed); });
    });
  }
  parts[0].status = BuildPart(input, &parts[0], visitors[0], [&](int64_t passed) {
    const int64_t now = rows.fetch_add(passed) + passed;
    if (options.progress) options.progress(now);
  });
  for (std::thread& other : others) other.join();
  BuiltSet built;
  for (Part& part : parts) {
    RETURN_IF_ERROR(part.status);
    if (part.writer->rows() == 0) continue;
    built.rows += part.writer->rows();
    built.pages += part.writer->pages();
    built.all_derived &= part.writer->all_derived();
    built.runs.push_back(std::move(part.key_pages));
    built.runs.push_back(std::move(part.value_pages));
  }
  if (options.progress) options.progress(rows.load());
  return built;
}

}  // namespace lodestone::bulk
