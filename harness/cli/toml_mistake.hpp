#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace harness::cli {

/// A place in a text, both from 1; a column is a character.
struct TextPlace {
    std::size_t line = 1;
    std::size_t column = 1;
};

/// What is wrong with a TOML text that a parser refused, in plain words: what was found and what to write instead.
/// `stopped`: where the parser noticed it.
std::string toml_mistake(std::string_view text, TextPlace stopped);

}  // namespace harness::cli
