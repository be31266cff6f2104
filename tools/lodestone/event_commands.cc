// lodestone events
#include <poll.h>
#include <unistd.h>

#include <memory>

#include "catalog/base/status_macros.h"
#include "catalog/base/strings.h"
#include "tools/lodestone/arguments.h"
#include "tools/lodestone/command.h"
#include "tools/lodestone/json.h"

namespace lodestone::cli {
namespace {

constexpr std::size_t kEventsPerPage = 1000;
constexpr int kFollowMillis = 200;

struct Arguments {
  EventOptions options;
  bool follow = false;
  std::string object;
};

std::string ObjectOf(const model::v1::Event& event) {
  std::string out = event.database().empty() ? event.catalog() : event.database();
  if (!event.object().empty()) base::StrAppend(&out, ".", event.object());
  if (!event.new_database().empty() || !event.new_object().empty()) {
    base::StrAppend(&out, " to ", event.new_database(), event.new_object().empty() ? "" : ".", event.new_object());
  }
  return out;
}

// The partitions of an event: their names as far as they fit a line.
std::string DetailOf(const model::v1::Event& event) {
  constexpr int kShown = 3;
  std::string out;
  if (event.count() > 0) out = Grouped(event.count());
  for (int i = 0; i < event.partitions_size() && i < kShown; ++i) {
    base::StrAppend(&out, i == 0 ? ": " : ", ", event.partitions(i));
  }
  if (event.partitions_size() > kShown) out += ", ...";
  return out;
}

void Print(const model::v1::Event& event, ListWriter* writer) {
  writer->Add(
      std::to_string(event.id()),
      [&]() -> std::vector<std::string> {
        return {std::to_string(event.id()),
                Time(event.time_ms() / 1000),
                base::AsciiLower(model::v1::Event::Kind_Name(event.kind())),
                ObjectOf(event),
                event.who(),
                DetailOf(event)};
      },
      [&] { return ToJson(event); });
}

// Whether nobody reads standard output any more.
bool ReaderGone() {
  pollfd out{.fd = STDOUT_FILENO, .events = 0, .revents = 0};
  return ::poll(&out, 1, kFollowMillis) > 0 && (out.revents & (POLLERR | POLLHUP | POLLNVAL)) != 0;
}

absl::Status Events(Context& context, const Arguments& arguments) {
  Session session = context.session();
  EventOptions options = arguments.options;
  std::size_t left = options.limit;
  ListWriter writer(&context.out(), {{"ID", true}, {"TIME"}, {"WHAT"}, {"OBJECT"}, {"WHO"}, {"PARTITIONS"}},
                    arguments.follow);
  while (!context.out().closed()) {
    options.limit = left == 0 ? kEventsPerPage : std::min(left, kEventsPerPage);
    ASSIGN_OR_RETURN(const EventPage page, session.ReadEvents(options));
    for (const model::v1::Event& event : page.events) Print(event, &writer);
    if (arguments.options.limit != 0 && (left -= page.events.size()) == 0) break;
    const bool more = page.last_id > options.after;
    options.after = page.last_id;
    if (more) continue;
    if (!arguments.follow) break;
    RETURN_IF_ERROR(context.out().Flush());
    if (ReaderGone()) break;
    RETURN_IF_ERROR(context.store().CatchUp());
  }
  writer.End();
  return absl::OkStatus();
}

}  // namespace

void AddEventCommands(Program* program) {
  auto arguments = std::make_shared<Arguments>();
  CLI::App& app = program->Command(
      program->root(), "events", Access::kRead,
      {"list the changes of the store",
       "In the order in which they became visible. Ids are dense: who has read up to n goes on with --after n and "
       "misses nothing. Events older than --event-retention are gone; to ask for them is an error.",
       {"lodestone events --after 41 -o ndjson", "lodestone events --follow --database web"}},
      [arguments](Context& context) { return Events(context, *arguments); });
  AddNumber(app, "--after", arguments->options.after, "ID", "Only events with a greater id (default: all)");
  AddNumber(app, "--limit", arguments->options.limit, "N", "At the most so many (default: all)");
  AddText(app, "--of-catalog", arguments->options.catalog, "NAME", "Only of this catalog");
  AddText(app, "--database", arguments->options.database, "NAME", "Only of this database");
  AddText(app, "--object", arguments->options.object, "NAME", "Only of this table or function");
  app.add_flag("--follow", arguments->follow, "Go on: print events as they come, until interrupted");
}

}  // namespace lodestone::cli
