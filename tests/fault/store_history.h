// A store under test together with what it may hold: every state from the last one known to be durable to the last one
// that was tried. Used by the tests that break the machine below the store.
#pragma once

#include <map>
#include <memory>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "catalog/base/strings.h"
#include "catalog/store/rocksdb/rocksdb_store.h"
#include "catalog/store/store.h"
#include "gtest/gtest.h"
#include "tests/support/matchers.h"
#include "tests/support/soak.h"

namespace lodestone::store {

using testing::SeedOr;
using testing::Soaked;

using Model = std::map<std::string, std::string>;

// All rows whose keys do not begin with `except`.
inline absl::StatusOr<Model> TryReadAll(const Reader& reader, std::string_view except = {}) {
  Model rows;
  auto cursor = reader.NewCursor({});
  for (cursor->SeekToFirst(); cursor->Valid(); cursor->Next()) {
    if (!except.empty() && cursor->key().starts_with(except)) continue;
    rows.emplace(std::string(cursor->key()), std::string(cursor->value()));
  }
  if (!cursor->status().ok()) return cursor->status();
  return rows;
}
inline Model ReadAll(const Reader& reader) {
  absl::StatusOr<Model> rows = TryReadAll(reader);
  EXPECT_OK(rows);
  return rows.ok() ? *std::move(rows) : Model();
}

// Which versions a store may hold after whatever happens next, and what each of them looks like. Not thread-safe.
class History {
 public:
  // The newest state that was tried or found.
  const Model& newest() const { return states_.back(); }
  Version newest_version() const { return first_ + states_.size() - 1; }

  void Try(Model next) { states_.push_back(std::move(next)); }
  void MadeDurable(Version version) { durable_ = std::max(durable_, version); }

  // What is visible at a version since the last reopening.
  const Model& state(Version version) const { return states_.at(version - first_); }

  // Holds what was found at reopening against what may be there, and goes on from it.
  void Found(Version version, const Model& rows) {
    ASSERT_GE(version, durable_) << "an acknowledged commit is lost";
    ASSERT_LE(version, newest_version()) << "a commit that nobody made";
    const Model& expected = states_[version - first_];
    ASSERT_EQ(rows.size(), expected.size()) << "at version " << version;
    ASSERT_TRUE(rows == expected) << "the content is not that of version " << version;
    states_ = {rows};
    first_ = durable_ = version;
  }

 private:
  std::vector<Model> states_ = {Model()};
  Version first_ = 0;
  Version durable_ = 0;
};

// Puts and deletes a few keys of 40, now and then a range, in `t` and in the result.
inline Model RandomWrites(Transaction* t, Model model, std::size_t value_bytes, std::mt19937_64* random) {
  auto below = [random](uint64_t n) { return (*random)() % n; };
  auto key = [&] { return base::StrCat("key", 10 + below(40)); };
  for (uint64_t n = 1 + below(4); n > 0; --n) {
    const std::string k = key();
    const uint64_t what = below(12);
    if (what == 0) {
      const std::string end = key();
      t->DeleteRange({k, end});
      if (k < end) model.erase(model.lower_bound(k), model.lower_bound(end));
    } else if (what < 3) {
      t->Delete(k);
      model.erase(k);
    } else {
      std::string value = std::to_string((*random)());
      value.resize(1 + below(value_bytes), 'v');
      t->Put(k, value);
      model[k] = std::move(value);
    }
  }
  t->Put("always", std::to_string(t->commit_version()));
  model["always"] = std::to_string(t->commit_version());
  return model;
}

}  // namespace lodestone::store
