#include "engine/next_logits.hpp"

namespace engine {

void next_logits(LanguageModel& model, std::span<const ScoreRequest> requests, const TakeLogits& take) {
    auto* source = dynamic_cast<LogitSource*>(&model);
    if (source == nullptr)
        throw EngineError(EngineError::Kind::Input, model.card().name + ": this kind of model gives no logits");
    source->next_logits(requests, take);
}

}  // namespace engine
