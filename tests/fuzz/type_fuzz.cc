// Any text is a type or a clear failure; what is a type comes back from its normal form.
#include <string_view>

#include "catalog/base/strings.h"
#include "catalog/model/type.h"
#include "tests/fuzz/check.h"

using lodestone::model::IsPartitionKeyType;
using lodestone::model::ParseType;
using lodestone::model::ToString;
using lodestone::model::Type;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const absl::StatusOr<Type> type = ParseType(text);
  if (!type.ok()) {
    FUZZ_CHECK(type.status().code() == absl::StatusCode::kInvalidArgument);
    FUZZ_CHECK(lodestone::base::FindInvalidUtf8(lodestone::base::ToStd(type.status().message())) ==
               std::string_view::npos);
    return 0;
  }
  const std::string normal = ToString(*type);
  const absl::StatusOr<Type> again = ParseType(normal);
  FUZZ_CHECK(again.ok());
  FUZZ_CHECK(*again == *type);
  FUZZ_CHECK(ToString(*again) == normal);
  FUZZ_CHECK(!IsPartitionKeyType(*type) || type->is_primitive());
  return 0;
}
