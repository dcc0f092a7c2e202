#include "suites/metric.hpp"

#include <doctest/doctest.h>

#include <set>
#include <string>

#include "tests/suites/helpers.hpp"

using suites::Aggregation;
using suites::Direction;
using suites::Interval;
using suites::TaskKind;

TEST_SUITE("suites.metric") {
    TEST_CASE("the strings of stored runs are read back as the same values") {
        for (const Aggregation one :
             {Aggregation::Mean, Aggregation::WordPerplexity, Aggregation::BytePerplexity, Aggregation::BitsPerByte,
              Aggregation::ExpMinusMean, Aggregation::BestExact, Aggregation::BestF1})
            CHECK(suites::aggregation_from(suites::to_string(one)) == one);
        for (const Direction one : {Direction::HigherIsBetter, Direction::LowerIsBetter})
            CHECK(suites::direction_from(suites::to_string(one)) == one);
        for (const Interval one : {Interval::Share, Interval::Real, Interval::Exponential})
            CHECK(suites::interval_from(suites::to_string(one)) == one);
        for (const TaskKind one : {TaskKind::Choice, TaskKind::Continuation, TaskKind::Generate, TaskKind::Rolling})
            CHECK(suites::task_kind_from(suites::to_string(one)) == one);
        CHECK_FALSE(suites::aggregation_from("median").has_value());
    }

    TEST_CASE("the table has no metric of one kind twice") {
        std::set<std::pair<std::string_view, TaskKind>> seen;
        for (const suites::KnownMetric& metric : suites::known_metrics())
            CHECK(seen.emplace(metric.name, metric.kind).second);
    }

    TEST_CASE("a metric is found by its name whatever its filter and K") {
        REQUIRE(suites::find_metric("pass@100,alone") != nullptr);
        CHECK(suites::find_metric("pass@100,alone")->name == "pass@K");
        CHECK(suites::find_metric("pass@", TaskKind::Generate) == nullptr);
        CHECK(suites::find_metric("acc", TaskKind::Continuation)->rule == suites::Rule::Greedy);
        CHECK(suites::find_metric("acc", TaskKind::Generate) == nullptr);
        CHECK(suites::find_metric("word_perplexity")->direction == Direction::LowerIsBetter);
        CHECK(suites::units_of(Aggregation::WordPerplexity) == "words");
        CHECK(suites::units_of(Aggregation::BitsPerByte) == "bytes");
        CHECK(suites::units_of(Aggregation::Mean).empty());
    }

    TEST_CASE("every metric of a built-in task has the interval of its values") {
        for (const suites::Task& task : suites_test::catalog().tasks()) {
            for (const suites::MetricDefinition& metric : task.metrics()) {
                CAPTURE(task.name());
                CAPTURE(metric.name);
                const bool open = metric.name == "sentiment" || metric.name.ends_with("_max") ||
                                  metric.name.ends_with("_diff") || metric.name == "bits_per_byte" ||
                                  task.name() == "paper_toxigen_generation";
                const bool exponential = metric.name.ends_with("perplexity");
                CHECK(metric.interval == (exponential ? Interval::Exponential
                                          : open      ? Interval::Real
                                                      : Interval::Share));
            }
            for (const suites::MetricDefinition& counter : task.counters()) {
                CHECK(counter.interval == Interval::Share);
                CHECK_FALSE(counter.higher_is_better());
            }
        }
        CHECK(suites_test::task_named("minerva_math_algebra").metrics().at(0).grader_version == 1);
        CHECK(suites_test::task_named("arc_easy").metrics().at(0).grader_version == 0);
    }

    TEST_CASE("columns and rows of scores give the same number") {
        const suites::MetricDefinition metric{.name = "acc"};
        const auto rows = suites::aggregate(
            metric, std::vector<suites::Scores>{{{"acc", 1.0}}, {{"acc", 0.0}}, {{"acc", std::nullopt}}, {}});
        const auto columns =
            suites::aggregate(metric, suites::ScoreColumns{{"acc", {1.0, 0.0, std::nullopt, std::nullopt}}});
        REQUIRE(rows);
        REQUIRE(columns);
        CHECK(rows->value == 0.5);
        CHECK(columns->value == rows->value);
        CHECK(columns->standard_error == rows->standard_error);
        CHECK(columns->items == 2);
    }
}
