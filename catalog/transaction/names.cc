#include "catalog/transaction/names.h"

#include "catalog/base/strings.h"
#include "catalog/model/checks.h"

namespace lodestone::transaction {

namespace {

using base::StrCat;

absl::Status Check(ObjectKind kind, std::string_view name, std::size_t most) {
  const auto refuse = [&](std::string_view why) {
    const std::string shown = base::Quoted(name);
    return MakeError(ErrorKind::kInvalidObject, kind, shown, StrCat("name of a ", NameOf(kind), " ", shown, ": ", why));
  };
  if (name.empty()) return refuse("expected one, found the empty text");
  if (name.size() > most) return refuse(StrCat("expected up to ", most, " bytes, found ", name.size()));
  if (!model::IsCleanText(name)) return refuse("expected UTF-8 without control characters");
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<std::string> CheckName(ObjectKind kind, std::string_view name) {
  constexpr std::size_t kMost = 1'024;
  const absl::Status checked = Check(kind, name, kMost);
  if (!checked.ok()) return checked;
  return base::AsciiLower(name);
}

absl::StatusOr<std::string> CheckPartition(std::string_view name) {
  constexpr std::size_t kMost = 65'536;
  const absl::Status checked = Check(ObjectKind::kPartition, name, kMost);
  if (!checked.ok()) return checked;
  std::string lowered;
  lowered.reserve(name.size());
  bool first = true;
  for (const std::string_view piece : base::Split(name, '/')) {
    const std::size_t equals = piece.find('=');
    const std::size_t key_end = equals == std::string_view::npos ? 0 : equals;
    if (!first) lowered += '/';
    first = false;
    lowered += base::AsciiLower(piece.substr(0, key_end));
    lowered += piece.substr(key_end);
  }
  return lowered;
}

}  // namespace lodestone::transaction
