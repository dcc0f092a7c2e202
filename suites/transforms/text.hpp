#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "suites/text.hpp"

namespace suites::transforms {

bool is_ascii_digit(char c);
/// Whether the byte is a continuation byte of UTF-8.
bool continues_character(char c);
/// The text with every invalid UTF-8 byte replaced by U+FFFD.
std::string valid_utf8(std::string_view text);
/// Length in bytes of the first character of a non-empty text.
std::size_t first_character(std::string_view text);
/// Whether the text starts with a letter, digit or underscore of any script: \w of Python's regular expressions.
bool starts_with_word(std::string_view text);
/// Number of characters of UTF-8 text.
std::size_t count_characters(std::string_view text);
/// Whether the character is in Python's string.punctuation.
bool is_ascii_punctuation(char c);
/// The text with every `from` replaced by `to`, from left to right.
std::string replaced(std::string_view text, std::string_view from, std::string_view to);
/// The text without white space at both ends, as by Python's str.strip.
std::string strip(std::string_view text);
/// The pieces between white space, as by Python's str.split without arguments.
std::vector<std::string> python_split(std::string_view text);
/// A subject's name as words: underscores become spaces.
std::string words_of_name(std::string_view name);
/// The text before the blank `_` of a sentence. This and after_blank() throw std::invalid_argument when there is none.
std::string before_blank(std::string_view sentence);
/// The text after the blank, stripped.
std::string after_blank(std::string_view sentence);
/// The text before its last single space, and the text after it (LAMBADA's context and target).
std::string before_last_word(std::string_view text);
std::string last_word(std::string_view text);
/// HellaSwag's clean-up: strip; " [title]" becomes ". "; every shortest [...] is removed; double spaces become single,
/// once.
std::string hellaswag_text(std::string_view text);

}  // namespace suites::transforms
