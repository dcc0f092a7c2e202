#pragma once

#include <map>
#include <string>
#include <vector>

#include "harness/cli/verb.hpp"

namespace harness::cli {

enum class Asked { Command, Help, Version };

/// A parsed command line whose values are not read yet.
struct CommandLine {
    const Verb* verb = nullptr;  ///< the deepest one named
    Asked asked = Asked::Command;
    std::map<const Option*, std::vector<std::string>> given;
};

/// Throws UsageError for unknown verbs and options, missing values and options given twice.
CommandLine read_command_line(const Verb& root, const std::vector<std::string>& arguments);

/// " See 'bellwether run --help'.", to append to `problem`, which may end with a question mark.
std::string see_help(const std::string& problem, const Verb& verb);

}  // namespace harness::cli
