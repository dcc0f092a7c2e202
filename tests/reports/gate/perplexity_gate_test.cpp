#include <doctest/doctest.h>

#include <cmath>

#include "reports/gate/judge.hpp"
#include "reports/gate/power.hpp"
#include "reports/gate/test_scale.hpp"
#include "tests/reports/gate/gate_samples.hpp"
#include "tests/support/text.hpp"

using namespace reports_test;
using reports::data::GateRule;
using reports::data::GateStatus;
using reports::data::MarginUnit;
using reports::data::SuiteVerdict;

namespace {

const std::vector<double> kWords = {10, 20, 35, 8, 50, 27};

/// Six documents with these log-likelihoods.
reports::data::TaskView likelihood_task(const std::vector<double>& likelihoods, reports::data::Scale scale) {
    Values values;
    for (std::size_t i = 0; i < likelihoods.size(); ++i) values.push_back(-likelihoods[i] / kWords[i]);
    reports::data::TaskView view = gate_task("text", values);
    view.metrics[0].name = "word_perplexity";
    view.metrics[0].higher_is_better = false;
    view.metrics[0].scale = scale;
    view.metrics[0].weights = kWords;
    return view;
}

reports::data::RunView before_run(reports::data::Scale scale = reports::data::Scale::Exponential) {
    return gate_run(1, {likelihood_task({-31, -58, -120, -22.5, -140, -90}, scale)});
}

reports::data::RunView after_run(reports::data::Scale scale = reports::data::Scale::Exponential) {
    return gate_run(2, {likelihood_task({-31.4, -59.1, -121.5, -22.4, -143, -90.9}, scale)});
}

SuiteVerdict perplexity_verdict(const GateRule& rule) {
    return reports::gate::judge(before_run(), after_run(), {.rules = {rule}}).suites.at(0);
}

}  // namespace

// Expected values: numpy and scipy, the delta method of a ratio of sums and Student's t with 5 degrees of freedom.
TEST_SUITE("gate.perplexity") {
    TEST_CASE("a perplexity is compared by documents weighted with their words") {
        const SuiteVerdict verdict = perplexity_verdict({.suite = "text"});
        CHECK(*verdict.before == doctest::Approx(21.685995134));
        CHECK(*verdict.after == doctest::Approx(22.691717725));
        CHECK(*verdict.difference == doctest::Approx(-1.0057225914));
        CHECK(verdict.bounds->low == doctest::Approx(-1.3255462806));
        CHECK(verdict.bounds->high == doctest::Approx(-0.6903439409));
        CHECK(*verdict.p == doctest::Approx(0.00063138850));
        CHECK(verdict.status == GateStatus::Regression);
        CHECK(verdict.worse == 5);
        CHECK(verdict.better == 1);
    }

    TEST_CASE("a relative margin is a share of the perplexity and an absolute one is in its unit") {
        const SuiteVerdict relative =
            perplexity_verdict({.suite = "text", .margin = 0.02, .unit = MarginUnit::Relative});
        CHECK(*relative.p == doctest::Approx(0.0071784049));
        const SuiteVerdict absolute = perplexity_verdict({.suite = "text", .margin = 0.02 * 21.68599513402379});
        CHECK(*absolute.p == doctest::Approx(0.0071784049));
        const SuiteVerdict wide = perplexity_verdict({.suite = "text", .margin = 0.05, .unit = MarginUnit::Relative});
        CHECK(*wide.p == doctest::Approx(0.68009413));
        CHECK(wide.status == GateStatus::Inconclusive);
        CHECK(perplexity_verdict({.suite = "text", .margin = 0.08, .unit = MarginUnit::Relative}).status ==
              GateStatus::Pass);
    }

    TEST_CASE("a weighted mean without an exponential keeps its unit") {
        const auto verdict =
            reports::gate::judge(before_run(reports::data::Scale::Plain), after_run(reports::data::Scale::Plain), {});
        // 461.5 and 468.3 nats over 150 words.
        CHECK(*verdict.suites[0].before == doctest::Approx(461.5 / 150));
        CHECK(*verdict.suites[0].difference == doctest::Approx(-6.8 / 150));
        CHECK(*verdict.suites[0].p == doctest::Approx(0.00063138850));
    }

    TEST_CASE("items that became worse are named with their own perplexities") {
        const SuiteVerdict verdict = perplexity_verdict({.suite = "text"});
        REQUIRE(verdict.flips.size() == 6);
        CHECK(verdict.flips[0].doc == 2);  // exp(121.5 / 35) - exp(120 / 35) is the largest rise
        CHECK(verdict.flips[0].before == doctest::Approx(std::exp(120.0 / 35)));
    }

    TEST_CASE("a policy cannot call a perplexity better for being higher nor average it over tasks") {
        GateRule rule{.suite = "text"};
        rule.direction = reports::data::GateDirection::Higher;
        CHECK(perplexity_verdict(rule).status == GateStatus::NotComparable);
        const auto twice = [](reports::data::RunView run) {
            run.tasks.push_back(run.tasks[0]);
            run.tasks[1].task = "more";
            return run;
        };
        const auto verdict = reports::gate::judge(
            twice(before_run()), twice(after_run()),
            {.rules = {{.suite = "both", .tasks = {"text", "more"}, .members_weigh_alike = true}}});
        CHECK(verdict.suites[0].status == GateStatus::NotComparable);
    }

    TEST_CASE("how likely a drop of a perplexity is caught is not known before a run and is with one") {
        const auto before = before_run();
        const auto after = after_run();
        const auto unknown = reports::gate::gate_power(before, nullptr, {}, 0.1);
        CHECK(unknown.at(0).reason.starts_with("not known before it is run"));
        const auto known = reports::gate::gate_power(before, &after, {}, 0.1);
        REQUIRE(known.at(0).chances.size() == 4);
        CHECK(has(known[0].assumption, "drops are shares of the perplexity"));
        CHECK(known[0].chances[0] < known[0].chances[3]);
    }

    TEST_CASE("scales turn a drop into what is tested and back") {
        const reports::gate::TestScale log{.kind = reports::gate::TestScale::Kind::Log, .before = 20};
        CHECK(log.tested_drop(1) == doctest::Approx(std::log(21.0 / 20)));
        CHECK(log.own_drop(log.tested_drop(1)) == doctest::Approx(1));
        CHECK(log.own_difference(std::log(20.0 / 19)) == doctest::Approx(1));
        const reports::gate::TestScale half{.kind = reports::gate::TestScale::Kind::Half};
        CHECK(half.tested_drop(0.1) == 0.2);
        CHECK(half.own_difference(-0.2) == -0.1);
    }
}
