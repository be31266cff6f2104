#include "catalog/event/event_log.h"

#include "catalog/errors.h"
#include "catalog/record/format.h"
#include "catalog/record/keys.h"
#include "catalog/store/memory/memory_store.h"
#include "gtest/gtest.h"
#include "lodestone/record/v1/record.pb.h"
#include "tests/support/matchers.h"

namespace lodestone::event {
namespace {

using absl::StatusCode;
using model::v1::Event;
using ::testing::ElementsAre;
using testing::FailsWith;
using testing::HasCode;
using ::testing::IsEmpty;

class EventLogTest : public ::testing::Test {
 protected:
  // One transaction with an event for each time.
  void AppendAt(std::initializer_list<int64_t> times) {
    Write([&](store::Transaction* txn) {
      for (const int64_t time : times) {
        Event event;
        event.set_kind(Event::CREATE_TABLE);
        event.set_time_ms(time);
        ASSERT_OK(Append(txn, event));
      }
    });
  }
  void AppendNamed(std::string_view catalog, std::string_view database, std::string_view object,
                   std::string_view new_database = {}, std::string_view new_object = {}) {
    Event event;
    event.set_kind(database.empty() ? Event::ALTER_CATALOG : Event::ALTER_TABLE);
    event.set_catalog(std::string(catalog));
    event.set_database(std::string(database));
    event.set_object(std::string(object));
    event.set_new_database(std::string(new_database));
    event.set_new_object(std::string(new_object));
    Write([&](store::Transaction* txn) { ASSERT_OK(Append(txn, event)); });
  }
  int64_t ExpireBefore(int64_t before, int64_t limit) {
    int64_t expired = -1;
    Write([&](store::Transaction* txn) {
      const auto result = Expire(txn, before, limit);
      ASSERT_OK(result);
      expired = *result;
    });
    return expired;
  }
  void Write(const std::function<void(store::Transaction*)>& body) {
    auto txn = store_->Begin();
    ASSERT_OK(txn);
    body(txn->get());
    ASSERT_OK((*txn)->Commit(store::Durability::kSync));
  }
  std::vector<int64_t> Ids(const EventOptions& options) {
    const auto page = Read(*store_->Snapshot(), options);
    EXPECT_OK(page);
    std::vector<int64_t> ids;
    if (page.ok()) {
      for (const Event& event : page->events) ids.push_back(event.id());
    }
    return ids;
  }

  std::unique_ptr<store::Store> store_ = store::NewMemoryStore();
};

TEST_F(EventLogTest, ANewLogIsEmpty) {
  const auto bounds = Bounds(*store_->Snapshot());
  ASSERT_OK(bounds);
  EXPECT_EQ(bounds->first_id, 1);
  EXPECT_EQ(bounds->newest_id, 0);
  EXPECT_THAT(Ids({}), IsEmpty());
}

TEST_F(EventLogTest, IdsAreDenseAndVersionsThoseOfTheCommits) {
  AppendAt({10});
  AppendAt({20, 20});
  const auto page = Read(*store_->Snapshot(), {});
  ASSERT_OK(page);
  ASSERT_EQ(page->events.size(), 3U);
  EXPECT_EQ(page->events[0].id(), 1);
  EXPECT_EQ(page->events[2].id(), 3);
  EXPECT_EQ(page->events[0].version(), 1);
  EXPECT_EQ(page->events[1].version(), 2);
  EXPECT_EQ(page->events[2].version(), 2);
  EXPECT_EQ(page->last_id, 3);
}

TEST_F(EventLogTest, ADroppedTransactionLeavesNoHole) {
  AppendAt({10});
  {
    auto txn = store_->Begin();
    ASSERT_OK(txn);
    ASSERT_OK(Append(txn->get(), Event()));
  }
  AppendAt({20});
  EXPECT_THAT(Ids({}), ElementsAre(1, 2));
}

TEST_F(EventLogTest, ReadsGoOnBehindTheLastId) {
  AppendAt({1, 2, 3, 4, 5});
  EXPECT_THAT(Ids({.after = 0, .limit = 2}), ElementsAre(1, 2));
  EXPECT_THAT(Ids({.after = 2, .limit = 2}), ElementsAre(3, 4));
  EXPECT_THAT(Ids({.after = 4, .limit = 2}), ElementsAre(5));
  EXPECT_THAT(Ids({.after = 5}), IsEmpty());
  EXPECT_EQ(Read(*store_->Snapshot(), {.after = 9})->last_id, 9);
  EXPECT_THAT(Read(*store_->Snapshot(), {.after = -1}), HasCode(StatusCode::kInvalidArgument));
}

TEST_F(EventLogTest, FiltersLeaveOutWhatIsElsewhereAndMovePastIt) {
  AppendNamed("hive", "web", "hits");
  AppendNamed("hive", "web", "users");
  AppendNamed("sales", "web", "hits");
  AppendNamed("hive", "web", "hits", "old", "visits");
  AppendNamed("hive", "", "", "", "trade");
  EXPECT_THAT(Ids({.catalog = "hive"}), ElementsAre(1, 2, 4, 5));
  EXPECT_THAT(Ids({.catalog = "Hive", .database = "WEB", .object = "hits"}), ElementsAre(1, 4));
  EXPECT_THAT(Ids({.database = "old"}), ElementsAre(4));
  EXPECT_THAT(Ids({.database = "old", .object = "visits"}), ElementsAre(4));
  EXPECT_THAT(Ids({.database = "web", .object = "visits"}), IsEmpty());
  EXPECT_THAT(Ids({.catalog = "trade"}), ElementsAre(5));
  const auto page = Read(*store_->Snapshot(), {.limit = 1, .object = "users"});
  ASSERT_OK(page);
  EXPECT_EQ(page->last_id, 2);
  EXPECT_EQ(Read(*store_->Snapshot(), {.after = 2, .object = "users"})->last_id, 5);
}

TEST_F(EventLogTest, ExpiryEndsAtTheFirstThatStays) {
  AppendAt({1, 2, 9, 3, 10});
  EXPECT_EQ(ExpireBefore(5, 1), 1);
  EXPECT_EQ(Bounds(*store_->Snapshot())->first_id, 2);
  EXPECT_EQ(ExpireBefore(5, 100), 1);  // 9 stays, and so does the 3 behind it
  EXPECT_THAT(Ids({.after = 2}), ElementsAre(3, 4, 5));
  EXPECT_EQ(ExpireBefore(5, 100), 0);
  EXPECT_EQ(ExpireBefore(100, 100), 3);
  EXPECT_EQ(Bounds(*store_->Snapshot())->first_id, 6);
  EXPECT_EQ(Bounds(*store_->Snapshot())->newest_id, 5);
  AppendAt({200});
  EXPECT_THAT(Ids({.after = 5}), ElementsAre(6));
  const auto expired = Read(*store_->Snapshot(), {.after = 4});
  EXPECT_THAT(expired, FailsWith(StatusCode::kOutOfRange, "event 5 is beyond retention: the log begins with 6"));
  EXPECT_EQ(DomainErrorOf(expired.status())->kind, ErrorKind::kEventsExpired);
}

TEST_F(EventLogTest, AHoleIsDataLoss) {
  AppendAt({1, 2, 3});
  Write([](store::Transaction* txn) { txn->Delete(record::EventKey(2)); });
  EXPECT_THAT(Read(*store_->Snapshot(), {}), FailsWith(StatusCode::kDataLoss, "event 2 is missing"));
  Write([](store::Transaction* txn) { txn->Delete(record::EventKey(3)); });
  EXPECT_THAT(Read(*store_->Snapshot(), {.after = 1}), HasCode(StatusCode::kDataLoss));
}

}  // namespace
}  // namespace lodestone::event
