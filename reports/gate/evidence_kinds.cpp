// The evidence of each kind of rule.

#include "reports/gate/evidence.hpp"
#include "reports/gate/evidence_ratings.hpp"
#include "reports/gate/repeats.hpp"

namespace reports::gate {

Evidence evidence_of(const GateInputs& inputs, const data::GateRule& rule) {
    switch (rule.kind) {
        case data::RuleKind::Ratings: return ratings_evidence(inputs, rule);
        case data::RuleKind::Repeats: return repeats_evidence(inputs, rule);
        case data::RuleKind::Metric:
        case data::RuleKind::Safety: break;
    }
    return collect(inputs.baseline, inputs.run, rule);
}

std::optional<statistics::MarginTest> tested_margin(const Evidence& evidence, const data::GateRule& rule,
                                                    double level) {
    if (!evidence.repeat_tests.empty()) return repeats_test(evidence, rule);
    const double margin = evidence.scale.tested_drop(margin_of(rule, evidence));
    return statistics::margin_test(evidence.differences, margin, level, test_of(rule, evidence));
}

std::vector<data::GateRule> with_repeats(const std::vector<data::GateRule>& rules) {
    std::vector<data::GateRule> all;
    for (const data::GateRule& rule : rules) {
        all.push_back(rule);
        if (rule.min_pass_share <= 0) continue;
        all.push_back(rule);
        all.back().kind = data::RuleKind::Repeats;
        all.back().min_items = 1;
    }
    return all;
}

}  // namespace reports::gate
