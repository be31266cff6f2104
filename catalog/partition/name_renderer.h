// Names of a page's rows. Each distinct value is written once per page as it stands in a name (`/hour=13`); a row's
// name is then a few copies of fixed size, the last bytes of which are overwritten by what follows.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "catalog/partition_batch.h"
#include "catalog/record/key_page.h"

namespace lodestone::partition {

// What stands before each value: `dt=`, `/hour=`, ... in names; nothing, `/`, ... in partition keys.
std::vector<std::string> NamePrefixes(std::span<const std::string> key_names);
std::vector<std::string> KeyPrefixes(std::size_t key_count);

// Not thread-safe.
class NameRenderer {
 public:
  explicit NameRenderer(std::vector<std::string> prefixes) : prefixes_(std::move(prefixes)) {}

  // Renders the distinct values of a page. `columns` are all rows of the page; neither is kept.
  void SetPage(const record::KeyPage& page, std::span<const KeyColumn> columns);

  // Appends the names of `rows` rows to `bytes`, and to `ends` where each ends. `columns` have the dictionaries of the
  // page set last, and the indexes of the rows.
  void Append(std::span<const KeyColumn> columns, std::size_t rows, std::string* bytes, std::vector<uint64_t>* ends);
  // One of these rows.
  void AppendRow(std::span<const KeyColumn> columns, std::size_t row, std::string* out) const;

 private:
  struct Piece {
    uint32_t offset;
    uint32_t size;
  };
  // The pieces of one column, with those of constant columns before it (behind it, too, for the last one).
  struct Part {
    std::size_t column;
    std::size_t first_piece;
  };

  void RenderPart(const KeyColumn& column, std::size_t number, bool escape, std::string_view before,
                  std::string_view after);
  template <std::size_t kParts>
  std::size_t AppendBlock(std::span<const KeyColumn> columns, std::size_t first, std::size_t rows, uint64_t offset,
                          uint64_t* ends);

  const std::vector<std::string> prefixes_;
  std::string rendered_;  // all pieces, and room to read beyond the last one
  std::vector<Piece> pieces_;
  std::vector<Part> parts_;
  std::size_t longest_ = 0;  // name of a row of the page, at the most
  std::vector<char> block_;  // names on their way out
};

}  // namespace lodestone::partition
