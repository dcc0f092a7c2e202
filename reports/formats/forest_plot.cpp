#include "reports/formats/forest_plot.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <set>

#include "reports/formats/chart.hpp"
#include "reports/formats/page_template.hpp"
#include "reports/sections/cells.hpp"
#include "reports/sections/scores.hpp"
#include "reports/text/plain_text.hpp"

namespace reports::formats {
namespace {

// In units of the view box, which is about as many CSS pixels wide, so that a font size of 12 is readable.
constexpr double kWidth = 340;
constexpr double kLeft = 112;
constexpr double kRight = 284;
constexpr double kHeading = 20;
constexpr double kRow = 19;
constexpr double kAxis = 18;
constexpr double kGap = 8;
constexpr double kCharacter = 7;  // width of one character of a label, with some room

using Rows = std::vector<const sections::ScoreRow*>;

/// Short enough for the space right of the axis; the table has all digits.
std::string value_text(double value) {
    if (std::abs(value) >= 1e7) return fmt::format("{:.2e}", value);
    return std::abs(value) >= 1e4 ? fmt::format("{:.0f}", value) : sections::number(value);
}

std::string tick_text(double value) {
    return fmt::format("{:g}", value);
}

struct Axis {
    std::vector<double> ticks;
    double x(double value) const {
        const double share = (value - ticks.front()) / (ticks.back() - ticks.front());
        return kLeft + (kRight - kLeft) * std::clamp(share, 0.0, 1.0);
    }
    /// Number of ticks from one label to the next: 1, or more where labels would overlap.
    std::size_t label_every() const {
        std::size_t widest = 0;
        for (const double value : ticks) widest = std::max(widest, tick_text(value).size());
        const double apart = (kRight - kLeft) / static_cast<double>(ticks.size() - 1);
        return static_cast<std::size_t>(std::ceil((static_cast<double>(widest) + 1) * kCharacter / apart));
    }
};

Axis axis_of(const Rows& rows) {
    bool rates = true;
    double low = rows.front()->metric->value;
    double high = low;
    for (const sections::ScoreRow* row : rows) {
        const data::ItemValues& values = row->metric->values;
        rates = rates && !values.empty() && std::all_of(values.begin(), values.end(), [](const auto& value) {
                    return !value || (*value >= 0 && *value <= 1);
                });
        low = std::min({low, row->metric->value, row->ci95 ? row->ci95->low : row->metric->value});
        high = std::max({high, row->metric->value, row->ci95 ? row->ci95->high : row->metric->value});
    }
    return {rates ? std::vector<double>{0, 0.25, 0.5, 0.75, 1} : axis_ticks(low, high)};
}

std::string mark_title(const sections::ScoreRow& row) {
    return fmt::format("{}, {}: {}{}, n {}", sections::run_name(*row.run), row.metric->name,
                       sections::number(row.metric->value),
                       row.ci95 ? " (95 % interval " + sections::range(row.ci95) + ")" : "", row.scored);
}

/// The variant, with the run's id if another run has the same variant.
std::string label_of(const data::RunView& run, const std::vector<data::RunView>& runs) {
    const auto same = std::count_if(runs.begin(), runs.end(),
                                    [&run](const data::RunView& other) { return other.variant == run.variant; });
    if (same < 2) return text::shortened(run.variant, kNameWidth);
    const std::string number = fmt::format(" #{}", run.id);
    return text::shortened(run.variant, kNameWidth - std::min(number.size(), kNameWidth - 2)) + number;
}

TemplateData mark_data(const sections::ScoreRow& row, const std::vector<data::RunView>& runs, const Axis& axis,
                       double top) {
    const auto run = static_cast<std::size_t>(row.run - runs.data());
    const double middle = top + kRow / 2;
    TemplateData mark;
    set_run_looks(mark, run);
    mark.set("title", mark_title(row));
    mark.set("name", label_of(*row.run, runs));
    mark.set("value", value_text(row.metric->value));
    mark.set("y", coordinate(middle));
    mark.set("row_top", coordinate(top));
    mark.set("row_height", coordinate(kRow));
    mark.set("text_y", coordinate(middle + 4));
    mark.set("mark_x", coordinate(axis.x(row.metric->value) - 5));
    mark.set("mark_y", coordinate(middle - 5));
    mark.set("dot", true);
    TemplateData interval(TemplateData::type::bool_false);
    if (row.ci95) {
        interval = TemplateData("low", coordinate(axis.x(row.ci95->low)));
        interval.set("high", coordinate(axis.x(row.ci95->high)));
        interval.set("cap_top", coordinate(middle - 3));
    }
    mark.set("interval", interval);
    return mark;
}

/// One metric; moves `y` from its top to its bottom.
TemplateData panel_data(const Rows& rows, const std::vector<data::RunView>& runs, double& y) {
    const Axis axis = axis_of(rows);
    TemplateData panel("metric", rows.front()->metric->name);
    panel.set("arrow", rows.front()->metric->higher_is_better ? "higher is better" : "lower is better");
    panel.set("heading_y", coordinate(y + 13));
    const double top = y + kHeading;
    const double bottom = top + kRow * static_cast<double>(rows.size());
    TemplateList marks;
    for (std::size_t i = 0; i < rows.size(); ++i) {
        marks.push_back(mark_data(*rows[i], runs, axis, top + kRow * static_cast<double>(i)));
    }
    TemplateList ticks;
    const std::size_t label_every = axis.label_every();
    for (std::size_t i = 0; i < axis.ticks.size(); ++i) {
        const double value = axis.ticks[i];
        TemplateData tick("x", coordinate(axis.x(value)));
        tick.set("top", coordinate(top));
        tick.set("bottom", coordinate(bottom + 3));
        tick.set("label_y", coordinate(bottom + 14));
        tick.set("label", i % label_every == 0 ? tick_text(value) : "");
        tick.set("anchor", "middle");
        ticks.push_back(tick);
    }
    panel.set("marks", marks);
    panel.set("ticks", ticks);
    y = bottom + kAxis + kGap;
    return panel;
}

TemplateData plot_data(const std::vector<Rows>& metrics, const std::vector<data::RunView>& runs) {
    const data::TaskView& task = *metrics.front().front()->task;
    double y = 0;
    TemplateList panels;
    for (const Rows& rows : metrics) panels.push_back(panel_data(rows, runs, y));
    TemplateData plot("task", task.task);
    plot.set("details", sections::task_details(task));
    plot.set("width", coordinate(kWidth));
    plot.set("height", coordinate(y - kGap));
    plot.set("panels", panels);
    return plot;
}

}  // namespace

std::vector<double> axis_ticks(double low, double high) {
    // A single value gets some space around it.
    const double room = high > low ? high - low : std::max(std::abs(high), 1.0) * 0.1;
    const double span = std::max(room, std::abs(high) * 1e-9);  // closer ticks would be equal as doubles
    const double rough = span / 4;
    const double power = std::pow(10.0, std::floor(std::log10(rough)));
    const double step = rough <= power       ? power
                        : rough <= 2 * power ? 2 * power
                        : rough <= 5 * power ? 5 * power
                                             : 10 * power;
    std::vector<double> ticks;
    const double first = std::floor(low / step);
    const auto steps = static_cast<std::size_t>(std::max(std::ceil(high / step) - first, 1.0));
    for (std::size_t i = 0; i <= steps; ++i) ticks.push_back((first + static_cast<double>(i)) * step);
    return ticks;
}

std::string forest_plots(const std::vector<data::RunView>& runs, const std::vector<std::string>& left_out) {
    const std::set<std::string> elsewhere(left_out.begin(), left_out.end());
    const std::vector<sections::ScoreRow> rows = sections::score_rows(runs);
    std::vector<std::vector<Rows>> tasks;  // tasks of metrics of rows
    for (const sections::ScoreRow& row : rows) {
        if (!std::isfinite(row.metric->value) || elsewhere.contains(row.task->task)) continue;
        const bool new_task = tasks.empty() || !sections::same_task(*tasks.back().back().back()->task, *row.task);
        if (new_task) tasks.emplace_back();
        const bool new_metric = tasks.back().empty() || tasks.back().back().back()->metric->name != row.metric->name;
        if (new_metric) tasks.back().emplace_back();
        tasks.back().back().push_back(&row);
    }
    if (tasks.empty()) return "";

    TemplateList legend;
    for (std::size_t i = 0; i < runs.size(); ++i) {
        TemplateData entry("name", sections::run_name(runs[i]));
        set_run_looks(entry, i);
        legend.push_back(entry);
    }
    TemplateList plots;
    for (const std::vector<Rows>& metrics : tasks) plots.push_back(plot_data(metrics, runs));
    TemplateData data("runs", legend);
    data.set("plots", plots);
    return PageTemplate("plots.mustache").fill(data);
}

}  // namespace reports::formats
