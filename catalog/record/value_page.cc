#include "catalog/record/value_page.h"

#include <algorithm>

#include "catalog/base/coding.h"
#include "catalog/base/strings.h"

namespace lodestone::record {

namespace {

constexpr std::size_t kFixedColumns = 4;  // create time, last access time, descriptor, location

uint32_t EndAt(const char* ends, std::size_t i) { return base::ReadLittleEndian<uint32_t>(ends + 4 * i); }

std::string_view Slice(const char* ends, const char* bytes, std::size_t i) {
  const uint32_t begin = i == 0 ? 0 : EndAt(ends, i - 1);
  return std::string_view(bytes + begin, EndAt(ends, i) - begin);
}

bool Ascend(const char* ends, std::size_t count) {
  for (std::size_t i = 1; i < count; ++i) {
    if (EndAt(ends, i) < EndAt(ends, i - 1)) return false;
  }
  return true;
}

}  // namespace

absl::Status ValuePage::Parse(std::string_view bytes) {
  *this = ValuePage();
  ByteReader in(bytes);
  unsigned char format;
  unsigned char reserved;
  uint16_t rows;
  uint16_t parameters;
  if (!in.Read(&format) || !in.Read(&reserved) || !in.Read(&rows) || !in.Read(&parameters)) {
    return absl::DataLossError("a value page must begin with its head of 6 bytes");
  }
  if (format != kValuePageFormat) {
    return absl::DataLossError(
        base::StrCat("the format of a value page must be ", int{kValuePageFormat}, ", found ", int{format}));
  }
  if (rows == 0) return absl::DataLossError("a value page without rows");
  const std::size_t columns = kFixedColumns + parameters;
  ValuePage page;
  page.rows_ = rows;
  page.parameter_count_ = parameters;
  if (!in.Take(4 * columns, &page.column_ends_) || !in.Take(std::size_t{4} * parameters, &page.name_ends_) ||
      !Ascend(page.column_ends_, columns) || !Ascend(page.name_ends_, parameters)) {
    return absl::DataLossError("the directory of a value page is cut off, or its offsets fall");
  }
  if (!in.Take(parameters == 0 ? 0 : EndAt(page.name_ends_, parameters - std::size_t{1}), &page.names_)) {
    return absl::DataLossError("the names of parameters are cut off");
  }
  const uint32_t body = EndAt(page.column_ends_, columns - 1);
  if (in.remaining() != body) {
    return absl::DataLossError(base::StrCat("the columns must have ", body, " bytes, found ", in.remaining()));
  }
  in.Take(body, &page.columns_);
  *this = page;
  return absl::OkStatus();
}

std::string_view ValuePage::Column(std::size_t column) const { return Slice(column_ends_, columns_, column); }

std::string_view ValuePage::parameter_name(std::size_t i) const { return Slice(name_ends_, names_, i); }

absl::Status ValuePage::ReadIntegers(std::size_t column, IntegerColumn* out) const {
  ByteReader in(Column(column));
  absl::Status parsed = out->Parse(&in, rows_);
  if (parsed.ok() && in.remaining() != 0) parsed = absl::DataLossError("damaged column: bytes follow its end");
  if (parsed.ok()) return parsed;
  return absl::DataLossError(base::StrCat("value column ", column, ": ", parsed.message()));
}

absl::Status ValuePage::ReadLocations(TextColumn* out) const {
  absl::Status parsed = out->Parse(Column(3), rows_);
  if (parsed.ok()) return parsed;
  return absl::DataLossError(base::StrCat("locations: ", parsed.message()));
}

absl::Status ValuePage::ReadParameter(std::size_t i, TextColumn* out) const {
  absl::Status parsed = out->Parse(Column(kFixedColumns + i), rows_);
  if (parsed.ok()) return parsed;
  return absl::DataLossError(base::StrCat("parameter ", base::Quoted(parameter_name(i)), ": ", parsed.message()));
}

std::optional<std::size_t> ValuePage::FindParameter(std::string_view name) const {
  std::size_t low = 0;
  std::size_t high = parameter_count_;
  while (low < high) {
    const std::size_t middle = (low + high) / 2;
    const int order = parameter_name(middle).compare(name);
    if (order == 0) return middle;
    if (order < 0) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return std::nullopt;
}

void ValuePageWriter::EndParameter(std::string_view name) {
  EndColumn();
  names_.append(name);
  name_ends_.push_back(static_cast<uint32_t>(names_.size()));
}

void ValuePageWriter::Finish(std::string* out) const {
  out->reserve(out->size() + 6 + 4 * (ends_.size() + name_ends_.size()) + names_.size() + body_.size());
  out->push_back(static_cast<char>(kValuePageFormat));
  out->push_back(0);
  base::AppendLittleEndian(out, static_cast<uint16_t>(rows_));
  base::AppendLittleEndian(out, static_cast<uint16_t>(name_ends_.size()));
  for (const uint32_t end : ends_) base::AppendLittleEndian(out, end);
  for (const uint32_t end : name_ends_) base::AppendLittleEndian(out, end);
  out->append(names_);
  out->append(body_);
}

}  // namespace lodestone::record
