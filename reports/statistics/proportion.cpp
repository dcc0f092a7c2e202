#include "reports/statistics/proportion.hpp"

#include <boost/math/distributions/beta.hpp>

#include "reports/statistics/interval.hpp"
#include "reports/statistics/normal.hpp"

namespace reports::statistics {

std::optional<Proportion> proportion(std::size_t hits, std::size_t total) {
    if (total == 0) return std::nullopt;
    const auto n = static_cast<double>(total);
    const double share = static_cast<double>(hits) / n;
    return Proportion{.hits = hits, .total = total, .value = share, .ci95 = wilson95(share, n)};
}

data::Interval clopper_pearson95(std::size_t hits, std::size_t total) {
    const auto yes = static_cast<double>(hits);
    const auto no = static_cast<double>(total - hits);
    const double low = hits == 0 ? 0 : boost::math::quantile(boost::math::beta_distribution(yes, no + 1), kLevel / 2);
    const double high =
        hits == total ? 1 : boost::math::quantile(boost::math::beta_distribution(yes + 1, no), 1 - kLevel / 2);
    return {low, high};
}

}  // namespace reports::statistics
