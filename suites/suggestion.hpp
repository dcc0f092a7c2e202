#pragma once

#include <set>
#include <string>

namespace suites {

/// For messages about an unknown name: `; did you mean "X"?` for a near miss, else `; there are A, B, C`.
std::string suggestion(const std::string& wrong, const std::set<std::string>& known);

}  // namespace suites
