#include "reports/statistics/group_sequential.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "reports/statistics/normal.hpp"

namespace reports::statistics {
namespace {

constexpr double kSpending = 6;       // exponent; 3 loses 2 points of power, 12 hardly ever stops early
constexpr double kWantedPower = 0.8;  // of a single test, for the difference that a futile look gives up
constexpr double kFutileChance =
    0.12;                             // 0.10 saves 31 % at no difference, 0.12 saves 32 %, 0.2 costs 2 points of power
constexpr double kFirstFutile = 0.2;  // fraction; before, little has been seen
constexpr double kLowest = -6;        // of Brownian motion: it ends below with probability 1e-9
constexpr std::size_t kPoints = 281;  // of the grid between kLowest and the boundary: steps of about 0.03
constexpr double kLeastTime = 1e-3;   // between looks, whose standard deviation is then a step

/// Brownian motion that has not reached a boundary yet: its density on a grid of equal steps.
struct Density {
    double low = kLowest;
    double step = 0;
    std::vector<double> values;
};

/// P(next >= bound) if Brownian motion goes on for `time`.
double chance_above(const Density& now, double time, double bound) {
    double sum = 0;
    for (std::size_t i = 0; i < now.values.size(); ++i) {
        const double at = now.low + now.step * static_cast<double>(i);
        const bool is_end = i == 0 || i + 1 == now.values.size();
        sum += (is_end ? 0.5 : 1.0) * now.values[i] * normal_below((at - bound) / std::sqrt(time));
    }
    return sum * now.step;
}

double normal_density(double at, double variance) {
    constexpr double kRootTwoPi = 2.5066282746310002;
    return std::exp(-at * at / (2 * variance)) / (kRootTwoPi * std::sqrt(variance));
}

/// The density after `time` more, below `bound`.
Density moved(const Density& now, double time, double bound) {
    Density next{.low = kLowest, .step = (bound - kLowest) / (kPoints - 1), .values = std::vector<double>(kPoints)};
    for (std::size_t j = 0; j < kPoints; ++j) {
        const double to = next.low + next.step * static_cast<double>(j);
        if (now.values.empty()) {
            next.values[j] = normal_density(to, time);
            continue;
        }
        double sum = 0;
        for (std::size_t i = 0; i < now.values.size(); ++i) {
            const double from = now.low + now.step * static_cast<double>(i);
            const bool is_end = i == 0 || i + 1 == now.values.size();
            sum += (is_end ? 0.5 : 1.0) * now.values[i] * normal_density(to - from, time);
        }
        next.values[j] = sum * now.step;
    }
    return next;
}

/// The bound that Brownian motion reaches with this probability after `time` more.
double bound_for(const Density& now, double time, double probability) {
    if (now.values.empty()) return -normal_quantile(probability) * std::sqrt(time);
    constexpr int kHalvings = 50;
    double low = kLowest;
    double high = 40;
    for (int i = 0; i < kHalvings; ++i) {
        const double middle = (low + high) / 2;
        (chance_above(now, time, middle) > probability ? low : high) = middle;
    }
    return (low + high) / 2;
}

/// The z at a fraction below which the chance to reject at the end is below kFutileChance.
double futile_below(double fraction, double level) {
    if (fraction < kFirstFutile || fraction >= 1) return -std::numeric_limits<double>::infinity();
    const double critical = -normal_quantile(level);
    const double drift = critical + normal_quantile(kWantedPower);
    const double rest = 1 - fraction;
    const double motion = critical + normal_quantile(kFutileChance) * std::sqrt(rest) - drift * rest;
    return motion / std::sqrt(fraction);
}

}  // namespace

SequentialBoundaries sequential_boundaries(const std::vector<double>& fractions, double level) {
    // A probability that cannot be told from none: such a look rejects nothing.
    constexpr double kNothing = 1e-15;
    SequentialBoundaries boundaries;
    Density density;
    double before = 0;
    double spent = 0;
    for (const double fraction : fractions) {
        const double time = fraction - before;
        const double to_spend = level * std::pow(fraction, kSpending) - spent;
        if (time < kLeastTime || to_spend < kNothing) {
            boundaries.proven.push_back(std::numeric_limits<double>::infinity());
            boundaries.futile.push_back(-std::numeric_limits<double>::infinity());
            continue;
        }
        const double bound = bound_for(density, time, to_spend);
        boundaries.proven.push_back(bound / std::sqrt(fraction));
        boundaries.futile.push_back(std::min(futile_below(fraction, level), boundaries.proven.back()));
        density = moved(density, time, bound);
        before = fraction;
        spent += to_spend;
    }
    return boundaries;
}

double sequential_z(double p) {
    constexpr double kSmallest = 1e-300;
    constexpr double kLargest = 1 - 1e-15;
    return -normal_quantile(std::clamp(p, kSmallest, kLargest));
}

}  // namespace reports::statistics
