// Gates of simulated pairs: how often they fail without a drop, and with one.

#include <doctest/doctest.h>

#include <algorithm>
#include <map>
#include <utility>

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

/// p values of simulated suites. Each of a gate's few thousand outcomes is tested once.
class SimulatedSuites {
public:
    explicit SimulatedSuites(const SimulatedGate& gate) : gate_(gate) {}

    const SimulatedGate& gate() const { return gate_; }

    double p(std::mt19937_64& random, double drop) {
        const PairsChanged changed = changed_pairs(random, gate_.items, gate_.changing, drop);
        const auto [known, added] = p_of_.try_emplace({changed.better, changed.worse}, 0);
        if (added)
            known->second = margin_test(differences_of(changed, gate_.items), gate_.margin, kLevel, gate_.kind)->p_drop;
        return known->second;
    }

private:
    SimulatedGate gate_;
    std::map<std::pair<std::size_t, std::size_t>, double> p_of_;
};

/// Share of gates over some suites of which all have this drop that fail, with Holm's correction.
double share_of_gates_failing(SimulatedSuites& simulated, std::size_t suites, double drop, std::size_t repetitions) {
    std::mt19937_64 random(11);
    std::size_t failed = 0;
    for (std::size_t repetition = 0; repetition < repetitions; ++repetition) {
        std::vector<double> p(suites);
        for (double& each : p) each = simulated.p(random, drop);
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

void check_false_failures(SimulatedSuites& simulated, std::size_t suites, std::size_t repetitions) {
    // The largest drop that is no regression is the margin itself.
    const SimulatedGate& gate = simulated.gate();
    const double share = share_of_gates_failing(simulated, suites, gate.margin, repetitions);
    CAPTURE(std::string(name_of_kind(gate.kind)));
    CAPTURE(gate.items);
    CAPTURE(suites);
    CHECK(share <= kLevel + four_errors(kLevel, repetitions));
    if (figures_wanted())
        MESSAGE("false failures: " << std::string(name_of_kind(gate.kind)) << ", " << gate.items << " items, margin "
                                   << gate.margin << ", " << suites << " suites: " << share);
}

void check_power(SimulatedSuites& simulated, double drop, std::size_t repetitions) {
    const SimulatedGate& gate = simulated.gate();
    const double spread = gate.kind == MarginTestKind::Mean ? std::sqrt(gate.changing - drop * drop) : gate.changing;
    const double said = chance_to_fail(
        {.kind = gate.kind, .items = gate.items, .spread = spread, .margin = gate.margin, .level = kLevel}, drop);
    const double share = share_of_gates_failing(simulated, 1, drop, repetitions);
    CAPTURE(std::string(name_of_kind(gate.kind)));
    CAPTURE(gate.items);
    CAPTURE(drop);
    CHECK(std::abs(share - said) <= 0.02 + four_errors(0.5, repetitions));
    if (figures_wanted())
        MESSAGE("power: " << std::string(name_of_kind(gate.kind)) << ", " << gate.items << " items, margin "
                          << gate.margin << ", drop " << drop << ": said " << said << ", found " << share);
}

/// The exact unconditional test of thousands of outcomes is for soak runs.
std::size_t repetitions_of(const SimulatedGate& gate) {
    return simulations(gate.kind == MarginTestKind::Unconditional ? 50 : 400);
}

}  // namespace

TEST_SUITE("reports.simulation") {
    TEST_CASE("gates without a drop fail at most at their level over one suite and over twelve") {
        for (const std::size_t items : {100UL, 1319UL}) {
            for (const SimulatedGate& gate :
                 {SimulatedGate{.kind = MarginTestKind::McNemar, .items = items},
                  SimulatedGate{.kind = MarginTestKind::Unconditional, .items = items},
                  SimulatedGate{.kind = MarginTestKind::Score, .items = items, .margin = 0.01},
                  SimulatedGate{.kind = MarginTestKind::Mean, .items = items, .margin = 0.01}}) {
                SimulatedSuites simulated(gate);
                check_false_failures(simulated, 1, repetitions_of(gate));
                check_false_failures(simulated, 12, repetitions_of(gate));
            }
        }
    }

    TEST_CASE("the power of simulated gates is within two points of what was said") {
        for (const std::size_t items : {200UL, 1319UL}) {
            for (const SimulatedGate& gate :
                 {SimulatedGate{.kind = MarginTestKind::McNemar, .items = items},
                  SimulatedGate{.kind = MarginTestKind::Unconditional, .items = items},
                  SimulatedGate{.kind = MarginTestKind::Score, .items = items, .margin = 0.01},
                  SimulatedGate{.kind = MarginTestKind::Mean, .items = items}}) {
                SimulatedSuites simulated(gate);
                for (const double drop : {0.01, 0.02, 0.03, 0.05}) {
                    if (gate.margin < drop) check_power(simulated, drop, repetitions_of(gate));
                }
            }
        }
    }
}
