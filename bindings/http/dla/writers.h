// The two kinds of Writer; see writer.h for what they promise.
#pragma once

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "bindings/http/dla/writer.h"

namespace lodestone::http::dla {

// In quotes, escaped. `text` is UTF-8.
void AppendJsonText(std::string_view text, std::string* out);

class JsonWriter final : public Writer {
 public:
  explicit JsonWriter(std::string* out) : out_(out) {}

  void BeginAnswer(std::string_view) override { *out_ += '{'; }
  void EndAnswer() override { *out_ += '}'; }
  void BeginObject(std::string_view name) override { Begin(name, '{'); }
  void EndObject() override { *out_ += '}'; }
  void BeginList(std::string_view name) override { Begin(name, '['); }
  void EndList() override { *out_ += ']'; }
  void BeginItem() override { Begin({}, '{'); }
  void EndItem() override { *out_ += '}'; }
  void TextItem(std::string_view text) override;
  void Text(std::string_view name, std::string_view text) override;
  void Number(std::string_view name, int64_t number) override {
    Open(name);
    *out_ += std::to_string(number);
  }
  void Boolean(std::string_view name, bool value) override {
    Open(name);
    *out_ += value ? "true" : "false";
  }
  void Null(std::string_view name) override {
    Open(name);
    *out_ += "null";
  }
  void Map(std::string_view name, const google::protobuf::Map<std::string, std::string>& map) override;

 private:
  void Open(std::string_view name);
  void Begin(std::string_view name, char bracket) {
    Open(name);
    *out_ += bracket;
  }
  // Before a field or item, unless it is the first: what was written last tells.
  void Comma();

  std::string* const out_;
};

class XmlWriter final : public Writer {
 public:
  explicit XmlWriter(std::string* out) : out_(out) {}

  void BeginAnswer(std::string_view root) override;
  void EndAnswer() override { EndObject(); }
  void BeginObject(std::string_view name) override;
  void EndObject() override;
  void BeginList(std::string_view name) override { lists_.push_back(name); }
  void EndList() override { lists_.pop_back(); }
  void BeginItem() override { BeginObject(lists_.back()); }
  void EndItem() override { EndObject(); }
  void TextItem(std::string_view text) override { Text(lists_.back(), text); }
  void Text(std::string_view name, std::string_view text) override;
  void Number(std::string_view name, int64_t number) override { Text(name, std::to_string(number)); }
  void Boolean(std::string_view name, bool value) override { Text(name, value ? "true" : "false"); }
  void Null(std::string_view name) override { Text(name, "null"); }
  void Map(std::string_view name, const google::protobuf::Map<std::string, std::string>& map) override;

 private:
  // `<name attributes>text</name>`; `attributes` begins with a blank or is empty.
  void Element(std::string_view name, std::string_view attributes, std::string_view text);
  void Open(std::string_view name, std::string_view attributes);
  void Close(std::string_view name);

  std::string* const out_;
  std::string root_;
  // Names are literals of the adapter, but that of the root.
  std::vector<std::string_view> open_;
  std::vector<std::string_view> lists_;
};

// Pointers to the entries, by key.
inline std::vector<const google::protobuf::Map<std::string, std::string>::value_type*> SortedEntries(
    const google::protobuf::Map<std::string, std::string>& map) {
  std::vector<const google::protobuf::Map<std::string, std::string>::value_type*> entries;
  entries.reserve(map.size());
  for (const auto& entry : map) entries.push_back(&entry);
  std::ranges::sort(entries, {}, [](const auto* entry) { return std::string_view(entry->first); });
  return entries;
}

}  // namespace lodestone::http::dla
