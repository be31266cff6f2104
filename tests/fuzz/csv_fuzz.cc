// Any bytes as CSV: wholes and pieces agree.
#include "tests/fuzz/bulk_input.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, std::size_t size) {
  using namespace lodestone::bulk;  // NOLINT
  namespace base = lodestone::base;
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  const std::vector<std::string> keys = {"a", "b"};
  const MakeReader make = [&](std::unique_ptr<ByteSource> source, const ReaderOptions& options) {
    return NewCsvReader(std::move(source), keys, ',', options);
  };
  CheckPiecesAgree(make, keys.size(), input);
  // With the header taken care of, the rows are what is looked at.
  CheckPiecesAgree(make, keys.size(), base::StrCat("b,x,a,create_time\n", input));
  return 0;
}
