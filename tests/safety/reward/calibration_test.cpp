#include "safety/reward/calibration.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <vector>

#include "tests/safety/reward/planted.hpp"

using namespace safety::reward;

TEST_SUITE("safety.reward") {
    // Expected: scipy.optimize.brentq on the derivative of the mean of logaddexp(0, -a d), T = 1 / a.
    TEST_CASE("the temperature minimises the log loss") {
        const std::vector<double> differences = {2, -1, 0.5, 3, -0.25, 1.5, 0.75, -2, 4, 1};
        const double temperature = fit_temperature(differences);
        CHECK(temperature == doctest::Approx(1.557844543583).epsilon(1e-11));
        std::vector<double> calibrated = differences;
        for (double& difference : calibrated) difference /= temperature;
        CHECK(preference_log_loss(calibrated) == doctest::Approx(0.55969944225468).epsilon(1e-13));
    }

    TEST_CASE("the temperature follows the unit of the scores") {
        std::vector<double> differences = {2, -1, 0.5, 3, -0.25, 1.5, 0.75, -2, 4, 1};
        for (double& difference : differences) difference *= 1e8;
        CHECK(fit_temperature(differences) == doctest::Approx(1.557844543583e8).epsilon(1e-11));
    }

    TEST_CASE("scores without a best temperature get the end of the range") {
        // Root mean square 2, so the range is 2e-3 to 2e3.
        CHECK(fit_temperature(std::vector<double>{2, 2, 2}) == doctest::Approx(2e-3));
        CHECK(fit_temperature(std::vector<double>{-2, -2, -2}) == doctest::Approx(2e3));
        CHECK(fit_temperature(std::vector<double>{0, 0}) == 1);
        CHECK(fit_temperature({}) == 1);
    }

    TEST_CASE("the temperature of planted preferences is the factor of their logits") {
        std::vector<double> differences;
        for (std::uint64_t i = 0; i < 20000; ++i) {
            const double logit = 2 * normal_at(3, i);
            const bool agrees = uniform_at(4, i) < sigmoid(logit);
            differences.push_back((agrees ? 2.5 : -2.5) * logit);
        }
        // Standard error of the temperature, from the Fisher information of 20,000 pairs: 0.04.
        CHECK(fit_temperature(differences) == doctest::Approx(2.5).epsilon(0.06));
    }

    TEST_CASE("reliability bins and calibration error and Brier score of a hand-made example") {
        // Bins of width 1/30 from 0.5: 0.52 is in bin 0, 0.6 = 0.5 + 3/30 in bin 3, 0.9 and 0.92 in bin 12.
        const std::vector<Forecast> forecasts = {{0.52, 1}, {0.61, 0}, {0.39, 0}, {0.91, 1}, {0.92, 1}, {0.09, 1}};
        const std::vector<ReliabilityBin> bins = reliability(forecasts);
        REQUIRE(bins.size() == 15);
        CHECK(bins[0].low == 0.5);
        CHECK(bins[14].high == 1);
        CHECK(bins[0].count == 1);
        CHECK(bins[0].observed == 1);
        CHECK(bins[3].count == 2);  // 0.61 predicts 1 and is wrong; 0.39 predicts 0 with confidence 0.61 and is right
        CHECK(bins[3].predicted == doctest::Approx(0.61));
        CHECK(bins[3].observed == 0.5);
        CHECK(bins[12].count == 3);
        CHECK(bins[12].predicted == doctest::Approx((0.91 + 0.92 + 0.91) / 3));
        CHECK(bins[12].observed == doctest::Approx(2.0 / 3));
        // (|1 - 0.52| + 2 |0.5 - 0.61| + |2 - 2.74|) / 6 = (0.48 + 0.22 + 0.74) / 6
        CHECK(calibration_error(bins) == doctest::Approx(0.24).epsilon(1e-12));
        // (0.48^2 + 0.61^2 + 0.39^2 + 0.09^2 + 0.08^2 + 0.91^2) / 6
        CHECK(brier(forecasts) ==
              doctest::Approx((0.2304 + 0.3721 + 0.1521 + 0.0081 + 0.0064 + 0.8281) / 6).epsilon(1e-12));
    }

    TEST_CASE("undecided and certain forecasts are in the first and the last bin") {
        const std::vector<ReliabilityBin> bins = reliability(std::vector<Forecast>{{0.5, 1}, {1, 1}, {0, 0}});
        CHECK(bins[0].count == 1);
        CHECK(bins[0].observed == 0.5);
        CHECK(bins[14].count == 2);
        CHECK(bins[14].observed == 1);
        CHECK(calibration_error(bins) == 0);
        CHECK(calibration_error(reliability({})) == 0);
    }

    TEST_CASE("preferences are forecasts that the chosen answer wins") {
        const std::vector<Forecast> forecasts = preference_forecasts(std::vector<double>{0, std::log(3.0)});
        CHECK(forecasts[0].probability == 0.5);
        CHECK(forecasts[1].probability == doctest::Approx(0.75));
        CHECK(forecasts[1].outcome == 1);
    }
}
