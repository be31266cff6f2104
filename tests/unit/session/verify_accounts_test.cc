// Each rule about roles, groups, accounts, keys, tokens and nonces is broken once, and found.
#include <functional>
#include <string>
#include <vector>

#include "catalog/account/accounts.h"
#include "catalog/session/context.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "lodestone/record/v1/principal.pb.h"
#include "tests/unit/session/fixture.h"
#include "tests/unit/session/violations.h"

namespace lodestone::testing {
namespace {

using record::CatalogId;
using record::v1::AccessKeyRecord;
using record::v1::AccessTokenRecord;
using record::v1::AccountRecord;
using record::v1::MembershipRecord;

class VerifyAccountsTest : public SessionTest {
 protected:
  void SetUp() override {
    Session local = metastore_->Local();
    ASSERT_OK(local.CreateRole("etl"));
    ASSERT_OK(local.CreateRole("lead"));
    ASSERT_OK(local.GrantRole("etl", Grantee::User("ana"), true));
    ASSERT_OK(local.GrantRole("etl", Grantee::Role("lead")));
    ASSERT_OK(local.GrantRole("admin", Grantee::Group("ops")));
    ASSERT_OK(local.AddToGroup("ops", "ben"));
    ASSERT_OK(local.SetStoreAdministrator("root", true));
    ASSERT_OK(local.CreateAccount("ana"));
    ASSERT_OK(local.CreateAccount("root", AccountScope::kStore));
    key_ = record::AccessKeyKey(local.CreateAccessKey("ana")->id);
    ASSERT_OK(local.CreateToken("ana", 1000));
    hash_ = Read<AccountRecord>(AnaKey()).token_hashes(0);
    token_ = record::AccessTokenKey(hash_);
    ASSERT_OK(metastore_->UseNonce("n", kStart + 1000));
    ExpectSound();
  }
  std::string AnaKey() const { return record::AccountKey(hive_, "ana"); }
  template <typename Message>
  Message Read(const std::string& key) {
    auto found = session::ReadRecord<Message>(*metastore_->impl()->store().Snapshot(), key);
    EXPECT_OK(found);
    return found.ok() && found->has_value() ? **found : Message();
  }
  void Join(store::Transaction& txn, CatalogId catalog, const Grantee& member, const Grantee& of) {
    session::PutRecord(txn, record::MembershipKey(catalog, member, of), MembershipRecord());
    session::PutRecord(txn, record::MemberKey(catalog, of, member), MembershipRecord());
  }
  // What verify says of a store that the seed damaged; the damage is undone.
  std::string FindingsOf(const std::function<void(store::Transaction&)>& seed) {
    store::Store& store = metastore_->impl()->store();
    const auto before = store.Snapshot();
    std::string all;
    FindAfter(*metastore_, seed, &all);
    auto back = store.Begin();
    EXPECT_OK(back);
    (*back)->DeleteRange({});
    const auto cursor = before->NewCursor({});
    for (cursor->SeekToFirst(); cursor->Valid(); cursor->Next()) (*back)->Put(cursor->key(), cursor->value());
    EXPECT_OK((*back)->Commit(store::Durability::kSync));
    return all;
  }

  const CatalogId hive_{1};
  const CatalogId nobody_{1000};
  std::string key_, token_, hash_;
};

TEST_F(VerifyAccountsTest, EveryRuleIsChecked) {
  const Grantee ana = Grantee::User("ana");
  const Grantee etl = Grantee::Role("etl");
  const Grantee lead = Grantee::Role("lead");
  const auto put = [](const std::string& key, std::string value) {
    return [=](store::Transaction& txn) { txn.Put(key, value); };
  };
  const auto gone = [](const std::string& key) { return [=](store::Transaction& txn) { txn.Delete(key); }; };
  const Violation cases[] = {
      {"a role's catalog", put(record::RoleKey(nobody_, "x"), "\x01"), "there is no catalog with the id 1000"},
      {"a role's record", put(record::RoleKey(hive_, "etl"), "\x01\xFF"), "role \"etl\" of catalog 1"},
      {"built-in roles", put(record::RoleKey(hive_, "admin"), "\x01"), "every catalog has this role"},
      {"a role of a member", gone(record::RoleKey(hive_, "etl")), "there is no role etl"},
      {"a role as a member", gone(record::RoleKey(hive_, "lead")), "there is no role lead"},
      {"a membership's catalog", [&](auto& txn) { Join(txn, nobody_, ana, Grantee::Role("admin")); },
       "membership of user \"ana\" in role \"admin\" of catalog 1000: there is no catalog"},
      {"the other side", gone(record::MemberKey(hive_, etl, ana)), "the list of members does not have the same"},
      {"the same on the other side", put(record::MemberKey(hive_, etl, ana), "\x01"),
       "the list of members does not have the same"},
      {"this side", gone(record::MembershipKey(hive_, ana, etl)), "the member does not know of it"},
      {"a membership's record", put(record::MembershipKey(hive_, ana, etl), "\x01\xFF"), "are no message"},
      {"nobody in public", [&](auto& txn) { Join(txn, hive_, ana, Grantee::Role("public")); }, "without a record"},
      {"circles", [&](auto& txn) { Join(txn, hive_, etl, lead); }, "role etl is a member of itself"},
      {"groups of users", [&](auto& txn) { Join(txn, hive_, etl, Grantee::Group("ops")); }, "groups have users alone"},
      {"groups without option",
       [&](auto& txn) {
         for (const std::string& key : {record::MembershipKey(hive_, Grantee::User("ben"), Grantee::Group("ops")),
                                        record::MemberKey(hive_, Grantee::Group("ops"), Grantee::User("ben"))}) {
           Change<MembershipRecord>(txn, key, [](MembershipRecord* m) { m->set_admin_option(true); });
         }
       },
       "groups have no admin option"},
      {"the store's memberships", [&](auto& txn) { Join(txn, CatalogId{}, ana, etl); },
       "users in the role admin alone"},
      {"an account's catalog",
       [&](auto& txn) { session::PutRecord(txn, record::AccountKey(nobody_, "x"), AccountRecord()); },
       "account \"x\" of catalog 1000: there is no catalog"},
      {"the name of an account's catalog",
       [&](auto& txn) { Change<AccountRecord>(txn, AnaKey(), [](AccountRecord* a) { a->set_catalog("sales"); }); },
       "it says that its catalog is \"sales\", expected \"hive\""},
      {"an account's name", put(record::AccountKey(CatalogId{}, "a b"), "\x01"), "no account can have this name"},
      {"one account of a name", put(record::AccountKey(CatalogId{}, "ana"), "\x01"),
       "the store has an account of this"},
      {"an account's record", put(AnaKey(), "\x01\xFF"), "account \"ana\" of catalog 1"},
      {"keys that are listed", gone(key_), "is listed, and is not there"},
      {"keys that are listed once",
       [&](auto& txn) {
         Change<AccountRecord>(txn, AnaKey(), [](AccountRecord* a) { a->add_access_key_ids(a->access_key_ids(0)); });
       },
       "is listed twice"},
      {"keys that are not listed",
       [&](auto& txn) { Change<AccountRecord>(txn, AnaKey(), [](AccountRecord* a) { a->clear_access_key_ids(); }); },
       "the account that it names does not list it"},
      {"the account of a key",
       [&](auto& txn) { Change<AccessKeyRecord>(txn, key_, [](AccessKeyRecord* k) { k->set_account("ben"); }); },
       "the account that it names does not list it"},
      {"a key's record", put(key_, "\x01\xFF"), "are no message"},
      {"an encrypted secret",
       [&](auto& txn) {
         Change<AccessKeyRecord>(txn, key_, [](AccessKeyRecord* k) { k->set_sealed_secret("plain"); });
       },
       "a secret of 5 bytes with a nonce of 12 was never encrypted"},
      {"a nonce of a secret",
       [&](auto& txn) { Change<AccessKeyRecord>(txn, key_, [](AccessKeyRecord* k) { k->clear_nonce(); }); },
       "was never encrypted"},
      {"tokens that are listed", gone(token_), "is listed, and is not there"},
      {"tokens that are listed once",
       [&](auto& txn) {
         Change<AccountRecord>(txn, AnaKey(), [](AccountRecord* a) { a->add_token_hashes(a->token_hashes(0)); });
       },
       "a token is listed twice"},
      {"tokens that are not listed",
       [&](auto& txn) { Change<AccountRecord>(txn, AnaKey(), [](AccountRecord* a) { a->clear_token_hashes(); }); },
       "the account that it names does not list it"},
      {"a token's time",
       [&](auto& txn) { Change<AccessTokenRecord>(txn, token_, [](AccessTokenRecord* t) { t->set_expires_ms(1); }); },
       "it expired before it was made"},
      {"a token's record", put(token_, "\x01\xFF"), "are no message"},
      {"a nonce's value", put(record::NonceKey(kStart, std::string(16, 'h')), "x"), "expected nothing under it"},
      {"the check of the key file", gone(record::KeyFileCheckKey()), "it is not there, and there are access keys"},
      {"its length", put(record::KeyFileCheckKey(), "\x01"), "expected 32 bytes, found 0"},
  };
  for (const auto& c : cases) {
    EXPECT_THAT(FindingsOf(c.seed), ::testing::HasSubstr(c.finding)) << c.rule;
  }
  ExpectSound();
}

}  // namespace
}  // namespace lodestone::testing
