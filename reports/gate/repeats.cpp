#include "reports/gate/repeats.hpp"

#include <algorithm>
#include <cmath>

#include "reports/gate/metric_pair.hpp"
#include "reports/sections/scores.hpp"
#include "reports/statistics/partial_conjunction.hpp"

namespace reports::gate {
namespace {

/// Of the bounds of single repeats, which nothing shows.
constexpr double kRepeatLevel = 0.05;

/// Repeats that every task of the rule has.
std::size_t repeats_of(const GateInputs& inputs, const data::GateRule& rule) {
    std::size_t fewest = SIZE_MAX;
    for (const std::string& name : tasks_of(rule)) {
        const data::TaskView* task = sections::task_named(inputs.run, name);
        const data::TaskView* before = sections::task_named(inputs.baseline, name);
        if (task == nullptr || before == nullptr) continue;
        const data::MetricValues* metric = metric_pair(*before, *task, rule).after;
        fewest = std::min(fewest, metric == nullptr ? 0 : metric->repeats.size());
    }
    return fewest == SIZE_MAX ? 0 : fewest;
}

/// The run as if it had only this repeat.
data::RunView only_repeat(const data::RunView& run, std::size_t repeat) {
    data::RunView one = run;
    for (data::TaskView& task : one.tasks) {
        for (data::MetricValues& metric : task.metrics) {
            if (repeat < metric.repeats.size()) metric.values = metric.repeats[repeat];
        }
    }
    return one;
}

}  // namespace

std::size_t wanted_passes(double share, std::size_t repeats) {
    constexpr double kRounding = 1e-9;  // 0.8 of 5 is 4, not 5
    const double wanted = std::ceil(share * static_cast<double>(repeats) - kRounding);
    return std::clamp<std::size_t>(static_cast<std::size_t>(std::max(wanted, 1.0)), 1, repeats);
}

Evidence repeats_evidence(const GateInputs& inputs, const data::GateRule& rule) {
    Evidence all;
    all.unit = "repeat";
    all.metric = rule.metric;
    const std::size_t repeats = repeats_of(inputs, rule);
    if (repeats < 2) {
        all.incomplete =
            "\"min_pass_share\" needs repeats: name several runs of the same plan with other seeds, or sample several "
            "answers that a scorer reads one by one";
        return all;
    }
    for (std::size_t repeat = 0; repeat < repeats; ++repeat) {
        const data::RunView one = only_repeat(inputs.run, repeat);
        const Evidence evidence = collect(inputs.baseline, one, rule);
        all.not_comparable = evidence.not_comparable;
        all.incomplete = evidence.incomplete;
        all.lost = std::max(all.lost, evidence.lost);
        all.metric = evidence.metric + ", repeats";
        all.higher_is_better = evidence.higher_is_better;
        const bool has_values = !evidence.before.empty();
        const auto test = has_values ? tested_margin(evidence, rule, kRepeatLevel) : std::nullopt;
        if (!test) return all;
        all.before.push_back(value_before(evidence));
        all.after.push_back(value_after(evidence));
        all.differences.values.push_back(evidence.scale.own_difference(test->difference));
        all.repeat_tests.push_back(*test);
    }
    return all;
}

statistics::MarginTest repeats_test(const Evidence& evidence, const data::GateRule& rule) {
    const std::size_t repeats = evidence.repeat_tests.size();
    const std::size_t passes = wanted_passes(rule.min_pass_share, repeats);
    std::vector<double> drop;
    std::vector<double> no_drop;
    for (const statistics::MarginTest& test : evidence.repeat_tests) {
        drop.push_back(test.p_drop);
        no_drop.push_back(test.p_no_drop);
    }
    statistics::MarginTest whole{.kind = evidence.repeat_tests.front().kind, .bounds = {}};
    whole.difference = mean(evidence.differences.values);
    whole.p_drop = statistics::at_least_true(drop, repeats - passes + 1);
    whole.p_no_drop = statistics::at_least_true(no_drop, passes);
    return whole;
}

}  // namespace reports::gate
