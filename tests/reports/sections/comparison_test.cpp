#include "reports/sections/comparison.hpp"

#include <doctest/doctest.h>

#include "reports/sections/scores.hpp"
#include "reports/sections/settings.hpp"
#include "tests/reports/samples.hpp"

using namespace reports::data;
using namespace reports::sections;
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

TEST_SUITE("reports.comparison") {
    TEST_CASE("documents with unknown content are paired by number whatever their order") {
        TaskView first = task("arc", {metric("acc", marks("1100"))});
        TaskView second = task("arc", {metric("acc", marks("0011"))});
        first.docs.numbers = {10, 11, 12, 13};
        second.docs.numbers = {13, 12, 11, 10};  // the same marks for the same documents
        const Compared same({run(1, "a", {first}), run(2, "b", {second})});
        REQUIRE(same.differences.size() == 1);
        CHECK(same.differences[0].paired.items == 4);
        CHECK(same.differences[0].paired.higher_a == 0);
        CHECK(same.differences[0].paired.higher_b == 0);
        CHECK(same.not_compared.empty());
    }

    TEST_CASE("runs of different subsets are compared on common documents and the rest is listed") {
        TaskView first = task("arc", {metric("acc", marks("110"))});
        TaskView second = task("arc", {metric("acc", marks("01"))});
        first.docs.numbers = {0, 1, 2};
        second.docs.numbers = {1, 5};
        const Compared comparison({run(1, "a", {first}), run(2, "b", {second})});
        REQUIRE(comparison.differences.size() == 1);
        CHECK(comparison.differences[0].paired.items == 1);
        CHECK(comparison.differences[0].paired.difference == -1);
        REQUIRE(comparison.not_compared.size() == 2);
        CHECK(comparison.not_compared[0].reason ==
              "2 documents of a (run 1) have no equal in b (run 2) (first: document 0)");
        CHECK(comparison.not_compared[1].reason ==
              "1 document of b (run 2) has no equal in a (run 1) (first: document 5)");
        CHECK(comparison.not_compared[1].metric == "");
    }

    TEST_CASE("a task that only one run has is listed") {
        const Compared comparison({run(1, "a", {task("only_a", {metric("acc", marks("1"))})}),
                                   run(2, "b", {task("only_b", {metric("acc", marks("1"))})})});
        CHECK(comparison.differences.empty());
        CHECK(comparison.not_compared.size() == 2);
        CHECK(reason_for(comparison, "only_a", "") == "only a (run 1) has this task");
        CHECK(reason_for(comparison, "only_b", "") == "only b (run 2) has this task");
    }

    TEST_CASE("another version or profile or number of few-shot examples is another task") {
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
        CHECK(reason() == "not the same task in a (run 1) and b (run 2): number of few-shot examples 0 against 5");
        other.version = 3;
        CHECK(reason().find("version 1 against 3; number of few-shot examples 0 against 5") != std::string::npos);
    }

    TEST_CASE("another tool's version of a task is a setting and not another task") {
        TaskView ours = task("arc", {metric("acc", marks("10"))});
        ours.docs.contents = ours.docs.rows = {7, 8};
        TaskView log = ours;
        log.version = 2;
        log.docs.imported = true;
        const std::vector<RunView> runs = {run(1, "a", {ours}), run(2, "b", {log})};
        const Compared comparison(runs);
        CHECK(comparison.differences.size() == 1);
        CHECK(comparison.not_compared.empty());
        const auto settings = setting_differences(runs);
        REQUIRE(settings.size() == 1);
        CHECK(settings[0].name == "version");
        CHECK(settings[0].values == std::vector<std::optional<std::string>>{"1", "2"});
        TaskView newer = log;
        newer.version = 3;
        CHECK(Compared({run(1, "a", {log}), run(2, "b", {newer})}).differences.empty());
    }

    TEST_CASE("a log beside two versions of our task is shown once") {
        const TaskView ours = task("arc", {metric("acc", marks("10"))});
        TaskView next = ours;
        next.version = 2;
        TaskView log = ours;
        log.docs.imported = true;
        const std::vector<RunView> runs = {run(1, "a", {ours}), run(2, "b", {next}), run(3, "c", {log})};
        std::vector<std::int64_t> ids;
        for (const ScoreRow& row : score_rows(runs)) ids.push_back(row.run->id);
        CHECK(ids == std::vector<std::int64_t>{1, 3, 2});
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
        second.docs.numbers = {7, 8};
        const Compared apart({run(1, "a", {first}), run(2, "b", {second})});
        CHECK(reason_for(apart, "mixed", "acc") == "the runs share no documents");
    }

    TEST_CASE("every later run is compared with the first") {
        const auto sample = [](const std::string& text) { return task("arc", {metric("acc", marks(text))}); };
        const Compared comparison({run(1, "a", {sample("0000000000")}), run(2, "b", {sample("1111111111")}),
                                   run(3, "c", {sample("0000000001")})});
        REQUIRE(comparison.differences.size() == 2);
        CHECK(comparison.differences[0].run->id == 2);
        CHECK(comparison.differences[0].verdict == Verdict::Better);
        CHECK(comparison.differences[1].run->id == 3);
        CHECK(comparison.differences[1].base->id == 1);
        CHECK(comparison.differences[1].verdict == Verdict::NotSignificant);
        CHECK(Compared({}).differences.empty());
        CHECK(Compared({run(1, "a", {sample("1")})}).differences.empty());
    }

    TEST_CASE("a lower value is better if the metric says so") {
        TaskView first = task("toxic", {metric("rate", marks("0000000000"))});
        TaskView second = task("toxic", {metric("rate", marks("1111111111"))});
        first.metrics[0].higher_is_better = false;
        second.metrics[0].higher_is_better = false;
        CHECK(Compared({run(1, "a", {first}), run(2, "b", {second})}).differences.at(0).verdict == Verdict::Worse);
    }

    TEST_CASE("a difference that is not significant gives the minimum detectable difference") {
        // Differences 0 1 0 0: standard error 0.25, so 2.8016 times that is 70.0 points.
        const Compared points({run(1, "a", {task("t", {metric("acc", marks("1010"))})}),
                               run(2, "b", {task("t", {metric("acc", marks("1110"))})})});
        CHECK(verdict_text(points.differences.at(0)) == "not significant (minimum detectable difference 70.0 points)");
        const Compared other({run(1, "a", {task("t", {metric("bleu", {20.0, 40.0})})}),
                              run(2, "b", {task("t", {metric("bleu", {20.0, 41.0})})})});
        CHECK(verdict_text(other.differences.at(0)) == "not significant (minimum detectable difference 1.401)");
        const Compared single({run(1, "a", {task("t", {metric("acc", marks("1"))})}),
                               run(2, "b", {task("t", {metric("acc", marks("0"))})})});
        CHECK(verdict_text(single.differences.at(0)) == "not significant (a single item cannot show a difference)");
    }

    TEST_CASE("documents are paired by content whatever their numbers") {
        TaskView first = task("arc", {metric("acc", marks("1100"))});
        TaskView second = task("arc", {metric("acc", marks("0011"))});
        first.docs.contents = first.docs.rows = {7, 8, 9, 10};
        second.docs.contents = second.docs.rows = {10, 9, 8, 7};  // the same rows, last first
        const Compared same({run(1, "a", {first}), run(2, "b", {second})});
        REQUIRE(same.differences.size() == 1);
        CHECK(same.differences[0].paired.items == 4);
        CHECK(same.differences[0].paired.difference == 0);
        CHECK(same.differences[0].paired.higher_a + same.differences[0].paired.higher_b == 0);
        CHECK(same.not_compared.empty());
    }

    TEST_CASE("a document with another content or correct answer is left out and counted") {
        TaskView first = task("arc", {metric("acc", marks("1100"))});
        TaskView second = task("arc", {metric("acc", marks("0110"))});
        first.docs.contents = {7, 8, 9, 10};
        second.docs.contents = {70, 8, 9, 100};
        const Compared comparison({run(1, "a", {first}), run(2, "b", {second})});
        REQUIRE(comparison.differences.size() == 1);
        CHECK(comparison.differences[0].paired.items == 2);
        REQUIRE(comparison.not_compared.size() == 2);
        CHECK(comparison.not_compared[0].reason ==
              "2 documents of a (run 1) have no equal in b (run 2) (first: document 0)");
    }
}
