#include "catalog/partition/descriptors.h"

#include <cstring>
#include <limits>
#include <utility>

#include "catalog/base/coding.h"
#include "catalog/base/status_macros.h"
#include "catalog/base/strings.h"
#include "catalog/record/format.h"
#include "catalog/record/keys.h"

namespace lodestone::partition {

namespace {

// Stored as a key: never change. A wrong match costs a comparison, a missed one a descriptor stored twice.
uint64_t Fingerprint(std::string_view bytes) {
  constexpr uint64_t kFactor = 0x9E3779B97F4A7C15;
  uint64_t hash = bytes.size();
  for (std::size_t i = 0; i < bytes.size(); i += 8) {
    uint64_t word = 0;
    std::memcpy(&word, bytes.data() + i, std::min<std::size_t>(8, bytes.size() - i));
    hash = (hash ^ word) * kFactor;
    hash ^= hash >> 32;
  }
  return hash;
}

std::string DescriptorInWords(record::TableId table, uint32_t number) {
  return base::StrCat("descriptor ", number, " of table ", table.value);
}

}  // namespace

void AppendDerivedBase(std::string_view base, std::string* out) {
  out->append(base);
  if (base.back() != '/') out->push_back('/');
}

std::shared_ptr<const record::v1::SharedDescriptor> DescriptorCache::Find(uint32_t number) const {
  absl::ReaderMutexLock lock(&mutex_);
  const auto it = known_.find(number);
  return it == known_.end() ? nullptr : it->second;
}

void DescriptorCache::Add(uint32_t number, std::shared_ptr<const record::v1::SharedDescriptor> descriptor) {
  absl::MutexLock lock(&mutex_);
  if (known_.size() >= kMaxDescriptors) known_.clear();
  known_.emplace(number, std::move(descriptor));
}

DescriptorReader::DescriptorReader(const store::Reader* reader, const TablePartitions& table)
    : reader_(reader),
      table_(table.table),
      cache_(table.descriptors),
      committed_(dynamic_cast<const store::Transaction*>(reader) == nullptr) {}

DescriptorReader::DescriptorReader(const store::Reader* reader, record::TableId table)
    : reader_(reader), table_(table), committed_(false) {}

absl::StatusOr<const record::v1::SharedDescriptor*> DescriptorReader::Get(uint32_t number) {
  if (const auto it = known_.find(number); it != known_.end()) return it->second.get();
  std::shared_ptr<const record::v1::SharedDescriptor> found = cache_ == nullptr ? nullptr : cache_->Find(number);
  if (found == nullptr) {
    ASSIGN_OR_RETURN(const std::optional<std::string> bytes, reader_->Get(record::DescriptorKey(table_, number)));
    if (!bytes) {
      return absl::DataLossError(
          base::StrCat(DescriptorInWords(table_, number), ": partitions refer to it, but it is not there"));
    }
    auto descriptor = std::make_shared<record::v1::SharedDescriptor>();
    RETURN_IF_ERROR(record::DecodeRecord(*bytes, DescriptorInWords(table_, number), descriptor.get()));
    found = std::move(descriptor);
    // What a transaction has written may yet be undone, and its number given away again.
    if (committed_ && cache_ != nullptr) cache_->Add(number, found);
  }
  return known_.emplace(number, std::move(found)).first->second.get();
}

absl::StatusOr<DescriptorWriter::Placed> DescriptorWriter::Place(const model::v1::StorageDescriptor* descriptor,
                                                                 std::string_view location, std::string_view name) {
  Placed placed;
  if (descriptor == nullptr) {
    if (!own_) {
      ASSIGN_OR_RETURN(own_, NumberOf(table_->descriptor));
    }
    placed.number = *own_;
  } else {
    ASSIGN_OR_RETURN(placed.number, NumberOf(*descriptor));
  }
  if (location.empty()) return placed;
  const std::string& base = table_->descriptor.location();
  if (!base.empty()) {
    std::string derived;
    AppendDerivedBase(base, &derived);
    derived.append(name);
    if (derived == location) return placed;
  }
  placed.location = std::string(location);
  return placed;
}

absl::StatusOr<uint32_t> DescriptorWriter::NumberOf(const model::v1::StorageDescriptor& descriptor) {
  record::v1::SharedDescriptor shared;
  *shared.mutable_storage_descriptor() = descriptor;
  shared.mutable_storage_descriptor()->clear_location();
  if (descriptor.columns().empty()) {
    *shared.mutable_storage_descriptor()->mutable_columns() = table_->descriptor.columns();
  }
  shared.set_base_location(table_->descriptor.location());
  for (const std::string& key : table_->key_names) shared.add_key_names(key);
  std::string bytes = record::EncodeRecord(shared);
  if (const auto it = numbers_.find(bytes); it != numbers_.end()) return it->second;

  const std::string hash_key = record::DescriptorHashKey(table_->table, Fingerprint(bytes));
  ASSIGN_OR_RETURN(std::optional<std::string> with_hash, txn_->Get(hash_key));
  std::string same_hash = with_hash.value_or("");
  if (same_hash.size() % 4 != 0) {
    return absl::DataLossError(base::StrCat("table ", table_->table.value, ": the numbers of descriptors with one ",
                                            "fingerprint must be 4 bytes each, found ", same_hash.size(), " bytes"));
  }
  for (std::size_t i = 0; i < same_hash.size(); i += 4) {
    const uint32_t number = base::ReadBigEndian32(same_hash.data() + i);
    ASSIGN_OR_RETURN(const std::optional<std::string> stored, txn_->Get(record::DescriptorKey(table_->table, number)));
    if (stored == bytes) {
      numbers_.emplace(std::move(bytes), number);
      return number;
    }
  }
  const uint32_t number = std::max<uint32_t>(1, table_->set.next_descriptor());
  if (number == std::numeric_limits<uint32_t>::max()) {
    return absl::ResourceExhaustedError(
        base::StrCat("table ", table_->name.ToString(), " has used up its numbers of storage descriptors"));
  }
  table_->set.set_next_descriptor(number + 1);
  txn_->Put(record::DescriptorKey(table_->table, number), bytes);
  base::AppendBigEndian32(&same_hash, number);
  txn_->Put(hash_key, same_hash);
  numbers_.emplace(std::move(bytes), number);
  return number;
}

absl::Status RewriteDescriptors(store::Transaction* txn, record::TableId table,
                                absl::FunctionRef<bool(record::v1::SharedDescriptor*)> change) {
  std::vector<std::pair<std::string, std::string>> all;
  const auto cursor = txn->NewCursor(record::TableParts(table, record::TablePart::kDescriptor), {});
  for (cursor->SeekToFirst(); cursor->Valid(); cursor->Next()) all.emplace_back(cursor->key(), cursor->value());
  RETURN_IF_ERROR(cursor->status());
  // The number of one descriptor leaves one list of the index, and enters another.
  const auto edit_index = [&](std::string_view bytes, const std::string& number, bool add) -> absl::Status {
    const std::string key = record::DescriptorHashKey(table, Fingerprint(bytes));
    ASSIGN_OR_RETURN(const std::optional<std::string> before, txn->Get(key));
    std::string after;
    for (std::size_t at = 0; before && at + 4 <= before->size(); at += 4) {
      if (before->compare(at, 4, number) != 0) after.append(*before, at, 4);
    }
    if (add) after.append(number);
    if (after.empty()) {
      txn->Delete(key);
    } else {
      txn->Put(key, after);
    }
    return absl::OkStatus();
  };
  for (const auto& [key, bytes] : all) {
    record::v1::SharedDescriptor descriptor;
    RETURN_IF_ERROR(record::DecodeRecord(bytes, record::Describe(key), &descriptor));
    if (!change(&descriptor)) continue;
    const std::string number = key.substr(key.size() - 4);
    const std::string changed = record::EncodeRecord(descriptor);
    RETURN_IF_ERROR(edit_index(bytes, number, false));
    RETURN_IF_ERROR(edit_index(changed, number, true));
    txn->Put(key, changed);
  }
  return absl::OkStatus();
}

}  // namespace lodestone::partition
