// Rules of the layout, each broken on its own: for tests of what verify finds.
#pragma once

#include <functional>
#include <string>

#include "catalog/session/context.h"
#include "gtest/gtest.h"
#include "tests/support/matchers.h"

namespace lodestone::testing {

struct Violation {
  std::string rule;
  std::function<void(store::Transaction&)> seed;
  std::string finding;  // part of `where` or `what`
};

// Changes one record, as damage or a defect would.
template <typename Message>
void Change(store::Transaction& txn, const std::string& key, const std::function<void(Message*)>& change) {
  auto found = session::ReadRecord<Message>(txn, key);
  ASSERT_OK(found);
  ASSERT_TRUE(found->has_value()) << record::Describe(key);
  change(&**found);
  session::PutRecord(txn, key, **found);
}

// What verify says once the seed is committed, a finding a line.
inline void FindAfter(Metastore& metastore, const std::function<void(store::Transaction&)>& seed, std::string* all) {
  auto txn = metastore.impl()->store().Begin();
  ASSERT_OK(txn);
  seed(**txn);
  ASSERT_OK((*txn)->Commit(store::Durability::kSync));
  txn->reset();
  const auto findings = metastore.Verify();
  ASSERT_OK(findings);
  for (const VerifyFinding& finding : *findings) *all += finding.where + ": " + finding.what + "\n";
}

}  // namespace lodestone::testing
