#include "reports/formats/ratings_charts.hpp"

#include <fmt/format.h>

#include <optional>
#include <string>
#include <utility>

#include "reports/sections/cells.hpp"
#include "reports/text/plain_text.hpp"

namespace reports::formats {
namespace {

const std::vector<double> kShareTicks = {0, 0.25, 0.5, 0.75, 1};
constexpr double kRow = 22;
constexpr std::size_t kNameWidth = 16;  // characters left of the axis

/// A line of a forest plot.
struct Line {
    std::string name;
    statistics::SampledShare share;
};

enum class Reference { None, Half };

/// A forest plot of shares, one below the other.
Figure share_figure(const std::string& caption, const std::string& details, const std::vector<Line>& lines,
                    Reference reference) {
    constexpr double kTop = 6;
    const double bottom = kTop + kRow * static_cast<double>(lines.size());
    const Scale x{0, 1, 116, 324};
    Figure figure{.caption = caption, .details = details, .chart = {}};
    Chart& chart = figure.chart;
    chart.height = bottom + 20;
    chart.title = caption + ", with 95 % intervals";
    add_x_ticks(chart, x, kShareTicks, kTop, bottom);
    if (reference == Reference::Half)
        chart.paths.push_back(
            {fmt::format("M{} {}V{}", coordinate(x.at(0.5)), coordinate(kTop), coordinate(bottom)), "reference"});
    double y = kTop + kRow / 2;
    for (const Line& line : lines) {
        const std::string words = fmt::format("{}: {} (95 % interval {})", line.name,
                                              sections::number(line.share.value), sections::range(line.share.ci95));
        chart.texts.push_back(
            {.x = 108, .y = y + 4, .text = text::shortened(line.name, kNameWidth), .look = "name", .anchor = "end"});
        chart.paths.push_back({fmt::format("M{} {}H{}", coordinate(x.at(line.share.ci95.low)), coordinate(y),
                                           coordinate(x.at(line.share.ci95.high))),
                               "interval " + run_look(0)});
        chart.marks.push_back({x.at(line.share.value), y, 0, words});
        chart.description += words + ". ";
        y += kRow;
    }
    return figure;
}

std::vector<Figure> pair_charts(const data::Study& study, const sections::RatingsAnalysis& analysis) {
    std::vector<Figure> figures;
    for (const sections::PairResult& result : analysis.pairs) {
        const std::string name = sections::pair_name(study, result.pair);
        const statistics::WinTieLoss& rates = result.rates;
        figures.push_back(share_figure(
            name, fmt::format("{} items, by majority", rates.items),
            {{"win", rates.win}, {"tie", rates.tie}, {"loss", rates.loss}, {"no consensus", rates.no_consensus}},
            Reference::None));
        std::vector<Line> lines = {{"all", rates.win_rate}};
        for (const sections::PairResult& part : analysis.pair_categories) {
            if (part.pair == result.pair) lines.push_back({part.category, part.rates.win_rate});
        }
        figures.push_back(
            share_figure("Win rate of " + name, "ties and no consensus half; dashed: as good", lines, Reference::Half));
    }
    return figures;
}

Figure answer_chart(const data::Study& study, const std::string& category,
                    const std::vector<sections::AnswerResult>& results) {
    std::vector<Line> lines;
    for (const sections::AnswerResult& result : results) {
        if (result.category == category && result.counted)
            lines.push_back({study.variants[result.variant], *result.counted});
    }
    return share_figure(fmt::format("Rate of \"{}\"", sections::scale_of(study.protocol).counted_name),
                        category.empty() ? "all items, by majority" : category, lines, Reference::None);
}

std::vector<Figure> answer_charts(const data::Study& study, const sections::RatingsAnalysis& analysis) {
    if (analysis.answers.empty()) return {};
    std::vector<Figure> figures = {answer_chart(study, "", analysis.answers)};
    std::string category;
    for (const sections::AnswerResult& result : analysis.answer_categories) {
        if (std::exchange(category, result.category) != result.category)
            figures.push_back(answer_chart(study, result.category, analysis.answer_categories));
    }
    return figures;
}

}  // namespace

std::vector<Figure> rating_charts(const data::Study& study, const sections::RatingsAnalysis& analysis) {
    return sections::scale_of(study.protocol).is_pair ? pair_charts(study, analysis) : answer_charts(study, analysis);
}

}  // namespace reports::formats
