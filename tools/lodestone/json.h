// JSON out of messages and texts, and messages out of JSON. Field names are those of the .proto files, whole numbers
// are numbers, bytes are base64; fields with their default value are left out. What is written reads back as the same
// message.
#pragma once

#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "google/protobuf/message.h"

namespace lodestone::cli {

// `text` in quotes. Bytes that are no UTF-8 become U+FFFD.
void AppendJsonString(std::string_view text, std::string* out);
std::string JsonString(std::string_view text);

// On one line.
std::string ToJson(const google::protobuf::Message& message);
// Over several lines, indented by two blanks.
std::string ToPrettyJson(const google::protobuf::Message& message);

// Reads protobuf's JSON (https://protobuf.dev/programming-guides/json): names as above or in camelCase. `what` names
// the source in messages. InvalidArgument: no JSON, an unknown field, or a value of the wrong type.
absl::Status FromJson(std::string_view what, std::string_view text, google::protobuf::Message* message);

// The bytes of the file `path`, or of standard input for `-`. At most `limit` bytes; more is InvalidArgument.
absl::Status ReadWholeFile(const std::string& path, std::size_t limit, std::string* out);

}  // namespace lodestone::cli
