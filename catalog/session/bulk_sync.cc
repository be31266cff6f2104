// Making a table's partitions those of an input: first the differences are found, which is all that a dry run does;
// then they are applied as edits when they are few, and by writing all pages anew when they are many.
#include <map>
#include <utility>

#include "catalog/base/strings.h"
#include "catalog/bulk/derived_location.h"
#include "catalog/bulk_input.h"
#include "catalog/errors.h"
#include "catalog/partition/descriptors.h"
#include "catalog/session/bulk_loader_impl.h"

namespace lodestone {
namespace session {
namespace {

using partition::Edit;
using partition::EditKind;
using partition::Parameter;
using partition::Row;

// Names in an event, at the most.
constexpr std::size_t kMaxNamesInEvent = 1'000;
// More differences than this are never applied as edits.
constexpr std::size_t kMaxEdits = 20'000;

// Says how a row of the input differs from the one that the table has, and what comes of both. Not thread-safe.
class Comparer {
 public:
  Comparer(const LoadBase& base, bool update_changed)
      : derived_(base.table.descriptor.location(), base.table.key_names),
        reader_(base.reader),
        descriptors_(base.reader.get(), base.table.table),
        update_changed_(update_changed) {}

  // The row as it is to be stored.
  Row Added(const Row& fresh) const {
    Row row = fresh;
    if (row.location && derived_.Is(*row.location, row.key)) row.location.reset();
    return row;
  }

  // Null: nothing to change. Otherwise valid until the next call, and as long as both rows.
  absl::StatusOr<const Row*> Changed(const Row& fresh, const Row& present) {
    if (!update_changed_) return nullptr;
    merged_ = present;
    bool changed = false;
    if (fresh.location) {
      ASSIGN_OR_RETURN(const bulk::DerivedLocation* derived, DerivedOf(present.descriptor));
      const bool is_derived = derived->Is(*fresh.location, present.key);
      changed = present.location ? *fresh.location != *present.location : !is_derived;
      if (changed) merged_.location = is_derived ? std::nullopt : fresh.location;
    }
    if (MergeParameters(fresh.parameters, present.parameters)) {
      changed = true;
      merged_.parameters = parameters_;
    }
    return changed ? &merged_ : nullptr;
  }

 private:
  absl::StatusOr<const bulk::DerivedLocation*> DerivedOf(uint32_t number) {
    const auto it = by_number_.find(number);
    if (it != by_number_.end()) return &it->second;
    ASSIGN_OR_RETURN(const auto* shared, descriptors_.Get(number));
    const std::vector<std::string> keys(shared->key_names().begin(), shared->key_names().end());
    return &by_number_.emplace(number, bulk::DerivedLocation(shared->base_location(), keys)).first->second;
  }

  // The present ones with the fresh ones laid over them. False: nothing differs. Both are sorted by name.
  bool MergeParameters(std::span<const Parameter> fresh, std::span<const Parameter> present) {
    parameters_.clear();
    bool changed = false;
    std::size_t at = 0;
    for (const Parameter& parameter : fresh) {
      while (at < present.size() && present[at].first < parameter.first) parameters_.push_back(present[at++]);
      const bool same_name = at < present.size() && present[at].first == parameter.first;
      changed |= !same_name || present[at].second != parameter.second;
      at += same_name ? 1 : 0;
      parameters_.push_back(parameter);
    }
    parameters_.insert(parameters_.end(), present.begin() + static_cast<std::ptrdiff_t>(at), present.end());
    return changed;
  }

  const bulk::DerivedLocation derived_;  // of new partitions
  const std::shared_ptr<const store::Reader> reader_;
  partition::DescriptorReader descriptors_;
  std::map<uint32_t, bulk::DerivedLocation> by_number_;
  const bool update_changed_;
  std::vector<Parameter> parameters_;
  Row merged_;
};

absl::Status Twice(const bulk::RowEncoder& encoder, std::string_view key) {
  const std::string shown = encoder.Shown(key);
  return MakeError(ErrorKind::kInvalidObject, ObjectKind::kPartition, shown,
                   base::StrCat("partition ", shown, " is in the input twice"));
}

// Finds the differences, and keeps them as edits as long as they are few.
class DifferenceVisitor final : public bulk::MergeVisitor {
 public:
  DifferenceVisitor(const bulk::RowEncoder* encoder, const LoadBase& base, const SyncOptions& options)
      : encoder_(encoder), options_(options), comparer_(base, options.update_changed) {}

  absl::Status Fresh(const Row& row) override {
    ++report.added;
    Note('+', EditKind::kInsert, comparer_.Added(row), &added);
    return absl::OkStatus();
  }
  absl::Status Present(const Row& row) override {
    if (!options_.drop_missing) {
      ++report.unchanged;
      return absl::OkStatus();
    }
    ++report.dropped;
    Note('-', EditKind::kDelete, row, &dropped);
    return absl::OkStatus();
  }
  absl::Status Both(const Row& fresh, const Row& present) override {
    ASSIGN_OR_RETURN(const Row* changed, comparer_.Changed(fresh, present));
    if (changed == nullptr) {
      ++report.unchanged;
      return absl::OkStatus();
    }
    ++report.updated;
    Note('~', EditKind::kReplace, *changed, &updated);
    return absl::OkStatus();
  }
  absl::Status Twice(std::string_view key) override { return session::Twice(*encoder_, key); }

  SyncReport report;
  std::vector<Edit> edits;                                // empty when there were too many
  std::vector<std::string> added, dropped, updated;       // names, some
  std::vector<std::string> dropped_keys;                  // of `edits`
  std::vector<std::pair<char, std::string>> differences;  // for on_difference
  int64_t changes() const { return report.added + report.dropped + report.updated; }

 private:
  void Note(char mark, EditKind kind, const Row& row, std::vector<std::string>* names) {
    if (options_.on_difference || names->size() <= kMaxNamesInEvent) {
      std::string name = encoder_->NameOf(row.key);
      if (names->size() <= kMaxNamesInEvent) names->push_back(name);
      if (options_.on_difference) differences.emplace_back(mark, std::move(name));
    }
    if (changes() > static_cast<int64_t>(kMaxEdits)) {
      edits.clear();
    } else {
      edits.push_back({kind, arena_.Copy(row)});
      if (kind == EditKind::kDelete) dropped_keys.emplace_back(row.key);
    }
  }

  const bulk::RowEncoder* const encoder_;
  const SyncOptions& options_;
  Comparer comparer_;
  bulk::RowArena arena_;
};

// Writes the table as it is to be.
class SyncVisitor final : public SetVisitor {
 public:
  SyncVisitor(const bulk::RowEncoder* encoder, const LoadBase& base, const SyncOptions& options,
              partition::PageWriter* pages)
      : encoder_(encoder),
        drop_missing_(options.drop_missing),
        comparer_(base, options.update_changed),
        pages_(pages) {}

  absl::Status Fresh(const Row& row) override { return pages_->Add(comparer_.Added(row)); }
  absl::Status Present(const Row& row) override {
    if (!drop_missing_) return pages_->Add(row);
    ForgetStatistics(row.key);
    return absl::OkStatus();
  }
  absl::Status Both(const Row& fresh, const Row& present) override {
    ASSIGN_OR_RETURN(const Row* changed, comparer_.Changed(fresh, present));
    return pages_->Add(changed == nullptr ? present : *changed);
  }
  absl::Status Twice(std::string_view key) override { return session::Twice(*encoder_, key); }

 private:
  const bulk::RowEncoder* const encoder_;
  const bool drop_missing_;
  Comparer comparer_;
  partition::PageWriter* const pages_;
};

model::v1::Event MakeSyncEvent(model::v1::Event::Kind kind, int64_t count, const std::vector<std::string>& names) {
  model::v1::Event event;
  event.set_kind(kind);
  event.set_count(count);
  if (names.size() <= kMaxNamesInEvent) event.mutable_partitions()->Add(names.begin(), names.end());
  return event;
}

// False: the table changed meanwhile.
absl::StatusOr<bool> AttemptSync(SortedRows& rows, const SyncOptions& options, SyncReport* report) {
  const LoadSource source = rows.Source();
  ASSIGN_OR_RETURN(const LoadBase base, FindLoadBase(rows.session(), source));
  DifferenceVisitor found(&rows.encoder(), base, options);
  RETURN_IF_ERROR(bulk::Merge(base.Input(source), {}, {}, &found, [](int64_t) {}));
  const auto events = [&] {
    using model::v1::Event;
    std::vector<Event> out;
    if (found.report.dropped > 0) {
      out.push_back(MakeSyncEvent(Event::DROP_PARTITIONS, found.report.dropped, found.dropped));
    }
    if (found.report.updated > 0) {
      out.push_back(MakeSyncEvent(Event::ALTER_PARTITIONS, found.report.updated, found.updated));
    }
    if (found.report.added > 0) {
      const bool listed = found.added.size() <= kMaxNamesInEvent;
      out.push_back(
          MakeSyncEvent(listed ? Event::ADD_PARTITIONS : Event::LOAD_PARTITIONS, found.report.added, found.added));
    }
    return out;
  };
  bool done = true;
  if (!options.dry_run && found.changes() > 0) {
    if (!found.edits.empty() && EditsAreCheaper(found.changes(), base.table.set.partitions())) {
      partition::EditCounts counts;
      ASSIGN_OR_RETURN(done,
                       EditSet(rows.session(), source, base, found.edits, {}, found.dropped_keys, &counts, events));
    } else {
      std::vector<std::unique_ptr<SetVisitor>> visitors;
      const auto make = [&](partition::PageWriter* pages) {
        return std::make_unique<SyncVisitor>(&rows.encoder(), base, options, pages);
      };
      ASSIGN_OR_RETURN(done, ReplaceSet(rows.session(), source, base, make, &visitors, events, {}));
    }
  }
  if (!done) return false;
  *report = found.report;
  for (const auto& [mark, name] : found.differences) options.on_difference(mark, name);
  return true;
}

// The differences that are told are the table's partitions.
std::vector<Operation> NeedsOfSync(const SyncOptions& options) {
  std::vector<Operation> needs = {Operation::kBulkLoad, Operation::kListPartitions};
  if (options.drop_missing) needs.push_back(Operation::kDropPartitions);
  if (options.update_changed) needs.push_back(Operation::kAlterPartitions);
  return needs;
}

absl::StatusOr<SyncReport> ReadAndSync(SortedRows& rows, const std::string& path, const InputOptions& input,
                                       const SyncOptions& options) {
  int64_t bad_rows = 0;
  InputOptions counting = input;
  counting.on_error = [&](const InputError& error) {
    ++bad_rows;
    if (input.on_error) input.on_error(error);
  };
  RETURN_IF_ERROR(
      ReadPartitions(path, rows.table().key_names, counting, [&](const BulkRow& row) { return rows.Add(row); }));
  rows.Finish();
  SyncReport report;
  for (int attempt = 1;; ++attempt) {
    ASSIGN_OR_RETURN(const bool done, AttemptSync(rows, options, &report));
    if (done) break;
    if (attempt == kMaxLoadAttempts) return OvertakenTooOften(rows.table().name);
  }
  report.bad_rows = bad_rows;
  return report;
}

}  // namespace
}  // namespace session

absl::StatusOr<SyncReport> SyncPartitions(const Session& session, const TableName& table, const std::string& path,
                                          const InputOptions& input, const SyncOptions& options) {
  using session::SortedRows;
  ASSIGN_OR_RETURN(
      std::unique_ptr<SortedRows> rows,
      SortedRows::Start(session, table, {}, session::NeedsOfSync(options), SortedRows::Locations::kAsGiven));
  absl::StatusOr<SyncReport> report = session::ReadAndSync(*rows, path, input, options);
  (void)rows->End(report.status());
  return report;
}

}  // namespace lodestone
