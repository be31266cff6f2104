#include "tests/fault/memory_disk.h"

#include <algorithm>
#include <set>

namespace lodestone::testing {
namespace {

constexpr uint64_t kSector = MemoryDisk::kSector;

// What the disk holds of a sector whose current content has not reached it yet.
void Remember(Inode* file, uint64_t sector) {
  if (auto lost = file->lost.find(sector); lost != file->lost.end()) {
    // Written to again, and so to be written after all.
    file->before.insert(std::move(*lost));
    file->lost.erase(lost);
    return;
  }
  if (file->before.contains(sector)) return;
  const uint64_t begin = sector * kSector;
  const uint64_t end = std::min<uint64_t>({begin + kSector, file->durable_size, file->data.size()});
  file->before[sector] = begin < end ? file->data.substr(begin, end - begin) : std::string();
}

// Puts a sector back to what the disk holds.
void Revert(std::string* data, uint64_t sector, const std::string& before) {
  const uint64_t begin = sector * kSector;
  if (begin >= data->size()) return;
  const uint64_t length = std::min<uint64_t>(kSector, data->size() - begin);
  std::string old = before;
  old.resize(length, '\0');
  data->replace(begin, length, old);
}

}  // namespace

MemoryDisk::MemoryDisk() {
  auto root = std::make_shared<Inode>();
  root->folder = true;
  names_["/"] = durable_names_["/"] = root;
}

std::string MemoryDisk::FolderOf(const std::string& path) {
  const std::size_t slash = path.find_last_of('/');
  return slash == 0 ? "/" : path.substr(0, slash);
}

MemoryDisk::File MemoryDisk::Find(const std::string& path) const {
  auto it = names_.find(path);
  return it == names_.end() ? nullptr : it->second;
}

std::vector<std::string> MemoryDisk::Children(const std::string& folder) const {
  std::vector<std::string> names;
  for (const auto& [path, file] : names_) {
    if (path != "/" && FolderOf(path) == folder) names.push_back(path.substr(path.find_last_of('/') + 1));
  }
  return names;
}

uint64_t MemoryDisk::Links(const File& file) const {
  return static_cast<uint64_t>(
      std::count_if(names_.begin(), names_.end(), [&](const auto& entry) { return entry.second == file; }));
}

void MemoryDisk::Apply(Change change) {
  for (const auto& [path, file] : change) {
    if (file == nullptr) {
      names_.erase(path);
    } else {
      names_[path] = file;
    }
  }
  pending_[FolderOf(change.back().first)].push_back(std::move(change));
}

MemoryDisk::File MemoryDisk::Create(const std::string& path, bool folder) {
  auto file = std::make_shared<Inode>();
  file->folder = folder;
  Apply({{path, file}});
  return file;
}

void MemoryDisk::Remove(const std::string& path) { Apply({{path, nullptr}}); }

void MemoryDisk::Rename(const std::string& from, const std::string& to) {
  const File file = Find(from);
  Change change;
  if (file->folder) {
    // What was pending inside moves along, as done.
    SyncFolder(from);
    for (const auto& [path, child] : names_) {
      if (!path.starts_with(from + "/")) continue;
      change.emplace_back(path, nullptr);
      change.emplace_back(to + path.substr(from.size()), child);
    }
  }
  change.emplace_back(from, nullptr);
  change.emplace_back(to, file);
  Apply(std::move(change));
}

void MemoryDisk::Link(const std::string& from, const std::string& to) { Apply({{to, Find(from)}}); }

void MemoryDisk::SyncFolder(const std::string& folder) {
  for (const Change& change : pending_[folder]) {
    for (const auto& [path, file] : change) {
      if (file == nullptr) {
        durable_names_.erase(path);
      } else {
        durable_names_[path] = file;
      }
    }
  }
  pending_.erase(folder);
}

MemoryDisk MemoryDisk::Copy() const {
  MemoryDisk copy;
  std::map<const Inode*, File> made;  // a file may have several names
  for (const auto& [path, file] : names_) {
    File& inode = made[file.get()];
    if (inode == nullptr) {
      inode = std::make_shared<Inode>();
      inode->folder = file->folder;
      inode->data = file->data;
      inode->durable_size = file->data.size();
    }
    copy.names_[path] = copy.durable_names_[path] = inode;
  }
  return copy;
}

void MemoryDisk::Write(Inode* file, uint64_t offset, std::string_view bytes) {
  if (bytes.empty()) return;
  for (uint64_t sector = offset / kSector; sector * kSector < offset + bytes.size(); ++sector) Remember(file, sector);
  if (file->data.size() < offset + bytes.size()) file->data.resize(offset + bytes.size(), '\0');
  file->data.replace(offset, bytes.size(), bytes);
}

void MemoryDisk::Truncate(Inode* file, uint64_t size) {
  for (uint64_t sector = size / kSector; sector * kSector < file->data.size(); ++sector) Remember(file, sector);
  file->data.resize(size, '\0');
}

void MemoryDisk::Sync(Inode* file) {
  file->before.clear();
  file->durable_size = file->data.size();
}

void MemoryDisk::FailSync(Inode* file) {
  file->lost.merge(file->before);
  file->before.clear();
}

std::string MemoryDisk::Surviving(const Inode& file, Cut cut, std::mt19937_64* random) {
  auto below = [random](uint64_t n) { return (*random)() % n; };
  if (cut == Cut::kMixed) cut = static_cast<Cut>(below(4));
  std::string data = file.data;
  for (const auto& [sector, before] : file.lost) Revert(&data, sector, before);
  if (cut == Cut::kKeepAll) return data;
  const uint64_t sectors = std::max<uint64_t>(data.size(), file.durable_size) / kSector + 1;
  const uint64_t first_gone = cut == Cut::kPrefix ? below(sectors + 1) : 0;
  for (const auto& [sector, before] : file.before) {
    const bool survives = cut == Cut::kScatter ? below(2) == 0 : sector < first_gone;
    if (!survives) Revert(&data, sector, before);
  }
  // The size: what was durable, or more when later sectors survived.
  uint64_t size = file.durable_size;
  if (cut == Cut::kPrefix) size = std::max(size, std::min<uint64_t>(data.size(), first_gone * kSector));
  if (cut == Cut::kScatter && data.size() > size) size += below(data.size() - size + 1);
  data.resize(size, '\0');
  return data;
}

void MemoryDisk::PowerCut(Cut cut, std::mt19937_64* random) {
  // Of each folder's changes of names, those up to some point reached the disk.
  for (auto& [folder, changes] : pending_) {
    uint64_t keep = (*random)() % (changes.size() + 1);
    if (cut == Cut::kDropAll) keep = 0;
    if (cut == Cut::kKeepAll) keep = changes.size();
    changes.resize(keep);
  }
  while (!pending_.empty()) SyncFolder(std::string(pending_.begin()->first));
  std::map<File, File> survivors;
  names_.clear();
  for (const auto& [path, file] : durable_names_) {  // folders come before what is in them
    if (path != "/" && !names_.contains(FolderOf(path))) continue;
    File& survivor = survivors[file];
    if (survivor == nullptr) {
      survivor = std::make_shared<Inode>();
      survivor->folder = file->folder;
      survivor->data = Surviving(*file, cut, random);
      survivor->durable_size = survivor->data.size();
    }
    names_[path] = survivor;
  }
  durable_names_ = names_;
}

}  // namespace lodestone::testing
