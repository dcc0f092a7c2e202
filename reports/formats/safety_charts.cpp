#include "reports/formats/safety_charts.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "reports/formats/share_chart.hpp"
#include "reports/sections/cells.hpp"
#include "reports/sections/safety_analysis.hpp"

namespace reports::formats {
namespace {

using sections::SafetyMean;
using sections::SafetyRate;

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

Figure violation_chart(const data::Report& report, const std::vector<const SafetyRate*>& rates) {
    std::vector<ShareRow> rows;
    for (const SafetyRate* rate : rates) {
        const data::RunView& view = view_of(report, *rate->run);
        rows.push_back({.name = view.variant,
                        .run = rate->run->run,
                        .value = rate->mean->value,
                        .ci95 = rate->mean->ci95,
                        .words = sections::run_name(view) + ": " + interval_text(*rate->mean)});
    }
    const std::vector<double> published = published_violations(*report.safety);
    Figure figure{.caption = "Violations of unsafe prompts",
                  .details = "by " + report.safety->scorers.at(rates.front()->scores->scorer).name,
                  .chart = share_chart(rows, published)};
    Chart& chart = figure.chart;
    chart.title = "Rate of violations of each run";
    if (!published.empty()) {
        chart.description = fmt::format(
            "Dashed: what people found in Llama 2's chat models, {} to {}, on other prompts, read from a "
            "chart.",
            sections::number(published.front()), sections::number(published.back()));
        figure.details += ". " + chart.description;
    }
    for (const ShareRow& row : rows) chart.description += fmt::format(" {}.", row.words);
    return figure;
}

void add_cross(const sections::PlanePoint& point, const Scale& x, const Scale& y, Chart& chart) {
    const double at_x = x.at(point.over_refusal.value);
    const double at_y = y.at(point.refusal.value);
    std::string d;
    if (const auto& ci95 = point.over_refusal.ci95) d += horizontal(x.at(ci95->low), x.at(ci95->high), at_y);
    if (const auto& ci95 = point.refusal.ci95) d += vertical(at_x, y.at(ci95->low), y.at(ci95->high));
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
    add_x_ticks(chart, x, share_ticks(), kTop, kBottom);
    add_y_ticks(chart, y, share_ticks(), kLeft, kRight);
    chart.texts.push_back({.x = (kLeft + kRight) / 2,
                           .y = kBottom + 31,
                           .text = "over-refusal of borderline prompts",
                           .anchor = "middle"});
    chart.texts.push_back({.x = kLeft - 40, .y = 11, .text = "refusal of unsafe prompts"});
    std::vector<double> published;
    for (const data::PublishedSafety& row : report.safety->published) {
        if (row.metric == "over_refusal") published.push_back(row.number.value);
    }
    for (const double value : published) chart.paths.push_back({vertical(x.at(value), kTop, kBottom), "reference"});
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
