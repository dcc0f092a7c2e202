#pragma once

#include <optional>
#include <set>
#include <string>

namespace suites {

/// The one of `known` that `wrong` most likely is a misspelling of, by edit distance; case, hyphens and underscores do
/// not count. None when all are far.
std::optional<std::string> nearest(const std::string& wrong, const std::set<std::string>& known);

/// For messages about an unknown name: `; did you mean "X"?` for a near miss, else `; known: A, B, C`.
std::string suggestion(const std::string& wrong, const std::set<std::string>& known);

}  // namespace suites
