// TransactionList as text, in the form in which Hive's clients hand it on.
#include <algorithm>
#include <limits>
#include <set>

#include "catalog/base/strings.h"
#include "catalog/errors.h"
#include "catalog/transactions.h"

namespace lodestone {

namespace {

using base::StrCat;

constexpr int64_t kNone = std::numeric_limits<int64_t>::max();

absl::Status Refuse(std::string_view text, std::string_view why) {
  return MakeError(ErrorKind::kInvalidObject, ObjectKind::kTransaction, "",
                   StrCat("list of transactions ", base::Quoted(text), ": ", why));
}

// Numbers between commas; none where there is no text.
bool ParseNumbers(std::string_view text, std::vector<int64_t>* numbers) {
  if (text.empty()) return true;
  for (const std::string_view piece : base::Split(text, ',')) {
    int64_t number = 0;
    if (!base::ParseInt64(piece, &number) || number <= 0) return false;
    numbers->push_back(number);
  }
  return true;
}

}  // namespace

bool TransactionList::IsValid(int64_t id) const {
  return id <= high_water_mark && !std::ranges::binary_search(invalid, id);
}

bool TransactionList::IsAborted(int64_t id) const {
  const auto found = std::ranges::lower_bound(invalid, id);
  return found != invalid.end() && *found == id && aborted[static_cast<std::size_t>(found - invalid.begin())];
}

absl::StatusOr<TransactionList> TransactionList::Parse(std::string_view text) {
  constexpr std::size_t kFewest = 3;  // pieces; the aborted ones may be left out
  constexpr std::size_t kMost = 4;
  const std::vector<std::string_view> pieces = base::Split(text, ':');
  if (pieces.size() < kFewest || pieces.size() > kMost) {
    return Refuse(text, StrCat("expected ", kFewest, " or ", kMost, " pieces between colons, found ", pieces.size()));
  }
  TransactionList list;
  int64_t min_open = kNone;
  if (!base::ParseInt64(pieces[0], &list.high_water_mark) || list.high_water_mark < 0) {
    return Refuse(text, "expected a number of 0 or more as the high-water mark");
  }
  if (!pieces[1].empty() && !base::ParseInt64(pieces[1], &min_open)) {
    return Refuse(text, "expected a number as the least open transaction");
  }
  std::vector<int64_t> open;
  std::vector<int64_t> aborted;
  if (!ParseNumbers(pieces[2], &open) || (pieces.size() == kMost && !ParseNumbers(pieces[3], &aborted))) {
    return Refuse(text, "expected positive numbers between commas");
  }
  const std::set<int64_t> aborted_ids(aborted.begin(), aborted.end());
  std::set<int64_t> all(open.begin(), open.end());
  all.insert(aborted.begin(), aborted.end());
  if (all.size() != open.size() + aborted.size()) return Refuse(text, "a transaction is in it twice");
  for (const int64_t id : all) {
    list.invalid.push_back(id);
    list.aborted.push_back(aborted_ids.contains(id));
  }
  if (min_open != kNone) list.min_open = min_open;
  return list;
}

std::string TransactionList::ToString() const {
  std::string text = StrCat(high_water_mark, ":", min_open.value_or(kNone));
  for (const bool want_aborted : {false, true}) {
    text += ':';
    bool first = true;
    for (std::size_t i = 0; i < invalid.size(); ++i) {
      if (aborted[i] != want_aborted) continue;
      base::StrAppend(&text, first ? "" : ",", invalid[i]);
      first = false;
    }
  }
  return text;
}

}  // namespace lodestone
