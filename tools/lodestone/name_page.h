// Lists of names, page by page, so that any number of them streams.
#pragma once

#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "catalog/base/status_macros.h"
#include "catalog/catalog.h"
#include "tools/lodestone/command.h"
#include "tools/lodestone/object_output.h"

namespace lodestone::cli {

inline constexpr std::size_t kNamesPerPage = 10'000;

// Calls `use(item)` for each item of `list(options)`, in pages; `name_of(item)` is where the next page goes on. True
// when there are more behind options.limit.
template <typename List, typename NameOf, typename Use>
absl::StatusOr<bool> ForEachListed(ListNamesOptions options, List list, NameOf name_of, Use use) {
  std::size_t left = options.limit;
  while (true) {
    options.limit = left == 0 ? kNamesPerPage : std::min(left, kNamesPerPage);
    ASSIGN_OR_RETURN(auto page, list(options));
    for (const auto& item : page.items) {
      if (!use(item)) return false;
    }
    if (!page.more || page.items.empty()) return false;
    options.after = name_of(page.items.back());
    if (left != 0) {
      left -= page.items.size();
      if (left == 0) return true;
    }
  }
}

// Prints what `list` answers, in the output's format.
template <typename List>
absl::Status PrintNames(Context& context, const ListNamesOptions& options, List list) {
  NameListWriter writer(&context.out());
  std::string last;
  ASSIGN_OR_RETURN(const bool more, ForEachListed(
                                        options, list, [](const std::string& name) { return name; },
                                        [&](const std::string& name) {
                                          writer.Add(name);
                                          last = name;
                                          return !context.out().closed();
                                        }));
  writer.End();
  if (more) context.Note("more: --after " + last);
  return absl::OkStatus();
}

}  // namespace lodestone::cli
