#include "catalog/partition/page_cursor.h"

#include <utility>

#include "catalog/base/status_macros.h"
#include "catalog/base/strings.h"
#include "catalog/record/keys.h"

namespace lodestone::partition {

namespace {

// The indexes of a column with a single value: never written, so that the pages behind them cost nothing.
constinit const uint16_t kZeroIndexes[record::kMaxPageRows] = {};

record::SetId SetOf(const TablePartitions& table) { return record::SetId{table.set.set_id()}; }

}  // namespace

absl::Status DamagedPage(const TablePartitions& table, std::string_view kind, std::string_view lowest,
                         std::string_view finding) {
  return absl::DataLossError(base::StrCat("table ", table.catalog, ".", table.name.ToString(), ", ", kind, " ",
                                          base::Quoted(lowest), ": ", finding));
}

absl::Status DamagedPage(const TablePartitions& table, std::string_view kind, std::string_view lowest,
                         const absl::Status& finding) {
  return DamagedPage(table, kind, lowest, base::ToStd(finding.message()));
}

KeyPageCursor::KeyPageCursor(const TablePartitions& table, std::unique_ptr<store::Cursor> cursor, bool copies)
    : table_(table),
      copies_(copies),
      first_key_(record::KeyPageKey(SetOf(table), "")),
      cursor_(std::move(cursor)),
      dictionaries_(table.keys.size()),
      indexes_(table.keys.size()) {}

KeyPageCursor::KeyPageCursor(const store::Reader& reader, const TablePartitions& table, const store::CursorHint& hint)
    : KeyPageCursor(
          table, reader.NewCursor(record::PartitionParts(SetOf(table), record::PartitionPart::kKeyPage), hint), false) {
}

// Key pages are the first part of a set, so that a seek for the last one at or below a key finds no other part's.
KeyPageCursor KeyPageCursor::ForLookup(const store::Reader& reader, const TablePartitions& table) {
  static_assert(record::PartitionPart::kKeyPage < record::PartitionPart::kValuePage);
  return KeyPageCursor(table, reader.NewCursor(record::PartitionParts(SetOf(table))), true);
}

void KeyPageCursor::SeekFloor(std::string_view key) {
  key_.assign(first_key_).append(key);
  cursor_->SeekForPrev(key_);
}

void KeyPageCursor::SeekBelow(std::string_view key) {
  if (key.empty()) return cursor_->SeekToLast();
  SeekFloor(key);
  if (cursor_->Valid() && lowest() == key) cursor_->Prev();
}

std::string_view KeyPageCursor::lowest() const {
  return (cursor_ == nullptr ? std::string_view(key_) : cursor_->key()).substr(first_key_.size());
}

absl::Status KeyPageCursor::Read() {
  columns_made_ = false;
  if (copies_) {
    key_ = cursor_->key();
    copied_ = cursor_->value();
  }
  absl::Status parsed = page_.Parse(copies_ ? copied_ : cursor_->value());
  if (!parsed.ok()) return DamagedPage(table_, "key page", lowest(), parsed);
  if (page_.key_count() == table_.keys.size()) return absl::OkStatus();
  return DamagedPage(table_, "key page", lowest(),
                     base::StrCat("it must have ", table_.keys.size(), " key columns, found ", page_.key_count()));
}

std::span<const KeyColumn> KeyPageCursor::columns() {
  if (!columns_made_) MakeColumns();
  return columns_;
}

void KeyPageCursor::MakeColumns() {
  columns_.resize(page_.key_count());
  for (std::size_t i = 0; i < columns_.size(); ++i) {
    const record::DictionaryColumn& column = page_.column(i);
    dictionaries_[i].clear();
    column.AppendValues(&dictionaries_[i]);
    columns_[i].name = table_.key_names[i];
    columns_[i].dictionary = dictionaries_[i];
    if (column.constant()) {
      columns_[i].indexes = std::span(kZeroIndexes, page_.rows());
    } else {
      indexes_[i].resize(page_.rows());
      column.CopyIndexes(0, page_.rows(), indexes_[i].data());
      columns_[i].indexes = indexes_[i];
    }
  }
  columns_made_ = true;
}

ValuePageCursor::ValuePageCursor(const store::Reader& reader, const TablePartitions& table, Order order,
                                 const store::CursorHint& hint)
    : table_(table),
      first_key_(record::ValuePageKey(SetOf(table), "")),
      order_(order),
      cursor_(reader.NewCursor(record::PartitionParts(SetOf(table), record::PartitionPart::kValuePage), hint)) {}

ValuePageCursor::ValuePageCursor(const TablePartitions& table, std::unique_ptr<store::Cursor> released)
    : table_(table),
      first_key_(record::ValuePageKey(SetOf(table), "")),
      order_(Order::kAscending),
      cursor_(std::move(released)) {}

absl::Status ValuePageCursor::Read(std::string_view lowest, std::size_t rows) {
  key_.assign(first_key_).append(lowest);
  if (stands_ && cursor_->Valid()) {
    if (order_ == Order::kAscending) {
      cursor_->Next();
    } else {
      cursor_->Prev();
    }
  }
  if (!stands_ || !cursor_->Valid() || cursor_->key() != key_) cursor_->Seek(key_);
  stands_ = true;
  if (!cursor_->Valid() || cursor_->key() != key_) {
    RETURN_IF_ERROR(cursor_->status());
    return DamagedPage(table_, "value page", lowest, "it is missing beside its key page");
  }
  absl::Status parsed = page_.Parse(cursor_->value());
  if (!parsed.ok()) return DamagedPage(table_, "value page", lowest, parsed);
  if (page_.rows() == rows) return absl::OkStatus();
  return DamagedPage(table_, "value page", lowest,
                     base::StrCat("it must have the ", rows, " rows of its key page, found ", page_.rows()));
}

}  // namespace lodestone::partition
