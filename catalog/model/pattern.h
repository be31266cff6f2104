// Patterns over names, as Hive's get_tables takes them.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace lodestone::model {

// `*` is any text, `.` any one character (so that regular expressions of JDBC drivers, `web.*`, find names that go on),
// `|` separates alternatives, ASCII letters match in either case; nothing else is special. The empty pattern matches
// all names; an empty alternative (`a|`) matches none. Any text is a pattern, and matching costs at most the length of
// the pattern times that of the name. Immutable, so thread-safe.
class NamePattern {
 public:
  explicit NamePattern(std::string_view pattern);
  // REQUIRES: ASCII letters of the name are in lower case, as stored.
  bool Matches(std::string_view lower_case_name) const;
  // All matches begin with this; empty when nothing is known. For bounded scans.
  const std::string& common_prefix() const { return common_prefix_; }

 private:
  std::vector<std::string> alternatives_;
  std::string common_prefix_;
};

}  // namespace lodestone::model
