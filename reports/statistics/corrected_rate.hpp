#pragma once

#include <cstddef>
#include <optional>
#include <variant>
#include <vector>

#include "reports/data/values.hpp"

namespace reports::statistics {

/// A yes-or-no outcome of N items, of which people have judged some and a judge (a model, a reward model, a detector)
/// all. The judged items must be a simple random sample of all, and the items independent of each other: choosing the
/// items that people see by the judge's score makes every rate below wrong.
struct JudgedItems {
    std::vector<double> judge;  ///< [item] 0 to 1: a decision, or the probability of a yes
    data::ItemValues human;     ///< [item] 0 or 1; nullopt: not judged by people
};

enum class RateMethod {
    HumanOnly,         ///< the share among people's labels, Wilson's interval
    RoganGladen,       ///< the judge's rate, corrected by its sensitivity and specificity
    PredictionPowered  ///< people's rate, corrected by the judge's difference between the labelled and all items
};

/// Estimate of the rate in the population that the items come from, as with all intervals of these reports; for the N
/// items alone it is wider than needed.
struct CorrectedRate {
    RateMethod method = RateMethod::HumanOnly;
    double estimate = 0;
    data::Interval ci95;
    std::size_t labels = 0;        ///< n
    std::size_t items = 0;         ///< N
    std::optional<double> lambda;  ///< weight of the judge, 0 to 1; only PredictionPowered
    std::optional<double> worth;  ///< number of labels that would carry as much without a judge; only PredictionPowered
};

enum class RateProblem {
    FewLabels,
    FewUnlabelled,   ///< items without a label, for the judge's rate
    FewPositives,    ///< items that people call yes, for the sensitivity
    FewNegatives,    ///< items that people call no, for the specificity
    JudgeNotBinary,  ///< sensitivity and specificity need scores of 0 and 1
    JudgeByChance,   ///< the interval is unbounded: the judge cannot be told from one that guesses
};
struct RateRefusal {
    RateProblem problem = RateProblem::FewLabels;
    std::size_t have = 0;
    std::size_t need = 0;  ///< 0 where no number helps
};
using RateResult = std::variant<CorrectedRate, RateRefusal>;

/// Fewest labels for the two corrected rates.
constexpr std::size_t kMinLabels = 100;
/// Fewest labels of each kind, yes and no, for Rogan and Gladen's, and fewest items without a label.
constexpr std::size_t kMinLabelsOfKind = 5;
constexpr std::size_t kMinUnlabelled = 100;

/// Refused only without labels.
RateResult human_rate(const JudgedItems& items);

/// Rogan and Gladen (1978, American Journal of Epidemiology 107:71): (q + sp - 1) / (se + sp - 1), within 0 to 1, with
/// sensitivity and specificity from the labelled items and the judge's rate q from the others, so that the three are
/// independent. The interval holds every rate p with |q - p se - (1 - p) (1 - sp)| <= z sqrt(Var q + p^2 Var se + (1 -
/// p)^2 Var sp) (Fieller's method), each proportion with half a yes and half a no more. Unlike an interval from the
/// delta method, or Lang and Reiczigel's (2014, Preventive Veterinary Medicine 113:13), it covers for a weak judge too.
RateResult rogan_gladen(const JudgedItems& items);

/// Prediction-powered inference, power-tuned (Angelopoulos, Duchi and Zrnic 2023, arXiv:2311.01453):
/// mean human + lambda (mean judge of all items - mean judge of labelled items), within 0 to 1, with lambda = cov / var
/// judge within 0 to 1. Written with all items in place of the unlabelled ones, which is the same estimate. Its
/// variance is var human (1 - g (1 - n / N)) / n, g = lambda (2 cov - lambda var judge) / var human, that of n_e = n /
/// (1 - g (1 - n / N)) labels without a judge; the interval is Wilson's for n_e labels. The moments count two labels
/// more, half of one for each of yes and no at the smallest and at the largest score: without them a few yeses that the
/// judge happens to find make it look better than it is, and the interval is too narrow for rates near 0. Refused for
/// fewer than kMinLabels labels, never for their outcome: refusing samples with few yeses leaves those with too many,
/// and the interval would no longer cover (0.91 instead of 0.94 at rate 0.05, 100 labels, five yeses needed).
RateResult prediction_powered(const JudgedItems& items);

}  // namespace reports::statistics
