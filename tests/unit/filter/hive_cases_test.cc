// What Hive Metastore 4.0.1 answered to some 400 filters on six tables, and that kHive answers alike.
//
// data/hive_filter_tables.json: per table its partition keys and the values of its partitions.
// data/hive_filter_cases.tsv: table, filter, number of partitions or ERR, and the first 16 hex digits of the SHA-1 of
// the answer (each partition's values joined by \x01, sorted, joined by \x02), or the first line of the message.
#include <algorithm>
#include <fstream>
#include <map>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include "catalog/base/strings.h"
#include "catalog/filter/filter.h"
#include "gtest/gtest.h"
#include "simdjson.h"
#include "tests/support/matchers.h"

namespace lodestone::filter {
namespace {

struct Table {
  std::vector<Key> keys;
  std::vector<std::vector<std::string>> partitions;
};

std::map<std::string, Table> ReadTables() {
  simdjson::dom::parser parser;
  const simdjson::dom::element document =
      parser.load(std::string(LODESTONE_SOURCE_DIR) + "/tests/unit/filter/data/hive_filter_tables.json");
  std::map<std::string, Table> tables;
  for (const auto& [name, element] : document.get_object()) {
    Table& table = tables[std::string(name)];
    for (const auto key : element["partition_keys"]) {
      const auto type = model::ParseType(std::string_view(key["type"]));
      EXPECT_OK(type);
      table.keys.push_back({std::string(std::string_view(key["name"])), type.value()});
    }
    for (const auto partition : element["partitions"]) {
      table.partitions.emplace_back();
      for (const auto value : partition) table.partitions.back().emplace_back(std::string_view(value));
    }
  }
  return tables;
}

struct Case {
  std::string table, filter, count, digest;
};

std::vector<Case> ReadCases() {
  std::ifstream in(std::string(LODESTONE_SOURCE_DIR) + "/tests/unit/filter/data/hive_filter_cases.tsv");
  std::vector<Case> cases;
  for (std::string line; std::getline(in, line);) {
    const auto fields = base::Split(line, '\t');
    EXPECT_EQ(fields.size(), 4u) << line;
    cases.push_back({std::string(fields[0]), std::string(fields[1]), std::string(fields[2]), std::string(fields[3])});
  }
  return cases;
}

uint32_t Rotate(uint32_t v, int by) { return (v << by) | (v >> (32 - by)); }

// FIPS 180-4, hexadecimal.
std::string Sha1(std::string text) {
  const uint64_t bits = text.size() * 8;
  text.push_back('\x80');
  while (text.size() % 64 != 56) text.push_back('\0');
  for (int i = 7; i >= 0; --i) text.push_back(static_cast<char>(bits >> (8 * i)));
  uint32_t h[5] = {0x67452301, 0xEFCDAB89, 0x98BADCFE, 0x10325476, 0xC3D2E1F0};
  for (std::size_t block = 0; block < text.size(); block += 64) {
    uint32_t w[80];
    for (std::size_t i = 0; i < 16; ++i) {
      w[i] = 0;
      for (std::size_t b = 0; b < 4; ++b) w[i] = (w[i] << 8) | static_cast<unsigned char>(text[block + 4 * i + b]);
    }
    for (int i = 16; i < 80; ++i) w[i] = Rotate(w[i - 3] ^ w[i - 8] ^ w[i - 14] ^ w[i - 16], 1);
    uint32_t a = h[0], b = h[1], c = h[2], d = h[3], e = h[4];
    for (int i = 0; i < 80; ++i) {
      const uint32_t f = i < 20   ? (b & c) | (~b & d)
                         : i < 40 ? b ^ c ^ d
                         : i < 60 ? (b & c) | (b & d) | (c & d)
                                  : b ^ c ^ d;
      static constexpr uint32_t kConstants[] = {0x5A827999, 0x6ED9EBA1, 0x8F1BBCDC, 0xCA62C1D6};
      const uint32_t next = Rotate(a, 5) + f + e + kConstants[i / 20] + w[i];
      e = d;
      d = c;
      c = Rotate(b, 30);
      b = a;
      a = next;
    }
    h[0] += a, h[1] += b, h[2] += c, h[3] += d, h[4] += e;
  }
  char hex[41];
  std::snprintf(hex, sizeof hex, "%08x%08x%08x%08x%08x", h[0], h[1], h[2], h[3], h[4]);
  return hex;
}

std::string Digest(std::vector<std::string> lines) {
  std::sort(lines.begin(), lines.end());
  std::string joined;
  for (const std::string& line : lines) {
    if (&line != &lines[0]) joined += '\x02';
    joined += line;
  }
  return Sha1(joined).substr(0, 16);
}

// The words at the start of a message that clients read; what follows is each implementation's own.
std::string LeadingWords(const std::string& message) {
  for (const char* lead :
       {"Error parsing partition filter: Unsupported comparison operator: <=>", "Error parsing partition filter: "}) {
    if (message.starts_with(lead)) return lead;
  }
  return message;
}

// What Filter answers, as the file has it.
Case Answer(const Table& table, const Case& asked) {
  const auto filter = Filter::Compile(asked.filter, FilterMode::kHive, table.keys);
  if (!filter.ok()) return {asked.table, asked.filter, "ERR", std::string(filter.status().message())};
  std::vector<std::string> lines;
  for (const auto& partition : table.partitions) {
    const std::vector<std::string_view> values(partition.begin(), partition.end());
    if (!(*filter)->Matches(values)) continue;
    lines.emplace_back();
    for (const auto& value : partition) lines.back() += (&value == &partition[0] ? "" : "\x01") + value;
  }
  return {asked.table, asked.filter, std::to_string(lines.size()), Digest(lines)};
}

TEST(HiveCasesTest, Sha1AgreesWithItsStandard) {
  EXPECT_EQ(Sha1("abc"), "a9993e364706816aba3e25717850c26c9cd0d89d");
  EXPECT_EQ(Sha1(""), "da39a3ee5e6b4b0d3255bfef95601890afd80709");
}

TEST(HiveCasesTest, AnswersAsTheMetastoreDidButForNamedDeviations) {
  const auto tables = ReadTables();
  const auto cases = ReadCases();
  ASSERT_EQ(tables.size(), 6u);
  ASSERT_GT(cases.size(), 350u);
  // Equality and IN on an integer key find `01` for 1 here, as ranges and BETWEEN do in both; the metastore misses it.
  const std::map<std::string, int> finds_padded = {
      {"(s) not in ('p') and i == 1", 3},
      {"((i) in (10, 1) or \"p\" < s)", 10},
      {"(s != \"p\" OR ((s) in (\"q\") OR I == 3) OR (s = 'abc' or I == 1))", 9},
      {"((i) in (3, 1) and (i < 2 OR s > 'q' OR (S) in (\"q\", \"q\", \"q\")))", 6},
      {"'q' = S or (I) in (1, 3, 1)", 9},
      {"(s = \"q\" OR s > \"q\" or (s) in (\"q\", 'p', 'p', \"p\") AND `i` = 1)", 9},
      {"(i) in (2, 11, 1) OR (s <> \"p\" OR i <> 10) and s <> \"q\"", 8},
      {"i == 1", 6},
  };
  int deviations = 0;
  for (const Case& asked : cases) {
    const Case answer = Answer(tables.at(asked.table), asked);
    if (const auto it = finds_padded.find(asked.filter); it != finds_padded.end() && asked.table == "t_zero") {
      EXPECT_EQ(answer.count, std::to_string(it->second)) << asked.filter;
      ++deviations;
      continue;
    }
    const bool agrees =
        answer.count == asked.count &&
        (asked.count == "ERR" ? answer.digest.starts_with(LeadingWords(asked.digest)) : answer.digest == asked.digest);
    EXPECT_TRUE(agrees) << asked.table << ": " << asked.filter << "\n  metastore: " << asked.count << " "
                        << asked.digest << "\n  here: " << answer.count << " " << answer.digest;
  }
  EXPECT_EQ(deviations, static_cast<int>(finds_padded.size()));
}

}  // namespace
}  // namespace lodestone::filter
