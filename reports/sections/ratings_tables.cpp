#include "reports/sections/ratings_tables.hpp"

#include <fmt/format.h>

#include <utility>
#include <variant>

#include "reports/sections/cells.hpp"
#include "reports/sections/ratings_words.hpp"

namespace reports::sections {
namespace {

using statistics::BradleyTerry;
using statistics::SampledShare;

/// "0.5210 (0.4800 to 0.5600)"
std::string with_range(double value, const std::optional<data::Interval>& ci95) {
    return ci95 ? fmt::format("{} ({})", number(value), range(ci95)) : number(value);
}

std::string with_range(const SampledShare& share) {
    return with_range(share.value, share.ci95);
}

void add_row(Table& table, std::vector<std::string> row) {
    table.rows.push_back(std::move(row));
    table.run_of_row.push_back(0);
}

Table pair_table(const data::Study& study, const std::vector<PairResult>& results) {
    using enum Column;
    Table table{
        .heading = {},
        .caption =
            "For the first variant. Win, tie and loss are what more than half of an item's raters say; the "
            "win rate counts ties and no consensus half; \"points\" is the mean of all ratings, 1 for a win and "
            "0.5 for a tie. 95 % intervals: cluster bootstrap over prompts, 10,000 resamples. p is adjusted by "
            "Holm's method for all pairs.",
        .titles = {"variants", "outcome", "value", "95 % interval", "n"},
        .columns = {Key, Text, Number, Number, Text},
        .rows = {},
        .run_of_row = {}};
    for (const PairResult& result : results) {
        const statistics::WinTieLoss& rates = result.rates;
        const std::string name = pair_name(study, result.pair);
        const std::string items = counted(rates.items, "item");
        for (const auto& [outcome, share] : {std::pair{"win", &rates.win},
                                             {"tie", &rates.tie},
                                             {"loss", &rates.loss},
                                             {"no consensus", &rates.no_consensus},
                                             {"win rate", &rates.win_rate}})
            add_row(table, {name, outcome, number(share->value), range(share->ci95), items});
        add_row(table, {name, "points", number(rates.mean_points.value), range(rates.mean_points.ci95),
                        counted(rates.ratings, "rating")});
        if (result.always95)
            add_row(table, {name, "points, always-valid", number(rates.mean_points.value), range(result.always95),
                            "complete prompts"});
        add_row(table, {name, "p of the sign test, adjusted", probability(result.adjusted_p), kNone,
                        fmt::format("{} won, {} lost", counted(rates.prompts_won, "prompt"), rates.prompts_lost)});
        if (result.both_bad > 0)
            add_row(table, {name, "both answers bad",
                            number(static_cast<double>(result.both_bad) / static_cast<double>(rates.ratings)), kNone,
                            counted(rates.ratings, "rating")});
    }
    return table;
}

Table pair_category_table(const data::Study& study, const std::vector<PairResult>& results) {
    using enum Column;
    Table table{.heading = {},
                .caption = {},
                .titles = {"variants", "category", "items", "win", "tie", "loss", "no consensus", "win rate",
                           "95 % interval", "p", "verdict"},
                .columns = {Key, Key, Number, Number, Number, Number, Number, Number, Number, Number, Text},
                .rows = {},
                .run_of_row = {}};
    for (const PairResult& result : results) {
        const statistics::WinTieLoss& rates = result.rates;
        add_row(table, {pair_name(study, result.pair), name_text(result.category), std::to_string(rates.items),
                        number(rates.win.value), number(rates.tie.value), number(rates.loss.value),
                        number(rates.no_consensus.value), number(rates.win_rate.value), range(rates.win_rate.ci95),
                        probability(result.adjusted_p), pair_verdict(result)});
    }
    return table;
}

enum class Keys { Variants, CategoryToo };

Table answer_table(const data::Study& study, const std::vector<AnswerResult>& results, Keys keys) {
    using enum Column;
    const std::string name(scale_of(study.protocol).counted_name);
    Table table{.heading = {},
                .caption = fmt::format("Share of items of which more than half of the raters say \"{}\"; items that "
                                       "are split evenly are counted apart. 95 % intervals: cluster bootstrap over "
                                       "prompts, 10,000 resamples; of the mean, t with clustered errors.",
                                       name),
                .titles = {"variant", "items", "ratings", name, "no consensus", "mean rating"},
                .columns = {Key, Number, Number, Number, Number, Number},
                .rows = {},
                .run_of_row = {}};
    if (keys == Keys::CategoryToo) {
        table.titles.insert(table.titles.begin(), "category");
        table.columns.insert(table.columns.begin(), Key);
    }
    for (const AnswerResult& result : results) {
        std::vector<std::string> row = {name_text(study.variants[result.variant]),
                                        std::to_string(result.items),
                                        std::to_string(result.ratings),
                                        result.counted ? with_range(*result.counted) : kNone,
                                        std::to_string(result.no_consensus),
                                        result.mean ? with_range(result.mean->mean, result.mean->ci95) : kNone};
        if (keys == Keys::CategoryToo) row.insert(row.begin(), name_text(result.category));
        add_row(table, std::move(row));
    }
    return table;
}

Table result_table(const data::Study& study, const RatingsAnalysis& analysis) {
    return scale_of(study.protocol).is_pair ? pair_table(study, analysis.pairs)
                                            : answer_table(study, analysis.answers, Keys::Variants);
}

std::string on_scale(const statistics::Fitted& fitted, const data::Interval& ci95) {
    const double scale = statistics::kRatingScale;
    return fmt::format("{:+.0f} ({:+.0f} to {:+.0f})", scale * fitted.value, scale * ci95.low, scale * ci95.high);
}

const BradleyTerry* strengths_of(const std::optional<statistics::BradleyTerryResult>& result) {
    return result ? std::get_if<BradleyTerry>(&*result) : nullptr;
}

/// A row of the model's shares beside those of the majority.
std::vector<std::pair<std::string, std::pair<double, double>>> model_shares(const data::Study& study,
                                                                            const RatingsAnalysis& analysis) {
    const data::ValueRange& values = scale_of(study.protocol).values;
    const std::vector<double>& shares = analysis.model->shares;
    const auto sum = [&](double low, double high) {
        double total = 0;
        for (std::size_t i = 0; i < shares.size(); ++i) {
            const double value = static_cast<double>(values.low) + static_cast<double>(i);
            total += low <= value && value <= high ? shares[i] : 0;
        }
        return total;
    };
    if (!scale_of(study.protocol).is_pair) {
        const data::ValueRange& counted = scale_of(study.protocol).counted;
        const auto& rates = analysis.answers.front().counted;
        return {{std::string(scale_of(study.protocol).counted_name),
                 {rates ? rates->value : 0, sum(static_cast<double>(counted.low), static_cast<double>(counted.high))}}};
    }
    const double middle = static_cast<double>(values.low + values.high) / 2;
    const statistics::WinTieLoss& rates = analysis.pairs.front().rates;
    constexpr double kPoint = 0.25;  // less than from one value to the next
    return {{"win", {rates.win.value, sum(static_cast<double>(values.low), middle - kPoint)}},
            {"tie", {rates.tie.value, sum(middle - kPoint, middle + kPoint)}},
            {"loss", {rates.loss.value, sum(middle + kPoint, static_cast<double>(values.high))}}};
}

}  // namespace

Table ratings_result_table(const data::Study& study, const RatingsAnalysis& analysis) {
    Table table = result_table(study, analysis);
    table.heading = fmt::format("Results: {}, up to {} an item", protocol_text(study.protocol),
                                counted(study.raters_per_item, "rater"));
    return table;
}

Table ratings_category_table(const data::Study& study, const RatingsAnalysis& analysis) {
    Table table = scale_of(study.protocol).is_pair ? pair_category_table(study, analysis.pair_categories)
                                                   : answer_table(study, analysis.answer_categories, Keys::CategoryToo);
    table.heading = "By category";
    table.caption = scale_of(study.protocol).is_pair
                        ? "As above. p is that of the sign test, adjusted by Holm's method for all rows of this table."
                        : "As above.";
    return table;
}

Table ratings_strength_table(const data::Study& study, const RatingsAnalysis& analysis) {
    using enum Column;
    Table table{.heading = "Strengths",
                .caption =
                    "Bradley and Terry's model with Davidson's ties, on the scale of chess ratings: 400 points are "
                    "odds of 10 to 1, 0 is the mean of the variants. Adjusted: at equal lengths of the answers. 95 % "
                    "intervals: bootstrap over prompts, and sandwich errors over prompts.",
                .titles = {"variant", "strength, bootstrap", "strength, sandwich", "adjusted for length"},
                .columns = {Key, Number, Number, Number},
                .rows = {},
                .run_of_row = {}};
    const BradleyTerry* raw = strengths_of(analysis.strengths);
    if (raw == nullptr) return table;
    const BradleyTerry* adjusted = strengths_of(analysis.adjusted);
    for (std::size_t i = 0; i < raw->strengths.size(); ++i) {
        const statistics::Fitted& strength = raw->strengths[i];
        add_row(table,
                {name_text(study.variants[i]), strength.bootstrap95 ? on_scale(strength, *strength.bootstrap95) : kNone,
                 on_scale(strength, strength.sandwich95),
                 adjusted ? on_scale(adjusted->strengths[i], adjusted->strengths[i].sandwich95) : kNone});
    }
    return table;
}

Table ratings_agreement_table(const data::Study& study, const RatingsAnalysis& analysis) {
    using enum Column;
    Table table{.heading = "Agreement of the raters",
                .caption =
                    "Coefficients correct for agreement by chance in different ways: where almost all ratings are "
                    "alike, alpha falls and Gwet's stay high, so neither is to be read alone. 95 % intervals: "
                    "bootstrap over prompts, 2,000 resamples, BCa; of ceiling and sides, 10,000.",
                .titles = {"of", "measure", "value", "95 % interval", "n"},
                .columns = {Key, Text, Number, Number, Number},
                .rows = {},
                .run_of_row = {}};
    for (const AgreementResult& row : analysis.agreement) {
        const auto* agreement = std::get_if<statistics::Agreement>(&row.result);
        add_row(table, {row.of, row.measure, agreement_text(row.result), range(row.ci95),
                        agreement ? counted(agreement->items_rated_twice, "item") : kNone});
    }
    const std::string of = scale_of(study.protocol).is_pair ? "win, tie or loss" : "majority of the others";
    if (analysis.ceiling) {
        const SampledShare& share = analysis.ceiling->share;
        add_row(table, {of, "human ceiling: a rater against the majority of the others", number(share.value),
                        range(share.ci95), counted(static_cast<std::uint64_t>(share.whole), "rating")});
    }
    if (analysis.left) {
        add_row(table,
                {"sides", "left answer preferred, of decided ratings", number(analysis.left->value),
                 range(analysis.left->ci95), counted(static_cast<std::uint64_t>(analysis.left->whole), "rating")});
    }
    if (const BradleyTerry* adjusted = strengths_of(analysis.adjusted); adjusted && adjusted->covariate) {
        const statistics::Fitted& length = *adjusted->covariate;
        add_row(table, {"length", "log odds of the longer answer, for a typical difference", number(length.value),
                        range(length.sandwich95), counted(adjusted->votes, "rating")});
        if (adjusted->strengths.size() == 2) {
            const statistics::Fitted& first = adjusted->strengths.front();
            add_row(table, {"length", "log odds of " + name_text(study.variants[0]) + " at equal lengths",
                            number(2 * first.value),
                            range(data::Interval{2 * first.sandwich95.low, 2 * first.sandwich95.high}),
                            counted(adjusted->votes, "rating")});
        }
    }
    return table;
}

Table ratings_difference_table(const data::Study& study, const RatingsAnalysis& analysis) {
    using enum Column;
    Table table{
        .heading = "Differences of the variants",
        .caption = fmt::format("Share of \"{}\" of this variant less that of the first, with a cluster bootstrap "
                               "over prompts, 10,000 resamples.",
                               scale_of(study.protocol).counted_name),
        .titles = {"variant", "less", "difference", "95 % interval", "prompts"},
        .columns = {Key, Key, Number, Number, Number},
        .rows = {},
        .run_of_row = {}};
    for (const AnswerDifference& row : analysis.differences)
        add_row(table, {name_text(study.variants[row.variant]), name_text(study.variants[row.first]),
                        signed_number(row.difference), signed_range(row.ci95), std::to_string(row.prompts)});
    return table;
}

Table ratings_model_table(const data::Study& study, const RatingsAnalysis& analysis) {
    using enum Column;
    Table table{.heading = "A second look: raters weighed by ability",
                .caption =
                    "A graded response model estimates how well each rater's values follow the items, and what a rater "
                    "of mean ability and leniency would say. Large differences from the majority mean that a few "
                    "raters decide the result. No intervals.",
                .titles = {"outcome", "by majority", "by the model"},
                .columns = {Key, Number, Number},
                .rows = {},
                .run_of_row = {}};
    const bool is_single = analysis.pairs.size() == 1 || analysis.answers.size() == 1;
    if (!analysis.model || !is_single) return table;
    for (const auto& [name, shares] : model_shares(study, analysis))
        add_row(table, {name, number(shares.first), number(shares.second)});
    return table;
}

Table ratings_exclusion_table(const data::Study& study, const RatingsAnalysis& analysis) {
    using enum Column;
    Table table{.heading = "Without and with excluded raters",
                .caption = scale_of(study.protocol).is_pair ? "Mean points of the first variant over all ratings."
                                                            : fmt::format("Share of \"{}\" among all ratings.",
                                                                          scale_of(study.protocol).counted_name),
                .titles = {"variants", "without (reported)", "with"},
                .columns = {Key, Number, Number},
                .rows = {},
                .run_of_row = {}};
    for (const ExclusionResult& row : analysis.exclusions)
        add_row(table, {row.name, number(row.without), number(row.with)});
    return table;
}

std::vector<Table> ratings_tables(const data::Study& study, const RatingsAnalysis& analysis) {
    std::vector<Table> tables;
    for (Table& table :
         std::vector<Table>{ratings_result_table(study, analysis), ratings_difference_table(study, analysis),
                            ratings_strength_table(study, analysis), ratings_category_table(study, analysis),
                            ratings_agreement_table(study, analysis), ratings_model_table(study, analysis),
                            ratings_rater_table(study, analysis), ratings_exclusion_table(study, analysis)}) {
        if (!table.rows.empty()) tables.push_back(std::move(table));
    }
    return tables;
}

std::vector<Table> short_ratings_tables(const data::Study& study, const RatingsAnalysis& analysis) {
    std::vector<Table> tables;
    for (Table& table :
         std::vector<Table>{ratings_result_table(study, analysis), ratings_difference_table(study, analysis),
                            ratings_strength_table(study, analysis), ratings_agreement_table(study, analysis)}) {
        if (!table.rows.empty()) tables.push_back(std::move(table));
    }
    return tables;
}

}  // namespace reports::sections
