#include "tests/model/privilege_twin.h"

#include <algorithm>

namespace lodestone::twin {

// --- Objects ---

int PrivilegeTwin::FindDatabase(const std::string& name) const {
  for (const auto& [number, thing] : things_) {
    if (thing.live && thing.is_database && thing.name == name) return number;
  }
  return -1;
}
int PrivilegeTwin::FindTable(const std::string& database, const std::string& name) const {
  const int in = FindDatabase(database);
  for (const auto& [number, thing] : things_) {
    if (in > 0 && thing.live && !thing.is_database && thing.parent == in && thing.name == name) return number;
  }
  return -1;
}
int PrivilegeTwin::Make(int parent, const std::string& name, const std::string& owner, bool is_database) {
  things_[next_] = {.parent = parent, .name = name, .owner = owner, .is_database = is_database};
  return next_++;
}
void PrivilegeTwin::Drop(int thing) {
  things_[thing].live = false;
  things_[thing].dropped_as = ++drops_;
}
int PrivilegeTwin::Undrop(int parent, const std::string& name, bool is_database) {
  int latest = -1;
  for (const auto& [number, thing] : things_) {
    if (thing.parent != parent || thing.name != name || thing.is_database != is_database) continue;
    if (thing.live) return -1;
    if (latest < 0 || thing.dropped_as > things_[latest].dropped_as) latest = number;
  }
  if (latest > 0) things_[latest].live = true;
  return latest;
}
void PrivilegeTwin::Rename(int thing, int parent, const std::string& name) {
  const bool moves = things_[thing].parent != parent;
  things_[thing].parent = parent;
  things_[thing].name = name;
  if (moves) facts_ = Standing(facts_);
}
void PrivilegeTwin::SetOwner(int thing, const std::string& owner) {
  things_[thing].owner = owner;
  facts_ = Standing(facts_);
}
bool PrivilegeTwin::IsWithin(int thing, int in) const {
  for (; thing >= 0; thing = things_.at(thing).parent) {
    if (thing == in) return true;
  }
  return false;
}
bool PrivilegeTwin::IsReachable(int thing) const {
  for (; thing > 0; thing = things_.at(thing).parent) {
    if (!things_.at(thing).live) return false;
  }
  return true;
}

// --- Members ---

void PrivilegeTwin::Leave(const Grantee& member, const std::string& role) {
  members_.erase({member, role});
  facts_ = Standing(facts_);
}
bool PrivilegeTwin::IsIn(const Grantee& member, const std::string& role) const {
  if (member == Grantee::Role(role)) return true;
  return std::ranges::any_of(
      members_, [&](const auto& pair) { return pair.first == member && IsIn(Grantee::Role(pair.second), role); });
}
std::set<Grantee> PrivilegeTwin::ActsAs(const std::string& user) const {
  std::set<Grantee> all = {Grantee::User(user), Grantee::Role("public")};
  for (std::size_t before = 0; before != all.size();) {
    before = all.size();
    for (const auto& [member, role] : members_) {
      if (all.contains(member)) all.insert(Grantee::Role(role));
    }
  }
  return all;
}

// --- Grants ---

bool PrivilegeTwin::HasFullPower(const std::string& user, int on) const {
  if (user.empty() || ActsAs(user).contains(Grantee::Role("admin"))) return true;
  for (int thing = on; thing > 0; thing = things_.at(thing).parent) {
    if (things_.at(thing).owner == user) return true;
  }
  return false;
}

bool PrivilegeTwin::MayPassOn(const std::vector<Fact>& facts, const std::string& user, Privilege privilege, int on,
                              bool option) const {
  if (HasFullPower(user, on)) return true;
  const std::set<Grantee> acts_as = ActsAs(user);
  bool has = false;
  bool has_option = false;
  bool may_grant_own = false;
  for (const Fact& fact : facts) {
    if (!acts_as.contains(fact.to) || !IsWithin(on, fact.on)) continue;
    may_grant_own = may_grant_own || fact.privilege == Privilege::kGrantPrivilege;
    if (fact.privilege != privilege) continue;
    has = true;
    has_option = has_option || fact.option;
  }
  return has_option || (!option && has && may_grant_own);
}

std::vector<Fact> PrivilegeTwin::Standing(const std::vector<Fact>& facts) const {
  std::vector<Fact> standing;
  for (const Fact& fact : facts) {
    if (!fact.derived) standing.push_back(fact);
  }
  // Adds what the ones that stand allow, until nothing more is added. First without options, since less allows more.
  for (bool added = true; added;) {
    added = false;
    for (const Fact& fact : facts) {
      if (!fact.derived) continue;
      const auto same = [&](const Fact& other) {
        return other.derived && other.to == fact.to && other.privilege == fact.privilege && other.on == fact.on &&
               other.grantor == fact.grantor;
      };
      auto there = std::ranges::find_if(standing, same);
      if (there == standing.end() && MayPassOn(standing, fact.grantor, fact.privilege, fact.on, false)) {
        Fact without = fact;
        without.option = false;
        standing.push_back(without);
        added = true;
        there = standing.end() - 1;
      }
      if (there != standing.end() && fact.option && !there->option &&
          MayPassOn(standing, fact.grantor, fact.privilege, fact.on, true)) {
        there->option = true;
        added = true;
      }
    }
  }
  return standing;
}

bool PrivilegeTwin::MayGrant(const std::string& by, Privilege privilege, int on, bool option) const {
  return MayPassOn(facts_, by, privilege, on, option);
}

void PrivilegeTwin::Grant(const std::string& by, const Grantee& to, Privilege privilege, int on, bool option) {
  const bool derived = !HasFullPower(by, on);
  for (Fact& fact : facts_) {
    if (fact.to != to || fact.privilege != privilege || fact.on != on || fact.grantor != by) continue;
    fact.option = fact.option || option;
    fact.derived = fact.derived && derived;
    return;
  }
  facts_.push_back({.to = to, .privilege = privilege, .on = on, .grantor = by, .option = option, .derived = derived});
}

PrivilegeTwin::Revoked PrivilegeTwin::Revoke(const std::string& by, const Grantee& from, Privilege privilege, int on,
                                             bool option_only, bool restrict) {
  const bool all = Has(by, Privilege::kRevokePrivilege, on);
  bool own = false;
  std::vector<Fact> left;
  for (const Fact& fact : facts_) {
    const bool meant = fact.to == from && fact.privilege == privilege && fact.on == on && (all || fact.grantor == by);
    own = own || meant;
    if (meant && !option_only) continue;
    left.push_back(fact);
    if (meant) left.back().option = false;
  }
  if (!all && !own && !MayGrant(by, privilege, on, false)) return Revoked::kDenied;
  const std::vector<Fact> standing = Standing(left);
  if (restrict) {
    const auto options = [](const std::vector<Fact>& facts) {
      return std::ranges::count_if(facts, [](const Fact& fact) { return fact.option; });
    };
    if (standing.size() != left.size() || options(standing) != options(left)) return Revoked::kRestricted;
  }
  facts_ = standing;
  return Revoked::kDone;
}

bool PrivilegeTwin::Has(const std::string& user, Privilege privilege, int on) const {
  if (HasFullPower(user, on)) return true;
  const std::set<Grantee> acts_as = ActsAs(user);
  return std::ranges::any_of(facts_, [&](const Fact& fact) {
    return fact.privilege == privilege && acts_as.contains(fact.to) && IsWithin(on, fact.on);
  });
}

bool PrivilegeTwin::Sees(const std::string& user, int on) const {
  if (HasFullPower(user, on)) return true;
  const std::set<Grantee> acts_as = ActsAs(user);
  const bool granted = std::ranges::any_of(facts_, [&](const Fact& fact) {
    if (!acts_as.contains(fact.to)) return false;
    return IsWithin(on, fact.on) || (IsWithin(fact.on, on) && IsReachable(fact.on));
  });
  const bool owns_within = std::ranges::any_of(things_, [&](const auto& item) {
    return item.second.owner == user && IsWithin(item.first, on) && IsReachable(item.first);
  });
  return granted || owns_within;
}

std::vector<std::string> PrivilegeTwin::Entries() const {
  std::vector<std::string> all;
  for (const Fact& fact : facts_) {
    if (!IsReachable(fact.on)) continue;
    const Thing& thing = things_.at(fact.on);
    const std::string shown = fact.on == 0        ? "the catalog"
                              : thing.is_database ? "database " + thing.name
                                                  : "table " + things_.at(thing.parent).name + "." + thing.name;
    all.push_back(std::string(NameOf(fact.privilege)) + " on " + shown + " to " + fact.to.ToString() + " by '" +
                  fact.grantor + "'" + (fact.option ? " with option" : "") + (fact.derived ? " derived" : ""));
  }
  std::ranges::sort(all);
  return all;
}

}  // namespace lodestone::twin
