#pragma once

#include <cstddef>
#include <string>
#include <string_view>

/// What others need of the rules for text that tasks and data files follow.
namespace suites {

/// Without white space at its end, as Python's str.rstrip counts it.
std::string_view strip_end(std::string_view text);

/// Whether all bytes are parts of UTF-8 characters, each in its one form.
bool is_utf8(std::string_view text);

/// 1 when both are the same after SQuAD's normalisation: lower case, no ASCII punctuation, no articles, single spaces.
double squad_exact(std::string_view answer, std::string_view reference);
/// Harmonic mean of precision and recall over multisets of words so normalised; when one side has none, 1 if both have
/// none.
double squad_f1(std::string_view answer, std::string_view reference);

/// Pieces of a split on white space, empty ends counted: the words that a perplexity is divided by.
std::size_t count_words(std::string_view text);

/// A whole file, unpacked when it is gzipped (detected by its first bytes), 4 GiB at most. Throws SuiteError.
std::string read_text(const std::string& path);

}  // namespace suites
