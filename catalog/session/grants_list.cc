// Lists of grants, cut down to those that the principal may see.
#include <algorithm>
#include <utility>

#include "catalog/base/strings.h"
#include "catalog/privilege/access.h"
#include "catalog/privilege/grant_records.h"
#include "catalog/privilege/paths.h"
#include "catalog/session/call.h"
#include "catalog/session/grant_names.h"
#include "catalog/session/objects.h"
#include "catalog/session/place.h"

namespace lodestone {

namespace session {

namespace {

using base::StrCat;
using privilege::Access;
using privilege::Place;
using record::GrantedOn;
using Kind = Securable::Kind;

// Which entries a list takes. Made for one call.
class GrantLister {
 public:
  GrantLister(const store::Reader& reader, const GrantFilter& filter, Call& call)
      : reader_(reader), filter_(filter), call_(call), names_(reader) {}

  absl::StatusOr<std::vector<GrantEntry>> List() {
    const Securable root = filter_.on.value_or(Securable::Catalog());
    ASSIGN_OR_RETURN(const Place place, call_.PlaceOf(reader_, root));
    RETURN_IF_ERROR(CheckMay(root, place));
    if (!place.exists) return std::vector<GrantEntry>();
    const GrantedOn on = privilege::LevelsOf(place).back();
    if (!filter_.on) {
      // Those of the store belong to everything.
      RETURN_IF_ERROR(Take(record::Grants(GrantedOn{.kind = Kind::kGlobal}), false));
      RETURN_IF_ERROR(Take(record::GrantsBeneath(on), shows_all_));
    } else if (filter_.beneath) {
      RETURN_IF_ERROR(Take(record::GrantsBeneath(on), shows_all_));
    } else {
      RETURN_IF_ERROR(Take(record::Grants(on), shows_all_));
    }
    return std::move(entries_);
  }

 private:
  bool IsOwn(const Grantee& grantee) const { return std::ranges::find(own_, grantee) != own_.end(); }

  // What may be asked for at all, and whether everything under the root is shown.
  absl::Status CheckMay(const Securable& root, const Place& place) {
    if (!call_.checked()) {
      shows_all_ = true;
      return absl::OkStatus();
    }
    ASSIGN_OR_RETURN(access_, call_.AccessOf(reader_));
    ASSIGN_OR_RETURN(const privilege::Memberships* members, access_->Members());
    own_ = members->grantees;
    ASSIGN_OR_RETURN(const Decision decision, access_->Decide(Operation::kListGrants, place));
    shows_all_ = decision.allowed;
    if (shows_all_) {
      call_.Allow(decision.why);
      return place.exists ? absl::OkStatus() : call_.CheckSeen(reader_, root);
    }
    const bool others = filter_.grantee && !IsOwn(*filter_.grantee);
    if (others) return call_.Deny(decision.why);
    call_.Allow("everybody may list what it was granted itself");
    return call_.CheckSeen(reader_, root);
  }

  absl::StatusOr<bool> Shows(const Securable& on) {
    if (!call_.checked()) return true;
    ASSIGN_OR_RETURN(const Place place, call_.PlaceOf(reader_, on));
    ASSIGN_OR_RETURN(const Decision decision, access_->Decide(Operation::kListGrants, place));
    return decision.allowed;
  }

  absl::Status Take(const store::KeyRange& range, bool shows_all) {
    // Grants on one object lie together: it is looked up once.
    std::optional<GrantedOn> last;
    std::optional<Securable> named;
    bool shown = shows_all;
    return ForEach(reader_, range, [&](std::string_view key, std::string_view value) -> absl::Status {
      const auto parts = record::ParseGrantKey(key);
      if (!parts) return privilege::BadGrantKey(key);
      if (filter_.grantee && parts->grantee != *filter_.grantee) return absl::OkStatus();
      if (!last || *last != parts->on) {
        last = parts->on;
        ASSIGN_OR_RETURN(named, names_.Find(parts->on));
        if (named && !shows_all) {
          ASSIGN_OR_RETURN(shown, Shows(*named));
        }
      }
      if (!named || !(shown || IsOwn(parts->grantee))) return absl::OkStatus();
      ASSIGN_OR_RETURN(const auto record, privilege::DecodeGrants(key, value));
      AppendEntries(parts->grantee, *named, record, &entries_);
      return absl::OkStatus();
    });
  }

  const store::Reader& reader_;
  const GrantFilter& filter_;
  Call& call_;
  GrantNames names_;
  Access* access_ = nullptr;
  std::vector<Grantee> own_;
  bool shows_all_ = false;
  std::vector<GrantEntry> entries_;
};

}  // namespace
}  // namespace session

using namespace session;  // NOLINT: the calls below are made of what the namespace offers

absl::StatusOr<std::vector<GrantEntry>> Session::ListGrants(const GrantFilter& filter) const {
  GrantFilter lowered = filter;
  if (lowered.grantee && lowered.grantee->kind == GranteeKind::kRole) {
    lowered.grantee->name = base::AsciiLower(lowered.grantee->name);
  }
  const auto body = [&](const ReaderPtr& reader, Call& call) -> absl::StatusOr<std::vector<GrantEntry>> {
    if (filter.on && filter.on->kind == Kind::kPath) RETURN_IF_ERROR(privilege::CheckPath(filter.on->path));
    return GrantLister(*reader, lowered, call).List();
  };
  return Read(
      *impl_, Operation::kListGrants, [&] { return Target(filter.on.value_or(Securable::Catalog())); }, body,
      Ask::kInBody);
}

}  // namespace lodestone
