#include <array>
#include <string>
#include <vector>

#include "bindings/http/dla/actions.h"
#include "bindings/http/dla/errors.h"
#include "bindings/http/dla/json_value.h"
#include "catalog/base/status_macros.h"
#include "catalog/base/strings.h"
#include "catalog/errors.h"

namespace lodestone::http::dla {

namespace {

using base::StrCat;

constexpr std::string_view kBag = "PrivilegeBag";

// One HiveObjectPrivilege.
struct Entry {
  Grantee to;
  Securable on;
  PrivilegeSet privileges;
  std::string privilege_text;  // as sent, for messages
  bool grant_option = false;
};

absl::Status CheckUser(const JsonValue& object) {
  ASSIGN_OR_RETURN(const std::string type, object.FindText("PrincipalType"));
  if (type.empty() || base::EqualsIgnoreCase(type, "USER")) return absl::OkStatus();
  return Invalid(kBag, StrCat(object.path(), ".PrincipalType: expected USER, found ", base::Quoted(type, 80)));
}

absl::StatusOr<std::string> NeedNonEmpty(const JsonValue& object, std::string_view name) {
  ASSIGN_OR_RETURN(std::string text, object.NeedText(name));
  if (text.empty()) return Missing(kBag, StrCat(object.path(), ".", name, " is empty"));
  return text;
}

absl::StatusOr<Securable> ReadObject(const JsonValue& ref) {
  ASSIGN_OR_RETURN(const std::string type, NeedNonEmpty(ref, "HiveObjectType"));
  // Everything of the tenant, whatever else is named: a tenant is a catalog.
  if (base::EqualsIgnoreCase(type, "GLOBAL")) return Securable::Catalog();
  const bool is_table = base::EqualsIgnoreCase(type, "TABLE");
  if (!is_table && !base::EqualsIgnoreCase(type, "DATABASE")) {
    return Invalid(kBag, StrCat(ref.path(), ".HiveObjectType: expected GLOBAL, DATABASE or TABLE, found ",
                                base::Quoted(type, 80)));
  }
  ASSIGN_OR_RETURN(const std::string database, NeedNonEmpty(ref, "DbName"));
  if (!is_table) return Securable::Database(database);
  ASSIGN_OR_RETURN(const std::string table, NeedNonEmpty(ref, "TableName"));
  return Securable::Table({.database = database, .table = table});
}

// One word, or several with commas between.
absl::StatusOr<PrivilegeSet> ReadPrivileges(const JsonValue& info, std::string_view text, Securable::Kind kind) {
  PrivilegeSet all;
  for (const std::string_view piece : base::Split(text, ',')) {
    const auto one = ParsePrivilege(Vocabulary::kDla, kind, base::TrimWhitespace(piece));
    if (!one.ok()) {
      return Invalid(kBag, StrCat(info.path(), ".Privilege: ", base::ToStd(one.status().message())));
    }
    all |= *one;
  }
  return all;
}

absl::StatusOr<Entry> ReadEntry(const JsonValue& item) {
  // One example of the reference has a level more.
  ASSIGN_OR_RETURN(const JsonValue::Field wrapped, item.Find("PARAM_KEY"));
  const JsonValue& value = wrapped ? *wrapped : item;
  Entry entry;
  ASSIGN_OR_RETURN(const JsonValue ref, value.Need("HiveObjectRef"));
  ASSIGN_OR_RETURN(entry.on, ReadObject(ref));
  ASSIGN_OR_RETURN(const std::string name, NeedNonEmpty(value, "PrincipalName"));
  entry.to = Grantee::User(name);
  RETURN_IF_ERROR(CheckUser(value));
  ASSIGN_OR_RETURN(const JsonValue info, value.Need("PrivilegeGrantInfo"));
  RETURN_IF_ERROR(CheckUser(info));
  ASSIGN_OR_RETURN(const JsonValue::Field option, info.Find("GrantOption"));
  if (option) {
    ASSIGN_OR_RETURN(entry.grant_option, option->Boolean());
  }
  ASSIGN_OR_RETURN(entry.privilege_text, NeedNonEmpty(info, "Privilege"));
  ASSIGN_OR_RETURN(entry.privileges, ReadPrivileges(info, entry.privilege_text, entry.on.kind));
  return entry;
}

absl::StatusOr<std::vector<Entry>> ReadBag(const Parameters& parameters) {
  ASSIGN_OR_RETURN(const std::string_view text, Need(parameters, kBag));
  ASSIGN_OR_RETURN(const JsonDocument document, JsonDocument::Parse(kBag, text));
  ASSIGN_OR_RETURN(const JsonValue list, document.root().Need("HiveObjectPrivilege"));
  std::vector<Entry> entries;
  const auto add = [&](const JsonValue& item) -> absl::Status {
    ASSIGN_OR_RETURN(Entry entry, ReadEntry(item));
    entries.push_back(std::move(entry));
    return absl::OkStatus();
  };
  RETURN_IF_ERROR(list.ForEach(add));
  if (entries.empty()) return Missing(kBag, "PrivilegeBag.HiveObjectPrivilege is empty");
  return entries;
}

// The reference's text for a signer who may not; every other failure as it is.
absl::Status WithDeniedText(const absl::Status& status, const Session& session, std::string_view verb,
                            const Entry& entry) {
  const auto error = DomainErrorOf(status);
  if (!error || error->kind != ErrorKind::kNoPrivilege) return status;
  return MakeError(error->kind, error->object_kind, error->object,
                   StrCat("Access denied for user '", session.principal().name, "' to ", verb, " '",
                          entry.privilege_text, "' to ", entry.to.name));
}

// All entries or none.
absl::Status Change(const Call& call, std::string_view verb,
                    absl::FunctionRef<absl::Status(Session&, const Entry&)> change) {
  ASSIGN_OR_RETURN(const std::vector<Entry> entries, ReadBag(call.parameters));
  const auto body = [&](Session& inside) -> absl::Status {
    for (const Entry& entry : entries) {
      RETURN_IF_ERROR(WithDeniedText(change(inside, entry), inside, verb, entry));
    }
    return absl::OkStatus();
  };
  RETURN_IF_ERROR(call.session.Transact(body).status());
  call.out.Boolean("Data", true);
  return absl::OkStatus();
}

}  // namespace

absl::Status GrantPrivileges(const Call& call) {
  return Change(call, "grant", [](Session& inside, const Entry& entry) {
    return inside.Grant(
        {.to = entry.to, .privileges = entry.privileges, .on = entry.on, .grant_option = entry.grant_option});
  });
}

// GrantOption describes the grant that goes; the privilege goes either way.
absl::Status RevokePrivileges(const Call& call) {
  return Change(call, "revoke", [](Session& inside, const Entry& entry) {
    return inside.Revoke({.from = entry.to, .privileges = entry.privileges, .on = entry.on});
  });
}

}  // namespace lodestone::http::dla
