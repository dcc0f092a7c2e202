#include "harness/scoring/backbone.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>

#include "harness/model/encode.hpp"
#include "harness/store/hidden_state_store.hpp"

namespace harness::scoring {
namespace {

using engine::TokenId;

/// Sequences per call of the engine, which is also what a kill can lose.
constexpr std::size_t kBatch = 128;

}  // namespace

std::string_view to_string(engine::Pooling pooling) {
    return pooling == engine::Pooling::Mean ? "mean" : "last";
}

Backbone::Backbone(engine::LanguageModel& model, engine::ChatFormat format, store::HiddenStateStore* cache,
                   AnswerEnd end)
    : model_(model), format_(format), cache_(cache), end_(end) {}

EncodedAnswer Backbone::encode(std::span<const suites::Message> turns, const std::string& answer) const {
    std::vector<engine::Message> messages;
    for (const suites::Message& turn : turns)
        messages.push_back({model::role_of(turn.role), engine::neutralise_chat_marks(turn.content)});
    EncodedAnswer encoded;
    try {
        encoded.ids = engine::render(format_, model_.tokenizer(), messages, engine::neutralise_chat_marks(answer)).ids;
    } catch (const engine::EngineError& error) {
        if (error.kind() != engine::EngineError::Kind::Input) throw;
        return {.ids = {}, .error = error.what()};
    }
    if (end_ == AnswerEnd::Eos) encoded.ids.push_back(model_.tokenizer().eos_id());
    if (encoded.ids.size() > card().context_length)
        return {.ids = {},
                .error = fmt::format("longer than the backbone's context of {} tokens", card().context_length)};
    return encoded;
}

std::vector<std::vector<float>> Backbone::features(std::span<const std::vector<TokenId>> sequences,
                                                   const FeaturePlace& place, const OnProgress& on_progress) const {
    // Neighbours in this order share the longest prefixes, which the engine computes once per call.
    std::vector<std::size_t> order(sequences.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return sequences[a] < sequences[b]; });
    const std::int64_t source = cache_ == nullptr ? 0
                                                  : cache_->source({.fingerprint = card().fingerprint,
                                                                    .numerics = card().numerics,
                                                                    .device = card().device,
                                                                    .layer = place.layer,
                                                                    .pooling = std::string(to_string(place.pooling))});
    std::vector<std::vector<float>> found(sequences.size());
    std::vector<std::size_t> missing;
    for (const std::size_t index : order) {
        if (cache_ != nullptr) {
            if (auto state = cache_->find(source, sequences[index], card().dim)) {
                found[index] = std::move(*state);
                continue;
            }
        }
        missing.push_back(index);
    }
    std::size_t done = sequences.size() - missing.size();
    for (std::size_t start = 0; start < missing.size(); start += kBatch) {
        const std::span<const std::size_t> batch =
            std::span(missing).subspan(start, std::min(kBatch, missing.size() - start));
        std::vector<std::vector<TokenId>> ids;
        for (const std::size_t index : batch) ids.push_back(sequences[index]);
        std::vector<std::vector<float>> states =
            model_.hidden_states(ids, {.layer = place.layer, .pooling = place.pooling});
        if (cache_ != nullptr) cache_->add(source, ids, states);
        for (std::size_t i = 0; i < batch.size(); ++i) found[batch[i]] = std::move(states[i]);
        done += batch.size();
        if (on_progress) on_progress(done, sequences.size());
    }
    return found;
}

}  // namespace harness::scoring
