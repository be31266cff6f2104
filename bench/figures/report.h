// Collects figures, prints them as an aligned table, writes them as JSON.
#pragma once

#include <iosfwd>
#include <string>
#include <vector>

#include "bench/figures/measure.h"

namespace lodestone::bench {

enum class Goal {
  kNone,         // shown for comparison
  kFaster,       // reference / ours is at least `limit`
  kWithin,       // ours / reference is at most `limit`
  kAtMostBytes,  // ours is at most `limit` bytes; there is no reference
};

struct Figure {
  std::string what;
  std::string reference_name;  // `-` for none
  double ours = 0;             // seconds, or bytes under kAtMostBytes
  double reference = 0;
  Goal goal = Goal::kNone;
  double limit = 0;

  double Ratio() const;  // as the goal takes it
  bool Met() const;
};

class Report {
 public:
  // Printed to `progress` (standard error) as they come.
  void Add(Figure figure);
  void Add(const std::string& what, const std::string& reference_name, const Pair& pair, Goal goal, double limit);

  void Print(std::ostream& out) const;
  // A list of {"what","reference_name","unit","ours","reference","ratio","goal","met"}; met is null without a goal.
  void WriteJson(std::ostream& out) const;

 private:
  std::vector<Figure> figures_;
};

}  // namespace lodestone::bench
