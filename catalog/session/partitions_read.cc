// Lists, look-ups and roll-ups of partitions.
#include <algorithm>
#include <utility>

#include "catalog/base/strings.h"
#include "catalog/errors.h"
#include "catalog/partition/reader.h"
#include "catalog/session/call.h"
#include "catalog/session/context.h"
#include "catalog/session/partition_rows.h"
#include "catalog/session/resume_token.h"

namespace lodestone {

using base::StrCat;
using partition::TablePartitions;
using session::Ask;
using session::Call;
using session::Operation;
using session::Read;
using session::ReaderPtr;

// --- The cursor ---

class PartitionCursor::Impl {
 public:
  Impl(std::unique_ptr<partition::Scan> scan, record::TableId table, const ListOptions& options)
      : scan_(std::move(scan)), table_(table), order_(options.order), token_(options.after) {}

  bool Next() {
    if (!scan_->Next()) {
      // At the end nothing is left; behind a failure the last batch is where to go on.
      if (scan_->status().ok() && !scan_->last_key()) token_.clear();
      return false;
    }
    moved_ = true;
    return true;
  }
  const partition::Scan& scan() const { return *scan_; }

  std::string ResumeToken() const {
    if (!moved_) return token_;
    const std::optional<std::string> last = scan_->last_key();
    if (!last) return {};
    return session::EncodeResumeToken({.table = table_, .order = order_, .after = *last});
  }

 private:
  std::unique_ptr<partition::Scan> scan_;
  record::TableId table_;
  Order order_;
  std::string token_;  // where the cursor began
  bool moved_ = false;
};

PartitionCursor::PartitionCursor(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
PartitionCursor::PartitionCursor(absl::Status failure) : status_(std::move(failure)) {}
PartitionCursor::PartitionCursor(PartitionCursor&&) noexcept = default;
PartitionCursor& PartitionCursor::operator=(PartitionCursor&&) noexcept = default;
PartitionCursor::~PartitionCursor() = default;

bool PartitionCursor::Next() { return impl_ != nullptr && impl_->Next(); }
const PartitionBatch& PartitionCursor::batch() const { return impl_->scan().batch(); }
const absl::Status& PartitionCursor::status() const { return impl_ == nullptr ? status_ : impl_->scan().status(); }
std::string PartitionCursor::ResumeToken() const { return impl_ == nullptr ? std::string() : impl_->ResumeToken(); }
const FilterPlan& PartitionCursor::plan() const {
  static const FilterPlan kNothing;
  return impl_ == nullptr ? kNothing : impl_->scan().plan();
}

namespace {

// What each call begins with: one point in time, and the table as of it.
struct View {
  std::shared_ptr<const store::Reader> reader;
  std::shared_ptr<const TablePartitions> table;
};
absl::StatusOr<View> Look(const Session::Impl& session, ReaderPtr reader, const TableName& name) {
  View view;
  view.reader = std::move(reader);
  const bool committed = session.txn == nullptr;
  ASSIGN_OR_RETURN(view.table, session.metastore->tables().Find(*view.reader, committed, session.catalog, name));
  return view;
}

// Null when everything passes.
absl::StatusOr<std::shared_ptr<const filter::Filter>> Compile(const TablePartitions& table, std::string_view text,
                                                              FilterMode mode) {
  if (text.empty()) return std::shared_ptr<const filter::Filter>();
  ASSIGN_OR_RETURN(auto compiled, filter::Filter::Compile(text, mode, table.keys));
  return compiled->always_true() ? nullptr : std::move(compiled);
}

absl::StatusOr<partition::ScanOptions> MakeScanOptions(const TablePartitions& table, const ListOptions& options) {
  constexpr std::size_t kMaxBatch = 65'536;
  if (options.batch_size > kMaxBatch) {
    return absl::InvalidArgumentError(
        StrCat("batch_size: expected at most ", kMaxBatch, ", found ", options.batch_size));
  }
  partition::ScanOptions scan;
  scan.projection = options.projection;
  scan.order = options.order;
  scan.limit = options.limit;
  scan.batch_size = options.batch_size;
  if (!options.after.empty()) {
    ASSIGN_OR_RETURN(scan.after, session::ResumeAfter(options.after, table.table, options.order));
  }
  return scan;
}

// `keys`: only these partitions, in any order; nullopt: all.
absl::StatusOr<PartitionCursor> Scan(View view, std::shared_ptr<const filter::Filter> filter,
                                     const ListOptions& options,
                                     std::optional<std::vector<std::string>> keys = std::nullopt) {
  ASSIGN_OR_RETURN(partition::ScanOptions scan, MakeScanOptions(*view.table, options));
  if (keys) {
    std::ranges::sort(*keys);
    keys->erase(std::ranges::unique(*keys).begin(), keys->end());
    scan.keys = std::move(keys);
  }
  const record::TableId id = view.table->table;
  auto started = partition::NewScan(std::move(view.reader), std::move(view.table), std::move(filter), std::move(scan));
  return PartitionCursor(std::make_unique<PartitionCursor::Impl>(std::move(started), id, options));
}

absl::StatusOr<PartitionCursor> List(const Session::Impl& session, const ReaderPtr& reader, const TableName& table,
                                     const ListOptions& options) {
  ASSIGN_OR_RETURN(View view, Look(session, reader, table));
  ASSIGN_OR_RETURN(auto filter, Compile(*view.table, options.filter, options.filter_mode));
  return Scan(std::move(view), std::move(filter), options);
}

absl::StatusOr<PartitionCursor> ListByValues(const Session::Impl& session, const ReaderPtr& reader,
                                             const TableName& table, std::span<const std::string> values,
                                             const ListOptions& options) {
  ASSIGN_OR_RETURN(View view, Look(session, reader, table));
  if (values.size() > view.table->keys.size()) {
    return MakeError(ErrorKind::kInvalidObject, ObjectKind::kPartition, view.table->name.ToString(),
                     StrCat("table ", view.table->name.ToString(), " has ", view.table->keys.size(),
                            " partition keys, found ", values.size(), " partial values"));
  }
  ASSIGN_OR_RETURN(auto filter, Compile(*view.table, options.filter, options.filter_mode));
  const bool bound = std::ranges::any_of(values, [](const std::string& value) { return !value.empty(); });
  if (bound) {
    auto leading = filter::Filter::FromPartialValues(values, view.table->keys);
    filter = filter == nullptr ? std::move(leading) : filter::Filter::And(std::move(leading), std::move(filter));
  }
  return Scan(std::move(view), std::move(filter), options);
}

absl::StatusOr<PartitionCursor> ListByNames(const Session::Impl& session, const ReaderPtr& reader,
                                            const TableName& table, std::span<const std::string> names,
                                            const ListOptions& options) {
  ASSIGN_OR_RETURN(View view, Look(session, reader, table));
  ASSIGN_OR_RETURN(auto filter, Compile(*view.table, options.filter, options.filter_mode));
  std::vector<std::string> keys;
  keys.reserve(names.size());
  for (const std::string& name : names) {
    ASSIGN_OR_RETURN(std::string key, session::PartitionKeyOfName(*view.table, name));
    keys.push_back(std::move(key));
  }
  return Scan(std::move(view), std::move(filter), options, std::move(keys));
}

PartitionCursor ToCursor(absl::StatusOr<PartitionCursor> cursor) {
  return cursor.ok() ? *std::move(cursor) : PartitionCursor(cursor.status());
}

}  // namespace

// --- Lists ---

PartitionCursor Session::ListPartitions(const TableName& table, const ListOptions& options) const {
  const auto where = [&] { return Securable::Table(table); };
  const auto body = [&](const ReaderPtr& reader, Call&) { return List(*impl_, reader, table, options); };
  return ToCursor(Read(*impl_, Operation::kListPartitions, where, body));
}

PartitionCursor Session::ListPartitionsByValues(const TableName& table, std::span<const std::string> partial_values,
                                                const ListOptions& options) const {
  const auto where = [&] { return Securable::Table(table); };
  const auto body = [&](const ReaderPtr& reader, Call&) {
    return ListByValues(*impl_, reader, table, partial_values, options);
  };
  return ToCursor(Read(*impl_, Operation::kListPartitions, where, body));
}

absl::StatusOr<NameList> Session::PartitionNames(const TableName& table, const ListOptions& options) const {
  const auto where = [&] { return Securable::Table(table); };
  const auto body = [&](const ReaderPtr& reader, Call&) -> absl::StatusOr<NameList> {
    ListOptions keys_only = options;
    keys_only.projection = Projection::Keys();
    NameList names;
    ASSIGN_OR_RETURN(PartitionCursor cursor, List(*impl_, reader, table, keys_only));
    while (cursor.Next()) cursor.batch().AppendNames(&names);
    RETURN_IF_ERROR(cursor.status());
    return names;
  };
  return Read(*impl_, Operation::kListPartitions, where, body);
}

absl::StatusOr<std::vector<std::string>> Session::PartitionNameStrings(const TableName& table,
                                                                       const ListOptions& options) const {
  const auto where = [&] { return Securable::Table(table); };
  const auto body = [&](const ReaderPtr& reader, Call&) -> absl::StatusOr<std::vector<std::string>> {
    ListOptions keys_only = options;
    keys_only.projection = Projection::Keys();
    ASSIGN_OR_RETURN(View view, Look(*impl_, reader, table));
    ASSIGN_OR_RETURN(auto filter, Compile(*view.table, options.filter, options.filter_mode));
    std::vector<std::string> strings;
    if (filter == nullptr && options.after.empty()) {
      const auto all = static_cast<std::size_t>(std::max<int64_t>(0, view.table->set.partitions()));
      strings.reserve(options.limit == 0 ? all : std::min(all, options.limit));
    }
    NameList names;
    ASSIGN_OR_RETURN(PartitionCursor cursor, Scan(std::move(view), std::move(filter), keys_only));
    while (cursor.Next()) {
      names.bytes.clear();
      names.ends.clear();
      cursor.batch().AppendNames(&names);
      for (std::size_t i = 0; i < names.size(); ++i) strings.emplace_back(names[i]);
    }
    RETURN_IF_ERROR(cursor.status());
    return strings;
  };
  return Read(*impl_, Operation::kListPartitions, where, body);
}

// --- Look-ups ---

absl::StatusOr<model::v1::Partition> Session::GetPartition(const TableName& table,
                                                           std::span<const std::string> values) const {
  const auto body = [&](const ReaderPtr& reader, Call&) -> absl::StatusOr<model::v1::Partition> {
    ASSIGN_OR_RETURN(const View view, Look(*impl_, reader, table));
    ASSIGN_OR_RETURN(const std::string key, session::PartitionKeyOf(*view.table, values));
    ASSIGN_OR_RETURN(auto found, partition::GetPartition(*view.reader, *view.table, key, Projection::All()));
    if (!found) return session::NoSuchPartition(*view.table, key);
    return *std::move(found);
  };
  return Read(
      *impl_, Operation::kGetPartition, [&] { return session::PartitionOf(table, values); }, body);
}

absl::StatusOr<bool> Session::PartitionExists(const TableName& table, std::span<const std::string> values) const {
  const auto body = [&](const ReaderPtr& reader, Call&) -> absl::StatusOr<bool> {
    ASSIGN_OR_RETURN(const View view, Look(*impl_, reader, table));
    ASSIGN_OR_RETURN(const std::string key, session::PartitionKeyOf(*view.table, values));
    return partition::PartitionExists(*view.reader, *view.table, key);
  };
  return Read(
      *impl_, Operation::kGetPartition, [&] { return session::PartitionOf(table, values); }, body);
}

PartitionCursor Session::ListPartitionsByNames(const TableName& table, std::span<const std::string> names,
                                               const ListOptions& options) const {
  const auto where = [&] { return Securable::Table(table); };
  const auto body = [&](const ReaderPtr& reader, Call& call) -> absl::StatusOr<PartitionCursor> {
    RETURN_IF_ERROR(call.CheckPartitions(*reader, [&] { return session::KeysInNames(names); }));
    return ListByNames(*impl_, reader, table, names, options);
  };
  return ToCursor(Read(*impl_, Operation::kGetPartition, where, body, Ask::kInBody));
}

absl::StatusOr<std::vector<model::v1::Partition>> Session::GetPartitionsByNames(
    const TableName& table, std::span<const std::string> names) const {
  PartitionCursor cursor = ListPartitionsByNames(table, names, {.projection = Projection::All()});
  std::vector<model::v1::Partition> partitions;
  while (cursor.Next()) {
    for (std::size_t i = 0; i < cursor.batch().size(); ++i) cursor.batch().ToPartition(i, &partitions.emplace_back());
  }
  RETURN_IF_ERROR(cursor.status());
  return partitions;
}

// --- Roll-ups ---

absl::StatusOr<std::vector<std::string>> Session::PartitionKeyValues(const TableName& table, std::string_view key,
                                                                     const ListOptions& options) const {
  const auto body = [&](const ReaderPtr& reader, Call&) -> absl::StatusOr<std::vector<std::string>> {
    ASSIGN_OR_RETURN(const View view, Look(*impl_, reader, table));
    const auto& names = view.table->key_names;
    const auto found = std::ranges::find(names, base::AsciiLower(key));
    if (found == names.end()) {
      const std::string shown = view.table->name.ToString();
      return MakeError(ErrorKind::kNoSuchObject, ObjectKind::kColumn, StrCat(shown, ".", key),
                       StrCat("table ", shown, " has no partition key ", base::Quoted(key)));
    }
    ASSIGN_OR_RETURN(const auto filter, Compile(*view.table, options.filter, options.filter_mode));
    const auto index = static_cast<std::size_t>(found - names.begin());
    ASSIGN_OR_RETURN(auto values, partition::DistinctValues(*view.reader, *view.table, filter.get(), index));
    if (options.order == Order::kDescending) std::ranges::reverse(values);
    if (options.limit != 0 && values.size() > options.limit) values.resize(options.limit);
    return values;
  };
  return Read(
      *impl_, Operation::kListPartitions, [&] { return Securable::Table(table); }, body);
}

absl::StatusOr<int64_t> Session::CountPartitions(const TableName& table, std::string_view filter,
                                                 FilterMode mode) const {
  const auto body = [&](const ReaderPtr& reader, Call&) -> absl::StatusOr<int64_t> {
    ASSIGN_OR_RETURN(const View view, Look(*impl_, reader, table));
    ASSIGN_OR_RETURN(const auto compiled, Compile(*view.table, filter, mode));
    return partition::CountPartitions(*view.reader, *view.table, compiled.get(), nullptr);
  };
  return Read(
      *impl_, Operation::kCountPartitions, [&] { return Securable::Table(table); }, body);
}

absl::StatusOr<model::v1::PartitionSummary> Session::SummarizePartitions(const TableName& table,
                                                                         std::string_view filter,
                                                                         FilterMode mode) const {
  const auto body = [&](const ReaderPtr& reader, Call&) -> absl::StatusOr<model::v1::PartitionSummary> {
    ASSIGN_OR_RETURN(const View view, Look(*impl_, reader, table));
    ASSIGN_OR_RETURN(const auto compiled, Compile(*view.table, filter, mode));
    return partition::Summarize(*view.reader, *view.table, compiled.get());
  };
  return Read(
      *impl_, Operation::kCountPartitions, [&] { return Securable::Table(table); }, body);
}

absl::StatusOr<FilterPlan> Session::Explain(const TableName& table, std::string_view filter, FilterMode mode) const {
  const auto body = [&](const ReaderPtr& reader, Call&) -> absl::StatusOr<FilterPlan> {
    ASSIGN_OR_RETURN(const View view, Look(*impl_, reader, table));
    ASSIGN_OR_RETURN(const auto compiled, filter::Filter::Compile(filter, mode, view.table->keys));
    FilterPlan plan = compiled->Describe();
    RETURN_IF_ERROR(partition::CountPartitions(*view.reader, *view.table, compiled.get(), &plan).status());
    return plan;
  };
  return Read(
      *impl_, Operation::kExplain, [&] { return Securable::Table(table); }, body);
}

}  // namespace lodestone
