// Where partitions lie, and how that is known without reading them.
#include <functional>
#include <string>
#include <vector>

#include "catalog/session/context.h"
#include "catalog/session/partition_places.h"
#include "tests/unit/session/fixture.h"

namespace lodestone::testing {
namespace {

class PlacesTest : public SessionTest {
 protected:
  PlacesTest() {
    Reopen({.warehouse = "file:/wh"});
    MakeHits();
  }

  static Partition Located(const Names& values, std::string_view location) {
    Partition partition = MakePartition(values);
    partition.mutable_storage_descriptor()->set_location(std::string(location));
    return partition;
  }
  // Whether the set says that all its partitions have derived locations.
  bool AllDerived() {
    const auto reader = session().impl()->Reader();
    const auto found = session::FindPartitions(*reader, "hive", kHits);
    EXPECT_OK(found);
    return found.ok() && partition::AllDerived(found->set);
  }
  Names Outside(std::string_view folder) {
    Names all;
    EXPECT_OK(session::ForEachPartitionOutside(session(), kHits, folder, [&](std::string_view location) {
      all.emplace_back(location);
      return absl::OkStatus();
    }));
    return all;
  }
  std::string LocationOf(const Names& values) {
    return session().GetPartition(kHits, values)->storage_descriptor().location();
  }
  // In one transaction with a change of the table's location, as it has to be.
  void Move(std::string_view from, std::string_view to) {
    ASSERT_OK(session().Transact([&](Session& inside) -> absl::Status {
      RETURN_IF_ERROR(session::MovePartitionPlaces(inside, kHits, from, to));
      return inside.ModifyTable(kHits, [&](Table& table) {
        table.mutable_storage_descriptor()->set_location(std::string(to));
        return absl::OkStatus();
      });
    }));
  }
};

TEST_F(PlacesTest, TheSetKnowsWhetherAllAreDerived) {
  const auto add = [&](const Partition& partition) { ASSERT_OK(session().AddPartitions(kHits, {&partition, 1})); };
  const struct {
    std::string name;
    std::function<void()> change;
    bool derived;
  } steps[] = {
      {"empty", [] {}, true},
      {"derived ones",
       [&] {
         Add({{"1", "1"}, {"1", "2"}});
       },
       true},
      {"the derived place, said",
       [&] {
         add(Located({"1", "3"}, "file:/wh/web.db/hits/dt=1/hour=3"));
       },
       true},
      {"altered in place",
       [&] {
         ASSERT_OK(session().AlterPartitions(kHits, std::vector{MakePartition({"1", "1"})}));
       },
       true},
      {"one dropped",
       [&] {
         ASSERT_OK(session().DropPartition(kHits, Names{"1", "3"}));
       },
       true},
      {"one elsewhere",
       [&] {
         add(Located({"2", "1"}, "file:/x"));
       },
       false},
      {"that one dropped: nobody looks",
       [&] {
         ASSERT_OK(session().DropPartition(kHits, Names{"2", "1"}));
       },
       false},
      {"none left", [&] { ASSERT_OK(session().TruncatePartitions(kHits)); }, true},
      {"one again",
       [&] {
         Add({{"1", "1"}});
       },
       true},
      {"renamed: it stays where it was",
       [&] {
         ASSERT_OK(session().RenamePartition(kHits, Names{"1", "1"}, Names{"5", "5"}));
       },
       false},
      {"the last dropped",
       [&] {
         ASSERT_OK(session().DropPartition(kHits, Names{"5", "5"}));
       },
       true},
      {"two",
       [&] {
         Add({{"1", "1"}, {"1", "2"}});
       },
       true},
      {"by filter", [&] { ASSERT_OK(session().DropPartitionsByFilter(kHits, "hour = '1'")); }, true},
  };
  for (const auto& step : steps) {
    step.change();
    EXPECT_EQ(AllDerived(), step.derived) << step.name;
    ExpectSound();
  }
}

TEST_F(PlacesTest, AChangeByWhoDoesNotKnowTheFieldMakesItUnknown) {
  Add({{"1", "1"}});
  auto txn = metastore_->impl()->store().Begin();
  ASSERT_OK(txn);
  const auto table = session::LocateTable(**txn, "hive", kHits);
  auto set = session::ReadPartitionSet(**txn, table->id);
  set->set_change(set->change() + 1);
  session::PutRecord(**txn, record::PartitionSetKey(table->id), *set);
  ASSERT_OK((*txn)->Commit(store::Durability::kRelaxed));
  EXPECT_FALSE(AllDerived());
  Add({{"1", "2"}});
  EXPECT_FALSE(AllDerived());
}

TEST_F(PlacesTest, TellsWhatLiesOutsideOfAFolder) {
  Add({{"1", "1"}, {"1", "2"}});
  EXPECT_EQ(Outside("file:///wh/web.db/hits"), Names{});
  EXPECT_EQ(Outside("/wh/web.db/hits/dt=1/hour=1"), Names{"file:/wh/web.db/hits/dt=1/hour=2"});
  ASSERT_OK(session().AddPartitions(
      kHits, std::vector{Located({"2", "1"}, "/wh/web.db/hits/x"), Located({"2", "2"}, "s3://b/k")}));
  EXPECT_EQ(Outside("file:/wh/web.db/hits"), Names{"s3://b/k"});
  // Derived ones of the time before the table's location changed.
  Table moved = *session().GetTable(kHits);
  moved.mutable_storage_descriptor()->set_location("file:/wh/later");
  ASSERT_OK(session().AlterTable(kHits, moved));
  EXPECT_EQ(Outside("file:/wh/later").size(), 4U);
}

TEST_F(PlacesTest, MovesDerivedAndOwnPlaces) {
  Add({{"1", "1"}});
  ASSERT_OK(session().AddPartitions(
      kHits, std::vector{Located({"2", "1"}, "/wh/web.db/hits/own"), Located({"2", "2"}, "file:/wh/web.db/hits2")}));
  ASSERT_OK(session().UpdatePartitionStatistics(kHits, Names{"2", "1"}, {}));
  // Of what is remembered of descriptors, nothing old is read afterwards.
  EXPECT_EQ(LocationOf({"1", "1"}), "file:/wh/web.db/hits/dt=1/hour=1");
  const Session before = session().Snapshot();
  Move("file:/wh/web.db/hits", "file:/wh/moved");
  EXPECT_EQ(LocationOf({"1", "1"}), "file:/wh/moved/dt=1/hour=1");
  EXPECT_EQ(LocationOf({"2", "1"}), "file:/wh/moved/own");
  EXPECT_EQ(LocationOf({"2", "2"}), "file:/wh/web.db/hits2");
  EXPECT_EQ(before.GetPartition(kHits, Names{"1", "1"})->storage_descriptor().location(),
            "file:/wh/web.db/hits/dt=1/hour=1");
  ExpectSound();
  // The descriptor of new ones is the one that was changed.
  Add({{"1", "2"}});
  EXPECT_EQ(LocationOf({"1", "2"}), "file:/wh/moved/dt=1/hour=2");
  ExpectSound();
  Move("file:/wh/moved", "file:/wh/web.db/hits");
  EXPECT_EQ(LocationOf({"1", "2"}), "file:/wh/web.db/hits/dt=1/hour=2");
  ExpectSound();
}

}  // namespace
}  // namespace lodestone::testing
