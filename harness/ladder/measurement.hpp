#pragma once

#include <cstddef>
#include <functional>
#include <vector>

#include "engine/language_model.hpp"
#include "harness/ladder/kept_logits.hpp"
#include "harness/ladder/text.hpp"
#include "reports/statistics/divergence.hpp"

namespace harness::ladder {

/// Called after each part with the number of tokens done.
using Progress = std::function<void(std::size_t tokens)>;

/// Predictions of a text by several models, one after another, compared with those of the first. One model is open at a
/// time: the reference's logits wait in a temporary file. The numbers of a token depend only on the models and the
/// tokens before it, and are summed in the order of the text, so that results have the same bits whatever the batch and
/// the number of processors.
class Measurement {
public:
    using Tokens = std::vector<reports::statistics::TokenDivergence>;

    /// Computes the reference's predictions. `text` must outlive this object. Throws as KeptLogits does, and
    /// EngineError.
    Measurement(const Text& text, engine::LanguageModel& reference, const Progress& progress);

    /// The reference compared with itself: divergences of 0, and its own log-probabilities.
    const Tokens& reference() const { return reference_; }
    /// By token of the text. Throws EngineError, (Input) for a model with another size of the output, and WorkError.
    Tokens compare(engine::LanguageModel& model, const Progress& progress) const;

private:
    const Text& text_;
    KeptLogits kept_;
    Tokens reference_;
};

}  // namespace harness::ladder
