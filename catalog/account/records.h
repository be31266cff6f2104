// How this folder reads and writes records.
#pragma once

#include <optional>
#include <string_view>
#include <utility>

#include "absl/status/statusor.h"
#include "catalog/base/status_macros.h"
#include "catalog/record/format.h"
#include "catalog/record/keys.h"
#include "catalog/store/store.h"

namespace lodestone::account {

// nullopt: there is none. DataLoss names the key.
template <typename Message>
absl::StatusOr<std::optional<Message>> ReadRecord(const store::Reader& reader, std::string_view key) {
  ASSIGN_OR_RETURN(const std::optional<std::string> value, reader.Get(key));
  std::optional<Message> message;
  if (value) RETURN_IF_ERROR(record::DecodeRecord(*value, record::Describe(key), &message.emplace()));
  return message;
}
inline void PutRecord(store::Transaction& txn, std::string_view key, const google::protobuf::MessageLite& message) {
  txn.Put(key, record::EncodeRecord(message));
}

}  // namespace lodestone::account
