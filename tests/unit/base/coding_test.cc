#include "catalog/base/coding.h"

#include <cstdint>
#include <limits>
#include <string>
#include <vector>

#include "gtest/gtest.h"

namespace lodestone::base {
namespace {

const std::vector<uint64_t> kNumbers = {0,
                                        1,
                                        0x7F,
                                        0x80,
                                        0xFF,
                                        0x100,
                                        0xFFFF,
                                        0x10000,
                                        0x7FFFFFFF,
                                        0x80000000,
                                        0xFFFFFFFF,
                                        0x100000000,
                                        0x0102030405060708,
                                        std::numeric_limits<uint64_t>::max() - 1,
                                        std::numeric_limits<uint64_t>::max()};

TEST(CodingTest, BigEndianBytesAreGolden) {
  std::string out = "x";
  AppendBigEndian64(&out, 0x0102030405060708);
  AppendBigEndian32(&out, 0xA1B2C3D4);
  EXPECT_EQ(out, "x\x01\x02\x03\x04\x05\x06\x07\x08\xA1\xB2\xC3\xD4");
}

TEST(CodingTest, BigEndianSortsAsTheNumbersDoAndReadsBack) {
  std::string before;
  for (uint64_t number : kNumbers) {
    std::string bytes;
    AppendBigEndian64(&bytes, number);
    EXPECT_EQ(ReadBigEndian64(bytes.data()), number);
    EXPECT_TRUE(before.empty() || before < bytes) << number;
    before = bytes;

    std::string narrow = "?";
    AppendBigEndian32(&narrow, static_cast<uint32_t>(number));
    EXPECT_EQ(ReadBigEndian32(narrow.data() + 1), static_cast<uint32_t>(number));
  }
}

TEST(CodingTest, LittleEndianBytesAreGoldenAndReadBackUnaligned) {
  std::string out = "x";
  AppendLittleEndian<uint32_t>(&out, 0xA1B2C3D4);
  AppendLittleEndian<uint16_t>(&out, 0x0102);
  AppendLittleEndian<int64_t>(&out, -2);
  AppendLittleEndian<uint8_t>(&out, 7);
  EXPECT_EQ(out, "x\xD4\xC3\xB2\xA1\x02\x01\xFE\xFF\xFF\xFF\xFF\xFF\xFF\xFF\x07");
  EXPECT_EQ(ReadLittleEndian<uint32_t>(out.data() + 1), 0xA1B2C3D4);
  EXPECT_EQ(ReadLittleEndian<uint16_t>(out.data() + 5), 0x0102);
  EXPECT_EQ(ReadLittleEndian<int64_t>(out.data() + 7), -2);
  EXPECT_EQ(ReadLittleEndian<uint8_t>(out.data() + 15), 7);
}

}  // namespace
}  // namespace lodestone::base
