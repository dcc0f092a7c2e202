#include "reports/formats/safety_charts.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "reports/formats/forest_plot.hpp"
#include "reports/sections/cells.hpp"
#include "reports/sections/safety_analysis.hpp"
#include "reports/text/plain_text.hpp"

namespace reports::formats {
namespace {

using sections::SafetyMean;
using sections::SafetyRate;

const std::vector<double> kShareTicks = {0, 0.25, 0.5, 0.75, 1};
constexpr double kRow = 22;
constexpr std::size_t kNameWidth = 16;  // characters left of the axis

std::string interval_text(const SafetyMean& mean) {
    return fmt::format("{} (95 % interval {}), n {}", sections::number(mean.value), sections::range(mean.ci95),
                       mean.items);
}

const data::RunView& view_of(const data::Report& report, const data::SafetyRun& run) {
    return report.runs.at(run.run);
}

/// Published rates of people for Llama 2's chat models.
std::vector<double> published_violations(const data::Safety& safety) {
    std::vector<double> values;
    for (const data::PublishedSafety& row : safety.published) {
        const bool is_chat = row.number.model.starts_with("llama-2") && row.number.model.ends_with("-chat");
        if (row.metric == "violation" && is_chat) values.push_back(row.number.value);
    }
    std::sort(values.begin(), values.end());
    return values;
}

void add_reference_lines(const std::vector<double>& values, const Scale& x, double top, double bottom, Chart& chart) {
    for (const double value : values) {
        chart.paths.push_back(
            {fmt::format("M{} {}V{}", coordinate(x.at(value)), coordinate(top), coordinate(bottom)), "reference"});
    }
}

Figure violation_chart(const data::Report& report, const std::vector<const SafetyRate*>& rates) {
    constexpr double kTop = 6;
    const double bottom = kTop + kRow * static_cast<double>(rates.size());
    const Scale x{0, 1, 116, 324};
    Figure figure{.caption = "Violations of unsafe prompts",
                  .details = "by " + report.safety->scorers.at(rates.front()->scores->scorer).name,
                  .chart = {}};
    Chart& chart = figure.chart;
    chart.height = bottom + 20;
    chart.title = "Rate of violations of each run";
    add_x_ticks(chart, x, kShareTicks, kTop, bottom);
    const std::vector<double> published = published_violations(*report.safety);
    add_reference_lines(published, x, kTop, bottom, chart);
    if (!published.empty()) {
        chart.description = fmt::format(
            "Dashed: what people found in Llama 2's chat models, {} to {}, on other prompts, read from a "
            "chart.",
            sections::number(published.front()), sections::number(published.back()));
        figure.details += ". " + chart.description;
    }
    for (std::size_t i = 0; i < rates.size(); ++i) {
        const data::SafetyRun& run = *rates[i]->run;
        const SafetyMean& mean = *rates[i]->mean;
        const double y = kTop + kRow * (static_cast<double>(i) + 0.5);
        const std::string name = sections::run_name(view_of(report, run));
        chart.texts.push_back({.x = 108,
                               .y = y + 4,
                               .text = text::shortened(view_of(report, run).variant, kNameWidth),
                               .look = "name",
                               .anchor = "end"});
        if (mean.ci95) {
            chart.paths.push_back({fmt::format("M{} {}H{}", coordinate(x.at(mean.ci95->low)), coordinate(y),
                                               coordinate(x.at(mean.ci95->high))),
                                   "interval " + run_look(run.run)});
        }
        chart.marks.push_back({x.at(mean.value), y, run.run, name + ": " + interval_text(mean)});
        chart.description += fmt::format(" {}: {}.", name, interval_text(mean));
    }
    return figure;
}

void add_cross(const sections::PlanePoint& point, const Scale& x, const Scale& y, Chart& chart) {
    const double at_x = x.at(point.over_refusal.value);
    const double at_y = y.at(point.refusal.value);
    std::string d;
    if (const auto& ci95 = point.over_refusal.ci95)
        d += fmt::format("M{} {}H{}", coordinate(x.at(ci95->low)), coordinate(at_y), coordinate(x.at(ci95->high)));
    if (const auto& ci95 = point.refusal.ci95)
        d += fmt::format("M{} {}V{}", coordinate(at_x), coordinate(y.at(ci95->low)), coordinate(y.at(ci95->high)));
    if (!d.empty()) chart.paths.push_back({d, "interval " + run_look(point.run->run)});
}

Figure refusal_plane(const data::Report& report, const std::vector<sections::PlanePoint>& points) {
    constexpr double kLeft = 46;
    constexpr double kRight = 330;
    constexpr double kTop = 22;
    constexpr double kBottom = 250;
    const Scale x{0, 1, kLeft, kRight};
    const Scale y{0, 1, kBottom, kTop};
    Figure figure{
        .caption = "Refusal and over-refusal",
        .details = "by " + report.safety->scorers.at(points.front().scorer).name + ". Best is the upper left corner.",
        .chart = {}};
    Chart& chart = figure.chart;
    chart.height = 284;
    chart.title = "Refusal of unsafe prompts against over-refusal of borderline prompts";
    add_x_ticks(chart, x, kShareTicks, kTop, kBottom);
    add_y_ticks(chart, y, kShareTicks, kLeft, kRight);
    chart.texts.push_back({.x = (kLeft + kRight) / 2,
                           .y = kBottom + 31,
                           .text = "over-refusal of borderline prompts",
                           .anchor = "middle"});
    chart.texts.push_back({.x = kLeft - 40, .y = 11, .text = "refusal of unsafe prompts"});
    std::vector<double> published;
    for (const data::PublishedSafety& row : report.safety->published) {
        if (row.metric == "over_refusal") published.push_back(row.number.value);
    }
    add_reference_lines(published, x, kTop, kBottom, chart);
    if (published.size() == 2) {
        figure.details += fmt::format(
            " Dashed: over-refusal in the Llama 2 paper without and with all of its safety data, {} and {}, on other "
            "prompts.",
            sections::number(published.front()), sections::number(published.back()));
    }
    for (const sections::PlanePoint& point : points) {
        const std::string title =
            fmt::format("{}: over-refusal {}; refusal {}", sections::run_name(view_of(report, *point.run)),
                        interval_text(point.over_refusal), interval_text(point.refusal));
        add_cross(point, x, y, chart);
        chart.marks.push_back({x.at(point.over_refusal.value), y.at(point.refusal.value), point.run->run, title});
        chart.description += title + ". ";
    }
    return figure;
}

}  // namespace

std::vector<Figure> violation_charts(const data::Report& report) {
    const std::vector<SafetyRate> rates = sections::safety_rates(*report.safety, sections::SafetySplit::All);
    std::map<std::size_t, std::vector<const SafetyRate*>> by_scorer;
    for (const SafetyRate& rate : rates) {
        const bool is_shown = rate.scores->measure == data::SafetyMeasure::Violation &&
                              rate.part.kind == data::PromptKind::Unsafe && rate.mean;
        if (is_shown) by_scorer[rate.scores->scorer].push_back(&rate);
    }
    std::vector<Figure> figures;
    figures.reserve(by_scorer.size());
    for (const auto& [scorer, shown] : by_scorer) figures.push_back(violation_chart(report, shown));
    return figures;
}

std::vector<Figure> refusal_planes(const data::Report& report) {
    std::map<std::size_t, std::vector<sections::PlanePoint>> by_scorer;
    for (const sections::PlanePoint& point : sections::refusal_plane(*report.safety))
        by_scorer[point.scorer].push_back(point);
    std::vector<Figure> figures;
    figures.reserve(by_scorer.size());
    for (const auto& [scorer, points] : by_scorer) figures.push_back(refusal_plane(report, points));
    return figures;
}

}  // namespace reports::formats
