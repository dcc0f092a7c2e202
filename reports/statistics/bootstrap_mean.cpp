#include "reports/statistics/bootstrap_mean.hpp"

#include <numeric>

#include "reports/statistics/bootstrap.hpp"

namespace reports::statistics {

BootstrapMean bootstrap_mean(std::span<const double> values, const std::vector<std::size_t>& cluster_of) {
    const auto mean = [values](std::span<const double> counts) -> std::optional<double> {
        return std::inner_product(values.begin(), values.end(), counts.begin(), 0.0) /
               std::accumulate(counts.begin(), counts.end(), 0.0);
    };
    const auto bootstrap = bootstrap95(values.size(), cluster_of, mean);
    return {std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size()),
            bootstrap ? std::optional(bootstrap->ci95) : std::nullopt};
}

}  // namespace reports::statistics
