// lodestone generate
#include "tools/lodestone/command.h"

namespace lodestone::cli {
void AddGenerateCommand(Program* program) {}
}  // namespace lodestone::cli
