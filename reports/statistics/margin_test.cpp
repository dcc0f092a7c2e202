#include "reports/statistics/margin_test.hpp"

#include <algorithm>
#include <boost/math/distributions/binomial.hpp>
#include <boost/math/distributions/non_central_t.hpp>
#include <boost/math/distributions/students_t.hpp>
#include <cmath>
#include <functional>
#include <span>

#include "reports/statistics/cluster_signs.hpp"
#include "reports/statistics/clustered_mean.hpp"
#include "reports/statistics/normal.hpp"
#include "reports/statistics/unconditional.hpp"

namespace reports::statistics {
namespace {

/// P(X >= least) for X binomial with `trials` trials of 1/2.
double upper_tail(std::size_t trials, std::size_t least) {
    if (least == 0) return 1;
    const boost::math::binomial fair(static_cast<double>(trials), 0.5);
    return boost::math::cdf(boost::math::complement(fair, static_cast<double>(least) - 1));
}

/// Where a falling function crosses `wanted`, between -1 and 1.
double crossing(const std::function<double(double)>& falling, double wanted) {
    constexpr int kHalvings = 60;
    double low = -1;
    double high = 1;
    for (int i = 0; i < kHalvings; ++i) {
        const double middle = (low + high) / 2;
        (falling(middle) > wanted ? low : high) = middle;
    }
    return (low + high) / 2;
}

MarginTest test_of_counts(const Differences& differences, double margin, double level, MarginTestKind kind) {
    const std::size_t items = differences.values.size();
    const SignCounts counts = sign_counts(differences.values);
    MarginTest test{.kind = kind, .difference = 0, .bounds = {}};
    test.difference =
        (static_cast<double>(counts.better) - static_cast<double>(counts.worse)) / static_cast<double>(items);
    const auto statistic = [&](double at) { return tango_statistic(counts.better, counts.worse, items, at); };
    const double z = normal_quantile(1 - level);
    test.bounds = data::Interval{crossing(statistic, z), crossing(statistic, -z)};
    if (kind == MarginTestKind::Unconditional) {
        test.p_drop = unconditional_p(counts.worse, counts.better, items);
        test.p_no_drop = unconditional_p(counts.better, counts.worse, items);
    } else if (kind == MarginTestKind::McNemar) {
        test.p_drop = upper_tail(counts.better + counts.worse, counts.worse);
        test.p_no_drop = upper_tail(counts.better + counts.worse, counts.better);
    } else {
        test.p_drop = normal_below(statistic(-margin));
        test.p_no_drop = normal_below(-statistic(-margin));
    }
    return test;
}

struct Mean {
    double value = 0;
    double standard_error = 0;
    double degrees_of_freedom = 0;
};

/// `cluster_of` may be empty. Values of a single cluster count as alone.
Mean mean_of(std::span<const double> values, std::span<const std::size_t> cluster_of) {
    auto found = clustered_mean(values, {cluster_of.begin(), cluster_of.end()});
    if (found && found->clusters == 1) found = clustered_mean(values);
    return found ? Mean{found->mean, found->standard_error.value_or(0), found->degrees_of_freedom} : Mean{};
}

/// The mean of the strata's means; a stratum of a single value adds no error.
Mean mean_of_strata(const Differences& differences) {
    Mean whole;
    const auto strata = static_cast<double>(differences.strata.size());
    std::span<const double> rest(differences.values);
    std::span<const std::size_t> clusters(differences.cluster_of);
    double variance = 0;
    for (const std::size_t size : differences.strata) {
        const std::size_t with_cluster = std::min(size, clusters.size());
        const Mean mean = mean_of(rest.first(size), clusters.first(with_cluster));
        clusters = clusters.subspan(with_cluster);
        whole.value += mean.value / strata;
        variance += std::pow(mean.standard_error / strata, 2);
        rest = rest.subspan(size);
    }
    whole.standard_error = std::sqrt(variance);
    return whole;
}

MarginTest test_of_mean(const Differences& differences, double margin, double level) {
    const bool has_strata = !differences.strata.empty();
    const Mean mean = has_strata ? mean_of_strata(differences) : mean_of(differences.values, differences.cluster_of);
    MarginTest test{.kind = MarginTestKind::Mean, .difference = mean.value, .bounds = {}};
    if (mean.standard_error <= 0) return test;
    const double statistic = (mean.value + margin) / mean.standard_error;
    double quantile = normal_quantile(1 - level);
    if (has_strata) {
        test.p_drop = normal_below(statistic);
        test.p_no_drop = normal_below(-statistic);
    } else {
        const boost::math::students_t student(mean.degrees_of_freedom);
        quantile = boost::math::quantile(student, 1 - level);
        test.p_drop = boost::math::cdf(student, statistic);
        test.p_no_drop = boost::math::cdf(student, -statistic);
    }
    test.bounds =
        data::Interval{mean.value - quantile * mean.standard_error, mean.value + quantile * mean.standard_error};
    return test;
}

/// The bounds of the mean, and exact tests of the signs of clusters.
MarginTest test_of_signs(const Differences& differences, double level) {
    MarginTest test = test_of_mean(differences, 0, level);
    test.kind = MarginTestKind::Signs;
    const ClusterSigns signs = cluster_signs(differences.values, differences.cluster_of);
    test.p_drop = signs.p_low;
    test.p_no_drop = signs.p_high;
    return test;
}

/// p of `least` or more worse pairs among `differing`: McNemar's exact one, or its mid-p.
double p_of(std::size_t differing, std::size_t least, MarginTestKind kind) {
    const double p = upper_tail(differing, least);
    if (kind != MarginTestKind::Unconditional || least > differing) return p;
    const boost::math::binomial fair(static_cast<double>(differing), 0.5);
    return p - boost::math::pdf(fair, static_cast<double>(least)) / 2;
}

/// Whether a gate that counts pairs fails with so many worse ones among those that differ.
bool fails(const PlannedGate& gate, std::size_t differing, std::size_t worse) {
    if (gate.kind != MarginTestKind::Score) return p_of(differing, worse, gate.kind) <= gate.level;
    return tango_statistic(differing - worse, worse, gate.items, -gate.margin) <= -normal_quantile(1 - gate.level);
}

/// The fewest worse pairs among `differing` for which the gate fails; more than `differing` if none does.
std::size_t fewest_to_fail(const PlannedGate& gate, std::size_t differing) {
    std::size_t too_few = 0;  // one more than the number that is known not to fail
    std::size_t enough = differing + 1;
    while (too_few < enough) {
        const std::size_t middle = (too_few + enough) / 2;
        if (fails(gate, differing, middle)) {
            enough = middle;
        } else {
            too_few = middle + 1;
        }
    }
    return enough;
}

double chance_of_counts(const PlannedGate& gate, double drop) {
    const double spread = std::min(1.0, std::max(gate.spread, drop));
    const boost::math::binomial differing(static_cast<double>(gate.items), spread);
    const double share_worse = (spread + drop) / 2 / spread;
    constexpr double kNegligible = 1e-9;
    const auto first = static_cast<std::size_t>(boost::math::quantile(differing, kNegligible));
    const auto last = static_cast<std::size_t>(boost::math::quantile(boost::math::complement(differing, kNegligible)));
    double chance = 0;
    for (std::size_t count = std::max<std::size_t>(first, 1); count <= last; ++count) {
        const std::size_t least = fewest_to_fail(gate, count);
        if (least == 0 || least > count) continue;
        const boost::math::binomial worse(static_cast<double>(count), share_worse);
        chance += boost::math::pdf(differing, static_cast<double>(count)) *
                  boost::math::cdf(boost::math::complement(worse, static_cast<double>(least) - 1));
    }
    return chance;
}

}  // namespace

SignCounts sign_counts(const std::vector<double>& values) {
    SignCounts counts;
    for (const double value : values) {
        counts.better += value > 0 ? 1 : 0;
        counts.worse += value < 0 ? 1 : 0;
    }
    return counts;
}

double tango_statistic(std::size_t better, std::size_t worse, std::size_t items, double at) {
    const auto n = static_cast<double>(items);
    const auto up = static_cast<double>(better);
    const auto down = static_cast<double>(worse);
    // The likeliest probability of a worse pair where the difference is `at`: the larger root of a q^2 + b q + c.
    const double a = 2 * n;
    const double b = -up - down + (2 * n - up + down) * at;
    const double c = -down * at * (1 - at);
    const double root = (std::sqrt(std::max(0.0, b * b - 4 * a * c)) - b) / (2 * a);
    const double variance = n * (2 * root + at * (1 - at));
    const double apart = up - down - n * at;
    if (variance <= 0) return apart == 0 ? 0 : std::copysign(HUGE_VAL, apart);
    return apart / std::sqrt(variance);
}

MarginTestKind fitting_test(const Differences& differences, double margin) {
    if (!differences.is_binary || !differences.strata.empty()) return MarginTestKind::Mean;
    if (!differences.cluster_of.empty()) return margin > 0 ? MarginTestKind::Mean : MarginTestKind::Signs;
    return margin > 0 ? MarginTestKind::Score : MarginTestKind::McNemar;
}

std::optional<MarginTest> margin_test(const Differences& differences, double margin, double level,
                                      MarginTestKind kind) {
    if (differences.values.empty()) return std::nullopt;
    if (kind == MarginTestKind::Mean) return test_of_mean(differences, margin, level);
    if (!differences.is_binary || !differences.strata.empty()) return std::nullopt;
    if (kind == MarginTestKind::Signs) return test_of_signs(differences, level);
    return test_of_counts(differences, margin, level, kind);
}

double chance_to_fail(const PlannedGate& gate, double drop) {
    if (gate.items == 0 || gate.spread <= 0) return 0;
    if (gate.kind != MarginTestKind::Mean) return chance_of_counts(gate, drop);
    const double apart = (drop - gate.margin) / gate.spread * std::sqrt(static_cast<double>(gate.items));
    const double degrees_of_freedom =
        gate.degrees_of_freedom > 0 ? gate.degrees_of_freedom : static_cast<double>(gate.items) - 1;
    constexpr double kMany = 500;  // Student's t is the normal distribution to three digits
    if (degrees_of_freedom <= 0) return 0;
    if (degrees_of_freedom > kMany) return normal_below(apart - normal_quantile(1 - gate.level));
    const boost::math::students_t student(degrees_of_freedom);
    const boost::math::non_central_t shifted(degrees_of_freedom, apart);
    return boost::math::cdf(boost::math::complement(shifted, boost::math::quantile(student, 1 - gate.level)));
}

}  // namespace reports::statistics
