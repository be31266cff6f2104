// Any bytes may be asked about as a key, and what is taken apart stays within them.
#include <string>
#include <string_view>

#include "catalog/base/strings.h"
#include "catalog/record/grant_keys.h"
#include "catalog/record/keys.h"
#include "catalog/record/transaction_keys.h"
#include "tests/fuzz/check.h"

using namespace lodestone::record;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, std::size_t size) {
  const std::string_view key(reinterpret_cast<const char*>(data), size);
  const std::string words = Describe(key);
  FUZZ_CHECK(IsWellFormed(key) == (words.rfind("unknown key", 0) != 0));
  FUZZ_CHECK(lodestone::base::FindInvalidUtf8(words) == std::string_view::npos);
  for (const std::string_view part : {NameInCatalogNameKey(key), NameUnderParent(key), LowestInPageKey(key)}) {
    FUZZ_CHECK(part.data() >= key.data() && part.data() + part.size() <= key.data() + key.size());
  }
  EventIdInKey(key);
  if (!IsWellFormed(key)) return 0;
  // Sound keys are made by the functions that take them apart.
  switch (static_cast<Tag>(key[0])) {
    case Tag::kCatalogName:
      FUZZ_CHECK(CatalogNameKey(NameInCatalogNameKey(key)) == key);
      break;
    case Tag::kEvent:
      FUZZ_CHECK(EventKey(EventIdInKey(key)) == key);
      break;
    case Tag::kGrant: {
      const auto parts = ParseGrantKey(key);
      FUZZ_CHECK(parts && GrantKey(parts->on, parts->grantee) == key);
      break;
    }
    case Tag::kVisible: {
      const auto parts = ParseVisibleKey(key);
      FUZZ_CHECK(parts && VisibleKey(parts->catalog, parts->parent, parts->grantee, parts->kind, parts->name) == key);
      break;
    }
    case Tag::kAllocatedWriteId: {
      const auto parts = ParseAllocated(key);
      FUZZ_CHECK(parts && AllocatedWriteIdKey(parts->transaction, parts->space) == key);
      break;
    }
    case Tag::kUnbornWriteIds: {
      const auto parts = ParseUnborn(key);
      FUZZ_CHECK(parts);
      const std::string again =
          parts->write_id ? WriteIdKey(parts->space, *parts->write_id) : WriteIdStateKey(parts->space);
      FUZZ_CHECK(again == key);
      break;
    }
    default:
      break;
  }
  return 0;
}
