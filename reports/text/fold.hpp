#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace reports::text {

/// Lines of at most `columns`, which is at least 2, of one line of `visible` text: broken at blanks, which go; a longer
/// word behind one of , _ - / or where it must. One empty line of an empty text.
std::vector<std::string> folded(std::string_view line, std::size_t columns);

}  // namespace reports::text
