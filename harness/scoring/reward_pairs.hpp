#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <vector>

#include "harness/scoring/backbone.hpp"
#include "harness/scoring/preference_pair.hpp"
#include "safety/reward/pair.hpp"

namespace harness::scoring {

/// Pairs as a backbone reads them. Feature rows 2 i and 2 i + 1 are the chosen and the rejected answer of texts[i].
struct EncodedPairs {
    std::vector<PreferencePair> texts;
    std::vector<std::vector<engine::TokenId>> sequences;  ///< of each feature row
    std::vector<safety::reward::Pair> pairs;              ///< of each text
    std::map<std::string, std::size_t> left_out;          ///< number of pairs by the reason why they cannot be read
};

/// Leaves out pairs with an answer that has no features; the reasons are counted.
EncodedPairs encode_pairs(const Backbone& backbone, std::span<const PreferencePair> pairs);

/// The pairs of one half of the prompts, 1 or 2, in their order: prompts are dealt by their hash with the seed. Throws
/// RewardError for fewer than two prompts.
std::vector<PreferencePair> half_of_pairs(std::span<const PreferencePair> pairs, int half, std::uint64_t seed);

/// The prompt group of a conversation: the first 8 bytes of the SHA-256 of its roles and texts.
std::uint64_t prompt_group(std::span<const suites::Message> turns);

/// SHA-256 (hex) of what the pairs say, whatever their order and files.
std::string data_hash(std::span<const PreferencePair> pairs);

/// Vectors as one matrix [rows, dim], row-major.
std::vector<float> feature_matrix(const std::vector<std::vector<float>>& rows);

}  // namespace harness::scoring
