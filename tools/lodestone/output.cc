#include "tools/lodestone/output.h"

#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <ctime>

#include "catalog/base/strings.h"
#include "tools/lodestone/json.h"

namespace lodestone::cli {
namespace {

constexpr std::size_t kRowsBeforeWidths = 1000;
constexpr std::size_t kGap = 2;

void Pad(std::size_t count, std::string* out) { out->append(count, ' '); }

}  // namespace

DescriptorBuffer::DescriptorBuffer(int descriptor) : descriptor_(descriptor) {
  setp(buffer_.data(), buffer_.data() + buffer_.size());
}

bool DescriptorBuffer::Write(const char* text, std::size_t size) {
  while (size > 0 && error_ == 0) {
    const ssize_t written = ::write(descriptor_, text, size);
    if (written < 0) {
      if (errno == EINTR) continue;
      error_ = errno;
      break;
    }
    text += written;
    size -= static_cast<std::size_t>(written);
  }
  return error_ == 0;
}

int DescriptorBuffer::sync() {
  const bool ok = Write(pbase(), static_cast<std::size_t>(pptr() - pbase()));
  setp(buffer_.data(), buffer_.data() + buffer_.size());
  return ok ? 0 : -1;
}

int DescriptorBuffer::overflow(int c) {
  if (sync() != 0) return traits_type::eof();
  if (c != traits_type::eof()) {
    *pptr() = static_cast<char>(c);
    pbump(1);
  }
  return traits_type::not_eof(c);
}

std::streamsize DescriptorBuffer::xsputn(const char* text, std::streamsize size) {
  if (size > epptr() - pptr()) {
    if (sync() != 0) return 0;
    if (static_cast<std::size_t>(size) >= buffer_.size()) return Write(text, static_cast<std::size_t>(size)) ? size : 0;
  }
  std::memcpy(pptr(), text, static_cast<std::size_t>(size));
  pbump(static_cast<int>(size));
  return size;
}

Output::Output(Format format, bool color) : format_(format), color_(color), buffer_(STDOUT_FILENO), stream_(&buffer_) {}

void Output::Line(std::string_view text) {
  Write(text);
  stream_.put('\n');
}

std::string Output::Bold(std::string_view text) const {
  return color_ ? base::StrCat("\x1b[1m", text, "\x1b[0m") : std::string(text);
}

std::string Output::Dim(std::string_view text) const {
  return color_ ? base::StrCat("\x1b[2m", text, "\x1b[0m") : std::string(text);
}

absl::Status Output::Flush() {
  stream_.flush();
  const int error = buffer_.error();
  if (error == 0 || error == EPIPE) return absl::OkStatus();
  return absl::UnavailableError(base::StrCat("standard output: ", std::strerror(error)));
}

ListWriter::ListWriter(Output* output, std::vector<Column> columns, bool at_once)
    : output_(output), columns_(std::move(columns)), rows_before_widths_(at_once ? 1 : kRowsBeforeWidths) {}

void ListWriter::Add(std::string_view name, absl::FunctionRef<std::vector<std::string>()> cells,
                     absl::FunctionRef<std::string()> json) {
  switch (output_->format()) {
    case Format::kNames:
      output_->Line(name);
      break;
    case Format::kNdjson:
      output_->Line(json());
      break;
    case Format::kJson:
      output_->Write(any_ ? ",\n" : "[\n");
      output_->Write(json());
      break;
    case Format::kTable: {
      std::vector<std::string> row = cells();
      for (std::string& cell : row) cell = Printable(cell);
      if (widths_known_) {
        WriteRow(row, false);
      } else {
        waiting_.push_back(std::move(row));
        if (waiting_.size() == rows_before_widths_) FixWidths();
      }
      break;
    }
  }
  any_ = true;
}

void ListWriter::End() {
  if (output_->format() == Format::kJson) output_->Write(any_ ? "\n]\n" : "[]\n");
  if (!waiting_.empty()) FixWidths();
}

void ListWriter::FixWidths() {
  widths_known_ = true;
  widths_.assign(columns_.size(), 0);
  std::vector<std::string> titles;
  for (const Column& column : columns_) titles.push_back(column.title);
  for (std::size_t i = 0; i < columns_.size(); ++i) {
    widths_[i] = DisplayWidth(titles[i]);
    for (const auto& row : waiting_) widths_[i] = std::max(widths_[i], DisplayWidth(row[i]));
  }
  WriteRow(titles, true);
  for (const auto& row : waiting_) WriteRow(row, false);
  waiting_.clear();
}

void ListWriter::WriteRow(const std::vector<std::string>& cells, bool heading) {
  std::string line;
  for (std::size_t i = 0; i < cells.size(); ++i) {
    const std::size_t width = DisplayWidth(cells[i]);
    const std::size_t blank = widths_[i] > width ? widths_[i] - width : 0;
    if (columns_[i].right) Pad(blank, &line);
    line += cells[i];
    if (!columns_[i].right) Pad(blank, &line);
    Pad(kGap, &line);
  }
  line.erase(line.find_last_not_of(' ') + 1);
  output_->Line(heading ? output_->Bold(line) : line);
}

void Record::Text(std::string_view label, std::string_view key, std::string_view value) {
  Json(label, key, value, JsonString(value));
}

void Record::Number(std::string_view label, std::string_view key, int64_t value) {
  Json(label, key, Grouped(value), std::to_string(value));
}

void Record::Number(std::string_view label, std::string_view key, int64_t value, std::string_view shown) {
  Json(label, key, shown, std::to_string(value));
}

void Record::Json(std::string_view label, std::string_view key, std::string_view shown, std::string json) {
  fields_.push_back({std::string(label), std::string(key), std::string(shown), std::move(json)});
}

std::vector<std::string> Record::Shown() const {
  std::vector<std::string> shown;
  for (const Field& field : fields_) shown.push_back(field.shown);
  return shown;
}

std::string Record::ToJson() const {
  std::string text = "{";
  for (const Field& field : fields_) {
    if (text.size() > 1) text += ",";
    base::StrAppend(&text, JsonString(field.key), ":", field.json);
  }
  return text + "}";
}

void Record::Print(Output* output) const {
  if (output->json()) {
    output->Line(ToJson());
    return;
  }
  std::size_t width = 0;
  for (const Field& field : fields_) width = std::max(width, DisplayWidth(field.label));
  for (const Field& field : fields_) {
    if (field.label.empty()) continue;  // for machines alone
    std::string label = output->Bold(field.label);
    Pad(width - DisplayWidth(field.label) + kGap, &label);
    output->Line(label + Printable(field.shown));
  }
}

void PrintCounts(const std::vector<std::pair<std::string, int64_t>>& counts, Output* output) {
  if (output->json()) {
    Record record;
    for (const auto& [name, count] : counts) {
      std::string key = name;
      std::replace(key.begin(), key.end(), ' ', '_');
      record.Number("", key, count);
    }
    return record.Print(output);
  }
  std::string line;
  for (const auto& [name, count] : counts) {
    if (line.empty() || count != 0) base::StrAppend(&line, line.empty() ? "" : ", ", name, " ", Grouped(count));
  }
  output->Line(line);
}

void PrintAddResult(const AddResult& result, Output* output) {
  PrintCounts({{"added", result.added}, {"replaced", result.replaced}, {"skipped", result.skipped}}, output);
}

std::size_t DisplayWidth(std::string_view text) {
  return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char c) { return (c & 0xC0) != 0x80; }));
}

std::string Printable(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (const char c : text) {
    if (static_cast<unsigned char>(c) >= 0x20 && c != 0x7F) {
      out += c;
    } else if (c == '\n') {
      out += "\\n";
    } else if (c == '\t') {
      out += "\\t";
    } else {
      char hex[8];
      std::snprintf(hex, sizeof hex, "\\x%02x", static_cast<unsigned char>(c));
      out += hex;
    }
  }
  return out;
}

std::string Grouped(int64_t number) {
  std::string text = std::to_string(number);
  const std::size_t first = number < 0 ? 1 : 0;
  for (std::size_t i = text.size(); i > first + 3;) {
    i -= 3;
    text.insert(i, 1, ',');
  }
  return text;
}

std::string Bytes(uint64_t bytes) {
  static constexpr const char* kUnits[] = {"B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"};
  double value = static_cast<double>(bytes);
  std::size_t unit = 0;
  while (value >= 1024 && unit + 1 < std::size(kUnits)) {
    value /= 1024;
    ++unit;
  }
  char text[48];
  std::snprintf(text, sizeof text, unit == 0 ? "%.0f %s" : "%.1f %s", value, kUnits[unit]);
  return text;
}

std::string Time(int64_t seconds) {
  if (seconds == 0) return "";
  const std::time_t time = static_cast<std::time_t>(seconds);
  std::tm utc{};
  if (gmtime_r(&time, &utc) == nullptr) return std::to_string(seconds);
  char text[64];
  if (std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &utc) == 0) return std::to_string(seconds);
  return text;
}

}  // namespace lodestone::cli
