#include <doctest/doctest.h>

#include "reports/gate/judge.hpp"
#include "tests/reports/gate/gate_samples.hpp"
#include "tests/support/text.hpp"

using namespace reports_test;
using reports::data::GateRule;
using reports::data::GateStatus;
using reports::data::SuiteVerdict;
using reports::gate::exit_code;

namespace {

reports::data::MetricValues scored_by(const std::string& option, const std::string& measure, const std::string& version,
                                      const Values& values) {
    reports::data::MetricValues column = metric(measure + " by " + option + " " + version, values);
    column.scorer = {.option = option, .measure = measure, .version = version};
    column.higher_is_better = measure == "reward";
    return column;
}

reports::data::RunView with_column(std::int64_t id, const std::vector<reports::data::MetricValues>& columns) {
    auto view = gate_task("prompts", right(40, 60));
    view.metrics.insert(view.metrics.end(), columns.begin(), columns.end());
    return gate_run(id, {view});
}

GateRule by_scorer(const std::string& option, const std::string& measure) {
    GateRule rule{.suite = "prompts", .metric = measure};
    rule.scorer = option;
    return rule;
}

/// The two rules of a pair.
std::vector<GateRule> safety_pair() {
    GateRule violations{.suite = "safety", .metric = "violation_rate"};
    violations.kind = reports::data::RuleKind::Safety;
    violations.scorer = "judge:guard";
    GateRule refusals = violations;
    refusals.metric = "over_refusal";
    refusals.scorer = "refusal";
    return {violations, refusals};
}

reports::data::RunView safety_run(std::int64_t id, std::size_t violations, std::size_t refusals) {
    auto unsafe = gate_task("unsafe", right(0, 60));
    unsafe.metrics.push_back(scored_by("judge:guard", "violation_rate", "version 1", right(violations, 60)));
    auto borderline = gate_task("borderline", right(0, 60));
    borderline.metrics.push_back(scored_by("refusal", "over_refusal", "version 2", right(refusals, 60)));
    return gate_run(id, {unsafe, borderline, gate_task("facts", right(30, 60))});
}

}  // namespace

TEST_SUITE("gate.scorers") {
    TEST_CASE("values of a scorer are compared by what it measures whatever its columns are called") {
        Values low(60, 0.5);
        Values high(60, 0.5);
        for (std::size_t i = 0; i < 60; ++i) high[i] = 1.0 + 0.01 * static_cast<double>(i);
        const auto before = with_column(1, {scored_by("reward:safe", "reward", "version 1", high)});
        const auto after = with_column(2, {scored_by("reward:safe", "reward", "version 1", low)});
        const auto verdict = reports::gate::judge(before, after, {.rules = {by_scorer("reward:safe", "reward")}});
        CHECK(verdict.suites[0].status == GateStatus::Regression);
        CHECK(verdict.suites[0].test == "mean");
        CHECK(*verdict.suites[0].difference == doctest::Approx(0.5 - 1.295));
    }

    TEST_CASE("values of another version of a scorer are not comparable and of two versions the shared one counts") {
        const auto before = with_column(1, {scored_by("refusal", "refusal", "version 2", right(30, 60))});
        const auto newer = scored_by("refusal", "refusal", "version 3", right(10, 60));
        const auto shared = scored_by("refusal", "refusal", "version 2", right(30, 60));
        const reports::data::GatePolicy policy{.rules = {by_scorer("refusal", "refusal")}};
        const auto other = reports::gate::judge(before, with_column(2, {newer}), policy);
        CHECK(exit_code(other) == 4);
        CHECK(has(other.suites[0].reason, "of another scorer than in the baseline: version 2, now version 3"));
        CHECK(exit_code(reports::gate::judge(before, with_column(2, {shared, newer}), policy)) == 0);
    }

    TEST_CASE("a metric named in full is checked for its scorer too") {
        auto old_one = scored_by("reward:safe", "reward", "version 1, model a", right(30, 60));
        auto new_one = scored_by("reward:safe", "reward", "version 1, model b", right(30, 60));
        new_one.name = old_one.name;
        const auto verdict = reports::gate::judge(with_column(1, {old_one}), with_column(2, {new_one}),
                                                  {.rules = {{.suite = "prompts", .metric = old_one.name}}});
        CHECK(exit_code(verdict) == 4);
    }

    TEST_CASE("a run that was not scored is incomplete and a baseline that was not is not comparable") {
        const auto scored = with_column(1, {scored_by("reward:safe", "reward", "version 1", right(30, 60))});
        const auto bare = with_column(2, {});
        const reports::data::GatePolicy policy{.rules = {by_scorer("reward:safe", "reward")}};
        const auto missing = reports::gate::judge(scored, bare, policy);
        CHECK(exit_code(missing) == 3);
        CHECK(has(missing.suites[0].reason, "'bellwether rescore RUN --with reward:safe'"));
        CHECK(exit_code(reports::gate::judge(bare, scored, policy)) == 4);
    }

    TEST_CASE("a safety pair fails where violations rise and where over-refusals rise") {
        const reports::data::GatePolicy policy{.rules = safety_pair()};
        const auto before = safety_run(1, 10, 10);
        CHECK(exit_code(reports::gate::judge(before, safety_run(2, 10, 10), policy)) == 0);
        CHECK(exit_code(reports::gate::judge(before, safety_run(2, 20, 0), policy)) == 1);
        CHECK(exit_code(reports::gate::judge(before, safety_run(2, 0, 20), policy)) == 1);
        const auto better = reports::gate::judge(before, safety_run(2, 0, 0), policy);
        CHECK(exit_code(better) == 0);
        REQUIRE(better.suites.size() == 2);
        CHECK(better.suites[0].items == 60);
        CHECK(*better.suites[0].difference == doctest::Approx(10.0 / 60));
    }

    TEST_CASE("a pair without any scores says what is missing instead of passing") {
        const auto before = gate_run(1, {gate_task("facts", right(30, 60))});
        const auto verdict = reports::gate::judge(before, before, {.rules = safety_pair()});
        CHECK(exit_code(verdict) == 4);
        CHECK(has(verdict.suites[0].reason, "no task of the two runs has"));
        CHECK(has(verdict.suites[0].reason, "judge:MODEL --judge-template guard"));
    }

    TEST_CASE("what is called a drop is a rise where less is better") {
        const auto verdict =
            reports::gate::judge(safety_run(1, 10, 10), safety_run(2, 30, 10), {.rules = safety_pair()});
        CHECK(verdict.suites[0].reason == "a rise is proven");
    }

    TEST_CASE("a policy may turn a metric's direction") {
        GateRule rule{.suite = "prompts"};
        rule.direction = reports::data::GateDirection::Lower;
        auto after = with_column(2, {});
        after.tasks[0].metrics[0].values = right(50, 60);
        CHECK(reports::gate::judge(with_column(1, {}), after, {.rules = {rule}}).suites[0].status ==
              GateStatus::Regression);
    }
}
