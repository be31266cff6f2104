// Replays tests/wire/dli/*.test: requests to the DLI adapter and the answers that clients get, one file per group of
// calls. With LODESTONE_REWRITE=1 the answers are written anew, for the review of their difference.
//
// A block is a request (`METHOD /target` and optionally a body in the lines behind it), `----`, and the answer (status
// and JSON); blocks are apart by an empty line, `#` begins a comment. Every file begins with an empty store at
// 2026-01-05 12:00 UTC and acts for ana, without authentication. Ids of jobs read `<job>`, the last one in requests
// too.
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <regex>
#include <sstream>
#include <string>
#include <vector>

#include "bindings/http/dli/body.h"
#include "bindings/http/dli/handler.h"
#include "bindings/http/dli/router.h"
#include "catalog/metastore.h"
#include "tests/support/matchers.h"

namespace lodestone::http::dli {
namespace {

namespace fs = std::filesystem;

struct Block {
  std::string comments;
  std::string request;
  std::string answer;
};

std::vector<Block> ReadBlocks(const fs::path& path) {
  std::ifstream file(path);
  std::vector<Block> blocks(1);
  bool answering = false;
  for (std::string line; std::getline(file, line);) {
    if (line.empty()) {
      if (!blocks.back().request.empty()) blocks.emplace_back();
      answering = false;
    } else if (line == "----") {
      answering = true;
    } else if (line[0] == '#') {
      blocks.back().comments += line + "\n";
    } else {
      (answering ? blocks.back().answer : blocks.back().request) += line + "\n";
    }
  }
  if (blocks.back().request.empty()) blocks.pop_back();
  return blocks;
}

class Replay {
 public:
  Replay() {
    OpenOptions open{.clock = &clock_};
    open.warehouse = "/warehouse";
    metastore_ = *Metastore::OpenInMemory(open);
    handler_ = NewDliHandler(*metastore_, {.authenticate = false, .clock = &clock_});
  }

  std::string Answer(std::string text) {
    text = std::regex_replace(text, std::regex("<job>"), job_);
    Request request;
    const std::size_t line_end = text.find('\n');
    const std::string line = text.substr(0, line_end);
    request.method = line.substr(0, line.find(' '));
    request.target = line.substr(line.find(' ') + 1);
    request.body = text.substr(line_end + 1);
    request.headers = {{"content-type", "application/json"}, {"x-auth-token", "ana"}};
    const Response response = handler_->Handle(request);
    calls_.push_back(response.call);
    // One field of the first level a line reads well in a difference.
    const Json json = Json::parse(response.body);
    std::string answer = std::to_string(response.status) + " {";
    for (const auto& [key, value] : json.items()) {
      answer += (answer.back() == '{' ? "\n  \"" : ",\n  \"") + key + "\": " + value.dump();
    }
    answer += "}\n";
    std::smatch found;
    const std::regex id("[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}");
    if (std::regex_search(answer, found, id)) job_ = found.str();
    return std::regex_replace(answer, id, "<job>");
  }
  const std::vector<std::string>& calls() const { return calls_; }

 private:
  ManualClock clock_{1'767'614'400'000};
  std::unique_ptr<Metastore> metastore_;
  std::unique_ptr<Handler> handler_;
  std::string job_ = "none";
  std::vector<std::string> calls_;
};

TEST(DliTranscripts, AnswersAreAsRecordedAndCoverEveryCall) {
  const bool rewrite = std::getenv("LODESTONE_REWRITE") != nullptr;
  std::vector<std::string> calls;
  int files = 0;
  for (const auto& entry : fs::directory_iterator(std::string(LODESTONE_SOURCE_DIR) + "/tests/wire/dli")) {
    ++files;
    Replay replay;
    std::ostringstream written;
    for (const Block& block : ReadBlocks(entry.path())) {
      const std::string answer = replay.Answer(block.request);
      if (!rewrite) {
        EXPECT_EQ(answer, block.answer) << entry.path().filename() << ": " << block.request;
      }
      written << block.comments << block.request << "----\n" << answer << "\n";
    }
    if (rewrite) std::ofstream(entry.path()) << written.str();
    calls.insert(calls.end(), replay.calls().begin(), replay.calls().end());
  }
  EXPECT_GE(files, 4);
  for (const Route& route : Routes()) EXPECT_THAT(calls, ::testing::Contains(std::string(route.name)));
}

}  // namespace
}  // namespace lodestone::http::dli
