#pragma once

#include <cstddef>
#include <optional>
#include <span>

#include "reports/statistics/bootstrap_mean.hpp"

namespace reports::statistics {

/// A judge's preference between answers a and b to one prompt, asked twice. 1: prefers a, 0: prefers b.
struct JudgedPair {
    std::size_t prompt = 0;  ///< any number; pairs of one prompt are drawn together
    double a_first = 0;      ///< with a shown first
    double b_first = 0;      ///< with b shown first
};

/// One order's verdict is the reply (a, tie, b) nearest to its preference: from 0.75 a, to 0.25 b. A win is a preferred
/// in both orders, a loss is b preferred in both, everything else a tie (Zheng et al. 2023, arXiv 2306.05685, section
/// 3.4).
struct PairwiseSummary {
    std::size_t pairs = 0;
    std::size_t prompts = 0;
    std::size_t wins = 0;
    std::size_t ties = 0;
    std::size_t losses = 0;
    BootstrapMean win;  ///< share of pairs
    BootstrapMean tie;
    BootstrapMean loss;
    BootstrapMean score;       ///< wins and half of the ties, as a share
    BootstrapMean preference;  ///< mean preference for a over both orders, without verdicts
    /// Mean preference for the answer that is shown first, whichever it is: 0.5 for a judge that does not care.
    BootstrapMean first;
    BootstrapMean consistent;  ///< share of pairs with the same verdict in both orders
    /// Exact sign test of wins against losses, two-sided; none where a prompt has several pairs, which it does not
    /// know.
    std::optional<double> sign_p;
};

/// `pairs` is not empty.
PairwiseSummary pairwise_summary(std::span<const JudgedPair> pairs);

}  // namespace reports::statistics
