#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "harness/store/run_store.hpp"

namespace harness::interchange {

/// lm-evaluation-harness logs the metrics of SQuAD as a pair of prediction and references, which it grades all together
/// in the end. The scores of one such pair for `metric` ("exact", "HasAns_f1", ...): its value, unscored where the
/// metric leaves this document out, and the probability of no answer with whether there is one, of which best_exact and
/// best_f1 are made. Empty when the value is no such pair.
std::vector<store::ScoreRow> squad_scores(const nlohmann::ordered_json& value, const std::string& metric);

}  // namespace harness::interchange
