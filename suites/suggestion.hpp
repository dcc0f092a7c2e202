#pragma once

#include <optional>
#include <set>
#include <string>

namespace suites {

/// The name in `known` with the smallest edit distance to `wrong`, ignoring case, hyphens and underscores; nullopt when
/// none is similar.
std::optional<std::string> nearest(const std::string& wrong, const std::set<std::string>& known);

/// End of an error message: `; did you mean "X"?`, or empty when no name is similar.
std::string did_you_mean(const std::string& wrong, const std::set<std::string>& known);

/// End of an error message about an unknown name: `; did you mean "X"?` if a name is similar, else `; known: A, B, C`.
std::string suggestion(const std::string& wrong, const std::set<std::string>& known);

}  // namespace suites
