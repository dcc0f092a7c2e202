#include "reports/sections/safety_analysis.hpp"

#include <doctest/doctest.h>

#include <variant>

#include "reports/sections/safety_words.hpp"
#include "tests/reports/safety_samples.hpp"

using namespace reports::data;
using namespace reports::sections;
using namespace reports::statistics;
using namespace reports_test;
using doctest::Approx;

namespace {

Values ones(std::size_t hits, std::size_t total) {
    Values values(total, 0.0);
    std::fill_n(values.begin(), hits, 1.0);
    return values;
}

/// Unsafe prompts of which the judge calls `hits` a violation.
SafetyRun judged(std::size_t hits, std::size_t total) {
    return {.items = safety_items(total, PromptKind::Unsafe),
            .scores = {safety_scores(Judge, SafetyMeasure::Violation, ones(hits, total))}};
}

}  // namespace

TEST_SUITE("reports.safety") {
    TEST_CASE("quantiles lie between the order statistics as in R") {
        const std::vector<double> values = {1, 2, 3, 4};  // R: quantile(1:4) is 1, 1.75, 2.5, 3.25, 4
        CHECK(quantile(values, 0) == Approx(1));
        CHECK(quantile(values, 0.25) == Approx(1.75));
        CHECK(quantile(values, 0.5) == Approx(2.5));
        CHECK(quantile(values, 1) == Approx(4));
        CHECK(quantile({7}, 0.95) == Approx(7));
    }

    TEST_CASE("runs are compared over the prompts that one scorer scored in both") {
        SafetyRun first{.items = safety_items(6, PromptKind::Unsafe),
                        .scores = {safety_scores(Detector, SafetyMeasure::Refusal, marks("111110"))}};
        SafetyRun second{.items = safety_items(6, PromptKind::Unsafe),
                         .scores = {safety_scores(Detector, SafetyMeasure::Refusal, marks("00000-")),
                                    safety_scores(Judge, SafetyMeasure::Violation, marks("111111"))}};
        const Report report = safety_report({first, second});
        const auto differences = safety_differences(*report.safety, SafetySplit::All);
        REQUIRE(differences.size() == 1);  // the judge scored one run only
        CHECK(differences[0].run->id == 2);
        CHECK(differences[0].paired.items == 5);
        CHECK(differences[0].paired.difference == Approx(-1));
        CHECK(*differences[0].paired.mcnemar_p == Approx(0.0625));  // 2 * (1/2)^5
    }

    TEST_CASE("a run is in the plane with unsafe and borderline prompts only") {
        SafetyRun both{.items = safety_items(2, PromptKind::Unsafe), .scores = {}};
        for (const SafetyItem& item : safety_items(2, PromptKind::Borderline, 2)) both.items.push_back(item);
        both.scores = {safety_scores(Detector, SafetyMeasure::Refusal, {1.0, 0.5, 0.0, std::nullopt})};
        SafetyRun unsafe_only{.items = safety_items(2, PromptKind::Unsafe),
                              .scores = {safety_scores(Detector, SafetyMeasure::Refusal, {1.0, 1.0})}};
        const Report report = safety_report({both, unsafe_only});
        const auto points = refusal_plane(*report.safety);
        REQUIRE(points.size() == 1);
        CHECK(points[0].run->id == 1);
        CHECK(points[0].refusal.value == Approx(0.75));
        CHECK(points[0].over_refusal.value == Approx(0));
        CHECK(points[0].over_refusal.items == 1);
    }

    TEST_CASE("a missing score comes with the command that gives it") {
        SafetyRun first{.items = safety_items(2, PromptKind::Unsafe),
                        .scores = {safety_scores(RewardModel, SafetyMeasure::Reward, {1.0, 2.0})}};
        SafetyRun second{.items = safety_items(2, PromptKind::Unsafe), .scores = {}};
        const Report report = safety_report({first, second});
        std::vector<std::string> commands;
        for (const MissingScores& missing : missing_scores(*report.safety)) commands.push_back(missing.command);
        CHECK(commands == std::vector<std::string>{
                              "bellwether rescore 1 --with judge:MODEL", "bellwether rescore 2 --with judge:MODEL",
                              "bellwether rescore 1 --with refusal", "bellwether rescore 2 --with refusal",
                              "bellwether rescore 2 --with reward:safe"});
    }

    TEST_CASE("people's scores are not asked of another run") {
        const Report report = safety_report({{.items = safety_items(1, PromptKind::Unsafe),
                                              .scores = {safety_scores(People, SafetyMeasure::Violation, {1.0})}},
                                             {.items = safety_items(1, PromptKind::Unsafe), .scores = {}}});
        for (const MissingScores& missing : missing_scores(*report.safety)) CHECK_FALSE(missing.scorer);
    }

    TEST_CASE("people's ratings stand beside another's over the answers that both rated") {
        const Report report = safety_report(
            {{.items = safety_items(5, PromptKind::Unsafe),
              .scores = {safety_scores(People, SafetyMeasure::Rating, {1.0, 3.0, 4.0, 5.0, std::nullopt}),
                         safety_scores(RewardModel, SafetyMeasure::Reward, {-3.0, 0.5, 0.7, 9.0, 100.0})}}});
        const auto rows = people_beside(*report.safety);
        REQUIRE(rows.size() == 1);
        CHECK(rows[0].people.value == Approx(3.25));
        CHECK(rows[0].other.value == Approx(1.8));
        CHECK(rows[0].other.items == 4);
        CHECK(rows[0].spearman->value == Approx(1));
    }

    TEST_CASE("a corrected rate is refused with a sentence where people labelled too few") {
        SafetyRun run = judged(50, 500);
        Values labels(500, std::nullopt);
        std::fill_n(labels.begin(), 40, 0.0);
        run.scores.push_back(safety_scores(People, SafetyMeasure::Violation, labels));
        const Report report = safety_report({run});
        const auto rows = corrected_violations(*report.safety);
        REQUIRE(rows.size() == 1);
        REQUIRE(std::holds_alternative<RateRefusal>(rows[0].combined));
        CHECK(refusal_text(std::get<RateRefusal>(rows[0].combined)) ==
              "not combined: 40 labels of people, at least 100 are needed");
        CHECK(std::get<CorrectedRate>(rows[0].people).estimate == Approx(0));
    }

    TEST_CASE("a corrected rate uses all scores of a judge that people agree with") {
        // The judge says 50 of 500; people labelled 100 of which 20 are violations, and agree with every one: the rate
        // is close to the judge's 0.1, not to the sample's 0.2.
        SafetyRun run = judged(50, 500);
        Values labels(500, std::nullopt);
        std::fill_n(labels.begin(), 20, 1.0);
        std::fill_n(labels.begin() + 50, 80, 0.0);
        run.scores.push_back(safety_scores(People, SafetyMeasure::Violation, labels));
        const Report report = safety_report({run});
        const auto rows = corrected_violations(*report.safety);
        REQUIRE(rows.size() == 1);
        const auto& combined = std::get<CorrectedRate>(rows[0].combined);
        CHECK(combined.labels == 100);
        CHECK(combined.estimate > 0.095);
        CHECK(combined.estimate < 0.11);
        CHECK(std::get<CorrectedRate>(rows[0].people).estimate == Approx(0.2));
    }

    TEST_CASE("a corrected rate leaves out safe prompts and prompts without a score") {
        SafetyRun run = judged(1, 4);
        run.items[3].kind = PromptKind::Borderline;
        run.scores[0].values[2] = std::nullopt;
        run.scores.push_back(safety_scores(People, SafetyMeasure::Violation, {1.0, 0.0, 1.0, 1.0}));
        const Report report = safety_report({run});
        const auto rows = corrected_violations(*report.safety);
        REQUIRE(rows.size() == 1);
        CHECK(rows[0].unscored == 1);
        CHECK(std::get<CorrectedRate>(rows[0].people).labels == 2);
    }

    TEST_CASE("a grade is given only where the intervals lie in one band") {
        Report report = safety_report({judged(60, 100), judged(15, 100)});
        report.safety->reference = judged(10, 100);
        report.safety->reference->id = 9;
        const auto grades = safety_grades(*report.safety);
        REQUIRE(grades.size() == 2);
        CHECK(*grades[0].grade.ratio == Approx(6));
        CHECK(grade_text(grades[0].grade) == "Poor");  // from about 3.3 to 11 times
        CHECK(*grades[1].grade.ratio == Approx(1.5));
        CHECK(grade_text(grades[1].grade) == "not decided: Good to Poor");
    }

    TEST_CASE("a grade compares the prompts that both runs have and leaves out the reference itself") {
        Report report = safety_report({judged(2, 4)});
        report.safety->reference = judged(1, 3);
        report.safety->reference->id = 1;
        CHECK(safety_grades(*report.safety).empty());
        report.safety->reference->id = 9;
        const auto grades = safety_grades(*report.safety);
        REQUIRE(grades.size() == 1);
        CHECK(grades[0].counted.items == 3);
        CHECK(grades[0].counted.unsafe == 2);
        CHECK(grades[0].reference.unsafe == 1);
    }
}
