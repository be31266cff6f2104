#include "catalog/model/partition_name.h"

#include <array>
#include <cstddef>
#include <cstdint>

#include "catalog/base/status_macros.h"
#include "catalog/base/strings.h"
#include "catalog/errors.h"
#include "catalog/names.h"

namespace lodestone::model {

namespace {

constexpr std::array<uint8_t, 256> MakeEscapeTable() {
  std::array<uint8_t, 256> table{};
  for (int c = 0; c < 0x20; ++c) table[c] = 1;
  table[0x7F] = 1;
  for (const char c : std::string_view("\"#%'*/:=?\\{[]^")) table[static_cast<unsigned char>(c)] = 1;
  return table;
}
constexpr std::array<uint8_t, 256> kEscaped = MakeEscapeTable();
constexpr char kHexDigits[] = "0123456789ABCDEF";

// The offset of the first byte that has to be escaped; the size when there is none. Eight bytes a step: keys are built
// by the million, and nearly all values need no escape.
std::size_t FindEscaped(std::string_view text) {
  const auto* p = reinterpret_cast<const unsigned char*>(text.data());
  const std::size_t size = text.size();
  std::size_t i = 0;
  for (; i + 8 <= size; i += 8) {
    if (kEscaped[p[i]] | kEscaped[p[i + 1]] | kEscaped[p[i + 2]] | kEscaped[p[i + 3]] | kEscaped[p[i + 4]] |
        kEscaped[p[i + 5]] | kEscaped[p[i + 6]] | kEscaped[p[i + 7]]) {
      break;
    }
  }
  while (i < size && kEscaped[p[i]] == 0) ++i;
  return i;
}

int HexValue(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  return -1;
}

template <typename Text>
std::string EncodeKey(std::span<const Text> values) {
  std::size_t size = values.size();
  for (const std::string_view value : values) size += value.empty() ? kNullPartitionValue.size() : value.size();
  std::string key;
  key.reserve(size);
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (i > 0) key += '/';
    AppendEscapedPathName(values[i], &key);
  }
  return key;
}

absl::Status BadName(std::string_view name, std::string_view finding) {
  return MakeError(ErrorKind::kInvalidObject, ObjectKind::kPartition, name,
                   base::StrCat("partition name ", base::Quoted(name), " ", finding));
}

}  // namespace

bool NeedsEscape(char c) { return kEscaped[static_cast<unsigned char>(c)] != 0; }
bool NeedsEscape(std::string_view text) { return FindEscaped(text) != text.size(); }

std::string EscapePathName(std::string_view text) {
  std::string out;
  AppendEscapedPathName(text, &out);
  return out;
}

void AppendEscapedPathName(std::string_view text, std::string* out) {
  if (text.empty()) {
    out->append(kNullPartitionValue);
    return;
  }
  for (;;) {
    const std::size_t plain = FindEscaped(text);
    out->append(text.data(), plain);
    if (plain == text.size()) return;
    const auto byte = static_cast<unsigned char>(text[plain]);
    const char escape[3] = {'%', kHexDigits[byte >> 4], kHexDigits[byte & 15]};
    out->append(escape, 3);
    text.remove_prefix(plain + 1);
    if (text.empty()) return;
  }
}

std::string UnescapePathName(std::string_view text) {
  const std::size_t first = text.find('%');
  if (first == std::string_view::npos) return std::string(text);
  std::string out;
  out.reserve(text.size());
  out.append(text, 0, first);
  for (std::size_t i = first; i < text.size(); ++i) {
    if (text[i] == '%' && i + 2 < text.size()) {
      const int high = HexValue(text[i + 1]);
      const int low = HexValue(text[i + 2]);
      if (high >= 0 && low >= 0) {
        out += static_cast<char>(high * 16 + low);
        i += 2;
        continue;
      }
    }
    out += text[i];
  }
  return out;
}

std::string EncodePartitionKey(std::span<const std::string_view> values) { return EncodeKey(values); }
std::string EncodePartitionKey(std::span<const std::string> values) { return EncodeKey(values); }

absl::StatusOr<std::vector<std::string>> DecodePartitionKey(std::string_view key, std::size_t key_count) {
  std::vector<std::string> values;
  if (key_count == 0 && key.empty()) return values;
  const std::vector<std::string_view> pieces = base::Split(key, '/');
  if (pieces.size() != key_count) {
    return absl::DataLossError(
        base::StrCat("partition key ", base::Quoted(key), " has ", pieces.size(), " values, expected ", key_count));
  }
  values.reserve(key_count);
  for (const std::string_view piece : pieces) values.push_back(UnescapePathName(piece));
  return values;
}

std::string MakePartitionName(std::span<const std::string> keys, std::span<const std::string> values) {
  std::string name;
  for (std::size_t i = 0; i < keys.size() && i < values.size(); ++i) {
    if (i > 0) name += '/';
    AppendEscapedPathName(base::AsciiLower(keys[i]), &name);
    name += '=';
    AppendEscapedPathName(values[i], &name);
  }
  return name;
}

absl::StatusOr<std::vector<std::pair<std::string, std::string>>> ParsePartitionName(std::string_view name) {
  if (name.empty()) return BadName(name, "is empty; expected `key=value`, joined by `/`");
  const std::vector<std::string_view> pieces = base::Split(name, '/');
  std::vector<std::pair<std::string, std::string>> pairs;
  pairs.reserve(pieces.size());
  for (std::size_t i = 0; i < pieces.size(); ++i) {
    const std::string_view piece = pieces[i];
    auto fail = [&](std::string_view finding) {
      return BadName(name, base::StrCat("has the piece ", base::Quoted(piece), " in place ", i + 1, ", ", finding));
    };
    if (piece.empty()) return fail("which is empty; expected `key=value`");
    const std::size_t equals = piece.find('=');
    if (equals == std::string_view::npos) return fail("which has no `=`; expected `key=value`");
    if (equals == 0) return fail("which has no key; expected `key=value`");
    if (equals + 1 == piece.size()) {
      return fail(base::StrCat("which has no value; NULL is written ", kNullPartitionValue));
    }
    pairs.emplace_back(base::AsciiLower(UnescapePathName(piece.substr(0, equals))),
                       UnescapePathName(piece.substr(equals + 1)));
  }
  return pairs;
}

absl::StatusOr<std::vector<std::string>> PartitionValuesFromName(std::string_view name,
                                                                 std::span<const std::string> keys) {
  ASSIGN_OR_RETURN(auto pairs, ParsePartitionName(name));
  if (pairs.size() != keys.size()) {
    return BadName(name, base::StrCat("has ", pairs.size(), " keys, the table has ", keys.size()));
  }
  std::vector<std::string> values;
  values.reserve(pairs.size());
  for (std::size_t i = 0; i < pairs.size(); ++i) {
    if (!base::EqualsIgnoreCase(pairs[i].first, keys[i])) {
      return BadName(name, base::StrCat("has the key ", base::Quoted(pairs[i].first), " in place ", i + 1,
                                        ", the table has ", base::Quoted(keys[i]), " there"));
    }
    values.push_back(std::move(pairs[i].second));
  }
  return values;
}

}  // namespace lodestone::model
