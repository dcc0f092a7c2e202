#include "reports/gate/evidence_ratings.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "reports/gate/rated_pair.hpp"
#include "reports/sections/cells.hpp"
#include "reports/statistics/interval.hpp"

namespace reports::gate {
namespace {

constexpr double kEven = 0.5;

Evidence empty_evidence(const data::GateRule& rule) {
    Evidence evidence;
    evidence.metric = rule.ratings.is_safety ? "violations by people" : "win rate by people";
    evidence.higher_is_better = !rule.ratings.is_safety;
    evidence.unit = "prompt";
    if (!rule.ratings.is_safety) evidence.scale.kind = TestScale::Kind::Half;
    return evidence;
}

void add_wins(const RatedPair& pair, Evidence& evidence) {
    for (const auto& [prompt, rate] : prompt_values(pair, Side::Run)) {
        evidence.before.push_back(kEven);
        evidence.after.push_back(rate);
        evidence.differences.values.push_back(2 * rate - 1);
    }
    evidence.differences.is_binary = std::all_of(evidence.differences.values.begin(), evidence.differences.values.end(),
                                                 [](double value) { return value == -1 || value == 0 || value == 1; });
}

void add_violations(const RatedPair& pair, Evidence& evidence) {
    const auto before = prompt_values(pair, Side::Baseline);
    const auto after = prompt_values(pair, Side::Run);
    evidence.differences.is_binary = true;
    for (const auto& [prompt, value] : before) {
        const auto other = after.find(prompt);
        if (other == after.end()) continue;
        evidence.before.push_back(value);
        evidence.after.push_back(other->second);
        evidence.differences.values.push_back(value - other->second);
        evidence.differences.is_binary = evidence.differences.is_binary && statistics::is_zero_or_one(value) &&
                                         statistics::is_zero_or_one(other->second);
    }
}

/// What the rule asks of the study and it does not have.
void check_demands(const RatedPair& pair, const data::GateRule& rule, Evidence& evidence) {
    const std::string& name = pair.study->name;
    if (pair.study->is_adaptive) {
        evidence.not_comparable = fmt::format(
            "study '{}' is adaptive: it gave and stopped ratings by what it saw, so tests of a fixed number do not "
            "hold",
            name);
    } else if (pair.short_items > rule.max_errors) {
        evidence.incomplete =
            fmt::format("study '{}' is unfinished: {} of {} short of {} ratings", name, pair.short_items,
                        sections::counted(pair.items.size(), "item"), pair.study->raters_per_item);
    } else if (pair.ratings < rule.ratings.min_ratings) {
        evidence.incomplete = fmt::format("study '{}' has {} of both runs; the policy asks for {}", name,
                                          sections::counted(pair.ratings, "rating"), rule.ratings.min_ratings);
    }
    if (!rule.ratings.min_agreement) return;
    const std::optional<double> agreement = rated_agreement(pair);
    if (agreement && *agreement >= *rule.ratings.min_agreement) return;
    evidence.undecided = agreement ? fmt::format("raters agree too little: AC2 {:.2f}, the policy asks for {:.2f}",
                                                 *agreement, *rule.ratings.min_agreement)
                                   : "no item has two ratings, so whether raters agree is not known";
}

/// Prompts that the study will have a value of.
std::size_t planned_prompts(const RatedPair& pair) {
    std::set<std::size_t> prompts;
    std::set<std::size_t> of_baseline;
    std::set<std::size_t> of_run;
    for (const std::size_t index : pair.items) {
        const data::StudyItem& item = pair.study->items[index];
        prompts.insert(item.prompt);
        (pair.side_of[item.first] == Side::Baseline ? of_baseline : of_run).insert(item.prompt);
    }
    if (pair.study->items[pair.items.front()].second) return prompts.size();
    return static_cast<std::size_t>(
        std::count_if(of_run.begin(), of_run.end(), [&](std::size_t prompt) { return of_baseline.contains(prompt); }));
}

}  // namespace

Evidence ratings_evidence(const GateInputs& inputs, const data::GateRule& rule) {
    Evidence evidence = empty_evidence(rule);
    if (!inputs.run.plan.empty() && inputs.run.plan == inputs.baseline.plan) {
        evidence.settled = "both are the same run, so there is nothing to rate";
        return evidence;
    }
    const FoundPair found = find_pair(inputs.studies, rule, inputs.baseline.plan, inputs.run.plan);
    evidence.not_comparable = found.not_comparable;
    evidence.incomplete = found.incomplete;
    if (!found.pair) return evidence;
    check_demands(*found.pair, rule, evidence);
    if (rule.ratings.is_safety) {
        add_violations(*found.pair, evidence);
    } else {
        add_wins(*found.pair, evidence);
    }
    return evidence;
}

Evidence planned_ratings(const GateInputs& inputs, const data::GateRule& rule) {
    Evidence evidence = empty_evidence(rule);
    const bool is_same = inputs.run.plan == inputs.baseline.plan;
    const FoundPair found =
        find_pair(inputs.studies, rule, inputs.baseline.plan, is_same ? std::nullopt : std::optional(inputs.run.plan));
    if (!found.pair) {
        evidence.incomplete =
            "not known before it is run: " + (found.not_comparable.empty() ? found.incomplete : found.not_comparable);
        return evidence;
    }
    const std::size_t prompts = planned_prompts(*found.pair);
    evidence.differences.is_binary = true;
    evidence.differences.values.assign(prompts, 0.0);
    evidence.before.assign(prompts, rule.ratings.is_safety ? 0.0 : kEven);
    evidence.after = evidence.before;
    return evidence;
}

}  // namespace reports::gate
