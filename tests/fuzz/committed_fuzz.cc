// Any bytes as the file COMMITTED: DataLoss, or a state; a sound slot is enough, and damage of the other one is told.
// Input: the file; and again the fields of its slots, for which the checksums are made.
#include <algorithm>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "catalog/base/coding.h"
#include "catalog/base/strings.h"
#include "catalog/store/rocksdb/committed_file.h"
#include "catalog/store/rocksdb/crc32c.h"
#include "rocksdb/env.h"
#include "tests/fuzz/check.h"

namespace {

namespace base = lodestone::base;
using namespace lodestone::store;  // NOLINT

constexpr std::size_t kSlotDistance = 512;

absl::StatusOr<CommittedState> Read(std::string_view bytes) {
  static rocksdb::Env* const env = rocksdb::NewMemEnv(rocksdb::Env::Default());
  FUZZ_CHECK(env->CreateDirIfMissing("/s").ok());
  const std::string path = base::StrCat("/s/", kCommittedName);
  FUZZ_CHECK(rocksdb::WriteStringToFile(env, rocksdb::Slice(bytes.data(), bytes.size()), path).ok());
  return ReadCommitted(env->GetFileSystem().get(), "/s");
}

void CheckFile(std::string_view bytes) {
  const absl::StatusOr<CommittedState> state = Read(bytes);
  if (!state.ok()) {
    FUZZ_CHECK(state.status().code() == absl::StatusCode::kDataLoss);
    return;
  }
  FUZZ_CHECK(bytes.size() == 2 * kSlotDistance);
}

// Two slots of 28 bytes each: magic, version, state, nothing.
void CheckSlots(std::string_view fields) {
  std::string file;
  for (std::size_t i = 0; i < 2; ++i) {
    std::string slot(fields.substr(std::min(fields.size(), i * 20), 20));
    slot.resize(20, '\0');
    slot.insert(0, "LDSTCMT1");
    base::AppendLittleEndian<uint32_t>(&slot, Crc32c(slot));
    slot.resize(kSlotDistance, '\0');
    file += slot;
  }
  const absl::StatusOr<CommittedState> state = Read(file);
  const auto version = [&](std::size_t slot) {
    return base::ReadLittleEndian<uint64_t>(file.data() + slot * kSlotDistance + 8);
  };
  const auto made = [&](std::size_t slot) {
    return base::ReadLittleEndian<uint32_t>(file.data() + slot * kSlotDistance + 16);
  };
  const bool sound[] = {made(0) == 1 || made(0) == 2, made(1) == 1 || made(1) == 2};
  FUZZ_CHECK(state.ok() == (sound[0] || sound[1]));
  if (!state.ok()) return;
  FUZZ_CHECK(state->version == std::max(sound[0] ? version(0) : 0, sound[1] ? version(1) : 0));
  FUZZ_CHECK(state->complete == (made(0) == 2 || made(1) == 2));
  FUZZ_CHECK(state->damage.empty() == (sound[0] && sound[1]));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  CheckFile(bytes);
  CheckSlots(bytes);
  return 0;
}
