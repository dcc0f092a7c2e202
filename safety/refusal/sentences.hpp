#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace safety::refusal {

/// A sentence, a clause behind a colon, semicolon, dash or "but", or a list item's part of these.
struct Sentence {
    std::size_t begin = 0;  ///< in the folded text, without white space at either end. [bytes]
    std::size_t end = 0;
    bool starts_line = false;
    bool is_list_item = false;  ///< in a line that starts with a bullet, a number, or "step"
    bool is_code = false;       ///< within ``` lines
};

/// Splits a folded text. Time grows linearly with its length.
std::vector<Sentence> split(std::string_view folded);

/// The text with everything between double quotes replaced by spaces, if the quotes stand in one line and there is text
/// outside of them: what a character of a story says. Same length.
std::string without_quotes(std::string_view folded);

}  // namespace safety::refusal
