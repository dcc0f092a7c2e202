#include "reports/statistics/betting_sequence.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <cstdlib>
#include <string>

#include "reports/statistics/counter_random.hpp"

using doctest::Approx;
using namespace reports::statistics;

namespace {

/// Simulated values of a mean: points of votes (1, .5, 0), or shares between.
double value(std::uint64_t study, std::uint64_t index, double mean) {
    const double u = random_unit(random_bits(17, study, index));
    constexpr double kTies = 0.2;
    const double win = mean - kTies / 2;
    return u < win ? 1 : u < win + kTies ? 0.5 : 0;
}

}  // namespace

TEST_SUITE("reports.betting_sequence") {
    TEST_CASE("the interval is that of the paper's formulas") {
        // NumPy, from the formulas, on the same grid: 0.4 to 0.801 after 50 values, 0.485 to 0.72 after 200.
        BettingSequence sequence;
        for (std::size_t i = 0; i < 200; ++i) {
            sequence.add(i * 7 % 10 < 6 ? 1 : 0);
            if (i == 49) {
                CHECK(sequence.interval().low == Approx(0.4));
                CHECK(sequence.interval().high == Approx(0.801));
            }
        }
        CHECK(sequence.interval().low == Approx(0.485));
        CHECK(sequence.interval().high == Approx(0.72));
        CHECK(sequence.values() == 200);
    }

    TEST_CASE("it starts with everything and never widens") {
        BettingSequence sequence(0.05, 100);
        CHECK(sequence.interval().low == 0);
        CHECK(sequence.interval().high == 1);
        auto before = sequence.interval();
        for (std::uint64_t i = 0; i < 300; ++i) {
            sequence.add(value(1, i, 0.6));
            CHECK(sequence.interval().low >= before.low);
            CHECK(sequence.interval().high <= before.high);
            before = sequence.interval();
        }
        CHECK(before.high - before.low < 0.25);
    }

    TEST_CASE("values that contradict each other leave an interval that is not empty") {
        BettingSequence sequence(0.05, 50);
        for (std::size_t i = 0; i < 400; ++i) sequence.add(i < 200 ? 0 : 1);
        CHECK(sequence.interval().low <= sequence.interval().high);
    }

    TEST_CASE("turning the values round turns the interval round") {
        BettingSequence sequence(0.05, 200);
        BettingSequence turned(0.05, 200);
        for (std::uint64_t i = 0; i < 150; ++i) {
            sequence.add(value(2, i, 0.7));
            turned.add(1 - value(2, i, 0.7));
        }
        CHECK(sequence.interval().low == Approx(1 - turned.interval().high));
        CHECK(sequence.interval().high == Approx(1 - turned.interval().low));
    }

    TEST_CASE("looking after every value errs in at most one study of twenty") {
        const char* wanted = std::getenv("BELLWETHER_SIMULATIONS");
        const std::size_t studies = wanted != nullptr ? std::stoul(wanted) : 100;
        const std::size_t values = wanted != nullptr ? 2000 : 300;
        for (const double mean : {0.5, 0.65, 0.85}) {
            CAPTURE(mean);
            std::size_t missed = 0;
            std::size_t decided = 0;  // studies whose interval leaves 1/2 out
            double looked = 0;        // values until then
            for (std::size_t study = 0; study < studies; ++study) {
                BettingSequence sequence(0.05, 100);
                bool is_open = true;
                for (std::size_t i = 0; i < values && is_open; ++i) {
                    sequence.add(value(study + 100, i, mean));
                    is_open = mean == 0.5 || (sequence.interval().low <= 0.5 && sequence.interval().high >= 0.5);
                }
                const auto interval = sequence.interval();
                missed += interval.low > mean || interval.high < mean ? 1 : 0;
                decided += is_open ? 0 : 1;
                looked += static_cast<double>(sequence.values());
            }
            // At most 5 %, and never more than four standard errors above.
            const auto n = static_cast<double>(studies);
            CHECK(static_cast<double>(missed) <= 0.05 * n + 4 * std::sqrt(0.05 * 0.95 * n));
            if (mean > 0.5) CHECK(static_cast<double>(decided) >= 0.9 * n);
            if (wanted != nullptr)
                MESSAGE("mean " << mean << ": missed " << static_cast<double>(missed) / n << ", decided " << decided
                                << " after " << looked / n << " values");
        }
    }
}
