#include "tools/lodestone/privilege_arguments.h"

#include "catalog/base/status_macros.h"
#include "catalog/base/strings.h"
#include "tools/lodestone/exit_code.h"
#include "tools/lodestone/json.h"

namespace lodestone::cli {
namespace {

using base::StrCat;

struct KindAndName {
  std::string kind;
  std::string name;
};

// Of `KIND NAME` or `KIND:NAME`.
KindAndName SplitWords(const std::vector<std::string>& words) {
  if (words.size() == 2) return {words[0], words[1]};
  const std::size_t colon = words[0].find(':');
  if (colon == std::string::npos) return {words[0], ""};
  return {words[0].substr(0, colon), words[0].substr(colon + 1)};
}

std::string Joined(const std::vector<std::string>& words) {
  std::string all;
  for (const std::string& word : words) base::StrAppend(&all, all.empty() ? "" : " ", word);
  return all;
}

CLI::Option* AddWords(CLI::App& app, const std::string& option, std::vector<std::string>& words,
                      const std::string& type, const std::string& text) {
  return app.add_option(option, words, text)->type_name(type)->expected(1, 2);
}

absl::Status Expected(std::string_view option, std::string_view what, const std::vector<std::string>& words) {
  return UsageError(StrCat(option, ": expected ", what, ", found ", base::Quoted(Joined(words))));
}

// Keys as the table has them, or, where it may not be seen, as the name has them.
absl::StatusOr<std::vector<std::string>> KeysFor(const Session& session, const TableName& table,
                                                 std::string_view name) {
  std::vector<std::string> keys;
  const auto found = session.GetTable(table);
  if (found.ok()) {
    for (const auto& key : found->partition_keys()) keys.push_back(key.name());
    return keys;
  }
  for (const std::string_view piece : base::Split(name, '/')) keys.emplace_back(piece.substr(0, piece.find('=')));
  return keys;
}

// DATABASE.TABLE/key=value/...
absl::StatusOr<Securable> ParsePartition(const Session& session, const std::string& text) {
  const std::size_t slash = text.find('/');
  if (slash == std::string::npos) {
    return UsageError(StrCat("--on: expected partition DATABASE.TABLE/KEY=VALUE/..., found ", base::Quoted(text)));
  }
  const std::string name = text.substr(slash + 1);
  ASSIGN_OR_RETURN(const TableName table, TableName::Parse(text.substr(0, slash)));
  ASSIGN_OR_RETURN(const auto keys, KeysFor(session, table, name));
  ASSIGN_OR_RETURN(auto values, ParsePartitionName(name, keys));
  return Securable::Partition(table, std::move(values));
}

absl::StatusOr<Securable> ParseColumn(const std::string& text) {
  const std::size_t dot = text.rfind('.');
  if (dot == std::string::npos) {
    return UsageError(StrCat("--on: expected column DATABASE.TABLE.COLUMN, found ", base::Quoted(text)));
  }
  ASSIGN_OR_RETURN(const TableName table, TableName::Parse(text.substr(0, dot)));
  return Securable::Column(table, text.substr(dot + 1));
}

}  // namespace

CLI::Option* GranteeArgument::AddTo(CLI::App& app, const std::string& option) {
  option_ = option;
  return AddWords(app, option, words_, "KIND NAME", "user, group or role, and its name; or in one word: user:ana");
}

absl::StatusOr<Grantee> GranteeArgument::Parse() const {
  const KindAndName said = SplitWords(words_);
  if (!said.name.empty()) {
    if (said.kind == "user") return Grantee::User(said.name);
    if (said.kind == "group") return Grantee::Group(said.name);
    if (said.kind == "role") return Grantee::Role(said.name);
  }
  return Expected(option_, "user, group or role, and a name", words_);
}

CLI::Option* SecurableArgument::AddTo(CLI::App& app) {
  return AddWords(app, "--on", words_, "KIND NAME",
                  "global, catalog, database, table, column, partition, function or path, and its name, such as "
                  "table web.hits, partition web.hits/dt=2026-01-05, path queues.q1; or in one word: table:web.hits");
}

absl::StatusOr<Securable> SecurableArgument::Parse(const Session& session) const {
  const KindAndName said = SplitWords(words_);
  const bool named = !said.name.empty();
  if (said.kind == "global" && !named) return Securable::Global();
  if (said.kind == "catalog" && !named) return Securable::Catalog();
  if (said.kind == "database" && named) return Securable::Database(said.name);
  if (said.kind == "column" && named) return ParseColumn(said.name);
  if (said.kind == "partition" && named) return ParsePartition(session, said.name);
  if (said.kind == "path" && named) return Securable::Path(said.name);
  if ((said.kind == "table" || said.kind == "view") && named) {
    ASSIGN_OR_RETURN(const TableName table, TableName::Parse(said.name));
    return Securable::Table(table);
  }
  if (said.kind == "function" && named) {
    ASSIGN_OR_RETURN(const FunctionName function, FunctionName::Parse(said.name));
    return Securable::Function(function);
  }
  return Expected(
      "--on", "global, catalog (alone), or database, table, column, partition, function or path, and a name", words_);
}

void VocabularyArgument::AddTo(CLI::App& app) {
  app.add_option("--vocabulary", choice_,
                 "Whose words privileges are: hive (the default), dla, dli; of paths dli always")
      ->type_name("WORDS")
      ->check(CLI::IsMember({"hive", "dla", "dli"}));
}

Vocabulary VocabularyArgument::Get() const {
  return choice_ == "dla" ? Vocabulary::kDla : choice_ == "dli" ? Vocabulary::kDli : Vocabulary::kHive;
}

std::string GranteeJson(const Grantee& grantee) {
  const std::string shown = grantee.ToString();
  return StrCat("{\"type\":", JsonString(shown.substr(0, shown.find(' '))), ",\"name\":", JsonString(grantee.name),
                "}");
}

}  // namespace lodestone::cli
