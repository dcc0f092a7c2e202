#include "reports/sections/summary.hpp"

#include <doctest/doctest.h>

#include <limits>

#include "reports/sections/report_tables.hpp"
#include "tests/reports/samples.hpp"

using namespace reports::data;
using namespace reports::sections;
using namespace reports::statistics;
using namespace reports_test;

namespace {

/// A comparison with the runs that it points into.
struct Compared : Comparison {
    explicit Compared(std::vector<RunView> of) : runs(std::move(of)) {
        static_cast<Comparison&>(*this) = compare(runs);
    }
    std::vector<RunView> runs;
};

/// The reason given for a task and metric; "" when it is not among those left out.
std::string reason_for(const Comparison& comparison, const std::string& task, const std::string& metric) {
    for (const NotCompared& row : comparison.not_compared) {
        if (row.task == task && row.metric == metric) return row.reason;
    }
    return "";
}

}  // namespace

TEST_SUITE("reports.summary") {
    TEST_CASE("documents are paired by number whatever their order") {
        TaskView first = task("arc", {metric("acc", marks("1100"))});
        TaskView second = task("arc", {metric("acc", marks("0011"))});
        first.docs = {10, 11, 12, 13};
        second.docs = {13, 12, 11, 10};  // the same marks for the same documents
        const Compared same({run(1, "a", {first}), run(2, "b", {second})});
        REQUIRE(same.differences.size() == 1);
        CHECK(same.differences[0].paired.items == 4);
        CHECK(same.differences[0].paired.higher_a == 0);
        CHECK(same.differences[0].paired.higher_b == 0);
        CHECK(same.not_compared.empty());
    }

    TEST_CASE("runs of different subsets are compared where they meet and the rest is listed") {
        TaskView first = task("arc", {metric("acc", marks("110"))});
        TaskView second = task("arc", {metric("acc", marks("01"))});
        first.docs = {0, 1, 2};
        second.docs = {1, 5};
        const Compared comparison({run(1, "a", {first}), run(2, "b", {second})});
        REQUIRE(comparison.differences.size() == 1);
        CHECK(comparison.differences[0].paired.items == 1);
        CHECK(comparison.differences[0].paired.difference == -1);
        CHECK(reason_for(comparison, "arc", "acc") ==
              "1 items compared; 2 scored only in a (run 1) and 1 only in b (run 2) are left out");
    }

    TEST_CASE("a task that only one run has is listed") {
        const Compared comparison({run(1, "a", {task("only_a", {metric("acc", marks("1"))})}),
                                   run(2, "b", {task("only_b", {metric("acc", marks("1"))})})});
        CHECK(comparison.differences.empty());
        CHECK(comparison.not_compared.size() == 2);
        CHECK(reason_for(comparison, "only_a", "") == "only a (run 1) has this task");
        CHECK(reason_for(comparison, "only_b", "") == "only b (run 2) has this task");
    }

    TEST_CASE("another version or profile or number of examples is another task") {
        const TaskView plain = task("arc", {metric("acc", marks("11"))});
        TaskView other = plain;
        const auto reason = [&] {
            const Compared comparison({run(1, "a", {plain}), run(2, "b", {other})});
            CHECK(comparison.differences.empty());
            CHECK(comparison.not_compared.size() == 1);
            return reason_for(comparison, "arc", "");
        };
        other.version = 2;
        CHECK(reason() == "not the same task in a (run 1) and b (run 2): version 1 against 2");
        other = plain;
        other.profile = "llama2-paper";
        CHECK(reason() == "not the same task in a (run 1) and b (run 2): profile lmeval against llama2-paper");
        other = plain;
        other.fewshot = 5;
        CHECK(reason() == "not the same task in a (run 1) and b (run 2): number of examples 0 against 5");
        other.version = 3;
        CHECK(reason().find("version 1 against 3; number of examples 0 against 5") != std::string::npos);
    }

    TEST_CASE("metrics that cannot be paired are listed with the reason") {
        const MetricValues perplexity{
            .name = "word_perplexity", .higher_is_better = false, .value = 12, .standard_error = 1, .values = {}};
        TaskView first = task("mixed", {metric("acc", marks("11")), metric("extra", marks("11")), perplexity,
                                        metric("graded", marks("1-"))});
        TaskView second = task("mixed", {metric("acc", marks("10")), metric("added", marks("11")), perplexity,
                                         metric("graded", marks("-1"))});
        const Compared comparison({run(1, "a", {first}), run(2, "b", {second})});
        REQUIRE(comparison.differences.size() == 1);
        CHECK(comparison.differences[0].metric->name == "acc");
        CHECK(reason_for(comparison, "mixed", "extra") == "only a (run 1) has a value for this metric");
        CHECK(reason_for(comparison, "mixed", "added") == "only b (run 2) has a value for this metric");
        CHECK(reason_for(comparison, "mixed", "word_perplexity").find("no score per item") != std::string::npos);
        CHECK(reason_for(comparison, "mixed", "graded") == "no item has a score in both runs");
        second.docs = {7, 8};
        const Compared apart({run(1, "a", {first}), run(2, "b", {second})});
        CHECK(reason_for(apart, "mixed", "acc") == "the runs share no items");
    }

    TEST_CASE("every later run is held against the first") {
        const auto sample = [](const std::string& text) { return task("arc", {metric("acc", marks(text))}); };
        const Compared comparison({run(1, "a", {sample("0000000000")}), run(2, "b", {sample("1111111111")}),
                                   run(3, "c", {sample("0000000001")})});
        REQUIRE(comparison.differences.size() == 2);
        CHECK(comparison.differences[0].run->id == 2);
        CHECK(comparison.differences[0].verdict == "better");
        CHECK(comparison.differences[1].run->id == 3);
        CHECK(comparison.differences[1].base->id == 1);
        CHECK(comparison.differences[1].verdict == "no difference seen");
        CHECK(Compared({}).differences.empty());
        CHECK(Compared({run(1, "a", {sample("1")})}).differences.empty());
    }

    TEST_CASE("less is better where the metric says so") {
        TaskView first = task("toxic", {metric("rate", marks("0000000000"))});
        TaskView second = task("toxic", {metric("rate", marks("1111111111"))});
        first.metrics[0].higher_is_better = false;
        second.metrics[0].higher_is_better = false;
        CHECK(Compared({run(1, "a", {first}), run(2, "b", {second})}).differences.at(0).verdict == "worse");
    }

    TEST_CASE("a difference not seen says what could have been seen") {
        // Differences 0 1 0 0: standard error 0.25, so 2.8016 times that is 70.0 points.
        const Compared points({run(1, "a", {task("t", {metric("acc", marks("1010"))})}),
                               run(2, "b", {task("t", {metric("acc", marks("1110"))})})});
        CHECK(verdict_text(points.differences.at(0)) == "no difference seen (could have seen 70.0 points)");
        const Compared other({run(1, "a", {task("t", {metric("bleu", {20.0, 40.0})})}),
                              run(2, "b", {task("t", {metric("bleu", {20.0, 41.0})})})});
        CHECK(verdict_text(other.differences.at(0)) == "no difference seen (could have seen 1.401)");
        const Compared single({run(1, "a", {task("t", {metric("acc", marks("1"))})}),
                               run(2, "b", {task("t", {metric("acc", marks("0"))})})});
        CHECK(verdict_text(single.differences.at(0)) == "no difference seen (one item cannot show one)");
    }

    TEST_CASE("rows of one task and metric stand together and count their scored items") {
        const TaskView small = task("t", {metric("acc", marks("11-0"))});
        const TaskView large = task("t", {metric("acc", marks("1100")), metric("late", marks("1111"))});
        const std::vector<RunView> runs = {run(1, "a", {small, task("u", {metric("acc", marks("1"))})}),
                                           run(2, "b", {large})};
        const std::vector<SummaryRow> rows = summarise(runs);
        REQUIRE(rows.size() == 4);
        CHECK(rows[0].scored == 3);
        CHECK(rows[1].run->id == 2);
        CHECK(rows[2].metric->name == "late");  // before the first run's other task
        CHECK(rows[3].task->task == "u");
    }

    TEST_CASE("one score or none or no number has no error to show") {
        const double nan = std::numeric_limits<double>::quiet_NaN();
        const auto row = [](const MetricValues& values, const TaskView& view) {
            return summary_row(RunView(), view, values);
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

    TEST_CASE("a metric of all items together counts those it was computed from") {
        TaskView view = task("wikitext", {});
        view.items = 10;
        view.errors = 3;
        MetricValues values{.name = "ppl", .higher_is_better = false, .value = 9, .standard_error = 1, .values = {}};
        CHECK(summary_row(RunView(), view, values).scored == 7);
        values.scored = 5;
        CHECK(summary_row(RunView(), view, values).scored == 5);
        CHECK(summary_row(RunView(), view, values).ci95->low == doctest::Approx(9 - 1.959964));
    }
}
