// lodestone token ...
#include <memory>

#include "catalog/base/status_macros.h"
#include "tools/lodestone/arguments.h"
#include "tools/lodestone/command.h"

namespace lodestone::cli {
namespace {

struct Arguments {
  std::string account;
  std::string id;
  std::string lifetime = "24h";
};

absl::Status Create(Context& context, const Arguments& arguments) {
  ASSIGN_OR_RETURN(const int64_t lifetime_ms, ParseDuration("--lifetime", arguments.lifetime));
  ASSIGN_OR_RETURN(const NewToken token, context.session().CreateToken(arguments.account, lifetime_ms));
  Record record;
  record.Text("Token", "token", token.token);
  record.Text("Expires", "expires", Time(token.expires_ms / 1000));
  record.Print(&context.out());
  context.Note("the token is shown this once");
  return absl::OkStatus();
}

absl::Status List(Context& context, const Arguments& arguments) {
  ASSIGN_OR_RETURN(const std::vector<Token> tokens, context.session().ListTokens(arguments.account));
  ListWriter writer(&context.out(), {{"ID"}, {"ACCOUNT"}, {"CREATED"}, {"EXPIRES"}});
  for (const Token& token : tokens) {
    Record record;
    record.Text("", "id", token.id);
    record.Text("", "account", token.account);
    record.Text("", "created", Time(token.create_time_ms / 1000));
    record.Text("", "expires", Time(token.expires_ms / 1000));
    writer.Add(
        token.id, [&] { return record.Shown(); }, [&] { return record.ToJson(); });
  }
  writer.End();
  return absl::OkStatus();
}

}  // namespace

void AddTokenCommands(Program* program) {
  CLI::App& group = program->Group("token", {"make and withdraw the tokens of accounts", "", {}});

  auto create = std::make_shared<Arguments>();
  CLI::App& create_app = program->Command(
      group, "create", Access::kWrite,
      {"make a token",
       "Whoever has it comes in as the account, until it expires. Prints it this once: the store keeps a hash.",
       {"lodestone token create ana --lifetime 8h -o json"}},
      [create](Context& context) { return Create(context, *create); });
  AddArgument(create_app, "ACCOUNT", create->account, "Name of the account");
  AddText(create_app, "--lifetime", create->lifetime, "TIME",
          "How long it works, such as 8h or 30d; up to 366d "
          "(default: 24h)");

  auto list = std::make_shared<Arguments>();
  CLI::App& list_app = program->Command(group, "list", Access::kRead,
                                        {"list the tokens of an account",
                                         "By their ids: the tokens themselves are nowhere.",
                                         {"lodestone token list ana"}},
                                        [list](Context& context) { return List(context, *list); });
  AddArgument(list_app, "ACCOUNT", list->account, "Name of the account");

  auto drop = std::make_shared<Arguments>();
  CLI::App& drop_app = program->Command(group, "drop", Access::kWrite,
                                        {"withdraw a token", "At once.", {"lodestone token drop 1f00ba24"}},
                                        [drop](Context& context) { return context.session().DropToken(drop->id); });
  AddArgument(drop_app, "ID", drop->id, "Id of the token, as `token list` shows it");
}

}  // namespace lodestone::cli
