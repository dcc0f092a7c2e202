#pragma once

#include <cstddef>
#include <vector>

namespace reports::statistics {

/// Boundaries of a one-sided test whose statistic is looked at several times. z is the normal quantile of 1 - p at a
/// look.
struct SequentialBoundaries {
    std::vector<double> proven;  ///< [look]: from this z on the hypothesis is rejected
    std::vector<double> futile;  ///< [look]: below this z a rejection has become unlikely; -infinity: never
};

/// `fractions`: shares of all items that have been seen at the looks, ascending, the last one 1. Both errors of peeking
/// are bounded as by Jennison and Turnbull (2000, "Group Sequential Methods"):
/// - The error `level` is spent as level * fraction^6 (Kim and DeMets 1987, Biometrika 74:149), so that the last look
/// has
///   nearly the level of a single test: at ten looks of equal size 1.69 instead of 1.645 for 5 %. The boundaries follow
///   from the joint distribution of the statistics, Brownian motion at the fractions, by numerical integration
///   (Armitage, McPherson and Rowe 1969, JRSS A 132:235).
/// - From a fifth of the items on, a look is futile where the chance to reject at the end is below 12 %, if the true
///   difference is the one that a single test finds with a chance of 80 % (stochastic curtailment, ibid. chapter 10).
///   The level does not count on it: who goes on in spite of it does not err more often.
SequentialBoundaries sequential_boundaries(const std::vector<double>& fractions, double level);

/// z of a p value, within -8 to 37.
double sequential_z(double p);

}  // namespace reports::statistics
