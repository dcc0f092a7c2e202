#include "reports/gate/judge.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <iterator>
#include <set>

#include "reports/gate/evidence.hpp"
#include "reports/sections/cells.hpp"
#include "reports/sections/pairing.hpp"
#include "reports/sections/scores.hpp"
#include "reports/sections/settings.hpp"
#include "reports/statistics/multiple.hpp"
#include "reports/statistics/power.hpp"

namespace reports::gate {
namespace {

using data::GateStatus;

/// Settings that do not change the question: a gate asks whether another build, device or model answers it worse.
const std::set<std::string> kMayDiffer = {"device",         "driver",         "numerics",
                                          "engine version", "context length", "sandbox"};

/// The questions themselves are compared item by item, and another model is what a gate is for.
const std::set<std::string> kComparedElsewhere = {"hash of prompts and documents", "model file"};

/// Settings that show in the prompts and tokens, which are compared item by item.
const std::set<std::string> kShowInQuestions = {
    "BOS", "chat format", "cut questions", "every prompt in chat", "few-shot seed", "system prompt"};

std::string name_of(statistics::MarginTestKind kind) {
    switch (kind) {
        case statistics::MarginTestKind::McNemar: return "McNemar, exact";
        case statistics::MarginTestKind::Score: return "score (Tango)";
        case statistics::MarginTestKind::Signs: return "signs, exact";
        case statistics::MarginTestKind::Unconditional: return "unconditional, exact";
        case statistics::MarginTestKind::Mean: break;
    }
    return "mean";
}

std::string test_name(const Evidence& evidence, statistics::MarginTestKind kind) {
    const bool is_sign_test =
        evidence.scale.kind == TestScale::Kind::Half && kind == statistics::MarginTestKind::McNemar;
    const std::string name = is_sign_test ? "sign test, exact" : name_of(kind) + cluster_words(evidence, kind);
    return evidence.repeat_tests.empty() ? name : name + ", each repeat";
}

/// What more items would do; `tested`: the difference on the tested scale.
void add_plan(const Evidence& evidence, double tested, double level, data::SuiteVerdict& verdict) {
    if (!evidence.repeat_tests.empty()) return;  // more items would be another question
    const statistics::PairedDesign design{.between_items = std::pow(spread_of(evidence), 2)};
    if (design.between_items <= 0) return;
    const statistics::TestLevel test{.level = level, .sides = statistics::Sides::One};
    verdict.detectable = evidence.scale.own_drop(statistics::detectable_difference(design, verdict.items, test));
    const double undecided = std::abs(tested + evidence.scale.tested_drop(verdict.margin));
    if (undecided > 0) verdict.needed_items = statistics::needed_items(design, undecided, test);
}

/// The tested suite, without the correction for the others of its tier.
data::SuiteVerdict tested(const Evidence& evidence, const data::GateRule& rule, double level, double& p_no_drop) {
    data::SuiteVerdict verdict{.rule = rule, .metric = evidence.metric, .reason = {}};
    verdict.items = evidence.differences.values.size();
    verdict.flips = evidence.flips;
    verdict.higher_is_better = evidence.higher_is_better;
    const double sign = evidence.higher_is_better ? 1 : -1;
    std::stable_sort(verdict.flips.begin(), verdict.flips.end(), [sign](const data::Flip& a, const data::Flip& b) {
        return sign * (a.after - a.before) < sign * (b.after - b.before);
    });
    for (std::size_t i = 0; i < evidence.before.size(); ++i) {
        const double difference = sign * (evidence.after[i] - evidence.before[i]);
        verdict.worse += difference < 0 ? 1 : 0;
        verdict.better += difference > 0 ? 1 : 0;
    }
    if (verdict.items == 0) return verdict;
    verdict.before = value_before(evidence);
    verdict.after = value_after(evidence);
    verdict.margin = margin_of(rule, evidence);
    const auto test = tested_margin(evidence, rule, level);
    if (!test) return verdict;
    verdict.test = test_name(evidence, test->kind);
    verdict.difference = evidence.scale.own_difference(test->difference);
    if (test->bounds)
        verdict.bounds = data::Interval{evidence.scale.own_difference(test->bounds->low),
                                        evidence.scale.own_difference(test->bounds->high)};
    verdict.p = test->p_drop;
    p_no_drop = test->p_no_drop;
    add_plan(evidence, test->difference, level, verdict);
    return verdict;
}

/// Sets status and reason of a suite that has been tested. `p` is adjusted already.
void decide(data::SuiteVerdict& verdict, const std::string& unit, double p_no_drop, double level) {
    const char* drop = change_for_worse(verdict);
    if (verdict.worse + verdict.better == 0) {
        verdict.status = GateStatus::Pass;
        verdict.reason = "no score changed";
    } else if (*verdict.p <= level) {
        verdict.status = GateStatus::Regression;
        verdict.reason = verdict.margin > 0 ? fmt::format("a {} larger than {:.4g} is proven", drop, verdict.margin)
                                            : fmt::format("a {} is proven", drop);
    } else if (p_no_drop <= level) {
        verdict.status = GateStatus::Pass;
        verdict.reason = verdict.margin > 0 ? fmt::format("a {} larger than {:.4g} is excluded", drop, verdict.margin)
                                            : "better than the baseline";
    } else {
        verdict.status = GateStatus::Inconclusive;
        verdict.reason = fmt::format("neither a {} nor its absence is proven", drop);
        if (verdict.detectable)
            verdict.reason += fmt::format("; these {}s find a {} of {:.4g}", unit, drop, *verdict.detectable);
        if (verdict.needed_items)
            verdict.reason += fmt::format("; {} would decide", sections::counted(*verdict.needed_items, unit));
    }
}

/// What makes p unsure; empty: nothing.
std::string doubt_of(const Evidence& evidence, const data::GateRule& rule) {
    const bool is_mean = evidence.repeat_tests.empty() && evidence.differences.strata.empty() &&
                         test_of(rule, evidence) == statistics::MarginTestKind::Mean;
    if (!is_mean || !is_too_skewed(evidence)) return "";
    return fmt::format("; p is unsure, since the {}s are few and their differences strongly skewed", evidence.unit);
}

/// Whether something stands in the way of a test.
bool is_hindered(const Evidence& evidence, const data::GateRule& rule, data::SuiteVerdict& verdict) {
    if (!evidence.settled.empty()) {
        verdict.status = GateStatus::Pass;
        verdict.reason = evidence.settled;
    } else if (!evidence.not_comparable.empty()) {
        verdict.status = GateStatus::NotComparable;
        verdict.reason = evidence.not_comparable;
    } else if (!evidence.incomplete.empty()) {
        verdict.status = GateStatus::Incomplete;
        verdict.reason = evidence.incomplete;
    } else if (evidence.lost > rule.max_errors) {
        verdict.status = GateStatus::Incomplete;
        verdict.reason = fmt::format("{} without a score that the baseline has; the policy allows {}",
                                     sections::counted(evidence.lost, "item"), rule.max_errors);
    } else if (verdict.items < rule.min_items || verdict.items == 0) {
        verdict.status = GateStatus::Incomplete;
        verdict.reason =
            fmt::format("{} to compare; the policy asks for {}", sections::counted(verdict.items, evidence.unit),
                        std::max<std::uint64_t>(1, rule.min_items));
    } else if (!evidence.undecided.empty()) {
        verdict.status = GateStatus::Inconclusive;
        verdict.reason = evidence.undecided;
    } else if (!verdict.p) {
        verdict.status = GateStatus::NotComparable;
        verdict.reason = "the policy's test is for scores of 0 and 1 that weigh alike; \"auto\" or \"mean\" fit";
    } else {
        return false;
    }
    return true;
}

/// A suite that was tested alone, before the correction for the others of its tier.
struct TestedSuite {
    data::SuiteVerdict verdict;
    double p_no_drop = 1;
    bool hindered = false;
    std::string unit;
    std::string doubt;
};

/// Judges the suites of one tier together.
std::vector<data::SuiteVerdict> judge_tier(const GateInputs& inputs, const std::vector<data::GateRule>& rules,
                                           double level) {
    std::vector<TestedSuite> suites;
    std::vector<double> p;
    for (const data::GateRule& rule : rules) {
        const Evidence evidence = evidence_of(inputs, rule);
        TestedSuite suite{.verdict = {.rule = rule, .metric = "", .reason = ""}, .unit = evidence.unit, .doubt = ""};
        suite.verdict = tested(evidence, rule, level, suite.p_no_drop);
        suite.hindered = is_hindered(evidence, rule, suite.verdict);
        if (!suite.hindered) suite.doubt = doubt_of(evidence, rule);
        p.push_back(suite.hindered ? 1 : *suite.verdict.p);
        suites.push_back(std::move(suite));
    }
    const std::vector<double> adjusted = statistics::holm(p);
    std::vector<data::SuiteVerdict> verdicts;
    for (std::size_t i = 0; i < suites.size(); ++i) {
        data::SuiteVerdict& verdict = suites[i].verdict;
        if (!suites[i].hindered) {
            verdict.p = adjusted[i];
            decide(verdict, suites[i].unit, suites[i].p_no_drop, level);
            if (verdict.worse + verdict.better > 0) verdict.reason += suites[i].doubt;
        }
        verdicts.push_back(std::move(verdict));
    }
    return verdicts;
}

/// Why the two runs as a whole cannot be compared; what differs and may goes to `verdict.differing`.
void compare_settings(const data::RunView& baseline, const data::RunView& run, const data::GatePolicy& policy,
                      data::GateVerdict& verdict) {
    for (const sections::SettingDifference& difference : sections::setting_differences({baseline, run})) {
        if (kComparedElsewhere.contains(difference.name)) continue;
        const bool only_one_has_task =
            !difference.task.empty() && (sections::task_named(baseline, difference.task) == nullptr ||
                                         sections::task_named(run, difference.task) == nullptr);
        if (only_one_has_task) continue;
        const std::string name =
            difference.task.empty() ? difference.name : fmt::format("{} of {}", difference.name, difference.task);
        const std::string change = fmt::format("{}, now {}", difference.values.at(0).value_or("not set"),
                                               difference.values.at(1).value_or("not set"));
        const bool may =
            may_always_differ(difference.name) ||
            std::find(policy.may_differ.begin(), policy.may_differ.end(), difference.name) != policy.may_differ.end();
        if (may) {
            verdict.differing.push_back({name, change});
        } else {
            verdict.obstacles.push_back(fmt::format("{} was {}", name, change));
        }
    }
}

/// Whether an item has the same scores in every metric that both tasks have.
bool same_scores(const data::TaskView& before, std::size_t old_item, const data::TaskView& after,
                 std::size_t new_item) {
    return std::all_of(before.metrics.begin(), before.metrics.end(), [&](const data::MetricValues& metric) {
        const data::MetricValues* other = sections::find_metric(after, metric.name);
        if (metric.values.empty() || other == nullptr || other->values.empty()) return true;
        return metric.values.at(old_item) == other->values.at(new_item);
    });
}

}  // namespace

bool may_always_differ(const std::string& setting) {
    return kMayDiffer.contains(setting) || kShowInQuestions.contains(setting) || kComparedElsewhere.contains(setting);
}

std::vector<data::GateRule> rules_for(const data::RunView& run) {
    std::vector<data::GateRule> rules;
    for (const data::TaskView& task : run.tasks) {
        data::GateRule rule{.suite = task.task};
        const data::MetricValues* metric = metric_of(task, rule);
        if (metric == nullptr) continue;
        rule.metric = metric->name;
        rules.push_back(rule);
    }
    return rules;
}

data::GateVerdict judge(const data::RunView& baseline, const data::RunView& run, const data::GatePolicy& policy,
                        const std::vector<data::Study>& studies) {
    data::GateVerdict verdict{.strictness = policy.strictness,
                              .level = policy.level,
                              .baseline = sections::run_name(baseline),
                              .run = sections::run_name(run)};
    compare_settings(baseline, run, policy, verdict);
    const std::vector<data::GateRule> rules = with_repeats(policy.rules.empty() ? rules_for(baseline) : policy.rules);
    if (rules.empty()) verdict.obstacles.emplace_back("the baseline has no metric with a score per item");
    if (!verdict.obstacles.empty()) verdict.status = GateStatus::NotComparable;
    for (const data::Tier tier : {data::Tier::Critical, data::Tier::Supporting, data::Tier::Advisory}) {
        std::vector<data::GateRule> of_tier;
        std::copy_if(rules.begin(), rules.end(), std::back_inserter(of_tier),
                     [tier](const data::GateRule& rule) { return rule.tier == tier; });
        for (data::SuiteVerdict& suite : judge_tier({baseline, run, studies}, of_tier, policy.level)) {
            if (tier != data::Tier::Advisory && suite.status > verdict.status) verdict.status = suite.status;
            verdict.suites.push_back(std::move(suite));
        }
    }
    return verdict;
}

std::vector<data::ChangedItem> changed_items(const data::RunView& baseline, const data::RunView& run) {
    std::vector<data::ChangedItem> changed;
    for (const data::TaskView& before : baseline.tasks) {
        const data::TaskView* after = sections::task_named(run, before.task);
        const auto add = [&](const data::TaskView& of, std::size_t item, const char* what) {
            changed.push_back({.task = before.task, .doc = of.docs.numbers[item], .what = what});
        };
        if (after == nullptr) {
            for (std::size_t item = 0; item < before.docs.numbers.size(); ++item) add(before, item, "missing");
            continue;
        }
        const sections::Pairing pairing = sections::pair_documents(before.docs, after->docs);
        for (const auto& [a, b] : pairing.pairs) {
            if (before.docs.asked.at(a) != after->docs.asked.at(b)) {
                add(before, a, "question");
            } else if (before.docs.answered.at(a) != after->docs.answered.at(b)) {
                add(before, a, "answer");
            } else if (!same_scores(before, a, *after, b)) {
                add(before, a, "score");
            }
        }
        for (const std::size_t item : pairing.only_a) add(before, item, "missing");
        for (const std::size_t item : pairing.only_b) add(*after, item, "new");
    }
    return changed;
}

const char* change_for_worse(const data::SuiteVerdict& suite) {
    return suite.higher_is_better ? "drop" : "rise";
}

int exit_code(const data::GateVerdict& verdict) {
    switch (verdict.status) {
        case GateStatus::Pass: return 0;
        case GateStatus::Regression: return 1;
        case GateStatus::Incomplete: return 3;
        case GateStatus::NotComparable: return 4;
        case GateStatus::Inconclusive: break;
    }
    return verdict.strictness == data::Strictness::Strict ? 5 : 0;
}

}  // namespace reports::gate
