// The store's log of changes. Each change appends one event in its own transaction; ids are dense (1, 2, 3, ...) and
// become visible in order: who has read up to n never later finds a new event at or below n.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "lodestone/model/v1/event.pb.h"

namespace lodestone {

struct EventOptions {
  // Events with a greater id than this.
  int64_t after = 0;
  // At the most so many; 0: all that there are.
  std::size_t limit = 0;
  // Of this catalog, database (table) alone; empty: any. Ids then have gaps.
  std::string catalog{};
  std::string database{};
  std::string object{};
};

struct EventPage {
  std::vector<model::v1::Event> events;
  // Pass as EventOptions::after to go on. Never behind the last event, also where filters left out some.
  int64_t last_id = 0;
};

// The ids that can be read now. first_id = newest_id + 1 when there is none.
struct EventBounds {
  int64_t first_id = 1;
  int64_t newest_id = 0;
};

}  // namespace lodestone
