#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "harness/store/run_store.hpp"

namespace harness::interchange {

/// lm-evaluation-harness logs the metrics of SQuAD as a pair of prediction and references, and grades all pairs
/// together at the end. Returns the scores of one such pair for `metric` ("exact", "HasAns_f1", ...): its value
/// (unscored where the metric excludes this document), the probability of no answer, and whether the document has an
/// answer; best_exact and best_f1 are computed from these. Empty when the value is not such a pair.
std::vector<store::ScoreRow> squad_scores(const nlohmann::ordered_json& value, const std::string& metric);

}  // namespace harness::interchange
