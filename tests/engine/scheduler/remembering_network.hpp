#pragma once

#include <doctest/doctest.h>

#include <cstdint>
#include <span>
#include <vector>

#include "engine/llama/network.hpp"

/// A network without arithmetic, whose answers depend only on the ids of a prefix.
namespace remembering_network {

namespace llama = engine::llama;
using engine::EngineError;
using engine::FinalNorm;
using engine::TokenId;
using engine::TokenScore;

/// A number that depends on every id and its position.
inline std::uint64_t digest(std::span<const TokenId> ids) {
    std::uint64_t value = 17;
    for (const TokenId id : ids)
        value = (value ^ static_cast<std::uint64_t>(id)) * 0x9E3779B97F4A7C15ULL + (value >> 29);
    return value;
}

/// The network's log-probability of a token after a prefix.
inline double logprob_of(std::span<const TokenId> prefix, TokenId id) {
    return -static_cast<double>((digest(prefix) ^ static_cast<std::uint64_t>(id) * 31) % 1000);
}
inline TokenId argmax_of(std::span<const TokenId> prefix) {
    return static_cast<TokenId>('a' + 3 + (digest(prefix) >> 7) % 26);
}

/// Its state of the last token of a prefix: two values whose sums are not exact in f32.
inline std::vector<float> state_of(std::span<const TokenId> prefix, const llama::Tap& tap) {
    const std::uint64_t value =
        digest(prefix) + std::uint64_t{tap.layer} * 7 + (tap.final_norm == FinalNorm::Applied ? 3 : 0);
    return {static_cast<float>(value % 10007) / 7.0F, -static_cast<float>(value / 10007 % 997) / 3.0F};
}

/// Its row of logits after a prefix, of a vocabulary of three tokens.
inline std::vector<float> logits_of(std::span<const TokenId> prefix) {
    return {static_cast<float>(logprob_of(prefix, 0)), static_cast<float>(logprob_of(prefix, 1)),
            static_cast<float>(logprob_of(prefix, 2))};
}

/// Remembers which token each cache row holds, and answers from the rows that a batch names. A row that was freed too
/// early, or a table with a wrong row, gives answers that no prefix has.
class RememberingNetwork final : public llama::Network {
public:
    RememberingNetwork(std::uint32_t batch, std::uint32_t rows) : batch_(batch), row_ids_(rows, -1) {}

    std::uint32_t batch_tokens() const override { return batch_; }
    std::uint32_t table_rows() const override { return static_cast<std::uint32_t>(row_ids_.size()); }
    std::uint32_t cache_rows() const override { return static_cast<std::uint32_t>(row_ids_.size()); }

    void run(const llama::Batch& batch) override {
        if (fail_after-- == 0) throw EngineError(EngineError::Kind::Device, "lost");
        CHECK(batch.tokens.size() <= batch_);
        CHECK(batch.rows.size() <= table_rows());
        for (const auto& token : batch.tokens) row_ids_.at(batch.rows.at(token.table + token.position)) = token.id;
        prefixes_.clear();
        for (const auto& token : batch.tokens) {
            std::vector<TokenId>& prefix = prefixes_.emplace_back();
            for (std::uint32_t p = 0; p <= token.position; ++p)
                prefix.push_back(row_ids_.at(batch.rows.at(token.table + p)));
        }
        computed += batch.tokens.size();
    }
    llama::States run_tapped(const llama::Batch& batch, const llama::Tap& tap,
                             std::span<const std::uint32_t> tokens) override {
        run(batch);
        llama::States states{.width = 2, .values = {}};
        for (const std::uint32_t token : tokens) {
            const std::vector<float> state = state_of(prefixes_.at(token), tap);
            states.values.insert(states.values.end(), state.begin(), state.end());
        }
        return states;
    }
    std::vector<TokenScore> score(std::span<const llama::Target> targets) override {
        std::vector<TokenScore> scores;
        for (const auto& target : targets) {
            const std::vector<TokenId>& prefix = prefixes_.at(target.token);
            scores.push_back({target.id, logprob_of(prefix, target.id), target.id == argmax_of(prefix)});
        }
        return scores;
    }
    void logits(std::span<const std::uint32_t> tokens, const llama::TakeRow& take) override {
        for (std::size_t i = 0; i < tokens.size(); ++i) take(i, logits_of(prefixes_.at(tokens[i])));
    }
    std::vector<llama::RowStatistics> statistics(std::span<const std::uint32_t> tokens) override {
        std::vector<llama::RowStatistics> rows;
        for (const std::uint32_t token : tokens) rows.push_back({0, 1, argmax_of(prefixes_.at(token))});
        logit_rows += tokens.size();
        return rows;
    }
    std::vector<TokenId> draw(std::span<const llama::Draw> draws) override {
        std::vector<TokenId> ids;
        for (const auto& draw : draws) {
            const std::uint64_t value = digest(prefixes_.at(draw.token)) >> static_cast<int>(draw.share * 4) * 8;
            ids.push_back(static_cast<TokenId>('a' + 3 + value % 26));
        }
        for (std::size_t i = 0; i < draws.size(); ++i) logit_rows += i == 0 || draws[i].token != draws[i - 1].token;
        return ids;
    }

    std::uint64_t computed = 0;
    std::uint64_t logit_rows = 0;
    int fail_after = -1;

private:
    std::uint32_t batch_;
    std::vector<TokenId> row_ids_;
    std::vector<std::vector<TokenId>> prefixes_;  // of each token of the batch last run, that token included
};

}  // namespace remembering_network
