// Any text is the name of an object or a clear failure, and what is one comes back from its parts; any text is a type
// in Spark's words or none; any location is a path without ways upwards, or none.
#include <string>
#include <string_view>

#include "bindings/http/dli/create_table_sql.h"
#include "bindings/http/dli/object_path.h"
#include "bindings/http/dli/router.h"
#include "catalog/base/local_path.h"
#include "tests/fuzz/check.h"

namespace dli = lodestone::http::dli;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto object = dli::ParseObject(text);
  if (object.ok()) {
    FUZZ_CHECK(dli::ObjectText(*object) == text);
  } else {
    FUZZ_CHECK(absl::IsInvalidArgument(object.status()));
  }
  const auto type = dli::SparkType(text);
  FUZZ_CHECK(!type || !type->empty());
  for (const std::string& piece : lodestone::base::LocalPathOf(text)) {
    FUZZ_CHECK(!piece.empty() && piece != "." && piece != "..");
    FUZZ_CHECK(piece.find('/') == std::string::npos && piece.find('\0') == std::string::npos);
  }
  const dli::Match match = dli::FindRoute("GET", text);
  for (const std::string& name : match.names) FUZZ_CHECK(!name.empty());
  FUZZ_CHECK(match.route == nullptr || !match.project.empty());
  return 0;
}
