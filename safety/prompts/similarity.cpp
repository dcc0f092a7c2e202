#include "safety/prompts/similarity.hpp"

#include <algorithm>
#include <cctype>
#include <map>

#include <re2/re2.h>

namespace safety::prompts {
namespace {

/// FNV-1a (Fowler, Noll, Vo) over the words with a NUL after each.
std::uint64_t hash_of(const std::string* first, std::size_t count) {
    std::uint64_t hash = 14695981039346656037U;
    const auto take = [&hash](unsigned char byte) { hash = (hash ^ byte) * 1099511628211U; };
    for (std::size_t i = 0; i < count; ++i) {
        for (const char byte : first[i]) take(static_cast<unsigned char>(byte));
        take(0);
    }
    return hash;
}

}  // namespace

std::vector<std::string> words_of(std::string_view text) {
    static const RE2 kWord(R"(([\pL\pM\pN_]+))");
    std::vector<std::string> words;
    re2::StringPiece rest(text.data(), text.size());
    std::string word;
    while (RE2::FindAndConsume(&rest, kWord, &word)) {
        std::transform(word.begin(), word.end(), word.begin(),
                       [](unsigned char c) { return static_cast<char>(c < 128 ? std::tolower(c) : c); });
        words.push_back(word);
    }
    return words;
}

std::vector<std::uint64_t> shingles_of(const std::vector<std::string>& words) {
    constexpr std::size_t kWords = 3;
    std::vector<std::uint64_t> shingles;
    if (words.size() < kWords) {
        shingles.push_back(hash_of(words.data(), words.size()));
    } else {
        for (std::size_t i = 0; i + kWords <= words.size(); ++i) shingles.push_back(hash_of(&words[i], kWords));
    }
    std::sort(shingles.begin(), shingles.end());
    shingles.erase(std::unique(shingles.begin(), shingles.end()), shingles.end());
    return shingles;
}

void ShingleIndex::add(const std::vector<std::uint64_t>& shingles) {
    for (const std::uint64_t shingle : shingles) texts_[shingle].push_back(static_cast<std::uint32_t>(sizes_.size()));
    sizes_.push_back(shingles.size());
}

std::vector<Neighbour> ShingleIndex::neighbours(const std::vector<std::uint64_t>& shingles, double min) const {
    std::map<std::uint32_t, std::size_t> shared;
    for (const std::uint64_t shingle : shingles) {
        const auto found = texts_.find(shingle);
        if (found == texts_.end()) continue;
        for (const std::uint32_t text : found->second) ++shared[text];
    }
    std::vector<Neighbour> neighbours;
    for (const auto& [text, count] : shared) {
        const double jaccard = static_cast<double>(count) / static_cast<double>(shingles.size() + sizes_[text] - count);
        if (jaccard >= min) neighbours.push_back({text, jaccard});
    }
    return neighbours;
}

}  // namespace safety::prompts
