// Sequential gates of simulated pairs: errors, power and how many items they save.

#include <doctest/doctest.h>

#include "reports/statistics/group_sequential.hpp"
#include "reports/statistics/unconditional.hpp"
#include "tests/reports/simulation/simulated.hpp"

using namespace reports_test;
using reports::statistics::chance_to_fail;
using reports::statistics::MarginTestKind;
using reports::statistics::sequential_boundaries;
using reports::statistics::sequential_z;
using reports::statistics::SequentialBoundaries;

namespace {

struct SequentialGate {
    std::size_t items = 1319;
    double changing = 0.1;
    double margin = 0;
    double level = 0.05;
    std::size_t looks = 10;
};

struct SequentialShare {
    double failing = 0;
    double used = 0;  ///< share of the items, on the mean
};

/// z of a look, as the gate takes it.
double z_of_look(const SequentialGate& gate, const PairsChanged& changed, std::size_t items) {
    if (gate.margin <= 0) return sequential_z(reports::statistics::mcnemar_mid_p(changed.worse, changed.better));
    if (changed.better + changed.worse == 0) return 0;
    return -reports::statistics::tango_statistic(changed.better, changed.worse, items, -gate.margin);
}

SequentialShare simulated_sequential(const SequentialGate& gate, double drop, std::size_t repetitions) {
    std::mt19937_64 random(13);
    std::vector<double> fractions;
    std::vector<std::size_t> until;
    for (std::size_t look = 1; look <= gate.looks; ++look) {
        until.push_back(gate.items * look / gate.looks);
        fractions.push_back(static_cast<double>(until.back()) / static_cast<double>(gate.items));
    }
    const SequentialBoundaries boundaries = sequential_boundaries(fractions, gate.level);
    SequentialShare share;
    for (std::size_t repetition = 0; repetition < repetitions; ++repetition) {
        PairsChanged changed;
        for (std::size_t look = 0; look < gate.looks; ++look) {
            const PairsChanged more =
                changed_pairs(random, until[look] - (look == 0 ? 0 : until[look - 1]), gate.changing, drop);
            changed.better += more.better;
            changed.worse += more.worse;
            const double z = z_of_look(gate, changed, until[look]);
            const bool failing = z >= boundaries.proven[look];
            if (!failing && z >= boundaries.futile[look] && look + 1 < gate.looks) continue;
            share.failing += failing ? 1 : 0;
            share.used += fractions[look];
            break;
        }
    }
    share.failing /= static_cast<double>(repetitions);
    share.used /= static_cast<double>(repetitions);
    return share;
}

}  // namespace

TEST_SUITE("reports.simulation") {
    TEST_CASE("a sequential gate keeps its level and saves three tenths of the items at no difference") {
        const std::size_t repetitions = simulations(2000);
        for (const std::size_t items : {200UL, 1319UL, 14000UL}) {
            for (const double level : {0.05, 0.05 / 12}) {
                const SequentialGate gate{.items = items, .level = level};
                const SequentialShare none = simulated_sequential(gate, 0, repetitions);
                CAPTURE(items);
                CAPTURE(level);
                CHECK(none.failing <= level + four_errors(level, repetitions));
                CHECK(none.used <= 0.7 + 0.01);
                if (figures_wanted())
                    MESSAGE("sequential: " << items << " items, level " << level << ", no drop: fails " << none.failing
                                           << ", uses " << none.used);
            }
        }
    }

    TEST_CASE("a sequential gate has the power of the whole test within two points and saves items at large drops") {
        const std::size_t repetitions = simulations(2000);
        for (const std::size_t items : {500UL, 1319UL}) {
            for (const double drop : {0.01, 0.02, 0.03, 0.05}) {
                const SequentialGate gate{.items = items};
                const SequentialShare share = simulated_sequential(gate, drop, repetitions);
                const double said = chance_to_fail(
                    {.kind = MarginTestKind::McNemar, .items = items, .spread = 0.1, .margin = 0, .level = 0.05}, drop);
                CAPTURE(items);
                CAPTURE(drop);
                CHECK(share.failing >= said - 0.02 - four_errors(0.5, repetitions));
                if (drop == 0.05) CHECK(share.used <= 0.7);
                if (figures_wanted())
                    MESSAGE("sequential: " << items << " items, drop " << drop << ": fails " << share.failing
                                           << ", whole test " << said << ", uses " << share.used);
            }
        }
    }

    TEST_CASE("a sequential gate with a margin errs at most at its level where the drop is the margin") {
        const std::size_t repetitions = simulations(2000);
        const SequentialGate gate{.margin = 0.01};
        const SequentialShare at_margin = simulated_sequential(gate, 0.01, repetitions);
        const SequentialShare none = simulated_sequential(gate, 0, repetitions);
        CHECK(at_margin.failing <= 0.05 + four_errors(0.05, repetitions));
        CHECK(none.used <= 0.7);
        if (figures_wanted())
            MESSAGE("sequential with a margin of .01: at the margin fails "
                    << at_margin.failing << ", uses " << at_margin.used << "; no drop: fails " << none.failing
                    << ", uses " << none.used);
    }
}
