#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "reports/data/ladder.hpp"

namespace reports::statistics {

/// The predictions of two models for one token of a text.
struct TokenDivergence {
    double kl = 0;                 ///< KL(reference || model) of the distributions of the next token. [nats]
    double reference_logprob = 0;  ///< of the text's own token, by the reference. [nats]
    double model_logprob = 0;
    bool same_top = false;  ///< the most probable token is the same (the lowest id wins a tie)
};

/// `reference`, `model`: logits [vocab], finite. `token`: id of the text's own token. All sums are in f64, in the order
/// of ids: with r and q the logits, KL = sum p (r - q) - log-sum-exp r + log-sum-exp q. Equal logits give exactly 0.
TokenDivergence token_divergence(std::span<const float> reference, std::span<const float> model, std::size_t token);

/// `window_of[i]`: the cluster of token i. Means have the error of clustered_mean(); logarithms of perplexities and
/// squares of changes are averaged, and their intervals transformed. Quantiles are linear between the order statistics
/// (type 7 of Hyndman and Fan 1996, The American Statistician 50:361). nullopt without tokens.
std::optional<data::Divergence> summarise(std::span<const TokenDivergence> tokens,
                                          const std::vector<std::size_t>& window_of);

}  // namespace reports::statistics
