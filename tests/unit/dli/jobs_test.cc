#include "bindings/http/dli/jobs.h"

#include <set>

#include "tests/support/matchers.h"

namespace lodestone::http::dli {
namespace {

TEST(Jobs, AreFoundInTheirProjectAlone) {
  Jobs jobs(10);
  const std::string id = jobs.Add({.project = "p1", .owner = "ana"});
  ASSERT_TRUE(jobs.Find("p1", id).has_value());
  EXPECT_EQ(jobs.Find("p1", id)->owner, "ana");
  EXPECT_EQ(jobs.Find("p1", id)->id, id);
  EXPECT_FALSE(jobs.Find("p2", id).has_value());
  EXPECT_FALSE(jobs.Find("p1", "").has_value());
}

TEST(Jobs, TheOldestAreForgotten) {
  Jobs jobs(3);
  std::vector<std::string> ids;
  for (int i = 0; i < 5; ++i) ids.push_back(jobs.Add({.project = "p"}));
  for (int i = 0; i < 5; ++i) EXPECT_EQ(jobs.Find("p", ids[i]).has_value(), i >= 2) << i;
}

TEST(Jobs, IdsLookLikeUuidsAndDiffer) {
  Jobs jobs(1000);
  std::set<std::string> ids;
  for (int i = 0; i < 1000; ++i) ids.insert(jobs.Add({}));
  EXPECT_EQ(ids.size(), 1000u);
  for (const std::string& id : ids) {
    ASSERT_EQ(id.size(), 36u);
    EXPECT_EQ(id[8], '-');
    EXPECT_EQ(id[14], '4');
    EXPECT_EQ(id[23], '-');
  }
}

}  // namespace
}  // namespace lodestone::http::dli
