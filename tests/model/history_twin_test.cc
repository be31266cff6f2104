// Random histories of all operations: the catalog and the plain model must give the same answers, step by step. A seed
// is printed with every failure. LODESTONE_SOAK_FACTOR multiplies the number of histories (default 1).
#include <algorithm>
#include <array>
#include <cstdlib>
#include <memory>
#include <optional>

#include "catalog/base/clock.h"
#include "catalog/metastore.h"
#include "gtest/gtest.h"
#include "tests/model/plain_model.h"
#include "tests/support/matchers.h"
#include "tests/support/soak.h"

namespace lodestone::twin {
namespace {

// How often each kind of operation did what it is for: a history that never does proves nothing.
using Counts = std::array<int64_t, static_cast<std::size_t>(Kind::kLastRead) + 1>;

// One catalog beside one model.
class Twins {
 public:
  static constexpr int64_t kStart = 1'700'000'000'000;

  Twins(uint64_t seed, int64_t retention_ms, Counts* done)
      : source_(seed), clock_(kStart), model_("/wh", retention_ms, kStart), done_(done) {
    OpenOptions options;
    options.warehouse = "/wh";
    options.undrop_retention_ms = retention_ms;
    options.clock = &clock_;
    metastore_ = *Metastore::OpenInMemory(options);
  }

  // Returns false after a difference, which was reported.
  bool Step() {
    const int what = source_.Below(100);
    if (what < 3) {
      clock_.Advance(source_.Below(2'000));
      model_.set_now(clock_.NowMillis());
      return true;
    }
    if (what < 4) return Sound(metastore_->Maintain());
    if (what < 6) return TransactTwice();
    if (what < 8) return Remember();
    if (what < 30) return Same(source_.Read());
    return Same(source_.Write());
  }

  bool CompareAll() {
    for (const Operation& op : source_.ReadAll()) {
      if (!Same(op)) return false;
    }
    return true;
  }
  // What was remembered at an earlier point still reads as then.
  bool CompareRemembered() {
    if (!remembered_) return true;
    for (const Operation& op : source_.ReadAll()) {
      Session at = remembered_->Of(op.catalog);
      if (!SameText(op, RunOnSession(at, op), remembered_->model.Run(op))) return false;
    }
    return true;
  }
  bool Verify() {
    const auto findings = metastore_->Verify();
    if (!Sound(findings.status())) return false;
    for (const VerifyFinding& finding : *findings) ADD_FAILURE() << finding.where << ": " << finding.what;
    return findings->empty();
  }

 private:
  struct Remembered {
    std::vector<std::pair<std::string, Session>> sessions;
    PlainModel model;
    Session Of(const std::string& catalog) {
      for (auto& [name, session] : sessions) {
        if (name == catalog) return session;
      }
      return sessions.front().second;
    }
  };

  static bool Sound(const absl::Status& status) {
    EXPECT_TRUE(status.ok()) << status;
    return status.ok();
  }
  bool SameText(const Operation& op, const std::string& found, const std::string& expected) {
    if (found.starts_with("OK")) ++(*done_)[static_cast<std::size_t>(op.kind)];
    // `OK` and `OK ` are the same: nothing to show.
    const auto trimmed = [](const std::string& text) { return text == "OK " ? "OK" : text; };
    EXPECT_EQ(trimmed(found), trimmed(expected)) << op.ToString();
    return trimmed(found) == trimmed(expected);
  }
  bool Same(const Operation& op) {
    Session session = metastore_->Local(op.catalog);
    return SameText(op, RunOnSession(session, op), model_.Run(op));
  }

  // Some operations in one transaction, of which one in three comes to nothing.
  bool TransactTwice() {
    const std::string catalog = source_.Below(4) == 0 ? "sales" : "hive";
    const bool fails = source_.Below(3) == 0;
    std::vector<Operation> ops;
    for (int i = 2 + source_.Below(6); i > 0; --i) {
      ops.push_back(source_.Below(3) == 0 ? source_.Read() : source_.Write());
      ops.back().catalog = catalog;
    }
    PlainModel before = model_;
    bool same = true;
    Session session = metastore_->Local(catalog);
    const auto done = session.Transact([&](Session& inside) -> absl::Status {
      for (const Operation& op : ops) same = same && SameText(op, RunOnSession(inside, op), model_.Run(op));
      return fails ? absl::CancelledError("as planned") : absl::OkStatus();
    });
    if (fails) model_ = std::move(before);
    EXPECT_EQ(done.status().code(), fails ? absl::StatusCode::kCancelled : absl::StatusCode::kOk) << done.status();
    return same && done.ok() != fails;
  }

  bool Remember() {
    if (!CompareRemembered()) return false;
    remembered_.emplace(Remembered{.sessions = {}, .model = model_});
    // One snapshot: what a pinned session is asked in another catalog has to be of the same point in time, and nothing
    // is written in between.
    for (const char* catalog : {"hive", "sales", "trade"}) {
      remembered_->sessions.emplace_back(catalog, metastore_->Local(catalog).Snapshot());
    }
    return true;
  }

  OperationSource source_;
  ManualClock clock_;
  PlainModel model_;
  Counts* done_;
  std::unique_ptr<Metastore> metastore_;
  std::optional<Remembered> remembered_;
};

void RunHistory(uint64_t seed, int steps, Counts* done) {
  SCOPED_TRACE("seed " + std::to_string(seed));
  constexpr int64_t kRetentions[] = {0, 1'000, 3'600'000};
  Twins twins(seed, kRetentions[seed % 3], done);
  for (int step = 0; step < steps; ++step) {
    SCOPED_TRACE("step " + std::to_string(step));
    if (!twins.Step()) return;
    if (step % 50 == 0 && !(twins.CompareAll() && twins.CompareRemembered())) return;
    if (step % 500 == 499 && !twins.Verify()) return;
  }
}

TEST(HistoryTwinTest, TheCatalogAnswersAsThePlainModelDoes) {
  const int histories = testing::Soaked(1000);
  Counts done{};
  for (int seed = 1; seed <= histories; ++seed) {
    RunHistory(static_cast<uint64_t>(seed), 1'000, &done);
    ASSERT_FALSE(::testing::Test::HasFailure());
  }
  for (std::size_t kind = 0; kind < done.size(); ++kind) EXPECT_GE(done[kind], testing::Soaked(20)) << "kind " << kind;
}

}  // namespace
}  // namespace lodestone::twin
