#pragma once

#include <functional>
#include <string>
#include <vector>

#include "harness/cli/exit_code.hpp"

namespace harness::cli {

/// The command that the arguments (without the program's name) ask for, ready to run. Parsing opens and changes
/// nothing. Throws UsageError.
std::function<ExitCode()> parse(const std::vector<std::string>& arguments);

}  // namespace harness::cli
