#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace safety::reward {

inline constexpr std::uint32_t kNgramBuckets = 1U << 18;

/// The buckets of an answer's words and of its pairs of neighbouring words, ascending and without duplicates: FNV-1a
/// (Fowler, Noll, Vo; 64 bits, a NUL after each word), folded to 18 bits.
std::vector<std::uint32_t> hash_ngrams(std::span<const std::string> words);

}  // namespace safety::reward
