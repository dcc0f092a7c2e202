#include <doctest/doctest.h>

#include "reports/gate/judge.hpp"
#include "reports/gate/power.hpp"
#include "tests/reports/gate/gate_samples.hpp"
#include "tests/reports/sections/rating_samples.hpp"
#include "tests/support/text.hpp"

using namespace reports_test;
using reports::data::GateRule;
using reports::data::GateStatus;
using reports::data::GateVerdict;
using reports::data::Study;
using reports::data::SuiteVerdict;
using reports::data::Tier;
using reports::gate::exit_code;

namespace {

/// So many prompts with each of these ratings by three raters; the first answer is the run's.
std::vector<std::string> rated_prompts(const std::vector<std::pair<std::string, std::size_t>>& counts) {
    std::vector<std::string> values;
    for (const auto& [ratings, count] : counts) values.insert(values.end(), count, ratings);
    return values;
}

/// Variant 0 is the run and variant 1 the baseline.
Study of_both_runs(Study study) {
    study.plans = {"new plan", "old plan"};
    return study;
}

reports::data::RunView planned_run(std::int64_t id, const std::string& plan) {
    auto view = gate_run(id, {gate_task("a", right(150, 200))});
    view.plan = plan;
    return view;
}

GateRule ratings_rule(double margin = 0) {
    GateRule rule{.suite = "helpfulness", .margin = margin};
    rule.kind = reports::data::RuleKind::Ratings;
    return rule;
}

GateRule violations_rule(double margin = 0) {
    GateRule rule = ratings_rule(margin);
    rule.ratings.is_safety = true;
    return rule;
}

GateVerdict judged_ratings(const std::vector<Study>& studies, const GateRule& rule,
                           reports::data::Strictness strictness = reports::data::Strictness::Usual) {
    return reports::gate::judge(planned_run(1, "old plan"), planned_run(2, "new plan"),
                                {.strictness = strictness, .rules = {rule}}, studies);
}

SuiteVerdict rated(const std::vector<std::pair<std::string, std::size_t>>& counts, const GateRule& rule) {
    return judged_ratings({of_both_runs(pairwise_study(rated_prompts(counts)))}, rule).suites.at(0);
}

}  // namespace

TEST_SUITE("gate.ratings") {
    TEST_CASE("a win rate is tested by the exact sign test over prompts from the side of the run") {
        // scipy: binom.sf(8, 10, .5) = .0107, binom.sf(7, 10, .5) = .0547.
        const SuiteVerdict lost = rated({{"666", 9}, {"222", 1}, {"444", 5}}, ratings_rule());
        CHECK(lost.status == GateStatus::Regression);
        CHECK(lost.test == "sign test, exact");
        CHECK(*lost.p == doctest::Approx(0.0107421875));
        CHECK(*lost.before == 0.5);
        CHECK(*lost.after == doctest::Approx(3.5 / 15));
        CHECK(*lost.difference == doctest::Approx(-4.0 / 15));
        CHECK(lost.worse == 9);
        CHECK(lost.better == 1);
        const SuiteVerdict open = rated({{"666", 8}, {"222", 2}}, ratings_rule());
        CHECK(*open.p == doctest::Approx(0.0546875));
        CHECK(open.status == GateStatus::Inconclusive);
        CHECK(has(open.reason, "these prompts find a drop of"));
        CHECK(rated({{"222", 9}, {"666", 1}}, ratings_rule()).status == GateStatus::Pass);
    }

    TEST_CASE("the run may be the second variant and the second answer") {
        Study study = of_both_runs(pairwise_study(rated_prompts({{"666", 9}, {"222", 1}})));
        study.plans = {"old plan", "new plan"};
        CHECK(*judged_ratings({study}, ratings_rule()).suites[0].after == doctest::Approx(0.9));
        for (auto& item : study.items) std::swap(item.first, *item.second);
        CHECK(*judged_ratings({study}, ratings_rule()).suites[0].after == doctest::Approx(0.1));
    }

    TEST_CASE("a margin of a win rate is tested by the score test of wins and losses") {
        // 30 won, 45 lost, 25 ties, margin .05: Tango's statistic with the likeliest probabilities found numerically by
        // scipy is -.58191, p .28031.
        const SuiteVerdict verdict = rated({{"222", 30}, {"666", 45}, {"444", 25}}, ratings_rule(0.05));
        CHECK(*verdict.p == doctest::Approx(0.28031405).epsilon(1e-5));
        CHECK(verdict.test == "score (Tango)");
        CHECK(verdict.margin == 0.05);
    }

    TEST_CASE("an item without a majority is half a win and a prompt with several items is one value") {
        const SuiteVerdict split = rated({{"246", 4}, {"222", 2}}, ratings_rule());
        CHECK(*split.after == doctest::Approx(4.0 / 6));
        CHECK(split.worse == 0);
        Study study = of_both_runs(pairwise_study(rated_prompts({{"222", 6}, {"666", 2}})));
        for (auto& item : study.items) item.prompt /= 2;
        const SuiteVerdict verdict = judged_ratings({study}, ratings_rule()).suites[0];
        CHECK(verdict.items == 4);
        CHECK(verdict.better == 3);
    }

    TEST_CASE("violations of both runs are paired by prompt") {
        // Items alternate: the run's answer, then the baseline's. 6 prompts where only the run violates: P = 1/64.
        std::vector<std::string> values;
        for (int i = 0; i < 6; ++i) values.insert(values.end(), {"112", "545"});
        for (int i = 0; i < 20; ++i) values.insert(values.end(), {"555", "555"});
        const SuiteVerdict verdict =
            judged_ratings({of_both_runs(safety_study(values))}, violations_rule()).suites.at(0);
        CHECK(verdict.status == GateStatus::Regression);
        CHECK(*verdict.p == doctest::Approx(1.0 / 64));
        CHECK(*verdict.before == 0);
        CHECK(*verdict.after == doctest::Approx(6.0 / 26));
        CHECK(*verdict.difference == doctest::Approx(-6.0 / 26));
    }

    TEST_CASE("no study and an unfinished study and too few ratings are incomplete") {
        CHECK(exit_code(judged_ratings({}, ratings_rule())) == 3);
        const std::vector<std::pair<std::string, std::size_t>> one_short = {{"444", 9}, {"44-", 1}};
        const SuiteVerdict open = rated(one_short, ratings_rule());
        CHECK(open.status == GateStatus::Incomplete);
        CHECK(open.reason == "study 'helpful' is unfinished: 1 of 10 items short of 3 ratings");
        GateRule rule = ratings_rule();
        rule.max_errors = 1;
        CHECK(rated(one_short, rule).status == GateStatus::Pass);
        rule.ratings.min_ratings = 30;
        CHECK(has(rated(one_short, rule).reason, "has 29 ratings of both runs; the policy asks for 30"));
        rule.ratings.min_ratings = 0;
        rule.min_items = 11;
        CHECK(has(rated(one_short, rule).reason, "10 prompts to compare"));
    }

    TEST_CASE("ratings of excluded raters and of other runs do not count") {
        Study study = of_both_runs(pairwise_study(rated_prompts({{"666", 9}})));
        for (auto& rating : study.ratings) rating.standing = reports::data::RatingStanding::Excluded;
        CHECK(judged_ratings({study}, ratings_rule()).suites[0].status == GateStatus::Incomplete);
        Study other = of_both_runs(pairwise_study(rated_prompts({{"666", 9}})));
        other.plans[0] = "another plan";
        CHECK(has(judged_ratings({other}, ratings_rule()).suites[0].reason, "no pairwise study has answers of both"));
    }

    TEST_CASE("raters who agree too little decide nothing in either direction") {
        GateRule rule = ratings_rule();
        rule.ratings.min_agreement = 0.5;
        // Every prompt is lost by two raters of three, who are far apart from the third.
        const GateVerdict verdict =
            judged_ratings({of_both_runs(pairwise_study(rated_prompts({{"771", 10}, {"717", 10}})))}, rule,
                           reports::data::Strictness::Strict);
        CHECK(verdict.suites[0].status == GateStatus::Inconclusive);
        CHECK(has(verdict.suites[0].reason, "raters agree too little"));
        CHECK(exit_code(verdict) == 5);
        CHECK(rated({{"777", 10}, {"666", 10}}, rule).status == GateStatus::Regression);
    }

    TEST_CASE("adaptive studies and two studies of both runs are not comparable") {
        Study study = of_both_runs(pairwise_study(rated_prompts({{"444", 9}})));
        Study second = study;
        second.name = "second";
        CHECK(exit_code(judged_ratings({study, second}, ratings_rule())) == 4);
        GateRule named = ratings_rule();
        named.ratings.study = "second";
        CHECK(exit_code(judged_ratings({study, second}, named)) == 0);
        named.ratings.study = "third";
        CHECK(exit_code(judged_ratings({study, second}, named)) == 3);
        study.is_adaptive = true;
        CHECK(exit_code(judged_ratings({study}, ratings_rule())) == 4);
    }

    TEST_CASE("a run that is the baseline itself passes without a study and a baseline without a plan does not") {
        const auto same = planned_run(1, "old plan");
        CHECK(exit_code(reports::gate::judge(same, same, {.rules = {ratings_rule()}})) == 0);
        CHECK(exit_code(reports::gate::judge(planned_run(1, ""), same, {.rules = {ratings_rule()}})) == 4);
    }

    TEST_CASE("ratings and suites of a tier are corrected together") {
        reports::data::GatePolicy policy{.rules = {{.suite = "a"}, ratings_rule()}};
        const Study study = of_both_runs(pairwise_study(rated_prompts({{"666", 9}, {"222", 1}})));
        const GateVerdict verdict =
            reports::gate::judge(planned_run(1, "old plan"), planned_run(2, "new plan"), policy, {study});
        CHECK(*verdict.suites[1].p == doctest::Approx(2 * 0.0107421875));
        policy.rules[1].tier = Tier::Advisory;
        CHECK(exit_code(
                  reports::gate::judge(planned_run(1, "old plan"), planned_run(2, "new plan"), policy, {study})) == 0);
    }

    TEST_CASE("the power of ratings rests on the prompts of a planned study and is unknown without one") {
        Study study = of_both_runs(pairwise_study(rated_prompts({{"---", 400}})));
        const reports::data::GatePolicy policy{.rules = {ratings_rule()}};
        const auto powers = reports::gate::gate_power(planned_run(1, "old plan"), nullptr, policy, 0.1, {study});
        REQUIRE(powers.at(0).chances.size() == 4);
        // A win rate of .45 over 400 decided prompts: P(X >= k) for X binomial(400, .55), with k = 217 the smallest for
        // which binom.sf(k - 1, 400, .5) <= .05 (scipy).
        CHECK(powers[0].chances[3] == doctest::Approx(0.6380187));
        const auto unknown = reports::gate::gate_power(planned_run(1, "old plan"), nullptr, policy, 0.1, {});
        CHECK(unknown.at(0).chances.empty());
        CHECK(unknown[0].reason.starts_with("not known before it is run"));
    }
}
