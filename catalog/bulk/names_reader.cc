// One partition name a line, as SHOW PARTITIONS and the metastore's get_partition_names give them.

#include <cstring>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "catalog/base/strings.h"
#include "catalog/bulk/reader.h"
#include "catalog/model/partition_name.h"
#include "simdjson.h"

namespace lodestone::bulk {
namespace {

class NamesReader final : public RowReader {
 public:
  NamesReader(std::unique_ptr<ByteSource> source, std::vector<std::string> keys, const ReaderOptions& options)
      : chunks_(std::move(source), options.chunk, options.max_record), keys_(std::move(keys)) {
    for (const std::string& key : keys_) prefixes_.push_back(model::EscapePathName(key) + "=");
  }

  absl::StatusOr<bool> Next(RowBatch* batch) override {
    return chunks_.Next(batch, [&](std::string_view bytes, bool at_end) { return Parse(batch, bytes, at_end); });
  }
  int64_t bytes_total() const override { return chunks_.bytes_total(); }

 private:
  std::size_t Parse(RowBatch* batch, std::string_view bytes, bool at_end) {
    const std::size_t end = at_end ? bytes.size() : bytes.rfind('\n') + 1;
    if (end == 0) return 0;
    std::string_view lines = bytes.substr(0, end);
    if (line_ == 0) {
      line_ = 1;
      if (lines.starts_with("\xEF\xBB\xBF")) lines.remove_prefix(3);
    }
    for (std::string_view rest = lines; !rest.empty(); ++line_) {
      const std::size_t newline = rest.find('\n');
      std::string_view line = rest.substr(0, newline);
      rest.remove_prefix(newline == std::string_view::npos ? rest.size() : newline + 1);
      if (line.ends_with('\r')) line.remove_suffix(1);
      if (line.empty()) continue;
      if (!CutName(batch, line)) ParseName(batch, line);
    }
    if (!simdjson::validate_utf8(lines.data(), lines.size())) batch->RejectIf(FindBadText);
    return end;
  }

  // The usual case, without a copy: the keys as expected, nothing escaped.
  bool CutName(RowBatch* batch, std::string_view line) {
    for (std::size_t i = 0; i < prefixes_.size(); ++i) {
      const std::size_t slash = i + 1 < prefixes_.size() ? line.find('/') : line.size();
      const bool fits = slash != std::string_view::npos && line.starts_with(prefixes_[i]);
      const std::string_view value =
          fits ? line.substr(prefixes_[i].size(), slash - prefixes_[i].size()) : std::string_view();
      if (value.empty() || value.find_first_of("%/=") != std::string_view::npos) {
        batch->DropRow();
        return false;
      }
      batch->AddValue(value);
      line.remove_prefix(i + 1 < prefixes_.size() ? slash + 1 : slash);
    }
    batch->EndRow({}, 0, 0, nullptr, line_);
    return true;
  }

  void ParseName(RowBatch* batch, std::string_view line) {
    auto values = model::PartitionValuesFromName(line, keys_);
    if (!values.ok()) return batch->RejectRow(line_, std::string(values.status().message()));
    for (std::size_t i = 0; i < values->size(); ++i) {
      // What was escaped need not be text, though the line is.
      if (base::FindInvalidUtf8((*values)[i]) != std::string_view::npos) {
        return batch->RejectRow(line_, base::StrCat("value ", i + 1, " is not well-formed UTF-8"));
      }
      batch->AddValue(batch->Keep(std::move((*values)[i])));
    }
    batch->EndRow({}, 0, 0, nullptr, line_);
  }

  ChunkReader chunks_;
  const std::vector<std::string> keys_;
  std::vector<std::string> prefixes_;  // `key=`, escaped
  int64_t line_ = 0;
};

}  // namespace

std::unique_ptr<RowReader> NewNamesReader(std::unique_ptr<ByteSource> source, std::vector<std::string> keys,
                                          const ReaderOptions& options) {
  return std::make_unique<NamesReader>(std::move(source), std::move(keys), options);
}

}  // namespace lodestone::bulk
