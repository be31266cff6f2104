// S9: whatever a location says, nothing but files under the permitted roots is read.
#include "bindings/http/dli/local_files.h"

#include <sys/stat.h>

#include <filesystem>
#include <fstream>
#include <set>
#include <string>
#include <vector>

#include "bindings/http/dli/error.h"
#include "tests/support/matchers.h"
#include "tests/support/temp_folder.h"

namespace lodestone::http::dli {
namespace {

namespace fs = std::filesystem;

constexpr char kSecret[] = "secret";

// root/          permitted: data/a.csv, data/b.csv, data/_hidden, data/.crc, data/sub/c.csv
// rootx/, secret.csv, other/   not permitted, beside it
class LocalFilesTest : public ::testing::Test {
 protected:
  LocalFilesTest() : top_(fs::canonical(folder_.path())) {
    for (const char* name : {"root/data/sub", "root/empty", "rootx", "other", "root/dt=2026-01-05%2F"}) {
      fs::create_directories(top_ / name);
    }
    for (const char* name : {"secret.csv", "rootx/secret.csv", "other/secret.csv"}) Write(name, kSecret);
    for (const char* name : {"root/data/b.csv", "root/data/a.csv", "root/data/_hidden", "root/data/.crc",
                             "root/data/sub/c.csv", "root/dt=2026-01-05%2F/p.csv"}) {
      Write(name, name);
    }
  }

  void Write(const std::string& name, const std::string& text) { std::ofstream(top_ / name) << text; }
  std::string Path(const std::string& name) const { return (top_ / name).string(); }
  LocalFiles Files() const { return LocalFiles({Path("root")}); }

  // What is read there, one text a file; the failure otherwise.
  static absl::StatusOr<std::vector<std::string>> Read(const LocalFiles& files, std::string_view location) {
    std::vector<std::string> texts;
    const absl::Status status =
        files.Visit(location, 1000, [&](std::string_view, std::string_view bytes, bool) -> absl::StatusOr<bool> {
          texts.emplace_back(bytes);
          return true;
        });
    if (!status.ok()) return status;
    return texts;
  }

  testing::TempFolder folder_;
  const fs::path top_;
};

using Texts = std::vector<std::string>;

TEST_F(LocalFilesTest, ReadsFilesUnderARoot) {
  const Texts data = {"root/data/a.csv", "root/data/b.csv"};
  for (const std::string before : {"", "file:", "file://"}) {
    EXPECT_EQ(*Read(Files(), before + Path("root/data")), data) << before;
    EXPECT_EQ(*Read(Files(), before + Path("root/data/")), data) << before;
    EXPECT_EQ(*Read(Files(), before + Path("root//data")), data) << before;
    EXPECT_EQ(*Read(Files(), before + Path("root/data/a.csv")), Texts{data[0]}) << before;
  }
  EXPECT_EQ(*Read(Files(), Path("root/dt=2026-01-05%2F")), Texts{"root/dt=2026-01-05%2F/p.csv"});
  EXPECT_EQ(*Read(Files(), Path("root/empty")), Texts{});
  EXPECT_EQ(*Read(Files(), Path("root/missing/x")), Texts{});
}

TEST_F(LocalFilesTest, StopsWhenToldAndSaysWhetherAFileIsWhole) {
  int files = 0;
  EXPECT_OK(Files().Visit(Path("root/data"), 4,
                          [&](std::string_view name, std::string_view bytes, bool whole) -> absl::StatusOr<bool> {
                            ++files;
                            EXPECT_EQ(name, "a.csv");
                            EXPECT_EQ(bytes, "root");
                            EXPECT_FALSE(whole);
                            return false;
                          }));
  EXPECT_EQ(files, 1);
}

TEST_F(LocalFilesTest, ARootMayBeALink) {
  fs::create_directory_symlink(top_ / "root", top_ / "link");
  const LocalFiles files({Path("link")});
  EXPECT_EQ(Read(files, Path("link/data/a.csv"))->size(), 1u);
  EXPECT_EQ(Read(files, Path("root/data/a.csv"))->size(), 1u);
  EXPECT_FALSE(Read(files, Path("rootx")).ok());
}

TEST_F(LocalFilesTest, RootsThatAreNonePermitNothing) {
  for (const std::string root : {"", "/", "relative", "/missing/root", "file:relative", "/a/../b", "//"}) {
    const LocalFiles files({root});
    EXPECT_THAT(Read(files, "/etc/hostname"), testing::HasCode(absl::StatusCode::kPermissionDenied)) << root;
    EXPECT_THAT(Read(files, Path("secret.csv")), testing::HasCode(absl::StatusCode::kPermissionDenied)) << root;
  }
}

// Every way to write one of the places outside.
std::vector<std::string> Escapes(const std::string& root, const std::string& top) {
  std::vector<std::string> cases = {"",
                                    "/",
                                    "//",
                                    "file:",
                                    "file:/",
                                    "file://",
                                    "file:///",
                                    ".",
                                    "..",
                                    "secret.csv",
                                    "/etc/passwd",
                                    "file:/etc/passwd",
                                    "file:///etc/passwd",
                                    "file://host/etc/passwd",
                                    "file://localhost" + root + "/data",
                                    "FILE:" + root + "/data",
                                    "obs://bucket/path",
                                    "s3://bucket/path",
                                    "hdfs://h/" + root,
                                    "http://h" + root,
                                    "data",
                                    "~/x",
                                    "$HOME",
                                    top,
                                    top + "/",
                                    top + "/secret.csv",
                                    top + "/rootx",
                                    top + "/rootx/secret.csv",
                                    top + "/root.csv",
                                    top + "/other/secret.csv",
                                    top + "/ROOT/data",
                                    " " + root + "/data",
                                    "\t" + root + "/data",
                                    "\\" + root,
                                    "file:" + std::string(1, '\0') + root,
                                    "/proc/self/root" + top + "/secret.csv",
                                    "/dev/stdin",
                                    "/proc/self/environ"};
  const std::string ups[] = {"..", "../", "./..", "data/..", "data/../..", "data/sub/../../.."};
  const std::string encoded_ups[] = {
      "%2e%2e",           "%2E%2E", "%2e.", ".%2e", "%252e%252e", "..%2f", "..%5c", "..\\",  "%c0%ae%c0%ae",
      "\xc0\xae\xc0\xae", "．．",   "..;",  "...",  "....//",     ".. ",   " ..",   "..%00", "..%0a"};
  const std::string targets[] = {"secret.csv", "rootx/secret.csv", "other/secret.csv"};
  for (const std::string& before : {root, "file:" + root, "file://" + root}) {
    for (const std::string& target : targets) {
      for (const std::string& up : ups) cases.push_back(before + "/" + up + "/" + target);
      for (const std::string& up : encoded_ups) cases.push_back(before + "/" + up + "/" + target);
      // Neither names nor terminators end a path early.
      for (const std::string& end : {std::string(1, '\0'), std::string("\n"), std::string("\r"), std::string("\x7f")}) {
        cases.push_back(before + "/data/" + end + "/../../" + target);
        cases.push_back(before + end + "/../" + target);
      }
    }
  }
  return cases;
}

TEST_F(LocalFilesTest, NoLocationEscapes) {
  const LocalFiles files = Files();
  const std::vector<std::string> cases = Escapes(Path("root"), top_.string());
  EXPECT_GE(cases.size(), 200u);
  for (const std::string& location : cases) {
    const auto read = Read(files, location);
    // Refused, or the name of something under the root that is not there.
    if (read.ok()) {
      EXPECT_EQ(*read, Texts{}) << location;
    } else {
      EXPECT_EQ(FailureOf(read.status()).code, kNoFileAccess) << location << " " << read.status();
    }
  }
}

TEST_F(LocalFilesTest, LinksUnderARootAreNotFollowed) {
  const fs::path root = top_ / "root";
  fs::create_symlink(top_ / "secret.csv", root / "file_out");
  fs::create_symlink("../secret.csv", root / "file_out_relative");
  fs::create_directory_symlink(top_ / "other", root / "folder_out");
  fs::create_directory_symlink("../other", root / "folder_out_relative");
  fs::create_directory_symlink("/", root / "slash");
  fs::create_directory_symlink(root / "folder_out", root / "chain");
  fs::create_symlink(root / "loop", root / "loop");
  fs::create_directories(root / "mixed");
  fs::create_symlink(top_ / "secret.csv", root / "mixed/x.csv");
  for (const std::string location :
       {"file_out", "file_out_relative", "folder_out", "folder_out/secret.csv", "folder_out_relative/secret.csv",
        "chain", "chain/secret.csv", "loop", "slash/etc/hostname", "mixed", "mixed/x.csv"}) {
    const auto read = Read(Files(), Path("root/" + location));
    ASSERT_FALSE(read.ok()) << location;
    EXPECT_EQ(FailureOf(read.status()).code, kNoFileAccess) << location << read.status();
  }
}

TEST_F(LocalFilesTest, WhatIsNoFileIsNotRead) {
  ASSERT_EQ(mkfifo(Path("root/pipe").c_str(), 0600), 0);
  const auto read = Read(Files(), Path("root/pipe"));
  ASSERT_FALSE(read.ok());
  EXPECT_EQ(FailureOf(read.status()).code, kNoFileAccess);
}

TEST_F(LocalFilesTest, RefusalsSayTheSameWhateverIsThere) {
  std::set<std::string> texts;
  for (const std::string location : {"/etc/passwd", "/no/such/file", "/etc", "obs://b/p", "/root/.ssh/id_rsa"}) {
    texts.insert(std::string(Read(Files(), location).status().message()));
  }
  EXPECT_EQ(texts.size(), 1u);
}

}  // namespace
}  // namespace lodestone::http::dli
