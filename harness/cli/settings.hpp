#pragma once

#include <optional>
#include <string>

#include "harness/cli/verb.hpp"

namespace harness::cli {

/// The words given for an option, and where: "--limit" or "$BELLWETHER_LIMIT", as messages name it.
struct Setting {
    std::vector<std::string> words;
    std::string place;
};

/// What $BELLWETHER_RUN_LIMIT or, if that is not set, $BELLWETHER_LIMIT says of `--limit` of `run`. Positional
/// arguments have none, and an empty variable is as if it were not set.
std::optional<Setting> environment_setting(const Verb& verb, const Option& option);

}  // namespace harness::cli
