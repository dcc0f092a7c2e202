#pragma once

#include <map>
#include <string>
#include <vector>

#include "harness/cli/command_line.hpp"
#include "harness/cli/verb.hpp"

namespace harness::cli {

/// The words given for an option, and how messages name the place: "--limit", "$BELLWETHER_LIMIT" or
/// "bellwether.toml:3: limit".
struct Setting {
    std::vector<std::string> words;
    std::string place;
};

using Settings = std::map<const Option*, Setting>;

/// What is set for the verb that the command line names: by the command line, else by the environment
/// ($BELLWETHER_RUN_LIMIT, then $BELLWETHER_LIMIT), else by a configuration file. What environment and files say is
/// left out where it does not go together with the command line. Throws UsageError for options that are missing or do
/// not go together, and for mistakes in a configuration file.
Settings settings_of(const Verb& root, const CommandLine& line);

/// Adds --config to every verb that does something.
void add_config_options(Verb& root);

}  // namespace harness::cli
