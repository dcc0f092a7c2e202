#include "reports/formats/verdict_plots.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "reports/formats/range_plot.hpp"
#include "reports/formats/share_chart.hpp"
#include "reports/sections/cells.hpp"
#include "reports/sections/score_words.hpp"
#include "reports/sections/scores.hpp"
#include "reports/statistics/interval.hpp"

namespace reports::formats {
namespace {

constexpr std::size_t kMaxRows = 40;  // of the first plot

/// How values are plotted.
struct Units {
    double factor = 1;
    const char* suffix = "";
    std::string (*number)(double) = nullptr;
};
const Units kPoints = {100, " points",
                       [](double value) { return std::abs(value) < 0.05 ? "0.0" : fmt::format("{:+.1f}", value); }};
const Units kGain = {1, "", [](double value) { return fmt::format("{:+.4g}", value); }};
const Units kScore = {1, "", [](double value) { return sections::number(value); }};

const Units& gain_units(bool is_share) {
    return is_share ? kPoints : kGain;
}

/// A value to plot, in the units of its score.
struct Measured {
    std::size_t run = 0;
    double value = 0;
    std::optional<data::Interval> ci95;
    std::size_t items = 0;
};

RangePoint range_point(const std::vector<data::RunView>& runs, const std::string& row, const Measured& measured,
                       const Units& units) {
    RangePoint point{.run = measured.run, .value = units.factor * measured.value, .ci95 = std::nullopt, .words = ""};
    std::string interval;
    if (measured.ci95) {
        point.ci95 = data::Interval{units.factor * measured.ci95->low, units.factor * measured.ci95->high};
        interval =
            fmt::format(" (95 % interval {} to {})", units.number(point.ci95->low), units.number(point.ci95->high));
    }
    point.words = fmt::format("{}, {}: {}{}{}, n {}", sections::run_name(runs[measured.run]), sections::name_text(row),
                              units.number(point.value), units.suffix, interval, measured.items);
    return point;
}

void add_range_point(RangePlot& plot, const std::string& row, RangePoint point) {
    const auto known =
        std::find_if(plot.rows.begin(), plot.rows.end(), [&row](const RangeRow& other) { return other.name == row; });
    if (known == plot.rows.end()) {
        plot.rows.push_back({row, {std::move(point)}});
    } else {
        known->points.push_back(std::move(point));
    }
}

RangePlot gain_plot(const std::string& title, bool is_share) {
    RangePlot plot;
    plot.title = title;
    plot.axis = is_share ? "points" : "";
    plot.zero = 0;
    plot.number = gain_units(is_share).number;
    return plot;
}

/// Largest first; of many rows those that differ most.
std::string sort_rows(RangePlot& plot) {
    const auto value = [](const RangeRow& row) { return row.points.front().value; };
    const std::size_t all = plot.rows.size();
    if (all > kMaxRows) {
        std::stable_sort(plot.rows.begin(), plot.rows.end(), [&value](const RangeRow& a, const RangeRow& b) {
            return std::abs(value(a)) > std::abs(value(b));
        });
        plot.rows.resize(kMaxRows);
    }
    std::stable_sort(plot.rows.begin(), plot.rows.end(),
                     [&value](const RangeRow& a, const RangeRow& b) { return value(a) > value(b); });
    return all > kMaxRows ? fmt::format("; the {} largest of {}", kMaxRows, all) : "";
}

Figure figure_of(RangePlot plot, const std::string& caption, const std::string& details) {
    plot.description = range_description(plot);
    return {caption, details, range_chart(plot)};
}

std::vector<Figure> gain_figure(const std::vector<data::RunView>& runs, const sections::ReportVerdict& verdict) {
    const auto& rows = verdict.suites;
    const bool is_share = std::any_of(rows.begin(), rows.end(), [](const auto& row) { return row.is_share; });
    const std::string caption = "Gain over " + sections::run_name(runs.front());
    RangePlot plot = gain_plot(caption, is_share);
    std::size_t others = 0;
    for (const sections::SuiteVerdict& row : rows) {
        if (row.is_share != is_share || (!is_share && row.metric != rows.front().metric)) {
            ++others;
            continue;
        }
        const Measured measured{sections::run_index(runs, row.run->id), row.gain(), row.gain95(), row.paired.items};
        add_range_point(plot, row.suite, range_point(runs, row.suite, measured, gain_units(is_share)));
    }
    const std::string more = sort_rows(plot);
    return {figure_of(std::move(plot), caption,
                      fmt::format("Paired difference in the better direction with its 95 % interval{}{}; right of 0 is "
                                  "better{}{}",
                                  is_share ? ", in points of 0.01" : "", others == 0 ? "" : " for one scale", more,
                                  others == 0 ? "" : "; the others are in the table"))};
}

std::vector<Figure> score_figure(const std::vector<data::RunView>& runs) {
    const std::vector<sections::SuiteScore> scores = sections::suite_scores(runs.front());
    RangePlot plot;
    plot.title = "Scores of " + sections::run_name(runs.front());
    plot.ticks = share_ticks();
    plot.number = kScore.number;
    for (const sections::SuiteScore& score : scores) {
        if (!score.is_share) continue;
        add_range_point(plot, score.suite,
                        range_point(runs, score.suite, {0, score.value, score.ci95, score.items}, kScore));
    }
    if (plot.rows.empty()) return {};
    const std::size_t others = scores.size() - plot.rows.size();
    const std::string more = sort_rows(plot);
    const std::string title = plot.title;
    return {figure_of(
        std::move(plot), title,
        fmt::format("With 95 % intervals{}{}", more, others == 0 ? "" : "; scores of other scales are in the table"))};
}

}  // namespace

std::vector<Figure> verdict_figure(const std::vector<data::RunView>& runs, const sections::ReportVerdict& verdict) {
    if (runs.size() == 1) return score_figure(runs);
    if (verdict.suites.empty()) return {};
    return gain_figure(runs, verdict);
}

Figure breakdown_figure(const std::vector<data::RunView>& runs, const sections::Breakdown& breakdown) {
    const Units& units = breakdown.is_difference ? gain_units(breakdown.is_share) : kScore;
    const std::string caption = fmt::format("{} by {}", breakdown.suite, breakdown.parts_are);
    RangePlot plot = gain_plot(caption, breakdown.is_share);
    plot.number = units.number;
    if (!breakdown.is_difference) {
        plot.zero = std::nullopt;
        plot.axis = "";
        if (breakdown.is_share) plot.ticks = share_ticks();
    }
    for (const sections::Part& part : breakdown.parts) {
        for (const sections::PartValue& value : part.values)
            add_range_point(plot, part.name,
                            range_point(runs, part.name, {value.run, value.value, value.ci95, value.items}, units));
    }
    const std::string details =
        breakdown.is_difference
            ? fmt::format("{}, gain over {}; right of 0 is better", breakdown.metric, sections::run_name(runs.front()))
            : fmt::format("{}, {} is better", breakdown.metric, breakdown.higher_is_better ? "higher" : "lower");
    return figure_of(std::move(plot), caption, details);
}

std::vector<Figure> difference_figures(const std::vector<data::RunView>& runs, const sections::Comparison& comparison) {
    struct TaskPlot {
        const data::TaskView* task;
        bool is_share;
        RangePlot plot;
    };
    std::vector<TaskPlot> plots;
    for (const sections::DifferenceRow& row : comparison.differences) {
        if (row.metric->is_later) continue;  // whether a judge or a reward model is evidence is said with their section
        const bool is_share = statistics::is_share(row.metric->values);
        const bool is_new = plots.empty() || !sections::same_task(*plots.back().task, *row.task) ||
                            plots.back().is_share != is_share || !is_share;
        const bool is_next = !plots.empty() && !is_share && plots.back().plot.rows.back().name == row.metric->name &&
                             sections::same_task(*plots.back().task, *row.task);
        if (is_new && !is_next) plots.push_back({row.task, is_share, gain_plot(row.task->task, is_share)});
        sections::SuiteVerdict gain;
        gain.higher_is_better = row.metric->higher_is_better;
        gain.paired = row.paired;
        const Measured measured{sections::run_index(runs, row.run->id), gain.gain(), gain.gain95(), row.paired.items};
        add_range_point(plots.back().plot, row.metric->name,
                        range_point(runs, row.metric->name, measured, gain_units(is_share)));
    }
    std::vector<Figure> figures;
    for (TaskPlot& one : plots) {
        const auto metrics = std::count_if(one.task->metrics.begin(), one.task->metrics.end(), [](const auto& metric) {
            return !metric.values.empty() && !metric.is_later;
        });
        if (metrics < 2) continue;
        const std::string caption = one.plot.title;
        figures.push_back(figure_of(std::move(one.plot), caption,
                                    fmt::format("{}, gain over {}; right of 0 is better",
                                                sections::task_details(*one.task), sections::run_name(runs.front()))));
    }
    return figures;
}

}  // namespace reports::formats
