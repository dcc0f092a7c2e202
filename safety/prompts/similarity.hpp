#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace safety::prompts {

/// The words of a text: sequences of letters, marks, digits and underscores of any script, with ASCII letters in lower
/// case.
std::vector<std::string> words_of(std::string_view text);

/// Hashes of the distinct sequences of three words of a text, in ascending order. A text of fewer words is one
/// sequence.
std::vector<std::uint64_t> shingles_of(const std::vector<std::string>& words);

/// Two texts that share shingles.
struct Neighbour {
    std::size_t index = 0;  ///< index of the text
    double jaccard = 0;     ///< shared shingles / shingles of both
};

/// Index of texts by their shingles. Computes the exact Jaccard similarity to every text that shares a shingle: for a
/// few thousand prompts this is cheaper than MinHash signatures, and no near-duplicate is missed by chance.
class ShingleIndex {
public:
    /// Adds a text with the next index, starting at 0.
    void add(const std::vector<std::uint64_t>& shingles);
    /// All texts with a similarity of at least `min`, by index.
    std::vector<Neighbour> neighbours(const std::vector<std::uint64_t>& shingles, double min) const;

private:
    std::unordered_map<std::uint64_t, std::vector<std::uint32_t>> texts_;  // of each shingle
    std::vector<std::size_t> sizes_;                                       // shingles of each text
};

}  // namespace safety::prompts
