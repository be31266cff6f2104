// Users, groups, roles and objects on the command line.
#pragma once

#include <CLI/CLI.hpp>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "catalog/catalog.h"

namespace lodestone::cli {

// `--to user ana`, `--of role:analysts`.
class GranteeArgument {
 public:
  CLI::Option* AddTo(CLI::App& app, const std::string& option);
  bool given() const { return !words_.empty(); }
  // Exit status 2: not KIND NAME.
  absl::StatusOr<Grantee> Parse() const;

 private:
  std::string option_;
  std::vector<std::string> words_;
};

// `--on table web.hits`, `--on catalog`, `--on partition web.hits/dt=2026-01-05/hour=13`, `--on path:queues.q1`.
class SecurableArgument {
 public:
  CLI::Option* AddTo(CLI::App& app);
  bool given() const { return !words_.empty(); }
  // Exit status 2: not KIND, or KIND NAME. `session` tells the keys of a partition's table, where it may be seen.
  absl::StatusOr<Securable> Parse(const Session& session) const;

 private:
  std::vector<std::string> words_;
};

// --vocabulary hive|dla|dli.
class VocabularyArgument {
 public:
  void AddTo(CLI::App& app);
  Vocabulary Get() const;

 private:
  std::string choice_ = "hive";
};

// {"type":"user","name":"ana"}
std::string GranteeJson(const Grantee& grantee);

}  // namespace lodestone::cli
