#include "catalog/session/verify_accounts.h"

#include <algorithm>
#include <optional>
#include <set>
#include <utility>

#include "catalog/account/accounts.h"
#include "catalog/account/secret.h"
#include "catalog/base/status_macros.h"
#include "catalog/base/strings.h"
#include "catalog/privilege/membership.h"
#include "catalog/record/keys.h"
#include "catalog/session/context.h"
#include "catalog/session/objects.h"
#include "lodestone/record/v1/principal.pb.h"

namespace lodestone::session {

namespace {

using base::StrCat;
using record::CatalogId;
using Report = std::function<void(std::string_view key, std::string_view what)>;

class PrincipalVerifier {
 public:
  PrincipalVerifier(const store::Reader& reader, const std::map<uint64_t, std::string>& catalogs, const Report& report)
      : reader_(reader), catalogs_(catalogs), report_(report) {}

  absl::Status Run() {
    using V = PrincipalVerifier;
    RETURN_IF_ERROR(ForTag(record::Tag::kRole, &V::CheckRole));
    RETURN_IF_ERROR(ForTag(record::Tag::kMembership, &V::CheckMembership));
    RETURN_IF_ERROR(ForTag(record::Tag::kMember, &V::CheckMember));
    RETURN_IF_ERROR(ForTag(record::Tag::kAccount, &V::CheckAccount));
    RETURN_IF_ERROR(ForTag(record::Tag::kAccessKey, &V::CheckAccessKey));
    RETURN_IF_ERROR(ForTag(record::Tag::kAccessToken, &V::CheckAccessToken));
    RETURN_IF_ERROR(ForTag(record::Tag::kNonce, &V::CheckNonce));
    return CheckKeyFile();
  }

 private:
  using Check = absl::Status (PrincipalVerifier::*)(std::string_view key, std::string_view value);

  absl::Status ForTag(record::Tag tag, Check check) {
    const store::KeyRange range = store::PrefixRange(std::string(1, static_cast<char>(tag)));
    return ForEach(reader_, range, [&](std::string_view key, std::string_view value) {
      return record::IsWellFormed(key) ? (this->*check)(key, value) : absl::OkStatus();
    });
  }
  template <typename Message>
  bool Decode(std::string_view key, std::string_view value, Message* message) {
    const absl::Status decoded = DecodeAt(key, value, message);
    if (!decoded.ok()) report_(key, base::ToStd(decoded.message()));
    return decoded.ok();
  }
  static CatalogId CatalogOf(std::string_view key) { return CatalogId{record::ParseHead(key)->id}; }
  // Reports a catalog that is not there. 0, the store, always is.
  void CheckCatalog(std::string_view key) {
    const uint64_t id = CatalogOf(key).value;
    if (id != 0 && !catalogs_.contains(id)) report_(key, StrCat("there is no catalog with the id ", id));
  }

  absl::Status CheckRole(std::string_view key, std::string_view value) {
    CheckCatalog(key);
    record::v1::RoleRecord record;
    Decode(key, value, &record);
    const std::string_view name = record::NameUnderParent(key);
    if (name == kAdminRole || name == kPublicRole) report_(key, "every catalog has this role, without a record");
    return absl::OkStatus();
  }

  absl::Status CheckMembership(std::string_view key, std::string_view value) {
    CheckCatalog(key);
    record::v1::MembershipRecord record;
    Decode(key, value, &record);
    const CatalogId catalog = CatalogOf(key);
    const auto [member, of] = *record::ParseMembership(key);
    ASSIGN_OR_RETURN(const auto other, reader_.Get(record::MemberKey(catalog, of, member)));
    if (!other || *other != value) report_(key, "the list of members does not have the same");
    if (!catalog) {
      const bool is_administrator = member.kind == GranteeKind::kUser && of == Grantee::Role(kAdminRole);
      if (!is_administrator) report_(key, "of the store there are users in the role admin alone");
      return absl::OkStatus();
    }
    if (of.kind == GranteeKind::kGroup) {
      if (member.kind != GranteeKind::kUser) report_(key, "groups have users alone as members");
      if (record.admin_option()) report_(key, "groups have no admin option");
      return absl::OkStatus();
    }
    if (of.name == kPublicRole) report_(key, "everybody is a member of public, without a record");
    for (const Grantee& role : {member, of}) {
      if (role.kind != GranteeKind::kRole) continue;
      ASSIGN_OR_RETURN(const bool exists, privilege::RoleExists(reader_, catalog, role.name));
      if (!exists) report_(key, StrCat("there is no ", role.ToString()));
    }
    if (member.kind != GranteeKind::kRole) return absl::OkStatus();
    ASSIGN_OR_RETURN(const auto way, privilege::FindWay(reader_, catalog, of, member));
    if (!way.empty()) report_(key, StrCat(member.ToString(), " is a member of itself"));
    return absl::OkStatus();
  }

  absl::Status CheckMember(std::string_view key, std::string_view) {
    const auto [of, member] = *record::ParseMembership(key);
    ASSIGN_OR_RETURN(const auto other, reader_.Get(record::MembershipKey(CatalogOf(key), member, of)));
    if (!other) report_(key, "the member does not know of it");
    return absl::OkStatus();
  }

  absl::Status CheckAccount(std::string_view key, std::string_view value) {
    CheckCatalog(key);
    record::v1::AccountRecord record;
    if (!Decode(key, value, &record)) return absl::OkStatus();
    const CatalogId catalog = CatalogOf(key);
    const std::string name(record::NameUnderParent(key));
    if (!account::CheckAccountName(name).ok()) report_(key, "no account can have this name");
    const auto named = catalogs_.find(catalog.value);
    const std::string expected = named == catalogs_.end() ? "" : named->second;
    if (record.catalog() != expected) {
      report_(key, StrCat("it says that its catalog is ", base::Quoted(record.catalog()), ", expected ",
                          base::Quoted(expected)));
    }
    if (catalog) {
      ASSIGN_OR_RETURN(const auto of_store, reader_.Get(record::AccountKey(CatalogId{}, name)));
      if (of_store) report_(key, "the store has an account of this name, too");
    }
    for (const std::string& id : record.access_key_ids()) {
      if (!keys_listed_.emplace(id, key).second) report_(key, StrCat("access key ", id, " is listed twice"));
      ASSIGN_OR_RETURN(const auto there, reader_.Get(record::AccessKeyKey(id)));
      if (!there) report_(key, StrCat("access key ", base::Quoted(id), " is listed, and is not there"));
    }
    for (const std::string& hash : record.token_hashes()) {
      const std::string token_key = record::AccessTokenKey(hash);
      if (!tokens_listed_.emplace(hash, key).second) report_(key, "a token is listed twice");
      ASSIGN_OR_RETURN(const auto there, reader_.Get(token_key));
      if (!there) report_(key, StrCat(record::Describe(token_key), " is listed, and is not there"));
    }
    return absl::OkStatus();
  }

  // What a key or token says of its account, and the account's key under which it is listed.
  template <typename Message>
  void CheckListed(std::string_view key, const Message& record, const std::map<std::string, std::string>& listed,
                   std::string_view as) {
    const auto found = listed.find(std::string(as));
    const std::string owner = record::AccountKey(CatalogId{record.catalog_id()}, record.account());
    if (found == listed.end() || found->second != owner) report_(key, "the account that it names does not list it");
  }

  absl::Status CheckAccessKey(std::string_view key, std::string_view value) {
    record::v1::AccessKeyRecord record;
    has_access_keys_ = true;
    if (!Decode(key, value, &record)) return absl::OkStatus();
    CheckListed(key, record, keys_listed_, record::IdInAccessKeyKey(key));
    if (record.nonce().size() != account::kSealNonceBytes || record.sealed_secret().size() <= account::kSealTagBytes) {
      report_(key, StrCat("a secret of ", record.sealed_secret().size(), " bytes with a nonce of ",
                          record.nonce().size(), " was never encrypted"));
    }
    return absl::OkStatus();
  }

  absl::Status CheckAccessToken(std::string_view key, std::string_view value) {
    record::v1::AccessTokenRecord record;
    if (!Decode(key, value, &record)) return absl::OkStatus();
    CheckListed(key, record, tokens_listed_, record::HashInAccessTokenKey(key));
    if (record.expires_ms() <= record.create_time_ms()) report_(key, "it expired before it was made");
    return absl::OkStatus();
  }

  absl::Status CheckNonce(std::string_view key, std::string_view value) {
    if (!value.empty()) report_(key, "expected nothing under it");
    return absl::OkStatus();
  }

  absl::Status CheckKeyFile() {
    const std::string key = record::KeyFileCheckKey();
    ASSIGN_OR_RETURN(const auto value, reader_.Get(key));
    if (!value) {
      if (has_access_keys_) report_(key, "it is not there, and there are access keys");
      return absl::OkStatus();
    }
    record::v1::KeyFileCheck check;
    if (Decode(key, *value, &check) && check.check().size() != account::kKeyBytes) {
      report_(key, StrCat("expected ", account::kKeyBytes, " bytes, found ", check.check().size()));
    }
    return absl::OkStatus();
  }

  const store::Reader& reader_;
  const std::map<uint64_t, std::string>& catalogs_;
  const Report& report_;
  // Id or hash -> the key of the account that lists it.
  std::map<std::string, std::string> keys_listed_;
  std::map<std::string, std::string> tokens_listed_;
  bool has_access_keys_ = false;
};

}  // namespace

absl::Status VerifyPrincipals(const store::Reader& reader, const std::map<uint64_t, std::string>& catalogs,
                              const Report& report) {
  return PrincipalVerifier(reader, catalogs, report).Run();
}

}  // namespace lodestone::session
