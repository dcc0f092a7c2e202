#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "reports/data/ratings.hpp"
#include "reports/sections/ratings_votes.hpp"
#include "reports/statistics/bradley_terry.hpp"
#include "reports/statistics/clustered_mean.hpp"
#include "reports/statistics/rater_agreement.hpp"
#include "reports/statistics/rater_model.hpp"
#include "reports/statistics/win_rate.hpp"

/// What the ratings of a study say.
namespace reports::sections {

/// A pair of variants, over all items or those of one category. Rates are of the first variant.
struct PairResult {
    VariantPair pair;
    std::string category = {};  ///< empty: all
    statistics::WinTieLoss rates;
    double adjusted_p = 1;     ///< of the sign test, adjusted by Holm's method for all pairs, or pairs and categories
    std::size_t both_bad = 0;  ///< ratings
    /// Interval of WinTieLoss::mean_points that holds however often it was looked at and whenever the study stopped
    /// (see statistics::sequential_mean), over the prompts with all their ratings and at 95 % for all pairs together;
    /// adaptive studies only.
    std::optional<data::Interval> always95 = std::nullopt;
};

/// One variant's answers, over all items or those of one category.
struct AnswerResult {
    std::size_t variant = 0;
    std::string category = {};  ///< empty: all
    std::size_t items = 0;
    std::size_t ratings = 0;
    /// Items of which more than half of the ratings are a counted value (see StudyScale), of those that have a majority
    /// either way.
    std::optional<statistics::SampledShare> counted;
    std::size_t no_consensus = 0;  ///< items whose ratings are split evenly
    /// Mean of the items' mean ratings, with clusters of prompts; ordered scales only.
    std::optional<statistics::ClusteredMean> mean;
};

/// AnswerResult::counted of `variant` less that of `first`. Answers to one prompt are resampled together.
struct AnswerDifference {
    std::size_t first = 0;
    std::size_t variant = 0;
    double difference = 0;
    std::optional<data::Interval> ci95;
    std::size_t prompts = 0;  ///< with an answer of either that has a majority
};

/// One measure of agreement.
struct AgreementResult {
    std::string of;       ///< "7 points", "win, tie or loss"
    std::string measure;  ///< "Gwet's AC2, ordinal weights"
    statistics::AgreementResult result;
    std::optional<data::Interval> ci95;  ///< bootstrap over prompts
};

/// A number that the study is about, under one selection of ratings: the mean points of the first variant of a pair, or
/// the share of counted values among the ratings of a variant. Unlike a majority both change with every rating.
struct Headline {
    std::string name;
    double value = 0;
};

struct RaterResult {
    std::size_t rater = 0;  ///< index in Study::raters
    std::size_t ratings = 0;
    std::optional<statistics::Proportion> gold;  ///< right answers
    std::optional<statistics::Proportion> attention;
    std::optional<statistics::Proportion> left;         ///< of the rater's decided comparisons
    std::optional<statistics::Proportion> with_others;  ///< says what more than half of the others say
    std::optional<statistics::RaterAbility> ability;
    std::string moved_headline = {};             ///< that changes most without this rater; empty: there is only one
    std::optional<double> moved = std::nullopt;  ///< by how much; none: nothing is left without the rater
};

/// A headline without and with the ratings of excluded raters.
struct ExclusionResult {
    std::string name;
    std::optional<double> without;
    std::optional<double> with;
};

struct RatingsAnalysis {
    std::vector<PairResult> pairs;
    std::vector<PairResult> pair_categories;
    std::vector<AnswerResult> answers;
    std::vector<AnswerResult> answer_categories;
    std::vector<AnswerDifference> differences;  ///< of the first variant that has ratings
    std::vector<AgreementResult> agreement;
    std::optional<statistics::HumanCeiling> ceiling;
    std::optional<statistics::SampledShare> left;             ///< decided comparisons that prefer the left answer
    std::optional<statistics::BradleyTerryResult> strengths;  ///< for three or more variants
    std::optional<statistics::BradleyTerryResult> adjusted;   ///< for length; also for two variants
    std::optional<statistics::RaterModel> model;
    std::vector<RaterResult> raters;
    std::vector<ExclusionResult> exclusions;  ///< empty: no rater with ratings is excluded
    std::size_t prompts = 0;                  ///< with a counted rating
    std::size_t items = 0;                    ///< with a counted rating
    std::size_t short_items = 0;              ///< of these, with fewer than Study::raters_per_item
};

/// Analyses the counted ratings. Intervals of agreement use 2,000 resamples, all others 10,000.
RatingsAnalysis analyse(const data::Study& study);

/// All items, or those of each category that has a name.
enum class RatingSplit { All, Category };
/// Single answers; sorted by category, then variant.
std::vector<AnswerResult> answer_results(const data::Study& study, RatingSplit split);
/// Each variant that has ratings less the first of them.
std::vector<AnswerDifference> answer_differences(const data::Study& study);

/// All headlines of a selection, in the order of pairs or variants; those without a rating are left out.
std::vector<Headline> headlines(const data::Study& study, const RatingSelection& selection);

/// The raters, with what leaving out each of them changes.
std::vector<RaterResult> rater_results(const data::Study& study, const std::optional<statistics::HumanCeiling>& ceiling,
                                       const std::optional<statistics::RaterModel>& model);

/// "chat against base"
std::string pair_name(const data::Study& study, const VariantPair& pair);

}  // namespace reports::sections
