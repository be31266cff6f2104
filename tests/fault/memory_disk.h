// A disk in memory that remembers what a power cut could take: file contents and names that were not synced.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <random>
#include <string>
#include <string_view>
#include <vector>

namespace lodestone::testing {

// A file, or a folder (which holds nothing itself: names are kept by the disk).
struct Inode {
  bool folder = false;
  std::string data;  // as programs see it
  // What the disk itself holds where it differs: the content of sectors before they were written to, and the size.
  std::map<uint64_t, std::string> before;
  uint64_t durable_size = 0;
  // Sectors of a sync that failed: believed clean from then on, and never written.
  std::map<uint64_t, std::string> lost;
};

// How much of what was not synced survives a power cut.
enum class Cut {
  kDropAll,  // nothing
  kKeepAll,  // everything
  kPrefix,   // of each file the writes up to some sector, in order
  kScatter,  // of each file any sectors, in no order: later writes survive where earlier ones do not, records are torn
  kMixed,    // one of the above, file by file
};

// Not thread-safe: FaultFileSystem locks around it. Paths are absolute, and folders must exist.
class MemoryDisk {
 public:
  static constexpr uint64_t kSector = 512;
  using File = std::shared_ptr<Inode>;

  MemoryDisk();

  File Find(const std::string& path) const;  // null: there is none
  std::vector<std::string> Children(const std::string& folder) const;
  uint64_t Links(const File& file) const;

  // Changes of names. They are durable once the folder is synced.
  File Create(const std::string& path, bool folder);  // empty, in place of what was there
  void Remove(const std::string& path);
  void Rename(const std::string& from, const std::string& to);
  void Link(const std::string& from, const std::string& to);
  void SyncFolder(const std::string& folder);

  // Changes of contents. They are durable once the file is synced.
  static void Write(Inode* file, uint64_t offset, std::string_view bytes);
  static void Truncate(Inode* file, uint64_t size);
  static void Sync(Inode* file);
  // As Linux does: what could not be written is forgotten, and the next sync says that all is well.
  static void FailSync(Inode* file);

  // A disk of its own with the same files. What was not synced here counts as synced there.
  MemoryDisk Copy() const;

  // The power goes and comes back. Files found before are no longer part of the disk.
  void PowerCut(Cut cut, std::mt19937_64* random);

 private:
  // Names that change together: path and file, null when the name goes.
  using Change = std::vector<std::pair<std::string, File>>;

  static std::string FolderOf(const std::string& path);
  void Apply(Change change);
  static std::string Surviving(const Inode& file, Cut cut, std::mt19937_64* random);

  std::map<std::string, File> names_;
  std::map<std::string, File> durable_names_;
  std::map<std::string, std::vector<Change>> pending_;  // by folder, in order
};

}  // namespace lodestone::testing
