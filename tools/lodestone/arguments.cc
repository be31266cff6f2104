#include "tools/lodestone/arguments.h"

#include "catalog/base/status_macros.h"
#include "catalog/base/strings.h"
#include "tools/lodestone/exit_code.h"

namespace lodestone::cli {

std::string CheckWholeNumber(const std::string& text) {
  constexpr std::size_t kDigits = 18;
  const bool digits = !text.empty() && text.find_first_not_of("0123456789") == std::string::npos;
  if (digits && text.size() <= kDigits) return "";
  return base::StrCat("expected a whole number of 0 or more, found ", base::Quoted(text));
}

absl::StatusOr<int64_t> ParseDuration(std::string_view option, std::string_view text) {
  static constexpr struct {
    char unit;
    int64_t millis;
  } kUnits[] = {{'s', 1000}, {'m', 60'000}, {'h', 3'600'000}, {'d', 86'400'000}};
  if (text == "0") return 0;
  int64_t number = 0;
  if (!text.empty() && text[0] >= '0' && text[0] <= '9' && base::ParseInt64(text.substr(0, text.size() - 1), &number) &&
      number <= 1'000'000) {
    for (const auto& [unit, millis] : kUnits) {
      if (text.back() == unit) return number * millis;
    }
  }
  return UsageError(
      base::StrCat(option, ": expected a time such as 90s, 15m, 12h, 7d or 0, found ", base::Quoted(text)));
}

CLI::Option* AddRepeated(CLI::App& app, const std::string& name, std::vector<std::string>& values,
                         const std::string& text) {
  return app.add_option(name, values, text)->expected(1)->take_all()->allow_extra_args(false);
}

CLI::Option* AddText(CLI::App& app, const std::string& name, std::string& value, const std::string& type,
                     const std::string& text) {
  return app.add_option(name, value, text)->type_name(type);
}

CLI::Option* AddArgument(CLI::App& app, const std::string& name, std::string& value, const std::string& text) {
  return app.add_option(name, value, text)->required();
}

void NamePageArguments::AddTo(CLI::App& app) {
  AddText(app, "--pattern", pattern, "PATTERN", "Only names that match: * is any text, | separates alternatives");
  AddNumber(app, "--limit", limit, "N", "At the most so many (default: all)");
  AddText(app, "--after", after, "NAME", "Only names behind this one, to go on after a --limit");
}

ListNamesOptions NamePageArguments::ToOptions() const {
  ListNamesOptions options;
  options.pattern = pattern;
  options.limit = limit;
  options.after = after;
  return options;
}

void FilterArguments::AddTo(CLI::App& app) {
  AddText(app, "--filter", filter, "TEXT",
          "Only partitions that pass, such as \"dt >= '2026-01-01' and hour in (1, 2)\"");
  AddModeTo(app);
}

void FilterArguments::AddModeTo(CLI::App& app) {
  AddText(app, "--filter-mode", mode, "MODE",
          "Grammar of the filter: sql (the default), or hive, exactly that of Hive's metastore")
      ->check(CLI::IsMember({"sql", "hive"}));
}

void ParameterArguments::AddTo(CLI::App& app, bool with_unset) {
  AddRepeated(app, "--set", set, "Sets a parameter; may be given several times")->type_name("KEY=VALUE");
  if (with_unset)
    AddRepeated(app, "--unset", unset, "Removes a parameter; may be given several times")->type_name("KEY");
}

absl::Status ParameterArguments::ApplyTo(google::protobuf::Map<std::string, std::string>* parameters) const {
  for (const std::string& key : unset) parameters->erase(key);
  for (const std::string& pair : set) {
    const std::size_t equals = pair.find('=');
    if (equals == std::string::npos)
      return UsageError(base::StrCat("--set: expected KEY=VALUE, found ", base::Quoted(pair)));
    (*parameters)[pair.substr(0, equals)] = pair.substr(equals + 1);
  }
  return absl::OkStatus();
}

void CreateArguments::AddTo(CLI::App& app) {
  app.add_flag("--if-not-exists", if_not_exists, "No error when there is one of this name: it stays as it is");
}

CreateOptions CreateArguments::ToOptions() const {
  return {.if_exists = if_not_exists ? IfExists::kSkip : IfExists::kFail};
}

void DropArguments::AddTo(CLI::App& app, bool with_cascade) {
  app.add_flag("--if-exists", if_exists, "No error when there is none");
  app.add_flag("--purge", purge, "For good: it can't be brought back with undrop");
  if (with_cascade) app.add_flag("--cascade", cascade, "With all that it holds");
}

DropOptions DropArguments::ToOptions() const {
  return {.if_missing = if_exists ? IfMissing::kSkip : IfMissing::kFail,
          .mode = cascade ? DropMode::kCascade : DropMode::kRestrict,
          .purge = purge ? Purge::kYes : Purge::kNo};
}

void OwnerArguments::AddTo(CLI::App& app) {
  AddText(app, "--owner", name, "NAME", "Owner");
  AddText(app, "--owner-type", type, "TYPE", "What the owner is: user (the default), role or group")
      ->check(CLI::IsMember({"user", "role", "group"}));
}

model::v1::PrincipalType OwnerArguments::ToType() const {
  return type == "role" ? model::v1::ROLE : type == "group" ? model::v1::GROUP : model::v1::USER;
}

void IfExistsArgument::AddTo(CLI::App& app) {
  AddText(app, "--if-exists", choice, "WHAT",
          "For partitions that exist already: fail (the default: nothing is added), skip, or replace")
      ->check(CLI::IsMember({"fail", "skip", "replace"}));
}

IfExists IfExistsArgument::ToOption() const {
  return choice == "skip" ? IfExists::kSkip : choice == "replace" ? IfExists::kReplace : IfExists::kFail;
}

}  // namespace lodestone::cli
