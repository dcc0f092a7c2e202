#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "suites/text.hpp"

namespace suites::transforms {

bool is_ascii_digit(char c);
/// A byte of a UTF-8 character that is not its first.
bool continues_character(char c);
/// U+FFFD in the place of every byte that is not part of a UTF-8 character.
std::string valid_utf8(std::string_view text);
/// Bytes of the character at the start of a text that is not empty.
std::size_t first_character(std::string_view text);
/// Whether a letter, a digit or an underscore of any script stands at the start: \w of Python's regular expressions.
bool starts_with_word(std::string_view text);
/// Characters of UTF-8 text.
std::size_t count_characters(std::string_view text);
/// What Python's string.punctuation holds.
bool is_ascii_punctuation(char c);
/// Every `from` replaced by `to`, from left to right.
std::string replaced(std::string_view text, std::string_view from, std::string_view to);
/// Without white space at both ends, as Python's str.strip counts it.
std::string strip(std::string_view text);
/// Pieces between white space, as Python's str.split without arguments.
std::vector<std::string> python_split(std::string_view text);
/// Underscores become spaces: a subject's name as words.
std::string words_of_name(std::string_view name);
/// The text before the blank `_` of a sentence. Both throw std::invalid_argument when it has none.
std::string before_blank(std::string_view sentence);
/// The text after the blank, stripped.
std::string after_blank(std::string_view sentence);
/// The text before its last single space, and the text after it (LAMBADA's context and target).
std::string before_last_word(std::string_view text);
std::string last_word(std::string_view text);
/// HellaSwag's clean-up: strip, " [title]" becomes ". ", every shortest [...] goes, double spaces become single once.
std::string hellaswag_text(std::string_view text);

}  // namespace suites::transforms
