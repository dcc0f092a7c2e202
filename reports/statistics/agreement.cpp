#include "reports/statistics/agreement.hpp"

#include <algorithm>
#include <boost/math/distributions/students_t.hpp>
#include <cmath>

#include "reports/statistics/agreement_table.hpp"
#include "reports/statistics/normal.hpp"

namespace reports::statistics {
namespace {

using Parts = AgreementTable::Parts;

// 1 - chance below this is rounding: all ratings are in one category.
constexpr double kNoChanceLeft = 1e-12;

std::optional<double> value_of(const std::optional<Parts>& parts) {
    if (!parts || 1 - parts->chance < kNoChanceLeft) return std::nullopt;
    return (parts->observed - parts->chance) / (1 - parts->chance);
}

/// Half the derivative of Conger's chance agreement by each rater's shares. [rater, category]
std::vector<std::vector<double>> conger_gradients(const AgreementTable& table, const Parts& parts) {
    const auto raters = static_cast<double>(
        std::count_if(parts.rated.begin(), parts.rated.end(), [](double rated) { return rated > 0; }));
    std::vector<double> sum(parts.shares.size(), 0.0);
    for (const auto& shares : parts.raters) {
        for (std::size_t k = 0; k < sum.size(); ++k) sum[k] += shares[k];
    }
    std::vector<std::vector<double>> gradients;
    for (const auto& shares : parts.raters) {
        std::vector<double> others(sum.size());
        for (std::size_t k = 0; k < sum.size(); ++k) others[k] = (sum[k] - shares[k]) / (raters - 1) / raters;
        gradients.push_back(weighted(table.weights(), others));
    }
    return gradients;
}

/// Influence of each item on the chance agreement, halved for the coefficients in which shares enter as squares.
/// [item]; items that do not count have 0.
std::vector<double> chance_influence(const AgreementTable& table, const Parts& parts) {
    const Coefficient coefficient = table.coefficient();
    std::vector<double> result(table.items().size(), 0.0);
    if (coefficient == Coefficient::RawAgreement || coefficient == Coefficient::BrennanPrediger) return result;
    const bool conger = coefficient == Coefficient::CongerKappa;
    const auto gradients = conger ? conger_gradients(table, parts) : std::vector<std::vector<double>>{};
    std::vector<double> gradient = weighted(table.weights(), parts.shares);
    if (coefficient == Coefficient::GwetAc) {
        double sum = 0;
        for (const auto& row : table.weights()) {
            for (const double weight : row) sum += weight;
        }
        const auto q = static_cast<double>(gradient.size());
        for (std::size_t k = 0; k < gradient.size(); ++k) gradient[k] = sum / (q * (q - 1)) * (1 - parts.shares[k]);
    }
    const double mean_ratings = parts.ratings / parts.items;
    for (std::size_t i = 0; i < result.size(); ++i) {
        const AgreementTable::Item& item = table.items()[i];
        if (item.ratings < table.least_ratings()) continue;
        if (conger) {
            for (std::size_t rater = 0; rater < gradients.size(); ++rater) {
                const auto& category = table.ratings().items[i][rater];
                if (!category) continue;
                const double moved = gradients[rater][*category] - dot(parts.raters[rater], gradients[rater]);
                result[i] += moved * parts.items / parts.rated[rater];
            }
        } else if (coefficient == Coefficient::KrippendorffAlpha) {
            result[i] = (dot(item.counts, gradient) - parts.chance * item.ratings) / mean_ratings;
        } else {
            result[i] = dot(item.counts, gradient) / item.ratings - parts.chance;
        }
    }
    return result;
}

/// Gwet's variance: sum over items of (linearised value - value)^2 / (n (n - 1)).
std::optional<double> standard_error(const AgreementTable& table, const Parts& parts, double value) {
    if (parts.items < 2) return std::nullopt;
    const bool alpha = table.coefficient() == Coefficient::KrippendorffAlpha;
    const double left = 1 - parts.chance;
    const double small_sample = alpha ? 1 / parts.ratings : 0;
    // alpha without the correction for a small sample, of which Gwet takes the variance
    const double observed = (parts.observed - small_sample) / (1 - small_sample);
    const double centre = alpha ? (observed - parts.chance) / left : value;
    const double mean_ratings = parts.ratings / parts.items;
    const std::vector<double> by_chance = chance_influence(table, parts);
    double squares = 0;
    for (std::size_t i = 0; i < by_chance.size(); ++i) {
        const AgreementTable::Item& item = table.items()[i];
        if (item.ratings < table.least_ratings()) continue;
        double influence = -2 * (1 - centre) * by_chance[i] / left;
        if (alpha) {
            influence += (item.pairs / (item.ratings - 1) - observed * item.ratings) / mean_ratings / left;
        } else {
            const double agreed =
                item.ratings < 2 ? 0 : item.pairs / (item.ratings * (item.ratings - 1)) - parts.chance;
            influence += parts.items / parts.items_rated_twice * agreed / left - value;
        }
        squares += influence * influence;
    }
    const double error = std::sqrt(squares / (parts.items * (parts.items - 1)));
    return error > kNoChanceLeft ? std::optional<double>(error) : std::nullopt;
}

enum class Error { Analytic, None };

AgreementResult result_of(const AgreementTable& table, const std::optional<Parts>& parts, Error error) {
    if (!parts) return NoAgreement::NoItemWithTwoRatings;
    const std::optional<double> value = value_of(parts);
    if (!value) return NoAgreement::OneCategoryUsed;
    Agreement result{.observed = parts->observed,
                     .chance = parts->chance,
                     .value = *value,
                     .standard_error = error == Error::Analytic ? standard_error(table, *parts, *value) : std::nullopt,
                     .ci95 = std::nullopt,
                     .items = static_cast<std::size_t>(parts->items),
                     .items_rated_twice = static_cast<std::size_t>(parts->items_rated_twice)};
    if (result.standard_error) {
        const boost::math::students_t distribution(parts->items - 1);
        const double half = boost::math::quantile(distribution, 1 - kLevel / 2) * *result.standard_error;
        result.ci95 = data::Interval{*value - half, std::min(1.0, *value + half)};
    }
    return result;
}

}  // namespace

AgreementResult agreement(const Ratings& ratings, const AgreementMeasure& measure) {
    if (ratings.scores.size() < 2) return NoAgreement::OneCategoryScale;
    const AgreementTable table(ratings, measure.coefficient, agreement_weights(measure.weights, ratings.scores));
    return result_of(table, table.parts(std::vector<double>(ratings.items.size(), 1.0)), Error::Analytic);
}

AgreementResult ordinal_alpha(const Ratings& ratings) {
    if (ratings.scores.size() < 2) return NoAgreement::OneCategoryScale;
    AgreementTable table(ratings, Coefficient::KrippendorffAlpha, agreement_weights(Weights::Identity, ratings.scores));
    const std::vector<double> once(ratings.items.size(), 1.0);
    table.use_ordinal_metric(once);
    return result_of(table, table.parts(once), Error::None);
}

AgreementResult cohen_kappa(const Ratings& ratings, Weights weights) {
    Ratings complete{.scores = ratings.scores, .items = {}};
    for (const auto& item : ratings.items) {
        const bool both = item.size() == 2 && item[0] && item[1];
        if (both) complete.items.push_back(item);
    }
    return agreement(complete, {.coefficient = Coefficient::CongerKappa, .weights = weights});
}

std::optional<Bootstrap> bootstrap_agreement95(const Ratings& ratings, const AgreementMeasure& measure,
                                               const std::vector<std::size_t>& cluster_of,
                                               const BootstrapSettings& settings) {
    if (ratings.scores.size() < 2) return std::nullopt;
    const AgreementTable table(ratings, measure.coefficient, agreement_weights(measure.weights, ratings.scores));
    const auto value = [&table](std::span<const double> counts) { return value_of(table.parts(counts)); };
    return bootstrap95(ratings.items.size(), cluster_of, value, settings);
}

std::optional<Bootstrap> bootstrap_ordinal_alpha95(const Ratings& ratings, const std::vector<std::size_t>& cluster_of,
                                                   const BootstrapSettings& settings) {
    if (ratings.scores.size() < 2) return std::nullopt;
    AgreementTable table(ratings, Coefficient::KrippendorffAlpha, agreement_weights(Weights::Identity, ratings.scores));
    const auto value = [&table](std::span<const double> counts) {
        table.use_ordinal_metric(counts);
        return value_of(table.parts(counts));
    };
    return bootstrap95(ratings.items.size(), cluster_of, value, settings);
}

}  // namespace reports::statistics
