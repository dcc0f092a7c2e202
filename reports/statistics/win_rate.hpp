#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "reports/statistics/sampled_share.hpp"

namespace reports::statistics {

/// What a rater says of the first of two answers.
enum class Vote { Win, Tie, Loss };

/// 1 for a win, 0.5 for a tie, 0 for a loss.
double points(Vote vote);

/// A pair of answers with the votes of its raters.
struct VotedItem {
    std::size_t prompt = 0;  ///< cluster: items of one prompt belong together
    std::vector<Vote> votes;
};

/// How often the first variant wins. Llama 2's paper prints win, tie and loss of three raters an item, but not how
/// seven points of three raters become one of them: here each rating is a win, a tie or a loss, and the item is what
/// more than half of its raters say, or "no consensus".
struct WinTieLoss {
    std::size_t items = 0;    ///< with a vote
    std::size_t prompts = 0;  ///< of these items
    std::size_t ratings = 0;
    /// Shares of the items, 1 together.
    SampledShare win, tie, loss, no_consensus;
    /// win + (tie + no consensus) / 2.
    SampledShare win_rate;
    /// Mean over the items of the mean points of their votes: needs no rule for a majority.
    SampledShare mean_points;
    std::size_t prompts_won = 0;  ///< prompts with more items won than lost
    std::size_t prompts_lost = 0;
    double sign_p = 1;  ///< sign_test of the two
};

/// All intervals are cluster bootstraps over prompts. nullopt without a vote.
std::optional<WinTieLoss> win_tie_loss(const std::vector<VotedItem>& items, const BootstrapSettings& settings = {});

/// Exact two-sided sign test over prompts (Dixon and Mood 1946, JASA 41:557): prompts without a difference do not
/// count. A prompt counts once, however many items and raters it has, because these are not independent.
double sign_test(std::uint64_t won, std::uint64_t lost);

}  // namespace reports::statistics
