#include "reports/sections/breakdown.hpp"

#include <doctest/doctest.h>

#include "tests/reports/samples.hpp"

using namespace reports::data;
using namespace reports::sections;
using namespace reports_test;

namespace {

using doctest::Approx;

/// Twelve items in categories p, q and r in turn; the last one has none.
TaskView divided_task(const std::string& scores) {
    TaskView view = task("prompts", {metric("refusal", marks(scores))});
    view.categories.names = {"p", "q", "r"};
    for (std::uint32_t item = 0; item < 12; ++item) view.categories.of_item.push_back(item == 11 ? 99 : item % 3);
    return view;
}

}  // namespace

TEST_SUITE("reports.breakdown") {
    TEST_CASE("categories of a single run have its scores with the largest first") {
        // p: items 0 3 6 9, q: 1 4 7 10, r: 2 5 8; item 11 has no category.
        const std::vector<RunView> runs = {run(1, "a", {divided_task("101001101001")})};
        const std::vector<Breakdown> found = breakdowns(runs, compare(runs));
        REQUIRE(found.size() == 1);
        CHECK_FALSE(found[0].is_difference);
        REQUIRE(found[0].parts.size() == 3);
        CHECK(found[0].parts[0].name == "r");
        CHECK(found[0].parts[0].values[0].value == 1);
        CHECK(found[0].parts[0].values[0].items == 3);
        CHECK(found[0].parts[1].name == "p");
        CHECK(found[0].parts[1].values[0].value == Approx(0.5));
        CHECK(found[0].parts[2].values[0].value == 0);
        CHECK(found[0].parts[2].values[0].items == 4);
    }

    TEST_CASE("categories of two runs have paired gains in the better direction") {
        TaskView first = divided_task("111111111111");
        TaskView second = divided_task("011011011011");  // category p falls from 1 to 0
        first.metrics[0].higher_is_better = second.metrics[0].higher_is_better = false;
        const std::vector<RunView> runs = {run(1, "a", {first}), run(2, "b", {second})};
        const std::vector<Breakdown> found = breakdowns(runs, compare(runs));
        REQUIRE(found.size() == 1);
        CHECK(found[0].is_difference);
        CHECK(found[0].parts[0].name == "p");
        CHECK(found[0].parts[0].values[0].value == 1);
        CHECK(found[0].parts[0].values[0].run == 1);
        CHECK(found[0].parts[1].values[0].value == 0);
    }

    TEST_CASE("items of a category are paired by document and not by place") {
        TaskView first = divided_task("111111000000");
        TaskView second = divided_task("000000111111");
        for (std::uint64_t item = 0; item < 12; ++item) {
            first.docs.contents.push_back(item + 1);
            second.docs.contents.push_back(12 - item);
        }
        second.categories = {};  // the first run's are used
        const std::vector<RunView> runs = {run(1, "a", {first}), run(2, "b", {second})};
        const std::vector<Breakdown> found = breakdowns(runs, compare(runs));
        REQUIRE(found.size() == 1);
        for (const Part& part : found[0].parts) CHECK(part.values[0].value == 0);
    }

    TEST_CASE("two categories make no breakdown") {
        TaskView view = divided_task("101001101001");
        view.categories.names = {"p", "q"};
        const std::vector<RunView> runs = {run(1, "a", {view})};
        CHECK(breakdowns(runs, compare(runs)).empty());
    }

    TEST_CASE("tasks of a group over documents are parts named without the group") {
        RunView one =
            run(1, "a",
                {task("mmlu_law", {metric("acc", marks("10"))}), task("mmlu_art", {metric("acc", marks("11"))}),
                 task("other", {metric("acc", marks("00"))})});
        GroupView group;
        group.group = "mmlu";
        group.mean_over = "documents";
        group.tasks = {"mmlu_law", "mmlu_art", "other"};
        one.groups = {group};
        const std::vector<RunView> runs = {one};
        const std::vector<Breakdown> found = breakdowns(runs, compare(runs));
        REQUIRE(found.size() == 1);
        CHECK(found[0].parts[0].name == "art");
        CHECK(found[0].parts[1].name == "law");
        CHECK(found[0].parts[2].name == "other");
        CHECK(tasks_in(found) == group.tasks);
    }
}
