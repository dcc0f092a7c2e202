#include "reports/statistics/sampled_share.hpp"

#include <algorithm>
#include <numeric>

#include "reports/statistics/clusters.hpp"
#include "reports/statistics/interval.hpp"

namespace reports::statistics {
namespace {

std::optional<double> value_of(const SharesOfItems& share, std::span<const double> counts) {
    const double part = std::inner_product(counts.begin(), counts.end(), share.parts.begin(), 0.0);
    const double whole = std::inner_product(counts.begin(), counts.end(), share.wholes.begin(), 0.0);
    return whole > 0 ? std::optional(part / whole) : std::nullopt;
}

std::size_t counting_clusters(const SharesOfItems& share, const std::vector<std::vector<std::size_t>>& clusters) {
    const auto counts = [&](const std::vector<std::size_t>& members) {
        return std::any_of(members.begin(), members.end(), [&](std::size_t item) { return share.wholes[item] > 0; });
    };
    return static_cast<std::size_t>(std::count_if(clusters.begin(), clusters.end(), counts));
}

}  // namespace

std::vector<std::optional<SampledShare>> sampled_shares(const std::vector<SharesOfItems>& shares,
                                                        const std::vector<std::size_t>& cluster_of,
                                                        const BootstrapSettings& settings) {
    const std::size_t items = shares.empty() ? 0 : shares.front().parts.size();
    const auto clusters = clusters_of(items, cluster_of);
    const auto values = [&shares](std::span<const double> counts) {
        std::vector<std::optional<double>> result;
        result.reserve(shares.size());
        for (const SharesOfItems& share : shares) result.push_back(value_of(share, counts));
        return result;
    };
    const auto bootstraps = bootstrap_all95(items, cluster_of, values, settings);
    std::vector<std::optional<SampledShare>> result(shares.size());
    for (std::size_t i = 0; i < shares.size(); ++i) {
        SampledShare share;
        share.part = std::accumulate(shares[i].parts.begin(), shares[i].parts.end(), 0.0);
        share.whole = std::accumulate(shares[i].wholes.begin(), shares[i].wholes.end(), 0.0);
        if (share.whole <= 0) continue;
        share.value = share.part / share.whole;
        share.clusters = counting_clusters(shares[i], clusters);
        share.ci95 = bootstraps[i] ? bootstraps[i]->ci95 : wilson95(share.value, static_cast<double>(share.clusters));
        result[i] = share;
    }
    return result;
}

std::optional<SampledShare> sampled_share(const SharesOfItems& share, const std::vector<std::size_t>& cluster_of,
                                          const BootstrapSettings& settings) {
    return sampled_shares({share}, cluster_of, settings).front();
}

}  // namespace reports::statistics
