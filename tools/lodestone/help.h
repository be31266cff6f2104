// `--help` in the manner of a manual page: name, usage, description, options, examples, exit status.
#pragma once

#include <CLI/CLI.hpp>
#include <string>
#include <string_view>

namespace lodestone::cli {

class Program;

// Renders the page of one command. Immutable.
class ManualPage final : public CLI::FormatterBase {
 public:
  // Does not own `program`, which outlives it.
  explicit ManualPage(const Program* program, bool color = false) : program_(program), color_(color) {}

  std::string make_help(const CLI::App* app, std::string name, CLI::AppFormatMode mode) const override;
  std::string Render(const CLI::App* app) const;

 private:
  std::string Heading(std::string_view text) const;
  std::string Usage(const CLI::App* app) const;
  std::string Commands(const CLI::App* app) const;
  // The options of `group`; `positional` ones for the group ARGUMENTS.
  std::string Options(const CLI::App* app, bool positional) const;

  const Program* program_;
  bool color_;
};

// `text` in lines of at most `width` characters, each behind `indent` blanks; empty lines stay. Ends in a line feed.
std::string Wrap(std::string_view text, std::size_t indent, std::size_t width = 100);

}  // namespace lodestone::cli
