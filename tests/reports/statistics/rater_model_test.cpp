#include "reports/statistics/rater_model.hpp"

#include <doctest/doctest.h>

#include <cmath>

#include "reports/statistics/counter_random.hpp"
#include "reports/statistics/rank_correlation.hpp"

using doctest::Approx;
using namespace reports::statistics;

namespace {

constexpr std::optional<std::size_t> kNotRated = std::nullopt;

Ratings small() {
    return {.scores = {1, 2, 3},
            .items = {{0, 0, 1, 0},
                      {2, 2, 2, 1},
                      {1, 1, 0, kNotRated},
                      {2, 1, 2, 0},
                      {0, 0, 0, 2},
                      {1, 2, 1, 1},
                      {2, 2, 2, 2},
                      {0, 1, 0, 0},
                      {1, 1, 2, 0},
                      {2, 2, 1, kNotRated},
                      {0, 0, 0, 1},
                      {2, 2, 2, 2}}};
}

void check(const std::vector<double>& values, const std::vector<double>& expected, double tolerance) {
    REQUIRE(values.size() == expected.size());
    for (std::size_t i = 0; i < values.size(); ++i) {
        CAPTURE(i);
        CHECK(std::abs(values[i] - expected[i]) <= tolerance);
    }
}

/// A study in which rater r follows the items with ability (r + 1) / 4 (five raters, 5-point scale).
Ratings study(std::size_t items) {
    Ratings ratings{.scores = {1, 2, 3, 4, 5}, .items = {}};
    for (std::size_t item = 0; item < items; ++item) {
        const auto uniform = [item](std::uint64_t stream) { return random_unit(random_bits(5, stream, item)); };
        // The sum of twelve uniform numbers less 6 is nearly normal.
        double position = -6;
        for (std::uint64_t i = 0; i < 12; ++i) position += uniform(i);
        ratings.items.emplace_back();
        for (std::size_t rater = 0; rater < 5; ++rater) {
            const double u = uniform(100 + rater);
            const double seen = static_cast<double>(rater + 1) / 2 * position + std::log(u / (1 - u));
            const double point = std::floor(seen + 2.5);
            ratings.items.back().push_back(static_cast<std::size_t>(std::min(4.0, std::max(0.0, point))));
        }
    }
    return ratings;
}

}  // namespace

TEST_SUITE("reports.rater_model") {
    TEST_CASE("abilities and positions are those of an independent optimisation") {
        // scipy.optimize.minimize (BFGS) of the same marginal likelihood, written in NumPy
        const auto model = rater_model(small());
        REQUIRE(model);
        CHECK(model->has_converged);
        std::vector<double> abilities;
        std::vector<double> leniencies;
        for (const RaterAbility& rater : model->raters) {
            abilities.push_back(rater.ability);
            leniencies.push_back(rater.leniency);
        }
        check(abilities, {1.38398787, 1.21784906, 1.2143539, 0.8337306}, 2e-3);
        check(leniencies, {0.02563232, 0.1361647, 0.01931937, -0.18026374}, 2e-3);
        std::vector<double> means;
        for (const ItemPosition& item : model->items) means.push_back(item.mean);
        check(means,
              {-1.05303863, 1.04479175, -0.42833591, 0.3895089, -1.02070806, 0.19128019, 1.38537562, -1.05886298,
               -0.01643833, 0.6777255, -1.20057003, 1.38537562},
              2e-3);
        CHECK(model->items[0].standard_deviation == Approx(0.64969741).epsilon(2e-3));
        check(model->shares, {0.31887344, 0.29684902, 0.38427753}, 1e-3);
        CHECK(model->raters[3].ratings == 10);
    }

    TEST_CASE("raters are ordered by how well they follow the items") {
        const auto model = rater_model(study(400));
        REQUIRE(model);
        for (std::size_t rater = 1; rater < 5; ++rater)
            CHECK(model->raters[rater].ability > model->raters[rater - 1].ability);
    }

    TEST_CASE("a rater who turns the scale round has a negative ability") {
        Ratings ratings = study(300);
        for (auto& item : ratings.items) item[4] = 4 - *item[4];
        CHECK(rater_model(ratings)->raters[4].ability < 0);
    }

    TEST_CASE("an unused category changes nothing and has no share") {
        Ratings wider = small();
        wider.scores = {1, 2, 3, 4};
        for (auto& item : wider.items) {
            for (auto& category : item) {
                if (category && *category > 0) ++*category;
            }
        }
        const auto narrow_model = rater_model(small());
        const auto wide_model = rater_model(wider);
        REQUIRE(wide_model);
        CHECK(wide_model->raters[0].ability == narrow_model->raters[0].ability);
        CHECK(wide_model->shares[1] == 0);
        CHECK(wide_model->shares[2] == narrow_model->shares[1]);
    }

    TEST_CASE("what has no two ratings or no two categories has no model") {
        CHECK_FALSE(rater_model({}));
        CHECK_FALSE(rater_model({.scores = {1, 2}, .items = {{0, kNotRated}, {kNotRated, 1}}}));
        CHECK_FALSE(rater_model({.scores = {1, 2}, .items = {{0, 0}, {0, 0}}}));
    }
}
