// What the readers of JSON formats share: texts of values without a copy where that is possible.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "catalog/bulk/row_batch.h"
#include "simdjson.h"

namespace lodestone::bulk {

using JsonValue = simdjson::ondemand::value;

// A string, number, boolean or null, by its text.
struct JsonText {
  enum class Kind { kString, kNumber, kBool, kNull };
  Kind kind = Kind::kNull;
  std::string_view text;  // in the input or kept by the batch
};

// False, with `why`, for objects, arrays and what is not JSON.
bool ReadText(JsonValue& value, RowBatch* batch, JsonText* out, std::string* why);

// The name of a field. `end` is where the input ends. Empty with `why` when it is malformed.
std::optional<std::string_view> ReadKey(simdjson::ondemand::field& field, const char* end, RowBatch* batch,
                                        std::string* why);

// A number as RFC 8259 writes it.
bool IsJsonNumber(std::string_view text);

// What simdjson has to say about a document that it can't read.
std::string JsonError(simdjson::error_code error);

}  // namespace lodestone::bulk
