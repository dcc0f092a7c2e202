#include "reports/statistics/corrected_rate.hpp"

#include <doctest/doctest.h>

#include "tests/reports/statistics/judged_items.hpp"

using doctest::Approx;
using namespace reports::statistics;
using reports_test::judged_items;

namespace {

/// 200 labels of 2,000 items: sensitivity 35 / 40, specificity 144 / 160, and 430 yeses of the judge among the others.
JudgedItems example() {
    return judged_items({.yes_yes = 35, .yes_no = 5, .no_yes = 16, .no_no = 144, .only_yes = 430, .only_no = 1370});
}

CorrectedRate rate(const RateResult& result) {
    return std::get<CorrectedRate>(result);
}
RateRefusal refusal(const RateResult& result) {
    return std::get<RateRefusal>(result);
}

}  // namespace

TEST_SUITE("reports.corrected_rate") {
    TEST_CASE("human labels alone have Wilson's interval") {
        const CorrectedRate human = rate(human_rate(example()));
        CHECK(human.estimate == Approx(0.2));
        CHECK(human.ci95.low == Approx(0.15045200926098115));  // NumPy
        CHECK(human.ci95.high == Approx(0.26085518656537876));
        CHECK(human.labels == 200);
        CHECK(human.items == 2000);
        CHECK_FALSE(human.lambda);
    }

    TEST_CASE("Rogan and Gladen's rate by hand and its interval from the roots of Fieller's equation") {
        const CorrectedRate corrected = rate(rogan_gladen(example()));
        // (430 / 1800 + .9 - 1) / (.875 + .9 - 1)
        CHECK(corrected.estimate == Approx((430.0 / 1800 - 0.1) / 0.775));
        CHECK(corrected.ci95.low == Approx(0.11676099185862257));  // SciPy, brentq on the equation itself
        CHECK(corrected.ci95.high == Approx(0.24150110640040676));
    }

    TEST_CASE("the prediction-powered rate equals an independent computation") {
        // NumPy: weighted covariances of the labels with four half labels, variance in the two-sample form of PPI++.
        const CorrectedRate powered = rate(prediction_powered(example()));
        CHECK(powered.estimate == Approx(0.19063262820512822));
        CHECK(*powered.lambda == Approx(0.646025641025641));
        CHECK(*powered.worth == Approx(359.60904391622745));
        CHECK(powered.ci95.low == Approx(0.15338745026773656));
        CHECK(powered.ci95.high == Approx(0.23441746978456793));
    }

    TEST_CASE("a judge that says nothing adds nothing") {
        JudgedItems constant = example();
        constant.judge.assign(constant.judge.size(), 0.3);
        const CorrectedRate powered = rate(prediction_powered(constant));
        CHECK(*powered.lambda == 0);
        CHECK(powered.estimate == Approx(0.2));
        CHECK(powered.ci95.low == Approx(0.15045200926098115));
        CHECK(powered.ci95.high == Approx(0.26085518656537876));
        CHECK(*powered.worth == Approx(200));
    }

    TEST_CASE("a judge that is always wrong has no weight") {
        JudgedItems reversed = example();
        for (double& score : reversed.judge) score = 1 - score;
        const CorrectedRate powered = rate(prediction_powered(reversed));
        CHECK(*powered.lambda == 0);
        CHECK(powered.estimate == Approx(0.2));
        CHECK(refusal(rogan_gladen(reversed)).problem == RateProblem::JudgeByChance);
    }

    TEST_CASE("where every item has a label the judge has no say") {
        const JudgedItems all = judged_items({.yes_yes = 35, .yes_no = 5, .no_yes = 16, .no_no = 144});
        const CorrectedRate powered = rate(prediction_powered(all));
        CHECK(powered.estimate == Approx(0.2));
        CHECK(*powered.worth == Approx(200));
        CHECK(refusal(rogan_gladen(all)).problem == RateProblem::FewUnlabelled);
        CHECK(refusal(rogan_gladen(all)).need == 100);
    }

    TEST_CASE("scores between 0 and 1 serve the prediction-powered rate and not Rogan and Gladen's") {
        JudgedItems scored = example();
        for (double& score : scored.judge) score = score == 1 ? 0.9 : 0.2;
        const CorrectedRate decided = rate(prediction_powered(example()));
        const CorrectedRate powered = rate(prediction_powered(scored));
        // The same order in a narrower range: the weight grows by 1 / 0.7 and the rest stays.
        CHECK(*powered.lambda == Approx(*decided.lambda / 0.7));
        CHECK(powered.estimate == Approx(decided.estimate));
        CHECK(powered.ci95.high == Approx(decided.ci95.high));
        CHECK(refusal(rogan_gladen(scored)).problem == RateProblem::JudgeNotBinary);
    }

    TEST_CASE("too small a human share is refused with the number that is needed") {
        const JudgedItems few = judged_items({.yes_yes = 20, .no_no = 79, .only_yes = 300, .only_no = 700});
        for (const RateResult& result : {prediction_powered(few), rogan_gladen(few)}) {
            CHECK(refusal(result).problem == RateProblem::FewLabels);
            CHECK(refusal(result).have == 99);
            CHECK(refusal(result).need == 100);
        }
        const JudgedItems few_yes = judged_items({.yes_yes = 4, .no_no = 196, .only_yes = 50, .only_no = 950});
        CHECK(refusal(rogan_gladen(few_yes)).problem == RateProblem::FewPositives);
        CHECK(refusal(rogan_gladen(few_yes)).have == 4);
        CHECK(refusal(rogan_gladen(few_yes)).need == 5);
        const JudgedItems few_no = judged_items({.yes_yes = 196, .no_no = 4, .only_yes = 950, .only_no = 50});
        CHECK(refusal(rogan_gladen(few_no)).problem == RateProblem::FewNegatives);
        CHECK(refusal(human_rate({.judge = {1, 0}, .human = {std::nullopt, std::nullopt}})).need == 1);
        CHECK(refusal(human_rate({})).problem == RateProblem::FewLabels);
    }

    TEST_CASE("without a yes among the labels the rate is not claimed to be 0") {
        const JudgedItems none = judged_items({.no_no = 150, .only_yes = 20, .only_no = 830});
        const CorrectedRate powered = rate(prediction_powered(none));
        CHECK(powered.ci95.low >= 0);
        CHECK(powered.ci95.high > 0.015);
        CHECK(powered.ci95.high < 0.06);
    }

    TEST_CASE("sums do not depend on where the labels are") {
        JudgedItems mixed = example();
        JudgedItems turned;
        for (std::size_t i = mixed.judge.size(); i > 0; --i) {
            turned.judge.push_back(mixed.judge[i - 1]);
            turned.human.push_back(mixed.human[i - 1]);
        }
        CHECK(rate(prediction_powered(turned)).ci95.low == Approx(rate(prediction_powered(mixed)).ci95.low));
        CHECK(rate(rogan_gladen(turned)).ci95.low == Approx(rate(rogan_gladen(mixed)).ci95.low));
    }
}
