#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace reports::text {

/// The text around byte `at` as `visible` text in quotes on one line, with an ellipsis outside the quotes where text is
/// left out. Characters are never split; line feeds are
/// .
std::string excerpt(std::string_view text, std::size_t at);

/// Index of the first byte that differs.
std::size_t parting(std::string_view first, std::string_view second);

/// An excerpt of each string around the place where they start to differ.
std::vector<std::string> excerpts(const std::vector<std::string>& texts);

}  // namespace reports::text
