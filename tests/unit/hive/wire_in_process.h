// A connection of a client to the server's calls without sockets, which can end after any number of calls.
#pragma once

#include <algorithm>
#include <cstring>
#include <limits>
#include <set>
#include <string>
#include <string_view>
#include <utility>

#include "bindings/hive/client.h"
#include "bindings/hive/connection.h"
#include "catalog/base/status_macros.h"
#include "tests/unit/hive/bytes.h"

namespace lodestone::hive::testing {

struct WireOptions {
  // After so many answers it breaks.
  int calls = std::numeric_limits<int>::max();
  // Whether the call that it breaks at was served before.
  bool serve_last = false;
  // Calls that the server does not have.
  std::set<std::string> unknown{};
};

class WireInProcess final : public Wire {
 public:
  WireInProcess(const Service* service, WireOptions options) : connection_(service, 1), options_(std::move(options)) {}

  absl::Status Write(std::string_view bytes) override {
    request_.append(bytes);
    return absl::OkStatus();
  }
  absl::StatusOr<std::size_t> Read(char* buffer, std::size_t size) override {
    if (answer_.all.empty()) RETURN_IF_ERROR(Serve());
    const std::size_t count = std::min(size, answer_.all.size());
    std::memcpy(buffer, answer_.all.data(), count);
    answer_.all.erase(0, count);
    return count;
  }

 private:
  struct Answer final : ReplySink {
    absl::Status Write(std::string_view bytes) override {
      all.append(bytes);
      return absl::OkStatus();
    }
    std::string all;
  };
  absl::Status Serve() {
    const bool breaks = options_.calls-- <= 0;
    if (breaks && !options_.serve_last) return absl::UnavailableError("cut off");
    const std::string request = std::exchange(request_, {});
    TextSource source(request);
    MessageReader reader(&source, {});
    Message message;
    RETURN_IF_ERROR(reader.Next(&message).status());
    if (options_.unknown.contains(message.name)) message.name = "no_such_call";
    RETURN_IF_ERROR(connection_.Serve(message, {}, &answer_).status());
    return breaks ? absl::UnavailableError("cut off") : absl::OkStatus();
  }

  Connection connection_;
  WireOptions options_;
  std::string request_;
  Answer answer_;
};

}  // namespace lodestone::hive::testing
