#include "reports/sections/ratings_words.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <cmath>
#include <variant>

#include "reports/sections/cells.hpp"
#include "reports/statistics/normal.hpp"

namespace reports::sections {
namespace {

using statistics::NoAgreement;
using statistics::WinTieLoss;

constexpr std::size_t kFewPrompts = 50;
/// AC2 of the paper's helpfulness study: .37 to .55.
constexpr double kPaperAgreement = 0.37;

std::string percent(double share) {
    return fmt::format("{:.1f} %", 100 * share);
}

std::string percent_range(const data::Interval& interval) {
    return fmt::format("{:.1f} to {:.1f} %", 100 * interval.low, 100 * interval.high);
}

/// "+4.2", in points of 0.01.
std::string points_text(double share) {
    return fmt::format("{:+.1f}", 100 * share);
}

std::string difference_sentence(const data::Study& study, const AnswerDifference& result) {
    const std::string variant = name_text(study.variants[result.variant]);
    const std::string first = name_text(study.variants[result.first]);
    const std::string_view name = scale_of(study.protocol).counted_name;
    if (!result.ci95) return fmt::format("{} and {} do not differ in any {}.", variant, first, name);
    const bool is_decided = result.ci95->low > 0 || result.ci95->high < 0;
    const std::string relation =
        is_decided
            ? fmt::format("{} has {} {}s than {}", variant, result.difference > 0 ? "more" : "fewer", name, first)
            : fmt::format("No difference in {}s between {} and {} is shown", name, variant, first);
    return fmt::format("{}: {} points (95 % interval {} to {}).", relation, points_text(result.difference),
                       points_text(result.ci95->low), points_text(result.ci95->high));
}

std::string p_text(double p) {
    return p < 0.0001 ? "p < 0.0001" : fmt::format("p = {:.4f}", p);
}

std::string pair_sentence(const data::Study& study, const PairResult& result) {
    const WinTieLoss& rates = result.rates;
    const std::string verdict = pair_verdict(result);
    const std::string first = name_text(study.variants[result.pair.first]);
    const std::string second = name_text(study.variants[result.pair.second]);
    const std::string relation = verdict == "better" ? first + " is better than " + second
                                 : verdict == "worse"
                                     ? first + " is worse than " + second
                                     : "No difference between " + first + " and " + second + " is shown";
    return fmt::format(
               "{}: of {} it wins {}, ties {} and loses {}; on {} the raters have no consensus. Win rate with "
               "half of ties and of no consensus: {} (95 % interval {}); sign test over {}: {}.{}",
               relation, counted(rates.items, "item"), percent(rates.win.value), percent(rates.tie.value),
               percent(rates.loss.value), percent(rates.no_consensus.value), percent(rates.win_rate.value),
               percent_range(rates.win_rate.ci95), counted(rates.prompts, "prompt"), p_text(result.adjusted_p),
               result.adjusted_p == rates.sign_p ? "" : " That p is adjusted for the number of pairs.") +
           (result.always95 ? fmt::format(" Whenever the study stopped, the mean points of its ratings lie within {} "
                                          "(always-valid 95 % interval).",
                                          percent_range(*result.always95))
                            : "");
}

std::string answer_sentence(const data::Study& study, const AnswerResult& result) {
    const std::string name = name_text(study.variants[result.variant]);
    if (!result.counted) return name + ": no item has a majority.";
    std::string text = fmt::format("{}: {} in {} of {} (95 % interval {})", name, scale_of(study.protocol).counted_name,
                                   percent(result.counted->value), counted(result.items - result.no_consensus, "item"),
                                   percent_range(result.counted->ci95));
    if (result.mean) text += fmt::format("; mean rating {:.2f}", result.mean->mean);
    return text + ".";
}

void add_state(const data::Study& study, const RatingsAnalysis& analysis, std::vector<std::string>& lines) {
    if (study.state != "closed")
        lines.push_back(
            fmt::format("The study is {}: more ratings may come, and looking often makes chance findings "
                        "more likely than 5 %.",
                        study.state == "paused" ? "paused" : "open"));
    if (study.is_adaptive)
        lines.emplace_back(
            "Ratings went to undecided pairs of variants first (adaptive mode): pairs have different "
            "numbers of items. If it stopped because of its results, only the always-valid intervals hold.");
    if (analysis.prompts < kFewPrompts)
        lines.push_back(fmt::format("Only {} {} rated: bootstrap intervals of fewer than {} are too narrow.",
                                    counted(analysis.prompts, "prompt"), analysis.prompts == 1 ? "is" : "are",
                                    kFewPrompts));
    if (analysis.short_items > 0)
        lines.push_back(fmt::format("{} of {} have fewer than {} counted: with two that differ there is no consensus.",
                                    analysis.short_items, counted(analysis.items, "item"),
                                    counted(study.raters_per_item, "rating")));
    if (study.scrubbed > 0)
        lines.push_back(fmt::format("Raters saw {} without passages by which a model names itself.",
                                    counted(study.scrubbed, "answer")));
}

void add_agreement(const RatingsAnalysis& analysis, std::vector<std::string>& lines) {
    if (analysis.agreement.empty()) return;
    const AgreementResult& main = analysis.agreement.front();
    if (const auto* reason = std::get_if<NoAgreement>(&main.result)) {
        if (*reason == NoAgreement::NoItemWithTwoRatings)
            lines.emplace_back("No item has two ratings: nothing is known of how far raters agree.");
        return;
    }
    const double value = std::get<statistics::Agreement>(main.result).value;
    if (value < kPaperAgreement)
        lines.push_back(
            fmt::format("Raters agree little: {} is {:.2f}. It was 0.37 to 0.55 in the Llama 2 paper's "
                        "comparisons, lower where two models are close.",
                        main.measure, value));
}

void add_sides(const RatingsAnalysis& analysis, std::vector<std::string>& lines) {
    if (!analysis.left || (analysis.left->ci95.low <= 0.5 && analysis.left->ci95.high >= 0.5)) return;
    const bool is_left = analysis.left->value > 0.5;
    lines.push_back(fmt::format(
        "Raters prefer the {} side: {} of decided ratings (95 % interval {}). Sides were drawn "
        "at random, so this adds noise and favours neither variant.",
        is_left ? "left" : "right", percent(is_left ? analysis.left->value : 1 - analysis.left->value),
        percent_range(is_left ? analysis.left->ci95
                              : data::Interval{1 - analysis.left->ci95.high, 1 - analysis.left->ci95.low})));
}

void add_raters(const data::Study& study, const RatingsAnalysis& analysis, std::vector<std::string>& lines) {
    const RaterResult* largest = nullptr;
    for (const RaterResult& rater : analysis.raters) {
        if (rater.moved && (largest == nullptr || std::abs(*rater.moved) > std::abs(*largest->moved))) largest = &rater;
    }
    constexpr double kMuch = 0.05;
    if (largest != nullptr && std::abs(*largest->moved) >= kMuch)
        lines.push_back(fmt::format(
            "Without {} the mean of the ratings{} moves by {:+.1f} points: the result hangs on "
            "one rater.",
            name_text(study.raters[largest->rater].name),
            largest->moved_headline.empty() ? "" : " of " + largest->moved_headline, 100 * *largest->moved));
    for (const ExclusionResult& exclusion : analysis.exclusions) {
        if (!exclusion.without || !exclusion.with || std::abs(*exclusion.without - *exclusion.with) < kMuch) continue;
        lines.push_back(fmt::format("{}: {} without and {} with the excluded raters.", exclusion.name,
                                    percent(*exclusion.without), percent(*exclusion.with)));
    }
}

void add_graph(const data::Study& study, const RatingsAnalysis& analysis, std::vector<std::string>& lines) {
    if (!analysis.strengths) return;
    if (const auto* parts = std::get_if<statistics::NotConnected>(&*analysis.strengths)) {
        std::vector<std::string> groups;
        for (const auto& group : parts->groups) {
            std::vector<std::string> names;
            names.reserve(group.size());
            for (const std::size_t variant : group) names.push_back(name_text(study.variants[variant]));
            groups.push_back(fmt::format("{}", fmt::join(names, ", ")));
        }
        lines.push_back(
            fmt::format("No strengths: the variants need at least two prompts and comparisons that connect "
                        "them all. Groups without a comparison between them: {}.",
                        fmt::join(groups, " | ")));
    } else if (std::get<statistics::BradleyTerry>(*analysis.strengths).is_separated) {
        lines.emplace_back(
            "Some variants never lost to the others: their strength is held finite by a penalty only, and "
            "says no more than that they are stronger.");
    }
}

}  // namespace

std::string pair_verdict(const PairResult& result) {
    const WinTieLoss& rates = result.rates;
    const bool is_above = rates.win_rate.ci95.low > 0.5;
    const bool is_below = rates.win_rate.ci95.high < 0.5;
    if ((!is_above && !is_below) || result.adjusted_p >= statistics::kLevel) return "not decided";
    return is_above ? "better" : "worse";
}

std::string agreement_text(const statistics::AgreementResult& result) {
    if (const auto* agreement = std::get_if<statistics::Agreement>(&result)) return number(agreement->value);
    switch (std::get<NoAgreement>(result)) {
        case NoAgreement::NoItemWithTwoRatings: return "no item has two ratings";
        case NoAgreement::OneCategoryScale: return "the scale has one category";
        case NoAgreement::OneCategoryUsed: break;
    }
    return "only one category was used";
}

std::string ratings_heading(const data::Study& study) {
    return "Human ratings: " + name_text(study.name);
}

std::vector<std::string> ratings_verdicts(const data::Study& study, const RatingsAnalysis& analysis) {
    std::vector<std::string> lines;
    for (const PairResult& result : analysis.pairs) lines.push_back(pair_sentence(study, result));
    for (const AnswerResult& result : analysis.answers) lines.push_back(answer_sentence(study, result));
    for (const AnswerDifference& result : analysis.differences) lines.push_back(difference_sentence(study, result));
    if (lines.empty()) lines.emplace_back("Nothing is rated yet.");
    if (analysis.ceiling)
        lines.push_back(
            fmt::format("Human ceiling: a rater says what the majority of the others says in {} of {} "
                        "(95 % interval {}). A judge that says it this often is as good as one more rater.",
                        percent(analysis.ceiling->share.value),
                        counted(static_cast<std::uint64_t>(analysis.ceiling->share.whole), "rating"),
                        percent_range(analysis.ceiling->share.ci95)));
    return lines;
}

std::vector<std::string> ratings_warnings(const data::Study& study, const RatingsAnalysis& analysis) {
    std::vector<std::string> lines;
    add_state(study, analysis, lines);
    add_agreement(analysis, lines);
    add_raters(study, analysis, lines);
    add_graph(study, analysis, lines);
    add_sides(analysis, lines);
    return lines;
}

}  // namespace reports::sections
