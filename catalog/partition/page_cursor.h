// Cursors over the pages of a table's current set.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "catalog/options.h"
#include "catalog/partition/table_partitions.h"
#include "catalog/partition_batch.h"
#include "catalog/record/key_page.h"
#include "catalog/record/value_page.h"
#include "catalog/store/store.h"

namespace lodestone::partition {

// DataLoss that names the table and the page.
absl::Status DamagedPage(const TablePartitions& table, std::string_view kind, std::string_view lowest,
                         std::string_view finding);
absl::Status DamagedPage(const TablePartitions& table, std::string_view kind, std::string_view lowest,
                         const absl::Status& finding);

// Moves over key pages and reads the one it stands on. Not thread-safe. `table` and the reader of a transaction outlive
// it.
class KeyPageCursor {
 public:
  KeyPageCursor(const store::Reader& reader, const TablePartitions& table, const store::CursorHint& hint = {});
  // For looking up one partition: SeekFloor, Read, Release.
  static KeyPageCursor ForLookup(const store::Reader& reader, const TablePartitions& table);

  void SeekToFirst() { cursor_->SeekToFirst(); }
  void SeekToLast() { cursor_->SeekToLast(); }
  // To the page that holds `key`, if any does: the last one whose lowest key is not above it. Not Valid() when `key` is
  // before all pages.
  void SeekFloor(std::string_view key);
  // To the last page whose lowest key is below `key`; an empty `key`: to the last page.
  void SeekBelow(std::string_view key);
  void Next() { cursor_->Next(); }
  void Prev() { cursor_->Prev(); }
  bool Valid() const { return cursor_->Valid(); }
  // Why it isn't Valid(); OK at the end.
  absl::Status status() const { return cursor_->status(); }

  // Of a look-up, after Read: the cursor below, for a ValuePageCursor. What was read stays; moving is over.
  std::unique_ptr<store::Cursor> Release() { return std::move(cursor_); }

  // REQUIRES: Valid(). The lowest partition key of the page. Lives until the cursor moves.
  std::string_view lowest() const;
  // REQUIRES: Valid(). The page as it is stored. Likewise.
  std::string_view bytes() const { return cursor_->value(); }
  // Parses the page; DataLoss when it is damaged. The three below refer to the page read last, until the cursor moves.
  absl::Status Read();
  const record::KeyPage& page() const { return page_; }
  // Columns with their indexes widened; made when first asked for. Data of names and of constant indexes is not the
  // page's.
  std::span<const KeyColumn> columns();

 private:
  KeyPageCursor(const TablePartitions& table, std::unique_ptr<store::Cursor> cursor, bool copies);
  void MakeColumns();

  const TablePartitions& table_;
  const bool copies_;            // the page read outlives the cursor
  const std::string first_key_;  // of any page of the set: the prefix
  std::unique_ptr<store::Cursor> cursor_;
  std::string key_;     // scratch; when copies_, of the page read
  std::string copied_;  // the page read, when copies_
  record::KeyPage page_;
  bool columns_made_ = false;
  std::vector<KeyColumn> columns_;
  std::vector<std::vector<std::string_view>> dictionaries_;
  std::vector<std::vector<uint16_t>> indexes_;
};

// Reads the value pages that belong to key pages. Not thread-safe. As above.
class ValuePageCursor {
 public:
  ValuePageCursor(const store::Reader& reader, const TablePartitions& table, Order order,
                  const store::CursorHint& hint = {});
  // Goes on with the cursor of a look-up.
  ValuePageCursor(const TablePartitions& table, std::unique_ptr<store::Cursor> released);

  // Parses the value page of the key page with this lowest key; DataLoss when it is missing, damaged, or of another
  // number of rows. Cheap when pages are asked for in the order of the cursor.
  absl::Status Read(std::string_view lowest, std::size_t rows);
  // The page read last, until the next Read.
  const record::ValuePage& page() const { return page_; }

 private:
  const TablePartitions& table_;
  const std::string first_key_;
  const Order order_;
  std::unique_ptr<store::Cursor> cursor_;
  bool stands_ = false;  // the cursor does, on a value page
  std::string key_;
  record::ValuePage page_;
};

}  // namespace lodestone::partition
