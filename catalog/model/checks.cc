#include "catalog/model/checks.h"

#include <algorithm>

#include "catalog/base/status_macros.h"
#include "catalog/base/strings.h"
#include "catalog/model/limits.h"

namespace lodestone::model {

namespace {
bool IsControl(char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; }
bool ContinuesCharacter(char c) { return (static_cast<unsigned char>(c) & 0xC0) == 0x80; }
}  // namespace

absl::Status Subject::Fail(std::string_view finding) const {
  const std::string object = object_();
  return MakeError(ErrorKind::kInvalidObject, kind_, object, base::StrCat(NameOf(kind_), " ", object, ": ", finding));
}

absl::Status CheckText(const Subject& subject, std::string_view what, std::string_view text, std::size_t max_bytes,
                       ControlCharacters control) {
  if (text.size() > max_bytes) {
    return subject.Fail(base::StrCat(what, " has ", text.size(), " bytes, allowed are ", max_bytes));
  }
  if (IsCleanText(text)) return absl::OkStatus();
  const std::size_t invalid = base::FindInvalidUtf8(text);
  if (invalid != std::string_view::npos) {
    return subject.Fail(base::StrCat(what, " is not UTF-8 at byte ", invalid + 1, " (", HexByte(text[invalid]), ")"));
  }
  const std::size_t at = FindControlCharacter(text);
  if (control == ControlCharacters::kRefuse && at != std::string_view::npos) {
    return subject.Fail(base::StrCat(what, " has a control character (", HexByte(text[at]), ") at position ",
                                     CountCharacters(text.substr(0, at)) + 1));
  }
  return absl::OkStatus();
}

absl::Status CheckParameters(const Subject& subject, std::string_view what,
                             const google::protobuf::Map<std::string, std::string>& parameters) {
  if (parameters.size() > kMaxParameters) {
    return subject.Fail(base::StrCat("there are ", parameters.size(), " ", what, "s, allowed are ", kMaxParameters));
  }
  for (const auto& [key, value] : parameters) {
    if (key.empty()) return subject.Fail(base::StrCat("a ", what, " has an empty key"));
    // The common case first: no message is built for parameters that are fine.
    if (key.size() > kMaxParameterKeyBytes || !IsCleanText(key)) {
      RETURN_IF_ERROR(CheckText(subject, base::StrCat("the key of a ", what), key, kMaxParameterKeyBytes,
                                ControlCharacters::kRefuse));
    }
    if (value.size() > kMaxParameterValueBytes || !IsCleanText(value)) {
      RETURN_IF_ERROR(CheckText(subject, base::StrCat("the value of the ", what, " ", base::Quoted(key)), value,
                                kMaxParameterValueBytes, ControlCharacters::kAllow));
    }
  }
  return absl::OkStatus();
}

absl::Status CheckOwner(const Subject& subject, std::string_view owner, v1::PrincipalType type) {
  RETURN_IF_ERROR(CheckText(subject, "the owner", owner, kMaxPrincipalBytes, ControlCharacters::kRefuse));
  if (!v1::PrincipalType_IsValid(type)) {
    return subject.Fail(base::StrCat("the owner type is the unknown number ", static_cast<int>(type)));
  }
  return absl::OkStatus();
}

absl::Status CheckRecordSize(const Subject& subject, std::size_t bytes, std::size_t max_bytes) {
  if (bytes <= max_bytes) return absl::OkStatus();
  return subject.Fail(base::StrCat("it has ", bytes, " bytes in all, allowed are ", max_bytes));
}

std::size_t FindControlCharacter(std::string_view text) {
  const auto at = std::find_if(text.begin(), text.end(), IsControl);
  return at == text.end() ? std::string_view::npos : static_cast<std::size_t>(at - text.begin());
}

bool IsCleanText(std::string_view text) {
  unsigned char control = 0;
  unsigned char seen = 0;
  for (const char c : text) {
    control |= static_cast<unsigned char>(IsControl(c));
    seen |= static_cast<unsigned char>(c);
  }
  if (control != 0) return false;
  return seen < 0x80 || base::FindInvalidUtf8(text) == std::string_view::npos;
}

std::size_t CountCharacters(std::string_view text) {
  return text.size() - static_cast<std::size_t>(std::count_if(text.begin(), text.end(), ContinuesCharacter));
}

std::string_view CharacterAt(std::string_view text, std::size_t at) {
  std::size_t end = at + 1;
  while (end < text.size() && ContinuesCharacter(text[end])) ++end;
  return text.substr(at, end - at);
}

std::string HexByte(char c) {
  constexpr char kDigits[] = "0123456789abcdef";
  const auto byte = static_cast<unsigned char>(c);
  return {'0', 'x', kDigits[byte >> 4], kDigits[byte & 15]};
}

}  // namespace lodestone::model
