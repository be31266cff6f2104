// The file with the key that secrets are encrypted under.
#pragma once

#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "catalog/account/secret.h"

namespace lodestone::account {

// In the store's folder, unless OpenOptions::key_file says otherwise.
inline constexpr std::string_view kDefaultKeyFile = "account_key";

// 64 hex digits, and at the most one newline behind them. FailedPrecondition (kInvalidOperation) for anything else,
// naming the file at `path` and never what is in it.
absl::StatusOr<SecretBytes> ParseKeyFile(std::string_view text, std::string_view path);
//   NotFound            there is none
//   FailedPrecondition  others than its owner may read or write it; or it holds no key
//   Unavailable         an I/O error
absl::StatusOr<SecretBytes> ReadKeyFile(const std::string& path);
// Makes a new key in a new file of mode 0600, synced. AlreadyExists: there is a file.
absl::StatusOr<SecretBytes> MakeKeyFile(const std::string& path);
// Deletes it, and its folder when that is empty now. No error if there is none; a file that holds no key stays.
absl::Status RemoveKeyFile(const std::string& path);

}  // namespace lodestone::account
