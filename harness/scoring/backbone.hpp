#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <vector>

#include "engine/chat.hpp"
#include "engine/language_model.hpp"
#include "harness/store/rows.hpp"
#include "suites/request.hpp"

namespace harness::store {
class HiddenStateStore;
}

namespace harness::scoring {

/// The hidden state that represents an answer. The model's final norm is applied to it, whatever the layer.
struct FeaturePlace {
    std::uint32_t layer = 0;  ///< number of blocks that have run
    engine::Pooling pooling = engine::Pooling::Last;

    friend bool operator==(const FeaturePlace&, const FeaturePlace&) = default;
};

std::string_view to_string(engine::Pooling pooling);  ///< "last", "mean"

/// An answer after its conversation, as the backbone reads both.
struct EncodedAnswer {
    std::vector<engine::TokenId> ids;
    std::string error = {};  ///< why it has no features, as a class of answers; empty: it has
};

/// What follows an answer: nothing, or the end-of-sequence token, as in the texts that chat models are trained on.
enum class AnswerEnd { Open, Eos };

/// Gives answers features: hidden states of a model. A feature has the same bits whatever other answers are asked for,
/// in whatever order, and whether it comes from the cache.
class Backbone {
public:
    /// Called after each batch with the number of answers done, also those from the cache.
    using OnProgress = std::function<void(std::size_t done, std::size_t total)>;

    /// Model and cache must outlive it; without a cache every state is computed.
    Backbone(engine::LanguageModel& model, engine::ChatFormat format, store::HiddenStateStore* cache = nullptr,
             AnswerEnd end = AnswerEnd::Open);

    const engine::ModelCard& card() const { return model_.card(); }
    engine::ChatFormat format() const { return format_; }

    /// Marks of chat formats in the texts are neutralised. Answers that do not fit the context are never cut: they get
    /// an error, as do conversations that the chat format cannot write.
    EncodedAnswer encode(std::span<const suites::Message> turns, const std::string& answer) const;

    /// One vector [card().dim] per sequence, in order. Throws EngineError and StoreError.
    std::vector<std::vector<float>> features(std::span<const std::vector<engine::TokenId>> sequences,
                                             const FeaturePlace& place, const OnProgress& on_progress = {}) const;

private:
    engine::LanguageModel& model_;
    engine::ChatFormat format_;
    store::HiddenStateStore* cache_;
    AnswerEnd end_;
};

}  // namespace harness::scoring
