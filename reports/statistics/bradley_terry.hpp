#pragma once

#include <cstddef>
#include <optional>
#include <variant>
#include <vector>

#include "reports/data/values.hpp"
#include "reports/statistics/bootstrap.hpp"
#include "reports/statistics/win_rate.hpp"

namespace reports::statistics {

/// One rater's vote on answers of two variants.
struct Comparison {
    std::size_t first = 0;  ///< variants, from 0
    std::size_t second = 1;
    Vote vote = Vote::Tie;   ///< of the first
    std::size_t prompt = 0;  ///< cluster
    /// What the first answer has more of than the second, such as length; only for BradleyTerrySettings::Adjusted.
    double covariate = 0;
};

struct BradleyTerrySettings {
    enum class Covariate { Ignored, Adjusted };

    Covariate covariate = Covariate::Ignored;
    /// Penalty ridge / 2 * sum of squares of all parameters, as a normal prior of variance 1 / ridge: keeps strengths
    /// finite where a variant never lost, and moves others by less than their last printed digit. Above 0.
    double ridge = 0.01;
    /// Resampling whole prompts; its `resamples` may be 0: no bootstrap. There is none for Adjusted, where each
    /// resample would need all votes anew.
    BootstrapSettings bootstrap = {};
};

/// A parameter with its intervals.
struct Fitted {
    double value = 0;
    double standard_error = 0;  ///< sandwich over prompts
    data::Interval sandwich95;
    std::optional<data::Interval> bootstrap95;  ///< percentiles over prompts
};

/// Strengths with the mean 0, in natural logarithms of the odds.
struct BradleyTerry {
    std::vector<Fitted> strengths;    ///< [variant]
    std::optional<double> log_tie;    ///< ln of Davidson's nu; none: nobody voted for a tie
    std::optional<Fitted> covariate;  ///< log odds for one more of the covariate
    std::size_t votes = 0;
    std::size_t prompts = 0;
    /// Some variants never lost to the rest, so that only the penalty keeps their strength finite.
    bool is_separated = false;
};

/// Why there are no strengths: these groups of variants were never compared with each other, or there are less than two
/// prompts.
struct NotConnected {
    std::vector<std::vector<std::size_t>> groups;
};
using BradleyTerryResult = std::variant<BradleyTerry, NotConnected>;

/// Bradley and Terry's model (1952, Biometrika 39:324) with Davidson's ties (1970, JASA 65:317): with u = (s_first -
/// s_second + b covariate) / 2, win : tie : loss are as exp(u) : nu : exp(-u). Without ties this is the logistic
/// regression of style control. Sandwich: H^-1 G H^-1, G the sum over prompts of g g' * C / (C - 1), g a prompt's
/// gradient (Liang and Zeger 1986, Biometrika 73:13).
BradleyTerryResult bradley_terry(std::size_t variants, const std::vector<Comparison>& votes,
                                 const BradleyTerrySettings& settings = {});

/// Strengths are printed on the scale of chess ratings: 400 for odds of 10.
constexpr double kRatingScale = 400.0 / 2.302585092994046;

/// What the first answer has more of, as a share: (first - second) / (first + second), and divided by the standard
/// deviation over all comparisons (0 mean is not subtracted), so that the coefficient is that of a typical difference.
/// All 0 if lengths never differ. As "style control" of Chatbot Arena (Li, Angelopoulos and Chiang 2024).
std::vector<double> length_covariates(const std::vector<std::pair<double, double>>& lengths);

}  // namespace reports::statistics
