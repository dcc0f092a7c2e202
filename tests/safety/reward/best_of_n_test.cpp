#include "safety/reward/best_of_n.hpp"

#include <doctest/doctest.h>

#include <bit>
#include <cmath>
#include <vector>

#include "safety/reward/error.hpp"
#include "tests/safety/reward/planted.hpp"

using namespace safety::reward;

namespace {

/// The mean over all subsets of n samples of the measure of the subset's best; of equal bests, their mean.
double by_brute_force(const std::vector<double>& choose, const std::vector<double>& measure, int n) {
    double sum = 0;
    double subsets = 0;
    for (std::uint32_t subset = 0; subset < (1U << choose.size()); ++subset) {
        if (std::popcount(subset) != n) continue;
        double best = -1e300;
        double of_best = 0;
        double bests = 0;
        for (std::size_t i = 0; i < choose.size(); ++i) {
            if ((subset >> i & 1U) == 0 || choose[i] < best) continue;
            if (choose[i] > best) bests = of_best = 0;
            best = choose[i];
            of_best += measure[i];
            bests += 1;
        }
        sum += of_best / bests;
        subsets += 1;
    }
    return sum / subsets;
}

}  // namespace

TEST_SUITE("safety.reward") {
    TEST_CASE("the divergence of the best of n has hand-computed values") {
        CHECK(best_of_n_kl(1) == 0);
        CHECK(best_of_n_kl(2) == doctest::Approx(0.6931471805599453 - 0.5).epsilon(1e-14));
        CHECK(best_of_n_kl(10) == doctest::Approx(2.302585092994046 - 0.9).epsilon(1e-14));
        CHECK(best_of_n_kl(64) == doctest::Approx(4.1588830833596715 - 0.984375).epsilon(1e-14));
    }

    TEST_CASE("the expected maximum of four numbers is computed by hand") {
        const std::vector<double> scores = {4, 1, 8, 2};
        CHECK(expected_best(scores, scores, 1) == doctest::Approx(3.75));
        // Pairs: 1 has maximum 2, 2 have 4, 3 have 8.
        CHECK(expected_best(scores, scores, 2) == doctest::Approx((2 + 2 * 4 + 3 * 8) / 6.0));
        // Threes: 1 has maximum 4, 3 have 8.
        CHECK(expected_best(scores, scores, 3) == doctest::Approx((4 + 3 * 8) / 4.0));
        CHECK(expected_best(scores, scores, 4) == doctest::Approx(8));
    }

    TEST_CASE("the expected best agrees with all subsets written out with and without equal scores") {
        std::vector<double> choose;
        std::vector<double> rounded;  // with equal scores
        std::vector<double> measure;
        for (std::uint64_t i = 0; i < 11; ++i) {
            choose.push_back(normal_at(1, i));
            rounded.push_back(std::round(choose.back()));
            measure.push_back(normal_at(2, i));
        }
        for (int n = 1; n <= 11; ++n) {
            CAPTURE(n);
            const auto size = static_cast<std::size_t>(n);
            CHECK(expected_best(choose, choose, size) ==
                  doctest::Approx(by_brute_force(choose, choose, n)).epsilon(1e-12));
            CHECK(expected_best(choose, measure, size) ==
                  doctest::Approx(by_brute_force(choose, measure, n)).epsilon(1e-12));
            CHECK(expected_best(rounded, measure, size) ==
                  doctest::Approx(by_brute_force(rounded, measure, n)).epsilon(1e-12));
        }
    }

    TEST_CASE("weights of thousands of samples do not overflow") {
        // The scores 1 to K: the expected maximum of n without replacement is n (K + 1) / (n + 1).
        std::vector<double> scores(5000);
        for (std::size_t i = 0; i < scores.size(); ++i) scores[i] = static_cast<double>(i + 1);
        for (const std::size_t n : {1UL, 2UL, 100UL, 2500UL, 4999UL, 5000UL}) {
            const auto count = static_cast<double>(n);
            CHECK(expected_best(scores, scores, n) == doctest::Approx(count * 5001 / (count + 1)).epsilon(1e-12));
        }
    }

    TEST_CASE("a curve has means over prompts with their standard errors and the gap to the other model") {
        // Best of 1: prompt means 1, 3 (choose) and 0, 4 (measure). Best of 2: 2, 3 and -1, 5.
        const std::vector<ScoredSamples> prompts = {{{0, 2}, {1, -1}}, {{3, 3, 3}, {2, 5, 5}}};
        const std::vector<BestOfN> curve = best_of_n_curve(prompts);
        REQUIRE(curve.size() == 2);  // the first prompt has two samples
        CHECK(curve[0].chosen.mean == doctest::Approx(2));
        CHECK(curve[0].chosen.standard_error == doctest::Approx(1));  // sd of 1 and 3 is sqrt 2, over sqrt 2
        CHECK(curve[0].measured.mean == doctest::Approx(2));
        CHECK(curve[0].gap.mean == doctest::Approx(0));
        CHECK(curve[0].gap.standard_error == doctest::Approx(1));  // gaps 1 and -1
        CHECK(curve[1].n == 2);
        CHECK(curve[1].chosen.mean == doctest::Approx(2.5));
        CHECK(curve[1].measured.mean == doctest::Approx(1.5));  // -1 and 4: all three are equally good by choose
        CHECK(curve[1].gap.mean == doctest::Approx(1));
        CHECK(curve[1].kl == best_of_n_kl(2));
    }

    TEST_CASE("choosing by a noisy copy of the truth promises more than it gives") {
        std::vector<ScoredSamples> prompts;
        for (std::uint64_t prompt = 0; prompt < 200; ++prompt) {
            ScoredSamples samples;
            for (std::uint64_t i = 0; i < 16; ++i) {
                const double quality = normal_at(11, 16 * prompt + i);
                samples.choose.push_back(quality + normal_at(12, 16 * prompt + i));
                samples.measure.push_back(quality + normal_at(13, 16 * prompt + i));
            }
            prompts.push_back(samples);
        }
        const std::vector<BestOfN> curve = best_of_n_curve(prompts);
        // The expected maximum of 16 standard normal numbers is 1.766 (order statistics tables). Scores have variance 2
        // and correlation 1/2, so the expectation is 1.766 sqrt 2 = 2.497 by the chooser and half of it by the other.
        CHECK(std::abs(curve[15].chosen.mean - 2.497) < 4 * curve[15].chosen.standard_error);
        CHECK(std::abs(curve[15].measured.mean - 1.2487) < 4 * curve[15].measured.standard_error);
        CHECK(curve[15].gap.mean > 10 * curve[15].gap.standard_error);
        CHECK(std::abs(curve[0].gap.mean) < 4 * curve[0].gap.standard_error);
    }

    TEST_CASE("impossible numbers of samples are refused") {
        CHECK_THROWS_AS(expected_best(std::vector<double>{1}, std::vector<double>{1}, 0), RewardError);
        CHECK_THROWS_AS(expected_best(std::vector<double>{1}, std::vector<double>{1}, 2), RewardError);
        CHECK_THROWS_AS(expected_best(std::vector<double>{1}, std::vector<double>{}, 1), RewardError);
        CHECK_THROWS_WITH_AS(best_of_n_curve({}), "best of n: no prompts", RewardError);
        CHECK_THROWS_WITH_AS(best_of_n_curve(std::vector<ScoredSamples>{{{1}, {1}}, {{1, 2}, {1}}}),
                             doctest::Contains("prompt 1 has 2 and 1 scores"), RewardError);
    }
}
