// Folders beneath permitted roots, and nothing else.
#include <sys/stat.h>

#include <filesystem>
#include <string>
#include <vector>

#include "catalog/base/strings.h"
#include "catalog/errors.h"
#include "catalog/warehouse.h"
#include "gtest/gtest.h"
#include "tests/support/matchers.h"
#include "tests/support/temp_folder.h"

namespace lodestone {
namespace {

namespace fs = std::filesystem;
using absl::StatusCode;
using testing::FailsWith;
using testing::HasCode;
using testing::WriteFile;

class LocalWarehouseTest : public ::testing::Test {
 protected:
  LocalWarehouseTest() : top_(fs::canonical(folder_.path()).string()), root_(top_ + "/root"), trash_(top_ + "/trash") {
    auto made = NewLocalWarehouse({root_, top_ + "/second"}, trash_);
    EXPECT_OK(made);
    warehouse_ = *std::move(made);
    fs::create_directories(top_ + "/outside/full");
    WriteFile(top_ + "/outside/full/secret", "secret");
  }

  std::string operator/(std::string_view name) const { return root_ + "/" + std::string(name); }
  void Fill(std::string_view name, std::string_view bytes = "12345") {
    const std::string path = *this / name;
    fs::create_directories(fs::path(path).parent_path());
    WriteFile(path, bytes);
  }
  std::size_t InTrash() const {
    if (!fs::exists(trash_)) return 0;
    return static_cast<std::size_t>(std::distance(fs::directory_iterator(trash_), fs::directory_iterator()));
  }
  bool OutsideIsWhole() const { return fs::exists(top_ + "/outside/full/secret"); }

  testing::TempFolder folder_;
  const std::string top_;
  const std::string root_;
  const std::string trash_;
  std::unique_ptr<Warehouse> warehouse_;
};

TEST_F(LocalWarehouseTest, MakesFoldersWithParentsAndCountsThem) {
  const struct {
    std::string location;
    int made;
  } cases[] = {
      {*this / "a", 1},
      {*this / "a", 0},
      {*this / "b/c/d", 3},
      {"file:" + (*this / "b/c/e"), 1},
      {"file://" + (*this / "b/f/g"), 2},
      {root_, 0},
      {root_ + "//b///f/", 0},
      {top_ + "/second/x/y", 2},
  };
  for (const auto& c : cases) {
    const auto made = warehouse_->MakeFolder(c.location);
    ASSERT_OK(made) << c.location;
    EXPECT_EQ(*made, c.made) << c.location;
  }
}

TEST_F(LocalWarehouseTest, MakesABatchOrNothing) {
  Fill("t/file");
  const std::vector<std::string> locations = {*this / "t/x=1/y=1", *this / "t/x=1/y=2", "s3://elsewhere/t",
                                              *this / "u/v", *this / "t/file/z"};
  EXPECT_THAT(warehouse_->MakeFolders(locations), FailsWith(StatusCode::kInvalidArgument, "over a file"));
  EXPECT_FALSE(fs::exists(*this / "t/x=1"));
  EXPECT_FALSE(fs::exists(*this / "u"));
  EXPECT_TRUE(fs::exists(*this / "t/file"));
  const auto made = warehouse_->MakeFolders(std::span(locations).first(4));
  ASSERT_OK(made);
  EXPECT_EQ(*made, (std::vector<int>{2, 1, 0, 2}));
}

TEST_F(LocalWarehouseTest, RefusesWhatLeadsOutOfTheRoots) {
  fs::create_directory_symlink(top_ + "/outside", *this / "link");
  fs::create_directories(*this / "deep");
  fs::create_directory_symlink(top_ + "/outside", *this / "deep/link");
  const std::vector<std::string> escapes = {
      "/",
      top_,
      top_ + "/outside/full",
      *this / "../outside/full",
      *this / "./a",
      *this / "link/full",
      *this / "deep/link/full",
      root_ + "2/full",
      "file:" + top_ + "/outside/full",
      "file://" + (*this / "x/../../outside/full"),
      "relative/path",
      *this / "line\nbreak",
  };
  for (const std::string& location : escapes) {
    EXPECT_THAT(warehouse_->MakeFolder(location + "/new"), HasCode(StatusCode::kInvalidArgument)) << location;
    EXPECT_THAT(warehouse_->RemoveFolder(location, Removal::kForGood), HasCode(StatusCode::kInvalidArgument))
        << location;
    EXPECT_THAT(warehouse_->RemoveFolder(location, Removal::kTrash), HasCode(StatusCode::kInvalidArgument)) << location;
    EXPECT_THAT(warehouse_->ClearFolder(location, Removal::kForGood), HasCode(StatusCode::kInvalidArgument))
        << location;
    EXPECT_THAT(warehouse_->RemoveEmptyFolders(location, 9), HasCode(StatusCode::kInvalidArgument)) << location;
    EXPECT_THAT(warehouse_->Measure(location), HasCode(StatusCode::kInvalidArgument)) << location;
    EXPECT_THAT(warehouse_->MoveFolder(location, *this / "mine"), HasCode(StatusCode::kInvalidArgument)) << location;
    EXPECT_THAT(warehouse_->IsEmpty(location), HasCode(StatusCode::kInvalidArgument)) << location;
    EXPECT_EQ(DomainErrorOf(warehouse_->RemoveFolder(location, Removal::kTrash))->object_kind, ObjectKind::kFolder);
  }
  EXPECT_TRUE(OutsideIsWhole());
  EXPECT_FALSE(fs::exists(*this / "mine"));
  // A link is no folder, wherever it leads to.
  EXPECT_THAT(warehouse_->RemoveFolder(*this / "link", Removal::kTrash),
              FailsWith(StatusCode::kInvalidArgument, "link"));
  fs::create_directories(*this / "own");
  EXPECT_THAT(warehouse_->MoveFolder(*this / "own", *this / "link/own"), HasCode(StatusCode::kInvalidArgument));
}

TEST_F(LocalWarehouseTest, NeverRemovesARootOrFollowsLinksDownwards) {
  Fill("t/a");
  fs::create_directory_symlink(top_ + "/outside", *this / "t/link");
  for (const Removal removal : {Removal::kTrash, Removal::kForGood}) {
    EXPECT_THAT(warehouse_->RemoveFolder(root_, removal), FailsWith(StatusCode::kInvalidArgument, "is a root"));
    EXPECT_THAT(warehouse_->ClearFolder(root_, removal), FailsWith(StatusCode::kInvalidArgument, "is a root"));
  }
  EXPECT_THAT(warehouse_->MoveFolder(root_, top_ + "/second/r"), FailsWith(StatusCode::kInvalidArgument, "is a root"));
  const auto removed = warehouse_->RemoveEmptyFolders(top_ + "/second", 5);
  ASSERT_OK(removed);
  EXPECT_EQ(*removed, 0);
  const auto content = warehouse_->Measure(*this / "t");
  ASSERT_OK(content);
  EXPECT_EQ((*content)->files, 1);
  EXPECT_OK(warehouse_->RemoveFolder(*this / "t", Removal::kForGood));
  EXPECT_FALSE(fs::exists(*this / "t"));
  EXPECT_TRUE(OutsideIsWhole());
}

TEST_F(LocalWarehouseTest, RemovesToTheTrashOrForGood) {
  Fill("t/a/b");
  Fill("u/c");
  EXPECT_OK(warehouse_->RemoveFolder(*this / "t", Removal::kTrash));
  EXPECT_FALSE(fs::exists(*this / "t"));
  ASSERT_EQ(InTrash(), 1U);
  EXPECT_TRUE(fs::exists(fs::directory_iterator(trash_)->path() / "a/b"));
  EXPECT_TRUE(fs::directory_iterator(trash_)->path().filename().string().ends_with("-t"));
  EXPECT_OK(warehouse_->RemoveFolder(*this / "u", Removal::kForGood));
  EXPECT_FALSE(fs::exists(*this / "u"));
  EXPECT_EQ(InTrash(), 1U);
  EXPECT_OK(warehouse_->RemoveFolder(*this / "missing/too", Removal::kTrash));
  EXPECT_OK(warehouse_->RemoveFolder("s3://bucket/t", Removal::kTrash));
  // The same name again.
  Fill("t/a/b");
  EXPECT_OK(warehouse_->RemoveFolder(*this / "t", Removal::kTrash));
  EXPECT_EQ(InTrash(), 2U);
}

TEST_F(LocalWarehouseTest, WithoutTrashEverythingGoesForGood) {
  auto plain = NewLocalWarehouse({root_});
  ASSERT_OK(plain);
  Fill("t/a/b");
  EXPECT_OK((*plain)->RemoveFolder(*this / "t", Removal::kTrash));
  EXPECT_FALSE(fs::exists(*this / "t"));
  EXPECT_EQ(InTrash(), 0U);
}

// Deleting goes on behind the call; the end of the warehouse waits for it.
TEST_F(LocalWarehouseTest, DeletesBehindTheCallAndUntilItsEnd) {
  for (int i = 0; i < 300; ++i) Fill(base::StrCat("t/k=", i, "/file"));
  Fill("u/sub/file");
  Fill("v/kept");
  EXPECT_OK(warehouse_->RemoveFolder(*this / "t", Removal::kForGood));
  EXPECT_OK(warehouse_->ClearFolder(*this / "u", Removal::kForGood));
  EXPECT_FALSE(fs::exists(*this / "t"));
  EXPECT_TRUE(fs::is_empty(*this / "u"));
  // The place is free at once.
  Fill("t/new");
  warehouse_.reset();
  EXPECT_FALSE(fs::exists(*this / ".lodestone-deleted"));
  EXPECT_TRUE(fs::exists(*this / "t/new"));
  EXPECT_TRUE(fs::exists(*this / "v/kept"));
  EXPECT_EQ(InTrash(), 0U);
}

TEST_F(LocalWarehouseTest, DeletesWhatAnEarlierProcessDidNotComeTo) {
  Fill(".lodestone-deleted/1.2.3-t/a/b");
  Fill(".lodestone-deleted/1.2.4-u");
  fs::create_symlink(top_ + "/outside", *this / ".lodestone-deleted/link");
  auto next = NewLocalWarehouse({root_});
  ASSERT_OK(next);
  next->reset();
  EXPECT_FALSE(fs::exists(*this / ".lodestone-deleted"));
  EXPECT_TRUE(OutsideIsWhole());
}

TEST_F(LocalWarehouseTest, NothingMayLieWhereFoldersAreDeleted) {
  for (const std::string_view name : {".lodestone-deleted", ".lodestone-deleted/t"}) {
    EXPECT_THAT(warehouse_->MakeFolder(*this / name), HasCode(StatusCode::kInvalidArgument)) << name;
    EXPECT_THAT(warehouse_->RemoveFolder(*this / name, Removal::kTrash), HasCode(StatusCode::kInvalidArgument)) << name;
    EXPECT_THAT(warehouse_->Measure(*this / name), HasCode(StatusCode::kInvalidArgument)) << name;
  }
  EXPECT_OK(warehouse_->MakeFolder(*this / "t/.lodestone-deleted"));
}

TEST_F(LocalWarehouseTest, WhereDeletedFoldersCannotGoTheyAreDeletedInTheirPlace) {
  Fill("t/a/b");
  WriteFile(*this / ".lodestone-deleted", "in the way");
  EXPECT_OK(warehouse_->RemoveFolder(*this / "t", Removal::kForGood));
  EXPECT_FALSE(fs::exists(*this / "t"));
  fs::remove(*this / ".lodestone-deleted");
  // A link leads nowhere.
  fs::create_directory_symlink(top_ + "/outside", *this / ".lodestone-deleted");
  Fill("t/a/b");
  EXPECT_OK(warehouse_->RemoveFolder(*this / "t", Removal::kForGood));
  EXPECT_FALSE(fs::exists(*this / "t"));
  warehouse_.reset();
  EXPECT_TRUE(OutsideIsWhole());
  EXPECT_EQ(std::distance(fs::directory_iterator(top_ + "/outside"), fs::directory_iterator()), 1);
}

TEST_F(LocalWarehouseTest, TellsOnceOfWhatItCannotDelete) {
  std::vector<std::string> told;
  warehouse_ = *NewLocalWarehouse({root_}, {}, [&](std::string_view location, const absl::Status& why) {
    told.push_back(base::StrCat(location, ": ", base::ToStd(why.message())));
  });
  std::string deep = "t";
  for (int i = 0; i < 300; ++i) deep += "/d";
  fs::create_directories(*this / deep);
  EXPECT_OK(warehouse_->RemoveFolder(*this / "t", Removal::kForGood));
  Fill("u/file");
  EXPECT_OK(warehouse_->RemoveFolder(*this / "u", Removal::kForGood));
  warehouse_.reset();
  ASSERT_EQ(told.size(), 1U);
  EXPECT_THAT(told[0], ::testing::StartsWith(*this / ".lodestone-deleted/"));
  EXPECT_THAT(told[0], ::testing::HasSubstr("is deeper than 256 folders"));
  EXPECT_EQ(std::distance(fs::directory_iterator(*this / ".lodestone-deleted"), fs::directory_iterator()), 1);
}

TEST_F(LocalWarehouseTest, ClearsAllButHiddenFiles) {
  for (const Removal removal : {Removal::kTrash, Removal::kForGood}) {
    Fill("t/a");
    Fill("t/sub/b");
    Fill("t/_SUCCESS");
    Fill("t/.hidden/c");
    EXPECT_OK(warehouse_->ClearFolder(*this / "t", removal));
    EXPECT_FALSE(fs::exists(*this / "t/a"));
    EXPECT_FALSE(fs::exists(*this / "t/sub"));
    EXPECT_TRUE(fs::exists(*this / "t/_SUCCESS"));
    EXPECT_TRUE(fs::exists(*this / "t/.hidden/c"));
  }
  EXPECT_EQ(InTrash(), 1U);
  EXPECT_OK(warehouse_->ClearFolder(*this / "missing", Removal::kTrash));
}

TEST_F(LocalWarehouseTest, RemovesEmptyFoldersUpwards) {
  fs::create_directories(*this / "t/x=1/y=1/z=1");
  fs::create_directories(*this / "t/x=2/y=1");
  Fill("t/x=2/file");
  const struct {
    std::string location;
    int levels;
    int removed;
  } cases[] = {
      {*this / "t/x=1/y=1/z=1", 2, 2}, {*this / "t/x=1", 9, 1}, {*this / "t/x=2/y=1", 9, 1},
      {*this / "t/x=2", 9, 0},         {*this / "gone", 1, 0},  {"s3://b/k", 1, 0},
  };
  for (const auto& c : cases) {
    const auto removed = warehouse_->RemoveEmptyFolders(c.location, c.levels);
    ASSERT_OK(removed) << c.location;
    EXPECT_EQ(*removed, c.removed) << c.location;
  }
}

TEST_F(LocalWarehouseTest, MovesAFolderAndMakesTheParents) {
  Fill("t/a");
  const auto made = warehouse_->MoveFolder(*this / "t", *this / "x/y/u");
  ASSERT_OK(made);
  EXPECT_EQ(*made, 2);
  EXPECT_TRUE(fs::exists(*this / "x/y/u/a"));
  EXPECT_FALSE(fs::exists(*this / "t"));
  // Between roots.
  EXPECT_OK(warehouse_->MoveFolder(*this / "x/y/u", top_ + "/second/u"));
  EXPECT_TRUE(fs::exists(top_ + "/second/u/a"));
}

TEST_F(LocalWarehouseTest, AMoveThatFailsLeavesNothing) {
  Fill("t/a");
  Fill("u/b");
  fs::create_directories(*this / "empty");
  const struct {
    std::string from, to;
    StatusCode code;
  } cases[] = {
      {*this / "t", *this / "u", StatusCode::kAlreadyExists},
      {*this / "t", *this / "empty", StatusCode::kAlreadyExists},
      {*this / "missing", *this / "n/e/w", StatusCode::kNotFound},
      {*this / "missing/deep", *this / "n/e/w", StatusCode::kNotFound},
      {*this / "t/a", *this / "n/e/w", StatusCode::kInvalidArgument},
      {*this / "t", *this / "t/inside/deep", StatusCode::kInvalidArgument},
      {*this / "t", "s3://bucket/t", StatusCode::kInvalidArgument},
      {"s3://bucket/t", *this / "n/e/w", StatusCode::kInvalidArgument},
      {*this / "t", *this / "u/b/c", StatusCode::kInvalidArgument},
  };
  for (const auto& c : cases) {
    EXPECT_THAT(warehouse_->MoveFolder(c.from, c.to), HasCode(c.code)) << c.from << " to " << c.to;
    EXPECT_TRUE(fs::exists(*this / "t/a")) << c.to;
    EXPECT_TRUE(fs::exists(*this / "u/b")) << c.to;
    EXPECT_FALSE(fs::exists(*this / "n")) << c.to;
    EXPECT_FALSE(fs::exists(*this / "t/inside")) << c.to;
  }
}

TEST_F(LocalWarehouseTest, MeasuresVisibleFiles) {
  Fill("t/a", "12345");
  Fill("t/sub/b", "123");
  Fill("t/sub/_temporary/c", "1");
  Fill("t/.d", "1");
  fs::create_symlink(top_ + "/outside/full/secret", *this / "t/link");
  const struct {
    std::string location;
    Depth depth;
    std::optional<FolderContent> content;
  } cases[] = {
      {*this / "t", Depth::kRecursive, FolderContent{.files = 2, .bytes = 8}},
      {*this / "t", Depth::kDirect, FolderContent{.files = 1, .bytes = 5}},
      {"file:" + (*this / "t/sub"), Depth::kDirect, FolderContent{.files = 1, .bytes = 3}},
      {*this / "missing", Depth::kRecursive, FolderContent{}},
      {"hdfs://h:1/t", Depth::kRecursive, std::nullopt},
      {"file://host/t", Depth::kRecursive, std::nullopt},
  };
  for (const auto& c : cases) {
    const auto content = warehouse_->Measure(c.location, c.depth);
    ASSERT_OK(content) << c.location;
    ASSERT_EQ(content->has_value(), c.content.has_value()) << c.location;
    if (!c.content) continue;
    EXPECT_EQ((*content)->files, c.content->files) << c.location;
    EXPECT_EQ((*content)->bytes, c.content->bytes) << c.location;
  }
}

TEST_F(LocalWarehouseTest, TellsWhatIsThere) {
  Fill("t/a");
  fs::create_directories(*this / "e");
  const struct {
    std::string location;
    bool exists, empty;
  } cases[] = {{*this / "t", true, false},
               {*this / "e", true, true},
               {*this / "n", false, true},
               {root_, true, false},
               {"s3://b/t", false, true}};
  for (const auto& c : cases) {
    EXPECT_EQ(*warehouse_->Exists(c.location), c.exists) << c.location;
    EXPECT_EQ(*warehouse_->IsEmpty(c.location), c.empty) << c.location;
  }
  EXPECT_TRUE(warehouse_->Handles("file:/a"));
  for (const char* other : {"", "s3://b/k", "hdfs:/x", "file://host/x"}) EXPECT_FALSE(warehouse_->Handles(other));
}

TEST_F(LocalWarehouseTest, ARootMayLieBehindALink) {
  fs::create_directory_symlink(root_, top_ + "/by_link");
  auto linked = NewLocalWarehouse({top_ + "/by_link"});
  ASSERT_OK(linked);
  EXPECT_OK((*linked)->MakeFolder(top_ + "/by_link/t"));
  EXPECT_OK((*linked)->MakeFolder(*this / "u"));
  EXPECT_TRUE(fs::exists(*this / "t"));
  EXPECT_TRUE(fs::exists(*this / "u"));
}

TEST_F(LocalWarehouseTest, RefusesBadRoots) {
  WriteFile(top_ + "/file", "");
  const std::vector<std::vector<std::string>> cases = {
      {}, {"/"}, {"relative"}, {"s3://b"}, {top_ + "/../x"}, {top_ + "/file"}};
  for (const auto& roots : cases) {
    EXPECT_THAT(NewLocalWarehouse(roots), HasCode(StatusCode::kInvalidArgument)) << (roots.empty() ? "" : roots[0]);
  }
  EXPECT_THAT(NewLocalWarehouse({root_}, "/"), HasCode(StatusCode::kInvalidArgument));
}

TEST(NoWarehouse, DoesNothing) {
  const auto none = NewNoWarehouse();
  testing::TempFolder folder;
  const auto made = none->MakeFolder(folder / "t");
  ASSERT_OK(made);
  EXPECT_EQ(*made, 0);
  EXPECT_FALSE(fs::exists(folder / "t"));
  EXPECT_OK(none->RemoveFolder(folder.path(), Removal::kForGood));
  EXPECT_TRUE(fs::exists(folder.path()));
  EXPECT_FALSE((*none->Measure(folder.path())).has_value());
  EXPECT_FALSE(none->Handles(folder.path()));
}

}  // namespace
}  // namespace lodestone
