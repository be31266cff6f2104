#include "bindings/hive/wire.h"

namespace lodestone::hive {

using namespace apache::thrift::protocol;  // NOLINT: the numbers of types

void Reply::Begin(bool is_exception) {
  writer_.TakeBack(0);
  writer_.writeMessageBegin(name_, is_exception ? T_EXCEPTION : T_REPLY, sequence_id_);
}

void Reply::BeginResult(TType type) {
  Begin(/*is_exception=*/false);
  writer_.writeFieldBegin("success", type, 0);
}

void Reply::EmptyResult() {
  Begin(/*is_exception=*/false);
  writer_.writeFieldStop();
}

void Reply::Exception(int16_t field, std::string_view message) {
  Begin(/*is_exception=*/false);
  writer_.writeFieldBegin("", T_STRUCT, field);
  writer_.writeFieldBegin("message", T_STRING, 1);
  writer_.WriteText(message);
  writer_.writeFieldStop();
  writer_.writeFieldStop();
}

void Reply::ApplicationException(int type, std::string_view message) {
  Begin(/*is_exception=*/true);
  writer_.writeFieldBegin("message", T_STRING, 1);
  writer_.WriteText(message);
  writer_.writeFieldBegin("type", T_I32, 2);
  writer_.writeI32(type);
  writer_.writeFieldStop();
}

}  // namespace lodestone::hive
