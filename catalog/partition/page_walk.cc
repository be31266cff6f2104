#include "catalog/partition/page_walk.h"

#include <algorithm>
#include <utility>

#include "catalog/base/strings.h"

namespace lodestone::partition {

namespace {

// Pages walked over one by one before it pays to seek.
constexpr int kStepsBeforeSeek = 2;

}  // namespace

PageWalk::PageWalk(const store::Reader& reader, const TablePartitions& table, const filter::Filter* filter,
                   Options options)
    : filter_(filter != nullptr && filter->always_true() ? nullptr : filter),
      options_(std::move(options)),
      jumps_(filter_ != nullptr || options_.keys.has_value()),
      pages_(reader, table, {.long_scan = !jumps_, .fill_cache = true}) {
  if (filter != nullptr) plan_ = filter->Describe();
  plan_.pages_total = table.set.pages();
  plan_.pages_skipped = plan_.pages_total;
}

bool PageWalk::Next() {
  const bool found = options_.order == Order::kAscending ? NextAscending() : NextDescending();
  if (!found) return false;
  plan_.pages_read += 1;
  plan_.pages_skipped = std::max<int64_t>(0, plan_.pages_total - plan_.pages_read);
  CutRows();
  return true;
}

bool PageWalk::End() {
  if (status_.ok() && !pages_.Valid()) status_ = pages_.status();
  return false;
}

bool PageWalk::ReadPage() {
  status_ = pages_.Read();
  return status_.ok();
}

std::optional<std::string> PageWalk::NextCandidate(std::string_view from) const {
  if (!options_.keys) return filter_->NextCandidate(from);
  const auto next = std::ranges::lower_bound(*options_.keys, from);
  return next == options_.keys->end() ? std::nullopt : std::optional(*next);
}

std::optional<std::string> PageWalk::PreviousCandidateBound(std::string_view bound) const {
  if (!options_.keys) return filter_->PreviousCandidateBound(bound);
  const auto& keys = *options_.keys;
  const auto end = bound.empty() ? keys.end() : std::ranges::lower_bound(keys, bound);
  return end == keys.begin() ? std::nullopt : std::optional(*std::prev(end) + '\0');
}

// To the page that would hold the candidate, or to the first page, when all are behind it.
void PageWalk::SeekCandidate() {
  ++plan_.seeks;
  if (options_.order == Order::kDescending) return pages_.SeekBelow(candidate_);
  if (!candidate_.empty()) {
    pages_.SeekFloor(candidate_);
    if (pages_.Valid() || !pages_.status().ok()) return;
  }
  pages_.SeekToFirst();
}

bool PageWalk::NextAscending() {
  if (!started_) {
    started_ = true;
    candidate_ = options_.after ? *options_.after + '\0' : options_.from;
    if (jumps_) {
      std::optional<std::string> next = NextCandidate(candidate_);
      if (!next) return End();
      candidate_ = *std::move(next);
    }
    SeekCandidate();
  } else {
    pages_.Next();
  }
  for (int steps = 0; pages_.Valid();) {
    if (jumps_ && candidate_ < pages_.lowest()) {
      std::optional<std::string> next = NextCandidate(pages_.lowest());
      if (!next) return false;
      candidate_ = *std::move(next);
    }
    if (!ReadPage()) return false;
    // The page ends before the candidate: nothing in it passes.
    if (candidate_ <= pages_.lowest() || page().CompareKey(page().rows() - 1, candidate_) >= 0) return true;
    if (++steps < kStepsBeforeSeek) {
      pages_.Next();
    } else {
      // May end on the same page, when the candidate lies between this one and the next; the step after that moves on.
      steps = 0;
      SeekCandidate();
    }
  }
  return End();
}

bool PageWalk::NextDescending() {
  std::string bound;
  if (started_) {
    bound = pages_.lowest();
  } else if (options_.after) {
    bound = *options_.after;
  }
  candidate_ = bound;
  if (jumps_) {
    std::optional<std::string> below = PreviousCandidateBound(bound);
    if (!below) return false;
    candidate_ = *std::move(below);
  }
  if (!started_) {
    started_ = true;
    SeekCandidate();
  } else {
    pages_.Prev();
  }
  for (int steps = 0; pages_.Valid();) {
    if (candidate_.empty() || pages_.lowest() < candidate_) return ReadPage();
    if (++steps < kStepsBeforeSeek) {
      pages_.Prev();
    } else {
      SeekCandidate();
    }
  }
  return End();
}

void PageWalk::CutRows() {
  first_row_ = 0;
  end_row_ = page().rows();
  if (options_.order == Order::kDescending) {
    if (options_.after && page().CompareKey(end_row_ - 1, *options_.after) >= 0) {
      end_row_ = page().LowerBound(*options_.after);
    }
  } else if (options_.after) {
    if (pages_.lowest() <= *options_.after) first_row_ = page().LowerBound(*options_.after + '\0');
  } else if (pages_.lowest() < options_.from) {
    first_row_ = page().LowerBound(options_.from);
  }
  plan_.rows_examined += static_cast<int64_t>(end_row_ - first_row_);
}

// The rows of the page with one of options_.keys.
std::vector<uint16_t> PageWalk::RowsOfKeys() const {
  const auto& keys = *options_.keys;
  std::vector<uint16_t> rows;
  std::size_t row = first_row_;
  for (auto key = std::ranges::lower_bound(keys, pages_.lowest()); key != keys.end(); ++key) {
    row = page().LowerBound(*key, row);
    if (row >= end_row_) break;
    if (page().CompareKey(row, *key) == 0) rows.push_back(static_cast<uint16_t>(row));
  }
  return rows;
}

void PageWalk::EvaluateFilter(std::vector<uint16_t>* passing) {
  const std::size_t before = passing->size();
  filter_->Evaluate(pages_.columns(), page().rows(), passing);
  if (whole_page()) return;
  const auto outside = [this](uint16_t row) { return row < first_row_ || row >= end_row_; };
  passing->erase(std::remove_if(passing->begin() + static_cast<std::ptrdiff_t>(before), passing->end(), outside),
                 passing->end());
}

void PageWalk::Evaluate(std::vector<uint16_t>* passing) {
  const std::size_t before = passing->size();
  if (options_.keys && filter_ != nullptr) {
    std::vector<uint16_t> filtered;
    EvaluateFilter(&filtered);
    std::ranges::set_intersection(RowsOfKeys(), filtered, std::back_inserter(*passing));
  } else if (options_.keys) {
    std::ranges::copy(RowsOfKeys(), std::back_inserter(*passing));
  } else if (filter_ != nullptr) {
    EvaluateFilter(passing);
  } else {
    passing->resize(before + end_row_ - first_row_);
    for (std::size_t i = before; i < passing->size(); ++i)
      (*passing)[i] = static_cast<uint16_t>(first_row_ + i - before);
  }
  plan_.rows_matched += static_cast<int64_t>(passing->size() - before);
}

std::size_t PageWalk::Count() {
  std::size_t count = end_row_ - first_row_;
  if (filter_ != nullptr && !options_.keys && whole_page()) {
    count = filter_->Count(pages_.columns(), page().rows());
  } else if (jumps_) {
    std::vector<uint16_t> passing;
    Evaluate(&passing);
    return passing.size();
  }
  plan_.rows_matched += static_cast<int64_t>(count);
  return count;
}

}  // namespace lodestone::partition
