#include "harness/results/group_numbers.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <limits>

#include "suites/catalog.hpp"
#include "tests/harness/catalog.hpp"
#include "tests/harness/results/find_group.hpp"

using harness::results::group_numbers;

namespace {

/// A run with the tasks of a group and its settings, where task i has the value i / 100.
reports::data::RunView run_of(const std::string& group) {
    reports::data::RunView run;
    double value = 0;
    for (const suites::Task& task : harness_test::catalog().select(group)) {
        reports::data::TaskView view;
        view.task = task.name();
        view.profile = task.profile();
        view.fewshot = task.default_fewshot();
        view.items = view.planned = 50;
        for (const suites::MetricDefinition& metric : task.metrics())
            view.metrics.push_back({.name = metric.name, .value = value, .standard_error = 0.1, .values = {}});
        value += 0.01;
        run.tasks.push_back(view);
    }
    return run;
}

}  // namespace

TEST_SUITE("results.groups") {
    TEST_CASE("a group has a number when the run has all of its tasks") {
        reports::data::RunView run = run_of("paper_world_knowledge");
        REQUIRE(run.tasks.size() == 2);
        const auto groups = group_numbers(run, harness_test::catalog());
        const reports::data::GroupView* group = find_group(groups, "paper_world_knowledge");
        REQUIRE(group != nullptr);
        CHECK(group->value == doctest::Approx(0.005));
        CHECK(group->standard_error == doctest::Approx(std::sqrt(0.02) / 2));
        CHECK(group->mean_over == "members");
        CHECK(group->items == 100);
        run.tasks.pop_back();
        CHECK(find_group(group_numbers(run, harness_test::catalog()), "paper_world_knowledge") == nullptr);
    }

    TEST_CASE("documents weigh the same in a mean over documents") {
        reports::data::RunView run = run_of("mmlu");
        REQUIRE(run.tasks.size() == 57);
        for (reports::data::TaskView& task : run.tasks) task.items = 0;
        run.tasks[0].items = 30;
        run.tasks[1].items = 10;
        const auto groups = group_numbers(run, harness_test::catalog());
        const reports::data::GroupView* group = find_group(groups, "mmlu");
        REQUIRE(group != nullptr);
        CHECK(group->value == doctest::Approx(0.01 * 10 / 40));
        CHECK(group->items == 40);
    }

    TEST_CASE("documents without a score have no weight in a mean over documents") {
        reports::data::RunView run = run_of("mmlu");
        for (reports::data::TaskView& task : run.tasks) task.items = 0;
        // 3 of 30 and 9 of 10 have errors: 27 with 0 and 1 with 0.01 are left.
        run.tasks[0].items = 30;
        run.tasks[0].errors = 3;
        run.tasks[1].items = 10;
        run.tasks[1].errors = 9;
        run.tasks[1].metrics.at(0).values.resize(10);
        run.tasks[1].metrics.at(0).values[4] = 0.01;
        const auto groups = group_numbers(run, harness_test::catalog());
        const reports::data::GroupView* group = find_group(groups, "mmlu");
        REQUIRE(group != nullptr);
        CHECK(group->value == doctest::Approx(0.01 / 28));
        CHECK(group->items == 28);
    }

    TEST_CASE("few-shot examples and a sample that the group sets must be the run's") {
        reports::data::RunView run = run_of("open-llm-leaderboard-v1");
        CHECK(find_group(group_numbers(run, harness_test::catalog()), "open-llm-leaderboard-v1") != nullptr);
        run.tasks[0].fewshot += 1;
        CHECK(find_group(group_numbers(run, harness_test::catalog()), "open-llm-leaderboard-v1") == nullptr);
        reports::data::RunView quick = run_of("quick");
        for (reports::data::TaskView& task : quick.tasks) task.planned = 2;
        CHECK(find_group(group_numbers(quick, harness_test::catalog()), "quick") != nullptr);
        quick.tasks[0].planned = 2376;
        CHECK(find_group(group_numbers(quick, harness_test::catalog()), "quick") == nullptr);
    }

    TEST_CASE("few-shot examples that the caller chose for a whole benchmark are accepted") {
        reports::data::RunView run = run_of("mmlu");
        for (reports::data::TaskView& task : run.tasks) task.fewshot = 3;
        CHECK(find_group(group_numbers(run, harness_test::catalog()), "mmlu") != nullptr);
    }

    TEST_CASE("a member without a score is named") {
        reports::data::RunView run = run_of("paper_world_knowledge");
        for (reports::data::MetricValues& metric : run.tasks[1].metrics)
            metric.value = std::numeric_limits<double>::quiet_NaN();
        const auto groups = group_numbers(run, harness_test::catalog());
        const reports::data::GroupView* group = find_group(groups, "paper_world_knowledge");
        REQUIRE(group != nullptr);
        CHECK(group->missing == std::vector<std::string>{run.tasks[1].task});
    }

    TEST_CASE("members that a nested group lacks are missing from the outer group too") {
        reports::data::RunView run = run_of("mmlu");
        for (reports::data::MetricValues& metric : run.tasks[3].metrics)
            metric.value = std::numeric_limits<double>::quiet_NaN();
        const auto groups = group_numbers(run, harness_test::catalog());
        const reports::data::GroupView* group = find_group(groups, "mmlu");
        REQUIRE(group != nullptr);
        CHECK(group->missing == std::vector<std::string>{run.tasks[3].task});
    }

    TEST_CASE("another profile's task of the same name is not a member") {
        reports::data::RunView run = run_of("paper_world_knowledge");
        run.tasks[0].profile = "lmeval";
        CHECK(find_group(group_numbers(run, harness_test::catalog()), "paper_world_knowledge") == nullptr);
    }
}
