#include "bindings/http/dli/tags.h"

#include "catalog/base/strings.h"

namespace lodestone::http::dli {
namespace {

constexpr std::string_view kTagPrefix = "dli.tag.";

}  // namespace

void ReadTags(ObjectReader& fields, Parameters* parameters) {
  for (ObjectReader& tag : fields.Objects("tags", /*mandatory=*/false)) {
    const std::string key = tag.Text("key");
    const std::string value = tag.Text("value");
    if (!fields.status().ok()) return;
    if (key.empty()) return tag.Fail("key", "a name", "an empty text");
    const std::string name = base::StrCat(kTagPrefix, key);
    if (parameters->contains(name)) return tag.Fail("key", "a key of its own", base::Quoted(key));
    (*parameters)[name] = value;
  }
}

bool TagsMatch(const Parameters& parameters, std::string_view wanted) {
  for (const std::string_view piece : base::Split(wanted, ',')) {
    bool found = false;
    for (const auto& [name, value] : parameters) {
      if (!name.starts_with(kTagPrefix)) continue;
      found |=
          base::StrCat(std::string_view(name).substr(kTagPrefix.size()), "=", value).find(piece) != std::string::npos;
    }
    if (!found) return false;
  }
  return true;
}

}  // namespace lodestone::http::dli
