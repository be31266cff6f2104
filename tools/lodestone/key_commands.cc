// lodestone key ...
#include <functional>
#include <memory>

#include "catalog/base/status_macros.h"
#include "catalog/base/strings.h"
#include "tools/lodestone/arguments.h"
#include "tools/lodestone/command.h"

namespace lodestone::cli {
namespace {

struct Arguments {
  std::string account;
  std::string id;
  std::string file;
};

absl::Status Create(Context& context, const Arguments& arguments) {
  ASSIGN_OR_RETURN(const NewAccessKey key, context.session().CreateAccessKey(arguments.account));
  Record record;
  record.Text("Access key id", "access_key_id", key.id);
  record.Text("Access key secret", "access_key_secret", key.secret);
  record.Print(&context.out());
  context.Note("the secret is shown this once");
  return absl::OkStatus();
}

absl::Status List(Context& context, const Arguments& arguments) {
  ASSIGN_OR_RETURN(const std::vector<AccessKey> keys, context.session().ListAccessKeys(arguments.account));
  ListWriter writer(&context.out(), {{"ID"}, {"ACCOUNT"}, {"ACTIVE"}, {"CREATED"}});
  for (const AccessKey& key : keys) {
    Record record;
    record.Text("", "access_key_id", key.id);
    record.Text("", "account", key.account);
    record.Json("", "active", key.active ? "yes" : "no", key.active ? "true" : "false");
    record.Text("", "created", Time(key.create_time_ms / 1000));
    writer.Add(
        key.id, [&] { return record.Shown(); }, [&] { return record.ToJson(); });
  }
  writer.End();
  return absl::OkStatus();
}

// A command that does one thing with the key of an id.
void AddOnKey(Program* program, CLI::App& group, const std::string& name, Help help,
              const std::function<absl::Status(Session&, const std::string&)>& action) {
  auto arguments = std::make_shared<Arguments>();
  CLI::App& app = program->Command(group, name, Access::kWrite, std::move(help), [arguments, action](Context& context) {
    Session session = context.session();
    return action(session, arguments->id);
  });
  AddArgument(app, "ID", arguments->id, "Id of the access key");
}

void AddRotateFile(Program* program, CLI::App& group) {
  auto arguments = std::make_shared<Arguments>();
  CLI::App& app = program->Command(
      group, "rotate-file", Access::kWrite,
      {"encrypt the secrets of all keys under another key file",
       "The new file is made, with mode 0600, when it is not there. From then on the store needs it: name it with "
       "--key-file, or move it over the old one.",
       {"lodestone key rotate-file /etc/lodestone/key.2026",
        "lodestone --key-file /etc/lodestone/key.2026 key list ana"}},
      [arguments](Context& context) -> absl::Status {
        RETURN_IF_ERROR(context.NeedStoreAdministrator());
        RETURN_IF_ERROR(context.store().RotateKeyFile(arguments->file));
        context.Note(base::StrCat("from now on the store needs --key-file ", arguments->file));
        return absl::OkStatus();
      });
  AddArgument(app, "NEW_FILE", arguments->file, "The new key file");
}

}  // namespace

void AddKeyCommands(Program* program) {
  CLI::App& group = program->Group("key", {"make and withdraw the access keys of accounts", "", {}});

  auto create = std::make_shared<Arguments>();
  CLI::App& create_app = program->Command(
      group, "create", Access::kWrite,
      {"make an access key",
       "Prints its id and its secret, which is shown this once: the store keeps it encrypted under the key file "
       "(--key-file), which is made with the first key. Up to 10 keys per account; to rotate, make a second one, give "
       "it out, deactivate the first, and drop it once nobody misses it.",
       {"lodestone key create ana -o json"}},
      [create](Context& context) { return Create(context, *create); });
  AddArgument(create_app, "ACCOUNT", create->account, "Name of the account");

  auto list = std::make_shared<Arguments>();
  CLI::App& list_app = program->Command(group, "list", Access::kRead,
                                        {"list the access keys of an account",
                                         "In the order in which they were made. Secrets are not shown.",
                                         {"lodestone key list ana"}},
                                        [list](Context& context) { return List(context, *list); });
  AddArgument(list_app, "ACCOUNT", list->account, "Name of the account");

  AddOnKey(program, group, "deactivate",
           {"keep an access key from being used", "At once.", {"lodestone key deactivate ABCDEFGHIJKLMNOP0123"}},
           [](Session& session, const std::string& id) { return session.ActivateAccessKey(id, false); });
  AddOnKey(program, group, "activate",
           {"let an access key be used again", "", {"lodestone key activate ABCDEFGHIJKLMNOP0123"}},
           [](Session& session, const std::string& id) { return session.ActivateAccessKey(id, true); });
  AddOnKey(program, group, "drop", {"drop an access key", "For good.", {"lodestone key drop ABCDEFGHIJKLMNOP0123"}},
           [](Session& session, const std::string& id) { return session.DropAccessKey(id); });
  AddRotateFile(program, group);
}

}  // namespace lodestone::cli
