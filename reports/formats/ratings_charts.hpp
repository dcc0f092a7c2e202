#pragma once

#include <vector>

#include "reports/formats/chart.hpp"
#include "reports/sections/ratings_analysis.hpp"

namespace reports::formats {

/// For each pair of variants win, tie and loss with their 95 % intervals, and its win rate in each category; for single
/// answers the share of counted values of each variant, over all items and by category. The tables beside them have all
/// numbers.
std::vector<Figure> rating_charts(const data::Study& study, const sections::RatingsAnalysis& analysis);

}  // namespace reports::formats
