#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <utility>

#include "reports/formats/forest_plot.hpp"
#include "reports/formats/safety_charts.hpp"
#include "reports/sections/cells.hpp"
#include "reports/sections/safety_analysis.hpp"
#include "reports/text/plain_text.hpp"

namespace reports::formats {
namespace {

using sections::RewardQuantiles;

constexpr std::size_t kBins = 30;

std::string name_of(const data::Report& report, const data::SafetyRun& run) {
    return sections::run_name(report.runs.at(run.run));
}

/// Numbers of answers by bin of the scale.
std::vector<std::size_t> histogram(const std::vector<double>& rewards, const Scale& scale) {
    std::vector<std::size_t> bins(kBins);
    for (const double reward : rewards) {
        const double share = (reward - scale.low) / (scale.high - scale.low);
        ++bins[std::min(static_cast<std::size_t>(std::max(share, 0.0) * kBins), kBins - 1)];
    }
    return bins;
}

void add_histogram(const RewardQuantiles& row, const Scale& x, double bottom, double height, Chart& chart) {
    const std::vector<std::size_t> bins = histogram(row.scores->answers, x);
    const auto most = static_cast<double>(*std::max_element(bins.begin(), bins.end()));
    const double width = (x.to - x.from) / kBins;
    for (std::size_t i = 0; i < kBins; ++i) {
        if (bins[i] == 0) continue;
        const double bar = height * static_cast<double>(bins[i]) / most;
        chart.rects.push_back({x.from + width * static_cast<double>(i), bottom - bar, width - 0.5, bar,
                               "bar " + run_look(row.run->run), 1, sections::counted(bins[i], "answer")});
    }
    chart.paths.push_back(
        {fmt::format("M{} {}v{}", coordinate(x.at(row.q50)), coordinate(bottom - height), coordinate(height)),
         "median"});
}

Figure reward_chart(const data::Report& report, const std::vector<RewardQuantiles>& rows) {
    constexpr double kRow = 52;
    constexpr double kTop = 8;
    double low = rows.front().scores->answers.front();
    double high = low;
    for (const RewardQuantiles& row : rows) {
        const auto [least, most] = std::minmax_element(row.scores->answers.begin(), row.scores->answers.end());
        low = std::min(low, *least);
        high = std::max(high, *most);
    }
    const std::vector<double> ticks = axis_ticks(low, high);
    const Scale x{ticks.front(), ticks.back(), 116, 324};
    const double bottom = kTop + kRow * static_cast<double>(rows.size());
    Figure figure{
        .caption = "Rewards of all answers",
        .details = "by " + report.safety->scorers.at(rows.front().scores->scorer).name + "; the line is the median",
        .chart = {}};
    Chart& chart = figure.chart;
    chart.height = bottom + 20;
    chart.title = "Distribution of rewards of each run";
    add_x_ticks(chart, x, ticks, kTop, bottom);
    for (std::size_t i = 0; i < rows.size(); ++i) {
        const double base = kTop + kRow * (static_cast<double>(i) + 1);
        add_histogram(rows[i], x, base, kRow - 8, chart);
        chart.marks.push_back({8, base - 16, rows[i].run->run, name_of(report, *rows[i].run)});
        chart.texts.push_back({.x = 18,
                               .y = base - 12,
                               .text = text::shortened(report.runs.at(rows[i].run->run).variant, kNameWidth - 2),
                               .look = "name"});
        chart.description +=
            fmt::format("{}: median {}, half of the answers from {} to {}. ", name_of(report, *rows[i].run),
                        sections::number(rows[i].q50), sections::number(rows[i].q25), sections::number(rows[i].q75));
    }
    return figure;
}

double half_width(const data::MeanOverPrompts& mean) {
    return 1.96 * mean.standard_error;
}

using Mean = data::MeanOverPrompts data::BestOfNPoint::*;

/// One line of a curve with its band.
void add_curve(const data::BestOfNCurve& curve, Mean mean, const std::string& look, const std::pair<Scale, Scale>& axes,
               Chart& chart) {
    std::string line;
    std::string above;
    std::string below;
    const auto at = [&](const data::BestOfNPoint& point, double value) {
        return fmt::format("{} {}", coordinate(axes.first.at(static_cast<double>(point.n))),
                           coordinate(axes.second.at(value)));
    };
    for (const data::BestOfNPoint& point : curve.points) {
        const data::MeanOverPrompts& here = point.*mean;
        line += (line.empty() ? "M" : "L") + at(point, here.mean);
        above += (above.empty() ? "M" : "L") + at(point, here.mean + half_width(here));
        below.insert(0, "L" + at(point, here.mean - half_width(here)));
    }
    chart.paths.push_back({above + below + "z", "band " + look});
    chart.paths.push_back({line, "line " + look});
}

Figure best_of_n_chart(const data::Report& report, const data::SafetyRun& run, const data::BestOfNCurve& curve) {
    const auto& scorers = report.safety->scorers;
    double low = curve.points.front().chosen.mean;
    double high = low;
    for (const data::BestOfNPoint& point : curve.points) {
        for (const data::MeanOverPrompts& mean : {point.chosen, curve.measurer ? point.measured : point.chosen}) {
            low = std::min(low, mean.mean - half_width(mean));
            high = std::max(high, mean.mean + half_width(mean));
        }
    }
    const std::vector<double> ticks = axis_ticks(low, high);
    const auto last = static_cast<double>(curve.samples);
    const std::pair<Scale, Scale> axes = {Scale{1, last, 52, 330}, Scale{ticks.front(), ticks.back(), 190, 10}};
    Figure figure{.caption = "Best of n, " + name_of(report, run), .details = {}, .chart = {}};
    figure.details = "chosen by " + scorers.at(curve.chooser).name;
    if (curve.measurer)
        figure.details += " (solid), the same answers measured by " + scorers.at(*curve.measurer).name + " (dashed)";
    if (!curve.remark.empty()) figure.details += "; " + curve.remark;
    Chart& chart = figure.chart;
    chart.height = 224;
    chart.title = "Reward of the best of n answers, " + name_of(report, run);
    chart.description = figure.details;
    std::vector<double> counts;
    const std::size_t step = std::max<std::size_t>(1, (curve.samples + 7) / 8);
    for (std::size_t n = 1; n <= curve.samples; n += step) counts.push_back(static_cast<double>(n));
    add_x_ticks(chart, axes.first, counts, 10, 190);
    add_y_ticks(chart, axes.second, ticks, 52, 330);
    chart.texts.push_back({.x = 190, .y = 220, .text = "n, answers to choose from", .anchor = "middle"});
    add_curve(curve, &data::BestOfNPoint::chosen, run_look(run.run), axes, chart);
    if (curve.measurer) add_curve(curve, &data::BestOfNPoint::measured, "dashed " + run_look(run.run), axes, chart);
    return figure;
}

}  // namespace

std::vector<Figure> reward_charts(const data::Report& report) {
    std::map<std::size_t, std::vector<RewardQuantiles>> by_scorer;
    for (const RewardQuantiles& row : sections::reward_quantiles(*report.safety))
        by_scorer[row.scores->scorer].push_back(row);
    std::vector<Figure> figures;
    figures.reserve(by_scorer.size());
    for (const auto& [scorer, rows] : by_scorer) figures.push_back(reward_chart(report, rows));
    return figures;
}

std::vector<Figure> best_of_n_charts(const data::Report& report) {
    std::vector<Figure> figures;
    for (const data::SafetyRun& run : report.safety->runs) {
        for (const data::BestOfNCurve& curve : run.curves) {
            if (curve.samples > 1) figures.push_back(best_of_n_chart(report, run, curve));
        }
    }
    return figures;
}

}  // namespace reports::formats
