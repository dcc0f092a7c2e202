#include "reports/gate/judge.hpp"

#include <doctest/doctest.h>

#include <algorithm>

#include "reports/gate/power.hpp"
#include "reports/gate/tables.hpp"
#include "tests/reports/gate/gate_samples.hpp"

using namespace reports_test;
using reports::data::GatePolicy;
using reports::data::GateRule;
using reports::data::GateStatus;
using reports::data::GateVerdict;
using reports::data::Strictness;
using reports::data::Tier;
using reports::gate::changed_items;
using reports::gate::exit_code;
using reports::gate::judge;

namespace {

/// 200 items: the baseline has 150 right; the run has these.
GateVerdict judged(std::size_t now_right, const GatePolicy& policy = {}) {
    return judge(gate_run(1, {gate_task("a", right(150, 200))}), gate_run(2, {gate_task("a", right(now_right, 200))}),
                 policy);
}

GatePolicy strict() {
    return {.strictness = Strictness::Strict};
}

GatePolicy with(const GateRule& rule) {
    return {.rules = {rule}};
}

}  // namespace

TEST_SUITE("gate.judge") {
    TEST_CASE("no change passes and a proven drop fails and little evidence passes unless the gate is strict") {
        CHECK(judged(150).status == GateStatus::Pass);
        CHECK(exit_code(judged(150, strict())) == 0);
        // Of 5 changed items all 5 are worse: P = 1/32; of 4 all 4: 1/16.
        CHECK(judged(145).status == GateStatus::Regression);
        CHECK(exit_code(judged(145)) == 1);
        CHECK(judged(146).status == GateStatus::Inconclusive);
        CHECK(exit_code(judged(146)) == 0);
        CHECK(exit_code(judged(146, strict())) == 5);
        CHECK(judged(155).status == GateStatus::Pass);
        CHECK(exit_code(judged(155, strict())) == 0);
    }

    TEST_CASE("a drop within the margin is no regression and a strict gate passes when a larger one is excluded") {
        const GateRule rule{.suite = "a", .margin = 0.05};
        CHECK(judged(145, with(rule)).status == GateStatus::Inconclusive);
        CHECK(judged(149, with(rule)).status == GateStatus::Pass);
        CHECK(judged(120, with(rule)).status == GateStatus::Regression);
        // Relative to the baseline's 0.75, a twentieth is 0.0375.
        const GateVerdict relative =
            judged(149, with({.suite = "a", .margin = 0.05, .unit = reports::data::MarginUnit::Relative}));
        CHECK(relative.suites[0].margin == doctest::Approx(0.0375));
    }

    TEST_CASE("suites of a tier are corrected for their number and other tiers do not dilute them") {
        std::vector<reports::data::TaskView> before;
        std::vector<reports::data::TaskView> after;
        GatePolicy policy;
        for (const char* name : {"a", "b", "c"}) {
            before.push_back(gate_task(name, right(150, 200)));
            after.push_back(gate_task(name, right(name == std::string("a") ? 145 : 150, 200)));
            policy.rules.push_back({.suite = name});
        }
        // Alone p = 1/32; of three suites Holm makes 3/32 of it.
        const GateVerdict together = judge(gate_run(1, before), gate_run(2, after), policy);
        CHECK(*together.suites[0].p == doctest::Approx(3.0 / 32));
        CHECK(together.status == GateStatus::Inconclusive);
        policy.rules[1].tier = policy.rules[2].tier = Tier::Supporting;
        CHECK(judge(gate_run(1, before), gate_run(2, after), policy).status == GateStatus::Regression);
    }

    TEST_CASE("an advisory suite is shown and never fails the gate") {
        const GateVerdict verdict = judged(100, with({.suite = "a", .tier = Tier::Advisory}));
        CHECK(verdict.suites[0].status == GateStatus::Regression);
        CHECK(verdict.status == GateStatus::Pass);
        CHECK(exit_code(verdict) == 0);
    }

    TEST_CASE("a metric of which less is better drops when it rises") {
        auto before = gate_task("a", right(50, 200));
        auto after = gate_task("a", right(60, 200));
        before.metrics[0].higher_is_better = after.metrics[0].higher_is_better = false;
        const GateVerdict verdict = judge(gate_run(1, {before}), gate_run(2, {after}), {});
        CHECK(verdict.status == GateStatus::Regression);
        CHECK(*verdict.suites[0].difference == doctest::Approx(-0.05));
        CHECK(verdict.suites[0].worse == 10);
    }

    TEST_CASE("items are paired by content and changed questions are not compared") {
        auto reversed = gate_task("a", right(150, 200));
        std::reverse(reversed.docs.contents.begin(), reversed.docs.contents.end());
        std::reverse(reversed.docs.asked.begin(), reversed.docs.asked.end());
        std::reverse(reversed.metrics[0].values.begin(), reversed.metrics[0].values.end());
        const auto before = gate_run(1, {gate_task("a", right(150, 200))});
        CHECK(judge(before, gate_run(2, {reversed}), {}).suites[0].worse == 0);

        auto other_words = gate_task("a", right(150, 200));
        other_words.docs.asked[7] = 12345;
        const GateVerdict asked = judge(before, gate_run(2, {other_words}), {});
        CHECK(exit_code(asked) == 4);
        CHECK(asked.suites[0].reason.find("1 item of a were asked in other words or tokens (first: document 7)") !=
              std::string::npos);

        auto other_document = gate_task("a", right(150, 200));
        other_document.docs.contents[3] = 999;
        CHECK(exit_code(judge(before, gate_run(2, {other_document}), {})) == 4);
    }

    TEST_CASE("a setting that changes the question stops the comparison unless the policy allows it") {
        auto run = gate_run(2, {gate_task("a", right(150, 200))});
        run.settings.push_back({"temperature", "0.7"});
        const auto before = gate_run(1, {gate_task("a", right(150, 200))});
        const GateVerdict verdict = judge(before, run, {});
        CHECK(exit_code(verdict) == 4);
        REQUIRE(verdict.obstacles.size() == 1);
        CHECK(verdict.obstacles[0] == "temperature was not set, now 0.7");
        const GateVerdict allowed = judge(before, run, {.may_differ = {"temperature"}});
        CHECK(exit_code(allowed) == 0);
        REQUIRE(allowed.differing.size() == 1);
        run.settings = {{"device", "another"}, {"numerics", "fast-3"}};
        CHECK(exit_code(judge(before, run, {})) == 0);
    }

    TEST_CASE("missing items and lost scores and too few items are incomplete") {
        const auto before = gate_run(1, {gate_task("a", right(150, 200))});
        CHECK(exit_code(judge(before, gate_run(2, {gate_task("a", right(150, 199))}), {})) == 3);
        CHECK(exit_code(judge(before, gate_run(2, {}), with({.suite = "a"}))) == 3);
        Values lost = right(150, 200);
        lost[0] = std::nullopt;
        const auto after = gate_run(2, {gate_task("a", lost)});
        const GateVerdict verdict = judge(before, after, {});
        CHECK(exit_code(verdict) == 3);
        CHECK(verdict.suites[0].reason.find("1 item without a score") != std::string::npos);
        CHECK(exit_code(judge(before, after, with({.suite = "a", .max_errors = 1}))) == 0);
        CHECK(exit_code(judge(before, before, with({.suite = "a", .min_items = 201}))) == 3);
    }

    TEST_CASE("a proven regression weighs more than an incomplete suite and less than an incomparable one") {
        const auto before = gate_run(1, {gate_task("a", right(150, 200)), gate_task("b", right(150, 200))});
        auto after = gate_run(2, {gate_task("a", right(100, 200)), gate_task("b", right(150, 190))});
        CHECK(exit_code(judge(before, after, {})) == 1);
        after.tasks[1] = gate_task("b", right(150, 200));
        after.tasks[1].docs.asked[0] = 777;
        CHECK(exit_code(judge(before, after, {})) == 4);
    }

    TEST_CASE("tasks of a suite are taken together by items or by tasks") {
        const auto before = gate_run(1, {gate_task("a", right(150, 200)), gate_task("b", right(10, 10))});
        const auto after = gate_run(2, {gate_task("a", right(150, 200)), gate_task("b", right(5, 10))});
        const GateVerdict by_items = judge(before, after, with({.suite = "both", .tasks = {"a", "b"}}));
        CHECK(*by_items.suites[0].difference == doctest::Approx(-5.0 / 210));
        const GateVerdict by_tasks =
            judge(before, after, with({.suite = "both", .tasks = {"a", "b"}, .members_weigh_alike = true}));
        CHECK(*by_tasks.suites[0].difference == doctest::Approx(-0.25));
    }

    TEST_CASE("changed items are questions and answers and scores and items on one side only") {
        const auto before = gate_run(1, {gate_task("a", right(3, 5))});
        CHECK(changed_items(before, before).empty());
        auto task = gate_task("a", right(3, 6));
        task.docs.asked[0] = 100;
        task.docs.answered[1] = 100;
        task.metrics[0].values[2] = 0.0;
        task.docs.contents[3] = 100;
        const auto changed = changed_items(before, gate_run(2, {task}));
        std::vector<std::string> found;
        found.reserve(changed.size());
        for (const auto& item : changed) found.push_back(std::to_string(item.doc) + " " + item.what);
        CHECK(found == std::vector<std::string>{"0 question", "1 answer", "2 score", "3 missing", "3 new", "5 new"});
    }

    TEST_CASE("power says that the cost of clusters is not known without a run and counts it with one") {
        const auto clustered = [](const Values& scores) {
            auto view = gate_task("a", scores);
            view.clusters = {.by = "passage", .of = {0, 0, 1, 1, 2, 2, 3, 3}, .count = 4};
            return view;
        };
        const auto baseline = gate_run(1, {clustered(right(4, 8))});
        const auto planned = reports::gate::gate_power(baseline, nullptr, {}, 0.1);
        CHECK(planned.at(0).assumption.find("4 clusters by passage cost is not known without a RUN") !=
              std::string::npos);
        const auto run = gate_run(2, {clustered(right(3, 8))});
        const auto seen = reports::gate::gate_power(baseline, &run, {}, 0.1);
        CHECK(seen.at(0).assumption.ends_with(" by passage (4 clusters)"));
    }

    TEST_CASE("a mean of few and strongly skewed differences is said to be unsure") {
        Values before(20, 5.0);
        Values after = before;
        for (std::size_t item = 0; item < after.size(); ++item) *after[item] -= 0.01 * static_cast<double>(item % 3);
        after[0] = 50.0;
        const auto verdict =
            reports::gate::judge(gate_run(1, {gate_task("a", before)}), gate_run(2, {gate_task("a", after)}), {});
        CHECK(
            verdict.suites.at(0).reason.ends_with("; p is unsure, since the items are few and their differences "
                                                  "strongly skewed"));
    }

    TEST_CASE("the power of a policy counts its tier's suites and warns of gates that catch little") {
        const auto baseline = gate_run(1, {gate_task("a", right(1000, 1319)), gate_task("b", right(30, 60))});
        const auto powers = reports::gate::gate_power(baseline, nullptr, {}, 0.1);
        REQUIRE(powers.size() == 2);
        // Two suites: each at 2.5 %. With one the chance at 2 points would be .717.
        CHECK(powers[0].chances[1] < 0.717);
        CHECK(powers[0].chances[3] > 0.99);
        const auto warnings = reports::gate::power_warnings(powers);
        REQUIRE(warnings.size() == 2);
        CHECK(warnings[0].starts_with("a catches drops from 0.03 on"));
        CHECK(warnings[1].starts_with("b would miss most drops"));
    }
}
