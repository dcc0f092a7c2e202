#include "reports/formats/ratings_charts.hpp"

#include <fmt/format.h>

#include <string>
#include <utility>

#include "reports/formats/share_chart.hpp"
#include "reports/sections/cells.hpp"

namespace reports::formats {
namespace {

ShareRow row_of(const std::string& name, const statistics::SampledShare& share) {
    return {.name = name,
            .value = share.value,
            .ci95 = share.ci95,
            .words = fmt::format("{}: {} (95 % interval {})", name, sections::number(share.value),
                                 sections::range(share.ci95))};
}

Figure share_figure(const std::string& caption, const std::string& details, const std::vector<ShareRow>& rows,
                    const std::vector<double>& references = {}) {
    Figure figure{.caption = caption, .details = details, .chart = share_chart(rows, references)};
    figure.chart.title = caption + ", with 95 % intervals";
    for (const ShareRow& row : rows) figure.chart.description += row.words + ". ";
    return figure;
}

std::vector<Figure> pair_charts(const data::Study& study, const sections::RatingsAnalysis& analysis) {
    std::vector<Figure> figures;
    for (const sections::PairResult& result : analysis.pairs) {
        const std::string name = sections::pair_name(study, result.pair);
        const statistics::WinTieLoss& rates = result.rates;
        figures.push_back(share_figure(name, fmt::format("{} items, by majority", rates.items),
                                       {row_of("win", rates.win), row_of("tie", rates.tie), row_of("loss", rates.loss),
                                        row_of("no consensus", rates.no_consensus)}));
        std::vector<ShareRow> rows = {row_of("all", rates.win_rate)};
        for (const sections::PairResult& part : analysis.pair_categories) {
            if (part.pair == result.pair) rows.push_back(row_of(part.category, part.rates.win_rate));
        }
        figures.push_back(
            share_figure("Win rate of " + name, "ties and no consensus half; dashed: as good", rows, {0.5}));
    }
    return figures;
}

Figure answer_chart(const data::Study& study, const std::string& category,
                    const std::vector<sections::AnswerResult>& results) {
    std::vector<ShareRow> rows;
    for (const sections::AnswerResult& result : results) {
        if (result.category == category && result.counted)
            rows.push_back(row_of(study.variants[result.variant], *result.counted));
    }
    return share_figure(fmt::format("Rate of \"{}\"", sections::scale_of(study.protocol).counted_name),
                        category.empty() ? "all items, by majority" : category, rows);
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
