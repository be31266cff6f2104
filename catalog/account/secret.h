// Secrets: making them, keeping them out of reach, and comparing them. Thin over OpenSSL.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"

namespace lodestone::account {

// Overwrites the bytes, also where the compiler would leave that out, and empties the text.
void Cleanse(std::string* bytes);

// Bytes that are overwritten when they go. Not thread-safe to change; fine to share once made.
class SecretBytes {
 public:
  SecretBytes() = default;
  explicit SecretBytes(std::string bytes) : bytes_(std::move(bytes)) {}
  SecretBytes(SecretBytes&& other) noexcept { *this = std::move(other); }
  SecretBytes& operator=(SecretBytes&& other) noexcept;
  SecretBytes(const SecretBytes&) = delete;
  SecretBytes& operator=(const SecretBytes&) = delete;
  ~SecretBytes() { Cleanse(&bytes_); }

  std::string_view view() const { return bytes_; }
  bool empty() const { return bytes_.empty(); }

 private:
  std::string bytes_;
};

// Unpredictable bytes. Unavailable: the system has none to give.
absl::StatusOr<std::string> RandomBytes(std::size_t count);
// Unpredictable characters, each of the alphabet equally likely. REQUIRES: 1 to 256 characters in it.
absl::StatusOr<std::string> RandomText(std::string_view alphabet, std::size_t count);

// Raw digests, 32 bytes.
std::string Sha256(std::string_view bytes);
std::string HmacSha256(std::string_view key, std::string_view bytes);
// Takes the same time wherever two texts of one length differ.
bool EqualInConstantTime(std::string_view a, std::string_view b);

inline constexpr std::size_t kKeyBytes = 32;
inline constexpr std::size_t kSealNonceBytes = 12;
inline constexpr std::size_t kSealTagBytes = 16;
// AES-256-GCM: the encrypted bytes, then the tag. `associated` is authenticated along, and not stored.
// REQUIRES: a key and a nonce of the lengths above; never the same nonce twice under one key.
absl::StatusOr<std::string> Seal(const SecretBytes& key, std::string_view nonce, std::string_view plain,
                                 std::string_view associated);
// DataLoss: the bytes were not sealed under this key with this nonce and these associated bytes. Says nothing of them.
absl::StatusOr<SecretBytes> Unseal(const SecretBytes& key, std::string_view nonce, std::string_view sealed,
                                   std::string_view associated);

}  // namespace lodestone::account
