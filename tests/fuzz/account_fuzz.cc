// What accounts take from outside: key files, ids of keys, tokens, names, and keys with names in them. Any bytes are
// a value or a clear failure that does not repeat them.
#include <memory>
#include <string>
#include <string_view>

#include "catalog/account/accounts.h"
#include "catalog/account/key_file.h"
#include "catalog/account/token_text.h"
#include "catalog/base/strings.h"
#include "catalog/metastore.h"
#include "catalog/privilege/membership.h"
#include "catalog/record/keys.h"
#include "tests/fuzz/check.h"

using namespace lodestone;  // NOLINT: the target is about all of it

namespace {

Metastore& Store() {
  static const std::unique_ptr<Metastore> store = [] {
    auto opened = Metastore::OpenInMemory();
    FUZZ_CHECK(opened.ok());
    FUZZ_CHECK((*opened)->Local().CreateAccount("ana").ok());
    FUZZ_CHECK((*opened)->Local().CreateToken("ana", 1000).ok());
    FUZZ_CHECK((*opened)->Local().CreateAccessKey("ana").ok());
    return *std::move(opened);
  }();
  return *store;
}

// Nobody guesses what was made at random.
void CheckComingIn(const std::string& text) {
  FUZZ_CHECK(Store().FindSigningKey(text).status().code() == absl::StatusCode::kUnauthenticated);
  FUZZ_CHECK(Store().VerifyToken(text).status().code() == absl::StatusCode::kUnauthenticated);
  FUZZ_CHECK(Store().Local().DropToken(text).code() == absl::StatusCode::kNotFound ||
             account::HashPrefixOf(text).has_value());
  const absl::Status unknown = Store().Local().DropAccessKey(text);
  FUZZ_CHECK(unknown.code() == absl::StatusCode::kNotFound);
  FUZZ_CHECK(base::FindInvalidUtf8(base::ToStd(unknown.message())) == std::string_view::npos);
}

void CheckGrantees(const std::string& name) {
  for (const Grantee& grantee : {Grantee::User(name), Grantee::Group(name), Grantee::Role(name)}) {
    const bool fits = privilege::CheckGrantee(grantee).ok();
    std::string bytes;
    record::AppendGrantee(&bytes, grantee);
    // What may be stored reads back; a pair of them as well, whatever the names.
    if (!fits) continue;
    FUZZ_CHECK(record::ParseGrantee(bytes) == grantee);
    const Grantee role = Grantee::Role("r");
    const auto pair = record::ParseMembership(record::MembershipKey(record::CatalogId{1}, grantee, role));
    FUZZ_CHECK(pair.has_value() && pair->first == grantee && pair->second == role);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, std::size_t size) {
  const std::string text(reinterpret_cast<const char*>(data), size);
  if (const auto key = account::ParseKeyFile(text, "file"); key.ok()) {
    FUZZ_CHECK(key->view().size() == account::kKeyBytes && size <= 65);
  } else {
    FUZZ_CHECK(key.status().code() == absl::StatusCode::kFailedPrecondition);
    // A broken file may hold most of a key. (A text with blanks may be of the message itself.)
    FUZZ_CHECK(size < 40 || text.find(' ') != std::string::npos ||
               key.status().message().find(base::ToAbsl(text)) == absl::string_view::npos);
  }
  if (account::IsTokenText(text)) FUZZ_CHECK(account::HashOfToken(text).size() == record::kTokenHashBytes);
  if (const auto prefix = account::HashPrefixOf(text)) FUZZ_CHECK(account::TokenIdOf(*prefix) == text);
  const bool is_name = account::CheckAccountName(text).ok();
  FUZZ_CHECK(!is_name || (size <= 128 && record::IsWellFormed(record::AccountKey(record::CatalogId{1}, text))));
  if (const auto nonce = record::ParseNonce(text)) {
    FUZZ_CHECK(record::NonceKey(nonce->expires_ms, nonce->hash) == text);
  }
  const auto pair = record::ParseMembership(text);
  if (pair) {
    const record::CatalogId catalog{record::ParseHead(text)->id};
    const std::string member = record::MembershipKey(catalog, pair->first, pair->second);
    FUZZ_CHECK(member.substr(1) == text.substr(1));
  }
  CheckGrantees(text);
  CheckComingIn(text);
  return 0;
}
