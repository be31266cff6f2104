// Accounts, access keys and tokens through the session, and coming in with them.
#include <set>
#include <string>
#include <vector>

#include "catalog/errors.h"
#include "catalog/session.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/support/matchers.h"
#include "tests/unit/session/fixture.h"

namespace lodestone::testing {
namespace {

using absl::StatusCode;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::MatchesRegex;

constexpr int64_t kHour = 3'600'000;

class AccountsTest : public SessionTest {
 protected:
  AccountsTest() : local_(metastore_->Local()) {}

  // A second catalog, `sales`, and a session of the embedding program in it.
  Session Sales() {
    model::v1::Catalog catalog;
    catalog.set_name("sales");
    EXPECT_OK(local_.CreateCatalog(catalog));
    return metastore_->Local("sales");
  }
  std::string MakeKey(Session& session, std::string_view account) {
    auto made = session.CreateAccessKey(account);
    EXPECT_OK(made);
    return made.ok() ? made->id : "";
  }
  std::string MakeToken(Session& session, std::string_view account, int64_t lifetime_ms = kHour) {
    auto made = session.CreateToken(account, lifetime_ms);
    EXPECT_OK(made);
    return made.ok() ? made->token : "";
  }
  std::vector<std::string> AccountNames(const Session& session) {
    auto accounts = session.ListAccounts();
    EXPECT_OK(accounts);
    std::vector<std::string> names;
    for (const Account& account : accounts.ok() ? *accounts : std::vector<Account>()) {
      names.push_back(account.catalog + ":" + account.name);
    }
    return names;
  }
  // Whom both a key and a token of the account stand for now; empty: nobody.
  std::string WhoComesIn(const std::string& key, const std::string& token) {
    const auto by_key = metastore_->FindSigningKey(key);
    const auto by_token = metastore_->VerifyToken(token);
    EXPECT_EQ(by_key.ok(), by_token.ok());
    if (!by_key.ok() || !by_token.ok()) {
      EXPECT_THAT(by_key, HasCode(StatusCode::kUnauthenticated));
      EXPECT_THAT(by_token, HasCode(StatusCode::kUnauthenticated));
      return "";
    }
    EXPECT_EQ(by_key->identity.principal.name, by_token->principal.name);
    EXPECT_EQ(by_key->identity.catalog, by_token->catalog);
    return by_token->catalog + ":" + by_token->principal.name;
  }

  Session local_;
};

TEST_F(AccountsTest, AnAccountIsMadeShownDisabledAndDropped) {
  EXPECT_FALSE(*metastore_->HasAccounts());
  ASSERT_OK(local_.CreateAccount("ana"));
  EXPECT_TRUE(*metastore_->HasAccounts());
  const auto account = local_.GetAccount("ana");
  ASSERT_OK(account);
  EXPECT_EQ(account->name, "ana");
  EXPECT_EQ(account->catalog, "hive");
  EXPECT_TRUE(account->enabled);
  EXPECT_EQ(account->create_time_ms, kStart);
  EXPECT_THAT(local_.CreateAccount("ana"), HasCode(StatusCode::kAlreadyExists));
  EXPECT_THAT(local_.GetAccount("Ana"), FailsWith(StatusCode::kNotFound, "account Ana does not exist"));
  ASSERT_OK(local_.EnableAccount("ana", false));
  EXPECT_FALSE(local_.GetAccount("ana")->enabled);
  ASSERT_OK(local_.DropAccount("ana"));
  EXPECT_THAT(local_.GetAccount("ana"), HasCode(StatusCode::kNotFound));
  EXPECT_THAT(local_.DropAccount("ana"), HasCode(StatusCode::kNotFound));
  EXPECT_FALSE(*metastore_->HasAccounts());
}

TEST_F(AccountsTest, NamesHaveRules) {
  const struct {
    std::string name;
    bool ok;
  } cases[] = {{"a", true},
               {"Ana.Maria_2-x@example+y", true},
               {std::string(128, 'x'), true},
               {"", false},
               {std::string(129, 'x'), false},
               {"ana maria", false},
               {"ana/maria", false},
               {"ana\n", false},
               {"\xC3\xA4", false},
               {"a:b", false}};
  for (const auto& c : cases) {
    EXPECT_THAT(local_.CreateAccount(c.name), HasCode(c.ok ? StatusCode::kOk : StatusCode::kInvalidArgument)) << c.name;
  }
}

TEST_F(AccountsTest, KeysAndTokensStandForTheirAccount) {
  ASSERT_OK(local_.CreateAccount("ana"));
  const auto key = local_.CreateAccessKey("ana");
  ASSERT_OK(key);
  EXPECT_THAT(key->id, MatchesRegex("[A-Z0-9]{20}"));
  EXPECT_THAT(key->secret, MatchesRegex("[A-Za-z0-9]{40}"));
  const auto found = metastore_->FindSigningKey(key->id);
  ASSERT_OK(found);
  EXPECT_EQ(found->secret, key->secret);
  const auto token = local_.CreateToken("ana", kHour);
  ASSERT_OK(token);
  EXPECT_THAT(token->token, MatchesRegex("[0-9a-f]{64}"));
  EXPECT_EQ(token->expires_ms, kStart + kHour);
  EXPECT_EQ(WhoComesIn(key->id, token->token), "hive:ana");
}

TEST_F(AccountsTest, NobodyElseComesIn) {
  ASSERT_OK(local_.CreateAccount("ana"));
  const std::string key = MakeKey(local_, "ana");
  const std::string token = MakeToken(local_, "ana");
  for (std::string id : {std::string(), std::string("A"), std::string(20, 'A'), key + "A", key.substr(1),
                         std::string(20, '\0'), std::string(1000, 'A')}) {
    EXPECT_THAT(metastore_->FindSigningKey(id), FailsWith(StatusCode::kUnauthenticated, "the access key is unknown"));
  }
  // Every change of one character, and what is too short or too long.
  std::vector<std::string> wrong = {"", token + "0", token.substr(1), std::string(64, '0')};
  for (std::size_t at = 0; at < token.size(); ++at) {
    wrong.push_back(token);
    wrong.back()[at] = token[at] == '0' ? '1' : '0';
  }
  wrong.push_back(token);
  for (char& c : wrong.back()) c = static_cast<char>(std::toupper(c));
  for (const std::string& text : wrong) {
    EXPECT_THAT(metastore_->VerifyToken(text), FailsWith(StatusCode::kUnauthenticated, "the token is unknown"));
  }
}

TEST_F(AccountsTest, WhyNobodyComesInIsNotTold) {
  ASSERT_OK(local_.CreateAccount("ana"));
  const std::string inactive = MakeKey(local_, "ana");
  ASSERT_OK(local_.ActivateAccessKey(inactive, false));
  ASSERT_OK(local_.CreateAccount("ben"));
  const std::string disabled = MakeKey(local_, "ben");
  const std::string token = MakeToken(local_, "ben");
  const std::string expired = MakeToken(local_, "ana", 1);
  ASSERT_OK(local_.EnableAccount("ben", false));
  clock_.Advance(1);
  std::set<std::string> words;
  for (const std::string& id : {inactive, disabled, std::string(20, 'A')}) {
    words.insert(metastore_->FindSigningKey(id).status().ToString());
  }
  EXPECT_EQ(words.size(), 1U);
  words.clear();
  for (const std::string& text : {token, expired, std::string(64, '0')}) {
    words.insert(metastore_->VerifyToken(text).status().ToString());
  }
  EXPECT_EQ(words.size(), 1U);
}

TEST_F(AccountsTest, WhatIsTakenAwayNoLongerWorksAndComesBackWhereItCan) {
  ASSERT_OK(local_.CreateAccount("ana"));
  const std::string key = MakeKey(local_, "ana");
  const std::string token = MakeToken(local_, "ana");
  ASSERT_OK(local_.EnableAccount("ana", false));
  EXPECT_EQ(WhoComesIn(key, token), "");
  ASSERT_OK(local_.EnableAccount("ana", true));
  EXPECT_EQ(WhoComesIn(key, token), "hive:ana");
  ASSERT_OK(local_.ActivateAccessKey(key, false));
  EXPECT_THAT(metastore_->FindSigningKey(key), HasCode(StatusCode::kUnauthenticated));
  ASSERT_OK(local_.ActivateAccessKey(key, true));
  EXPECT_OK(metastore_->FindSigningKey(key));
  ASSERT_OK(local_.DropAccount("ana"));
  EXPECT_EQ(WhoComesIn(key, token), "");
  // An account of the same name is another one.
  ASSERT_OK(local_.CreateAccount("ana"));
  EXPECT_EQ(WhoComesIn(key, token), "");
  EXPECT_THAT(*local_.ListAccessKeys("ana"), IsEmpty());
  EXPECT_THAT(*local_.ListTokens("ana"), IsEmpty());
}

TEST_F(AccountsTest, TokensEndAtTheirTimeToTheMillisecond) {
  ASSERT_OK(local_.CreateAccount("ana"));
  const std::string token = MakeToken(local_, "ana", 1000);
  clock_.Advance(999);
  EXPECT_OK(metastore_->VerifyToken(token));
  clock_.Advance(1);
  EXPECT_THAT(metastore_->VerifyToken(token), HasCode(StatusCode::kUnauthenticated));
  for (const int64_t lifetime : {int64_t{0}, int64_t{-1}, int64_t{367} * 24 * kHour}) {
    EXPECT_THAT(local_.CreateToken("ana", lifetime), FailsWith(StatusCode::kInvalidArgument, "lifetime of a token"));
  }
}

TEST_F(AccountsTest, KeysAreRotated) {
  ASSERT_OK(local_.CreateAccount("ana"));
  const std::string first = MakeKey(local_, "ana");
  const std::string second = MakeKey(local_, "ana");
  ASSERT_OK(local_.ActivateAccessKey(first, false));
  const auto keys = local_.ListAccessKeys("ana");
  ASSERT_OK(keys);
  ASSERT_EQ(keys->size(), 2U);
  EXPECT_EQ((*keys)[0].id, first);
  EXPECT_FALSE((*keys)[0].active);
  EXPECT_EQ((*keys)[1].id, second);
  EXPECT_TRUE((*keys)[1].active);
  EXPECT_EQ((*keys)[1].account, "ana");
  ASSERT_OK(local_.DropAccessKey(first));
  EXPECT_THAT(local_.DropAccessKey(first), HasCode(StatusCode::kNotFound));
  EXPECT_EQ(local_.ListAccessKeys("ana")->size(), 1U);
  EXPECT_OK(metastore_->FindSigningKey(second));
}

TEST_F(AccountsTest, KeysAndTokensAreBounded) {
  ASSERT_OK(local_.CreateAccount("ana"));
  std::string last;
  for (int i = 0; i < 10; ++i) last = MakeKey(local_, "ana");
  EXPECT_THAT(local_.CreateAccessKey("ana"), FailsWith(StatusCode::kFailedPrecondition, "has 10 access keys"));
  ASSERT_OK(local_.DropAccessKey(last));
  EXPECT_OK(local_.CreateAccessKey("ana"));
  for (int i = 0; i < 100; ++i) MakeToken(local_, "ana", 1000 + i);
  EXPECT_THAT(local_.CreateToken("ana", kHour), FailsWith(StatusCode::kFailedPrecondition, "has 100 tokens"));
  // Those whose time is over make room.
  clock_.Advance(1001);
  EXPECT_OK(local_.CreateToken("ana", kHour));
  EXPECT_EQ(local_.ListTokens("ana")->size(), 99U);
}

TEST_F(AccountsTest, TokensAreDroppedByTheirId) {
  ASSERT_OK(local_.CreateAccount("ana"));
  const std::string first = MakeToken(local_, "ana");
  const std::string second = MakeToken(local_, "ana");
  const auto tokens = local_.ListTokens("ana");
  ASSERT_OK(tokens);
  ASSERT_EQ(tokens->size(), 2U);
  EXPECT_THAT((*tokens)[0].id, MatchesRegex("[0-9a-f]{8}"));
  EXPECT_EQ((*tokens)[0].expires_ms, kStart + kHour);
  ASSERT_OK(local_.DropToken((*tokens)[0].id));
  EXPECT_THAT(metastore_->VerifyToken(first), HasCode(StatusCode::kUnauthenticated));
  EXPECT_OK(metastore_->VerifyToken(second));
  for (const std::string& id : {(*tokens)[0].id, std::string(), std::string("0"), std::string("ABCDEF01"), first}) {
    EXPECT_THAT(local_.DropToken(id), HasCode(StatusCode::kNotFound)) << id;
  }
}

TEST_F(AccountsTest, MaintainTakesExpiredTokensAway) {
  ASSERT_OK(local_.CreateAccount("ana"));
  MakeToken(local_, "ana", 10);
  const std::string stays = MakeToken(local_, "ana", kHour);
  clock_.Advance(10);
  ASSERT_OK(metastore_->Maintain());
  EXPECT_EQ(local_.ListTokens("ana")->size(), 1U);
  EXPECT_OK(metastore_->VerifyToken(stays));
}

TEST_F(AccountsTest, TenantsAreKeptApart) {
  Session sales = Sales();
  ASSERT_OK(local_.CreateAccount("ana"));
  ASSERT_OK(sales.CreateAccount("ana"));
  ASSERT_OK(sales.CreateAccount("cem"));
  const std::string key = MakeKey(sales, "ana");
  const std::string token = MakeToken(sales, "ana");
  EXPECT_EQ(WhoComesIn(key, token), "sales:ana");
  EXPECT_THAT(AccountNames(local_), ElementsAre("hive:ana"));
  EXPECT_THAT(AccountNames(sales), ElementsAre("sales:ana", "sales:cem"));
  const std::string token_id = (*sales.ListTokens("ana"))[0].id;
  EXPECT_THAT(local_.GetAccount("cem"), HasCode(StatusCode::kNotFound));
  EXPECT_THAT(local_.ActivateAccessKey(key, false), HasCode(StatusCode::kNotFound));
  EXPECT_THAT(local_.DropAccessKey(key), HasCode(StatusCode::kNotFound));
  EXPECT_THAT(local_.DropToken(token_id), HasCode(StatusCode::kNotFound));
  EXPECT_THAT(*local_.ListAccessKeys("ana"), IsEmpty());
  EXPECT_EQ(WhoComesIn(key, token), "sales:ana");
}

TEST_F(AccountsTest, AccountsOfTheStoreEnterEveryCatalogAndShareNoName) {
  Session sales = Sales();
  ASSERT_OK(sales.CreateAccount("ana"));
  EXPECT_THAT(local_.CreateAccount("ana", AccountScope::kStore), HasCode(StatusCode::kAlreadyExists));
  ASSERT_OK(local_.CreateAccount("root", AccountScope::kStore));
  EXPECT_THAT(sales.CreateAccount("root"), HasCode(StatusCode::kAlreadyExists));
  EXPECT_EQ(local_.GetAccount("root")->catalog, "");
  EXPECT_EQ(sales.GetAccount("root")->catalog, "");
  EXPECT_EQ(WhoComesIn(MakeKey(sales, "root"), MakeToken(local_, "root")), ":root");
  EXPECT_THAT(AccountNames(sales), ElementsAre(":root", "sales:ana"));
}

TEST_F(AccountsTest, AccountsFollowTheirCatalog) {
  Session sales = Sales();
  ASSERT_OK(sales.CreateAccount("ana"));
  const std::string key = MakeKey(sales, "ana");
  const std::string token = MakeToken(sales, "ana");
  ASSERT_OK(local_.RenameCatalog("sales", "shop"));
  EXPECT_EQ(WhoComesIn(key, token), "shop:ana");
  ASSERT_OK(local_.DropCatalog("shop"));
  EXPECT_EQ(WhoComesIn(key, token), "");
  // Another catalog of that name is none of hers.
  model::v1::Catalog other;
  other.set_name("shop");
  ASSERT_OK(local_.CreateCatalog(other));
  EXPECT_EQ(WhoComesIn(key, token), "");
  EXPECT_THAT(metastore_->Local("shop").GetAccount("ana"), HasCode(StatusCode::kNotFound));
  ASSERT_OK(local_.DropCatalog("shop", {.purge = Purge::kYes}));
  ASSERT_OK(local_.UndropCatalog("shop"));
  EXPECT_EQ(WhoComesIn(key, token), "shop:ana");
  ASSERT_OK(local_.DropCatalog("shop", {.purge = Purge::kYes}));
  EXPECT_FALSE(*metastore_->HasAccounts());
  EXPECT_EQ(WhoComesIn(key, token), "");
  ExpectSound();
}

TEST_F(AccountsTest, ACatalogThatIsNotThereHasNoAccounts) {
  Session nowhere = metastore_->Local("nowhere");
  ASSERT_OK(local_.CreateAccount("root", AccountScope::kStore));
  EXPECT_THAT(nowhere.CreateAccount("ana"), FailsWith(StatusCode::kNotFound, "catalog nowhere"));
  EXPECT_THAT(nowhere.GetAccount("root"), FailsWith(StatusCode::kNotFound, "catalog nowhere"));
  EXPECT_THAT(nowhere.ListAccounts(), FailsWith(StatusCode::kNotFound, "catalog nowhere"));
}

TEST_F(AccountsTest, WhoIsNoAdministratorIsRefusedInTheSameWordsWhetherThereIsOneOrNot) {
  ASSERT_OK(local_.CreateAccount("ana"));
  const std::string key = MakeKey(local_, "ana");
  MakeToken(local_, "ana");
  const std::string token_id = (*local_.ListTokens("ana"))[0].id;
  Session ben = metastore_->As(Principal{.name = "ben"});
  EXPECT_THAT(ben.ListAccounts(), HasCode(StatusCode::kPermissionDenied));
  const struct {
    absl::Status there;
    absl::Status absent;
  } cases[] = {
      {ben.CreateAccount("ana"), ben.CreateAccount("anb")},
      {ben.CreateAccount("ana", AccountScope::kStore), ben.CreateAccount("anb", AccountScope::kStore)},
      {ben.GetAccount("ana").status(), ben.GetAccount("anb").status()},
      {ben.EnableAccount("ana", false), ben.EnableAccount("anb", false)},
      {ben.DropAccount("ana"), ben.DropAccount("anb")},
      {ben.CreateAccessKey("ana").status(), ben.CreateAccessKey("anb").status()},
      {ben.ListAccessKeys("ana").status(), ben.ListAccessKeys("anb").status()},
      {ben.CreateToken("ana", kHour).status(), ben.CreateToken("anb", kHour).status()},
      {ben.ListTokens("ana").status(), ben.ListTokens("anb").status()},
      {ben.ActivateAccessKey(key, false), ben.ActivateAccessKey(std::string(20, 'A'), false)},
      {ben.DropAccessKey(key), ben.DropAccessKey(std::string(20, 'A'))},
      {ben.DropToken(token_id), ben.DropToken("00000000")},
  };
  const auto same = [&](const absl::Status& status, std::string_view name, std::string_view as) {
    std::string text(status.message());
    const std::size_t at = text.find(name);
    return at == std::string::npos ? text : text.replace(at, name.size(), as);
  };
  for (const auto& c : cases) {
    EXPECT_THAT(c.there, HasCode(StatusCode::kPermissionDenied));
    EXPECT_THAT(c.absent, HasCode(StatusCode::kPermissionDenied));
    std::string absent = same(c.absent, "anb", "ana");
    absent = same(absl::PermissionDeniedError(absent), std::string(20, 'A'), key);
    absent = same(absl::PermissionDeniedError(absent), "00000000", token_id);
    EXPECT_EQ(std::string(c.there.message()), absent);
  }
  EXPECT_OK(metastore_->FindSigningKey(key));
}

}  // namespace
}  // namespace lodestone::testing
