// lodestone role ... and lodestone group ...
#include <memory>

#include "catalog/base/status_macros.h"
#include "tools/lodestone/arguments.h"
#include "tools/lodestone/command.h"
#include "tools/lodestone/json.h"
#include "tools/lodestone/privilege_arguments.h"

namespace lodestone::cli {
namespace {

struct Arguments {
  std::string name;
  std::string user;
  GranteeArgument member;
  bool admin_option = false;
};
using Shared = std::shared_ptr<Arguments>;

void PrintNames(const std::vector<std::string>& names, const std::string& title, Context& context) {
  ListWriter writer(&context.out(), {{title}});
  for (const std::string& name : names) {
    writer.Add(
        name, [&] { return std::vector<std::string>{name}; }, [&] { return JsonString(name); });
  }
  writer.End();
}

// `named`: what the format `names` shows.
enum class Named { kRole, kMember };
void PrintMembers(const std::vector<RoleGrant>& grants, Named named, Context& context) {
  ListWriter writer(&context.out(), {{"ROLE"}, {"MEMBER"}, {"ADMIN OPTION"}, {"GRANTED BY"}, {"TIME"}});
  for (const RoleGrant& grant : grants) {
    Record record;
    record.Text("", "role", grant.role);
    record.Json("", "member", grant.member.ToString(), GranteeJson(grant.member));
    record.Json("", "admin_option", grant.admin_option ? "yes" : "no", grant.admin_option ? "true" : "false");
    record.Text("", "grantor", grant.grantor);
    record.Text("", "time", Time(grant.time_ms / 1000));
    writer.Add(
        named == Named::kRole ? grant.role : grant.member.ToString(), [&] { return record.Shown(); },
        [&] { return record.ToJson(); });
  }
  writer.End();
}

// A command about one role or group.
CLI::App& AddNamed(Program* program, CLI::App& group, const std::string& name, Access access, Help help,
                   const Shared& arguments, const char* what, Action action) {
  CLI::App& app = program->Command(group, name, access, std::move(help), std::move(action));
  AddArgument(app, what, arguments->name, "Its name");
  return app;
}

void AddRoleGrants(Program* program, CLI::App& group) {
  auto grant = std::make_shared<Arguments>();
  CLI::App& grant_app =
      AddNamed(program, group, "grant", Access::kWrite,
               {"make somebody a member of a role",
                "A user, a group, or another role, whose members have it then as well. Granting the role admin makes "
                "administrators of the catalog.",
                {"lodestone role grant analysts --to user ana", "lodestone role grant reader --to role analysts",
                 "lodestone role grant admin --to user root"}},
               grant, "ROLE", [grant](Context& context) -> absl::Status {
                 ASSIGN_OR_RETURN(const Grantee to, grant->member.Parse());
                 return context.session().GrantRole(grant->name, to, grant->admin_option);
               });
  grant->member.AddTo(grant_app, "--to")->required();
  grant_app.add_flag("--admin-option", grant->admin_option, "It may grant and revoke the role itself");

  auto revoke = std::make_shared<Arguments>();
  CLI::App& revoke_app = AddNamed(program, group, "revoke", Access::kWrite,
                                  {"take a role from somebody",
                                   "What the members granted on by virtue of the role alone goes as well.",
                                   {"lodestone role revoke analysts --from user ana"}},
                                  revoke, "ROLE", [revoke](Context& context) -> absl::Status {
                                    ASSIGN_OR_RETURN(const Grantee from, revoke->member.Parse());
                                    return context.session().RevokeRole(revoke->name, from, revoke->admin_option);
                                  });
  revoke->member.AddTo(revoke_app, "--from")->required();
  revoke_app.add_flag("--admin-option-only", revoke->admin_option, "It stays a member, and may not grant the role on");
}

void AddRoleCommands(Program* program) {
  CLI::App& group = program->Group(
      "role",
      {"make roles, and say who has them",
       "Roles belong to a catalog. Every catalog has two from the start: the members of admin may do everything "
       "in it, and everybody is a member of public.",
       {}});
  auto create = std::make_shared<Arguments>();
  AddNamed(program, group, "create", Access::kCreate,
           {"create a role", "Names of roles are case-insensitive.", {"lodestone role create analysts"}}, create,
           "ROLE", [create](Context& context) { return context.session().CreateRole(create->name); });
  auto drop = std::make_shared<Arguments>();
  AddNamed(program, group, "drop", Access::kWrite,
           {"drop a role",
            "Its members lose it. What was granted to it is gone, with what was granted on by virtue of that.",
            {"lodestone role drop analysts"}},
           drop, "ROLE", [drop](Context& context) { return context.session().DropRole(drop->name); });

  auto list = std::make_shared<Arguments>();
  CLI::App& list_app =
      program->Command(group, "list", Access::kRead,
                       {"list roles",
                        "All of the catalog, or those that one user, group or role is a member of directly.",
                        {"lodestone role list", "lodestone role list --of user ana"}},
                       [list](Context& context) -> absl::Status {
                         if (!list->member.given()) {
                           ASSIGN_OR_RETURN(const auto roles, context.session().ListRoles());
                           PrintNames(roles, "ROLE", context);
                           return absl::OkStatus();
                         }
                         ASSIGN_OR_RETURN(const Grantee of, list->member.Parse());
                         ASSIGN_OR_RETURN(const auto grants, context.session().ListRolesOf(of));
                         PrintMembers(grants, Named::kRole, context);
                         return absl::OkStatus();
                       });
  list->member.AddTo(list_app, "--of");

  auto members = std::make_shared<Arguments>();
  AddNamed(program, group, "members", Access::kRead,
           {"list who has a role", "Directly.", {"lodestone role members analysts"}}, members, "ROLE",
           [members](Context& context) -> absl::Status {
             ASSIGN_OR_RETURN(const auto grants, context.session().ListMembers(members->name));
             PrintMembers(grants, Named::kMember, context);
             return absl::OkStatus();
           });
  AddRoleGrants(program, group);
}

void AddGroupCommands(Program* program) {
  CLI::App& group = program->Group("group", {"say who is in which group",
                                             "A group is there as long as it has a member. What is granted to it, "
                                             "its members have.",
                                             {}});
  const auto add = [&](const std::string& name, Help help, auto action) {
    auto arguments = std::make_shared<Arguments>();
    CLI::App& app = AddNamed(program, group, name, Access::kWrite, std::move(help), arguments, "GROUP",
                             [arguments, action](Context& context) {
                               Session session = context.session();
                               return action(session, *arguments);
                             });
    AddArgument(app, "USER", arguments->user, "Name of the user");
  };
  add("add", {"put a user into a group", "", {"lodestone group add staff ana"}},
      [](Session& session, const Arguments& a) { return session.AddToGroup(a.name, a.user); });
  add("remove",
      {"take a user out of a group",
       "What it granted on by virtue of the group alone goes as well.",
       {"lodestone group remove staff ana"}},
      [](Session& session, const Arguments& a) { return session.RemoveFromGroup(a.name, a.user); });

  program->Command(group, "list", Access::kRead, {"list groups", "", {"lodestone group list"}},
                   [](Context& context) -> absl::Status {
                     ASSIGN_OR_RETURN(const auto groups, context.session().ListGroups());
                     PrintNames(groups, "GROUP", context);
                     return absl::OkStatus();
                   });
  auto members = std::make_shared<Arguments>();
  AddNamed(program, group, "members", Access::kRead,
           {"list the users in a group", "", {"lodestone group members staff"}}, members, "GROUP",
           [members](Context& context) -> absl::Status {
             ASSIGN_OR_RETURN(const auto users, context.session().ListGroupMembers(members->name));
             PrintNames(users, "USER", context);
             return absl::OkStatus();
           });
}

}  // namespace

void AddRoleAndGroupCommands(Program* program) {
  AddRoleCommands(program);
  AddGroupCommands(program);
}

}  // namespace lodestone::cli
