#include "reports/gate/weighted.hpp"

#include <cmath>
#include <numeric>

namespace reports::gate {
namespace {

double weighted_mean(const std::vector<double>& values, const std::vector<double>& weights) {
    return std::inner_product(values.begin(), values.end(), weights.begin(), 0.0) /
           std::accumulate(weights.begin(), weights.end(), 0.0);
}

}  // namespace

void linearise(Evidence& evidence) {
    std::vector<double>& values = evidence.differences.values;
    if (values.empty() || (evidence.weights.empty() && !evidence.is_exponential)) return;
    if (!evidence.differences.strata.empty()) {
        evidence.not_comparable = evidence.metric + " of several tasks is over their documents, not a mean over tasks";
        return;
    }
    evidence.differences.is_binary = false;
    if (evidence.weights.empty()) evidence.weights.assign(values.size(), 1.0);
    if (evidence.weights.size() != values.size()) {
        evidence.not_comparable = "some tasks have a weight per item and others have none";
        return;
    }
    const double whole = std::accumulate(evidence.weights.begin(), evidence.weights.end(), 0.0);
    const double difference = weighted_mean(values, evidence.weights);
    const auto n = static_cast<double>(values.size());
    evidence.value_before = weighted_mean(evidence.before, evidence.weights);
    evidence.value_after = weighted_mean(evidence.after, evidence.weights);
    for (std::size_t i = 0; i < values.size(); ++i)
        values[i] = difference + n * evidence.weights[i] * (values[i] - difference) / whole;
    if (!evidence.is_exponential) return;
    evidence.value_before = std::exp(*evidence.value_before);
    evidence.value_after = std::exp(*evidence.value_after);
    if (!std::isfinite(*evidence.value_before) || !std::isfinite(*evidence.value_after)) {
        evidence.not_comparable = evidence.metric + " is not a finite number";
        return;
    }
    evidence.scale = {.kind = TestScale::Kind::Log, .before = *evidence.value_before};
    for (data::Flip& flip : evidence.flips) {
        flip.before = std::exp(flip.before);
        flip.after = std::exp(flip.after);
    }
}

}  // namespace reports::gate
