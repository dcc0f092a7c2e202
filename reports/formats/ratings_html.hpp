#pragma once

#include <string>

#include "reports/data/ratings.hpp"

namespace reports::formats {

/// The section of a study: what its ratings say, what limits them, charts and tables.
std::string html_ratings(const data::Study& study);

}  // namespace reports::formats
