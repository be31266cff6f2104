#include "catalog/bulk/spill_folder.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <system_error>

#include "absl/strings/str_format.h"
#include "catalog/base/coding.h"
#include "catalog/base/status_macros.h"
#include "catalog/base/strings.h"
#include "catalog/bulk/checksum.h"

namespace lodestone::bulk {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kMagic = "LODELOA1";
constexpr std::string_view kManifest = "manifest";
constexpr std::string_view kLock = "lock";

void AppendText(std::string* out, std::string_view text) {
  base::AppendLittleEndian(out, static_cast<uint64_t>(text.size()));
  out->append(text);
}
void AppendTexts(std::string* out, const std::vector<std::string>& texts) {
  base::AppendLittleEndian(out, static_cast<uint64_t>(texts.size()));
  for (const std::string& text : texts) AppendText(out, text);
}

bool TakeNumber(std::string_view* in, uint64_t* out) {
  if (in->size() < 8) return false;
  *out = base::ReadLittleEndian<uint64_t>(in->data());
  in->remove_prefix(8);
  return true;
}
bool TakeText(std::string_view* in, std::string* out) {
  uint64_t size;
  if (!TakeNumber(in, &size) || size > in->size()) return false;
  out->assign(in->substr(0, size));
  in->remove_prefix(size);
  return true;
}
bool TakeTexts(std::string_view* in, std::vector<std::string>* out) {
  uint64_t count;
  if (!TakeNumber(in, &count) || count > in->size() / 8) return false;
  out->resize(count);
  for (std::string& text : *out) {
    if (!TakeText(in, &text)) return false;
  }
  return true;
}

absl::StatusOr<OwnedFile> Open(const std::string& path, int flags) {
  OwnedFile file(open(path.c_str(), flags | O_CLOEXEC, 0600), path);
  if (file.fd() < 0) return file.Failure("opening");
  return file;
}

}  // namespace

std::string EncodeManifest(const Manifest& manifest) {
  std::string body;
  AppendText(&body, manifest.identity);
  base::AppendLittleEndian(&body, manifest.rows_taken);
  AppendTexts(&body, manifest.files);
  AppendTexts(&body, manifest.descriptors);
  std::string out(kMagic);
  base::AppendLittleEndian(&out, Checksum(body));
  return out + body;
}

absl::StatusOr<Manifest> DecodeManifest(std::string_view bytes) {
  Manifest manifest;
  uint64_t checksum = 0;
  uint64_t rows = 0;
  bool sound = bytes.starts_with(kMagic);
  if (sound) bytes.remove_prefix(kMagic.size());
  sound = sound && TakeNumber(&bytes, &checksum) && checksum == Checksum(bytes) &&
          TakeText(&bytes, &manifest.identity) && TakeNumber(&bytes, &rows) && TakeTexts(&bytes, &manifest.files) &&
          TakeTexts(&bytes, &manifest.descriptors) && bytes.empty();
  if (!sound) return absl::DataLossError("the manifest of a broken-off load is damaged");
  manifest.rows_taken = static_cast<int64_t>(rows);
  return manifest;
}

std::unique_ptr<SpillFolder> SpillFolder::Temporary(std::string directory) {
  return std::unique_ptr<SpillFolder>(new SpillFolder(std::move(directory), ""));
}

absl::StatusOr<std::unique_ptr<SpillFolder>> SpillFolder::Resumable(std::string directory,
                                                                    std::string_view resume_key) {
  // The key may be any text; its checksum is a file name. That two keys share one is caught by the manifest.
  const std::string name = absl::StrFormat("load-%016x", Checksum(resume_key));
  std::string folder = directory + "/" + name;
  std::unique_ptr<SpillFolder> out(new SpillFolder(std::move(directory), std::move(folder)));
  RETURN_IF_ERROR(out->MakeDirectory(out->folder_));
  ASSIGN_OR_RETURN(out->lock_, Open(base::StrCat(out->folder_, "/", kLock), O_RDWR | O_CREAT));
  if (flock(out->lock_.fd(), LOCK_EX | LOCK_NB) != 0) {
    if (errno != EWOULDBLOCK) return out->lock_.Failure("locking");
    return absl::FailedPreconditionError(
        base::StrCat("another load with the resume key ", base::Quoted(resume_key, 60), " is under way"));
  }
  return out;
}

absl::Status SpillFolder::MakeDirectory(const std::string& path) const {
  std::error_code error;
  fs::create_directories(path, error);
  if (error) return absl::UnavailableError(base::StrCat("making the folder ", path, ": ", error.message()));
  return absl::OkStatus();
}

absl::StatusOr<OwnedFile> SpillFolder::NewFile() {
  if (resumable()) {
    std::error_code ignored;
    do {
      last_file_ = absl::StrFormat("run-%06d", next_file_++);
    } while (fs::exists(folder_ + "/" + last_file_, ignored));
    return Open(folder_ + "/" + last_file_, O_RDWR | O_CREAT | O_EXCL);
  }
  RETURN_IF_ERROR(MakeDirectory(directory_));
  std::string path = directory_ + "/lodestone-run-XXXXXX";
  OwnedFile file(mkostemp(path.data(), O_CLOEXEC), path);
  if (file.fd() < 0) return file.Failure("making");
  // Nobody needs its name, and without one it goes with us, however we end.
  if (unlink(path.c_str()) != 0) return file.Failure("unlinking");
  return file;
}

std::optional<Manifest> SpillFolder::ReadManifest() const {
  std::ifstream in(base::StrCat(folder_, "/", kManifest), std::ios::binary);
  if (!in) return std::nullopt;
  const std::string bytes((std::istreambuf_iterator<char>(in)), std::istreambuf_iterator<char>());
  absl::StatusOr<Manifest> manifest = DecodeManifest(bytes);
  if (!manifest.ok()) return std::nullopt;
  return *std::move(manifest);
}

absl::Status SpillFolder::WriteManifest(const Manifest& manifest) {
  const std::string path = base::StrCat(folder_, "/", kManifest);
  const std::string fresh = path + ".new";
  {
    ASSIGN_OR_RETURN(OwnedFile file, Open(fresh, O_WRONLY | O_CREAT | O_TRUNC));
    RETURN_IF_ERROR(file.Write(EncodeManifest(manifest)));
    RETURN_IF_ERROR(file.Sync());
  }
  ASSIGN_OR_RETURN(OwnedFile folder, Open(folder_, O_RDONLY | O_DIRECTORY));
  if (rename(fresh.c_str(), path.c_str()) != 0) return folder.Failure("renaming the manifest in");
  return folder.Sync();
}

absl::StatusOr<OwnedFile> SpillFolder::OpenFile(const std::string& name) const {
  return Open(folder_ + "/" + name, O_RDONLY);
}

void SpillFolder::Clear(bool all) {
  if (!resumable()) return;
  std::error_code ignored;
  // The manifest first: without it the rest is nothing.
  fs::remove(base::StrCat(folder_, "/", kManifest), ignored);
  std::error_code end;
  for (fs::directory_iterator it(folder_, end); !end && it != fs::directory_iterator(); it.increment(end)) {
    if (it->path().filename() != kLock) fs::remove(it->path(), ignored);
  }
  next_file_ = 0;
  if (!all) return;
  fs::remove_all(folder_, ignored);
  fs::remove(directory_, ignored);  // if nothing else is in it
}

}  // namespace lodestone::bulk
