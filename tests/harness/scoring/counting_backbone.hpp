#pragma once

#include <algorithm>
#include <string>
#include <vector>

#include "tests/harness/scripted_model.hpp"

/// A backbone whose hidden states can be computed by hand: [exclamation marks, tokens, tokens modulo 7]. Pooling by
/// mean gives halves of them; a layer adds its number to the last. Keeps the number of sequences of each call.
class CountingBackbone : public engine::LanguageModel {
public:
    CountingBackbone() {
        card_.name = "counting";
        card_.fingerprint = "c0de";
        card_.context_length = 400;
        card_.dim = 3;
        card_.layers = 2;
        card_.numerics = "exact-4";
        card_.device = "none";
    }
    const engine::ModelCard& card() const override { return card_; }
    const engine::Tokenizer& tokenizer() const override { return tokenizer_; }
    std::vector<engine::ScoreResult> score(std::span<const engine::ScoreRequest>) override { return {}; }
    std::vector<engine::GenerateResult> generate(std::span<const engine::GenerateRequest>) override { return {}; }
    std::vector<std::vector<float>> hidden_states(std::span<const std::vector<engine::TokenId>> sequences,
                                                  const engine::HiddenStates& wanted) override {
        calls.push_back(sequences.size());
        std::vector<std::vector<float>> states;
        for (const std::vector<engine::TokenId>& ids : sequences) {
            const std::string text = tokenizer_.decode(ids);
            const auto marks = static_cast<float>(std::count(text.begin(), text.end(), '!'));
            const auto size = static_cast<float>(ids.size());
            const auto rest = static_cast<float>(ids.size() % 7 + wanted.layer);
            const float part = wanted.pooling == engine::Pooling::Mean ? 0.5F : 1.0F;
            states.push_back({marks * part, size * part, rest * part});
        }
        return states;
    }
    std::uint64_t tokens_computed() const override { return 0; }

    engine::ModelCard card_;
    std::vector<std::size_t> calls;

private:
    ByteTokenizer tokenizer_;
};
