#include "catalog/partition/page_writer.h"

#include <string>
#include <vector>

#include "catalog/base/status_macros.h"
#include "catalog/base/strings.h"
#include "catalog/partition/page_builder.h"
#include "catalog/record/keys.h"

namespace lodestone::partition {

class PageWriter::Impl {
 public:
  Impl(record::SetId set, std::size_t key_count, const PageLimits& limits, store::SortedRun* key_pages,
       store::SortedRun* value_pages)
      : set_(set), key_pages_(key_pages), value_pages_(value_pages), builder_(key_count, limits) {}

  absl::Status Add(const Row& row) {
    if (rows_ > 0 && row.key <= last_key_) {
      return absl::InvalidArgumentError(base::StrCat("partition keys must ascend strictly: ", base::Quoted(row.key),
                                                     " came after ", base::Quoted(last_key_)));
    }
    if (!builder_.Fits(row)) RETURN_IF_ERROR(WritePages());
    builder_.Add(row);
    all_derived_ &= !row.location.has_value();
    last_key_.assign(row.key);
    ++rows_;
    return absl::OkStatus();
  }

  absl::Status WritePages() {
    if (builder_.rows() == 0) return absl::OkStatus();
    encoded_.clear();
    builder_.Encode(&encoded_);
    for (const EncodedPage& page : encoded_) {
      RETURN_IF_ERROR(key_pages_->Add(record::KeyPageKey(set_, page.lowest), page.key_page));
      RETURN_IF_ERROR(value_pages_->Add(record::ValuePageKey(set_, page.lowest), page.value_page));
      ++pages_;
    }
    return absl::OkStatus();
  }

  int64_t rows() const { return rows_; }
  int64_t pages() const { return pages_; }
  bool all_derived() const { return all_derived_; }

 private:
  const record::SetId set_;
  store::SortedRun* const key_pages_;
  store::SortedRun* const value_pages_;
  PageBuilder builder_;
  std::vector<EncodedPage> encoded_;
  std::string last_key_;
  int64_t rows_ = 0;
  int64_t pages_ = 0;
  bool all_derived_ = true;
};

PageWriter::PageWriter(record::SetId set, std::size_t key_count, store::SortedRun* key_pages,
                       store::SortedRun* value_pages, const PageLimits& limits)
    : impl_(std::make_unique<Impl>(set, key_count, limits, key_pages, value_pages)) {}
PageWriter::~PageWriter() = default;

absl::Status PageWriter::Add(const Row& row) { return impl_->Add(row); }
absl::Status PageWriter::Finish() { return impl_->WritePages(); }
int64_t PageWriter::rows() const { return impl_->rows(); }
int64_t PageWriter::pages() const { return impl_->pages(); }
bool PageWriter::all_derived() const { return impl_->all_derived(); }

}  // namespace lodestone::partition
