#include "catalog/account/secret.h"

#include <array>
#include <set>
#include <string>

#include "absl/strings/escaping.h"
#include "catalog/base/strings.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/support/matchers.h"

namespace lodestone::account {
namespace {

using absl::StatusCode;
using testing::FailsWith;
using testing::HasCode;

std::string Bytes(std::string_view hex) { return absl::HexStringToBytes(base::ToAbsl(hex)); }
std::string Hex(std::string_view bytes) { return absl::BytesToHexString(base::ToAbsl(bytes)); }

// The test vectors of the definitions: GCM (McGrew and Viega, test case 16), RFC 4231 (test case 2), FIPS 180.
TEST(SecretTest, AgreesWithTheDefinitions) {
  const std::string half = "feffe9928665731c6d6a8f9467308308";
  const SecretBytes key(Bytes(half + half));
  const std::string nonce = Bytes("cafebabefacedbaddecaf888");
  const std::string plain = Bytes(
      "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a721c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657"
      "ba"
      "637b39");
  const std::string associated = Bytes("feedfacedeadbeeffeedfacedeadbeefabaddad2");
  const auto sealed = Seal(key, nonce, plain, associated);
  ASSERT_OK(sealed);
  EXPECT_EQ(
      Hex(*sealed),
      "522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0"
      "abcc9f662"
      "76fc6ece0f4e1768cddf8853bb2d551b");
  EXPECT_EQ(Hex(HmacSha256("Jefe", "what do ya want for nothing?")),
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
  EXPECT_EQ(Hex(Sha256("abc")), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

TEST(SecretTest, WhatWasSealedComesBackAndNothingElseDoes) {
  const SecretBytes key(std::string(kKeyBytes, 'k'));
  const std::string nonce(kSealNonceBytes, 'n');
  for (const std::string& plain : {std::string(), std::string("s"), std::string(40, 'x'), std::string(1000, '\0')}) {
    const auto sealed = Seal(key, nonce, plain, "id");
    ASSERT_OK(sealed);
    EXPECT_EQ(sealed->size(), plain.size() + kSealTagBytes);
    const auto back = Unseal(key, nonce, *sealed, "id");
    ASSERT_OK(back);
    EXPECT_EQ(back->view(), plain);
  }
  const std::string sealed = *Seal(key, nonce, "the secret", "id");
  const auto fails = FailsWith(StatusCode::kDataLoss, "an encrypted secret was changed");
  for (std::size_t at = 0; at < sealed.size(); ++at) {
    std::string changed = sealed;
    changed[at] ^= 1;
    EXPECT_THAT(Unseal(key, nonce, changed, "id"), fails) << at;
    EXPECT_THAT(Unseal(key, nonce, sealed.substr(0, at), "id"), fails) << at;
  }
  EXPECT_THAT(Unseal(SecretBytes(std::string(kKeyBytes, 'K')), nonce, sealed, "id"), fails);
  EXPECT_THAT(Unseal(key, std::string(kSealNonceBytes, 'N'), sealed, "id"), fails);
  EXPECT_THAT(Unseal(key, "", sealed, "id"), fails);
  EXPECT_THAT(Unseal(key, nonce, sealed, "iD"), fails);
  EXPECT_THAT(Unseal(key, nonce, sealed, ""), fails);
  EXPECT_THAT(Unseal(SecretBytes("short"), nonce, sealed, "id"), HasCode(StatusCode::kUnavailable));
  EXPECT_THAT(Seal(SecretBytes("short"), nonce, "x", "id"), HasCode(StatusCode::kUnavailable));
}

TEST(SecretTest, TextsAreComparedWhole) {
  EXPECT_TRUE(EqualInConstantTime("", ""));
  EXPECT_TRUE(EqualInConstantTime("abc", "abc"));
  for (const char* other : {"", "ab", "abd", "bbc", "abcd"}) EXPECT_FALSE(EqualInConstantTime("abc", other)) << other;
}

TEST(SecretTest, RandomTextUsesEveryCharacterOfItsAlphabetAlikeAndNoOther) {
  constexpr std::string_view kAlphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
  constexpr int kCharacters = 72'000;
  const auto text = RandomText(kAlphabet, kCharacters);
  ASSERT_OK(text);
  ASSERT_EQ(text->size(), kCharacters);
  std::array<int, 256> counts{};
  for (const char c : *text) ++counts[static_cast<unsigned char>(c)];
  int total = 0;
  for (const char c : kAlphabet) {
    const int count = counts[static_cast<unsigned char>(c)];
    total += count;
    // 2,000 expected, 44 the standard deviation: eight of these never come about by chance.
    EXPECT_NEAR(count, 2000, 360) << c;
  }
  EXPECT_EQ(total, kCharacters);
}

TEST(SecretTest, NothingRandomComesTwice) {
  std::set<std::string> seen;
  for (int i = 0; i < 1000; ++i) EXPECT_TRUE(seen.insert(*RandomBytes(16)).second);
}

TEST(SecretTest, SecretsAreOverwrittenWhenTheyGo) {
  std::string text(100, 's');
  const char* const bytes = text.data();
  Cleanse(&text);
  EXPECT_TRUE(text.empty());
  EXPECT_EQ(std::string(bytes, 16), std::string(16, '\0'));
  SecretBytes first(std::string(40, 'x'));
  const SecretBytes second(std::move(first));
  EXPECT_TRUE(first.empty());  // NOLINT(bugprone-use-after-move): what is left behind is the point
  EXPECT_EQ(second.view(), std::string(40, 'x'));
}

}  // namespace
}  // namespace lodestone::account
