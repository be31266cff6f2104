// lodestone account ...
#include <memory>

#include "catalog/base/status_macros.h"
#include "tools/lodestone/arguments.h"
#include "tools/lodestone/command.h"

namespace lodestone::cli {
namespace {

struct Arguments {
  std::string name;
  bool admin = false;
  bool store_wide = false;
};

Record Describe(const Account& account) {
  Record record;
  record.Text("Account", "name", account.name);
  record.Text("Catalog", "catalog", account.catalog.empty() ? "*" : account.catalog);
  record.Json("Enabled", "enabled", account.enabled ? "yes" : "no", account.enabled ? "true" : "false");
  record.Text("Created", "created", Time(account.create_time_ms / 1000));
  return record;
}

absl::Status List(Context& context) {
  ASSIGN_OR_RETURN(const std::vector<Account> accounts, context.session().ListAccounts());
  ListWriter writer(&context.out(), {{"NAME"}, {"CATALOG"}, {"ENABLED"}, {"CREATED"}});
  for (const Account& account : accounts) {
    const Record record = Describe(account);
    writer.Add(
        account.name, [&] { return record.Shown(); }, [&] { return record.ToJson(); });
  }
  writer.End();
  return absl::OkStatus();
}

absl::Status Create(Context& context, const Arguments& arguments) {
  const auto create = [&](Session& session) -> absl::Status {
    const AccountScope scope = arguments.store_wide ? AccountScope::kStore : AccountScope::kCatalog;
    RETURN_IF_ERROR(session.CreateAccount(arguments.name, scope));
    if (!arguments.admin) return absl::OkStatus();
    return arguments.store_wide ? session.SetStoreAdministrator(arguments.name, true)
                                : session.GrantRole(kAdminRole, Grantee::User(arguments.name));
  };
  return context.session().Transact(create).status();
}

void AddCreate(Program* program, CLI::App& group) {
  auto arguments = std::make_shared<Arguments>();
  CLI::App& app = program->Command(
      group, "create", Access::kCreate,
      {"create an account",
       "An account is how a user of the catalog comes in through a server: with an access key or a token. The user "
       "may enter the catalog of --catalog alone, and do there what is granted to it, to its groups and to its roles. "
       "Names: 1 to 128 of A-Z a-z 0-9 . _ - @ +, case-sensitive.",
       {"lodestone account create root --store-wide --admin", "lodestone account create ana --catalog tenant_7",
        "lodestone key create ana -o json"}},
      [arguments](Context& context) { return Create(context, *arguments); });
  AddArgument(app, "NAME", arguments->name, "Name of the new account");
  app.add_flag("--admin", arguments->admin,
               "Make it an administrator of the catalog; with --store-wide of the store and all its catalogs");
  app.add_flag("--store-wide", arguments->store_wide, "It may enter every catalog of the store");
}

void AddSwitch(Program* program, CLI::App& group, const std::string& name, bool enabled, Help help) {
  auto arguments = std::make_shared<Arguments>();
  CLI::App& app = program->Command(
      group, name, Access::kWrite, std::move(help),
      [arguments, enabled](Context& context) { return context.session().EnableAccount(arguments->name, enabled); });
  AddArgument(app, "NAME", arguments->name, "Name of the account");
}

}  // namespace

void AddAccountCommands(Program* program) {
  CLI::App& group = program->Group("account", {"say who may come in through a server", "", {}});
  AddCreate(program, group);

  program->Command(group, "list", Access::kRead,
                   {"list the accounts of the catalog",
                    "Those of --catalog, and those that may enter every catalog, shown as `*`.",
                    {"lodestone account list -o json"}},
                   List);

  auto show = std::make_shared<Arguments>();
  CLI::App& show_app =
      program->Command(group, "show", Access::kRead, {"show an account", "", {"lodestone account show ana"}},
                       [show](Context& context) -> absl::Status {
                         ASSIGN_OR_RETURN(const Account account, context.session().GetAccount(show->name));
                         Describe(account).Print(&context.out());
                         return absl::OkStatus();
                       });
  AddArgument(show_app, "NAME", show->name, "Name of the account");

  AddSwitch(program, group, "enable", true, {"let an account in again", "", {"lodestone account enable ana"}});
  AddSwitch(program, group, "disable", false,
            {"keep an account out",
             "At once; its keys and tokens stay, and work again when it is enabled.",
             {"lodestone account disable ana"}});

  auto drop = std::make_shared<Arguments>();
  CLI::App& drop_app = program->Command(
      group, "drop", Access::kWrite,
      {"drop an account",
       "With its keys and tokens. What was granted to the user, and its roles, stay: an account of the same name would "
       "have them. To take these away: `lodestone role revoke`, `lodestone revoke`.",
       {"lodestone account drop ana"}},
      [drop](Context& context) { return context.session().DropAccount(drop->name); });
  AddArgument(drop_app, "NAME", drop->name, "Name of the account");
}

}  // namespace lodestone::cli
