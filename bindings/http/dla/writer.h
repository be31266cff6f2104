// Answers as JSON and as XML, written field by field into one text: nothing is built in between, so a long list costs
// no more than its bytes.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "google/protobuf/map.h"

namespace lodestone::http::dla {

enum class Format { kJson, kXml };

// Fields come in the order of the calls. REQUIRES: every Begin is closed by its End before the next outer one. Not
// thread-safe.
class Writer {
 public:
  virtual ~Writer() = default;

  // The answer as a whole. `root` names it in XML.
  virtual void BeginAnswer(std::string_view root) = 0;
  virtual void EndAnswer() = 0;
  virtual void BeginObject(std::string_view name) = 0;
  virtual void EndObject() = 0;
  // Of objects, each between BeginItem and EndItem; in XML each is an element of the list's name.
  virtual void BeginList(std::string_view name) = 0;
  virtual void EndList() = 0;
  virtual void BeginItem() = 0;
  virtual void EndItem() = 0;
  // Of texts, between BeginList and EndList.
  virtual void TextItem(std::string_view text) = 0;

  virtual void Text(std::string_view name, std::string_view text) = 0;
  virtual void Number(std::string_view name, int64_t number) = 0;
  virtual void Boolean(std::string_view name, bool value) = 0;
  virtual void Null(std::string_view name) = 0;
  // By key, in the order of bytes.
  virtual void Map(std::string_view name, const google::protobuf::Map<std::string, std::string>& map) = 0;
};

// Appends to `*out`, which outlives it.
//   JSON: real types.
//   XML:  the answer is the element `root`; a field is an element of its name; null is the text `null`. An entry of a
//         map is an element of its key where that is a name of ASCII letters, digits, `_`, `-`, `.` that begins with a
//         letter or `_`, and not with `xml`; otherwise it is an element `entry` with the attribute `key`. A text with
//         characters that XML can't have (most control characters) is in base64, and its element has the attribute
//         `encoding="base64"`; a key likewise, in the attribute `key-base64`.
std::unique_ptr<Writer> NewWriter(Format format, std::string* out);
std::string_view ContentTypeOf(Format format);

}  // namespace lodestone::http::dla
