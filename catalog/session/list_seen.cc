// Lists cut down to what the principal sees, in time proportional to that: from the index of what each grantee sees
// (privilege/visible.h), merged over all as whom the principal acts.
#include <algorithm>
#include <map>
#include <memory>
#include <set>
#include <utility>
#include <vector>

#include "catalog/base/strings.h"
#include "catalog/privilege/access.h"
#include "catalog/record/grant_keys.h"
#include "catalog/session/call.h"
#include "catalog/session/objects.h"

namespace lodestone::session {

namespace {

using privilege::Memberships;
using privilege::Place;
using Take = std::function<absl::StatusOr<bool>(std::string_view name, std::string_view value, bool wanted)>;

// Gives names to `take` up to options.limit, and notices when there is one more.
class Taker {
 public:
  Taker(const ListNamesOptions& options, const Take& take) : options_(options), take_(take) {}
  // True: the list is full, and there is more.
  absl::StatusOr<bool> Give(std::string_view name, std::string_view value) {
    const bool wanted = options_.limit == 0 || taken_ < options_.limit;
    ASSIGN_OR_RETURN(const bool passes, take_(name, value, wanted));
    if (!passes) return false;
    if (!wanted) return true;
    ++taken_;
    return false;
  }

 private:
  const ListNamesOptions& options_;
  const Take& take_;
  std::size_t taken_ = 0;
};

// The names in several ranges of the index, in order, each once.
class VisibleNames {
 public:
  VisibleNames(const store::Reader& reader, const Memberships& members, const Place& in, Securable::Kind kind,
               const model::NamePattern& pattern, const std::string& after) {
    for (const Grantee& grantee : members.grantees) {
      const auto key = [&](std::string_view name) {
        return record::VisibleKey(in.catalog, in.database, grantee, kind, name);
      };
      store::KeyRange range = store::PrefixRange(key(pattern.common_prefix()));
      if (!after.empty()) range.lower = std::max(range.lower, key(after) + '\0');
      if (range.lower >= range.upper) continue;
      Source& source = sources_.emplace_back();
      source.prefix = key({}).size();
      source.cursor = reader.NewCursor(range);
      source.cursor->SeekToFirst();
    }
  }
  // Empty: the end, or a failure.
  std::string Next() {
    const Source* least = nullptr;
    for (const Source& source : sources_) {
      if (!source.cursor->Valid()) continue;
      if (least == nullptr || source.name() < least->name()) least = &source;
    }
    if (least == nullptr) return {};
    std::string name(least->name());
    for (Source& source : sources_) {
      if (source.cursor->Valid() && source.name() == name) source.cursor->Next();
    }
    return name;
  }
  absl::Status status() const {
    for (const Source& source : sources_) RETURN_IF_ERROR(source.cursor->status());
    return absl::OkStatus();
  }

 private:
  struct Source {
    std::unique_ptr<store::Cursor> cursor;
    std::size_t prefix = 0;
    std::string_view name() const { return cursor->key().substr(prefix); }
  };
  std::vector<Source> sources_;
};

// With `values` to read what stands under the names; without, `take` gets none.
absl::StatusOr<bool> ListVisible(const store::Reader& reader, const Memberships& members, const Place& in,
                                 const NameSpace& space, const ListNamesOptions& options, Values values,
                                 const Take& take) {
  constexpr std::size_t kAtOnce = 256;
  const model::NamePattern pattern(options.pattern);
  VisibleNames visible(reader, members, in, space.kind, pattern, base::AsciiLower(options.after));
  Taker taker(options, take);
  std::vector<std::string> names;
  std::vector<std::string> keys;
  while (values == Values::kNotNeeded) {
    const std::string name = visible.Next();
    if (name.empty()) break;
    if (!pattern.Matches(name)) continue;
    ASSIGN_OR_RETURN(const bool full, taker.Give(name, {}));
    if (full) return true;
  }
  for (bool more = values == Values::kNeeded; more;) {
    names.clear();
    keys.clear();
    const std::size_t at_once = options.limit == 0 ? kAtOnce : std::min(kAtOnce, options.limit + 1);
    while (names.size() < at_once) {
      std::string name = visible.Next();
      more = !name.empty();
      if (!more) break;
      if (!pattern.Matches(name)) continue;
      keys.push_back(space.key(name));
      names.push_back(std::move(name));
    }
    ASSIGN_OR_RETURN(const auto found, reader.MultiGet(keys));
    for (std::size_t i = 0; i < names.size(); ++i) {
      if (!found[i]) return MissingRecord(keys[i]);
      ASSIGN_OR_RETURN(const bool full, taker.Give(names[i], *found[i]));
      if (full) return true;
    }
  }
  RETURN_IF_ERROR(visible.status());
  return false;
}

// Databases stand in the index by their ids.
absl::StatusOr<bool> ListVisibleDatabases(const store::Reader& reader, const Memberships& members, const Place& in,
                                          const NameSpace& space, const ListNamesOptions& options, const Take& take) {
  std::set<uint64_t> ids;
  for (const Grantee& grantee : members.grantees) {
    const store::KeyRange range = record::Visible(in.catalog, {}, grantee, Securable::Kind::kDatabase);
    RETURN_IF_ERROR(ForEach(reader, range, [&ids](std::string_view key, std::string_view) {
      if (const auto parts = record::ParseVisibleKey(key)) ids.insert(parts->database.value);
      return absl::OkStatus();
    }));
  }
  std::map<std::string, std::string> found;  // name -> the entry under it
  const model::NamePattern pattern(options.pattern);
  const std::string after = base::AsciiLower(options.after);
  for (const uint64_t id : ids) {
    ASSIGN_OR_RETURN(const record::v1::DatabaseRecord record, ReadDatabase(reader, record::DatabaseId{id}));
    if (record.name() <= after || !pattern.Matches(record.name())) continue;
    const std::string key = space.key(record.name());
    ASSIGN_OR_RETURN(auto value, reader.Get(key));
    record::v1::DatabaseEntry entry;
    if (value) RETURN_IF_ERROR(DecodeAt(key, *value, &entry));
    // One that was dropped is there still, and not under its name.
    if (entry.id() == id) found.emplace(record.name(), *std::move(value));
  }
  Taker taker(options, take);
  for (const auto& [name, value] : found) {
    ASSIGN_OR_RETURN(const bool full, taker.Give(name, value));
    if (full) return true;
  }
  return false;
}

}  // namespace

absl::StatusOr<bool> ListSeen(const store::Reader& reader, Call& call, const NameSpace& space, const Securable& in,
                              const ListNamesOptions& options, Values values, const Take& take) {
  if (!call.checked()) return ListNames(reader, space, options, take);
  ASSIGN_OR_RETURN(const Place place, call.PlaceOf(reader, in));
  ASSIGN_OR_RETURN(privilege::Access * access, call.AccessOf(reader));
  ASSIGN_OR_RETURN(const bool all, access->SeesAllIn(place));
  if (all) return ListNames(reader, space, options, take);
  ASSIGN_OR_RETURN(const Memberships* members, access->Members());
  return space.kind == Securable::Kind::kDatabase ? ListVisibleDatabases(reader, *members, place, space, options, take)
                                                  : ListVisible(reader, *members, place, space, options, values, take);
}

absl::StatusOr<Page<std::string>> ListSeenNames(const store::Reader& reader, Call& call, const NameSpace& space,
                                                const Securable& in, const ListNamesOptions& options) {
  Page<std::string> page;
  const auto take = [&page](std::string_view name, std::string_view, bool wanted) -> absl::StatusOr<bool> {
    if (wanted) page.items.emplace_back(name);
    return true;
  };
  ASSIGN_OR_RETURN(page.more, ListSeen(reader, call, space, in, options, Values::kNotNeeded, take));
  return page;
}

}  // namespace lodestone::session
