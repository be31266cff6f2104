// What the rules in validate.h are made of: checks of one text or one map, whose messages begin with the object that
// the text belongs to. Private to the model.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "catalog/errors.h"
#include "google/protobuf/map.h"
#include "lodestone/model/v1/database.pb.h"
#include "lodestone/model/v1/table.pb.h"

namespace lodestone::model {

// The object that a check is about. It is put into words only when a check fails: checks run once per partition of a
// batch. Does not own the function: a Subject lives no longer than the call it is made for.
class Subject {
 public:
  Subject(ObjectKind kind, absl::FunctionRef<std::string()> object) : kind_(kind), object_(object) {}

  // InvalidArgument: `table db.t: <finding>`.
  absl::Status Fail(std::string_view finding) const;
  ObjectKind kind() const { return kind_; }
  std::string object() const { return object_(); }

 private:
  ObjectKind kind_;
  absl::FunctionRef<std::string()> object_;
};

// Whether control characters are data (comments, parameter values: a delimiter may be 0x01) or a mistake.
enum class ControlCharacters { kAllow, kRefuse };

// `what` says which text: "the location". UTF-8, at most `max_bytes`.
absl::Status CheckText(const Subject& subject, std::string_view what, std::string_view text, std::size_t max_bytes,
                       ControlCharacters control);
// Number, keys and values of parameters; `what` is "parameter", "SerDe parameter", ...
absl::Status CheckParameters(const Subject& subject, std::string_view what,
                             const google::protobuf::Map<std::string, std::string>& parameters);
// Name and type of an owner.
absl::Status CheckOwner(const Subject& subject, std::string_view owner, v1::PrincipalType type);
// Everything of a storage descriptor: columns, formats, SerDe, buckets, order, skew, parameters.
absl::Status CheckDescriptor(const Subject& subject, const v1::StorageDescriptor& descriptor);
// The serialized size of the whole message.
absl::Status CheckRecordSize(const Subject& subject, std::size_t bytes, std::size_t max_bytes);

// The offset of the first control character (0x00-0x1F, 0x7F); npos when there is none.
std::size_t FindControlCharacter(std::string_view text);
// Whether text is UTF-8 without control characters, decided in one pass in the common case.
bool IsCleanText(std::string_view text);
// How many characters the text has. REQUIRES: UTF-8.
std::size_t CountCharacters(std::string_view text);
// The character that begins at byte `at`. REQUIRES: UTF-8, at < text.size().
std::string_view CharacterAt(std::string_view text, std::size_t at);
// "0x1f".
std::string HexByte(char c);

}  // namespace lodestone::model
