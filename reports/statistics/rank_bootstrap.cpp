#include "reports/statistics/rank_bootstrap.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace reports::statistics {
namespace {

/// Mean ranks of values of which some occur several times. The values are sorted once for all resamples.
class WeightedRanks {
public:
    explicit WeightedRanks(std::span<const double> values) : values_(values), order_(values.size()) {
        std::iota(order_.begin(), order_.end(), std::size_t{0});
        std::sort(order_.begin(), order_.end(), [&](std::size_t a, std::size_t b) { return values[a] < values[b]; });
    }

    /// Item i occurs counts[i] times. Ranks start at 1; equal values share the mean of their ranks.
    const std::vector<double>& ranks(std::span<const double> counts) {
        ranks_.resize(order_.size());
        double below = 0;
        for (std::size_t first = 0, last = 0; first < order_.size(); first = last) {
            double equal = 0;
            for (; last < order_.size() && values_[order_[last]] == values_[order_[first]]; ++last)
                equal += counts[order_[last]];
            for (std::size_t i = first; i < last; ++i) ranks_[order_[i]] = below + (equal + 1) / 2;
            below += equal;
        }
        return ranks_;
    }

private:
    std::span<const double> values_;
    std::vector<std::size_t> order_;
    std::vector<double> ranks_;
};

std::optional<double> weighted_pearson(const std::vector<double>& x, const std::vector<double>& y,
                                       std::span<const double> counts) {
    const double total = std::accumulate(counts.begin(), counts.end(), 0.0);
    const double mean_x = std::inner_product(x.begin(), x.end(), counts.begin(), 0.0) / total;
    const double mean_y = std::inner_product(y.begin(), y.end(), counts.begin(), 0.0) / total;
    double xx = 0;
    double yy = 0;
    double xy = 0;
    for (std::size_t i = 0; i < x.size(); ++i) {
        xx += counts[i] * (x[i] - mean_x) * (x[i] - mean_x);
        yy += counts[i] * (y[i] - mean_y) * (y[i] - mean_y);
        xy += counts[i] * (x[i] - mean_x) * (y[i] - mean_y);
    }
    if (!(xx > 0) || !(yy > 0)) return std::nullopt;
    return std::clamp(xy / std::sqrt(xx * yy), -1.0, 1.0);
}

/// The area from the rank sum of the positive items (Mann and Whitney 1947).
std::optional<double> area(WeightedRanks& sorted, const std::vector<bool>& positive, std::span<const double> counts) {
    const std::vector<double>& ranks = sorted.ranks(counts);
    double positives = 0;
    double negatives = 0;
    double sum = 0;
    for (std::size_t i = 0; i < ranks.size(); ++i) {
        (positive[i] ? positives : negatives) += counts[i];
        if (positive[i]) sum += counts[i] * ranks[i];
    }
    if (positives == 0 || negatives == 0) return std::nullopt;
    return (sum - positives * (positives + 1) / 2) / (positives * negatives);
}

}  // namespace

std::optional<Bootstrap> bootstrap_spearman95(std::span<const double> x, std::span<const double> y,
                                              const std::vector<std::size_t>& cluster_of,
                                              const BootstrapSettings& settings) {
    WeightedRanks of_x(x);
    WeightedRanks of_y(y);
    const auto value = [&](std::span<const double> counts) {
        return weighted_pearson(of_x.ranks(counts), of_y.ranks(counts), counts);
    };
    return bootstrap95(x.size(), cluster_of, value, settings);
}

std::optional<double> roc_area(std::span<const double> scores, const std::vector<bool>& positive) {
    WeightedRanks sorted(scores);
    return area(sorted, positive, std::vector<double>(scores.size(), 1.0));
}

std::optional<Bootstrap> bootstrap_roc_area95(std::span<const double> scores, const std::vector<bool>& positive,
                                              const std::vector<std::size_t>& cluster_of,
                                              const BootstrapSettings& settings) {
    WeightedRanks sorted(scores);
    const auto value = [&](std::span<const double> counts) { return area(sorted, positive, counts); };
    return bootstrap95(scores.size(), cluster_of, value, settings);
}

}  // namespace reports::statistics
