// Standard output: buffered, in the format asked for, with colours on a terminal alone. A reader that goes away
// (`| head`) is no failure; a full disk is.
#pragma once

#include <array>
#include <ostream>
#include <streambuf>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "catalog/options.h"

namespace lodestone::cli {

enum class Format { kTable, kJson, kNdjson, kNames };

// A stream buffer over a file descriptor that remembers why a write failed.
class DescriptorBuffer final : public std::streambuf {
 public:
  // Does not own `descriptor`.
  explicit DescriptorBuffer(int descriptor);
  ~DescriptorBuffer() override { sync(); }

  // The errno of the first write that failed; 0: none.
  int error() const { return error_; }

 protected:
  int overflow(int c) override;
  std::streamsize xsputn(const char* text, std::streamsize size) override;
  int sync() override;

 private:
  bool Write(const char* text, std::size_t size);

  int descriptor_;
  int error_ = 0;
  std::array<char, std::size_t{1} << 16> buffer_;
};

// What a command prints on standard output. Not thread-safe.
class Output {
 public:
  Output(Format format, bool color);

  Format format() const { return format_; }
  bool json() const { return format_ == Format::kJson || format_ == Format::kNdjson; }
  bool color() const { return color_; }
  std::ostream& stream() { return stream_; }
  // Whoever reads has gone, or the disk is full: stop producing.
  bool closed() const { return buffer_.error() != 0; }

  void Write(std::string_view text) { stream_.write(text.data(), static_cast<std::streamsize>(text.size())); }
  void Line(std::string_view text);
  // `text` in bold, where there are colours.
  std::string Bold(std::string_view text) const;
  std::string Dim(std::string_view text) const;

  // Writes out what is buffered. A failure says why not all arrived; that the reader has gone is none.
  absl::Status Flush();

 private:
  Format format_;
  bool color_;
  DescriptorBuffer buffer_;
  std::ostream stream_;
};

// The rows of a list in any of the formats, written as they come: nothing is printed before the first row or End(). The
// widths of the table format's columns follow from the first thousand rows, so that a list of any length streams.
class ListWriter {
 public:
  struct Column {
    std::string title;
    bool right = false;  // aligned to the right: numbers
  };

  // `at_once`: rows are printed as they come also in the table format, with the widths of the first.
  ListWriter(Output* output, std::vector<Column> columns, bool at_once = false);

  // `name` is what the format `names` prints; the other two are called only if needed.
  void Add(std::string_view name, absl::FunctionRef<std::vector<std::string>()> cells,
           absl::FunctionRef<std::string()> json);
  // After the last row.
  void End();

 private:
  void FixWidths();
  void WriteRow(const std::vector<std::string>& cells, bool heading);

  Output* output_;
  std::vector<Column> columns_;
  const std::size_t rows_before_widths_;
  std::vector<std::vector<std::string>> waiting_;  // rows seen before the widths are known
  std::vector<std::size_t> widths_;
  bool widths_known_ = false;
  bool any_ = false;
};

// Labelled values of one thing, such as counts: aligned lines, or one JSON object.
class Record {
 public:
  // `label` for people, `key` for JSON.
  void Text(std::string_view label, std::string_view key, std::string_view value);
  void Number(std::string_view label, std::string_view key, int64_t value);
  // `shown` for people.
  void Number(std::string_view label, std::string_view key, int64_t value, std::string_view shown);
  void Json(std::string_view label, std::string_view key, std::string_view shown, std::string json);
  void Print(Output* output) const;
  // As one row of a list: what is shown of each, and one JSON object.
  std::vector<std::string> Shown() const;
  std::string ToJson() const;

 private:
  struct Field {
    std::string label, key, shown, json;
  };
  std::vector<Field> fields_;
};

// What a change came to: one line such as `added 3, skipped 1`, which leaves out what is 0 behind the first; or one
// JSON object with all.
void PrintCounts(const std::vector<std::pair<std::string, int64_t>>& counts, Output* output);
void PrintAddResult(const AddResult& result, Output* output);

// How many places `text` takes on a terminal, counting characters rather than bytes.
std::size_t DisplayWidth(std::string_view text);
// `text` fit for one line of a table: control characters as \n, \t or \xNN.
std::string Printable(std::string_view text);
// 1234567 as 1,234,567.
std::string Grouped(int64_t number);
// 1536 as 1.5 KiB.
std::string Bytes(uint64_t bytes);
// Seconds since 1970 as 2026-01-05T13:00:00Z; 0 as the empty text.
std::string Time(int64_t seconds);

}  // namespace lodestone::cli
