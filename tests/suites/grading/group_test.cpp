#include <doctest/doctest.h>

#include <cmath>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>

#include "suites/catalog.hpp"
#include "tests/suites/helpers.hpp"

TEST_SUITE("suites.group") {
    TEST_CASE("members are weighted by documents or equally") {
        const auto group = [](const char* weighting) {
            return suites::Group::from_json({{"group", "g"},
                                             {"profile", "p"},
                                             {"description", "d"},
                                             {"weighting", weighting},
                                             {"members", {"a", "b", "c"}}},
                                            "g.json");
        };
        const suites::MemberScore scores = [](const suites::GroupMember& member) -> std::optional<suites::Aggregate> {
            if (member.name == "a") return suites::Aggregate{0.5, 0.03, 300};
            if (member.name == "b") return suites::Aggregate{0.9, 0.04, 100};
            return std::nullopt;
        };
        const auto micro = suites::aggregate_group(group("documents"), scores);
        REQUIRE(micro);
        CHECK(micro->value == doctest::Approx(0.6));                // (150 + 90) / 400
        CHECK(micro->standard_error == doctest::Approx(0.024622));  // sqrt(9^2 + 4^2) / 400
        CHECK(micro->items == 400);
        CHECK(micro->missing == std::vector<std::string>{"c"});
        const auto macro = suites::aggregate_group(group("members"), scores);
        REQUIRE(macro);
        CHECK(macro->value == doctest::Approx(0.7));
        CHECK(macro->standard_error == doctest::Approx(0.025));  // sqrt(0.03^2 + 0.04^2) / 2
        CHECK_FALSE(suites::aggregate_group(group("none"), scores));
        // Zou and Donner 2008: with two members of weight 1/2 and intervals 0.9 to 1 and 0.4 to 0.6,
        // 0.75 - sqrt(0.05^2 + 0.05^2) and 0.75 + sqrt(0 + 0.05^2).
        const auto shares = suites::aggregate_group(group("members"), [](const suites::GroupMember& member) {
            if (member.name == "c") return std::optional<suites::Aggregate>();
            return std::optional(member.name == "a" ? suites::Aggregate{1, 0, 10, suites::Range{0.9, 1}}
                                                    : suites::Aggregate{0.5, 0.1, 10, suites::Range{0.4, 0.6}});
        });
        REQUIRE(shares);
        REQUIRE(shares->ci95);
        CHECK(shares->ci95->low == doctest::Approx(0.75 - std::sqrt(0.005)));
        CHECK(shares->ci95->high == doctest::Approx(0.8));
    }

    TEST_CASE("the score of mmlu is the mean over all its documents") {
        const auto& groups = suites_test::catalog().groups();
        std::size_t subjects = 0;
        const auto score =
            suites_test::catalog().score(groups.at("mmlu"), [&](const suites::Task& task, const std::string& metric) {
                ++subjects;
                CHECK(metric == "acc");
                const bool large = task.name() == "mmlu_professional_law";
                return std::optional(
                    suites::Aggregate{large ? 1.0 : 0.0, 0.0, large ? std::size_t{1534} : std::size_t{10}});
            });
        REQUIRE(score);
        CHECK(subjects == 57);
        CHECK(score->items == 1534 + 56 * 10);
        CHECK(score->value == doctest::Approx(1534.0 / 2094.0));
    }

    TEST_CASE("the leaderboard weights the subjects of mmlu equally") {
        const auto& groups = suites_test::catalog().groups();
        std::map<std::string, std::string> metrics;
        const auto score = suites_test::catalog().score(
            groups.at("open-llm-leaderboard-v1"), [&](const suites::Task& task, const std::string& metric) {
                if (!task.name().starts_with("mmlu_")) metrics[task.name()] = metric;
                const bool large = task.name() == "mmlu_professional_law";
                return std::optional(
                    suites::Aggregate{large ? 1.0 : 0.0, 0.0, large ? std::size_t{1534} : std::size_t{10}});
            });
        REQUIRE(score);
        CHECK(score->value == doctest::Approx(1.0 / 57 / 6));
        CHECK(metrics == std::map<std::string, std::string>{{"arc_challenge", "acc_norm"},
                                                            {"gsm8k", "exact_match,strict-match"},
                                                            {"hellaswag", "acc_norm"},
                                                            {"truthfulqa_mc2", "mc2"},
                                                            {"winogrande", "acc"}});
    }
}
