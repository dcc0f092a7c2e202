#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

/// Rules for text that other folders need too.
namespace suites {

/// The text without trailing white space, as by Python's str.rstrip.
std::string_view strip_end(std::string_view text);

/// Removes the first line from `rest` and returns it without its line feed.
std::string_view take_line(std::string_view& rest);

/// The parts of a comma list, empty ones included; an empty text has one empty part.
std::vector<std::string> split_at_commas(std::string_view list);

/// Whether the text is valid UTF-8, without overlong forms.
bool is_utf8(std::string_view text);

/// 1 if both are equal after SQuAD's normalisation (lower case, no ASCII punctuation, no articles, single spaces), else
/// 0.
double squad_exact(std::string_view answer, std::string_view reference);
/// F1 (harmonic mean of precision and recall) over multisets of words after SQuAD's normalisation. If a side has no
/// words: 1 when both have none, else 0.
double squad_f1(std::string_view answer, std::string_view reference);

/// Number of pieces when split on white space, including empty ones at the ends: the word count for word_perplexity.
std::size_t count_words(std::string_view text);

/// Reads a whole file of at most 4 GiB; unpacks it when it is gzipped (detected by its first bytes). Throws SuiteError.
std::string read_text(const std::string& path);

}  // namespace suites
