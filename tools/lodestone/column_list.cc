#include "tools/lodestone/column_list.h"

#include <cctype>
#include <string>

#include "catalog/base/status_macros.h"
#include "catalog/base/strings.h"

namespace lodestone::cli {
namespace {

// What TrimWhitespace takes away.
bool IsBlank(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }

class Parser {
 public:
  Parser(std::string_view option, std::string_view text) : option_(option), text_(text) {}

  absl::StatusOr<std::vector<model::v1::Column>> Parse() {
    std::vector<model::v1::Column> columns;
    SkipBlanks();
    if (AtEnd()) return columns;
    while (true) {
      model::v1::Column& column = columns.emplace_back();
      RETURN_IF_ERROR(ParseName(&column));
      RETURN_IF_ERROR(ParseType(&column));
      RETURN_IF_ERROR(ParseComment(&column));
      if (AtEnd()) return columns;
      if (text_[at_] != ',') return Expected("a comma or the end");
      ++at_;
      SkipBlanks();
    }
  }

 private:
  bool AtEnd() const { return at_ == text_.size(); }
  void SkipBlanks() {
    while (!AtEnd() && IsBlank(text_[at_])) ++at_;
  }
  absl::Status Expected(std::string_view what) const {
    const std::string found = AtEnd() ? "the end" : base::Quoted(text_.substr(at_, 20));
    return absl::InvalidArgumentError(
        base::StrCat(option_, ": expected ", what, " at character ", at_ + 1, ", found ", found));
  }

  absl::Status ParseName(model::v1::Column* column) {
    if (!AtEnd() && text_[at_] == '`') {
      const std::size_t end = text_.find('`', at_ + 1);
      if (end == std::string_view::npos) return Expected("a column name that ends with a backquote");
      column->set_name(std::string(text_.substr(at_ + 1, end - at_ - 1)));
      at_ = end + 1;
    } else {
      const std::size_t begin = at_;
      while (!AtEnd() && !IsBlank(text_[at_]) && text_[at_] != ',') ++at_;
      if (at_ == begin) return Expected("a column name");
      column->set_name(std::string(text_.substr(begin, at_ - begin)));
    }
    SkipBlanks();
    return absl::OkStatus();
  }

  // Whether the word `comment` and a quote begin here.
  bool AtComment() const {
    constexpr std::string_view kWord = "comment";
    if (!base::EqualsIgnoreCase(text_.substr(at_, kWord.size()), kWord)) return false;
    std::size_t next = at_ + kWord.size();
    while (next < text_.size() && IsBlank(text_[next])) ++next;
    return next < text_.size() && (text_[next] == '\'' || text_[next] == '"');
  }

  // Up to a comma outside of brackets, or a comment.
  absl::Status ParseType(model::v1::Column* column) {
    const std::size_t begin = at_;
    int depth = 0;
    for (; !AtEnd(); ++at_) {
      const char c = text_[at_];
      if (c == '<' || c == '(') ++depth;
      if (c == '>' || c == ')') --depth;
      if (depth <= 0 && (c == ',' || ((at_ == begin || IsBlank(text_[at_ - 1])) && AtComment()))) break;
    }
    const std::string_view type = base::TrimWhitespace(text_.substr(begin, at_ - begin));
    if (type.empty()) return Expected(base::StrCat("the type of column ", base::Quoted(column->name())));
    column->set_type(std::string(type));
    return absl::OkStatus();
  }

  absl::Status ParseComment(model::v1::Column* column) {
    if (AtEnd() || text_[at_] == ',') return absl::OkStatus();
    at_ = text_.find_first_of("'\"", at_);
    const char quote = text_[at_++];
    std::string comment;
    for (; !AtEnd(); ++at_) {
      const char c = text_[at_];
      const bool more = at_ + 1 < text_.size();
      if (more && (c == '\\' || (c == quote && text_[at_ + 1] == quote))) {
        comment += text_[++at_];
      } else if (c == quote) {
        break;
      } else {
        comment += c;
      }
    }
    if (AtEnd()) return Expected("the closing quote of a comment");
    ++at_;
    column->set_comment(comment);
    SkipBlanks();
    return absl::OkStatus();
  }

  std::string_view option_;
  std::string_view text_;
  std::size_t at_ = 0;
};

}  // namespace

absl::StatusOr<std::vector<model::v1::Column>> ParseColumnList(std::string_view option, std::string_view text) {
  return Parser(option, text).Parse();
}

}  // namespace lodestone::cli
