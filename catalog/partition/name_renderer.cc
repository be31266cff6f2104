#include "catalog/partition/name_renderer.h"

#include <algorithm>
#include <cstring>

#include "catalog/model/partition_name.h"

namespace lodestone::partition {

namespace {

constexpr std::size_t kChunk = 16;  // bytes of a copy
// What may be read behind the last piece, and written behind the last name.
constexpr std::size_t kSlack = 2 * kChunk;
// Constant columns are written into the pieces of their neighbours, unless that would blow these up.
constexpr std::size_t kLongestFolded = 64;
constexpr std::size_t kBlockBytes = std::size_t{64} << 10;

inline void CopyPiece(const char* from, std::size_t size, char* to) {
  std::memcpy(to, from, kChunk);
  if (size <= kChunk) return;
  std::memcpy(to + kChunk, from + kChunk, kChunk);
  if (size > 2 * kChunk) std::memcpy(to + 2 * kChunk, from + 2 * kChunk, size - 2 * kChunk);
}

void AppendValue(std::string_view value, bool escape, std::string* out) {
  if (escape) {
    model::AppendEscapedPathName(value, out);
  } else {
    out->append(value);
  }
}

}  // namespace

std::vector<std::string> NamePrefixes(std::span<const std::string> key_names) {
  std::vector<std::string> prefixes;
  for (const std::string& name : key_names) {
    std::string prefix = prefixes.empty() ? "" : "/";
    model::AppendEscapedPathName(name, &prefix);
    prefixes.push_back(prefix + "=");
  }
  return prefixes;
}

std::vector<std::string> KeyPrefixes(std::size_t key_count) {
  std::vector<std::string> prefixes(key_count, "/");
  if (key_count > 0) prefixes[0].clear();
  return prefixes;
}

void NameRenderer::RenderPart(const KeyColumn& column, std::size_t number, bool escape, std::string_view before,
                              std::string_view after) {
  parts_.push_back({number, pieces_.size()});
  std::size_t longest = 0;
  for (const std::string_view value : column.dictionary) {
    const std::size_t offset = rendered_.size();
    rendered_.append(before);
    AppendValue(value, escape, &rendered_);
    rendered_.append(after);
    const std::size_t size = rendered_.size() - offset;
    pieces_.push_back({static_cast<uint32_t>(offset), static_cast<uint32_t>(size)});
    longest = std::max(longest, size);
  }
  longest_ += longest;
}

void NameRenderer::SetPage(const record::KeyPage& page, std::span<const KeyColumn> columns) {
  rendered_.clear();
  pieces_.clear();
  parts_.clear();
  longest_ = 0;
  const auto folds = [&](std::size_t i) {
    return page.column(i).constant() && page.column(i).value(0).size() + prefixes_[i].size() <= kLongestFolded;
  };
  std::size_t last_part = columns.size() - 1;  // the column with which the last part is made
  while (last_part > 0 && folds(last_part)) --last_part;
  std::string before;
  std::string after;
  for (std::size_t i = last_part + 1; i < columns.size(); ++i) {
    after.append(prefixes_[i]);
    AppendValue(page.column(i).value(0), page.column(i).needs_escape(), &after);
  }
  for (std::size_t i = 0; i <= last_part; ++i) {
    const bool escape = page.column(i).needs_escape();
    before.append(prefixes_[i]);
    if (i < last_part && folds(i)) {
      AppendValue(page.column(i).value(0), escape, &before);
      continue;
    }
    RenderPart(columns[i], i, escape, before, i == last_part ? std::string_view(after) : std::string_view());
    before.clear();
  }
  rendered_.append(kSlack, '\0');
}

template <std::size_t kParts>
std::size_t NameRenderer::AppendBlock(std::span<const KeyColumn> columns, std::size_t first, std::size_t rows,
                                      uint64_t offset, uint64_t* ends) {
  constexpr std::size_t kArray = kParts == 0 ? 1 : kParts;
  const uint16_t* indexes[kArray];
  const Piece* pieces[kArray];
  for (std::size_t p = 0; p < kParts; ++p) {
    indexes[p] = columns[parts_[p].column].indexes.data() + first;
    pieces[p] = pieces_.data() + parts_[p].first_piece;
  }
  const char* const rendered = rendered_.data();
  char* const begin = block_.data();
  char* to = begin;
  for (std::size_t row = 0; row < rows; ++row) {
    if constexpr (kParts > 0) {
      for (std::size_t p = 0; p < kParts; ++p) {
        const Piece piece = pieces[p][indexes[p][row]];
        CopyPiece(rendered + piece.offset, piece.size, to);
        to += piece.size;
      }
    } else {
      for (const Part& part : parts_) {
        const Piece piece = pieces_[part.first_piece + columns[part.column].indexes[first + row]];
        CopyPiece(rendered + piece.offset, piece.size, to);
        to += piece.size;
      }
    }
    ends[row] = offset + static_cast<uint64_t>(to - begin);
  }
  return static_cast<std::size_t>(to - begin);
}

void NameRenderer::Append(std::span<const KeyColumn> columns, std::size_t rows, std::string* bytes,
                          std::vector<uint64_t>* ends) {
  const std::size_t per_block = std::clamp<std::size_t>(kBlockBytes / (longest_ + 1), 1, rows);
  const std::size_t room = per_block * longest_ + kSlack;
  if (block_.size() < room) block_.resize(room);
  const std::size_t before = ends->size();
  ends->resize(before + rows);
  for (std::size_t done = 0; done < rows;) {
    const std::size_t count = std::min(per_block, rows - done);
    uint64_t* const to = ends->data() + before + done;
    std::size_t size = 0;
    switch (parts_.size()) {
      case 1:
        size = AppendBlock<1>(columns, done, count, bytes->size(), to);
        break;
      case 2:
        size = AppendBlock<2>(columns, done, count, bytes->size(), to);
        break;
      case 3:
        size = AppendBlock<3>(columns, done, count, bytes->size(), to);
        break;
      default:
        size = AppendBlock<0>(columns, done, count, bytes->size(), to);
    }
    bytes->append(block_.data(), size);
    done += count;
  }
}

void NameRenderer::AppendRow(std::span<const KeyColumn> columns, std::size_t row, std::string* out) const {
  for (const Part& part : parts_) {
    const Piece piece = pieces_[part.first_piece + columns[part.column].indexes[row]];
    out->append(rendered_, piece.offset, piece.size);
  }
}

}  // namespace lodestone::partition
