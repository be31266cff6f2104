// The DLI adapter in process, with accounts: signed requests and tokens.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <utility>

#include "absl/time/time.h"
#include "bindings/common/crypto.h"
#include "bindings/http/dli/signature.h"
#include "catalog/base/strings.h"
#include "tests/unit/dli/dli_fixture.h"

namespace lodestone::http::dli {

// Accounts: `root` (administrator of hive), `ana` and `bob` (of hive), `sam` (of the store), `pia` (of the project p2).
class AuthTest : public DliTest {
 protected:
  void SetUp() override {
    DliTest::SetUp();
    options_.authenticate = true;
    MakeHandler();
    Session local = metastore_->Local();
    model::v1::Catalog catalog;
    catalog.set_name("p2");
    ASSERT_OK(local.CreateCatalog(catalog));
    for (const char* name : {"root", "ana", "bob"}) MakeAccount(local, name, AccountScope::kCatalog);
    MakeAccount(local, "sam", AccountScope::kStore);
    MakeAccount(metastore_->Local("p2"), "pia", AccountScope::kCatalog);
    ASSERT_OK(local.GrantRole(kAdminRole, Grantee::User("root")));
  }

  void MakeAccount(Session session, const std::string& name, AccountScope scope) {
    ASSERT_OK(session.CreateAccount(name, scope));
    auto key = session.CreateAccessKey(name);
    ASSERT_OK(key);
    keys_[name] = *std::move(key);
    auto token = session.CreateToken(name, 3'600'000);
    ASSERT_OK(token);
    tokens_[name] = token->token;
  }

  static Request Make(std::string_view method, std::string_view target, std::string_view body = "") {
    Request request = MakeRequest(method, target, body);
    request.headers = {{"content-type", "application/json"}, {"host", "127.0.0.1:8421"}};
    return request;
  }

  // Signs as the SDK does; `at_ms` is the time of the signature.
  Request Signed(const std::string& user, Request request, int64_t at_ms) const {
    const std::string date =
        base::StrCat(absl::FormatTime("%Y%m%dT%H%M%SZ", absl::FromUnixMillis(at_ms), absl::UTCTimeZone()));
    request.headers.emplace_back("x-sdk-date", date);
    const std::vector<std::string> names = {"content-type", "host", "x-sdk-date"};
    const NewAccessKey& key = keys_.at(user);
    const std::string signature = Sign(key.secret, date, *CanonicalRequest(request, names));
    request.headers.emplace_back("authorization",
                                 base::StrCat("SDK-HMAC-SHA256 Access=", key.id,
                                              ", SignedHeaders=content-type;host;x-sdk-date, Signature=", signature));
    return request;
  }
  // Signed a second later each time, so that no two changes are the same.
  Answer As(const std::string& user, std::string_view method, std::string_view path, std::string_view body = "") {
    clock_.Advance(1000);
    return Send(Signed(user, Make(method, base::StrCat("/v1.0/hive/", path), body), clock_.NowMillis()));
  }
  Answer WithToken(const std::string& user, std::string_view method, std::string_view target,
                   std::string_view body = "") {
    Request request = Make(method, target, body);
    request.headers.emplace_back("x-auth-token", tokens_.at(user));
    return Send(std::move(request));
  }

  std::map<std::string, NewAccessKey> keys_;
  std::map<std::string, std::string> tokens_;
};

}  // namespace lodestone::http::dli
