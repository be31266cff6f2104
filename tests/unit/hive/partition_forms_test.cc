// The forms that a call on partitions has: each does what the others do.
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "bindings/hive/idl/hive_metastore_types.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/support/matchers.h"
#include "tests/unit/hive/call_fixture.h"

namespace lodestone::hive {
namespace {

using testing::Absent;
using testing::CallTest;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Key;
using ::testing::Pair;
using ::testing::SizeIs;
using ::testing::StartsWith;
using ::testing::UnorderedElementsAre;
using Texts = std::vector<std::string>;
using Partitions = std::vector<thrift::Partition>;
using Specs = std::vector<thrift::PartitionSpec>;

const std::string kDatabase = "default";
const std::string kTable = "hits";
const thrift::EnvironmentContext kContext;
constexpr int16_t kAll = -1;

class PartitionFormsTest : public CallTest {
 protected:
  void SetUp() override {
    CallTest::SetUp();
    AddTable(kDatabase, kTable);
  }
  Texts PartitionNames(const std::string& table = kTable) {
    return Get<Texts>("get_partition_names", kDatabase, table, kAll);
  }
  thrift::Partition Found(const std::string& value) {
    return Get<thrift::Partition>("get_partition", kDatabase, kTable, Texts{value});
  }
  static thrift::Partition Made(const std::string& value) {
    thrift::Partition partition;
    partition.__set_dbName(kDatabase);
    partition.__set_tableName(kTable);
    partition.__set_values({value});
    partition.__set_parameters({{"k", value}, {"rows", "1"}});
    return partition;
  }
  void AddThree() { ASSERT_EQ(Get<int32_t>("add_partitions", Partitions{Made("1"), Made("2"), Made("3")}), 3); }
  template <typename Request>
  static Request Of() {
    Request request;
    if constexpr (requires { request.__set_dbName(kDatabase); }) {
      request.__set_dbName(kDatabase);
    } else {
      request.__set_db_name(kDatabase);
    }
    if constexpr (requires { request.__set_tblName(kTable); }) {
      request.__set_tblName(kTable);
    } else if constexpr (requires { request.__set_tbl_name(kTable); }) {
      request.__set_tbl_name(kTable);
    } else {
      request.__set_tableName(kTable);
    }
    return request;
  }
};

TEST_F(PartitionFormsTest, EachWayOfAddingMakesThePartitionItsFolderAndItsParameters) {
  thrift::AddPartitionsRequest request = Of<thrift::AddPartitionsRequest>();
  request.__set_parts({Made("c")});
  thrift::PartitionSpec spec;
  spec.__set_dbName(kDatabase);
  spec.__set_tableName(kTable);
  thrift::PartitionListComposingSpec listed;
  listed.__set_partitions({Made("d")});
  spec.__set_partitionList(listed);

  EXPECT_EQ(Get<thrift::Partition>("add_partition", Made("a")).values, Texts{"a"});
  EXPECT_EQ(Get<thrift::Partition>("add_partition_with_environment_context", Made("b"), kContext).values, Texts{"b"});
  EXPECT_THAT(Get<thrift::AddPartitionsResult>("add_partitions_req", request).partitions, SizeIs(1));
  EXPECT_EQ(Get<int32_t>("add_partitions_pspec", Specs{spec}), 1);
  EXPECT_EQ(Get<int32_t>("add_partitions", Partitions{Made("e"), Made("f")}), 2);
  EXPECT_THAT(PartitionNames(), ElementsAre("dt=a", "dt=b", "dt=c", "dt=d", "dt=e", "dt=f"));
  for (const std::string value : {"a", "b", "c", "d", "e", "f"}) {
    const thrift::Partition found = Found(value);
    EXPECT_EQ(found.parameters.at("k"), value);
    EXPECT_THAT(found.sd.cols, SizeIs(2)) << "the table's, for " << value;
    EXPECT_TRUE(*warehouse->Exists(found.sd.location)) << found.sd.location;
  }
  EXPECT_THAT(Fail("add_partitions", Partitions{Made("g"), Made("a")}), StartsWith("2 "));  // AlreadyExists
  EXPECT_THAT(PartitionNames(), SizeIs(6));
}

TEST_F(PartitionFormsTest, EachWayOfAppendingMakesAPartitionOfItsValuesAlone) {
  const auto appended = [&](const auto&... arguments) { return Get<thrift::Partition>(arguments...).values; };
  EXPECT_EQ(appended("append_partition", kDatabase, kTable, Texts{"a"}), Texts{"a"});
  EXPECT_EQ(appended("append_partition_with_environment_context", kDatabase, kTable, Texts{"b"}, kContext), Texts{"b"});
  EXPECT_EQ(appended("append_partition_by_name", kDatabase, kTable, std::string("dt=c")), Texts{"c"});
  EXPECT_EQ(
      appended("append_partition_by_name_with_environment_context", kDatabase, kTable, std::string("dt=d"), kContext),
      Texts{"d"});
  thrift::AppendPartitionsRequest request = Of<thrift::AppendPartitionsRequest>();
  request.__set_partVals({"e"});
  EXPECT_EQ(appended("append_partition_req", request), Texts{"e"});
  request.__set_name("dt=f");
  EXPECT_EQ(appended("append_partition_req", request), Texts{"f"});
  EXPECT_THAT(PartitionNames(), ElementsAre("dt=a", "dt=b", "dt=c", "dt=d", "dt=e", "dt=f"));
  EXPECT_THAT(Fail("append_partition_by_name", kDatabase, kTable, std::string("day=1")), StartsWith("3 "));  // Meta
}

TEST_F(PartitionFormsTest, EachListHasTheSamePartitions) {
  AddThree();
  const std::string expected = Bytes(Get<Partitions>("get_partitions", kDatabase, kTable, kAll));
  const std::string user = "ana";
  const auto same = [&](const Partitions& found, const char* call) { EXPECT_EQ(Bytes(found), expected) << call; };
  same(Get<Partitions>("get_partitions_with_auth", kDatabase, kTable, kAll, user, Texts{}), "with_auth");
  same(Get<Partitions>("get_partitions_ps", kDatabase, kTable, Texts{""}, kAll), "ps");
  same(Get<Partitions>("get_partitions_ps_with_auth", kDatabase, kTable, Texts{""}, kAll, user, Texts{}), "ps_auth");
  same(Get<Partitions>("get_partitions_by_filter", kDatabase, kTable, std::string("dt >= \"1\""), kAll), "by_filter");
  same(Get<Partitions>("get_partitions_by_names", kDatabase, kTable, Texts{"dt=3", "dt=1", "dt=2", "dt=4"}), "names");
  same(Get<thrift::PartitionsResponse>("get_partitions_req", Of<thrift::PartitionsRequest>()).partitions, "req");
  thrift::GetPartitionsByFilterRequest filter = Of<thrift::GetPartitionsByFilterRequest>();
  filter.__set_filter("dt < \"4\"");
  same(Get<Partitions>("get_partitions_by_filter_req", filter), "by_filter_req");
  thrift::GetPartitionsByNamesRequest names = Of<thrift::GetPartitionsByNamesRequest>();
  names.__set_names({"dt=1", "dt=2", "dt=3"});
  same(Get<thrift::GetPartitionsByNamesResult>("get_partitions_by_names_req", names).partitions, "by_names_req");
  using PsRequest = thrift::GetPartitionsPsWithAuthRequest;
  using PsResponse = thrift::GetPartitionsPsWithAuthResponse;
  PsRequest ps = Of<PsRequest>();
  same(Get<PsResponse>("get_partitions_ps_with_auth_req", ps).partitions, "ps_with_auth_req");
  ps.__set_partVals({""});
  same(Get<PsResponse>("get_partitions_ps_with_auth_req", ps).partitions, "ps_with_auth_req, any value");
  ps.__set_partNames({"dt=2"});
  const Partitions named = Get<PsResponse>("get_partitions_ps_with_auth_req", ps).partitions;
  ASSERT_THAT(named, SizeIs(1));
  EXPECT_EQ(named[0].values, Texts{"2"});
}

TEST_F(PartitionFormsTest, AListTellsWhatOfEachPartitionIsAskedFor) {
  AddThree();
  const auto check = [&](const Partitions& found) {
    ASSERT_THAT(found, SizeIs(3));
    EXPECT_THAT(found[1].sd.cols, IsEmpty());
    EXPECT_THAT(found[1].parameters, ElementsAre(Pair("rows", "1")));
    EXPECT_EQ(found[1].sd.location, Found("2").sd.location);
  };
  const auto some = [](auto request) {
    request.__set_skipColumnSchemaForPartition(true);
    request.__set_includeParamKeyPattern("%r%w_");
    return request;
  };
  check(Get<thrift::PartitionsResponse>("get_partitions_req", some(Of<thrift::PartitionsRequest>())).partitions);
  check(Get<Partitions>("get_partitions_by_filter_req", some([&] {
                          auto request = Of<thrift::GetPartitionsByFilterRequest>();
                          request.__set_filter("dt > \"0\"");
                          return request;
                        }())));
  check(Get<thrift::GetPartitionsByNamesResult>("get_partitions_by_names_req", some([&] {
                                                  auto request = Of<thrift::GetPartitionsByNamesRequest>();
                                                  request.__set_names({"dt=1", "dt=2", "dt=3"});
                                                  return request;
                                                }()))
            .partitions);
  check(Get<thrift::GetPartitionsPsWithAuthResponse>("get_partitions_ps_with_auth_req",
                                                     some(Of<thrift::GetPartitionsPsWithAuthRequest>()))
            .partitions);
  auto without = Of<thrift::PartitionsRequest>();
  without.__set_excludeParamKeyPattern("rows");
  EXPECT_THAT(Get<thrift::PartitionsResponse>("get_partitions_req", without).partitions.front().parameters,
              UnorderedElementsAre(Key("k"), Key("transient_lastDdlTime")));
}

TEST_F(PartitionFormsTest, TheCompactFormsShareADescriptor) {
  AddThree();
  const auto check = [&](const Specs& specs) {
    ASSERT_THAT(specs, SizeIs(1));
    const thrift::PartitionSpecWithSharedSD& shared = specs[0].sharedSDPartitionSpec;
    ASSERT_THAT(shared.partitions, SizeIs(3));
    EXPECT_EQ(shared.sd.location + shared.partitions[1].relativePath, Found("2").sd.location);
  };
  check(Get<Specs>("get_partitions_pspec", kDatabase, kTable, int32_t{-1}));
  check(Get<Specs>("get_part_specs_by_filter", kDatabase, kTable, std::string("dt <> \"x\""), int32_t{-1}));
}

TEST_F(PartitionFormsTest, EachListOfNamesIsTheSame) {
  AddThree();
  EXPECT_EQ(Get<Texts>("fetch_partition_names_req", Of<thrift::PartitionsRequest>()), PartitionNames());
  EXPECT_EQ(Get<Texts>("get_partition_names_ps", kDatabase, kTable, Texts{""}, kAll), PartitionNames());
  auto request = Of<thrift::GetPartitionNamesPsRequest>();
  request.__set_partValues({"2"});
  EXPECT_THAT(Get<thrift::GetPartitionNamesPsResponse>("get_partition_names_ps_req", request).names,
              ElementsAre("dt=2"));
  EXPECT_EQ(Get<int32_t>("get_num_partitions_by_filter", kDatabase, kTable, std::string("dt > \"1\"")), 2);
}

TEST_F(PartitionFormsTest, SerialisedExpressionsAreRefusedSoThatClientsAskByNames) {
  AddThree();
  auto request = Of<thrift::PartitionsByExprRequest>();
  request.__set_expr("dt > 1");
  for (const char* call : {"get_partitions_by_expr", "get_partitions_spec_by_expr", "get_partition_names_req"}) {
    EXPECT_THAT(Fail(call, request), ::testing::AllOf(StartsWith("1 "), HasSubstr("by a filter or by names"))) << call;
  }
}

TEST_F(PartitionFormsTest, EachWayOfAlteringChangesThePartition) {
  AddThree();
  const auto changed = [&](const std::string& to) {
    thrift::Partition partition = Found("2");
    partition.parameters["k"] = to;
    return partition;
  };
  const auto alter = [&](const char* call, const auto&... arguments) {
    EXPECT_EQ(Fail(call, arguments...), "") << call;
    return Found("2").parameters["k"];
  };
  EXPECT_EQ(alter("alter_partition", kDatabase, kTable, changed("a")), "a");
  EXPECT_EQ(alter("alter_partition_with_environment_context", kDatabase, kTable, changed("b"), kContext), "b");
  EXPECT_EQ(alter("alter_partitions", kDatabase, kTable, Partitions{changed("c")}), "c");
  EXPECT_EQ(alter("alter_partitions_with_environment_context", kDatabase, kTable, Partitions{changed("d")}, kContext),
            "d");
  auto request = Of<thrift::AlterPartitionsRequest>();
  request.__set_partitions({changed("e")});
  EXPECT_EQ(alter("alter_partitions_req", request), "e");
  thrift::Partition missing = Made("9");
  EXPECT_THAT(Fail("alter_partitions", kDatabase, kTable, Partitions{changed("f"), missing}), StartsWith("1 "));
  EXPECT_EQ(Found("2").parameters["k"], "e");
}

TEST_F(PartitionFormsTest, EachWayOfRenamingMovesThePartition) {
  AddThree();
  const auto renamed = [&](const std::string& from, const std::string& to) {
    thrift::Partition partition = Found(from);
    partition.values = {to};
    return partition;
  };
  EXPECT_EQ(Fail("rename_partition", kDatabase, kTable, Texts{"1"}, renamed("1", "7")), "");
  auto request = Of<thrift::RenamePartitionRequest>();
  request.__set_partVals({"2"});
  request.__set_newPart(renamed("2", "8"));
  EXPECT_EQ(Fail("rename_partition_req", request), "");
  EXPECT_THAT(PartitionNames(), ElementsAre("dt=3", "dt=7", "dt=8"));
  EXPECT_TRUE(*warehouse->Exists(Found("8").sd.location));
  request.__set_newPart(renamed("8", "3"));
  request.__set_partVals({"8"});
  EXPECT_THAT(Fail("rename_partition_req", request), StartsWith("1 "));  // InvalidOperation: it is there
}

TEST_F(PartitionFormsTest, PartitionsAreExchangedOneByOneAndTogether) {
  AddThree();
  AddTable(kDatabase, "other");
  const std::string other = "other";
  const std::map<std::string, std::string> one = {{"dt", "1"}};
  EXPECT_EQ(Get<thrift::Partition>("exchange_partition", one, kDatabase, kTable, kDatabase, other).values, Texts{"1"});
  EXPECT_THAT(Get<Partitions>("exchange_partitions", std::map<std::string, std::string>{{"dt", "2"}}, kDatabase, kTable,
                              kDatabase, other),
              SizeIs(1));
  EXPECT_THAT(PartitionNames(), ElementsAre("dt=3"));
  EXPECT_THAT(PartitionNames(other), ElementsAre("dt=1", "dt=2"));
}

TEST_F(PartitionFormsTest, EachWayOfDroppingTakesThePartitionAndItsFolder) {
  const std::vector<std::function<bool(const std::string&)>> ways = {
      [&](const std::string& value) { return Get<bool>("drop_partition", kDatabase, kTable, Texts{value}, true); },
      [&](const std::string& value) {
        return Get<bool>("drop_partition_with_environment_context", kDatabase, kTable, Texts{value}, true, kContext);
      },
      [&](const std::string& value) {
        return Get<bool>("drop_partition_by_name", kDatabase, kTable, "dt=" + value, true);
      },
      [&](const std::string& value) {
        return Get<bool>("drop_partition_by_name_with_environment_context", kDatabase, kTable, "dt=" + value, true,
                         kContext);
      },
      [&](const std::string& value) {
        auto request = Of<thrift::DropPartitionRequest>();
        request.__set_partVals({value});
        request.__set_deleteData(true);
        return Get<bool>("drop_partition_req", request);
      },
      [&](const std::string& value) {
        auto request = Of<thrift::DropPartitionRequest>();
        request.__set_partName("dt=" + value);
        request.__set_deleteData(true);
        return Get<bool>("drop_partition_req", request);
      },
      [&](const std::string& value) {
        auto request = Of<thrift::DropPartitionsRequest>();
        request.parts.__set_names({"dt=" + value});
        request.__set_deleteData(true);
        return Get<thrift::DropPartitionsResult>("drop_partitions_req", request).partitions.size() == 1;
      },
  };
  for (std::size_t way = 0; way < ways.size(); ++way) {
    AddThree();
    const std::string location = Found("2").sd.location;
    EXPECT_TRUE(ways[way]("2")) << way;
    EXPECT_THAT(PartitionNames(), ElementsAre("dt=1", "dt=3")) << way;
    EXPECT_FALSE(*warehouse->Exists(location)) << way;
    for (const std::string value : {"1", "3"}) ASSERT_TRUE(ways.front()(value));
  }
  EXPECT_THAT(Fail("drop_partition", kDatabase, kTable, Texts{"2"}, true), StartsWith("1 "));  // NoSuchObject
}

TEST_F(PartitionFormsTest, ATruncationKeepsPartitionsAndTakesTheirFiles) {
  AddThree();
  EXPECT_EQ(Fail("truncate_table", kDatabase, kTable, Texts{"dt=1"}), "");
  thrift::TruncateTableRequest request;
  request.__set_dbName(kDatabase);
  request.__set_tableName(kTable);
  EXPECT_EQ(Fail("truncate_table_req", request), "");
  EXPECT_THAT(PartitionNames(), SizeIs(3));
  request.__set_tableName("nothing");
  EXPECT_NE(Fail("truncate_table_req", request), "");
}

}  // namespace
}  // namespace lodestone::hive
