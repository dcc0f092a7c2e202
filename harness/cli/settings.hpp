#pragma once

#include <map>
#include <string>
#include <vector>

#include "harness/cli/command_line.hpp"
#include "harness/cli/verb.hpp"

namespace harness::cli {

/// The words given for an option, and their source as messages name it: "--limit", "$BELLWETHER_LIMIT" or
/// "bellwether.toml:3: limit".
struct Setting {
    std::vector<std::string> words;
    std::string place;
};

using Settings = std::map<const Option*, Setting>;

/// Settings of the verb on the command line: from the command line, else the environment ($BELLWETHER_RUN_LIMIT, then
/// $BELLWETHER_LIMIT), else a configuration file. Settings from the environment and from files are ignored where they
/// conflict with the command line. Throws UsageError for missing options, options that cannot be combined, and mistakes
/// in a configuration file.
Settings settings_of(const Verb& root, const CommandLine& line);

/// Adds --config to every verb that has a command.
void add_config_options(Verb& root);

}  // namespace harness::cli
