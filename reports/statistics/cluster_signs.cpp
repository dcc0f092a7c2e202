#include "reports/statistics/cluster_signs.hpp"

#include <algorithm>
#include <boost/math/distributions/binomial.hpp>
#include <cmath>
#include <cstdlib>

#include "reports/statistics/clusters.hpp"
#include "reports/statistics/normal.hpp"

namespace reports::statistics {
namespace {

constexpr std::size_t kMaxExact = 20'000;  // clusters

/// Sizes of the sums that are not 0, and the one seen.
struct SignSums {
    std::vector<std::size_t> sizes;
    long seen = 0;
    std::size_t total = 0;  ///< of the sizes
};

SignSums sign_sums_of(std::span<const double> differences, const std::vector<std::size_t>& cluster_of) {
    SignSums sums;
    for (const std::vector<std::size_t>& members : clusters_of(differences.size(), cluster_of)) {
        long sum = 0;
        for (const std::size_t item : members) sum += std::lround(differences[item]);
        if (sum == 0) continue;  // its sign changes nothing
        sums.sizes.push_back(static_cast<std::size_t>(std::labs(sum)));
        sums.seen += sum;
        sums.total += sums.sizes.back();
    }
    return sums;
}

/// [n]: probability that the sizes of the clusters with a positive sign add up to n. Most sizes are 1, whose number is
/// binomial.
std::vector<double> positive_sizes(const SignSums& sums) {
    std::vector<double> chances(sums.total + 1, 0.0);
    const auto ones = static_cast<std::size_t>(std::count(sums.sizes.begin(), sums.sizes.end(), 1U));
    const boost::math::binomial positive(static_cast<double>(ones), 0.5);
    for (std::size_t n = 0; n <= ones; ++n)
        chances[n] = ones == 0 ? 1 : boost::math::pdf(positive, static_cast<double>(n));
    std::size_t reached = ones;
    for (const std::size_t size : sums.sizes) {
        if (size == 1) continue;
        reached += size;
        for (std::size_t n = reached + 1; n-- > 0;) {
            const double without = n <= reached - size ? chances[n] : 0;
            chances[n] = (without + (n >= size ? chances[n - size] : 0)) / 2;
        }
    }
    return chances;
}

ClusterSigns exact(const SignSums& sums) {
    const std::vector<double> chances = positive_sizes(sums);
    // The sum is 2 n - total for positive sizes n.
    const auto seen = static_cast<std::size_t>((sums.seen + static_cast<long>(sums.total)) / 2);
    double below = 0;
    double above = 0;
    for (std::size_t n = 0; n < chances.size(); ++n) {
        if (n < seen) below += chances[n];
        if (n > seen) above += chances[n];
    }
    const double equal = chances[seen];
    return {std::min(1.0, below + equal), std::min(1.0, above + equal), below + equal / 2, above + equal / 2};
}

ClusterSigns approximate(const SignSums& sums) {
    double variance = 0;
    for (const std::size_t size : sums.sizes) variance += static_cast<double>(size) * static_cast<double>(size);
    const double error = std::sqrt(variance);
    const auto seen = static_cast<double>(sums.seen);
    // Sums of one parity are 2 apart.
    return {normal_below((seen + 1) / error), normal_below((1 - seen) / error), normal_below(seen / error),
            normal_below(-seen / error)};
}

}  // namespace

double ClusterSigns::two_sided() const {
    return std::min(1.0, 2 * std::min(p_low, p_high));
}

ClusterSigns cluster_signs(std::span<const double> differences, const std::vector<std::size_t>& cluster_of) {
    const SignSums sums = sign_sums_of(differences, cluster_of);
    if (sums.sizes.empty()) return {};
    return sums.sizes.size() <= kMaxExact ? exact(sums) : approximate(sums);
}

}  // namespace reports::statistics
