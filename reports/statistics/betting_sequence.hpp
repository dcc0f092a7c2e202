#pragma once

#include <cstddef>
#include <vector>

#include "reports/data/values.hpp"
#include "reports/statistics/normal.hpp"

namespace reports::statistics {

/// Intervals for the mean of values within 0 to 1 that may be looked at after every value: with probability 1 - level
/// all of them hold the mean at once, so that one may stop as soon as the interval answers the question. Hedged capital
/// of bets (Waudby-Smith and Ramdas 2024, JRSS B 86:1, "Estimating means of bounded random variables by betting",
/// section 4.2): a mean m is out when the capital of betting against it,
/// max(prod(1 + min(l_t, c / m) (x_t - m)), prod(1 - min(l_t, c / (1 - m)) (x_t - m))) / 2, reaches 1 / level, with
/// l_t = sqrt(2 ln(2 / level) / (v_(t-1) t ln(1 + t))), v the variance of the values before, one of 1/4 added, and
/// c = 1/2. Both capitals are monotone in m, so the means of a grid that are out bound the interval.
///
/// For any number of values; where one is planned sequential_mean (confidence_sequence.hpp) decides sooner.
///
/// The values are independent with the same mean, in an order that does not depend on them: for ratings one value a
/// prompt, such as the mean points of its votes; for a paired difference d of shares (d + 1) / 2.
class BettingSequence {
public:
    /// `steps` of the grid from 0 to 1, at least 2.
    explicit BettingSequence(double level = kLevel, std::size_t steps = 1000);

    /// Takes the next value, within 0 to 1. The time is proportional to the number of steps.
    void add(double value);
    /// Of the values so far; 0 to 1 without any. It never widens. Where values are not as said above it may get no
    /// further, but it is never empty.
    data::Interval interval() const;
    std::size_t values() const { return values_; }

private:
    double bet() const;
    void narrow();

    double level_;
    std::size_t values_ = 0;
    double sum_ = 0;
    double squares_ = 0.25;      // of the differences from the running mean, one of 1/2 added
    std::vector<double> above_;  // [step] log capital of bets that the mean is above
    std::vector<double> below_;
    std::size_t out_low_ = 0;  // steps that are out, from 0 and from 1
    std::size_t out_high_ = 0;
};

}  // namespace reports::statistics
