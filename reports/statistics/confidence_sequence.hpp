#pragma once

#include <cstddef>
#include <span>

#include "reports/data/values.hpp"
#include "reports/statistics/normal.hpp"

namespace reports::statistics {

/// How many observations were planned, and what they are to decide.
struct SequentialPlan {
    std::size_t observations = 0;  ///< at least 1. More or fewer may come; the interval is narrowest near as many
    double level = kLevel;         ///< share of studies that may err at any time
    double question = 0.5;         ///< within 0 to 1: the mean from which one wants to tell the true one
};

/// An interval for a mean that may be looked at after every observation, and acted upon: it covers the mean at all
/// times together with probability 1 - level.
struct SequentialMean {
    std::size_t observations = 0;
    double mean = 0;
    data::Interval interval{0, 1};
};

/// Confidence sequence of the mean of observations within 0 to 1, in the order in which they came, by the capital of
/// bets (Waudby-Smith and Ramdas 2024, "Estimating means of bounded random variables by betting", JRSS B 86:1, section
/// 4.2): a mean m is left out when prod(1 + min(l_t, c / m) (x_t - m)) or prod(1 - min(l_t, c / (1 - m)) (x_t - m))
/// reaches 2 / level. The bets are made for the end of the plan: l_t = 1.3 sqrt(2 log(2 / level) / (v_{t-1} planned)),
/// where v is the running variance about the running mean, with one prior observation of 1/2 and variance 1/4; c = 3/4.
/// sqrt(2 log(2 / level) / (v planned)) would be best for a decision at the last planned observation, 1.3 times as much
/// decides earlier (measured: harness/study/README.md). Whatever the bets, the error is at most `level`
/// (Ville's inequality); no number of observations is needed for that.
///
/// The interval of all observations, within the one at which the question was first left out: what was decided stays
/// decided. {0, 1} without observations. The time is proportional to their number.
SequentialMean sequential_mean(std::span<const double> observations, const SequentialPlan& plan);

}  // namespace reports::statistics
