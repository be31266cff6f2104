// Signatures as the vendor's SDK makes them (tests/unit/dli/data/make_signatures.py), and what must not pass for one.
#include "bindings/http/dli/signature.h"

#include <fstream>
#include <functional>
#include <string>
#include <vector>

#include "bindings/common/crypto.h"
#include "catalog/base/strings.h"
#include "nlohmann/json.hpp"
#include "tests/support/matchers.h"

namespace lodestone::http::dli {
namespace {

struct Vector {
  Request request{};
  std::string key;
  std::string secret;
};

std::vector<Vector> SdkVectors() {
  std::ifstream file(std::string(LODESTONE_SOURCE_DIR) + "/tests/unit/dli/data/sdk_signatures.json");
  const nlohmann::json list = nlohmann::json::parse(file);
  std::vector<Vector> vectors;
  for (const auto& item : list) {
    Vector vector{.key = item["key"], .secret = item["secret"]};
    vector.request.method = item["method"];
    vector.request.target = item["target"];
    vector.request.body = item["body"];
    for (const auto& [name, value] : item["headers"].items()) vector.request.headers.emplace_back(name, value);
    vectors.push_back(std::move(vector));
  }
  return vectors;
}

// Whether the request proves that its sender has the secret of the key.
bool Verifies(const Request& request, const std::string& key, const std::string& secret) {
  const auto authorization = ParseAuthorization(request.Header("authorization"));
  if (!authorization.ok() || authorization->access_key_id != key) return false;
  if (!ParseSdkDate(request.Header("x-sdk-date")).ok()) return false;
  const auto canonical = CanonicalRequest(request, authorization->signed_headers);
  if (!canonical.ok()) return false;
  return bindings::EqualInConstantTime(Sign(secret, request.Header("x-sdk-date"), *canonical),
                                       authorization->signature);
}

std::string& HeaderOf(Request& request, std::string_view name) {
  for (auto& [key, value] : request.headers) {
    if (key == name) return value;
  }
  static std::string none;
  return none;
}

TEST(Signature, TheSdksRequestsVerify) {
  const std::vector<Vector> vectors = SdkVectors();
  ASSERT_GE(vectors.size(), 80u);
  for (const Vector& vector : vectors) {
    EXPECT_TRUE(Verifies(vector.request, vector.key, vector.secret)) << vector.request.target;
    EXPECT_FALSE(Verifies(vector.request, vector.key, vector.secret + "x"));
  }
}

TEST(Signature, AnyByteChangedIsRefused) {
  int64_t changes = 0;
  for (const Vector& vector : SdkVectors()) {
    // Each byte of what is signed, once to a letter or digit (so that it stays well-formed) and once to a control one.
    const auto try_all = [&](const std::string& original, const std::function<void(Request&, std::string)>& set) {
      for (std::size_t at = 0; at < original.size(); ++at) {
        // The case of a hex digit of an escape means nothing, so it is not what is changed.
        for (const char to :
             {original[at] == 'a' || original[at] == 'A' ? 'b' : 'a', original[at] == '1' ? '2' : '1', '\x01'}) {
          std::string changed = original;
          changed[at] = to;
          Request request = vector.request;
          set(request, changed);
          ++changes;
          EXPECT_FALSE(Verifies(request, vector.key, vector.secret)) << base::Quoted(changed) << " at " << at;
        }
      }
    };
    try_all(vector.request.method, [](Request& request, std::string text) { request.method = std::move(text); });
    try_all(vector.request.target, [](Request& request, std::string text) { request.target = std::move(text); });
    try_all(vector.request.body, [](Request& request, std::string text) { request.body = std::move(text); });
    for (const auto& [name, value] : vector.request.headers) {
      try_all(value, [&](Request& request, std::string text) { HeaderOf(request, name) = std::move(text); });
    }
  }
  EXPECT_GT(changes, 80'000);
}

TEST(Signature, AddedAndMissingPartsAreRefused) {
  for (const Vector& vector : SdkVectors()) {
    std::vector<Request> changed(7, vector.request);
    changed[0].body += " ";
    changed[1].target += vector.request.query().empty() ? "?a=b" : "&a=b";
    changed[2].target += "/x";
    changed[3].headers.emplace_back("host", "elsewhere");
    std::erase_if(changed[4].headers, [](const auto& header) { return header.first == "host"; });
    std::erase_if(changed[5].headers, [](const auto& header) { return header.first == "x-project-id"; });
    HeaderOf(changed[6], "x-sdk-date") = "20260105T235959Z";
    for (std::size_t i = 0; i < changed.size(); ++i) {
      EXPECT_FALSE(Verifies(changed[i], vector.key, vector.secret)) << i << " " << vector.request.target;
    }
  }
}

TEST(Signature, HowTheRequestIsWrittenDoesNotMatter) {
  Vector vector = SdkVectors()[2];
  // Other parameters first, needless escapes, lower-case hex, blanks round values, headers that nobody signed.
  vector.request.target = "/v1.0/%70%31/databases/tilde%7e?keyword=~-%5f.&keyword=a%2bb&a%20b=%2A";
  ASSERT_EQ(SdkVectors()[2].request.target, "/v1.0/p1/databases/tilde~?a%20b=%2A&keyword=a%2Bb&keyword=~-_.");
  for (auto& [name, value] : vector.request.headers) {
    if (name == "host") value = " " + value + "\t";
  }
  vector.request.headers.emplace_back("accept", "*/*");
  EXPECT_TRUE(Verifies(vector.request, vector.key, vector.secret));
}

TEST(Signature, AHashOfAnotherBodyIsRefused) {
  const std::vector<std::string> names = {"host", "x-sdk-date"};
  Request request;
  request.method = "POST";
  request.target = "/v1.0/p/databases";
  request.body = "{}";
  request.headers = {{"host", "h"}, {"x-sdk-date", "20260105T120000Z"}};
  const auto plain = CanonicalRequest(request, names);
  ASSERT_OK(plain);
  request.headers.emplace_back("x-sdk-content-sha256", bindings::LowerHex(bindings::Sha256("{}")));
  EXPECT_EQ(*CanonicalRequest(request, names), *plain);
  for (const std::string claimed :
       {"UNSIGNED-PAYLOAD", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"}) {
    request.headers.back().second = claimed;
    EXPECT_THAT(CanonicalRequest(request, names), testing::FailsWith(absl::StatusCode::kUnauthenticated, "hash"));
  }
}

TEST(Authorization, OnlyTheExactFormIsTaken) {
  const std::string hex(64, 'a');
  const std::string good = "SDK-HMAC-SHA256 Access=AK1, SignedHeaders=host;x-sdk-date, Signature=" + hex;
  const auto parsed = ParseAuthorization(good);
  ASSERT_OK(parsed);
  EXPECT_EQ(parsed->access_key_id, "AK1");
  EXPECT_EQ(parsed->signed_headers, (std::vector<std::string>{"host", "x-sdk-date"}));
  EXPECT_EQ(parsed->signature, hex);
  const std::string bad[] = {
      "",
      "Basic abc",
      "SDK-HMAC-SHA1 Access=AK1, SignedHeaders=host;x-sdk-date, Signature=" + hex,
      "sdk-hmac-sha256 Access=AK1, SignedHeaders=host;x-sdk-date, Signature=" + hex,
      "SDK-HMAC-SHA256  Access=AK1, SignedHeaders=host;x-sdk-date, Signature=" + hex,
      "SDK-HMAC-SHA256 Access=, SignedHeaders=host;x-sdk-date, Signature=" + hex,
      "SDK-HMAC-SHA256 Access=A K, SignedHeaders=host;x-sdk-date, Signature=" + hex,
      "SDK-HMAC-SHA256 Access=AK1,SignedHeaders=host;x-sdk-date, Signature=" + hex,
      "SDK-HMAC-SHA256 Access=AK1, SignedHeaders=, Signature=" + hex,
      "SDK-HMAC-SHA256 Access=AK1, SignedHeaders=host, Signature=" + hex,
      "SDK-HMAC-SHA256 Access=AK1, SignedHeaders=x-sdk-date, Signature=" + hex,
      "SDK-HMAC-SHA256 Access=AK1, SignedHeaders=x-sdk-date;host, Signature=" + hex,
      "SDK-HMAC-SHA256 Access=AK1, SignedHeaders=host;host;x-sdk-date, Signature=" + hex,
      "SDK-HMAC-SHA256 Access=AK1, SignedHeaders=Host;x-sdk-date, Signature=" + hex,
      "SDK-HMAC-SHA256 Access=AK1, SignedHeaders=host;;x-sdk-date, Signature=" + hex,
      "SDK-HMAC-SHA256 Access=AK1, SignedHeaders=host;x_y;x-sdk-date, Signature=" + hex,
      "SDK-HMAC-SHA256 Access=AK1, SignedHeaders=host;x-sdk-date, Signature=" + hex.substr(1),
      "SDK-HMAC-SHA256 Access=AK1, SignedHeaders=host;x-sdk-date, Signature=" + hex + "a",
      "SDK-HMAC-SHA256 Access=AK1, SignedHeaders=host;x-sdk-date, Signature=" + std::string(64, 'A'),
      "SDK-HMAC-SHA256 Access=AK1, SignedHeaders=host;x-sdk-date, Signature=" + hex + " ",
      good + ", Signature=" + hex,
      "SDK-HMAC-SHA256 Access=" + std::string(kMaxAuthorizationBytes, 'A') +
          ", SignedHeaders=host;x-sdk-date, Signature=" + hex,
  };
  for (const std::string& text : bad) {
    EXPECT_THAT(ParseAuthorization(text), testing::HasCode(absl::StatusCode::kUnauthenticated)) << text;
  }
}

TEST(SdkDate, IsATimeInUtcOrNothing) {
  EXPECT_EQ(*ParseSdkDate("19700101T000000Z"), 0);
  EXPECT_EQ(*ParseSdkDate("20260105T120000Z"), 1'767'614'400'000);
  EXPECT_EQ(*ParseSdkDate("20240229T235959Z"), 1'709'251'199'000);
  for (const char* text : {"", "20260105T120000", "20260105 120000Z", "20260105t120000Z", "20261305T120000Z",
                           "20260230T120000Z", "20260105T240000Z", "20260105T126000Z", "20260105T120060Z",
                           "2026010aT120000Z", "+0260105T120000Z", "20260105T120000Z ", "20260105T1200000Z"}) {
    EXPECT_THAT(ParseSdkDate(text), testing::HasCode(absl::StatusCode::kUnauthenticated)) << text;
  }
}

}  // namespace
}  // namespace lodestone::http::dli
