#include <doctest/doctest.h>

#include <algorithm>

#include "reports/gate/joined_runs.hpp"
#include "reports/gate/judge.hpp"
#include "reports/gate/power.hpp"
#include "reports/gate/repeats.hpp"
#include "reports/statistics/partial_conjunction.hpp"
#include "tests/reports/gate/gate_samples.hpp"
#include "tests/support/text.hpp"

using namespace reports_test;
using reports::data::GateRule;
using reports::data::GateStatus;
using reports::gate::exit_code;
using reports::gate::joined_runs;

namespace {

/// A run of 200 items with this seed, of which so many are right.
reports::data::RunView seeded(std::int64_t id, std::size_t now_right) {
    auto view = gate_run(id, {gate_task("a", right(now_right, 200))});
    view.settings.push_back({"sampling seed", std::to_string(id)});
    return view;
}

reports::data::RunView repeats(const std::vector<std::size_t>& rights) {
    std::vector<reports::data::RunView> runs;
    runs.reserve(rights.size());
    for (const std::size_t count : rights) runs.push_back(seeded(static_cast<std::int64_t>(runs.size()) + 2, count));
    const auto joined = joined_runs(runs);
    REQUIRE(joined.obstacle == "");
    return joined.run;
}

reports::data::GateVerdict judged_repeats(const std::vector<std::size_t>& rights, double share) {
    GateRule rule{.suite = "a"};
    rule.min_pass_share = share;
    return reports::gate::judge(seeded(1, 150), repeats(rights), {.may_differ = {"sampling seed"}, .rules = {rule}});
}

}  // namespace

TEST_SUITE("gate.repeats") {
    TEST_CASE("at least so many true alternatives have the p value of Benjamini and Heller") {
        using reports::statistics::at_least_true;
        CHECK(at_least_true({0.04, 0.01, 0.2}, 1) == doctest::Approx(0.03));
        CHECK(at_least_true({0.04, 0.01, 0.2}, 2) == doctest::Approx(0.08));
        CHECK(at_least_true({0.04, 0.01, 0.2}, 3) == doctest::Approx(0.2));
        CHECK(at_least_true({0.9, 0.8}, 1) == 1);
    }

    TEST_CASE("a share of the repeats is rounded up and at least one") {
        using reports::gate::wanted_passes;
        CHECK(wanted_passes(0.8, 5) == 4);
        CHECK(wanted_passes(0.81, 5) == 5);
        CHECK(wanted_passes(0.01, 5) == 1);
        CHECK(wanted_passes(1, 3) == 3);
        CHECK(wanted_passes(0.6, 5) == 3);
    }

    TEST_CASE("several runs are one whose items have the mean scores") {
        const auto run = repeats({150, 100});
        CHECK(*run.tasks[0].metrics[0].values[0] == 1);
        CHECK(*run.tasks[0].metrics[0].values[120] == 0.5);
        CHECK(*run.tasks[0].metrics[0].values[199] == 0);
        REQUIRE(run.tasks[0].metrics[0].repeats.size() == 2);
        CHECK(*run.tasks[0].metrics[0].repeats[1][120] == 0);
        CHECK(run.settings.back().value == "2, 3");
    }

    TEST_CASE("runs of other questions or other settings are no repeats") {
        auto other = seeded(3, 150);
        other.tasks[0].docs.asked[5] = 999;
        CHECK(has(joined_runs({seeded(2, 150), other}).obstacle, "did not answer the same items of a"));
        auto hotter = seeded(3, 150);
        hotter.settings.push_back({"temperature", "2"});
        CHECK(has(joined_runs({seeded(2, 150), hotter}).obstacle, "temperature is not set, 2"));
    }

    TEST_CASE("repeats that are paired by content may have another order") {
        auto other = seeded(3, 100);
        std::reverse(other.tasks[0].docs.contents.begin(), other.tasks[0].docs.contents.end());
        std::reverse(other.tasks[0].docs.asked.begin(), other.tasks[0].docs.asked.end());
        std::reverse(other.tasks[0].metrics[0].values.begin(), other.tasks[0].metrics[0].values.end());
        const auto joined = joined_runs({seeded(2, 150), other});
        CHECK(*joined.run.tasks[0].metrics[0].values[120] == 0.5);
    }

    TEST_CASE("a gate fails where it is proven that fewer repeats than wanted do not drop") {
        // A repeat that loses 10 of 200 has p = 2^-10. Four of five may not drop: with two that do p is 4 * 2^-10,
        // of two rules Holm makes twice that.
        const auto two = judged_repeats({150, 150, 150, 140, 140}, 0.8);
        REQUIRE(two.suites.size() == 2);
        CHECK(two.suites[1].status == GateStatus::Regression);
        CHECK(*two.suites[1].p <= 2 * 4.0 / 1024 + 1e-12);
        CHECK(two.suites[1].items == 5);
        CHECK(two.suites[1].worse == 2);
        const auto one = judged_repeats({150, 150, 150, 150, 140}, 0.8);
        CHECK(one.suites[1].status != GateStatus::Regression);
        CHECK(judged_repeats({150, 150, 150, 150, 140}, 1).suites[1].status == GateStatus::Regression);
    }

    TEST_CASE("a single run has no repeats to judge") {
        GateRule rule{.suite = "a"};
        rule.min_pass_share = 0.5;
        const auto verdict = reports::gate::judge(seeded(1, 150), seeded(1, 150), {.rules = {rule}});
        CHECK(exit_code(verdict) == 3);
        CHECK(has(verdict.suites[1].reason, "name several runs"));
    }

    TEST_CASE("chances about repeats are not known before a run") {
        GateRule rule{.suite = "a"};
        rule.min_pass_share = 0.5;
        const auto powers = reports::gate::gate_power(seeded(1, 150), nullptr, {.rules = {rule}}, 0.1);
        REQUIRE(powers.size() == 2);
        CHECK(powers[0].chances.size() == 4);
        CHECK(powers[1].reason.starts_with("not known before it is run"));
    }
}
