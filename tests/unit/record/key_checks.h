// What tests of keys of any kind have in common.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "absl/strings/escaping.h"
#include "catalog/base/strings.h"
#include "catalog/record/keys.h"
#include "gtest/gtest.h"

namespace lodestone::record::testing {

inline std::string Hex(std::string_view bytes) { return absl::BytesToHexString(base::ToAbsl(bytes)); }
inline std::string Bytes(std::string_view hex) { return absl::HexStringToBytes(base::ToAbsl(hex)); }

// The key, in hex, breaks a rule.
inline void ExpectBreach(std::string_view hex, std::string_view why) {
  const std::string key = Bytes(hex);
  EXPECT_FALSE(IsWellFormed(key)) << hex << ": " << why;
  EXPECT_EQ(Describe(key), "unknown key 0x" + std::string(hex)) << why;
}

// Each key with any one byte changed, and cut off before it, is well-formed or not, and said in words.
inline void ExpectReadWithoutHarm(std::span<const std::string> keys) {
  for (const std::string& key : keys) {
    for (std::size_t at = 0; at < key.size(); ++at) {
      for (const char byte : {'\0', '\x01', '\x7F', '\xFF', '/', '%'}) {
        std::string changed = key;
        changed[at] = byte;
        EXPECT_EQ(IsWellFormed(changed), Describe(changed).rfind("unknown key", 0) != 0);
        EXPECT_FALSE(Describe(changed.substr(0, at)).empty());
      }
    }
  }
}

}  // namespace lodestone::record::testing
