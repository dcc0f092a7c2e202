#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "harness/store/rows.hpp"
#include "harness/store/score_store.hpp"
#include "reports/data/item.hpp"
#include "suites/metric.hpp"

namespace harness::results {

/// The scorers that read the outputs of a run afterwards, with the names under which their scores are shown.
class LaterScorers {
public:
    /// `scorers`: of the run. Of two that would have one name, both get their number in the store.
    explicit LaterScorers(const std::vector<store::ScorerRow>& scorers);

    bool empty() const { return scorers_.empty(); }

    /// "refusal detector 2", "judge guard 2 (llama-guard.Q4_0)", "reward model safe 1"; nullptr for a task's own
    /// scorer.
    const std::string* name(std::int64_t scorer) const;
    /// "violation by judge guard 1 (demo:chat)".
    std::string metric_name(std::int64_t scorer, const std::string& metric) const;
    /// How the scores of a column are aggregated: as the scorer's settings say. A share of refusals has the direction
    /// of the task's own metric where it grades refusals, since a refusal is right for some prompts and wrong for
    /// others.
    suites::MetricDefinition definition(const store::ScoreColumn& column, const store::RunTaskRow& task) const;

private:
    struct Known {
        store::ScorerRow row;
        std::string name;
    };
    std::map<std::int64_t, Known> scorers_;
};

/// The later scores of an item, by the name under which they are shown; those of one of several answers with its
/// number.
std::map<std::string, reports::data::ItemScore> later_scores(const store::ItemRow& item, const LaterScorers& scorers);

}  // namespace harness::results
