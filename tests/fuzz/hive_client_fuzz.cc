// Any bytes as what a metastore answers: what comes of them is a result or a failure, within the limits, and a
// connection that broke stays so.
#include <algorithm>
#include <cstring>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "bindings/hive/client.h"
#include "bindings/hive/sasl.h"
#include "bindings/hive/transfer/side.h"
#include "tests/fuzz/check.h"

namespace {

using namespace lodestone::hive;  // NOLINT
using lodestone::TableName;

class Answers final : public Wire {
 public:
  explicit Answers(std::string_view bytes) : bytes_(bytes) {}
  absl::StatusOr<std::size_t> Read(char* buffer, std::size_t size) override {
    const std::size_t count = std::min(size, bytes_.size());
    std::memcpy(buffer, bytes_.data(), count);
    bytes_.remove_prefix(count);
    return count;
  }
  absl::Status Write(std::string_view) override { return absl::OkStatus(); }

 private:
  std::string_view bytes_;
};

// Every reading call, each on a connection of its own, and what follows on the same one.
void Ask(std::string_view bytes) {
  const TableName table{"web", "hits"};
  const std::vector<std::string> names = {"dt=1"};
  const auto ignore = [](std::string_view, const absl::Status& why) { FUZZ_CHECK(!why.ok()); };
  const auto on_side = [&](auto call) {
    Client client(std::make_unique<Answers>(bytes));
    const std::unique_ptr<Side> side = NewMetastoreSide(&client, "hive");
    const absl::Status first = call(*side).status();
    if (!IsFatal(first)) return;
    FUZZ_CHECK(IsFatal(call(*side).status()));
  };
  on_side([](Side& side) { return side.Databases(); });
  on_side([](Side& side) { return side.FindDatabase("web"); });
  on_side([&](Side& side) { return side.FindTables("web", names, ignore); });
  on_side([&](Side& side) { return side.PartitionNames(table); });
  on_side([&](Side& side) { return side.FindPartitions(table, names, ignore); });
  on_side([&](Side& side) { return side.TableStatistics(table, names); });
  on_side([&](Side& side) { return side.StatisticsOfPartitions(table, names, names); });
  on_side([&](Side& side) { return side.Constraints(table); });
  on_side([](Side& side) { return side.FindFunction({"web", "f"}); });
  on_side([](Side& side) { return side.Members("analysts"); });
  on_side([&](Side& side) { return side.Grants(lodestone::Securable::Table(table), ignore); });
}

void Negotiate(std::string_view bytes) {
  Answers wire(bytes);
  const absl::Status shown = ShowPlain(&wire, &wire, {.authorization = {}, .user = "ana", .password = "secret"});
  FUZZ_CHECK(!shown.ok() || (bytes.size() >= 5 && bytes[0] == 5));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  Ask(bytes);
  Negotiate(bytes);
  return 0;
}
