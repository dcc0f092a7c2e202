#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

namespace safety::judge {

/// What a character looks like to a reader of plain ASCII.
struct LookAlike {
    char shape = 0;  ///< lower case; ' ' for any space, '\n' for any line break, 0 for all that has no such shape
    std::size_t begin = 0;  ///< in the text [bytes]
    std::size_t end = 0;
};

/// The characters of a text as what they look like, so that a mark cannot be hidden from a search by full-width,
/// Cyrillic, Greek, mathematical or circled letters, by brackets and colons of other scripts, or by invisible
/// characters, which are left out.
std::vector<LookAlike> look_alikes(std::string_view text);

}  // namespace safety::judge
