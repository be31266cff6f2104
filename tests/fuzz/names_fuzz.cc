// Any bytes as a list of partition names: wholes and pieces agree, and what is read is what the name says by itself.
#include "catalog/model/partition_name.h"
#include "tests/fuzz/bulk_input.h"

namespace {

using namespace lodestone::bulk;  // NOLINT
const std::vector<std::string> kKeys = {"dt", "a b"};

// The twin: each name by itself.
void CheckEachName(std::string_view input) {
  auto reader = NewNamesReader(BytesOf(input, 0), kKeys, {});
  RowBatch batch(kKeys.size());
  FUZZ_CHECK(reader->Next(&batch).ok());
  std::size_t row = 0;
  for (std::string_view line : lodestone::base::Split(input, '\n')) {
    if (line.ends_with('\r')) line.remove_suffix(1);
    const auto values = lodestone::model::PartitionValuesFromName(line, kKeys);
    if (line.empty() || !values.ok()) continue;
    if (std::any_of(values->begin(), values->end(), [](const std::string& value) {
          return lodestone::base::FindInvalidUtf8(value) != std::string_view::npos;
        })) {
      continue;
    }
    FUZZ_CHECK(row < batch.size());
    FUZZ_CHECK(std::ranges::equal(batch.row(row).values, *values));
    ++row;
  }
  FUZZ_CHECK(row == batch.size());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, std::size_t size) {
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  CheckPiecesAgree([&](std::unique_ptr<ByteSource> source,
                       const ReaderOptions& options) { return NewNamesReader(std::move(source), kKeys, options); },
                   kKeys.size(), input);
  if (!input.starts_with("\xEF\xBB\xBF")) CheckEachName(input);
  return 0;
}
