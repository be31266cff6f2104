#include "catalog/partition/text_merge.h"

#include <algorithm>
#include <optional>

namespace lodestone::partition {

namespace {

using record::TextColumn;
using Encoding = record::TextColumn::Encoding;

// Which of the encodings occur among the runs.
struct Survey {
  bool some_present = false;
  bool complete = true;
  bool all_numbers = true;
  bool plain = false;
  bool integers = false;
  bool constants = false;                    // among the old columns
  std::optional<std::string_view> constant;  // the value of all, as long as `same`
  bool same = true;
  std::vector<int64_t> numbers;  // of the new values, 0 where absent; complete when all_numbers

  // Returns the value's number, if it has one.
  int64_t TakeConstant(std::string_view value) {
    if (!constant) constant = value;
    same = same && *constant == value;
    int64_t number = 0;
    all_numbers = all_numbers && record::ParseCanonicalInteger(value, &number);
    return number;
  }
};

bool AnyPresent(const TextRun& run) {
  if (run.column->complete()) return true;
  for (std::size_t row = run.begin; row < run.end; ++row) {
    if (run.column->present(row)) return true;
  }
  return false;
}

Survey Look(std::span<const TextRun> runs, std::span<const std::string_view> values) {
  Survey survey;
  for (const TextRun& run : runs) {
    if (run.column == nullptr) continue;
    if (!run.column->complete()) survey.complete = false;
    if (run.column->absent() || !AnyPresent(run)) continue;
    survey.some_present = true;
    switch (run.column->encoding()) {
      case Encoding::kConstant:
        survey.constants = true;
        survey.TakeConstant(run.column->constant());
        break;
      case Encoding::kIntegers:
        survey.same = false;
        survey.integers = true;
        break;
      case Encoding::kPlain:
        survey.plain = true;
        [[fallthrough]];
      case Encoding::kDictionary:
        survey.same = false;
        survey.all_numbers = false;
        break;
    }
  }
  survey.numbers.resize(values.size());
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (values[i].data() == nullptr) {
      survey.complete = false;
    } else {
      survey.some_present = true;
      survey.numbers[i] = survey.TakeConstant(values[i]);
    }
  }
  return survey;
}

// Calls `old_run(run, at)` and `new_value(value, at)` for all rows in order; `at` counts rows of the result.
template <typename Value, typename OldRun, typename NewValue>
void ForRuns(std::span<const TextRun> runs, std::span<const Value> values, const OldRun& old_run,
             const NewValue& new_value) {
  std::size_t at = 0;
  std::size_t next = 0;
  for (const TextRun& run : runs) {
    if (run.column == nullptr) {
      for (std::size_t i = run.begin; i < run.end; ++i) new_value(values[next++], at++);
    } else {
      old_run(run, at);
      at += run.end - run.begin;
    }
  }
}

std::vector<uint8_t> PresenceOf(std::span<const TextRun> runs, std::span<const std::string_view> values,
                                std::size_t rows) {
  std::vector<uint8_t> present(rows);
  ForRuns(
      runs, values,
      [&](const TextRun& run, std::size_t at) {
        for (std::size_t row = run.begin; row < run.end; ++row) present[at++] = run.column->present(row) ? 1 : 0;
      },
      [&](std::string_view value, std::size_t at) { present[at] = value.data() != nullptr ? 1 : 0; });
  return present;
}

// All runs are of columns of numbers and present in every row: their bytes can be copied.
void AppendNumberRuns(std::span<const TextRun> runs, std::span<const int64_t> values, std::string* out) {
  std::vector<record::IntegerRun> numbers;
  numbers.reserve(runs.size());
  for (const TextRun& run : runs) {
    numbers.push_back({run.column == nullptr ? nullptr : &run.column->integers(), run.begin, run.end - run.begin});
  }
  record::AppendTextColumn(numbers, values, false, {}, out);
}

void AppendNumbers(std::span<const TextRun> runs, std::span<const int64_t> values, std::size_t rows,
                   std::span<const uint8_t> present, std::string* out) {
  std::vector<int64_t> numbers(rows, 0);
  ForRuns(
      runs, values,
      [&](const TextRun& run, std::size_t at) {
        const std::size_t count = run.end - run.begin;
        if (run.column->absent()) return;
        if (run.column->encoding() == Encoding::kIntegers) {
          run.column->integers().Decode(run.begin, count, numbers.data() + at);
        } else if (run.column->encoding() == Encoding::kConstant) {
          int64_t number = 0;
          record::ParseCanonicalInteger(run.column->constant(), &number);
          std::fill_n(numbers.data() + at, count, number);
        }
      },
      [&](int64_t value, std::size_t at) { numbers[at] = value; });
  record::AppendTextColumn(std::span<const int64_t>(numbers), present, out);
}

// Distinct values of several sources.
class Dictionary {
 public:
  // `expected` look-ups: a few are faster without an index.
  explicit Dictionary(std::size_t expected) : use_index_(expected > 8) {}

  // The first source's numbers stay.
  bool empty() const { return values_.empty(); }
  void Start(const record::DictionaryColumn& column) { column.AppendValues(&values_); }

  uint32_t Find(std::string_view value) {
    if (last_ < values_.size() && values_[last_] == value) return last_;
    if (!use_index_) {
      last_ = static_cast<uint32_t>(std::find(values_.begin(), values_.end(), value) - values_.begin());
      if (last_ == values_.size()) values_.push_back(value);
      return last_;
    }
    if (!indexed_) {
      index_.Build(values_);
      indexed_ = true;
    }
    last_ = index_.FindOrAdd(value, &values_);
    return last_;
  }
  const std::vector<std::string_view>& values() const { return values_; }

 private:
  const bool use_index_;
  bool indexed_ = false;
  uint32_t last_ = UINT32_MAX;
  std::vector<std::string_view> values_;
  record::TextIndex index_;
};

void AppendDictionary(std::span<const TextRun> runs, std::span<const std::string_view> values, std::size_t rows,
                      std::span<const uint8_t> present, std::string* out) {
  // Runs of one column are renumbered once.
  const TextColumn* first = nullptr;
  std::size_t lookups = values.size();
  for (const TextRun& run : runs) {
    if (run.column == nullptr || run.column->absent() || run.column->encoding() != Encoding::kDictionary) continue;
    if (first == nullptr) first = run.column;
    if (run.column != first) lookups += run.column->dictionary().size();
  }
  Dictionary dictionary(lookups);
  if (first != nullptr) dictionary.Start(first->dictionary());
  std::vector<uint32_t> indexes(rows, 0);
  std::vector<uint32_t> renumbered;
  const TextColumn* renumbered_of = nullptr;
  const auto old_run = [&](const TextRun& run, std::size_t at) {
    const std::size_t count = run.end - run.begin;
    if (run.column->absent()) return;
    if (run.column->encoding() == Encoding::kConstant) {
      std::fill_n(indexes.data() + at, count, dictionary.Find(run.column->constant()));
      return;
    }
    if (run.column->encoding() != Encoding::kDictionary) return;  // no row of the run is present
    run.column->dictionary().CopyIndexes(run.begin, count, indexes.data() + at);
    if (run.column == first) return;
    if (run.column != renumbered_of) {
      renumbered_of = run.column;
      renumbered.clear();
      for (std::size_t i = 0; i < run.column->dictionary().size(); ++i) {
        renumbered.push_back(dictionary.Find(run.column->dictionary().value(i)));
      }
    }
    for (std::size_t i = at; i < at + count; ++i) indexes[i] = renumbered[indexes[i]];
  };
  ForRuns(runs, values, old_run, [&](std::string_view value, std::size_t at) {
    if (value.data() != nullptr) indexes[at] = dictionary.Find(value);
  });
  record::AppendTextColumn(dictionary.values(), indexes, present, out);
}

void AppendTexts(std::span<const TextRun> runs, std::span<const std::string_view> values, std::size_t rows,
                 std::span<const uint8_t> present, bool plain, std::string* out) {
  std::vector<std::string_view> texts(rows);
  // Numbers of columns that held nothing else become texts: room for them that does not move.
  std::vector<char> number_texts;
  std::size_t numbers = 0;
  for (const TextRun& run : runs) {
    const bool has_numbers =
        run.column != nullptr && !run.column->absent() && run.column->encoding() == Encoding::kIntegers;
    if (has_numbers) numbers += run.end - run.begin;
  }
  number_texts.resize(numbers * record::kIntegerTextBytes);
  char* buffer = number_texts.data();
  char unused[record::kIntegerTextBytes];
  ForRuns(
      runs, values,
      [&](const TextRun& run, std::size_t at) {
        for (std::size_t row = run.begin; row < run.end; ++row, ++at) {
          const bool number = !run.column->absent() && run.column->encoding() == Encoding::kIntegers;
          const std::optional<std::string_view> value = run.column->value(row, number ? buffer : unused);
          if (number) buffer += record::kIntegerTextBytes;
          if (value) texts[at] = *value;
        }
      },
      [&](std::string_view value, std::size_t at) { texts[at] = value; });
  if (plain) {
    record::AppendPlainTextColumn(texts, present, out);
  } else {
    record::AppendTextColumn(texts, present, out);
  }
}

}  // namespace

bool AppendMergedText(std::span<const TextRun> runs, std::span<const std::string_view> values, std::size_t rows,
                      bool reconsider, std::string* out) {
  const Survey survey = Look(runs, values);
  if (!survey.some_present) return false;
  std::vector<uint8_t> present;
  if (!survey.complete) present = PresenceOf(runs, values, rows);
  if (survey.same) {
    record::AppendConstantTextColumn(*survey.constant, present, out);
  } else if (survey.all_numbers && survey.complete && !survey.constants && !reconsider) {
    AppendNumberRuns(runs, survey.numbers, out);
  } else if (survey.all_numbers) {
    AppendNumbers(runs, std::span<const int64_t>(survey.numbers), rows, present, out);
  } else if (!survey.plain && !survey.integers) {
    AppendDictionary(runs, values, rows, present, out);
  } else {
    AppendTexts(runs, values, rows, present, survey.plain && !survey.integers && !reconsider, out);
  }
  return true;
}

}  // namespace lodestone::partition
