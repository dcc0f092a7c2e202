#include "reports/statistics/agreement_table.hpp"

#include <numeric>
#include <utility>

namespace reports::statistics {

double dot(const std::vector<double>& a, const std::vector<double>& b) {
    return std::inner_product(a.begin(), a.end(), b.begin(), 0.0);
}

std::vector<double> weighted(const WeightMatrix& weights, const std::vector<double>& shares) {
    std::vector<double> result;
    result.reserve(weights.size());
    for (const std::vector<double>& row : weights) result.push_back(dot(row, shares));
    return result;
}

AgreementTable::AgreementTable(const Ratings& ratings, Coefficient coefficient, WeightMatrix weights)
    : ratings_(ratings), coefficient_(coefficient) {
    for (const auto& rated : ratings.items) {
        Item item{.counts = std::vector<double>(ratings.scores.size(), 0.0)};
        for (const std::optional<std::size_t>& category : rated) {
            if (!category) continue;
            ++item.counts[*category];
            ++item.ratings;
        }
        items_.push_back(std::move(item));
    }
    set_weights(std::move(weights));
}

void AgreementTable::set_weights(WeightMatrix weights) {
    weights_ = std::move(weights);
    weight_sum_ = 0;
    for (const std::vector<double>& row : weights_) weight_sum_ += std::accumulate(row.begin(), row.end(), 0.0);
    for (Item& item : items_) {
        item.pairs = 0;
        for (std::size_t category = 0; category < item.counts.size(); ++category) {
            if (item.counts[category] == 0) continue;
            item.pairs += item.counts[category] * (dot(weights_[category], item.counts) - 1);
        }
    }
}

void AgreementTable::use_ordinal_metric(std::span<const double> counts) {
    std::vector<double> totals(ratings_.scores.size(), 0.0);
    for (std::size_t i = 0; i < items_.size(); ++i) {
        if (items_[i].ratings < 2) continue;
        for (std::size_t category = 0; category < totals.size(); ++category) {
            totals[category] += counts[i] * items_[i].counts[category];
        }
    }
    set_weights(ordinal_metric_weights(totals));
}

std::optional<AgreementTable::Parts> AgreementTable::parts(std::span<const double> counts) const {
    const bool alpha = coefficient_ == Coefficient::KrippendorffAlpha;
    Parts parts;
    parts.shares.assign(ratings_.scores.size(), 0.0);
    double agreed = 0;
    for (std::size_t i = 0; i < items_.size(); ++i) {
        const Item& item = items_[i];
        if (counts[i] == 0 || item.ratings < least_ratings()) continue;
        parts.items += counts[i];
        parts.ratings += counts[i] * item.ratings;
        // For alpha an item counts by its ratings, for the others by itself.
        const double share = alpha ? counts[i] : counts[i] / item.ratings;
        for (std::size_t k = 0; k < item.counts.size(); ++k) parts.shares[k] += share * item.counts[k];
        if (item.ratings < 2) continue;
        parts.items_rated_twice += counts[i];
        agreed += share * item.pairs / (item.ratings - 1);
    }
    if (parts.items_rated_twice == 0) return std::nullopt;
    for (double& share : parts.shares) share /= alpha ? parts.ratings : parts.items;
    parts.observed = agreed / (alpha ? parts.ratings : parts.items_rated_twice);
    if (alpha) parts.observed = parts.observed * (1 - 1 / parts.ratings) + 1 / parts.ratings;
    if (coefficient_ == Coefficient::CongerKappa) add_raters(counts, parts);
    parts.chance = chance(parts);
    return parts;
}

void AgreementTable::add_raters(std::span<const double> counts, Parts& parts) const {
    const std::size_t raters = ratings_.items.front().size();
    parts.raters.assign(raters, std::vector<double>(ratings_.scores.size(), 0.0));
    parts.rated.assign(raters, 0.0);
    for (std::size_t i = 0; i < items_.size(); ++i) {
        if (counts[i] == 0) continue;
        for (std::size_t rater = 0; rater < raters; ++rater) {
            const std::optional<std::size_t>& category = ratings_.items[i][rater];
            if (!category) continue;
            parts.raters[rater][*category] += counts[i];
            parts.rated[rater] += counts[i];
        }
    }
    for (std::size_t rater = 0; rater < raters; ++rater) {
        for (double& share : parts.raters[rater]) share /= parts.rated[rater] > 0 ? parts.rated[rater] : 1;
    }
}

double AgreementTable::chance(const Parts& parts) const {
    const auto categories = static_cast<double>(ratings_.scores.size());
    switch (coefficient_) {
        case Coefficient::RawAgreement: return 0;
        case Coefficient::BrennanPrediger: return weight_sum_ / (categories * categories);
        case Coefficient::GwetAc: {
            double mixed = 0;
            for (const double share : parts.shares) mixed += share * (1 - share);
            return weight_sum_ / (categories * (categories - 1)) * mixed;
        }
        case Coefficient::FleissKappa:
        case Coefficient::KrippendorffAlpha: return dot(parts.shares, weighted(weights_, parts.shares));
        case Coefficient::CongerKappa: break;
    }
    double pairs = 0;
    double agreed = 0;
    for (std::size_t g = 0; g < parts.raters.size(); ++g) {
        for (std::size_t h = 0; h < g; ++h) {
            if (parts.rated[g] == 0 || parts.rated[h] == 0) continue;
            agreed += dot(parts.raters[g], weighted(weights_, parts.raters[h]));
            ++pairs;
        }
    }
    return agreed / pairs;  // an item with two ratings has two raters
}

}  // namespace reports::statistics
