#pragma once

#include <cstddef>

#include "reports/data/values.hpp"

namespace reports::statistics {

/// Newcombe's 95 % interval of rate a - rate b of two independent samples (1998, Statistics in Medicine 17:873, method
/// 10), from Wilson's intervals (l, u) of each: a - b - sqrt((a - l_a)^2 + (u_b - b)^2) to a - b + sqrt((u_a - a)^2 +
/// (b - l_b)^2). Both totals are above 0.
data::Interval newcombe95(std::size_t hits_a, std::size_t total_a, std::size_t hits_b, std::size_t total_b);

/// Outcomes of pairs: how often both are 1, only the first, only the second, neither.
struct PairCounts {
    std::size_t both = 0;
    std::size_t only_first = 0;
    std::size_t only_second = 0;
    std::size_t neither = 0;
};
/// The same for paired samples, first rate - second rate (1998, Statistics in Medicine 17:2635, method 10): the two
/// squares are joined by the correlation phi of the pairs, -2 phi times the product of their roots. phi has the
/// continuity correction n / 2 where it is positive. There is at least one pair.
data::Interval newcombe_paired95(const PairCounts& pairs);

}  // namespace reports::statistics
