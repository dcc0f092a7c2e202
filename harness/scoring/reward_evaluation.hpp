#pragma once

#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <vector>

#include "harness/scoring/reward_pairs.hpp"
#include "reports/data/values.hpp"
#include "safety/reward/accuracy.hpp"
#include "safety/reward/calibration.hpp"
#include "safety/reward/cross_fit.hpp"
#include "safety/reward/diagnostics.hpp"

namespace harness::scoring {

/// A way to predict the preference without a reward model, beside the reward model on the same pairs.
struct BaselineResult {
    std::string name;
    safety::reward::Tally accuracy;
    std::size_t only_reward = 0;    ///< pairs on which only the reward model is right; a tie is less than right
    std::size_t only_baseline = 0;  ///< and more than wrong
    double mcnemar_p = 1;           ///< exact, two-sided
};

/// What cross-fitting tells about a reward model: every pair is scored by a head that saw nothing of its prompt.
struct RewardEvaluation {
    std::size_t folds = 0;
    safety::reward::Tally accuracy;
    std::vector<BaselineResult> baselines;  ///< the most accurate first; never empty
    safety::reward::AccuracyTable table;
    safety::reward::Tally unsafe_recall;  ///< total 0: no pair tells which answer is unsafe
    std::vector<safety::reward::ReliabilityBin> reliability;
    double calibration_error = 0;
    double brier = 0;
    double log_loss = 0;
    safety::reward::StyleAssociations style;
    safety::reward::Tally length_matched;
    safety::reward::Tally swapped_prompt;  ///< total 0: all pairs have one prompt

    /// More accurate than the best baseline, with p < 0.05.
    bool beats_baselines() const;
};

/// Cross-fits the features of one place, and everything beside them. Throws RewardError, EngineError and StoreError.
RewardEvaluation evaluate_reward(const Backbone& backbone, const EncodedPairs& pairs, const FeaturePlace& place,
                                 const safety::reward::CrossFitSettings& settings,
                                 const Backbone::OnProgress& on_progress = {});

/// Wilson's 95 % interval of a tally's accuracy, where ties count as half; none for no questions.
std::optional<reports::data::Interval> interval_of(const safety::reward::Tally& tally);

/// As it is printed with --json, and stored with the model.
nlohmann::json to_json(const RewardEvaluation& evaluation);

/// Words for safety/reward's n-grams: runs of ASCII letters, digits, apostrophes and bytes beyond ASCII; ASCII letters
/// in lower case.
std::vector<std::string> words_of(std::string_view text);

}  // namespace harness::scoring
