#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "reports/data/gate.hpp"
#include "reports/data/ratings.hpp"

namespace reports::gate {

/// Which of two runs wrote an answer of a study.
enum class Side { Baseline, Run, Neither };

/// The part of a study that compares two runs.
struct RatedPair {
    const data::Study* study = nullptr;
    std::vector<Side> side_of;  ///< [variant]
    data::Study part;           ///< the study with the ratings of this pair's items only
    /// Items of the pair: pairs of answers with one of each run, or single answers of either.
    std::vector<std::size_t> items;
    std::size_t short_items = 0;  ///< of these, items with fewer counted ratings than the study asks for
    std::size_t ratings = 0;      ///< that count
};

/// The study that the rule means, or why there is none: by its name, or the only one of the rule's protocols with
/// answers of both runs, which `baseline` and `run` name by their plans. Without `run` any other run of the study.
struct FoundPair {
    std::optional<RatedPair> pair = {};
    std::string not_comparable = {};
    std::string incomplete = {};
};
FoundPair find_pair(const std::vector<data::Study>& studies, const data::GateRule& rule, const std::string& baseline,
                    const std::optional<std::string>& run);

/// A value of each prompt with results, the mean over its items. Of pairs: 1 for an item that the run won, 1/2 for a
/// tie or no consensus, 0 for a lost one, by the majority of its raters. Of single answers: 1 for a violation by the
/// majority, 0 for none; items split evenly have no value.
std::map<std::size_t, double> prompt_values(const RatedPair& pair, Side side);

/// Gwet's AC2 with ordinal weights of the pair's ratings; nullopt where it is not defined.
std::optional<double> rated_agreement(const RatedPair& pair);

/// Whether the rule's kind of study is this one.
bool fits(const data::Study& study, const data::GateRule& rule);

}  // namespace reports::gate
