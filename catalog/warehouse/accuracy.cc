#include "catalog/warehouse/accuracy.h"

#include "catalog/base/strings.h"
#include "catalog/bulk/json_writer.h"
#include "simdjson.h"

namespace lodestone::warehouse {

namespace {

namespace dom = simdjson::dom;

constexpr std::string_view kBasic = "BASIC_STATS";
constexpr std::string_view kColumns = "COLUMN_STATS";

// Flags are written as texts.
bool SaysTrue(dom::element value) {
  std::string_view text;
  return !value.get(text) && base::EqualsIgnoreCase(text, "true");
}

}  // namespace

Accuracy::Accuracy(const Parameters& parameters) {
  const std::string* text = FindParameter(parameters, kAccurate);
  if (text == nullptr) return;
  dom::parser parser;
  dom::object all;
  if (parser.parse(*text).get(all)) {
    basic_ = base::EqualsIgnoreCase(*text, "true");
    return;
  }
  dom::element basic;
  if (!all[kBasic].get(basic)) basic_ = SaysTrue(basic);
  dom::object columns;
  if (all[kColumns].get(columns)) return;
  for (const auto& [name, value] : columns) columns_.emplace(name, SaysTrue(value));
}

void Accuracy::Store(Parameters* parameters) const {
  if (!basic_ && columns_.empty()) {
    parameters->erase(std::string(kAccurate));
    return;
  }
  std::string text = "{";
  if (basic_) base::StrAppend(&text, "\"", kBasic, "\":\"true\"");
  if (!columns_.empty()) {
    base::StrAppend(&text, basic_ ? "," : "", "\"", kColumns, "\":{");
    bool first = true;
    for (const auto& [column, accurate] : columns_) {
      if (!first) text += ',';
      first = false;
      bulk::AppendJsonString(column, &text);
      text += accurate ? ":\"true\"" : ":\"false\"";
    }
    text += '}';
  }
  text += '}';
  SetParameter(kAccurate, text, parameters);
}

}  // namespace lodestone::warehouse
