// Which grants stand: all those on one object and on what lies in it, in memory. Made for one change; not thread-safe.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "catalog/privilege/access.h"
#include "catalog/privilege/membership.h"
#include "catalog/record/grant_keys.h"
#include "catalog/store/store.h"
#include "lodestone/record/v1/grant.pb.h"

namespace lodestone::privilege {

class GrantGraph {
 public:
  // How an entry stands.
  enum class State { kFallen, kWithoutOption, kWithOption };

  // `txn` outlives the object.
  GrantGraph(store::Transaction& txn, record::GrantedOn root) : txn_(txn), root_(std::move(root)) {}

  absl::Status Load();
  // Calls `change` with every entry, which may take away its grant option, or answer true: it goes.
  using Entry = record::v1::GrantsRecord::Entry;
  void Change(const std::function<bool(const record::GrantKeyParts& where, Entry* entry)>& change);
  // Finds what stands. Returns the number of derived entries that fall, wholly or by their option.
  absl::StatusOr<int64_t> Settle();
  // The first of them, in words. REQUIRES: there is one.
  std::string FirstFallen() const;
  // Writes what changed.
  absl::Status Store();

 private:
  struct Node {
    std::size_t record;  // in records_
    Entry entry;
    bool gone = false;  // by Change
    State state = State::kFallen;
  };
  struct Record {
    record::GrantKeyParts where;
    std::string key;
    bool changed = false;
    std::vector<std::size_t> nodes;
  };
  // What a grantor can draw from, whatever the entries in memory are.
  struct Grantor {
    Memberships members;
    GrantAuthority above;  // by entries above the root
    PrivilegeSet all_above;
  };
  static State Wanted(const Entry& entry) { return entry.grant_option() ? State::kWithOption : State::kWithoutOption; }
  absl::StatusOr<const Grantor*> FindGrantor(record::CatalogId catalog, const std::string& name);
  absl::StatusOr<bool> IsOwnerOf(const Grantor& grantor, const record::GrantedOn& on);
  absl::StatusOr<std::pair<Grantee, Grantee>> OwnersOf(const record::GrantedOn& on);
  absl::StatusOr<State> Supported(const Node& node);

  store::Transaction& txn_;
  const record::GrantedOn root_;
  std::vector<Record> records_;
  std::vector<Node> nodes_;
  // Objects, by the key of a grant without its grantee -> records on them.
  std::map<std::string, std::vector<std::size_t>> on_object_;
  std::map<std::pair<uint64_t, std::string>, Grantor> grantors_;
  std::map<std::pair<uint64_t, uint64_t>, std::pair<Grantee, Grantee>> owners_;
};

// The object and all above it, from the store downwards.
std::vector<record::GrantedOn> LevelsOf(const record::GrantedOn& on);

}  // namespace lodestone::privilege
