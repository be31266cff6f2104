// Transcripts of the DLA adapter: what a client sends, and the very bytes that come back.
//
// A file of tests/wire/dla is a story on one new store. An entry is a call and its answer:
//
//     GET GetDatabase as ana        method, action, and who signs (administrator: root)
//     Name=web                      a parameter per line, decoded; Format is JSON unless it says otherwise
//     ----
//     200 application/json
//     {"RequestId":"r1",...}
//
// Lines that begin with # are comments. With LODESTONE_REWRITE=1 in the environment the answers are written anew: read
// the difference.
#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "bindings/http/dla/signature.h"
#include "tests/unit/dla/fixture.h"

namespace lodestone::testing {
namespace {

constexpr int64_t kStart = 1'700'000'000'000;  // ms: 2023-11-14T22:13:20Z

std::string FolderOfTranscripts() { return std::string(LODESTONE_SOURCE_DIR) + "/tests/wire/dla"; }

class WireTest : public ::testing::TestWithParam<std::string> {
 protected:
  WireTest() {
    metastore_ = *Metastore::OpenInMemory({.warehouse = "/warehouse", .clock = &clock_});
    handler_ = http::NewDlaHandler(*metastore_, {.clock = &clock_});
    Session local = metastore_->Local();
    for (const std::string name : {"root", "ana", "bob"}) {
      EXPECT_OK(local.CreateAccount(name));
      keys_[name] = *local.CreateAccessKey(name);
    }
    EXPECT_OK(local.GrantRole("admin", Grantee::User("root")));
  }

  // The answer to one call; requests are numbered.
  std::string Answer(const std::string& method, const std::string& action, const std::string& who, Fields fields) {
    ++calls_;
    const NewAccessKey& key = keys_[who];
    fields.merge(Fields{{"Action", action},
                        {"Version", "2018-06-19"},
                        {"Format", "JSON"},
                        {"AccessKeyId", key.id},
                        {"SignatureMethod", "HMAC-SHA1"},
                        {"SignatureVersion", "1.0"},
                        {"SignatureNonce", base::StrCat("nonce", calls_)},
                        {"Timestamp", "2023-11-14T22:13:20Z"}});
    http::dla::Parameters parameters;
    EXPECT_OK(parameters.AddForm(FormOf(fields)));
    fields["Signature"] = http::dla::SignV1(key.secret, http::dla::StringToSignV1(method, parameters));
    http::Request request = method == "GET" ? GetRequest(fields) : PostRequest(fields);
    request.request_id = base::StrCat("r", calls_);
    const http::Response response = handler_->Handle(request);
    return base::StrCat(response.status, " ", response.content_type, "\n", response.body, "\n");
  }

  ManualClock clock_{kStart};
  std::unique_ptr<Metastore> metastore_;
  std::unique_ptr<http::Handler> handler_;
  std::map<std::string, NewAccessKey> keys_;
  int calls_ = 0;
};

TEST_P(WireTest, AnswersAreAsWrittenDown) {
  const std::string path = FolderOfTranscripts() + "/" + GetParam() + ".test";
  std::ifstream file(path);
  std::string written;
  std::string expected;
  std::string line;
  while (std::getline(file, line)) {
    expected += line + "\n";
    written += line + "\n";
    if (line.empty() || line[0] == '#') continue;
    const std::string call = line;
    const auto words = base::Split(call, ' ');
    ASSERT_TRUE(words.size() == 2 || (words.size() == 4 && words[2] == "as")) << call;
    const std::string who(words.size() == 4 ? words[3] : "root");
    Fields fields;
    while (std::getline(file, line) && line != "----") {
      expected += line + "\n";
      written += line + "\n";
      const std::size_t equals = line.find('=');
      ASSERT_NE(equals, std::string::npos) << line;
      fields[line.substr(0, equals)] = line.substr(equals + 1);
    }
    expected += "----\n";
    written += "----\n";
    written += Answer(std::string(words[0]), std::string(words[1]), who, fields);
    while (std::getline(file, line) && !line.empty()) expected += line + "\n";
    expected += "\n";
    written += "\n";
  }
  file.close();
  if (const char* rewrite = std::getenv("LODESTONE_REWRITE"); rewrite != nullptr && *rewrite == '1') {
    while (written.ends_with("\n\n")) written.pop_back();
    std::ofstream(path) << written;
    return;
  }
  EXPECT_GT(calls_, 0);
  const auto trimmed = [](std::string text) {
    while (text.ends_with('\n')) text.pop_back();
    return text;
  };
  EXPECT_EQ(trimmed(written), trimmed(expected));
}

std::vector<std::string> Transcripts() {
  std::vector<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator(FolderOfTranscripts())) {
    names.push_back(entry.path().stem());
  }
  std::ranges::sort(names);
  return names;
}

INSTANTIATE_TEST_SUITE_P(Dla, WireTest, ::testing::ValuesIn(Transcripts()),
                         [](const auto& transcript) { return transcript.param; });

}  // namespace
}  // namespace lodestone::testing
