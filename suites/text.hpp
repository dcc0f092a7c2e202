#pragma once

#include <cstddef>
#include <string>
#include <string_view>

/// What others need of the rules for text that tasks and data files follow.
namespace suites {

/// Without white space at its end, as Python's str.rstrip counts it.
std::string_view strip_end(std::string_view text);

/// Pieces of a split on white space, empty ends counted: the words that a perplexity is divided by.
std::size_t count_words(std::string_view text);

/// A whole file, unpacked when it is gzipped (detected by its first bytes), 4 GiB at most. Throws SuiteError.
std::string read_text(const std::string& path);

}  // namespace suites
