#include "reports/statistics/bootstrap.hpp"

#include <algorithm>
#include <boost/math/distributions/normal.hpp>
#include <cmath>
#include <numeric>

#include "reports/statistics/clusters.hpp"
#include "reports/statistics/counter_random.hpp"
#include "reports/statistics/normal.hpp"

namespace reports::statistics {
namespace {

constexpr double kMaxUndefined = 0.1;  // share of the resamples

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
double acceleration(const std::vector<std::optional<double>>& left_out) {
    double mean = 0;
    for (const std::optional<double>& value : left_out) {
        if (!value) return 0;
        mean += *value / static_cast<double>(left_out.size());
    }
    double squares = 0;
    double cubes = 0;
    for (const std::optional<double>& value : left_out) {
        squares += std::pow(mean - *value, 2);
        cubes += std::pow(mean - *value, 3);
    }
    return squares > 0 ? cubes / (6 * std::pow(squares, 1.5)) : 0;
}

/// The probability whose quantile is the BCa end for the nominal `probability`.
double corrected(double probability, double bias, double accelerated) {
    const double shifted = bias + normal_quantile(probability);
    // Beyond this the correction has no meaning; the end is then the outermost resample.
    if (1 - accelerated * shifted <= 0) return shifted > 0 ? 1 : 0;
    return normal_below(bias + shifted / (1 - accelerated * shifted));
}

/// Normal quantile of the share of resamples below the estimate, those equal to it counted half.
double bias_of(const std::vector<double>& sorted, double estimate) {
    const auto [first, last] = std::equal_range(sorted.begin(), sorted.end(), estimate);
    const auto size = static_cast<double>(sorted.size());
    const double below = static_cast<double>(first - sorted.begin()) + static_cast<double>(last - first) / 2;
    return normal_quantile(std::clamp(below / size, 0.5 / size, 1 - 0.5 / size));
}

using Clusters = std::vector<std::vector<std::size_t>>;
using Values = std::vector<std::vector<std::optional<double>>>;  // [statistic][resample or cluster]

void add(const std::vector<std::optional<double>>& results, Values& values) {
    for (std::size_t i = 0; i < values.size(); ++i) values[i].push_back(results[i]);
}

/// The data of a bootstrap.
struct Sample {
    std::size_t items = 0;
    Clusters clusters;
    const ResampledStatistics& statistics;
    std::vector<std::optional<double>> estimates;
};

Values resampled(const Sample& sample, const BootstrapSettings& settings) {
    std::vector<double> counts(sample.items, 1.0);
    Values values(sample.estimates.size());
    for (std::size_t resample = 0; resample < settings.resamples; ++resample) {
        std::fill(counts.begin(), counts.end(), 0.0);
        for (std::size_t draw = 0; draw < sample.clusters.size(); ++draw) {
            const std::uint64_t bits = random_bits(settings.seed, resample, draw);
            for (const std::size_t item : sample.clusters[random_below(bits, sample.clusters.size())]) ++counts[item];
        }
        add(sample.statistics(counts), values);
    }
    return values;
}

/// Each statistic without one cluster after the other.
Values left_out(const Sample& sample) {
    std::vector<double> counts(sample.items, 1.0);
    Values values(sample.estimates.size());
    for (const std::vector<std::size_t>& members : sample.clusters) {
        for (const std::size_t item : members) counts[item] = 0;
        add(sample.statistics(counts), values);
        for (const std::size_t item : members) counts[item] = 1;
    }
    return values;
}

/// `left_out` is empty for percentile intervals.
std::optional<Bootstrap> summary(double estimate, const std::vector<std::optional<double>>& resamples,
                                 const std::vector<std::optional<double>>& left_out) {
    std::vector<double> values;
    for (const std::optional<double>& value : resamples) {
        if (value) values.push_back(*value);
    }
    Bootstrap result{.estimate = estimate, .standard_error = 0, .ci95 = {}, .clusters = 0};
    result.undefined = resamples.size() - values.size();
    const auto tolerated = kMaxUndefined * static_cast<double>(resamples.size());
    if (values.size() < 2 || static_cast<double>(result.undefined) > tolerated) return std::nullopt;

    std::sort(values.begin(), values.end());
    if (values.front() == values.back()) return std::nullopt;
    const auto size = static_cast<double>(values.size());
    const double mean = std::accumulate(values.begin(), values.end(), 0.0) / size;
    for (const double value : values) result.standard_error += std::pow(value - mean, 2) / (size - 1);
    result.standard_error = std::sqrt(result.standard_error);
    double low = kLevel / 2;
    double high = 1 - kLevel / 2;
    if (!left_out.empty()) {
        const double bias = bias_of(values, estimate);
        const double accelerated = acceleration(left_out);
        low = corrected(kLevel / 2, bias, accelerated);
        high = corrected(1 - kLevel / 2, bias, accelerated);
    }
    result.ci95 = {quantile(values, low), quantile(values, high)};
    return result;
}

}  // namespace

std::vector<std::optional<Bootstrap>> bootstrap_all95(std::size_t items, const std::vector<std::size_t>& cluster_of,
                                                      const ResampledStatistics& statistics,
                                                      const BootstrapSettings& settings) {
    const std::vector<double> once(items, 1.0);
    const Sample sample{.items = items,
                        .clusters = clusters_of(items, cluster_of),
                        .statistics = statistics,
                        .estimates = statistics(once)};
    const auto& estimates = sample.estimates;
    std::vector<std::optional<Bootstrap>> results(estimates.size());
    const bool any = std::any_of(estimates.begin(), estimates.end(), [](const auto& one) { return one.has_value(); });
    if (sample.clusters.size() < 2 || !any) return results;
    const Values values = resampled(sample, settings);
    const bool bca = settings.interval == BootstrapInterval::Bca;
    const Values without = bca ? left_out(sample) : Values(estimates.size());
    for (std::size_t i = 0; i < estimates.size(); ++i) {
        if (estimates[i]) results[i] = summary(*estimates[i], values[i], without[i]);
        if (results[i]) results[i]->clusters = sample.clusters.size();
    }
    return results;
}

std::optional<Bootstrap> bootstrap95(std::size_t items, const std::vector<std::size_t>& cluster_of,
                                     const ResampledStatistic& statistic, const BootstrapSettings& settings) {
    const ResampledStatistics only = [&statistic](std::span<const double> counts) {
        return std::vector<std::optional<double>>{statistic(counts)};
    };
    return bootstrap_all95(items, cluster_of, only, settings).front();
}

}  // namespace reports::statistics
