#include "reports/formats/range_plot.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "reports/formats/forest_plot.hpp"
#include "reports/text/plain_text.hpp"

namespace reports::formats {
namespace {

constexpr double kAxisLeft = 142;   // of the axis; names stand left of it
constexpr double kAxisRight = 292;  // the only value of a row stands right of it
constexpr double kChartTop = 6;
constexpr double kAcross = 12;  // of one mark
constexpr double kRoom = 5;     // between rows
constexpr std::size_t kWideNameWidth = 21;
constexpr std::size_t kDescribed = 12;

double height_of(const RangeRow& row) {
    return (row.points.size() > 1 ? 2 : 1) * kRoom +
           kAcross * static_cast<double>(std::max<std::size_t>(1, row.points.size()));
}

std::vector<double> ticks_of(const RangePlot& plot) {
    if (!plot.ticks.empty()) return plot.ticks;
    double low = plot.zero.value_or(plot.rows.front().points.front().value);
    double high = low;
    for (const RangeRow& row : plot.rows) {
        for (const RangePoint& point : row.points) {
            low = std::min({low, point.value, point.ci95 ? point.ci95->low : point.value});
            high = std::max({high, point.value, point.ci95 ? point.ci95->high : point.value});
        }
    }
    return axis_ticks(low, high);
}

/// At most five ticks have a label, and that of zero is one of them.
std::vector<double> labelled(const std::vector<double>& ticks) {
    if (ticks.size() <= 5) return ticks;
    const auto zero = std::find(ticks.begin(), ticks.end(), 0.0);
    const std::size_t first = zero == ticks.end() ? 0 : static_cast<std::size_t>(zero - ticks.begin()) % 2;
    std::vector<double> shown;
    for (std::size_t i = first; i < ticks.size(); i += 2) shown.push_back(ticks[i]);
    return shown;
}

void add_point(Chart& chart, const Scale& x, const RangePoint& point, double y) {
    if (point.ci95) {
        const double low = x.at(point.ci95->low);
        const double high = x.at(point.ci95->high);
        chart.paths.push_back({horizontal(low, high, y) + vertical(low, y - 3, y + 3) + vertical(high, y - 3, y + 3),
                               "interval " + run_look(point.run)});
    }
    chart.marks.push_back({x.at(point.value), y, point.run, point.words});
}

void add_range_row(Chart& chart, const Scale& x, const RangePlot& plot, const RangeRow& row, double top) {
    const double middle = top + height_of(row) / 2;
    chart.texts.push_back({.x = 0, .y = middle + 4, .text = text::shortened(row.name, kWideNameWidth), .look = "name"});
    double y = top + (height_of(row) - kAcross * static_cast<double>(row.points.size()) + kAcross) / 2;
    for (const RangePoint& point : row.points) {
        add_point(chart, x, point, y);
        y += kAcross;
    }
    if (row.points.size() == 1 && plot.number != nullptr)
        chart.texts.push_back({.x = chart.width,
                               .y = middle + 4,
                               .text = plot.number(row.points.front().value),
                               .look = "value",
                               .anchor = "end"});
}

}  // namespace

Chart range_chart(const RangePlot& plot) {
    Chart chart;
    chart.title = plot.title;
    chart.description = plot.description;
    if (plot.rows.empty()) return chart;
    double bottom = kChartTop;
    for (const RangeRow& row : plot.rows) bottom += height_of(row);
    const std::vector<double> ticks = ticks_of(plot);
    const Scale x{ticks.front(), ticks.back(), kAxisLeft, kAxisRight};
    add_x_ticks(chart, x, labelled(ticks), kChartTop, bottom);
    if (plot.zero) chart.paths.push_back({vertical(x.at(*plot.zero), kChartTop, bottom + 3), "zero"});
    double top = kChartTop;
    for (const RangeRow& row : plot.rows) {
        add_range_row(chart, x, plot, row, top);
        top += height_of(row);
    }
    chart.texts.push_back({.x = 0, .y = bottom + 15, .text = plot.axis});
    chart.height = bottom + 20;
    return chart;
}

std::string range_description(const RangePlot& plot) {
    std::string text;
    for (std::size_t i = 0; i < std::min(plot.rows.size(), kDescribed); ++i) {
        for (const RangePoint& point : plot.rows[i].points) text += (text.empty() ? "" : "; ") + point.words;
    }
    if (plot.rows.size() > kDescribed) text += fmt::format("; {} more in the table", plot.rows.size() - kDescribed);
    return text;
}

}  // namespace reports::formats
