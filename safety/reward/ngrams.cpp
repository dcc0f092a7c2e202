#include "safety/reward/ngrams.hpp"

#include <algorithm>

namespace safety::reward {
namespace {

std::uint32_t bucket_of(std::span<const std::string> words) {
    std::uint64_t hash = 14695981039346656037ULL;
    const auto take = [&hash](unsigned char byte) { hash = (hash ^ byte) * 1099511628211ULL; };
    for (const std::string& word : words) {
        for (const char byte : word) take(static_cast<unsigned char>(byte));
        take(0);
    }
    // All bits of the hash take part: its low bits alone depend on few bits of the words.
    return static_cast<std::uint32_t>((hash ^ (hash >> 18) ^ (hash >> 36) ^ (hash >> 54)) % kNgramBuckets);
}

}  // namespace

std::vector<std::uint32_t> hash_ngrams(std::span<const std::string> words) {
    std::vector<std::uint32_t> buckets;
    for (std::size_t i = 0; i < words.size(); ++i) {
        buckets.push_back(bucket_of(words.subspan(i, 1)));
        if (i + 1 < words.size()) buckets.push_back(bucket_of(words.subspan(i, 2)));
    }
    std::sort(buckets.begin(), buckets.end());
    buckets.erase(std::unique(buckets.begin(), buckets.end()), buckets.end());
    return buckets;
}

}  // namespace safety::reward
