#pragma once

#include <string>
#include <vector>

#include "harness/sandbox/limits.hpp"

namespace harness::sandbox {

/// bubblewrap with its arguments, up to the command that it runs; the caller appends `python` arguments. Descriptors as
/// in process.hpp. Throws SandboxError when a required program is not installed.
std::vector<std::string> bubblewrap_command(const Limits& limits);

/// The Python command of programs, up to its script; the caller appends `-c TEXT ARGUMENT...`.
std::vector<std::string> python_command();

/// The likely cause of a failed sandbox, from bubblewrap's message.
std::string advice(const std::string& said);

}  // namespace harness::sandbox
