// Gates of simulated pairs: how often they fail without a drop, and with one.

#include <doctest/doctest.h>

#include <algorithm>

#include "reports/statistics/multiple.hpp"
#include "reports/statistics/unconditional.hpp"
#include "tests/reports/simulation/simulated.hpp"

using namespace reports_test;
using reports::statistics::chance_to_fail;
using reports::statistics::margin_test;
using reports::statistics::MarginTestKind;

namespace {

constexpr double kLevel = 0.05;

struct SimulatedGate {
    MarginTestKind kind = MarginTestKind::McNemar;
    std::size_t items = 1319;
    double changing = 0.1;
    double margin = 0;
};

double simulated_p(std::mt19937_64& random, const SimulatedGate& gate, double drop) {
    const PairsChanged changed = changed_pairs(random, gate.items, gate.changing, drop);
    return margin_test(differences_of(changed, gate.items), gate.margin, kLevel, gate.kind)->p_drop;
}

/// Share of gates over some suites of which all have this drop that fail, with Holm's correction.
double share_of_gates_failing(const SimulatedGate& gate, std::size_t suites, double drop, std::size_t repetitions) {
    std::mt19937_64 random(11);
    std::size_t failed = 0;
    for (std::size_t repetition = 0; repetition < repetitions; ++repetition) {
        std::vector<double> p(suites);
        for (double& each : p) each = simulated_p(random, gate, drop);
        const std::vector<double> adjusted = reports::statistics::holm(p);
        failed += *std::min_element(adjusted.begin(), adjusted.end()) <= kLevel ? 1 : 0;
    }
    return static_cast<double>(failed) / static_cast<double>(repetitions);
}

const char* name_of_kind(MarginTestKind kind) {
    if (kind == MarginTestKind::McNemar) return "McNemar, exact";
    if (kind == MarginTestKind::Unconditional) return "unconditional, exact";
    return kind == MarginTestKind::Score ? "Tango's score test" : "mean";
}

}  // namespace

TEST_SUITE("reports.simulation") {
    TEST_CASE("gates without a drop fail at most at their level over one suite and over twelve") {
        const std::size_t repetitions = simulations(400);
        for (const std::size_t items : {100UL, 1319UL}) {
            for (const SimulatedGate& gate :
                 {SimulatedGate{.kind = MarginTestKind::McNemar, .items = items},
                  SimulatedGate{.kind = MarginTestKind::Unconditional, .items = items},
                  SimulatedGate{.kind = MarginTestKind::Score, .items = items, .margin = 0.01},
                  SimulatedGate{.kind = MarginTestKind::Mean, .items = items, .margin = 0.01}}) {
                for (const std::size_t suites : {1UL, 12UL}) {
                    // The largest drop that is no regression is the margin itself.
                    const std::size_t runs = suites == 1 ? repetitions : std::min<std::size_t>(repetitions, 10'000);
                    const bool slow = gate.kind == MarginTestKind::Unconditional && !figures_wanted();
                    const std::size_t used = slow ? runs / 8 : runs;
                    const double share = share_of_gates_failing(gate, suites, gate.margin, used);
                    CAPTURE(std::string(name_of_kind(gate.kind)));
                    CAPTURE(items);
                    CAPTURE(suites);
                    CHECK(share <= kLevel + four_errors(kLevel, used));
                    if (figures_wanted())
                        MESSAGE("false failures: " << std::string(name_of_kind(gate.kind)) << ", " << items
                                                   << " items, margin " << gate.margin << ", " << suites
                                                   << " suites: " << share);
                }
            }
        }
    }

    TEST_CASE("the power of simulated gates is within two points of what was said") {
        const std::size_t repetitions = simulations(400);
        for (const std::size_t items : {200UL, 1319UL}) {
            for (const SimulatedGate& gate :
                 {SimulatedGate{.kind = MarginTestKind::McNemar, .items = items},
                  SimulatedGate{.kind = MarginTestKind::Unconditional, .items = items},
                  SimulatedGate{.kind = MarginTestKind::Score, .items = items, .margin = 0.01},
                  SimulatedGate{.kind = MarginTestKind::Mean, .items = items}}) {
                for (const double drop : {0.01, 0.02, 0.03, 0.05}) {
                    if (gate.margin >= drop) continue;
                    const double spread =
                        gate.kind == MarginTestKind::Mean ? std::sqrt(gate.changing - drop * drop) : gate.changing;
                    const double said = chance_to_fail(
                        {.kind = gate.kind, .items = items, .spread = spread, .margin = gate.margin, .level = kLevel},
                        drop);
                    const bool slow = gate.kind == MarginTestKind::Unconditional && !figures_wanted();
                    const std::size_t used = slow ? repetitions / 8 : repetitions;
                    const double share = share_of_gates_failing(gate, 1, drop, used);
                    CAPTURE(std::string(name_of_kind(gate.kind)));
                    CAPTURE(items);
                    CAPTURE(drop);
                    CHECK(std::abs(share - said) <= 0.02 + four_errors(0.5, used));
                    if (figures_wanted())
                        MESSAGE("power: " << std::string(name_of_kind(gate.kind)) << ", " << items << " items, margin "
                                          << gate.margin << ", drop " << drop << ": said " << said << ", found "
                                          << share);
                }
            }
        }
    }
}
