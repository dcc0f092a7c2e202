#include "reports/gate/sequential.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "reports/gate/evidence.hpp"
#include "reports/gate/judge.hpp"
#include "reports/sections/cells.hpp"
#include "reports/sections/scores.hpp"
#include "reports/statistics/cluster_signs.hpp"
#include "reports/statistics/group_sequential.hpp"
#include "reports/statistics/normal.hpp"
#include "reports/statistics/unconditional.hpp"

namespace reports::gate {
namespace {

using data::GateStatus;
using statistics::MarginTestKind;

enum class Decision { Open, Proven, Excluded, Futile };

/// What one look says of a suite.
struct Look {
    double fraction = 0;
    double z_drop = 0;
    double z_no_drop = 0;
};

/// One suite over the looks.
struct Suite {
    data::GateRule rule;
    std::uint64_t planned = 0;  ///< pairs of all looks
    std::size_t in_tier = 1;
    std::vector<Look> looks = {};
    Decision decision = Decision::Open;
    Evidence last = {};
    double margin = 0;

    bool counts() const { return rule.tier != data::Tier::Advisory; }
};

/// p of a drop and of its absence, for one look.
Look look_at(const Evidence& evidence, double margin, double level, double fraction) {
    const std::vector<double>& values = evidence.differences.values;
    const auto [better, worse] = statistics::sign_counts(values);
    if (worse + better == 0) return {.fraction = fraction};
    const MarginTestKind kind = statistics::fitting_test(evidence.differences, margin);
    if (kind == MarginTestKind::McNemar)
        return {fraction, statistics::sequential_z(statistics::mcnemar_mid_p(worse, better)),
                statistics::sequential_z(statistics::mcnemar_mid_p(better, worse))};
    if (kind == MarginTestKind::Signs) {
        const auto signs = statistics::cluster_signs(values, evidence.differences.cluster_of);
        return {fraction, statistics::sequential_z(signs.mid_low), statistics::sequential_z(signs.mid_high)};
    }
    const auto test = statistics::margin_test(evidence.differences, margin, level, kind);
    if (!test || !test->bounds) return {.fraction = fraction};
    return {fraction, statistics::sequential_z(test->p_drop), statistics::sequential_z(test->p_no_drop)};
}

std::vector<double> fractions_of(const Suite& suite, std::size_t count) {
    std::vector<double> fractions;
    for (const Look& look : suite.looks) fractions.push_back(look.fraction);
    // Later looks do not change earlier boundaries.
    if (fractions.size() < count) fractions.push_back(1);
    return fractions;
}

class SequentialGate {
public:
    SequentialGate(const data::RunView& baseline, const data::RunView& run, const data::GatePolicy& policy,
                   const Looks& looks)
        : baseline_(baseline), run_(run), policy_(policy), looks_(looks) {
        if (policy_.rules.empty()) policy_.rules = rules_for(baseline);
        for (const data::GateRule& rule : policy_.rules) {
            Suite suite{.rule = rule};
            const Evidence whole = collect(baseline, baseline, rule);
            suite.planned = whole.differences.values.size();
            suite.in_tier = static_cast<std::size_t>(
                std::count_if(policy_.rules.begin(), policy_.rules.end(),
                              [&rule](const data::GateRule& other) { return other.tier == rule.tier; }));
            suites_.push_back(std::move(suite));
        }
    }

    SequentialState judge() {
        SequentialState state;
        for (std::size_t look = 1; look <= looks_.count(); ++look) {
            const std::map<std::string, std::size_t> before = seen_;
            for (const auto& [task, number] : wanted_at(look)) seen_[task] = number;
            if (lacks_items()) {
                state.waits_for = wanted_at(look);
                seen_ = before;
                break;
            }
            state.looks = look;
            const bool hindered = take(look);
            if (hindered || decide(look)) {
                state.is_decided = true;
                break;
            }
        }
        state.verdict = verdict(state);
        for (const Suite& suite : suites_) {
            state.planned += suite.planned;
            state.items += suite.last.differences.values.size();
        }
        return state;
    }

private:
    /// Tasks of suites that are not decided, which need the items of this look.
    std::map<std::string, std::size_t> wanted_at(std::size_t look) const {
        std::map<std::string, std::size_t> wanted;
        for (const Suite& suite : suites_) {
            if (suite.decision != Decision::Open) continue;
            for (const std::string& task : tasks_of(suite.rule)) wanted[task] = look;
        }
        return wanted;
    }

    /// Whether the run has not answered all items of the looks that are needed; other documents are found by the judge.
    bool lacks_items() const {
        for (const auto& [name, look] : seen_) {
            const data::TaskView* before = sections::task_named(baseline_, name);
            const data::TaskView* after = sections::task_named(run_, name);
            if (before == nullptr) continue;
            if (after == nullptr) return true;
            const std::size_t there = looks_.first(run_, {{name, look}}).tasks.front().items;
            if (there < looks_.first(baseline_, {{name, look}}).tasks.front().items) return true;
        }
        return false;
    }

    data::GatePolicy policy_of_looks() const {
        data::GatePolicy policy = policy_;
        // Few items are no reason to wait once all are planned.
        for (std::size_t i = 0; i < suites_.size(); ++i) {
            if (suites_[i].planned >= policy.rules[i].min_items) policy.rules[i].min_items = 1;
        }
        return policy;
    }

    data::GateVerdict judged(const data::RunView& before, const data::RunView& after) const {
        return gate::judge(before, after, policy_of_looks());
    }

    /// Takes a look at every open suite. True where something stands in the way of the gate.
    bool take(std::size_t look) {
        const data::RunView before = looks_.first(baseline_, seen_);
        const data::RunView after = looks_.first(run_, seen_);
        for (Suite& suite : suites_) {
            if (suite.decision != Decision::Open) continue;
            suite.last = collect(before, after, suite.rule);
            const std::size_t pairs = suite.last.differences.values.size();
            if (pairs == 0) {
                suite.looks.push_back({});
                continue;
            }
            suite.margin = margin_of(suite.rule, suite.last);
            const bool is_last = look == looks_.count();
            const double fraction = is_last ? 1 : static_cast<double>(pairs) / static_cast<double>(suite.planned);
            suite.looks.push_back(look_at(suite.last, suite.margin, policy_.level, std::min(1.0, fraction)));
        }
        const data::GateVerdict now = judged(before, after);
        if (!now.obstacles.empty()) return true;
        return std::any_of(now.suites.begin(), now.suites.end(), [look, this](const data::SuiteVerdict& suite) {
            const bool hindered =
                suite.status == GateStatus::NotComparable ||
                (suite.status == GateStatus::Incomplete && (suite.items > 0 || look == looks_.count()));
            return hindered && suite.rule.tier != data::Tier::Advisory;
        });
    }

    /// Decides what this look decides. True when the gate needs no more items.
    bool decide(std::size_t look) {
        for (const data::Tier tier : {data::Tier::Critical, data::Tier::Supporting, data::Tier::Advisory})
            find_regressions(tier);
        bool any_counts = false;
        bool all_decided = true;
        for (Suite& suite : suites_) {
            if (suite.decision == Decision::Open) settle(suite);
            any_counts = any_counts || suite.counts();
        }
        for (const Suite& suite : suites_) {
            if (suite.counts() && suite.decision == Decision::Proven) return true;
            if (suite.counts() || !any_counts) all_decided = all_decided && suite.decision != Decision::Open;
        }
        return all_decided || look == looks_.count();
    }

    /// Holm's steps: each proven suite leaves more of the level to the others of its tier.
    void find_regressions(data::Tier tier) {
        std::size_t left = 0;
        for (const Suite& suite : suites_)
            left += suite.rule.tier == tier && suite.decision != Decision::Proven ? 1 : 0;
        for (bool found = true; found && left > 0;) {
            found = false;
            const double level = policy_.level / static_cast<double>(left);
            for (Suite& suite : suites_) {
                if (suite.rule.tier != tier || suite.decision != Decision::Open) continue;
                if (!reached(suite, level, &Look::z_drop)) continue;
                suite.decision = Decision::Proven;
                found = true;
                --left;
                break;
            }
        }
    }

    void settle(Suite& suite) const {
        if (reached(suite, policy_.level, &Look::z_no_drop)) {
            suite.decision = Decision::Excluded;
            return;
        }
        if (policy_.strictness == data::Strictness::Strict || suite.looks.empty()) return;
        const double level = policy_.level / static_cast<double>(suite.in_tier);
        const std::size_t now = suite.looks.size() - 1;
        if (suite.looks[now].z_drop < boundaries(suite, level).futile[now]) suite.decision = Decision::Futile;
    }

    data::GateVerdict verdict(const SequentialState& state) const {
        data::GateVerdict whole = judged(looks_.first(baseline_, seen_), looks_.first(run_, seen_));
        whole.status = whole.obstacles.empty() ? GateStatus::Pass : GateStatus::NotComparable;
        for (data::SuiteVerdict& shown : whole.suites) {
            const auto suite = std::find_if(suites_.begin(), suites_.end(), [&shown](const Suite& each) {
                return each.rule.suite == shown.rule.suite && each.rule.metric == shown.rule.metric;
            });
            const bool hindered = shown.status == GateStatus::NotComparable || shown.status == GateStatus::Incomplete;
            if (suite != suites_.end() && !hindered) fill(*suite, shown);
            if (!state.is_decided && (!hindered || state.looks == 0)) wait(state, shown);
            if (shown.rule.tier != data::Tier::Advisory && shown.status > whole.status) whole.status = shown.status;
        }
        return whole;
    }

    static void wait(const SequentialState& state, data::SuiteVerdict& shown) {
        shown.status = GateStatus::Incomplete;
        shown.reason = fmt::format("not decided after {}; the run lacks items of the next",
                                   sections::counted(state.looks, "look"));
    }

    void fill(const Suite& suite, data::SuiteVerdict& shown) const {
        const std::size_t taken = suite.looks.size();
        const std::string where =
            fmt::format("at look {} of {}, {} of {}", taken, looks_.count(), suite.last.differences.values.size(),
                        sections::counted(suite.planned, "item"));
        const std::string drop = suite.margin > 0
                                     ? fmt::format("{} larger than {:.4g}", change_for_worse(shown), suite.margin)
                                     : change_for_worse(shown);
        shown.looks = data::LooksTaken{taken, looks_.count(), suite.planned};
        shown.needed_items.reset();
        shown.detectable.reset();
        switch (suite.decision) {
            case Decision::Proven:
                shown.status = GateStatus::Regression;
                shown.reason = fmt::format("a {} is proven {}", drop, where);
                break;
            case Decision::Excluded:
                shown.status = GateStatus::Pass;
                shown.reason = suite.margin > 0 ? fmt::format("a {} is excluded {}", drop, where)
                                                : fmt::format("better than the baseline {}", where);
                break;
            case Decision::Futile:
            case Decision::Open:
                const bool same = shown.worse + shown.better == 0;
                shown.status = same ? GateStatus::Pass : GateStatus::Inconclusive;
                shown.reason =
                    same ? fmt::format("no score changed {}", where)
                    : suite.decision == Decision::Futile
                        ? fmt::format("a {} would hardly be proven any more {}", drop, where)
                        : fmt::format("neither a {} nor its absence is proven {}", change_for_worse(shown), where);
        }
        add_test(suite, shown);
    }

    /// p of the last look, and bounds that hold at all looks together.
    void add_test(const Suite& suite, data::SuiteVerdict& shown) const {
        const MarginTestKind kind = statistics::fitting_test(suite.last.differences, suite.margin);
        const bool mid = kind == MarginTestKind::McNemar || kind == MarginTestKind::Signs;
        shown.test = fmt::format("sequential {}{}",
                                 mid                             ? "mid-p"
                                 : kind == MarginTestKind::Score ? "score"
                                                                 : "mean",
                                 cluster_words(suite.last, kind));
        if (suite.looks.empty()) return;
        shown.p = statistics::normal_below(-suite.looks.back().z_drop);
        const double level = policy_.level / static_cast<double>(suite.in_tier);
        const double beyond = statistics::normal_below(-boundaries(suite, level).proven[suite.looks.size() - 1]);
        shown.bounds.reset();
        constexpr double kLeast = 1e-12;
        if (beyond < kLeast) return;
        if (const auto test = statistics::margin_test(suite.last.differences, suite.margin, beyond, kind))
            shown.bounds = test->bounds;
    }

    /// Suites of one size have the same boundaries, which take milliseconds to find.
    const statistics::SequentialBoundaries& boundaries(const Suite& suite, double level) const {
        const auto key = std::make_pair(fractions_of(suite, looks_.count()), level);
        const auto found = boundaries_.find(key);
        if (found != boundaries_.end()) return found->second;
        return boundaries_.emplace(key, statistics::sequential_boundaries(key.first, level)).first->second;
    }

    /// Whether a statistic reached the boundary of a level at any look so far.
    bool reached(const Suite& suite, double level, double Look::*z) const {
        const statistics::SequentialBoundaries& at = boundaries(suite, level);
        for (std::size_t look = 0; look < suite.looks.size(); ++look) {
            if (suite.looks[look].*z >= at.proven[look]) return true;
        }
        return false;
    }

    const data::RunView& baseline_;
    const data::RunView& run_;
    data::GatePolicy policy_;
    const Looks& looks_;
    std::vector<Suite> suites_;
    std::map<std::string, std::size_t> seen_ = {};  ///< looks of each task that were asked for
    mutable std::map<std::pair<std::vector<double>, double>, statistics::SequentialBoundaries> boundaries_ = {};
};

}  // namespace

std::string sequential_obstacle(const data::RunView& baseline, const data::GatePolicy& policy) {
    for (const data::GateRule& rule : policy.rules) {
        if (rule.kind == data::RuleKind::Ratings) return rule.suite + " is judged by people's ratings of a whole run";
        if (rule.kind == data::RuleKind::Safety || !rule.scorer.empty())
            return rule.suite + " is judged by a scorer, which scores a run after it";
        if (rule.kind == data::RuleKind::Repeats || rule.min_pass_share > 0)
            return rule.suite + " asks for a share of repeats (min_pass_share), which has no boundary for looks";
        if (rule.direction != data::GateDirection::AsMetric)
            return rule.suite + " has a direction of its own, which has no boundary for looks";
        const Evidence whole = collect(baseline, baseline, rule);
        if (whole.is_exponential || !whole.weights.empty())
            return rule.suite + " is a likelihood by document, which has no boundary for looks";
    }
    return "";
}

SequentialState judge_sequential(const data::RunView& baseline, const data::RunView& run,
                                 const data::GatePolicy& policy, const Looks& looks) {
    return SequentialGate(baseline, run, policy, looks).judge();
}

}  // namespace reports::gate
