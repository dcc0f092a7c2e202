#pragma once

#include <span>

namespace reports::statistics {

/// Degrees of freedom of a mean's squared error over clusters, sum of (sum of value - mean)^2, for Student's t
/// (Satterthwaite 1946, Biometrics Bulletin 2:110; for clusters Bell and McCaffrey 2002, Survey Methodology 28:169):
/// (trace C)^2 / trace C^2, where C is the covariance of the clusters' sums of deviations. C is that of items of equal
/// variance with one correlation within a cluster (Imbens and Kolesar 2016, Review of Economics and Statistics 98:701).
/// Clusters of one size give their number - 1; unequal ones fewer, the fewer the more their items are correlated.
/// `sizes` are those of two or more clusters; `correlation` is from 0 to 1.
double cluster_freedom(std::span<const double> sizes, double correlation);

}  // namespace reports::statistics
