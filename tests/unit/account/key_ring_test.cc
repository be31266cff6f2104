// The key file: made, read, refused, found to be another one, changed for another.
#include "catalog/account/key_ring.h"

#include <sys/stat.h>

#include <filesystem>
#include <fstream>
#include <memory>
#include <string>

#include "catalog/account/key_file.h"
#include "catalog/audit.h"
#include "catalog/metastore.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/support/matchers.h"
#include "tests/support/temp_folder.h"

namespace lodestone::account {
namespace {

using absl::StatusCode;
using testing::FailsWith;
using testing::HasCode;
using ::testing::MatchesRegex;
using testing::ReadFile;

void WriteFile(const std::string& path, std::string_view text, mode_t mode = 0600) {
  std::ofstream(path, std::ios::binary) << text;
  ::chmod(path.c_str(), mode);
}
mode_t ModeOf(const std::string& path) {
  struct stat status {};
  EXPECT_EQ(::stat(path.c_str(), &status), 0);
  return status.st_mode & 07777;
}

class KeyRingTest : public ::testing::Test {
 protected:
  std::string Path(std::string_view name) const { return folder_ / name; }
  // Closes the one that is open.
  absl::Status Open(const std::string& key_file = {}) {
    metastore_.reset();
    OpenOptions options;
    options.key_file = key_file;
    auto opened = Metastore::Open(Path("store"), options);
    if (opened.ok()) metastore_ = *std::move(opened);
    return opened.status();
  }
  absl::StatusOr<NewAccessKey> MakeKey() { return metastore_->Local().CreateAccessKey("ana"); }

  testing::TempFolder folder_;
  std::unique_ptr<Metastore> metastore_;
};

TEST_F(KeyRingTest, TextsOfKeyFiles) {
  const std::string digits(64, 'a');
  const struct {
    std::string text;
    bool ok;
  } cases[] = {
      {digits, true},
      {digits + "\n", true},
      {std::string(32, 'A') + std::string(32, '9'), true},
      {digits + "\n\n", false},
      {digits + " ", false},
      {digits + "a", false},
      {digits.substr(1), false},
      {std::string(63, 'a') + "g", false},
      {std::string(64, '\0'), false},
      {"", false},
      {"\n", false},
  };
  for (const auto& c : cases) {
    const auto key = ParseKeyFile(c.text, "the/file");
    EXPECT_THAT(key, HasCode(c.ok ? StatusCode::kOk : StatusCode::kFailedPrecondition)) << c.text;
    if (key.ok()) {
      EXPECT_EQ(key->view().size(), kKeyBytes);
    } else {
      EXPECT_THAT(key, FailsWith(StatusCode::kFailedPrecondition, "the/file holds no key: expected 64 hex digits"));
      EXPECT_EQ(key.status().message().find("aaa"), std::string::npos);
    }
  }
}

TEST_F(KeyRingTest, ANewFileIsForItsOwnerAlone) {
  const std::string path = Path("key");
  const auto made = MakeKeyFile(path);
  ASSERT_OK(made);
  EXPECT_EQ(ModeOf(path), 0600);
  EXPECT_THAT(ReadFile(path), MatchesRegex("[0-9a-f]{64}\n"));
  const auto read = ReadKeyFile(path);
  ASSERT_OK(read);
  EXPECT_EQ(read->view(), made->view());
  EXPECT_THAT(MakeKeyFile(path), HasCode(StatusCode::kAlreadyExists));
  EXPECT_THAT(MakeKeyFile(Path("absent/key")), HasCode(StatusCode::kUnavailable));
  EXPECT_THAT(ReadKeyFile(Path("absent")), HasCode(StatusCode::kNotFound));
}

TEST_F(KeyRingTest, FilesThatOthersMayReadAreRefused) {
  const std::string path = Path("key");
  for (const mode_t mode : {0640, 0604, 0620, 0602, 0644, 0666, 0601, 0677}) {
    WriteFile(path, std::string(64, 'a'), mode);
    EXPECT_THAT(ReadKeyFile(path), FailsWith(StatusCode::kFailedPrecondition, "others than its owner may read"));
  }
  for (const mode_t mode : {0600, 0400}) {
    WriteFile(path, std::string(64, 'a'));
    ::chmod(path.c_str(), mode);
    EXPECT_OK(ReadKeyFile(path)) << mode;
  }
  EXPECT_THAT(ReadKeyFile(folder_.path()), FailsWith(StatusCode::kFailedPrecondition, "not a regular file"));
  ASSERT_EQ(::mkfifo(Path("pipe").c_str(), 0600), 0);
  EXPECT_THAT(ReadKeyFile(Path("pipe")), FailsWith(StatusCode::kFailedPrecondition, "not a regular file"));
}

TEST_F(KeyRingTest, TheFileIsMadeWithTheFirstKeyAndNeededAfterwards) {
  ASSERT_OK(Open());
  const std::string path = Path("store/account_key");
  ASSERT_OK(metastore_->Local().CreateAccount("ana"));
  EXPECT_FALSE(std::filesystem::exists(path));
  const auto key = MakeKey();
  ASSERT_OK(key);
  EXPECT_EQ(ModeOf(path), 0600);
  ASSERT_OK(Open());
  EXPECT_EQ(metastore_->FindSigningKey(key->id)->secret, key->secret);
  std::filesystem::rename(path, Path("moved"));
  ASSERT_OK(Open());
  EXPECT_THAT(metastore_->FindSigningKey(key->id),
              FailsWith(StatusCode::kFailedPrecondition, "store/account_key is not there"));
  EXPECT_THAT(MakeKey(), FailsWith(StatusCode::kFailedPrecondition, "is not there"));
  // None is made over the loss, which would hide it.
  EXPECT_FALSE(std::filesystem::exists(path));
  ASSERT_OK(Open(Path("moved")));
  EXPECT_EQ(metastore_->FindSigningKey(key->id)->secret, key->secret);
}

TEST_F(KeyRingTest, AnotherKeyFileIsTold) {
  ASSERT_OK(Open(Path("right")));
  ASSERT_OK(metastore_->Local().CreateAccount("ana"));
  const auto key = MakeKey();
  ASSERT_OK(key);
  WriteFile(Path("wrong"), std::string(64, 'a'));
  ASSERT_OK(Open(Path("wrong")));
  const auto wrong = FailsWith(StatusCode::kFailedPrecondition, "wrong holds another key than the one");
  EXPECT_THAT(metastore_->FindSigningKey(key->id), wrong);
  EXPECT_THAT(MakeKey(), wrong);
  EXPECT_THAT(metastore_->RotateKeyFile(Path("new")), wrong);
  EXPECT_FALSE(std::filesystem::exists(Path("new")));
  // Tokens need no key file.
  EXPECT_OK(metastore_->Local().CreateToken("ana", 1000));
  ASSERT_OK(Open(Path("right")));
  EXPECT_EQ(metastore_->FindSigningKey(key->id)->secret, key->secret);
}

TEST_F(KeyRingTest, AFileThatIsThereAlreadyIsTaken) {
  WriteFile(Path("given"), std::string(64, 'b'));
  ASSERT_OK(Open(Path("given")));
  ASSERT_OK(metastore_->Local().CreateAccount("ana"));
  EXPECT_OK(MakeKey());
  EXPECT_EQ(ReadFile(Path("given")), std::string(64, 'b'));
}

TEST_F(KeyRingTest, SecretsAreEncryptedAnewUnderAnotherFile) {
  ASSERT_OK(Open());
  ASSERT_OK(metastore_->Local().CreateAccount("ana"));
  const auto first = MakeKey();
  const auto second = MakeKey();
  ASSERT_OK(first);
  ASSERT_OK(second);
  ASSERT_OK(metastore_->RotateKeyFile(Path("new")));
  EXPECT_EQ(ModeOf(Path("new")), 0600);
  // This object goes on with it, also for new keys.
  EXPECT_EQ(metastore_->FindSigningKey(first->id)->secret, first->secret);
  const auto third = MakeKey();
  ASSERT_OK(third);
  ASSERT_OK(Open());
  EXPECT_THAT(metastore_->FindSigningKey(first->id), FailsWith(StatusCode::kFailedPrecondition, "another key"));
  ASSERT_OK(Open(Path("new")));
  for (const auto& key : {first, second, third}) EXPECT_EQ(metastore_->FindSigningKey(key->id)->secret, key->secret);
  // Put in the place of the old one.
  metastore_.reset();
  std::filesystem::rename(Path("new"), Path("store/account_key"));
  ASSERT_OK(Open());
  EXPECT_EQ(metastore_->FindSigningKey(second->id)->secret, second->secret);
}

TEST_F(KeyRingTest, AStoreWithoutSecretsTakesItsKeyFromTheNewFile) {
  ASSERT_OK(Open());
  ASSERT_OK(metastore_->RotateKeyFile(Path("new")));
  ASSERT_OK(metastore_->Local().CreateAccount("ana"));
  ASSERT_OK(MakeKey());
  EXPECT_FALSE(std::filesystem::exists(Path("store/account_key")));
  WriteFile(Path("open_to_all"), std::string(64, 'a'), 0644);
  EXPECT_THAT(metastore_->RotateKeyFile(Path("open_to_all")), HasCode(StatusCode::kFailedPrecondition));
}

TEST_F(KeyRingTest, StoresInMemoryHaveAKeyOfTheirOwn) {
  auto memory = Metastore::OpenInMemory();
  ASSERT_OK(memory);
  ASSERT_OK((*memory)->Local().CreateAccount("ana"));
  const auto key = (*memory)->Local().CreateAccessKey("ana");
  ASSERT_OK(key);
  EXPECT_EQ((*memory)->FindSigningKey(key->id)->secret, key->secret);
  EXPECT_THAT((*memory)->RotateKeyFile(Path("new")), HasCode(StatusCode::kFailedPrecondition));
}

TEST_F(KeyRingTest, DestroyingAStoreTakesItsKeyFileAlong) {
  ASSERT_OK(Open());
  ASSERT_OK(metastore_->Local().CreateAccount("ana"));
  ASSERT_OK(MakeKey());
  metastore_.reset();
  ASSERT_OK(Metastore::Destroy(Path("store")));
  EXPECT_FALSE(std::filesystem::exists(Path("store")));
  // What is no key file is somebody else's.
  std::filesystem::create_directory(Path("other"));
  WriteFile(Path("other/account_key"), "notes");
  ASSERT_OK(Metastore::Destroy(Path("other")));
  EXPECT_EQ(ReadFile(Path("other/account_key")), "notes");
}

// S8: neither secrets nor tokens stand in any file of the store, in the audit, or in what a failure says.
class CollectingSink final : public AuditSink {
 public:
  void Write(const AuditRecord& record) override {
    text += record.principal + record.catalog + record.action + record.object + record.why + "\n";
  }
  std::string text;
};

TEST_F(KeyRingTest, SecretsAndTokensAreNowhere) {
  CollectingSink sink;
  OpenOptions options;
  options.audit = &sink;
  auto opened = Metastore::Open(Path("store"), options);
  ASSERT_OK(opened);
  Metastore& metastore = **opened;
  Session local = metastore.Local();
  ASSERT_OK(local.CreateAccount("ana"));
  const auto key = local.CreateAccessKey("ana");
  const auto token = local.CreateToken("ana", 3'600'000);
  ASSERT_OK(key);
  ASSERT_OK(token);
  EXPECT_OK(metastore.FindSigningKey(key->id));
  EXPECT_OK(metastore.VerifyToken(token->token));
  std::string said;
  const auto note = [&](const absl::Status& status) { said += status.ToString() + "\n"; };
  // Given where something else is expected.
  note(metastore.FindSigningKey(key->secret).status());
  note(metastore.VerifyToken(key->secret).status());
  note(metastore.VerifyToken(token->token + "0").status());
  note(local.DropAccessKey(key->secret));
  note(local.ActivateAccessKey(key->secret, true));
  note(local.DropToken(token->token));
  Session ben = metastore.As(Principal{.name = "ben"});
  note(ben.ListAccessKeys("ana").status());
  note(ben.CreateToken("ana", 1000).status());
  ASSERT_OK(local.DropAccount("ana"));
  note(metastore.VerifyToken(token->token).status());
  ASSERT_OK(metastore.Flush());
  ASSERT_OK(metastore.Checkpoint(Path("copy")));
  const std::string key_text = ReadFile(Path("store/account_key")).substr(0, 64);
  opened->reset();
  ASSERT_EQ(key_text.size(), 64U);

  int files = 0;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder_.path())) {
    if (!entry.is_regular_file()) continue;
    ++files;
    const std::string content = ReadFile(entry.path().string());
    EXPECT_EQ(content.find(key->secret), std::string::npos) << entry.path();
    EXPECT_EQ(content.find(token->token), std::string::npos) << entry.path();
    if (entry.path().filename() == "account_key") continue;
    EXPECT_EQ(content.find(key_text), std::string::npos) << entry.path();
  }
  EXPECT_GT(files, 5);
  EXPECT_NE(sink.text.find("CreateAccessKey"), std::string::npos);
  for (const std::string& text : {sink.text, said}) {
    EXPECT_EQ(text.find(key->secret), std::string::npos) << text;
    EXPECT_EQ(text.find(token->token), std::string::npos) << text;
  }
}

}  // namespace
}  // namespace lodestone::account
