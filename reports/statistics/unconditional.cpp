#include "reports/statistics/unconditional.hpp"

#include <algorithm>
#include <boost/math/distributions/beta.hpp>
#include <boost/math/distributions/binomial.hpp>
#include <cmath>
#include <vector>

namespace reports::statistics {
namespace {

constexpr double kLeftOut = 1e-5;  // probability that the share of differing pairs is outside of the interval searched

/// P(X >= least) and P(X = least) for X binomial with trials of 1/2.
struct Tail {
    double from = 1;
    double at = 1;
};

/// [differing]: probability, given that so many pairs differ, of a mid-p of at most `limit`. The fewest worse pairs
/// that reach it rise by 0 or 1 with each differing pair more, so that each tail follows from the last.
std::vector<double> chances_as_extreme(double limit, std::size_t items) {
    std::vector<double> chances(items + 1);
    std::size_t least = 0;
    Tail tail;  // of no trial: X = 0
    const auto mid_p = [&] { return tail.from - tail.at / 2; };
    // X >= least + 1 of the same trials.
    const auto raise = [&](std::size_t trials) {
        tail.from -= tail.at;
        tail.at *= static_cast<double>(trials - least) / static_cast<double>(least + 1);
        ++least;
    };
    for (std::size_t trials = 0; trials <= items; ++trials) {
        if (trials > 0) {
            // P_t(X >= k) = (P(X >= k) + P(X >= k - 1)) / 2 of one trial fewer, and P(X = k) likewise.
            const auto n = static_cast<double>(trials);
            const double below =
                least == 0 ? 0 : tail.at * static_cast<double>(least) / (n - static_cast<double>(least));
            if (least < trials) {
                tail.from += below / 2;
                tail.at = (tail.at + below) / 2;
            } else {
                tail = {std::ldexp(1.0, -static_cast<int>(trials)), std::ldexp(1.0, -static_cast<int>(trials))};
            }
        }
        while (least <= trials && mid_p() > limit) {
            if (least == trials) {
                least = trials + 1;
                break;
            }
            raise(trials);
        }
        chances[trials] = least > trials ? 0 : std::max(0.0, tail.from);
    }
    return chances;
}

/// The mean of `chances` over the number of pairs that differ when a share does.
double mean_chance(const std::vector<double>& chances, double share) {
    const std::size_t items = chances.size() - 1;
    const boost::math::binomial differing(static_cast<double>(items), share);
    constexpr double kDeviations = 7;
    const double centre = static_cast<double>(items) * share;
    const double reach = kDeviations * std::sqrt(centre * (1 - share)) + kDeviations;
    const auto first = static_cast<std::size_t>(std::max(0.0, centre - reach));
    const auto last = std::min(items, static_cast<std::size_t>(centre + reach));
    double probability = boost::math::pdf(differing, static_cast<double>(first));
    double sum = 0;
    for (std::size_t count = first; count <= last; ++count) {
        sum += probability * chances[count];
        probability *= static_cast<double>(items - count) / static_cast<double>(count + 1) * share / (1 - share);
    }
    return sum;
}

}  // namespace

double mcnemar_mid_p(std::size_t worse, std::size_t better) {
    if (worse + better == 0) return 0.5;
    const boost::math::binomial fair(static_cast<double>(worse + better), 0.5);
    const auto seen = static_cast<double>(worse);
    return boost::math::cdf(boost::math::complement(fair, seen)) + boost::math::pdf(fair, seen) / 2;
}

double unconditional_p(std::size_t worse, std::size_t better, std::size_t items) {
    const std::size_t differing = worse + better;
    if (differing == 0) return 1;
    const double mid = mcnemar_mid_p(worse, better);
    const auto n = static_cast<double>(items);
    const auto d = static_cast<double>(differing);
    const double low = boost::math::quantile(boost::math::beta_distribution<>(d, n - d + 1), kLeftOut / 2);
    const double high = differing == items ? 1.0
                                           : boost::math::quantile(boost::math::complement(
                                                 boost::math::beta_distribution<>(d + 1, n - d), kLeftOut / 2));
    // Rounding must not leave out tables as extreme as the one seen.
    const std::vector<double> chances = chances_as_extreme(mid * (1 + 1e-9), items);
    constexpr int kSteps = 200;
    double largest = 0;
    for (int step = 0; step <= kSteps; ++step) {
        const double share = std::min(low + (high - low) * step / kSteps, 1 - 1e-9);
        largest = std::max(largest, mean_chance(chances, share));
    }
    return std::min(1.0, largest + kLeftOut);
}

}  // namespace reports::statistics
