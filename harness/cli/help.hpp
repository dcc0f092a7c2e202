#pragma once

#include <string>

#include "harness/cli/verb.hpp"

namespace harness::cli {

/// What `--help` prints for a verb.
std::string help_of(const Verb& verb);

}  // namespace harness::cli
