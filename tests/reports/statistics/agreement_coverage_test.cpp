#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <string>

#include "reports/statistics/agreement.hpp"
#include "reports/statistics/counter_random.hpp"

using namespace reports::statistics;

namespace {

/// A simulated study of three raters on a 5-point scale. An item's own value is 5 - 4 u^skew with u uniform, so that a
/// large skew makes low ratings rare; a rater adds the sum of two uniform errors within -0.6 to 0.6, and misses one
/// item of ten.
Ratings study(std::uint64_t seed, std::size_t items, double skew) {
    Ratings ratings{.scores = {1, 2, 3, 4, 5}, .items = {}};
    for (std::size_t item = 0; item < items; ++item) {
        const auto uniform = [&](std::uint64_t stream) { return random_unit(random_bits(seed, stream, item)); };
        const double own = 5 - 4 * std::pow(uniform(0), skew);
        ratings.items.emplace_back();
        for (std::uint64_t rater = 1; rater <= 3; ++rater) {
            const double seen = own + 1.2 * (uniform(rater) + uniform(rater + 10) - 1);
            const long point = std::clamp(std::lround(seen), 1L, 5L);
            const bool missed = uniform(rater + 20) < 0.1;
            ratings.items.back().push_back(missed ? std::nullopt : std::optional(static_cast<std::size_t>(point - 1)));
        }
    }
    return ratings;
}

}  // namespace

TEST_SUITE("reports.agreement") {
    TEST_CASE("the bootstrap of AC2 covers in simulated studies") {
        constexpr std::size_t kStudyItems = 100;
        constexpr std::size_t kManyItems = 300'000;
        constexpr AgreementMeasure kAc2{Coefficient::GwetAc, Weights::Ordinal};
        const char* wanted = std::getenv("BELLWETHER_SIMULATIONS");
        const std::size_t studies = wanted != nullptr ? std::stoul(wanted) : 200;
        // Four standard errors of a coverage of .95 from 200 studies are .06.
        const double tolerance = wanted != nullptr ? 0.02 : 0.06;
        for (const double skew : {1.0, 3.0, 8.0}) {
            CAPTURE(skew);
            const double truth = std::get<Agreement>(agreement(study(0, kManyItems, skew), kAc2)).value;
            double covered = 0;
            for (std::size_t seed = 1; seed <= studies; ++seed) {
                BootstrapSettings settings = kAgreementBootstrap;
                settings.resamples = 1000;
                const auto bootstrap = bootstrap_agreement95(study(seed, kStudyItems, skew), kAc2, {}, settings);
                REQUIRE(bootstrap);
                covered += bootstrap->ci95.low <= truth && truth <= bootstrap->ci95.high ? 1 : 0;
            }
            const double coverage = covered / static_cast<double>(studies);
            CHECK(std::abs(coverage - 0.95) <= tolerance);
            if (wanted != nullptr) MESSAGE("AC2 of " << truth << ": covers " << coverage);
        }
    }
}
