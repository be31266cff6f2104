// Any text is a list of transactions or a clear failure; what is a list is written, and read back the same.
#include <algorithm>
#include <cstdint>
#include <string_view>

#include "catalog/errors.h"
#include "catalog/transactions.h"
#include "tests/fuzz/check.h"

using namespace lodestone;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, std::size_t size) {
  const auto list = TransactionList::Parse(std::string_view(reinterpret_cast<const char*>(data), size));
  if (!list.ok()) {
    FUZZ_CHECK(list.status().code() == absl::StatusCode::kInvalidArgument);
    FUZZ_CHECK(DomainErrorOf(list.status())->kind == ErrorKind::kInvalidObject);
    return 0;
  }
  FUZZ_CHECK(list->invalid.size() == list->aborted.size());
  FUZZ_CHECK(std::ranges::is_sorted(list->invalid));
  for (std::size_t i = 0; i < list->invalid.size(); ++i) {
    FUZZ_CHECK(!list->IsValid(list->invalid[i]));
    FUZZ_CHECK(list->IsAborted(list->invalid[i]) == list->aborted[i]);
  }
  const auto again = TransactionList::Parse(list->ToString());
  FUZZ_CHECK(again.ok() && *again == *list);
  return 0;
}
