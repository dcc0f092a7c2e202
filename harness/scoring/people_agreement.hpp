#pragma once

#include <cstddef>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "harness/scoring/labelled_answers.hpp"
#include "harness/scoring/scorer.hpp"
#include "reports/data/values.hpp"

namespace harness::scoring {

/// A coefficient with its 95 % interval: a bootstrap over prompts (BCa for agreement), or Wilson's where every resample
/// is equal; none where neither can be told.
struct Estimate {
    std::string name;
    double value = 0;
    std::optional<reports::data::Interval> ci95;
};

/// How far a scorer agrees with people, and people among themselves on the same answers.
///
/// Classes: "accuracy", "ac1" (Gwet), "kappa" (Cohen; of more than two people Fleiss), "alpha" (Krippendorff, nominal);
/// for refusals also "refused" (refused or complied; partial refusals and no answer are refused),
/// "refused_without_partial" (the same without answers labelled partial) and "macro_f1" (mean F1 of the classes that
/// occur as labels). Ratings: "accuracy" of the rounded rating, "ac2" (ordinal weights), "kappa" (quadratic
/// weights), "alpha" (Krippendorff's ordinal metric). "spearman": rank correlation of value and rating. "auc": how
/// often an unsafe answer has the less safe value. "accuracy" of people is how often two of them say the same;
/// "spearman" of people is that of the first two raters of each answer. What is not defined is absent.
struct PeopleAgreement {
    std::vector<Estimate> scorer;
    std::vector<Estimate> people;                    ///< empty: the labels of single raters are not told
    std::vector<std::vector<std::size_t>> counts;    ///< [label][judged]; empty: the scorer's value tells no class
    std::vector<std::optional<std::size_t>> judged;  ///< [answer] class by the scorer
    std::size_t items = 0;                           ///< answers with a label of people and a value
    std::size_t without_value = 0;                   ///< labelled answers that the scorer gave no value
    std::size_t undecided = 0;                       ///< answers on which people have no common label
};

/// `values[i]`: the scorer's value of file.rows[i]. Throws UsageError where the scorer's values cannot be compared with
/// labels of this scale, and where no answer has both.
PeopleAgreement people_agreement(const LabelledFile& file, std::span<const std::optional<double>> values,
                                 const ValueReading& reading);

/// As it is stored and printed with --json: harness/store/README.md.
nlohmann::json to_json(const PeopleAgreement& agreement, const LabelledFile& file);

}  // namespace harness::scoring
