#pragma once

#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <random>
#include <string>
#include <vector>

#include "reports/statistics/margin_test.hpp"

namespace reports_test {

/// Repetitions of a simulation: those of BELLWETHER_SIMULATIONS, whose figures are then printed for reports/README.md,
/// or few.
inline std::size_t simulations(std::size_t few) {
    const char* wanted = std::getenv("BELLWETHER_SIMULATIONS");
    return wanted != nullptr ? std::stoul(wanted) : few;
}

inline bool figures_wanted() {
    return std::getenv("BELLWETHER_SIMULATIONS") != nullptr;
}

/// Four standard errors of a share of so many repetitions.
inline double four_errors(double share, std::size_t repetitions) {
    return 4 * std::sqrt(share * (1 - share) / static_cast<double>(repetitions));
}

/// How many of some pairs became better and worse.
struct PairsChanged {
    std::size_t better = 0;
    std::size_t worse = 0;
};

/// `items` pairs of 0/1 scores of which a share changes, with a true drop.
inline PairsChanged changed_pairs(std::mt19937_64& random, std::size_t items, double changing, double drop) {
    if (items == 0) return {};
    const std::size_t differing = std::binomial_distribution<std::size_t>(items, changing)(random);
    if (differing == 0) return {};
    const std::size_t worse =
        std::binomial_distribution<std::size_t>(differing, (changing + drop) / 2 / changing)(random);
    return {differing - worse, worse};
}

inline reports::statistics::Differences differences_of(const PairsChanged& changed, std::size_t items) {
    reports::statistics::Differences differences{.values = std::vector<double>(items, 0.0), .is_binary = true};
    for (std::size_t i = 0; i < changed.better; ++i) differences.values[i] = 1;
    for (std::size_t i = 0; i < changed.worse; ++i) differences.values[changed.better + i] = -1;
    return differences;
}

}  // namespace reports_test
