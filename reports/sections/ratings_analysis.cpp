#include "reports/sections/ratings_analysis.hpp"

#include <algorithm>
#include <map>
#include <set>

#include "reports/sections/cells.hpp"
#include "reports/statistics/confidence_sequence.hpp"
#include "reports/statistics/multiple.hpp"
#include "reports/statistics/normal.hpp"

namespace reports::sections {
namespace {

using statistics::Coefficient;
using statistics::Weights;

constexpr statistics::BootstrapSettings kAgreement{
    .seed = 1, .resamples = 2000, .interval = statistics::BootstrapInterval::Bca};

/// The always-valid interval of one pair: a value for each prompt, once all its items of the pair have all their
/// ratings.
data::Interval always_valid(const data::Study& study, const VariantPair& pair, double level) {
    struct Prompt {
        std::size_t missing = 0;  // ratings
        double points = 0;
        double ratings = 0;
    };
    std::map<std::size_t, Prompt> prompts;
    for (const data::StudyItem& item : study.items) {
        if (item.kind == data::StudyItemKind::Rated && pair_of(item) == pair)
            prompts[item.prompt].missing += study.raters_per_item;
    }
    std::vector<double> values;
    for (const std::size_t index : selected_ratings(study)) {
        const data::StudyRating& rating = study.ratings[index];
        if (pair_of(study.items[rating.item]) != pair) continue;
        Prompt& prompt = prompts[study.items[rating.item].prompt];
        prompt.points += statistics::points(vote_of(study, rating));
        prompt.ratings += 1;
        if (prompt.missing > 0 && --prompt.missing == 0) values.push_back(prompt.points / prompt.ratings);
    }
    return statistics::sequential_mean(values, {.observations = prompts.size(), .level = level}).interval;
}

std::vector<PairResult> pair_results(const data::Study& study, RatingSplit split) {
    struct Part {
        std::map<std::size_t, statistics::VotedItem> items;  // by item
        std::size_t both_bad = 0;
    };
    std::map<std::pair<VariantPair, std::string>, Part> parts;
    for (const std::size_t index : selected_ratings(study)) {
        const data::StudyRating& rating = study.ratings[index];
        const data::StudyItem& item = study.items[rating.item];
        if (pair_of(item).first == pair_of(item).second) continue;
        if (split == RatingSplit::Category && item.category.empty()) continue;
        Part& part = parts[{pair_of(item), split == RatingSplit::All ? "" : item.category}];
        statistics::VotedItem& voted = part.items[rating.item];
        voted.prompt = item.prompt;
        voted.votes.push_back(vote_of(study, rating));
        part.both_bad += rating.is_both_bad ? 1 : 0;
    }
    std::vector<PairResult> results;
    for (const auto& [key, part] : parts) {
        std::vector<statistics::VotedItem> items;
        for (const auto& [item, voted] : part.items) items.push_back(voted);
        if (const auto rates = statistics::win_tie_loss(items))
            results.push_back({.pair = key.first, .category = key.second, .rates = *rates, .both_bad = part.both_bad});
    }
    std::vector<double> p;
    p.reserve(results.size());
    for (const PairResult& result : results) p.push_back(result.rates.sign_p);
    const std::vector<double> adjusted = statistics::holm(p);
    for (std::size_t i = 0; i < results.size(); ++i) results[i].adjusted_p = adjusted[i];
    if (!study.is_adaptive || split == RatingSplit::Category) return results;
    // As the assignment decides it: any of the pairs may stop.
    const double level = statistics::kLevel / static_cast<double>(std::max<std::size_t>(1, results.size()));
    for (PairResult& result : results) result.always95 = always_valid(study, result.pair, level);
    return results;
}

void add_agreement(const RatingMatrix& matrix, const std::string& of, const std::string& measure,
                   const statistics::AgreementMeasure& what, std::vector<AgreementResult>& results) {
    const auto bootstrap = statistics::bootstrap_agreement95(matrix.ratings, what, matrix.prompt_of, kAgreement);
    results.push_back({.of = of,
                       .measure = measure,
                       .result = statistics::agreement(matrix.ratings, what),
                       .ci95 = bootstrap ? std::optional(bootstrap->ci95) : std::nullopt});
}

std::vector<AgreementResult> agreement_results(const data::Study& study) {
    const StudyScale& scale = scale_of(study.protocol);
    const RatingMatrix points = scale_matrix(study);
    const RatingMatrix decisions = decision_matrix(study);
    const std::string of_points = std::to_string(points.ratings.scores.size()) + " points";
    std::vector<AgreementResult> results;
    if (scale.is_ordered) {
        add_agreement(points, of_points, "Gwet's AC2, ordinal weights", {Coefficient::GwetAc, Weights::Ordinal},
                      results);
        add_agreement(points, of_points, "Gwet's AC2, linear weights", {Coefficient::GwetAc, Weights::Linear}, results);
        add_agreement(points, of_points, "Gwet's AC2, quadratic weights", {Coefficient::GwetAc, Weights::Quadratic},
                      results);
        const auto bootstrap = statistics::bootstrap_ordinal_alpha95(points.ratings, points.prompt_of, kAgreement);
        results.push_back({.of = of_points,
                           .measure = "Krippendorff's alpha, his ordinal metric",
                           .result = statistics::ordinal_alpha(points.ratings),
                           .ci95 = bootstrap ? std::optional(bootstrap->ci95) : std::nullopt});
    }
    const std::string of_decisions = !scale.is_pair ? std::string(scale.counted_name) + " or not"
                                     : decisions.ratings.scores.size() == 3 ? "win, tie or loss"
                                                                            : "win or loss";
    for (const auto& [matrix, of] : {std::pair{&points, of_points}, {&decisions, of_decisions}}) {
        add_agreement(*matrix, of, "raw agreement", {Coefficient::RawAgreement, Weights::Identity}, results);
        add_agreement(*matrix, of, "Gwet's AC1", {Coefficient::GwetAc, Weights::Identity}, results);
        add_agreement(*matrix, of, "Krippendorff's alpha, nominal", {Coefficient::KrippendorffAlpha, Weights::Identity},
                      results);
    }
    return results;
}

std::optional<statistics::SampledShare> left_share(const data::Study& study) {
    statistics::SharesOfItems share;
    std::vector<std::size_t> prompt_of;
    for (const std::size_t index : selected_ratings(study)) {
        const data::StudyRating& rating = study.ratings[index];
        const data::StudyItem& item = study.items[rating.item];
        const statistics::Vote vote = vote_of(study, rating);
        if (vote == statistics::Vote::Tie) continue;
        const bool is_turned = pair_of(item).first != item.first;
        const bool prefers_first = (vote == statistics::Vote::Win) != is_turned;
        share.parts.push_back(prefers_first == rating.is_first_left ? 1 : 0);
        share.wholes.push_back(1);
        prompt_of.push_back(item.prompt);
    }
    return share.parts.empty() ? std::nullopt : statistics::sampled_share(share, prompt_of);
}

std::optional<double> value_of(const std::vector<Headline>& all, const std::string& name) {
    for (const Headline& headline : all) {
        if (headline.name == name) return headline.value;
    }
    return std::nullopt;
}

std::vector<ExclusionResult> exclusion_results(const data::Study& study) {
    const RatingSelection with_excluded{.scope = RatingScope::WithExcluded};
    if (selected_ratings(study, with_excluded).size() == selected_ratings(study).size()) return {};
    const std::vector<Headline> without = headlines(study, {});
    std::vector<ExclusionResult> results;
    for (const Headline& with : headlines(study, with_excluded))
        results.push_back({.name = with.name, .without = value_of(without, with.name), .with = with.value});
    return results;
}

}  // namespace

std::string pair_name(const data::Study& study, const VariantPair& pair) {
    return name_text(study.variants[pair.first]) + " against " + name_text(study.variants[pair.second]);
}

std::vector<Headline> headlines(const data::Study& study, const RatingSelection& selection) {
    struct Sum {
        double points = 0;
        double ratings = 0;
    };
    const bool is_pair = scale_of(study.protocol).is_pair;
    std::map<VariantPair, Sum> sums;
    for (const std::size_t index : selected_ratings(study, selection)) {
        const data::StudyRating& rating = study.ratings[index];
        Sum& sum = sums[pair_of(study.items[rating.item])];
        sum.points += is_pair ? statistics::points(vote_of(study, rating)) : is_counted_value(study, rating) ? 1 : 0;
        sum.ratings += 1;
    }
    std::vector<Headline> result;
    result.reserve(sums.size());
    for (const auto& [pair, sum] : sums) {
        result.push_back(
            {is_pair ? pair_name(study, pair) : name_text(study.variants[pair.first]), sum.points / sum.ratings});
    }
    return result;
}

RatingsAnalysis analyse(const data::Study& study) {
    const bool is_pair = scale_of(study.protocol).is_pair;
    RatingsAnalysis analysis;
    if (is_pair) {
        analysis.pairs = pair_results(study, RatingSplit::All);
        analysis.pair_categories = pair_results(study, RatingSplit::Category);
        analysis.left = left_share(study);
        const std::vector<statistics::Comparison> votes = comparisons(study);
        if (study.variants.size() > 2) analysis.strengths = statistics::bradley_terry(study.variants.size(), votes);
        analysis.adjusted = statistics::bradley_terry(
            study.variants.size(), votes, {.covariate = statistics::BradleyTerrySettings::Covariate::Adjusted});
    } else {
        analysis.answers = answer_results(study, RatingSplit::All);
        analysis.answer_categories = answer_results(study, RatingSplit::Category);
        analysis.differences = answer_differences(study);
    }
    analysis.agreement = agreement_results(study);
    const RatingMatrix decisions = decision_matrix(study);
    analysis.ceiling = statistics::human_ceiling(decisions.ratings, decisions.prompt_of);
    // Abilities need a scale; kinds of refusal are none.
    if (scale_of(study.protocol).is_ordered) analysis.model = statistics::rater_model(scale_matrix(study).ratings);
    analysis.raters = rater_results(study, analysis.ceiling, analysis.model);
    analysis.exclusions = exclusion_results(study);
    analysis.prompts = std::set<std::size_t>(decisions.prompt_of.begin(), decisions.prompt_of.end()).size();
    analysis.items = decisions.ratings.items.size();
    for (const auto& item : decisions.ratings.items) {
        const auto ratings = std::count_if(item.begin(), item.end(), [](const auto& one) { return one.has_value(); });
        analysis.short_items += static_cast<std::size_t>(ratings) < study.raters_per_item ? 1 : 0;
    }
    return analysis;
}

}  // namespace reports::sections
