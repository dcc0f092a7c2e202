#include "reports/statistics/margin_test.hpp"

#include <algorithm>
#include <boost/math/distributions/binomial.hpp>
#include <boost/math/distributions/students_t.hpp>
#include <cmath>
#include <functional>
#include <span>

#include "reports/statistics/clustered_mean.hpp"
#include "reports/statistics/normal.hpp"

namespace reports::statistics {
namespace {

/// P(X >= least) for X binomial with `trials` trials of 1/2.
double upper_tail(std::size_t trials, std::size_t least) {
    if (least == 0) return 1;
    const boost::math::binomial fair(static_cast<double>(trials), 0.5);
    return boost::math::cdf(boost::math::complement(fair, static_cast<double>(least) - 1));
}

struct Counts {
    std::size_t better = 0;
    std::size_t worse = 0;
};

Counts counts_of(const std::vector<double>& values) {
    Counts counts;
    for (const double value : values) {
        counts.better += value > 0 ? 1 : 0;
        counts.worse += value < 0 ? 1 : 0;
    }
    return counts;
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
    const Counts counts = counts_of(differences.values);
    MarginTest test{.kind = kind, .difference = 0, .bounds = {}};
    test.difference =
        (static_cast<double>(counts.better) - static_cast<double>(counts.worse)) / static_cast<double>(items);
    const auto statistic = [&](double at) { return tango_statistic(counts.better, counts.worse, items, at); };
    const double z = normal_quantile(1 - level);
    test.bounds = data::Interval{crossing(statistic, z), crossing(statistic, -z)};
    if (kind == MarginTestKind::McNemar) {
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
};

Mean mean_of(std::span<const double> values) {
    const auto found = clustered_mean(values);
    return found ? Mean{found->mean, found->standard_error.value_or(0)} : Mean{};
}

/// The mean of the strata's means; a stratum of a single value adds no error.
Mean mean_of_strata(const Differences& differences) {
    Mean whole;
    const auto strata = static_cast<double>(differences.strata.size());
    std::span<const double> rest(differences.values);
    double variance = 0;
    for (const std::size_t size : differences.strata) {
        const Mean mean = mean_of(rest.first(size));
        whole.value += mean.value / strata;
        variance += std::pow(mean.standard_error / strata, 2);
        rest = rest.subspan(size);
    }
    whole.standard_error = std::sqrt(variance);
    return whole;
}

MarginTest test_of_mean(const Differences& differences, double margin, double level) {
    const bool has_strata = !differences.strata.empty();
    const Mean mean = has_strata ? mean_of_strata(differences) : mean_of(differences.values);
    MarginTest test{.kind = MarginTestKind::Mean, .difference = mean.value, .bounds = {}};
    if (mean.standard_error <= 0) return test;
    const double statistic = (mean.value + margin) / mean.standard_error;
    double quantile = normal_quantile(1 - level);
    if (has_strata) {
        test.p_drop = normal_below(statistic);
        test.p_no_drop = normal_below(-statistic);
    } else {
        const boost::math::students_t student(static_cast<double>(differences.values.size()) - 1);
        quantile = boost::math::quantile(student, 1 - level);
        test.p_drop = boost::math::cdf(student, statistic);
        test.p_no_drop = boost::math::cdf(student, -statistic);
    }
    test.bounds =
        data::Interval{mean.value - quantile * mean.standard_error, mean.value + quantile * mean.standard_error};
    return test;
}

/// The fewest worse pairs among `differing` for which McNemar's test fails; more than `differing` if none does.
std::size_t fewest_to_fail(std::size_t differing, double level) {
    const boost::math::binomial fair(static_cast<double>(differing), 0.5);
    // P(X >= k) <= level from this k on, give or take one.
    auto least = static_cast<std::size_t>(boost::math::quantile(boost::math::complement(fair, level)));
    while (least > 0 && upper_tail(differing, least) <= level) --least;
    while (least <= differing && upper_tail(differing, least) > level) ++least;
    return least;
}

double chance_of_mcnemar(const PlannedGate& gate, double drop) {
    const double spread = std::min(1.0, std::max(gate.spread, drop));
    const boost::math::binomial differing(static_cast<double>(gate.items), spread);
    const double share_worse = (spread + drop) / 2 / spread;
    constexpr double kNegligible = 1e-9;
    const auto first = static_cast<std::size_t>(boost::math::quantile(differing, kNegligible));
    const auto last = static_cast<std::size_t>(boost::math::quantile(boost::math::complement(differing, kNegligible)));
    double chance = 0;
    for (std::size_t count = std::max<std::size_t>(first, 1); count <= last; ++count) {
        const std::size_t least = fewest_to_fail(count, gate.level);
        if (least > count) continue;
        const boost::math::binomial worse(static_cast<double>(count), share_worse);
        chance += boost::math::pdf(differing, static_cast<double>(count)) *
                  boost::math::cdf(boost::math::complement(worse, static_cast<double>(least) - 1));
    }
    return chance;
}

}  // namespace

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
    return margin > 0 ? MarginTestKind::Score : MarginTestKind::McNemar;
}

std::optional<MarginTest> margin_test(const Differences& differences, double margin, double level,
                                      MarginTestKind kind) {
    if (differences.values.empty()) return std::nullopt;
    if (kind == MarginTestKind::Mean) return test_of_mean(differences, margin, level);
    if (!differences.is_binary || !differences.strata.empty()) return std::nullopt;
    return test_of_counts(differences, margin, level, kind);
}

double chance_to_fail(const PlannedGate& gate, double drop) {
    if (gate.items == 0 || gate.spread <= 0) return 0;
    if (gate.kind == MarginTestKind::McNemar) return chance_of_mcnemar(gate, drop);
    const auto n = static_cast<double>(gate.items);
    const bool counted = gate.kind == MarginTestKind::Score;
    const double changed = std::min(1.0, std::max(gate.spread, drop));
    const auto error = [&](double difference) {
        return counted ? std::sqrt(std::max(0.0, changed - difference * difference) / n) : gate.spread / std::sqrt(n);
    };
    const double above = drop - gate.margin - normal_quantile(1 - gate.level) * error(gate.margin);
    const double spread = error(drop);
    return spread > 0 ? normal_below(above / spread) : (above > 0 ? 1.0 : 0.0);
}

}  // namespace reports::statistics
