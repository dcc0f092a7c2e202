#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <vector>

#include "reports/data/values.hpp"

namespace reports::statistics {

struct Correlation {
    double value = 0;
    /// tanh(atanh(value) +- z error): error 1 / sqrt(n - 3) for Pearson's (Fisher 1921, Metron 1:3), sqrt((1 + value^2
    /// / 2) / (n - 3)) for Spearman's (Bonett and Wright 2000, Psychometrika 65:23). None for fewer than four pairs and
    /// where the value is -1 or 1.
    std::optional<data::Interval> ci95;
    std::size_t pairs = 0;
};

/// Both take pairs x[i], y[i]. nullopt for fewer than two pairs and where x or y is constant.
std::optional<Correlation> pearson(std::span<const double> x, std::span<const double> y);
/// Pearson's correlation of the ranks; equal values share the mean of their ranks.
std::optional<Correlation> spearman(std::span<const double> x, std::span<const double> y);

/// Ranks from 1; equal values share the mean of their ranks.
std::vector<double> mean_ranks(std::span<const double> values);

}  // namespace reports::statistics
