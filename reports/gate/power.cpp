#include "reports/gate/power.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <optional>

#include "reports/gate/evidence.hpp"
#include "reports/gate/evidence_ratings.hpp"
#include "reports/gate/judge.hpp"
#include "reports/sections/cells.hpp"
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

/// Where the spread of the differences comes from; nullopt: what changed between the two runs.
enum class Spread { Seen, Assumed };

/// Why the chances are not known; empty: they are.
std::string unknown_because(const Evidence& evidence, const data::GateRule& rule, Spread spread) {
    if (rule.kind == data::RuleKind::Repeats)
        return "not known before it is run: how repeats depend on each other cannot be told from one baseline";
    if (!evidence.not_comparable.empty()) return evidence.not_comparable;
    if (!evidence.incomplete.empty()) return evidence.incomplete;
    if (evidence.before.empty()) return fmt::format("no {} has a score", evidence.unit);
    const std::vector<double>& values = evidence.differences.values;
    if (spread == Spread::Seen && std::all_of(values.begin(), values.end(), [](double value) { return value == 0; }))
        return "no score changed between the two runs, which tells nothing of drops; leave RUN out";
    const bool is_likelihood = evidence.is_exponential || !evidence.weights.empty();
    if (is_likelihood && spread == Spread::Assumed)
        return "not known before it is run: how much likelihoods change depends on the model; a RUN tells";
    return "";
}

/// What clusters cost is seen in the spread of a mean, not in how many scores change.
statistics::MarginTestKind planned_test(const Evidence& evidence, const data::GateRule& rule, Spread spread) {
    const statistics::MarginTestKind kind = test_of(rule, evidence);
    const bool is_by_cluster = spread == Spread::Seen && kind == statistics::MarginTestKind::Signs;
    return is_by_cluster ? statistics::MarginTestKind::Mean : kind;
}

/// What the chances rest on, and the unit of the drops where it is not the metric's own.
std::string assumption_of(const Evidence& evidence, const data::GateRule& rule, Spread spread, double changing) {
    if (rule.kind == data::RuleKind::Ratings && !rule.ratings.is_safety) return "every prompt is won or lost";
    const std::string seen = evidence.is_exponential ? "drops are shares of the perplexity, whose documents change as "
                                                       "between the two runs"
                                                     : "scores change as between the two runs";
    if (spread == Spread::Assumed) return fmt::format("{:.3g} % of the scores change", 100 * changing);
    return seen + cluster_words(evidence, planned_test(evidence, rule, spread));
}

data::SuitePower power_of(const Evidence& evidence, const data::GateRule& rule, double level, Spread spread,
                          double changing) {
    data::SuitePower power{.rule = rule, .metric = evidence.metric, .items = evidence.before.size()};
    power.reason = unknown_because(evidence, rule, spread);
    if (!power.reason.empty()) return power;
    const bool is_win_rate = rule.kind == data::RuleKind::Ratings && !rule.ratings.is_safety;
    statistics::PlannedGate plan{.kind = planned_test(evidence, rule, spread), .items = power.items};
    if (spread == Spread::Seen) plan.degrees_of_freedom = freedom_of(evidence);
    plan.margin = evidence.scale.tested_drop(margin_of(rule, evidence));
    plan.level = level;
    plan.spread = spread == Spread::Seen ? seen_spread(evidence, plan.kind)
                  : is_win_rate          ? 1
                                         : assumed_spread(evidence, plan.kind, changing);
    power.assumption = assumption_of(evidence, rule, spread, changing);
    if (spread == Spread::Assumed && evidence.clusters > 0)
        power.assumption +=
            fmt::format(", each for itself: what its {} by {} cost is not known without a RUN, and lowers the chances",
                        sections::counted(evidence.clusters, "cluster"), evidence.clustered_by);
    for (const double drop : kPowerDrops) {
        const double own = evidence.is_exponential ? drop * value_before(evidence) : drop;
        power.chances.push_back(statistics::chance_to_fail(plan, evidence.scale.tested_drop(own)));
    }
    return power;
}

}  // namespace

std::vector<data::SuitePower> gate_power(const data::RunView& baseline, const data::RunView* run,
                                         const data::GatePolicy& policy, double changing,
                                         const std::vector<data::Study>& studies) {
    const std::vector<data::GateRule> rules = with_repeats(policy.rules.empty() ? rules_for(baseline) : policy.rules);
    const GateInputs inputs{baseline, run == nullptr ? baseline : *run, studies};
    std::vector<data::SuitePower> powers;
    for (const data::GateRule& rule : rules) {
        // A gate is planned before people have rated anything.
        const bool is_planned = rule.kind == data::RuleKind::Ratings;
        const Spread spread = run == nullptr || is_planned ? Spread::Assumed : Spread::Seen;
        const Evidence evidence = is_planned ? planned_ratings(inputs, rule) : evidence_of(inputs, rule);
        const double level = policy.level / static_cast<double>(in_tier(rules, rule.tier));
        powers.push_back(power_of(evidence, rule, level, spread, changing));
    }
    return powers;
}

}  // namespace reports::gate
