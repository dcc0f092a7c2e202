#include "reports/statistics/bootstrap.hpp"

#include <algorithm>
#include <boost/math/distributions/normal.hpp>
#include <cmath>
#include <map>
#include <numeric>

#include "reports/statistics/counter_random.hpp"
#include "reports/statistics/normal.hpp"

namespace reports::statistics {
namespace {

constexpr double kMaxUndefined = 0.1;  // share of the resamples

/// Items of each cluster, in the order in which the clusters appear.
std::vector<std::vector<std::size_t>> group(std::size_t items, const std::vector<std::size_t>& cluster_of) {
    std::vector<std::vector<std::size_t>> clusters;
    std::map<std::size_t, std::size_t> position;
    for (std::size_t item = 0; item < items; ++item) {
        const std::size_t name = cluster_of.empty() ? item : cluster_of[item];
        const auto [entry, added] = position.try_emplace(name, clusters.size());
        if (added) clusters.emplace_back();
        clusters[entry->second].push_back(item);
    }
    return clusters;
}

/// `sorted` is not empty. The rank is held within the sample: the outermost quantiles of few resamples are its ends.
double quantile(const std::vector<double>& sorted, double probability) {
    const auto size = static_cast<double>(sorted.size());
    const double rank = std::clamp(probability * (size + 1), 1.0, size) - 1;
    const auto below = static_cast<std::size_t>(rank);
    const std::size_t above = std::min(below + 1, sorted.size() - 1);
    return std::lerp(sorted[below], sorted[above], rank - static_cast<double>(below));
}

/// Efron's acceleration: sum d^3 / (6 (sum d^2)^1.5) with d the mean of the leave-one-cluster-out values less the
/// value. 0 if one of them is not defined.
double acceleration(std::size_t items, const std::vector<std::vector<std::size_t>>& clusters,
                    const ResampledStatistic& statistic) {
    std::vector<double> counts(items, 1.0);
    std::vector<double> values;
    for (const std::vector<std::size_t>& members : clusters) {
        for (const std::size_t item : members) counts[item] = 0;
        const std::optional<double> value = statistic(counts);
        for (const std::size_t item : members) counts[item] = 1;
        if (!value) return 0;
        values.push_back(*value);
    }
    const double mean = std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
    double squares = 0;
    double cubes = 0;
    for (const double value : values) {
        squares += std::pow(mean - value, 2);
        cubes += std::pow(mean - value, 3);
    }
    return squares > 0 ? cubes / (6 * std::pow(squares, 1.5)) : 0;
}

/// The probability whose quantile is the BCa end for the nominal `probability`.
double corrected(double probability, double bias, double accelerated) {
    const double shifted = bias + normal_quantile(probability);
    // Beyond this the correction has no meaning; the end is then the outermost resample.
    if (1 - accelerated * shifted <= 0) return shifted > 0 ? 1 : 0;
    return boost::math::cdf(boost::math::normal(), bias + shifted / (1 - accelerated * shifted));
}

/// Normal quantile of the share of resamples below the estimate, those equal to it counted half.
double bias_of(const std::vector<double>& sorted, double estimate) {
    const auto [first, last] = std::equal_range(sorted.begin(), sorted.end(), estimate);
    const auto size = static_cast<double>(sorted.size());
    const double below = static_cast<double>(first - sorted.begin()) + static_cast<double>(last - first) / 2;
    return normal_quantile(std::clamp(below / size, 0.5 / size, 1 - 0.5 / size));
}

}  // namespace

std::optional<Bootstrap> bootstrap95(std::size_t items, const std::vector<std::size_t>& cluster_of,
                                     const ResampledStatistic& statistic, const BootstrapSettings& settings) {
    const auto clusters = group(items, cluster_of);
    std::vector<double> counts(items, 1.0);
    const std::optional<double> estimate = clusters.size() < 2 ? std::nullopt : statistic(counts);
    if (!estimate) return std::nullopt;

    std::vector<double> values;
    values.reserve(settings.resamples);
    for (std::size_t resample = 0; resample < settings.resamples; ++resample) {
        std::fill(counts.begin(), counts.end(), 0.0);
        for (std::size_t draw = 0; draw < clusters.size(); ++draw) {
            const std::uint64_t bits = random_bits(settings.seed, resample, draw);
            for (const std::size_t item : clusters[random_below(bits, clusters.size())]) ++counts[item];
        }
        if (const std::optional<double> value = statistic(counts)) values.push_back(*value);
    }
    Bootstrap result{.estimate = *estimate, .standard_error = 0, .ci95 = {}, .clusters = clusters.size()};
    result.undefined = settings.resamples - values.size();
    const auto tolerated = kMaxUndefined * static_cast<double>(settings.resamples);
    if (values.size() < 2 || static_cast<double>(result.undefined) > tolerated) return std::nullopt;

    std::sort(values.begin(), values.end());
    if (values.front() == values.back()) return std::nullopt;
    const auto size = static_cast<double>(values.size());
    const double mean = std::accumulate(values.begin(), values.end(), 0.0) / size;
    for (const double value : values) result.standard_error += std::pow(value - mean, 2) / (size - 1);
    result.standard_error = std::sqrt(result.standard_error);
    double low = kLevel / 2;
    double high = 1 - kLevel / 2;
    if (settings.interval == BootstrapInterval::Bca) {
        const double bias = bias_of(values, *estimate);
        const double accelerated = acceleration(items, clusters, statistic);
        low = corrected(kLevel / 2, bias, accelerated);
        high = corrected(1 - kLevel / 2, bias, accelerated);
    }
    result.ci95 = {quantile(values, low), quantile(values, high)};
    return result;
}

}  // namespace reports::statistics
