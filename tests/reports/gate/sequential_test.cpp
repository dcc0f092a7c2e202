#include "reports/gate/sequential.hpp"

#include <doctest/doctest.h>

#include <algorithm>

#include "reports/gate/judge.hpp"
#include "tests/reports/gate/gate_samples.hpp"

using namespace reports_test;
using reports::data::GatePolicy;
using reports::data::GateStatus;
using reports::data::RunView;
using reports::data::Strictness;
using reports::gate::exit_code;
using reports::gate::judge_sequential;
using reports::gate::Looks;
using reports::gate::SequentialState;

namespace {

constexpr std::size_t kSequentialItems = 1000;

/// Every hundredth item becomes worse or better; of the others so many of each thousand become worse.
RunView sequential_run(std::size_t worse, const std::string& task_name = "a") {
    Values values = right(500, kSequentialItems);
    for (std::size_t i = 0; i < kSequentialItems; i += 100) values[i] = 1.0 - *values[i];
    for (std::size_t i = 0; i < worse; ++i) values[1 + (i * 7) % 499] = 0.0;
    return gate_run(2, {gate_task(task_name, values)});
}

RunView sequential_baseline(const std::string& task_name = "a") {
    return gate_run(1, {gate_task(task_name, right(500, kSequentialItems))});
}

/// The run as it is after the items of the first looks were answered.
RunView answered(const RunView& run, const Looks& looks, std::size_t number) {
    return looks.first(run, {{run.tasks.front().task, number}});
}

}  // namespace

TEST_SUITE("gate.sequential") {
    TEST_CASE("looks divide the items evenly by seed and contents alone") {
        const RunView baseline = sequential_baseline();
        const Looks looks(baseline, 1234, 10);
        const std::vector<std::size_t> of = looks.of("a", baseline.tasks[0].docs.contents);
        for (std::size_t look = 1; look <= 10; ++look) CHECK(std::count(of.begin(), of.end(), look) == 100);
        CHECK(of == Looks(baseline, 1234, 10).of("a", baseline.tasks[0].docs.contents));
        CHECK(of != Looks(baseline, 1235, 10).of("a", baseline.tasks[0].docs.contents));
        // In another order the same documents are seen at the same looks.
        std::vector<std::uint64_t> reversed = baseline.tasks[0].docs.contents;
        std::reverse(reversed.begin(), reversed.end());
        std::vector<std::size_t> of_reversed = looks.of("a", reversed);
        std::reverse(of_reversed.begin(), of_reversed.end());
        CHECK(of == of_reversed);
        CHECK(looks.of("a", {999'999}) == std::vector<std::size_t>{1});
    }

    TEST_CASE("a large drop ends the gate early and the verdict does not depend on later items") {
        const RunView baseline = sequential_baseline();
        const RunView run = sequential_run(200);
        const Looks looks(baseline, 1, 10);
        const SequentialState state = judge_sequential(baseline, run, {}, looks);
        CHECK(state.is_decided);
        CHECK(state.verdict.status == GateStatus::Regression);
        CHECK(state.looks < 5);
        CHECK(state.items == 100 * state.looks);
        CHECK(state.planned == kSequentialItems);
        const SequentialState again = judge_sequential(baseline, answered(run, looks, state.looks), {}, looks);
        CHECK(again.is_decided);
        CHECK(again.looks == state.looks);
        CHECK(again.verdict.suites[0].reason == state.verdict.suites[0].reason);
        CHECK(*again.verdict.suites[0].p == *state.verdict.suites[0].p);
        // One look before, it waits for the next.
        const SequentialState before = judge_sequential(baseline, answered(run, looks, state.looks - 1), {}, looks);
        CHECK_FALSE(before.is_decided);
        CHECK(before.waits_for == std::map<std::string, std::size_t>{{"a", state.looks}});
        CHECK(exit_code(before.verdict) == 3);
    }

    TEST_CASE("without a drop the gate passes before all items are there unless it is strict") {
        const RunView baseline = sequential_baseline();
        const RunView run = sequential_run(0);
        const Looks looks(baseline, 1, 10);
        const SequentialState state = judge_sequential(baseline, run, {}, looks);
        CHECK(state.is_decided);
        CHECK(state.looks < 10);
        CHECK(exit_code(state.verdict) == 0);
        const SequentialState strict = judge_sequential(baseline, run, {.strictness = Strictness::Strict}, looks);
        CHECK(strict.looks == 10);
        CHECK(exit_code(strict.verdict) == 5);
    }

    TEST_CASE("unchanged answers pass half way and a margin is soon excluded") {
        const RunView baseline = sequential_baseline();
        const Looks looks(baseline, 1, 10);
        const SequentialState same = judge_sequential(baseline, sequential_baseline(), {}, looks);
        CHECK(same.verdict.status == GateStatus::Pass);
        CHECK(same.looks < 8);
        const GatePolicy margin{.strictness = Strictness::Strict, .rules = {{.suite = "a", .margin = 0.05}}};
        const SequentialState excluded = judge_sequential(baseline, sequential_run(0), margin, looks);
        CHECK(excluded.verdict.status == GateStatus::Pass);
        CHECK(excluded.looks < 8);
    }

    TEST_CASE("other questions and lost scores end the gate at once") {
        const RunView baseline = sequential_baseline();
        const Looks looks(baseline, 1, 10);
        RunView other = sequential_run(0);
        for (auto& asked : other.tasks[0].docs.asked) asked += 1;
        const SequentialState refused = judge_sequential(baseline, other, {}, looks);
        CHECK(refused.looks == 1);
        CHECK(exit_code(refused.verdict) == 4);
        RunView lost = sequential_run(0);
        for (auto& value : lost.tasks[0].metrics[0].values) value = std::nullopt;
        CHECK(exit_code(judge_sequential(baseline, lost, {}, looks).verdict) == 3);
    }

    TEST_CASE("one regression of several suites ends the gate and an advisory one does not") {
        RunView baseline = sequential_baseline("a");
        baseline.tasks.push_back(sequential_baseline("b").tasks[0]);
        RunView run = sequential_run(0, "a");
        run.tasks.push_back(sequential_run(200, "b").tasks[0]);
        const Looks looks(baseline, 1, 10);
        const SequentialState state = judge_sequential(baseline, run, {}, looks);
        CHECK(state.verdict.status == GateStatus::Regression);
        CHECK(state.looks < 6);
        const GatePolicy advisory{.rules = {{.suite = "a"}, {.suite = "b", .tier = reports::data::Tier::Advisory}}};
        const SequentialState passed = judge_sequential(baseline, run, advisory, looks);
        CHECK(exit_code(passed.verdict) == 0);
        CHECK(passed.verdict.suites[1].status == GateStatus::Regression);
    }
}
