#include "engine/bench/growth_fit.hpp"

#include <doctest/doctest.h>

#include <vector>

using engine::bench::fit_growth;
using engine::bench::GrowthSample;

TEST_SUITE("engine.growth") {
    TEST_CASE("the fit of exact growth is that growth") {
        std::vector<GrowthSample> samples;
        for (const double tokens : {16.0, 64.0, 256.0, 512.0}) {
            for (const double cached : {0.0, 1024.0}) {
                const double positions = tokens * (cached + (tokens + 1) / 2);
                samples.push_back({tokens, positions, 0.004 + 0.0125 * tokens + 3e-7 * positions});
            }
        }
        const auto fit = fit_growth(samples);
        REQUIRE(fit);
        CHECK(fit->per_forward == doctest::Approx(0.004));
        CHECK(fit->per_token == doctest::Approx(0.0125));
        CHECK(fit->per_position == doctest::Approx(3e-7));
        CHECK(fit->r_squared == doctest::Approx(1));
    }

    TEST_CASE("times that do not grow linearly are distinguished from times that do") {
        std::vector<GrowthSample> samples;
        double sign = 1;
        for (const double tokens : {10.0, 20.0, 30.0, 40.0, 50.0, 60.0}) {
            samples.push_back({tokens, tokens * tokens, 1 + sign});
            sign = -sign;
        }
        const auto fit = fit_growth(samples);
        REQUIRE(fit);
        CHECK(fit->r_squared < 0.5);
    }

    TEST_CASE("samples in which tokens and positions vary together have no fit") {
        std::vector<GrowthSample> samples;
        for (const double tokens : {8.0, 16.0, 32.0, 64.0, 128.0}) samples.push_back({tokens, tokens * 100, tokens});
        CHECK(!fit_growth(samples));
        CHECK(!fit_growth(std::vector<GrowthSample>{{1, 1, 1}, {2, 4, 2}, {3, 9, 3}}));
        CHECK(!fit_growth({}));
    }
}
