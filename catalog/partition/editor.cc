#include "catalog/partition/editor.h"

#include <algorithm>
#include <memory>
#include <optional>
#include <utility>

#include "catalog/base/status_macros.h"
#include "catalog/base/strings.h"
#include "catalog/errors.h"
#include "catalog/model/partition_name.h"
#include "catalog/partition/page_cursor.h"
#include "catalog/partition/page_merge.h"
#include "catalog/partition/page_walk.h"
#include "catalog/record/format.h"
#include "catalog/record/keys.h"

namespace lodestone::partition {

namespace {

// Rows to delete that are collected before they are deleted.
constexpr std::size_t kDeletesAtOnce = 32'768;

// Deletes the statistics of partitions, which come in long ascending stretches. Most tables have none: then one seek is
// all.
class StatisticsCleaner {
 public:
  StatisticsCleaner(store::Transaction* txn, const TablePartitions& table) : txn_(txn), set_{table.set.set_id()} {}

  absl::Status Drop(std::string_view key) {
    if (key < last_) {  // another stretch
      cursor_.reset();
      none_left_ = false;
    }
    last_.assign(key);
    if (none_left_) return absl::OkStatus();
    const store::KeyRange range = record::PartitionStatistics(set_, key);
    if (cursor_ == nullptr) {
      cursor_ = txn_->NewCursor(record::PartitionParts(set_, record::PartitionPart::kStatistics));
      cursor_->Seek(range.lower);
    } else if (cursor_->Valid() && cursor_->key() < range.lower) {
      cursor_->Seek(range.lower);
    }
    for (; cursor_->Valid() && cursor_->key() < range.upper; cursor_->Next()) txn_->Delete(cursor_->key());
    none_left_ = !cursor_->Valid();
    return cursor_->status();
  }

 private:
  store::Transaction* const txn_;
  const record::SetId set_;
  std::unique_ptr<store::Cursor> cursor_;
  bool none_left_ = false;
  std::string last_;
};

// Edits in ascending order, page by page. A group is what is rewritten at once: the page that the next edit belongs to
// and, when little of it is left or it has no room, a neighbour. Each group reads the transaction's own writes.
class Editor {
 public:
  Editor(store::Transaction* txn, TablePartitions* table, const PageLimits& limits, const EditPolicy& policy)
      : txn_(txn),
        table_(table),
        set_{table->set.set_id()},
        limits_(limits),
        policy_(policy),
        statistics_(txn, *table) {}

  absl::Status Apply(std::span<const Edit> edits) {
    edits_ = edits;
    next_ = 0;
    while (next_ < edits_.size()) RETURN_IF_ERROR(ApplyGroup());
    return absl::OkStatus();
  }
  // Deletes a pair of pages, all of whose rows go.
  absl::Status DropPage(std::string_view lowest, std::span<const std::string> keys) {
    txn_->Delete(record::KeyPageKey(set_, lowest));
    txn_->Delete(record::ValuePageKey(set_, lowest));
    table_->set.set_pages(table_->set.pages() - 1);
    counts_.deleted += static_cast<int64_t>(keys.size());
    for (const std::string& key : keys) RETURN_IF_ERROR(statistics_.Drop(key));
    return absl::OkStatus();
  }
  // Writes the record of the set.
  void Finish() {
    const bool all_derived = AllDerived(table_->set) && !places_rows_;
    table_->set.set_partitions(table_->set.partitions() + counts_.inserted - counts_.deleted);
    if (counts_.inserted + counts_.deleted + counts_.replaced > 0) table_->set.set_change(table_->set.change() + 1);
    SetAllDerived(all_derived, &table_->set);
    txn_->Put(record::PartitionSetKey(table_->table), record::EncodeRecord(table_->set));
  }
  const EditCounts& counts() const { return counts_; }

 private:
  absl::Status ApplyGroup();
  absl::StatusOr<OldPage*> Load(KeyPageCursor* cursor, PageMerge* merge) const;
  absl::Status PlanPage(const OldPage* page, std::string_view bound, bool has_bound, PageMerge* merge);
  absl::Status PlanEdit(const Edit& edit, bool found, PageMerge* merge, bool* keep_old);
  absl::Status JoinNeighbours(KeyPageCursor* cursor, std::string_view first_lowest, PageMerge* merge);
  absl::Status MakeRoomInNext(KeyPageCursor* cursor, PageMerge* merge);
  absl::Status Write(const PageMerge& merge, const std::vector<EncodedPage>& pages);
  absl::Status Refuse(ErrorKind kind, std::string_view key, std::string_view finding) const;

  store::Transaction* const txn_;
  TablePartitions* const table_;
  const record::SetId set_;
  const PageLimits limits_;
  const EditPolicy policy_;
  StatisticsCleaner statistics_;
  std::span<const Edit> edits_;
  std::size_t next_ = 0;
  bool places_rows_ = false;  // some row has a location of its own

  // Of the group.
  bool changed_ = false;
  bool only_behind_ = false;  // all new rows are behind the last old one
  bool shrunk_ = false;
  std::vector<std::string_view> deleted_;
  EditCounts counts_;
};

absl::Status Editor::Refuse(ErrorKind kind, std::string_view key, std::string_view finding) const {
  std::string name(key);
  if (const auto values = model::DecodePartitionKey(key, table_->keys.size()); values.ok()) {
    name = model::MakePartitionName(table_->key_names, *values);
  }
  const std::string object = base::StrCat(table_->name.ToString(), "/", name);
  return MakeError(kind, ObjectKind::kPartition, object, base::StrCat("partition ", object, " ", finding));
}

// Reads the page that the cursor stands on, and its values, into the merge.
absl::StatusOr<OldPage*> Editor::Load(KeyPageCursor* cursor, PageMerge* merge) const {
  OldPage* const page = merge->AddPage({});
  page->lowest = cursor->lowest();
  page->key_bytes = cursor->bytes();
  ASSIGN_OR_RETURN(std::optional<std::string> values, txn_->Get(record::ValuePageKey(set_, page->lowest)));
  if (!values) return DamagedPage(*table_, "value page", page->lowest, "it is missing beside its key page");
  page->value_bytes = *std::move(values);
  if (const absl::Status parsed = page->keys.Parse(page->key_bytes); !parsed.ok()) {
    return DamagedPage(*table_, "key page", page->lowest, parsed);
  }
  if (const absl::Status parsed = page->values.Parse(page->value_bytes); !parsed.ok()) {
    return DamagedPage(*table_, "value page", page->lowest, parsed);
  }
  if (page->keys.key_count() != table_->keys.size() || page->values.rows() != page->rows()) {
    return DamagedPage(*table_, "key page", page->lowest, "its key columns or rows are not as many as expected");
  }
  return page;
}

absl::Status Editor::PlanEdit(const Edit& edit, bool found, PageMerge* merge, bool* keep_old) {
  *keep_old = false;
  places_rows_ |= edit.row.location.has_value();
  switch (edit.kind) {
    case EditKind::kDelete:
      if (!found) {
        if (policy_.if_missing == IfMissing::kFail) {
          return Refuse(ErrorKind::kNoSuchObject, edit.row.key, "does not exist");
        }
        ++counts_.skipped;
        return absl::OkStatus();
      }
      ++counts_.deleted;
      deleted_.push_back(edit.row.key);
      shrunk_ = true;
      break;
    case EditKind::kReplace:
      if (!found) return Refuse(ErrorKind::kNoSuchObject, edit.row.key, "does not exist");
      ++counts_.replaced;
      merge->Take(edit.row);
      break;
    case EditKind::kInsert:
      if (!found) {
        ++counts_.inserted;
      } else if (policy_.if_exists == IfExists::kFail) {
        return Refuse(ErrorKind::kAlreadyExists, edit.row.key, "exists already");
      } else if (policy_.if_exists == IfExists::kSkip) {
        ++counts_.skipped;
        *keep_old = true;
        return absl::OkStatus();
      } else {
        ++counts_.replaced;
      }
      merge->Take(edit.row);
      break;
  }
  changed_ = true;
  return absl::OkStatus();
}

// Takes all edits below the bound; `page` null: there are no old rows.
absl::Status Editor::PlanPage(const OldPage* page, std::string_view bound, bool has_bound, PageMerge* merge) {
  std::size_t row = 0;
  const std::size_t rows = page == nullptr ? 0 : page->rows();
  for (; next_ < edits_.size(); ++next_) {
    const Edit& edit = edits_[next_];
    if (has_bound && edit.row.key >= bound) break;
    if (next_ > 0 && edit.row.key <= edits_[next_ - 1].row.key) {
      return absl::InvalidArgumentError(base::StrCat("edits must ascend strictly: ", base::Quoted(edit.row.key),
                                                     " came after ", base::Quoted(edits_[next_ - 1].row.key)));
    }
    bool found = false;
    if (page != nullptr) {
      // Behind the last row is where most new partitions go.
      const bool behind = row < rows && page->keys.CompareKey(rows - 1, edit.row.key) < 0;
      const std::size_t at = behind ? rows : page->keys.LowerBound(edit.row.key, row);
      merge->Keep(page, row, at);
      row = at;
      found = at < rows && page->keys.CompareKey(at, edit.row.key) == 0;
    }
    if (row < rows) only_behind_ = false;
    bool keep_old;
    RETURN_IF_ERROR(PlanEdit(edit, found, merge, &keep_old));
    if (found && !keep_old) ++row;
    if (keep_old) {
      merge->Keep(page, row, row + 1);
      ++row;
    }
  }
  if (page != nullptr) merge->Keep(page, row, rows);
  return absl::OkStatus();
}

// Little is left: takes in the page behind, with its edits, or the page before, when all fits into one.
absl::Status Editor::JoinNeighbours(KeyPageCursor* cursor, std::string_view first_lowest, PageMerge* merge) {
  const auto fits = [&](const OldPage& page) {
    return merge->rows() + page.rows() <= limits_.max_rows &&
           merge->value_bytes() + page.value_bytes.size() <= limits_.max_value_bytes;
  };
  while (merge->thin() && cursor->Valid()) {
    PageMerge probe(limits_);
    ASSIGN_OR_RETURN(OldPage * next, Load(cursor, &probe));
    if (!fits(*next)) break;
    ASSIGN_OR_RETURN(next, Load(cursor, merge));
    cursor->Next();
    const std::string bound(cursor->Valid() ? cursor->lowest() : "");
    RETURN_IF_ERROR(PlanPage(next, bound, cursor->Valid(), merge));
  }
  RETURN_IF_ERROR(cursor->status());
  if (!merge->thin() || merge->rows() == 0) return absl::OkStatus();
  cursor->SeekBelow(first_lowest);
  if (!cursor->Valid()) return cursor->status();
  PageMerge probe(limits_);
  ASSIGN_OR_RETURN(OldPage * previous, Load(cursor, &probe));
  if (!fits(*previous)) return absl::OkStatus();
  ASSIGN_OR_RETURN(previous, Load(cursor, merge));
  merge->KeepInFront(previous);
  return absl::OkStatus();
}

// The page is full, and the new rows are all behind it: the page behind takes them when it has room, so that rows that
// arrive in the gap in descending order don't make a page each.
absl::Status Editor::MakeRoomInNext(KeyPageCursor* cursor, PageMerge* merge) {
  if (!cursor->Valid() || next_ < edits_.size()) return cursor->status();
  PageMerge probe(limits_);
  ASSIGN_OR_RETURN(OldPage * next, Load(cursor, &probe));
  const std::size_t old_rows = merge->pages().front().rows();
  const std::size_t added = merge->rows() - old_rows;
  if (next->rows() + added > limits_.max_rows * 3 / 4 ||
      next->value_bytes.size() * (next->rows() + added) / next->rows() > limits_.max_value_bytes * 3 / 4) {
    return absl::OkStatus();
  }
  ASSIGN_OR_RETURN(next, Load(cursor, merge));
  merge->Keep(next, 0, next->rows());
  return absl::OkStatus();
}

absl::Status Editor::ApplyGroup() {
  changed_ = false;
  only_behind_ = true;
  shrunk_ = false;
  deleted_.clear();
  // A new cursor, since one made before the last group need not see what that wrote.
  KeyPageCursor cursor(*txn_, *table_);
  cursor.SeekFloor(edits_[next_].row.key);
  if (!cursor.Valid()) {
    RETURN_IF_ERROR(cursor.status());
    cursor.SeekToFirst();
    RETURN_IF_ERROR(cursor.status());
  }
  PageMerge merge(limits_);
  OldPage* page = nullptr;
  std::string bound;
  // The last edit of all belongs to this page, wherever the next one begins.
  const bool last_edit = next_ + 1 == edits_.size();
  if (cursor.Valid()) {
    ASSIGN_OR_RETURN(page, Load(&cursor, &merge));
    if (!last_edit) cursor.Next();
    RETURN_IF_ERROR(cursor.status());
    if (!last_edit && cursor.Valid()) bound = cursor.lowest();
  }
  RETURN_IF_ERROR(PlanPage(page, bound, !bound.empty(), &merge));
  if (!changed_) return absl::OkStatus();
  PageMerge::Cut cut = PageMerge::Cut::kEvenly;
  if (page == nullptr || only_behind_) {
    cut = PageMerge::Cut::kLeftFull;
    if (page != nullptr && merge.overflows()) {
      if (last_edit) cursor.Next();
      RETURN_IF_ERROR(MakeRoomInNext(&cursor, &merge));
    }
  } else if (shrunk_ && merge.thin() && merge.rows() > 0) {
    if (last_edit) cursor.Next();
    RETURN_IF_ERROR(JoinNeighbours(&cursor, page->lowest, &merge));
  }
  std::vector<EncodedPage> pages;
  if (const absl::Status encoded = merge.Encode(cut, &pages); !encoded.ok()) {
    return DamagedPage(*table_, "value page", page->lowest, encoded);
  }
  RETURN_IF_ERROR(Write(merge, pages));
  for (const std::string_view key : deleted_) RETURN_IF_ERROR(statistics_.Drop(key));
  return absl::OkStatus();
}

// Old pages that have no successor of the same lowest key go; of the others only what differs is written.
absl::Status Editor::Write(const PageMerge& merge, const std::vector<EncodedPage>& pages) {
  for (const OldPage& old : merge.pages()) {
    const auto same = [&old](const EncodedPage& page) { return page.lowest == old.lowest; };
    if (std::any_of(pages.begin(), pages.end(), same)) continue;
    txn_->Delete(record::KeyPageKey(set_, old.lowest));
    txn_->Delete(record::ValuePageKey(set_, old.lowest));
  }
  for (const EncodedPage& page : pages) {
    if (page.key_page.empty()) continue;  // an old page as it was
    const OldPage* before = nullptr;
    for (const OldPage& old : merge.pages()) {
      if (old.lowest == page.lowest) before = &old;
    }
    if (before == nullptr || before->key_bytes != page.key_page) {
      txn_->Put(record::KeyPageKey(set_, page.lowest), page.key_page);
    }
    if (before == nullptr || before->value_bytes != page.value_page) {
      txn_->Put(record::ValuePageKey(set_, page.lowest), page.value_page);
    }
  }
  table_->set.set_pages(table_->set.pages() + static_cast<int64_t>(pages.size()) -
                        static_cast<int64_t>(merge.pages().size()));
  return absl::OkStatus();
}

// Deletes a stretch of what passes, from the first key >= `from` on; moves `from` on, and says whether there is more.
absl::StatusOr<bool> DeleteStretch(store::Transaction* txn, const TablePartitions& table, const filter::Filter& filter,
                                   std::string* from, Editor* editor) {
  struct WholePage {
    std::string lowest;
    std::vector<std::string> keys;
  };
  std::vector<WholePage> whole;
  std::vector<std::string> keys;
  bool more = true;
  {
    PageWalk walk(*txn, table, &filter, {.order = Order::kAscending, .after = std::nullopt, .from = *from});
    std::vector<uint16_t> rows;
    std::size_t collected = 0;
    while (collected < kDeletesAtOnce && (more = walk.Next())) {
      rows.clear();
      walk.Evaluate(&rows);
      collected += rows.size();
      const bool all = rows.size() == walk.page().rows();
      if (all) whole.push_back({std::string(walk.pages().lowest()), {}});
      std::vector<std::string>& to = all ? whole.back().keys : keys;
      for (const uint16_t row : rows) to.push_back(walk.page().Key(row));
      *from = walk.page().Key(walk.page().rows() - 1) + '\0';
    }
    RETURN_IF_ERROR(walk.status());
  }
  for (const WholePage& page : whole) RETURN_IF_ERROR(editor->DropPage(page.lowest, page.keys));
  std::vector<Edit> edits(keys.size());
  for (std::size_t i = 0; i < keys.size(); ++i) {
    edits[i].kind = EditKind::kDelete;
    edits[i].row.key = keys[i];
  }
  RETURN_IF_ERROR(editor->Apply(edits));
  return more;
}

}  // namespace

absl::StatusOr<EditCounts> ApplyEdits(store::Transaction* txn, TablePartitions* table, std::span<const Edit> edits,
                                      const EditPolicy& policy, const PageLimits& limits) {
  Editor editor(txn, table, limits, policy);
  RETURN_IF_ERROR(editor.Apply(edits));
  editor.Finish();
  return editor.counts();
}

absl::StatusOr<int64_t> DeleteMatching(store::Transaction* txn, TablePartitions* table, const filter::Filter& filter,
                                       const PageLimits& limits) {
  if (filter.always_true()) {
    const int64_t all = table->set.partitions();
    txn->DeleteRange(record::PartitionParts(record::SetId{table->set.set_id()}));
    table->set.set_partitions(0);
    table->set.set_pages(0);
    if (all > 0) table->set.set_change(table->set.change() + 1);
    SetAllDerived(true, &table->set);
    txn->Put(record::PartitionSetKey(table->table), record::EncodeRecord(table->set));
    return all;
  }
  Editor editor(txn, table, limits, {});
  std::string from;
  for (bool more = true; more;) {
    ASSIGN_OR_RETURN(more, DeleteStretch(txn, *table, filter, &from, &editor));
  }
  editor.Finish();
  return editor.counts().deleted;
}

}  // namespace lodestone::partition
