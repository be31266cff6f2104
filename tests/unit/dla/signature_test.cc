// Both signatures: the worked example of the reference, requests signed by the vendor's packages, every single-byte
// change of them, the time and the nonce.
#include "bindings/http/dla/signature.h"

#include <fstream>
#include <optional>

#include "bindings/http/dla/authenticate.h"
#include "bindings/http/dla/errors.h"
#include "tests/unit/dla/fixture.h"

namespace lodestone::testing {
namespace {

using http::Request;
using http::dla::FailureOf;
using http::dla::Gate;
using http::dla::Parameters;
using http::dla::ParsedRequest;
using nlohmann::json;

struct Vector {
  std::string key;
  std::string secret;
  Request request;
  int64_t time_ms = 0;
};

std::vector<Vector> ReadVectors(const std::string& name) {
  std::vector<Vector> vectors;
  std::ifstream file(std::string(LODESTONE_SOURCE_DIR) + "/tests/unit/dla/data/" + name);
  for (std::string line; std::getline(file, line);) {
    const json row = json::parse(line);
    Vector& vector = vectors.emplace_back();
    vector.key = row["access_key_id"];
    vector.secret = row["access_key_secret"];
    vector.request.method = row["method"];
    vector.request.target = row["target"];
    vector.request.body = row["body"];
    for (const json& header : row["headers"]) vector.request.headers.emplace_back(header[0], header[1]);
    ParsedRequest parsed;
    EXPECT_OK(http::dla::ParseRequest(vector.request, &parsed));
    const std::string_view time = parsed.is_acs3 ? vector.request.Header("x-acs-date") : parsed.all.Get("Timestamp");
    EXPECT_TRUE(http::dla::ParseTimestamp(time, &vector.time_ms)) << time;
  }
  return vectors;
}

// Knows one key; counts nonces, and takes each.
class Doorkeeper {
 public:
  explicit Doorkeeper(const Vector& vector) : clock_(vector.time_ms) {
    gate_.find_key = [vector](std::string_view id) -> absl::StatusOr<SigningKey> {
      if (id != vector.key) return absl::UnauthenticatedError("no");
      return SigningKey{.secret = vector.secret, .identity = {.principal = {.name = "ana"}, .catalog = "tenant"}};
    };
    gate_.use_nonce = [this](std::string_view nonce, int64_t expires) {
      ++nonces_;
      last_expiry_ = expires;
      return absl::OkStatus();
    };
  }
  Doorkeeper(const Doorkeeper&) = delete;

  // The code of the answer; empty: let in.
  std::string Try(const Request& request, ParsedRequest* parsed) {
    absl::Status status = http::dla::ParseRequest(request, parsed);
    if (status.ok()) status = http::dla::Authenticate(gate_, {.clock = &clock_}, request, *parsed).status();
    return status.ok() ? "" : FailureOf(status, "").code;
  }
  std::string Try(const Request& request) {
    ParsedRequest parsed;
    return Try(request, &parsed);
  }

  ManualClock clock_;
  Gate gate_;
  int nonces_ = 0;
  int64_t last_expiry_ = 0;
};

// ---- The reference ----

const Fields kExample = {{"AccessKeyId", "xxx"},
                         {"Action", "GetJobStatus"},
                         {"Format", "JSON"},
                         {"JobId", "MySparkJobId"},
                         {"SignatureMethod", "HMAC-SHA1"},
                         {"SignatureNonce", "f87701c37ad49e3153fabf78ed2ad73c"},
                         {"SignatureVersion", "1.0"},
                         {"Timestamp", "2020-10-27T07:32:05Z"},
                         {"VcName", "MyCluster"},
                         {"Version", "2018-06-19"}};

TEST(DlaSignatureTest, TheWorkedExampleOfTheReferenceIsForPost) {
  Parameters parameters;
  ASSERT_OK(parameters.AddForm(FormOf(kExample)));
  const struct {
    std::string method;
    std::string signature;
  } cases[] = {{"POST", "DR5p4dbFur6adTbYPIq8uH4sW6w="}, {"GET", "bnQc8GOE50fSx0am/o7ago1XA5Y="}};
  for (const auto& c : cases) {
    const std::string text = http::dla::StringToSignV1(c.method, parameters);
    EXPECT_EQ(text, c.method +
                        "&%2F&AccessKeyId%3Dxxx%26Action%3DGetJobStatus%26Format%3DJSON%26JobId%3DMySparkJobId"
                        "%26SignatureMethod%3DHMAC-SHA1%26SignatureNonce%3Df87701c37ad49e3153fabf78ed2ad73c"
                        "%26SignatureVersion%3D1.0%26Timestamp%3D2020-10-27T07%253A32%253A05Z%26VcName%3DMyCluster"
                        "%26Version%3D2018-06-19");
    EXPECT_EQ(http::dla::SignV1("yyy", text), c.signature);
  }
}

TEST(DlaSignatureTest, TheWorkedExampleComesInByEitherMethod) {
  Vector vector{.key = "xxx", .secret = "yyy", .request = {}, .time_ms = 0};
  ASSERT_TRUE(http::dla::ParseTimestamp("2020-10-27T07:32:05Z", &vector.time_ms));
  Doorkeeper door(vector);
  Fields fields = kExample;
  fields["Signature"] = "DR5p4dbFur6adTbYPIq8uH4sW6w=";
  EXPECT_EQ(door.Try(PostRequest(fields)), "");
  EXPECT_EQ(door.Try(GetRequest(fields)), "SignatureDoesNotMatch");
  fields["Signature"] = "bnQc8GOE50fSx0am/o7ago1XA5Y=";
  EXPECT_EQ(door.Try(GetRequest(fields)), "");
}

// ---- The vendor's packages ----

class VectorTest : public ::testing::TestWithParam<const char*> {};

TEST_P(VectorTest, RequestsOfTheVendorsPackagesAreLetIn) {
  const auto vectors = ReadVectors(GetParam());
  ASSERT_EQ(vectors.size(), 80);
  for (const Vector& vector : vectors) {
    Doorkeeper door(vector);
    EXPECT_EQ(door.Try(vector.request), "") << vector.request.target;
    EXPECT_EQ(door.nonces_, 1);
  }
}

// What a request says to the adapter: what has to be under the signature.
struct Meaning {
  std::string method;
  std::string action;
  std::string version;
  std::map<std::string, std::string, std::less<>> parameters;
  bool operator==(const Meaning&) const = default;
};
Meaning MeaningOf(const Request& request, const ParsedRequest& parsed) {
  return {request.method, std::string(parsed.action), std::string(parsed.version), parsed.all.all()};
}

struct Tally {
  int changes = 0;
  int let_in = 0;  // with the same meaning
};

// Changes each byte of `text`, a part of `request`, in two ways.
void TryChanges(Doorkeeper& door, const Meaning& meaning, Request& request, std::string& text, Tally& tally) {
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char before = text[i];
    for (const char flip : {'\x01', '\x20'}) {
      text[i] = static_cast<char>(before ^ flip);
      ParsedRequest parsed;
      const std::string code = door.Try(request, &parsed);
      ++tally.changes;
      if (code.empty()) {
        ++tally.let_in;
        ASSERT_EQ(MeaningOf(request, parsed), meaning) << "byte " << i << " of " << text;
      }
    }
    text[i] = before;
  }
}

TEST_P(VectorTest, EverySingleByteChangeIsRefusedUnlessItSaysTheSame) {
  Tally tally;
  for (Vector vector : ReadVectors(GetParam())) {
    Doorkeeper door(vector);
    Request& request = vector.request;
    ParsedRequest parsed;
    ASSERT_EQ(door.Try(request, &parsed), "");
    const Meaning meaning = MeaningOf(request, parsed);
    TryChanges(door, meaning, request, request.method, tally);
    TryChanges(door, meaning, request, request.target, tally);
    TryChanges(door, meaning, request, request.body, tally);
    std::vector<std::string> covered;
    if (parsed.is_acs3) {
      const auto authorization = http::dla::ParseAcs3(request.Header("authorization"));
      ASSERT_OK(authorization);
      for (const std::string_view name : authorization->signed_headers) covered.emplace_back(name);
      covered.emplace_back("authorization");
    }
    for (auto& [name, value] : request.headers) {
      if (std::ranges::find(covered, name) == covered.end()) continue;
      const int let_in = tally.let_in;
      TryChanges(door, meaning, request, value, tally);
      TryChanges(door, meaning, request, name, tally);
      EXPECT_EQ(tally.let_in, let_in) << name;
    }
    if (HasFatalFailure()) return;
  }
  // Hex digits in the other case, and a body's content type: nothing else may say the same.
  EXPECT_GT(tally.changes, 60'000);
  EXPECT_LT(tally.let_in, tally.changes / 20);
  RecordProperty("changes", tally.changes);
  RecordProperty("same_meaning", tally.let_in);
}

TEST_P(VectorTest, AnotherSecretOrKeyIsRefused) {
  const auto vectors = ReadVectors(GetParam());
  Vector other = vectors[0];
  other.secret[0] ^= 1;
  Doorkeeper wrong_secret(other);
  EXPECT_EQ(wrong_secret.Try(vectors[0].request), "SignatureDoesNotMatch");
  other.key = "LTAI5tOTHER";
  Doorkeeper wrong_key(other);
  EXPECT_EQ(wrong_key.Try(vectors[0].request), "InvalidAccessKeyId.NotFound");
  EXPECT_EQ(wrong_secret.nonces_ + wrong_key.nonces_, 0);
}

TEST_P(VectorTest, TheWindowIsExact) {
  constexpr int64_t kWindow = 15 * 60 * 1000;
  const Vector vector = ReadVectors(GetParam())[0];
  const struct {
    int64_t distance;
    std::string code;
  } cases[] = {{0, ""},
               {kWindow, ""},
               {-kWindow, ""},
               {kWindow - 1000, ""},
               {1000 - kWindow, ""},
               {kWindow + 1, "InvalidTimeStamp.Expired"},
               {-kWindow - 1, "InvalidTimeStamp.Expired"},
               {kWindow + 1000, "InvalidTimeStamp.Expired"},
               {-kWindow - 1000, "InvalidTimeStamp.Expired"}};
  for (const auto& c : cases) {
    Doorkeeper door(vector);
    door.clock_.Advance(c.distance);
    EXPECT_EQ(door.Try(vector.request), c.code) << c.distance;
    // A nonce is remembered for longer than its request could be sent again, and not at all when it can't be.
    EXPECT_EQ(door.nonces_, c.code.empty() ? 1 : 0);
    if (c.code.empty()) {
      EXPECT_GT(door.last_expiry_, vector.time_ms + kWindow);
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Schemes, VectorTest, ::testing::Values("v1.ndjson", "acs3.ndjson"), [](const auto& scheme) {
  return std::string(scheme.param).substr(0, scheme.param[0] == 'v' ? 2 : 4);
});

// ---- What is asked of a request before anything is computed ----

TEST(DlaSignatureTest, EveryCommonParameterIsMandatory) {
  const Vector vector = ReadVectors("v1.ndjson")[0];
  Doorkeeper door(vector);
  Parameters parameters;
  ASSERT_OK(parameters.AddForm(vector.request.query()));
  for (const std::string name : {"Action", "Version", "AccessKeyId", "Signature", "SignatureMethod", "SignatureVersion",
                                 "SignatureNonce", "Timestamp", "Format"}) {
    for (const bool empty : {false, true}) {
      Fields fields(parameters.all().begin(), parameters.all().end());
      ASSERT_EQ(fields.count(name), 1) << name;
      fields.erase(name);
      if (empty) fields[name] = "";
      EXPECT_EQ(door.Try(GetRequest(fields)), "MissingParameter." + name);
    }
  }
  const struct {
    std::string name;
    std::string value;
    std::string code;
  } cases[] = {{"SignatureMethod", "HMAC-SHA256", "InvalidParameter.SignatureMethod"},
               {"SignatureVersion", "2.0", "InvalidParameter.SignatureVersion"},
               {"Version", "2019-01-01", "InvalidVersion"}};
  for (const auto& c : cases) {
    Fields fields(parameters.all().begin(), parameters.all().end());
    fields[c.name] = c.value;
    EXPECT_EQ(door.Try(GetRequest(fields)), c.code);
  }
}

// A request that is signed anew after `change`.
Request Resigned(const Vector& vector, Fields fields, std::string_view method = "GET") {
  fields.erase("Signature");
  Parameters parameters;
  EXPECT_OK(parameters.AddForm(FormOf(fields)));
  fields["Signature"] = http::dla::SignV1(vector.secret, http::dla::StringToSignV1(method, parameters));
  return method == "GET" ? GetRequest(fields) : PostRequest(fields);
}

TEST(DlaSignatureTest, TimesAreReadStrictlyAndNoncesAreBounded) {
  const Vector vector = ReadVectors("v1.ndjson")[0];
  Doorkeeper door(vector);
  Parameters parameters;
  ASSERT_OK(parameters.AddForm(vector.request.query()));
  const Fields fields(parameters.all().begin(), parameters.all().end());
  EXPECT_EQ(door.Try(Resigned(vector, fields)), "");
  for (const std::string bad :
       {"2026-11-22", "2026-11-22T12:00:00", "2026-11-22 12:00:00Z", "2026-13-01T00:00:00Z", "2026-02-30T00:00:00Z",
        "2026-11-22T24:00:00Z", "2026-11-22T12:60:00Z", "now", "2026-11-22T12:00:00+00:00", "-026-11-22T12:00:00Z"}) {
    Fields changed = fields;
    changed["Timestamp"] = bad;
    EXPECT_EQ(door.Try(Resigned(vector, changed)), "InvalidParameter.Timestamp") << bad;
  }
  Fields changed = fields;
  changed["SignatureNonce"] = std::string(256, 'n');
  EXPECT_EQ(door.Try(Resigned(vector, changed)), "");
  changed["SignatureNonce"] += 'n';
  EXPECT_EQ(door.Try(Resigned(vector, changed)), "InvalidParameter.SignatureNonce");
}

TEST(DlaSignatureTest, BlanksPlusesAndEscapesMayBeWrittenInEveryWay) {
  const Vector vector = ReadVectors("v1.ndjson")[0];
  Doorkeeper door(vector);
  Parameters parameters;
  ASSERT_OK(parameters.AddForm(vector.request.query()));
  Fields fields(parameters.all().begin(), parameters.all().end());
  fields["Description"] = "a b+c/d~*";
  const Request request = Resigned(vector, fields);
  const std::string written = "Description=a%20b%2Bc%2Fd~%2A";
  const std::size_t at = request.target.find(written);
  ASSERT_NE(at, std::string::npos);
  for (const std::string other :
       {"Description=a+b%2bc%2fd%7E*", "D%65scription=%61%20b%2Bc/d~*", "Description=a%20b%2Bc/d~%2a&&"}) {
    Request rewritten = request;
    rewritten.target.replace(at, written.size(), other);
    EXPECT_EQ(door.Try(rewritten), "") << other;
  }
  Request literal_plus = request;
  literal_plus.target.replace(at, written.size(), "Description=a%20b+c%2Fd~%2A");
  EXPECT_EQ(door.Try(literal_plus), "SignatureDoesNotMatch");
}

TEST(DlaSignatureTest, Acs3CoversEveryHeaderThatIsActedOn) {
  const Vector vector = ReadVectors("acs3.ndjson")[0];
  Doorkeeper door(vector);
  const auto with = [&](std::string_view name, std::string_view value) {
    Request request = vector.request;
    request.headers.emplace_back(name, value);
    return request;
  };
  EXPECT_EQ(door.Try(with("accept-language", "fr")), "");
  EXPECT_EQ(door.Try(with("x-acs-action", "DropDatabase")), "IncompleteSignature");
  EXPECT_EQ(door.Try(with("x-acs-security-token", "t")), "IncompleteSignature");
  EXPECT_EQ(door.Try(with("host", "elsewhere")), "IncompleteSignature");
  EXPECT_EQ(door.Try(with("content-type", "application/x-www-form-urlencoded")), "IncompleteSignature");

  const auto authorization = [&](std::string_view from, std::string_view to) {
    Request request = vector.request;
    for (auto& [name, value] : request.headers) {
      if (name != "authorization") continue;
      const std::size_t at = value.find(from);
      EXPECT_NE(at, std::string::npos) << from;
      value.replace(at, from.size(), to);
    }
    return request;
  };
  const struct {
    std::string from;
    std::string to;
  } cases[] = {{";host", ""},
               {"content-type;", ""},
               {";x-acs-date", ""},
               {";x-acs-action", ""},
               {"host;", "host;host;"},
               {"host;", "host;missing;"},
               {"host;", "Host;"},
               {"Signature=", "Signature=00,Signature="},
               {"Credential=", "Kredential="},
               {",Signature=", ";Signature="}};
  for (const auto& c : cases) {
    EXPECT_EQ(door.Try(authorization(c.from, c.to)), "IncompleteSignature") << c.from << " -> " << c.to;
  }
  for (const std::string name :
       {"x-acs-action", "x-acs-version", "x-acs-date", "x-acs-signature-nonce", "x-acs-content-sha256"}) {
    Request request = vector.request;
    std::erase_if(request.headers, [&](const auto& header) { return header.first == name; });
    const std::string parameter = name == "x-acs-action" ? "Action" : name == "x-acs-version" ? "Version" : name;
    EXPECT_EQ(door.Try(request), "MissingParameter." + parameter);
  }
}

// What the vendor's core package does with the message.
TEST(DlaSignatureTest, TheStringToSignStandsBehindTheFirstColon) {
  for (const char* file : {"v1.ndjson", "acs3.ndjson"}) {
    Vector vector = ReadVectors(file)[0];
    vector.secret += "x";
    Doorkeeper door(vector);
    ParsedRequest parsed;
    ASSERT_OK(http::dla::ParseRequest(vector.request, &parsed));
    const absl::Status status =
        http::dla::Authenticate(door.gate_, {.clock = &door.clock_}, vector.request, parsed).status();
    const std::string message = FailureOf(status, "").message;
    const std::string text = message.substr(message.find(':') + 1);
    EXPECT_THAT(text, ::testing::StartsWith(parsed.is_acs3 ? "ACS3-HMAC-SHA256\n" : "GET&%2F&AccessKeyId%3D"));
    EXPECT_EQ(text.find(':'), std::string::npos);
    EXPECT_EQ(message.find(vector.secret), std::string::npos);
  }
}

}  // namespace
}  // namespace lodestone::testing
