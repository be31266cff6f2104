// Runs a fuzz target over files instead of under libFuzzer: once over each file of the corpus, and once over cut and
// changed copies of it, so that the ordinary test run tries the target as well.
//
// usage: <target> FILE-OR-FOLDER...
#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, std::size_t size);

namespace {

namespace fs = std::filesystem;

// A copy of the exact size, so that a sanitizer sees reads behind the end.
void Run(const std::string& input) {
  const std::vector<uint8_t> bytes(input.begin(), input.end());
  LLVMFuzzerTestOneInput(bytes.data(), bytes.size());
}

// Every beginning of the input, and the input with one byte changed, up to a bound: no randomness, so that a failure
// comes again.
int RunVariants(const std::string& input) {
  constexpr std::size_t kMaxVariants = 64;
  const std::size_t step = std::max<std::size_t>(1, input.size() / kMaxVariants);
  int runs = 0;
  for (std::size_t at = 0; at < input.size(); at += step, runs += 2) {
    Run(input.substr(0, at));
    std::string changed = input;
    changed[at] = static_cast<char>(changed[at] ^ (1 << (at % 8)));
    Run(changed);
  }
  return runs;
}

}  // namespace

int main(int argc, char** argv) {
  std::vector<fs::path> files;
  for (int i = 1; i < argc; ++i) {
    if (!fs::is_directory(argv[i])) {
      files.emplace_back(argv[i]);
      continue;
    }
    for (const fs::directory_entry& entry : fs::recursive_directory_iterator(argv[i])) {
      if (entry.is_regular_file()) files.push_back(entry.path());
    }
  }
  std::sort(files.begin(), files.end());
  if (files.empty()) {
    std::fprintf(stderr, "no input: a corpus without a file tests nothing\n");
    return 1;
  }
  int runs = 0;
  Run("");
  for (const fs::path& file : files) {
    std::ifstream in(file, std::ios::binary);
    const std::string input((std::istreambuf_iterator<char>(in)), std::istreambuf_iterator<char>());
    if (!in.good() && !in.eof()) {
      std::fprintf(stderr, "%s: can't be read\n", file.c_str());
      return 1;
    }
    Run(input);
    runs += 1 + RunVariants(input);
  }
  std::printf("%zu files, %d runs\n", files.size(), runs);
  return 0;
}
