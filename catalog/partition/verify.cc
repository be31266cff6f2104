#include "catalog/partition/verify.h"

#include <set>
#include <string_view>
#include <vector>

#include "catalog/base/coding.h"
#include "catalog/base/status_macros.h"
#include "catalog/base/strings.h"
#include "catalog/model/partition_name.h"
#include "catalog/partition/descriptors.h"
#include "catalog/partition/page_cursor.h"
#include "catalog/partition/reader.h"
#include "catalog/record/keys.h"

namespace lodestone::partition {

namespace {

class Verifier {
 public:
  Verifier(const store::Reader& reader, const TablePartitions& table,
           const std::function<void(const std::string&)>& report)
      : reader_(reader), table_(table), set_{table.set.set_id()}, report_(report), descriptors_(&reader, table.table) {}

  absl::Status Run() {
    RETURN_IF_ERROR(CheckPages());
    if (rows_ != table_.set.partitions()) {
      Report(base::StrCat("its set must count ", rows_, " partitions, found ", table_.set.partitions()));
    }
    if (pages_ != table_.set.pages()) {
      Report(base::StrCat("its set must count ", pages_, " pages, found ", table_.set.pages()));
    }
    return CheckStatistics();
  }

 private:
  void Report(std::string_view finding) {
    report_(base::StrCat("table ", table_.catalog, ".", table_.name.ToString(), ": ", finding));
  }
  void ReportPage(std::string_view kind, std::string_view lowest, std::string_view finding) {
    Report(base::StrCat(kind, " ", base::Quoted(lowest), ": ", finding));
  }

  // Both kinds of pages in step: what one has and the other has not stands out.
  absl::Status CheckPages() {
    const auto keys = reader_.NewCursor(record::PartitionParts(set_, record::PartitionPart::kKeyPage),
                                        {.long_scan = true, .fill_cache = false});
    const auto values = reader_.NewCursor(record::PartitionParts(set_, record::PartitionPart::kValuePage),
                                          {.long_scan = true, .fill_cache = false});
    keys->SeekToFirst();
    values->SeekToFirst();
    while (keys->Valid() || values->Valid()) {
      const std::string_view key = keys->Valid() ? record::LowestInPageKey(keys->key()) : std::string_view();
      const std::string_view value = values->Valid() ? record::LowestInPageKey(values->key()) : std::string_view();
      if (!keys->Valid() || (values->Valid() && value < key)) {
        ReportPage("value page", value, "there is no key page beside it");
        values->Next();
        continue;
      }
      ++pages_;
      const bool pair = values->Valid() && value == key;
      if (!pair) ReportPage("key page", key, "there is no value page beside it");
      RETURN_IF_ERROR(CheckPair(key, keys->value(), pair ? values->value() : std::string_view(), pair));
      keys->Next();
      if (pair) values->Next();
    }
    RETURN_IF_ERROR(keys->status());
    return values->status();
  }

  absl::Status CheckPair(std::string_view lowest, std::string_view key_bytes, std::string_view value_bytes, bool pair) {
    record::KeyPage page;
    if (const absl::Status parsed = page.Parse(key_bytes); !parsed.ok()) {
      ReportPage("key page", lowest, base::ToStd(parsed.message()));
      return absl::OkStatus();
    }
    CheckKeys(lowest, page);
    rows_ += static_cast<int64_t>(page.rows());
    if (!pair) return absl::OkStatus();
    record::ValuePage values;
    if (const absl::Status parsed = values.Parse(value_bytes); !parsed.ok()) {
      ReportPage("value page", lowest, base::ToStd(parsed.message()));
      return absl::OkStatus();
    }
    if (values.rows() != page.rows()) {
      ReportPage("value page", lowest,
                 base::StrCat("it must have the ", page.rows(), " rows of its key page, found ", values.rows()));
    }
    return CheckValues(lowest, values);
  }

  void CheckKeys(std::string_view lowest, const record::KeyPage& page) {
    if (page.key_count() != table_.keys.size()) {
      ReportPage("key page", lowest,
                 base::StrCat("it must have ", table_.keys.size(), " key columns, found ", page.key_count()));
    }
    if (page.Key(0) != lowest) {
      ReportPage("key page", lowest, base::StrCat("its first row is ", base::Quoted(page.Key(0))));
    }
    std::string key;
    for (std::size_t row = 0; row < page.rows(); ++row) {
      key.clear();
      page.AppendKey(row, &key);
      if (key <= last_key_ && !(first_row_ && key == last_key_)) {
        ReportPage("key page", lowest,
                   base::StrCat("row ", row, ", ", base::Quoted(key), ", must be behind ", base::Quoted(last_key_)));
      }
      first_row_ = false;
      last_key_ = key;
    }
    for (std::size_t i = 0; i < page.key_count(); ++i) CheckKeyColumn(lowest, i, page.column(i));
  }

  void CheckKeyColumn(std::string_view lowest, std::size_t number, const record::DictionaryColumn& column) {
    std::vector<std::string_view> values;
    column.AppendValues(&values);
    std::set<std::string_view> distinct;
    bool needs_escape = false;
    for (const std::string_view value : values) {
      if (value.empty()) ReportPage("key page", lowest, base::StrCat("key column ", number, " has an empty value"));
      if (!distinct.insert(value).second) {
        ReportPage("key page", lowest,
                   base::StrCat("key column ", number, " has the value ", base::Quoted(value), " twice"));
      }
      needs_escape = needs_escape || model::NeedsEscape(value);
    }
    if (needs_escape && !column.needs_escape()) {
      ReportPage("key page", lowest, base::StrCat("key column ", number, " must say that it needs escaping"));
    }
  }

  void CheckAllDerived(std::string_view lowest, std::size_t rows, const record::TextColumn& locations) {
    char buffer[record::kIntegerTextBytes];
    for (std::size_t row = 0; row < rows; ++row) {
      if (!locations.value(row, buffer)) continue;
      ReportPage("value page", lowest,
                 base::StrCat("row ", row, " has a location of its own, and the partition set says that none has"));
      return;
    }
  }

  absl::Status CheckValues(std::string_view lowest, const record::ValuePage& values) {
    const auto check = [&](const absl::Status& read) {
      if (!read.ok()) ReportPage("value page", lowest, base::ToStd(read.message()));
      return read.ok();
    };
    record::IntegerColumn numbers;
    record::TextColumn texts;
    check(values.ReadCreateTimes(&numbers));
    check(values.ReadLastAccessTimes(&numbers));
    if (check(values.ReadLocations(&texts)) && AllDerived(table_.set)) CheckAllDerived(lowest, values.rows(), texts);
    for (std::size_t i = 0; i < values.parameter_count(); ++i) {
      check(values.ReadParameter(i, &texts));
      if (i > 0 && values.parameter_name(i) <= values.parameter_name(i - 1)) {
        ReportPage("value page", lowest,
                   base::StrCat("parameter ", base::Quoted(values.parameter_name(i)), " must be behind ",
                                base::Quoted(values.parameter_name(i - 1))));
      }
    }
    if (!check(values.ReadDescriptors(&numbers))) return absl::OkStatus();
    for (std::size_t row = 0; row < (numbers.constant() ? 1 : values.rows()); ++row) {
      RETURN_IF_ERROR(CheckDescriptor(lowest, numbers.value(row)));
    }
    return absl::OkStatus();
  }

  absl::Status CheckDescriptor(std::string_view lowest, int64_t number) {
    if (!checked_descriptors_.insert(number).second) return absl::OkStatus();
    if (number < 1 || number >= int64_t{table_.set.next_descriptor()}) {
      ReportPage(
          "value page", lowest,
          base::StrCat("a row refers to descriptor ", number, ", the next free one is ", table_.set.next_descriptor()));
      return absl::OkStatus();
    }
    const auto found = descriptors_.Get(static_cast<uint32_t>(number));
    if (found.ok()) return absl::OkStatus();
    if (found.status().code() != absl::StatusCode::kDataLoss) return found.status();
    ReportPage("value page", lowest, base::ToStd(found.status().message()));
    return absl::OkStatus();
  }

  absl::Status CheckStatistics() {
    const auto cursor = reader_.NewCursor(record::PartitionParts(set_, record::PartitionPart::kStatistics));
    const std::string prefix = record::PartitionParts(set_, record::PartitionPart::kStatistics).lower;
    std::string last;
    for (cursor->SeekToFirst(); cursor->Valid(); cursor->Next()) {
      std::string_view key = cursor->key().substr(prefix.size());
      key = key.substr(0, key.find('\0'));
      if (!last.empty() && key == last) continue;
      last = key;
      const absl::StatusOr<bool> exists = PartitionExists(reader_, table_, key);
      if (!exists.ok() && exists.status().code() != absl::StatusCode::kDataLoss) return exists.status();
      if (exists.ok() && !*exists) {
        Report(base::StrCat("statistics of ", base::Quoted(key), " belong to a partition that does not exist"));
      }
    }
    return cursor->status();
  }

  const store::Reader& reader_;
  const TablePartitions& table_;
  const record::SetId set_;
  const std::function<void(const std::string&)>& report_;
  DescriptorReader descriptors_;
  std::set<int64_t> checked_descriptors_;
  std::string last_key_;
  bool first_row_ = true;
  int64_t rows_ = 0;
  int64_t pages_ = 0;
};

}  // namespace

absl::Status VerifyPartitions(const store::Reader& reader, const TablePartitions& table,
                              const std::function<void(const std::string&)>& report) {
  return Verifier(reader, table, report).Run();
}

}  // namespace lodestone::partition
