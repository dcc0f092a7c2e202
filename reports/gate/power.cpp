#include "reports/gate/power.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <optional>

#include "reports/gate/evidence.hpp"
#include "reports/gate/judge.hpp"
#include "reports/statistics/margin_test.hpp"

namespace reports::gate {
namespace {

/// How much the paired scores differ, in the unit of PlannedGate::spread for the test.
double seen_spread(const Evidence& evidence, statistics::MarginTestKind kind) {
    const std::vector<double>& values = evidence.differences.values;
    if (kind == statistics::MarginTestKind::Mean) return spread_of(evidence);
    const auto changed = std::count_if(values.begin(), values.end(), [](double value) { return value != 0; });
    return static_cast<double>(changed) / static_cast<double>(values.size());
}

/// The same where a share of the items gets another score: for 0/1 scores, differences of 1 and -1; otherwise the score
/// of another item, whose differences have sqrt(2) times the deviation of the scores.
double assumed_spread(const Evidence& evidence, statistics::MarginTestKind kind, double changing) {
    if (kind != statistics::MarginTestKind::Mean) return changing;
    const double of_changed = evidence.differences.is_binary ? 1 : std::sqrt(2) * deviation(evidence.before);
    return of_changed * std::sqrt(changing);
}

std::size_t in_tier(const std::vector<data::GateRule>& rules, data::Tier tier) {
    return static_cast<std::size_t>(
        std::count_if(rules.begin(), rules.end(), [tier](const data::GateRule& rule) { return rule.tier == tier; }));
}

data::SuitePower power_of(const Evidence& evidence, const data::GateRule& rule, double level,
                          std::optional<double> changing) {
    data::SuitePower power{.rule = rule, .metric = evidence.metric, .items = evidence.before.size()};
    power.reason = evidence.not_comparable.empty() ? evidence.incomplete : evidence.not_comparable;
    if (power.reason.empty() && power.items == 0) power.reason = "no item has a score";
    if (!power.reason.empty()) return power;
    statistics::PlannedGate plan{.kind = test_of(rule, evidence), .items = power.items};
    // What clusters cost is seen in the spread of a mean, not in how many scores change.
    if (!changing && plan.kind == statistics::MarginTestKind::Signs) plan.kind = statistics::MarginTestKind::Mean;
    plan.margin = margin_of(rule, evidence);
    plan.level = level;
    plan.spread = changing ? assumed_spread(evidence, plan.kind, *changing) : seen_spread(evidence, plan.kind);
    power.assumption = changing ? fmt::format("{:.3g} % of the scores change", 100 * *changing)
                                : "scores change as between the two runs";
    if (changing && evidence.clusters > 0)
        power.assumption += fmt::format(", alike within and between {} clusters", evidence.clusters);
    for (const double drop : kPowerDrops) power.chances.push_back(statistics::chance_to_fail(plan, drop));
    return power;
}

}  // namespace

std::vector<data::SuitePower> gate_power(const data::RunView& baseline, const data::RunView* run,
                                         const data::GatePolicy& policy, double changing) {
    const std::vector<data::GateRule> rules = policy.rules.empty() ? rules_for(baseline) : policy.rules;
    std::vector<data::SuitePower> powers;
    for (const data::GateRule& rule : rules) {
        const Evidence evidence = collect(baseline, run == nullptr ? baseline : *run, rule);
        const double level = policy.level / static_cast<double>(in_tier(rules, rule.tier));
        powers.push_back(power_of(evidence, rule, level, run == nullptr ? std::optional(changing) : std::nullopt));
    }
    return powers;
}

}  // namespace reports::gate
