// Who may come in: accounts with access keys and tokens, for servers in front of the catalog. A principal needs no
// account to be granted something; an account gives a principal a way to prove that it is the one.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "catalog/names.h"

namespace lodestone {

// Which catalogs an account may enter, as tenants are kept apart.
enum class AccountScope {
  kCatalog,  // that of the session that makes it
  kStore,    // every one
};

// The account of the user `name`. Names: 1 to 128 of A-Z a-z 0-9 . _ - @ +, case-sensitive.
struct Account {
  std::string name;
  // The catalog that it may enter; empty: every catalog of the store.
  std::string catalog;
  bool enabled = true;
  int64_t create_time_ms = 0;
};

struct AccessKey {
  std::string id;  // 20 characters of A-Z 0-9
  std::string account;
  bool active = true;
  int64_t create_time_ms = 0;
};
// Shown once, when it is made; the store keeps it encrypted, since signatures are computed with it.
struct NewAccessKey {
  std::string id;
  std::string secret;  // 40 characters of A-Z a-z 0-9
};

struct Token {
  std::string id;  // the first 8 characters of its hash, in hex
  std::string account;
  int64_t create_time_ms = 0;
  int64_t expires_ms = 0;
};
// Shown once; the store keeps a hash.
struct NewToken {
  std::string token;
  int64_t expires_ms = 0;
};

// Whom a key or token stands for.
struct Identity {
  Principal principal;
  std::string catalog;  // Account::catalog
};

// The other half of a signature: never log or show it.
struct SigningKey {
  std::string secret;
  Identity identity;
};

}  // namespace lodestone
