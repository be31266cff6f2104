#include <array>
#include <cstdio>

#include "absl/time/time.h"
#include "catalog/audit.h"
#include "catalog/base/strings.h"

namespace lodestone {

namespace {

// A JSON string of any bytes: what is no UTF-8 becomes U+FFFD, byte by byte, since names may come from anywhere.
void AppendString(std::string_view text, std::string* out) {
  constexpr std::string_view kReplacement = "\xEF\xBF\xBD";
  *out += '"';
  while (!text.empty()) {
    const std::size_t good = std::min(base::FindInvalidUtf8(text), text.size());
    for (const char c : text.substr(0, good)) {
      const auto byte = static_cast<unsigned char>(c);
      if (c == '"' || c == '\\') {
        *out += '\\';
        *out += c;
      } else if (byte < 0x20 || byte == 0x7F) {
        std::array<char, 8> escape{};
        std::snprintf(escape.data(), escape.size(), "\\u%04x", byte);
        *out += escape.data();
      } else {
        *out += c;
      }
    }
    text.remove_prefix(good);
    if (text.empty()) break;
    *out += kReplacement;
    text.remove_prefix(1);
  }
  *out += '"';
}

void AppendField(std::string_view name, std::string_view value, std::string* out) {
  if (value.empty()) return;
  base::StrAppend(out, ",\"", name, "\":");
  AppendString(value, out);
}

// ISO 8601 in UTC with milliseconds.
std::string TimeText(int64_t time_ms) {
  return absl::FormatTime("%Y-%m-%dT%H:%M:%E3SZ", absl::FromUnixMillis(time_ms), absl::UTCTimeZone());
}

std::string_view NameOf(AuditRecord::Outcome outcome) {
  switch (outcome) {
    case AuditRecord::Outcome::kDone:
      return "done";
    case AuditRecord::Outcome::kDenied:
      return "denied";
    case AuditRecord::Outcome::kRefused:
      return "refused";
  }
  return "refused";
}

}  // namespace

std::string ToJson(const AuditRecord& record) {
  std::string line = base::StrCat("{\"time\":\"", TimeText(record.time_ms), "\"");
  AppendField("request_id", record.request_id, &line);
  AppendField("principal", record.principal, &line);
  AppendField("catalog", record.catalog, &line);
  AppendField("action", record.action, &line);
  AppendField("object", record.object, &line);
  AppendField("outcome", NameOf(record.outcome), &line);
  AppendField("why", record.why, &line);
  if (record.version != 0) base::StrAppend(&line, ",\"version\":", record.version);
  line += '}';
  return line;
}

}  // namespace lodestone
