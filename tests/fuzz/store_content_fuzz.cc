// Any bytes as a record of a store: whatever reads, checks or changes the store gives an answer or an error. Input: the
// number of a record of the sample, and what stands there instead; or, behind kFreshRecord, a whole record: the length
// of its key, the key, the value.
#include <algorithm>
#include <cstdint>
#include <iterator>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "catalog/metastore.h"
#include "catalog/store/memory/memory_store.h"
#include "google/protobuf/stubs/logging.h"
#include "tests/fuzz/check.h"
#include "tests/support/content.h"

namespace {

using namespace lodestone;  // NOLINT

constexpr uint8_t kFreshRecord = 255;
constexpr int64_t kNow = 1'700'000'000'000;

using Records = std::map<std::string, std::string>;

OpenOptions Options() {
  static ManualClock clock(kNow);
  OpenOptions options;
  options.clock = &clock;
  return options;
}

const Records& Sample() {
  static const Records& records = *[] {
    google::protobuf::SetLogHandler(nullptr);  // says of every damaged record that it is damaged
    auto metastore = Metastore::OpenInMemory(Options());
    FUZZ_CHECK(metastore.ok());
    FUZZ_CHECK(testing::FillSample(**metastore, 20).ok());
    return new Records(*testing::ReadRecords(**metastore));
  }();
  return records;
}

// The record that the input puts into the sample.
void Place(std::string_view input, Records* records) {
  const auto number = static_cast<uint8_t>(input[0]);
  input.remove_prefix(1);
  if (number == kFreshRecord) {
    if (input.empty()) return;
    const std::size_t size = std::min<std::size_t>(static_cast<uint8_t>(input[0]), input.size() - 1);
    (*records)[std::string(input.substr(1, size))] = input.substr(1 + size);
  } else {
    std::next(records->begin(), static_cast<std::ptrdiff_t>(number % records->size()))->second = input;
  }
}

void Change(Metastore& metastore) {
  Session session = metastore.Local();
  const TableName hits{.database = "web", .table = "hits"};
  const TableName items{.database = "shop", .table = "items"};
  for (const char* value : {"2026-01-15", "2030-01-01", "a"}) {
    model::v1::Partition partition;
    for (const char* one : {value, "7", "x"}) partition.add_values(one);
    session.AddPartitions(hits, {&partition, 1}).status().IgnoreError();
  }
  session.Explain(hits, "dt > '2026-01-03' and hour in (1, 2)").status().IgnoreError();
  session.DropPartitionsByFilter(hits, "hour = 3").status().IgnoreError();
  session.TruncatePartitions({.database = "web", .table = "loads"}).IgnoreError();
  session.RenameTable(items, {.database = "web", .table = "items2"}).IgnoreError();
  session.DropTable(hits).IgnoreError();
  session.DropDatabase("web", {.mode = DropMode::kCascade}).IgnoreError();
  metastore.Maintain().IgnoreError();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, std::size_t size) {
  Records records = Sample();
  if (size > 0) Place({reinterpret_cast<const char*>(data), size}, &records);
  std::unique_ptr<store::Store> store = store::NewMemoryStore();
  {
    auto transaction = store->Begin();
    FUZZ_CHECK(transaction.ok());
    for (const auto& [key, value] : records) (*transaction)->Put(key, value);
    FUZZ_CHECK((*transaction)->Commit(store::Durability::kRelaxed).ok());
  }
  const auto metastore = Metastore::OpenOn(std::move(store), Options());
  if (!metastore.ok()) return 0;
  testing::DescribeContent(**metastore).status().IgnoreError();
  testing::FindingsOf(**metastore).status().IgnoreError();
  Change(**metastore);
  testing::FindingsOf(**metastore).status().IgnoreError();
  return 0;
}
