#pragma once

#include <cstddef>
#include <optional>
#include <variant>
#include <vector>

#include "reports/data/values.hpp"
#include "reports/statistics/agreement_weights.hpp"
#include "reports/statistics/bootstrap.hpp"

namespace reports::statistics {

/// Ratings of items by raters on a scale of categories.
struct Ratings {
    /// One number a category, strictly ascending: all categories of the scale, whether used or not.
    std::vector<double> scores;
    /// [item][rater], each a position in `scores`; nullopt: not rated. Every item has the same number of raters.
    std::vector<std::vector<std::optional<std::size_t>>> items;
};

/// Chance-corrected agreement (observed - chance) / (1 - chance). They differ in what they call chance.
enum class Coefficient {
    RawAgreement,       ///< observed agreement without correction
    GwetAc,             ///< AC1 with Identity weights, AC2 with others: hard items are rated at random (Gwet 2008)
    BrennanPrediger,    ///< all categories equally likely
    FleissKappa,        ///< categories as often as over all raters; Scott's pi for two raters
    CongerKappa,        ///< categories as often as for each rater; Cohen's kappa for two raters
    KrippendorffAlpha,  ///< as Fleiss, for a small sample; items with one rating are left out
};

/// Why there is no coefficient.
enum class NoAgreement {
    NoItemWithTwoRatings,  ///< also with a single rater
    OneCategoryScale,
    OneCategoryUsed,  ///< agreement by chance is certain, so nothing is left to measure
};

struct Agreement {
    double observed = 0;  ///< observed weighted agreement
    double chance = 0;    ///< agreement expected by chance; 0 for RawAgreement
    double value = 0;
    /// Analytic standard error over items (Gwet 2014, chapters 5 and 6; for Conger the same linearisation of its chance
    /// agreement); raters are fixed. Items with one rating make it too large, because it counts their number as random:
    /// prefer the bootstrap. None for a single item, for Krippendorff's ordinal metric, and where it would be 0, which
    /// claims too much.
    std::optional<double> standard_error;
    /// value +- t standard errors, t of n - 1 degrees of freedom, at most 1.
    std::optional<data::Interval> ci95;
    std::size_t items = 0;              ///< items with a rating; for KrippendorffAlpha with two or more
    std::size_t items_rated_twice = 0;  ///< items with two or more ratings, of which the observed agreement is the mean
};

/// Either the coefficient or the reason why there is none.
using AgreementResult = std::variant<Agreement, NoAgreement>;

/// What is measured: the coefficient with its weights.
struct AgreementMeasure {
    Coefficient coefficient = Coefficient::GwetAc;
    Weights weights = Weights::Identity;
};

/// Formulas of Gwet (2014, "Handbook of Inter-Rater Reliability", 4th edition), also for missing ratings. r_ik: number
/// of raters that put item i in category k, r_i their sum, r*_ik = sum_l w_kl r_il, pi_k = mean of r_ik / r_i.
/// Observed: mean over items with two or more ratings of sum_k r_ik (r*_ik - 1) / (r_i (r_i - 1)). Chance: GwetAc sum w
/// / (q (q - 1)) sum_k pi_k (1 - pi_k); BrennanPrediger sum w / q^2; FleissKappa sum w_kl pi_k pi_l; CongerKappa mean
/// over pairs of raters g, h of sum w_kl p_gk p_hl, with p_gk rater g's share of category k (raters without a rating
/// are left out); KrippendorffAlpha as FleissKappa with pi_k = r_.k / r.., observed (1 - e) mean(sum_k r_ik (r*_ik - 1)
/// / (mean r (r_i - 1))) + e, e = 1 / r.., which is 1 - D_o / D_e of the coincidence matrix.
AgreementResult agreement(const Ratings& ratings, const AgreementMeasure& measure);

/// Krippendorff's alpha with his own ordinal metric (ordinal_metric_weights); no analytic standard error.
AgreementResult ordinal_alpha(const Ratings& ratings);

/// Cohen's kappa (1960, Educational and Psychological Measurement 20:37; weighted: 1968, Psychological Bulletin 70:213)
/// of two raters over the items that both rated. NoItemWithTwoRatings unless there are exactly two raters.
AgreementResult cohen_kappa(const Ratings& ratings, Weights weights);

/// The bootstrap of agreement: BCa covers best for few items and for values near 1, see reports/README.md.
constexpr BootstrapSettings kAgreementBootstrap{.interval = BootstrapInterval::Bca};

/// Bootstrap interval over items, or over clusters of items if `cluster_of` is not empty (see bootstrap95). Raters are
/// not resampled.
std::optional<Bootstrap> bootstrap_agreement95(const Ratings& ratings, const AgreementMeasure& measure,
                                               const std::vector<std::size_t>& cluster_of = {},
                                               const BootstrapSettings& settings = kAgreementBootstrap);
/// The same for ordinal_alpha; the metric is computed anew for each resample.
std::optional<Bootstrap> bootstrap_ordinal_alpha95(const Ratings& ratings,
                                                   const std::vector<std::size_t>& cluster_of = {},
                                                   const BootstrapSettings& settings = kAgreementBootstrap);

}  // namespace reports::statistics
