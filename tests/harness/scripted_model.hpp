#pragma once

#include <cmath>
#include <functional>
#include <optional>
#include <stdexcept>

#include "engine/language_model.hpp"

/// One token per byte, ids 3 to 258; 1 is BOS, 2 is EOS. `merge` makes the two bytes into the one token 259.
class ByteTokenizer final : public engine::Tokenizer {
public:
    explicit ByteTokenizer(std::string merge = "") : merge_(std::move(merge)) {}

    std::vector<engine::TokenId> encode(std::string_view text, engine::Bos bos) const override {
        std::vector<engine::TokenId> ids;
        if (bos != engine::Bos::No) ids.push_back(1);
        for (std::size_t i = 0; i < text.size(); ++i) {
            if (!merge_.empty() && text.substr(i, merge_.size()) == merge_) {
                ids.push_back(259);
                i += merge_.size() - 1;
            } else {
                ids.push_back(static_cast<unsigned char>(text[i]) + 3);
            }
        }
        return ids;
    }
    std::string decode(std::span<const engine::TokenId> ids) const override { return decode_after({}, ids); }
    std::string decode_after(std::span<const engine::TokenId>, std::span<const engine::TokenId> ids) const override {
        std::string text;
        for (const engine::TokenId id : ids)
            text += id == 259 ? merge_ : id > 2 ? std::string(1, static_cast<char>(id - 3)) : "";
        return text;
    }
    std::string piece(engine::TokenId id) const override { return decode({&id, 1}); }
    std::int32_t vocab_size() const override { return 260; }
    engine::TokenId bos_id() const override { return 1; }
    engine::TokenId eos_id() const override { return 2; }
    bool adds_bos() const override { return true; }

private:
    std::string merge_;
};

/// Answers by rule, without a device: a token's log-probability depends on it and the one before; generation repeats
/// the prompt's last byte. Counts its work, and fails when told to.
class ScriptedModel final : public engine::LanguageModel {
public:
    ScriptedModel() {
        card_.name = "scripted";
        card_.fingerprint = "5c817ed";
        card_.context_length = 4096;
        card_.device = "none";
        card_.numerics = "scripted-1";
    }

    const engine::ModelCard& card() const override { return card_; }
    const engine::Tokenizer& tokenizer() const override { return tokenizer_; }

    std::vector<engine::ScoreResult> score(std::span<const engine::ScoreRequest> requests) override {
        std::vector<engine::ScoreResult> results;
        for (const engine::ScoreRequest& request : requests) {
            if (before_request) before_request();
            if (reject(request.context))
                throw engine::EngineError(engine::EngineError::Kind::Input, "the script rejects this context");
            engine::TokenId last = request.context.back();
            engine::ScoreResult& result = results.emplace_back();
            for (const engine::TokenId id : request.continuation) {
                const double logprob = -std::sqrt(static_cast<double>(id * 7 + last));
                result.tokens.push_back({id, id == not_a_number ? NAN : logprob, id % 2 == 0});
                last = id;
            }
            work += request.continuation.size();
        }
        return results;
    }

    std::vector<engine::GenerateResult> generate(std::span<const engine::GenerateRequest> requests) override {
        std::vector<engine::GenerateResult> results;
        for (const engine::GenerateRequest& request : requests) {
            if (before_request) before_request();
            prompts.push_back(request.prompt);
            max_tokens.push_back(request.max_tokens);
            const std::uint32_t count = std::min(request.max_tokens, 3U);
            std::vector<engine::TokenId> ids(count, request.prompt.back());
            results.push_back({ids, tokenizer_.decode(ids), engine::Finish::Length});
            work += count;
        }
        return results;
    }

    std::vector<std::vector<float>> hidden_states(std::span<const std::vector<engine::TokenId>> sequences,
                                                  const engine::HiddenStates&) override {
        return std::vector<std::vector<float>>(sequences.size());
    }
    std::uint64_t tokens_computed() const override { return work; }

    engine::ModelCard card_;
    std::uint64_t work = 0;
    std::vector<std::vector<engine::TokenId>> prompts;
    std::vector<std::uint32_t> max_tokens;  ///< requested with each prompt
    std::function<void()> before_request;
    std::optional<engine::TokenId> not_a_number;  ///< this token has no log-probability
    std::function<bool(const std::vector<engine::TokenId>&)> reject = [](const auto&) { return false; };

private:
    ByteTokenizer tokenizer_;
};
