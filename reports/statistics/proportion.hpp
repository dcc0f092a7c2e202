#pragma once

#include <cstddef>
#include <optional>

#include "reports/data/values.hpp"

namespace reports::statistics {

/// A counted share with Wilson's 95 % interval.
struct Proportion {
    std::size_t hits = 0;
    std::size_t total = 0;
    double value = 0;
    data::Interval ci95;
};
/// nullopt if `total` is 0; `hits` is at most `total`.
std::optional<Proportion> proportion(std::size_t hits, std::size_t total);

/// Clopper and Pearson's exact 95 % interval (1934, Biometrika 26:404): the beta quantiles at 2.5 % of (hits, total -
/// hits + 1) and at 97.5 % of (hits + 1, total - hits). It covers at least 95 %, often more. `total` is above 0.
data::Interval clopper_pearson95(std::size_t hits, std::size_t total);

}  // namespace reports::statistics
