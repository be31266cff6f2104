#include "tools/lodestone/help.h"

#include <algorithm>
#include <cctype>
#include <vector>

#include "catalog/base/strings.h"
#include "tools/lodestone/command.h"

namespace lodestone::cli {
namespace {

constexpr std::size_t kIndent = 2;
constexpr std::size_t kNameWidth = 28;

std::string FullName(const CLI::App* app) {
  return app->get_parent() == nullptr ? app->get_name() : FullName(app->get_parent()) + " " + app->get_name();
}

// A name and what it means, the second in a column of its own.
std::string Item(const std::string& name, std::string_view text) {
  std::string wrapped = Wrap(text, kIndent + kNameWidth);
  std::string out = std::string(kIndent, ' ') + name;
  if (name.size() + 1 >= kNameWidth) return out + "\n" + wrapped;
  return out + std::string(kNameWidth - name.size(), ' ') + wrapped.substr(kIndent + kNameWidth);
}

// The name of an option's value, without what the parser adds about the values that it takes.
std::string TypeName(const CLI::Option* option) {
  std::string name = option->get_type_name();
  name.erase(std::min(name.find(":{"), name.size()));
  return name;
}

std::string OptionName(const CLI::Option* option) {
  if (option->get_positional()) return option->get_name(true) + (option->get_items_expected_max() > 1 ? "..." : "");
  std::string name = option->get_snames().empty() ? "" : "-" + option->get_snames()[0];
  for (const std::string& long_name : option->get_lnames()) {
    name += (name.empty() ? "--" : ", --") + long_name;
  }
  // Flags take no value.
  if (option->get_items_expected_max() > 0) name += " " + TypeName(option);
  return name;
}

}  // namespace

std::string Wrap(std::string_view text, std::size_t indent, std::size_t width) {
  std::string out;
  for (const std::string_view paragraph : base::Split(text, '\n')) {
    std::string line;
    for (const std::string_view word : base::Split(paragraph, ' ')) {
      if (word.empty()) continue;
      if (!line.empty() && indent + line.size() + 1 + word.size() > width) {
        out += std::string(indent, ' ') + line + "\n";
        line.clear();
      }
      if (!line.empty()) line += ' ';
      line += word;
    }
    if (!line.empty()) out += std::string(indent, ' ') + line;
    out += '\n';
  }
  return out;
}

std::string ManualPage::make_help(const CLI::App* app, std::string name, CLI::AppFormatMode mode) const {
  return Render(app);
}

std::string ManualPage::Heading(std::string_view text) const {
  return color_ ? base::StrCat("\x1b[1m", text, "\x1b[0m\n") : base::StrCat(text, "\n");
}

std::string ManualPage::Usage(const CLI::App* app) const {
  std::string line = FullName(app);
  if (!app->get_subcommands({}).empty()) return line + " [OPTION]... COMMAND ...";
  line += " [OPTION]...";
  for (const CLI::Option* option : app->get_options()) {
    if (!option->get_positional()) continue;
    const std::string name = OptionName(option);
    line += option->get_required() ? " " + name : " [" + name + "]";
  }
  return line;
}

std::string ManualPage::Commands(const CLI::App* app) const {
  std::string out;
  for (const CLI::App* sub : app->get_subcommands({})) out += Item(sub->get_name(), program_->HelpOf(sub).summary);
  return out;
}

std::string ManualPage::Options(const CLI::App* app, bool positional) const {
  std::string out;
  for (const CLI::Option* option : app->get_options()) {
    if (option->get_positional() != positional || option->get_group().empty()) continue;
    if (app->get_parent() != nullptr && option->check_lname("help")) continue;  // stands among the global ones
    std::string text = option->get_description();
    if (!option->get_envname().empty()) text += " [environment: " + option->get_envname() + "]";
    out += Item(OptionName(option), text);
  }
  return out;
}

std::string ManualPage::Render(const CLI::App* app) const {
  const Help& help = program_->HelpOf(app);
  std::string out = Heading("NAME") + Wrap(FullName(app) + " - " + help.summary, kIndent);
  out += "\n" + Heading("USAGE") + Wrap(Usage(app), kIndent);
  if (!help.description.empty()) out += "\n" + Heading("DESCRIPTION") + Wrap(help.description, kIndent);
  const auto section = [&](std::string_view title, const std::string& body) {
    if (!body.empty()) out += "\n" + Heading(title) + body;
  };
  section("COMMANDS", Commands(app));
  section("ARGUMENTS", Options(app, true));
  const CLI::App* root = app;
  while (root->get_parent() != nullptr) root = root->get_parent();
  if (app != root) section("OPTIONS", Options(app, false));
  section("GLOBAL OPTIONS", Options(root, false));
  std::string examples;
  for (const std::string& example : help.examples) examples += std::string(kIndent, ' ') + example + "\n";
  section("EXAMPLES", examples);
  std::string codes;
  for (const std::string_view line : base::Split(base::TrimWhitespace(kExitCodeHelp), '\n')) {
    codes += std::string(kIndent, ' ') + std::string(line) + "\n";
  }
  section("EXIT STATUS", codes);
  return out;
}

}  // namespace lodestone::cli
