#include "reports/sections/safety_rates.hpp"

#include <doctest/doctest.h>

#include "tests/reports/safety_samples.hpp"

using namespace reports::data;
using namespace reports::sections;
using namespace reports_test;
using doctest::Approx;

namespace {

std::vector<SafetyItem> tagged() {
    return {{.kind = PromptKind::Unsafe, .category = "illicit", .vector = "logic", .hazard = "privacy"},
            {.kind = PromptKind::Unsafe, .category = "illicit", .vector = "logic", .is_multi_turn = true},
            {.kind = PromptKind::Unsafe, .category = "hateful", .vector = "none", .hazard = "hate"},
            {.kind = PromptKind::Borderline, .category = "homonym"}};
}

SafetyRate only(const std::vector<SafetyRate>& rates, const SafetyPart& part) {
    for (const SafetyRate& rate : rates) {
        if (rate.part == part) return rate;
    }
    FAIL("no such part: ", part.name);
    return {};
}

}  // namespace

TEST_SUITE("reports.safety") {
    TEST_CASE("a rate has Wilson's interval") {
        // 3 of 10: 0.1078 to 0.6032 (Wilson 1927, as in common tables).
        const auto mean = safety_mean(marks("1110000000"));
        REQUIRE(mean);
        CHECK(mean->items == 10);
        CHECK(mean->value == Approx(0.3));
        REQUIRE(mean->ci95);
        CHECK(mean->ci95->low == Approx(0.1078).epsilon(0.001));
        CHECK(mean->ci95->high == Approx(0.6032).epsilon(0.001));
    }

    TEST_CASE("unscored prompts are left out of a rate and a rate of none is unknown") {
        CHECK(safety_mean(marks("1-0-"))->value == Approx(0.5));
        CHECK(safety_mean(marks("1-0-"))->items == 2);
        CHECK_FALSE(safety_mean(marks("--")));
    }

    TEST_CASE("a mean of rewards has Student's interval corrected for their skew") {
        // 1, 2, 6: mean 3, variance 7, standard error sqrt(7 / 3) = 1.5275.
        const auto mean = safety_mean({1.0, 2.0, 6.0});
        CHECK(mean->value == Approx(3));
        // By SciPy, as in interval_test; Student's t alone would be -3.572 to 9.572.
        CHECK(mean->ci95->low == Approx(-1.6638087));
        CHECK(mean->ci95->high == Approx(26.908015));
        CHECK_FALSE(safety_mean({7.0})->ci95);
    }

    TEST_CASE("prompts are divided by category and vector and hazard and turns") {
        const Report report = safety_report(
            {{.items = tagged(),
              .scores = {safety_scores(Detector, SafetyMeasure::Refusal, {1.0, 0.0, std::nullopt, 1.0})}}});
        const Safety& safety = *report.safety;
        const auto categories = safety_rates(safety, SafetySplit::Category);
        REQUIRE(categories.size() == 3);
        CHECK(only(categories, {PromptKind::Unsafe, "illicit"}).mean->value == Approx(0.5));
        CHECK_FALSE(only(categories, {PromptKind::Unsafe, "hateful"}).mean);
        CHECK(only(categories, {PromptKind::Unsafe, "hateful"}).prompts == 1);
        CHECK(only(categories, {PromptKind::Borderline, "homonym"}).mean->value == Approx(1));

        const auto cells = safety_rates(safety, SafetySplit::Cell);
        REQUIRE(cells.size() == 2);
        CHECK(only(cells, {PromptKind::Unsafe, "illicit", "logic"}).mean->items == 2);
        const auto hazards = safety_rates(safety, SafetySplit::Hazard);
        REQUIRE(hazards.size() == 2);  // the second prompt has no hazard
        CHECK(only(hazards, {PromptKind::Unsafe, "privacy"}).mean->value == Approx(1));
        const auto turns = safety_rates(safety, SafetySplit::Turns);
        CHECK(only(turns, {PromptKind::Unsafe, "multi-turn"}).mean->value == Approx(0));
        CHECK(only(turns, {PromptKind::Unsafe, "single-turn"}).prompts == 2);
        CHECK(safety_rates(safety, SafetySplit::All).size() == 2);
    }

    TEST_CASE("prompts of two runs pair by their content in whatever order") {
        SafetyRun first{.items = safety_items(3, PromptKind::Unsafe), .scores = {}};
        SafetyRun second{.items = safety_items(3, PromptKind::Unsafe, 1), .scores = {}};  // contents 1, 2, 3
        CHECK(paired_items(first, second) == std::vector<std::pair<std::size_t, std::size_t>>{{1, 0}, {2, 1}});
    }
}
