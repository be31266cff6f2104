#include "catalog/partition/page_merge.h"

#include <algorithm>
#include <limits>
#include <utility>

#include "catalog/base/status_macros.h"
#include "catalog/base/strings.h"
#include "catalog/partition/text_merge.h"

namespace lodestone::partition {

namespace {

// Distinct key values looked up one by one: with an index from here on.
constexpr std::size_t kLookupsForIndex = 8;

absl::Status CheckDescriptors(const record::IntegerColumn& numbers, std::size_t rows) {
  for (std::size_t row = 0; row < (numbers.constant() ? 1 : rows); ++row) {
    const int64_t number = numbers.value(row);
    if (number < 0 || number > std::numeric_limits<uint32_t>::max()) {
      return absl::DataLossError(base::StrCat(number, " is no descriptor"));
    }
  }
  return absl::OkStatus();
}

}  // namespace

OldPage* PageMerge::AddPage(OldPage page) {
  pages_.push_back(std::move(page));
  return &pages_.back();
}

void PageMerge::Keep(const OldPage* page, std::size_t begin, std::size_t end) {
  if (begin == end) return;
  int number = 0;
  while (&pages_[static_cast<std::size_t>(number)] != page) ++number;
  rows_ += end - begin;
  value_bytes_ += page->value_bytes.size() * (end - begin) / page->rows();
  if (!segments_.empty() && segments_.back().page == number && segments_.back().end == begin) {
    segments_.back().end = end;
  } else {
    segments_.push_back({number, begin, end});
  }
}

void PageMerge::KeepInFront(const OldPage* page) {
  Keep(page, 0, page->rows());
  std::rotate(segments_.begin(), segments_.end() - 1, segments_.end());
}

void PageMerge::Take(const Row& row) {
  weights_.push_back(WeightOf(row));
  value_bytes_ += weights_.back();
  new_rows_.push_back(row);
  ++rows_;
  const std::size_t number = new_rows_.size() - 1;
  if (!segments_.empty() && segments_.back().page == kNewRows) {
    segments_.back().end = number + 1;
  } else {
    segments_.push_back({kNewRows, number, number + 1});
  }
}

// What a row adds to a page, about: what the row before has as well is nearly free, and short texts mostly become
// numbers or indexes.
std::size_t PageMerge::WeightOf(const Row& row) const {
  std::size_t bytes = 6 + (row.location ? row.location->size() : 0);
  const std::span<const Parameter> before =
      new_rows_.empty() ? std::span<const Parameter>() : new_rows_.back().parameters;
  for (std::size_t i = 0; i < row.parameters.size(); ++i) {
    const std::string_view value = row.parameters[i].second;
    const bool same = i < before.size() && before[i] == row.parameters[i];
    bytes += 1 + (same ? 0 : value.size() <= 16 ? std::min<std::size_t>(value.size(), 8) : value.size());
  }
  return bytes;
}

PageMerge::Segments PageMerge::Slice(std::size_t begin, std::size_t end) const {
  Segments slice;
  std::size_t at = 0;
  for (const Segment& segment : segments_) {
    const std::size_t from = std::max(begin, at);
    const std::size_t to = std::min(end, at + segment.size());
    if (from < to) slice.push_back({segment.page, segment.begin + (from - at), segment.begin + (to - at)});
    at += segment.size();
  }
  return slice;
}

// Ends of the new pages.
std::vector<std::size_t> PageMerge::Cuts(Cut cut) const {
  if (!overflows()) return {rows_};
  const std::size_t max_rows = std::min(limits_.max_rows, record::kMaxPageRows);
  std::vector<std::size_t> cuts;
  if (cut == Cut::kEvenly) {
    const std::size_t by_rows = (rows_ + max_rows - 1) / max_rows;
    const std::size_t by_bytes = (value_bytes_ + limits_.max_value_bytes - 1) / limits_.max_value_bytes;
    const std::size_t pages = std::clamp<std::size_t>(std::max(by_rows, by_bytes), 1, rows_);
    for (std::size_t i = 1; i <= pages; ++i) cuts.push_back(rows_ * i / pages);
    return cuts;
  }
  std::size_t at = 0;
  std::size_t page_rows = 0;
  std::size_t page_bytes = 0;
  for (const Segment& segment : segments_) {
    if (at == 0 && segment.page != kNewRows) {  // the old page stays as it is, also where it is a little too large
      at = page_rows = segment.size();
      page_bytes = pages_[static_cast<std::size_t>(segment.page)].value_bytes.size();
      continue;
    }
    for (std::size_t row = segment.begin; row < segment.end; ++row, ++at) {
      const OldPage* const page = segment.page == kNewRows ? nullptr : &pages_[static_cast<std::size_t>(segment.page)];
      const std::size_t weight = page == nullptr ? weights_[row] : page->value_bytes.size() / page->rows();
      if (page_rows >= max_rows || (page_rows > 0 && page_bytes + weight > limits_.max_value_bytes)) {
        cuts.push_back(at);
        page_rows = 0;
        page_bytes = 0;
      }
      ++page_rows;
      page_bytes += weight;
    }
  }
  cuts.push_back(rows_);
  return cuts;
}

absl::Status PageMerge::PrepareColumns() {
  create_times_.resize(pages_.size());
  last_access_times_.resize(pages_.size());
  descriptors_.resize(pages_.size());
  for (std::size_t i = 0; i < pages_.size(); ++i) {
    const record::ValuePage& values = pages_[i].values;
    RETURN_IF_ERROR(values.ReadCreateTimes(&create_times_[i]));
    RETURN_IF_ERROR(values.ReadLastAccessTimes(&last_access_times_[i]));
    RETURN_IF_ERROR(values.ReadDescriptors(&descriptors_[i]));
    RETURN_IF_ERROR(CheckDescriptors(descriptors_[i], pages_[i].rows()));
  }
  return PrepareTexts();
}

absl::Status PageMerge::PrepareTexts() {
  std::vector<std::string_view> names;
  for (const OldPage& page : pages_) {
    for (std::size_t i = 0; i < page.values.parameter_count(); ++i) names.push_back(page.values.parameter_name(i));
  }
  // Rows mostly have the names of the row before.
  std::span<const Parameter> before;
  for (const Row& row : new_rows_) {
    const bool same = std::equal(row.parameters.begin(), row.parameters.end(), before.begin(), before.end(),
                                 [](const Parameter& a, const Parameter& b) { return a.first == b.first; });
    before = row.parameters;
    if (same) continue;
    for (const Parameter& parameter : row.parameters) names.push_back(parameter.first);
  }
  std::sort(names.begin(), names.end());
  names.erase(std::unique(names.begin(), names.end()), names.end());

  locations_.pages.resize(pages_.size());
  for (std::size_t i = 0; i < pages_.size(); ++i) {
    RETURN_IF_ERROR(pages_[i].values.ReadLocations(&locations_.pages[i]));
  }
  parameters_.resize(names.size());
  for (std::size_t n = 0; n < names.size(); ++n) {
    parameters_[n].name = names[n];
    parameters_[n].pages.resize(pages_.size());
    for (std::size_t i = 0; i < pages_.size(); ++i) {
      const std::optional<std::size_t> column = pages_[i].values.FindParameter(names[n]);
      if (column) RETURN_IF_ERROR(pages_[i].values.ReadParameter(*column, &parameters_[n].pages[i]));
    }
  }
  const auto add = [](TextSource* source, std::size_t row, std::string_view value) {
    source->rows.push_back(row);
    source->values.push_back(value.data() == nullptr ? std::string_view("") : value);
  };
  for (std::size_t row = 0; row < new_rows_.size(); ++row) {
    if (new_rows_[row].location) add(&locations_, row, *new_rows_[row].location);
    std::size_t n = 0;
    for (const auto& [name, value] : new_rows_[row].parameters) {
      if (parameters_[n].name != name) {
        n = static_cast<std::size_t>(
            std::lower_bound(names.begin() + static_cast<std::ptrdiff_t>(n), names.end(), name) - names.begin());
      }
      add(&parameters_[n], row, value);
      n = std::min(n + 1, names.size() - 1);
    }
  }
  return absl::OkStatus();
}

void PageMerge::EncodeKeys(const Segments& segments, std::size_t rows, EncodedPage* page) const {
  int first = kNewRows;
  std::size_t lookups = 0;
  for (const Segment& segment : segments) {
    if (segment.page == kNewRows) {
      lookups += segment.size();
    } else if (first == kNewRows) {
      first = segment.page;
    } else if (segment.page != first) {
      lookups += kLookupsForIndex;
    }
  }
  const std::size_t key_count = pages_.empty() ? new_rows_[0].values.size() : pages_[0].keys.key_count();
  std::vector<std::vector<std::string_view>> values(key_count);
  std::vector<std::vector<uint32_t>> indexes(key_count);
  std::vector<record::KeyColumnData> columns(key_count);
  record::TextIndex index;
  for (std::size_t c = 0; c < key_count; ++c) {
    std::vector<std::string_view>& distinct = values[c];
    if (first != kNewRows) pages_[static_cast<std::size_t>(first)].keys.column(c).AppendValues(&distinct);
    if (lookups >= kLookupsForIndex) index.Build(distinct);
    std::string_view last;
    uint32_t last_number = 0;
    const auto find = [&](std::string_view value) {
      if (last.data() != nullptr && last == value) return last_number;
      last = value;
      if (lookups >= kLookupsForIndex) return last_number = index.FindOrAdd(value, &distinct);
      last_number = static_cast<uint32_t>(std::find(distinct.begin(), distinct.end(), value) - distinct.begin());
      if (last_number == distinct.size()) distinct.push_back(value);
      return last_number;
    };
    indexes[c].resize(rows);
    uint32_t* at = indexes[c].data();
    for (const Segment& segment : segments) {
      if (segment.page == kNewRows) {
        for (std::size_t row = segment.begin; row < segment.end; ++row) *at++ = find(new_rows_[row].values[c]);
        continue;
      }
      const record::DictionaryColumn& old = pages_[static_cast<std::size_t>(segment.page)].keys.column(c);
      old.CopyIndexes(segment.begin, segment.size(), at);
      uint32_t* const end = at + segment.size();
      if (segment.page == first) {
        at = end;
        continue;
      }
      for (; at < end; ++at) *at = find(old.value(*at));
    }
    columns[c] = {distinct, indexes[c]};
  }
  record::AppendKeyPage(columns, &page->key_page);
}

void PageMerge::EncodeIntegers(const Segments& segments, bool recode, const std::vector<record::IntegerColumn>& old,
                               int64_t (*value)(const Row&), std::string* out) const {
  std::vector<record::IntegerRun> runs;
  std::vector<int64_t> values;
  runs.reserve(segments.size());
  for (const Segment& segment : segments) {
    const bool is_new = segment.page == kNewRows;
    runs.push_back({is_new ? nullptr : &old[static_cast<std::size_t>(segment.page)], segment.begin, segment.size()});
    for (std::size_t row = segment.begin; is_new && row < segment.end; ++row) values.push_back(value(new_rows_[row]));
  }
  record::AppendIntegerColumn(runs, values, recode, out);
}

std::string PageMerge::LowestKey(const Segment& segment) const {
  if (segment.page == kNewRows) return std::string(new_rows_[segment.begin].key);
  return pages_[static_cast<std::size_t>(segment.page)].keys.Key(segment.begin);
}

void PageMerge::EncodeRange(std::size_t begin, std::size_t end, EncodedPage* page) const {
  const Segments segments = Slice(begin, end);
  const std::size_t rows = end - begin;
  page->rows = rows;
  page->lowest = LowestKey(segments[0]);
  if (segments.size() == 1 && segments[0].page != kNewRows &&
      rows == pages_[static_cast<std::size_t>(segments[0].page)].rows()) {
    return;  // an old page, unchanged
  }
  EncodeKeys(segments, rows, page);

  std::size_t first_new = new_rows_.size();
  std::size_t new_count = 0;
  std::size_t old_rows = 0;
  for (const Segment& segment : segments) {
    if (segment.page != kNewRows) {
      old_rows = std::max(old_rows, pages_[static_cast<std::size_t>(segment.page)].rows());
      continue;
    }
    first_new = std::min(first_new, segment.begin);
    new_count += segment.size();
  }
  // A page that is much the same keeps its encodings; others are worth a look.
  const bool reconsider = 8 * new_count >= rows || 8 * rows < 7 * old_rows;
  record::ValuePageWriter writer(rows);
  writer.body()->reserve(value_bytes_ + value_bytes_ / 4);
  const auto integers = [&](const std::vector<record::IntegerColumn>& old, int64_t (*value)(const Row&)) {
    EncodeIntegers(segments, reconsider, old, value, writer.body());
    writer.EndColumn();
  };
  integers(create_times_, [](const Row& row) { return row.create_time; });
  integers(last_access_times_, [](const Row& row) { return row.last_access_time; });
  integers(descriptors_, [](const Row& row) { return int64_t{row.descriptor}; });

  std::vector<TextRun> runs(segments.size());
  std::vector<std::string_view> values(new_count);
  const auto append = [&](const TextSource& source) {
    for (std::size_t i = 0; i < segments.size(); ++i) {
      const bool is_new = segments[i].page == kNewRows;
      runs[i] = {is_new ? nullptr : &source.pages[static_cast<std::size_t>(segments[i].page)], segments[i].begin,
                 segments[i].end};
    }
    std::fill(values.begin(), values.end(), std::string_view());
    auto at = std::lower_bound(source.rows.begin(), source.rows.end(), first_new);
    for (; at != source.rows.end() && *at < first_new + new_count; ++at) {
      values[*at - first_new] = source.values[static_cast<std::size_t>(at - source.rows.begin())];
    }
    return AppendMergedText(runs, values, rows, reconsider, writer.body());
  };
  append(locations_);
  writer.EndColumn();
  for (const TextSource& parameter : parameters_) {
    if (append(parameter)) writer.EndParameter(parameter.name);
  }
  writer.Finish(&page->value_page);
}

absl::Status PageMerge::Encode(Cut cut, std::vector<EncodedPage>* out) {
  if (rows_ == 0) return absl::OkStatus();
  RETURN_IF_ERROR(PrepareColumns());
  std::size_t begin = 0;
  for (const std::size_t end : Cuts(cut)) {
    EncodeInHalves(
        begin, end, limits_, [this](std::size_t b, std::size_t e, EncodedPage* page) { EncodeRange(b, e, page); }, out);
    begin = end;
  }
  return absl::OkStatus();
}

}  // namespace lodestone::partition
