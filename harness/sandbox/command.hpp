#pragma once

#include <string>
#include <vector>

#include "harness/sandbox/limits.hpp"

namespace harness::sandbox {

/// bubblewrap with its arguments, up to the command that it runs: `python` arguments follow. Descriptors as in
/// process.hpp. Throws SandboxError when a program that it needs is not installed.
std::vector<std::string> bubblewrap_command(const Limits& limits);

/// Python as the programs have it, up to its script: `-c TEXT ARGUMENT...` follows.
std::vector<std::string> python_command();

/// What may stand in the way of a sandbox, from what bubblewrap says.
std::string advice(const std::string& said);

}  // namespace harness::sandbox
