// Any tree of names as the folders of a table: every row is text with a value for each key, every other folder is a bad
// row with its path. Input: one path a line; with a `/` at its end it is a folder, otherwise a file.
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <system_error>

#include "tests/fuzz/bulk_input.h"

namespace {

namespace fs = std::filesystem;
using namespace lodestone::bulk;  // NOLINT

const std::vector<std::string> kKeys = {"dt", "hour"};

// Making files costs more than all the rest.
constexpr std::size_t kMaxPaths = 12;
constexpr std::size_t kMaxPathBytes = 300;

// A folder that is empty before each input; gone at the end of the process.
class Root {
 public:
  Root() : path_((fs::temp_directory_path() / "lodestone-fuzz-XXXXXX").string()) {
    FUZZ_CHECK(mkdtemp(path_.data()) != nullptr);
  }
  ~Root() {
    std::error_code ignored;
    fs::remove_all(path_, ignored);
  }
  std::string Fresh() const {
    const std::string path = path_ + "/t";
    fs::remove_all(path);
    fs::create_directory(path);
    return path;
  }

 private:
  std::string path_;
};

void Make(const std::string& root, std::string_view path) {
  std::string at = root;
  for (const std::string_view piece : lodestone::base::Split(path, '/')) {
    if (piece == "." || piece == ".." || piece.find('\0') != std::string_view::npos) return;
  }
  lodestone::base::StrAppend(&at, "/", path);
  std::error_code ignored;  // names that are too long, or a file where a folder should be
  fs::create_directories(path.ends_with('/') ? at : at.substr(0, at.rfind('/')), ignored);
  if (!path.ends_with('/') && !ignored) std::ofstream(at) << "data";
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, std::size_t size) {
  static const Root root;
  const std::string folder = root.Fresh();
  std::size_t paths = 0;
  for (const std::string_view line : lodestone::base::Split({reinterpret_cast<const char*>(data), size}, '\n')) {
    if (line.empty() || line.size() > kMaxPathBytes) continue;
    if (++paths > kMaxPaths) break;
    Make(folder, line);
  }
  auto reader = NewDirectoryReader(folder, kKeys, 1);
  RowBatch batch(kKeys.size());
  for (;;) {
    batch.Clear();
    const absl::StatusOr<bool> more = reader->Next(&batch);
    FUZZ_CHECK(more.ok());
    if (!*more) break;
    for (std::size_t i = 0; i < batch.size(); ++i) {
      FUZZ_CHECK(batch.row(i).values.size() == kKeys.size());
      FUZZ_CHECK(FindBadText(batch.row(i)).empty());
      FUZZ_CHECK(batch.row(i).location.starts_with(folder + "/"));
    }
    for (const BadRow& bad : batch.bad_rows()) {
      CheckIsText(bad.reason);
      FUZZ_CHECK(bad.file.starts_with(folder));
    }
  }
  return 0;
}
