// Who may do what, written as plainly as possible: facts in sets, and every answer found by looking at all of them.
// Knows nothing of how the library decides.
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "catalog/privileges.h"

namespace lodestone::twin {

// A table or database, dropped or not; the catalog is number 0.
struct Thing {
  int parent = 0;      // number of the database; of a database 0
  std::string name{};  // under its parent
  std::string owner{};
  bool live = true;
  bool is_database = false;
  int dropped_as = 0;  // the later the greater
};

struct Fact {
  Grantee to;
  Privilege privilege;
  int on;
  std::string grantor;
  bool option = false;
  bool derived = false;
};

class PrivilegeTwin {
 public:
  PrivilegeTwin() { things_[0] = {.parent = -1, .name = "the catalog"}; }

  // --- Objects. -1: there is none of the name ---
  int FindDatabase(const std::string& name) const;
  int FindTable(const std::string& database, const std::string& name) const;
  int Make(int parent, const std::string& name, const std::string& owner, bool is_database);
  void Drop(int thing);
  // The one that was dropped last under the name; -1: none, or the name is taken.
  int Undrop(int parent, const std::string& name, bool is_database);
  void Rename(int thing, int parent, const std::string& name);
  void SetOwner(int thing, const std::string& owner);
  const Thing& Of(int thing) const { return things_.at(thing); }

  // --- Members ---
  void Join(const Grantee& member, const std::string& role) { members_.insert({member, role}); }
  void Leave(const Grantee& member, const std::string& role);
  bool IsMember(const Grantee& member, const std::string& role) const { return members_.contains({member, role}); }
  // Over however many roles.
  bool IsIn(const Grantee& member, const std::string& role) const;

  // --- Grants. `by` empty: may everything ---
  bool MayGrant(const std::string& by, Privilege privilege, int on, bool option) const;
  void Grant(const std::string& by, const Grantee& to, Privilege privilege, int on, bool option);
  enum class Revoked { kDone, kDenied, kRestricted };
  Revoked Revoke(const std::string& by, const Grantee& from, Privilege privilege, int on, bool option_only,
                 bool restrict);
  bool Has(const std::string& user, Privilege privilege, int on) const;
  bool Sees(const std::string& user, int on) const;
  // All that are about live things, as text, sorted.
  std::vector<std::string> Entries() const;

 private:
  std::set<Grantee> ActsAs(const std::string& user) const;
  bool IsWithin(int thing, int in) const;
  bool HasFullPower(const std::string& user, int on) const;
  bool MayPassOn(const std::vector<Fact>& facts, const std::string& user, Privilege privilege, int on,
                 bool option) const;
  // Without what nothing stands behind any more.
  std::vector<Fact> Standing(const std::vector<Fact>& facts) const;
  bool IsReachable(int thing) const;

  std::map<int, Thing> things_;
  int next_ = 1;
  int drops_ = 0;
  std::set<std::pair<Grantee, std::string>> members_;
  std::vector<Fact> facts_;
};

}  // namespace lodestone::twin
