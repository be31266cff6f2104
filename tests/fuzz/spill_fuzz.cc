// Any bytes as a spill file, as the rows of a block, and as a manifest: DataLoss, or rows that can be read.
#include <sys/mman.h>
#include <unistd.h>

#include <string>
#include <string_view>

#include "catalog/base/coding.h"
#include "catalog/bulk/checksum.h"
#include "catalog/bulk/spill_file.h"
#include "catalog/bulk/spill_folder.h"
#include "tests/fuzz/check.h"

namespace lodestone::bulk {
namespace {

std::size_t Touch(const partition::Row& row) {
  std::size_t sum = row.key.size();
  for (const std::string_view value : row.values) sum += value.size();
  for (const auto& [name, value] : row.parameters) sum += name.size() + value.size();
  return sum + row.location.value_or("").size();
}

OwnedFile FileOf(std::string_view bytes) {
  OwnedFile file(memfd_create("spill", 0), "spill");
  FUZZ_CHECK(file.fd() >= 0);
  FUZZ_CHECK(file.Write(bytes).ok());
  return file;
}

void ReadFile(std::string_view bytes) {
  const auto run = OpenSpillFile(FileOf(bytes), 2);
  if (!run.ok()) {
    FUZZ_CHECK(run.status().code() == absl::StatusCode::kDataLoss);
    return;
  }
  BlobDecoder decoder(2, {});
  const std::vector<std::shared_ptr<const Run>> runs = {*run};
  RunMerger merger(runs, {}, {});
  int64_t rows = 0;
  for (; merger.Next(); ++rows) Touch(decoder.Decode(merger.blob()));
  FUZZ_CHECK(merger.status().ok());
  FUZZ_CHECK(rows == (*run)->rows());
}

void ReadBlobs(std::string_view bytes) {
  const absl::Status status = CheckBlobs(bytes, 2);
  if (!status.ok()) {
    FUZZ_CHECK(status.code() == absl::StatusCode::kDataLoss);
    return;
  }
  BlobDecoder decoder(2, {});
  SpillWriter writer(FileOf(""), 2, 100);
  int64_t rows = 0;
  std::string last;
  for (const char* at = bytes.data(); at != bytes.data() + bytes.size(); at += SizeOfBlob(at)) {
    Touch(decoder.Decode(at));
    if (KeyOfBlob(at) < last) return;
    last = KeyOfBlob(at);
    FUZZ_CHECK(writer.Add(at).ok());
    ++rows;
  }
  if (rows == 0) return;
  const auto run = writer.Finish(false);
  FUZZ_CHECK(run.ok() && (*run)->rows() == rows && (*run)->last_key() == last);
}

// With its checksum right, any bytes are read as a manifest's.
void ReadManifest(std::string_view bytes) {
  if (const auto manifest = DecodeManifest(bytes); manifest.ok()) FUZZ_CHECK(EncodeManifest(*manifest) == bytes);
  std::string sealed = EncodeManifest({}).substr(0, 8);
  base::AppendLittleEndian(&sealed, Checksum(bytes));
  sealed += bytes;
  if (const auto manifest = DecodeManifest(sealed); manifest.ok()) FUZZ_CHECK(EncodeManifest(*manifest) == sealed);
}

}  // namespace
}  // namespace lodestone::bulk

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, std::size_t size) {
  using namespace lodestone::bulk;  // NOLINT
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  ReadFile(bytes);
  ReadBlobs(bytes);
  ReadManifest(bytes);
  return 0;
}
