#include "reports/sections/scores.hpp"

#include <doctest/doctest.h>

#include <limits>

#include "reports/sections/cells.hpp"
#include "tests/reports/samples.hpp"

using namespace reports::data;
using namespace reports::sections;
using namespace reports_test;

TEST_SUITE("reports.scores") {
    TEST_CASE("rows of one task and metric are neighbours and count their scored items") {
        const TaskView small = task("t", {metric("acc", marks("11-0"))});
        const TaskView large = task("t", {metric("acc", marks("1100")), metric("late", marks("1111"))});
        const std::vector<RunView> runs = {run(1, "a", {small, task("u", {metric("acc", marks("1"))})}),
                                           run(2, "b", {large})};
        const std::vector<ScoreRow> rows = score_rows(runs);
        REQUIRE(rows.size() == 4);
        CHECK(rows[0].scored == 3);
        CHECK(rows[1].run->id == 2);
        CHECK(rows[2].metric->name == "late");  // before the first run's other task
        CHECK(rows[3].task->task == "u");
    }

    TEST_CASE("one score or none or NaN has no standard error") {
        const double nan = std::numeric_limits<double>::quiet_NaN();
        const auto row = [](const MetricValues& values, const TaskView& view) {
            return score_row(RunView(), view, values);
        };
        const TaskView none = task("t", {metric("acc", marks("--"))});
        CHECK(row(none.metrics[0], none).scored == 0);
        CHECK_FALSE(row(none.metrics[0], none).ci95.has_value());
        const TaskView one = task("t", {metric("acc", marks("1"))});
        CHECK_FALSE(row(one.metrics[0], one).standard_error.has_value());
        CHECK(row(one.metrics[0], one).ci95->low == doctest::Approx(0.2065).epsilon(0.001));  // 1 / (1 + z^2)
        const TaskView graded = task("t", {metric("f1", {0.5})});
        CHECK_FALSE(row(graded.metrics[0], graded).ci95.has_value());
        const TaskView broken = task("t", {metric("f1", {0.5, 0.6}, nan)});
        CHECK_FALSE(row(broken.metrics[0], broken).standard_error.has_value());
        CHECK_FALSE(row(broken.metrics[0], broken).ci95.has_value());
        CHECK(number(nan) == "–");
        CHECK(number(std::numeric_limits<double>::infinity()) == "–");
        CHECK(number(-0.00001) == "0.0000");
    }

    TEST_CASE("a metric without scores per item counts the items it was computed from") {
        TaskView view = task("wikitext", {});
        view.items = 10;
        view.errors = 3;
        MetricValues values{.name = "ppl", .higher_is_better = false, .value = 9, .standard_error = 1, .values = {}};
        CHECK(score_row(RunView(), view, values).scored == 7);
        values.scored = 5;
        CHECK(score_row(RunView(), view, values).scored == 5);
        CHECK(score_row(RunView(), view, values).ci95->low == doctest::Approx(9 - 2.776445105));
    }
}
