// Random histories against std::map: the slow obvious twin of every engine. LODESTONE_SEED replays a failure.
#include <algorithm>
#include <random>

#include "tests/store_suite/engine_fixture.h"
#include "tests/support/soak.h"

namespace lodestone::store {
namespace {

using Model = std::map<std::string, std::string>;

class RandomHistoryTest : public EngineTest {
 protected:
  void SetUp() override {
    EngineTest::SetUp();
    random_.seed(seed_);
    RecordProperty("seed", std::to_string(seed_));
  }

  uint32_t Below(uint32_t n) { return std::uniform_int_distribution<uint32_t>(0, n - 1)(random_); }

  // Few enough keys that they meet; of different lengths, some a prefix of another, some with 0x00 and 0xFF.
  std::string Key() {
    static constexpr char kBytes[] = {'a', 'b', 'c', '\0', '\xFF', '\x01'};
    std::string key;
    for (uint32_t n = 1 + Below(4); n > 0; --n) key.push_back(kBytes[Below(sizeof kBytes)]);
    return key;
  }
  std::string Value() {
    return std::to_string(random_()) + std::string(Below(20) == 0 ? Below(20'000) : Below(8), 'x');
  }
  KeyRange Range() {
    KeyRange range = Below(3) == 0 ? PrefixRange(Key()) : KeyRange{Key(), Key()};
    if (Below(2) == 0 && range.upper < range.lower) std::swap(range.lower, range.upper);
    if (Below(20) == 0) range.upper.clear();
    if (Below(20) == 0) range.lower.clear();
    return range;
  }

  static void Erase(Model* model, const KeyRange& range) {
    if (!range.upper.empty() && range.upper <= range.lower) return;
    model->erase(model->lower_bound(range.lower), range.upper.empty() ? model->end() : model->lower_bound(range.upper));
  }
  static Rows Slice(const Model& model, const KeyRange& range) {
    Model part = model;
    Erase(&part, {"", range.lower});
    if (range.lower.empty()) part = model;
    if (!range.upper.empty()) Erase(&part, {std::max(range.lower, range.upper), ""});
    if (!range.upper.empty() && range.upper <= range.lower) part.clear();
    return Rows(part.begin(), part.end());
  }

  void CheckReads(const Reader& reader, const Model& model) {
    const KeyRange range = Range();
    const Rows expected = Slice(model, range);
    ASSERT_EQ(Forward(reader, range, {.long_scan = Below(2) == 0}), expected);
    ASSERT_EQ(Backward(reader, range), Rows(expected.rbegin(), expected.rend()));
    std::vector<std::string> keys;
    std::vector<std::optional<std::string>> values;
    for (int i = 0; i < 5; ++i) {
      keys.push_back(Key());
      auto it = model.find(keys.back());
      values.push_back(it == model.end() ? std::nullopt : std::optional(it->second));
      ASSERT_EQ(GetOr(reader, keys.back()), values.back().value_or("(none)"));
    }
    auto found = reader.MultiGet(keys);
    ASSERT_OK(found);
    ASSERT_EQ(*found, values);
    WalkAbout(reader, range, expected);
  }

  // Seeks and steps in both directions; `at` is the place in `rows`, rows.size() when the cursor is not Valid().
  void WalkAbout(const Reader& reader, const KeyRange& range, const Rows& rows) {
    auto cursor = reader.NewCursor(range);
    std::size_t at = rows.size();
    for (int i = 0; i < 12; ++i) {
      const uint32_t move = at == rows.size() ? Below(4) : Below(10);
      const std::string key = Key();
      auto first_not_below = std::lower_bound(rows.begin(), rows.end(), key,
                                              [](const auto& row, const std::string& k) { return row.first < k; });
      if (move == 0) {
        cursor->SeekToFirst();
        at = 0;
      } else if (move == 1) {
        cursor->SeekToLast();
        at = rows.empty() ? 0 : rows.size() - 1;
      } else if (move == 2) {
        cursor->Seek(key);
        at = static_cast<std::size_t>(first_not_below - rows.begin());
      } else if (move == 3) {
        cursor->SeekForPrev(key);
        const bool exact = first_not_below != rows.end() && first_not_below->first == key;
        at = static_cast<std::size_t>(first_not_below - rows.begin()) + (exact ? 1 : 0);
        at = at == 0 ? rows.size() : at - 1;
      } else if (move < 7) {
        cursor->Next();
        ++at;
      } else {
        cursor->Prev();
        at = at == 0 ? rows.size() : at - 1;
      }
      ASSERT_EQ(cursor->Valid(), at < rows.size()) << "move " << move;
      ASSERT_OK(cursor->status());
      if (at < rows.size()) {
        ASSERT_EQ(cursor->key(), rows[at].first) << "move " << move;
        ASSERT_EQ(cursor->value(), rows[at].second);
      }
    }
  }

  void OneTransaction(Model* committed) {
    Model model = *committed;
    auto t = Begin();
    for (uint32_t n = Below(8); n > 0; --n) {
      const std::string key = Key();
      switch (Below(7)) {
        case 0: {
          const KeyRange range = Range();
          t->DeleteRange(range);
          Erase(&model, range);
          break;
        }
        case 1:
        case 2:
          t->Delete(key);
          model.erase(key);
          break;
        default:
          t->Put(key, model[key] = Value());
      }
      ++operations_;
      if (Below(12) == 0) {
        ASSERT_NO_FATAL_FAILURE(CheckReads(*t, model));
      }
    }
    if (Below(6) == 0) return;  // dropped
    const Version before = t->version();
    const Version version = Commit(t.get(), Below(40) == 0 ? Durability::kSync : Durability::kRelaxed);
    ASSERT_GE(version, before);
    *committed = std::move(model);
  }

  const uint64_t seed_ = testing::SeedOr(20240817);
  std::mt19937_64 random_;
  int operations_ = 0;
};
INSTANTIATE_TEST_SUITE_P(Engines, RandomHistoryTest, ::testing::ValuesIn(AllEngines()), EngineName);

TEST_P(RandomHistoryTest, AgreesWithAMap) {
  SCOPED_TRACE("LODESTONE_SEED=" + std::to_string(seed_));
  Model model;
  // Old snapshots stay what they were, however much happens after them.
  std::vector<std::pair<std::shared_ptr<const Reader>, Model>> old;
  while (operations_ < 20'000) {
    ASSERT_NO_FATAL_FAILURE(OneTransaction(&model));
    if (Below(20) == 0) old.emplace_back(store_->Snapshot(), model);
    if (old.size() > 5) old.erase(old.begin() + Below(5));
    if (Below(10) == 0) {
      ASSERT_NO_FATAL_FAILURE(CheckReads(*store_->Snapshot(), model));
    }
    if (Below(50) == 0) {
      for (const auto& [snapshot, then] : old) ASSERT_NO_FATAL_FAILURE(CheckReads(*snapshot, then));
    }
    if (Below(1000) == 0) {
      ASSERT_OK(store_->Compact(Range()));
    }
  }
  EXPECT_EQ(Forward(*store_->Snapshot(), {}), Rows(model.begin(), model.end()));
  EXPECT_OK(store_->VerifyFiles([](const std::string& damage) { ADD_FAILURE() << damage; }));
}

}  // namespace
}  // namespace lodestone::store
