#pragma once

#include <string>

#include "harness/cli/verb.hpp"

namespace harness::cli {

/// "bellwether compare [OPTIONS] FIRST SECOND".
std::string usage_of(const Verb& verb);

/// What `--help` prints for a verb.
std::string help_of(const Verb& verb);

}  // namespace harness::cli
