#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "reports/data/values.hpp"
#include "reports/formats/chart.hpp"

namespace reports::formats {

/// One value with its interval, in the plot's units.
struct RangePoint {
    std::size_t run = 0;  ///< decides colour and mark
    double value = 0;
    std::optional<data::Interval> ci95;
    std::string words;  ///< shown when pointed at
};
struct RangeRow {
    std::string name;  ///< shortened to the space left of the axis
    std::vector<RangePoint> points;
};

/// A forest plot: a line for each row with the marks and intervals of its runs, above one axis. All text is hostile.
struct RangePlot {
    std::string title;
    std::string description;
    std::string axis;                    ///< what the axis measures: "points"
    std::optional<double> zero = {};     ///< where a line stands that values are compared with
    std::vector<double> ticks = {};      ///< empty: round ones that hold all values and `zero`
    std::string (*number)(double) = {};  ///< text of a row's only value, right of the axis
    std::vector<RangeRow> rows = {};
};
Chart range_chart(const RangePlot& plot);

/// "gsm8k +4.2 (+1.1 to +7.3)" for the first rows, so that those who do not see a plot get its main numbers.
std::string range_description(const RangePlot& plot);

}  // namespace reports::formats
