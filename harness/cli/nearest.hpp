#pragma once

#include <optional>
#include <string>
#include <vector>

namespace harness::cli {

/// The one of `known` that `word` most likely is a misspelling of, by edit distance; case, hyphens and underscores do
/// not count. None when all are far.
std::optional<std::string> nearest(const std::string& word, const std::vector<std::string>& known);

/// For the end of a message: "; did you mean 'X'?", otherwise "; known: A, B, C".
std::string nearest_or_all(const std::string& word, const std::vector<std::string>& known);

}  // namespace harness::cli
