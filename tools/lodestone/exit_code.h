// What the program's exit status tells a script. docs/operations.md and every command's --help show the same table.
#pragma once

#include <string>

#include "absl/status/status.h"

namespace lodestone::cli {

enum ExitCode : int {
  kDone = 0,
  kFailed = 1,    // refused, or failed: nothing was changed
  kUsage = 2,     // the command line can't be understood
  kNotFound = 3,  // the store, or an object named, is not there
  kDamaged = 4,   // the store is damaged
};

// The lines that --help shows.
inline constexpr const char* kExitCodeHelp =
    "0  done\n"
    "1  refused or failed; nothing was changed\n"
    "2  the command line can't be understood\n"
    "3  the store, or an object named, is not there\n"
    "4  the store is damaged\n";

ExitCode ExitCodeOf(const absl::Status& status);

// A failure of the command line itself (exit status 2), found after it was parsed.
absl::Status UsageError(const std::string& message);

}  // namespace lodestone::cli
