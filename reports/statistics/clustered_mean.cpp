#include "reports/statistics/clustered_mean.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "reports/statistics/cluster_freedom.hpp"
#include "reports/statistics/clusters.hpp"
#include "reports/statistics/interval.hpp"

namespace reports::statistics {
namespace {

struct ClusterDeviations {
    std::vector<double> deviations;  ///< [cluster] sum of value - mean
    std::vector<double> sizes;
    double item_squares = 0;  ///< of all items' deviations
};

ClusterDeviations deviations_of(std::span<const double> values, double mean,
                                const std::vector<std::size_t>& cluster_of) {
    ClusterDeviations sums;
    const std::vector<std::size_t> numbers = cluster_numbers(values.size(), cluster_of);
    sums.deviations.reserve(values.size());
    sums.sizes.reserve(values.size());
    for (std::size_t item = 0; item < values.size(); ++item) {
        if (numbers[item] == sums.sizes.size()) {
            sums.deviations.push_back(0);
            sums.sizes.push_back(0);
        }
        const double deviation = values[item] - mean;
        sums.deviations[numbers[item]] += deviation;
        sums.sizes[numbers[item]] += 1;
        sums.item_squares += deviation * deviation;
    }
    return sums;
}

/// Mean product of the deviations of two items of a cluster, divided by their variance; 0 to 1.
double correlation_within(const ClusterDeviations& sums, double squares) {
    const auto items = std::accumulate(sums.sizes.begin(), sums.sizes.end(), 0.0);
    double pairs = 0;
    for (const double size : sums.sizes) pairs += size * (size - 1);
    if (pairs <= 0 || sums.item_squares <= 0) return 0;
    return std::clamp((squares - sums.item_squares) / pairs / (sums.item_squares / items), 0.0, 1.0);
}

}  // namespace

std::optional<ClusteredMean> clustered_mean(std::span<const double> values,
                                            const std::vector<std::size_t>& cluster_of) {
    if (values.empty()) return std::nullopt;
    const auto n = static_cast<double>(values.size());
    ClusteredMean result{.mean = std::accumulate(values.begin(), values.end(), 0.0) / n,
                         .items = values.size(),
                         .standard_error = std::nullopt,
                         .ci95 = std::nullopt};
    const ClusterDeviations sums = deviations_of(values, result.mean, cluster_of);
    result.clusters = sums.sizes.size();
    if (result.clusters < 2) return result;
    const auto groups = static_cast<double>(result.clusters);
    double squares = 0;
    for (const double sum : sums.deviations) squares += sum * sum;
    const double error = std::sqrt(groups / (groups - 1) * squares) / n;
    result.standard_error = error;
    result.degrees_of_freedom =
        result.clusters == values.size() ? n - 1 : cluster_freedom(sums.sizes, correlation_within(sums, squares));
    result.skewness = error_skewness(sums.deviations);
    if (error > 0) result.ci95 = student95(result.mean, error, result.degrees_of_freedom);
    return result;
}

}  // namespace reports::statistics
