#include <fmt/format.h>

#include <algorithm>

#include "reports/formats/safety_charts.hpp"
#include "reports/sections/cells.hpp"
#include "reports/sections/safety_rates.hpp"
#include "reports/sections/safety_tables.hpp"
#include "reports/text/plain_text.hpp"

namespace reports::formats {
namespace {

using sections::SafetyRate;

constexpr double kMapWidth = 340;
constexpr double kCellsLeft = 116;  // of the first cell; names stand before it
constexpr double kHead = 74;        // height of the slanted names of the vectors
constexpr double kCellHeight = 31;
constexpr std::size_t kCategoryWidth = 18;  // characters before the first cell

/// More categories or vectors than this are left to the table: their cells could not be read.
constexpr std::size_t kMaxNames = 24;

/// Opacity of a cell's colour. The jump at 0.6 leaves out the tints on which neither dark nor light digits have a
/// contrast of 4.5.
double opacity_of(double share) {
    return share < 0.6 ? 0.04 + 0.75 * share : 0.4 + 0.6 * share;
}

/// Rates of one run, scorer and measure.
using Cells = std::vector<const SafetyRate*>;

template <class Name>
std::vector<std::string> names_of(const Cells& cells, const Name& name) {
    std::vector<std::string> names;
    for (const SafetyRate* cell : cells) names.push_back(name(*cell));
    std::sort(names.begin(), names.end());
    names.erase(std::unique(names.begin(), names.end()), names.end());
    return names;
}

std::string cell_title(const SafetyRate& rate) {
    const std::string place = rate.part.name + ", " + rate.part.vector;
    if (!rate.mean) return place + ": not scored";
    return fmt::format("{}: {} (95 % interval {}), n {}", place, sections::number(rate.mean->value),
                       sections::range(rate.mean->ci95), rate.mean->items);
}

struct Place {
    double x = 0, y = 0, width = 0;
};

void add_cell(const SafetyRate& rate, const Place& place, Chart& chart) {
    const bool is_dark = rate.mean && rate.mean->value >= 0.6;
    chart.rects.push_back({place.x, place.y, place.width, kCellHeight, "cell", 1, cell_title(rate)});
    if (rate.mean) {
        chart.rects.push_back({place.x, place.y, place.width, kCellHeight, "heat",
                               opacity_of(std::clamp(rate.mean->value, 0.0, 1.0)), cell_title(rate)});
    }
    const std::string look = is_dark ? " on-dark" : "";
    const double middle = place.x + place.width / 2;
    chart.texts.push_back({.x = middle,
                           .y = place.y + 15,
                           .text = rate.mean ? fmt::format("{:.0f}%", 100 * rate.mean->value) : sections::kNone,
                           .look = "digits" + look,
                           .anchor = "middle"});
    chart.texts.push_back({.x = middle,
                           .y = place.y + 26,
                           .text = fmt::format("n {}", rate.mean ? rate.mean->items : 0),
                           .look = "count" + look,
                           .anchor = "middle"});
}

std::vector<std::string> row_names(const Cells& cells) {
    return names_of(cells, [](const SafetyRate& rate) { return rate.part.name; });
}

std::vector<std::string> column_names(const Cells& cells) {
    return names_of(cells, [](const SafetyRate& rate) { return rate.part.vector; });
}

Figure heat_map(const data::Report& report, const Cells& cells) {
    const SafetyRate& first = *cells.front();
    const std::vector<std::string> rows = row_names(cells);
    const std::vector<std::string> columns = column_names(cells);
    const std::string measure = sections::to_string(first.scores->measure);
    const std::string run = sections::run_name(report.runs.at(first.run->run));
    const std::string& scorer = report.safety->scorers.at(first.scores->scorer).name;
    Figure figure{
        .caption = fmt::format("{}: {} of unsafe prompts", run, measure), .details = "by " + scorer, .chart = {}};
    Chart& chart = figure.chart;
    const double cell = std::clamp((kMapWidth - kCellsLeft - 26) / static_cast<double>(columns.size()), 30.0, 44.0);
    chart.width = std::max(kMapWidth, kCellsLeft + cell * static_cast<double>(columns.size()) + 4);
    chart.height = kHead + kCellHeight * static_cast<double>(rows.size()) + 4;
    chart.title = fmt::format("{} by category and attack vector, {}", measure, run);
    chart.description = "Shares in percent of n prompts; a stronger colour is a higher share.";
    for (std::size_t i = 0; i < columns.size(); ++i) {
        chart.texts.push_back({.x = kCellsLeft + cell * (static_cast<double>(i) + 0.5),
                               .y = kHead - 6,
                               .text = text::shortened(columns[i], kCategoryWidth),
                               .is_slanted = true});
    }
    for (std::size_t i = 0; i < rows.size(); ++i) {
        chart.texts.push_back({.x = kCellsLeft - 6,
                               .y = kHead + kCellHeight * (static_cast<double>(i) + 0.5) + 4,
                               .text = text::shortened(rows[i], kCategoryWidth),
                               .look = "name",
                               .anchor = "end"});
    }
    const auto place = [](const std::vector<std::string>& names, const std::string& name) {
        return static_cast<double>(std::lower_bound(names.begin(), names.end(), name) - names.begin());
    };
    for (const SafetyRate* rate : cells) {
        chart.description += fmt::format(" {}.", cell_title(*rate));
        add_cell(*rate,
                 {kCellsLeft + cell * place(columns, rate->part.vector),
                  kHead + kCellHeight * place(rows, rate->part.name), cell},
                 chart);
    }
    return figure;
}

bool is_share(const SafetyRate& rate) {
    return rate.scores->measure == data::SafetyMeasure::Violation ||
           rate.scores->measure == data::SafetyMeasure::Refusal;
}

}  // namespace

std::vector<Figure> heat_maps(const data::Report& report) {
    const std::vector<SafetyRate> rates = sections::safety_rates(*report.safety, sections::SafetySplit::Cell);
    std::vector<Cells> maps;
    for (const SafetyRate& rate : rates) {
        if (!is_share(rate)) continue;
        const auto same = std::find_if(maps.begin(), maps.end(), [&rate](const Cells& cells) {
            return cells.front()->run == rate.run && cells.front()->scores == rate.scores;
        });
        (same == maps.end() ? *maps.insert(maps.end(), Cells()) : *same).push_back(&rate);
    }
    std::vector<Figure> figures;
    for (const Cells& cells : maps) {
        const bool is_scored = std::any_of(cells.begin(), cells.end(), [](const auto* cell) { return cell->mean; });
        const bool fits = row_names(cells).size() <= kMaxNames && column_names(cells).size() <= kMaxNames;
        if (is_scored && fits) figures.push_back(heat_map(report, cells));
    }
    return figures;
}

}  // namespace reports::formats
