// lodestone completion: a script for the shell, made from the commands themselves.
#include <memory>
#include <string>

#include "catalog/base/strings.h"
#include "tools/lodestone/arguments.h"
#include "tools/lodestone/command.h"

namespace lodestone::cli {
namespace {

std::string OptionsOf(const CLI::App* app) {
  std::string out;
  for (const CLI::Option* option : app->get_options()) {
    for (const std::string& name : option->get_lnames()) base::StrAppend(&out, out.empty() ? "" : " ", "--", name);
  }
  return out;
}

std::string CommandsOf(const CLI::App* app) {
  std::string out;
  for (const CLI::App* sub : app->get_subcommands({})) {
    base::StrAppend(&out, out.empty() ? "" : " ", sub->get_name());
  }
  return out;
}

// One branch of a `case` over the words so far: which words may follow. `path` is `table create`.
void AppendBranches(const CLI::App* app, const std::string& path, std::string* out) {
  const std::string commands = CommandsOf(app);
  base::StrAppend(out, "    '", path, "') choices='", commands, commands.empty() ? "" : " ",
                  app->get_parent() == nullptr ? "" : OptionsOf(app), "' ;;\n");
  for (const CLI::App* sub : app->get_subcommands({})) {
    AppendBranches(sub, path.empty() ? sub->get_name() : path + " " + sub->get_name(), out);
  }
}

// What may follow the options that take one of a few values or a file.
constexpr const char* kValues = R"(  case "$previous" in
    -o|--output-format|--format) choices='table json ndjson names csv tsv glue directory'; values=1 ;;
    --filter-mode) choices='sql hive'; values=1 ;;
    --color) choices='auto always never'; values=1 ;;
    --type) choices='managed external view materialized-view'; values=1 ;;
    --if-exists) choices='fail skip replace' ;;
    --name-rules) choices='strict hive'; values=1 ;;
    --vocabulary) choices='hive dla dli'; values=1 ;;
    --stored-as) choices='textfile sequencefile parquet orc avro jsonfile'; values=1 ;;
    --store|--key-file|--audit|--file|--output|--spill) values=1; files=1 ;;
  esac
)";

constexpr const char* kBash = R"(# bash completion for lodestone: source <(lodestone completion bash)
_lodestone() {
  local current=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD-1]} choices='' values='' files=''
  local path='' word i
  for ((i = 1; i < COMP_CWORD; i++)); do
    word=${COMP_WORDS[i]}
    case " $(_lodestone_commands "$path") " in
      *" $word "*) path=${path:+$path }$word ;;
    esac
  done
)";

constexpr const char* kBashEnd = R"(  [ -n "$values" ] || choices="$choices $globals"
  mapfile -t COMPREPLY < <(compgen -W "$choices" -- "$current")
  if [ -n "$files" ] || { [ ${#COMPREPLY[@]} -eq 0 ] && [[ $current != -* ]]; }; then
    mapfile -t -O ${#COMPREPLY[@]} COMPREPLY < <(compgen -f -- "$current")
    compopt -o filenames 2>/dev/null
  fi
}
complete -F _lodestone lodestone
)";

constexpr const char* kZsh = R"(#compdef lodestone
# zsh completion for lodestone: source <(lodestone completion zsh)
_lodestone_zsh() {
  local current=${words[CURRENT]} previous=${words[CURRENT-1]} path_='' word i choices='' values='' files=''
  for ((i = 2; i < CURRENT; i++)); do
    word=${words[i]}
    case " $(_lodestone_commands "$path_") " in
      *" $word "*) path_=${path_:+$path_ }$word ;;
    esac
  done
)";

constexpr const char* kZshEnd = R"(  [ -n "$values" ] || choices="$choices $globals"
  compadd -- ${=choices}
  if [ -n "$files" ] || { [ -z "$values" ] && [[ $current != -* ]]; }; then _files; fi
}
compdef _lodestone_zsh lodestone
)";

void AppendCommandTable(const CLI::App* app, const std::string& path, std::string* out) {
  const std::string commands = CommandsOf(app);
  if (commands.empty()) return;
  base::StrAppend(out, "    '", path, "') echo '", commands, "' ;;\n");
  for (const CLI::App* sub : app->get_subcommands({})) {
    AppendCommandTable(sub, path.empty() ? sub->get_name() : path + " " + sub->get_name(), out);
  }
}

std::string Script(const CLI::App& root, bool zsh) {
  std::string out = zsh ? kZsh : kBash;
  const std::string path = zsh ? "path_" : "path";
  base::StrAppend(&out, "  local globals='", OptionsOf(&root), "'\n  case \"$", path, "\" in\n");
  AppendBranches(&root, "", &out);
  base::StrAppend(&out, "  esac\n", kValues, zsh ? kZshEnd : kBashEnd);
  out += "_lodestone_commands() {\n  case \"$1\" in\n";
  AppendCommandTable(&root, "", &out);
  out += "  esac\n}\n";
  return out;
}

}  // namespace

void AddCompletionCommand(Program* program) {
  auto shell = std::make_shared<std::string>();
  CLI::App& app = program->Command(program->root(), "completion", Access::kNone,
                                   {"print a completion script for a shell",
                                    "",
                                    {"source <(lodestone completion bash)    # in ~/.bashrc",
                                     "source <(lodestone completion zsh)     # in ~/.zshrc"}},
                                   [program, shell](Context& context) -> absl::Status {
                                     context.out().Write(Script(program->root(), *shell == "zsh"));
                                     return absl::OkStatus();
                                   });
  AddArgument(app, "SHELL", *shell, "bash or zsh")->check(CLI::IsMember({"bash", "zsh"}));
}

}  // namespace lodestone::cli
