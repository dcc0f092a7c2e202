#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace reports::text {

/// In quotes, on one line, `visible`: what stands around byte `at`, with an ellipsis outside the quotes where something
/// is left out. Whole characters; line feeds are \n.
std::string excerpt(std::string_view text, std::size_t at);

/// Index of the first byte in which the two are not the same.
std::size_t parting(std::string_view first, std::string_view second);

/// Where several strings part, an excerpt of each around that place.
std::vector<std::string> excerpts(const std::vector<std::string>& texts);

}  // namespace reports::text
