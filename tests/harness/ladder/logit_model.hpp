#pragma once

#include <algorithm>
#include <cmath>

#include "engine/next_logits.hpp"
#include "tests/harness/scripted_model.hpp"

/// Gives rows of logits by a rule, without a device: they depend on the last token and on `slope`. Rows come in an
/// order that `from_the_end` turns round, as another batch may.
class LogitModel final : public engine::LanguageModel, public engine::LogitSource {
public:
    explicit LogitModel(float slope, std::uint32_t vocab = 260) : slope_(slope) { card_.vocab = vocab; }

    const engine::ModelCard& card() const override { return card_; }
    const engine::Tokenizer& tokenizer() const override { return tokenizer_; }
    std::vector<engine::ScoreResult> score(std::span<const engine::ScoreRequest>) override { return {}; }
    std::vector<engine::GenerateResult> generate(std::span<const engine::GenerateRequest>) override { return {}; }
    std::vector<std::vector<float>> hidden_states(std::span<const std::vector<engine::TokenId>>,
                                                  const engine::HiddenStates&) override {
        return {};
    }
    std::uint64_t tokens_computed() const override { return 0; }

    void next_logits(std::span<const engine::ScoreRequest> requests, const engine::TakeLogits& take) override {
        struct Row {
            std::size_t request, index;
            engine::TokenId last;
        };
        std::vector<Row> rows;
        for (std::size_t request = 0; request < requests.size(); ++request) {
            engine::TokenId last = requests[request].context.back();
            for (std::size_t index = 0; index < requests[request].continuation.size(); ++index) {
                rows.push_back({request, index, last});
                last = requests[request].continuation[index];
            }
        }
        if (from_the_end) std::reverse(rows.begin(), rows.end());
        for (const Row& row : rows) take(row.request, row.index, logits_after(row.last));
    }

    std::vector<float> logits_after(engine::TokenId last) const {
        std::vector<float> logits(card_.vocab);
        for (std::size_t id = 0; id < logits.size(); ++id)
            logits[id] = slope_ * static_cast<float>((id * 7 + static_cast<std::size_t>(last)) % 13);
        return logits;
    }

    bool from_the_end = false;

private:
    float slope_;
    engine::ModelCard card_;
    ByteTokenizer tokenizer_;
};
