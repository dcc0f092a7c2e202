#pragma once

#include <string>
#include <string_view>

namespace suites {

/// Without white space at both ends, as Python's str.strip counts it.
std::string strip(std::string_view text);
/// Python's str.capitalize: the first character in title case, the rest lower-cased (ASCII and Latin letters with one
/// lower-case form; other scripts stay as they are).
std::string capitalize(std::string_view text);
/// Underscores become spaces: a subject's name as words.
std::string words_of_name(std::string_view name);
/// All of a sentence before its blank `_`; the whole text when there is none.
std::string before_blank(std::string_view sentence);
/// The text after the blank `_`, stripped.
std::string after_blank(std::string_view sentence);
/// HellaSwag's clean-up: strip, " [title]" becomes ". ", every shortest [...] goes, double spaces become single once.
std::string hellaswag_text(std::string_view text);

}  // namespace suites
