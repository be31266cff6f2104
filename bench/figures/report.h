// Collects figures, prints them as an aligned table, writes them as JSON.
#pragma once

#include <cstdint>
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
  int64_t partitions = 0;  // how many there were; Report fills it in

  double Ratio() const;  // as the goal takes it
  bool Met() const;
};

// Says on standard error what is going on, as one line with the seconds since the program began.
void Progress(const std::string& what);

class Report {
 public:
  // The figures that follow are about so many partitions.
  void BeginGroup(const std::string& name, int64_t partitions);
  // Printed to standard error as they come.
  void Add(Figure figure);
  void Add(const std::string& what, const std::string& reference_name, const Pair& pair, Goal goal, double limit);

  void Print(std::ostream& out) const;
  // A list of {"what","partitions","unit","ours","reference_name","reference","ratio","goal","met"}; `ours` and
  // `reference` in the unit, `ratio` as the goal takes it, `met` null without a goal.
  void WriteJson(std::ostream& out) const;

 private:
  int64_t partitions_ = 0;
  std::vector<Figure> figures_;
};

}  // namespace lodestone::bench
