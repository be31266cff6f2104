// Answers in both formats: read back by independent readers, whatever they hold.
#include "bindings/http/dla/writer.h"

#include <pugixml.hpp>
#include <random>

#include "tests/unit/dla/fixture.h"

namespace lodestone::testing {
namespace {

using http::dla::Format;
using http::dla::NewWriter;
using http::dla::Writer;
using Map = google::protobuf::Map<std::string, std::string>;
using nlohmann::json;

Map MapOf(const Fields& fields) { return {fields.begin(), fields.end()}; }

std::string Write(Format format, absl::FunctionRef<void(Writer&)> fill) {
  std::string out;
  const auto writer = NewWriter(format, &out);
  writer->BeginAnswer("ThingResponse");
  fill(*writer);
  writer->EndAnswer();
  return out;
}

void FillAll(Writer& out) {
  out.Text("Code", "ok");
  out.Boolean("Success", true);
  out.Number("Data", -7);
  out.Null("Nothing");
  out.BeginObject("Model");
  out.Map("Parameters", MapOf({{"b", "2"}, {"a", "1"}, {"a b", "3"}}));
  out.BeginList("Values");
  out.TextItem("x");
  out.TextItem("y");
  out.EndList();
  out.BeginList("None");
  out.EndList();
  out.EndObject();
  out.BeginList("Parts");
  for (const int i : {1, 2}) {
    out.BeginItem();
    out.Number("N", i);
    out.BeginList("Cols");
    out.BeginItem();
    out.Text("Name", "c");
    out.EndItem();
    out.EndList();
    out.EndItem();
  }
  out.EndList();
}

TEST(DlaWriterTest, JsonHasRealTypesAndSortedMaps) {
  EXPECT_EQ(Write(Format::kJson, FillAll),
            R"({"Code":"ok","Success":true,"Data":-7,"Nothing":null,"Model":{"Parameters":{"a":"1","a b":"3","b":"2"},)"
            R"("Values":["x","y"],"None":[]},"Parts":[{"N":1,"Cols":[{"Name":"c"}]},{"N":2,"Cols":[{"Name":"c"}]}]})");
}

TEST(DlaWriterTest, XmlHasElementsAndRepeatsThoseOfLists) {
  EXPECT_EQ(
      Write(Format::kXml, FillAll),
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?><ThingResponse><Code>ok</Code><Success>true</Success>"
      "<Data>-7</Data><Nothing>null</Nothing><Model><Parameters><a>1</a><entry key=\"a b\">3</entry><b>2</b>"
      "</Parameters><Values>x</Values><Values>y</Values></Model><Parts><N>1</N><Cols><Name>c</Name></Cols></Parts>"
      "<Parts><N>2</N><Cols><Name>c</Name></Cols></Parts></ThingResponse>");
}

// Every character that either format has to do something about, and some beyond one byte.
std::string RandomText(std::mt19937& random) {
  static const std::vector<std::string> kPieces = {"<",
                                                   ">",
                                                   "&",
                                                   "\"",
                                                   "'",
                                                   "\\",
                                                   "/",
                                                   "]]>",
                                                   "\n",
                                                   "\r",
                                                   "\t",
                                                   " ",
                                                   "a",
                                                   "entry",
                                                   "xml",
                                                   ":",
                                                   ".",
                                                   "-",
                                                   "_",
                                                   "7",
                                                   std::string(1, '\0'),
                                                   "\x01",
                                                   "\x1f",
                                                   "\x7f",
                                                   "é",
                                                   "東",
                                                   "😀",
                                                   "\xEF\xBF\xBE",
                                                   "\xEF\xBF\xBD",
                                                   "\xC2\x85"};
  std::string text;
  for (unsigned n = random() % 6; n > 0; --n) text += kPieces[random() % kPieces.size()];
  return text;
}

std::string FromBase64(std::string_view text) {
  static constexpr std::string_view kAlphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string out;
  unsigned bits = 0;
  int count = 0;
  for (const char c : text.substr(0, text.find('='))) {
    bits = bits << 6 | static_cast<unsigned>(kAlphabet.find(c));
    count += 6;
    if (count < 8) continue;
    count -= 8;
    out += static_cast<char>(bits >> count & 0xFF);
  }
  return out;
}

std::string TextOf(const pugi::xml_node& node) {
  const std::string text = node.text().get();
  return std::string_view(node.attribute("encoding").value()) == "base64" ? FromBase64(text) : text;
}

std::string KeyOf(const pugi::xml_node& entry) {
  if (entry.attribute("key")) return entry.attribute("key").value();
  if (entry.attribute("key-base64")) return FromBase64(entry.attribute("key-base64").value());
  return entry.name();
}

TEST(DlaWriterTest, WhateverATextHoldsIsReadBack) {
  const unsigned seed = std::random_device()();
  SCOPED_TRACE(seed);
  std::mt19937 random(seed);
  for (int round = 0; round < 3000; ++round) {
    Map map;
    for (unsigned n = random() % 4; n > 0; --n) map[RandomText(random)] = RandomText(random);
    const std::string text = RandomText(random);
    const auto fill = [&](Writer& out) {
      out.Text("Text", text);
      out.Map("Map", map);
    };
    const json parsed = json::parse(Write(Format::kJson, fill));
    ASSERT_EQ(parsed["Text"], text);
    ASSERT_EQ(parsed["Map"].size(), map.size());
    for (const auto& [key, value] : map) ASSERT_EQ(parsed["Map"][key], value);

    const std::string xml = Write(Format::kXml, fill);
    pugi::xml_document document;
    // White space alone is text too, and ends of lines are read as XML says.
    const auto loaded = document.load_buffer(xml.data(), xml.size(), pugi::parse_default | pugi::parse_ws_pcdata);
    ASSERT_TRUE(loaded) << loaded.description() << xml;
    const auto root = document.child("ThingResponse");
    ASSERT_EQ(TextOf(root.child("Text")), text) << xml;
    std::size_t entries = 0;
    for (const auto& entry : root.child("Map").children()) {
      if (entry.type() != pugi::node_element) continue;
      ++entries;
      const std::string key = KeyOf(entry);
      ASSERT_TRUE(map.contains(key)) << xml;
      ASSERT_EQ(TextOf(entry), map[key]) << xml;
    }
    ASSERT_EQ(entries, map.size()) << xml;
  }
}

TEST(DlaWriterTest, KeysThatAreNoNamesOfElementsBecomeEntries) {
  const struct {
    std::string key;
    std::string start;
  } cases[] = {{"field.delim", "<field.delim>"},
               {"_a-1", "<_a-1>"},
               {"entry", "<entry>"},
               {"1a", "<entry key=\"1a\">"},
               {"", "<entry key=\"\">"},
               {"a:b", "<entry key=\"a:b\">"},
               {"XMLthing", "<entry key=\"XMLthing\">"},
               {"-a", "<entry key=\"-a\">"},
               {"ключ", "<entry key=\"ключ\">"},
               {"a\"<b", "<entry key=\"a&quot;&lt;b\">"},
               {std::string("a\x01", 2), "<entry key-base64=\"YQE=\">"}};
  for (const auto& c : cases) {
    const std::string xml = Write(Format::kXml, [&](Writer& out) { out.Map("M", MapOf(Fields{{c.key, "v"}})); });
    EXPECT_NE(xml.find("<M>" + c.start + "v</"), std::string::npos) << xml;
  }
}

}  // namespace
}  // namespace lodestone::testing
