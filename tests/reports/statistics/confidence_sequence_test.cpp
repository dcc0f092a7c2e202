#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <random>
#include <span>
#include <string>
#include <vector>

#include "reports/statistics/confidence_sequence.hpp"

using reports::statistics::sequential_mean;
using reports::statistics::SequentialPlan;

namespace {

/// Scores of items: the mean of three ratings that win, tie or lose, with the item's own tendency.
std::vector<double> simulated(std::mt19937_64& random, std::size_t items, double advantage) {
    std::uniform_real_distribution<double> unit(0, 1);
    std::normal_distribution<double> normal(0, 0.25);
    std::vector<double> scores(items);
    for (double& score : scores) {
        const double win = 0.34 + advantage + normal(random);
        for (int rater = 0; rater < 3; ++rater) {
            const double drawn = unit(random);
            score += (drawn < win ? 1.0 : (drawn < win + 0.32 ? 0.5 : 0.0)) / 3;
        }
    }
    return scores;
}

std::size_t simulations() {
    const char* text = std::getenv("BELLWETHER_SIMULATIONS");
    return text == nullptr ? 1000 : std::strtoul(text, nullptr, 10);
}

/// The first place at which the interval leaves one half out; the number of observations and one where it never does.
std::size_t decided_at(const std::vector<double>& scores, const SequentialPlan& plan) {
    std::size_t low = 0;
    std::size_t high = scores.size();  // what is decided stays decided, so that the place can be halved
    const auto decides = [&](std::size_t n) {
        const auto mean = sequential_mean(std::span(scores).first(n), plan);
        return mean.interval.low > plan.question || mean.interval.high < plan.question;
    };
    if (!decides(high)) return scores.size() + 1;
    while (low + 1 < high) {
        const std::size_t middle = (low + high) / 2;
        (decides(middle) ? high : low) = middle;
    }
    return high;
}

/// What studies with a true advantage of so much need until they stop, as a share of all their items.
struct Need {
    double used = 0;
    double decided = 0;  ///< share of studies
};

Need need(std::mt19937_64& random, double advantage, std::size_t studies) {
    constexpr std::size_t kItems = 500;
    Need sum;
    for (std::size_t i = 0; i < studies; ++i) {
        const std::size_t at = decided_at(simulated(random, kItems, advantage), {.observations = kItems});
        sum.used += static_cast<double>(std::min(at, kItems)) / kItems;
        sum.decided += at > kItems ? 0 : 1;
    }
    return {sum.used / static_cast<double>(studies), sum.decided / static_cast<double>(studies)};
}

}  // namespace

TEST_SUITE("reports.statistics") {
    TEST_CASE("a sequential mean agrees with the formula written out term by term") {
        // NumPy, from the formulas: sums of logarithms and halving.
        std::vector<double> scores(60);
        for (std::size_t i = 0; i < scores.size(); ++i)
            scores[i] = i % 3 == 0 ? 1.0 : static_cast<double>(i * 7 % 10) / 9;
        const auto mean = sequential_mean(scores, {.observations = 60});
        CHECK(mean.observations == 60);
        CHECK(mean.mean == doctest::Approx(2.0 / 3));
        CHECK(mean.interval.low == doctest::Approx(0.5186913));
        CHECK(mean.interval.high == doctest::Approx(0.7818241));
        const auto strict = sequential_mean(scores, {.observations = 60, .level = 0.01});
        CHECK(strict.interval.low == doctest::Approx(0.5033234));
        CHECK(strict.interval.high == doctest::Approx(0.8012889));
        const auto longer = sequential_mean(scores, {.observations = 400});
        CHECK(longer.interval.low == doctest::Approx(0.5124983));
        CHECK(longer.interval.high == doctest::Approx(0.8130323));
        const std::vector<double> ones(40, 1.0);
        CHECK(sequential_mean(ones, {.observations = 40}).interval.low == doctest::Approx(0.8858879));
        CHECK(sequential_mean(ones, {.observations = 40}).interval.high == doctest::Approx(1));
    }

    TEST_CASE("nothing is known without observations") {
        const auto mean = sequential_mean({}, {.observations = 10});
        CHECK(mean.interval.low == 0);
        CHECK(mean.interval.high == 1);
    }

    TEST_CASE("turning the observations round turns the interval round") {
        std::mt19937_64 random(5);
        const std::vector<double> scores = simulated(random, 100, 0.1);
        std::vector<double> turned = scores;
        for (double& score : turned) score = 1 - score;
        const auto mean = sequential_mean(scores, {.observations = 100});
        const auto other = sequential_mean(turned, {.observations = 100});
        CHECK(mean.interval.low == doctest::Approx(1 - other.interval.high));
        CHECK(mean.interval.high == doctest::Approx(1 - other.interval.low));
    }

    TEST_CASE("what was decided stays decided and the interval is never empty") {
        std::vector<double> scores(20, 1.0);
        REQUIRE(sequential_mean(scores, {.observations = 300}).interval.low > 0.5);
        for (int i = 0; i < 280; ++i) {
            scores.push_back(0);
            const auto interval = sequential_mean(scores, {.observations = 300}).interval;
            CHECK(interval.low > 0.5);
            CHECK(interval.low <= interval.high);
        }
    }

    TEST_CASE("looking after every observation errs in no more than the promised share of studies") {
        // Where one half is the truth, and where something else is.
        std::mt19937_64 random(1);
        for (const double shift : {0.0, 0.2}) {
            CAPTURE(shift);
            double sum = 0;
            constexpr std::size_t kMany = 400'000;
            for (const double score : simulated(random, kMany, shift)) sum += score;
            const SequentialPlan plan{.observations = 400, .question = shift == 0 ? 0.5 : sum / kMany};
            std::size_t errors = 0;
            for (std::size_t i = 0; i < simulations(); ++i)
                errors += decided_at(simulated(random, 400, shift), plan) <= 400 ? 1 : 0;
            MESSAGE(errors, " of ", simulations(), " studies exclude the truth at some time");
            // At most 5 %, and never more than four standard errors above.
            const auto n = static_cast<double>(simulations());
            CHECK(static_cast<double>(errors) <= 0.05 * n + 4 * std::sqrt(0.05 * 0.95 * n));
        }
    }

    TEST_CASE("where variants differ a study that stops needs at least a quarter fewer items") {
        const bool is_long = std::getenv("BELLWETHER_SIMULATIONS") != nullptr;
        for (const double advantage : {0.0, 0.03, 0.04, 0.05, 0.06, 0.08, 0.12}) {
            if (!is_long && advantage < 0.04) continue;
            CAPTURE(advantage);
            std::mt19937_64 random(2);
            const Need needed = need(random, advantage, is_long ? simulations() : 1000);
            if (is_long) MESSAGE(needed.used << " of the items, decided " << needed.decided);
            if (advantage >= 0.04) CHECK(needed.used <= 0.75);
            if (advantage >= 0.06) CHECK(needed.decided >= 0.85);
        }
    }
}
