#include "catalog/store/rocksdb/committed_file.h"

#include "tests/support/matchers.h"
#include "tests/support/temp_folder.h"

namespace lodestone::store {
namespace {

using testing::FailsWith;
using testing::ReadFile;
using testing::WriteFile;

class CommittedFileTest : public ::testing::Test {
 protected:
  absl::StatusOr<CommittedState> Read() { return ReadCommitted(files_, folder_.path()); }
  std::string path() const { return folder_ / kCommittedName; }

  testing::TempFolder folder_;
  rocksdb::FileSystem* files_ = rocksdb::FileSystem::Default().get();
};

TEST_F(CommittedFileTest, MissingIsNotFound) {
  EXPECT_THAT(Read(), FailsWith(absl::StatusCode::kNotFound, "COMMITTED does not exist"));
}

TEST_F(CommittedFileTest, BytesAreAsDocumented) {
  ASSERT_OK(CreateCommitted(files_, folder_.path(), 0x0102030405060708, /*complete=*/true));
  const std::string bytes = ReadFile(path());
  ASSERT_EQ(bytes.size(), 1024u);
  EXPECT_EQ(bytes.substr(0, 512), bytes.substr(512));
  // The checksum at the end was computed apart from this program.
  const std::string expected("LDSTCMT1\x08\x07\x06\x05\x04\x03\x02\x01\x02\0\0\0\0\0\0\0\0\0\0\0\x26\x28\xe5\x92", 32);
  EXPECT_EQ(bytes.substr(0, 32), expected);
  EXPECT_EQ(bytes.find_first_not_of('\0', 32), 512u);
}

TEST_F(CommittedFileTest, KeepsTheHighestOfItsTwoSlots) {
  ASSERT_OK(CreateCommitted(files_, folder_.path(), 5, /*complete=*/false));
  auto state = Read();
  ASSERT_OK(state);
  EXPECT_EQ(state->version, 5u);
  EXPECT_FALSE(state->complete);
  auto file = CommittedFile::Open(files_, folder_.path());
  ASSERT_OK(file);
  for (Version v = 6; v < 12; ++v) {
    ASSERT_OK((*file)->Write(v));
    state = Read();
    ASSERT_OK(state);
    EXPECT_EQ(state->version, v);
    EXPECT_TRUE(state->complete);
    EXPECT_EQ(state->damage, "");
  }
}

// Every single bit: the other slot answers, and the damage is told.
TEST_F(CommittedFileTest, OneFlippedBitIsToldAndLosesNothingElse) {
  ASSERT_OK(CreateCommitted(files_, folder_.path(), 77, /*complete=*/true));
  const std::string whole = ReadFile(path());
  for (std::size_t bit = 0; bit < whole.size() * 8; bit += bit < 300 ? 1 : 37) {
    std::string bytes = whole;
    bytes[bit / 8] = static_cast<char>(bytes[bit / 8] ^ (1 << bit % 8));
    WriteFile(path(), bytes);
    auto state = Read();
    ASSERT_OK(state);
    EXPECT_EQ(state->version, 77u);
    EXPECT_NE(state->damage, "") << "bit " << bit;
  }
}

TEST_F(CommittedFileTest, WithoutAWholeSlotItIsDataLoss) {
  const std::string cases[] = {"", std::string(1024, '\0'), std::string(1023, 'x'), std::string(1025, 'x')};
  for (const std::string& bytes : cases) {
    WriteFile(path(), bytes);
    EXPECT_THAT(Read(), FailsWith(absl::StatusCode::kDataLoss, "COMMITTED"));
  }
}

}  // namespace
}  // namespace lodestone::store
