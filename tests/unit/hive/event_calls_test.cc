// Notification events over the wire: which of the store's changes clients hear of, and in which words.
#include <thrift/protocol/TJSONProtocol.h>
#include <thrift/transport/TBufferTransports.h>

#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "bindings/hive/convert/event.h"
#include "bindings/hive/idl/hive_metastore_types.h"
#include "catalog/base/clock.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "nlohmann/json.hpp"
#include "tests/support/matchers.h"
#include "tests/unit/hive/call_fixture.h"

namespace lodestone::hive {
namespace {

using model::v1::Event;
using testing::CallTest;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using Json = nlohmann::json;

class EventCallsTest : public CallTest {
 protected:
  EventCallsTest() {
    store_options.clock = &clock;
    store_options.event_retention_ms = 10'000;
  }
  // Before the clock, which it asks for the time.
  void TearDown() override { metastore.reset(); }
  void MakeDatabase(const std::string& name, const std::string& catalog = "hive", const std::string& owner = {}) {
    model::v1::Database database;
    database.set_catalog(catalog);
    database.set_name(name);
    database.set_owner_name(owner);
    ASSERT_OK(metastore->Local(catalog).CreateDatabase(database));
  }
  static thrift::NotificationEventRequest After(int64_t id, int32_t most = 0) {
    thrift::NotificationEventRequest request;
    request.__set_lastEvent(id);
    if (most != 0) request.__set_maxEvents(most);
    return request;
  }
  std::vector<thrift::NotificationEvent> Read(const thrift::NotificationEventRequest& request) {
    return Get<thrift::NotificationEventResponse>("get_next_notification", request).events;
  }
  std::vector<int64_t> Ids(const thrift::NotificationEventRequest& request) {
    std::vector<int64_t> ids;
    for (const auto& event : Read(request)) ids.push_back(event.eventId);
    return ids;
  }
  int64_t Newest() { return Get<thrift::CurrentNotificationEventId>("get_current_notificationEventId").eventId; }
  int64_t Count(const thrift::NotificationEventsCountRequest& request) {
    return Get<thrift::NotificationEventsCountResponse>("get_notification_events_count", request).eventsCount;
  }

  static std::string web() { return "web"; }

  ManualClock clock{1'700'000'000'500};
};

TEST_F(EventCallsTest, ChangesAreToldInTheirOrder) {
  EXPECT_EQ(Newest(), 0);
  MakeDatabase("web");
  AddTable("web", "hits");
  std::vector<model::v1::Partition> partitions(2);
  partitions[0].add_values("2026-01-05");
  partitions[1].add_values("a/b");
  ASSERT_OK(metastore->Local().AddPartitions({"web", "hits"}, partitions));
  ASSERT_OK(metastore->Local().RenameTable({"web", "hits"}, {"web", "clicks"}));
  EXPECT_EQ(Newest(), 4);
  const auto events = Read(After(0));
  ASSERT_THAT(events, SizeIs(4));
  const char* const kTypes[] = {"CREATE_DATABASE", "CREATE_TABLE", "ADD_PARTITION", "ALTER_TABLE"};
  for (std::size_t i = 0; i < events.size(); ++i) {
    EXPECT_EQ(events[i].eventId, static_cast<int64_t>(i) + 1);
    EXPECT_EQ(events[i].eventType, kTypes[i]);
    EXPECT_EQ(events[i].eventTime, 1'700'000'000);
    EXPECT_EQ(events[i].messageFormat, "json-0.2");
    EXPECT_EQ(events[i].catName, "hive");
    EXPECT_EQ(events[i].dbName, "web");
  }
  EXPECT_FALSE(events[0].__isset.tableName);
  EXPECT_EQ(events[2].tableName, "hits");
  EXPECT_EQ(events[2].message, R"({"server":"","servicePrincipal":"","db":"web","table":"hits",)"
                               R"("partitions":[{"dt":"2026-01-05"},{"dt":"a/b"}],"timestamp":1700000000})");
  // A rename: the event has the new name, its message the old one.
  EXPECT_EQ(events[3].tableName, "clicks");
  EXPECT_EQ(Json::parse(events[3].message)["table"], "hits");
  EXPECT_THAT(Ids(After(2)), ElementsAre(3, 4));
  EXPECT_THAT(Ids(After(1, 2)), ElementsAre(2, 3));
  EXPECT_THAT(Ids(After(4)), IsEmpty());
}

// What stands in a message as Thrift's JSON, read back.
template <typename T>
T FromJsonText(const Json& text) {
  std::string bytes = text.get<std::string>();
  const auto buffer = std::make_shared<apache::thrift::transport::TMemoryBuffer>(
      reinterpret_cast<uint8_t*>(bytes.data()), static_cast<uint32_t>(bytes.size()));
  apache::thrift::protocol::TJSONProtocol reader(buffer);
  T object;
  object.read(&reader);
  return object;
}

template <typename T>
std::string ToJsonText(const T& object) {
  const auto buffer = std::make_shared<apache::thrift::transport::TMemoryBuffer>();
  apache::thrift::protocol::TJSONProtocol writer(buffer);
  object.write(&writer);
  return buffer->getBufferAsString();
}

TEST_F(EventCallsTest, MessagesHaveTheObjectsAsTheyAreNow) {
  MakeDatabase("web");
  AddTable("web", "hits");
  std::vector<model::v1::Partition> partitions(2);
  partitions[0].add_values("a");
  partitions[1].add_values("b");
  Session session = metastore->Local();
  ASSERT_OK(session.AddPartitions({"web", "hits"}, partitions));
  (*partitions[0].mutable_parameters())["k"] = "v";
  ASSERT_OK(session.AlterPartitions({"web", "hits"}, std::vector{partitions[0]}));
  model::v1::Function function;
  function.set_database("web");
  function.set_name("f");
  function.set_class_name("example.F");
  ASSERT_OK(session.CreateFunction(function));
  auto events = Read(After(0));
  ASSERT_THAT(events, SizeIs(5));
  std::vector<Json> messages;
  for (const auto& event : events) messages.push_back(Json::parse(event.message));
  EXPECT_EQ(messages[0]["dbJson"], ToJsonText(Get<thrift::Database>("get_database", web())));
  const std::string table = ToJsonText(Get<thrift::Table>("get_table", web(), std::string("hits")));
  for (int i = 1; i <= 3; ++i) {
    EXPECT_EQ(messages[i]["tableObjJson"], table) << i;
    EXPECT_EQ(FromJsonText<thrift::Table>(messages[i]["tableObjJson"]).sd.cols[1].name, "name");
    EXPECT_EQ(messages[i]["tableType"], "MANAGED_TABLE");
  }
  ASSERT_THAT(messages[2]["partitionListJson"], SizeIs(2));
  const auto changed = FromJsonText<thrift::Partition>(messages[2]["partitionListJson"][0]);
  EXPECT_THAT(changed.values, ElementsAre("a"));
  EXPECT_EQ(changed.parameters.at("k"), "v");
  EXPECT_EQ(messages[3]["partitionObjAfterJson"], messages[2]["partitionListJson"][0]);
  EXPECT_EQ(FromJsonText<thrift::Function>(messages[4]["functionObjJson"]).className, "example.F");

  // Partitions that are not all there any more, and another table of the name.
  ASSERT_OK(session.DropPartitions({"web", "hits"}, std::vector<std::string>{"dt=b"}));
  EXPECT_THAT(Json::parse(Read(After(2))[0].message)["partitionListJson"], SizeIs(1));
  ASSERT_OK(session.DropPartitions({"web", "hits"}, std::vector<std::string>{"dt=a"}));
  EXPECT_THAT(Json::parse(Read(After(2))[0].message)["partitionListJson"], SizeIs(0));
  EXPECT_FALSE(Json::parse(Read(After(3))[0].message).contains("partitionObjAfterJson"));
  ASSERT_OK(session.DropTable({"web", "hits"}));
  AddTable("web", "hits");
  events = Read(After(1));
  ASSERT_THAT(events, SizeIs(8));
  for (std::size_t i = 0; i < events.size(); ++i) {
    EXPECT_EQ(Json::parse(events[i].message).contains("tableObjJson"), i == 7) << events[i].eventType;
  }
}

TEST_F(EventCallsTest, EventsAreChosenAndCounted) {
  ASSERT_OK(metastore->Local().CreateCatalog([] {
    model::v1::Catalog catalog;
    catalog.set_name("sales");
    return catalog;
  }()));
  const int64_t before = Newest();
  MakeDatabase("web");
  AddTable("web", "hits");
  AddTable("web", "clicks");
  MakeDatabase("other");
  MakeDatabase("web", "sales");
  thrift::NotificationEventRequest request = After(before);
  EXPECT_THAT(Ids(request), SizeIs(5));
  request.__set_dbName("Web");
  EXPECT_THAT(Ids(request), ElementsAre(before + 1, before + 2, before + 3));
  request.__set_tableNames({"HITS"});
  EXPECT_THAT(Ids(request), ElementsAre(before + 2));
  request = After(before);
  request.__set_eventTypeSkipList({"CREATE_DATABASE"});
  EXPECT_THAT(Ids(request), ElementsAre(before + 2, before + 3));
  request = After(before);
  request.__set_catName("sales");
  EXPECT_THAT(Ids(request), ElementsAre(before + 5));
  request = After(before);
  request.__set_dbName("@sales#");
  EXPECT_THAT(Ids(request), ElementsAre(before + 5));

  thrift::NotificationEventsCountRequest count;
  count.__set_fromEventId(before);
  count.__set_dbName("web");
  EXPECT_EQ(Count(count), 3);
  count.__set_catName("sales");
  EXPECT_EQ(Count(count), 1);
  count.__set_catName("hive");
  count.__set_toEventId(before + 2);
  EXPECT_EQ(Count(count), 2);
  count.__set_limit(1);
  EXPECT_EQ(Count(count), 1);
}

TEST_F(EventCallsTest, AnAccountHearsOfWhatItSees) {
  MakeDatabase("web");
  AddTable("web", "hits");
  MakeDatabase("own", "hive", "bob");
  MakeDatabase("more");
  options.authenticate = true;
  service.emplace(metastore.get(), options);
  connection.emplace(&*service, 2);
  connection->Authenticated({.principal = {.name = "bob"}, .catalog = {}});
  EXPECT_THAT(Ids(After(0)), ElementsAre(3));
  EXPECT_EQ(Newest(), 4);
}

TEST_F(EventCallsTest, AnAnswerOfManyBytesIsCutAndTheNextOneGoesOn) {
  options.event_bytes = 3'000;
  service.emplace(metastore.get(), options);
  connection.emplace(&*service, 2);
  MakeDatabase("web");
  AddTable("web", "hits");
  std::vector<model::v1::Partition> partition(1);
  for (const char* value : {"a", "b", "c", "d", "e"}) {
    partition[0].clear_values();
    partition[0].add_values(std::string(1'000, *value));
    ASSERT_OK(metastore->Local().AddPartitions({"web", "hits"}, partition));
  }
  int64_t last = 0;
  int answers = 0;
  for (auto events = Read(After(0)); !events.empty(); events = Read(After(last))) {
    ++answers;
    // Without its last event it is below the limit, and nothing is cut without need.
    std::size_t bytes = 0;
    for (const auto& event : events) {
      EXPECT_LT(bytes, options.event_bytes);
      EXPECT_EQ(event.eventId, ++last);
      bytes += event.message.size();
    }
    EXPECT_TRUE(bytes >= options.event_bytes || last == 7) << bytes;
  }
  EXPECT_EQ(last, 7);
  EXPECT_GT(answers, 1);
}

TEST_F(EventCallsTest, LongLogsAreReadToTheirEnd) {
  for (int i = 0; i < 1'003; ++i) {
    MakeDatabase("d" + std::to_string(i));
    if (HasFatalFailure()) return;
  }
  EXPECT_THAT(Read(After(0)), SizeIs(1'003));
  EXPECT_THAT(Read(After(0, 1'001)), SizeIs(1'001));
  thrift::NotificationEventsCountRequest count;
  count.__set_dbName("");
  EXPECT_EQ(Count(count), 1'003);
}

TEST_F(EventCallsTest, WhereTheOldestAreGoneItGoesOnWithTheRest) {
  MakeDatabase("a");
  MakeDatabase("b");
  clock.Advance(20'000);
  MakeDatabase("c");
  ASSERT_OK(metastore->Maintain());
  EXPECT_THAT(Ids(After(0)), ElementsAre(3));
  clock.Advance(20'000);
  ASSERT_OK(metastore->Maintain());
  EXPECT_THAT(Ids(After(0)), IsEmpty());
  EXPECT_EQ(Newest(), 3);
}

// An event of each kind, and what its message has beside server and time.
constexpr struct {
  Event::Kind kind;
  const char* type;
  const char* names;
} kCases[] = {
    {Event::CREATE_CATALOG, "CREATE_CATALOG", R"({"catalog":"hive"})"},
    {Event::ALTER_CATALOG, "ALTER_CATALOG", R"({"catalog":"hive"})"},
    {Event::DROP_CATALOG, "DROP_CATALOG", R"({"catalog":"hive"})"},
    {Event::UNDROP_CATALOG, "CREATE_CATALOG", R"({"catalog":"hive"})"},
    {Event::CREATE_DATABASE, "CREATE_DATABASE", R"({"db":"d"})"},
    {Event::ALTER_DATABASE, "ALTER_DATABASE", R"({"db":"d"})"},
    {Event::DROP_DATABASE, "DROP_DATABASE", R"({"db":"d"})"},
    {Event::UNDROP_DATABASE, "CREATE_DATABASE", R"({"db":"d"})"},
    {Event::CREATE_TABLE, "CREATE_TABLE", R"({"db":"d","table":"t"})"},
    {Event::ALTER_TABLE, "ALTER_TABLE", R"({"db":"d","table":"t","isTruncateOp":"false"})"},
    {Event::DROP_TABLE, "DROP_TABLE", R"({"db":"d","table":"t"})"},
    {Event::UNDROP_TABLE, "CREATE_TABLE", R"({"db":"d","table":"t"})"},
    {Event::ADD_PARTITIONS, "ADD_PARTITION", R"({"db":"d","table":"t","partitions":[{"k":"1"}]})"},
    {Event::LOAD_PARTITIONS, "ADD_PARTITION", R"({"db":"d","table":"t","partitions":[{"k":"1"}]})"},
    {Event::ALTER_PARTITIONS, "ALTER_PARTITION",
     R"({"db":"d","table":"t","isTruncateOp":"false","keyValues":{"k":"1"},"partitions":[{"k":"1"}]})"},
    {Event::DROP_PARTITIONS, "DROP_PARTITION", R"({"db":"d","table":"t","partitions":[{"k":"1"}]})"},
    {Event::CREATE_FUNCTION, "CREATE_FUNCTION", R"({"db":"d","functionName":"t"})"},
    {Event::ALTER_FUNCTION, "CREATE_FUNCTION", R"({"db":"d","functionName":"t"})"},
    {Event::UNDROP_FUNCTION, "CREATE_FUNCTION", R"({"db":"d","functionName":"t"})"},
    {Event::DROP_FUNCTION, "DROP_FUNCTION", R"({"db":"d","functionName":"t"})"},
    {Event::UPDATE_TABLE_STATISTICS, "UPDATE_TBL_COL_STAT_EVENT", R"({"catalog":"hive","database":"d"})"},
    {Event::DELETE_TABLE_STATISTICS, "DELETE_TBL_COL_STAT_EVENT", R"({"catalog":"hive","database":"d"})"},
    {Event::UPDATE_PARTITION_STATISTICS, "UPDATE_PART_COL_STAT_EVENT",
     R"({"catalog":"hive","database":"d","partVals":["1"]})"},
    {Event::DELETE_PARTITION_STATISTICS, "DELETE_PART_COL_STAT_EVENT",
     R"({"catalog":"hive","database":"d","partName":"k=1","partValues":["1"]})"},
    {Event::ADD_CONSTRAINTS, "ALTER_TABLE", R"({"db":"d","table":"t","isTruncateOp":"false"})"},
    {Event::DROP_CONSTRAINT, "DROP_CONSTRAINT", R"({"dbName":"d","tableName":"t","constraintName":"pk"})"},
};

TEST(EventConvertTest, EveryKindHasItsTypeAndItsNames) {
  std::set<int> kinds;
  for (const auto& [kind, type, names] : kCases) {
    kinds.insert(kind);
    const std::string_view name = type;
    const bool is_database = name.ends_with("DATABASE");
    const bool is_catalog = name.ends_with("CATALOG");
    const std::string kind_name = Event::Kind_Name(kind);
    Event event;
    event.set_kind(kind);
    event.set_time_ms(5'000);
    event.set_catalog("hive");
    if (!is_catalog) event.set_database("d");
    if (!is_catalog && !is_database) event.set_object("t");
    if (kind_name.find("PARTITION") != std::string::npos) event.add_partitions("k=1");
    if (kind == Event::DROP_CONSTRAINT) event.set_new_object("pk");
    const auto told = ToThrift(event);
    ASSERT_OK(told);
    EXPECT_EQ(told->eventType, type);
    Json message = Json::parse(told->message);
    EXPECT_EQ(message["server"], "");
    EXPECT_EQ(message["servicePrincipal"], "");
    EXPECT_EQ(message["timestamp"], 5);
    for (const char* key : {"server", "servicePrincipal", "timestamp"}) message.erase(key);
    EXPECT_EQ(message, Json::parse(names)) << kind_name;
    EXPECT_EQ(told->catName, "hive");
    EXPECT_EQ(told->__isset.dbName, !is_catalog) << kind_name;
    const bool has_table = !is_catalog && !is_database && !name.ends_with("FUNCTION");
    EXPECT_EQ(told->__isset.tableName, has_table) << kind_name;
    EXPECT_EQ(told->tableName, has_table ? "t" : "") << kind_name;
    EXPECT_EQ(IsAboutTable(event, {"t"}), has_table) << kind_name;
    EXPECT_FALSE(IsAboutTable(event, {"pk", "d", "hive", ""})) << kind_name;
  }
  // None is overlooked.
  for (int kind = 1; kind <= Event::Kind_MAX; ++kind) EXPECT_TRUE(kinds.contains(kind)) << kind;
}

TEST(EventConvertTest, RenamesHaveTheNewNamesAndInTheirMessagesTheOldOnes) {
  const auto told = [](Event::Kind kind, const std::string& database, const std::string& object,
                       const std::string& new_database, const std::string& new_object) {
    Event event;
    event.set_kind(kind);
    event.set_catalog("hive");
    event.set_database(database);
    event.set_object(object);
    event.set_new_database(new_database);
    event.set_new_object(new_object);
    const auto out = ToThrift(event);
    EXPECT_OK(out);
    const Json message = Json::parse(out->message);
    return base::StrCat(out->catName, " ", out->dbName, " ", out->tableName, " ", message.value("catalog", ""), " ",
                        message.value("db", ""), " ", message.value("table", ""), message.value("functionName", ""));
  };
  EXPECT_EQ(told(Event::ALTER_CATALOG, "", "", "", "new"), "new   hive  ");
  EXPECT_EQ(told(Event::ALTER_DATABASE, "d", "", "e", ""), "hive e   d ");
  EXPECT_EQ(told(Event::ALTER_TABLE, "d", "t", "e", "u"), "hive e u  d t");
  EXPECT_EQ(told(Event::ALTER_FUNCTION, "d", "f", "e", "g"), "hive e   d f");
}

TEST(EventConvertTest, ObjectsHaveTheirPlaceByKind) {
  EventObjects objects;
  objects.table.emplace().set_name("t");
  objects.partitions.resize(2);
  // The names of what is added for an object, by kind.
  const auto added = [&](Event::Kind kind) {
    Event event;
    event.set_kind(kind);
    event.set_database("d");
    event.set_object("t");
    event.set_count(2);
    event.add_partitions("k=1");
    event.add_partitions("k=2");
    const auto with = ToThrift(event, objects);
    const auto without = ToThrift(event);
    EXPECT_OK(with);
    EXPECT_OK(without);
    std::string names;
    const Json plain = Json::parse(without->message);
    const Json full = Json::parse(with->message);
    for (const auto& [key, value] : full.items()) {
      if (!plain.contains(key)) names += base::StrCat(names.empty() ? "" : " ", key);
    }
    return names;
  };
  EXPECT_EQ(added(Event::CREATE_TABLE), "tableObjJson tableType");
  EXPECT_EQ(added(Event::ALTER_TABLE), "tableObjAfterJson tableType");
  EXPECT_EQ(added(Event::ADD_CONSTRAINTS), "tableObjAfterJson tableType");
  EXPECT_EQ(added(Event::ADD_PARTITIONS), "partitionListJson tableObjJson tableType");
  EXPECT_EQ(added(Event::ALTER_PARTITIONS), "partitionObjAfterJson tableObjJson tableType");
  EXPECT_EQ(added(Event::DROP_PARTITIONS), "tableObjJson tableType");
  EXPECT_EQ(added(Event::UPDATE_TABLE_STATISTICS), "tableObjJson");
  objects.partitions.pop_back();
  EXPECT_EQ(added(Event::ADD_PARTITIONS), "partitionListJson tableObjJson tableType");
  EXPECT_EQ(added(Event::ALTER_PARTITIONS), "tableObjJson tableType");
  objects = {};
  objects.database.emplace().set_name("d");
  EXPECT_EQ(added(Event::CREATE_DATABASE), "dbJson");
  EXPECT_EQ(added(Event::ALTER_DATABASE), "dbObjAfterJson");
  objects = {};
  objects.function.emplace().set_name("t");
  EXPECT_EQ(added(Event::ALTER_FUNCTION), "functionObjJson");
}

TEST(EventConvertTest, PartitionsThatAreNotNamedAreAbsentRatherThanNone) {
  Event event;
  event.set_kind(Event::LOAD_PARTITIONS);
  event.set_database("d");
  event.set_object("t");
  event.set_count(5'000);
  const auto told = ToThrift(event);
  ASSERT_OK(told);
  EXPECT_FALSE(Json::parse(told->message).contains("partitions"));
  event.set_kind(Event::ALTER_PARTITIONS);
  event.add_partitions("a=1/b=x%2Fy");
  event.add_partitions("a=1/b=z");
  const auto renamed = ToThrift(event);
  ASSERT_OK(renamed);
  const Json message = Json::parse(renamed->message);
  EXPECT_EQ(message["keyValues"], Json::parse(R"({"a":"1","b":"x/y"})"));
  EXPECT_EQ(message["partitions"], Json::parse(R"([{"a":"1","b":"x/y"},{"a":"1","b":"z"}])"));
}

TEST(EventConvertTest, BytesThatAreNoUtf8AreReplaced) {
  Event event;
  event.set_kind(Event::ADD_PARTITIONS);
  event.set_database("d");
  event.set_object("t");
  event.add_partitions("k=a%FFb");
  const auto told = ToThrift(event);
  ASSERT_OK(told);
  EXPECT_EQ(Json::parse(told->message)["partitions"][0]["k"],
            "a\xef\xbf\xbd"
            "b");
}

TEST(EventConvertTest, ABrokenPartitionNameIsRefused) {
  Event event;
  event.set_kind(Event::ADD_PARTITIONS);
  event.add_partitions("no name");
  EXPECT_TRUE(absl::IsDataLoss(ToThrift(event).status()));
}

}  // namespace
}  // namespace lodestone::hive
