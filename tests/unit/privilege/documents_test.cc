// docs/semantics/privileges.md says what the code does: its tables are made of the code's own.
#include <map>

#include "catalog/base/strings.h"
#include "catalog/privilege/operation.h"
#include "catalog/privileges.h"
#include "gtest/gtest.h"
#include "tests/support/temp_folder.h"

namespace lodestone::privilege {
namespace {

using base::StrAppend;
using base::StrCat;

constexpr std::pair<Securable::Kind, std::string_view> kKinds[] = {
    {Securable::Kind::kGlobal, "store"},      {Securable::Kind::kCatalog, "catalog"},
    {Securable::Kind::kDatabase, "database"}, {Securable::Kind::kTable, "table"},
    {Securable::Kind::kColumn, "column"},     {Securable::Kind::kPartition, "partition"},
    {Securable::Kind::kFunction, "function"}, {Securable::Kind::kPath, "path"},
};

std::string TextOf(PrivilegeSet set) {
  std::string text;
  for (const Privilege one : set.ToVector()) StrAppend(&text, text.empty() ? "" : ", ", NameOf(one));
  return text;
}

// What stands between `<!-- name -->` and the next `<!-- end -->`.
std::string Section(const std::string& name) {
  const std::string page = testing::ReadFile(StrCat(LODESTONE_SOURCE_DIR, "/docs/semantics/privileges.md"));
  const std::string mark = StrCat("<!-- ", name, " -->\n");
  const std::size_t begin = page.find(mark);
  if (begin == std::string::npos) return "no such section";
  const std::size_t end = page.find("<!-- end -->", begin);
  return page.substr(begin + mark.size(), end - begin - mark.size());
}

// Kinds for which an operation needs the same are one row.
TEST(PrivilegeDocumentsTest, OperationsAreAsInTheTable) {
  std::string expected = "| operation | on | needs |\n|---|---|---|\n";
  for (int number = 0; number < kOperationCount; ++number) {
    const auto operation = static_cast<Operation>(number);
    std::vector<std::pair<std::string, std::string>> rows;  // needs -> kinds, in the order of the table
    for (const Requirement& row : Requirements()) {
      if (row.operation != operation) continue;
      const std::string needs = row.anyone ? "*whoever sees it*" : row.any_of.empty() ? "*owner*" : TextOf(row.any_of);
      std::string kind;
      for (const auto& [known, name] : kKinds) {
        if (known == row.kind) kind = name;
      }
      if (!rows.empty() && rows.back().first == needs) {
        rows.back().second += ", " + kind;
      } else {
        rows.emplace_back(needs, kind);
      }
    }
    for (const auto& [needs, kinds] : rows)
      StrAppend(&expected, "| ", NameOf(operation), " | ", kinds, " | ", needs, " |\n");
  }
  EXPECT_EQ(Section("operations"), expected);
}

TEST(PrivilegeDocumentsTest, WordsAreAsInTheTable) {
  std::string expected = "| vocabulary | word | on | privileges |\n|---|---|---|---|\n";
  const std::pair<Vocabulary, std::string_view> vocabularies[] = {
      {Vocabulary::kHive, "Hive"}, {Vocabulary::kDla, "DLA"}, {Vocabulary::kDli, "DLI"}};
  const std::pair<Securable, std::string_view> objects[] = {
      {Securable::Global(), "store"},
      {Securable::Catalog(), "catalog"},
      {Securable::Database("d"), "database"},
      {Securable::Table({"d", "t"}), "table"},
      {Securable::Column({"d", "t"}, "c"), "column"},
      {Securable::Partition({"d", "t"}, {"1"}), "partition"},
      {Securable::Function({"d", "f"}), "function"},
      {Securable::Path("queues.q"), "queue"},
      {Securable::Path("jobs.flink.1"), "job"},
      {Securable::Path("groups.g"), "group"},
      {Securable::Path("resources.r"), "resource"},
  };
  for (const auto& [vocabulary, vocabulary_name] : vocabularies) {
    // Words in the order in which they are met; of each, sets with the kinds that have them.
    std::vector<std::pair<std::string, std::vector<std::pair<uint64_t, std::string>>>> words;
    for (const auto& [object, object_name] : objects) {
      for (const std::string& word : AllPrivilegeWords(vocabulary, object)) {
        auto at = std::find_if(words.begin(), words.end(), [&](const auto& known) { return known.first == word; });
        if (at == words.end()) at = words.insert(words.end(), {word, {}});
        const uint64_t bits = ParsePrivilege(vocabulary, object, word)->bits();
        if (!at->second.empty() && at->second.back().first == bits) {
          StrAppend(&at->second.back().second, ", ", object_name);
        } else {
          at->second.emplace_back(bits, object_name);
        }
      }
    }
    for (const auto& [word, sets] : words) {
      for (const auto& [bits, names] : sets) {
        StrAppend(&expected, "| ", vocabulary_name, " | ", word, " | ", names, " | ",
                  TextOf(PrivilegeSet::FromBits(bits)), " |\n");
      }
    }
  }
  EXPECT_EQ(Section("words"), expected);
}

}  // namespace
}  // namespace lodestone::privilege
