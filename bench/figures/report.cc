#include "bench/figures/report.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <iostream>
#include <ostream>
#include <utility>

namespace lodestone::bench {

namespace {

std::string Format(const char* format, double value) {
  char text[64];
  std::snprintf(text, sizeof text, format, value);
  return text;
}

std::string Duration(double seconds) {
  if (seconds >= 1) return Format("%.2f s", seconds);
  if (seconds >= 1e-3) return Format("%.2f ms", seconds * 1e3);
  if (seconds >= 1e-6) return Format("%.2f us", seconds * 1e6);
  return Format("%.0f ns", seconds * 1e9);
}

std::string Bytes(double bytes) {
  return bytes >= 1 << 20 ? Format("%.1f MiB", bytes / (1 << 20)) : Format("%.1f B", bytes);
}

std::string Trim(double value) { return Format(value == static_cast<int64_t>(value) ? "%.0f" : "%.1f", value); }

std::string GoalText(const Figure& figure) {
  switch (figure.goal) {
    case Goal::kNone:
      return "";
    case Goal::kFaster:
      return figure.limit == 1 ? "at least equal" : Trim(figure.limit) + " times faster";
    case Goal::kWithin:
      return "within " + Trim(figure.limit) + " times";
    case Goal::kAtMostBytes:
      return "under " + Bytes(figure.limit);
  }
  return "";
}

using Cells = std::array<std::string, 7>;

Cells ToCells(const Figure& figure) {
  const bool bytes = figure.goal == Goal::kAtMostBytes;
  return {figure.what,
          bytes ? Bytes(figure.ours) : Duration(figure.ours),
          figure.reference_name,
          bytes ? "" : Duration(figure.reference),
          bytes ? "" : Format("%.2f", figure.Ratio()),
          GoalText(figure),
          figure.goal == Goal::kNone ? "" : (figure.Met() ? "met" : "NOT MET")};
}

std::string Quote(const std::string& text) {
  std::string out = "\"";
  for (char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  return out + "\"";
}

}  // namespace

double Figure::Ratio() const {
  if (goal == Goal::kAtMostBytes) return limit > 0 ? ours / limit : 0;
  if (goal == Goal::kWithin) return reference > 0 ? ours / reference : 0;
  return ours > 0 ? reference / ours : 0;
}

bool Figure::Met() const {
  switch (goal) {
    case Goal::kNone:
      return true;
    case Goal::kFaster:
      return Ratio() >= limit;
    case Goal::kWithin:
      return Ratio() <= limit;
    case Goal::kAtMostBytes:
      return ours <= limit;
  }
  return false;
}

void Progress(const std::string& what) {
  static const Stopwatch since_begin;
  std::cerr << Format("%7.1f s  ", since_begin.Seconds()) << what << std::endl;
}

void Report::BeginGroup(const std::string& name, int64_t partitions) {
  partitions_ = partitions;
  Progress(name + ", " + std::to_string(partitions) + " partitions");
}

void Report::Add(Figure figure) {
  const Cells cells = ToCells(figure);
  Progress(cells[0] + ": " + cells[1] + "; " + cells[2] + " " + cells[3] + "; " + cells[4] + " " + cells[6]);
  figure.partitions = partitions_;
  figures_.push_back(std::move(figure));
}

void Report::Add(const std::string& what, const std::string& reference_name, const Pair& pair, Goal goal,
                 double limit) {
  Add({.what = what,
       .reference_name = reference_name,
       .ours = pair.ours,
       .reference = pair.reference,
       .goal = goal,
       .limit = limit});
}

void Report::Print(std::ostream& out) const {
  std::vector<Cells> rows = {{"what", "ours", "reference", "takes", "ratio", "goal", ""}};
  for (const Figure& figure : figures_) rows.push_back(ToCells(figure));
  std::array<std::size_t, 7> widths{};
  for (const Cells& row : rows) {
    for (std::size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], row[i].size());
  }
  for (const Cells& row : rows) {
    std::string line;
    for (std::size_t i = 0; i < row.size(); ++i) {
      const std::string padding(widths[i] - row[i].size(), ' ');
      const bool number = i == 1 || i == 3 || i == 4;
      line += (i > 0 ? "  " : "") + (number ? padding + row[i] : row[i] + padding);
    }
    out << line.substr(0, line.find_last_not_of(' ') + 1) << "\n";
  }
}

void Report::WriteJson(std::ostream& out) const {
  out << "[\n";
  for (std::size_t i = 0; i < figures_.size(); ++i) {
    const Figure& figure = figures_[i];
    const bool bytes = figure.goal == Goal::kAtMostBytes;
    out << "  {\"what\": " << Quote(figure.what) << ", \"partitions\": " << figure.partitions
        << ", \"unit\": " << (bytes ? "\"bytes\"" : "\"seconds\"") << ", \"ours\": " << Format("%.9g", figure.ours)
        << ", \"reference_name\": " << Quote(figure.reference_name)
        << ", \"reference\": " << (bytes ? "null" : Format("%.9g", figure.reference))
        << ", \"ratio\": " << Format("%.6g", figure.Ratio()) << ", \"goal\": " << Quote(GoalText(figure))
        << ", \"met\": " << (figure.goal == Goal::kNone ? "null" : (figure.Met() ? "true" : "false")) << "}"
        << (i + 1 < figures_.size() ? "," : "") << "\n";
  }
  out << "]\n";
}

}  // namespace lodestone::bench
