#include "bindings/common/log.h"

#include <spdlog/async_logger.h>
#include <spdlog/details/thread_pool.h>
#include <spdlog/sinks/base_sink.h>
#include <spdlog/sinks/stdout_sinks.h>

#include <mutex>
#include <nlohmann/json.hpp>

#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "catalog/base/strings.h"

namespace lodestone::bindings {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::size_t kMaxPath = 256;
// Lines that wait for whoever reads standard error.
constexpr std::size_t kQueued = 8'192;

// Hands each line to a function.
class FunctionSink final : public spdlog::sinks::base_sink<std::mutex> {
 public:
  explicit FunctionSink(std::function<void(std::string_view line)> write) : write_(std::move(write)) {}

 private:
  void sink_it_(const spdlog::details::log_msg& message) override {
    write_(std::string_view(message.payload.data(), message.payload.size()));
  }
  void flush_() override {}

  const std::function<void(std::string_view line)> write_;
};

spdlog::level::level_enum ToSpdlog(LogLevel level) {
  switch (level) {
    case LogLevel::kDebug:
      return spdlog::level::debug;
    case LogLevel::kInfo:
      return spdlog::level::info;
    case LogLevel::kWarning:
      return spdlog::level::warn;
    case LogLevel::kError:
      return spdlog::level::err;
    case LogLevel::kOff:
      break;
  }
  return spdlog::level::off;
}

std::string_view NameOf(LogLevel level) {
  constexpr std::string_view kNames[] = {"debug", "info", "warning", "error", "off"};
  return kNames[static_cast<int>(level)];
}

Json Begin(LogLevel level) {
  Json line;
  line["time"] = absl::FormatTime("%Y-%m-%dT%H:%M:%E3SZ", absl::Now(), absl::UTCTimeZone());
  line["level"] = NameOf(level);
  return line;
}

}  // namespace

std::optional<LogLevel> ParseLogLevel(std::string_view text) {
  for (int i = 0; i <= static_cast<int>(LogLevel::kOff); ++i) {
    if (NameOf(static_cast<LogLevel>(i)) == text) return static_cast<LogLevel>(i);
  }
  return std::nullopt;
}

struct Log::Impl {
  std::shared_ptr<spdlog::details::thread_pool> thread;
  std::shared_ptr<spdlog::logger> logger;

  void Write(LogLevel level, const Json& line) {
    logger->log(ToSpdlog(level), line.dump(-1, ' ', false, Json::error_handler_t::replace));
  }
};

Log::Log(LogLevel level) : impl_(std::make_unique<Impl>()) {
  impl_->thread = std::make_shared<spdlog::details::thread_pool>(kQueued, 1);
  impl_->logger =
      std::make_shared<spdlog::async_logger>("lodestoned", std::make_shared<spdlog::sinks::stderr_sink_mt>(),
                                             impl_->thread, spdlog::async_overflow_policy::overrun_oldest);
  impl_->logger->set_pattern("%v");
  SetLevel(level);
}

Log::Log(LogLevel level, std::function<void(std::string_view line)> write) : impl_(std::make_unique<Impl>()) {
  impl_->logger = std::make_shared<spdlog::logger>("lodestoned", std::make_shared<FunctionSink>(std::move(write)));
  SetLevel(level);
}

Log::~Log() { impl_->logger->flush(); }

void Log::SetLevel(LogLevel level) { impl_->logger->set_level(ToSpdlog(level)); }

void Log::Event(LogLevel level, std::string_view event, std::initializer_list<Field> fields) {
  if (!impl_->logger->should_log(ToSpdlog(level))) return;
  Json line = Begin(level);
  line["event"] = event;
  for (const auto& [key, value] : fields) line[std::string(key)] = value;
  impl_->Write(level, line);
}

void Log::Request(const RequestLine& request) {
  const LogLevel level = request.status >= 500 ? LogLevel::kWarning : LogLevel::kInfo;
  if (!impl_->logger->should_log(ToSpdlog(level))) return;
  Json line = Begin(level);
  line["event"] = "request";
  const auto add = [&](const char* key, std::string_view value) {
    if (!value.empty()) line[key] = value;
  };
  add("request_id", request.request_id);
  add("peer", request.peer);
  add("method", request.method);
  add("path", request.path.substr(0, kMaxPath));
  add("adapter", request.adapter);
  add("call", request.call);
  add("outcome", request.outcome);
  if (request.status != 0) line["status"] = request.status;
  add("principal", request.principal);
  add("detail", request.detail);
  line["ms"] = static_cast<double>(request.micros) / 1000;
  line["bytes_in"] = request.bytes_in;
  line["bytes_out"] = request.bytes_out;
  impl_->Write(level, line);
}

}  // namespace lodestone::bindings
