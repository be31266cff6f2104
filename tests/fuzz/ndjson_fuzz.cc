// Any bytes as NDJSON: chunks and lines, wholes and pieces agree.
#include "tests/fuzz/bulk_input.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, std::size_t size) {
  using namespace lodestone::bulk;  // NOLINT
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  const std::vector<std::string> keys = {"a", "b"};
  const MakeReader chunks = [&](std::unique_ptr<ByteSource> source, const ReaderOptions& options) {
    return NewNdjsonReader(std::move(source), keys, options);
  };
  const MakeReader lines = [&](std::unique_ptr<ByteSource> source, const ReaderOptions& options) {
    return NewNdjsonReader(std::move(source), keys, options, true);
  };
  CheckPiecesAgree(chunks, keys.size(), input);
  FUZZ_CHECK(ReadInWords(chunks, keys.size(), input, kInputChunk, 0) ==
             ReadInWords(lines, keys.size(), input, kInputChunk, 0));
  return 0;
}
