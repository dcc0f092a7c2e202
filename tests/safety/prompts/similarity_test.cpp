#include <doctest/doctest.h>

#include <algorithm>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "safety/prompts/similarity.hpp"

using safety::prompts::Neighbour;
using safety::prompts::ShingleIndex;
using safety::prompts::shingles_of;
using safety::prompts::words_of;

namespace {

/// The definition, without hashes: shared triples of words over triples of either.
double jaccard(const std::vector<std::string>& a, const std::vector<std::string>& b) {
    const auto triples = [](const std::vector<std::string>& words) {
        std::set<std::vector<std::string>> all;
        if (words.size() < 3) all.insert(words);
        for (std::size_t i = 0; i + 3 <= words.size(); ++i) all.insert({words[i], words[i + 1], words[i + 2]});
        return all;
    };
    const auto first = triples(a);
    const auto second = triples(b);
    std::vector<std::vector<std::string>> shared;
    std::set_intersection(first.begin(), first.end(), second.begin(), second.end(), std::back_inserter(shared));
    return static_cast<double>(shared.size()) / static_cast<double>(first.size() + second.size() - shared.size());
}

}  // namespace

TEST_SUITE("safety.prompts.similarity") {
    TEST_CASE("words are letters marks and digits of any script in lower case") {
        CHECK(words_of("It's 3 o'clock, Élodie!") == std::vector<std::string>{"it", "s", "3", "o", "clock", "Élodie"});
        CHECK(words_of("नमस्ते दुनिया") == std::vector<std::string>{"नमस्ते", "दुनिया"});
        CHECK(words_of(" -- ").empty());
    }

    TEST_CASE("one changed word of ten leaves five common triples of eight") {
        // Worked out by hand: 8 triples each, 3 of them hold the changed word: 5 / (8 + 8 - 5).
        ShingleIndex index;
        index.add(shingles_of(words_of("a b c d e f g h i j")));
        const auto found = index.neighbours(shingles_of(words_of("a b c d X f g h i j")), 0.01);
        REQUIRE(found.size() == 1);
        CHECK(found[0].jaccard == doctest::Approx(5.0 / 11));
    }

    TEST_CASE("neighbours of random texts match the definition") {
        std::mt19937 random(7);
        std::vector<std::vector<std::string>> texts;
        for (int i = 0; i < 120; ++i) {
            std::vector<std::string> words;
            const std::size_t count = 1 + random() % 14;
            for (std::size_t w = 0; w < count; ++w)
                words.push_back(std::string(1, static_cast<char>('a' + random() % 3)));
            texts.push_back(words);
        }
        ShingleIndex index;
        std::size_t pairs = 0;
        for (std::size_t i = 0; i < texts.size(); ++i) {
            const std::vector<Neighbour> found = index.neighbours(shingles_of(texts[i]), 0.35);
            std::size_t expected = 0;
            for (std::size_t j = 0; j < i; ++j) expected += jaccard(texts[i], texts[j]) >= 0.35 ? 1U : 0U;
            CHECK(found.size() == expected);
            for (const Neighbour& other : found)
                CHECK(other.jaccard == doctest::Approx(jaccard(texts[i], texts[other.index])));
            pairs += found.size();
            index.add(shingles_of(texts[i]));
        }
        CHECK(pairs > 50);  // else nothing was compared
    }
}
