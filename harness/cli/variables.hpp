#pragma once

#include <set>
#include <string>
#include <vector>

#include "harness/cli/verb.hpp"

/// Environment variables that set options.
namespace harness::cli {

/// Variables that set an option of a verb, the first that is set counts: BELLWETHER_SUITES_RENDER_LIMIT,
/// BELLWETHER_SUITES_LIMIT, BELLWETHER_LIMIT, then the same for the option's aliases. Empty for a positional argument.
std::vector<std::string> variables_of(const Verb& verb, const Option& option);

/// A sentence for each variable of the environment that looks like one of ours and sets nothing, with the name that was
/// probably meant. Names that resemble none are left out, since they may belong to other programs.
std::vector<std::string> misspelt_variables(const Verb& root);

/// The same for given names.
std::vector<std::string> misspelt_variables(const Verb& root, const std::set<std::string>& names);

}  // namespace harness::cli
