#include "harness/scoring/reward_pairs.hpp"

#include <algorithm>
#include <utility>

#include "harness/base/sha256.hpp"
#include "safety/reward/split.hpp"

namespace harness::scoring {
namespace {

/// A text with its length before it, so that no two lists of texts have the same bytes.
void add_text(base::Sha256& sum, std::string_view text) {
    sum.add(std::to_string(text.size()) + ":");
    sum.add(text);
}

void add_turns(base::Sha256& sum, std::span<const suites::Message> turns) {
    for (const suites::Message& turn : turns) {
        add_text(sum, suites::to_string(turn.role));
        add_text(sum, turn.content);
    }
}

}  // namespace

EncodedPairs encode_pairs(const Backbone& backbone, std::span<const PreferencePair> pairs) {
    EncodedPairs encoded;
    for (const PreferencePair& pair : pairs) {
        EncodedAnswer chosen = backbone.encode(pair.turns, pair.chosen);
        EncodedAnswer rejected = backbone.encode(pair.turns, pair.rejected);
        if (!chosen.error.empty() || !rejected.error.empty()) {
            ++encoded.left_out[chosen.error.empty() ? rejected.error : chosen.error];
            continue;
        }
        const auto row = static_cast<std::uint32_t>(encoded.sequences.size());
        encoded.pairs.push_back({.chosen = row,
                                 .rejected = row + 1,
                                 .strength = pair.strength,
                                 .bin = pair.bin,
                                 .group = prompt_group(pair.turns)});
        encoded.sequences.push_back(std::move(chosen.ids));
        encoded.sequences.push_back(std::move(rejected.ids));
        encoded.texts.push_back(pair);
    }
    return encoded;
}

std::vector<PreferencePair> half_of_pairs(std::span<const PreferencePair> pairs, int half, std::uint64_t seed) {
    std::vector<safety::reward::Pair> prompts;
    for (const PreferencePair& pair : pairs) prompts.push_back({.group = prompt_group(pair.turns)});
    const std::vector<std::size_t> halves = safety::reward::folds_by_group(prompts, 2, seed);
    std::vector<PreferencePair> kept;
    for (std::size_t i = 0; i < pairs.size(); ++i) {
        if (halves[i] + 1 == static_cast<std::size_t>(half)) kept.push_back(pairs[i]);
    }
    return kept;
}

std::uint64_t prompt_group(std::span<const suites::Message> turns) {
    constexpr std::size_t kDigits = 16;
    constexpr int kHexadecimal = 16;
    base::Sha256 sum;
    add_turns(sum, turns);
    return std::stoull(sum.hex().substr(0, kDigits), nullptr, kHexadecimal);
}

std::string data_hash(std::span<const PreferencePair> pairs) {
    std::vector<std::string> hashes;
    for (const PreferencePair& pair : pairs) {
        base::Sha256 sum;
        add_turns(sum, pair.turns);
        add_text(sum, pair.chosen);
        add_text(sum, pair.rejected);
        add_text(sum, std::to_string(static_cast<int>(pair.strength)));
        add_text(sum, std::to_string(static_cast<int>(pair.bin)));
        hashes.push_back(sum.hex());
    }
    std::sort(hashes.begin(), hashes.end());
    base::Sha256 all;
    for (const std::string& hash : hashes) all.add(hash);
    return all.hex();
}

std::vector<float> feature_matrix(const std::vector<std::vector<float>>& rows) {
    std::vector<float> matrix;
    if (!rows.empty()) matrix.reserve(rows.size() * rows.front().size());
    for (const std::vector<float>& row : rows) matrix.insert(matrix.end(), row.begin(), row.end());
    return matrix;
}

}  // namespace harness::scoring
