#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <vector>

#include "reports/statistics/agreement.hpp"

namespace reports::statistics {

/// Ratings counted by item and category, from which agreement and its resamples are computed.
class AgreementTable {
public:
    /// One item.
    struct Item {
        std::vector<double> counts;  ///< [category] number of raters
        double ratings = 0;          ///< their sum
        double pairs = 0;            ///< sum_k r_ik (r*_ik - 1): agreement over ordered pairs of raters
    };
    /// Observed and chance agreement of the items with their counts, and what they are made of.
    struct Parts {
        double observed = 0;
        double chance = 0;
        double items = 0;  ///< that count, see Agreement::items
        double items_rated_twice = 0;
        double ratings = 0;                       ///< in the items that count
        std::vector<double> shares;               ///< [category] pi_k
        std::vector<std::vector<double>> raters;  ///< [rater, category] p_gk; only for CongerKappa
        std::vector<double> rated;                ///< [rater] number of items; only for CongerKappa
    };

    AgreementTable(const Ratings& ratings, Coefficient coefficient, WeightMatrix weights);

    /// `counts` has one number an item. nullopt without an item with two ratings.
    std::optional<Parts> parts(std::span<const double> counts) const;
    /// Sets the weights to Krippendorff's ordinal metric for these counts.
    void use_ordinal_metric(std::span<const double> counts);

    const std::vector<Item>& items() const { return items_; }
    const WeightMatrix& weights() const { return weights_; }
    const Ratings& ratings() const { return ratings_; }
    Coefficient coefficient() const { return coefficient_; }
    /// Items with fewer ratings do not count.
    double least_ratings() const { return coefficient_ == Coefficient::KrippendorffAlpha ? 2 : 1; }

private:
    void set_weights(WeightMatrix weights);
    void add_raters(std::span<const double> counts, Parts& parts) const;
    double chance(const Parts& parts) const;

    const Ratings& ratings_;  // outlives the table
    Coefficient coefficient_;
    WeightMatrix weights_;
    double weight_sum_ = 0;
    std::vector<Item> items_;
};

/// sum_l weights[k][l] shares[l] for each category k.
std::vector<double> weighted(const WeightMatrix& weights, const std::vector<double>& shares);
double dot(const std::vector<double>& a, const std::vector<double>& b);

}  // namespace reports::statistics
