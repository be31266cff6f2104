// The part of VerifyStore about roles, groups, accounts, access keys, tokens and nonces.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "catalog/store/store.h"

namespace lodestone::session {

// Calls `report` with each record that breaks a rule. `catalogs`: ids and names, live or dropped. Keys that follow no
// rule of the layout are left out: the pass over all keys reports them. A failure: something could not be read.
absl::Status VerifyPrincipals(const store::Reader& reader, const std::map<uint64_t, std::string>& catalogs,
                              const std::function<void(std::string_view key, std::string_view what)>& report);

}  // namespace lodestone::session
