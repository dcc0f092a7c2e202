#pragma once

#include <string>
#include <vector>

#include "reports/data/report.hpp"
#include "tests/reports/samples.hpp"

namespace reports_test {

/// Scorers by index of safety_report().
enum SafetyScorerIndex : std::size_t { Detector, Judge, RewardModel, People };

/// Items 0, 1, ... of one kind; their contents are their numbers.
inline std::vector<reports::data::SafetyItem> safety_items(std::size_t count, reports::data::PromptKind kind,
                                                           std::uint64_t first = 0) {
    std::vector<reports::data::SafetyItem> items;
    for (std::size_t i = 0; i < count; ++i) items.push_back({.content = first + i, .kind = kind});
    return items;
}

inline reports::data::SafetyScores safety_scores(std::size_t scorer, reports::data::SafetyMeasure measure,
                                                 const Values& values) {
    return {.scorer = scorer, .measure = measure, .values = values};
}

/// A report of runs 1, 2, ... with these safety prompts and scores.
inline reports::data::Report safety_report(std::vector<reports::data::SafetyRun> runs) {
    reports::data::Report report;
    reports::data::Safety safety;
    safety.scorers = {{.name = "detector", .kind = "refusal", .option = "refusal"},
                      {.name = "judge", .kind = "judge", .option = "judge:MODEL --judge-template guard"},
                      {.name = "reward model", .kind = "reward", .option = "reward:safe"},
                      {.name = "people", .kind = "people"}};
    for (std::size_t i = 0; i < runs.size(); ++i) {
        runs[i].run = i;
        runs[i].id = static_cast<std::int64_t>(i) + 1;
        report.runs.push_back(run(runs[i].id, "model" + std::to_string(i + 1), {}));
    }
    safety.runs = std::move(runs);
    report.safety = std::move(safety);
    return report;
}

}  // namespace reports_test
