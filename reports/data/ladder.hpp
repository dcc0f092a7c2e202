#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "reports/data/values.hpp"

namespace reports::data {

/// A number computed from the tokens of a text. Its error treats the tokens of one window as one cluster, since they
/// depend on each other.
struct Estimate {
    double value = 0;
    std::optional<double> standard_error = std::nullopt;  ///< none for a text of one window
    std::optional<Interval> ci95 = std::nullopt;          ///< none where the error is 0 too, which claims too much
};

/// How far a model's predictions of a text's tokens are from the reference's.
struct Divergence {
    /// Mean over the tokens of KL(reference || model) = sum over the vocabulary of p log(p / q). [nats]
    Estimate kl;
    double kl_median = 0;
    double kl_p90 = 0;  ///< 90 % of the tokens have at most this divergence
    double kl_p99 = 0;
    double kl_p999 = 0;
    double kl_max = 0;
    Estimate same_top;          ///< share of tokens where both find the same next token most probable
    Estimate perplexity;        ///< of the text's own tokens
    Estimate perplexity_ratio;  ///< to the reference's
    /// Mean change of the probability of the text's own token, and the root of the mean of its square.
    Estimate probability_change;
    Estimate probability_change_rms;
};

/// One model of a quantisation ladder.
struct LadderModel {
    std::string variant;
    std::string fingerprint;
    std::string quantisation;  ///< the most frequent type of the matrices, e.g. "Q4_0"
    std::uint64_t file_bytes = 0;
    std::uint64_t weight_bytes = 0;
    std::uint64_t parameters = 0;
    /// Tokens per second of a prompt alone in its batch, and of an answer alone in its batch. 0: not measured.
    double prompt_rate = 0;
    double answer_rate = 0;
    std::optional<Divergence> divergence = std::nullopt;
    std::string failure = {};  ///< why there is no divergence

    double bits_per_weight() const {
        return parameters == 0 ? 0 : 8 * static_cast<double>(weight_bytes) / static_cast<double>(parameters);
    }
};

/// The same model at several quantisations, compared with one of them over a text.
struct Ladder {
    std::string text;               ///< name of the file
    std::string text_fingerprint;   ///< SHA-256 of the file's content
    std::uint64_t tokens = 0;       ///< predicted, each once
    std::uint64_t text_tokens = 0;  ///< of the whole text
    std::uint64_t windows = 0;
    std::uint64_t window_tokens = 0;  ///< max tokens of a window
    std::string device;
    std::string numerics;
    std::vector<LadderModel> models;  ///< the first is the reference; the others by size, the largest first
};

}  // namespace reports::data
