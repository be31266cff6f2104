#include "catalog/filter/cover.h"

#include <algorithm>
#include <utility>

#include "catalog/filter/datum.h"
#include "catalog/filter/like.h"
#include "catalog/filter/typing.h"
#include "catalog/model/partition_name.h"
#include "catalog/names.h"

namespace lodestone::filter {

namespace {

using model::TypeKind;

// nullopt is behind everything.
bool EndsBefore(const std::optional<std::string>& high, std::string_view text) { return high && *high <= text; }
bool HighLess(const std::optional<std::string>& a, const std::optional<std::string>& b) { return a && (!b || *a < *b); }

// Literals longer than this are covered by their beginning.
constexpr std::size_t kLongestExact = 64;
// Lists of integers up to this long are covered value by value, with up to kPaddings leading zeros.
constexpr std::size_t kLongestPadded = 64;
constexpr std::size_t kPaddings = 4;
// Beyond these a cover is left as wide as it is: hostile filters must not cost seconds or gigabytes.
constexpr std::size_t kMostIntervals = 100'000;
constexpr std::size_t kMostWork = 1'000'000;

// Builds the intervals of one condition.
class Builder {
 public:
  explicit Builder(bool is_last) : is_last_(is_last) {}

  void Add(std::string low, std::optional<std::string> high) {
    if (high && *high <= low) return;
    intervals_.push_back({std::move(low), std::move(high), false});
  }
  void AddPrefix(const std::string& escaped) { Add(escaped, BehindPrefix(escaped)); }
  // Exactly this value.
  void AddPoint(const std::string& escaped) {
    if (escaped.empty()) return;  // stands for no value
    Interval point{escaped + (is_last_ ? "" : "/"), escaped + (is_last_ ? '\0' : '0'), true};
    intervals_.push_back(std::move(point));
  }
  // With any number of blanks behind it.
  void AddPadded(const std::string& escaped) {
    AddPoint(escaped);
    AddPrefix(escaped + ' ');
  }

  // Values not below `bound`: it, what begins with it, and what is greater where the first difference is. The greater
  // byte stands for itself or, as `%` and two digits that sort as the byte does, elsewhere.
  void AddNotBelow(std::string_view bound) {
    std::string prefix;
    for (const char c : bound.substr(0, kLongestExact)) {
      const auto byte = static_cast<unsigned char>(c);
      if (byte < 0xFF) Add(prefix + static_cast<char>(byte + 1), BehindPrefix(prefix));
      if (byte < 0x7F) Add(prefix + Percent(byte + 1), prefix + "%80");
      model::AppendEscapedPathName(std::string_view(&c, 1), &prefix);
    }
    AddPrefix(prefix);
  }

  // Values not above `bound`: it, its beginnings, and what is smaller where the first difference is.
  void AddNotAbove(std::string_view bound, bool blanks_count) {
    std::string prefix;
    for (const char c : bound.substr(0, kLongestExact)) {
      const auto byte = static_cast<unsigned char>(c);
      if (blanks_count) {
        AddPoint(prefix);
      } else {
        AddPadded(prefix);
      }
      Add(prefix, prefix + c);
      if (byte > 0) Add(prefix + "%", prefix + (byte < 0x80 ? Percent(byte) : "%80"));
      model::AppendEscapedPathName(std::string_view(&c, 1), &prefix);
    }
    if (bound.size() > kLongestExact) {
      AddPrefix(prefix);
    } else if (blanks_count) {
      AddPoint(prefix);
    } else {
      AddPadded(prefix);
    }
  }

  Cover Finish() { return Cover::Of(std::move(intervals_)); }

 private:
  static std::string Percent(unsigned byte) {
    static constexpr char kHex[] = "0123456789ABCDEF";
    return {'%', kHex[byte >> 4], kHex[byte & 15]};
  }

  bool is_last_;
  std::vector<Interval> intervals_;
};

std::string Escape(std::string_view text) {
  std::string out;
  if (!text.empty()) model::AppendEscapedPathName(text, &out);
  return out;
}

// Values under integer types: any number of zeros may lead, and a sign.
void AddInteger(const Datum& value, bool padded, Builder* out) {
  if (value.fraction != 0) return;
  const std::string text = std::to_string(value.whole);
  const bool negative = value.whole < 0;
  const std::string sign = negative ? "-" : "";
  const std::string digits = text.substr(sign.size());
  if (!negative) out->AddPrefix("+");
  if (value.whole == 0) {
    out->AddPrefix("0");
    out->AddPrefix("-0");
    return;
  }
  out->AddPoint(text);
  if (!padded) {
    out->AddPrefix(sign + "0");
    return;
  }
  std::string zeros = sign;
  for (std::size_t i = 0; i < kPaddings; ++i) {
    zeros += '0';
    out->AddPoint(zeros + digits);
  }
  out->AddPrefix(zeros + '0');
}

// Timestamps are covered by the second; midnight may be written without a time.
std::string SecondOf(const std::string& text) { return text.substr(0, std::min<std::size_t>(text.size(), 19)); }

KeyCover CoverTime(const Expr& c, const model::Type& type, bool is_last) {
  Builder out(is_last);
  const bool is_date = type.kind == TypeKind::kDate;
  for (const Literal& literal : c.literals) {
    const std::string day = literal.text.substr(0, 10);
    std::string second = SecondOf(literal.text);
    if (second.size() == 10 && !is_date) second += " 00:00:00";
    const bool midnight = literal.text.size() == 10 || second.substr(10) == " 00:00:00";
    switch (c.op) {
      case Op::kGreater:
      case Op::kGreaterEqual:
        out.Add(is_date || midnight ? day : Escape(second), ":");
        break;
      case Op::kLess:
      case Op::kLessEqual:
        if (is_date) {
          out.Add("0", BehindPrefix(day));
        } else {
          // Days alone sort behind the times of their day when '/' follows them.
          out.Add("0", BehindPrefix(Escape(second)));
          out.AddPoint(day);
        }
        break;
      default:
        out.AddPoint(day);
        if (!is_date) out.AddPrefix(Escape(second));
    }
  }
  return {out.Finish(),
          is_date &&
              std::all_of(c.literals.begin(), c.literals.end(), [](const Literal& l) { return l.text.size() == 10; }) &&
              (c.op == Op::kEqual || c.op == Op::kNullSafeEqual || c.op == Op::kIn)};
}

KeyCover CoverText(const Expr& c, bool is_char, bool is_last) {
  Builder out(is_last);
  KeyCover result;
  for (const Literal& literal : c.literals) {
    std::string_view text = literal.text;
    if (is_char && c.op != Op::kLike) text = text.substr(0, text.find_last_not_of(' ') + 1);
    switch (c.op) {
      case Op::kGreater:
      case Op::kGreaterEqual:
        out.AddNotBelow(text);
        break;
      case Op::kLess:
      case Op::kLessEqual:
        out.AddNotAbove(text, !is_char);
        break;
      case Op::kLike: {
        const LikePattern pattern(text);
        if (pattern.has_wildcard()) {
          result.exact = pattern.is_prefix_only() && !pattern.prefix().empty() && !is_char;
          out.AddPrefix(Escape(pattern.prefix()));
        } else if (is_char) {
          out.AddPadded(Escape(pattern.prefix()));
        } else {
          result.exact = true;
          out.AddPoint(Escape(pattern.prefix()));
        }
        break;
      }
      default:
        if (is_char) {
          out.AddPadded(Escape(text));
        } else {
          result.exact = true;
          out.AddPoint(Escape(text));
        }
    }
  }
  result.cover = out.Finish();
  return result;
}

// NULL passes no comparison unless it is an ordinary value; an exact cover must not hold it.
bool HoldsNull(const Cover& cover, bool is_last) {
  const std::string text = std::string(kNullPartitionValue) + (is_last ? "" : "/");
  const Interval* const interval = cover.FirstEndingBehind(text);
  return interval != nullptr && interval->low <= text;
}

KeyCover CoverCondition(const Expr& c, const model::Type& type, bool is_last) {
  const Family family = c.plain_text ? Family::kText : FamilyOf(type);
  const bool is_text = family == Family::kText || family == Family::kChar;
  if (c.op == Op::kIsNull) {
    if (c.negated || !is_text) return {};
    Builder out(is_last);
    out.AddPoint(std::string(kNullPartitionValue));
    return {out.Finish(), true};
  }
  if (c.negated || c.op == Op::kNameLike) return {};
  if (is_text || c.op == Op::kLike) {
    KeyCover result = CoverText(c, family == Family::kChar, is_last);
    if (!c.plain_text && HoldsNull(result.cover, is_last)) result.exact = false;
    if (family == Family::kWhole) result.exact = false;
    return result;
  }
  if (type.kind == TypeKind::kDate || type.kind == TypeKind::kTimestamp || type.kind == TypeKind::kTimestampLocalTz) {
    return CoverTime(c, type, is_last);
  }
  const bool equality = c.op == Op::kEqual || c.op == Op::kIn || c.op == Op::kNullSafeEqual;
  if (!type.is_integral() || !equality) return {};
  Builder out(is_last);
  for (const Literal& literal : c.literals) {
    AddInteger(ToDatum(type, literal), c.literals.size() <= kLongestPadded, &out);
  }
  return {out.Finish(), false};
}

KeyCover CoverTuple(const Expr& expr, std::size_t key, const model::Type& type, bool is_last) {
  KeyCover result;
  if (expr.negated) return result;
  const std::size_t width = expr.keys.size();
  for (std::size_t m = 0; m < width; ++m) {
    if (expr.keys[m] != key) continue;
    Expr list;
    list.kind = Expr::Kind::kCondition;
    list.op = Op::kIn;
    list.keys = {static_cast<uint16_t>(key)};
    for (std::size_t i = m; i < expr.literals.size(); i += width) {
      if (expr.literals[i].kind != Literal::Kind::kNull) list.literals.push_back(expr.literals[i]);
    }
    result.cover = Intersect(result.cover, CoverCondition(list, type, is_last).cover);
  }
  return result;
}

}  // namespace

std::optional<std::string> BehindPrefix(std::string_view prefix) {
  while (!prefix.empty() && static_cast<unsigned char>(prefix.back()) == 0xFF) prefix.remove_suffix(1);
  if (prefix.empty()) return std::nullopt;
  std::string out(prefix);
  out.back() = static_cast<char>(static_cast<unsigned char>(out.back()) + 1);
  return out;
}

Cover Cover::All() {
  Cover cover;
  cover.intervals_.push_back({});
  return cover;
}

bool Cover::is_all() const {
  return intervals_.size() == 1 && intervals_[0].low.empty() && !intervals_[0].high.has_value();
}

Cover Cover::Of(std::vector<Interval> intervals) {
  std::sort(intervals.begin(), intervals.end(), [](const Interval& a, const Interval& b) {
    return a.low != b.low ? a.low < b.low : HighLess(b.high, a.high);
  });
  Cover cover;
  for (Interval& next : intervals) {
    if (cover.intervals_.empty() || (cover.intervals_.back().high && *cover.intervals_.back().high < next.low)) {
      cover.intervals_.push_back(std::move(next));
      continue;
    }
    Interval& last = cover.intervals_.back();
    if (!HighLess(last.high, next.high)) continue;  // inside
    last.high = std::move(next.high);
    last.is_point = false;
  }
  return cover;
}

const Interval* Cover::FirstEndingBehind(std::string_view text) const {
  const auto it = std::partition_point(intervals_.begin(), intervals_.end(),
                                       [text](const Interval& i) { return EndsBefore(i.high, text); });
  return it == intervals_.end() ? nullptr : &*it;
}

std::size_t Cover::CountBeginningBefore(std::string_view text) const {
  const auto it =
      std::partition_point(intervals_.begin(), intervals_.end(), [text](const Interval& i) { return i.low < text; });
  return static_cast<std::size_t>(it - intervals_.begin());
}

Cover Intersect(const Cover& a, const Cover& b) {
  Cover out;
  std::size_t i = 0;
  std::size_t j = 0;
  while (i < a.intervals_.size() && j < b.intervals_.size()) {
    const Interval& x = a.intervals_[i];
    const Interval& y = b.intervals_[j];
    const bool x_ends_first = HighLess(x.high, y.high);
    Interval both{std::max(x.low, y.low), x_ends_first ? x.high : y.high, false};
    if (!both.high || both.low < *both.high) {
      both.is_point = (x.is_point && both.low == x.low && both.high == x.high) ||
                      (y.is_point && both.low == y.low && both.high == y.high);
      out.intervals_.push_back(std::move(both));
    }
    ++(x_ends_first ? i : j);
  }
  return out;
}

KeyCover MakeCover(const Expr& expr, std::size_t key, const model::Type& type, bool is_last) {
  switch (expr.kind) {
    case Expr::Kind::kTrue:
      return {Cover::All(), true};
    case Expr::Kind::kFalse:
    case Expr::Kind::kNull:
      return {Cover::None(), true};
    case Expr::Kind::kCondition:
      return expr.keys[0] == key ? CoverCondition(expr, type, is_last) : KeyCover();
    case Expr::Kind::kTuple:
      return CoverTuple(expr, key, type, is_last);
    case Expr::Kind::kAnd: {
      KeyCover result{Cover::All(), true};
      std::size_t work = 0;
      for (const Expr& child : expr.children) {
        const KeyCover part = MakeCover(child, key, type, is_last);
        result.exact = result.exact && part.exact;
        if (part.cover.is_all()) continue;
        work += result.cover.intervals().size() + part.cover.intervals().size();
        if (work > kMostWork) return {std::move(result.cover), false};
        result.cover = Intersect(result.cover, part.cover);
      }
      return result;
    }
    case Expr::Kind::kOr: {
      std::vector<Interval> intervals;
      bool exact = true;
      for (const Expr& child : expr.children) {
        KeyCover part = MakeCover(child, key, type, is_last);
        if (part.cover.is_all()) return {};
        exact = exact && part.exact;
        intervals.insert(intervals.end(), part.cover.intervals().begin(), part.cover.intervals().end());
        if (intervals.size() > kMostIntervals) return {};
      }
      return {Cover::Of(std::move(intervals)), exact};
    }
  }
  return {};
}

}  // namespace lodestone::filter
