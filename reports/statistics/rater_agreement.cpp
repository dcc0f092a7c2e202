#include "reports/statistics/rater_agreement.hpp"

#include "reports/statistics/majority.hpp"

namespace reports::statistics {
namespace {

using RatedItem = std::vector<std::optional<std::size_t>>;  // [rater]

std::vector<std::size_t> without(const RatedItem& item, std::size_t rater) {
    std::vector<std::size_t> others;
    for (std::size_t other = 0; other < item.size(); ++other) {
        if (other != rater && item[other]) others.push_back(*item[other]);
    }
    return others;
}

struct Count {
    std::size_t hits = 0;
    std::size_t total = 0;
};

}  // namespace

std::optional<HumanCeiling> human_ceiling(const Ratings& ratings, const std::vector<std::size_t>& cluster_of,
                                          const BootstrapSettings& settings) {
    constexpr std::size_t kMinOthers = 2;  // with a single other rater this would be raw agreement
    HumanCeiling result;
    SharesOfItems share;
    std::vector<Count> counts(ratings.items.empty() ? 0 : ratings.items.front().size());
    for (const RatedItem& item : ratings.items) {
        Count of_item;
        for (std::size_t rater = 0; rater < item.size(); ++rater) {
            if (!item[rater]) continue;
            const std::vector<std::size_t> others = without(item, rater);
            if (others.size() < kMinOthers) continue;
            const std::optional<std::size_t> agreed = majority(others);
            if (!agreed) {
                ++result.without_majority;
                continue;
            }
            const std::size_t hit = *item[rater] == *agreed ? 1 : 0;
            of_item.hits += hit;
            ++of_item.total;
            counts[rater].hits += hit;
            ++counts[rater].total;
        }
        share.parts.push_back(static_cast<double>(of_item.hits));
        share.wholes.push_back(static_cast<double>(of_item.total));
    }
    for (const Count& count : counts) result.raters.push_back(proportion(count.hits, count.total));
    const std::optional<SampledShare> sampled = sampled_share(share, cluster_of, settings);
    if (!sampled) return std::nullopt;
    result.share = *sampled;
    return result;
}

}  // namespace reports::statistics
