#include "catalog/account/secret.h"

#include <memory>
#include <utility>

#include "absl/status/status.h"
#include "catalog/base/status_macros.h"
#include "openssl/crypto.h"
#include "openssl/evp.h"
#include "openssl/hmac.h"
#include "openssl/rand.h"

namespace lodestone::account {

namespace {

struct FreeCipher {
  void operator()(EVP_CIPHER_CTX* context) const { EVP_CIPHER_CTX_free(context); }
};
using Cipher = std::unique_ptr<EVP_CIPHER_CTX, FreeCipher>;

const unsigned char* Bytes(std::string_view text) { return reinterpret_cast<const unsigned char*>(text.data()); }
unsigned char* Bytes(std::string& text) { return reinterpret_cast<unsigned char*>(text.data()); }
int Size(std::string_view text) { return static_cast<int>(text.size()); }

absl::Status NoCipher() { return absl::UnavailableError("the cipher AES-256-GCM of OpenSSL failed"); }
absl::Status NotSealed() {
  return absl::DataLossError("an encrypted secret was changed, or was encrypted under another key");
}

}  // namespace

void Cleanse(std::string* bytes) {
  OPENSSL_cleanse(bytes->data(), bytes->size());
  bytes->clear();
}

SecretBytes& SecretBytes::operator=(SecretBytes&& other) noexcept {
  if (this == &other) return *this;
  Cleanse(&bytes_);
  bytes_ = other.bytes_;
  // A moved string may keep a short text in place.
  Cleanse(&other.bytes_);
  return *this;
}

absl::StatusOr<std::string> RandomBytes(std::size_t count) {
  std::string bytes(count, '\0');
  if (RAND_bytes(Bytes(bytes), Size(bytes)) != 1) {
    return absl::UnavailableError("the system's source of random bytes failed");
  }
  return bytes;
}

absl::StatusOr<std::string> RandomText(std::string_view alphabet, std::size_t count) {
  // Bytes at or above the greatest multiple of the alphabet's size would favour its first characters.
  const std::size_t fair = 256 - 256 % alphabet.size();
  std::string text;
  text.reserve(count);
  while (text.size() < count) {
    ASSIGN_OR_RETURN(std::string bytes, RandomBytes(count));
    for (const char byte : bytes) {
      const std::size_t number = static_cast<unsigned char>(byte);
      if (number < fair && text.size() < count) text += alphabet[number % alphabet.size()];
    }
    Cleanse(&bytes);
  }
  return text;
}

std::string Sha256(std::string_view bytes) {
  std::string digest(32, '\0');
  unsigned int length = 0;
  EVP_Digest(bytes.data(), bytes.size(), Bytes(digest), &length, EVP_sha256(), nullptr);
  return digest;
}

std::string HmacSha256(std::string_view key, std::string_view bytes) {
  std::string digest(32, '\0');
  unsigned int length = 0;
  HMAC(EVP_sha256(), key.data(), Size(key), Bytes(bytes), bytes.size(), Bytes(digest), &length);
  return digest;
}

bool EqualInConstantTime(std::string_view a, std::string_view b) {
  return a.size() == b.size() && CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

absl::StatusOr<std::string> Seal(const SecretBytes& key, std::string_view nonce, std::string_view plain,
                                 std::string_view associated) {
  const Cipher cipher(EVP_CIPHER_CTX_new());
  std::string sealed(plain.size() + kSealTagBytes, '\0');
  int length = 0;
  const bool done =
      cipher != nullptr && key.view().size() == kKeyBytes && nonce.size() == kSealNonceBytes &&
      EVP_EncryptInit_ex(cipher.get(), EVP_aes_256_gcm(), nullptr, Bytes(key.view()), Bytes(nonce)) == 1 &&
      EVP_EncryptUpdate(cipher.get(), nullptr, &length, Bytes(associated), Size(associated)) == 1 &&
      EVP_EncryptUpdate(cipher.get(), Bytes(sealed), &length, Bytes(plain), Size(plain)) == 1 &&
      EVP_EncryptFinal_ex(cipher.get(), Bytes(sealed) + length, &length) == 1 &&
      EVP_CIPHER_CTX_ctrl(cipher.get(), EVP_CTRL_GCM_GET_TAG, kSealTagBytes, Bytes(sealed) + plain.size()) == 1;
  if (!done) return NoCipher();
  return sealed;
}

absl::StatusOr<SecretBytes> Unseal(const SecretBytes& key, std::string_view nonce, std::string_view sealed,
                                   std::string_view associated) {
  if (nonce.size() != kSealNonceBytes || sealed.size() < kSealTagBytes) return NotSealed();
  const Cipher cipher(EVP_CIPHER_CTX_new());
  const std::string_view encrypted = sealed.substr(0, sealed.size() - kSealTagBytes);
  std::string tag(sealed.substr(encrypted.size()));
  std::string plain(encrypted.size(), '\0');
  int length = 0;
  if (cipher == nullptr || key.view().size() != kKeyBytes ||
      EVP_DecryptInit_ex(cipher.get(), EVP_aes_256_gcm(), nullptr, Bytes(key.view()), Bytes(nonce)) != 1 ||
      EVP_DecryptUpdate(cipher.get(), nullptr, &length, Bytes(associated), Size(associated)) != 1 ||
      EVP_DecryptUpdate(cipher.get(), Bytes(plain), &length, Bytes(encrypted), Size(encrypted)) != 1 ||
      EVP_CIPHER_CTX_ctrl(cipher.get(), EVP_CTRL_GCM_SET_TAG, kSealTagBytes, Bytes(tag)) != 1) {
    Cleanse(&plain);
    return NoCipher();
  }
  if (EVP_DecryptFinal_ex(cipher.get(), Bytes(plain) + length, &length) != 1) {
    Cleanse(&plain);
    return NotSealed();
  }
  return SecretBytes(std::move(plain));
}

}  // namespace lodestone::account
