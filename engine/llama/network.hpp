#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "engine/language_model.hpp"

namespace engine::llama {

/// One token of a batch. Position p of its prefix, up to its own position, is in cache row Batch::rows[table + p].
struct WorkToken {
    TokenId id = 0;
    std::uint32_t position = 0;
    std::uint32_t table = 0;
};

/// Tokens of many sequences for one forward pass, and the cache rows of their prefixes. A token may attend to earlier
/// tokens of the same batch.
struct Batch {
    std::vector<WorkToken> tokens;
    std::vector<std::uint32_t> rows;

    void clear() {
        tokens.clear();
        rows.clear();
    }
};

/// A logit to return: token `id` after a token of the batch.
struct Target {
    std::uint32_t token = 0;  ///< index in the batch
    TokenId id = 0;
};

/// A token to sample from softmax(logits / temperature) after top-k and top-p, see `Sampling`.
struct Draw {
    std::uint32_t token = 0;  ///< index in the batch
    float temperature = 1;    ///< > 0
    float top_p = 1;
    std::uint32_t top_k = 0;
    float share = 0;  ///< In [0, 1): takes the first token at which the cumulative probability exceeds it.
};

/// States of tokens of a batch, in consecutive rows of `width` floats.
struct States {
    std::uint32_t width = 0;
    std::vector<float> values;

    std::span<const float> of(std::size_t row) const { return std::span(values).subspan(row * width, width); }
};

/// Where in the network a state is read, see HiddenStates.
struct Tap {
    std::uint32_t layer = 0;
    FinalNorm final_norm = FinalNorm::Applied;
};

/// Softmax statistics of one row of logits.
struct RowStatistics {
    float maximum = 0;
    float sum = 0;  ///< sum of exp(logit - maximum)
    TokenId argmax = 0;
};

/// Receives the logits [vocab] of the token at `index` of those asked for. They are valid during the call.
using TakeRow = std::function<void(std::size_t index, std::span<const float> logits)>;

/// The network's interface for the scheduler. A token's result depends only on its own prefix.
class Network {
public:
    virtual ~Network() = default;
    /// Maximum tokens of a batch.
    virtual std::uint32_t batch_tokens() const = 0;
    /// Maximum size of Batch::rows; at least one whole context and batch_tokens().
    virtual std::uint32_t table_rows() const = 0;
    /// At least one whole context and batch_tokens().
    virtual std::uint32_t cache_rows() const = 0;
    /// Computes the keys and values of the tokens into the cache.
    virtual void run(const Batch& batch) = 0;
    /// Like run(), and returns the states of `tokens`: indices in the batch in ascending order.
    virtual States run_tapped(const Batch& batch, const Tap& tap, std::span<const std::uint32_t> tokens) = 0;
    /// Scores for the last batch. `result[i]` belongs to `targets[i]`; targets are in ascending order of token.
    virtual std::vector<TokenScore> score(std::span<const Target> targets) = 0;
    /// Gives whole rows of logits of the last batch, in the order of `tokens`: indices in the batch in ascending order.
    virtual void logits(std::span<const std::uint32_t> tokens, const TakeRow& take) = 0;
    virtual std::vector<RowStatistics> statistics(std::span<const std::uint32_t> tokens) = 0;
    /// Samples from the logits of the last batch; `result[i]` belongs to `draws[i]`; draws are in ascending order of
    /// token.
    virtual std::vector<TokenId> draw(std::span<const Draw> draws) = 0;
};

}  // namespace engine::llama
