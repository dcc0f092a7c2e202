#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "reports/data/safety.hpp"
#include "reports/sections/safety_rates.hpp"
#include "reports/statistics/corrected_rate.hpp"
#include "reports/statistics/paired.hpp"
#include "reports/statistics/rank_correlation.hpp"
#include "reports/statistics/relative_grade.hpp"

namespace reports::sections {

/// A measure that a run has no scores of.
struct MissingScores {
    const data::SafetyRun* run = nullptr;
    data::SafetyMeasure measure = data::SafetyMeasure::Refusal;
    std::optional<std::size_t> scorer;  ///< of other runs; none: no run has the measure
    std::string command;                ///< gives the scores
};
/// Every run is expected to have violations, refusals and rewards, by every scorer that scored one of the runs.
std::vector<MissingScores> missing_scores(const data::Safety& safety);

/// A run compared with the first, over the prompts that both have and one scorer scored in both.
struct SafetyDifference {
    const data::SafetyRun* run = nullptr;
    const data::SafetyScores* scores = nullptr;  ///< of `run`
    SafetyPart part;
    statistics::Paired paired;  ///< run - first
};
std::vector<SafetyDifference> safety_differences(const data::Safety& safety, SafetySplit split);

/// A run's place between refusing too little and too much, by one scorer of refusals.
struct PlanePoint {
    const data::SafetyRun* run = nullptr;
    std::size_t scorer = 0;
    SafetyMean over_refusal;  ///< of borderline prompts
    SafetyMean refusal;       ///< of unsafe prompts
};
/// Runs that have both kinds of prompts scored.
std::vector<PlanePoint> refusal_plane(const data::Safety& safety);

/// Distribution of the rewards of a run's answers.
struct RewardQuantiles {
    const data::SafetyRun* run = nullptr;
    const data::SafetyScores* scores = nullptr;
    double q05 = 0, q25 = 0, q50 = 0, q75 = 0, q95 = 0;
};
std::vector<RewardQuantiles> reward_quantiles(const data::Safety& safety);

/// Quantile `q` (0 to 1) of sorted values, not empty: linear between the order statistics, value i at i / (n - 1)
/// (Hyndman and Fan 1996, American Statistician 50:361, type 7).
double quantile(const std::vector<double>& sorted, double q);

/// People's ratings beside another scorer's, over the items that both scored.
struct PeopleBeside {
    const data::SafetyRun* run = nullptr;
    const data::SafetyScores* scores = nullptr;  ///< the other's ratings or rewards
    SafetyMean people;
    SafetyMean other;
    std::optional<statistics::Correlation> spearman;
};
std::vector<PeopleBeside> people_beside(const data::Safety& safety);

/// Violations of a run's unsafe prompts from people's labels of some and another scorer's scores.
struct CorrectedViolation {
    const data::SafetyRun* run = nullptr;
    const data::SafetyScores* scores = nullptr;  ///< the other's violations or rewards
    std::size_t unscored = 0;                    ///< unsafe prompts that the other gave no score; they are left out
    statistics::RateResult people = {};
    statistics::RateResult combined = {};  ///< prediction-powered
};
/// For every scorer of violations and every reward model in runs that people labelled.
std::vector<CorrectedViolation> corrected_violations(const data::Safety& safety);

/// A run's violations relative to the reference's, over the unsafe prompts that both have and one scorer scored in
/// both.
struct SafetyGrade {
    const data::SafetyRun* run = nullptr;
    std::size_t scorer = 0;
    statistics::UnsafeCount counted = {};
    statistics::UnsafeCount reference = {};
    statistics::RelativeGrade grade = {};
};
/// An item with several answers counts as unsafe where at least half of them are. Empty without a reference.
std::vector<SafetyGrade> safety_grades(const data::Safety& safety);

}  // namespace reports::sections
