// Any text is a value of COLUMN_STATS_ACCURATE: what is made of it is written so that it is read as the same again,
// also with a column more.
#include <cstdint>
#include <string>

#include "catalog/warehouse/accuracy.h"
#include "tests/fuzz/check.h"

namespace warehouse = lodestone::warehouse;

namespace {

std::string Stored(const warehouse::Accuracy& accuracy) {
  warehouse::Parameters parameters;
  accuracy.Store(&parameters);
  const std::string* text = warehouse::FindParameter(parameters, warehouse::kAccurate);
  return text == nullptr ? "" : *text;
}

warehouse::Accuracy Read(const std::string& text) {
  warehouse::Parameters parameters;
  warehouse::SetParameter(warehouse::kAccurate, text, &parameters);
  return warehouse::Accuracy(parameters);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, std::size_t size) {
  const std::string text(reinterpret_cast<const char*>(data), size);
  const std::string first = Stored(Read(text));
  FUZZ_CHECK(Stored(Read(first)) == first);

  warehouse::Accuracy accuracy = Read(text);
  const bool added = accuracy.Add("c");
  FUZZ_CHECK(Read(Stored(accuracy)).Names("c"));
  accuracy.Remove("c");
  FUZZ_CHECK(!added || Stored(accuracy) == first);
  return 0;
}
