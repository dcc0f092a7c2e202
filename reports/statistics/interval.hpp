#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <vector>

#include "reports/data/values.hpp"

namespace reports::statistics {

bool is_zero_or_one(double score);
bool is_within_one(double score);
/// Every score is 0 or 1, and there is at least one.
bool is_binary(const data::ItemValues& values);
bool is_binary(const std::vector<double>& values);
/// Every score is within 0 to 1, and there is at least one.
bool is_share(const data::ItemValues& values);
/// Number of scored items.
std::size_t scored_items(const data::ItemValues& values);

/// Wilson's 95 % score interval of a proportion (E. B. Wilson 1927, JASA 22:209): the roots p of |p - share| = z sqrt(p
/// (1 - p) / n) with z = 1.96. It stays within 0 to 1 and is wide enough for small samples. `share` is within 0 to 1; n
/// > 0 need not be an integer.
data::Interval wilson95(double share, double n);

/// Interval of a mean of scores within 0 to 1 that need not be 0 or 1, such as mc2 or F1: Wilson's interval for the
/// number of 0/1 scores that would have the same standard error, n = 1 + share (1 - share) / standard_error^2. n equals
/// the number of items if all scores are 0 or 1, and is never less. For surveys this is the interval with Korn and
/// Graubard's effective sample size (1998, Survey Methodology 24:193). If the standard error is 0, n is `items`.
data::Interval share95(double share, double standard_error, std::size_t items);

/// The same from an error over clusters: n with Korn and Graubard's factor (z / t)^2 for few degrees of freedom, and at
/// least that of `clusters` scores. If the standard error or the share's variance is 0, n is `clusters`.
data::Interval clustered_share95(double share, double standard_error, std::size_t clusters, double degrees_of_freedom);

/// Student's t quantile at 97.5 % divided by that of the normal distribution, 1.96. `degrees_of_freedom` is above 0.
double student_factor(double degrees_of_freedom);
/// value +- t standard errors, Student's t.
data::Interval student95(double value, double standard_error, double degrees_of_freedom);

/// Skewness of the error of a mean: sum d^3 / (sum d^2)^(3/2) of the deviations d, which is the values' skewness
/// divided by the square root of their number. With clusters the deviations are the clusters' sums. 0 without spread.
double error_skewness(std::span<const double> deviations);
/// From this on scores are too few and too skewed for any interval of their mean: of simulated log-normal scores (sigma
/// 1 and 1.5), which are mostly above it, skewed95 covers 90 to 93 % (reports/README.md). Equals fewer than 9
/// skewness^2 items.
constexpr double kTooSkewed = 1.0 / 3;

/// Interval of a mean of skewed values, such as lengths or log-probabilities, which reaches further to the side of the
/// long tail: Hall's monotone transformation of Student's t (P. Hall 1992, JRSS B 54:221), with the quantiles of t in
/// place of the normal ones. Its ends are value - standard_error * 3 (cbrt(1 + k (+-t - k / 6)) - 1) / k, with k =
/// `skewness` as of error_skewness. student95 if k is 0.
data::Interval skewed95(double value, double standard_error, double degrees_of_freedom, double skewness);

/// value +- z standard errors, z = 1.96.
data::Interval plain95(double value, double standard_error);

/// Interval of the exponential of a mean, such as a perplexity: the exponential of the mean's interval, value * exp(+-z
/// standard_error / value), which never reaches 0. `value` > 0.
data::Interval exponential95(double value, double standard_error);

}  // namespace reports::statistics
