#include "reports/formats/ladder_html.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "reports/formats/chart.hpp"
#include "reports/formats/html_table.hpp"
#include "reports/sections/ladder.hpp"
#include "reports/text/plain_text.hpp"

namespace reports::formats {
namespace {

using data::LadderModel;

constexpr double kLadderTop = 6;
constexpr double kLadderRow = 20;
constexpr std::size_t kLadderName = 16;  // characters left of the axis

/// Those with a divergence above 0, which a logarithmic axis can show.
std::vector<const LadderModel*> shown_models(const data::Ladder& ladder) {
    std::vector<const LadderModel*> shown;
    for (const LadderModel& model : ladder.models) {
        if (&model != &ladder.models.front() && model.divergence && model.divergence->kl.value > 0)
            shown.push_back(&model);
    }
    return shown;
}

/// Whole powers of ten around all means.
std::pair<int, int> powers_of(const std::vector<const LadderModel*>& models) {
    double low = models.front()->divergence->kl.value;
    double high = low;
    for (const LadderModel* model : models) {
        low = std::min(low, model->divergence->kl.value);
        high = std::max(high, model->divergence->kl.value);
    }
    const int first = static_cast<int>(std::floor(std::log10(low)));
    return {first, std::max(first + 1, static_cast<int>(std::ceil(std::log10(high))))};
}

void add_model(const LadderModel& model, const Scale& x, double y, Chart& chart) {
    const data::Estimate& kl = model.divergence->kl;
    chart.texts.push_back(
        {.x = 108, .y = y + 4, .text = text::shortened(model.variant, kLadderName), .look = "name", .anchor = "end"});
    if (kl.ci95) {
        // An interval may reach 0, which is beyond every logarithmic axis.
        const double from = kl.ci95->low > 0 ? x.at(std::log10(kl.ci95->low)) : x.from;
        chart.paths.push_back({horizontal(from, x.at(std::log10(kl.ci95->high)), y), "interval " + run_look(0)});
    }
    const std::string words =
        fmt::format("{}: KL {:.3g} nats, {:.2f} bits per weight", model.variant, kl.value, model.bits_per_weight());
    chart.marks.push_back({x.at(std::log10(kl.value)), y, 0, words});
    chart.description += words + ". ";
}

/// Mean divergences on a logarithmic axis, a row for each model, the largest first.
std::vector<Figure> divergence_chart(const data::Ladder& ladder) {
    const std::vector<const LadderModel*> models = shown_models(ladder);
    if (models.empty()) return {};
    const auto [low, high] = powers_of(models);
    const Scale x{static_cast<double>(low), static_cast<double>(high), 116, 324};
    Figure figure{
        .caption = "KL divergence from " + ladder.models.front().variant,
        .details = "mean over tokens with its 95 % interval, in nats, on a logarithmic axis; largest file first",
        .chart = {}};
    Chart& chart = figure.chart;
    const double bottom = kLadderTop + kLadderRow * static_cast<double>(models.size());
    chart.height = bottom + 20;
    chart.title = figure.caption;
    const int step = high - low > 6 ? 2 : 1;
    for (int power = low; power <= high; power += step) {
        const double at = x.at(power);
        chart.paths.push_back({vertical(at, kLadderTop, bottom + 3), "grid"});
        chart.texts.push_back(
            {.x = at, .y = bottom + 15, .text = fmt::format("{:g}", std::pow(10, power)), .anchor = "middle"});
    }
    for (std::size_t i = 0; i < models.size(); ++i)
        add_model(*models[i], x, kLadderTop + kLadderRow * (static_cast<double>(i) + 0.5), chart);
    return {figure};
}

}  // namespace

std::string html_ladder(const data::Report& report) {
    std::string html;
    for (const sections::Table& table : sections::ladder_tables(report)) {
        const bool is_first = html.empty();
        html += html_table(
            table, {.rank = is_first ? 2 : 3,
                    .warnings = is_first ? sections::ladder_warnings(*report.ladder) : std::vector<std::string>(),
                    .figures = is_first ? figures_html(divergence_chart(*report.ladder)) : "",
                    .fold = false});
    }
    return html;
}

}  // namespace reports::formats
