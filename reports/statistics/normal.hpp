#pragma once

namespace reports::statistics {

/// Quantile of the standard normal distribution; `probability` is above 0 and below 1.
double normal_quantile(double probability);
/// P(Z <= z) for Z with the standard normal distribution.
double normal_below(double z);

/// All intervals and tests are two-sided at 5 %.
constexpr double kLevel = 0.05;
/// normal_quantile(1 - kLevel / 2), about 1.96.
double z_level();

}  // namespace reports::statistics
