#pragma once

#include <cstddef>
#include <optional>

#include "reports/data/values.hpp"

namespace reports::statistics {

bool is_zero_or_one(double score);
bool is_within_one(double score);
/// Every score is 0 or 1, and there is at least one.
bool is_binary(const data::ItemValues& values);
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

/// value +- z standard errors, z = 1.96.
data::Interval plain95(double value, double standard_error);

/// Interval of the exponential of a mean, such as a perplexity: the exponential of the mean's interval, value * exp(+-z
/// standard_error / value), which never reaches 0. `value` > 0.
data::Interval exponential95(double value, double standard_error);

}  // namespace reports::statistics
