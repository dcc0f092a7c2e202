#pragma once

#include <cstddef>
#include <optional>
#include <span>

#include "reports/data/values.hpp"

namespace reports::statistics {

/// An interval for a mean that may be looked at after every observation, and acted upon: it covers the mean at all
/// times together with probability 1 - level.
struct SequentialMean {
    std::size_t observations = 0;
    double mean = 0;
    data::Interval interval{0, 1};
};

/// Empirical-Bernstein confidence sequence of the mean of observations within 0 to 1, in the order in which they came
/// (Waudby-Smith and Ramdas 2024, "Estimating means of bounded random variables by betting", JRSS B 86:1, theorem 2,
/// with the predictable plug-in of its equation 26): sum l_i x_i / sum l_i +- (log(2 / level) + sum 4 (x_i - m_{i-1})^2
/// psi(l_i)) / sum l_i, psi(l) = (-log(1 - l) - l) / 4, l_t = min(1 / 2, sqrt(2 log(2 / level) / (v_{t-1} t log(1 +
/// t)))), where m and v are the running mean and variance with one prior observation of 1/2 and variance 1/4. The
/// intersection of all intervals so far; {0, 1} without observations.
SequentialMean sequential_mean(std::span<const double> observations, double level = 0.05);

}  // namespace reports::statistics
