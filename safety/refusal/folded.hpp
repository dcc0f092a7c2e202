#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace safety::refusal {

/// A text in the one form that phrases are written in: lower case, no accents or invisible characters, one kind of
/// apostrophe, quote and space, HTML line breaks as line feeds, no emphasis marks. Valid UTF-8 whatever the input.
struct Folded {
    std::string text = {};
    /// Position in the original of each byte of `text`, and of its end. [bytes]
    std::vector<std::uint32_t> origins = {};
    std::size_t letters = 0;  ///< code points that are letters, digits or other word characters
    std::size_t visible = 0;  ///< code points that are not white space, invalid bytes included
    std::size_t invalid = 0;  ///< bytes that are not UTF-8; each became a space
};

/// Folds an answer, with markup.
Folded fold(std::string_view answer);

/// Folds only letters and punctuation: for phrases, whose '*', '_' and '<' are not markup.
std::string fold_letters(std::string_view phrase);

/// A set of the scripts in which the known languages are written, as bits.
using Scripts = std::uint32_t;
inline constexpr Scripts kLatin = 1;
inline constexpr Scripts kCyrillic = 2;
inline constexpr Scripts kArabic = 4;
inline constexpr Scripts kDevanagari = 8;
inline constexpr Scripts kKana = 16;
inline constexpr Scripts kHan = 32;

/// The scripts of which a folded text has letters. With kKana there is no kHan: Japanese mixes the two.
Scripts scripts_of(std::string_view folded);

}  // namespace safety::refusal
