#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "reports/data/values.hpp"
#include "reports/formats/chart.hpp"

namespace reports::formats {

/// A share with its 95 % interval.
struct ShareRow {
    std::string name;  ///< left of the axis, shortened to fit
    std::size_t run = 0;
    double value = 0;
    std::optional<data::Interval> ci95 = {};
    std::string words;  ///< shown when the mark is pointed at
};

/// A forest plot of shares from 0 to 1, one below the other, with dashed lines at the `references`. Title and
/// description are left to the caller.
Chart share_chart(const std::vector<ShareRow>& rows, const std::vector<double>& references);

/// Grid lines of an axis of shares.
const std::vector<double>& share_ticks();

}  // namespace reports::formats
