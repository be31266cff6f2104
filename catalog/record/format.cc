#include "catalog/record/format.h"

#include "absl/status/status.h"
#include "catalog/base/strings.h"
#include "google/protobuf/io/coded_stream.h"
#include "google/protobuf/io/zero_copy_stream_impl_lite.h"

namespace lodestone::record {

std::string EncodeRecord(const google::protobuf::MessageLite& message) {
  std::string bytes(1, kRecordFormat);
  bytes.reserve(1 + message.ByteSizeLong());
  google::protobuf::io::StringOutputStream stream(&bytes);
  google::protobuf::io::CodedOutputStream out(&stream);
  // Equal messages are equal bytes, also with maps: descriptors are found again by their fingerprint.
  out.SetSerializationDeterministic(true);
  message.SerializePartialToCodedStream(&out);
  out.Trim();
  return bytes;
}

absl::Status DecodeRecord(std::string_view bytes, std::string_view what, google::protobuf::MessageLite* message) {
  if (bytes.empty()) return absl::DataLossError(base::StrCat(what, ": the record is empty, expected a format byte"));
  const int format = static_cast<unsigned char>(bytes.front());
  if (format > kRecordFormat) {
    return absl::FailedPreconditionError(base::StrCat(what, ": the record has format ", format,
                                                      ", this version of the library reads up to ",
                                                      static_cast<int>(kRecordFormat)));
  }
  if (format != kRecordFormat) {
    return absl::DataLossError(
        base::StrCat(what, ": the record has format ", format, ", expected ", static_cast<int>(kRecordFormat)));
  }
  bytes.remove_prefix(1);
  constexpr std::size_t kMaxBytes = std::size_t{1} << 30;
  if (bytes.size() > kMaxBytes) {
    return absl::DataLossError(
        base::StrCat(what, ": the record has ", bytes.size(), " bytes, allowed are ", kMaxBytes));
  }
  if (!message->ParseFromArray(bytes.data(), static_cast<int>(bytes.size()))) {
    const std::string type = message->GetTypeName();
    return absl::DataLossError(base::StrCat(what, ": ", bytes.size(), " bytes are no message of type ", type));
  }
  return absl::OkStatus();
}

}  // namespace lodestone::record
