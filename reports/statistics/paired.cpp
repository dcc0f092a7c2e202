#include "reports/statistics/paired.hpp"

#include <algorithm>
#include <boost/math/distributions/binomial.hpp>
#include <boost/math/distributions/students_t.hpp>
#include <cmath>
#include <vector>

#include "reports/statistics/cluster_signs.hpp"
#include "reports/statistics/clustered_mean.hpp"
#include "reports/statistics/clusters.hpp"
#include "reports/statistics/interval.hpp"
#include "reports/statistics/normal.hpp"

namespace reports::statistics {
namespace {

constexpr double kPower = 0.80;

double detectable(double standard_error) {
    static const double factor = z_level() + normal_quantile(kPower);
    return factor * standard_error;
}

data::Interval within_one(const data::Interval& interval) {
    return {std::max(-1.0, interval.low), std::min(1.0, interval.high)};
}

struct Adjusted {
    double difference;
    double standard_error;
};

/// Agresti and Min's interval for 0/1 scores: half an item more in each of the four cells (correct or wrong in a,
/// correct or wrong in b).
Adjusted agresti_min(const Paired& paired) {
    const double n = static_cast<double>(paired.items) + 2;
    const double only_a = static_cast<double>(paired.higher_a) + 0.5;
    const double only_b = static_cast<double>(paired.higher_b) + 0.5;
    const double difference = (only_b - only_a) / n;
    return {difference, std::sqrt((only_a + only_b) / n - difference * difference) / std::sqrt(n)};
}

enum class Values {
    Shares,  ///< within 0 to 1
    Any,
};

/// The items that both runs scored, in order.
struct Shared {
    std::vector<double> differences;
    bool all_binary = true;  ///< every score is 0 or 1
    bool all_share = true;   ///< every score is within 0 to 1
    double sum_a = 0;
    std::vector<std::size_t> cluster_of;  ///< empty: every item stands alone
};

Shared shared_scores(const data::ItemValues& a, const data::ItemValues& b, const std::vector<std::size_t>& cluster_of,
                     Paired& result) {
    Shared shared;
    shared.differences.reserve(std::min(a.size(), b.size()));
    for (std::size_t i = 0; i < std::max(a.size(), b.size()); ++i) {
        const std::optional<double> before = i < a.size() ? a[i] : std::nullopt;
        const std::optional<double> after = i < b.size() ? b[i] : std::nullopt;
        if (before && after) {
            shared.all_binary = shared.all_binary && is_zero_or_one(*before) && is_zero_or_one(*after);
            shared.all_share = shared.all_share && is_within_one(*before) && is_within_one(*after);
            shared.differences.push_back(*after - *before);
            shared.sum_a += *before;
            if (!cluster_of.empty()) shared.cluster_of.push_back(cluster_of.at(i));
            result.higher_a += *before > *after ? 1 : 0;
            result.higher_b += *after > *before ? 1 : 0;
        } else {
            result.only_scored_a += before ? 1 : 0;
            result.only_scored_b += after ? 1 : 0;
        }
    }
    return shared;
}

/// Error and interval over clusters; false where there is none, because all items differ alike.
bool set_clustered(const Shared& shared, Paired& result) {
    const auto mean = clustered_mean(shared.differences, shared.cluster_of);
    if (!mean || !mean->ci95) return false;
    result.standard_error = mean->standard_error;
    result.degrees_of_freedom = mean->degrees_of_freedom;
    result.ci95 = shared.all_share ? within_one(*mean->ci95) : *mean->ci95;
    result.minimum_detectable = detectable(*mean->standard_error);
    return true;
}

/// From the differences' sum of squared deviations from their mean, and their degrees of freedom.
void set_interval(double squares, Values values, Paired& result) {
    const auto n = static_cast<double>(result.items);
    const double standard_error = std::sqrt(squares / (n - 1) / n);
    result.standard_error = standard_error;
    if (standard_error > 0) {
        const data::Interval interval = student95(result.difference, standard_error, result.degrees_of_freedom);
        result.ci95 = values == Values::Shares ? within_one(interval) : interval;
        result.minimum_detectable = detectable(standard_error);
    } else if (result.mcnemar_p) {
        const Adjusted adjusted = agresti_min(result);
        result.ci95 = within_one(plain95(adjusted.difference, adjusted.standard_error));
        result.minimum_detectable = detectable(adjusted.standard_error);
    }
}

double squared_deviations(const std::vector<double>& values, double mean) {
    double squares = 0;
    for (const double value : values) squares += std::pow(value - mean, 2);
    return squares;
}

}  // namespace

double mcnemar_exact(std::uint64_t only_a, std::uint64_t only_b) {
    const std::uint64_t trials = only_a + only_b;
    if (trials == 0) return 1;
    const boost::math::binomial fair(static_cast<double>(trials), 0.5);
    return std::min(1.0, 2 * boost::math::cdf(fair, static_cast<double>(std::min(only_a, only_b))));
}

std::optional<Paired> compare_paired(const data::ItemValues& a, const data::ItemValues& b,
                                     const std::vector<std::size_t>& cluster_of) {
    Paired result;
    const Shared shared = shared_scores(a, b, cluster_of, result);
    if (shared.differences.empty()) return std::nullopt;
    result.items = shared.differences.size();
    for (const double difference : shared.differences) result.difference += difference;
    result.difference /= static_cast<double>(result.items);
    if (!shared.cluster_of.empty()) {
        const std::vector<std::size_t> numbers = cluster_numbers(result.items, shared.cluster_of);
        const std::size_t clusters = *std::max_element(numbers.begin(), numbers.end()) + 1;
        if (clusters > 1 && clusters < result.items) result.clusters = clusters;
    }
    result.mean_a = shared.sum_a / static_cast<double>(result.items);
    result.degrees_of_freedom = static_cast<double>(result.items) - 1;
    if (shared.all_binary)
        result.mcnemar_p = result.clusters > 0 ? cluster_signs(shared.differences, shared.cluster_of).two_sided()
                                               : mcnemar_exact(result.higher_a, result.higher_b);
    if (result.items < 2 || (result.clusters > 0 && set_clustered(shared, result))) return result;
    set_interval(squared_deviations(shared.differences, result.difference),
                 shared.all_share ? Values::Shares : Values::Any, result);
    return result;
}

Paired pooled(const std::vector<Paired>& parts) {
    Paired whole;
    bool binary = true;
    bool clustered = false;
    for (const Paired& part : parts) {
        const auto n = static_cast<double>(part.items);
        whole.items += part.items;
        whole.only_scored_a += part.only_scored_a;
        whole.only_scored_b += part.only_scored_b;
        whole.higher_a += part.higher_a;
        whole.higher_b += part.higher_b;
        whole.mean_a += n * part.mean_a;
        whole.difference += n * part.difference;
        whole.degrees_of_freedom += part.degrees_of_freedom + 1;
        binary = binary && part.mcnemar_p;
        clustered = clustered || part.clusters > 0;
        whole.clusters += part.clusters > 0 ? part.clusters : part.items;
    }
    if (!clustered) whole.clusters = 0;
    whole.degrees_of_freedom -= 1;
    const auto items = static_cast<double>(whole.items);
    whole.mean_a /= items;
    whole.difference /= items;
    // Signs by cluster cannot be told from those of the parts.
    if (binary && !clustered) whole.mcnemar_p = mcnemar_exact(whole.higher_a, whole.higher_b);
    double squares = 0;  // within the parts, and of their means
    for (const Paired& part : parts) {
        const auto n = static_cast<double>(part.items);
        squares += n * (n - 1) * std::pow(part.standard_error.value_or(0), 2) +
                   n * std::pow(part.difference - whole.difference, 2);
    }
    if (whole.items >= 2) set_interval(squares, binary ? Values::Shares : Values::Any, whole);
    return whole;
}

double difference_p(const Paired& paired) {
    if (paired.mcnemar_p) return *paired.mcnemar_p;
    if (!paired.standard_error) return 1;
    if (*paired.standard_error <= 0) return mcnemar_exact(paired.higher_a, paired.higher_b);
    const boost::math::students_t student(paired.degrees_of_freedom);
    const double statistic = std::abs(paired.difference) / *paired.standard_error;
    return 2 * boost::math::cdf(boost::math::complement(student, statistic));
}

std::optional<double> detectable_at(const Paired& paired, double level) {
    if (!paired.minimum_detectable) return std::nullopt;
    return *paired.minimum_detectable / detectable(1) * (normal_quantile(1 - level / 2) + normal_quantile(kPower));
}

Outcome outcome_of(const Paired& paired) {
    if (!paired.standard_error) return Outcome::NotSignificant;
    if (paired.ci95 && paired.ci95->low <= 0 && paired.ci95->high >= 0) return Outcome::NotSignificant;
    const bool counted = paired.mcnemar_p.has_value() || !paired.ci95;
    if (counted && paired.mcnemar_p.value_or(mcnemar_exact(paired.higher_a, paired.higher_b)) >= kLevel)
        return Outcome::NotSignificant;
    return paired.difference > 0 ? Outcome::Above : Outcome::Below;
}

}  // namespace reports::statistics
