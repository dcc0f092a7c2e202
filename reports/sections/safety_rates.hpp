#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "reports/data/safety.hpp"

namespace reports::sections {

/// How the prompts are divided.
enum class SafetySplit { All, Category, Cell, Hazard, Turns };

/// A part of the prompts.
struct SafetyPart {
    data::PromptKind kind = data::PromptKind::Unsafe;
    std::string name = {};    ///< category, hazard, or "single-turn" and "multi-turn"; empty for SafetySplit::All
    std::string vector = {};  ///< SafetySplit::Cell only

    friend bool operator==(const SafetyPart&, const SafetyPart&) = default;
};

/// The part that an item belongs to; nullopt: the item lacks the tag, or, for hazards and cells, is not unsafe.
std::optional<SafetyPart> part_of(const data::SafetyItem& item, SafetySplit split);

/// A mean of some items' values with the interval of statistics::metric95, the same as in the table of scores.
struct SafetyMean {
    std::size_t items = 0;  ///< with a value
    double value = 0;
    std::optional<data::Interval> ci95;  ///< none for a single value that is not 0 or 1
};
/// nullopt when no item has a value.
std::optional<SafetyMean> safety_mean(const data::ItemValues& values);

/// One scorer's mean in one part of one run's prompts.
struct SafetyRate {
    const data::SafetyRun* run = nullptr;
    const data::SafetyScores* scores = nullptr;
    SafetyPart part;
    std::size_t prompts = 0;         ///< of the part
    std::optional<SafetyMean> mean;  ///< none: no item of the part has a value
};
/// Sorted by measure, scorer, part and run: parts in the order unsafe, borderline, everyday, then by name. The result
/// points into `safety`.
std::vector<SafetyRate> safety_rates(const data::Safety& safety, SafetySplit split);

/// The scores of a scorer for a measure; nullptr when the run has none.
const data::SafetyScores* find_scores(const data::SafetyRun& run, std::size_t scorer, data::SafetyMeasure measure);

/// Prompts that both runs have, as indices of their items. Equal prompts of one run pair in order.
std::vector<std::pair<std::size_t, std::size_t>> paired_items(const data::SafetyRun& a, const data::SafetyRun& b);

/// "violation", "refusal", "safety rating", "reward".
const char* to_string(data::SafetyMeasure measure);
/// "unsafe", "borderline", "everyday".
const char* to_string(data::PromptKind kind);

}  // namespace reports::sections
