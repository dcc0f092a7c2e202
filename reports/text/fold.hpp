#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace reports::text {

/// Wraps one line of `visible` text to at most `columns` (at least 2) columns: breaks at blanks, which are dropped;
/// breaks a longer word after one of , _ - / or else anywhere. An empty text gives one empty line.
std::vector<std::string> folded(std::string_view line, std::size_t columns);

}  // namespace reports::text
