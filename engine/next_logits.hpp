#pragma once

#include <cstddef>
#include <functional>
#include <span>

#include "engine/language_model.hpp"

namespace engine {

/// Receives the logits [vocab] that predict token `index` of a request's continuation. They are valid during the call.
using TakeLogits = std::function<void(std::size_t request, std::size_t index, std::span<const float> logits)>;

/// A model that gives whole rows of logits, as every model of open_model() does.
class LogitSource {
public:
    virtual ~LogitSource() = default;
    /// See engine::next_logits().
    virtual void next_logits(std::span<const ScoreRequest> requests, const TakeLogits& take) = 0;
};

/// Calls `take` once for each token of each continuation. The bits of a row depend only on the tokens before it; the
/// order of the calls depends on the batch. What `take` throws ends the call. Throws EngineError as
/// LanguageModel::score() does, and (Input) for a model that is no LogitSource.
void next_logits(LanguageModel& model, std::span<const ScoreRequest> requests, const TakeLogits& take);

}  // namespace engine
