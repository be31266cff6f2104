// Options that several commands share, and the reading of their values.
#pragma once

#include <CLI/CLI.hpp>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "catalog/catalog.h"
#include "google/protobuf/map.h"

namespace lodestone::cli {

// What is wrong with a number of an option; empty: nothing.
std::string CheckWholeNumber(const std::string& text);

// `90s`, `15m`, `12h`, `7d` or `0`, in milliseconds. `option` names the source in messages.
absl::StatusOr<int64_t> ParseDuration(std::string_view option, std::string_view text);

// --pattern, --limit, --after of the lists of names.
struct NamePageArguments {
  std::string pattern;
  std::size_t limit = 0;
  std::string after;
  void AddTo(CLI::App& app);
  ListNamesOptions ToOptions() const;
};

// --filter and --filter-mode.
struct FilterArguments {
  std::string filter;
  std::string mode = "sql";
  void AddTo(CLI::App& app);
  void AddModeTo(CLI::App& app);
  FilterMode ToMode() const { return mode == "hive" ? FilterMode::kHive : FilterMode::kSql; }
};

// --set KEY=VALUE and --unset KEY of what has parameters.
struct ParameterArguments {
  std::vector<std::string> set;
  std::vector<std::string> unset;
  void AddTo(CLI::App& app, bool with_unset);
  bool empty() const { return set.empty() && unset.empty(); }
  // InvalidArgument (exit status 2): an element of `set` has no `=`.
  absl::Status ApplyTo(google::protobuf::Map<std::string, std::string>* parameters) const;
};

// --if-not-exists.
struct CreateArguments {
  bool if_not_exists = false;
  void AddTo(CLI::App& app);
  CreateOptions ToOptions() const;
};

// --if-exists, --purge, and --cascade where something can be inside.
struct DropArguments {
  bool if_exists = false;
  bool purge = false;
  bool cascade = false;
  void AddTo(CLI::App& app, bool with_cascade);
  DropOptions ToOptions() const;
};

// --owner and --owner-type.
struct OwnerArguments {
  std::string name;
  std::string type;
  void AddTo(CLI::App& app);
  model::v1::PrincipalType ToType() const;
};

// --if-exists fail|skip|replace of what adds partitions.
struct IfExistsArgument {
  std::string choice = "fail";
  void AddTo(CLI::App& app);
  IfExists ToOption() const;
};

// An option that takes one value each time it is given.
CLI::Option* AddRepeated(CLI::App& app, const std::string& name, std::vector<std::string>& values,
                         const std::string& text);
// A text option with the name of its value for --help.
CLI::Option* AddText(CLI::App& app, const std::string& name, std::string& value, const std::string& type,
                     const std::string& text);
// An option that takes a whole number of 0 or more, up to 10^18.
template <typename T>
CLI::Option* AddNumber(CLI::App& app, const std::string& name, T& value, const std::string& type,
                       const std::string& text) {
  return app.add_option(name, value, text)->type_name(type)->check(CheckWholeNumber);
}
// A required argument without a dash.
CLI::Option* AddArgument(CLI::App& app, const std::string& name, std::string& value, const std::string& text);

}  // namespace lodestone::cli
