#include "reports/statistics/clustered_mean.hpp"

#include <boost/math/distributions/students_t.hpp>
#include <cmath>
#include <numeric>

#include "reports/statistics/clusters.hpp"
#include "reports/statistics/normal.hpp"

namespace reports::statistics {

std::optional<ClusteredMean> clustered_mean(std::span<const double> values,
                                            const std::vector<std::size_t>& cluster_of) {
    if (values.empty()) return std::nullopt;
    const auto clusters = clusters_of(values.size(), cluster_of);
    const auto n = static_cast<double>(values.size());
    const auto groups = static_cast<double>(clusters.size());
    ClusteredMean result{.mean = std::accumulate(values.begin(), values.end(), 0.0) / n,
                         .items = values.size(),
                         .clusters = clusters.size(),
                         .standard_error = std::nullopt,
                         .ci95 = std::nullopt};
    if (clusters.size() < 2) return result;
    double squares = 0;
    for (const std::vector<std::size_t>& members : clusters) {
        double sum = 0;
        for (const std::size_t item : members) sum += values[item] - result.mean;
        squares += sum * sum;
    }
    const double error = std::sqrt(groups / (groups - 1) * squares) / n;
    result.standard_error = error;
    if (error > 0) {
        const boost::math::students_t distribution(groups - 1);
        const double half = boost::math::quantile(distribution, 1 - kLevel / 2) * error;
        result.ci95 = data::Interval{result.mean - half, result.mean + half};
    }
    return result;
}

}  // namespace reports::statistics
