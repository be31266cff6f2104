// Chapter 5: who may do what. Words are mapped by the library's tables, and who may grant is its rule.
#include <algorithm>
#include <limits>
#include <map>
#include <set>
#include <utility>

#include "bindings/http/dli/call.h"
#include "bindings/http/dli/object_path.h"
#include "catalog/base/status_macros.h"
#include "catalog/base/strings.h"
#include "catalog/privileges.h"

namespace lodestone::http::dli {
namespace {

constexpr int64_t kMaxNumber = std::numeric_limits<int32_t>::max();

enum class Action { kGrant, kRevoke, kUpdate };

Action ReadAction(ObjectReader& fields) {
  const std::string text = fields.Text("action");
  if (text == "revoke") return Action::kRevoke;
  if (text == "update") return Action::kUpdate;
  if (text != "grant") fields.Fail("action", "grant, revoke or update", base::Quoted(text));
  return Action::kGrant;
}

struct Change {
  Securable on;
  PrivilegeSet privileges;
};

// An empty list says "nothing", which only an update can mean.
absl::StatusOr<Change> MakeChange(Action action, Securable on, const std::vector<std::string>& words) {
  if (words.empty() && action != Action::kUpdate) {
    return absl::InvalidArgumentError("privileges: expected at least one, found an empty list");
  }
  Change change{std::move(on), {}};
  for (const std::string& word : words) {
    ASSIGN_OR_RETURN(const PrivilegeSet set, ParsePrivilege(Vocabulary::kDli, change.on, word));
    change.privileges |= set;
  }
  return change;
}

absl::Status Apply(Session& session, Action action, const Grantee& user, const Change& change) {
  switch (action) {
    case Action::kGrant:
      return session.Grant({.to = user, .privileges = change.privileges, .on = change.on});
    case Action::kRevoke:
      return session.Revoke({.from = user, .privileges = change.privileges, .on = change.on});
    case Action::kUpdate:
      return session.ReplaceGrants(user, change.on, change.privileges);
  }
  return absl::InternalError("unknown action");
}

absl::Status ApplyAll(Call& call, Action action, const std::string& user, const std::vector<Change>& changes) {
  return call.session
      .Transact([&](Session& session) -> absl::Status {
        for (const Change& change : changes) {
          RETURN_IF_ERROR(Apply(session, action, Grantee::User(user), change));
        }
        return absl::OkStatus();
      })
      .status();
}

std::string ReadUser(ObjectReader& fields) {
  std::string user = fields.Text("user_name");
  if (fields.status().ok() && user.empty()) fields.Fail("user_name", "a name", "an empty text");
  return user;
}

// ---- Lists of users ----

// Everybody who administers the catalog: members of the role `admin`, over groups and other roles, and administrators
// of the store that have an account.
absl::StatusOr<std::set<std::string>> Administrators(const Call& call) {
  const Session session = call.Unchecked();
  std::set<std::string> users;
  std::set<std::string> seen{std::string(kAdminRole)};
  std::vector<std::string> roles{std::string(kAdminRole)};
  while (!roles.empty()) {
    const std::string role = std::move(roles.back());
    roles.pop_back();
    ASSIGN_OR_RETURN(const std::vector<RoleGrant> members, session.ListMembers(role));
    for (const RoleGrant& grant : members) {
      const Grantee& member = grant.member;
      if (member.kind == GranteeKind::kUser) users.insert(member.name);
      if (member.kind == GranteeKind::kRole && seen.insert(member.name).second) roles.push_back(member.name);
      if (member.kind == GranteeKind::kGroup) {
        ASSIGN_OR_RETURN(const std::vector<std::string> group, session.ListGroupMembers(member.name));
        users.insert(group.begin(), group.end());
      }
    }
  }
  ASSIGN_OR_RETURN(const std::vector<Account> accounts, session.ListAccounts());
  for (const Account& account : accounts) {
    if (users.contains(account.name)) continue;
    ASSIGN_OR_RETURN(const bool is_administrator, session.IsAdministrator(Principal{account.name}));
    if (is_administrator) users.insert(account.name);
  }
  return users;
}

struct UserEntry {
  std::string object;
  std::string user;
  bool is_admin = false;
  std::vector<std::string> words;
};

// The grants to users, one entry per object and user; objects that have no name on this wire are left out, and so are
// entries that no word says.
std::vector<UserEntry> UserEntries(const std::vector<GrantEntry>& grants) {
  std::map<std::pair<std::string, std::string>, std::pair<const Securable*, PrivilegeSet>> sets;
  for (const GrantEntry& grant : grants) {
    const std::string object = ObjectText(grant.on);
    if (grant.grantee.kind != GranteeKind::kUser || object.empty()) continue;
    auto& [on, set] = sets[{object, grant.grantee.name}];
    on = &grant.on;
    set |= grant.privilege;
  }
  std::vector<UserEntry> entries;
  for (const auto& [key, value] : sets) {
    std::vector<std::string> words = PrivilegeWords(Vocabulary::kDli, *value.first, value.second);
    if (!words.empty()) entries.push_back({key.first, key.second, false, std::move(words)});
  }
  return entries;
}

// Administrators and the owner come first, with everything; their own grants on the object itself add nothing. Whoever
// may not see what others have sees itself alone, as in the grants.
absl::StatusOr<std::vector<UserEntry>> WithAdministrators(const Call& call, const Securable& on,
                                                          const std::string& owner,
                                                          const std::vector<GrantEntry>& grants) {
  const std::string object = ObjectText(on);
  const Principal& who = call.session.principal();
  ASSIGN_OR_RETURN(const Decision shows_all, call.session.Check(who, {Privilege::kShowPrivileges}, on));
  ASSIGN_OR_RETURN(const std::set<std::string> administrators, Administrators(call));
  std::vector<UserEntry> entries;
  const auto add_all = [&](const std::string& user, bool is_admin) {
    if (shows_all.allowed || user == who.name) entries.push_back({object, user, is_admin, {"ALL"}});
  };
  for (const std::string& user : administrators) add_all(user, true);
  if (!owner.empty() && !administrators.contains(owner)) add_all(owner, false);
  for (UserEntry& entry : UserEntries(grants)) {
    const bool has_all = administrators.contains(entry.user) || entry.user == owner;
    if (!has_all || entry.object != object) entries.push_back(std::move(entry));
  }
  return entries;
}

Json ToJson(const UserEntry& entry, bool with_object) {
  Json json = {{"is_admin", entry.is_admin}};
  if (with_object) json["object"] = entry.object;
  json["user_name"] = entry.user;
  json["privileges"] = entry.words;
  return json;
}

Json ToJson(const std::vector<UserEntry>& entries, bool with_object, std::size_t offset = 0,
            std::size_t limit = std::numeric_limits<std::size_t>::max()) {
  Json list = Json::array();
  for (std::size_t i = offset; i < entries.size() && list.size() < limit; ++i) {
    list.push_back(ToJson(entries[i], with_object));
  }
  return list;
}

struct Window {
  std::size_t offset = 0;
  std::size_t limit = std::numeric_limits<std::size_t>::max();
};
absl::StatusOr<Window> ReadWindow(const Call& call) {
  QueryReader query(call.query);
  Window window;
  window.offset = static_cast<std::size_t>(query.Number("offset", 0, kMaxNumber).value_or(0));
  if (const std::optional<int64_t> limit = query.Number("limit", 0, kMaxNumber)) {
    window.limit = static_cast<std::size_t>(*limit);
  }
  RETURN_IF_ERROR(query.status());
  return window;
}

// The user who owns it; empty when it is a role, or nobody.
template <typename Object>
std::string OwnerOf(const Object& object, const std::string& name) {
  return object.owner_type() == model::v1::ROLE || object.owner_type() == model::v1::GROUP ? "" : name;
}

}  // namespace

CallResult AuthorizeQueue(Call& call) {
  ObjectReader fields(call.body);
  const std::string queue = fields.Text("queue_name");
  const std::string user = ReadUser(fields);
  const Action action = ReadAction(fields);
  const std::vector<std::string> words = fields.Texts("privileges");
  if (fields.status().ok() && queue.empty()) fields.Fail("queue_name", "a name", "an empty text");
  RETURN_IF_ERROR(fields.status());
  ASSIGN_OR_RETURN(Change change, MakeChange(action, Queue(queue), words));
  RETURN_IF_ERROR(ApplyAll(call, action, user, {std::move(change)}));
  return Json::object();
}

CallResult AuthorizeData(Call& call) {
  ObjectReader fields(call.body);
  const std::string user = ReadUser(fields);
  const Action action = ReadAction(fields);
  std::vector<std::pair<std::string, std::vector<std::string>>> asked;
  for (ObjectReader& item : fields.Objects("privileges", /*mandatory=*/true)) {
    std::string object = item.Text("object");
    asked.emplace_back(std::move(object), item.Texts("privileges"));
  }
  if (fields.status().ok() && asked.empty()) fields.Fail("privileges", "at least one object", "an empty list");
  RETURN_IF_ERROR(fields.status());
  std::vector<Change> changes;
  for (const auto& [object, words] : asked) {
    ASSIGN_OR_RETURN(Securable on, ParseObject(object));
    ASSIGN_OR_RETURN(Change change, MakeChange(action, std::move(on), words));
    changes.push_back(std::move(change));
  }
  RETURN_IF_ERROR(ApplyAll(call, action, user, changes));
  return Json::object();
}

CallResult ListQueueUsers(Call& call) {
  ASSIGN_OR_RETURN(const Window window, ReadWindow(call));
  const Securable queue = Queue(call.names[0]);
  ASSIGN_OR_RETURN(const std::vector<GrantEntry> grants, call.session.ListGrants({.on = queue}));
  ASSIGN_OR_RETURN(const std::vector<UserEntry> entries, WithAdministrators(call, queue, "", grants));
  return Json{{"queue_name", call.names[0]}, {"privileges", ToJson(entries, false, window.offset, window.limit)}};
}

CallResult ListDatabaseUsers(Call& call) {
  const Securable on = Securable::Database(base::AsciiLower(call.names[0]));
  ASSIGN_OR_RETURN(const std::vector<GrantEntry> grants, call.session.ListGrants({.on = on}));
  ASSIGN_OR_RETURN(const model::v1::Database database, call.Unchecked().GetDatabase(on.database));
  const std::string owner = OwnerOf(database, database.owner_name());
  ASSIGN_OR_RETURN(const std::vector<UserEntry> entries, WithAdministrators(call, on, owner, grants));
  return Json{{"database_name", database.name()}, {"privileges", ToJson(entries, false)}};
}

CallResult ListTableUsers(Call& call) {
  const TableName name{base::AsciiLower(call.names[0]), base::AsciiLower(call.names[1])};
  const Securable on = Securable::Table(name);
  ASSIGN_OR_RETURN(const std::vector<GrantEntry> grants, call.session.ListGrants({.on = on, .beneath = true}));
  ASSIGN_OR_RETURN(const model::v1::Table table, call.Unchecked().GetTable(name));
  const std::string owner = OwnerOf(table, table.owner());
  ASSIGN_OR_RETURN(const std::vector<UserEntry> entries, WithAdministrators(call, on, owner, grants));
  return Json{{"privileges", ToJson(entries, true)}};
}

CallResult ListTablePrivileges(Call& call) {
  const TableName name{base::AsciiLower(call.names[0]), base::AsciiLower(call.names[1])};
  const Securable on = Securable::Table(name);
  const std::string& user = call.names[2];
  ASSIGN_OR_RETURN(const std::vector<GrantEntry> grants,
                   call.session.ListGrants({.grantee = Grantee::User(user), .on = on, .beneath = true}));
  ASSIGN_OR_RETURN(const model::v1::Table table, call.Unchecked().GetTable(name));
  const std::string owner = OwnerOf(table, table.owner());
  ASSIGN_OR_RETURN(const std::vector<UserEntry> entries, WithAdministrators(call, on, owner, grants));
  Json list = Json::array();
  for (const UserEntry& entry : entries) {
    if (entry.user == user) list.push_back(Json{{"object", entry.object}, {"privileges", entry.words}});
  }
  return Json{{"user_name", user}, {"privileges", std::move(list)}};
}

CallResult ListAuthorizationPrivileges(Call& call) {
  ASSIGN_OR_RETURN(const Window window, ReadWindow(call));
  QueryReader query(call.query);
  const std::optional<std::string> object = query.Text("object");
  RETURN_IF_ERROR(query.status());
  if (!object) return absl::InvalidArgumentError("the parameter object: expected an object, found nothing");
  ASSIGN_OR_RETURN(const Securable on, ParseObject(*object));
  if (on.kind != Securable::Kind::kPath) {
    return absl::InvalidArgumentError(base::StrCat(
        "the object ", base::Quoted(*object),
        ": expected jobs.flink.ID, groups.G or resources.R; databases and tables have calls of their own"));
  }
  ASSIGN_OR_RETURN(const std::vector<GrantEntry> grants, call.session.ListGrants({.on = on}));
  ASSIGN_OR_RETURN(const std::vector<UserEntry> entries, WithAdministrators(call, on, "", grants));
  const ObjectParts parts = PartsOf(on.path);
  return Json{{"object_name", parts.name},
              {"object_type", parts.type},
              {"count", entries.size()},
              {"privileges", ToJson(entries, false, window.offset, window.limit)}};
}

}  // namespace lodestone::http::dli
