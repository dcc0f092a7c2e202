#pragma once

#include <functional>
#include <limits>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "tests/harness/scripted_model.hpp"

/// Gives each reply the log-probability that the test says (none: never), and keeps the prompts, once a reply.
class RepliesModel final : public engine::LanguageModel {
public:
    using Logprob = std::function<double(const std::string& prompt, const std::string& reply)>;

    /// The same for every prompt.
    explicit RepliesModel(const std::map<std::string, double>& logprobs)
        : RepliesModel([logprobs](const std::string&, const std::string& reply) {
              const auto found = logprobs.find(reply);
              return found == logprobs.end() ? -std::numeric_limits<double>::infinity() : found->second;
          }) {}
    explicit RepliesModel(Logprob logprob) : logprob_(std::move(logprob)) {
        card_.name = "judge";
        card_.fingerprint = "beef";
        card_.context_length = 4096;
        card_.numerics = "exact-4";
    }
    const engine::ModelCard& card() const override { return card_; }
    const engine::Tokenizer& tokenizer() const override { return tokenizer_; }
    std::vector<engine::ScoreResult> score(std::span<const engine::ScoreRequest> requests) override {
        std::vector<engine::ScoreResult> results;
        for (const engine::ScoreRequest& request : requests) {
            const std::string reply = tokenizer_.decode(request.continuation);
            const std::string prompt = tokenizer_.decode(request.context);
            if (!reply.starts_with(' ')) prompts.push_back(prompt);
            const double logprob = logprob_(prompt, reply);
            results.push_back({{{request.continuation.front(), logprob, false}}});
        }
        return results;
    }
    std::vector<engine::GenerateResult> generate(std::span<const engine::GenerateRequest>) override { return {}; }
    std::vector<std::vector<float>> hidden_states(std::span<const std::vector<engine::TokenId>>,
                                                  const engine::HiddenStates&) override {
        return {};
    }
    std::uint64_t tokens_computed() const override { return 0; }

    engine::ModelCard card_;
    std::vector<std::string> prompts;

private:
    ByteTokenizer tokenizer_;
    Logprob logprob_;
};
