#include "reports/statistics/classification.hpp"

#include <doctest/doctest.h>

using doctest::Approx;
using namespace reports::statistics;

TEST_SUITE("reports.classification") {
    TEST_CASE("Clopper and Pearson's interval equals SciPy's") {
        // scipy.stats.binomtest(...).proportion_ci(method="exact")
        CHECK(clopper_pearson95(7, 10).low == Approx(0.3475471499399921));
        CHECK(clopper_pearson95(7, 10).high == Approx(0.9332604888222655));
        CHECK(clopper_pearson95(81, 263).low == Approx(0.25273674558504267));
        CHECK(clopper_pearson95(81, 263).high == Approx(0.36762192260134746));
        CHECK(clopper_pearson95(0, 20).low == 0);
        CHECK(clopper_pearson95(0, 20).high == Approx(0.16843347098308548));
        CHECK(clopper_pearson95(20, 20).high == 1);
    }

    TEST_CASE("measures of two classes come from their own cells") {
        // 35 of 40 positives found, 144 of 160 negatives left alone.
        const BinaryMeasures measures =
            binary_measures({.true_positives = 35, .false_negatives = 5, .false_positives = 16, .true_negatives = 144});
        CHECK(measures.sensitivity->value == Approx(0.875));
        CHECK(measures.sensitivity->total == 40);
        CHECK(measures.specificity->value == Approx(0.9));
        CHECK(measures.specificity->total == 160);
        CHECK(measures.precision->value == Approx(35.0 / 51));
        CHECK(measures.accuracy->value == Approx(179.0 / 200));
        CHECK(measures.f1->value == Approx(70.0 / 91));
        // Wilson's interval of 35 of 40 by hand (z = 1.96): centre (35 + 1.9207) / 43.8415, half 0.10323.
        CHECK(measures.sensitivity->ci95.low == Approx(0.7389).epsilon(0.001));
        CHECK(measures.sensitivity->ci95.high == Approx(0.9454).epsilon(0.001));
        CHECK(measures.f1->ci95.low < measures.f1->value);
        CHECK(measures.f1->ci95.high > measures.f1->value);
        CHECK(measures.f1->ci95.high < 1);
    }

    TEST_CASE("a measure that would divide by zero is absent") {
        const BinaryMeasures nothing_positive = binary_measures({.true_negatives = 10});
        CHECK_FALSE(nothing_positive.sensitivity);
        CHECK_FALSE(nothing_positive.precision);
        CHECK_FALSE(nothing_positive.f1);
        CHECK(nothing_positive.specificity->value == 1);
        CHECK(nothing_positive.specificity->ci95.low < 1);
        CHECK_FALSE(classification({}).accuracy);
        CHECK_FALSE(classification({}).macro_f1);
    }

    TEST_CASE("macro-F1 is the mean over the classes that occur") {
        // truth rows, predicted columns; class 3 does not occur.
        const Classification result = classification({{5, 1, 0, 0}, {2, 3, 1, 0}, {0, 0, 4, 0}, {0, 0, 0, 0}});
        CHECK(result.accuracy->value == Approx(12.0 / 16));
        CHECK(result.classes[0].recall->value == Approx(5.0 / 6));
        CHECK(result.classes[0].precision->value == Approx(5.0 / 7));
        CHECK(result.classes[1].recall->value == Approx(0.5));
        CHECK(result.classes[2].precision->value == Approx(0.8));
        CHECK_FALSE(result.classes[3].f1);
        // 10 / 13, 6 / 10, 8 / 9
        CHECK(*result.macro_f1 == Approx((10.0 / 13 + 0.6 + 8.0 / 9) / 3));
    }

    TEST_CASE("the bootstrap of macro-F1 starts from the value of the confusion table") {
        const std::vector<std::size_t> truth = {0, 0, 0, 0, 1, 1, 1, 2, 2, 2, 2, 2};
        const std::vector<std::size_t> predicted = {0, 0, 0, 1, 1, 1, 0, 2, 2, 2, 2, 1};
        const auto bootstrap = bootstrap_macro_f1_95(3, truth, predicted, {}, {.resamples = 500});
        REQUIRE(bootstrap);
        CHECK(bootstrap->estimate == Approx(*classification(confusion(3, truth, predicted)).macro_f1));
        CHECK(bootstrap->ci95.low < bootstrap->estimate);
        CHECK(bootstrap->ci95.high <= 1);
    }
}
