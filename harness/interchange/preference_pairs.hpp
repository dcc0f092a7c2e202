#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "harness/scoring/preference_pair.hpp"

namespace harness::interchange {

/// The pairs of a file of JSON lines (also a JSON list, CSV or TSV; each also with .gz), by its unpacked content.
/// README.md shows both forms of a row. Throws InterchangeError with every mistake, at most 20, each with file, row and
/// field.
std::vector<scoring::PreferencePair> parse_preference_pairs(std::string_view text, const std::string& path);

/// The same of a file. Throws InterchangeError, also for a file that cannot be read.
std::vector<scoring::PreferencePair> read_preference_pairs(const std::string& path);

}  // namespace harness::interchange
