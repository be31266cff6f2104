#include "tools/lodestone/command.h"

#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <thread>

#include "catalog/audit.h"
#include "catalog/base/status_macros.h"
#include "catalog/base/strings.h"
#include "tools/lodestone/arguments.h"
#include "tools/lodestone/help.h"

#ifndef LODESTONE_VERSION
#define LODESTONE_VERSION "unknown"
#endif

namespace lodestone::cli {
namespace {

constexpr int kFollowerTries = 3;

// https://no-color.org: any value but the empty one turns colours off.
bool ColorWanted(const std::string& choice, int descriptor) {
  if (choice != "auto") return choice == "always";
  const char* no_color = std::getenv("NO_COLOR");
  if (no_color != nullptr && *no_color != '\0') return false;
  const char* terminal = std::getenv("TERM");
  return isatty(descriptor) == 1 && terminal != nullptr && std::string_view(terminal) != "dumb";
}

Format FormatOf(const std::string& name) {
  if (name == "json") return Format::kJson;
  if (name == "ndjson") return Format::kNdjson;
  if (name == "names") return Format::kNames;
  return Format::kTable;
}

// One write, so that messages of several processes do not mix.
void PrintError(std::string_view message, bool color) {
  const std::string text = base::StrCat(color ? "\x1b[1;31mlodestone:\x1b[0m " : "lodestone: ", message,
                                        message.ends_with('\n') ? "" : "\n");
  std::fwrite(text.data(), 1, text.size(), stderr);
  std::fflush(stderr);
}

// The command that was named: the innermost subcommand that was parsed.
const CLI::App* Innermost(const CLI::App* app) {
  while (!app->get_subcommands().empty()) app = app->get_subcommands().front();
  return app;
}

std::string FullName(const CLI::App* app) {
  return app->get_parent() == nullptr ? app->get_name() : FullName(app->get_parent()) + " " + app->get_name();
}

// The parser's messages begin with a capital and may end in a full stop; ours don't.
std::string Tidy(std::string message) {
  while (!message.empty() && (message.back() == '.' || message.back() == '\n')) message.pop_back();
  if (message.size() > 1 && message[0] >= 'A' && message[0] <= 'Z' && message[1] >= 'a') message[0] += 'a' - 'A';
  return message;
}

}  // namespace

void Context::Note(std::string_view text) const {
  if (global_.quiet) return;
  const std::string line = base::StrCat(text, "\n");
  std::fwrite(line.data(), 1, line.size(), stderr);
}

absl::Status Context::NeedStoreAdministrator() {
  if (global_.user.empty()) return absl::OkStatus();
  const Principal who{.name = global_.user};
  ASSIGN_OR_RETURN(const PrivilegeSet has, session().EffectivePrivileges(who, Securable::Global()));
  if (has == PrivilegeSet::All()) return absl::OkStatus();
  return absl::PermissionDeniedError(
      base::StrCat("user ", base::Quoted(global_.user), " may not do this: it takes an administrator of the store"));
}

Program::Program() : root_("", "lodestone") {
  root_.require_subcommand(1);
  root_.set_help_flag();
  root_.formatter(std::make_shared<ManualPage>(this));
  help_[&root_] = {
      .summary = "a Hive-compatible metadata catalog in a folder",
      .description =
          "Creates, lists and changes the catalogs, databases, tables, functions and partitions of a store, loads and "
          "exports partitions by the million, and looks after the store itself.\n\n"
          "The store is a folder, named by --store or the environment variable LODESTONE_STORE; the first command that "
          "creates something makes it. Commands that only read open it read-only and work beside a process that "
          "writes; one process at a time can write.\n\n"
          "A command that is refused prints one message on standard error, nothing on standard output, and changes "
          "nothing.",
      .examples = {"export LODESTONE_STORE=/var/lib/catalog", "lodestone database create web",
                   "lodestone table create web.hits --columns 'url string, ms int' \\",
                   "    --partition-keys 'dt string, hour int'",
                   "lodestone partition add web.hits dt=2026-01-05/hour=13",
                   "lodestone partition list web.hits --filter \"dt >= '2026-01-01' and hour > 12\""}};
  AddGlobalOptions();
}

void Program::AddGlobalOptions() {
  root_.set_help_flag("-h,--help", "Show this help")->group("Global options");
  root_.set_version_flag("--version", "lodestone " LODESTONE_VERSION, "Show the version")->group("Global options");
  const auto add = [&](const char* name, std::string& variable, const char* text, const char* type) {
    return root_.add_option(name, variable, text)->group("Global options")->type_name(type);
  };
  add("--store", global_.store, "Folder of the store", "DIR")->envname("LODESTONE_STORE");
  add("--catalog", global_.catalog, "Catalog that names are looked up in (default: hive)", "NAME")
      ->envname("LODESTONE_CATALOG");
  add("--as", global_.user, "Act as this user, with its privileges (default: everything is allowed)", "USER");
  add("--audit", global_.audit, "Append a line of JSON to this file for each change, and for each call of --as", "FILE")
      ->envname("LODESTONE_AUDIT");
  add("--key-file", global_.key_file,
      "File with the key that secrets of access keys are encrypted under (default: account_key in the store)", "FILE")
      ->envname("LODESTONE_KEY_FILE");
  add("-o,--output-format", global_.format,
      "Output: table (aligned, for people; the default), json (one value), ndjson (one object a line), names (names "
      "alone)",
      "FORMAT")
      ->check(CLI::IsMember({"table", "json", "ndjson", "names"}));
  add("--color", global_.color, "Colours: auto (on a terminal, unless NO_COLOR is set), always, never", "WHEN")
      ->check(CLI::IsMember({"auto", "always", "never"}));
  root_.add_flag("-q,--quiet", global_.quiet, "No progress and no remarks on standard error")->group("Global options");
  root_.add_flag("--relaxed", global_.relaxed, "Writes survive the end of the process, but not always a power cut")
      ->group("Global options");
  root_
      .add_flag("--follower", global_.follower,
                "Open read-only, beside a process that writes; reading commands always do")
      ->group("Global options");
  add("--warehouse", global_.warehouse, "Root of the locations of databases created without one", "URI")
      ->envname("LODESTONE_WAREHOUSE");
  add("--name-rules", global_.name_rules, "Names that may be created: strict (the default) or hive", "RULES")
      ->check(CLI::IsMember({"strict", "hive"}));
  add("--undrop-retention", global_.undrop_retention,
      "How long dropped objects can be brought back, such as 12h or 7d; 0: not at all (default: 7d)", "TIME")
      ->envname("LODESTONE_UNDROP_RETENTION");
  add("--event-retention", global_.event_retention, "How long events are kept; 0: for ever (default: 7d)", "TIME")
      ->envname("LODESTONE_EVENT_RETENTION");
}

CLI::App& Program::Group(const std::string& name, Help help) {
  CLI::App* app = root_.add_subcommand(name, help.summary);
  app->require_subcommand(1)->fallthrough();
  help_[app] = std::move(help);
  return *app;
}

CLI::App& Program::Command(CLI::App& parent, const std::string& name, Access access, Help help, Action action) {
  CLI::App* app = parent.add_subcommand(name, help.summary);
  app->fallthrough();
  help_[app] = std::move(help);
  commands_[app] = {access, std::move(action)};
  return *app;
}

int Program::Run(int argc, char** argv) {
  const CLI::App* app = &root_;
  try {
    root_.parse(argc, argv);
  } catch (const CLI::CallForHelp&) {
    Output out(Format::kTable, ColorWanted(global_.color, STDOUT_FILENO));
    app = Innermost(&root_);
    out.Write(ManualPage(this, out.color()).Render(app));
    return out.Flush().ok() ? kDone : kFailed;
  } catch (const CLI::CallForVersion& version) {
    Output out(Format::kTable, false);
    out.Line(version.what());
    return out.Flush().ok() ? kDone : kFailed;
  } catch (const CLI::ParseError& error) {
    app = Innermost(&root_);
    std::string message = Tidy(error.what());
    if (!app->get_subcommands({}).empty()) {
      const std::vector<std::string> left = app->remaining();
      message = left.empty() ? "expected a command" : base::StrCat("unknown command ", base::Quoted(left.front()));
    }
    PrintError(base::StrCat(message, " (see ", FullName(app), " --help)"), ColorWanted(global_.color, STDERR_FILENO));
    return kUsage;
  }
  return RunCommand(*Innermost(&root_));
}

absl::StatusOr<OpenOptions> Program::OptionsFor(Access access) const {
  OpenOptions options;
  options.create_if_missing = access == Access::kCreate;
  options.follower = access == Access::kRead;
  if (!options.follower && global_.follower) {
    return UsageError("--follower: this command needs the store for itself, and a follower only reads");
  }
  options.sync = global_.relaxed ? SyncMode::kRelaxed : SyncMode::kSync;
  options.warehouse = global_.warehouse;
  options.key_file = global_.key_file;
  options.name_rules = global_.name_rules == "hive" ? NameRules::kHive : NameRules::kStrict;
  ASSIGN_OR_RETURN(options.undrop_retention_ms, ParseDuration("--undrop-retention", global_.undrop_retention));
  ASSIGN_OR_RETURN(options.event_retention_ms, ParseDuration("--event-retention", global_.event_retention));
  return options;
}

absl::StatusOr<std::unique_ptr<Metastore>> Program::OpenStore(Access access, AuditSink* audit) const {
  if (global_.store.empty()) return UsageError("no store named: give --store DIR, or set LODESTONE_STORE");
  ASSIGN_OR_RETURN(OpenOptions options, OptionsFor(access));
  options.audit = audit;
  auto store = Metastore::Open(global_.store, options);
  // A writer may replace files while a follower opens them: what seems to be missing then is not.
  for (int again = 0; again < kFollowerTries && options.follower; ++again) {
    if (!absl::IsDataLoss(store.status()) && !absl::IsUnavailable(store.status())) break;
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
    store = Metastore::Open(global_.store, options);
  }
  return store;
}

int Program::RunCommand(const CLI::App& command) {
  const Entry& entry = commands_.at(&command);
  Output out(FormatOf(global_.format), ColorWanted(global_.color, STDOUT_FILENO));
  ExitCode code = kDone;
  const absl::Status status = [&]() -> absl::Status {
    std::unique_ptr<AuditSink> audit;
    std::unique_ptr<Metastore> store;
    if (entry.access != Access::kNone) {
      if (!global_.audit.empty()) {
        ASSIGN_OR_RETURN(audit, OpenAuditFile(global_.audit));
      }
      ASSIGN_OR_RETURN(store, OpenStore(entry.access, audit.get()));
    }
    Context context(global_, std::move(store), &out);
    RETURN_IF_ERROR(entry.action(context));
    code = context.exit_code();
    return out.Flush();
  }();
  if (status.ok()) return code;
  // Rows that were printed before a failure in the midst of a list come first.
  (void)out.Flush().ok();
  PrintError(base::ToStd(status.message()), ColorWanted(global_.color, STDERR_FILENO));
  return ExitCodeOf(status);
}

}  // namespace lodestone::cli
