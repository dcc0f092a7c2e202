#include "reports/sections/verdict.hpp"

#include <doctest/doctest.h>

#include <algorithm>

#include "reports/sections/suite.hpp"
#include "reports/sections/verdict_words.hpp"
#include "tests/reports/samples.hpp"

using namespace reports::data;
using namespace reports::sections;
using namespace reports_test;

namespace {

using doctest::Approx;

/// A report with the verdict that points into it.
struct JudgedReport {
    explicit JudgedReport(std::vector<RunView> runs) {
        report.runs = std::move(runs);
        comparison = compare(report.runs);
        verdict = report_verdict(report.runs, comparison);
        words = verdict_words(report, verdict);
    }
    Report report;
    reports::sections::Comparison comparison;
    ReportVerdict verdict;
    VerdictWords words;
};

TaskView marked_task(const std::string& name, const std::string& scores) {
    return task(name, {metric("acc", marks(scores))});
}

/// Ten items that only the second run has correct: p = 2 / 2^10. Seven: 2 / 2^7. Six: 2 / 2^6.
const std::string kNoneRight = "0000000000";
const std::string kTenRight = "1111111111";
const std::string kSevenRight = "1111111000";
const std::string kSixRight = "1111110000";

bool any_line_has(const std::vector<std::string>& lines, const std::string& part) {
    return std::any_of(lines.begin(), lines.end(),
                       [&part](const std::string& line) { return line.find(part) != std::string::npos; });
}

GroupView group_view(const std::string& name, const std::vector<std::string>& tasks) {
    GroupView group;
    group.group = name;
    group.mean_over = "documents";
    group.tasks = tasks;
    return group;
}

}  // namespace

TEST_SUITE("reports.verdict") {
    TEST_CASE("one decided suite is said with its difference and interval and test") {
        const JudgedReport judged(
            {run(1, "a", {marked_task("sums", kNoneRight)}), run(2, "b", {marked_task("sums", kSevenRight)})});
        CHECK(judged.words.headline == "b (run 2) is better than a (run 1) at sums (acc).");
        // Mean 0.7, standard error sqrt(0.7 * 0.3 / 9) = 0.1528, t of nine degrees of freedom 2.262: 35.4 to 104.6
        // points.
        CHECK(judged.words.findings.front() ==
              "Better at sums (acc) by 70.0 points: 0.7000 against 0.0000 over 10 items; 95 % interval +35.4 to +100.0 "
              "points, p = 0.0156.");
    }

    TEST_CASE("a difference that does not survive the number of suites is not claimed") {
        // Alone 2 / 2^6 = .03125 is significant; among two comparisons it is .0625.
        const JudgedReport alone(
            {run(1, "a", {marked_task("sums", kNoneRight)}), run(2, "b", {marked_task("sums", kSixRight)})});
        CHECK(alone.verdict.suites.front().verdict == Verdict::Better);
        const JudgedReport two({run(1, "a", {marked_task("sums", kNoneRight), marked_task("arc", kNoneRight)}),
                                run(2, "b", {marked_task("sums", kSixRight), marked_task("arc", kNoneRight)})});
        CHECK(two.verdict.suites.front().p_adjusted == Approx(0.0625));
        CHECK(two.verdict.suites.front().verdict == Verdict::NotSignificant);
        CHECK(two.words.headline == "No difference between b (run 2) and a (run 1) is proven at any of 2 suites.");
        CHECK(any_line_has(two.words.findings, "significant alone, but not among 2 comparisons (p = 0.0625)"));
    }

    TEST_CASE("every later run counts as comparisons of its own") {
        const JudgedReport judged(
            {run(1, "a", {marked_task("sums", kNoneRight)}), run(2, "b", {marked_task("sums", kSixRight)}),
             run(3, "c", {marked_task("sums", kSixRight)}), run(4, "d", {marked_task("sums", kTenRight)})});
        REQUIRE(judged.verdict.suites.size() == 3);
        CHECK(judged.verdict.suites[0].p_adjusted == Approx(2 * 2.0 / 64));  // the larger two of three hypotheses
        CHECK(judged.verdict.suites[0].verdict == Verdict::NotSignificant);
        CHECK(judged.verdict.suites[2].p_adjusted == Approx(3 * 2.0 / 1024));
        CHECK(judged.words.headline == "3 runs compared with a (run 1).");
        CHECK(any_line_has(judged.words.findings, "d (run 4): better at sums (acc) by 100.0 points."));
        CHECK(any_line_has(judged.words.findings, "b (run 2): not significant at 1 of 1 suite"));
    }

    TEST_CASE("where lower is better a rise is worse") {
        TaskView first = marked_task("safety", kNoneRight);
        TaskView second = marked_task("safety", kSevenRight);
        first.metrics[0].higher_is_better = second.metrics[0].higher_is_better = false;
        const JudgedReport judged({run(1, "a", {first}), run(2, "b", {second})});
        CHECK(judged.words.headline == "b (run 2) is worse than a (run 1) at safety (acc).");
        CHECK(judged.verdict.suites.front().gain() == Approx(-0.7));
        CHECK(judged.verdict.suites.front().gain95()->high < 0);
    }

    TEST_CASE("a suite without any change says what could have been seen") {
        const JudgedReport judged(
            {run(1, "a", {marked_task("sums", kTenRight)}), run(2, "b", {marked_task("sums", kTenRight)})});
        CHECK(judged.words.headline == "No difference between b (run 2) and a (run 1) is proven at sums (acc).");
        // Agresti and Min: 1 of 12 pairs changes, standard error sqrt(1 / 12 / 12) = 0.0833, times 2.8016.
        CHECK(judged.words.findings.front() ==
              "No score differs at sums (acc) over 10 items; minimum detectable difference 23.3 points.");
    }

    TEST_CASE("runs without a common suite cannot be compared") {
        const JudgedReport judged(
            {run(1, "a", {marked_task("sums", kTenRight)}), run(2, "b", {marked_task("arc", kTenRight)})});
        CHECK(judged.words.headline ==
              "b (run 2) and a (run 1) cannot be compared: no suite has items that both scored.");
        CHECK(judged.verdict.suites.empty());
    }

    TEST_CASE("better and worse suites are counted and the largest difference comes first") {
        const JudgedReport judged(
            {run(1, "a",
                 {marked_task("x", kNoneRight), marked_task("y", kTenRight), marked_task("z", kNoneRight + "0")}),
             run(2, "b",
                 {marked_task("x", kTenRight), marked_task("y", kNoneRight), marked_task("z", kNoneRight + "1")})});
        CHECK(judged.words.headline ==
              "b (run 2) is better than a (run 1) at 1 of 3 suites and worse at 1; at one the difference is not "
              "significant.");
        CHECK(judged.words.findings[0].starts_with("Better at x (acc) by 100.0 points"));
        CHECK(judged.words.findings[1].starts_with("Worse at y (acc) by 100.0 points"));
        CHECK(judged.words.findings[2].starts_with("Not significant at z (acc): +9.1 points over 11 items"));
    }

    TEST_CASE("subjects of a group over documents are one suite") {
        const std::vector<std::string> names = {"mmlu_a", "mmlu_b", "mmlu_c"};
        RunView first = run(1, "a", {});
        RunView second = run(2, "b", {});
        for (const std::string& name : names) {
            first.tasks.push_back(marked_task(name, "0000"));
            second.tasks.push_back(marked_task(name, "1110"));
        }
        first.groups = {group_view("mmlu", names), group_view("mmlu_ab", {"mmlu_a", "mmlu_b"})};
        const JudgedReport judged({first, second});
        REQUIRE(judged.verdict.suites.size() == 1);
        CHECK(suite_text(judged.verdict.suites.front()) == "mmlu (acc, 3 tasks)");
        CHECK(judged.verdict.suites.front().paired.items == 12);
        CHECK(judged.verdict.suites.front().p == Approx(2.0 / 512));  // nine of nine
        first.groups.front().mean_over = "members";
        CHECK(suites_of(first).size() == 3);
    }

    TEST_CASE("scores given afterwards do not stand for a task") {
        TaskView view = marked_task("helpfulness", kTenRight);
        view.metrics.front().is_later = true;
        CHECK(headline_metric(view) == nullptr);
        view.metrics.push_back(metric("refusal", marks(kTenRight)));
        CHECK(headline_metric(view)->name == "refusal");
    }

    TEST_CASE("one run is said with its scores and its agreement with published numbers") {
        Report report;
        report.runs = {run(1, "a", {marked_task("sums", kSevenRight)})};
        report.published = Published{.model = "Llama 2 7B", .rows = {}};
        PublishedRow inside;
        inside.task = "sums";
        inside.metric = "acc";
        inside.value = 0.7;
        inside.ci95 = Interval{0.4, 0.9};
        inside.published.value = 0.5;
        PublishedRow outside = inside;
        outside.published.value = 0.95;
        PublishedRow other = inside;
        other.not_compared = "another profile";
        report.published->rows = {inside, outside, other};
        const VerdictWords words = verdict_words(report, report_verdict(report.runs, compare(report.runs)));
        CHECK(words.headline == "a (run 1) scores 0.7000 at sums (acc).");
        // Wilson's interval of 7 of 10: scipy.stats.binomtest(7, 10).proportion_ci(method="wilson").
        CHECK(words.findings[0] ==
              "sums (acc, higher is better): 0.7000, 95 % interval 0.3968 to 0.8922 over 10 items.");
        CHECK(
            words.findings[1] ==
            "1 of 2 comparable numbers published for Llama 2 7B is inside the run's 95 % interval; outside: sums (acc) "
            "by -0.2500.");
    }

    TEST_CASE("the cost of both runs is said and what is not known is not invented") {
        RunView first = run(1, "a", {marked_task("sums", kTenRight)});
        RunView second = run(2, "b", {marked_task("sums", kTenRight)});
        second.cost = {.seconds = 200,
                       .prompt_tokens = 40'000,
                       .answer_tokens = 10'000,
                       .weight_bytes = 13'476'831'232,
                       .quantisation = "F16"};
        const JudgedReport judged({first, second});
        CHECK(
            judged.words.findings.back() ==
            "Cost: b (run 2) took 3 min 20 s for 50000 tokens (250 tokens/s), weights 12.55 GiB (F16); a (run 1) took "
            "time not known.");
    }

    TEST_CASE("what limits the numbers is said beside the verdict") {
        RunView first = run(1, "a", {marked_task("sums", kTenRight)});
        RunView second = run(2, "b", {marked_task("sums", kTenRight)});
        second.complete = false;
        second.tasks[0].planned = 40;
        second.tasks[0].errors = 3;
        second.warnings = {"odd"};
        second.settings = {{"device", "another"}, {"numerics", "exact-3"}};
        const JudgedReport judged({first, second});
        CHECK(
            judged.words.cautions ==
            std::vector<std::string>{"b (run 2, unfinished) has 10 of 40 items; its numbers are those of these items.",
                                     "3 items of b (run 2, unfinished) failed and have no score; see Errors.",
                                     "The model file of b (run 2, unfinished) has a warning; see Provenance.",
                                     "The runs also differ in device; see Settings that differ."});
    }

    TEST_CASE("scores too few and too skewed and clusters too few are named beside the verdict") {
        RunView only =
            run(1, "a",
                {task("lengths", {metric("words", {1.0, 2.0, 2.0, 3.0, 5.0, 17.0})}),
                 task("even", {metric("words", {1.0, 2.0, 3.0, 4.0, 5.0})}), marked_task("passages", kTenRight)});
        only.tasks[2].metrics[0].clusters = 4;
        only.tasks[2].metrics[0].degrees_of_freedom = 3;
        const JudgedReport judged({only});
        REQUIRE(judged.words.cautions.size() == 2);
        CHECK(judged.words.cautions[0].ends_with("95 % interval: words of lengths."));
        CHECK(judged.words.cautions[1].starts_with("Fewer than 10 clusters"));
        CHECK(judged.words.cautions[1].ends_with(": passages."));
    }
}
