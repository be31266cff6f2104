// What tests of the conversions share: structs as the other side gets them, and records with anything in them.
#pragma once

#include <thrift/protocol/TBinaryProtocol.h>
#include <thrift/transport/TBufferTransports.h>

#include <cstdint>
#include <iterator>
#include <memory>
#include <random>
#include <set>
#include <stdexcept>
#include <string>

#include "google/protobuf/descriptor.h"
#include "google/protobuf/message.h"
#include "google/protobuf/util/message_differencer.h"

namespace lodestone::hive::testing {

template <typename T>
std::string Encoded(const T& value) {
  const auto buffer = std::make_shared<apache::thrift::transport::TMemoryBuffer>();
  apache::thrift::protocol::TBinaryProtocol protocol(buffer);
  value.write(&protocol);
  return buffer->getBufferAsString();
}

// Decodes all of `bytes`; throws when they are something else.
template <typename T>
T Decoded(std::string bytes) {
  const auto buffer = std::make_shared<apache::thrift::transport::TMemoryBuffer>(
      reinterpret_cast<uint8_t*>(bytes.data()), static_cast<uint32_t>(bytes.size()));
  apache::thrift::protocol::TBinaryProtocol protocol(buffer);
  T value;
  value.read(&protocol);
  if (buffer->available_read() != 0) throw apache::thrift::TException("more bytes than the struct has");
  return value;
}

// What the other side of a connection has: what is not set does not arrive.
template <typename T>
T OverTheWire(const T& value) {
  return Decoded<T>(Encoded(value));
}

inline std::string RandomText(std::mt19937_64& random) {
  static constexpr const char* kPieces[] = {"a", "Web", "_1", "é", " ", "/", "=", "%2F", "\n", "日本", "@", "#", ","};
  std::string text;
  for (uint64_t length = random() % 6; length > 0; --length) text += kPieces[random() % std::size(kPieces)];
  return text;
}

// Fills every field of a record, but those in `but` (`Table.id`): with any text, number or element, or nothing.
inline void Fill(google::protobuf::Message* message, std::mt19937_64& random, const std::set<std::string>& but = {});

inline void FillField(google::protobuf::Message* message, const google::protobuf::FieldDescriptor* field,
                      std::mt19937_64& random, const std::set<std::string>& but) {
  using google::protobuf::FieldDescriptor;
  const google::protobuf::Reflection* const set = message->GetReflection();
  const bool many = field->is_repeated();
  switch (field->cpp_type()) {
    case FieldDescriptor::CPPTYPE_STRING: {
      const std::string text = RandomText(random);
      return many ? set->AddString(message, field, text) : set->SetString(message, field, text);
    }
    case FieldDescriptor::CPPTYPE_MESSAGE:
      return Fill(many ? set->AddMessage(message, field) : set->MutableMessage(message, field), random, but);
    case FieldDescriptor::CPPTYPE_ENUM: {
      // The first is "unspecified", but where it has a meaning of its own.
      const int count = field->enum_type()->value_count();
      const bool any = field->enum_type()->name() == "Direction";
      return set->SetEnum(message, field,
                          field->enum_type()->value(any || count < 2 ? random() % count : 1 + random() % (count - 1)));
    }
    case FieldDescriptor::CPPTYPE_BOOL:
      return set->SetBool(message, field, random() % 2 == 0);
    case FieldDescriptor::CPPTYPE_INT32:
      return set->SetInt32(message, field, static_cast<int32_t>(random()));
    case FieldDescriptor::CPPTYPE_INT64:
      // What a time of 32 bits holds.
      return set->SetInt64(message, field, static_cast<int32_t>(random()));
    case FieldDescriptor::CPPTYPE_DOUBLE:
      return set->SetDouble(message, field, static_cast<double>(static_cast<int64_t>(random())) / 1024);
    default:
      throw std::logic_error("a field of a type that no record has: " + field->full_name());
  }
}

inline void Fill(google::protobuf::Message* message, std::mt19937_64& random, const std::set<std::string>& but) {
  const google::protobuf::Descriptor* const type = message->GetDescriptor();
  for (int i = 0; i < type->field_count(); ++i) {
    const google::protobuf::FieldDescriptor* const field = type->field(i);
    if (but.contains(field->full_name().substr(field->full_name().rfind('.', field->full_name().rfind('.') - 1) + 1))) {
      continue;
    }
    const google::protobuf::OneofDescriptor* const oneof = field->real_containing_oneof();
    if (oneof != nullptr && oneof->field(0) != field) continue;
    if (oneof != nullptr) {
      FillField(message, oneof->field(static_cast<int>(random() % static_cast<uint64_t>(oneof->field_count()))), random,
                but);
      continue;
    }
    // Maps are lists of entries to reflection.
    const uint64_t count = field->is_repeated() ? random() % 4 : field->has_presence() ? random() % 2 : 1;
    for (uint64_t n = 0; n < count; ++n) FillField(message, field, random, but);
  }
  // Makes one entry of those of a map with the same key.
  message->ParseFromString(message->SerializeAsString());
}

// Empty when the two records are equal, otherwise where they differ.
inline std::string Difference(const google::protobuf::Message& expected, const google::protobuf::Message& found) {
  google::protobuf::util::MessageDifferencer differencer;
  std::string report;
  differencer.ReportDifferencesToString(&report);
  return differencer.Compare(expected, found) ? "" : report;
}

}  // namespace lodestone::hive::testing
