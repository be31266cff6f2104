// lodestone grant, revoke, privileges and check.
#include <memory>

#include "catalog/base/status_macros.h"
#include "catalog/base/strings.h"
#include "tools/lodestone/arguments.h"
#include "tools/lodestone/command.h"
#include "tools/lodestone/json.h"
#include "tools/lodestone/privilege_arguments.h"

namespace lodestone::cli {
namespace {

using base::StrCat;

// Paths are the DLI's, and have no other words.
Vocabulary VocabularyFor(const VocabularyArgument& chosen, const Securable& on) {
  return on.kind == Securable::Kind::kPath ? Vocabulary::kDli : chosen.Get();
}

struct Arguments {
  std::string words;
  GranteeArgument grantee;
  SecurableArgument on;
  VocabularyArgument vocabulary;
  bool grant_option = false;
  bool restrict_only = false;
  bool beneath = false;

  // Of `SELECT,INSERT`.
  absl::StatusOr<PrivilegeSet> Privileges(const Securable& object) const {
    PrivilegeSet all;
    for (const std::string_view word : base::Split(words, ',')) {
      ASSIGN_OR_RETURN(const PrivilegeSet some,
                       ParsePrivilege(VocabularyFor(vocabulary, object), object, base::TrimWhitespace(word)));
      all |= some;
    }
    return all;
  }
};

// In the words of the vocabulary; what it has no word for, in our own.
std::vector<std::string> WordsFor(Vocabulary vocabulary, const Securable& on, PrivilegeSet set) {
  std::vector<std::string> words = PrivilegeWords(vocabulary, on, set);
  PrivilegeSet said;
  for (const std::string& word : words) {
    if (const auto meant = ParsePrivilege(vocabulary, on, word); meant.ok()) said |= *meant;
  }
  for (const Privilege left : set.Without(said).ToVector()) words.emplace_back(NameOf(left));
  return words;
}

// Entries that differ in nothing but the privilege.
struct GrantRow {
  GrantEntry entry;
  PrivilegeSet privileges;
};
std::vector<GrantRow> ToRows(const std::vector<GrantEntry>& entries) {
  const auto alike = [](const GrantEntry& a, const GrantEntry& b) {
    return a.grantee == b.grantee && a.on == b.on && a.grantor == b.grantor && a.grant_option == b.grant_option &&
           a.derived == b.derived;
  };
  std::vector<GrantRow> rows;
  for (const GrantEntry& entry : entries) {
    // Entries of one object and grantee stand together, in the order of the privileges.
    std::size_t at = rows.size();
    while (at > 0 && rows[at - 1].entry.on == entry.on && rows[at - 1].entry.grantee == entry.grantee &&
           !alike(rows[at - 1].entry, entry)) {
      --at;
    }
    if (at == 0 || !alike(rows[at - 1].entry, entry)) {
      rows.push_back({entry, {}});
      at = rows.size();
    }
    rows[at - 1].privileges |= entry.privilege;
  }
  return rows;
}

Record Describe(const GrantRow& row, const VocabularyArgument& chosen) {
  const Vocabulary vocabulary = VocabularyFor(chosen, row.entry.on);
  std::string shown;
  std::string json;
  for (const std::string& word : WordsFor(vocabulary, row.entry.on, row.privileges)) {
    base::StrAppend(&shown, shown.empty() ? "" : ", ", word);
    base::StrAppend(&json, json.empty() ? "[" : ",", JsonString(word));
  }
  const GrantEntry& entry = row.entry;
  Record record;
  record.Json("", "grantee", entry.grantee.ToString(), GranteeJson(entry.grantee));
  record.Json("", "privileges", shown, StrCat(json.empty() ? "[" : json, "]"));
  record.Text("", "on", entry.on.ToString());
  record.Json("", "grant_option", entry.grant_option ? "yes" : "no", entry.grant_option ? "true" : "false");
  record.Text("", "grantor", entry.grantor);
  record.Json("", "derived", entry.derived ? "yes" : "no", entry.derived ? "true" : "false");
  record.Text("", "time", Time(entry.time_ms / 1000));
  return record;
}

absl::Status List(Context& context, const Arguments& arguments) {
  Session session = context.session();
  GrantFilter filter;
  if (arguments.grantee.given()) {
    ASSIGN_OR_RETURN(filter.grantee, arguments.grantee.Parse());
  }
  if (arguments.on.given()) {
    ASSIGN_OR_RETURN(filter.on, arguments.on.Parse(session));
  }
  filter.beneath = arguments.beneath;
  ASSIGN_OR_RETURN(const std::vector<GrantEntry> entries, session.ListGrants(filter));
  ListWriter writer(&context.out(),
                    {{"GRANTEE"}, {"PRIVILEGES"}, {"ON"}, {"GRANT OPTION"}, {"GRANTED BY"}, {"DERIVED"}, {"TIME"}});
  for (const GrantRow& row : ToRows(entries)) {
    const Record record = Describe(row, arguments.vocabulary);
    writer.Add(
        row.entry.on.ToString(), [&] { return record.Shown(); }, [&] { return record.ToJson(); });
  }
  writer.End();
  return absl::OkStatus();
}

absl::Status Grant(Context& context, const Arguments& arguments) {
  Session session = context.session();
  GrantSpec grant;
  ASSIGN_OR_RETURN(grant.on, arguments.on.Parse(session));
  ASSIGN_OR_RETURN(grant.to, arguments.grantee.Parse());
  ASSIGN_OR_RETURN(grant.privileges, arguments.Privileges(grant.on));
  grant.grant_option = arguments.grant_option;
  return session.Grant(grant);
}

absl::Status Revoke(Context& context, const Arguments& arguments) {
  Session session = context.session();
  RevokeSpec revoke;
  ASSIGN_OR_RETURN(revoke.on, arguments.on.Parse(session));
  ASSIGN_OR_RETURN(revoke.from, arguments.grantee.Parse());
  ASSIGN_OR_RETURN(revoke.privileges, arguments.Privileges(revoke.on));
  revoke.grant_option_only = arguments.grant_option;
  return session.Revoke(revoke, arguments.restrict_only ? RevokeMode::kRestrict : RevokeMode::kCascade);
}

// Whoever runs this has the store: it is told why.
absl::Status Check(Context& context, const Arguments& arguments) {
  if (context.global().user.empty()) return UsageError("--as USER is required: whose privileges are asked about");
  const Session session = context.store().Local(context.global().catalog);
  ASSIGN_OR_RETURN(const Securable on, arguments.on.Parse(session));
  ASSIGN_OR_RETURN(const PrivilegeSet asked, arguments.Privileges(on));
  const Principal who{.name = context.global().user};
  // A word may stand for several privileges; it takes them all.
  Decision decision{.allowed = true, .why = "nothing is asked"};
  for (const Privilege privilege : asked.ToVector()) {
    ASSIGN_OR_RETURN(decision, session.Check(who, privilege, on));
    if (!decision.allowed) break;
  }
  Record record;
  record.Json("Allowed", "allowed", decision.allowed ? "yes" : "no", decision.allowed ? "true" : "false");
  record.Text("Why", "why", decision.why);
  record.Print(&context.out());
  if (!decision.allowed) context.SetExitCode(kFailed);
  return absl::OkStatus();
}

void AddWords(CLI::App& app, Arguments& arguments) {
  AddArgument(app, "PRIVILEGE", arguments.words, "Words of the vocabulary, with commas between them: SELECT,INSERT");
}

void AddGrant(Program* program) {
  auto arguments = std::make_shared<Arguments>();
  CLI::App& app = program->Command(
      program->root(), "grant", Access::kWrite,
      {"allow somebody something",
       "Privileges on an object count for what lies in it: global, catalog, database, table, column and partition. "
       "Owners have all on what is theirs, and members of the role admin on the catalog.",
       {"lodestone grant SELECT,INSERT --on table web.hits --to user ana",
        "lodestone grant ALL --on database web --to role etl --grant-option",
        "lodestone grant SELECT --on column web.hits.url --to group staff",
        "lodestone grant SUBMIT_JOB --on path queues.q1 --to user ana"}},
      [arguments](Context& context) { return Grant(context, *arguments); });
  AddWords(app, *arguments);
  arguments->on.AddTo(app)->required();
  arguments->grantee.AddTo(app, "--to")->required();
  app.add_flag("--grant-option", arguments->grant_option, "It may grant them on");
  arguments->vocabulary.AddTo(app);
}

void AddRevoke(Program* program) {
  auto arguments = std::make_shared<Arguments>();
  CLI::App& app = program->Command(program->root(), "revoke", Access::kWrite,
                                   {"take a privilege away",
                                    "With what was granted on by virtue of it. What was not granted is no error.",
                                    {"lodestone revoke INSERT --on table web.hits --from user ana",
                                     "lodestone revoke ALL --on database web --from role etl --grant-option-only"}},
                                   [arguments](Context& context) { return Revoke(context, *arguments); });
  AddWords(app, *arguments);
  arguments->on.AddTo(app)->required();
  arguments->grantee.AddTo(app, "--from")->required();
  app.add_flag("--grant-option-only", arguments->grant_option, "The privilege stays, and can't be granted on any more");
  app.add_flag("--restrict", arguments->restrict_only, "Refuse, where something was granted on by virtue of it");
  arguments->vocabulary.AddTo(app);
}

void AddList(Program* program) {
  CLI::App& group = program->Group("privileges", {"list what was granted", "", {}});
  auto arguments = std::make_shared<Arguments>();
  CLI::App& app = program->Command(
      group, "list", Access::kRead,
      {"list what was granted",
       "What follows from ownership and from the role admin is not granted, and not listed: `check` tells. A grant is "
       "derived when it stands by virtue of a grant option of its grantor, and goes with that.",
       {"lodestone privileges list", "lodestone privileges list --of user:ana",
        "lodestone privileges list --on database web --beneath -o ndjson"}},
      [arguments](Context& context) { return List(context, *arguments); });
  arguments->grantee.AddTo(app, "--of");
  arguments->on.AddTo(app);
  app.add_flag("--beneath", arguments->beneath, "Also on what lies in the object of --on");
  arguments->vocabulary.AddTo(app);
}

void AddCheck(Program* program) {
  auto arguments = std::make_shared<Arguments>();
  CLI::App& app = program->Command(
      program->root(), "check", Access::kRead,
      {"tell whether a user may do something, and why",
       "By every way: grants, groups, roles, ownership. Exits with 0 for yes and with 1 for no. Where a word stands "
       "for several privileges, it takes all of them.",
       {"lodestone check --as ana SELECT --on table web.hits"}},
      [arguments](Context& context) { return Check(context, *arguments); });
  AddWords(app, *arguments);
  arguments->on.AddTo(app)->required();
  arguments->vocabulary.AddTo(app);
}

}  // namespace

void AddGrantCommands(Program* program) {
  AddGrant(program);
  AddRevoke(program);
  AddList(program);
  AddCheck(program);
}

}  // namespace lodestone::cli
