#include "reports/formats/share_chart.hpp"

#include "reports/text/plain_text.hpp"

namespace reports::formats {

Chart share_chart(const std::vector<ShareRow>& rows, const std::vector<double>& references) {
    constexpr double kTop = 6;
    constexpr double kRow = 22;
    const double bottom = kTop + kRow * static_cast<double>(rows.size());
    const Scale x{0, 1, 116, 324};
    Chart chart;
    chart.height = bottom + 20;
    add_x_ticks(chart, x, share_ticks(), kTop, bottom);
    for (const double value : references) chart.paths.push_back({vertical(x.at(value), kTop, bottom), "reference"});
    for (std::size_t i = 0; i < rows.size(); ++i) {
        const ShareRow& row = rows[i];
        const double y = kTop + kRow * (static_cast<double>(i) + 0.5);
        chart.texts.push_back(
            {.x = 108, .y = y + 4, .text = text::shortened(row.name, kNameWidth), .look = "name", .anchor = "end"});
        if (row.ci95) {
            chart.paths.push_back(
                {horizontal(x.at(row.ci95->low), x.at(row.ci95->high), y), "interval " + run_look(row.run)});
        }
        chart.marks.push_back({x.at(row.value), y, row.run, row.words});
    }
    return chart;
}

const std::vector<double>& share_ticks() {
    static const std::vector<double> kTicks = {0, 0.25, 0.5, 0.75, 1};
    return kTicks;
}

}  // namespace reports::formats
