#include "catalog/store/rocksdb/crc32c.h"

#include <memory>
#include <string>

#include "catalog/base/coding.h"
#include "rocksdb/file_checksum.h"

namespace lodestone::store {

uint32_t Crc32c(std::string_view data) {
  // RocksDB's file checksum is the public way to its hardware-assisted implementation.
  static const std::shared_ptr<rocksdb::FileChecksumGenFactory> factory = rocksdb::GetFileChecksumGenCrc32cFactory();
  std::unique_ptr<rocksdb::FileChecksumGenerator> generator =
      factory->CreateFileChecksumGenerator(rocksdb::FileChecksumGenContext());
  generator->Update(data.data(), data.size());
  generator->Finalize();
  const std::string checksum = generator->GetChecksum();
  return base::ReadBigEndian32(checksum.data());
}

}  // namespace lodestone::store
